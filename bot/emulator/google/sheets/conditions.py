"""Conditional formats, applied: which rule's format a cell shows."""

from __future__ import annotations

import re
from typing import Any

from bot.emulator.google.sheets import serials, typed
from bot.emulator.google.sheets.a1 import box_of
from bot.emulator.google.sheets.book import Failure, Json, Sheet, Value
from bot.emulator.google.sheets.view import View

_COMPARED: dict[str, Any] = {
    "GREATER": lambda a, b: a > b,
    "GREATER_THAN_EQ": lambda a, b: a >= b,
    "LESS": lambda a, b: a < b,
    "LESS_THAN_EQ": lambda a, b: a <= b,
    "EQ": lambda a, b: a == b,
    "NOT_EQ": lambda a, b: a != b,
    "BEFORE": lambda a, b: a < b,
    "AFTER": lambda a, b: a > b,
    "ON_OR_BEFORE": lambda a, b: a <= b,
    "ON_OR_AFTER": lambda a, b: a >= b,
}


def applied(view: View, sheet: Sheet, row: int, column: int) -> Json:
    """The format of the first rule that holds for the cell; {} for none. Gradients are not computed."""
    for rule in sheet.conditional:
        boolean = rule.get("booleanRule")
        if boolean is None or not any(box_of(grid, view.book).contains(row, column) for grid in rule["ranges"]):
            continue
        origin = box_of(rule["ranges"][0], view.book)
        if holds(view, sheet, row, column, boolean["condition"], (origin.top, origin.left)):
            found: Json = boolean.get("format", {})
            return found
    return {}


def holds(view: View, sheet: Sheet, row: int, column: int, condition: Json, origin: tuple[int, int]) -> bool:
    """Whether a condition holds for a cell. `origin` is where its relative references stand for."""
    kind = condition["type"]
    value = view.value(sheet, row, column)
    values = condition.get("values", [])
    if kind == "CUSTOM_FORMULA":
        down_to = max(sheet.cells, default=0) + 1 - origin[0]
        found = view.tested(sheet, values[0]["userEnteredValue"], row - origin[0], column - origin[1], down_to)
        return bool(found) and not isinstance(found, str)  # a word or an error is not TRUE
    if kind in ("BLANK", "NOT_BLANK"):
        return bool(value is None or value == "") is bool(kind == "BLANK")
    if isinstance(value, Failure):
        return False
    if kind.startswith("TEXT_"):
        return _text(kind[5:], view.text(sheet, row, column), [one.get("userEnteredValue", "") for one in values])
    if value is None or isinstance(value, (bool, str)):
        return False
    limits = [_limit(view, sheet, one) for one in values]
    return all(limit is not None for limit in limits) and _number(
        kind, float(value), [float(one) for one in limits if one is not None]
    )


def _text(kind: str, text: str, wanted: list[str]) -> bool:
    low, other = text.lower(), wanted[0].lower() if wanted else ""
    if kind == "IS_EMAIL":
        return bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text))
    if kind == "IS_URL":
        return bool(re.match(r"https?://\S+$", text))
    tests = {
        "CONTAINS": other in low,
        "NOT_CONTAINS": other not in low,
        "STARTS_WITH": low.startswith(other),
        "ENDS_WITH": low.endswith(other),
        "EQ": low == other,
        "NOT_EQ": low != other,
    }
    return tests.get(kind, False)


def _limit(view: View, sheet: Sheet, one: Json) -> float | None:
    """The number or date that a condition compares with."""
    if "relativeDate" in one:
        back = {"PAST_YEAR": -365, "PAST_MONTH": -30, "PAST_WEEK": -7, "YESTERDAY": -1, "TODAY": 0, "TOMORROW": 1}
        return float(int(view.now) + back.get(one["relativeDate"], 0))
    text = one.get("userEnteredValue", "")
    found: Value
    if text.startswith("="):
        found = view.tested(sheet, text, 0, 0)
    else:
        today = serials.to_date(view.now)
        found = typed.parse(text, view.locale, today).value if today else None
    return float(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else None


def _number(kind: str, value: float, limits: list[float]) -> bool:
    sort, _, test = kind.partition("_")
    if sort == "DATE":
        value = value // 1
    if test in ("BETWEEN", "NOT_BETWEEN"):
        return (min(limits) <= value <= max(limits)) == (test == "BETWEEN")
    return test in _COMPARED and bool(_COMPARED[test](value, limits[0]))
