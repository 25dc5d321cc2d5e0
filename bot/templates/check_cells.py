"""What the cells of one column or field should take and show, beside what they do. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.project.schema import Column, Tab
from bot.templates.differences import Difference
from bot.templates.looks import number_format, validation
from bot.world.structure import TabStructure

Json = Mapping[str, Any]


def shape(tab: Tab, column: Column, cell: Json) -> Iterator[Difference]:
    """Dropdown, other rules and number format of a column, judged by its first cell."""
    where = f"{column.title} in {tab.title}"
    yield from _rule(where, validation(column), cell.get("dataValidation"))
    wanted = number_format(column)
    found = cell.get("userEnteredFormat", {}).get("numberFormat", {})
    if wanted and (found.get("type"), found.get("pattern") or "") != (wanted["type"], wanted.get("pattern", "")):
        told = wanted.get("pattern") or wanted["type"].lower()
        is_shown = found.get("pattern") or found.get("type", "").lower() or "no number format"
        yield Difference("number format", f"{where} shows {is_shown} instead of {told}.")


def _rule(where: str, wanted: Json | None, found: Json | None) -> Iterator[Difference]:
    if wanted is None:
        return
    kind = wanted["condition"]["type"]
    is_list = kind == "ONE_OF_LIST"
    if found is None or found["condition"]["type"] != kind:
        name = {"ONE_OF_LIST": "dropdown", "BOOLEAN": "checkboxes", "DATE_IS_VALID": "check for dates"}.get(kind)
        yield Difference("dropdown" if is_list else "type", f"{where} has no {name or 'check of its numbers'}.")
        return
    before, after = _words(wanted), _words(found)
    lacks, besides = [w for w in before if w not in after], [w for w in after if w not in before]
    if is_list and (lacks or besides):
        parts = [f"lacks {', '.join(lacks)}"] if lacks else []
        parts += [f"has also {', '.join(besides)}"] if besides else []
        yield Difference("dropdown", f"The dropdown of {where} {' and '.join(parts)}.")
    elif not is_list and before != after:
        yield Difference("type", f"{where} takes {' to '.join(after)} instead of {' to '.join(before)}.")
    if wanted.get("strict") and not found.get("strict"):
        yield Difference("dropdown" if is_list else "type", f"{where} only warns where it should refuse other values.")


def _words(rule: Json) -> list[str]:
    return [value.get("userEnteredValue", "") for value in rule["condition"].get("values", ())]


def protection(tab: Tab, column: Column, there: TabStructure, row: int, at: int) -> Iterator[Difference]:
    """Whether the bot's cell at a row and column stands under a protection."""
    if column.owner == "bot" and not any(
        _covers(kept.get("range", {}), row, at) for kept in there.found("protectedRanges")
    ):
        yield Difference("unprotected", f"{column.title} in {tab.title} is written by the bot and is not protected.")


def _covers(span: Json, row: int, column: int) -> bool:
    rows = span.get("startRowIndex", 0) <= row < span.get("endRowIndex", row + 1)
    return bool(rows and span.get("startColumnIndex", 0) <= column < span.get("endColumnIndex", column + 1))


def formula(tab: Tab, column: Column, wanted: str, cell: Json) -> Iterator[Difference]:
    """Whether the formula is there and computes the same, wherever its cells have moved."""
    found = cell.get("userEnteredValue", {}).get("formulaValue", "")
    if not found:
        yield Difference("formula missing", f"The formula of {column.title} in {tab.title} is missing.")
    elif "#REF!" in found:
        words = f"The formula of {column.title} in {tab.title} has lost what it points to (#REF!)."
        yield Difference("formula changed", words)
    elif _placeless(found) != _placeless(wanted):
        yield Difference("formula changed", f"{column.title} in {tab.title} is computed in another way: {found}")


_CELLS = re.compile(r"(?:'(?:[^']|'')*'|[\w.]+)!|\$?\b[A-Z]{1,3}\$?\d+\b")


def _placeless(text: str) -> str:
    """A formula without the places it points to."""
    return re.sub(r"\s+", "", _CELLS.sub("#", text))
