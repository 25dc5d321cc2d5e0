"""What is on a project's Monday agenda: pure facts from its picture and its ledger of slips."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.project import people, risk
from bot.project.calendar import WorkCalendar
from bot.project.checks.table import CHECKS
from bot.project.checks.table import Severity as Loudness
from bot.project.finding import Finding
from bot.project.findings import SPOKEN
from bot.project.model import Issue, Risk
from bot.project.picture import Picture
from bot.project.rows import Row
from bot.project.slips import Slip
from bot.project.words import Severity

WEEK = timedelta(days=7)
MOST, MOST_CAUSES, MOST_CHECKS, MOST_PLACES = 10, 5, 6, 3
POINTS = {Severity.LOW: 4, Severity.MEDIUM: 9, Severity.HIGH: 16, Severity.CRITICAL: 25}
"""An issue ranks among the risks as one of its severity's score."""


@dataclass(frozen=True)
class Item:
    """One row to look at. *age* in calendar days since it was opened; *facts* explain it in a few words each."""

    tab: str
    id: str
    title: str
    points: int
    age: int
    facts: tuple[str, ...]
    url: str


@dataclass(frozen=True)
class Mend:
    """What one check found: in words, the first of its places by name and address, and the keys of all it found."""

    words: str
    clears: str
    places: tuple[tuple[str, str], ...]
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Agenda:
    """What is listed, how much more there is, the moved dates whose cause is asked for, and what to mend besides."""

    items: tuple[Item, ...] = ()
    more: int = 0
    causes: tuple[Slip, ...] = ()
    mends: tuple[Mend, ...] = ()
    more_mends: int = 0

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to look at: nothing is said then."""
        return not (self.items or self.causes or self.mends)


def agenda(
    picture: Picture,
    slips: Sequence[Slip] = (),
    asked: Collection[str] = (),
    checks: Sequence[Finding] = (),
    told: Mapping[str, date] | None = None,
) -> Agenda:
    """Risks whose review falls due before the next Monday, and open issues: by score, then by age.

    *asked* are the keys of slips whose cause was asked for before: each is asked once. *checks* are a project's
    findings, *told* the days on which an agenda named them before: each check has its own quiet time.
    """
    risks = [_risk(picture, row) for row in picture.risks if row.id and is_due(row.record, picture.today)]
    issues = [_issue(picture, row) for row in picture.issues if row.id and is_open_issue(row.record)]
    ranked = sorted([*risks, *issues], key=lambda one: (-one.points, -one.age, one.tab, one.id))
    causes = tuple(slip for slip in slips if slip.lacks_cause and slip.key not in asked)[-MOST_CAUSES:]
    mends = _mends(picture, [one for one in checks if is_for_agenda(one) and not _is_quiet(picture, one, told or {})])
    return Agenda(
        tuple(ranked[:MOST]), max(len(ranked) - MOST, 0), causes,
        tuple(mends[:MOST_CHECKS]), max(len(mends) - MOST_CHECKS, 0),
    )  # fmt: skip


def is_for_agenda(finding: Finding) -> bool:
    """Whether no morning message speaks of a finding: it is a low one, or of no row that has buttons there."""
    return finding.severity == Loudness.LOW or finding.tab not in SPOKEN


def _is_quiet(picture: Picture, finding: Finding, told: Mapping[str, date]) -> bool:
    """Whether a finding was named so lately that its check's quiet time is not over."""
    day = told.get(finding.key)
    return day is not None and WorkCalendar().between(day, picture.today) < finding.quiet_days


def _mends(picture: Picture, findings: Sequence[Finding]) -> list[Mend]:
    """One for each check, in the order of rank; a check that found one thing says it in that thing's own words."""
    by_check: dict[str, list[Finding]] = {}
    for one in findings:
        by_check.setdefault(one.check, []).append(one)
    return [_mend(picture, found) for found in by_check.values()]


def _mend(picture: Picture, found: Sequence[Finding]) -> Mend:
    first, *others = found
    words = f"{CHECKS[first.check].means.removesuffix('.')} ({len(found)})" if others else first.reason
    places = tuple((one.subject, picture.url_of(one)) for one in found[:MOST_PLACES])
    return Mend(words, first.clears, places, tuple(one.key for one in found))


def is_due(one: Risk, today: date) -> bool:
    """True of an open risk to look at this week; one without any date was never looked at."""
    day = risk.review_due(one)
    return is_open_risk(one) and (day is None or day < today + WEEK)


def is_open_risk(one: Risk) -> bool:
    """A blank status is an open one."""
    return risk.is_open(one) or (one.status is None and bool(one.risk.strip()))


def is_open_issue(one: Issue) -> bool:
    """A blank status is an open one."""
    return risk.is_issue_open(one) or (one.status is None and bool(one.title.strip()))


def _risk(picture: Picture, row: Row[Any]) -> Item:
    one: Risk = row.record
    points = risk.score(one)
    level = risk.level(one)
    facts = (
        f"score {points}, {level.lower()}" if points and level else "not scored",
        f"reviewed {_day(one.last_reviewed)}" if one.last_reviewed else "never reviewed",
        people.name_of(one.owner, picture.stakeholders) or "no owner",
        *(reason for reason in risk.lacking_mitigation(one, picture.today) if reason != "no owner"),
    )
    return _item(picture, "risks", row, one.risk, points or 0, facts)


def _issue(picture: Picture, row: Row[Any]) -> Item:
    one: Issue = row.record
    days = risk.days_open(one, picture.today)
    late = one.due is not None and one.due < picture.today
    facts = (
        str(one.severity or "no severity"),
        f"open {days} day{'' if days == 1 else 's'}" if days is not None else "",
        people.name_of(one.owner, picture.stakeholders) or "no owner",
        f"next: {one.next_action}" if one.next_action else "no next action",
        f"{'was due' if late else 'due'} {_day(one.due)}" if one.due else "",
    )
    points = POINTS[one.severity] if one.severity else 0
    return _item(picture, "issues", row, one.title, points, tuple(filter(None, facts)))


def _item(picture: Picture, tab: str, row: Row[Any], title: str, points: int, facts: tuple[str, ...]) -> Item:
    opened: date | None = row.record.opened
    age = (picture.today - opened).days if opened else 0
    return Item(tab, row.id, title, points, age, facts, picture.url("playbook", tab, row.number))


def _day(day: date | None) -> str:
    return f"{day.day} {day:%b}" if day else "never"
