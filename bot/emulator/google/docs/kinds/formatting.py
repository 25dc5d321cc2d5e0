"""updateTextStyle, updateParagraphStyle and updateNamedStyle."""

from __future__ import annotations

from typing import Any

from bot.emulator.google.docs.defaults import LINK_COLOR
from bot.emulator.google.docs.edit import Edit, Reply, kind
from bot.emulator.google.docs.places import check_tab, style_span
from bot.emulator.google.docs.refusal import RefusalError
from bot.emulator.google.docs.segment import Segment, Style
from bot.emulator.google.docs.styling import PARAGRAPH_FIELDS, TEXT_FIELDS, masked, named, restyled, text_changes, tidy


@kind("updateTextStyle")
def update_text_style(edit: Edit, request: dict[str, Any]) -> Reply:
    segment_id, start, end = style_span(edit.document, request)
    fields, given = text_changes(request)
    segment = edit.document.segments[segment_id]
    for newline in list(segment.paragraphs(start, end)):
        first = segment.paragraph_start(newline)
        parent = edit.document.text_parent(segment.extras[newline] or {})
        _restyle(segment, max(start, first), min(end, newline + 1), parent, fields, given)
        if start <= first and end >= newline and "bullet" in (segment.extras[newline] or {}):
            _restyle_bullet(edit, segment_id, newline, fields, given)
    return None


def _restyle(segment: Segment, start: int, end: int, parent: Style, fields: list[str], given: Style) -> None:
    done: dict[int, Style] = {}
    plain = _before(segment, start) if "link" in fields and "link" not in given else {}
    for index in range(start, end):
        style = segment.styles[index]
        if segment.text[index] == "\n" and "link" in fields:
            segment.styles[index] = restyled(style, parent, [name for name in fields if name != "link"], given)
            continue
        if id(style) not in done:
            done[id(style)] = _linked(style, parent, fields, given, plain)
        segment.styles[index] = done[id(style)]


def _linked(style: Style, parent: Style, fields: list[str], given: Style, plain: Style) -> Style:
    """The change and what a link brings: colour and underline when set, the look of the preceding text when removed."""
    if "link" not in fields:
        return restyled(style, parent, fields, given)
    if "link" in given:
        look = {"foregroundColor": LINK_COLOR, "underline": True}
        dressed = style | {name: value for name, value in look.items() if name not in fields}
        return restyled(dressed, parent, fields, given)
    return restyled(plain if "link" in style else style, parent, fields, given)


def _before(segment: Segment, start: int) -> Style:
    """The style that text gets whose link is removed: of the text before it, or plain after another link."""
    if start <= segment.paragraph_start(start):
        return {}
    style = segment.styles[start - 1]
    return {} if "link" in style else style


def _restyle_bullet(edit: Edit, segment_id: str, newline: int, fields: list[str], given: Style) -> None:
    paragraph = edit.document.segments[segment_id].extras[newline] or {}
    own = [name for name in fields if name != "link"]
    style = restyled(paragraph["bullet"]["textStyle"], edit.document.text_parent(paragraph), own, given)
    edit.document.put_extra(segment_id, newline, paragraph | {"bullet": paragraph["bullet"] | {"textStyle": style}})


@kind("updateParagraphStyle")
def update_paragraph_style(edit: Edit, request: dict[str, Any]) -> Reply:
    segment_id, start, end = style_span(edit.document, request)
    fields = masked(request, PARAGRAPH_FIELDS, frozenset(("headingId", "tabStops")))
    given = {name: tidy(value) for name, value in request.get("paragraphStyle", {}).items() if name in fields}
    segment = edit.document.segments[segment_id]
    for newline in list(segment.paragraphs(start, end)):
        if given.get("pageBreakBefore") and (segment.kind != "body" or segment.in_table(newline)):
            raise RefusalError("A page break before can only be set on paragraphs of the body, outside tables.")
        edit.set_paragraph(segment_id, newline, _changed(edit, segment.extras[newline] or {}, fields, given))
    return None


def _changed(edit: Edit, paragraph: dict[str, Any], fields: list[str], given: Style) -> dict[str, Any]:
    style = paragraph["style"]
    if "namedStyleType" in fields:
        style = _renamed(paragraph, named(edit.document, given.get("namedStyleType", "NORMAL_TEXT")))
    parent = edit.document.paragraph_parent(style["namedStyleType"])
    rest = [name for name in fields if name not in ("namedStyleType", "direction")]
    changed = restyled(style, parent, rest, given)
    if "direction" in fields:
        changed["direction"] = given.get("direction", "LEFT_TO_RIGHT")
    return paragraph | {"style": changed}


def _renamed(paragraph: dict[str, Any], name: str) -> Style:
    """A paragraph of another named style: overrides go as in the editor, a list item keeps its indent."""
    style = paragraph["style"]
    if style["namedStyleType"] == name:
        return dict(style)
    kept = {"direction", "headingId"} | ({"indentFirstLine", "indentStart"} if "bullet" in paragraph else set())
    return {"namedStyleType": name} | {field: value for field, value in style.items() if field in kept}


@kind("updateNamedStyle")
def update_named_style(edit: Edit, request: dict[str, Any]) -> Reply:
    check_tab(request)
    wanted = request.get("namedStyle", {})
    name = named(edit.document, wanted.get("namedStyleType", ""))
    style = dict(edit.document.named_styles[name])
    for part, allowed in (("textStyle", TEXT_FIELDS), ("paragraphStyle", PARAGRAPH_FIELDS - {"namedStyleType"})):
        fields = _below(request.get("fields", ""), part, allowed)
        given = {field: tidy(value) for field, value in wanted.get(part, {}).items() if field in fields}
        style[part] = {field: value for field, value in style[part].items() if field not in fields} | given
    edit.document.named_styles[name] = style
    return None


def _below(mask: str, part: str, allowed: frozenset[str]) -> list[str]:
    """Fields of `part` ("textStyle") that the mask names, in camelCase or snake_case."""
    snake = part.replace("Style", "_style")
    paths = [path.strip() for path in mask.split(",") if path.strip()]
    if not paths:
        raise RefusalError("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    if any(path in ("*", part, snake) for path in paths):
        return sorted(allowed)
    inner = [path.split(".", 1)[1] for path in paths if path.split(".")[0] in (part, snake) and "." in path]
    return masked({"fields": ",".join(inner)}, allowed) if inner else []
