"""One cell: from what a spreadsheet returns to a value of the model, and back. Never raises on what a cell holds."""

import difflib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import TypeVar

from bot.project.schema import Column

N = TypeVar("N", int, float)

EPOCH = date(1899, 12, 30)
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
"""Dates outside are taken for typing errors (year 0202) or for plain numbers in a date column."""

Value = str | int | float | bool | date | StrEnum | None


class Trouble(StrEnum):
    """What is wrong with a cell, a row or a header."""

    TEXT_DATE = "date as text"
    IMPOSSIBLE_DATE = "impossible date"
    UNKNOWN_WORD = "unknown word"
    NOT_A_NUMBER = "not a number"
    OUT_OF_RANGE = "out of range"
    NOT_A_TICK = "not a tick"
    BAD_PATTERN = "wrong form"
    CELL_ERROR = "formula error"
    BLANK = "required but blank"
    NO_ID = "row without ID"
    DUPLICATE_ID = "duplicate ID"
    EDITED_ID = "ID changed"
    UNKNOWN_NAME = "unknown name"
    NO_HEADER = "header not found"
    NO_COLUMN = "column missing"
    DUPLICATE_COLUMN = "column twice"


@dataclass(frozen=True)
class Bad:
    """Why a cell cannot be used. *value* is set where the reading is beyond doubt, *proposal* where it is likely."""

    trouble: Trouble
    expected: str
    proposal: Value = None
    value: Value = None


def serial(day: date) -> int:
    """The number that spreadsheets keep for a date."""
    return (day - EPOCH).days


def from_serial(number: float) -> date | None:
    """The date of a serial number, or None when it is not a date from 2000 to 2099."""
    if not serial(EARLIEST) <= number < serial(LATEST) + 1:
        return None
    return EPOCH + timedelta(days=int(number))


_UNSEEN: dict[int, str | None] = {0xA0: " "}
_UNSEEN |= dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), 0xFEFF, 0x061C))
_UNSEEN |= dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)))
del _UNSEEN[0x200D]  # The joiner inside emoji and several scripts.


_MANY = 10**400  # no spreadsheet holds it, and turning it into text may fail


def clean(raw: object) -> str:
    """Plain text of any cell: composed Unicode without control characters and marks that turn the reading direction."""
    if raw is None:
        return ""
    if isinstance(raw, str) and raw.isascii() and raw.isprintable():
        return raw.strip()  # most cells: nothing in it to compose or to take away
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, int) and abs(raw) >= _MANY:
        return "a very long number"
    return unicodedata.normalize("NFC", str(raw)).translate(_UNSEEN).replace("\r\n", "\n").strip()


def is_blank(raw: object) -> bool:
    """True of an empty cell and of a checkbox that nobody ticked."""
    if isinstance(raw, str):
        return not ("!" <= raw[:1] <= "~") and not clean(raw)  # most cells begin with a letter of ASCII
    return raw is None or raw is False


def read(column: Column, raw: object, locale: str) -> Value | Bad:
    """The value of a cell for *column*, or why there is none. *locale* is the file's, such as ``en_US``."""
    if is_blank(raw):
        return default(column)
    text = clean(raw)
    if column.type == "string" and not column.vocabulary:
        return _text(column, text)
    if _is_error(text):
        return Bad(Trouble.CELL_ERROR, _expected(column))
    if column.vocabulary:
        return _word(column, column.vocabulary, text)
    if column.type == "date":
        return _date(raw, text, locale)
    if column.type == "boolean":
        return _tick(raw, text)
    return _number(column, raw, text)


def default(column: Column) -> Value:
    """What a blank cell of *column* means."""
    if column.vocabulary:
        return column.vocabulary(column.default) if column.default else None
    if column.type == "integer":
        return int(column.default) if column.default else None
    return column.default if column.type == "string" else False if column.type == "boolean" else None


def _is_error(text: str) -> bool:
    return text[:1] == "#" and bool(
        re.fullmatch(r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|ERROR!|SPILL!|CALC!)", text)
    )


def _expected(column: Column) -> str:
    if column.constraints.enum:
        return "one of " + ", ".join(column.constraints.enum)
    return {"date": "a date", "integer": "a whole number", "number": "a number", "boolean": "a tick"}.get(
        column.type, "text"
    )


def _text(column: Column, text: str) -> Value | Bad:
    if column.constraints.pattern and not re.fullmatch(column.constraints.pattern, text):
        return Bad(Trouble.BAD_PATTERN, column.description or "another form", column.default or None)
    return text


def _word(column: Column, words: type[StrEnum], text: str) -> Value | Bad:
    folded = _folded(words)
    if text.casefold() in folded:
        return folded[text.casefold()]
    near = difflib.get_close_matches(text.casefold()[:60], folded, n=1, cutoff=0.7)
    return Bad(Trouble.UNKNOWN_WORD, _expected(column), folded[near[0]] if near else None)


@cache
def _folded(words: type[StrEnum]) -> dict[str, StrEnum]:
    return {str(word).casefold(): word for word in words}


def _tick(raw: object, text: str) -> Value | Bad:
    if isinstance(raw, bool):
        return raw
    likely = {
        "yes": True,
        "y": True,
        "x": True,
        "true": True,
        "1": True,
        "no": False,
        "n": False,
        "false": False,
        "0": False,
    }
    return Bad(Trouble.NOT_A_TICK, "a tick", likely.get(text.casefold()))


def _number(column: Column, raw: object, text: str) -> Value | Bad:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        number = int(text) if re.fullmatch(r"[+-]?[0-9]{1,9}", text) else None
        return Bad(Trouble.NOT_A_NUMBER, _expected(column), number, _within(column, number))
    most = 1e9 if column.type == "integer" else 1e15
    if raw != raw or abs(raw) >= most or (column.type == "integer" and raw != int(raw)):
        return Bad(Trouble.NOT_A_NUMBER, _expected(column))
    value = int(raw) if column.type == "integer" else float(raw)
    low, high = column.constraints.minimum, column.constraints.maximum
    return value if _within(column, value) is not None else Bad(Trouble.OUT_OF_RANGE, f"a number from {low} to {high}")


def _within(column: Column, number: N | None) -> N | None:
    low, high = column.constraints.minimum, column.constraints.maximum
    if number is None or (low is not None and number < low) or (high is not None and number > high):
        return None
    return number


def _date(raw: object, text: str, locale: str) -> Value | Bad:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        day = from_serial(raw) if raw == raw else None
        return day or Bad(Trouble.IMPOSSIBLE_DATE, "a date from 2000 to 2099")
    day, is_certain = parse_date(text, locale)
    trouble = Trouble.TEXT_DATE if day else Trouble.IMPOSSIBLE_DATE
    return Bad(trouble, "a date", day, day if is_certain else None)


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR_FIRST = ("zh", "ja", "ko", "hu", "lt", "sv", "mn", "fa", "en_CA", "fr_CA", "en_ZA")
_MONTH_FIRST = ("en_US", "en_PH", "es_PR", "es_PA")


def parse_date(text: str, locale: str) -> tuple[date | None, bool]:
    """The date that *text* most likely means in *locale*, and whether only one reading of it is possible (ISO)."""
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", text, re.ASCII)
    if iso:
        return _sane(*(int(part) for part in iso.groups())), True
    numbers = re.fullmatch(r"(\d{1,4})[./ -]+(\d{1,2})[./ -]+(\d{1,4})\.?", text, re.ASCII)
    if numbers:
        first, second, third = (int(part) for part in numbers.groups())
        return _by_locale(first, second, third, locale), False
    return _by_month_name(text), False


def _by_locale(first: int, second: int, third: int, locale: str) -> date | None:
    if first > 31 or (third <= 31 and {locale, locale[:2]} & set(_YEAR_FIRST)):
        return _sane(first, second, third)
    month, day = (first, second) if locale in _MONTH_FIRST else (second, first)
    return _sane(third, month, day) or _sane(third, day, month)


def _by_month_name(text: str) -> date | None:
    match = re.fullmatch(
        r"(?:[a-z]{2,9},? )?(?:(\d{1,2})\.? ?([a-z]{3,9})|([a-z]{3,9}) (\d{1,2})),?\.? (\d{4}|\d\d)",
        text.casefold(),
        re.ASCII,
    )
    if not match:
        return None
    day, name, name2, day2, year = match.groups()
    name = (name or name2)[:3]
    return _sane(int(year), _MONTHS.index(name) + 1, int(day or day2)) if name in _MONTHS else None


def _sane(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None
    return found if EARLIEST <= found <= LATEST else None


def to_cell(value: Value) -> str | int | float | bool:
    """What to write, as RAW input, for a value: dates as serial numbers, words as their text, nothing as ""."""
    if value is None:
        return ""
    if isinstance(value, date):
        return serial(value)
    return str(value) if isinstance(value, StrEnum) else value
