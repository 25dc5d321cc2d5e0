"""What stood in some tabs at one moment, what a write may do with it, and the ranges that carry rows to the wire."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal

from bot.project.cells import Trouble, to_cell
from bot.project.rows import FormReading, Problem, Reading, Row, read_form, read_tab, to_cells
from bot.project.schema import FIRST_ROW, Schema, Tab, letter

Cells = Sequence[Sequence[object]]
Known = Mapping[str, Mapping[str, int]]
Datum = dict[str, Any]  # one entry of values.batchUpdate: range and values
Result = Literal["written", "already", "person_won", "row_missing", "id_twice", "column_missing"]


class _Unseen:
    """Nothing is known of what stood in the cell: write whatever is there."""

    def __repr__(self) -> str:
        return "UNSEEN"


UNSEEN = _Unseen()


@dataclass(frozen=True)
class Change:
    """One cell to write: a row by its ID ("" in a form), a column by its name, and the value it was last seen with."""

    tab: str
    row_id: str
    column: str
    new: Any
    seen: Any = UNSEEN


@dataclass(frozen=True)
class Outcome:
    """What became of a change; `found` is the value that was there before."""

    change: Change
    result: Result
    found: Any = None

    @property
    def done(self) -> bool:
        """True when the cell now holds the wanted value."""
        return self.result in ("written", "already")


@dataclass(frozen=True)
class Grid:
    """A tab as it came over the wire: its title of today, how many rows it has, and its cells from A1 on."""

    title: str
    rows: int
    cells: Cells

    def at(self, row: int, column: int) -> object:
        """The cell in a 1-based row and 0-based column, "" when blank."""
        line = self.cells[row - 1] if 0 < row <= len(self.cells) else ()
        return line[column] if column < len(line) else ""

    def datum(self, row: int, column: int, values: Cells) -> Datum:
        """Values to write from a 1-based row and 0-based column on; None leaves a cell as it is."""
        width = max(len(line) for line in values)
        end = f"{letter(column + width - 1)}{row + len(values) - 1}"
        title = self.title.replace("'", "''")
        return {"range": f"'{title}'!{letter(column)}{row}:{end}", "values": [list(line) for line in values]}


_RANGE = re.compile(r"(?P<title>'(?:[^']|'')+'|[^!]+)!.*?(?P<rows>\d+)")


def grid_of(value_range: Mapping[str, Any]) -> Grid:
    """A Grid from an answered range; ValueError when the range is not one of a whole tab."""
    parts = _RANGE.fullmatch(value_range["range"])
    if parts is None:
        raise ValueError(f"an answer with the range {value_range['range']!r}")
    title = parts["title"]
    plain = title[1:-1].replace("''", "'") if title.startswith("'") else title
    return Grid(plain, int(parts["rows"]), value_range.get("values", []))


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


# ---------------------------------------------------------------------- writing beside IDs


class View:
    """Some tabs at one moment, as a write sees them."""

    def __init__(self, schema: Schema, grids: Mapping[str, Grid], known: Known | None = None) -> None:
        """`known` are column positions by tab and column name, for columns whose titles people changed."""
        self.schema, self.grids = schema, grids
        tabs = {name: schema.tab(name) for name in grids}
        tables = {n: t for n, t in tabs.items() if t.layout == "table"}
        self.tables = {n: read_tab(t, grids[n].cells, columns=(known or {}).get(n)) for n, t in tables.items()}
        self.forms = {n: read_form(t, grids[n].cells) for n, t in tabs.items() if t.layout == "form"}

    @property
    def lacks_columns(self) -> bool:
        """True when a table has a column that its title does not tell."""
        troubles = {problem.trouble for reading in self.tables.values() for problem in reading.problems}
        return Trouble.NO_COLUMN in troubles

    def judge(self, change: Change) -> Outcome:
        """What a write may do with this change now; *written* is still to be done."""
        if change.tab in self.tables:
            rows = self._rows(change)
            if len(rows) != 1:
                return Outcome(change, "id_twice" if rows else "row_missing")
        elif change.tab not in self.forms:
            return Outcome(change, "row_missing")
        if self._place(change) is None:
            return Outcome(change, "column_missing")
        found = self._found(change)
        if _same(found, change.new):
            return Outcome(change, "already", found)
        expected = change.seen is UNSEEN or _same(found, change.seen)
        return Outcome(change, "written" if expected else "person_won", found)

    def datum(self, change: Change) -> Datum:
        """The range and value to send for a change that was judged writable."""
        row, column = self._known_place(change)
        return self.grids[change.tab].datum(row, column, [[to_cell(change.new)]])

    def strays(self, change: Change, after: View) -> list[Datum]:
        """What to put back: our value stands beside another row's ID, because rows moved as we wrote."""
        row, column = self._known_place(change)
        if change.tab not in after.tables or after._place(change) == (row, column):
            return []
        grid = after.grids[change.tab]
        if grid.at(row, column) != to_cell(change.new):
            return []
        stranger = next((r for r in after.tables[change.tab].rows if r.number == row), None)
        home = self.tables[change.tab].by_id(stranger.id) if stranger else None
        was = self.grids[change.tab].at(home.number, column) if home else ""
        return [grid.datum(row, column, [[was]])]

    def _rows(self, change: Change) -> list[Row[Any]]:
        return [row for row in self.tables[change.tab].rows if row.id == change.row_id] if change.row_id else []

    def _place(self, change: Change) -> tuple[int, int] | None:
        """1-based row and 0-based column of a change's cell, None when it has none."""
        if change.tab in self.forms:
            form = self.forms[change.tab]
            number = form.numbers.get(change.column)
            return None if number is None else (number, form.column)
        rows = self._rows(change) if change.tab in self.tables else []
        column = self.tables[change.tab].columns.get(change.column) if rows else None
        return None if column is None else (rows[0].number, column)

    def _known_place(self, change: Change) -> tuple[int, int]:
        place = self._place(change)
        if place is None:
            raise LookupError(f"{change.tab}/{change.row_id}/{change.column} has no cell; judge it first")
        return place

    def _found(self, change: Change) -> object:
        """The value that stands there: as the model reads it, or the raw cell where it cannot be read."""
        form = change.tab in self.forms
        record = self.forms[change.tab].record if form else self._rows(change)[0].record
        read = getattr(record, change.column)
        return self.grids[change.tab].at(*self._known_place(change)) if read is None else read


# ---------------------------------------------------------------------- giving IDs


def id_data(view: View) -> tuple[list[Problem], list[Datum]]:
    """The rows without an ID of their own, and what to write so that each has one."""
    found: list[Problem] = []
    data: list[Datum] = []
    for name, reading in view.tables.items():
        for problem in reading.problems:
            if problem.trouble in (Trouble.NO_ID, Trouble.DUPLICATE_ID):
                found.append(problem)
                data.append(view.grids[name].datum(problem.row, reading.columns["id"], [[str(problem.proposal)]]))
    return found, data


def misplaced_ids(before: View, after: View) -> list[Datum]:
    """What to put back: a new ID stands beside a row that it was not meant for, because rows moved as we wrote."""
    data: list[Datum] = []
    for name, reading in before.tables.items():
        meant = {str(p.proposal): _row_at(reading, p.row) for p in reading.problems if p.column == "id" and p.proposal}
        for row_id, row in meant.items():
            now = after.tables[name].by_id(row_id) if name in after.tables else None
            if now and row and _without_id(now.record) != _without_id(row.record):
                home = next((r for r in reading.rows if _without_id(r.record) == _without_id(now.record)), None)
                was = home.id if home else ""
                data.append(after.grids[name].datum(now.number, after.tables[name].columns["id"], [[was]]))
    return data


def _row_at(reading: Reading, number: int) -> Row[Any] | None:
    return next((row for row in reading.rows if row.number == number), None)


def _without_id(record: Any) -> Any:
    return replace(record, id="")


def _same(one: object, other: object) -> bool:
    blank = (None, "")
    return one == other or (one in blank and other in blank)
