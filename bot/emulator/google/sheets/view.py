"""A spreadsheet as it is seen at a moment: effective values, effective number formats, displayed text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from bot.emulator.google.sheets import numbers, serials
from bot.emulator.google.sheets.book import Book, Cell, Failure, Formula, Json, Sheet, Value
from bot.emulator.google.sheets.engine import Calculator, Place
from bot.emulator.google.sheets.formulas import first_reference, from_locale, shifted, to_locale
from bot.emulator.google.sheets.locales import Locale, of
from bot.emulator.google.sheets.store import Live

_DATES = re.compile(r"=\+?(TODAY|DATE|EDATE|EOMONTH|WORKDAY|WORKDAY\.INTL|DATEVALUE|TO_DATE)\(", re.IGNORECASE)
_FOLLOWS = re.compile(
    r"=\+?(?:(?:SUM|MIN|MAX|AVERAGE|MEDIAN|MINIFS|MAXIFS|SUMIF|ABS|ROUND|INDEX|IF|IFERROR|VLOOKUP|XLOOKUP)\(|\$?[A-Za-z']|\()",
    re.IGNORECASE,
)
_DATE_KINDS = ("DATE", "TIME", "DATE_TIME")


@dataclass
class View:
    """One spreadsheet now."""

    book: Book
    locale: Locale
    now: float  # the wall clock in the spreadsheet's zone
    calculator: Calculator
    formats: dict[tuple[int, int, str], tuple[Json, Json, Json]] = field(default_factory=dict)  # effective, so far

    @cached_property
    def results(self) -> dict[Place, Value]:
        """What formulas compute, calculated when first asked for."""
        return self.calculator.results(self.now)

    def tested(self, sheet: Sheet, formula: str, rows: int, columns: int, down_to: int = 0) -> Value:
        """The value of a formula that stands in no cell (a condition's), copied `rows` down and `columns` right.

        The copies further below, until `down_to`, are calculated with it: whoever asks for one row asks for all.
        """
        _ = self.results  # the engine has seen every change
        text = from_locale(formula, self.locale)
        below = (shifted(text, row, columns) for row in range(rows + 1, down_to))
        return self.calculator.tested(sheet, shifted(text, rows, columns), self.now, below)

    def value(self, sheet: Sheet, row: int, column: int) -> Value:
        """The effective value; None for an empty cell."""
        typed = sheet.cell(row, column).value
        if isinstance(typed, Formula) or (typed is None and self.book.spills):
            return self.results.get((sheet.id, row, column))
        return typed

    def number_format(self, sheet: Sheet, row: int, column: int) -> Json | None:
        """The cell's own number format, or the one that its formula implies."""
        cell = sheet.cell(row, column)
        own: Json | None = cell.style.get("numberFormat")
        if own or not isinstance(cell.value, Formula):
            return own
        return self._implied(cell.value, sheet, 0)

    def _implied(self, text: str, sheet: Sheet, depth: int) -> Json | None:
        if re.match(r"=\+?NOW\(\)$", text, re.IGNORECASE):
            return {"type": "DATE_TIME", "pattern": f"{self.locale.date} h:mm:ss"}
        if _DATES.match(text) and not _differs(text):
            return {"type": "DATE", "pattern": self.locale.date}
        if depth > 8 or not _FOLLOWS.match(text) or _differs(text):
            return None
        return self._of_reference(text, sheet, depth)

    def _of_reference(self, text: str, sheet: Sheet, depth: int) -> Json | None:
        found = first_reference(text)
        if found is None or found.first.row is None or found.first.column is None:
            return None
        target = sheet if found.title is None else self.book.by_title(found.title)
        if target is None:
            return None
        row, column = found.first.row, found.first.column
        cell = target.cell(row, column)
        if cell.style.get("numberFormat"):
            same: Json = cell.style["numberFormat"]
            return None if same.get("type") == "TEXT" else same
        return self._implied(cell.value, target, depth + 1) if isinstance(cell.value, Formula) else None

    def text(self, sheet: Sheet, row: int, column: int) -> str:
        """What the cell displays."""
        value = self.value(sheet, row, column)
        return self.shown(value, None if value is None else self.number_format(sheet, row, column))

    def shown(self, value: Value, number_format: Json | None) -> str:
        """A value in a number format, in the spreadsheet's locale."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return self.locale.true if value else self.locale.false
        if isinstance(value, (int, float)):
            return numbers.number_text(value, number_format, self.locale)
        return str(value) if isinstance(value, Failure) else numbers.text_text(value, number_format, self.locale)

    def formula(self, cell: Cell) -> str:
        """A formula cell's text as the locale writes it."""
        return to_locale(str(cell.value), self.locale)

    def rendered(self, sheet: Sheet, row: int, column: int, render: str, dates: str) -> bool | int | float | str:
        """One cell of a values read ("" when empty)."""
        cell = sheet.cell(row, column)
        if render == "FORMULA" and isinstance(cell.value, Formula):
            return self.formula(cell)
        value = self.value(sheet, row, column)
        if value is None:
            return ""
        if render == "FORMATTED_VALUE" or isinstance(value, Failure):
            return self.text(sheet, row, column)
        if dates == "FORMATTED_STRING" and isinstance(value, (int, float)) and not isinstance(value, bool):
            found = self.number_format(sheet, row, column)
            if found and found.get("type") in _DATE_KINDS:
                return self.shown(value, found)
        return plain(value)


def _differs(text: str) -> bool:
    """Formulas whose result is no longer of their first cell's kind: differences, products, comparisons, text."""
    return bool(re.search(r"[*/&<>]|[)\w]\s*-\s*[$A-Za-z]|=.*=", re.sub(r'"[^"]*"', "", text)))


def plain(value: Value) -> bool | int | float | str:
    """A value as JSON has it: whole numbers without a fraction."""
    if value is None:
        return ""
    if isinstance(value, float) and value == int(value) and abs(value) < 2**53:
        return int(value)
    return str(value) if isinstance(value, str) else value


def view(found: Live, now: datetime) -> View:
    """The spreadsheet as it is at `now` (aware)."""
    book = found.book
    return View(book, of(book.locale), serials.of_moment(now, book.zone), found.calculator)
