"""USER_ENTERED: what keystrokes mean in a locale: numbers, dates, times, percents, money, booleans, formulas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.emulator.google.sheets.book import Failure, Formula, Json, Value
from bot.emulator.google.sheets.locales import LOCALES, Locale
from bot.emulator.google.sheets.serials import of_date

_ERRORS = {"#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#NULL!"}
_TIME = re.compile(
    r"(?P<h>\d{1,4}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,3}))?)?(?:\s*(?P<ap>[AaPp])\.?[Mm]?\.?)?|(?P<h2>\d{1,2})\s*(?P<ap2>[AaPp])\.?[Mm]\.?"
)
_SYMBOLS = {"$": "$", "€": "€", "£": "£", "₹": "₹", "¥": "¥"}


@dataclass(frozen=True)
class Typed:
    """A parsed entry: its value and the number format that the entry implies (None: leave the cell's own)."""

    value: Value
    number_format: Json | None = None


def parse(text: str, locale: Locale, today: date) -> Typed:
    """The meaning of typed text; anything that is nothing else is text."""
    if text.startswith("'"):
        return Typed(text[1:])
    stripped = text.strip()
    if stripped.startswith("=") and len(stripped) > 1:
        return Typed(Formula(stripped))
    if stripped in _ERRORS:
        return Typed(Failure(stripped))
    found = _boolean(stripped, locale) or _number(stripped, locale) or _moment(stripped, locale, today)
    if found:
        return found
    if stripped.startswith("+") and len(stripped) > 1:
        return Typed(Formula("=" + stripped))
    return Typed(text)


def _boolean(text: str, locale: Locale) -> Typed | None:
    word = text.upper()
    if word in ("TRUE", locale.true):
        return Typed(True)
    return Typed(False) if word in ("FALSE", locale.false) else None


# -- numbers --------------------------------------------------------------------------------------------------------


def _number(text: str, locale: Locale) -> Typed | None:
    negative, body = _sign(text)
    body, symbol, suffix = _money(body, locale)
    percent = body.endswith("%")
    body = body[:-1].rstrip() if percent else body
    if symbol and body[:1] in "+-" and not negative:
        negative, body = body[0] == "-", body[1:]
    amount = _amount(body, locale)
    if amount is None or (percent and symbol):
        return None
    value = -amount if negative else amount
    if percent:
        value = value / 100
    whole = isinstance(value, float) and value == int(value) and abs(value) < 2**53 and not percent
    return Typed(int(value) if whole else value, _implied(body, symbol, suffix, percent, locale))


def _sign(text: str) -> tuple[bool, str]:
    if text.startswith("(") and text.endswith(")"):
        return True, text[1:-1].strip()
    if text[:1] in ("-", "+", "\u2212"):
        return text[0] != "+", text[1:].lstrip()
    return False, text


def _money(body: str, locale: Locale) -> tuple[str, str, bool]:
    """(digits, currency symbol, whether it stood behind)."""
    symbols = [locale.currency, *_SYMBOLS]
    for symbol in symbols:
        if body.startswith(symbol):
            return body[len(symbol) :].lstrip(), symbol, False
        if body.endswith(symbol):
            return body[: -len(symbol)].rstrip(), symbol, True
    return body, "", False


def _amount(body: str, locale: Locale) -> float | None:
    point, mark = re.escape(locale.decimal), _groups(locale)
    pattern = rf"(?:\d+|\d{{1,3}}(?:{mark}\d{{3}})+)?(?:{point}\d*)?(?:[eE][+-]?\d{{1,3}})?"
    if not re.fullmatch(pattern, body) or not re.search(r"\d", body) or body[:1] in "eE":
        return None
    plain = re.sub(mark, "", body.split("e")[0].split("E")[0]).replace(locale.decimal, ".")
    exponent = re.search(r"[eE]([+-]?\d+)$", body)
    value = float(plain + ("e" + exponent.group(1) if exponent else ""))
    return value if value not in (float("inf"), float("-inf")) else None


def _groups(locale: Locale) -> str:
    marks = {locale.group, "\u00a0", "\u202f", " "} if locale.group in "\u00a0\u202f" else {locale.group}
    if locale.group == "’":
        marks = {"’", "'"}
    return "[" + re.escape("".join(sorted(marks))) + "]"


def _implied(body: str, symbol: str, suffix: bool, percent: bool, locale: Locale) -> Json | None:
    fraction = locale.decimal in body
    grouped = bool(re.search(_groups(locale), body))
    if percent:
        return {"type": "PERCENT", "pattern": "0.00%" if fraction else "0%"}
    if symbol:
        digits = "#,##0.00" if fraction else "#,##0"
        pattern = f'{digits} "{symbol}"' if suffix else f'"{symbol}"{digits}'
        return {"type": "CURRENCY", "pattern": pattern}
    if re.search(r"[eE]", body):
        return {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    if grouped:
        return {"type": "NUMBER", "pattern": "#,##0.00" if fraction else "#,##0"}
    return None


# -- dates and times ------------------------------------------------------------------------------------------------


def _moment(text: str, locale: Locale, today: date) -> Typed | None:
    found = _TIME.fullmatch(text)
    if found:
        return _time(found)
    day = _date(text, locale, today)
    if day is not None:
        return Typed(of_date(day[0]), {"type": "DATE", "pattern": day[1]})
    before, _, after = _cut(text)
    clock = _TIME.fullmatch(after) if after else None
    day = _date(before, locale, today) if clock else None
    seconds = _seconds(clock) if clock else None
    if day is None or seconds is None or seconds >= 86400:
        return None
    return Typed(of_date(day[0]) + seconds / 86400, {"type": "DATE_TIME", "pattern": f"{day[1]} h:mm:ss"})


def _cut(text: str) -> tuple[str, str, str]:
    """A date and the time behind it."""
    found = re.match(r"(.*?\S),?\s+(\d{1,2}(?::\d{2}.*|\s*[AaPp]\.?[Mm]\.?))$", text)
    return (found.group(1), " ", found.group(2)) if found else (text, "", "")


def _seconds(found: re.Match[str]) -> float | None:
    mark = (found["ap"] or found["ap2"] or "").lower()
    hour = int(found["h"] or found["h2"])
    minute, second = int(found["m"] or 0), int(found["s"] or 0)
    if minute > 59 or second > 59 or (mark and not 1 <= hour <= 12):
        return None
    if mark:
        hour = hour % 12 + (12 if mark == "p" else 0)
    return hour * 3600 + minute * 60 + second + (int(found["f"].ljust(3, "0")) / 1000 if found["f"] else 0)


def _time(found: re.Match[str]) -> Typed | None:
    seconds = _seconds(found)
    if seconds is None:
        return None
    if seconds >= 86400:
        return Typed(seconds / 86400, {"type": "TIME", "pattern": "[h]:mm:ss"})
    pattern = "h:mm" + (":ss" if found["s"] else "") + (".000" if found["f"] else "")
    if found["ap"] or found["ap2"]:
        pattern += " am/pm"
    return Typed(seconds / 86400, {"type": "TIME", "pattern": pattern})


def _date(text: str, locale: Locale, today: date) -> tuple[date, str] | None:
    return _numeric_date(text, locale, today) or _named_date(text, locale, today)


def _made(year: int, month: int, day: int, pattern: str) -> tuple[date, str] | None:
    try:
        return date(year, month, day), pattern
    except ValueError:
        return None


def _year(text: str) -> int:
    number = int(text)
    return number if len(text) > 2 else number + (2000 if number < 30 else 1900)


def _numeric_date(text: str, locale: Locale, today: date) -> tuple[date, str] | None:
    found = re.fullmatch(r"(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?", text)
    if found:
        year, mark, month, day = found.groups()
        pattern = f"yyyy{mark}mm" + (f"{mark}dd" if day else "")
        return _made(int(year), int(month), int(day or 1), pattern)
    dotted = locale.order == "dmy" and locale.decimal == ","
    marks = r"[-/.]" if dotted or locale.name == "de_CH" else r"[-/]"
    found = re.fullmatch(rf"(\d{{1,2}})({marks})(\d{{1,2}})(?:\2(\d{{4}}|\d{{2}}))?\.?", text)
    if found and not (text.endswith(".") and found.group(2) != "."):
        return _day_month(found, locale, today)
    found = re.fullmatch(rf"(\d{{1,2}})({marks})(\d{{4}})", text)
    return _made(int(found[3]), int(found[1]), 1, f"m{found[2]}yyyy") if found else None


def _day_month(found: re.Match[str], locale: Locale, today: date) -> tuple[date, str] | None:
    first, mark, second, year = found.groups()
    month_first = locale.order in ("mdy", "ymd")
    month, day = (first, second) if month_first else (second, first)
    letters = ("m", "d") if month_first else ("d", "m")
    if year and mark in locale.date and len(year) == 4 and locale.order != "ymd":
        pattern = locale.date
    else:
        pattern = mark.join(letters) + (mark + ("yyyy" if len(year) == 4 else "yy") if year else "")
    return _made(_year(year) if year else today.year, int(month), int(day), pattern)


def _named_date(text: str, locale: Locale, today: date) -> tuple[date, str] | None:
    for pattern, shape in _NAMED:
        found = pattern.fullmatch(text)
        if not found:
            continue
        month = _month(found["month"], locale)
        if month is None:
            continue
        number, long = month
        parts = found.groupdict()
        day, year = int(parts.get("day") or 1), _year(parts["year"]) if parts.get("year") else today.year
        shown = shape.replace("MON", "mmmm" if long else "mmm").replace("-", parts.get("mark") or "-")
        return _made(year, number, day, shown)
    return None


_WORD = r"(?P<month>[^\W\d_]{3,}\.?)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_NAMED = (
    (re.compile(rf"{_WORD}\s+(?P<year>\d{{4}})"), "MON yyyy"),
    (re.compile(rf"{_WORD}-(?P<year>\d{{4}})"), "MON-yyyy"),
    (re.compile(rf"{_WORD}\s+{_DAY},?\s+(?P<year>\d{{4}})"), "MON d, yyyy"),
    (re.compile(rf"{_WORD}\s+{_DAY}"), "MON d"),
    (re.compile(rf"{_DAY}\s+(?:de\s+)?{_WORD}\s*,?\s+(?:de\s+)?(?P<year>\d{{4}})"), "d MON yyyy"),
    (re.compile(rf"{_DAY}\s+(?:de\s+)?{_WORD}"), "d MON"),
    (re.compile(rf"{_DAY}(?P<mark>[-/]){_WORD}(?P=mark)(?P<year>\d{{4}}|\d{{2}})"), "d-MON-yyyy"),
    (re.compile(rf"{_DAY}(?P<mark>[-/]){_WORD}"), "d-MON"),
)


def _month(word: str, locale: Locale) -> tuple[int, bool] | None:
    """(month number, whether it was written out) of a month's name in the locale's language or English."""
    plain = word.rstrip(".").lower()
    for one in (locale, LOCALES["en_US"]):
        for number in range(12):
            if plain == one.months[number].lower():
                return number + 1, len(plain) > 3
            if plain in (one.short_months[number].rstrip(".").lower(), one.months[number][:3].lower()):
                return number + 1, False
    return (9, False) if plain == "sept" else None
