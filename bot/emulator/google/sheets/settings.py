"""The spreadsheet-wide settings that are checked when they are set."""

from __future__ import annotations

import re
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.emulator.google.errors import bad_request, unimplemented
from bot.emulator.google.sheets import locales


def checked_locale(name: str) -> str:
    """A locale's code. Raises 400 for one that is none, 501 for one that the workspace does not carry."""
    if not re.fullmatch(r"[a-z]{2,3}([_-][A-Z]{2})?", name):
        raise bad_request(f"Unsupported locale: {name}")
    if locales.find(name) is None:
        raise unimplemented("spreadsheets in the locale " + name)
    return name


def checked_zone(name: str) -> str:
    """A CLDR time zone. Raises 400."""
    if name not in known_zones():
        raise bad_request(f"Invalid time zone: {name}")
    return ZoneInfo(name).key


@cache
def known_zones() -> frozenset[str]:
    """Every time zone of this machine; listing them walks a folder tree."""
    return frozenset(available_timezones())
