"""What would move: later dates rolled along dependencies, as proposals that a person accepts (rule: dates).

A milestone is pushed by the late ones it waits for: it keeps the working days that the baseline put between them. A
task is pushed by its milestone and by late tasks before it, and keeps the working days that stood between them at
sign-off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.project import dates
from bot.project.calendar import WorkCalendar
from bot.project.dependencies import Waits, waits
from bot.project.model import Milestone, Task
from bot.project.overdue import is_open
from bot.project.words import Anchor, WorkStatus

Days = Mapping[str, date | None]


@dataclass(frozen=True)
class Shift:
    """One forecast that should move, why in words for the PM, and the milestones that push it."""

    milestone: Milestone
    now: date
    proposed: date
    because: str
    pushed_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class TaskShift:
    """One task's due day that should move, and its start with it."""

    task: Task
    now: date
    proposed: date
    start: date | None
    because: str


def shifts(milestones: Sequence[Milestone], calendar: WorkCalendar) -> list[Shift]:
    """Every open milestone that its predecessors push on, in the sheet's order.

    Nothing is proposed earlier. Predecessors that are unknown, undated or in a circle push nothing, one that does not
    apply passes on what it waits for; rows without an ID stay. The clock of the technical advisor pushes nobody: it
    comes last and follows the end that would result.
    """
    known = {m.id: m for m in milestones if m.id}
    waiting = _waiting(known)
    settled = _settled(known, waiting, calendar)
    found = [
        Shift(m, m.due, day, _because(pushing, known, settled), pushing)
        for key, m in known.items()
        if m.due and (day := settled[key]) and not _stays(m) and day > m.due
        if (pushing := _pushing(m, day, waiting[key], known, settled, calendar))
    ]
    days = {shift.milestone.id: shift.proposed for shift in found}
    clock = dates.ta_move([replace(m, forecast=days.get(m.id, m.forecast)) for m in milestones], calendar)
    if clock and clock[0].id and (now := clock[0].due):
        found.append(Shift(clock[0], now, clock[1], "21 calendar days before the forecast end"))
    return found


def expected(milestones: Sequence[Milestone], calendar: WorkCalendar) -> dict[str, date]:
    """The day on which each milestone is to be expected once every shift is accepted, by ID."""
    days = {m.id: m.actual or m.due for m in milestones if m.id}
    days |= {shift.milestone.id: shift.proposed for shift in shifts(milestones, calendar)}
    return {key: day for key, day in days.items() if day}


def _waiting(known: Mapping[str, Milestone]) -> Waits:
    left_out = {key for key, m in known.items() if m.status is WorkStatus.NOT_APPLICABLE or m.anchor is Anchor.TA_CLOCK}
    return waits({key: m.predecessor for key, m in known.items()}, left_out)


def _settled(known: Mapping[str, Milestone], waiting: Waits, calendar: WorkCalendar) -> dict[str, date | None]:
    settled: dict[str, date | None] = {}
    for key, before in waiting.items():
        m = known[key]
        own = m.actual or m.due
        pushed = [] if own is None or _stays(m) else [_pushed(known[one], settled[one], m, calendar) for one in before]
        settled[key] = max([own, *(day for day in pushed if day)]) if own else None
    return settled


def _stays(milestone: Milestone) -> bool:
    """Reached, left out or computed: nothing pushes it."""
    return not is_open(milestone) or milestone.actual is not None or milestone.anchor is Anchor.TA_CLOCK


def _pushed(before: Milestone, end: date | None, after: Milestone, calendar: WorkCalendar) -> date | None:
    """*end* plus the baseline's distance; None while either baseline is missing or *before* is not late."""
    if end is None or before.baseline is None or after.baseline is None or end <= before.baseline:
        return None
    return _later(end, before.baseline, after.baseline, calendar.for_side(after.side))


def _later(end: date, planned_end: date, planned: date, own: WorkCalendar) -> date:
    """As many working days after *end* as *planned* was after *planned_end*."""
    return own.add(end, max(own.between(planned_end, planned), 0))


def _pushing(
    after: Milestone,
    day: date,
    before: Sequence[str],
    known: Mapping[str, Milestone],
    settled: Days,
    calendar: WorkCalendar,
) -> tuple[str, ...]:
    """Those predecessors because of which it is that day."""
    return tuple(key for key in before if _pushed(known[key], settled[key], after, calendar) == day)


def _because(pushing: Sequence[str], known: Mapping[str, Milestone], settled: Days) -> str:
    return "; ".join(_late(key, known[key].baseline, settled[key]) for key in pushing)


def _late(key: str, planned: date | None, day: date | None) -> str:
    return f"{key} is expected {day:%Y-%m-%d} instead of {planned:%Y-%m-%d}"


# ---------------------------------------------------------------------- tasks


def task_shifts(
    tasks: Sequence[Task],
    planned: Mapping[str, date],
    milestones: Sequence[Milestone],
    calendar: WorkCalendar,
) -> list[TaskShift]:
    """The open tasks that late milestones and late tasks push on, in the sheet's order; nothing is proposed earlier.

    *planned* are the due days that were signed off, by task ID; a task that was added since stays where it is.
    """
    known = {task.id: task for task in tasks if task.id}
    ends = expected(milestones, calendar)
    late = {
        m.id: (m.baseline, day)
        for m in milestones
        if is_open(m) and m.baseline and (day := ends.get(m.id)) and day > m.baseline
    }
    settled, why = _settled_tasks(known, planned, late, calendar)
    return [
        TaskShift(task, task.due, day, _start(task, day, calendar), why[key])
        for key, task in known.items()
        if task.due and (day := settled.get(key)) and day > task.due
    ]


def _settled_tasks(
    known: Mapping[str, Task],
    planned: Mapping[str, date],
    late: Mapping[str, tuple[date, date]],
    calendar: WorkCalendar,
) -> tuple[dict[str, date], dict[str, str]]:
    """The due days of the open tasks once everything is pushed, and what pushes them."""
    left_out = {key for key, task in known.items() if task.status is WorkStatus.NOT_APPLICABLE}
    settled: dict[str, date] = {}
    why: dict[str, str] = {}
    for key, before in waits({key: task.predecessor for key, task in known.items()}, left_out).items():
        task = known[key]
        if task.due is None or not is_open(task):
            continue
        pushes = dict[str, date]()
        if key in planned:
            own = calendar.for_side(task.side)
            pushes = _by_tasks(planned[key], before, planned, settled, own) | _by_milestone(
                task, planned[key], late, own
            )
        settled[key] = max([task.due, *pushes.values()])
        why[key] = "; ".join(words for words, day in pushes.items() if day == settled[key])
    return settled, why


def _by_tasks(
    day: date, before: Sequence[str], planned: Mapping[str, date], settled: Mapping[str, date], own: WorkCalendar
) -> dict[str, date]:
    return {
        _late(key, planned[key], settled[key]): _later(settled[key], planned[key], day, own)
        for key in before
        if key in settled and key in planned and settled[key] > planned[key]
    }


def _by_milestone(task: Task, day: date, late: Mapping[str, tuple[date, date]], own: WorkCalendar) -> dict[str, date]:
    """As many working days before (or after) its milestone as it was at sign-off."""
    if task.milestone_id not in late:
        return {}
    was, end = late[task.milestone_id]
    ahead = own.between(day, was)
    return {_late(task.milestone_id, was, end): own.add(end, -ahead) if ahead else own.back_to_working(end)}


def _start(task: Task, due: date, calendar: WorkCalendar) -> date | None:
    """The start keeps its working days before the due day."""
    if task.start is None or task.due is None:
        return task.start
    own = calendar.for_side(task.side)
    later = own.between(task.due, due)
    return own.add(task.start, later) if later > 0 else task.start
