"""A document as the JSON of `documents.get`: defaults omitted, indexes printed, keys in the service's order."""

from __future__ import annotations

from typing import Any

from bot.emulator.google.docs.model import BODY, TAB_ID, Document
from bot.emulator.google.docs.segment import Segment, Style
from bot.emulator.google.docs.structure import Block, Cell, Paragraph, Row, Run, SectionBreak, Table, blocks

_PARAGRAPH_ORDER = (
    "headingId",
    "namedStyleType",
    "alignment",
    "lineSpacing",
    "direction",
    "spacingMode",
    "spaceAbove",
    "spaceBelow",
    "borderBetween",
    "borderTop",
    "borderBottom",
    "borderLeft",
    "borderRight",
    "indentFirstLine",
    "indentStart",
    "indentEnd",
    "tabStops",
    "keepLinesTogether",
    "keepWithNext",
    "avoidWidowAndOrphan",
    "shading",
    "pageBreakBefore",
)
_TEXT_ORDER = (
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "smallCaps",
    "backgroundColor",
    "foregroundColor",
    "fontSize",
    "weightedFontFamily",
    "baselineOffset",
    "link",
)


def legacy(document: Document) -> dict[str, Any]:
    """The top-level fields of a Document without `includeTabsContent`: the first tab's content."""
    return _content(document, tabs=False)


def tabs(document: Document) -> list[dict[str, Any]]:
    """The `tabs` of a Document with `includeTabsContent`."""
    properties = {"tabId": TAB_ID, "title": "Tab 1", "index": 0}
    return [{"tabProperties": properties, "documentTab": _content(document, tabs=True)}]


def _content(document: Document, tabs: bool) -> dict[str, Any]:
    printer = Printer(document, tabs)
    found: dict[str, Any] = {"body": {"content": printer.segment(document.body)}}
    for plural, single in (("headers", "headerId"), ("footers", "footerId"), ("footnotes", "footnoteId")):
        parts = printer.parts(plural, single)
        if parts:
            found[plural] = parts
    found["documentStyle"] = document.style
    found["namedStyles"] = {"styles": [_named_style(name, style) for name, style in document.named_styles.items()]}
    lists = {key: {"listProperties": document.lists[key]["properties"]} for key in document.used_lists()}
    optional = {"lists": lists, "namedRanges": printer.named_ranges(), "inlineObjects": printer.used_objects()}
    return found | {name: value for name, value in optional.items() if value}


def _named_style(name: str, style: dict[str, Any]) -> dict[str, Any]:
    text, paragraph = ordered(style["textStyle"], _TEXT_ORDER), ordered(style["paragraphStyle"], _PARAGRAPH_ORDER)
    return {"namedStyleType": name, "textStyle": text, "paragraphStyle": paragraph}


def ordered(style: Style, order: tuple[str, ...]) -> Style:
    """The style with its fields in the given order."""
    return {name: style[name] for name in order if name in style}


def span(start: int, end: int) -> dict[str, int]:
    """Indexes as printed: a start of 0 is left out."""
    return {"startIndex": start, "endIndex": end} if start else {"endIndex": end}


class Printer:
    """Prints the segments of one document, numbering footnotes as they come."""

    def __init__(self, document: Document, tabs: bool) -> None:
        self.document = document
        self.tabs = tabs
        self._footnotes = 0

    def segment(self, segment: Segment) -> list[dict[str, Any]]:
        return [self._block(block) for block in blocks(segment)]

    def parts(self, plural: str, single: str) -> dict[str, Any]:
        """Headers, footers or footnotes by id."""
        chosen = {key: part for key, part in self.document.segments.items() if part.kind + "s" == plural}
        return {key: {single: key, "content": self.segment(part)} for key, part in chosen.items()}

    def named_ranges(self) -> dict[str, Any]:
        """NamedRanges by name."""
        found: dict[str, Any] = {}
        for key, named in self.document.named_ranges.items():
            where = {"segmentId": named.segment} if named.segment != BODY else {}
            where |= {"tabId": TAB_ID} if self.tabs else {}
            ranges = [where | span(start, end) for start, end in named.spans]
            group = found.setdefault(named.name, {"name": named.name, "namedRanges": []})
            group["namedRanges"].append({"namedRangeId": key, "name": named.name, "ranges": ranges})
        return found

    def used_objects(self) -> dict[str, Any]:
        """Inline objects that an element still shows."""
        used = {
            extra["inlineObjectElement"]["inlineObjectId"]
            for segment in self.document.segments.values()
            for extra in segment.extras
            if extra and "inlineObjectElement" in extra
        }
        return {key: {"objectId": key, **value} for key, value in self.document.inline_objects.items() if key in used}

    def _block(self, block: Block) -> dict[str, Any]:
        where = span(block.start, block.end)
        if isinstance(block, SectionBreak):
            return where | {"sectionBreak": {"sectionStyle": block.style}}
        if isinstance(block, Table):
            return where | {"table": self._table(block)}
        return where | {"paragraph": self._paragraph(block)}

    def _table(self, table: Table) -> dict[str, Any]:
        rows = [self._row(row) for row in table.rows]
        style = {"tableColumnProperties": table.columns}
        return {"rows": len(rows), "columns": len(table.columns), "tableRows": rows, "tableStyle": style}

    def _row(self, row: Row) -> dict[str, Any]:
        cells = [self._cell(cell) for cell in row.cells]
        return span(row.start, row.end) | {"tableCells": cells, "tableRowStyle": row.style}

    def _cell(self, cell: Cell) -> dict[str, Any]:
        content = [self._block(block) for block in cell.blocks]
        return span(cell.start, cell.end) | {"content": content, "tableCellStyle": cell.style}

    def _paragraph(self, paragraph: Paragraph) -> dict[str, Any]:
        elements = [self._element(run) for run in paragraph.runs]
        printed = {"elements": elements, "paragraphStyle": ordered(paragraph.style, _PARAGRAPH_ORDER)}
        return printed | ({"bullet": paragraph.bullet} if paragraph.bullet else {})

    def _element(self, run: Run) -> dict[str, Any]:
        style = ordered(run.style, _TEXT_ORDER)
        if run.element is None:
            return span(run.start, run.end) | {"textRun": {"content": run.text, "textStyle": style}}
        [(kind, value)] = run.element.items()
        if kind == "footnoteReference":
            self._footnotes += 1
            value = value | {"footnoteNumber": str(self._footnotes)}
        return span(run.start, run.end) | {kind: value | {"textStyle": style}}
