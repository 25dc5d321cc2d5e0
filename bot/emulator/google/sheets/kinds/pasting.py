"""Requests that copy, cut, paste, fill and split."""

from __future__ import annotations

import csv
import io
from itertools import pairwise

from bot.emulator.google.errors import bad_request, unimplemented
from bot.emulator.google.sheets.a1 import Area, Box, clamped, grid_of
from bot.emulator.google.sheets.batch import Batch, kind
from bot.emulator.google.sheets.book import EMPTY, Cell, Formula, Json, Value
from bot.emulator.google.sheets.dimensions import append
from bot.emulator.google.sheets.formulas import relocated, shifted
from bot.emulator.google.sheets.protection import check
from bot.emulator.google.sheets.writing import Writer

_DELIMITERS = {"COMMA": ",", "SEMICOLON": ";", "PERIOD": ".", "SPACE": " "}


def pasted(old: Cell, new: Cell, way: str, value: Value) -> Cell:
    """`old` after `new` was pasted onto it; `value` is what the source computes."""
    if way == "PASTE_VALUES":
        return old._replace(value=value, runs=new.runs)
    if way == "PASTE_FORMAT":
        return old._replace(style=new.style)
    if way == "PASTE_FORMULA":
        return old._replace(value=new.value)
    if way == "PASTE_DATA_VALIDATION":
        return old._replace(rule=new.rule)
    if way == "PASTE_NO_BORDERS":
        style = {name: one for name, one in new.style.items() if name != "borders"}
        return new._replace(style=style | ({"borders": old.style["borders"]} if "borders" in old.style else {}))
    return new


def _way(body: Json, name: str = "pasteType") -> str:
    way = str(body.get(name, "PASTE_NORMAL"))
    if way == "PASTE_CONDITIONAL_FORMATTING":
        raise unimplemented("sheets.spreadsheets.batchUpdate", way)
    return way


@kind("copyPaste")
def copy_paste(batch: Batch, body: Json) -> None:
    """Copies a range; a destination larger by whole multiples is filled with copies, a smaller one is spilled over."""
    source, way = batch.box(body.get("source")), _way(body)
    turned = body.get("pasteOrientation") == "TRANSPOSE"
    height, width = (source.width, source.height) if turned else (source.height, source.width)
    target = batch.box(body.get("destination"))
    high = target.height // height * height if target.height >= height and target.height % height == 0 else height
    wide = target.width // width * width if target.width >= width and target.width % width == 0 else width
    target = clamped(
        Area(target.sheet, target.top, target.left, target.top + max(high, height), target.left + max(wide, width))
    )
    batch.guard(target)
    view = batch.view()
    cells = {
        (row, at): (source.sheet.cell(row, at), view.value(source.sheet, row, at))
        for row in range(source.top, source.bottom)
        for at in range(source.left, source.right)
    }
    for row in range(target.top, target.bottom):
        for at in range(target.left, target.right):
            down, across = (row - target.top) % height, (at - target.left) % width
            origin = (source.top + across, source.left + down) if turned else (source.top + down, source.left + across)
            _paste_one(batch, target, (row, at), origin, cells[origin], way)
    if way == "PASTE_NORMAL" and not turned:
        _copy_merges(source, target)


def _paste_one(
    batch: Batch, target: Box, place: tuple[int, int], origin: tuple[int, int], copied: tuple[Cell, Value], way: str
) -> None:
    cell, value = copied
    if isinstance(cell.value, Formula):
        cell = cell._replace(value=shifted(cell.value, place[0] - origin[0], place[1] - origin[1]))
    batch.book.put(target.sheet, *place, pasted(target.sheet.cell(*place), cell, way, value))


def _copy_merges(source: Box, target: Box) -> None:
    inner = [one for one in source.sheet.merges if source.contains(one["startRowIndex"], one["startColumnIndex"])]
    for top in range(target.top, target.bottom, max(source.height, 1)):
        for left in range(target.left, target.right, max(source.width, 1)):
            for one in inner:
                down, across = top - source.top, left - source.left
                box = Box(
                    target.sheet,
                    one["startRowIndex"] + down,
                    one["startColumnIndex"] + across,
                    one["endRowIndex"] + down,
                    one["endColumnIndex"] + across,
                )
                if grid_of(box) not in target.sheet.merges:
                    target.sheet.merges.append(grid_of(box))


@kind("cutPaste")
def cut_paste(batch: Batch, body: Json) -> None:
    """Moves a range; references to its cells follow."""
    source, way = batch.guarded(body.get("source")), _way(body)
    to = body.get("destination", {})
    sheet = batch.sheet(to.get("sheetId"))
    top, left = to.get("rowIndex", 0), to.get("columnIndex", 0)
    target = clamped(Area(sheet, top, left, top + source.height, left + source.width))
    batch.guard(target)
    view = batch.view()
    cells = {
        (row, at): (source.sheet.cell(row, at), view.value(source.sheet, row, at))
        for row in range(source.top, source.bottom)
        for at in range(source.left, source.right)
    }
    for place in cells:
        batch.book.put(source.sheet, *place, EMPTY)
    rows, columns = top - source.top, left - source.left
    for (row, at), (cell, value) in cells.items():
        place = (row + rows, at + columns)
        if target.contains(*place):
            batch.book.put(sheet, *place, pasted(sheet.cell(*place), cell, way, value))
    _follow(batch, source, target, rows, columns)


def _follow(batch: Batch, source: Box, target: Box, rows: int, columns: int) -> None:
    part = (source.sheet.title, source.top, source.left, source.bottom, source.right)
    for sheet in batch.book.sheets:
        for line in sheet.cells.values():
            for at, cell in line.items():
                if isinstance(cell.value, Formula):
                    line[at] = cell._replace(
                        value=relocated(cell.value, part, sheet.title, target.sheet.title, rows, columns)
                    )
    batch.book.restructure()


@kind("pasteData")
def paste_data(batch: Batch, body: Json) -> None:
    """Text with a delimiter, read as typed."""
    if body.get("html"):
        raise unimplemented("sheets.spreadsheets.batchUpdate", "pasteData of HTML")
    delimiter = body.get("delimiter", "")
    if len(delimiter) != 1:
        raise bad_request("A delimiter of one character must be specified.")
    rows = list(csv.reader(io.StringIO(body.get("data", "")), delimiter=delimiter))
    _enter(batch, body.get("coordinate", {}), rows)


def _enter(batch: Batch, start: Json, rows: list[list[str]]) -> None:
    sheet = batch.sheet(start.get("sheetId"))
    top, left = start.get("rowIndex", 0), start.get("columnIndex", 0)
    width = max((len(line) for line in rows), default=0)
    if not width:
        return
    for axis, end in (("ROWS", top + len(rows)), ("COLUMNS", left + width)):
        if end > sheet.size(axis):
            append(batch.book, sheet, axis, end - sheet.size(axis))
    Writer(batch.book, "USER_ENTERED", batch.who, batch.today()).write(
        Area(sheet, top, left, top + 1, left + 1), rows, "ROWS"
    )


@kind("textToColumns")
def text_to_columns(batch: Batch, body: Json) -> None:
    """Splits the texts of one column over it and the columns right of it."""
    box = batch.guarded(body.get("source"))
    if box.width != 1:
        raise bad_request("The source of textToColumns must be a single column.")
    view = batch.view()
    texts = [view.text(box.sheet, row, box.left) for row in range(box.top, box.bottom)]
    delimiter = _delimiter(body, texts)
    for row, text in zip(range(box.top, box.bottom), texts, strict=True):
        if text:
            parts = next(csv.reader([text], delimiter=delimiter))
            check(batch.book, Box(box.sheet, row, box.left, row + 1, box.left + len(parts)), batch.who)
            _enter(batch, {"sheetId": box.sheet.id, "rowIndex": row, "columnIndex": box.left}, [parts])


def _delimiter(body: Json, texts: list[str]) -> str:
    way = body.get("delimiterType", "AUTODETECT")
    if way == "CUSTOM":
        if len(body.get("delimiter", "")) != 1:
            raise bad_request("A delimiter of one character must be specified.")
        return str(body["delimiter"])
    if way in _DELIMITERS:
        return _DELIMITERS[way]
    return max(",;.\t ", key=lambda mark: sum(mark in text for text in texts))


@kind("autoFill")
def auto_fill(batch: Batch, body: Json) -> None:
    """Continues a source over more rows or columns: numbers in even steps go on, all else repeats."""
    if "sourceAndDestination" not in body:
        raise unimplemented("sheets.spreadsheets.batchUpdate", "autoFill with range")
    given = body["sourceAndDestination"]
    source, axis, length = batch.box(given.get("source")), given.get("dimension"), given.get("fillLength", 0)
    if axis not in ("ROWS", "COLUMNS") or not length:
        raise bad_request("dimension and fillLength must be specified.")
    down = axis == "ROWS"
    lines = range(source.left, source.right) if down else range(source.top, source.bottom)
    span = (source.top, source.bottom) if down else (source.left, source.right)
    first = span[1] if length > 0 else span[0] + length
    target = (
        Area(source.sheet, first, source.left, first + abs(length), source.right)
        if down
        else Area(source.sheet, source.top, first, source.bottom, first + abs(length))
    )
    batch.guard(clamped(target))
    for line in lines:
        _fill_line(batch, source, down, line, span, range(first, first + abs(length)))


def _fill_line(batch: Batch, source: Box, down: bool, line: int, span: tuple[int, int], targets: range) -> None:
    def place(at: int) -> tuple[int, int]:
        return (at, line) if down else (line, at)

    cells = [source.sheet.cell(*place(at)) for at in range(*span)]
    numbers = [
        float(cell.value) for cell in cells if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool)
    ]
    step = numbers[1] - numbers[0] if len(numbers) == len(cells) > 1 else None
    even = step is not None and all(abs(b - a - step) < 1e-9 for a, b in pairwise(numbers))
    for at in targets:
        origin = span[0] + (at - span[0]) % len(cells)
        cell = cells[origin - span[0]]
        if even and step is not None:
            value = numbers[0] + step * (at - span[0])
            cell = cell._replace(value=int(value) if value == int(value) else value)
        elif isinstance(cell.value, Formula):
            moved = (at - origin, 0) if down else (0, at - origin)
            cell = cell._replace(value=shifted(cell.value, *moved))
        batch.book.put(source.sheet, *place(at), cell)
