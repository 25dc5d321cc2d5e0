"""Dates in messages, ``<!date^1392734382^Posted {date_num} {time_secs}|fallback>``, in the reader's zone."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

TOKEN = re.compile(r"\{(\w+)\}")


def format_date(timestamp: int, template: str, zone: ZoneInfo, now: datetime | None = None) -> str:
    """The template with its tokens filled in, or "" when the moment cannot be shown (then the fallback serves)."""
    try:
        when = datetime.fromtimestamp(timestamp, UTC).astimezone(zone)
    except (OverflowError, ValueError, OSError):
        return ""
    return TOKEN.sub(lambda match: _token(match[1], when, now) or match[0], template)


def _token(name: str, when: datetime, now: datetime | None) -> str | None:
    if name.endswith("_pretty"):
        return _pretty_day(when, now) or _token(name.removesuffix("_pretty"), when, now)
    match name:
        case "date_num":
            return when.strftime("%Y-%m-%d")
        case "date_slash":
            return when.strftime("%m/%d/%Y")
        case "date":
            return f"{when:%B} {_ordinal(when.day)}, {when.year}"
        case "date_short":
            return f"{when:%b} {when.day}, {when.year}"
        case "date_long":
            return f"{when:%A}, {when:%B} {_ordinal(when.day)}, {when.year}"
        case "time":
            return f"{_hour(when)}:{when:%M} {when:%p}"
        case "time_secs":
            return f"{_hour(when)}:{when:%M:%S} {when:%p}"
        case "ago":
            return _ago(when, now)
    return None


def _hour(when: datetime) -> int:
    return when.hour % 12 or 12


def _ordinal(day: int) -> str:
    ending = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _pretty_day(when: datetime, now: datetime | None) -> str | None:
    if now is None:
        return None
    days = (when.date() - now.astimezone(when.tzinfo).date()).days
    return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days)


def _ago(when: datetime, now: datetime | None) -> str | None:
    if now is None:
        return None
    seconds = int((now - when).total_seconds())
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        count = abs(seconds) // length
        if count:
            words = f"{count} {unit}{'s' if count > 1 else ''}"
            return f"{words} ago" if seconds > 0 else f"in {words}"
    return "just now"
