"""What a weekly digest says: pure facts from two pictures of a project, a week apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.project import dates, risk
from bot.project.picture import Picture
from bot.project.words import OPEN_ISSUE, OPEN_PREREQUISITE, OPEN_RISK, OPEN_WORK, Side, WorkStatus

LOOK_AHEAD = timedelta(days=14)
ASK_AHEAD = timedelta(days=28)  # the other side needs longer notice
LINES = 15
FRAME = 3  # the title, the status and the links
ITEMS = 3


@dataclass(frozen=True)
class Line:
    """One thing, with the address of its row."""

    id: str
    title: str
    url: str
    due: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Digest:
    """The facts of one digest; empty sections are left out when it is spoken."""

    customer: str
    today: date
    status: str
    reason: str
    forecast_end: date | None
    baseline_end: date | None
    done: tuple[Line, ...]
    ahead: tuple[Line, ...]
    waiting: tuple[Line, ...]
    risks: tuple[Line, ...]
    more: int

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to say; such a digest is not sent."""
        return not (self.done or self.ahead or self.waiting or self.risks)


def digest(now: Picture, before: Picture | None) -> Digest:
    """The digest of a project, from how it stands and how it stood at the last one."""
    milestones = [row.record for row in now.milestones]
    sections = [_done(now, before), _ahead(now), _waiting(now), _risks(now)]
    shown = [tuple(section[:count]) for section, count in zip(sections, _shares(sections), strict=True)]
    rating = now.visible_rating
    return Digest(
        customer=now.customer,
        today=now.today,
        status=str(now.overview.declared_rag or rating.rag),
        reason=now.overview.declared_rag_reason or next(iter(rating.reasons), ""),
        forecast_end=dates.forecast_end(milestones),
        baseline_end=dates.baseline_end(milestones),
        done=shown[0],
        ahead=shown[1],
        waiting=shown[2],
        risks=shown[3],
        more=sum(len(section) - len(part) for section, part in zip(sections, shown, strict=True)),
    )


def _shares(sections: Sequence[Sequence[Line]]) -> list[int]:
    """How many items each section shows, so that the whole keeps to its lines: one each in turn while there is room."""
    room = LINES - FRAME - sum(1 for section in sections if section)
    shares = [0] * len(sections)
    for wanted in range(1, ITEMS + 1):
        for place, section in enumerate(sections):
            if room and len(section) >= wanted:
                shares[place], room = wanted, room - 1
    return shares


def _done(now: Picture, before: Picture | None) -> list[Line]:
    """Milestones and visible tasks that are Done now and were not at the last digest."""
    earlier = (
        {row.id for row in before.milestones + before.tasks if row.record.status is WorkStatus.DONE}
        if before
        else set()
    )
    milestones = [
        Line(row.id, row.record.milestone, now.url("plan", "milestones", row.number), row.record.actual)
        for row in now.milestones
        if row.record.status is WorkStatus.DONE and row.id not in earlier
    ]
    tasks = [
        Line(row.id, row.record.task, now.url("plan", "tasks", row.number))
        for row in now.tasks
        if row.record.status is WorkStatus.DONE and row.id not in earlier and row.record.customer_visible
    ]
    return milestones + tasks


def _ahead(now: Picture) -> list[Line]:
    """Open milestones that are overdue or due within two weeks, soonest first."""
    lines = [
        Line(
            row.id,
            row.record.milestone,
            now.url("plan", "milestones", row.number),
            row.record.due,
            "overdue" if row.record.due < now.today else "",
        )
        for row in now.milestones
        if row.record.status in OPEN_WORK and row.record.due is not None and row.record.due <= now.today + LOOK_AHEAD
    ]
    return sorted(lines, key=lambda line: line.due or date.max)


def _waiting(now: Picture) -> list[Line]:
    """What the customer's side is asked for soon: open prerequisites and tasks, those without a date last."""
    prerequisites = [
        Line(row.id, row.record.item, now.url("plan", "prerequisites", row.number), row.record.due)
        for row in now.plan.get("prerequisites", ())
        if row.record.status in OPEN_PREREQUISITE and row.record.side is Side.CUSTOMER
    ]
    tasks = [
        Line(row.id, row.record.task, now.url("plan", "tasks", row.number), row.record.due)
        for row in now.tasks
        if row.record.status in OPEN_WORK and row.record.side is Side.CUSTOMER and row.record.customer_visible
    ]
    asked = [line for line in tasks + prerequisites if line.due is None or line.due <= now.today + ASK_AHEAD]
    return sorted(asked, key=lambda line: line.due or date.max)


def _risks(now: Picture) -> list[Line]:
    """Open risks and issues marked customer-visible: highest score first, then the issues."""
    rated = sorted(
        (row for row in now.risks if row.record.status in OPEN_RISK and row.record.customer_visible),
        key=lambda row: (-(risk.score(row.record) or 0), row.id),
    )
    risks = [
        Line(row.id, row.record.risk, now.url("playbook", "risks", row.number), note=row.record.mitigation)
        for row in rated
    ]
    issues = [
        Line(
            row.id, row.record.title, now.url("playbook", "issues", row.number), row.record.due, row.record.next_action
        )
        for row in now.issues
        if row.record.status in OPEN_ISSUE and row.record.customer_visible
    ]
    return risks + issues
