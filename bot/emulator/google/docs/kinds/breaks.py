"""insertPageBreak, insertSectionBreak, createFootnote, updateDocumentStyle and updateSectionStyle."""

from __future__ import annotations

from typing import Any

from bot.emulator.google.docs import defaults
from bot.emulator.google.docs.edit import Edit, Reply, kind
from bot.emulator.google.docs.model import BODY, blank_segment
from bot.emulator.google.docs.places import body_insertion, check_tab, span_of
from bot.emulator.google.docs.refusal import RefusalError
from bot.emulator.google.docs.styling import masked, tidy
from bot.emulator.google.docs.units import SECTION

_SIZES = ("marginTop", "marginBottom", "marginLeft", "marginRight", "marginHeader", "marginFooter", "pageNumberStart")
DOCUMENT_FIELDS = frozenset(
    (*_SIZES, "background", "pageSize", "useEvenPageHeaderFooter", "useFirstPageHeaderFooter")
) | {
    "flipPageOrientation",
    "documentFormat",
}
SECTION_FIELDS = frozenset((*_SIZES, "columnProperties", "columnSeparatorStyle", "contentDirection")) | {
    "flipPageOrientation",
    "useFirstPageHeaderFooter",
}
_IDS = frozenset(f"{page}{part}Id" for page in ("default", "firstPage", "evenPage") for part in ("Header", "Footer"))


@kind("insertPageBreak")
def insert_page_break(edit: Edit, request: dict[str, Any]) -> Reply:
    index = body_insertion(edit.document, request, "Page breaks")
    edit.split_paragraph(BODY, index)
    edit.insert_element(BODY, index, {"pageBreak": {}})
    return None


@kind("insertSectionBreak")
def insert_section_break(edit: Edit, request: dict[str, Any]) -> Reply:
    index = body_insertion(edit.document, request, "Section breaks")
    section_type = request.get("sectionType", "SECTION_TYPE_UNSPECIFIED")
    if section_type == "SECTION_TYPE_UNSPECIFIED":
        raise RefusalError("The section type must be specified.")
    edit.split_paragraph(BODY, index)
    style = defaults.SECTION_STYLE | {"sectionType": section_type}
    edit.document.splice(BODY, index + 1, index + 1, SECTION, [{}], [style])
    return None


@kind("createFootnote")
def create_footnote(edit: Edit, request: dict[str, Any]) -> Reply:
    index = body_insertion(edit.document, request, "Footnote references", in_tables=True)
    key = edit.document.new_id()
    edit.document.segments[key] = blank_segment("footnote", " ")
    edit.insert_element(BODY, index, {"footnoteReference": {"footnoteId": key}})
    return {"footnoteId": key}


@kind("updateDocumentStyle")
def update_document_style(edit: Edit, request: dict[str, Any]) -> Reply:
    check_tab(request)
    fields = masked(request, DOCUMENT_FIELDS, _IDS | {"useCustomHeaderFooterMargins"})
    given = {name: tidy(value) for name, value in request.get("documentStyle", {}).items() if name in fields}
    kept = {name: value for name, value in edit.document.style.items() if name not in fields}
    edit.document.style = kept | given
    return None


@kind("updateSectionStyle")
def update_section_style(edit: Edit, request: dict[str, Any]) -> Reply:
    segment_id, start, end = span_of(edit.document, request)
    if segment_id != BODY:
        raise RefusalError("The range must be in the document body.")
    fields = masked(request, SECTION_FIELDS, _IDS | {"sectionType"})
    given = {name: tidy(value) for name, value in request.get("sectionStyle", {}).items() if name in fields}
    missing = [name for name in fields if name not in given and request["fields"] != "*"]
    if missing:
        raise RefusalError(f"The field '{missing[0]}' of a section style cannot be unset.")
    body = edit.document.body
    first = body.text.rindex(SECTION, 0, start + 1)
    for index in [first, *(at for at in range(start + 1, end) if body.text[at] == SECTION)]:
        edit.document.put_extra(BODY, index, (body.extras[index] or {}) | given)
    return None
