"""What is on a project's Monday agenda: pure facts from its picture and its ledger of slips."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.project import risk
from bot.project.model import Issue, Risk
from bot.project.picture import Picture
from bot.project.rows import Row
from bot.project.slips import Slip
from bot.project.words import Severity

WEEK = timedelta(days=7)
MOST, MOST_CAUSES = 10, 5
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
class Agenda:
    """What is listed, how much more there is, and the moved dates whose cause is asked for."""

    items: tuple[Item, ...] = ()
    more: int = 0
    causes: tuple[Slip, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to look at: nothing is said then."""
        return not (self.items or self.causes)


def agenda(picture: Picture, slips: Sequence[Slip] = (), asked: Collection[str] = ()) -> Agenda:
    """Risks whose review falls due before the next Monday, and open issues: by score, then by age.

    *asked* are the keys of slips whose cause was asked for before: each is asked once.
    """
    risks = [_risk(picture, row) for row in picture.risks if row.id and is_due(row.record, picture.today)]
    issues = [_issue(picture, row) for row in picture.issues if row.id and is_open_issue(row.record)]
    ranked = sorted([*risks, *issues], key=lambda one: (-one.points, -one.age, one.tab, one.id))
    causes = tuple(slip for slip in slips if slip.lacks_cause and slip.key not in asked)[-MOST_CAUSES:]
    return Agenda(tuple(ranked[:MOST]), max(len(ranked) - MOST, 0), causes)


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
        one.owner or "no owner",
        *(reason for reason in risk.lacking_mitigation(one, picture.today) if reason != "no owner"),
    )
    return _item(picture, "risks", row, one.risk, points or 0, facts)


def _issue(picture: Picture, row: Row[Any]) -> Item:
    one: Issue = row.record
    days = risk.days_open(one, picture.today)
    late = one.due is not None and one.due < picture.today
    facts = (
        str(one.severity or "no severity"),
        f"open {days} days" if days is not None else "",
        one.owner or "no owner",
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
