"""The reminder ladder: what is said next about one matter, given what was last said (rule: reminders)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.project.calendar import WorkCalendar

LEAD = 3
"""Working days before the due day of the first rung, unless a project sets another."""
RUNGS = (0, 1, 3, 5, 10)
AFTER_RESET = 3
SNOOZES = (1, 3, 7)
MOST_SNOOZES = 2


class Recipient(StrEnum):
    OWNER = "owner"
    PM = "PM"
    ESCALATION = "escalation contact"
    LEADS = "leads"


@dataclass(frozen=True, kw_only=True)
class Said:
    """The memory of one matter.

    *due* is the date *rung* spoke of; *again_on* the earliest day to speak after a reset or snooze.
    *entered* is the day of a silent first scan: for older matters the ladder starts there, at rung 0.
    """

    rung: int | None = None
    on: date | None = None
    due: date | None = None
    entered: date | None = None
    again_on: date | None = None
    snoozes: int = 0


NOTHING_SAID = Said()


def reached(days: int, lead: int = LEAD) -> int | None:
    """The highest rung reached *days* working days after the due day; None before the first, which is ``-lead``."""
    return max((rung for rung in (-lead, *RUNGS) if rung <= days), default=None)


def recipients(rung: int) -> frozenset[Recipient]:
    """Who hears a rung; the owner until +3, the PM from +3, the escalation contact at +5, the leads at +10."""
    if rung >= 10:
        return frozenset({Recipient.LEADS})
    if rung >= 5:
        return frozenset({Recipient.PM, Recipient.ESCALATION})
    return frozenset({Recipient.OWNER, Recipient.PM}) if rung >= 3 else frozenset({Recipient.OWNER})


def say_next(due: date | None, today: date, said: Said, calendar: WorkCalendar, lead: int = LEAD) -> int | None:
    """The rung to speak today, or None.

    Missed rungs collapse into the latest; a rung speaks once. Without *due* days count from the first word.
    """
    start = max((day for day in (due, said.entered) if day), default=today)
    rung = reached(calendar.between(start, today), lead)
    is_same_date = said.due == due
    if rung is None or (is_same_date and said.again_on is not None and today < said.again_on):
        return None
    if not is_same_date or said.rung is None or said.again_on is not None:
        return rung
    return rung if rung > said.rung else None


def after_saying(said: Said, rung: int, due: date | None, today: date) -> Said:
    """The memory once *rung* was spoken."""
    entered = said.entered or (today if due is None else None)
    snoozes = said.snoozes if said.due == due else 0
    return replace(said, rung=rung, on=today, due=due, entered=entered, again_on=None, snoozes=snoozes)


def after_change(said: Said, today: date, calendar: WorkCalendar) -> Said:
    """The memory once a person changed date, status, owner, blocked reason or comment: three working days of peace.

    A snooze that lasts longer stays.
    """
    return replace(said, again_on=_later(said, calendar.add(today, AFTER_RESET)), snoozes=0)


def _later(said: Said, day: date) -> date:
    return max(day, said.again_on) if said.again_on else day


def may_snooze(said: Said, days: int, reason: str) -> str:
    """Why a snooze is refused, or "": 1, 3 or 7 working days, twice at most, the second with a reason."""
    if days not in SNOOZES:
        return "a snooze is 1, 3 or 7 working days"
    if said.snoozes >= MOST_SNOOZES:
        return "this was snoozed twice already"
    return "the second snooze needs a reason" if said.snoozes and not reason.strip() else ""


def after_snooze(said: Said, days: int, today: date, calendar: WorkCalendar) -> Said:
    """The memory once a person snoozed it for *days* working days."""
    return replace(said, again_on=calendar.add(today, days), snoozes=said.snoozes + 1)


LONGEST_PAUSE = 40
"""Calendar days after which no rung is left that was not reached."""


def next_word(
    due: date | None, said: Said, today: date, calendar: WorkCalendar, lead: int = LEAD
) -> tuple[date, int] | None:
    """The day of the next word and its rung, should nothing change meanwhile; None when only the digest is left."""
    for ahead in range(1, LONGEST_PAUSE):
        day = today + timedelta(days=ahead)
        rung = say_next(due, day, said, calendar, lead) if calendar.is_working(day) else None
        if rung is not None:
            return day, rung
    return None


def together(memories: Iterable[Said], due: date | None) -> Said:
    """What people heard of one matter, whoever they are, about the date it has now."""
    same = [one for one in memories if one.due == due]
    rungs = [one.rung for one in same if one.rung is not None]
    return Said(
        rung=max(rungs, default=None),
        on=max((one.on for one in same if one.on), default=None),
        due=due,
        entered=min((one.entered for one in same if one.entered), default=None),
        again_on=max((one.again_on for one in same if one.again_on), default=None),
        snoozes=max((one.snoozes for one in same), default=0),
    )
