"""Reading values: a rectangle as lists, trimmed the way the service trims."""

from __future__ import annotations

from typing import Any

from bot.emulator.google.sheets.a1 import Box, printed
from bot.emulator.google.sheets.book import Json
from bot.emulator.google.sheets.view import View

FORMATTED, SERIAL = "FORMATTED_VALUE", "SERIAL_NUMBER"


def value_range(view: View, box: Box, options: Json) -> Json:
    """A ValueRange; no `values` key when everything in it is empty.

    `options` may hold valueRenderOption, dateTimeRenderOption and majorDimension.
    """
    dimension = options.get("majorDimension") or "ROWS"
    dimension = "ROWS" if dimension == "DIMENSION_UNSPECIFIED" else dimension
    render = options.get("valueRenderOption") or FORMATTED
    lines = _lines(view, box, render, options.get("dateTimeRenderOption") or SERIAL, dimension)
    found: Json = {"range": printed(box), "majorDimension": dimension}
    if lines:
        found["values"] = lines
    return found


def _lines(view: View, box: Box, render: str, dates: str, dimension: str) -> list[list[Any]]:
    grid: dict[int, dict[int, Any]] = {}
    rows = dimension == "ROWS"
    for row, column in filled(view, box):
        value = view.rendered(box.sheet, row, column, render, dates)
        first, second = (row - box.top, column - box.left) if rows else (column - box.left, row - box.top)
        grid.setdefault(first, {})[second] = value
    return [_line(grid.get(n, {})) for n in range(max(grid, default=-1) + 1)]


def _line(cells: dict[int, Any]) -> list[Any]:
    return [cells.get(n, "") for n in range(max(cells, default=-1) + 1)]


def filled(view: View, box: Box) -> list[tuple[int, int]]:
    """Places inside of `box` that hold a value, in no order."""
    sheet = box.sheet
    found = [
        (row, column)
        for row, line in sheet.cells.items()
        if box.top <= row < box.bottom
        for column, cell in line.items()
        if box.left <= column < box.right and cell.value is not None
    ]
    for sheet_id, row, column in view.results if view.book.spills else ():
        if sheet_id == sheet.id and box.contains(row, column) and sheet.cell(row, column).blank:
            found.append((row, column))
    return found
