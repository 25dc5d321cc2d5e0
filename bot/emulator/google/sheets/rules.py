"""Conditions of data validation and conditional formats: which are well-formed."""

from __future__ import annotations

from bot.emulator.google.errors import bad_request
from bot.emulator.google.sheets.book import Json

_COUNTS = {
    "NUMBER_BETWEEN": (2, 2),
    "NUMBER_NOT_BETWEEN": (2, 2),
    "DATE_BETWEEN": (2, 2),
    "DATE_NOT_BETWEEN": (2, 2),
    "TEXT_IS_EMAIL": (0, 0),
    "TEXT_IS_URL": (0, 0),
    "DATE_IS_VALID": (0, 0),
    "BLANK": (0, 0),
    "NOT_BLANK": (0, 0),
    "BOOLEAN": (0, 2),
    "ONE_OF_LIST": (1, 500),
}
_FORMAT_ONLY = ("TEXT_STARTS_WITH", "TEXT_ENDS_WITH", "BLANK", "NOT_BLANK")
_VALIDATION_ONLY = ("ONE_OF_LIST", "ONE_OF_RANGE", "BOOLEAN", "TEXT_IS_EMAIL", "TEXT_IS_URL", "DATE_IS_VALID")


def checked_condition(condition: Json, validation: bool) -> Json:
    """The condition as given. Raises 400 for an unknown kind or a wrong number of values."""
    kind = condition.get("type", "CONDITION_TYPE_UNSPECIFIED")
    if kind in ("CONDITION_TYPE_UNSPECIFIED", "FILTER_EXPRESSION"):
        raise bad_request("Condition type must be specified.")
    if kind in (_FORMAT_ONLY if validation else _VALIDATION_ONLY):
        raise bad_request(
            f"ConditionType '{kind}' is not supported for {'data validation' if validation else 'conditional formats'}."
        )
    values = condition.get("values", [])
    low, high = _COUNTS.get(kind, (1, 1))
    if not low <= len(values) <= high:
        needed = f"requires {_expected(low, high)} ConditionValues, but {len(values)} values were provided."
        raise bad_request(f"ConditionType '{kind}' {needed}")
    _check_values(kind, values, validation)
    return condition


def _expected(low: int, high: int) -> str:
    if low == high:
        return f"exactly {low}"
    return f"at least {low}" if high > 2 else f"between {low} and {high}"


def _check_values(kind: str, values: list[Json], validation: bool) -> None:
    for one in values:
        text = one.get("userEnteredValue", "")
        if "relativeDate" in one and (validation or not kind.startswith("DATE_") or "BETWEEN" in kind):
            raise bad_request(f"ConditionType '{kind}' does not support relative dates.")
        if kind == "ONE_OF_LIST" and text.startswith("="):
            raise bad_request("ConditionType 'ONE_OF_LIST' does not support formulas.")
        if kind in ("CUSTOM_FORMULA", "ONE_OF_RANGE") and not text.startswith("="):
            raise bad_request(f"ConditionType '{kind}' requires a value that starts with '='.")


def checked_rule(given: Json) -> Json:
    """A DataValidationRule as kept: false flags left out."""
    if "condition" not in given:
        raise bad_request("DataValidationRule.condition must be specified.")
    checked_condition(given["condition"], validation=True)
    return {name: value for name, value in given.items() if value not in (False, "")}
