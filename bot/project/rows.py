"""Rows: the values of a tab become records at this one door, and records become cells; never upset by a cell."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Generic, TypeVar

from bot.project import headers
from bot.project.cells import Bad, Trouble, Value, clean, default, is_blank, read, to_cell
from bot.project.headers import Header, fold
from bot.project.schema import FORM_HEADER, Column, Tab, letter

Cells = Sequence[Sequence[object]]
"""What a values read returns for a tab from A1 on: unformatted values, dates as serial numbers, short rows allowed."""

Cell = str | int | float | bool | None
"""What is written to a cell; None leaves it as it is."""

R = TypeVar("R")
S = TypeVar("S")


@dataclass(frozen=True)
class Problem:
    """Something that a person should mend. *address* is like ``Milestones!J7``; *row* counts from 1 (0: none)."""

    trouble: Trouble
    address: str
    found: str
    expected: str
    proposal: Value = None
    row: int = 0
    column: str = ""
    row_id: str = ""


@dataclass(frozen=True)
class Row(Generic[R]):
    """One record with its ID ("" when blank) and its sheet row, counted from 1. Rows move: find them again by ID."""

    id: str
    number: int
    record: R


@dataclass(frozen=True)
class Reading:
    """A table as read.

    *columns* maps column names to zero-based positions; *header* is the row above the first data row, 0 if not found,
    and *head* what is known of it.
    """

    rows: tuple[Row[Any], ...] = ()
    problems: tuple[Problem, ...] = ()
    columns: Mapping[str, int] = field(default_factory=dict)
    header: int = 0
    last_row: int = 0
    highest_id: int = 0
    head: Header | None = None

    def of(self, kind: type[S]) -> list[Row[S]]:
        """The rows as rows of *kind*."""
        return [row for row in self.rows if isinstance(row.record, kind)]

    def records(self, kind: type[S]) -> list[S]:
        """The records alone."""
        return [row.record for row in self.of(kind)]

    def by_id(self, row_id: str) -> Row[Any] | None:
        """The first row with this ID."""
        return next((row for row in self.rows if row.id == row_id), None) if row_id else None


@dataclass(frozen=True)
class FormReading(Generic[R]):
    """A form as read. *numbers* maps field names to sheet rows (from 1); *column* is the zero-based value column."""

    record: R
    problems: tuple[Problem, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    column: int = 2


def address(tab: Tab, row: int, column: int) -> str:
    """``Milestones!J7``; titles that need it are quoted. *row* counts from 1, *column* from 0."""
    return f"{_quoted(tab.title)}!{letter(column)}{row}"


@cache
def _quoted(title: str) -> str:
    return title if re.fullmatch(r"[A-Za-z_]\w*", title) else "'" + title.replace("'", "''") + "'"


def read_tab(
    tab: Tab,
    values: Cells,
    locale: str = "en_US",
    columns: Mapping[str, int] | None = None,
    titles: Mapping[str, str] | None = None,
) -> Reading:
    """The records of a table tab and everything that is wrong with it.

    *locale* is the file's; *columns* are positions that metadata tells, *titles* what stands for a column in this file.
    """
    header = headers.find(tab, values, columns, titles)
    if header is None:
        wanted = ", ".join(c.title for c in tab.columns)
        return Reading(
            problems=(Problem(Trouble.NO_HEADER, address(tab, 1, 0), "no known title", wanted),), last_row=len(values)
        )
    problems = _header_problems(tab, header)
    lines = _filled(tab, header, values)
    rows = _read_rows(tab, header, lines, locale, problems)
    highest = _highest_id(tab, values, header)
    problems += _id_problems(tab, header, rows, highest)
    return Reading(tuple(rows), tuple(problems), header.columns, header.number, len(values), highest, header)


def _header_problems(tab: Tab, header: Header) -> list[Problem]:
    width = max(len(header.titles), 1)
    missing = [
        Problem(Trouble.NO_COLUMN, address(tab, header.number, width), "", column.title, column=column.name)
        for column in tab.columns
        if column.name not in header.columns
    ]
    twice = [
        Problem(
            Trouble.DUPLICATE_COLUMN,
            address(tab, header.number, at),
            tab.column(name).title,
            "one column of this title",
            column=name,
        )
        for name, at in header.twice
    ]
    return missing + twice


def _cell(cells: Sequence[object], at: int | None) -> object:
    return cells[at] if at is not None and at < len(cells) else None


def _filled(tab: Tab, header: Header, values: Cells) -> list[tuple[int, Sequence[object]]]:
    """The rows in which a person wrote something (in tabs of the bot: anything); formulas alone make no row.

    Nor do IDs of a tab that numbers its rows; elsewhere an ID names a thing, and its row counts.
    """
    own = [c for c in tab.columns if c.name != "id" and not c.formula]
    is_bots = all(c.owner == "bot" for c in own)
    telling = [header.columns.get(c.name) for c in own if c.owner == "person" or is_bots]
    telling += [] if tab.id_prefix else [header.columns.get("id")]
    places = [at for at in telling if at is not None]
    titles = headers.said(header)
    below = enumerate(values[header.number :], header.number + 1)
    return [(n, cells) for n, cells in below if _is_said(cells, places) and not headers.repeats(titles, cells)]


def _is_said(cells: Sequence[object], places: Sequence[int]) -> bool:
    width = len(cells)
    return any(at < width and not is_blank(cells[at]) for at in places)


def _read_rows(
    tab: Tab, header: Header, lines: Sequence[tuple[int, Sequence[object]]], locale: str, problems: list[Problem]
) -> list[Row[Any]]:
    """The records, read column by column: equal cells of a column are read once."""
    ids = [clean(_cell(cells, header.columns.get("id"))) if tab.columns[0].name == "id" else "" for _, cells in lines]
    read_ones: list[list[Value]] = []
    found: list[tuple[int, Problem]] = []
    for column in tab.columns:
        at = header.columns.get(column.name)
        readers = _Readers(column, locale)
        raws = [cells[at] if at is not None and at < len(cells) else None for _, cells in lines]
        cells_read = readers.all(raws)
        read_ones.append([value for value, _ in cells_read])
        if readers.is_upset and at is not None:
            for place, (_, bad) in enumerate(cells_read):
                if bad:
                    number = lines[place][0]
                    where = address(tab, number, at)
                    found.append((place, _problem(bad, where, raws[place], number, column.name, ids[place])))
    problems += [problem for _, problem in sorted(found, key=lambda one: one[0])]
    names = [column.name for column in tab.columns]
    values = zip(*read_ones, strict=True)
    return [
        Row(row_id, number, tab.record(**dict(zip(names, line, strict=True))))
        for row_id, (number, _), line in zip(ids, lines, values, strict=True)
    ]


class _Readers(dict[type, "_Reader"]):
    """How one column reads its cells, apart by their type: 1, 1.0 and TRUE are equal keys and different cells."""

    def __init__(self, column: Column, locale: str) -> None:
        self.read: Callable[[object], tuple[Value, Bad | None]] = lambda raw: _read_cell(column, raw, locale)
        self.is_upset = False

    def __missing__(self, kind: type) -> "_Reader":
        self[kind] = reader = _Reader(self)
        return reader

    def all(self, raws: Sequence[object]) -> list[tuple[Value, Bad | None]]:
        """Every cell as its value and what is wrong with it."""
        try:
            return [self[raw.__class__][raw] for raw in raws]
        except TypeError:  # no cell of Google's: something in it that cannot be a key
            self.is_upset = True
            return [self.read(raw) for raw in raws]


class _Reader(dict[object, tuple[Value, Bad | None]]):
    """The cells of one type in one column by what stands in them, each read when it is first met."""

    def __init__(self, column: _Readers) -> None:
        self._column = column

    def __missing__(self, raw: object) -> tuple[Value, Bad | None]:
        self[raw] = entry = self._column.read(raw)
        self._column.is_upset |= entry[1] is not None
        return entry


def _read_cell(column: Column, raw: object, locale: str) -> tuple[Value, Bad | None]:
    """The value for the record (blank where unreadable) and what is wrong."""
    value = read(column, raw, locale)
    if isinstance(value, Bad):
        blank: Value = (
            "" if column.type == "string" and not column.vocabulary else False if column.type == "boolean" else None
        )
        return (value.value if value.value is not None else blank), value
    if column.constraints.required and value in (None, ""):
        return value, Bad(Trouble.BLANK, column.title)
    return value, None


def _problem(bad: Bad, where: str, raw: object, number: int, column: str, row_id: str) -> Problem:
    return Problem(bad.trouble, where, clean(raw)[:200], bad.expected, bad.proposal, number, column, row_id)


def id_number(tab: Tab, row_id: str) -> int:
    """The number in an ID of this tab (``M12`` is 12), or -1."""
    match = _numbered(tab.id_prefix).fullmatch(row_id) if tab.id_prefix else None
    return int(match.group(1)) if match else -1


@cache
def _numbered(prefix: str) -> re.Pattern[str]:
    return re.compile(re.escape(prefix) + r"-?(\d{1,9})", re.IGNORECASE | re.ASCII)


def _highest_id(tab: Tab, values: Cells, header: Header) -> int:
    at = header.columns.get("id")
    return max((id_number(tab, clean(_cell(cells, at))) for cells in values[header.number :]), default=-1)


def _id_problems(tab: Tab, header: Header, rows: Sequence[Row[Any]], highest: int) -> list[Problem]:
    """Rows without an ID and second holders of one, each with the next free ID as the proposal."""
    at = header.columns.get("id")
    if not tab.id_prefix or at is None:
        return []
    seen: set[str] = set()
    problems: list[Problem] = []
    for row in rows:
        if row.id and row.id.casefold() not in seen:
            seen.add(row.id.casefold())
            continue
        highest = max(highest, 0) + 1
        trouble = Trouble.DUPLICATE_ID if row.id else Trouble.NO_ID
        where = address(tab, row.number, at)
        problems.append(
            Problem(trouble, where, row.id, "an ID of its own", f"{tab.id_prefix}{highest}", row.number, "id", row.id)
        )
    return problems


def read_form(
    tab: Tab, values: Cells, locale: str = "en_US", titles: Mapping[str, str] | None = None
) -> FormReading[Any]:
    """The record of a form tab. A field is found by its key in the first column, else by its label.

    *titles* are labels that stand for fields in this file.
    """
    key_at, label_at, value_at = _form_columns(values)
    own = headers.names(tab)
    keys = {fold(_cell(cells, key_at)): n for n, cells in reversed(list(enumerate(values, 1)))}
    labels = {fold(_cell(cells, label_at)): n for n, cells in reversed(list(enumerate(values, 1)))}
    record: dict[str, Value] = {}
    numbers: dict[str, int] = {}
    problems: list[Problem] = []
    for column in tab.columns:
        number = keys.get(column.name) or _labelled(
            (*own[column.name], fold((titles or {}).get(column.name, ""))), labels
        )
        raw = _cell(values[number - 1], value_at) if number else None
        record[column.name], bad = _read_cell(column, raw, locale)
        if number is None and column.optional:
            continue
        if number is None:
            problems.append(
                Problem(Trouble.NO_COLUMN, address(tab, len(values) + 1, key_at), "", column.title, column=column.name)
            )
            continue
        numbers[column.name] = number
        if bad:
            problems.append(_problem(bad, address(tab, number, value_at), raw, number, column.name, column.name))
    return FormReading(tab.record(**record), tuple(problems), numbers, value_at)


def _labelled(known: Sequence[str], labels: Mapping[str, int]) -> int | None:
    return next((labels[name] for name in known if name and name in labels), None)


def _form_columns(values: Cells) -> tuple[int, int, int]:
    """Positions of key, label and value: by the header where it stands, else the first three columns."""
    for cells in values[: headers.SEARCH]:
        titles = [fold(cell) for cell in cells]
        wanted = [fold(title) for title in FORM_HEADER[:3]]
        if all(title in titles for title in wanted):
            return titles.index(wanted[0]), titles.index(wanted[1]), titles.index(wanted[2])
    return 0, 1, 2


def to_cells(tab: Tab, record: object, columns: Mapping[str, int] | None = None) -> list[Cell]:
    """The cells of one row, for RAW input; None (leave as it is) for formulas and for columns that are not ours.

    *columns* gives the live positions (of a `Reading`); without it those of a new sheet.
    """
    places = columns if columns is not None else {c.name: n for n, c in enumerate(tab.columns)}
    cells: list[Cell] = [None] * (max(places.values(), default=-1) + 1)
    for column in tab.columns:
        if column.name in places and not column.formula:
            cells[places[column.name]] = to_cell(getattr(record, column.name))
    return cells


def header_cells(tab: Tab) -> list[Cell]:
    """The header row of a new sheet."""
    return list(FORM_HEADER) if tab.layout == "form" else [c.title for c in tab.columns]


def form_cells(tab: Tab, record: object | None = None) -> list[list[Cell]]:
    """The rows below a form's header: key, label, value (None for formulas), note. Without a record: defaults."""
    return [[c.name, c.title, _form_value(c, record), c.description] for c in tab.columns]


def _form_value(column: Column, record: object | None) -> Cell:
    if column.formula:
        return None
    return to_cell(getattr(record, column.name) if record is not None else default(column))
