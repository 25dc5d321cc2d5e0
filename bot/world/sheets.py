"""Google Sheets, spoken to in rows and records: whole tabs read by their ids, cells written only where nobody else did.

Sheets has no precondition for a write. So a write reads first, leaves every cell alone that a person has changed since
it was last seen, and reads again afterwards: a value that landed beside another row's ID is taken back.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.project.rows import FormReading, Problem, Reading, Row, to_cells
from bot.project.schema import Schema, Tab, letter
from bot.world.google import Google, GoogleError
from bot.world.grid import (
    UNSEEN,
    Change,
    Datum,
    Grid,
    Outcome,
    View,
    first_free,
    form_data,
    grid_of,
    id_data,
    misplaced_ids,
    table_data,
)
from bot.world.retry import Mark

__all__ = ["UNSEEN", "Book", "Change", "Outcome", "Sheets", "TabInfo", "cell_url"]

API = "https://sheets.googleapis.com/v4/spreadsheets"
EDIT = "https://docs.google.com/spreadsheets/d"
COLUMN_KEY = "implbot.column"  # developer metadata that names a column, whatever its title
MORE_ROWS = 200  # added at once when a tab is full
ROUNDS = 3  # of writing to rows that move while we write


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
    """What was read of a file: tables and forms by tab name, and the wanted tabs that somebody deleted."""

    file_id: str
    schema: Schema
    tables: Mapping[str, Reading] = field(default_factory=dict)
    forms: Mapping[str, FormReading[Any]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

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

    @property
    def problems(self) -> list[Problem]:
        """Everything that could not be read as it should be."""
        tables = [problem for reading in self.tables.values() for problem in reading.problems]
        return tables + [problem for form in self.forms.values() for problem in form.problems]


@dataclass
class Sheets:
    """Spreadsheets by their file id."""

    google: Google
    _turn: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    # ------------------------------------------------------------------ reading

    def read(self, file_id: str, schema: Schema, tabs: Iterable[str] | None = None) -> Book:
        """The wanted tabs (all when None), in one call."""
        wanted = [schema.tab(name) for name in tabs] if tabs is not None else list(schema.tabs)
        view = self._view(file_id, schema, wanted)
        missing = tuple(tab.name for tab in wanted if tab.name not in view.grids)
        return Book(file_id, schema, view.tables, view.forms, missing)

    def tabs(self, file_id: str) -> dict[int, TabInfo]:
        """The tabs a spreadsheet has, by sheet id."""
        params = {"fields": "sheets.properties(sheetId,title,hidden,gridProperties(rowCount,columnCount))"}
        answer = self.google.call(
            "sheets.spreadsheets.get", lambda: self.google.sheets.spreadsheets_get(file_id, params=dict(params))
        )
        infos = [_tab_info(sheet["properties"]) for sheet in answer.get("sheets", ())]
        return {info.sheet_id: info for info in infos}

    def next_id(self, file_id: str, schema: Schema, tab_name: str) -> str:
        """The first ID above all that the tab holds now."""
        tab = schema.tab(tab_name)
        return _next_id(tab, self._view(file_id, schema, [tab]).tables[tab_name])

    # ------------------------------------------------------------------ writing

    def fill(self, file_id: str, schema: Schema, contents: Mapping[str, object]) -> None:
        """Fill a fresh copy: a list of records replaces a table's rows, a record or a mapping fills a form.

        Formulas and people's own columns stay; what is blank or not named in a form stays as the template has it.
        """
        view = self._view(file_id, schema, [schema.tab(name) for name in contents])
        data: list[Datum] = []
        for name, content in contents.items():
            if name not in view.grids:
                raise GoogleError("missing", "sheets.fill", f"the file has no tab {schema.tab(name).title}")
            if name in view.forms:
                data += form_data(schema.tab(name), view.grids[name], view.forms[name], content)
            elif isinstance(content, Sequence):
                data += table_data(schema.tab(name), view.grids[name], view.tables[name], content)
            else:
                raise TypeError(f"the table {name} is filled from a list of records, not from {type(content).__name__}")
        self._put(file_id, data)

    def append(self, file_id: str, schema: Schema, tab_name: str, record: Any) -> str:
        """Add a row below the last one; returns its ID, the next free one when the record has none.

        A record whose ID is there already is not added again, so that this may be repeated after a crash. One append
        at a time: two that saw the same last row would write to the same place.
        """
        with self._turn:
            return self._append(file_id, schema, tab_name, record)

    def _append(self, file_id: str, schema: Schema, tab_name: str, record: Any) -> str:
        tab = schema.tab(tab_name)
        before = self._view(file_id, schema, [tab])
        if tab_name not in before.grids:
            raise GoogleError("missing", "sheets.append", f"the file has no tab {tab.title}")
        grid, reading = before.grids[tab_name], before.tables[tab_name]
        if tab.id_prefix:
            record = record if record.id else replace(record, id=_next_id(tab, reading))
            if reading.by_id(record.id):
                return str(record.id)
        self._put_rows(file_id, tab, grid, reading, [record])
        if not tab.id_prefix:
            return ""
        known = [row.record for row in before.tables[tab_name].rows if row.id]
        self._restore_overwritten(file_id, schema, tab, [*known, record])
        return str(record.id)

    def write(self, file_id: str, schema: Schema, changes: Sequence[Change]) -> list[Outcome]:
        """Write cells beside their IDs, in the order given; a cell that differs from what was seen is the person's."""
        outcomes: dict[int, Outcome] = {}
        waiting = dict(enumerate(changes))
        tabs = [schema.tab(name) for name in dict.fromkeys(change.tab for change in changes)]
        before = self._view(file_id, schema, tabs)
        for _ in range(ROUNDS):
            outcomes |= {number: before.judge(change) for number, change in waiting.items()}
            waiting = {number: change for number, change in waiting.items() if outcomes[number].result == "written"}
            if not waiting:
                break
            self._put(file_id, [before.datum(change) for change in waiting.values()])
            after = self._view(file_id, schema, tabs)
            waiting = {number: change for number, change in waiting.items() if after.judge(change).result != "already"}
            strays = [datum for change in waiting.values() for datum in before.strays(change, after)]
            self._put(file_id, strays)
            before = self._view(file_id, schema, tabs) if strays else after
        return [outcomes[number] for number in sorted(outcomes)]

    def mend_ids(self, file_id: str, schema: Schema, tabs: Iterable[str] | None = None) -> list[Problem]:
        """Give an ID to rows without one and to second holders of one; returns what was mended."""
        wanted = [schema.tab(name) for name in tabs] if tabs is not None else list(schema.tabs)
        before = self._view(file_id, schema, wanted)
        mended, data = id_data(before)
        if data:
            self._put(file_id, data)
            self._put(file_id, misplaced_ids(before, self._view(file_id, schema, wanted)))
        return mended

    def batch_update(
        self, file_id: str, requests: Sequence[Mapping[str, Any]], mark: Mark = Mark.LOOK_FIRST
    ) -> list[dict[str, Any]]:
        """Structural changes, all or none; the reply of each."""
        body = {"requests": list(requests)}
        answer = self.google.call(
            "sheets.spreadsheets.batchUpdate", lambda: self.google.sheets.batch_update(file_id, body), mark
        )
        return list(answer.get("replies", ()))

    # ------------------------------------------------------------------ links

    def row_url(self, file_id: str, schema: Schema, tab_name: str, number: int | None = None) -> str:
        """The address of a tab, or of one of its rows, counted from 1."""
        tab = schema.tab(tab_name)
        last = letter(tab.grid_width() - 1)
        return cell_url(file_id, tab.sheet_id, f"A{number}:{last}{number}" if number else "A1")

    # ------------------------------------------------------------------ the wire

    def _view(self, file_id: str, schema: Schema, tabs: Sequence[Tab]) -> View:
        """The tabs as they are now; a column without its title is looked up by its metadata, which follows it."""
        grids = self._grids(file_id, tabs)
        view = View(schema, grids)
        return View(schema, grids, self._marked_columns(file_id, schema)) if view.lacks_columns else view

    def _marked_columns(self, file_id: str, schema: Schema) -> dict[str, dict[str, int]]:
        """Column positions by tab and column name, as the columns' own metadata has them."""
        body = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": COLUMN_KEY}}]}
        method, url = "sheets.spreadsheets.developerMetadata.search", f"{API}/{file_id}/developerMetadata:search"
        answer = self.google.call(method, lambda: self.google.sheets.request("POST", url, json=body).json())
        found: dict[str, dict[str, int]] = {}
        for match in answer.get("matchedDeveloperMetadata", ()):
            mark = match["developerMetadata"]
            place = mark["location"].get("dimensionRange", {})
            tab = schema.by_sheet_id(place.get("sheetId", 0))
            if tab and place.get("dimension") == "COLUMNS":
                found.setdefault(tab.name, {})[mark["metadataValue"]] = place.get("startIndex", 0)
        return found

    def _grids(self, file_id: str, tabs: Sequence[Tab]) -> dict[str, Grid]:
        """The tabs' cells by tab name; a tab that somebody deleted is left out."""
        try:
            return self._fetch(file_id, tabs)
        except GoogleError as error:
            if error.kind != "invalid":
                raise
            there = self.tabs(file_id)
            left = [tab for tab in tabs if tab.sheet_id in there]
            if len(left) == len(tabs):
                raise
            return self._fetch(file_id, left)

    def _fetch(self, file_id: str, tabs: Sequence[Tab]) -> dict[str, Grid]:
        if not tabs:
            return {}
        method, body = "sheets.spreadsheets.values.batchGetByDataFilter", _whole_tabs(tabs)
        url = f"{API}/{file_id}/values:batchGetByDataFilter"
        answer = self.google.call(method, lambda: self.google.sheets.request("POST", url, json=body).json())
        names = {tab.sheet_id: tab.name for tab in tabs}
        try:
            return {names[_sheet_id(match)]: grid_of(match["valueRange"]) for match in answer.get("valueRanges", ())}
        except ValueError as error:
            raise GoogleError("unavailable", method, str(error)) from error

    def _put(self, file_id: str, data: Sequence[Datum]) -> None:
        """Write ranges in one call. RAW: no text of anybody is ever taken for a formula or a date."""
        if data:
            body = {"valueInputOption": "RAW", "data": list(data)}
            self.google.call(
                "sheets.spreadsheets.values.batchUpdate",
                lambda: self.google.sheets.values_batch_update(file_id, body),
            )

    def _put_rows(self, file_id: str, tab: Tab, grid: Grid, reading: Reading, records: Sequence[Any]) -> None:
        """Add records below the last row, making room where the tab ends."""
        number = first_free(tab, grid, reading)
        if number + len(records) - 1 > grid.rows:
            more = {"sheetId": tab.sheet_id, "dimension": "ROWS", "length": max(MORE_ROWS, len(records))}
            self.batch_update(file_id, [{"appendDimension": more}], Mark.IDEMPOTENT)
        self._put(file_id, [grid.datum(number, 0, [to_cells(tab, record, reading.columns) for record in records])])

    def _restore_overwritten(self, file_id: str, schema: Schema, tab: Tab, records: Sequence[Any]) -> None:
        """If rows moved under an append and one was overwritten, ours too, add it again below the last row."""
        after = self._view(file_id, schema, [tab])
        reading = after.tables[tab.name]
        lost = [record for record in records if not reading.by_id(record.id)]
        if lost:
            self._put_rows(file_id, tab, after.grids[tab.name], reading, lost)


def cell_url(file_id: str, sheet_id: int, a1: str) -> str:
    """The address that opens a spreadsheet at a cell or range."""
    return f"{EDIT}/{file_id}/edit#gid={sheet_id}&range={a1}"


def _next_id(tab: Tab, reading: Reading) -> str:
    return f"{tab.id_prefix}{max(reading.highest_id, 0) + 1}"


def _whole_tabs(tabs: Sequence[Tab]) -> dict[str, Any]:
    return {
        "dataFilters": [{"gridRange": {"sheetId": tab.sheet_id}} for tab in tabs],
        "majorDimension": "ROWS",
        "valueRenderOption": "UNFORMATTED_VALUE",
        "dateTimeRenderOption": "SERIAL_NUMBER",
    }


def _sheet_id(match: Mapping[str, Any]) -> int:
    return int(match["dataFilters"][0]["gridRange"].get("sheetId", 0))


def _tab_info(properties: Mapping[str, Any]) -> TabInfo:
    grid = properties.get("gridProperties", {})
    return TabInfo(
        properties.get("sheetId", 0),
        properties["title"],
        grid.get("rowCount", 0),
        grid.get("columnCount", 0),
        properties.get("hidden", False),
    )
