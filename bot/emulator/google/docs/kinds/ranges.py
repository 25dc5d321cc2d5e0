"""createNamedRange, deleteNamedRange and replaceNamedRangeContent."""

from __future__ import annotations

from typing import Any

from bot.emulator.google.docs.edit import Edit, Reply, kind, one_of
from bot.emulator.google.docs.kinds.text import check_deletion, delete, replace
from bot.emulator.google.docs.model import NamedRange
from bot.emulator.google.docs.places import check_tab, style_span
from bot.emulator.google.docs.refusal import RefusalError
from bot.emulator.google.docs.units import length

LONGEST_NAME = 256


@kind("createNamedRange")
def create_named_range(edit: Edit, request: dict[str, Any]) -> Reply:
    name = request.get("name", "")
    if not 1 <= length(name) <= LONGEST_NAME:
        raise RefusalError(f"The name must be between 1 and {LONGEST_NAME} characters.")
    segment_id, start, end = style_span(edit.document, request)
    key = edit.document.new_id()
    edit.document.named_ranges[key] = NamedRange(name, segment_id, ((start, end),))
    return {"namedRangeId": key}


@kind("deleteNamedRange")
def delete_named_range(edit: Edit, request: dict[str, Any]) -> Reply:
    check_tab(request)
    for key in _chosen(edit, request, "namedRangeId", "name"):
        del edit.document.named_ranges[key]
    return None


@kind("replaceNamedRangeContent")
def replace_named_range_content(edit: Edit, request: dict[str, Any]) -> Reply:
    check_tab(request)
    for key in _chosen(edit, request, "namedRangeId", "namedRangeName"):
        if key in edit.document.named_ranges:
            _refill(edit, key, request.get("text", ""))
    return None


def _chosen(edit: Edit, request: dict[str, Any], by_id: str, by_name: str) -> list[str]:
    """Keys of the ranges a request means. An unknown id is refused, an unknown name means none."""
    ranges = edit.document.named_ranges
    if one_of(request, by_id, by_name) == by_name:
        return [key for key, found in ranges.items() if found.name == request[by_name]]
    if request[by_id] not in ranges:
        raise RefusalError(f"The named range with ID {request[by_id]} was not found.")
    return [request[by_id]]


def _refill(edit: Edit, key: str, text: str) -> None:
    """Delete all spans but the first, then replace that one; the range then covers the new text."""
    document = edit.document
    named = document.named_ranges[key]
    for start, end in sorted(named.spans[1:], reverse=True):
        delete(document, named.segment, start, end)
    start, end = named.spans[0]
    if not text:
        delete(document, named.segment, start, end)
        return
    segment = document.segments[named.segment]
    check_deletion(segment, start, end)
    before = segment.end - end
    replace(edit, named.segment, start, end, text)
    span = (start, segment.end - before)
    if span[0] < span[1]:
        document.named_ranges[key] = NamedRange(named.name, named.segment, (span,))
