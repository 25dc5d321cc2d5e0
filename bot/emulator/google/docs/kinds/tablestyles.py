"""updateTableCellStyle, updateTableColumnProperties, updateTableRowStyle and pinTableHeaderRows."""

from __future__ import annotations

from typing import Any

from bot.emulator.google.docs.edit import Edit, Reply, kind
from bot.emulator.google.docs.kinds.tables import chosen
from bot.emulator.google.docs.places import table_of
from bot.emulator.google.docs.refusal import RefusalError
from bot.emulator.google.docs.segment import Style
from bot.emulator.google.docs.structure import Table
from bot.emulator.google.docs.styling import masked, tidy

_BORDERS = ("borderRight", "borderLeft", "borderBottom", "borderTop")
CELL_FIELDS = frozenset((*_BORDERS, "backgroundColor", "contentAlignment")) | {
    f"padding{side}" for side in ("Left", "Right", "Top", "Bottom")
}
_FACING = {
    "borderRight": (0, 1, "borderLeft"),
    "borderLeft": (0, -1, "borderRight"),
    "borderBottom": (1, 0, "borderTop"),
    "borderTop": (-1, 0, "borderBottom"),
}
NARROWEST = 5
_DEFAULTS: Style = {"backgroundColor": {}, "contentAlignment": "TOP"}


@kind("updateTableCellStyle")
def update_table_cell_style(edit: Edit, request: dict[str, Any]) -> Reply:
    segment_id, table, rows, columns = _area(edit, request)
    fields = masked(request, CELL_FIELDS, frozenset(("rowSpan", "columnSpan")))
    given = {name: tidy(value) for name, value in request.get("tableCellStyle", {}).items() if name in fields}
    _check_borders(given)
    cells = [(row, column) for row in rows for column in columns]
    for name in [name for name in fields if name not in _BORDERS] + [name for name in _BORDERS if name in fields]:
        for row, column in cells:
            _set(edit, segment_id, table, row, column, name, given)
            if name in _FACING:
                down, right, facing = _FACING[name]
                mirrored = {facing: given[name]} if name in given else {}
                _set(edit, segment_id, table, row + down, column + right, facing, mirrored)
    return None


def _area(edit: Edit, request: dict[str, Any]) -> tuple[str, Table, range, range]:
    """The cells of `tableRange`, or all cells of the table at `tableStartLocation`."""
    if ("tableRange" in request) == ("tableStartLocation" in request):
        raise RefusalError("Exactly one of tableRange and tableStartLocation must be specified.")
    if "tableRange" in request:
        return chosen(edit, request)
    segment_id, table = table_of(edit.document, request["tableStartLocation"])
    return segment_id, table, range(len(table.rows)), range(len(table.columns))


def _check_borders(given: Style) -> None:
    for name in _BORDERS:
        border = given.get(name)
        if border is not None and not {"color", "width", "dashStyle"} <= border.keys():
            raise RefusalError(f"The {name} must be specified in its entirety: color, width and dashStyle.")


def _set(edit: Edit, segment_id: str, table: Table, row: int, column: int, name: str, given: Style) -> None:
    if not (0 <= row < len(table.rows) and 0 <= column < len(table.columns)):
        return
    start = table.rows[row].cells[column].start
    style = edit.document.segments[segment_id].extras[start] or {}
    kept = {field: value for field, value in style.items() if field != name}
    reset = {name: _DEFAULTS[name]} if name in _DEFAULTS else {}
    edit.document.put_extra(segment_id, start, kept | reset | ({name: given[name]} if name in given else {}))


@kind("updateTableColumnProperties")
def update_table_column_properties(edit: Edit, request: dict[str, Any]) -> Reply:
    segment_id, table = table_of(edit.document, request.get("tableStartLocation", {}))
    fields = masked(request, frozenset(("width", "widthType")))
    wanted = request.get("tableColumnProperties", {})
    given = {name: tidy(value) for name, value in wanted.items() if name in fields}
    if "width" in given and given["width"].get("magnitude", 0) < NARROWEST:
        raise RefusalError(f"The width of a column must be at least {NARROWEST} points.")
    columns = list(table.columns)
    for index in _indices(request.get("columnIndices", []), len(columns), "Column"):
        kept = {name: value for name, value in columns[index].items() if name not in fields}
        columns[index] = _column(kept | given)
    edit.document.put_extra(segment_id, table.start, {"columns": columns})
    return None


def _column(properties: Style) -> Style:
    """A column's properties; a width only counts, and is only kept, when the width is fixed."""
    width_type = properties.get("widthType", "EVENLY_DISTRIBUTED")
    if width_type == "FIXED_WIDTH" and "width" not in properties:
        raise RefusalError("The width of a column of fixed width must be specified.")
    return {"widthType": width_type} | ({"width": properties["width"]} if width_type == "FIXED_WIDTH" else {})


def _indices(wanted: list[int], size: int, what: str) -> list[int]:
    """The indices asked for, all of them when none is; each must exist."""
    for index in wanted:
        if not 0 <= index < size:
            raise RefusalError(f"{what} index {index} is out of bounds.")
    return wanted or list(range(size))


@kind("updateTableRowStyle")
def update_table_row_style(edit: Edit, request: dict[str, Any]) -> Reply:
    segment_id, table = table_of(edit.document, request.get("tableStartLocation", {}))
    fields = masked(request, frozenset(("minRowHeight", "preventOverflow", "tableHeader")))
    given = {name: tidy(value) for name, value in request.get("tableRowStyle", {}).items() if name in fields}
    for index in _indices(request.get("rowIndices", []), len(table.rows), "Row"):
        row = table.rows[index]
        kept = {name: value for name, value in row.style.items() if name not in fields}
        edit.document.put_extra(segment_id, row.start, kept | given)
    return None


@kind("pinTableHeaderRows")
def pin_table_header_rows(edit: Edit, request: dict[str, Any]) -> Reply:
    segment_id, table = table_of(edit.document, request.get("tableStartLocation", {}))
    count = request.get("pinnedHeaderRowsCount", 0)
    if not 0 <= count <= len(table.rows):
        raise RefusalError(f"The number of pinned header rows must be between 0 and {len(table.rows)}.")
    for index, row in enumerate(table.rows):
        style = {name: value for name, value in row.style.items() if name != "tableHeader"}
        edit.document.put_extra(segment_id, row.start, style | ({"tableHeader": True} if index < count else {}))
    return None
