"""Milestones, tasks and prerequisites: what is late, due, without a day, blocked, or out of order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from bot.project import overdue
from bot.project.dependencies import waits
from bot.project.finding import Finding, Kind, Watched, about_row, day, working_days
from bot.project.ladder import reached
from bot.project.model import InternalPrerequisite, Milestone, Prerequisite, Task
from bot.project.rows import Row
from bot.project.words import OPEN_PREREQUISITE, OPEN_WORK, WorkStatus

LATE = {
    Kind.OVERDUE_GATE: "GATE-OVERDUE",
    Kind.OVERDUE_MILESTONE: "MILESTONE-OVERDUE",
    Kind.OVERDUE_TASK: "TASK-OVERDUE",
    Kind.DUE_TODAY: "DUE-TODAY",
    Kind.DUE_SOON: "DUE-SOON",
}


def found(watched: Watched) -> Iterator[Finding]:
    """Everything this family finds."""
    for milestone in watched.milestones:
        yield from _milestone(watched, milestone)
    for task in watched.tasks:
        yield from _task(watched, task)
    for prerequisite in watched.prerequisites:
        yield from _prerequisite(watched, "prerequisites", prerequisite)
    for internal in watched.internal_prerequisites:
        yield from _prerequisite(watched, "internal_prerequisites", internal)
    yield from _gates(watched)


def title_of(record: Any) -> str:
    """What a row is about, in its own words."""
    names = ("milestone", "task", "item", "risk", "title", "criterion", "field", "question")
    return str(next((getattr(record, name) for name in names if hasattr(record, name)), ""))


def _milestone(watched: Watched, row: Row[Milestone]) -> Iterator[Finding]:
    item = row.record
    late = Kind.OVERDUE_GATE if item.gate else Kind.OVERDUE_MILESTONE
    facts = tuple(text for text in (item.slip_reason, item.comment) if text)
    column = "forecast" if item.forecast or not item.baseline else "baseline"
    yield from _dated(watched, "milestones", row, late, column, facts)
    yield from _blocked(watched, "milestones", row, None)
    yield from _slipped(watched, row)


def _task(watched: Watched, row: Row[Task]) -> Iterator[Finding]:
    waiting = f"waiting on {row.record.waiting_on}" if row.record.waiting_on else ""
    facts = tuple(text for text in (row.record.blocked_reason, waiting) if text)
    yield from _dated(watched, "tasks", row, Kind.OVERDUE_TASK, "due", facts)
    yield from _blocked(watched, "tasks", row, row.record.waiting_since)


def _dated(
    watched: Watched, tab: str, row: Row[Milestone] | Row[Task], late: Kind, column: str, facts: tuple[str, ...]
) -> Iterator[Finding]:
    item, title = row.record, title_of(row.record)
    if overdue.has_no_date(item):
        reason = f"{row.id} is open and has no day."
        yield about_row(watched, "NO-DATE", Kind.NO_DATE, tab, row, title, column, reason, facts=facts)
    if not overdue.is_open(item) or item.due is None:
        return
    days = watched.calendar.for_side(item.side).between(item.due, watched.today)
    kind = late if item.due < watched.today else Kind.DUE_TODAY if item.due == watched.today else Kind.DUE_SOON
    if days >= -watched.lead_days:
        known = {"due": item.due, "since": item.due, "days": days, "facts": facts}
        known["rung"] = reached(days, watched.lead_days)
        yield about_row(
            watched, LATE[kind], kind, tab, row, title, column, _when(row.id, item.due, watched.today, days), **known
        )


def _when(row_id: str, due: date, today: date, days: int) -> str:
    """When something is or was due, as a sentence."""
    if due == today:
        return f"{row_id} is due today, {day(due)}."
    if due > today:
        return f"{row_id} is due on {day(due)}" + (f", in {working_days(-days)}." if days else ".")
    return f"{row_id} was due on {day(due)}, {working_days(days)} ago." if days else f"{row_id} was due on {day(due)}."


def _slipped(watched: Watched, row: Row[Milestone]) -> Iterator[Finding]:
    item = row.record
    if item.forecast is None or item.baseline is None or not overdue.is_open(item):
        return
    days = overdue.slip(item.baseline, item.forecast, watched.calendar, item.side) or 0
    if days > watched.days("FORECAST-LATE"):
        cause = f" Cause: {item.slip_reason}." if item.slip_reason else " Nobody has named a cause yet."
        reason = f"The forecast, {day(item.forecast)}, is {working_days(days)} after the baseline."
        yield about_row(
            watched, "FORECAST-LATE", Kind.FORECAST_LATE, "milestones", row, item.milestone, "forecast", reason + cause
        )


def _blocked(watched: Watched, tab: str, row: Row[Milestone] | Row[Task], told: date | None) -> Iterator[Finding]:
    since = told or watched.known.blocked.get(f"{tab}:{row.id}")
    if row.record.status is not WorkStatus.BLOCKED or since is None:
        return
    days = watched.calendar.between(since, watched.today)
    if days > watched.days("BLOCKED-LONG"):
        why = getattr(row.record, "blocked_reason", "") or "No reason is written down."
        reason = f"{row.id} has been blocked for {working_days(days)}, since {day(since)} or before."
        yield about_row(
            watched, "BLOCKED-LONG", Kind.BLOCKED, tab, row, title_of(row.record), "status", reason,
            since=since, facts=(why,),
        )  # fmt: skip


def _prerequisite(watched: Watched, tab: str, row: Row[Prerequisite] | Row[InternalPrerequisite]) -> Iterator[Finding]:
    item, limit = row.record, watched.days("PREREQUISITE-LATE")
    if item.status not in OPEN_PREREQUISITE or item.due is None or item.due >= watched.today:
        return
    days = watched.calendar.for_side(getattr(item, "side", None)).between(item.due, watched.today)
    if limit and days <= limit:
        return
    known = {"due": item.due, "since": item.due, "days": days, "rung": reached(days, watched.lead_days)}
    reason = _when(row.id, item.due, watched.today, days)
    yield about_row(watched, "PREREQUISITE-LATE", Kind.PREREQUISITE_LATE, tab, row, item.item, "due", reason, **known)


# ---------------------------------------------------------------------- gates


def _gates(watched: Watched) -> Iterator[Finding]:
    """Gates that are near, begun or passed although something that they wait for is open."""
    by_id = {row.id: row.record for row in watched.milestones if row.id}
    before = waits({key: item.predecessor for key, item in by_id.items()})
    for row in watched.milestones:
        ahead = [key for key in before.get(row.id, ()) if by_id[key].status in OPEN_WORK]
        if row.record.gate and ahead and (state := _state(watched, row.record)):
            reason = f"{row.id} {state} while {_listed(ahead)} {'is' if len(ahead) == 1 else 'are'} open."
            yield about_row(
                watched, "GATE-PREDECESSOR", Kind.PREDECESSOR, "milestones", row, row.record.milestone,
                "predecessor", reason,
            )  # fmt: skip


def _state(watched: Watched, gate: Milestone) -> str:
    """Why a gate's predecessors matter now; "" when it is still far off."""
    if gate.status is WorkStatus.DONE:
        return "is Done"
    if gate.status is WorkStatus.IN_PROGRESS:
        return "is in progress"
    if gate.due is None or gate.status not in OPEN_WORK:
        return ""
    days = watched.calendar.for_side(gate.side).between(watched.today, gate.due)
    return f"has its day on {day(gate.due)}" if days <= watched.days("GATE-PREDECESSOR") else ""


def _listed(ids: Iterable[str]) -> str:
    names = list(ids)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
