"""values.append: finds the table that a range points at and the row below it."""

from __future__ import annotations

from bot.emulator.google.sheets.a1 import Area, Box, box_of, clamped
from bot.emulator.google.sheets.book import Book, Json
from bot.emulator.google.sheets.reading import filled
from bot.emulator.google.sheets.view import View


def table_at(view: View, area: Area) -> tuple[Box | None, Json | None]:
    """The last table that the area touches: a block of filled cells with empty ones all around it, or a table object.

    Returns (rectangle, table object); (None, None) when the area touches none.
    """
    box = clamped(area)
    table = _object_at(view.book, box)
    if table is not None:
        return box_of(table["range"], view.book), table
    everything = filled(view, Box(box.sheet, 0, 0, box.sheet.row_count, box.sheet.column_count))
    touched = [block for block in _blocks(box, set(everything)) if block.overlaps(box)]
    return (max(touched, key=lambda block: (block.bottom, block.right)) if touched else None), None


def _object_at(book: Book, box: Box) -> Json | None:
    found = [one for one in box.sheet.tables if box_of(one["range"], book).overlaps(box)]
    return max(found, key=lambda one: int(one["range"].get("endRowIndex", 0))) if found else None


def _blocks(box: Box, places: set[tuple[int, int]]) -> list[Box]:
    """Rectangles around cells that touch each other, corners included; rectangles that touch are one."""
    blocks: list[Box] = []
    while places:
        block = _around(box, _flood(places))
        near = [one for one in blocks if _touch(one, block)]
        while near:
            blocks = [one for one in blocks if one not in near]
            block = _joined(block, near)
            near = [one for one in blocks if _touch(one, block)]
        blocks.append(block)
    return blocks


def _flood(places: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Takes one connected group out of `places`."""
    waiting = [places.pop()]
    found = []
    while waiting:
        row, column = waiting.pop()
        found.append((row, column))
        for near in [(row + down, column + across) for down in (-1, 0, 1) for across in (-1, 0, 1)]:
            if near in places:
                places.remove(near)
                waiting.append(near)
    return found


def _around(box: Box, group: list[tuple[int, int]]) -> Box:
    rows, columns = [row for row, _ in group], [column for _, column in group]
    return Box(box.sheet, min(rows), min(columns), max(rows) + 1, max(columns) + 1)


def _touch(one: Box, other: Box) -> bool:
    rows = one.top <= other.bottom and other.top <= one.bottom
    return rows and one.left <= other.right and other.left <= one.right


def _joined(block: Box, others: list[Box]) -> Box:
    every = [block, *others]
    top, left = min(one.top for one in every), min(one.left for one in every)
    return Box(block.sheet, top, left, max(one.bottom for one in every), max(one.right for one in every))
