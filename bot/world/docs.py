"""Google Docs, section by section: Markdown in, and only the bot's own named ranges are ever replaced.

A template holds marker paragraphs such as `{{status}}`. The first writing replaces the marker by the section's text and
names the range it fills; a later writing finds that range again, wherever people have moved it, and replaces it. An
empty section leaves no paragraph behind, and comes back to its place when there is something to say (`places`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.world.google import Google, GoogleError
from bot.world.markdown import Paragraph, Spans, Table, blocks
from bot.world.places import Place, Request, find_places, paragraph_text, requests_for
from bot.world.retry import Mark

EMPTY = "\u200b"  # where a paragraph cannot go, an empty section still needs one invisible character to be a range
READ_FIELDS = "documentId,title,revisionId,body,namedRanges"
ATTEMPTS = 4
PAGE_WIDTH = 468.0  # points between the margins of a letter page
NARROW = 72.0  # points; a column that needs no more is never squeezed
CELL_FONT, CELL_PADDING, LETTER_WIDTH = 9.0, 2.5, 5.5  # points
HEADER_COLOUR = {"red": 0.93, "green": 0.94, "blue": 0.96}


@dataclass
class Docs:
    """Documents by their id."""

    google: Google

    def write_sections(self, document_id: str, sections: Mapping[str, str]) -> list[str]:
        """Write each section's Markdown at its place; returns the names that have no place in the document.

        Doing it twice gives the same document. If somebody edits at that very moment, it reads again and writes again.
        """
        for attempt in range(1, ATTEMPTS + 1):
            document = self.get(document_id)
            places = find_places(document)
            requests = requests_for(places, sections, document["body"]["content"], _fill)
            try:
                self._apply(document_id, requests, document.get("revisionId"))
                return [name for name in sections if name not in {place.name for place in places}]
            except GoogleError as error:
                stale = error.kind == "invalid" and "latest revision" in error.message
                if attempt == ATTEMPTS or not (stale or error.kind == "ambiguous"):
                    raise
        raise AssertionError("the loop returns or raises")

    def read_text(self, document_id: str) -> str:
        """The whole text; a table row is one line with its cells between tabs."""
        return "".join(_texts(self.get(document_id)["body"]["content"])).replace(EMPTY, "")

    def read_sections(self, document_id: str) -> dict[str, str]:
        """The text of every section that the bot has written, as it stands now."""
        document = self.get(document_id)
        return {
            place.name: _section_text(document["body"]["content"], place)
            for place in find_places(document)
            if place.range_ids
        }

    def set_markers(self, document_id: str, title: str, names: Sequence[str]) -> None:
        """Give a document its title line and a marker paragraph for each section, in the place of all it holds."""
        document = self.get(document_id)
        end = document["body"]["content"][-1]["endIndex"] - 1
        old = [{"deleteContentRange": {"range": _range(1, end)}}] if end > 1 else []
        text = "\n".join([title, *(f"{{{{{name}}}}}" for name in names)])
        style = {
            "range": {"startIndex": 1, "endIndex": 1 + units(title)},
            "paragraphStyle": {"namedStyleType": "TITLE"},
            "fields": "namedStyleType",
        }
        rest = {
            "range": {"startIndex": 2 + units(title), "endIndex": 1 + units(text)},
            "paragraphStyle": {"namedStyleType": "NORMAL_TEXT"},
            "fields": "namedStyleType",
        }
        insert = {"insertText": {"location": {"index": 1}, "text": text}}
        new: list[Request] = [insert, {"updateParagraphStyle": style}, {"updateParagraphStyle": rest}]
        self._apply(document_id, [*old, *new], document.get("revisionId"))

    def get(self, document_id: str) -> dict[str, Any]:
        """The document as Docs gives it: body, named ranges, revision."""
        request = self.google.docs.documents().get(documentId=document_id, fields=READ_FIELDS)
        document: dict[str, Any] = self.google.call("docs.documents.get", request.execute)
        return document

    def _apply(self, document_id: str, requests: list[Request], revision: str | None) -> None:
        if not requests:
            return
        body: dict[str, Any] = {"requests": requests}
        if revision:
            body["writeControl"] = {"requiredRevisionId": revision}
        request = self.google.docs.documents().batchUpdate(documentId=document_id, body=body)
        self.google.call("docs.documents.batchUpdate", request.execute, Mark.LOOK_FIRST)


def units(text: str) -> int:
    """The length Docs counts: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


# ---------------------------------------------------------------------- reading


def _section_text(content: Sequence[Mapping[str, Any]], place: Place) -> str:
    return "" if place.is_gone else "".join(_texts(content, place.start, place.end)).replace(EMPTY, "").strip()


def _texts(content: Sequence[Mapping[str, Any]], start: int = 0, end: int = 1 << 31) -> Iterator[str]:
    for element in content:
        if element.get("endIndex", 0) <= start or element.get("startIndex", 0) >= end:
            continue
        if "paragraph" in element:
            yield paragraph_text(element["paragraph"])
        for row in element.get("table", {}).get("tableRows", ()):
            cells = ("".join(_texts(cell["content"])).strip() for cell in row.get("tableCells", ()))
            yield "\t".join(cells) + "\n"


# ---------------------------------------------------------------------- writing


def _fill(start: int, markdown: str) -> tuple[list[Request], int]:
    writer = Writer(start)
    writer.write(markdown)
    return writer.requests, writer.cursor - start


class Writer:
    """Turns blocks into requests at a cursor, which stands before the newline that closes the section."""

    def __init__(self, start: int) -> None:
        self.cursor = start
        self.requests: list[Request] = []

    def write(self, markdown: str) -> None:
        """Write a whole section; an empty one becomes one invisible character."""
        found = blocks(markdown) or [Paragraph(())]
        waiting: list[Paragraph] = []
        for block in found:
            if isinstance(block, Table):
                self._paragraphs(waiting)
                waiting = []
                self._table(block)
            else:
                waiting.append(block)
        if not waiting:  # after a table Docs keeps a paragraph: it must not look like the heading above the table
            self._style(self.cursor, self.cursor + 1, "NORMAL_TEXT")
        self._paragraphs(waiting)

    def _paragraphs(self, paragraphs: Sequence[Paragraph]) -> None:
        """Consecutive paragraphs: one text, then its styles, then its bullets from last to first."""
        if not paragraphs:
            return
        lines = [_line(paragraph) for paragraph in paragraphs]
        starts = [self.cursor + units("\n".join([*lines[:n], ""])) for n in range(len(lines))]
        self._insert("\n".join(lines), self.cursor)
        self.requests.append(
            {"deleteParagraphBullets": {"range": _range(self.cursor, starts[-1] + units(lines[-1]) + 1)}}
        )
        for paragraph, start, line in zip(paragraphs, starts, lines, strict=True):
            self._style(start, start + units(line) + 1, _named_style(paragraph))
            self._spans(paragraph.spans, start + _tabs(paragraph))
        self.cursor = starts[-1] + units(lines[-1]) - self._bullets(paragraphs, starts, lines)

    def _bullets(self, paragraphs: Sequence[Paragraph], starts: Sequence[int], lines: Sequence[str]) -> int:
        """Make the lists; returns how many indentation tabs Docs removes while doing so."""
        for first, last in reversed(_lists(paragraphs)):
            preset = "NUMBERED_DECIMAL_NESTED" if paragraphs[first].ordered else "BULLET_DISC_CIRCLE_SQUARE"
            end = starts[last] + units(lines[last]) + 1
            self.requests.append(
                {"createParagraphBullets": {"range": _range(starts[first], end), "bulletPreset": preset}}
            )
        return sum(_tabs(paragraph) for paragraph in paragraphs)

    def _table(self, table: Table) -> None:
        """A table at the cursor; Docs puts a newline before it. Cells are filled from last to first."""
        start, rows, columns = self.cursor, len(table.rows), len(table.rows[0])
        self.requests.append({"insertTable": {"location": {"index": start}, "rows": rows, "columns": columns}})
        self._table_look(table, start + 1)
        length = 0
        for r in reversed(range(rows)):
            for c in reversed(range(columns)):
                length += self._cell(table.rows[r][c], start + 4 + r * (2 * columns + 1) + 2 * c, header=r == 0)
        self.cursor = start + 3 + rows * (2 * columns + 1) + length

    def _table_look(self, table: Table, at: int) -> None:
        """Columns as wide as their words need, close cells, a shaded header that repeats on every page."""
        where = {"tableStartLocation": {"index": at}}
        for number, width in enumerate(column_widths(table)):
            properties = {"widthType": "FIXED_WIDTH", "width": _points(width)}
            column = {**where, "columnIndices": [number], "tableColumnProperties": properties}
            self.requests.append({"updateTableColumnProperties": {**column, "fields": "widthType,width"}})
        close = {f"padding{side}": _points(CELL_PADDING) for side in ("Top", "Bottom", "Left", "Right")}
        self.requests.append({"updateTableCellStyle": {**where, "tableCellStyle": close, "fields": ",".join(close)}})
        cells = {"tableCellLocation": where, "rowSpan": 1, "columnSpan": len(table.rows[0])}
        shade = {"backgroundColor": {"color": {"rgbColor": HEADER_COLOUR}}}
        self.requests.append(
            {"updateTableCellStyle": {"tableRange": cells, "tableCellStyle": shade, "fields": "backgroundColor"}}
        )
        self.requests.append({"pinTableHeaderRows": {**where, "pinnedHeaderRowsCount": 1}})

    def _cell(self, spans: Spans, index: int, *, header: bool) -> int:
        text = "".join(span.text for span in spans)
        if not text:
            return 0
        self._insert(text, index)
        small = {"fontSize": _points(CELL_FONT)}
        self._text_style(index, index + units(text), small, "fontSize")
        if header:
            self._text_style(index, index + units(text), {"bold": True}, "bold")
        self._spans(spans, index)
        return units(text)

    def _insert(self, text: str, index: int) -> None:
        """Insert text and clear the style it would take from its surroundings."""
        self.requests.append({"insertText": {"location": {"index": index}, "text": text}})
        self._text_style(index, index + units(text), {}, "bold,italic,link,underline,foregroundColor,fontSize")

    def _spans(self, spans: Spans, index: int) -> None:
        for span in spans:
            end = index + units(span.text)
            style: dict[str, Any] = {name: True for name in ("bold", "italic") if getattr(span, name)}
            if span.link:
                style["link"] = {"url": span.link}
            if style:
                self._text_style(index, end, style, ",".join(style))
            index = end

    def _text_style(self, start: int, end: int, style: dict[str, Any], fields: str) -> None:
        self.requests.append({"updateTextStyle": {"range": _range(start, end), "textStyle": style, "fields": fields}})

    def _style(self, start: int, end: int, named: str) -> None:
        style = {"namedStyleType": named}
        self.requests.append(
            {"updateParagraphStyle": {"range": _range(start, end), "paragraphStyle": style, "fields": "namedStyleType"}}
        )


def column_widths(table: Table) -> list[float]:
    """Widths in points that fill the page: narrow columns get what their words need, wide ones share the rest."""
    needs = [_needed_width([row[number] for row in table.rows]) for number in range(len(table.rows[0]))]
    narrow = sum(need for need in needs if need <= NARROW)
    wide = sum(need for need in needs if need > NARROW)
    room = PAGE_WIDTH - narrow
    if not wide or room < NARROW:
        return [round(PAGE_WIDTH * need / (narrow + wide), 1) for need in needs]
    return [round(need if need <= NARROW else room * need / wide, 1) for need in needs]


def _needed_width(cells: Sequence[Spans]) -> float:
    """What a column would like: its longest cell, but only the longest word of its header, which may wrap."""
    texts = ["".join(span.text for span in cell) for cell in cells]
    longest = max(map(len, [*texts[1:], *texts[0].split(), *(word for text in texts for word in text.split()), ""]))
    return longest * LETTER_WIDTH + 2 * CELL_PADDING + 2


def _points(size: float) -> dict[str, Any]:
    return {"magnitude": size, "unit": "PT"}


def _range(start: int, end: int) -> dict[str, int]:
    return {"startIndex": start, "endIndex": end}


def _line(paragraph: Paragraph) -> str:
    return "\t" * _tabs(paragraph) + (paragraph.text or EMPTY)


def _tabs(paragraph: Paragraph) -> int:
    """Docs reads a new list item's depth from its leading tabs, and removes them."""
    return max(0, paragraph.depth - 1)


def _named_style(paragraph: Paragraph) -> str:
    return f"HEADING_{paragraph.heading}" if paragraph.heading else "NORMAL_TEXT"


def _lists(paragraphs: Sequence[Paragraph]) -> list[tuple[int, int]]:
    """First and last paragraph of every list; a list starts anew where the numbering of its outer level changes."""
    found: list[tuple[int, int]] = []
    for position, paragraph in enumerate(paragraphs):
        if not paragraph.depth:
            continue
        joins = found and found[-1][1] == position - 1
        if joins and (paragraph.depth > 1 or paragraphs[found[-1][0]].ordered == paragraph.ordered):
            found[-1] = (found[-1][0], position)
        else:
            found.append((position, position))
    return found
