"""The baseline: when it is frozen, what differs from it afterwards, how forecasts moved, and how it is counted anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.project import dates
from bot.project.calendar import WorkCalendar
from bot.project.model import Milestone, Task
from bot.project.overdue import is_open
from bot.project.words import Phase, WorkStatus

Days = Mapping[str, date]


@dataclass(frozen=True)
class Move:
    """One date of a milestone that is another one now; None is a blank cell."""

    milestone: Milestone
    was: date | None
    now: date | None


@dataclass(frozen=True)
class TaskMove:
    """A task as it stands, and its dates as they would be."""

    task: Task
    start: date | None
    due: date | None


@dataclass(frozen=True)
class Frozen:
    """What was signed off: baselines and due days by ID; since when (ISO), and who said so, "" where nobody did."""

    milestones: Mapping[str, date] = field(default_factory=dict)
    tasks: Mapping[str, date] = field(default_factory=dict)
    since: str = ""
    by: str = ""


# ---------------------------------------------------------------------- sign-off


def sign_off(milestones: Iterable[Milestone]) -> Milestone | None:
    """The milestone at which scope and timeline are signed off: the first gate of the kickoff, by its baseline."""
    gates = [m for m in milestones if m.gate and m.phase is Phase.KICKOFF and m.status is not WorkStatus.NOT_APPLICABLE]
    return min(gates, key=lambda m: m.baseline or date.max, default=None)


def is_signed_off(milestones: Iterable[Milestone]) -> bool:
    """True once that milestone is done and its evidence, the acknowledgement, is named."""
    gate = sign_off(milestones)
    return gate is not None and gate.status is WorkStatus.DONE and bool(gate.evidence.strip())


def lacks_acknowledgement(milestones: Iterable[Milestone]) -> Milestone | None:
    """The sign-off that is said to be done while its evidence is blank."""
    gate = sign_off(milestones)
    return gate if gate and gate.status is WorkStatus.DONE and not gate.evidence.strip() else None


def freeze(milestones: Iterable[Milestone], tasks: Iterable[Task] = (), since: str = "", by: str = "") -> Frozen:
    """The baselines, and the due days of tasks, as they stand."""
    days = {m.id: m.baseline for m in milestones if m.id and m.baseline}
    return Frozen(days, {t.id: t.due for t in tasks if t.id and t.due}, since, by)


def re_baselined(frozen: Frozen, key: str, day: date | None, tasks: Iterable[Task], since: str, by: str) -> Frozen:
    """The same with another baseline of one milestone (None: it has none), its tasks being signed off as they stand."""
    others = {other: there for other, there in frozen.milestones.items() if other != key}
    own = {t.id: t.due for t in tasks if t.id and t.due and t.milestone_id == key}
    return Frozen(others | ({key: day} if day else {}), {**frozen.tasks, **own}, since, by)


def signed(frozen: Frozen | None, milestones: Iterable[Milestone]) -> list[Milestone]:
    """The milestones with the baselines that count: the signed-off ones, whatever stands in the sheet since."""
    days = frozen.milestones if frozen else {}
    return [replace(m, baseline=days.get(m.id, m.baseline)) for m in milestones]


def changed(frozen: Frozen, milestones: Iterable[Milestone]) -> list[Move]:
    """The baselines that differ from the frozen ones. A milestone that was added since has none that was signed off."""
    return [
        Move(m, frozen.milestones.get(m.id), m.baseline)
        for m in milestones
        if m.id and m.status is not WorkStatus.NOT_APPLICABLE and m.baseline != frozen.milestones.get(m.id)
    ]


def gone(frozen: Frozen, ids: Iterable[str]) -> list[Move]:
    """The signed-off milestones whose rows are not there any more; *ids* are those of all rows."""
    there = set(ids)
    return [Move(Milestone(id=key), day, None) for key, day in frozen.milestones.items() if key not in there]


# ---------------------------------------------------------------------- forecasts


def forecasts(milestones: Iterable[Milestone]) -> dict[str, date | None]:
    """The forecasts as they stand, by milestone ID."""
    return {m.id: m.forecast for m in milestones if m.id}


def moved_forecasts(before: Mapping[str, date | None], milestones: Iterable[Milestone]) -> list[Move]:
    """The forecasts that changed since *before*; a milestone that is new since has not moved."""
    return [Move(m, before[m.id], m.forecast) for m in milestones if m.id in before and m.forecast != before[m.id]]


def slipped(move: Move, calendar: WorkCalendar) -> int | None:
    """Working days by which a changed forecast puts the milestone off; a blank forecast means the baseline."""
    was, now = move.was or move.milestone.baseline, move.now or move.milestone.baseline
    return calendar.for_side(move.milestone.side).between(was, now) if was and now else None


# ---------------------------------------------------------------------- counted anew


def recounted(milestones: Sequence[Milestone], before: Days, now: Days, calendar: WorkCalendar) -> list[Move]:
    """What the baselines of open milestones become when their days are counted anew.

    *before* and *now* are the counted days by ID. A baseline that a person had set to another day than was counted
    keeps its working days from there; one that nothing was counted for yet is filled only where it is blank.
    """
    moves = [
        Move(m, m.baseline, _recounted(m, before.get(m.id), now[m.id], calendar.for_side(m.side)))
        for m in milestones
        if m.id in now and before.get(m.id) != now[m.id] and is_open(m) and m.actual is None
    ]
    return [move for move in moves if move.now != move.was]


def _recounted(milestone: Milestone, before: date | None, now: date, own: WorkCalendar) -> date:
    if before is None or milestone.baseline is None:
        return milestone.baseline or now
    by_hand = own.between(before, milestone.baseline)
    return own.add(now, by_hand) if by_hand else now


def recounted_tasks(tasks: Sequence[Task], moves: Sequence[Move], calendar: WorkCalendar) -> list[TaskMove]:
    """The open tasks that stood where they were counted from their milestone, and where they stand when it moves."""
    was = {move.milestone.id: move.was for move in moves if move.was and move.now}
    now = {move.milestone.id: move.now for move in moves if move.was and move.now}
    old = _counted(tasks, was, calendar)
    new = _counted(tasks, now, calendar)
    return [
        TaskMove(task, new[task.id].start, new[task.id].due)
        for task in tasks
        if task.id in new and task.id in old and is_open(task)
        if task.due == old[task.id].due and new[task.id].due != task.due
    ]


def _counted(tasks: Sequence[Task], days: Mapping[str, date | None], calendar: WorkCalendar) -> dict[str, Task]:
    known = {key: day for key, day in days.items() if day}
    counted = dates.task_dates(tasks, known, calendar)
    return {task.id: task for task in counted if task.id and task.milestone_id in known}
