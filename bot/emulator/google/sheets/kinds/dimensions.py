"""Requests on rows and columns: insert, delete, move, append, resize, group, and shifting part of them."""

from __future__ import annotations

from bot.emulator.google.errors import bad_request
from bot.emulator.google.sheets import dimensions, masks
from bot.emulator.google.sheets.a1 import Box, box_of
from bot.emulator.google.sheets.batch import Batch, kind
from bot.emulator.google.sheets.book import COLUMN_PIXELS, ROW_PIXELS, Book, Formula, Json, Sheet
from bot.emulator.google.sheets.formulas import relocated
from bot.emulator.google.sheets.protection import REFUSAL, may_edit, range_of
from bot.emulator.google.sheets.reading import filled

_SHOWN = {"pixelSize", "hiddenByUser"}
_CHARACTER, _MARGIN = 7, 21  # pixels: of an average character, around a cell's text


def _band(sheet: Sheet, axis: str, start: int, end: int) -> Box:
    if axis == "ROWS":
        return Box(sheet, start, 0, end, sheet.column_count)
    return Box(sheet, 0, start, sheet.row_count, end)


def _word(axis: str) -> str:
    return "row" if axis == "ROWS" else "column"


@kind("insertDimension")
def insert_dimension(batch: Batch, body: Json) -> None:
    """New rows or columns before range.startIndex."""
    given = body.get("range", {})
    sheet = batch.sheet(given.get("sheetId"))
    axis, start, end = dimensions.check_span(sheet, given)
    if start > sheet.size(axis):
        raise bad_request(f"range.startIndex[{start}] is after last {_word(axis)}[{sheet.size(axis)}]")
    if end == start:
        raise bad_request("range.endIndex must be greater than range.startIndex.")
    inherit = bool(body.get("inheritFromBefore"))
    if inherit and start == 0:
        raise bad_request("inheritFromBefore cannot be true when inserting at index 0.")
    if 0 < start < sheet.size(axis):
        _guard_between(batch, sheet, axis, start)
    dimensions.insert(batch.book, sheet, axis, start, end - start, inherit)


def _guard_between(batch: Batch, sheet: Sheet, axis: str, at: int) -> None:
    """Inserting strictly inside of a protected range is editing it."""
    for rule in sheet.protected:
        box = box_of(range_of(rule, batch.book), batch.book)
        low, high = (box.top, box.bottom) if axis == "ROWS" else (box.left, box.right)
        if low < at < high and not may_edit(rule, batch.who):
            raise bad_request(REFUSAL)


@kind("deleteDimension")
def delete_dimension(batch: Batch, body: Json) -> None:
    """Deletes rows or columns with all that is in them."""
    given = body.get("range", {})
    sheet = batch.sheet(given.get("sheetId"))
    axis, start, end = dimensions.check_span(sheet, given)
    size, word = sheet.size(axis), _word(axis)
    if start >= size or end > size:
        missing = start if start >= size else end - 1
        raise bad_request(
            f"Cannot delete a {word} that doesn't exist. "
            f"Tried to delete {word} index {missing} but there are only {size} {word}s."
        )
    if start < end:
        batch.guard(_band(sheet, axis, start, end))
        dimensions.delete(batch.book, sheet, axis, start, end)


@kind("moveDimension")
def move_dimension(batch: Batch, body: Json) -> None:
    """Moves rows or columns before destinationIndex, counted before the move."""
    given = body.get("source", {})
    sheet = batch.sheet(given.get("sheetId"))
    axis, start, end = dimensions.check_span(sheet, given)
    to = body.get("destinationIndex", 0)
    if end > sheet.size(axis):
        raise bad_request(f"source.endIndex[{end}] is after last {_word(axis)}[{sheet.size(axis)}]")
    if start <= to < end:
        raise bad_request(f"destinationIndex[{to}] must be outside the requested range[{start}-{end}]")
    if to > sheet.size(axis):
        raise bad_request(f"destinationIndex[{to}] is after last {_word(axis)}[{sheet.size(axis)}]")
    batch.guard(_band(sheet, axis, min(start, to), max(end, to)))
    dimensions.move(batch.book, sheet, axis, start, end, to)


@kind("appendDimension")
def append_dimension(batch: Batch, body: Json) -> None:
    """Grows the grid at its end."""
    if body.get("dimension") not in ("ROWS", "COLUMNS") or body.get("length", 0) < 1:
        raise bad_request("dimension and a length greater than zero must be specified.")
    dimensions.append(batch.book, batch.sheet(body.get("sheetId")), body["dimension"], body["length"])


@kind("updateDimensionProperties")
def update_properties(batch: Batch, body: Json) -> None:
    """Sizes and hidden flags of rows or columns."""
    mask = masks.parse(body.get("fields"), "DimensionProperties")
    given = body.get("range", {})
    sheet = batch.sheet(given.get("sheetId"))
    axis, start, end = dimensions.check_span(sheet, given)
    if end > sheet.size(axis):
        raise bad_request(f"range.endIndex[{end}] is after last {_word(axis)}[{sheet.size(axis)}]")
    properties = body.get("properties", {})
    for at in range(start, end):
        own = dict(sheet.dimension(axis).get(at, {}))
        for name in masks.names(mask, _SHOWN) & _SHOWN:
            own.pop(name, None)
            if properties.get(name):
                own[name] = properties[name]
        _keep(sheet, axis, at, own)


def _keep(sheet: Sheet, axis: str, at: int, own: Json) -> None:
    if own:
        sheet.dimension(axis)[at] = own
    else:
        sheet.dimension(axis).pop(at, None)


@kind("autoResizeDimensions")
def auto_resize(batch: Batch, body: Json) -> None:
    """Fits sizes to the longest text, by an average character's width."""
    given = body.get("dimensions", {})
    sheet = batch.sheet(given.get("sheetId"))
    axis, start, end = dimensions.check_span(sheet, given)
    view = batch.view()
    texts: dict[int, int] = {}
    for row, column in filled(view, _band(sheet, axis, start, min(end, sheet.size(axis)))):
        shown = view.text(sheet, row, column)
        at = row if axis == "ROWS" else column
        size = ROW_PIXELS * (shown.count("\n") + 1) if axis == "ROWS" else _CHARACTER * len(shown) + _MARGIN
        texts[at] = max(texts.get(at, 0), size)
    for at in range(start, min(end, sheet.size(axis))):
        own = {name: value for name, value in sheet.dimension(axis).get(at, {}).items() if name != "pixelSize"}
        size = texts.get(at, ROW_PIXELS if axis == "ROWS" else COLUMN_PIXELS)
        _keep(sheet, axis, at, own | {"pixelSize": size})


# -- groups ---------------------------------------------------------------------------------------------------------


def _groups(batch: Batch, given: Json) -> tuple[list[Json], Json]:
    sheet = batch.sheet(given.get("sheetId"))
    axis, start, end = dimensions.check_span(sheet, given)
    if start == end or end > sheet.size(axis):
        raise bad_request("The range of a group must lie inside of the grid and not be empty.")
    span = {"sheetId": sheet.id, "dimension": axis, "startIndex": start, "endIndex": end}
    return (sheet.row_groups if axis == "ROWS" else sheet.column_groups), span


def _deepened(groups: list[Json]) -> list[Json]:
    """Groups sorted, each with its depth: how many groups contain it, itself included."""
    groups.sort(key=lambda one: (one["range"]["startIndex"], -one["range"]["endIndex"]))
    for one in groups:
        one["depth"] = sum(_within(one["range"], other["range"]) for other in groups)
    return [dict(one) for one in groups]


def _within(inner: Json, outer: Json) -> bool:
    return bool(outer["startIndex"] <= inner["startIndex"] and inner["endIndex"] <= outer["endIndex"])


@kind("addDimensionGroup")
def add_group(batch: Batch, body: Json) -> Json:
    """Groups a span; groups may nest but not cross."""
    groups, span = _groups(batch, body.get("range", {}))
    for one in groups:
        other = one["range"]
        apart = span["endIndex"] <= other["startIndex"] or other["endIndex"] <= span["startIndex"]
        if not (apart or _within(span, other) or _within(other, span)):
            raise bad_request("The range of a group must not partially overlap another group.")
    groups.append({"range": span, "depth": 1})
    return {"dimensionGroups": _deepened(groups)}


@kind("deleteDimensionGroup")
def delete_group(batch: Batch, body: Json) -> Json:
    """Removes the deepest group of exactly that span."""
    groups, span = _groups(batch, body.get("range", {}))
    same = [one for one in groups if one["range"] == span]
    if not same:
        raise bad_request("There is no group over the specified range.")
    groups.remove(same[-1])
    return {"dimensionGroups": _deepened(groups)} if groups else {}


@kind("updateDimensionGroup")
def update_group(batch: Batch, body: Json) -> None:
    """Collapses or opens a group; its rows or columns hide or show."""
    mask = masks.parse(body.get("fields"), "DimensionGroup")
    given = body.get("dimensionGroup", {})
    groups, span = _groups(batch, given.get("range", {}))
    found = next(
        (one for one in groups if one["range"] == span and one["depth"] == given.get("depth", one["depth"])), None
    )
    if found is None:
        raise bad_request("There is no group over the specified range at the specified depth.")
    if "collapsed" not in masks.names(mask, {"collapsed"}):
        return
    found.pop("collapsed", None)
    if given.get("collapsed"):
        found["collapsed"] = True
    _hide(batch.sheet(span["sheetId"]), span, bool(given.get("collapsed")))


def _hide(sheet: Sheet, span: Json, hidden: bool) -> None:
    for at in range(span["startIndex"], span["endIndex"]):
        own = {
            name: value
            for name, value in sheet.dimension(span["dimension"]).get(at, {}).items()
            if name != "hiddenByUser"
        }
        _keep(sheet, span["dimension"], at, own | ({"hiddenByUser": True} if hidden else {}))


# -- part of a row or column ----------------------------------------------------------------------------------------


@kind("insertRange")
def insert_range(batch: Batch, body: Json) -> None:
    """Empty cells in a range; what was there goes down or right, off the grid's end never."""
    box, axis = batch.guarded(body.get("range")), _shift_axis(body)
    sheet = box.sheet
    size = box.height if axis == "ROWS" else box.width
    places = _behind(box, axis)
    past = [p for p in places if (p[0] if axis == "ROWS" else p[1]) + size >= sheet.size(axis)]
    if past:
        dimensions.append(batch.book, sheet, axis, size)
    _shift(batch.book, sheet, places, axis, size)
    _relocate(batch.book, _strip(box, axis), axis, size)


@kind("deleteRange")
def delete_range(batch: Batch, body: Json) -> None:
    """Deletes the cells of a range; what is below or right of it moves in."""
    box, axis = batch.guarded(body.get("range")), _shift_axis(body)
    size = box.height if axis == "ROWS" else box.width
    behind = [p for p in _behind(box, axis) if not box.contains(*p)]
    for place in [p for p in _behind(box, axis) if box.contains(*p)]:
        batch.book.put(
            box.sheet,
            *place,
            box.sheet.cell(*place)._replace(value=None, style={}, note="", rule=None, runs=(), chips=()),
        )
    _shift(batch.book, box.sheet, behind, axis, -size)
    after = box._replace(top=box.bottom) if axis == "ROWS" else box._replace(left=box.right)
    _relocate(batch.book, _strip(after, axis), axis, -size)


def _shift_axis(body: Json) -> str:
    axis = body.get("shiftDimension")
    if axis not in ("ROWS", "COLUMNS"):
        raise bad_request("shiftDimension must be specified.")
    return str(axis)


def _strip(box: Box, axis: str) -> Box:
    """From the box to the end of the grid."""
    return box._replace(bottom=box.sheet.row_count) if axis == "ROWS" else box._replace(right=box.sheet.column_count)


def _behind(box: Box, axis: str) -> list[tuple[int, int]]:
    strip = _strip(box, axis)
    return [(row, column) for row, column, _ in box.sheet.filled() if strip.contains(row, column)]


def _shift(book: Book, sheet: Sheet, places: list[tuple[int, int]], axis: str, by: int) -> None:
    moved = {place: sheet.cell(*place) for place in places}
    for row, column in places:
        sheet.cells[row].pop(column)
    for (row, column), cell in moved.items():
        target = (row + by, column) if axis == "ROWS" else (row, column + by)
        sheet.cells.setdefault(target[0], {})[target[1]] = cell
    sheet.cells = {row: line for row, line in sheet.cells.items() if line}
    book.restructure()


def _relocate(book: Book, box: Box, axis: str, by: int) -> None:
    """References into the moved part follow it."""
    part = (box.sheet.title, box.top, box.left, box.bottom, box.right)
    rows, columns = (by, 0) if axis == "ROWS" else (0, by)
    for sheet in book.sheets:
        for line in sheet.cells.values():
            for at, cell in line.items():
                if isinstance(cell.value, Formula):
                    line[at] = cell._replace(
                        value=relocated(cell.value, part, sheet.title, box.sheet.title, rows, columns)
                    )
