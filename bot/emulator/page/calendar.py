"""The workspace's clock as people see it, and the moments its buttons lead to; all in one person's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = time(9, 0)
EVENING = time(17, 0)


@dataclass(frozen=True)
class Face:
    """What the clock shows: "Sunday, 22 November 2026", "14:05", "WET", and its buttons (name, label, moment)."""

    day: str
    time: str
    zone: str
    jumps: tuple[tuple[str, str, str], ...]


LABELS = {
    "hour": "+1 hour",
    "morning": "Next morning",
    "monday": "Next Monday",
    "month_end": "Month end",
}


def face(now: datetime, zone: str) -> Face:
    at = now.astimezone(ZoneInfo(zone))
    jumps = tuple(
        (name, label, _short(target(name, now, zone).astimezone(ZoneInfo(zone)))) for name, label in LABELS.items()
    )
    return Face(f"{at:%A}, {at.day} {at:%B %Y}", f"{at:%H:%M}", at.tzname() or zone, jumps)


def _short(at: datetime) -> str:
    return f"{at:%a} {at.day} {at:%b}, {at:%H:%M}"


def target(name: str, now: datetime, zone: str) -> datetime:
    """The moment a button leads to, always later than now; KeyError for a button there is not."""
    here = ZoneInfo(zone)
    at = now.astimezone(here)
    match name:
        case "hour":
            return now + timedelta(hours=1)
        case "morning":
            return _first_after(at, MORNING, [at.date(), at.date() + timedelta(days=1)])
        case "monday":
            ahead = timedelta(days=(7 - at.weekday()) % 7)
            return _first_after(at, MORNING, [at.date() + ahead, at.date() + ahead + timedelta(days=7)])
        case "month_end":
            return _first_after(at, EVENING, [_last_of_month(at.date()), _last_of_month(at.date() + timedelta(days=5))])
    raise KeyError(name)


def _first_after(at: datetime, clock: time, days: list[date]) -> datetime:
    moments = [datetime.combine(day, clock, at.tzinfo) for day in days]
    return next(moment for moment in moments if moment > at)


def _last_of_month(day: date) -> date:
    first = day.replace(day=1)
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
