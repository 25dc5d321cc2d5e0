"""A plan's dates: anchors and offsets become days; the project's ends; the technical advisor's clock (rule: dates)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.project.calendar import WorkCalendar
from bot.project.model import Milestone, Task
from bot.project.words import Anchor, Phase, SizeClass, WorkStatus

TA_LEAD = timedelta(days=21)
"""Calendar days before the forecast end at which the technical advisor is pulled in."""

TRIAL_DAYS = 15
"""Working days from kickoff to the end of a trial for which no end is given (trials take 2 to 4 weeks)."""

SCALED = frozenset({Phase.BUILD, Phase.VALIDATE, Phase.ROLLOUT})
FACTOR = {SizeClass.SMALL: 1, SizeClass.MEDIUM: 2, SizeClass.LARGE: 3}


def plan(
    milestones: Sequence[Milestone],
    calendar: WorkCalendar,
    *,
    kickoff: date,
    approval: date | None = None,
    completion: date | None = None,
    size: SizeClass = SizeClass.SMALL,
) -> list[Milestone]:
    """The milestones with their baselines, for a plan that nobody has signed off yet.

    *completion* is the end that trials count backward from; else it is the last day counted from kickoff, and of a plan
    that has none `TRIAL_DAYS` after it.
    """
    days = milestone_dates(milestones, calendar, kickoff=kickoff, approval=approval, completion=completion, size=size)
    return [replace(m, baseline=days.get(m.id)) for m in milestones]


def milestone_dates(
    milestones: Sequence[Milestone],
    calendar: WorkCalendar,
    *,
    kickoff: date,
    approval: date | None = None,
    completion: date | None = None,
    size: SizeClass = SizeClass.SMALL,
) -> dict[str, date]:
    """Milestone ID to day; milestones without an anchor (or whose anchor has no day) are left out."""
    offsets = scaled_offsets(milestones, size)
    starts = {Anchor.KICKOFF: kickoff, Anchor.APPROVAL: approval}
    found = {m.id: _day(m, starts.get(m.anchor), offsets, calendar) for m in milestones if m.anchor in starts}
    end = completion or _completion(milestones, found, kickoff, calendar)
    found |= {m.id: _day(m, end, offsets, calendar) for m in milestones if m.anchor is Anchor.COMPLETION}
    found |= {m.id: ta_date(end, calendar) for m in milestones if m.anchor is Anchor.TA_CLOCK}
    return {key: day for key, day in found.items() if day}


def _completion(
    milestones: Sequence[Milestone], found: Mapping[str, date | None], kickoff: date, calendar: WorkCalendar
) -> date:
    """The last day counted from kickoff; a plan that only counts backward ends as a trial does."""
    days = [found.get(m.id) for m in milestones if m.anchor is Anchor.KICKOFF and m.phase is not Phase.CLOSED]
    return max((day for day in days if day), default=None) or calendar.add(kickoff, TRIAL_DAYS)


def _day(milestone: Milestone, start: date | None, offsets: Mapping[str, int], calendar: WorkCalendar) -> date | None:
    own = calendar.for_side(milestone.side)
    return own.add(start, offsets[milestone.id]) if start and milestone.id in offsets else None


def scaled_offsets(milestones: Sequence[Milestone], size: SizeClass) -> dict[str, int]:
    """Offsets for a size class: build, validation and rollout are stretched; what follows keeps its distance."""
    base = {m.id: m.offset for m in milestones if m.offset is not None}
    stretched = [m.id for m in milestones if m.id in base and m.phase in SCALED and m.anchor is Anchor.KICKOFF]
    last = max((base[key] for key in stretched), default=0)
    shift = last * (FACTOR[size] - 1)
    after = [m.id for m in milestones if m.anchor is Anchor.KICKOFF and stretched and base.get(m.id, 0) > last]
    return base | {key: base[key] * FACTOR[size] for key in stretched} | {key: base[key] + shift for key in after}


def ta_date(forecast_end: date, calendar: WorkCalendar) -> date:
    """When the advisor is pulled in: 21 calendar days before the forecast end, moved back to a working day."""
    return calendar.back_to_working(forecast_end - TA_LEAD)


def _ends(milestones: Iterable[Milestone]) -> list[Milestone]:
    """Those that can be the project's end: not the closing, not the clock computed from it, not those left out."""
    return [
        m
        for m in milestones
        if m.phase is not Phase.CLOSED and m.anchor is not Anchor.TA_CLOCK and m.status is not WorkStatus.NOT_APPLICABLE
    ]


def baseline_end(milestones: Iterable[Milestone]) -> date | None:
    """The latest baseline before the closing."""
    return max((m.baseline for m in _ends(milestones) if m.baseline), default=None)


def forecast_end(milestones: Iterable[Milestone]) -> date | None:
    """The latest expected day before the closing: actual, else forecast, else baseline."""
    return max((day for m in _ends(milestones) if (day := m.actual or m.due)), default=None)


def actual_end(milestones: Iterable[Milestone]) -> date | None:
    """The last actual day once every milestone before the closing is done; None before."""
    ends = _ends(milestones)
    days = [m.actual for m in ends if m.status is WorkStatus.DONE and m.actual]
    return max(days) if days and len(days) == len(ends) else None


def ta_move(milestones: Sequence[Milestone], calendar: WorkCalendar) -> tuple[Milestone, date] | None:
    """The open TA milestone and the day its forecast should have, when that differs from what stands there."""
    clock = next((m for m in milestones if m.anchor is Anchor.TA_CLOCK), None)
    end = forecast_end(milestones)
    if clock is None or end is None or clock.status in (WorkStatus.DONE, WorkStatus.NOT_APPLICABLE):
        return None
    day = ta_date(end, calendar)
    return (clock, day) if day != clock.due else None


def task_dates(tasks: Sequence[Task], milestone_days: Mapping[str, date], calendar: WorkCalendar) -> list[Task]:
    """The tasks with start and due, counted backward from their milestone's day.

    A predecessor in the same milestone ends before its successor starts. *tasks* are in order: successors come later.
    """
    dues: dict[str, date] = {}
    for task in reversed(tasks):
        end = milestone_days.get(task.milestone_id)
        later = [t for t in tasks if t.predecessor == task.id and t.milestone_id == task.milestone_id and t.id in dues]
        limits = [calendar.for_side(t.side).add(_start(t, dues[t.id], calendar), -1) for t in later]
        if end:
            dues[task.id] = min([end, *limits])
    return [replace(t, due=dues[t.id], start=_start(t, dues[t.id], calendar)) if t.id in dues else t for t in tasks]


def _start(task: Task, due: date, calendar: WorkCalendar) -> date:
    extra = (task.duration or 1) - 1
    return calendar.for_side(task.side).add(due, -extra) if extra > 0 else due


def next_milestones(milestones: Iterable[Milestone], today: date, within: timedelta) -> list[Milestone]:
    """Open milestones due from *today* to *today + within*, soonest first."""
    open_ones = [m for m in milestones if m.status not in (WorkStatus.DONE, WorkStatus.NOT_APPLICABLE, None)]
    due = [(day, m) for m in open_ones if (day := m.due) and today <= day <= today + within]
    return [m for _, m in sorted(due, key=lambda pair: pair[0])]


def done_since(milestones: Iterable[Milestone], since: date) -> list[Milestone]:
    """Milestones done on or after *since*, by their actual day."""
    done = [m for m in milestones if m.status is WorkStatus.DONE and m.actual and m.actual >= since]
    return sorted(done, key=lambda m: m.actual or since)
