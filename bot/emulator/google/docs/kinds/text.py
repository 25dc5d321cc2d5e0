"""insertText, deleteContentRange, replaceAllText and insertPerson."""

from __future__ import annotations

from typing import Any

from bot.emulator.google.docs.edit import Edit, Reply, kind
from bot.emulator.google.docs.model import BODY, Document
from bot.emulator.google.docs.places import check_tab, insertion, span_of
from bot.emulator.google.docs.refusal import NotBuiltError, RefusalError
from bot.emulator.google.docs.segment import Segment
from bot.emulator.google.docs.units import (
    CELL,
    ROW,
    SECTION,
    STRUCTURE,
    TABLE,
    TABLE_END,
    clean,
    fold,
    splits_pair,
    to_units,
)

INVALID_DELETION = "Invalid deletion range. Cannot delete the requested range."
LAST_NEWLINE = "The range cannot include the newline character at the end of the segment."


@kind("insertText")
def insert_text(edit: Edit, request: dict[str, Any]) -> Reply:
    if not request.get("text"):
        raise RefusalError("Insert text requests must specify text to insert.")
    segment_id, index = insertion(edit.document, request)
    edit.insert_text(segment_id, index, request["text"])
    return None


@kind("insertPerson")
def insert_person(edit: Edit, request: dict[str, Any]) -> Reply:
    properties = request.get("personProperties", {})
    if "@" not in properties.get("email", ""):
        raise RefusalError("The email address of the person must be specified.")
    segment_id, index = insertion(edit.document, request)
    person = {"personId": edit.document.new_id(), "personProperties": properties}
    edit.insert_element(segment_id, index, {"person": person})
    return None


@kind("deleteContentRange")
def delete_content_range(edit: Edit, request: dict[str, Any]) -> Reply:
    segment_id, start, end = span_of(edit.document, request)
    if segment_id == BODY and start == 0:
        raise RefusalError("Cannot operate on the first section break in the document.")
    delete(edit.document, segment_id, start, end)
    return None


def delete(document: Document, segment_id: str, start: int, end: int) -> None:
    """Delete [start, end) or refuse; a paragraph that keeps its beginning keeps its style when the next joins it."""
    segment = document.segments[segment_id]
    check_deletion(segment, start, end)
    first = segment.paragraph(start) if segment.holds_text(start) else None
    merges = first is not None and start > segment.paragraph_start(start) and "\n" in segment.text[start:end]
    document.splice(segment_id, start, end, "", [], [])
    if merges and first is not None:
        document.put_extra(segment_id, segment.paragraph_end(start), first)
    _drop_orphans(document)


def check_deletion(segment: Segment, start: int, end: int) -> None:
    """The rules of valid deletions: whole pairs, whole tables, and no newline that the structure needs."""
    if end >= segment.end:
        raise RefusalError(LAST_NEWLINE)
    if splits_pair(segment.text, start) or splits_pair(segment.text, end) or not _whole_tables(segment, start, end):
        raise RefusalError(INVALID_DELETION)
    following = segment.text[end]
    if segment.text[end - 1] == "\n" and following in STRUCTURE:
        raise RefusalError(INVALID_DELETION)
    if following in (TABLE, SECTION) and segment.text[start - 1 : start] != "\n":
        raise RefusalError(INVALID_DELETION)


def _whole_tables(segment: Segment, start: int, end: int) -> bool:
    """Whether the range holds tables only as a whole."""
    depth = 0
    for unit in segment.text[start:end]:
        if unit == TABLE:
            depth += 1
        elif depth == 0 and unit in (ROW, CELL, TABLE_END):
            return False
        elif unit == TABLE_END:
            depth -= 1
    return depth == 0


def _drop_orphans(document: Document) -> None:
    """Footnotes vanish with their last reference."""
    body = document.body
    shown = {
        extra["footnoteReference"]["footnoteId"] for extra in body.extras if extra and "footnoteReference" in extra
    }
    for name, segment in list(document.segments.items()):
        if segment.kind == "footnote" and name not in shown:
            document.drop_segment(name)


@kind("replaceAllText")
def replace_all_text(edit: Edit, request: dict[str, Any]) -> Reply:
    check_tab(request)
    criteria = request.get("containsText", {})
    if criteria.get("searchByRegex"):
        raise NotBuiltError("replaceAllText with searchByRegex")
    wanted = criteria.get("text", "")
    if not wanted:
        raise RefusalError("The substring to find must not be empty.")
    match_case = criteria.get("matchCase", False)
    counts = [
        _replace_in(edit, name, to_units(wanted), request.get("replaceText", ""), match_case)
        for name in list(edit.document.segments)
    ]
    return {"occurrencesChanged": sum(counts)} if any(counts) else {}


def _replace_in(edit: Edit, segment_id: str, wanted: str, replacement: str, match_case: bool) -> int:
    found = occurrences(edit.document.segments[segment_id].text, wanted, match_case)
    for start, end in reversed(found):
        replace(edit, segment_id, start, end, replacement)
    return len(found)


def occurrences(text: str, wanted: str, match_case: bool) -> list[tuple[int, int]]:
    """Where the wanted units occur, left to right, without overlaps."""
    folded, origin = fold(text, match_case)
    needle = fold(wanted, match_case)[0]
    found: list[tuple[int, int]] = []
    at = folded.find(needle)
    while at >= 0:
        start, end = origin[at], origin[at + len(needle) - 1] + 1
        if not splits_pair(text, start) and not splits_pair(text, end):
            found.append((start, end))
        at = folded.find(needle, at + len(needle))
    return found


def replace(edit: Edit, segment_id: str, start: int, end: int, text: str) -> None:
    """Put text in the place of [start, end), in the style of its first character; named ranges around it follow."""
    document = edit.document
    segment = document.segments[segment_id]
    check_deletion(segment, start, end)
    if "\n" in segment.text[start:end]:
        style = segment.styles[start]
        delete(document, segment_id, start, end)
        edit.insert_text(segment_id, start, text, style)
        return
    units = to_units(clean(text))
    paragraph = segment.paragraph(start)
    style = segment.styles[start]
    extras = [paragraph if unit == "\n" else None for unit in units]
    document.splice(segment_id, start, end, units, [style] * len(units), extras)
