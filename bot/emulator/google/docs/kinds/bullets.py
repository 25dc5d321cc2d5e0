"""createParagraphBullets and deleteParagraphBullets."""

from __future__ import annotations

from typing import Any

from bot.emulator.google.docs.defaults import DEEPEST_LEVEL, is_preset, list_properties
from bot.emulator.google.docs.edit import Edit, Reply, kind
from bot.emulator.google.docs.places import style_span
from bot.emulator.google.docs.refusal import RefusalError
from bot.emulator.google.docs.segment import Segment


@kind("createParagraphBullets")
def create_paragraph_bullets(edit: Edit, request: dict[str, Any]) -> Reply:
    preset = request.get("bulletPreset", "")
    if not is_preset(preset):
        raise RefusalError("The bullet preset must be specified.")
    segment_id, start, end = style_span(edit.document, request)
    segment = edit.document.segments[segment_id]
    newlines = list(segment.paragraphs(start, end))
    list_id = _joined(edit, segment, newlines[0], preset) if newlines else ""
    if not list_id:
        list_id = edit.document.new_id()
        edit.document.lists[list_id] = {"preset": preset, "properties": list_properties(preset)}
    for newline in reversed(newlines):
        _bullet(edit, segment_id, newline, list_id)
    return None


def _joined(edit: Edit, segment: Segment, newline: int, preset: str) -> str:
    """The list of the paragraph immediately before, if it has the same preset."""
    before = segment.paragraph_start(newline) - 1
    extra = segment.extras[before] if before >= 0 and segment.text[before] == "\n" else None
    if not extra or "bullet" not in extra:
        return ""
    list_id: str = extra["bullet"]["listId"]
    return list_id if edit.document.lists[list_id]["preset"] == preset else ""


def _bullet(edit: Edit, segment_id: str, newline: int, list_id: str) -> None:
    """Make one paragraph a list item: its leading tabs are its level and are removed; a list item keeps its level."""
    segment = edit.document.segments[segment_id]
    first = segment.paragraph_start(newline)
    tabs = len(segment.text[first:newline]) - len(segment.text[first:newline].lstrip("\t"))
    paragraph = segment.extras[newline] or {}
    known = paragraph.get("bullet", {})
    level = known.get("nestingLevel", 0) if known else min(tabs, DEEPEST_LEVEL)
    if tabs and not known:
        edit.document.splice(segment_id, first, first + tabs, "", [], [])
    _set(edit, segment_id, segment.paragraph_end(first), list_id, level)


def _set(edit: Edit, segment_id: str, newline: int, list_id: str, level: int) -> None:
    paragraph = edit.document.segments[segment_id].extras[newline] or {}
    shape = edit.document.lists[list_id]["properties"]["nestingLevels"][level]
    style = paragraph["style"] | {name: shape[name] for name in ("indentFirstLine", "indentStart")}
    nesting = {"nestingLevel": level} if level else {}
    text_style = paragraph.get("bullet", {}).get("textStyle", {})
    bullet = {"listId": list_id} | nesting | {"textStyle": text_style}
    edit.set_paragraph(segment_id, newline, paragraph | {"style": style, "bullet": bullet})


@kind("deleteParagraphBullets")
def delete_paragraph_bullets(edit: Edit, request: dict[str, Any]) -> Reply:
    segment_id, start, end = style_span(edit.document, request)
    segment = edit.document.segments[segment_id]
    for newline in list(segment.paragraphs(start, end)):
        paragraph = segment.extras[newline] or {}
        without = {name: value for name, value in paragraph.items() if name != "bullet"}
        edit.document.put_extra(segment_id, newline, without)
    return None
