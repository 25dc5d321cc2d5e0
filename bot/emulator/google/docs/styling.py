"""Field masks and style values: which fields a request changes, checked and brought to the form the service prints."""

from __future__ import annotations

import re
import struct
from typing import Any

from bot.emulator.google.docs import defaults
from bot.emulator.google.docs.model import Document
from bot.emulator.google.docs.refusal import RefusalError
from bot.emulator.google.docs.segment import Style

TEXT_FIELDS = frozenset(
    ("bold", "italic", "underline", "strikethrough", "smallCaps", "backgroundColor", "foregroundColor", "fontSize")
) | {"weightedFontFamily", "baselineOffset", "link"}
PARAGRAPH_FIELDS = frozenset(
    (
        "namedStyleType",
        "alignment",
        "lineSpacing",
        "direction",
        "spacingMode",
        "spaceAbove",
        "spaceBelow",
        "borderBetween",
        "borderTop",
        "borderBottom",
        "borderLeft",
        "borderRight",
        "indentFirstLine",
        "indentStart",
        "indentEnd",
        "keepLinesTogether",
        "keepWithNext",
        "avoidWidowAndOrphan",
        "shading",
        "pageBreakBefore",
    )
)
_SNAKE = re.compile(r"_([a-z])")


def masked(request: dict[str, Any], allowed: frozenset[str], read_only: frozenset[str] = frozenset()) -> list[str]:
    """The top-level fields named by the request's `fields`, in camelCase; `*` is all of `allowed`.

    A path below a field counts as the field. Unknown and read-only names are refused.
    """
    text = request.get("fields", "")
    if not text:
        raise RefusalError("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    if text == "*":
        return sorted(allowed)
    names = [_SNAKE.sub(lambda found: found[1].upper(), path.strip().split(".")[0]) for path in text.split(",")]
    for name in names:
        if name in read_only:
            raise RefusalError(f"The field '{name}' is read-only and cannot be updated.")
        if name not in allowed:
            raise RefusalError(f"Invalid field mask: '{name}' is not a field that can be updated.")
    return names


def tidy(value: Any) -> Any:
    """The value as the service keeps it: no zero magnitudes or colour parts, colours in single precision."""
    if isinstance(value, list):
        return [tidy(item) for item in value]
    if not isinstance(value, dict):
        return int(value) if isinstance(value, float) and value.is_integer() else value
    if "rgbColor" in value:
        return value | {"rgbColor": _color(value["rgbColor"])}
    if "unit" in value or "magnitude" in value:
        return _dimension(value)
    return {name: tidy(item) for name, item in value.items()}


def _color(parts: dict[str, float]) -> dict[str, float]:
    for name, part in parts.items():
        if not 0 <= part <= 1:
            raise RefusalError(f"The {name} component of the color must be between 0 and 1.")
    return {name: single(parts[name]) for name in ("red", "green", "blue") if parts.get(name)}


def single(number: float) -> float:
    """The shortest decimal that is the same 32-bit float."""
    packed = struct.pack("f", number)
    for digits in range(1, 10):
        short = float(f"{number:.{digits}g}")
        if struct.pack("f", short) == packed:
            return int(short) if short.is_integer() else short
    return number


def _dimension(value: dict[str, Any]) -> dict[str, Any]:
    if value.get("unit") not in ("PT", None) or not value.get("unit"):
        raise RefusalError("The unit of a dimension must be specified.")
    return defaults.points(tidy(value.get("magnitude", 0)))


def text_changes(request: dict[str, Any]) -> tuple[list[str], Style]:
    """Fields to change and the values given, from an updateTextStyle request."""
    fields = masked(request, TEXT_FIELDS)
    given = {name: tidy(value) for name, value in request.get("textStyle", {}).items() if name in fields}
    if "weightedFontFamily" in given:
        given["weightedFontFamily"] = _font(given["weightedFontFamily"])
    if "link" in given and not given["link"]:
        raise RefusalError("Links must include at least one type.")
    if "fontSize" in given and given["fontSize"].get("magnitude", 0) < 0:
        raise RefusalError("The font size cannot be negative.")
    return fields, given


def _font(font: dict[str, Any]) -> dict[str, Any]:
    if not font.get("fontFamily"):
        raise RefusalError("The font family of a weighted font family must be specified.")
    weight = font.get("weight", 400)
    if weight % 100 or not 100 <= weight <= 900:
        raise RefusalError("The weight of a weighted font family must be a multiple of 100 between 100 and 900.")
    return {"fontFamily": font["fontFamily"], "weight": weight}


def restyled(style: Style, parent: Style, fields: list[str], given: Style) -> Style:
    """The style after the change: given fields set, named but unset ones inherited, those equal to the parent's too."""
    changed = dict(style)
    for name in fields:
        changed.pop(name, None)
        if name in given and given[name] != parent.get(name):
            changed[name] = given[name]
    return changed


def named(document: Document, name: str) -> str:
    """A named style type that the document has."""
    if name not in document.named_styles:
        raise RefusalError("The named style type must be specified.")
    return name
