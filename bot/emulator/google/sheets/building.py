"""A new spreadsheet from the resource that `spreadsheets.create` is given."""

from __future__ import annotations

from bot.emulator.google.errors import unimplemented
from bot.emulator.google.fields import Mask
from bot.emulator.google.sheets import tabs
from bot.emulator.google.sheets.book import Book, Json, Sheet
from bot.emulator.google.sheets.cells import written
from bot.emulator.google.sheets.settings import checked_locale, checked_zone

LATER = (
    "conditionalFormats",
    "filterViews",
    "protectedRanges",
    "basicFilter",
    "charts",
    "bandedRanges",
    "developerMetadata",
)
LATER += ("rowGroups", "columnGroups", "slicers", "tables")
_EVERYTHING: Mask = {}


def build(given: Json) -> Book:
    """The book of a Spreadsheet resource: properties, tabs, cells, merges. Other objects are refused by name."""
    properties = given.get("properties", {})
    book = Book(checked_locale(properties.get("locale", "en_US")), checked_zone(properties.get("timeZone", "Etc/GMT")))
    for name in ("autoRecalc", "iterativeCalculationSettings"):
        if name in properties:
            book.properties[name] = properties[name]
    for name in ("namedRanges", "developerMetadata", "dataSources"):
        if given.get(name):
            raise unimplemented("sheets.spreadsheets.create", name)
    for one in given.get("sheets", ()):
        _add(book, one)
    if not book.sheets:
        book.sheets.append(Sheet(0, "Sheet1"))
    return book


def _add(book: Book, given: Json) -> None:
    for name in LATER:
        if given.get(name):
            raise unimplemented("sheets.spreadsheets.create", f"sheets.{name}")
    sheet = tabs.made(book, given.get("properties", {}))
    book.sheets.append(sheet)
    for part in given.get("data", ()):
        _fill(book, sheet, part)
    sheet.merges = [{**one, "sheetId": sheet.id} for one in given.get("merges", ())]


def _fill(book: Book, sheet: Sheet, data: Json) -> None:
    top, left = data.get("startRow", 0), data.get("startColumn", 0)
    for down, line in enumerate(data.get("rowData", ())):
        for across, cell in enumerate(line.get("values", ())):
            row, column = top + down, left + across
            sheet.row_count, sheet.column_count = max(sheet.row_count, row + 1), max(sheet.column_count, column + 1)
            book.put(sheet, row, column, written(book, sheet, sheet.cell(row, column), cell, _EVERYTHING))
    for axis, name, first in (("ROWS", "rowMetadata", top), ("COLUMNS", "columnMetadata", left)):
        for at, one in enumerate(data.get(name, ())):
            kept = {key: value for key, value in one.items() if key in ("pixelSize", "hiddenByUser") and value}
            if kept:
                sheet.dimension(axis)[first + at] = kept
