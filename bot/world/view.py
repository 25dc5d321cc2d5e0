"""Some tabs at one moment, read as their schema says, and what a write may do with each cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from bot.project import drift
from bot.project.drift import Stranger, Survey
from bot.project.layout import Drift, Layout
from bot.project.people import Names, name_problems
from bot.project.rows import Problem, Row, read_form, read_tab
from bot.project.schema import Schema
from bot.world.google import GoogleError
from bot.world.grid import Grid

Result = Literal["written", "already", "person_won", "row_missing", "id_twice", "column_missing"]
PEOPLE = "stakeholders"  # the tab that names them


class _Unseen:
    """Nothing is known of what stood in the cell: write whatever is there."""

    def __repr__(self) -> str:
        return "UNSEEN"


UNSEEN = _Unseen()


@dataclass(frozen=True)
class Change:
    """One cell to write: a row by its ID ("" in a form), a column by its name, and the value it was last seen with.

    Columns of people are written only *by_person*: somebody asked for it with a button.
    """

    tab: str
    row_id: str
    column: str
    new: Any
    seen: Any = UNSEEN
    by_person: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a change; `found` is the value that was there before."""

    change: Change
    result: Result
    found: Any = None

    @property
    def done(self) -> bool:
        """True when the cell now holds the wanted value."""
        return self.result in ("written", "already")


@dataclass
class View:
    """Some tabs at one moment. *layout* is what is known of the file; *strangers* are tabs that may be missing ones."""

    schema: Schema
    grids: Mapping[str, Grid]
    layout: Layout = field(default_factory=Layout)
    marks: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    strangers: Sequence[Stranger] = ()

    def __post_init__(self) -> None:
        tabs = {name: self.schema.tab(name) for name in self.grids}
        self.tables = {
            name: read_tab(
                tab, self.grids[name].cells, self.layout.locale, self._places(name), self.layout.titles(name)
            )
            for name, tab in tabs.items()
            if tab.layout == "table"
        }
        self.forms = {
            name: read_form(tab, self.grids[name].cells, self.layout.locale, self.layout.titles(name))
            for name, tab in tabs.items()
            if tab.layout == "form"
        }

    def _places(self, tab: str) -> Mapping[str, int]:
        """Positions that metadata told: just now, or before and the header still says the same."""
        if tab in self.marks:
            return self.marks[tab]
        places = self.layout.places.get(tab, {})
        if not places:
            return {}
        cells = self.grids[tab].cells
        reading = read_tab(self.schema.tab(tab), cells, columns=places, titles=self.layout.titles(tab))
        same = drift.digest(self.schema.tab(tab), reading, cells) == self.layout.surveyed.get(tab)
        return places if same else {}

    def grid(self, tab: str, act: str) -> Grid:
        """The cells of a tab that an act needs; GoogleError when the file has it no more."""
        if tab not in self.grids:
            raise GoogleError("missing", act, f"the file has no tab {self.schema.tab(tab).title}")
        return self.grids[tab]

    # ------------------------------------------------------------------ what is odd

    @property
    def is_odd(self) -> bool:
        """True when the structure has to be looked at: a header says what no look has explained yet, say."""
        if any(self._digest(name) not in ("", self.layout.surveyed.get(name)) for name in self.tables):
            return True
        return "" not in self.layout.surveyed and drift.needs_locale(self.problems)

    def _digest(self, tab: str) -> str:
        return drift.digest(self.schema.tab(tab), self.tables[tab], self.grids[tab].cells)

    def surveyed(self, survey: Survey) -> View:
        """The same cells in the light of the structure; the layout has learnt from it."""
        ids = {name: grid.sheet_id for name, grid in self.grids.items()}
        marks = {name: survey.marks.get(sheet_id, {}) for name, sheet_id in ids.items() if name in self.tables}
        layout = drift.placed(self.schema, self.layout, survey)
        seen = View(self.schema, self.grids, layout, marks, self.strangers)
        for name, reading in seen.tables.items():
            layout = drift.learnt(self.schema.tab(name), layout, reading, self.grids[name].cells)
        return View(self.schema, self.grids, layout, marks, self.strangers)

    def drift(self) -> Iterator[Drift]:
        """How the tabs at hand differ from their schema."""
        for name, grid in self.grids.items():
            tab = self.schema.tab(name)
            yield from drift.tab_drift(tab, self.layout, grid.title)
            if name in self.tables:
                yield from drift.column_drift(tab, self.layout, self.tables[name], grid.cells)
            else:
                yield from drift.form_drift(tab, self.forms[name], grid.cells)

    # ------------------------------------------------------------------ what is wrong

    @property
    def problems(self) -> list[Problem]:
        """Everything that could not be read as it should be."""
        tables = [problem for reading in self.tables.values() for problem in reading.problems]
        return tables + [problem for form in self.forms.values() for problem in form.problems]

    def named(self) -> View:
        """The view with the problems of cells that name a stakeholder less than fully."""
        if PEOPLE in self.tables:
            names = Names.of(row.record for row in self.tables[PEOPLE].rows)
            for name, reading in self.tables.items():
                more = name_problems(self.schema.tab(name), reading, names)
                self.tables[name] = replace(reading, problems=(*reading.problems, *more)) if more else reading
        return self

    # ------------------------------------------------------------------ writing beside IDs

    def judge(self, change: Change) -> Outcome:
        """What a write may do with this change now; *written* is still to be done."""
        if change.tab in self.tables:
            rows = self._rows(change)
            if len(rows) != 1:
                return Outcome(change, "id_twice" if rows else "row_missing")
        elif change.tab not in self.forms:
            return Outcome(change, "row_missing")
        if self.place(change) is None:
            return Outcome(change, "column_missing")
        found = self._found(change)
        if _same(found, change.new):
            return Outcome(change, "already", found)
        expected = change.seen is UNSEEN or _same(found, change.seen)
        return Outcome(change, "written" if expected else "person_won", found)

    def place(self, change: Change) -> tuple[int, int] | None:
        """1-based row and 0-based column of a change's cell, None when it has none."""
        if change.tab in self.forms:
            form = self.forms[change.tab]
            number = form.numbers.get(change.column)
            return None if number is None else (number, form.column)
        rows = self._rows(change) if change.tab in self.tables else []
        column = self.tables[change.tab].columns.get(change.column) if rows else None
        return None if column is None else (rows[0].number, column)

    def known_place(self, change: Change) -> tuple[int, int]:
        """The place of a change that was judged writable."""
        place = self.place(change)
        if place is None:
            raise LookupError(f"{change.tab}/{change.row_id}/{change.column} has no cell; judge it first")
        return place

    def _rows(self, change: Change) -> list[Row[Any]]:
        return [row for row in self.tables[change.tab].rows if row.id == change.row_id] if change.row_id else []

    def _found(self, change: Change) -> object:
        """The value that stands there: as the model reads it, or the raw cell where it cannot be read."""
        form = change.tab in self.forms
        record = self.forms[change.tab].record if form else self._rows(change)[0].record
        read = getattr(record, change.column)
        return self.grids[change.tab].at(*self.known_place(change)) if read is None else read


def _same(one: object, other: object) -> bool:
    blank = (None, "")
    return one == other or (one in blank and other in blank)
