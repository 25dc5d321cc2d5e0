"""Date and time patterns: which they are, and the text of a serial in one."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.emulator.google.sheets.locales import Locale
from bot.emulator.google.sheets.serials import to_date

_TOKEN = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[(?:h+|H+|m+|M+|s+|S+)\]|\[[^\]]*\]|y+|Y+|[mM]+|d+|D+|h+|H+|s+|S+|\.0+|am/pm|AM/PM|a/p|A/P|.',
    re.DOTALL,
)
_LETTERS = frozenset("ymdhs")


@lru_cache(maxsize=1024)
def _tokens(section: str) -> tuple[tuple[str, str], ...]:
    """(kind, token): kind is "text" or one of y M d h m s . ampm elapsed."""
    raw = _TOKEN.findall(section)
    found = [_kind(token) for token in raw]
    return tuple(_minutes(found))


def _kind(token: str) -> tuple[str, str]:
    low = token.lower()
    if token[0] == '"':
        return ("text", token[1:-1])
    if token[0] == "\\":
        return ("text", token[1:])
    if token[0] in "_*" and len(token) > 1:
        return ("text", " " if token[0] == "_" else "")
    if token[0] == "[":
        inner = low[1:-1]
        return ("elapsed", inner) if inner and set(inner) <= set("hms") else ("none", "")
    if low in ("am/pm", "a/p"):
        return ("ampm", token)
    if low[0] in _LETTERS:
        return (low[0], low)
    if re.fullmatch(r"\.0+", token):
        return ("fraction", token)
    return ("text", token)


def _minutes(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """An m after an hour or before a second is a minute; every other m is a month."""
    places = [n for n, (kind, _) in enumerate(found) if kind in "ymdhs" or kind in ("elapsed", "fraction")]
    for at, n in enumerate(places):
        if found[n][0] != "m":
            continue
        before = found[places[at - 1]] if at else ("", "")
        after = found[places[at + 1]] if at + 1 < len(places) else ("", "")
        hours = before[0] == "h" or (before[0] == "elapsed" and before[1][0] == "h")
        minute = hours or after[0] == "s" or (after[0] == "elapsed" and after[1][0] == "s")
        found[n] = ("minute" if minute and len(found[n][1]) < 3 else "month", found[n][1])
    for n, (kind, token) in enumerate(found):
        if kind == "fraction" and not (n and (found[n - 1][0] == "s" or found[n - 1][0] == "elapsed")):
            found[n] = ("text", token)
    return found


@lru_cache(maxsize=1024)
def is_date_pattern(section: str) -> bool:
    """Whether the section shows dates or times rather than digits."""
    plain = re.sub(
        r'"[^"]*"|\\.|_.|\*.|\[\$[^\]]*\]|\[(?:red|green|blue|black|white|cyan|yellow|magenta)\]',
        "",
        section,
        flags=re.IGNORECASE,
    )
    if "#" in plain or "?" in plain or re.search(r"[eE][+-]|general", plain, re.IGNORECASE):
        return False
    return any(letter in _LETTERS for letter in re.sub(r"\.0+", "", plain).lower())


def moment_text(value: float, section: str, locale: Locale) -> str | None:
    """The serial as text; seconds and shown fractions are rounded, all else is cut. None outside of years 1 to 9999."""
    tokens = _tokens(section)
    digits = next((len(token) - 1 for kind, token in tokens if kind == "fraction"), 0)
    seconds_shown = any(kind == "s" or (kind == "elapsed" and token[0] == "s") for kind, token in tokens)
    ticks = round(value * 86_400_000)  # milliseconds: what a cell keeps of a time
    if seconds_shown:
        step = 10 ** (3 - min(digits, 3))
        ticks = (ticks + step // 2) // step * step
    days, rest = divmod(ticks, 86_400_000)
    if to_date(days) is None and any(kind in ("y", "month", "d") for kind, _ in tokens):
        return None
    clock = any(kind == "ampm" for kind, _ in tokens)
    parts = [_part(kind, token, days, rest, ticks, clock, locale) for kind, token in tokens]
    return "".join(parts)


def _part(kind: str, token: str, days: int, rest: int, ticks: int, clock: bool, locale: Locale) -> str:
    if kind == "text":
        return token
    if kind in ("y", "month", "d"):
        return _calendar(kind, len(token), days, locale)
    hour, minute, second = rest // 3_600_000, rest // 60_000 % 60, rest // 1000 % 60
    if kind == "h":
        shown = (hour % 12 or 12) if clock else hour
        return str(shown).zfill(min(len(token), 2))
    if kind == "minute":
        return str(minute).zfill(min(len(token), 2))
    if kind == "s":
        return str(second).zfill(min(len(token), 2))
    if kind == "fraction":
        return locale.decimal + f"{rest % 1000:03d}".ljust(len(token) - 1, "0")[: len(token) - 1]
    if kind == "ampm":
        return ("AM" if hour < 12 else "PM")[: 1 if token.lower() == "a/p" else 2]
    if kind == "elapsed":
        return _elapsed(token, ticks)
    return ""


def _elapsed(token: str, ticks: int) -> str:
    size = {"h": 3_600_000, "m": 60_000, "s": 1000}[token[0]]
    return ("-" if ticks < 0 else "") + str(abs(ticks) // size).zfill(len(token))


def _calendar(kind: str, length: int, days: int, locale: Locale) -> str:
    day = to_date(days)
    if day is None:
        return ""
    if kind == "y":
        return f"{day.year % 100:02d}" if length <= 2 else f"{day.year:04d}"
    if kind == "month":
        number = day.month
        names = {3: locale.short_months, 4: locale.months}
        if length == 5:
            return locale.months[number - 1][0].upper()
        return names[min(length, 4)][number - 1] if length > 2 else str(number).zfill(length)
    names = {3: locale.short_days, 4: locale.days}
    return names[min(length, 4)][day.isoweekday() % 7] if length > 2 else str(day.day).zfill(length)
