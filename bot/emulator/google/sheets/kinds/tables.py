"""Requests on tables: ranges with a name, a header and typed columns."""

from __future__ import annotations

import secrets

from bot.emulator.google.errors import bad_request, unimplemented
from bot.emulator.google.sheets import colours, masks
from bot.emulator.google.sheets.a1 import Box, box_of, column_letters, grid_of
from bot.emulator.google.sheets.batch import Batch, kind
from bot.emulator.google.sheets.book import EMPTY, Book, Json, Sheet
from bot.emulator.google.sheets.printing import table as printed
from bot.emulator.google.sheets.rules import checked_condition
from bot.emulator.google.sheets.tabs import free_table_name

_UNTYPED = "COLUMN_TYPE_UNSPECIFIED"


@kind("addTable")
def add_table(batch: Batch, body: Json) -> Json:
    """Makes a table of a range; its first row is the header."""
    given = colours.twinned(body.get("table", {}))
    box = batch.guarded(given.get("range"))
    _check_free(batch.book, box)
    number = given.get("tableId") or str(secrets.randbelow(2**31))
    table = {"tableId": number, "name": _checked_name(batch.book, given), "range": grid_of(box)}
    if "rowsProperties" in given:
        table["rowsProperties"] = _checked_rows(given["rowsProperties"])
    table["columnProperties"] = _columns(batch, box, given.get("columnProperties", []))
    box.sheet.tables.append(table)
    _write_header(batch, box, table)
    return {"table": printed(table)}


def _check_free(book: Book, box: Box, own: Json | None = None) -> None:
    for one in box.sheet.tables:
        if one is not own and box_of(one["range"], book).overlaps(box):
            raise bad_request("A table cannot overlap another table.")
    if box.height < 1 or box.width < 1:
        raise bad_request("The range of a table must not be empty.")


def _checked_name(book: Book, given: Json) -> str:
    name = given.get("name")
    if not name:
        return free_table_name(book, "Table1")
    if any(one["name"].lower() == name.lower() for sheet in book.sheets for one in sheet.tables):
        raise bad_request(f'A table with the name "{name}" already exists.')
    return str(name)


def _checked_rows(given: Json) -> Json:
    """A footer colour would turn the last data row into totals and lose it."""
    if "footerColorStyle" in given:
        raise unimplemented("sheets.spreadsheets.batchUpdate", "tables with a footer")
    return {name: value for name, value in given.items() if name.endswith("Style")}


def _columns(batch: Batch, box: Box, given: list[Json]) -> list[Json]:
    """One entry per column; names not given come from the header row."""
    named = {one.get("columnIndex", 0): one for one in given}
    if any(not 0 <= at < box.width for at in named):
        raise bad_request("columnProperties.columnIndex must lie inside of the table.")
    view, taken, found = batch.view(), set[str](), []
    for at in range(box.width):
        one = _checked_column(named.get(at, {}))
        name = one.get("columnName") or view.text(box.sheet, box.top, box.left + at) or f"Column {at + 1}"
        if name.lower() in taken:
            name = f"{name} {column_letters(at)}"
        taken.add(name.lower())
        found.append({**one, "columnIndex": at, "columnName": name})
    return found


def _checked_column(one: Json) -> Json:
    typed, rule = one.get("columnType", _UNTYPED), one.get("dataValidationRule")
    if (rule is not None) != (typed == "DROPDOWN"):
        raise bad_request("dataValidationRule must be set exactly for columns of type DROPDOWN.")
    if rule is not None:
        if rule.get("condition", {}).get("type") != "ONE_OF_LIST":
            raise bad_request("The dataValidationRule of a table column must be of type ONE_OF_LIST.")
        checked_condition(rule["condition"], validation=True)
    return {name: value for name, value in one.items() if value != _UNTYPED}


def _write_header(batch: Batch, box: Box, table: Json) -> None:
    for one in table["columnProperties"]:
        at = box.left + one["columnIndex"]
        cell = box.sheet.cell(box.top, at)
        if batch.view().text(box.sheet, box.top, at) != one["columnName"]:
            batch.book.put(box.sheet, box.top, at, cell._replace(value=one["columnName"]))


def _found(batch: Batch, number: str) -> tuple[Sheet, Json]:
    for sheet in batch.book.sheets:
        for one in sheet.tables:
            if one["tableId"] == number:
                return sheet, one
    raise bad_request(f"No table with id: {number}")


@kind("updateTable")
def update_table(batch: Batch, body: Json) -> None:
    """Name, range, row colours or columns of a table."""
    given = colours.twinned(body.get("table", {}))
    _, table = _found(batch, given.get("tableId", ""))
    wanted = masks.names(
        masks.parse(body.get("fields"), "Table"), {"name", "range", "rowsProperties", "columnProperties"}
    )
    if "name" in wanted:
        others = Book(sheets=[Sheet(0, "")])
        others.sheets[0].tables = [one for sheet in batch.book.sheets for one in sheet.tables if one is not table]
        table["name"] = _checked_name(others, given)
    if "range" in wanted:
        box = batch.guarded(given.get("range"))
        _check_free(batch.book, box, table)
        table["range"] = grid_of(box)
        table["columnProperties"] = _columns(
            batch, box, [one for one in table["columnProperties"] if one["columnIndex"] < box.width]
        )
    if "rowsProperties" in wanted:
        table.pop("rowsProperties", None)
        if given.get("rowsProperties"):
            table["rowsProperties"] = _checked_rows(given["rowsProperties"])
    if "columnProperties" in wanted:
        box = box_of(table["range"], batch.book)
        table["columnProperties"] = _columns(batch, box, given.get("columnProperties", []))
        _write_header(batch, box, table)


@kind("deleteTable")
def delete_table(batch: Batch, body: Json) -> None:
    """Deletes a table with its content."""
    sheet, table = _found(batch, body.get("tableId", ""))
    box = batch.guarded(table["range"])
    for row in range(box.top, box.bottom):
        for column in range(box.left, box.right):
            batch.book.put(sheet, row, column, EMPTY)
    sheet.tables.remove(table)
