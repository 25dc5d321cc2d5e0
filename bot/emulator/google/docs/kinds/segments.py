"""createHeader, createFooter, deleteHeader and deleteFooter."""

from __future__ import annotations

from typing import Any

from bot.emulator.google.docs.edit import Edit, Reply, kind
from bot.emulator.google.docs.model import BODY, blank_segment
from bot.emulator.google.docs.places import check_tab, segment_of
from bot.emulator.google.docs.refusal import RefusalError
from bot.emulator.google.docs.units import SECTION


@kind("createHeader")
def create_header(edit: Edit, request: dict[str, Any]) -> Reply:
    return {"headerId": _create(edit, request, "Header")}


@kind("createFooter")
def create_footer(edit: Edit, request: dict[str, Any]) -> Reply:
    return {"footerId": _create(edit, request, "Footer")}


def _create(edit: Edit, request: dict[str, Any], part: str) -> str:
    if request.get("type") != "DEFAULT":
        raise RefusalError(f"The type of the {part.lower()} must be specified.")
    section = _section(edit, request)
    field = f"default{part}Id"
    style = edit.document.style if section == 0 else edit.document.body.extras[section] or {}
    if field in style:
        raise RefusalError(f"Default {part.lower()} already exists. Default {part.lower()} ID: {style[field]}.")
    key = edit.document.new_id()
    edit.document.segments[key] = blank_segment(part.lower())
    if section == 0:
        edit.document.style = style | {field: key}
    else:
        edit.document.put_extra(BODY, section, style | {field: key})
    return key


def _section(edit: Edit, request: dict[str, Any]) -> int:
    """Index of the section break the part belongs to; 0 is the document's own."""
    place = request.get("sectionBreakLocation", {})
    name, segment = segment_of(edit.document, place)
    index: int = place.get("index", 0)
    if name != BODY or not 0 <= index < segment.end or segment.text[index] != SECTION:
        raise RefusalError("The section break location must be the index of a section break in the document body.")
    return index


@kind("deleteHeader")
def delete_header(edit: Edit, request: dict[str, Any]) -> Reply:
    _delete(edit, request, "header")
    return None


@kind("deleteFooter")
def delete_footer(edit: Edit, request: dict[str, Any]) -> Reply:
    _delete(edit, request, "footer")
    return None


def _delete(edit: Edit, request: dict[str, Any], part: str) -> None:
    check_tab(request)
    document, key = edit.document, request.get(f"{part}Id", "")
    if key not in document.segments or document.segments[key].kind != part:
        raise RefusalError(f"The {part} with ID {key} was not found.")
    document.drop_segment(key)
    document.style = {name: value for name, value in document.style.items() if value != key}
    for index, extra in enumerate(document.body.extras):
        if extra and key in extra.values():
            document.put_extra(BODY, index, {name: value for name, value in extra.items() if value != key})
