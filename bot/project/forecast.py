"""What would move: later dates rolled along dependencies, as proposals that a person accepts (rule: dates)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.project import dates
from bot.project.calendar import WorkCalendar
from bot.project.model import Milestone
from bot.project.overdue import is_open
from bot.project.words import Anchor


@dataclass(frozen=True)
class Shift:
    """One forecast that should move, and why, in words for the PM."""

    milestone: Milestone
    now: date
    proposed: date
    because: str


def predecessors(text: str) -> tuple[str, ...]:
    """The IDs of a predecessor cell such as "M4, M5"."""
    return tuple(part for part in re.split(r"[,;\s]+", text) if part)


def shifts(milestones: Sequence[Milestone], calendar: WorkCalendar) -> list[Shift]:
    """Every open milestone that its predecessors push on, keeping the working days the baseline put between them.

    Nothing is proposed earlier. Predecessors that are unknown, undated or in a circle push nothing; rows without an ID
    stay. The clock of the technical advisor follows the end that would result.
    """
    known = {m.id: m for m in milestones if m.id}
    settled: dict[str, date | None] = {}
    for m in known.values():
        _settle(m, known, settled, frozenset(), calendar)
    moved = [replace(m, forecast=settled[m.id]) if _is_moved(m, settled) else m for m in known.values()]
    found = [
        Shift(m, m.due, day, _because(m, known, settled))
        for m in known.values()
        if m.due and (day := _moved(m, settled))
    ]
    clock = dates.ta_move(moved, calendar)
    if clock and (now := clock[0].due):
        found.append(Shift(clock[0], now, clock[1], "21 calendar days before the forecast end"))
    return found


def _moved(milestone: Milestone, settled: Mapping[str, date | None]) -> date | None:
    day = settled.get(milestone.id)
    return day if day != milestone.due and is_open(milestone) else None


def _is_moved(milestone: Milestone, settled: Mapping[str, date | None]) -> bool:
    return _moved(milestone, settled) is not None


def _settle(
    milestone: Milestone,
    known: Mapping[str, Milestone],
    settled: dict[str, date | None],
    path: frozenset[str],
    calendar: WorkCalendar,
) -> date | None:
    """The day a milestone is to be expected, once everything before it is settled."""
    if milestone.id in settled:
        return settled[milestone.id]
    own = milestone.actual or milestone.due
    if not is_open(milestone) or own is None or milestone.anchor is Anchor.TA_CLOCK:
        settled[milestone.id] = own
        return own
    before = [
        known[key] for key in predecessors(milestone.predecessor) if key in known and key not in path | {milestone.id}
    ]
    ends = [(m, _settle(m, known, settled, path | {milestone.id}, calendar)) for m in before]
    pushed = [_pushed(m, end, milestone, calendar) for m, end in ends if end]
    settled[milestone.id] = max([own, *(day for day in pushed if day)])
    return settled[milestone.id]


def _pushed(before: Milestone, end: date, after: Milestone, calendar: WorkCalendar) -> date | None:
    """*end* plus the baseline's distance; None while either baseline is missing or *before* is not late."""
    if before.baseline is None or after.baseline is None or end <= before.baseline:
        return None
    own = calendar.for_side(after.side)
    gap = own.between(before.baseline, after.baseline)
    return own.add(end, max(gap, 0))


def _because(milestone: Milestone, known: Mapping[str, Milestone], settled: Mapping[str, date | None]) -> str:
    late = [
        f"{key} is expected {day:%Y-%m-%d} instead of {known[key].baseline:%Y-%m-%d}"
        for key in predecessors(milestone.predecessor)
        if key in known and (day := settled.get(key)) and known[key].baseline and day != known[key].baseline
    ]
    return "; ".join(late)
