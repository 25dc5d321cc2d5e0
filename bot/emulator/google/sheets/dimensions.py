"""Rows and columns: inserting, deleting, moving and appending them, with everything that lives on them going along."""

from __future__ import annotations

from collections.abc import Iterator

from bot.emulator.google.errors import bad_request
from bot.emulator.google.sheets.book import MOST_CELLS, Book, Cell, Formula, Json, Sheet
from bot.emulator.google.sheets.formulas import adjusted
from bot.emulator.google.sheets.spans import KEYS, Change, Delete, Insert, Move, moved_grid


def insert(book: Book, sheet: Sheet, axis: str, at: int, count: int, inherit: bool) -> None:
    """Inserts `count` rows or columns before `at`; formats come from the one before (`inherit`) or the one after."""
    source = at - 1 if inherit else at
    if not inherit and at >= sheet.size(axis):
        source = at - 1
    properties = dict(sheet.dimension(axis).get(source, {}))
    styles = _styles(sheet, axis, source)
    _check_limit(book, sheet, axis, count)
    _apply(book, sheet, Insert(axis, at, count))
    sheet.resize(axis, sheet.size(axis) + count)
    for place in range(at, at + count):
        if properties:
            sheet.dimension(axis)[place] = dict(properties)
        for across, cell in styles.items():
            row, column = (place, across) if axis == "ROWS" else (across, place)
            sheet.cells.setdefault(row, {})[column] = cell


def _styles(sheet: Sheet, axis: str, source: int) -> dict[int, Cell]:
    """Formats and rules of a row's (or column's) cells, without their contents."""
    if axis == "ROWS":
        line = sheet.cells.get(source, {})
    else:
        line = {row: cells[source] for row, cells in sheet.cells.items() if source in cells}
    kept = {at: Cell(style=cell.style, rule=cell.rule) for at, cell in line.items()}
    return {at: cell for at, cell in kept.items() if cell.style or cell.rule}


def append_rows(book: Book, sheet: Sheet, count: int) -> None:
    """Grows the grid at the bottom."""
    append(book, sheet, "ROWS", count)


def append(book: Book, sheet: Sheet, axis: str, count: int) -> None:
    """Grows the grid at its end."""
    _check_limit(book, sheet, axis, count)
    sheet.resize(axis, sheet.size(axis) + count)
    book.restructure(())


def _check_limit(book: Book, sheet: Sheet, axis: str, count: int) -> None:
    other = sheet.column_count if axis == "ROWS" else sheet.row_count
    check_cells(book, count * other)


def check_cells(book: Book, more: int) -> None:
    """Refuses a grid that would pass the limit of a workbook."""
    if more > 0 and book.cell_count() + more > MOST_CELLS:
        raise bad_request(
            f"This action would increase the number of cells in the workbook above the limit of {MOST_CELLS} cells."
        )


def delete(book: Book, sheet: Sheet, axis: str, start: int, end: int) -> None:
    """Deletes [start, end); ranges that keep a part shrink, references to what is gone become #REF!."""
    if end - start >= sheet.size(axis):
        word = "rows" if axis == "ROWS" else "columns"
        raise bad_request(f"You can't delete all the {word} on the sheet.")
    frozen = "frozenRowCount" if axis == "ROWS" else "frozenColumnCount"
    count = sheet.grid.get(frozen, 0)
    if sheet.size(axis) - (end - start) <= count - max(0, min(end, count) - start):
        raise bad_request(f"You can't delete all non-frozen {'rows' if axis == 'ROWS' else 'columns'}.")
    _apply(book, sheet, Delete(axis, start, end))
    sheet.resize(axis, sheet.size(axis) - (end - start))
    if count > start:
        sheet.grid[frozen] = count - (min(end, count) - start)


def move(book: Book, sheet: Sheet, axis: str, start: int, end: int, to: int) -> None:
    """Moves [start, end) before `to` (a place before the move)."""
    if to in (start, end):
        return
    _apply(book, sheet, Move(axis, start, end, to))


def resize(book: Book, sheet: Sheet, axis: str, count: int) -> None:
    """Sets the size of the grid: appends or cuts at the end."""
    if count < 1:
        raise bad_request(
            f"gridProperties.{'rowCount' if axis == 'ROWS' else 'columnCount'} must be greater than zero."
        )
    size = sheet.size(axis)
    if count > size:
        append(book, sheet, axis, count - size)
    elif count < size:
        delete(book, sheet, axis, count, size)


def _apply(book: Book, sheet: Sheet, change: Change) -> None:
    book.restructure([sheet])
    _move_cells(sheet, change)
    places = sheet.dimension(change.axis)
    moved = {change.point(at): value for at, value in places.items()}
    places.clear()
    places.update({at: value for at, value in moved.items() if at is not None})
    move_objects(book, sheet, change)
    _move_metadata(book, sheet, change)
    _move_groups(sheet, change)
    _adjust_formulas(book, sheet, change)


def _move_cells(sheet: Sheet, change: Change) -> None:
    if change.axis == "ROWS":
        rows = {change.point(at): line for at, line in sheet.cells.items()}
        sheet.cells = {at: line for at, line in rows.items() if at is not None}
        return
    for row, line in list(sheet.cells.items()):
        columns = {change.point(at): cell for at, cell in line.items()}
        kept = {at: cell for at, cell in columns.items() if at is not None}
        if kept:
            sheet.cells[row] = kept
        else:
            del sheet.cells[row]


def _adjust_formulas(book: Book, target: Sheet, change: Change) -> None:
    for sheet in book.sheets:
        for line in sheet.cells.values():
            for column, cell in line.items():
                if isinstance(cell.value, Formula):
                    text = adjusted(cell.value, sheet.title, target.title, change)
                    if text != cell.value:
                        line[column] = cell._replace(value=text)
                        sheet.packed = None
    _adjust_conditions(book, target, change)


def conditions(book: Book) -> Iterator[tuple[Sheet, Json]]:
    """Every condition of conditional formats with its tab: their formulas follow the grid too."""
    for sheet in book.sheets:
        for rule in sheet.conditional:
            if "booleanRule" in rule:
                yield sheet, rule["booleanRule"].get("condition", {})


def _adjust_conditions(book: Book, target: Sheet, change: Change) -> None:
    for sheet, condition in conditions(book):
        for one in condition.get("values", ()):
            text = one.get("userEnteredValue", "")
            if text.startswith("="):
                one["userEnteredValue"] = str(adjusted(text, sheet.title, target.title, change))
    if change.axis == "ROWS" or change.axis == "COLUMNS":
        _adjust_rules(book, target, change)


def _adjust_rules(book: Book, target: Sheet, change: Change) -> None:
    """Data validations that take their list from a range or a formula."""
    made: dict[int, Json] = {}
    for sheet in book.sheets:
        for line in sheet.cells.values():
            for column, cell in line.items():
                if cell.rule is None or cell.rule["condition"].get("type") not in ("ONE_OF_RANGE", "CUSTOM_FORMULA"):
                    continue
                if id(cell.rule) not in made:
                    made[id(cell.rule)] = _adjusted_rule(cell.rule, sheet, target, change)
                if made[id(cell.rule)] is not cell.rule:
                    line[column] = cell._replace(rule=made[id(cell.rule)])
                    sheet.packed = None


def _adjusted_rule(rule: Json, sheet: Sheet, target: Sheet, change: Change) -> Json:
    values = []
    for one in rule["condition"].get("values", ()):
        text = one.get("userEnteredValue", "")
        values.append(
            {**one, "userEnteredValue": str(adjusted(text, sheet.title, target.title, change))}
            if "=" in text[:1]
            else one
        )
    changed = values != rule["condition"].get("values", [])
    return {**rule, "condition": {**rule["condition"], "values": values}} if changed else rule


def move_objects(book: Book, sheet: Sheet, change: Change) -> None:
    """Merges, protections, tables and all else that lies on ranges of that tab."""
    for name in ("merges", "protected", "banded", "tables", "filter_views", "conditional"):
        kept = [one for one in getattr(sheet, name) if _keeps(name, one, sheet.id, change)]
        setattr(sheet, name, kept)
    sheet.merges = [one for one in sheet.merges if _cells(one) > 1]
    if sheet.basic_filter is not None and not _keeps("basic_filter", sheet.basic_filter, sheet.id, change):
        sheet.basic_filter = None
    for number, named in list(book.named.items()):
        grid = moved_grid(named["range"], sheet.id, change)
        if grid is None:
            del book.named[number]
        else:
            named["range"] = grid


def _cells(grid: Json) -> int:
    return int((grid["endRowIndex"] - grid["startRowIndex"]) * (grid["endColumnIndex"] - grid["startColumnIndex"]))


def _keeps(name: str, one: Json, sheet_id: int, change: Change) -> bool:
    """Moves the object's ranges in place; False when it lost all of them."""
    if name == "merges":
        grid = moved_grid(one, sheet_id, change)
        if grid is not None:
            one.update(grid)
        return grid is not None
    if name == "conditional":
        grids = [moved_grid(grid, sheet_id, change) for grid in one["ranges"]]
        one["ranges"] = [grid for grid in grids if grid is not None]
        return bool(one["ranges"])
    for extra in one.get("unprotectedRanges", ()):
        extra.update(moved_grid(extra, sheet_id, change) or {})
    if name == "tables":
        return _keeps_table(one, sheet_id, change)
    if name in ("filter_views", "basic_filter") and change.axis == "COLUMNS":
        _move_criteria(one, change)
    if "range" not in one:
        return True
    grid = moved_grid(one["range"], sheet_id, change)
    if grid is not None:
        one["range"] = grid
    return grid is not None


def _move_criteria(one: Json, change: Change) -> None:
    """Criteria and sort orders of a filter follow their columns and go with them."""
    criteria = {change.point(int(at)): rule for at, rule in one.pop("criteria", {}).items()}
    kept = {str(at): rule for at, rule in criteria.items() if at is not None}
    one.pop("filterSpecs", None)
    if kept:
        one["criteria"] = kept
        one["filterSpecs"] = [{"columnIndex": int(at), "filterCriteria": rule} for at, rule in kept.items()]
    if "sortSpecs" in one:
        sorts = [{**spec, "dimensionIndex": change.point(spec.get("dimensionIndex", 0))} for spec in one["sortSpecs"]]
        one["sortSpecs"] = [spec for spec in sorts if spec["dimensionIndex"] is not None]


def _keeps_table(table: Json, sheet_id: int, change: Change) -> bool:
    old = table["range"]
    grid = moved_grid(old, sheet_id, change)
    if grid is None:
        return False
    if change.axis == "COLUMNS":
        _move_table_columns(table, old, grid, change)
    table["range"] = grid
    return True


def _move_table_columns(table: Json, old: Json, new: Json, change: Change) -> None:
    first, base = old.get("startColumnIndex", 0), new.get("startColumnIndex", 0)
    kept = []
    for column in table.get("columnProperties", ()):
        place = change.point(first + column.get("columnIndex", 0))
        if place is not None:
            kept.append({**column, "columnIndex": place - base})
    known = {column["columnIndex"] for column in kept}
    fresh = [at for at in range(new["endColumnIndex"] - base) if at not in known]
    kept += [{"columnIndex": at, "columnName": f"Column {at + 1}"} for at in fresh]
    table["columnProperties"] = sorted(kept, key=lambda column: int(column["columnIndex"]))


def _move_metadata(book: Book, sheet: Sheet, change: Change) -> None:
    for number, row in list(book.metadata.items()):
        if row.get("sheetId") != sheet.id or row.get("axis") != change.axis:
            continue
        place = change.point(row["index"])
        if place is None:
            del book.metadata[number]
        else:
            row["index"] = place


def _move_groups(sheet: Sheet, change: Change) -> None:
    groups = sheet.row_groups if change.axis == "ROWS" else sheet.column_groups
    kept = []
    for one in groups:
        span = change.span(one["range"]["startIndex"], one["range"]["endIndex"])
        if span is not None:
            one["range"] = {**one["range"], "startIndex": span[0], "endIndex": span[1]}
            kept.append(one)
    groups[:] = kept


def check_span(sheet: Sheet, given: Json) -> tuple[str, int, int]:
    """(axis, start, end) of a DimensionRange; open ends mean the grid's. Raises 400 when it leaves the grid."""
    axis = given.get("dimension")
    if axis not in KEYS:
        raise bad_request("No dimension specified.")
    start, end = given.get("startIndex", 0), given.get("endIndex", sheet.size(axis))
    if start < 0 or end < start:
        raise bad_request("range.startIndex must not be negative nor greater than range.endIndex.")
    return axis, start, end
