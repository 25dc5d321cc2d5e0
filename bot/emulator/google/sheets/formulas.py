"""The text of formulas: finding references in it and moving them with the grid.

A formula is kept as typed, in English syntax (arguments separated by commas). References are found by a small scanner
that skips strings and function names; nothing else of the formula is understood here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.emulator.google.sheets.a1 import column_index, column_letters, quoted
from bot.emulator.google.sheets.book import Formula
from bot.emulator.google.sheets.locales import Locale
from bot.emulator.google.sheets.spans import Change

_PIECE = re.compile(
    r"""(?P<string>"(?:[^"]|"")*")
    |(?P<ref>(?P<sheet>(?:'(?:[^']|'')+'|[^\W\d]\w*)!)?
       (?:(?P<a>\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6})(?::(?P<b>\$?[A-Za-z]{1,3}(?:\$?[1-9]\d{0,6})?|\$?[1-9]\d{0,6}))?
         |(?P<c>\$?[A-Za-z]{1,3}):(?P<d>\$?[A-Za-z]{1,3}(?:\$?[1-9]\d{0,6})?)
         |(?P<e>\$?[1-9]\d{0,6}):(?P<f>\$?[1-9]\d{0,6})
       )(?![\w(!.]))
    |(?P<word>[^\W\d][\w.]*\(?)
    |(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_SIDE = re.compile(r"(\$?)([A-Za-z]{1,3})?(\$?)(\d+)?")
BROKEN = "#REF!"


@dataclass(frozen=True)
class Side:
    """One end of a reference; row or column is None where it is open."""

    row: int | None
    column: int | None
    fixed_row: bool = False
    fixed_column: bool = False

    def text(self) -> str:
        """`$A$1`."""
        column = "" if self.column is None else ("$" if self.fixed_column else "") + column_letters(self.column)
        row = "" if self.row is None else ("$" if self.fixed_row else "") + str(self.row + 1)
        return column + row


@dataclass(frozen=True)
class Reference:
    """A cell or range in a formula; `title` is the tab it names, None for the formula's own."""

    title: str | None
    first: Side
    last: Side | None = None

    def text(self) -> str:
        """The reference as formulas print it."""
        prefix = "" if self.title is None else quoted(self.title) + "!"
        return prefix + self.first.text() + (":" + self.last.text() if self.last else "")


Piece = str | Reference


@lru_cache(maxsize=8192)
def pieces(text: str) -> tuple[Piece, ...]:
    """The formula's text with its references picked out."""
    return tuple(_reference(match) if match["ref"] else match.group(0) for match in _PIECE.finditer(text))


def _reference(match: re.Match[str]) -> Reference:
    sheet = match["sheet"]
    title = None if sheet is None else _unquoted(sheet[:-1])
    first, last = match["a"] or match["c"] or match["e"], match["b"] or match["d"] or match["f"]
    return Reference(title, _side(first), _side(last) if last else None)


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'") if text.startswith("'") else text


def _side(text: str) -> Side:
    found = _SIDE.fullmatch(text)
    assert found is not None
    dollar, letters, second, digits = found.groups()
    if letters is None:
        return Side(int(digits) - 1, None, bool(dollar or second))
    return Side(int(digits) - 1 if digits else None, column_index(letters), bool(second), bool(dollar))


def _rebuilt(text: str, change: Callable[[Reference], str]) -> Formula:
    return Formula("".join(change(one) if isinstance(one, Reference) else one for one in pieces(text)))


def first_reference(text: str) -> Reference | None:
    """The first cell or range that the formula names."""
    return next((one for one in pieces(text) if isinstance(one, Reference)), None)


def adjusted(text: str, home: str, target: str, change: Change) -> Formula:
    """The formula of a cell on tab `home` after rows or columns of tab `target` were inserted, deleted or moved."""

    def moved(one: Reference) -> str:
        if (home if one.title is None else one.title) != target:
            return one.text()
        return _moved(one, change)

    return _rebuilt(text, moved)


def _moved(one: Reference, change: Change) -> str:
    rows = change.axis == "ROWS"
    start = one.first.row if rows else one.first.column
    if one.last is None:
        if start is None:
            return one.text()
        place = change.point(start)
        return _broken(one) if place is None else replace(one, first=_with(one.first, rows, place)).text()
    end = one.last.row if rows else one.last.column
    if start is None and end is None:
        return one.text()
    if end is None or start is None:
        known = start if start is not None else end
        assert known is not None
        place = change.edge(known)
        if start is None:
            return replace(one, last=_with(one.last, rows, place)).text()
        return replace(one, first=_with(one.first, rows, place)).text()
    span = change.span(min(start, end), max(start, end) + 1)
    if span is None:
        return _broken(one)
    return replace(one, first=_with(one.first, rows, span[0]), last=_with(one.last, rows, span[1] - 1)).text()


def _broken(one: Reference) -> str:
    return BROKEN if one.title is None else f"{quoted(one.title)}!{BROKEN}"


def _with(side: Side, rows: bool, place: int) -> Side:
    return replace(side, row=place) if rows else replace(side, column=place)


def shifted(text: str, rows: int, columns: int) -> Formula:
    """The formula as copied `rows` down and `columns` right: relative references go along."""
    if not rows and not columns:
        return Formula(text)
    return _rebuilt(text, lambda one: _shifted(one, rows, columns))


def _shifted(one: Reference, rows: int, columns: int) -> str:
    sides = [_slide(side, rows, columns) for side in (one.first, one.last) if side is not None]
    if any(side is None for side in sides):
        return _broken(one)
    return replace(one, first=sides[0], last=sides[1] if len(sides) > 1 else None).text()  # type: ignore[arg-type]


def _slide(side: Side, rows: int, columns: int) -> Side | None:
    row = side.row if side.row is None or side.fixed_row else side.row + rows
    column = side.column if side.column is None or side.fixed_column else side.column + columns
    if (row is not None and row < 0) or (column is not None and column < 0):
        return None
    return replace(side, row=row, column=column)


def renamed(text: str, old: str, new: str) -> Formula:
    """The formula after tab `old` got the title `new`."""
    return _rebuilt(text, lambda one: replace(one, title=new).text() if one.title == old else one.text())


def orphaned(text: str, title: str) -> Formula:
    """The formula after tab `title` was deleted."""
    return _rebuilt(text, lambda one: BROKEN if one.title == title else one.text())


def relocated(
    text: str, box: tuple[str, int, int, int, int], home: str, target: str, rows: int, columns: int
) -> Formula:
    """The formula after the cells of `box` (tab, top, left, bottom, right) were cut and pasted onto tab `target`."""
    title, top, left, bottom, right = box

    def moved(one: Reference) -> str:
        sides = [side for side in (one.first, one.last) if side is not None]
        named = home if one.title is None else one.title
        inside = all(
            side.row is not None
            and side.column is not None
            and top <= side.row < bottom
            and left <= side.column < right
            for side in sides
        )
        if named != title or not inside:
            return one.text()
        made = [replace(side, row=(side.row or 0) + rows, column=(side.column or 0) + columns) for side in sides]
        new_title = one.title if target == named else target
        return Reference(new_title, made[0], made[1] if len(made) > 1 else None).text()

    return _rebuilt(text, moved)


# -- locales --------------------------------------------------------------------------------------------------------


def from_locale(text: str, locale: Locale) -> Formula:
    """A typed formula in English syntax: `=SUMME(1,5;2)` style separators become commas, decimal commas points."""
    if locale.separator == ",":
        return Formula(text)
    return Formula("".join(_exchanged(one, {";": ",", ",": "."}) for one in _coarse(text)))


def to_locale(text: str, locale: Locale) -> str:
    """The formula as the locale writes it."""
    if locale.separator == ",":
        return str(text)
    out = []
    for match in _PIECE.finditer(text):
        part = match.group(0)
        if match["number"]:
            part = part.replace(".", ",")
        elif match["other"] == ",":
            part = ";"
        out.append(part)
    return "".join(out)


def _coarse(text: str) -> list[str]:
    return re.findall(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')+'|[^\"',;]+|.", text, re.DOTALL)


def _exchanged(part: str, marks: dict[str, str]) -> str:
    return marks.get(part, part)
