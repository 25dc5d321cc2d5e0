"""Rows added below the last one: inserted together with what they hold, so that they never stand on anybody's row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.project import schema as schemas
from bot.project.rows import Cell, to_cells
from bot.project.schema import Schema, Tab
from bot.world import mending, wire, writing
from bot.world.google import GoogleError
from bot.world.grid import Grid, first_free
from bot.world.retry import Mark
from bot.world.spreadsheet import Sent, Spreadsheet
from bot.world.view import Change, View

TRIES = 3  # of an insertion whose answer was lost, or that the file refused because it changed


def append(file: Spreadsheet, tab: Tab, record: Any, also: Sequence[Change] = ()) -> str:
    """Add a row below the last one, once, and cells of other tabs with it; returns its ID, "" where there is none."""
    tabs = list(dict.fromkeys([tab.name, *(change.tab for change in also)]))
    before = file.look(tabs)
    before.grid(tab.name, "sheets.append")
    if tab.id_prefix and not record.id:
        record = replace(record, id=mending.given_id(file, tab, before))
        before = file.look(tabs)
    elif _stands(before, tab, record):
        return _written(file, before, also, str(record.id))
    after = _inserted(file, before, tab, record, also)
    _straighten(file, before, after, tab, record)
    return _written(file, after, also, str(getattr(record, "id", "")))


def _written(file: Spreadsheet, view: View, also: Sequence[Change], row_id: str) -> str:
    """The cells that a look does not show yet, by the way of every other cell; gives the row's ID on."""
    left = [change for change in also if view.judge(change).result == "written"]
    if left:
        writing.write(file, left)
    return row_id


def _stands(view: View, tab: Tab, record: Any) -> bool:
    """True when a row of that ID is there; rows without IDs cannot be told apart."""
    row_id = getattr(record, "id", "")
    return bool(row_id) and tab.name in view.tables and view.tables[tab.name].by_id(row_id) is not None


def _inserted(file: Spreadsheet, before: View, tab: Tab, record: Any, also: Sequence[Change]) -> View:
    """The tab with the new row. It is inserted again where its answer was lost and it is not there, or where somebody
    typed over it at once.
    """
    view = before
    for number in range(TRIES):
        columns, earlier = view.tables[tab.name].columns, view
        others = writing.cells(view, [change for change in also if view.judge(change).result == "written"])
        requests = [*_requests(file.schema, view, tab, record), *_others(view, others)]
        try:
            wire.batch_update(file.google, file.file_id, requests, Mark.LOOK_FIRST)
        except GoogleError as error:
            is_last = number == TRIES - 1 or not getattr(record, "id", "")
            if is_last or error.kind not in ("ambiguous", "invalid"):
                raise
        view = file.look(list(before.grids))
        view = file.taken_back(earlier, view, others) if others else view
        view.grid(tab.name, "sheets.append")
        is_told = bool(getattr(record, "id", "")) and view.tables[tab.name].columns == columns
        if not is_told or _stands(view, tab, record):
            break
    return view


def _others(view: View, sent: Sent) -> list[dict[str, Any]]:
    """Single cells of other tabs, written in the same act."""
    return [
        {
            "updateCells": {
                "start": {"sheetId": view.grids[tab].sheet_id, "rowIndex": row - 1, "columnIndex": column},
                "rows": [{"values": [_cell_data(value)]}],
                "fields": "userEnteredValue",
            }
        }
        for tab, places in sent.items()
        for (row, column), value in places.items()
    ]


def _requests(schema: Schema, view: View, tab: Tab, record: Any) -> list[dict[str, Any]]:
    """Insert a row and fill it; a tab that ends there gets a row at its end."""
    grid, reading = view.grids[tab.name], view.tables[tab.name]
    number = first_free(tab, grid, reading)
    line = to_cells(tab, record, reading.columns)
    cells = [_cell_data(value) for value in line]
    for column in tab.columns:
        if column.formula and tab.prefill and column.name in reading.columns:
            at = reading.columns[column.name]
            cells += [{}] * (at + 1 - len(cells))
            text = schemas.formula(schema, tab, column.name, number, reading.columns)
            cells[at] = {"userEnteredValue": {"formulaValue": text}}
    start = {"sheetId": grid.sheet_id, "rowIndex": number - 1, "columnIndex": 0}
    update = {"updateCells": {"start": start, "rows": [{"values": cells}], "fields": "userEnteredValue"}}
    return [*_room(grid, number, reading.header), update]


def _room(grid: Grid, number: int, header: int) -> list[dict[str, Any]]:
    if number > grid.rows:
        return [{"appendDimension": {"sheetId": grid.sheet_id, "dimension": "ROWS", "length": number - grid.rows}}]
    span = {"sheetId": grid.sheet_id, "dimension": "ROWS", "startIndex": number - 1, "endIndex": number}
    return [{"insertDimension": {"range": span, "inheritFromBefore": number - 1 > header}}]


def _cell_data(value: Any) -> dict[str, Any]:
    """A cell as typed text, a number or a tick. A leading apostrophe is doubled: this call takes the first one away."""
    if value is None or value == "":
        return {}
    if isinstance(value, bool):
        return {"userEnteredValue": {"boolValue": value}}
    if isinstance(value, int | float):
        return {"userEnteredValue": {"numberValue": value}}
    return {"userEnteredValue": {"stringValue": f"'{value}" if value.startswith("'") else value}}


# ---------------------------------------------------------------------- columns that moved meanwhile


def _straighten(file: Spreadsheet, before: View, after: View, tab: Tab, record: Any) -> None:
    """Our row anew, where somebody moved columns between our look and the insertion; it is nobody else's."""
    if tab.name not in after.tables or not tab.id_prefix:
        return
    now, was = after.tables[tab.name].columns, before.tables[tab.name].columns
    if all(now.get(name) == at for name, at in was.items()):
        return
    number = _row_of(after.grids[tab.name], before, tab, record)
    if number:
        width = max(len(after.grids[tab.name].line(number)), max(now.values()) + 1)
        line = _line(tab, record, now, width)
        wire.put(file.google, file.file_id, [after.grids[tab.name].datum(number, 0, [line])])


def _row_of(grid: Grid, before: View, tab: Tab, record: Any) -> int:
    """The row that holds our cells as they were sent, 0 when there is none."""
    sent = to_cells(tab, record, before.tables[tab.name].columns)
    told = {at: value for at, value in enumerate(sent) if value not in (None, "", False)}
    rows = range(1, len(grid.cells) + 1)
    return next((row for row in rows if all(grid.at(row, at) == value for at, value in told.items())), 0)


def _line(tab: Tab, record: Any, columns: Mapping[str, int], width: int) -> list[Cell]:
    cells = to_cells(tab, record, columns)
    formulas = {columns[column.name] for column in tab.columns if column.formula and column.name in columns}
    cells += [None] * (width - len(cells))
    return [None if at in formulas else "" if value is None else value for at, value in enumerate(cells)]
