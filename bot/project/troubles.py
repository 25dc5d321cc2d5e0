"""What a scan could not read of a file: kept beside its snapshot, in plain JSON, and said in a few words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.project.cells import Trouble, Value, clean
from bot.project.rows import Problem
from bot.project.schema import Column

Json = Any

MOST = 500  # problems kept of one tab: a paste of nonsense must not fill the store
LONGEST = 40  # letters of a cell that its words repeat


@dataclass(frozen=True)
class Troubles:
    """The tabs that are gone, and every tab's problems."""

    missing: tuple[str, ...] = ()
    problems: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)

    def of(self, tab: str) -> tuple[Problem, ...]:
        """What is wrong in one tab."""
        return self.problems.get(tab, ())

    def is_unreadable(self, tab: str) -> bool:
        """True when nothing is known of a tab: it is gone, or its header cannot be found."""
        return tab in self.missing or any(problem.trouble is Trouble.NO_HEADER for problem in self.of(tab))

    def lost_columns(self, tab: str) -> frozenset[str]:
        """The columns that a tab does not have any more."""
        return frozenset(p.column for p in self.of(tab) if p.trouble is Trouble.NO_COLUMN)

    def cells(self, tab: str) -> dict[tuple[int, str], Problem]:
        """The unreadable cells of a tab by sheet row (from 1) and column."""
        return {(p.row, p.column): p for p in self.of(tab) if p.row}


def gathered(missing: Iterable[str], problems: Mapping[str, Iterable[Problem]]) -> Troubles:
    """The troubles of one scan, by tab."""
    return Troubles(tuple(missing), {tab: tuple(listed)[:MOST] for tab, listed in problems.items() if listed})


def pack(troubles: Troubles) -> Json:
    """As plain JSON, for the store."""
    return {
        "missing": list(troubles.missing),
        "problems": {tab: [_packed(problem) for problem in listed] for tab, listed in troubles.problems.items()},
    }


def unpack(packed: Json) -> Troubles:
    """The troubles again, none from None; proposals are text now."""
    if not packed:
        return Troubles()
    listed = {tab: tuple(_problem(one) for one in problems) for tab, problems in packed["problems"].items()}
    return Troubles(tuple(packed["missing"]), listed)


def _packed(problem: Problem) -> Json:
    values = {**vars(problem), "trouble": problem.trouble.value, "proposal": plain(problem.proposal)}
    return {name: value for name, value in values.items() if value not in ("", 0)}


def _problem(packed: Json) -> Problem:
    blank = {"found": "", "expected": "", "address": ""}
    return Problem(**{**blank, **packed, "trouble": Trouble(packed["trouble"])})


def plain(value: Value) -> str:
    """A value as words: days as ISO dates, nothing as nothing."""
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def words(problem: Problem, column: Column) -> str:
    """A few words for the person whose cell it is, with the likely value as a question."""
    found = problem.found if len(problem.found) <= LONGEST else problem.found[: LONGEST - 1] + "…"
    guess = f": {plain(problem.proposal)}?" if plain(problem.proposal) else ""
    said = {
        Trouble.TEXT_DATE: f"{found} is text{guess}",
        Trouble.IMPOSSIBLE_DATE: f"{column.title}: {found} is no date",
        Trouble.BLANK: f"{column.title} is blank",
        Trouble.CELL_ERROR: f"{column.title}: its formula fails",
        Trouble.UNKNOWN_WORD: f"{column.title}: I do not know {found}{guess}",
    }
    return clean(said.get(problem.trouble, f"{column.title}: {found} is not {problem.expected}{guess}"))
