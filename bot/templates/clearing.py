"""Clears the tabs of an earlier version, so that they can be built again under the same ids. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.project.schema import Schema
from bot.world.structure import Structure, TabStructure

Request = dict[str, Any]


def make_room(schema: Schema, current: Structure) -> Iterator[Request]:
    """Free the titles that the schema's tabs will take, from each other and from people's own tabs."""
    wanted = {tab.title.casefold(): tab.sheet_id for tab in schema.tabs}
    taken = {tab.title.casefold() for tab in current.tabs.values()} | set(wanted)
    ours = {tab.sheet_id for tab in schema.tabs}
    for tab in current.tabs.values():
        if wanted.get(tab.title.casefold(), tab.sheet_id) != tab.sheet_id:
            title = f"~{tab.sheet_id}" if tab.sheet_id in ours else _free(f"{tab.title} (own)", taken)
            taken.add(title.casefold())
            yield _set(tab, {"title": title}, "title")


def _free(title: str, taken: set[str]) -> str:
    number, found = 1, title
    while found.casefold() in taken:
        number += 1
        found = f"{title} {number}"
    return found


def clear(tab: TabStructure) -> Iterator[Request]:
    """Remove everything that stands in a tab: cells, rules, colours, protections, merges, filters, hidden parts."""
    whole = {"sheetId": tab.sheet_id}
    if tab.found("merges"):
        yield {"unmergeCells": {"range": whole}}
    if "basicFilter" in tab.objects:
        yield {"clearBasicFilter": whole}
    for table in tab.found("tables"):
        yield {"deleteTable": {"tableId": table["tableId"]}}
    for banded in tab.found("bandedRanges"):
        yield {"deleteBanding": {"bandedRangeId": banded["bandedRangeId"]}}
    for kept in tab.found("protectedRanges"):
        yield {"deleteProtectedRange": {"protectedRangeId": kept["protectedRangeId"]}}
    for _ in tab.found("conditionalFormats"):
        yield {"deleteConditionalFormatRule": {"sheetId": tab.sheet_id, "index": 0}}
    yield {"updateCells": {"range": whole, "fields": "*"}}
    yield from _shown(tab)


def _shown(tab: TabStructure) -> Iterator[Request]:
    """Nothing stays frozen or hidden from before."""
    yield _set(tab, {"gridProperties": {}}, "gridProperties(frozenRowCount,frozenColumnCount)")
    for dimension in ("ROWS", "COLUMNS"):
        span = {"sheetId": tab.sheet_id, "dimension": dimension, "startIndex": 0}
        shown = {"hiddenByUser": False}
        yield {"updateDimensionProperties": {"range": span, "properties": shown, "fields": "hiddenByUser"}}


def _set(tab: TabStructure, properties: Request, fields: str) -> Request:
    return {"updateSheetProperties": {"properties": {"sheetId": tab.sheet_id, **properties}, "fields": fields}}
