"""A tab as it came over the wire, and the ranges that carry rows back to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from bot.project.cells import to_cell
from bot.project.rows import FormReading, Reading, to_cells
from bot.project.schema import FIRST_ROW, Tab

Cells = Sequence[Sequence[object]]
Datum = dict[str, Any]  # one entry of values.batchUpdateByDataFilter: filter and values


@dataclass(frozen=True)
class Grid:
    """A tab at one moment: its id, its title of that time, how many rows it has, and its cells from A1 on."""

    sheet_id: int
    title: str
    rows: int
    cells: Cells

    def at(self, row: int, column: int) -> object:
        """The cell in a 1-based row and 0-based column, "" when blank."""
        line = self.line(row)
        return line[column] if column < len(line) else ""

    def line(self, row: int) -> Sequence[object]:
        """A 1-based row, without its blank end."""
        return self.cells[row - 1] if 0 < row <= len(self.cells) else ()

    def datum(self, row: int, column: int, values: Cells) -> Datum:
        """Values to write from a 1-based row and 0-based column on; None leaves a cell as it is.

        The range goes by the tab's id: somebody may swap two tabs' names while we write.
        """
        span = {
            "sheetId": self.sheet_id,
            "startRowIndex": row - 1,
            "endRowIndex": row - 1 + len(values),
            "startColumnIndex": column,
            "endColumnIndex": column + max(len(line) for line in values),
        }
        return {"dataFilter": {"gridRange": span}, "values": [list(line) for line in values]}


_RANGE = re.compile(r"(?P<title>'(?:[^']|'')+'|[^!]+)!.*?(?P<rows>\d+)")


def grid_of(value_range: Mapping[str, Any], sheet_id: int = 0) -> Grid:
    """A Grid from an answered range; ValueError when the range is not one of a whole tab."""
    parts = _RANGE.fullmatch(value_range["range"])
    if parts is None:
        raise ValueError(f"an answer with the range {value_range['range']!r}")
    title = parts["title"]
    plain = title[1:-1].replace("''", "'") if title.startswith("'") else title
    return Grid(sheet_id, plain, int(parts["rows"]), value_range.get("values", []))


# ---------------------------------------------------------------------- filling and adding


def table_data(tab: Tab, grid: Grid, reading: Reading, records: Sequence[Any]) -> list[Datum]:
    """All rows of a table in one range; rows that stood there beyond them are blanked. Formulas stay."""
    first = (reading.header or FIRST_ROW - 1) + 1
    lines = [to_cells(tab, record, reading.columns) for record in records]
    blank = to_cells(tab, tab.record(), reading.columns)
    blank = ["" if cell is not None else None for cell in blank]
    lines += [blank] * max(0, first_free(tab, grid, reading) - first - len(lines))
    return [grid.datum(first, 0, lines)] if lines else []


def form_data(tab: Tab, grid: Grid, reading: FormReading[Any], content: object) -> list[Datum]:
    """The named fields of a form; blank ones, formulas and fields that somebody removed are left alone."""
    values = content if isinstance(content, Mapping) else _fields(content)
    return [
        grid.datum(reading.numbers[name], reading.column, [[to_cell(value)]])
        for name, value in values.items()
        if value not in (None, "") and not tab.column(name).formula and name in reading.numbers
    ]


def _fields(record: object) -> dict[str, Any]:
    if not is_dataclass(record) or isinstance(record, type):
        raise TypeError(f"a form is filled from a record or a mapping, not from {type(record).__name__}")
    return {field.name: getattr(record, field.name) for field in fields(record)}


def first_free(tab: Tab, grid: Grid, reading: Reading) -> int:
    """The row below the last one in which any of our columns holds something (prefilled formulas do not count)."""
    ours = [reading.columns[c.name] for c in tab.columns if c.name in reading.columns and not c.formula]
    used = [n for n in range(1, len(grid.cells) + 1) if any(grid.at(n, at) not in ("", False) for at in ours)]
    return max(used[-1] + 1 if used else FIRST_ROW, reading.header + 1, FIRST_ROW)
