"""A spreadsheet's tab as a grid of HTML cells, read through the Sheets API's own handlers as the person who looks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from markupsafe import Markup

from bot.emulator.google.gateway import invoke
from bot.emulator.page import history
from bot.emulator.page.drawing import draw
from bot.emulator.page.links import address
from bot.emulator.page.reader import Gone, Reader, Row
from bot.emulator.workspace import Workspace

Key = tuple[int, str, int, int, str, str]

MOST_ROWS, MOST_COLUMNS = 300, 40
LEAST_ROWS, LEAST_COLUMNS = 24, 10
HEAD_PIXELS = 46
KEPT = 50  # drawn grids
NUMBERED = 100  # pixels of a column nobody resized
ALIGN = {"LEFT": "left", "CENTER": "center", "RIGHT": "right"}


def gather(reader: Reader, file: Row, tab: str) -> dict[str, Any]:
    """The tabs of a spreadsheet and the cells of one: `tab` is its sheet id, by default the first."""
    sheets = _get(reader, file["id"])["sheets"]
    shown = [one["properties"] for one in sheets if not one["properties"].get("hidden")]
    if not shown:
        raise Gone("Every tab of this spreadsheet is hidden.", reader.me)
    current = next((one for one in shown if str(one.get("sheetId", 0)) == tab), shown[0])
    drawn = _drawn(reader, file, current)
    return {
        "tabs": _tabs(reader, file, shown, current),
        "tab": current.get("sheetId", 0),
        "cells": drawn.html,
        "width": drawn.width,
        "still": drawn.still,
        "edits": history.of(reader, file, current["title"], drawn.dated),
    }


@dataclass(frozen=True)
class Drawn:
    """The inside of a tab's table as HTML, the pixels of all its columns and of those that stay when it is scrolled,
    and the cells that hold dates.
    """

    html: Markup
    width: int
    still: int
    dated: frozenset[str]


_kept: WeakKeyDictionary[Workspace, dict[Key, Drawn]] = WeakKeyDictionary()


def _drawn(reader: Reader, file: Row, tab: Row) -> Drawn:
    """A tab, drawn again only when the file changed or an hour passed (TODAY, NOW)."""
    hour = reader.workspace.clock.now().strftime("%Y%m%d%H")
    key = (reader.workspace.shelf.epoch, file["id"], file["version"], tab.get("sheetId", 0), reader.id, hour)
    kept = _kept.setdefault(reader.workspace, {})
    if key not in kept:
        while len(kept) >= KEPT:
            del kept[next(iter(kept))]
        kept[key] = _draw(reader, file, tab)
    return kept[key]


def _get(reader: Reader, file_id: str, **params: Any) -> Row:
    name = "sheets.spreadsheets.get"
    found: Row = invoke(reader.workspace, reader.me["email"], name, {"spreadsheetId": file_id, **params})
    return found


def _tabs(reader: Reader, file: Row, shown: list[Row], current: Row) -> list[Row]:
    return [
        {
            "title": one["title"],
            "href": address("sheet", reader.id, file=file["id"], tab=str(one.get("sheetId", 0))),
            "current": one is current,
            "color": color(one.get("tabColorStyle", {}).get("rgbColor") or one.get("tabColor")),
        }
        for one in shown
    ]


def _draw(reader: Reader, file: Row, tab: Row) -> Drawn:
    size = tab.get("gridProperties", {})
    rows, columns = min(size.get("rowCount", 0), MOST_ROWS), min(size.get("columnCount", 0), MOST_COLUMNS)
    area = f"{quoted(tab['title'])}!A1:{letters(max(columns, 1) - 1)}{max(rows, 1)}"
    sheet = next(
        one
        for one in _get(reader, file["id"], includeGridData=True, ranges=[area])["sheets"]
        if one["properties"].get("sheetId", 0) == tab.get("sheetId", 0)
    )
    data = (sheet.get("data") or [{}])[0]
    drawing = Drawing(sheet, data, rows, columns)
    values = drawing.values()
    width = HEAD_PIXELS + sum(width for _, width, _ in values["letters"])
    still = HEAD_PIXELS + sum(width for _, width, left in values["letters"] if left is not None)
    return Drawn(draw("grid.html", pen=reader.pen, **values), width, still, frozenset(drawing.dated))


class Drawing:
    """One tab on its way to HTML."""

    def __init__(self, sheet: Row, data: Row, rows: int, columns: int) -> None:
        self.data = data.get("rowData", [])
        self.frozen = sheet["properties"].get("gridProperties", {})
        self.heights, self.widths = data.get("rowMetadata", []), data.get("columnMetadata", [])
        used = max((len(row.get("values", ())) for row in self.data), default=0)
        self.rows = min(rows, max(LEAST_ROWS, len(self.data) + 5))
        self.columns = min(columns, max(LEAST_COLUMNS, used + 1))
        self.spans, self.covered = merged(sheet.get("merges", ()))
        self.dated: set[str] = set()

    def values(self) -> dict[str, Any]:
        shown = [index for index in range(self.columns) if not _hidden(self.widths, index)]
        lines = [self.line(row, shown) for row in range(self.rows) if not _hidden(self.heights, row)]
        still = self.frozen.get("frozenRowCount", 0)
        return {
            "letters": [(letters(column), self.width(column), self.stuck(column)) for column in shown],
            "head": [line for line in lines if line["number"] <= still],
            "lines": [line for line in lines if line["number"] > still],
        }

    def width(self, column: int) -> int:
        known = self.widths[column] if column < len(self.widths) else {}
        return int(known.get("pixelSize", NUMBERED))

    def stuck(self, column: int) -> int | None:
        """How far from the left a frozen column stays, None for one that scrolls."""
        if column >= self.frozen.get("frozenColumnCount", 0):
            return None
        return HEAD_PIXELS + sum(self.width(one) for one in range(column) if not _hidden(self.widths, one))

    def line(self, row: int, shown: list[int]) -> Row:
        values = self.data[row].get("values", []) if row < len(self.data) else []
        cells = [self.cell(row, column, values) for column in shown if (row, column) not in self.covered]
        return {"number": row + 1, "cells": cells}

    def cell(self, row: int, column: int, values: list[Row]) -> Row:
        cell = values[column] if column < len(values) else {}
        down, across = self.spans.get((row, column), (1, 1))
        text = cell.get("formattedValue", "")
        left = self.stuck(column)
        if cell.get("effectiveFormat", {}).get("numberFormat", {}).get("type", "").startswith("DATE"):
            self.dated.add(f"{letters(column)}{row + 1}")
        style = css(cell) + (f";left:{left}px" if left is not None else "")
        wraps = cell.get("effectiveFormat", {}).get("wrapStrategy") == "WRAP"
        classes = ("note" if cell.get("note") else "", "wrap" if wraps else "", "frozen" if left is not None else "")
        return {
            "name": f"{letters(column)}{row + 1}",
            "row": row,
            "column": column,
            "text": text[:2000],
            "typed": cell.get("userEnteredValue", {}).get("formulaValue", text)[:5000],
            "style": style,
            "classes": " ".join(one for one in classes if one),
            "note": cell.get("note", "")[:2000],
            "options": options(cell),
            "link": _safe(cell.get("hyperlink", "")),
            "down": down,
            "across": across,
        }


def _hidden(metadata: list[Row], index: int) -> bool:
    return index < len(metadata) and bool(metadata[index].get("hiddenByUser") or metadata[index].get("hiddenByFilter"))


def _safe(url: str) -> str:
    return url if url.startswith(("http://", "https://")) else ""


def merged(merges: Any) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """Per merged top-left cell its (rows, columns), and the cells that merges cover."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for one in merges:
        top, left = one.get("startRowIndex", 0), one.get("startColumnIndex", 0)
        bottom, right = min(one["endRowIndex"], MOST_ROWS), min(one["endColumnIndex"], MOST_COLUMNS)
        spans[top, left] = (bottom - top, right - left)
        covered |= {(row, column) for row in range(top, bottom) for column in range(left, right)} - {(top, left)}
    return spans, covered


def css(cell: Mapping[str, Any]) -> str:
    """The look of a cell; only numbers and words of ours get into it."""
    look = cell.get("effectiveFormat") or cell.get("userEnteredFormat") or {}
    text = look.get("textFormat", {})
    back = color(look.get("backgroundColorStyle", {}).get("rgbColor") or look.get("backgroundColor"))
    front = color(text.get("foregroundColorStyle", {}).get("rgbColor") or text.get("foregroundColor"))
    value = cell.get("effectiveValue", {})
    usual = "right" if "numberValue" in value else "center" if {"boolValue", "errorValue"} & set(value) else "left"
    align = ALIGN.get(look.get("horizontalAlignment", ""), usual)
    parts = [
        f"background:{back}" if back and back != "#ffffff" else "",
        f"color:{front}" if front and front != "#000000" else "",
        "font-weight:700" if text.get("bold") else "",
        "font-style:italic" if text.get("italic") else "",
        "text-decoration:line-through" if text.get("strikethrough") else "",
        f"font-size:{min(int(text['fontSize']), 30) * 0.085:.2f}rem" if text.get("fontSize", 10) != 10 else "",
        f"text-align:{align}" if align != "left" else "",
    ]
    return ";".join(part for part in parts if part)


def color(rgb: Mapping[str, Any] | None) -> str:
    """A Color (fractions of one, absent means nought) as #rrggbb; "" for none."""
    if rgb is None:
        return ""
    return "#" + "".join(
        f"{round(255 * min(max(float(rgb.get(name, 0)), 0), 1)):02x}" for name in ("red", "green", "blue")
    )


def options(cell: Mapping[str, Any]) -> str:
    """What a dropdown offers, as JSON; "" for a cell without one."""
    condition = cell.get("dataValidation", {}).get("condition", {})
    if condition.get("type") == "BOOLEAN":
        return json.dumps(["TRUE", "FALSE"])
    if condition.get("type") != "ONE_OF_LIST":
        return ""
    return json.dumps([one.get("userEnteredValue", "") for one in condition.get("values", ())][:200])


def letters(column: int) -> str:
    """The letters of a column: 0 → A, 26 → AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def quoted(title: str) -> str:
    """A tab's title as A1 notation wants it."""
    return "'" + title.replace("'", "''") + "'"


def title_of(reader: Reader, file: Row, tab: str) -> str:
    """The title of the tab of that sheet id; raises Gone."""
    found = (one["properties"] for one in _get(reader, file["id"])["sheets"])
    title = next((str(one["title"]) for one in found if str(one.get("sheetId", 0)) == tab), None)
    if title is None:
        raise Gone("That tab is gone.", reader.me)
    return title
