"""Whole tabs: titles, places, copies."""

from __future__ import annotations

import copy

from bot.emulator.google.errors import bad_request
from bot.emulator.google.sheets import colours
from bot.emulator.google.sheets.book import SPILLING, Book, Cell, Formula, Json, Sheet
from bot.emulator.google.sheets.formulas import renamed

GRID_NAMES = ("frozenRowCount", "frozenColumnCount", "hideGridlines", "rowGroupControlAfter", "columnGroupControlAfter")
TAB_NAMES = ("hidden", "rightToLeft", "tabColor", "tabColorStyle")
OBJECTS = ("merges", "conditional", "protected", "banded", "filter_views", "tables")
COPIED = ("properties", "grid", "rows", "columns", *OBJECTS, "basic_filter", "row_groups", "column_groups")


def check_title(book: Book, title: str, own: Sheet | None = None) -> str:
    """A title for a tab. Raises 400 when it is empty, too long or taken (whatever its case)."""
    if not title or len(title) > 100:
        raise bad_request("A sheet title must have between 1 and 100 characters.")
    if any(one.title.lower() == title.lower() and one is not own for one in book.sheets):
        raise bad_request(f'A sheet with the name "{title}" already exists. Please enter another name.')
    return title


def free_title(book: Book, title: str) -> str:
    """The title, with a number when it is taken."""
    taken = {one.title.lower() for one in book.sheets}
    number, found = 1, title
    while found.lower() in taken:
        number += 1
        found = f"{title} {number}"
    return found


def made(book: Book, given: Json) -> Sheet:
    """A new tab of the given SheetProperties, not yet in the book. Raises 400 for a taken id or title."""
    if given.get("sheetType", "GRID") != "GRID":
        raise bad_request("Only sheets of type GRID can be added.")
    sheet_id = given.get("sheetId")
    if sheet_id is not None and any(one.id == sheet_id for one in book.sheets):
        raise bad_request(f"A sheet with the id {sheet_id} already exists.")
    if sheet_id is not None and sheet_id < 0:
        raise bad_request("sheetId must not be negative.")
    title = given.get("title")
    number = len(book.sheets) + 1
    while title is None or title == "":
        wanted = f"Sheet{number}"
        title = wanted if all(one.title.lower() != wanted.lower() for one in book.sheets) else None
        number += 1
    sheet = Sheet(book.new_id() if sheet_id is None else sheet_id, check_title(book, title))
    grid = given.get("gridProperties", {})
    sheet.row_count, sheet.column_count = (
        _count(grid, "rowCount", sheet.row_count),
        _count(grid, "columnCount", sheet.column_count),
    )
    sheet.grid = {name: grid[name] for name in GRID_NAMES if grid.get(name)}
    check_frozen(sheet)
    twinned = colours.twinned(given)
    sheet.properties = {name: twinned[name] for name in TAB_NAMES if twinned.get(name)}
    return sheet


def _count(grid: Json, name: str, default: int) -> int:
    found = int(grid.get(name, default))
    if found < 1:
        raise bad_request(f"gridProperties.{name} must be greater than zero.")
    return found


def check_frozen(sheet: Sheet) -> None:
    """Refuses to freeze the whole grid."""
    for name, size, word in (
        ("frozenRowCount", sheet.row_count, "rows"),
        ("frozenColumnCount", sheet.column_count, "columns"),
    ):
        if sheet.grid.get(name, 0) < 0:
            raise bad_request(f"gridProperties.{name} must not be negative.")
        if sheet.grid.get(name, 0) >= size:
            raise bad_request(f"You can't freeze all visible {word} on the sheet.")


def place(book: Book, sheet: Sheet, index: int | None) -> None:
    """Puts a new tab at an index, at the end without one."""
    if index is not None and not 0 <= index <= len(book.sheets):
        raise bad_request(f"Sheet index {index} is out of bounds.")
    book.sheets.insert(len(book.sheets) if index is None else index, sheet)
    book.restructure()


def rename(book: Book, sheet: Sheet, title: str) -> None:
    """A new title; formulas everywhere follow."""
    check_title(book, title, sheet)
    old, sheet.title = sheet.title, title
    for one in book.sheets:
        for line in one.cells.values():
            for at, cell in line.items():
                if isinstance(cell.value, Formula):
                    line[at] = cell._replace(value=renamed(cell.value, old, title))
        for rule in one.conditional:
            for value in rule.get("booleanRule", {}).get("condition", {}).get("values", ()):
                if value.get("userEnteredValue", "").startswith("="):
                    value["userEnteredValue"] = str(renamed(value["userEnteredValue"], old, title))
    _rename_in_rules(book, old, title)
    book.restructure()


def _rename_in_rules(book: Book, old: str, new: str) -> None:
    for one in book.sheets:
        for line in one.cells.values():
            for at, cell in line.items():
                if cell.rule is not None and cell.rule["condition"].get("type") in ("ONE_OF_RANGE", "CUSTOM_FORMULA"):
                    values = [_renamed_value(value, old, new) for value in cell.rule["condition"].get("values", ())]
                    line[at] = cell._replace(
                        rule={**cell.rule, "condition": {**cell.rule["condition"], "values": values}}
                    )


def _renamed_value(value: Json, old: str, new: str) -> Json:
    text = value.get("userEnteredValue", "")
    return {**value, "userEnteredValue": str(renamed(text, old, new))} if text.startswith("=") else value


def copied(book: Book, tab: Sheet, title: str, sheet_id: int) -> Sheet:
    """A copy of a tab for `book`, not yet in it: cells shared, objects with new ids, references to itself renamed."""
    twin = copy.copy(tab)
    twin.id, twin.title = sheet_id, title
    twin.cells = {
        row: {at: _copied(cell, tab.title, title) for at, cell in line.items()} for row, line in tab.cells.items()
    }
    for name in COPIED:
        setattr(twin, name, copy.deepcopy(getattr(tab, name)))
    _relabel(book, twin)
    texts = (cell.value for line in twin.cells.values() for cell in line.values() if isinstance(cell.value, Formula))
    book.spills = book.spills or any(SPILLING.search(text) for text in texts)
    book.restructure()
    return twin


def _copied(cell: Cell, old: str, new: str) -> Cell:
    return cell._replace(value=renamed(cell.value, old, new)) if isinstance(cell.value, Formula) else cell


def _relabel(book: Book, twin: Sheet) -> None:
    """New ids for a copied tab's objects, and its own sheet id in all their ranges."""
    for name, key in (
        ("protected", "protectedRangeId"),
        ("banded", "bandedRangeId"),
        ("filter_views", "filterViewId"),
    ):
        for one in getattr(twin, name):
            one[key] = book.new_id()
    for one in twin.tables:
        one["tableId"] = str(book.new_id())
        one["name"] = free_table_name(book, one["name"])
    for one in [*(getattr(twin, name) for name in OBJECTS), twin.basic_filter, twin.row_groups, twin.column_groups]:
        _resheet(one, twin.id)


def free_table_name(book: Book, name: str) -> str:
    """A table name that no table of the book has."""
    taken = {table["name"].lower() for sheet in book.sheets for table in sheet.tables}
    number, found = 0, name
    while found.lower() in taken:
        number += 1
        found = f"{name}_{number}"
    return found


def _resheet(value: object, sheet_id: int) -> None:
    if isinstance(value, list):
        for one in value:
            _resheet(one, sheet_id)
    elif isinstance(value, dict):
        if "sheetId" in value or "startRowIndex" in value:
            value["sheetId"] = sheet_id
        for inner in value.values():
            _resheet(inner, sheet_id)
