"""Locations and ranges of requests, checked against the document as the real service checks them."""

from __future__ import annotations

from typing import Any

from bot.emulator.google.docs.model import BODY, TAB_ID, Document
from bot.emulator.google.docs.refusal import RefusalError
from bot.emulator.google.docs.segment import Segment
from bot.emulator.google.docs.structure import Table, table_at
from bot.emulator.google.docs.units import splits_cluster, splits_pair

OUTSIDE_PARAGRAPH = (
    "The insertion index must be inside the bounds of an existing paragraph. "
    "You can still create new paragraphs by inserting newlines."
)


def check_tab(place: dict[str, Any]) -> None:
    """A document has one tab; any other id is refused. `place` is a request part with `tabId` or `tabsCriteria`."""
    wanted = place.get("tabsCriteria", {}).get("tabIds", [])
    for tab in [*wanted, place.get("tabId") or TAB_ID]:
        if tab != TAB_ID:
            raise RefusalError(f"The tab with ID {tab} was not found.")


def segment_of(document: Document, place: dict[str, Any]) -> tuple[str, Segment]:
    """The segment that a Location, Range or EndOfSegmentLocation names."""
    check_tab(place)
    name = place.get("segmentId", BODY)
    if name not in document.segments:
        raise RefusalError(f"Segment with ID {name} was not found.")
    return name, document.segments[name]


def insertion(document: Document, request: dict[str, Any]) -> tuple[str, int]:
    """Segment id and index of an insertion: `location`, or before the last newline of `endOfSegmentLocation`."""
    if "endOfSegmentLocation" in request:
        name, segment = segment_of(document, request["endOfSegmentLocation"])
        return name, segment.end - 1
    if "location" not in request:
        raise RefusalError("The request must specify an insertion location.")
    name, segment = segment_of(document, request["location"])
    return name, _insertable(segment, request["location"].get("index", 0))


def _insertable(segment: Segment, index: int) -> int:
    _inside(segment, index)
    if not segment.holds_text(index):
        raise RefusalError(OUTSIDE_PARAGRAPH)
    if splits_cluster(segment.text, index):
        raise RefusalError("The insertion index cannot be within a grapheme cluster.")
    return index


def _inside(segment: Segment, index: int) -> None:
    if index < 0:
        raise RefusalError(f"Index {index} must be greater than or equal to 0.")
    if index >= segment.end:
        raise RefusalError(f"Index {index} must be less than the end index of the referenced segment, {segment.end}.")


def body_insertion(document: Document, request: dict[str, Any], what: str, *, in_tables: bool = False) -> int:
    """The index of an insertion that only the body takes (page and section breaks, footnotes)."""
    name, index = insertion(document, request)
    if name != BODY:
        raise RefusalError(f"{what} can only be inserted in the document body.")
    if not in_tables and document.body.in_table(index):
        raise RefusalError(f"{what} cannot be inserted inside a table.")
    return index


def span_of(document: Document, request: dict[str, Any]) -> tuple[str, int, int]:
    """Segment id, start and end of the request's `range`: not empty, inside the segment."""
    if "range" not in request:
        raise RefusalError("The request must specify a range.")
    place = request["range"]
    name, segment = segment_of(document, place)
    start, end = place.get("startIndex", 0), place.get("endIndex", 0)
    _inside(segment, start)
    if end <= start:
        raise RefusalError("The range should not be empty.")
    if end > segment.end:
        _inside(segment, end)
    return name, start, end


def style_span(document: Document, request: dict[str, Any]) -> tuple[str, int, int]:
    """Like `span_of`, for requests about text or paragraphs: not the first section break, never half an emoji."""
    name, start, end = span_of(document, request)
    segment = document.segments[name]
    if name == BODY and start == 0:
        raise RefusalError("Cannot operate on the first section break in the document.")
    start -= splits_pair(segment.text, start)
    return name, start, end + splits_pair(segment.text, end)


def table_of(document: Document, place: dict[str, Any]) -> tuple[str, Table]:
    """Segment id and the table that starts exactly at the location."""
    name, segment = segment_of(document, place)
    table = table_at(segment, place.get("index", 0))
    if table is None:
        raise RefusalError("Invalid table start location. Must specify the start index of the table.")
    return name, table


def cell_of(document: Document, place: dict[str, Any]) -> tuple[str, Table, int, int]:
    """Segment id, table, row and column of a TableCellLocation."""
    name, table = table_of(document, place.get("tableStartLocation", {}))
    row, column = place.get("rowIndex", 0), place.get("columnIndex", 0)
    if not 0 <= row < len(table.rows):
        raise RefusalError(f"Row index {row} is out of bounds: the table has {len(table.rows)} rows.")
    if not 0 <= column < len(table.columns):
        raise RefusalError(f"Column index {column} is out of bounds: the table has {len(table.columns)} columns.")
    return name, table, row, column
