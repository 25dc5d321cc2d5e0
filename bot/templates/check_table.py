"""A table's columns beside those of its schema. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.project import schema as schemas
from bot.project.cells import clean
from bot.project.rows import Reading, read_tab
from bot.project.schema import Column, Schema, Tab, letter
from bot.templates import check_cells
from bot.templates.differences import Difference
from bot.templates.looks import note
from bot.world.structure import TabStructure


def differences(schema: Schema, tab: Tab, there: TabStructure) -> Iterator[Difference]:
    """Everything about a table's header and its columns."""
    reading = read_tab(tab, there.values(), columns=there.column_marks)
    if not reading.header:
        yield Difference("header missing", f"The header row of {tab.title} was not found in its first rows.", True)
        return
    if reading.header != 1:
        yield Difference("header moved", f"The header of {tab.title} stands in row {reading.header} instead of row 1.")
    yield from _columns(tab, there, reading)
    for column in tab.columns:
        if column.name in reading.columns:
            yield from _column(schema, tab, column, there, reading)


def _columns(tab: Tab, there: TabStructure, reading: Reading) -> Iterator[Difference]:
    for column in tab.columns:
        if column.name not in reading.columns:
            yield Difference("column missing", f"The column {column.title} of {tab.title} is missing.", True)
    for name in moved([c.name for c in tab.columns], reading.columns):
        at, column = reading.columns[name], tab.column(name)
        yield Difference("column moved", f"The column {column.title} of {tab.title} has moved to {letter(at)}.")
    known = set(reading.columns.values())
    for at, title in enumerate(_titles(there, reading)):
        if title and at not in known:
            yield Difference("column added", f"{tab.title} has a column of your own, {title}; I leave it alone.")


def moved(wanted: Sequence[str], found: Mapping[str, int]) -> list[str]:
    """The fewest names that must have moved to make the order what it is; those added or missing are no move."""
    names = [name for name in wanted if name in found]
    chains: list[list[str]] = []
    for name in names:
        before = [chain for chain in chains if found[chain[-1]] < found[name]]
        chains.append([*_longest(before), name])
    kept = set(_longest(chains))
    return [name for name in names if name not in kept]


def _longest(chains: Sequence[list[str]]) -> list[str]:
    return max(chains, key=lambda chain: len(chain), default=[])


def _titles(there: TabStructure, reading: Reading) -> list[str]:
    return [clean(value) for value in there.line(reading.header - 1)]


def _column(schema: Schema, tab: Tab, column: Column, there: TabStructure, reading: Reading) -> Iterator[Difference]:
    at, first = reading.columns[column.name], reading.header
    titles = _titles(there, reading)
    title = titles[at] if at < len(titles) else ""
    if title.casefold() != column.title.casefold():
        told = f"is called {title}" if title else "has no title"
        yield Difference("column renamed", f"The column {column.title} of {tab.title} {told}; I know it nevertheless.")
    if there.column_marks.get(column.name) != at:
        words = f"The column {column.title} of {tab.title} carries no mark, so a new title could hide it from me."
        yield Difference("metadata missing", words)
    if note(column) and not there.cell(first - 1, at).get("note"):
        yield Difference("help missing", f"The header {column.title} of {tab.title} has lost its note of help.")
    cell = there.cell(first, at)
    yield from check_cells.shape(tab, column, cell)
    yield from check_cells.protection(tab, column, there, first, at)
    if column.formula and tab.prefill:
        wanted = schemas.formula(schema, tab, column.name, first + 1, reading.columns)
        yield from check_cells.formula(tab, column, wanted, cell)
