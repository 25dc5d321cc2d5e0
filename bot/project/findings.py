"""Findings: what in a project's sheets deserves a word today; rows in, values out, each with the row it came from."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from bot.project import overdue, risk
from bot.project.calendar import WorkCalendar
from bot.project.ladder import LEAD, reached
from bot.project.model import Issue, Milestone, Prerequisite, Risk, Task
from bot.project.rows import Row, address
from bot.project.schema import load
from bot.project.words import OPEN_PREREQUISITE, Side

R = TypeVar("R")

LONGEST_ID = 60
"""An ID beyond this many letters is a sentence in the wrong column; it would burst keys and buttons."""


class Kind(StrEnum):
    """What was found, in the order of rank in a person's bundle (rule: reminders)."""

    OVERDUE_GATE = "overdue gate"
    UNMITIGATED_RISK = "high risk without live mitigation"
    OVERDUE_MILESTONE = "overdue milestone"
    OVERDUE_TASK = "overdue task"
    PAST_REVIEW = "risk past review"
    DUE_TODAY = "due today"
    DUE_SOON = "due soon"
    PREREQUISITE_LATE = "prerequisite late"
    NO_DATE = "no date"
    ISSUE_OLD = "old issue"


BY_DATE = frozenset(
    {
        Kind.OVERDUE_GATE,
        Kind.OVERDUE_MILESTONE,
        Kind.OVERDUE_TASK,
        Kind.DUE_TODAY,
        Kind.DUE_SOON,
        Kind.PREREQUISITE_LATE,
    }
)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing to say. *days* are working days past *due* (negative: still to come); *rung* is None for checks.

    *schema* and *tab* are schema names, *number* the sheet row when it was read, *address* the words for people.
    """

    project: str
    kind: Kind
    subject: str
    title: str
    schema: str
    tab: str
    number: int
    address: str
    owner: str = ""
    side: Side | None = None
    due: date | None = None
    since: date | None = None
    days: int = 0
    facts: tuple[str, ...] = ()
    rung: int | None = None

    @property
    def key(self) -> str:
        """The same for one row's one matter from due soon to overdue: the ladder's memory hangs on it."""
        topic = "due" if self.kind in BY_DATE else self.kind.value
        return f"{self.project}:{self.tab}:{self.subject}:{topic}"


@dataclass(frozen=True, kw_only=True)
class Watched:
    """All that is looked at in one project on one day: rows as read, the project's own day and calendar."""

    project: str
    today: date
    calendar: WorkCalendar
    plan: str = "standard_plan"
    milestones: Sequence[Row[Milestone]] = ()
    tasks: Sequence[Row[Task]] = ()
    prerequisites: Sequence[Row[Prerequisite]] = ()
    risks: Sequence[Row[Risk]] = ()
    issues: Sequence[Row[Issue]] = ()
    lead_days: int = field(default=LEAD)


def find(watched: Watched) -> list[Finding]:
    """Every finding of a project, ranked. Rows without a usable ID are left until they have one."""
    found = [
        *_each(watched.milestones, lambda row: _milestone(watched, row)),
        *_each(watched.tasks, lambda row: _task(watched, row)),
        *_each(watched.prerequisites, lambda row: _prerequisite(watched, row)),
        *_each(watched.risks, lambda row: _risk(watched, row)),
        *_each(watched.issues, lambda row: _issue(watched, row)),
    ]
    return rank(found)


def _each(rows: Iterable[Row[R]], look: Callable[[Row[R]], Iterator[Finding]]) -> Iterator[Finding]:
    for row in rows:
        if row.id and len(row.id) <= LONGEST_ID:
            yield from look(row)


_RANK = {kind: n for n, kind in enumerate(Kind)}


def rank(findings: Iterable[Finding]) -> list[Finding]:
    """By kind, and inside a kind the longer overdue first; ties by project and subject so that the order is stable."""
    return sorted(findings, key=lambda f: (_RANK[f.kind], -f.days, f.project, f.tab, f.subject))


@dataclass(frozen=True)
class Bundle:
    """What one person is told at once: the first few findings, and how many more there are."""

    shown: tuple[Finding, ...]
    more: int


def bundle(findings: Iterable[Finding], limit: int = 5) -> Bundle:
    """The ranked findings cut to *limit*; an empty bundle means silence."""
    ranked = rank(findings)
    return Bundle(tuple(ranked[:limit]), max(len(ranked) - limit, 0))


def _finding(watched: Watched, tab: str, row: Row[Any], kind: Kind, title: str, **known: Any) -> Finding:
    schema = "playbook" if tab in ("risks", "issues") else watched.plan
    where = address(load(schema).tab(tab), row.number, 0)
    return Finding(
        project=watched.project, kind=kind, subject=row.id, title=title, schema=schema, tab=tab, number=row.number,
        address=where, owner=row.record.owner, side=getattr(row.record, "side", None), **known,
    )  # fmt: skip


def _milestone(watched: Watched, row: Row[Milestone]) -> Iterator[Finding]:
    late = Kind.OVERDUE_GATE if row.record.gate else Kind.OVERDUE_MILESTONE
    facts = tuple(text for text in (row.record.slip_reason, row.record.comment) if text)
    yield from _dated(watched, "milestones", row, late, row.record.milestone, facts)


def _task(watched: Watched, row: Row[Task]) -> Iterator[Finding]:
    waits = f"waiting on {row.record.waiting_on}" if row.record.waiting_on else ""
    facts = tuple(text for text in (row.record.blocked_reason, waits) if text)
    yield from _dated(watched, "tasks", row, Kind.OVERDUE_TASK, row.record.task, facts)


def _dated(
    watched: Watched, tab: str, row: Row[Milestone] | Row[Task], late: Kind, title: str, facts: tuple[str, ...]
) -> Iterator[Finding]:
    item = row.record
    if overdue.has_no_date(item):
        yield _finding(watched, tab, row, Kind.NO_DATE, title, facts=facts)
    if not overdue.is_open(item) or item.due is None:
        return
    days = watched.calendar.for_side(item.side).between(item.due, watched.today)
    kind = late if item.due < watched.today else Kind.DUE_TODAY if days == 0 else Kind.DUE_SOON
    if days >= -watched.lead_days:
        rung = reached(days, watched.lead_days)
        yield _finding(watched, tab, row, kind, title, due=item.due, since=item.due, days=days, facts=facts, rung=rung)


def _prerequisite(watched: Watched, row: Row[Prerequisite]) -> Iterator[Finding]:
    item = row.record
    if item.status not in OPEN_PREREQUISITE or item.due is None or item.due >= watched.today:
        return
    days = watched.calendar.for_side(item.side).between(item.due, watched.today)
    rung = reached(days, watched.lead_days)
    yield _finding(
        watched,
        "prerequisites",
        row,
        Kind.PREREQUISITE_LATE,
        item.item,
        due=item.due,
        since=item.due,
        days=days,
        rung=rung,
    )


def _risk(watched: Watched, row: Row[Risk]) -> Iterator[Finding]:
    item, today = row.record, watched.today
    points = risk.score(item)
    lacking = risk.lacking_mitigation(item, today)
    if lacking:
        yield _finding(
            watched,
            "risks",
            row,
            Kind.UNMITIGATED_RISK,
            item.risk,
            since=item.opened,
            facts=(f"score {points}", *lacking),
        )
    due = risk.review_due(item)
    if due and risk.is_past_review(item, today):
        days = watched.calendar.between(due, today)
        facts = (f"score {points}",) if points else ()
        rung = reached(days, watched.lead_days)
        yield _finding(
            watched, "risks", row, Kind.PAST_REVIEW, item.risk, due=due, since=due, days=days, facts=facts, rung=rung
        )


def _issue(watched: Watched, row: Row[Issue]) -> Iterator[Finding]:
    item = row.record
    if item.opened and risk.is_old(item, watched.today):
        age = risk.days_open(item, watched.today)
        days = watched.calendar.between(item.opened, watched.today)
        facts = tuple(text for text in (f"open {age} days", item.next_action) if text)
        yield _finding(watched, "issues", row, Kind.ISSUE_OLD, item.title, since=item.opened, days=days, facts=facts)
