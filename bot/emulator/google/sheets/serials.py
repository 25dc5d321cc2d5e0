"""Dates as numbers: days since 1899-12-30, fractions are the part of the day; wall-clock time of the spreadsheet."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = date(1899, 12, 30)
_LAST = date(9999, 12, 31)
LOWEST = (date(1, 1, 1) - EPOCH).days
HIGHEST = (_LAST - EPOCH).days


def of_date(day: date) -> int:
    """2020-01-01 -> 43831."""
    return (day - EPOCH).days


def of_moment(moment: datetime, zone: str) -> float:
    """An aware moment as the wall clock of `zone` shows it, cut to milliseconds."""
    local = moment.astimezone(ZoneInfo(zone))
    seconds = local.hour * 3600 + local.minute * 60 + local.second + local.microsecond // 1000 / 1000
    return of_date(local.date()) + seconds / 86400


def to_date(serial: float) -> date | None:
    """The day of a serial, None when outside of years 1 to 9999."""
    days = int(serial // 1)
    return EPOCH + timedelta(days=days) if LOWEST <= days <= HIGHEST else None
