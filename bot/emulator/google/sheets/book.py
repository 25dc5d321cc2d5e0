"""What a spreadsheet holds: sheets, cells, dimensions, named things; indexes are 0-based and ends exclusive."""

from __future__ import annotations

import copy
import math
import pickle
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bot.emulator.google.errors import bad_request

Json = dict[str, Any]
ROWS, COLUMNS = 1000, 26  # the grid of a new tab
ROW_PIXELS, COLUMN_PIXELS = 21, 100
MOST_CELLS = 10_000_000
MOST_CHARACTERS = 50_000


SPILLING = re.compile(
    r"\{|\b(?:FILTER|UNIQUE|SORT|SORTBY|SEQUENCE|TRANSPOSE|ARRAYFORMULA|RANDARRAY|VSTACK|HSTACK|TEXTSPLIT|MMULT)\(",
    re.IGNORECASE,
)


class Formula(str):
    """A formula as the person typed it, with the leading "=", in English syntax."""

    __slots__ = ()


class Failure(str):
    """An error value such as "#DIV/0!"."""

    __slots__ = ()


Value = bool | int | float | str | None  # str may be a Formula (typed) or a Failure (computed)


class Cell(NamedTuple):
    """One cell; immutable, so that rows, sheets and files can share cells. `style` is the userEnteredFormat."""

    value: Value = None
    style: Json = {}  # noqa: RUF012 - cells are immutable and share it
    note: str = ""
    rule: Json | None = None
    runs: tuple[Json, ...] = ()
    chips: tuple[Json, ...] = ()

    @property
    def blank(self) -> bool:
        """Whether nothing was typed into the cell (it may still carry a format or a note)."""
        return self.value is None


EMPTY = Cell()
# What a twin of a tab has for itself; cells never change, so it shares them.
OWN = (
    "properties", "grid", "rows", "columns", "merges", "conditional", "protected", "banded", "tables", "filter_views",
    "basic_filter", "row_groups", "column_groups",
)  # fmt: skip


@dataclass(eq=False)
class Sheet:
    """One tab. `cells[row][column]` holds cells that differ from EMPTY; `things` the objects that live on ranges."""

    id: int
    title: str
    row_count: int = ROWS
    column_count: int = COLUMNS
    properties: Json = field(default_factory=dict)  # hidden, rightToLeft, tabColor, tabColorStyle
    grid: Json = field(default_factory=dict)  # frozenRowCount, frozenColumnCount, hideGridlines, …ControlAfter
    cells: dict[int, dict[int, Cell]] = field(default_factory=dict)
    rows: dict[int, Json] = field(default_factory=dict)  # DimensionProperties that differ from the default
    columns: dict[int, Json] = field(default_factory=dict)
    merges: list[Json] = field(default_factory=list)
    conditional: list[Json] = field(default_factory=list)
    protected: list[Json] = field(default_factory=list)
    banded: list[Json] = field(default_factory=list)
    tables: list[Json] = field(default_factory=list)
    filter_views: list[Json] = field(default_factory=list)
    basic_filter: Json | None = None
    row_groups: list[Json] = field(default_factory=list)
    column_groups: list[Json] = field(default_factory=list)
    packed: str | None = None  # the cells as packing.py last wrote them; None after a change

    def cell(self, row: int, column: int) -> Cell:
        """The cell there, EMPTY when nothing is."""
        line = self.cells.get(row)
        return EMPTY if line is None else line.get(column, EMPTY)

    def filled(self) -> Iterator[tuple[int, int, Cell]]:
        """Every stored cell with its place, row by row."""
        for row in sorted(self.cells):
            line = self.cells[row]
            for column in sorted(line):
                yield row, column, line[column]

    def dimension(self, axis: str) -> dict[int, Json]:
        """The properties of rows ("ROWS") or columns ("COLUMNS")."""
        return self.rows if axis == "ROWS" else self.columns

    def size(self, axis: str) -> int:
        """How many rows or columns the grid has."""
        return self.row_count if axis == "ROWS" else self.column_count

    def resize(self, axis: str, count: int) -> None:
        """Sets the number of rows or columns without touching cells."""
        if axis == "ROWS":
            self.row_count = count
        else:
            self.column_count = count

    def twin(self) -> Sheet:
        """The same tab again; what is done to one of them does not show in the other."""
        twin = copy.copy(self)
        twin.cells = {row: dict(line) for row, line in self.cells.items()}
        for name, value in zip(OWN, _own([getattr(self, name) for name in OWN]), strict=True):
            setattr(twin, name, value)
        return twin

    @property
    def hidden(self) -> bool:
        """Whether the tab is hidden."""
        return bool(self.properties.get("hidden"))


@dataclass(eq=False)
class Book:
    """A whole spreadsheet, without its id and title (those are the Drive file's)."""

    locale: str = "en_US"
    zone: str = "Etc/GMT"
    properties: Json = field(default_factory=dict)  # autoRecalc, iterativeCalculationSettings, …
    sheets: list[Sheet] = field(default_factory=list)
    named: dict[str, Json] = field(default_factory=dict)  # namedRangeId -> {"name", "range"}
    metadata: dict[int, Json] = field(default_factory=dict)  # metadataId -> row, see metadata.py
    reserved: list[str] = field(default_factory=list)  # names of named ranges that went with their tab
    spills: bool = False  # whether any formula may fill more cells than its own
    changed: set[tuple[int, int, int]] = field(default_factory=set)  # (sheet id, row, column) since last calculated
    restructured: bool = True  # more than single values changed since last calculated
    journal: list[tuple[Sheet, int, int, Value, Value]] = field(default_factory=list)  # values replaced by this call

    def restructure(self, tabs: Iterable[Sheet] | None = None) -> None:
        """Says that more than single cells are changing: everything is calculated anew, and these tabs (all) packed."""
        self.restructured = True
        for one in self.sheets if tabs is None else tabs:
            one.packed = None

    def twin(self) -> Book:
        """The same spreadsheet again, not calculated yet."""
        named, metadata, properties, reserved = _own([self.named, self.metadata, self.properties, self.reserved])
        sheets = [one.twin() for one in self.sheets]
        return Book(self.locale, self.zone, properties, sheets, named, metadata, reserved, self.spills)

    def sheet(self, sheet_id: int) -> Sheet:
        """The tab with that id; KeyError without one."""
        for one in self.sheets:
            if one.id == sheet_id:
                return one
        raise KeyError(sheet_id)

    def by_title(self, title: str) -> Sheet | None:
        """The tab with exactly that title."""
        return next((one for one in self.sheets if one.title == title), None)

    def first_visible(self) -> Sheet:
        """The tab that a bare "A1" means."""
        return next((one for one in self.sheets if not one.hidden), self.sheets[0])

    def put(self, sheet: Sheet, row: int, column: int, cell: Cell) -> None:
        """Stores a cell and remembers that its value may have to be calculated again."""
        old = sheet.cell(row, column)
        sheet.packed = None
        if cell == EMPTY:
            line = sheet.cells.get(row)
            if line is not None:
                line.pop(column, None)
                if not line:
                    del sheet.cells[row]
        else:
            _check_length(cell.value)
            sheet.cells.setdefault(row, {})[column] = cell
            if isinstance(cell.value, Formula) and SPILLING.search(cell.value):
                self.spills = True
        if type(old.value) is not type(cell.value) or old.value != cell.value:
            self.changed.add((sheet.id, row, column))
            self.journal.append((sheet, row, column, old.value, cell.value))

    def new_id(self) -> int:
        """A positive 31-bit id that no sheet or object of this book has."""
        taken = {one.id for one in self.sheets} | set(self.object_ids())
        while True:
            found = secrets.randbelow(2**31 - 1) + 1
            if found not in taken:
                return found

    def object_ids(self) -> Iterator[int]:
        """Ids of protected ranges, bandings and filter views."""
        for sheet in self.sheets:
            yield from (one["protectedRangeId"] for one in sheet.protected)
            yield from (one["bandedRangeId"] for one in sheet.banded)
            yield from (one["filterViewId"] for one in sheet.filter_views)

    def cell_count(self) -> int:
        """Cells of all grids, filled or not."""
        return sum(one.row_count * one.column_count for one in self.sheets)


def _own(value: Any) -> Any:
    """A copy of plain data through all its depth, five times as fast as deepcopy."""
    return pickle.loads(pickle.dumps(value))  # noqa: S301  # our own bytes of a moment ago


def finite(value: float) -> float | int:
    """A number that a cell can hold. Raises 400 for infinities, no-numbers and what no double holds."""
    try:
        found = float(value)
    except (OverflowError, ValueError):
        found = math.inf
    if not math.isfinite(found):
        raise bad_request("A cell cannot hold a number that is not finite.")
    return int(value) if isinstance(value, int) and abs(value) < 2**53 else found


def new_book(title: str = "Sheet1") -> Book:
    """A spreadsheet with one empty tab, sheetId 0."""
    return Book(sheets=[Sheet(0, title)])


def _check_length(value: Value) -> None:
    if isinstance(value, str) and len(value) > MOST_CHARACTERS:
        raise bad_request(
            f"Your input contains more than the maximum of {MOST_CHARACTERS} characters in a single cell."
        )
