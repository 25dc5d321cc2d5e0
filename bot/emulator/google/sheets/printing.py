"""The Spreadsheet resource: properties, tabs, grid data and objects as the API prints them."""

from __future__ import annotations

from typing import Any

from bot.emulator.google.fields import Mask
from bot.emulator.google.sheets import cells, colours, metadata
from bot.emulator.google.sheets.a1 import Area, Box, clamped, shown
from bot.emulator.google.sheets.book import COLUMN_PIXELS, EMPTY, ROW_PIXELS, Book, Json, Sheet
from bot.emulator.google.sheets.masks import wants
from bot.emulator.google.sheets.protection import Editor, may_edit
from bot.emulator.google.sheets.reading import filled
from bot.emulator.google.sheets.view import View


class Printer:
    """Prints one spreadsheet for one caller."""

    def __init__(self, view: View, file_id: str, title: str, url: str, who: Editor, project: str) -> None:
        self.view, self.book = view, view.book
        self.file_id, self.title, self.url = file_id, title, url
        self.who, self.project = who, project

    def spreadsheet(self, areas: list[Area] | None, mask: Mask, grid: bool) -> Json:
        """The whole resource; with `areas` only their tabs.

        `mask` is the read mask ({}: all), `grid` whether cells are wanted without one.
        """
        data = wants(mask, "sheets", "data") if mask else grid
        tabs = (
            self.book.sheets
            if areas is None
            else [tab for tab in self.book.sheets if any(a.sheet is tab for a in areas)]
        )
        found: Json = {
            "spreadsheetId": self.file_id,
            "properties": self.properties(),
            "sheets": [self.sheet(tab, self._parts(tab, areas) if data else [], mask) for tab in tabs],
        }
        if self.book.named:
            found["namedRanges"] = [named_range(number, one) for number, one in self.book.named.items()]
        found["spreadsheetUrl"] = self.url
        notes = [metadata.shown(row) for row in metadata.visible(self.book, self.project) if "sheetId" not in row]
        return found | ({"developerMetadata": notes} if notes else {})

    def _parts(self, tab: Sheet, areas: list[Area] | None) -> list[Area]:
        return [Area(tab)] if areas is None else [area for area in areas if area.sheet is tab]

    def properties(self) -> Json:
        """SpreadsheetProperties."""
        extra = {name: value for name, value in self.book.properties.items() if name != "autoRecalc"}
        theme = [{"colorType": name, "color": {"rgbColor": colour}} for name, colour in colours.THEME.items()]
        return {
            "title": self.title,
            "locale": self.book.locale,
            "autoRecalc": self.book.properties.get("autoRecalc", "ON_CHANGE"),
            "timeZone": self.book.zone,
            "defaultFormat": cells.DEFAULT_FORMAT,
            "spreadsheetTheme": {"primaryFontFamily": "Arial", "themeColors": theme},
        } | extra

    def sheet(self, tab: Sheet, areas: list[Area], mask: Mask) -> Json:
        """One Sheet with the objects on it."""
        found: Json = {"properties": sheet_properties(self.book, tab)}
        below = mask.get("sheets", mask.get("*", {})) if mask else {}
        if areas:
            found["data"] = [
                self.grid_data(clamped(area), below.get("data", below.get("*", {})) if below else {}) for area in areas
            ]
        for name, value in self._objects(tab).items():
            if value:
                found[name] = value
        return found

    def _objects(self, tab: Sheet) -> dict[str, Any]:
        rows = metadata.visible(self.book, self.project)
        return {
            "merges": [shown(one) for one in tab.merges],
            "conditionalFormats": [conditional(one) for one in tab.conditional],
            "filterViews": [filter_view(one) for one in tab.filter_views],
            "protectedRanges": [self.protected(one) for one in tab.protected],
            "basicFilter": filter_view(tab.basic_filter) if tab.basic_filter is not None else None,
            "bandedRanges": [banded(one) for one in tab.banded],
            "developerMetadata": [
                metadata.shown(row) for row in rows if row.get("sheetId") == tab.id and "axis" not in row
            ],
            "rowGroups": tab.row_groups,
            "columnGroups": tab.column_groups,
            "tables": [table(one) for one in tab.tables],
        }

    def protected(self, rule: Json) -> Json:
        """A ProtectedRange: editors are visible to editors only."""
        allowed = may_edit(rule, self.who)
        found = {name: value for name, value in rule.items() if name not in ("editors", "domain")}
        found["range"] = shown(rule.get("range", {}))
        if "unprotectedRanges" in rule:
            found["unprotectedRanges"] = [shown(one) for one in rule["unprotectedRanges"]]
        if allowed:
            found["requestingUserCanEdit"] = True
            if not rule.get("warningOnly"):
                found["editors"] = rule.get("editors", {})
        return found

    # -- cells -------------------------------------------------------------------------------------------------------

    def grid_data(self, box: Box, mask: Mask) -> Json:
        """GridData of a rectangle: rows end with their last stored cell, and so do the rows themselves."""
        found: Json = {}
        if box.top:
            found["startRow"] = box.top
        if box.left:
            found["startColumn"] = box.left
        if wants(mask, "rowData"):
            rows = self._row_data(box, _below(mask, "rowData", "values"))
            if rows:
                found["rowData"] = rows
        if wants(mask, "rowMetadata"):
            found["rowMetadata"] = [self._dimension(box.sheet, "ROWS", at) for at in range(box.top, box.bottom)]
        if wants(mask, "columnMetadata"):
            found["columnMetadata"] = [self._dimension(box.sheet, "COLUMNS", at) for at in range(box.left, box.right)]
        return found

    def _row_data(self, box: Box, mask: Mask) -> list[Json]:
        ends: dict[int, int] = {}
        for row, line in box.sheet.cells.items():
            inside = [at for at, cell in line.items() if box.left <= at < box.right and cell != EMPTY]
            if inside and box.top <= row < box.bottom:
                ends[row] = max(inside)
        for row, column in filled(self.view, box):
            ends[row] = max(ends.get(row, 0), column)
        return [self._row(box, row, ends.get(row), mask) for row in range(box.top, max(ends, default=box.top - 1) + 1)]

    def _row(self, box: Box, row: int, end: int | None, mask: Mask) -> Json:
        if end is None:
            return {}
        return {"values": [cells.printed(self.view, box.sheet, row, at, mask) for at in range(box.left, end + 1)]}

    def _dimension(self, tab: Sheet, axis: str, at: int) -> Json:
        own = tab.dimension(axis).get(at, {})
        found: Json = {"pixelSize": ROW_PIXELS if axis == "ROWS" else COLUMN_PIXELS} | own
        notes = [
            metadata.shown(row)
            for row in metadata.visible(self.book, self.project)
            if row.get("axis") == axis and row["index"] == at and row["sheetId"] == tab.id
        ]
        return found | ({"developerMetadata": notes} if notes else {})


def _below(mask: Mask, *path: str) -> Mask:
    for name in path:
        mask = mask.get(name) or mask.get("*") or {}
    return mask


def sheet_properties(book: Book, tab: Sheet) -> Json:
    """SheetProperties; sheetId and index are printed also when 0."""
    grid = {"rowCount": tab.row_count, "columnCount": tab.column_count}
    grid |= {name: value for name, value in tab.grid.items() if value}
    found: Json = {
        "sheetId": tab.id,
        "title": tab.title,
        "index": book.sheets.index(tab),
        "sheetType": "GRID",
        "gridProperties": grid,
    }
    return found | {name: value for name, value in tab.properties.items() if value}


def named_range(number: str, one: Json) -> Json:
    """A NamedRange."""
    return {"namedRangeId": number, "name": one["name"], "range": shown(one["range"])}


def conditional(rule: Json) -> Json:
    """A ConditionalFormatRule."""
    return rule | {"ranges": [shown(one) for one in rule["ranges"]]}


def filter_view(one: Json) -> Json:
    """A FilterView or BasicFilter."""
    return one | {"range": shown(one["range"])} if "range" in one else dict(one)


def banded(one: Json) -> Json:
    """A BandedRange."""
    return one | {"range": shown(one["range"])}


def table(one: Json) -> Json:
    """A Table."""
    columns = [
        {name: value for name, value in column.items() if name != "columnIndex" or value}
        for column in one.get("columnProperties", ())
    ]
    return one | {"range": shown(one["range"])} | ({"columnProperties": columns} if columns else {})
