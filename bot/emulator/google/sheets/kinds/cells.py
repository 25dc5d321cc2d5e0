"""Requests that write cells: contents, formats, notes, rules, borders, merges."""

from __future__ import annotations

from bot.emulator.google.errors import bad_request, unimplemented
from bot.emulator.google.fields import Mask
from bot.emulator.google.sheets import colours, masks
from bot.emulator.google.sheets.a1 import Area, Box, box_of, cell_name, grid_of, inside
from bot.emulator.google.sheets.batch import Batch, kind
from bot.emulator.google.sheets.book import EMPTY, Cell, Formula, Json, Sheet
from bot.emulator.google.sheets.cells import written
from bot.emulator.google.sheets.dimensions import append_rows
from bot.emulator.google.sheets.formulas import shifted
from bot.emulator.google.sheets.rules import checked_rule

_MERGED = "You must select all cells in a merged range to merge or unmerge them."


def _put(batch: Batch, sheet: Sheet, row: int, column: int, data: Json, mask: Mask) -> None:
    batch.book.put(sheet, row, column, written(batch.book, sheet.cell(row, column), data, mask))


@kind("updateCells")
def update_cells(batch: Batch, body: Json) -> None:
    """Rows of CellData from a start or into a range; beyond the rows a range is cleared in the masked fields."""
    mask = masks.parse(body.get("fields"), "CellData")
    if ("start" in body) == ("range" in body):
        raise bad_request("Exactly one of start or range must be specified.")
    rows = [line.get("values", []) for line in body.get("rows", ())]
    if "start" in body:
        _from_start(batch, body["start"], rows, mask)
    else:
        _into_range(batch, body["range"], rows, mask)


def _from_start(batch: Batch, start: Json, rows: list[list[Json]], mask: Mask) -> None:
    sheet, top, left = batch.sheet(start.get("sheetId")), start.get("rowIndex", 0), start.get("columnIndex", 0)
    width = max((len(line) for line in rows), default=0)
    if not rows or not width:
        return
    batch.guard(inside(Area(sheet, top, left, top + len(rows), left + width)))
    for down, line in enumerate(rows):
        for across, data in enumerate(line):
            _put(batch, sheet, top + down, left + across, data, mask)


def _into_range(batch: Batch, grid: Json, rows: list[list[Json]], mask: Mask) -> None:
    box = batch.guarded(grid)
    if len(rows) > box.height or any(len(line) > box.width for line in rows):
        limit = f"{cell_name(box.top, box.left)}:{cell_name(box.bottom - 1, box.right - 1)}"
        raise bad_request(f"Attempting to write rows or columns outside of the range {limit}.")
    for row in range(box.top, box.bottom):
        line = rows[row - box.top] if row - box.top < len(rows) else []
        for column in range(box.left, box.right):
            data = line[column - box.left] if column - box.left < len(line) else {}
            if data or box.sheet.cell(row, column) != EMPTY:
                _put(batch, box.sheet, row, column, data, mask)


@kind("repeatCell")
def repeat_cell(batch: Batch, body: Json) -> None:
    """One cell's masked parts into every cell of a range; formulas shift with the cell."""
    mask = masks.parse(body.get("fields"), "CellData")
    box = batch.guarded(body.get("range"))
    data = body.get("cell", {})
    formula = data.get("userEnteredValue", {}).get("formulaValue")
    if not formula:
        _repeat_same(batch, box, data, mask)
        return
    for row in range(box.top, box.bottom):
        for column in range(box.left, box.right):
            text = str(shifted(formula, row - box.top, column - box.left))
            _put(batch, box.sheet, row, column, {**data, "userEnteredValue": {"formulaValue": text}}, mask)


def _repeat_same(batch: Batch, box: Box, data: Json, mask: Mask) -> None:
    """Cells that were equal stay one shared object."""
    made: dict[int, Cell] = {}
    kept: list[Cell] = []  # keeps the ids in `made` alive
    for row in range(box.top, box.bottom):
        for column in range(box.left, box.right):
            old = box.sheet.cell(row, column)
            if id(old) not in made:
                kept.append(old)
                made[id(old)] = written(batch.book, old, data, mask)
            batch.book.put(box.sheet, row, column, made[id(old)])


@kind("appendCells")
def append_cells(batch: Batch, body: Json) -> None:
    """Rows of CellData after the last row with data, from column A."""
    if "tableId" in body:
        raise unimplemented("sheets.spreadsheets.batchUpdate", "appendCells with tableId")
    mask = masks.parse(body.get("fields"), "CellData")
    sheet = batch.sheet(body.get("sheetId"))
    rows = [line.get("values", []) for line in body.get("rows", ())]
    last = max((row for row, _, cell in sheet.filled() if not cell.blank), default=-1)
    missing = last + 1 + len(rows) - sheet.row_count
    if missing > 0:
        append_rows(batch.book, sheet, missing)
    if rows:
        _from_start(batch, {"sheetId": sheet.id, "rowIndex": last + 1}, rows, mask)


@kind("setDataValidation")
def set_validation(batch: Batch, body: Json) -> None:
    """Sets a rule on every cell of a range; without one it clears."""
    box = batch.guarded(body.get("range"))
    rule = checked_rule(body["rule"]) if body.get("rule") else None
    if rule is not None:
        _check_typed_columns(batch, box)
    for row in range(box.top, box.bottom):
        for column in range(box.left, box.right):
            cell = box.sheet.cell(row, column)
            if cell.rule is not rule:
                batch.book.put(box.sheet, row, column, cell._replace(rule=rule))


def _check_typed_columns(batch: Batch, box: Box) -> None:
    for table in box.sheet.tables:
        where = box_of(table["range"], batch.book)
        for column in table.get("columnProperties", ()):
            at = where.left + column.get("columnIndex", 0)
            typed = column.get("columnType", "COLUMN_TYPE_UNSPECIFIED") != "COLUMN_TYPE_UNSPECIFIED"
            if typed and box.overlaps(Box(box.sheet, where.top + 1, at, where.bottom, at + 1)):
                raise bad_request("You can't set data validation on a typed column of a table.")


@kind("updateBorders")
def update_borders(batch: Batch, body: Json) -> None:
    """Outer and inner borders of a range; sides left out stay as they are."""
    box = batch.guarded(body.get("range"))
    for row in range(box.top, box.bottom):
        for column in range(box.left, box.right):
            sides = {
                "top": body.get("top" if row == box.top else "innerHorizontal"),
                "bottom": body.get("bottom" if row == box.bottom - 1 else "innerHorizontal"),
                "left": body.get("left" if column == box.left else "innerVertical"),
                "right": body.get("right" if column == box.right - 1 else "innerVertical"),
            }
            _border(batch, box.sheet, row, column, {name: one for name, one in sides.items() if one is not None})


def _border(batch: Batch, sheet: Sheet, row: int, column: int, sides: Json) -> None:
    cell = sheet.cell(row, column)
    borders = dict(cell.style.get("borders", {}))
    for name, one in sides.items():
        if one.get("style", "NONE") in ("NONE", "STYLE_UNSPECIFIED"):
            borders.pop(name, None)
        else:
            borders[name] = colours.twinned({"color": {}, **one} if "colorStyle" not in one else one)
    style = {name: value for name, value in cell.style.items() if name != "borders"}
    batch.book.put(sheet, row, column, cell._replace(style={**style, "borders": borders} if borders else style))


@kind("mergeCells")
def merge_cells(batch: Batch, body: Json) -> None:
    """Merges a range whole, by rows or by columns; only the first cell's content stays."""
    box = batch.guarded(body.get("range"))
    _unmerge(batch, box)
    way = body.get("mergeType", "MERGE_ALL")
    if way == "MERGE_ROWS":
        parts = [Box(box.sheet, row, box.left, row + 1, box.right) for row in range(box.top, box.bottom)]
    elif way == "MERGE_COLUMNS":
        parts = [Box(box.sheet, box.top, at, box.bottom, at + 1) for at in range(box.left, box.right)]
    else:
        parts = [box]
    for part in parts:
        _check_frozen(part)
        if part.height * part.width > 1:
            box.sheet.merges.append(grid_of(part))
            _keep_first(batch, part)


def _check_frozen(box: Box) -> None:
    for name, low, high, word in (
        ("frozenRowCount", box.top, box.bottom, "rows"),
        ("frozenColumnCount", box.left, box.right, "columns"),
    ):
        if low < box.sheet.grid.get(name, 0) < high:
            raise bad_request(f"You can't merge frozen and non-frozen {word}.")


def _keep_first(batch: Batch, box: Box) -> None:
    places = [(row, at) for row in range(box.top, box.bottom) for at in range(box.left, box.right)]
    first = next((place for place in places if not box.sheet.cell(*place).blank), None)
    content = box.sheet.cell(*first) if first else EMPTY
    for place in places[1:]:
        cell = box.sheet.cell(*place)
        if not cell.blank:
            batch.book.put(box.sheet, *place, cell._replace(value=None, runs=(), chips=()))
    if first and first != places[0]:
        value = content.value
        if isinstance(value, Formula):
            value = shifted(value, box.top - first[0], box.left - first[1])
        batch.book.put(box.sheet, *places[0], box.sheet.cell(*places[0])._replace(value=value))


@kind("unmergeCells")
def unmerge_cells(batch: Batch, body: Json) -> None:
    """Dissolves the merges inside of a range."""
    _unmerge(batch, batch.guarded(body.get("range")))


def _unmerge(batch: Batch, box: Box) -> None:
    kept = []
    for one in box.sheet.merges:
        merge = box_of(one, batch.book)
        if not merge.overlaps(box):
            kept.append(one)
        elif not (
            box.top <= merge.top and merge.bottom <= box.bottom and box.left <= merge.left and merge.right <= box.right
        ):
            raise bad_request(_MERGED)
    box.sheet.merges = kept
