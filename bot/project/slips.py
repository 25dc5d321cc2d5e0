"""The slip ledger, pure: how far forecasts moved and why, and how long work waited for the customer (rule: dates).

A slip that another milestone pushed is kept but not summed, lest one delay counts twice. The parts of a sum always
make its total: the causes, what nobody named a cause of, and what was caught up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from bot.project import people
from bot.project.calendar import WorkCalendar
from bot.project.model import Milestone, Prerequisite, Stakeholder, Task
from bot.project.overdue import is_open
from bot.project.words import OPEN_PREREQUISITE, Side, SlipCause, WorkStatus

Json = Any

BOT = "implbot"  # moves the advisor's clock, which only follows the end
NOT_NAMED, CAUGHT_UP = "no cause named", "caught up"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Slip:
    """One forecast change. *days* are working days, None where either date is unknown; *because* pushed it.

    *waits* tells who waited for whom at that moment, in words.
    """

    milestone: str
    was: date | None
    now: date | None
    days: int | None
    cause: SlipCause | None = None
    on: date | None = None
    by: str = ""
    because: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()

    @property
    def is_own(self) -> bool:
        """False of what only followed another milestone."""
        return not self.because and self.by != BOT

    @property
    def key(self) -> str:
        """The same for the same change, whatever is learnt of it later."""
        return f"{self.milestone}:{self.was or ''}:{self.now or ''}:{self.on or ''}"

    def is_latest_of(self, slips: Iterable[Slip]) -> bool:
        """True of the last change of its milestone: the plan's own column tells that one's cause."""
        return [one.key for one in slips if one.milestone == self.milestone][-1:] == [self.key]

    @property
    def lacks_cause(self) -> bool:
        """True when it put the milestone off by itself and nobody said why."""
        return self.is_own and (self.days or 0) > 0 and self.cause is None


@dataclass(frozen=True)
class Wait:
    """A row that waits, or waited, for somebody of the customer's: from *since*, until before *until*, None for ever.

    *is_told* where a cell says since when, so that a later look may correct it.
    """

    row: str
    who: str
    whom: str
    since: date
    until: date | None = None
    is_told: bool = False


@dataclass(frozen=True)
class Ledger:
    """All that is kept of one project, oldest first."""

    slips: tuple[Slip, ...] = ()
    waits: tuple[Wait, ...] = ()


@dataclass(frozen=True)
class Sums:
    """Working days by part, in the order of the vocabulary; parts without days are left out, *total* is their sum."""

    parts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        return sum(days for _, days in self.parts)


def sums(slips: Iterable[Slip]) -> Sums:
    """How many working days each cause cost; negative days are what was caught up, whatever the reason."""
    own = [slip for slip in slips if slip.is_own and slip.days]
    days = dict.fromkeys([*map(str, SlipCause), NOT_NAMED, CAUGHT_UP], 0)
    for slip in own:
        part = CAUGHT_UP if (slip.days or 0) < 0 else str(slip.cause or NOT_NAMED)
        days[part] += slip.days or 0
    return Sums(tuple((part, count) for part, count in days.items() if count))


# ---------------------------------------------------------------------- waiting for the customer


def customer_waits(
    tasks: Iterable[Task],
    milestones: Iterable[Milestone],
    prerequisites: Iterable[Prerequisite],
    stakeholders: Sequence[Stakeholder],
    customer: str,
    today: date,
) -> list[Wait]:
    """The rows that wait for the customer now.

    An open task that waits on somebody of theirs, or stands Blocked on their side: from *waiting since*, else today.
    A milestone that stands Blocked on their side: from today. Their prerequisites: from the day after they were due,
    which may lie ahead: nothing is waited for before its day.
    """
    return [
        *_task_waits(tasks, stakeholders, customer, today),
        *(
            Wait(m.id, "", m.owner or customer, today)
            for m in milestones
            if m.id and m.side is Side.CUSTOMER and m.status is WorkStatus.BLOCKED
        ),
        *(
            Wait(p.id, "", p.owner or customer, p.due + _DAY, is_told=True)
            for p in prerequisites
            if p.id and p.side is Side.CUSTOMER and p.status in OPEN_PREREQUISITE and p.due
        ),
    ]


def _task_waits(
    tasks: Iterable[Task], stakeholders: Sequence[Stakeholder], customer: str, today: date
) -> Iterator[Wait]:
    for task in tasks:
        is_theirs = _is_theirs(task.waiting_on, stakeholders, customer)
        is_blocked = task.status is WorkStatus.BLOCKED and task.side is Side.CUSTOMER
        if task.id and is_open(task) and (is_theirs or (is_blocked and not task.waiting_on)):
            told = task.waiting_since if task.waiting_since and task.waiting_since <= today else None
            whom = task.waiting_on or task.owner or customer
            yield Wait(task.id, task.owner, whom, told or today, is_told=told is not None)


def _is_theirs(name: str, stakeholders: Sequence[Stakeholder], customer: str) -> bool:
    """True when a cell names the customer, or one stakeholder of the customer's side."""
    wanted = " ".join(name.casefold().split())
    email = people.email_of(name, stakeholders)
    named = [one for one in stakeholders if wanted and " ".join(one.name.casefold().split()) == wanted]
    sides = {one.side for one in [*people.listed(stakeholders, email), *named]}
    return bool(wanted) and (Side.CUSTOMER in sides or wanted in ("customer", " ".join(customer.casefold().split())))


def followed(before: Iterable[Wait], now: Iterable[Wait], today: date) -> list[Wait]:
    """What is kept after one more look: running waits go on, those that are over get their end, new ones begin."""
    running = {wait.row: wait for wait in now}
    kept: list[Wait] = []
    for wait in before:
        still = running.pop(wait.row, None) if wait.until is None else None
        if still:
            kept.append(still if still.is_told else replace(still, since=wait.since))
        elif wait.until is not None:
            kept.append(wait)
        elif wait.since < today:
            kept.append(replace(wait, until=today))
    return [*kept, *running.values()]


def waited(waits: Iterable[Wait], calendar: WorkCalendar, today: date) -> int:
    """Working days on which something waited for the customer; a day on which several did counts once."""
    own = calendar.for_side(Side.US)
    days = {day for wait in waits for day in _days(wait, today)}
    return sum(map(own.is_working, days))


def _days(wait: Wait, today: date) -> Iterator[date]:
    end = min(wait.until or today, today)
    return map(date.fromordinal, range(wait.since.toordinal(), end.toordinal()))


def who_waits(milestone: str, tasks: Iterable[Task]) -> list[str]:
    """Who waited for whom under a milestone, in words: "T4: Lena for Ruth"."""
    waiting = [
        task for task in tasks if task.milestone_id == milestone and milestone and is_open(task) and task.waiting_on
    ]
    return [f"{task.id}: {task.owner or 'somebody'} for {task.waiting_on}" for task in waiting]


# ---------------------------------------------------------------------- as it is kept


def read_slip(kept: Mapping[str, Json]) -> Slip:
    """A line of the ledger; what is no date or no cause counts as unknown."""
    cause, days = str(kept.get("cause") or ""), kept.get("days")
    return Slip(
        milestone=str(kept.get("milestone", "")),
        was=_day(kept.get("from")),
        now=_day(kept.get("to")),
        days=days if isinstance(days, int) else None,
        cause=SlipCause(cause) if cause in set(SlipCause) else None,
        on=_day(kept.get("on")),
        by=str(kept.get("by") or ""),
        because=tuple(kept.get("because") or ()),
        waits=tuple(kept.get("waits") or ()),
    )


def read_wait(kept: Mapping[str, Json]) -> Wait:
    """A wait as it is kept."""
    since, until = date.fromisoformat(kept["since"]), _day(kept["until"])
    return Wait(kept["row"], kept["who"], kept["whom"], since, until, bool(kept["told"]))


def packed_wait(wait: Wait) -> Json:
    """A wait as plain JSON."""
    until = wait.until.isoformat() if wait.until else ""
    return {
        "row": wait.row, "who": wait.who, "whom": wait.whom, "since": wait.since.isoformat(), "until": until,
        "told": wait.is_told,
    }  # fmt: skip


def _day(text: Json) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except (TypeError, ValueError):
        return None


# ---------------------------------------------------------------------- in words


def lines(ledger: Ledger, calendar: WorkCalendar, today: date) -> list[str]:
    """The whole ledger to read: each change, each wait, and what they add up to."""
    told = [_slip_line(slip) for slip in ledger.slips] or ["No forecast has moved."]
    found = sums(ledger.slips)
    parts = [f"  {part}: {days}" for part, days in found.parts]
    waits = [_wait_line(wait, calendar, today) for wait in ledger.waits if wait.since < today]
    total = f"Waited for the customer: {waited(ledger.waits, calendar, today)} working days"
    return [*told, f"Slip by cause, in working days: {found.total}", *parts, total, *waits]


def _slip_line(slip: Slip) -> str:
    days = "days unknown" if slip.days is None else f"{slip.days:+d} working days"
    pushed = f"pushed by {', '.join(slip.because)}" if slip.because else ""
    cause = "" if not slip.is_own else str(slip.cause or NOT_NAMED)
    by = f"by {slip.by}" if slip.by else ""
    parts = [
        f"{slip.on or '?'}  {slip.milestone} {slip.was or 'blank'} → {slip.now or 'blank'}",
        days,
        cause,
        pushed,
        by,
    ]
    return " · ".join(part for part in (*parts, *slip.waits) if part)


def _wait_line(wait: Wait, calendar: WorkCalendar, today: date) -> str:
    who = f"{wait.who} for {wait.whom}" if wait.who else f"for {wait.whom}"
    end = f"until {wait.until}" if wait.until else "until now"
    return f"  {wait.row}: {who}, since {wait.since} {end}: {waited([wait], calendar, today)}"
