"""Overdue and slip of milestones and tasks: open, and due before today, never on the due day (rule: dates)."""

from datetime import date

from bot.project.calendar import WorkCalendar
from bot.project.model import Milestone, Task
from bot.project.words import OPEN_WORK, Side


def is_open(item: Milestone | Task) -> bool:
    """Not started, in progress or blocked; an unreadable status is not open."""
    return item.status in OPEN_WORK


def is_overdue(item: Milestone | Task, today: date) -> bool:
    """*today* is the day in the project's zone."""
    return is_open(item) and item.due is not None and item.due < today


def overdue_days(item: Milestone | Task, today: date, calendar: WorkCalendar) -> int | None:
    """Working days overdue, or None when not overdue; 0 when only days off have passed since the due day."""
    if item.due is None or not is_overdue(item, today):
        return None
    return calendar.for_side(item.side).between(item.due, today)


def has_no_date(item: Milestone | Task) -> bool:
    """Open without a due day: the finding "no date"."""
    return is_open(item) and item.due is None


def slip(baseline: date | None, reached: date | None, calendar: WorkCalendar, side: Side | None = None) -> int | None:
    """Working days by which *reached* (forecast or actual) comes after *baseline*; negative when before."""
    return calendar.for_side(side).between(baseline, reached) if baseline and reached else None


def variance(milestone: Milestone, calendar: WorkCalendar) -> int | None:
    """The slip of a milestone's actual day, else of its forecast; None without baseline or without either."""
    return slip(milestone.baseline, milestone.actual or milestone.forecast, calendar, milestone.side)
