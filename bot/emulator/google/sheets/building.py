"""A new spreadsheet from the resource that `spreadsheets.create` is given."""

from __future__ import annotations

from bot.emulator.google.errors import unimplemented
from bot.emulator.google.fields import Mask
from bot.emulator.google.sheets import tabs
from bot.emulator.google.sheets.book import Book, Json, Sheet
from bot.emulator.google.sheets.cells import written
from bot.emulator.google.sheets.dimensions import check_cells
from bot.emulator.google.sheets.settings import checked_locale, checked_zone

_EVERYTHING: Mask = {}
_OBJECTS = (
    ("developerMetadata", "createDeveloperMetadata", "developerMetadata"),
    ("protectedRanges", "addProtectedRange", "protectedRange"),
    ("bandedRanges", "addBanding", "bandedRange"),
    ("basicFilter", "setBasicFilter", "filter"),
    ("filterViews", "addFilterView", "filter"),
    ("tables", "addTable", "table"),
)


def build(given: Json) -> Book:
    """The book of a Spreadsheet resource: properties, tabs, cells and merges; `objects` gives the rest."""
    properties = given.get("properties", {})
    book = Book(checked_locale(properties.get("locale", "en_US")), checked_zone(properties.get("timeZone", "Etc/GMT")))
    for name in ("autoRecalc", "iterativeCalculationSettings"):
        if name in properties:
            book.properties[name] = properties[name]
    for one in given.get("sheets", ()):
        _add(book, one)
    if not book.sheets:
        book.sheets.append(Sheet(0, "Sheet1"))
    return book


def objects(given: Json) -> list[Json]:
    """The requests that add what the resource has beside cells: names, metadata, rules, protections, filters."""
    found = [{"addNamedRange": {"namedRange": one}} for one in given.get("namedRanges", ())]
    found += [{"createDeveloperMetadata": {"developerMetadata": one}} for one in given.get("developerMetadata", ())]
    for sheet in given.get("sheets", ()):
        for name, kind, inner in _OBJECTS:
            rows = sheet.get(name, ())
            found += [{kind: {inner: one}} for one in ([rows] if isinstance(rows, dict) else rows)]
        found += [
            {"addConditionalFormatRule": {"rule": one, "index": at}}
            for at, one in enumerate(sheet.get("conditionalFormats", ()))
        ]
    return found


def _add(book: Book, given: Json) -> None:
    if given.get("charts"):
        raise unimplemented("sheets.spreadsheets.create", "sheets.charts")
    sheet = tabs.made(book, given.get("properties", {}))
    check_cells(book, sheet.row_count * sheet.column_count)
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
            book.put(sheet, row, column, written(book, sheet.cell(row, column), cell, _EVERYTHING))
    for axis, name, first in (("ROWS", "rowMetadata", top), ("COLUMNS", "columnMetadata", left)):
        for at, one in enumerate(data.get(name, ())):
            kept = {key: value for key, value in one.items() if key in ("pixelSize", "hiddenByUser") and value}
            if kept:
                sheet.dimension(axis)[first + at] = kept
