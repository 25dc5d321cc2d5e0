"""What a finding is, and all that findings are looked for in: values only, so that every check stays pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from bot.project.calendar import WorkCalendar
from bot.project.checks.tuning import Tuning, tuning
from bot.project.ladder import LEAD
from bot.project.model import (
    DiscoveryAnswer,
    ExitCriterion,
    HandoffField,
    InternalPrerequisite,
    Issue,
    Milestone,
    Overview,
    Prerequisite,
    Risk,
    Stakeholder,
    Task,
)
from bot.project.rows import Row, address
from bot.project.schema import load
from bot.project.troubles import Troubles
from bot.project.words import Side

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
    BLOCKED = "blocked for long"
    PREDECESSOR = "gate with open predecessors"
    FORECAST_LATE = "forecast after baseline"
    COMPLETION = "completion without its gate"
    OUTSIDER = "outsider on internal ground"
    FILE = "file in trouble"
    TAB = "tab missing"
    HEADER = "header not as expected"
    DATE = "unreadable date"
    WORD = "unknown word"
    CELL = "unreadable cell"
    ID_TWICE = "ID twice"
    ID_MISSING = "row without ID"
    NO_OWNER = "no owner"
    WHOSE = "unknown owner"
    AWAY = "owner away"
    UNTOUCHED = "plan untouched"
    DISCOVERY = "answer missing before kickoff"
    EVIDENCE = "exit evidence missing"
    HANDOFF = "hand-off field blank"
    REPORT = "report overdue"
    SETTING = "unreadable setting"


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

    *schema* and *tab* are schema names (both "" for what is about no sheet), *number* the sheet row when it was read,
    *column* the schema's name of the very cell, *address* the words for people, *url* where no cell is meant.
    *check* is the id in the table of checks; *reason*, *clears* and *silence* are sentences; *quiet_days* are the
    working days between two words.
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
    check: str = ""
    severity: str = "medium"
    reason: str = ""
    clears: str = ""
    silence: str = ""
    quiet_days: int = 0
    column: str = ""
    url: str = ""

    @property
    def key(self) -> str:
        """The same for one row's one matter from due soon to overdue: the ladder's memory hangs on it."""
        topic = "due" if self.kind in BY_DATE else self.kind.value
        return f"{self.project}:{self.tab}:{self.subject}:{topic}"


@dataclass(frozen=True)
class FileTrouble:
    """A file that the bot cannot work with as it should (``playbook`` or ``plan``), and who can mend it."""

    file: str
    check: str
    words: str
    since: date | None = None
    menders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outsider:
    """An access that should not be: to what, whose, and why that is wrong."""

    title: str
    url: str
    who: str
    why: str
    since: date | None = None


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is no row: gathered by the world from what it keeps. Whatever was not looked at is blank and finds nothing.

    *troubles* by file; *touched* is the day of a person's latest change of the plan, *reported* that of the latest
    report; *blocked* the day since when at least a row is blocked, by ``tab:ID``; *absent* is why somebody of ours is
    not there, by address.
    """

    troubles: Mapping[str, Troubles] = field(default_factory=dict)
    files: Sequence[FileTrouble] = ()
    outsiders: Sequence[Outsider] = ()
    touched: date | None = None
    reported: date | None = None
    are_reports_known: bool = False
    blocked: Mapping[str, date] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Watched:
    """All that is looked at in one project on one day: rows as read, the project's own day and calendar.

    *settings* gives the sheet row of each field of the Settings tab, where known.
    """

    project: str
    today: date
    calendar: WorkCalendar
    plan: str = "standard_plan"
    milestones: Sequence[Row[Milestone]] = ()
    tasks: Sequence[Row[Task]] = ()
    prerequisites: Sequence[Row[Prerequisite]] = ()
    risks: Sequence[Row[Risk]] = ()
    issues: Sequence[Row[Issue]] = ()
    internal_prerequisites: Sequence[Row[InternalPrerequisite]] = ()
    discovery: Sequence[Row[DiscoveryAnswer]] = ()
    criteria: Sequence[Row[ExitCriterion]] = ()
    handoff: Sequence[Row[HandoffField]] = ()
    stakeholders: Sequence[Stakeholder] = ()
    overview: Overview = field(default_factory=Overview)
    pm: str = ""
    is_active: bool = True
    lead_days: int = field(default=LEAD)
    tuning: Tuning = field(default_factory=tuning)
    known: Known = field(default_factory=Known)

    def days(self, check: str) -> int:
        """The threshold that holds for a check."""
        return self.tuning[check].days


PLAN_TABS = frozenset({"milestones", "tasks", "prerequisites"})
"""The tabs of a plan whose rows are looked at; all others of these are the playbook's."""


def about_row(
    watched: Watched, check: str, kind: Kind, tab: str, row: Row[Any], title: str, column: str, reason: str, **more: Any
) -> Finding:
    """A finding about one cell of a row; *reason* is a whole sentence."""
    schema = watched.plan if tab in PLAN_TABS else "playbook"
    book = load(schema).tab(tab)
    given = {"owner": getattr(row.record, "owner", ""), "side": getattr(row.record, "side", None), **more}
    return Finding(
        project=watched.project, kind=kind, subject=row.id, title=title, schema=schema, tab=tab, number=row.number,
        address=address(book, row.number, book.index(column)), check=check, column=column, reason=reason, **given,
    )  # fmt: skip


def about_project(
    watched: Watched, check: str, kind: Kind, subject: str, title: str, address: str, reason: str, **more: Any
) -> Finding:
    """A finding about no row: a file, a person's access, the plan as a whole."""
    given = {"owner": watched.pm, "schema": "", "tab": "", "number": 0, **more}
    return Finding(
        project=watched.project, kind=kind, subject=subject, title=title, address=address, check=check, reason=reason,
        **given,
    )  # fmt: skip


def day(value: date) -> str:
    """A day in words that no country reads differently: ``6 Nov 2026``."""
    return f"{value:%-d %b %Y}"


def working_days(count: int) -> str:
    """``1 working day``, ``3 working days``."""
    return f"{count} working day{'' if count == 1 else 's'}"
