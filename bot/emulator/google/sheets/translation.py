"""Formulas in the calculation engine's words: ranges closed at the grid's edge, names resolved, time from a tab."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.emulator.google.sheets.a1 import quoted
from bot.emulator.google.sheets.book import Book, Sheet
from bot.emulator.google.sheets.formulas import Piece, Reference, Side, pieces

CLOCK = "_clock"
DEEPEST, MOST_OPERATORS = 100, 1000  # of a formula that the engine is given
_CALLS = {"TODAY(": f"INT({CLOCK}!$A$1)", "NOW(": f"({CLOCK}!$A$1)"}


def engine_names(book: Book) -> dict[str, str]:
    """The engine's name of each tab: its title where the engine takes it."""
    names: dict[str, str] = {}
    taken: set[str] = {CLOCK}
    for sheet in book.sheets:
        title = sheet.title
        good = len(title) <= 31 and not re.search(r"[\\/*?:\[\]]", title) and title.lower() not in taken
        names[title] = title if good and title.strip("'") == title else f"_tab{sheet.id}"
        taken.add(names[title].lower())
    return names


def _refused(text: str) -> str:
    """The error that stands for a formula which could exhaust the engine's stack and end the process, "" for none."""
    bare = re.sub(r'"[^"]*"', "", text)
    if re.search(r"\bLAMBDA\(", bare, re.IGNORECASE):
        return "#NAME?"
    depth = deepest = 0
    for mark in bare:
        depth += (mark in "({") - (mark in ")}")
        deepest = max(deepest, depth)
    operators = sum(mark in "+-*/^&=<>%," for mark in bare)
    return "#ERROR!" if deepest > DEEPEST or operators > MOST_OPERATORS else ""


def translated(text: str, book: Book, home: Sheet, names: dict[str, str]) -> str:
    """The formula in the engine's words."""
    refused = _refused(text)
    if refused:
        return refused
    found = list(pieces(text))
    out: list[str] = []
    skip = 0
    for at, one in enumerate(found):
        if skip:
            skip -= 1
        elif isinstance(one, Reference):
            out.append(_closed(one, book, home, names))
        elif one.upper() in _CALLS:
            skip = _closing(found, at)
            out.append(_CALLS[one.upper()] if skip else one)
        elif one.upper() == "ARRAYFORMULA(":
            out.append("(")
        else:
            out.append(_named(one, book, names) or one)
    return "".join(out)


def placed(text: str, sheet: Sheet, book: Book, names: dict[str, str]) -> str:
    """The formula in the engine's words with every reference naming its tab."""
    out = [
        replace(one, title=sheet.title).text() if isinstance(one, Reference) and one.title is None else one
        for one in pieces(text)
    ]
    return translated("".join(one if isinstance(one, str) else one.text() for one in out), book, sheet, names)


def _closing(found: list[Piece], at: int) -> int:
    """How many pieces after `at` belong to an empty argument list."""
    for ahead in range(at + 1, len(found)):
        if found[ahead] == ")":
            return ahead - at
        if not (isinstance(found[ahead], str) and str(found[ahead]).isspace()):
            return 0
    return 0


def _closed(one: Reference, book: Book, home: Sheet, names: dict[str, str]) -> str:
    sheet = home if one.title is None else book.by_title(one.title)
    title = None if one.title is None else names.get(one.title, one.title)
    if sheet is None or one.last is None:
        return replace(one, title=title).text()
    first = Side(one.first.row or 0, one.first.column or 0, one.first.fixed_row, one.first.fixed_column)
    row = _limited(one.last.row, first.row, sheet.row_count)
    column = _limited(one.last.column, first.column, sheet.column_count)
    return Reference(title, first, Side(row, column)).text()


def _limited(end: int | None, start: int | None, size: int) -> int:
    """The end of a range inside of the grid, never before its start."""
    return max(start or 0, size - 1 if end is None else min(end, size - 1))


def _named(word: str, book: Book, names: dict[str, str]) -> str | None:
    for one in book.named.values():
        if one["name"].lower() != word.lower():
            continue
        grid = one["range"]
        sheet = next((tab for tab in book.sheets if tab.id == grid.get("sheetId", 0)), None)
        if sheet is None:
            return "#REF!"
        first = Side(grid.get("startRowIndex", 0), grid.get("startColumnIndex", 0), True, True)
        bottom, right = grid.get("endRowIndex", sheet.row_count), grid.get("endColumnIndex", sheet.column_count)
        last = Side(bottom - 1, right - 1, True, True)
        prefix = quoted(names[sheet.title]) + "!"
        return (
            prefix + first.text() + ("" if (first.row, first.column) == (last.row, last.column) else ":" + last.text())
        )
    return None
