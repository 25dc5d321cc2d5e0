"""Google Sheets, spoken to in rows and records: whole tabs read by their ids, cells written only where nobody else did.

Sheets has no precondition for a write. So a write reads directly before, leaves every cell alone that a person has
changed since it was last seen, and reads again afterwards: what landed beside another row's ID, because rows or columns
moved meanwhile, is taken back and written anew. The window that remains is the one round trip between that read and
the write: what a person types in the very same cell within it is lost, and what stood in a cell hit by mistake comes
back as a value, without its formula. Tabs are addressed by their ids, so names may change at any time.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.project import identity
from bot.project.layout import Drift, Layout
from bot.project.rows import FormReading, Problem, Reading, Row
from bot.project.schema import Schema, letter
from bot.world import adding, mending, wire, writing
from bot.world.google import Google
from bot.world.grid import Datum, form_data, table_data
from bot.world.retry import Mark
from bot.world.spreadsheet import Spreadsheet
from bot.world.view import UNSEEN, Change, Outcome
from bot.world.wire import API, COLUMN_KEY, HIGHEST_KEY

__all__ = [
    "API", "COLUMN_KEY", "HIGHEST_KEY", "UNSEEN", "Book", "Change", "Outcome", "Sheets", "TabInfo", "cell_url",
]  # fmt: skip

EDIT = "https://docs.google.com/spreadsheets/d"

Rows = Sequence[Row[Any]]
_PLAIN = Layout()


@dataclass(frozen=True)
class TabInfo:
    """What a spreadsheet says of one of its tabs."""

    sheet_id: int
    title: str
    rows: int
    columns: int
    hidden: bool


@dataclass(frozen=True)
class Book:
    """What was read of a file: tables and forms by tab name, and the wanted tabs that somebody deleted.

    *drift* tells how the file differs from its schema, *layout* what is known of it now: keep it for the next reading.
    """

    file_id: str
    schema: Schema
    tables: Mapping[str, Reading] = field(default_factory=dict)
    forms: Mapping[str, FormReading[Any]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    drift: tuple[Drift, ...] = ()
    layout: Layout = field(default_factory=Layout)

    def rows(self, tab: str) -> list[Row[Any]]:
        """The rows of a tab, in the sheet's order, none when the tab is missing; a form is one row without an ID."""
        if tab in self.forms:
            return [Row("", 1, self.forms[tab].record)]
        return list(self.tables[tab].rows) if tab in self.tables else []

    def records(self, tab: str) -> list[Any]:
        """The records of a tab's rows."""
        return [row.record for row in self.rows(tab)]

    def row(self, tab: str, row_id: str) -> Row[Any] | None:
        """The row of an ID, None when there is none."""
        return self.tables[tab].by_id(row_id) if tab in self.tables else None

    def form(self, tab: str) -> Any:
        """The record of a form; a blank one when the tab is missing."""
        return self.forms[tab].record if tab in self.forms else self.schema.tab(tab).record()

    def needs_ids(self, before: Mapping[str, Rows] | None = None) -> bool:
        """True when an ID has to be mended; *before* are the last known rows by tab."""
        known = before or {}
        return any(identity.mends(self.schema.tab(name), table, known.get(name)) for name, table in self.tables.items())

    @property
    def problems(self) -> list[Problem]:
        """Everything that could not be read as it should be."""
        tables = [problem for reading in self.tables.values() for problem in reading.problems]
        return tables + [problem for form in self.forms.values() for problem in form.problems]


@dataclass
class Sheets:
    """Spreadsheets by their file id. *layout* is, everywhere, what earlier readings learnt of the file."""

    google: Google
    _turn: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    # ------------------------------------------------------------------ reading

    def read(self, file_id: str, schema: Schema, tabs: Iterable[str] | None = None, layout: Layout = _PLAIN) -> Book:
        """The wanted tabs (all when None), in one call; in one or two more where a tab or a header looks wrong."""
        wanted = list(tabs) if tabs is not None else [tab.name for tab in schema.tabs]
        file = Spreadsheet(self.google, file_id, schema, layout)
        view = file.look(wanted).named()
        missing = tuple(name for name in wanted if name not in view.grids)
        return Book(file_id, schema, view.tables, view.forms, missing, tuple(file.drift(view, missing)), file.layout)

    def tabs(self, file_id: str) -> dict[int, TabInfo]:
        """The tabs a spreadsheet has, by sheet id."""
        params = {"fields": "sheets.properties(sheetId,title,hidden,gridProperties(rowCount,columnCount))"}
        answer = self.google.call(
            "sheets.spreadsheets.get", lambda: self.google.sheets.spreadsheets_get(file_id, params=dict(params))
        )
        infos = [_tab_info(sheet["properties"]) for sheet in answer.get("sheets", ())]
        return {info.sheet_id: info for info in infos}

    # ------------------------------------------------------------------ writing

    def fill(self, file_id: str, schema: Schema, contents: Mapping[str, object], layout: Layout = _PLAIN) -> Book:
        """Fill a fresh copy: a list of records replaces a table's rows, a record or a mapping fills a form.

        Formulas and people's own columns stay; what is blank or not named in a form stays as the template has it.
        Returns the whole file as it was before.
        """
        file = Spreadsheet(self.google, file_id, schema, layout)
        view = file.look([tab.name for tab in schema.tabs])
        data: list[Datum] = []
        for name, content in contents.items():
            grid = view.grid(name, "sheets.fill")
            if name in view.forms:
                data += form_data(schema.tab(name), grid, view.forms[name], content)
            elif isinstance(content, Sequence):
                data += table_data(schema.tab(name), grid, view.tables[name], content)
            else:
                raise TypeError(f"the table {name} is filled from a list of records, not from {type(content).__name__}")
        wire.put(self.google, file_id, data)
        return Book(file_id, schema, view.tables, view.forms, layout=file.layout)

    def append(
        self,
        file_id: str,
        schema: Schema,
        tab_name: str,
        record: Any,
        layout: Layout = _PLAIN,
        also: Sequence[Change] = (),
    ) -> str:
        """Add a row below the last one; returns its ID, one that no row ever had when the record has none.
        *also* are cells of the bot in other tabs, written with it.

        A record whose ID is there already is not added again, so that this may be repeated after a crash. The row is
        inserted with what it holds in one act, so it stands on nobody's, whatever moved since the look before.
        """
        with self._turn:
            file = Spreadsheet(self.google, file_id, schema, layout)
            return adding.append(file, schema.tab(tab_name), record, also)

    def next_id(self, file_id: str, schema: Schema, tab_name: str, layout: Layout = _PLAIN) -> str:
        """An ID that no row of the tab ever had; the file remembers that it was given."""
        with self._turn:
            return mending.new_id(Spreadsheet(self.google, file_id, schema, layout), schema.tab(tab_name))

    def write(self, file_id: str, schema: Schema, changes: Sequence[Change], layout: Layout = _PLAIN) -> list[Outcome]:
        """Write cells beside their IDs; a cell that differs from what was seen is the person's. Outcomes in order.

        ValueError for a column of people that nobody asked to change: a mistake of ours.
        """
        return writing.write(Spreadsheet(self.google, file_id, schema, layout), changes)

    def mend_ids(
        self,
        file_id: str,
        schema: Schema,
        tabs: Iterable[str] | None = None,
        layout: Layout = _PLAIN,
        before: Mapping[str, Rows] | None = None,
    ) -> list[Problem]:
        """Give every row an ID of its own; returns what was mended. *before* are the last known rows by tab.

        Which row keeps an ID, and which gets its old one back, is told in `bot.project.identity`.
        """
        names = list(tabs) if tabs is not None else [tab.name for tab in schema.tabs]
        with self._turn:
            return mending.mend(Spreadsheet(self.google, file_id, schema, layout), names, before or {})

    def batch_update(
        self, file_id: str, requests: Sequence[Mapping[str, Any]], mark: Mark = Mark.LOOK_FIRST
    ) -> list[dict[str, Any]]:
        """Structural changes, all or none; the reply of each."""
        return wire.batch_update(self.google, file_id, requests, mark)

    # ------------------------------------------------------------------ links

    def row_url(
        self, file_id: str, schema: Schema, tab_name: str, number: int | None = None, layout: Layout = _PLAIN
    ) -> str:
        """The address of a tab, or of one of its rows, counted from 1."""
        tab = schema.tab(tab_name)
        last = letter(tab.grid_width() - 1)
        sheet_id = layout.tabs.get(tab.name, tab.sheet_id)
        return cell_url(file_id, sheet_id, f"A{number}:{last}{number}" if number else "A1")


def cell_url(file_id: str, sheet_id: int, a1: str) -> str:
    """The address that opens a spreadsheet at a cell or range."""
    return f"{EDIT}/{file_id}/edit#gid={sheet_id}&range={a1}"


def _tab_info(properties: Mapping[str, Any]) -> TabInfo:
    grid = properties.get("gridProperties", {})
    return TabInfo(
        properties.get("sheetId", 0),
        properties["title"],
        grid.get("rowCount", 0),
        grid.get("columnCount", 0),
        properties.get("hidden", False),
    )
