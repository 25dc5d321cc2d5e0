"""Calculates formulas with IronCalc: a workbook of the engine beside a Book, built when a value is first asked for.

Only values go in and come out; formats, notes and all else stay with the Book. Formulas are translated on the way in:
open ranges are closed at the grid's edge, names become ranges, TODAY() and NOW() read a hidden tab that holds the
workspace's time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import ironcalc

from bot.emulator.google.errors import GoogleError
from bot.emulator.google.sheets.book import Book, Failure, Formula, Sheet, Value
from bot.emulator.google.sheets.formulas import Reference, pieces
from bot.emulator.google.sheets.translation import CLOCK, engine_names, placed, translated

Place = tuple[int, int, int]  # sheet id, row, column
_VOLATILE = re.compile(r"\b(?:TODAY|NOW|RAND|RANDBETWEEN)\(", re.IGNORECASE)
_RENAMED = {"#CALC!": "#N/A", "#CIRC!": "#REF!", "#SPILL!": "#REF!", "#N/IMPL!": "#NAME?"}


class Calculator:
    """The calculated values of one book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._model: ironcalc.Model | None = None
        self._formulas: set[Place] = set()
        self._volatile = False
        self._now = 0.0
        self._results: dict[Place, Value] = {}
        self._tested: dict[tuple[int, str], tuple[Value]] = {}
        self._tested_on = 0
        self._names: dict[str, str] = {}

    def results(self, now: float) -> dict[Place, Value]:
        """Values of formula cells and of cells that formulas spill into; `now` is the serial of the wall clock."""
        try:
            return self._fresh(now)
        except GoogleError:
            self._book.restructure()  # the engine's workbook may be broken: make another next time
            raise

    def _fresh(self, now: float) -> dict[Place, Value]:
        book = self._book
        stale = book.restructured or bool(book.changed)
        if book.restructured or (book.changed and not self._model and self._finds_formula()):
            self._build(now)
        elif book.changed and self._model:
            self._update()
        book.restructured, book.changed = False, set()
        if stale or int(now) != self._tested_on:
            self._tested, self._tested_on = {}, int(now)
        if self._model and (stale or (self._volatile and now != self._now)):
            self._calculate(now)
        return self._results

    def tested(self, sheet: Sheet, text: str, now: float, along: Iterable[str] = ()) -> Value:
        """The value of a formula that stands in no cell; remembered until something changes.

        `along` are formulas that will be asked for next: one calculation answers all of them.
        """
        if (sheet.id, text) not in self._tested:
            wanted = [one for one in dict.fromkeys((text, *along)) if (sheet.id, one) not in self._tested]
            values = self._try(sheet, wanted, now)
            for one, value in zip(wanted, values, strict=True):
                is_crowded = isinstance(value, Failure) and len(wanted) > 1  # a neighbour may have been in its way
                self._tested[sheet.id, one] = (self._try(sheet, [one], now)[0] if is_crowded else value,)
        return self._tested[sheet.id, text][0]

    def _try(self, sheet: Sheet, texts: list[str], now: float) -> list[Value]:
        """The values of formulas, calculated at once in spare cells beside each other."""
        with _careful():
            if self._model is None:
                self._model = self._filled(now)
            spare = len(self._book.sheets)
            places = [(spare, 2, column) for column in range(1, len(texts) + 1)]
            self._model.update_cell_with_number(spare, 1, 1, now)
            for place, text in zip(places, texts, strict=True):
                self._model.set_user_input(*place, placed(text, sheet, self._book, self._names))
            self._model.evaluate()
            values = [_engine_value(self._model, place) for place in places]
            for place in places:
                self._model.clear_cell_contents(*place)
        return values

    def _finds_formula(self) -> bool:
        return any(isinstance(self._value(place), Formula) for place in self._book.changed)

    def _value(self, place: Place) -> Value:
        sheet_id, row, column = place
        return self._book.sheet(sheet_id).cell(row, column).value

    def _build(self, now: float) -> None:
        book = self._book
        self._results, self._model = {}, None
        self._formulas = {
            (sheet.id, row, column)
            for sheet in book.sheets
            for row, line in sheet.cells.items()
            for column, cell in line.items()
            if isinstance(cell.value, Formula)
        }
        self._look()
        if not self._formulas:
            return
        with _careful():
            self._model = self._filled(now)

    def _look(self) -> None:
        texts = [str(self._value(place)) for place in self._formulas]
        self._volatile = any(_VOLATILE.search(text) for text in texts)

    def _filled(self, now: float) -> ironcalc.Model:
        model = ironcalc.create("book", "en", "UTC")
        self._names = engine_names(self._book)
        for index, sheet in enumerate(self._book.sheets):
            model.add_sheet(f"_{index}_new") if index else None
            model.rename_sheet(index, self._names[sheet.title])
        model.add_sheet(CLOCK)
        model.update_cell_with_number(len(self._book.sheets), 1, 1, now)
        for index, sheet in enumerate(self._book.sheets):
            for row, line in sheet.cells.items():
                for column, cell in line.items():
                    if cell.value is not None:
                        self._enter(model, index, sheet, row, column, cell.value)
        return model

    def _enter(self, model: ironcalc.Model, index: int, sheet: Sheet, row: int, column: int, value: Value) -> None:
        place = (index, row + 1, column + 1)
        if value is None:
            model.clear_cell_contents(*place)
        elif isinstance(value, (Formula, Failure)):
            text = translated(value, self._book, sheet, self._names) if isinstance(value, Formula) else value
            model.set_user_input(*place, text)
        elif isinstance(value, str):
            model.update_cell_with_text(*place, value)
        elif isinstance(value, bool):
            model.update_cell_with_bool(*place, value)
        else:
            model.update_cell_with_number(*place, float(value))

    def _update(self) -> None:
        assert self._model is not None
        places = {sheet.id: index for index, sheet in enumerate(self._book.sheets)}
        before = len(self._formulas)
        touched = False
        with _careful():
            for place in self._book.changed:
                value = self._value(place)
                touched = touched or isinstance(value, Formula) or place in self._formulas
                (self._formulas.add if isinstance(value, Formula) else self._formulas.discard)(place)
                sheet = self._book.sheet(place[0])
                self._enter(self._model, places[place[0]], sheet, place[1], place[2], value)
        if touched or before != len(self._formulas):
            self._look()

    def _calculate(self, now: float) -> None:
        assert self._model is not None
        with _careful():
            self._model.update_cell_with_number(len(self._book.sheets), 1, 1, now)
            self._model.evaluate()
            self._now = now
            self._results = self._collected(self._model)

    def _collected(self, model: ironcalc.Model) -> dict[Place, Value]:
        places = {sheet.id: index for index, sheet in enumerate(self._book.sheets)}
        found = {
            place: self._computed(model, place, (places[place[0]], place[1] + 1, place[2] + 1))
            for place in self._formulas
        }
        if self._book.spills:
            for index, row, column in model.get_all_cells():
                if index >= len(self._book.sheets):
                    continue
                sheet = self._book.sheets[index]
                if sheet.cell(row - 1, column - 1).blank:
                    value = _engine_value(model, (index, row, column))
                    if value is not None:
                        found[sheet.id, row - 1, column - 1] = value
        return found

    def _computed(self, model: ironcalc.Model, place: Place, where: tuple[int, int, int]) -> Value:
        value = _engine_value(model, where)
        if value == 0 and self._points_at_blank(place):
            return ""
        return "" if value is None else value

    def _points_at_blank(self, place: Place) -> bool:
        """`=B1` shows nothing while B1 is empty; the engine says 0."""
        found = pieces(str(self._value(place)))
        if len(found) != 2 or found[0] != "=" or not isinstance(found[1], Reference) or found[1].last:
            return False
        side, title = found[1].first, found[1].title
        sheet = self._book.sheet(place[0]) if title is None else self._book.by_title(title)
        target = (sheet.id, side.row or 0, side.column or 0) if sheet else None
        return bool(sheet and target and sheet.cell(*target[1:]).blank and target not in self._results)


def _engine_value(model: ironcalc.Model, where: tuple[int, int, int]) -> Value:
    value = model.get_cell_value(*where)
    if value is None or isinstance(value, bool):
        shown = model.get_formatted_cell_value(*where) if value is None else ""
        return Failure(_RENAMED.get(shown, shown)) if shown.startswith("#") else value
    if isinstance(value, str) and model.get_cell_type(*where) == ironcalc.CellType.ErrorValue:
        return Failure(_RENAMED.get(value, value))
    if isinstance(value, float) and value == int(value) and abs(value) < 2**53:
        return int(value)
    return value


@contextmanager
def _careful() -> Iterator[None]:
    """The engine's panic is no Exception; it becomes the service's 500."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise GoogleError(500, "Internal error encountered.") from error
        raise
