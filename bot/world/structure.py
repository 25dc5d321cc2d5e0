"""What a spreadsheet is built of, beside its values: tabs, headers, rules, protections and marks, as they are now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.world.google import Google
from bot.world.sheets import API, COLUMN_KEY

DEPTH = 64  # rows from the top that are looked at: headers, fields of forms, template rows

Json = Mapping[str, Any]
_NOTHING: Json = {"": None}

_OBJECTS = (
    "properties.title,developerMetadata,sheets(properties,merges,conditionalFormats,protectedRanges,bandedRanges,"
    "basicFilter,tables.tableId,developerMetadata)"
)
_CELLS = (
    "sheets(properties.sheetId,data(rowData.values(userEnteredValue,note,dataValidation,"
    "userEnteredFormat.numberFormat),columnMetadata(hiddenByUser,developerMetadata),rowMetadata.developerMetadata))"
)


@dataclass(frozen=True)
class TabStructure:
    """One tab: its properties and objects as Sheets gives them, and the cells of its first rows."""

    properties: Json
    objects: Json = field(default_factory=dict)
    cells: Sequence[Sequence[Json]] = ()
    column_marks: Mapping[str, int] = field(default_factory=dict)
    row_marks: Mapping[str, int] = field(default_factory=dict)
    hidden_columns: tuple[int, ...] = ()

    @property
    def sheet_id(self) -> int:
        return int(self.properties.get("sheetId", 0))

    @property
    def title(self) -> str:
        return str(self.properties["title"])

    @property
    def grid(self) -> Json:
        found: Json = self.properties.get("gridProperties", {})
        return found

    def marks(self) -> dict[str, str]:
        """The tab's own developer metadata."""
        return _marks(self.objects)

    def found(self, name: str) -> list[Json]:
        """The objects of a kind, such as ``protectedRanges``."""
        return list(self.objects.get(name, ()))

    def cell(self, row: int, column: int) -> Json:
        """One cell, counted from 0; an empty one when there is none."""
        line = self.cells[row] if row < len(self.cells) else ()
        return line[column] if column < len(line) else {}

    def values(self) -> list[list[object]]:
        """What was entered in the cells; a formula is its text."""
        return [_entered(line) for line in self.cells]

    def line(self, row: int) -> list[object]:
        """What was entered in one row, counted from 0."""
        return _entered(self.cells[row])


def _entered(line: Sequence[Json]) -> list[object]:
    return [next(iter(cell.get("userEnteredValue", _NOTHING).values())) for cell in line]


@dataclass(frozen=True)
class Structure:
    """A spreadsheet's tabs by sheet id, in their order, and its own marks."""

    tabs: Mapping[int, TabStructure]
    marks: Mapping[str, str] = field(default_factory=dict)

    def mark_keys(self, prefix: str) -> list[str]:
        """Every metadata key with this prefix, wherever it stands."""
        keys = set(self.marks)
        for tab in self.tabs.values():
            keys |= set(tab.marks()) | ({COLUMN_KEY} if tab.column_marks or tab.row_marks else set())
        return sorted(key for key in keys if key.startswith(prefix))

    def fingerprint(self, sheet_ids: Iterable[int]) -> str:
        """Twelve letters that change when somebody changes one of these tabs; other tabs do not count."""
        wanted = set(sheet_ids)
        told = [_told(tab) for sheet_id, tab in self.tabs.items() if sheet_id in wanted]
        text = json.dumps([told, sorted(self.marks.items())], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


BLANK = Structure({0: TabStructure({"sheetId": 0, "title": "Sheet1"})})
"""What every new spreadsheet is."""


def read(google: Google, file_id: str) -> Structure:
    """The structure, in two calls: the objects first, then the first rows of every tab."""
    params = {"fields": _OBJECTS}
    found = google.call("sheets.spreadsheets.get", lambda: google.sheets.spreadsheets_get(file_id, params=dict(params)))
    sheets = [sheet for sheet in found.get("sheets", ()) if sheet["properties"].get("sheetType", "GRID") == "GRID"]
    cells = _cells(google, file_id, [sheet["properties"] for sheet in sheets])
    tabs = [_tab(sheet, cells.get(sheet["properties"].get("sheetId", 0), {})) for sheet in sheets]
    return Structure({tab.sheet_id: tab for tab in tabs}, _marks(found))


def _cells(google: Google, file_id: str, tabs: Sequence[Json]) -> dict[int, Json]:
    """The grid data of the first rows, by sheet id."""
    ranges = [
        {"gridRange": {"sheetId": tab.get("sheetId", 0), "startRowIndex": 0, "endRowIndex": _depth(tab)}}
        for tab in tabs
    ]
    url, body, params = f"{API}/{file_id}:getByDataFilter", {"dataFilters": ranges}, {"fields": _CELLS}
    answer = google.call(
        "sheets.spreadsheets.getByDataFilter",
        lambda: google.sheets.request("POST", url, params=dict(params), json=body).json(),
    )
    return {
        sheet["properties"].get("sheetId", 0): sheet["data"][0]
        for sheet in answer.get("sheets", ())
        if sheet.get("data")
    }


def _depth(tab: Json) -> int:
    return min(DEPTH, int(tab.get("gridProperties", {}).get("rowCount", DEPTH)))


def _tab(sheet: Json, data: Json) -> TabStructure:
    columns = data.get("columnMetadata", ())
    return TabStructure(
        properties=sheet["properties"],
        objects={name: value for name, value in sheet.items() if name != "properties"},
        cells=[row.get("values", ()) for row in data.get("rowData", ())],
        column_marks=_places(columns),
        row_marks=_places(data.get("rowMetadata", ())),
        hidden_columns=tuple(at for at, column in enumerate(columns) if column.get("hiddenByUser")),
    )


def _places(spans: Iterable[Json]) -> dict[str, int]:
    """Where each column name stands, by the metadata of rows or columns."""
    marked = [(mark["metadataValue"], at) for at, span in enumerate(spans) for mark in _named(span)]
    return dict(reversed(marked))


def _named(span: Json) -> Iterator[Json]:
    for mark in span.get("developerMetadata", ()):
        if mark.get("metadataKey") == COLUMN_KEY and mark.get("metadataValue"):
            yield mark


def _marks(holder: Json) -> dict[str, str]:
    return {mark["metadataKey"]: mark.get("metadataValue", "") for mark in holder.get("developerMetadata", ())}


def _told(tab: TabStructure) -> Json:
    """What counts of a tab in a fingerprint: no ids that a rebuilding gives anew, nothing that differs by reader."""
    properties = {name: value for name, value in tab.properties.items() if name != "index"}
    rules = [
        {name: part for name, part in rule.items() if name in ("range", "warningOnly")}
        for rule in tab.found("protectedRanges")
    ]
    return {
        "properties": properties,
        "cells": tab.cells,
        "highlights": tab.found("conditionalFormats"),
        "protected": sorted(rules, key=lambda rule: json.dumps(rule, sort_keys=True)),
        "merges": tab.found("merges"),
        "columns": tab.column_marks,
        "rows": tab.row_marks,
        "hidden": tab.hidden_columns,
    }
