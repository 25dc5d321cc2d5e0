"""Who changed what in a spreadsheet, newest first, as lines a person reads."""

from __future__ import annotations

from collections.abc import Set
from datetime import date, timedelta
from typing import Any

from bot.emulator.google.sheets import edits
from bot.emulator.page.reader import Reader, Row

SHOWN = 60
FIRST_DAY = date(1899, 12, 30)  # serial number 0 of Sheets


def of(reader: Reader, file: Row, tab: str, dated: Set[str]) -> list[Row]:
    """The newest edits of a file; numbers in the `dated` cells of the tab `tab` read as dates."""
    newest = edits.of(reader.workspace, file["id"])[::-1][:SHOWN]
    return [_line(reader, one, one["tab"] == tab and one["cell"] in dated) for one in newest]


def _line(reader: Reader, one: Row, is_date: bool) -> Row:
    return {
        "who": reader.name_of(one["who"]),
        "when": reader.pen.moment(one["when"]),
        "tab": one["tab"],
        "cell": one["cell"],
        "old": _shown(one["old"], is_date),
        "new": _shown(one["new"], is_date),
    }


def _shown(value: Any, is_date: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if is_date and isinstance(value, (int, float)) and 0 < value < 100_000:
        day = FIRST_DAY + timedelta(days=int(value))
        return f"{day.day} {day:%b %Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:120]
