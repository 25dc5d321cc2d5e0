"""All that a reader of a spreadsheet can come to see: the shown text of every cell, notes, and tabs that are hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.project.schema import letter
from bot.world.google import Google

_FIELDS = "properties.title,sheets(properties(sheetId,title,hidden),data(rowData(values(formattedValue,note))))"


@dataclass(frozen=True)
class Words:
    """The words of one cell, or of its note; *row* is counted from 1."""

    place: str
    row: int
    text: str


@dataclass(frozen=True)
class VisibleTab:
    """One tab as a reader may come to see it, whether it is hidden now or not."""

    sheet_id: int
    title: str
    is_hidden: bool
    cells: tuple[Words, ...]
    notes: tuple[Words, ...]


@dataclass(frozen=True)
class Visible:
    """A spreadsheet's title and tabs."""

    title: str
    tabs: tuple[VisibleTab, ...]


def read(google: Google, file_id: str) -> Visible:
    """Everything, in one call; only filled cells travel."""
    found = google.call(
        "sheets.spreadsheets.get", lambda: google.sheets.spreadsheets_get(file_id, params={"fields": _FIELDS})
    )
    return Visible(found.get("properties", {}).get("title", ""), tuple(_tab(sheet) for sheet in found["sheets"]))


def _tab(sheet: Mapping[str, Any]) -> VisibleTab:
    properties, data = sheet["properties"], sheet.get("data", ())
    return VisibleTab(
        properties.get("sheetId", 0),
        properties["title"],
        properties.get("hidden", False),
        tuple(_words(properties["title"], data, "formattedValue")),
        tuple(_words(properties["title"], data, "note")),
    )


def _words(title: str, data: Any, name: str) -> Iterator[Words]:
    for part in data:
        for row, line in enumerate(part.get("rowData", ()), part.get("startRow", 0) + 1):
            for column, cell in enumerate(line.get("values", ()), part.get("startColumn", 0)):
                if cell.get(name):
                    yield Words(f"{title} {letter(column)}{row}", row, str(cell[name]))
