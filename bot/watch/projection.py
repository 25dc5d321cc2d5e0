"""The plan's projected tabs: what the playbook shows there, and what people changed; pure, rows in, a course out.

Three states of each cell are compared: what the playbook says, what stands in the plan, and what the bot wrote there
last. Where the plan still says the last, the bot goes on; where it says a third thing, somebody typed, and is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.project import wall
from bot.project.rows import Problem, Row
from bot.project.schema import Schema, Tab
from bot.project.troubles import Troubles, plain

Json = Any
Cells = dict[str, str]  # what the bot wrote last in one row, by column
Last = Mapping[str, Cells]  # by the row's ID


class What(StrEnum):
    """What somebody did in a projected tab."""

    CELL = "cell"
    ROW_GONE = "row gone"
    ROW_ADDED = "row added"


@dataclass(frozen=True)
class Edit:
    """Something a person did in a projected tab, in words: *theirs* in the plan, *ours* by the playbook."""

    what: What
    tab: str
    row_id: str
    column: str = ""
    theirs: str = ""
    ours: str = ""

    @property
    def key(self) -> str:
        """The same from scan to scan, until somebody types something else."""
        return f"{self.what}:{self.tab}:{self.row_id}:{self.column}:{self.theirs}"


@dataclass(frozen=True)
class Cell:
    """One cell of the plan to write, and what was seen there."""

    row_id: str
    column: str
    new: Any
    seen: Any


@dataclass(frozen=True)
class Course:
    """What to do in one projected tab: cells to write, rows to add and to take away, and what people did."""

    tab: str
    cells: tuple[Cell, ...] = ()
    added: tuple[Any, ...] = ()
    removed: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    agreed: Mapping[str, Cells] = field(default_factory=dict)

    @property
    def is_idle(self) -> bool:
        """True when the plan needs nothing of the bot."""
        return not (self.cells or self.added or self.removed)


def tabs(plan: Schema) -> list[Tab]:
    """The projected tabs of a plan."""
    return [tab for tab in plan.tabs if tab.projected_from]


def is_readable(tab: Tab, plan: Troubles, playbook: Troubles) -> bool:
    """False while either side cannot be read as far as it matters: then nothing is concluded from what is missing."""
    if plan.is_unreadable(tab.name) or "id" in plan.lost_columns(tab.name):
        return False
    return all(_is_source_readable(name, columns, playbook) for name, columns in wall.SOURCES[tab.name].items())


def _is_source_readable(name: str, columns: Mapping[str, str], playbook: Troubles) -> bool:
    mark = wall.HIDING[name][0] if name in wall.HIDING else "id"
    return not playbook.is_unreadable(name) and not playbook.lost_columns(name) & {"id", mark, *columns.values()}


def course(
    tab: Tab, wanted: Sequence[Any], standing: Sequence[Row[Any]], known: Troubles, last: Last, hidden: frozenset[str]
) -> Course:
    """What to do in *tab*. *hidden* are the IDs that the playbook has and does not show."""
    lost, unread = known.lost_columns(tab.name), known.cells(tab.name)
    columns = [c.name for c in tab.columns if c.name != "id" and c.name not in lost]
    shown = {record.id: record for record in wanted}
    over = {row.id for row in standing if row.id not in shown and (row.id in last or row.id in hidden)}
    rows: dict[str, Row[Any]] = {}
    strangers: list[Row[Any]] = []
    for row in standing:
        if row.id in shown and row.id not in rows:
            rows[row.id] = row
        elif row.id not in over:
            strangers.append(row)
    cells, edits, agreed = [], [], {}
    for key, row in rows.items():
        found = _compared(tab.name, columns, row, shown[key], unread, last.get(key, {}))
        cells += found[0]
        edits += found[1]
        agreed[key] = found[2]
    gone = [key for key in shown if key not in rows and key in last]
    edits += [Edit(What.ROW_GONE, tab.name, key, ours=_said(columns, shown[key])) for key in gone]
    agreed |= {key: dict(last[key]) for key in gone}
    edits += [Edit(What.ROW_ADDED, tab.name, row.id, theirs=told(columns, row, unread)) for row in strangers]
    added = tuple(record for key, record in shown.items() if key not in rows and key not in last)
    return Course(tab.name, tuple(cells), added, tuple(sorted(over)), tuple(edits), agreed)


def _compared(
    tab: str,
    columns: Sequence[str],
    row: Row[Any],
    wanted: Any,
    unread: Mapping[tuple[int, str], Problem],
    last: Cells,
) -> tuple[list[Cell], list[Edit], Cells]:
    """Cells to write, edits, and what the bot may take for its own words in this row from now on."""
    cells, edits, agreed = [], [], {}
    for column in columns:
        ours, theirs = plain(getattr(wanted, column)), text(row, column, unread)
        if theirs == ours:
            agreed[column] = ours
        elif column in last and theirs == last[column]:
            cells.append(Cell(row.id, column, getattr(wanted, column), getattr(row.record, column)))
            agreed[column] = last[column]
        else:
            edits.append(Edit(What.CELL, tab, row.id, column, theirs, ours))
            if column in last:
                agreed[column] = last[column]
    return cells, edits, agreed


def text(row: Row[Any], column: str, unread: Mapping[tuple[int, str], Problem]) -> str:
    """A cell of the plan in words; what could not be read, as it stands there."""
    problem = unread.get((row.number, column))
    value = plain(getattr(row.record, column))
    return problem.found if problem and not value else value


def _said(columns: Sequence[str], record: Any) -> str:
    return " · ".join(part for column in columns if (part := plain(getattr(record, column))))


def told(columns: Sequence[str], row: Row[Any], unread: Mapping[tuple[int, str], Problem]) -> str:
    return " · ".join(part for column in columns if (part := text(row, column, unread)))


def noted(record: Any, tab: Tab) -> Cells:
    """What is remembered of a row that the bot wrote."""
    return {column.name: plain(getattr(record, column.name)) for column in tab.columns if column.name != "id"}


def source(tab: str, row_id: str, playbook: Mapping[str, Sequence[Row[Any]]]) -> tuple[str, Row[Any]] | None:
    """The tab and the row of the playbook that a row of the plan shows; None when there is none any more."""
    for name in wall.SOURCES[tab]:
        for row in playbook.get(name, ()):
            if row.id == row_id:
                return name, row
    return None
