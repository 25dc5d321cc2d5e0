"""The bot's own columns: what should stand in them, compared with what was just read; rows in, cells to write out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from bot.project import dates, overdue, troubles
from bot.project.cells import clean
from bot.project.findings import Finding, Kind
from bot.project.picture import Picture
from bot.project.rows import Problem, Row
from bot.project.schema import Tab, load
from bot.project.troubles import Troubles
from bot.project.words import WorkStatus

File = Literal["playbook", "plan"]
Sources = Mapping[File, Troubles]

LONGEST = 200  # letters of a check cell
BLANK = (None, "")
DATED = frozenset({"baseline", "forecast", "actual", "status"})
WORK = frozenset({"due", "status"})
NEEDS: Mapping[str, Mapping[str, frozenset[str]]] = {
    "milestones": {"milestones": DATED},
    "tasks": {"tasks": WORK},
    "overview": {
        "milestones": DATED | {"phase", "anchor"},
        "tasks": WORK,
        "risks": frozenset({"probability", "impact", "status", "mitigation", "owner"}),
    },
}
"""What the bot's cells of a tab follow from: while any of it cannot be found, they stay as they are."""
OVERDUE = {
    Kind.OVERDUE_GATE: "gate overdue since",
    Kind.OVERDUE_MILESTONE: "overdue since",
    Kind.OVERDUE_TASK: "overdue since",
}

Upcoming = Mapping[str, Mapping[str, Sequence[str]]]
"""By tab and row: the ISO day on which somebody is reminded of it next, and the words that say so."""


@dataclass(frozen=True)
class Cell:
    """A cell of the bot that does not say what it should. *is_unread*: what stands there could not be read."""

    file: File
    tab: str
    row_id: str
    column: str
    new: Any
    seen: Any
    is_unread: bool = False


class _Wanted(NamedTuple):
    """What one row's cells of the bot should say, by column."""

    tab: str
    row: Row[Any]
    cells: dict[str, Any]


def stale(picture: Picture, sources: Sources, upcoming: Upcoming | None = None) -> list[Cell]:
    """Every cell of the bot that differs from what follows from the rest of the sheets, and from what is said next."""
    following = upcoming or {}
    plan = [*_milestones(picture, sources["plan"], following), *_tasks(picture, sources["plan"], following)]
    playbook = [_overview(picture)]
    found = [*_differing("plan", plan, sources["plan"]), *_differing("playbook", playbook, sources["playbook"])]
    return [cell for cell in found if _is_founded(cell.tab, sources)]


def _is_founded(tab: str, sources: Sources) -> bool:
    """False while something is out of sight that the bot's cells of a tab follow from, or the tab itself is."""
    return not any(
        known.is_unreadable(needed) or known.lost_columns(needed) & columns
        for known in sources.values()
        for needed, columns in {tab: frozenset[str](), **NEEDS[tab]}.items()
    )


def _differing(file: File, wanted: Iterable[_Wanted], known: Troubles) -> Iterator[Cell]:
    for tab, row, cells in wanted:
        unread, lost = known.cells(tab), known.lost_columns(tab)
        for column, new in cells.items():
            seen, is_unread = getattr(row.record, column), (row.number, column) in unread
            if column not in lost and (is_unread or (seen != new and not (seen in BLANK and new in BLANK))):
                yield Cell(file, tab, row.id, column, new, seen, is_unread)


def _own(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    """The rows that can be addressed: each with an ID that no other row has."""
    listed = list(rows)
    ids = [row.id for row in listed]
    return [row for row in listed if row.id and ids.count(row.id) == 1]


def _milestones(picture: Picture, known: Troubles, upcoming: Upcoming) -> Iterator[_Wanted]:
    checks = _checks(picture, "milestones", known, upcoming)
    for row in _own(picture.plan.get("milestones", ())):
        left_out = row.record.status is WorkStatus.NOT_APPLICABLE
        slip = None if left_out else overdue.variance(row.record, picture.calendar)
        yield _Wanted("milestones", row, {"variance": slip, "check": checks[row.id]})


def _tasks(picture: Picture, known: Troubles, upcoming: Upcoming) -> Iterator[_Wanted]:
    checks = _checks(picture, "tasks", known, upcoming)
    for row in _own(picture.plan.get("tasks", ())):
        yield _Wanted("tasks", row, {"check": checks[row.id]})


def _overview(picture: Picture) -> _Wanted:
    rows = picture.playbook.get("overview", ())
    milestones = [row.record for row in picture.milestones]
    cells = {
        "baseline_end": dates.baseline_end(milestones),
        "forecast_end": dates.forecast_end(milestones),
        "computed_rag": picture.rating.rag,
        "computed_rag_reason": clean("; ".join(picture.rating.reasons)),
    }
    return _Wanted("overview", rows[0] if rows else Row("", 1, picture.overview), cells)


def _checks(picture: Picture, tab_name: str, known: Troubles, upcoming: Upcoming) -> Mapping[str, str]:
    """A row's check cell by its ID: what stays true from day to day, so that it is not written anew each morning."""
    tab = load(picture.plan_schema).tab(tab_name)
    parts: dict[str, list[str]] = defaultdict(list)
    for finding in picture.findings():
        if finding.tab == tab_name and (said := _said(finding)):
            parts[finding.subject].append(said)
    for row_id, (day, words) in upcoming.get(tab_name, {}).items():
        if row_id in parts and day > picture.today.isoformat():
            parts[row_id].append(words)
    for problem in known.of(tab_name):
        if problem.row_id and _is_persons(tab, problem):
            parts[problem.row_id].append(troubles.words(problem, tab.column(problem.column)))
    return defaultdict(str, {key: clean("; ".join(dict.fromkeys(said))[:LONGEST]) for key, said in parts.items()})


def _said(finding: Finding) -> str:
    if finding.kind is Kind.NO_DATE:
        return "no date"
    return f"{OVERDUE[finding.kind]} {finding.due}" if finding.kind in OVERDUE else ""


def _is_persons(tab: Tab, problem: Problem) -> bool:
    return any(column.name == problem.column and column.owner == "person" for column in tab.columns)
