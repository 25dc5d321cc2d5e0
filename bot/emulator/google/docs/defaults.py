"""What a new document, paragraph, table and list look like in Google Docs, as recorded from the service."""

from __future__ import annotations

from typing import Any

LINK_COLOR = {"color": {"rgbColor": {"red": 0.06666667, "green": 0.33333334, "blue": 0.8}}}
HEADINGS = ("TITLE", "SUBTITLE", *(f"HEADING_{level}" for level in range(1, 7)))


def points(magnitude: float) -> dict[str, Any]:
    """A Dimension as printed: a magnitude of 0 is left out."""
    return {"magnitude": magnitude, "unit": "PT"} if magnitude else {"unit": "PT"}


def grey(level: float) -> dict[str, Any]:
    """An OptionalColor of equal parts."""
    return {"color": {"rgbColor": {"red": level, "green": level, "blue": level}}}


def scramble(number: int) -> str:
    """Twelve letters and digits that differ for every number (a bijection, so never twice the same)."""
    value = (number * 0x9E3779B97F4A7C15 + 0x1F123BB5) % 36**12
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    for _ in range(12):
        value, rest = divmod(value, 36)
        text = digits[rest] + text
    return text


PARAGRAPH: dict[str, Any] = {"style": {"namedStyleType": "NORMAL_TEXT", "direction": "LEFT_TO_RIGHT"}}
SECTION_STYLE: dict[str, Any] = {
    "columnSeparatorStyle": "NONE",
    "contentDirection": "LEFT_TO_RIGHT",
    "sectionType": "CONTINUOUS",
}
DOCUMENT_STYLE: dict[str, Any] = {
    "background": {"color": {}},
    "pageNumberStart": 1,
    "marginTop": points(72),
    "marginBottom": points(72),
    "marginRight": points(72),
    "marginLeft": points(72),
    "pageSize": {"height": points(792), "width": points(612)},
    "marginHeader": points(36),
    "marginFooter": points(36),
    "useCustomHeaderFooterMargins": True,
}
CELL_STYLE: dict[str, Any] = {
    "rowSpan": 1,
    "columnSpan": 1,
    "backgroundColor": {},
    "paddingLeft": points(5),
    "paddingRight": points(5),
    "paddingTop": points(5),
    "paddingBottom": points(5),
    "contentAlignment": "TOP",
}
ROW_STYLE: dict[str, Any] = {"minRowHeight": points(0)}
COLUMN: dict[str, Any] = {"widthType": "EVENLY_DISTRIBUTED"}
_BORDER = {"color": {}, "width": points(0), "padding": points(0), "dashStyle": "SOLID"}


def _heading(above: float, below: float, **text: Any) -> dict[str, Any]:
    paragraph = {
        "namedStyleType": "NORMAL_TEXT",
        "direction": "LEFT_TO_RIGHT",
        "spaceAbove": points(above),
        "spaceBelow": points(below),
        "keepLinesTogether": True,
        "keepWithNext": True,
        "pageBreakBefore": False,
    }
    return {"textStyle": text, "paragraphStyle": paragraph}


NAMED_STYLES: dict[str, dict[str, Any]] = {
    "NORMAL_TEXT": {
        "textStyle": {
            "bold": False,
            "italic": False,
            "underline": False,
            "strikethrough": False,
            "smallCaps": False,
            "backgroundColor": {},
            "foregroundColor": {"color": {"rgbColor": {}}},
            "fontSize": points(11),
            "weightedFontFamily": {"fontFamily": "Arial", "weight": 400},
            "baselineOffset": "NONE",
        },
        "paragraphStyle": {
            "namedStyleType": "NORMAL_TEXT",
            "alignment": "START",
            "lineSpacing": 115,
            "direction": "LEFT_TO_RIGHT",
            "spacingMode": "COLLAPSE_LISTS",
            "spaceAbove": points(0),
            "spaceBelow": points(0),
            "borderBetween": _BORDER,
            "borderTop": _BORDER,
            "borderBottom": _BORDER,
            "borderLeft": _BORDER,
            "borderRight": _BORDER,
            "indentFirstLine": points(0),
            "indentStart": points(0),
            "indentEnd": points(0),
            "keepLinesTogether": False,
            "keepWithNext": False,
            "avoidWidowAndOrphan": True,
            "shading": {"backgroundColor": {}},
            "pageBreakBefore": False,
        },
    },
    "HEADING_1": _heading(20, 6, fontSize=points(20)),
    "HEADING_2": _heading(18, 6, bold=False, fontSize=points(16)),
    "HEADING_3": _heading(16, 4, bold=False, foregroundColor=grey(0.2627451), fontSize=points(14)),
    "HEADING_4": _heading(14, 4, foregroundColor=grey(0.4), fontSize=points(12)),
    "HEADING_5": _heading(12, 4, foregroundColor=grey(0.4), fontSize=points(11)),
    "HEADING_6": _heading(12, 4, italic=True, foregroundColor=grey(0.4), fontSize=points(11)),
    "TITLE": _heading(0, 3, fontSize=points(26)),
    "SUBTITLE": _heading(
        0,
        16,
        italic=False,
        foregroundColor=grey(0.4),
        fontSize=points(15),
        weightedFontFamily={"fontFamily": "Arial", "weight": 400},
    ),
}

_SYMBOLS = {
    "BULLET_DISC_CIRCLE_SQUARE": "●○■",
    "BULLET_DIAMONDX_ARROW3D_SQUARE": "❖➢■",
    "BULLET_ARROW_DIAMOND_DISC": "➔◆●",
    "BULLET_STAR_CIRCLE_SQUARE": "★○■",
    "BULLET_ARROW3D_CIRCLE_SQUARE": "➢○■",
    "BULLET_LEFTTRIANGLE_DIAMOND_DISC": "◀◆●",
    "BULLET_DIAMONDX_HOLLOWDIAMOND_SQUARE": "❖◇■",
    "BULLET_DIAMOND_CIRCLE_SQUARE": "◆○■",
}
_NUMBERS = {
    "NUMBERED_DECIMAL_ALPHA_ROMAN": ("DECIMAL", "ALPHA", "ROMAN"),
    "NUMBERED_DECIMAL_ALPHA_ROMAN_PARENS": ("DECIMAL", "ALPHA", "ROMAN"),
    "NUMBERED_DECIMAL_NESTED": ("DECIMAL",),
    "NUMBERED_UPPERALPHA_ALPHA_ROMAN": ("UPPER_ALPHA", "ALPHA", "ROMAN"),
    "NUMBERED_UPPERROMAN_UPPERALPHA_DECIMAL": ("UPPER_ROMAN", "UPPER_ALPHA", "DECIMAL"),
    "NUMBERED_ZERODECIMAL_ALPHA_ROMAN": ("ZERO_DECIMAL", "ALPHA", "ROMAN"),
}
CHECKBOX = "BULLET_CHECKBOX"
DEEPEST_LEVEL = 8


def list_properties(preset: str) -> dict[str, Any]:
    """ListProperties of a preset: nine nesting levels."""
    return {"nestingLevels": [_level(preset, level) for level in range(DEEPEST_LEVEL + 1)]}


def is_preset(preset: str) -> bool:
    """Whether the bullet preset is one the service knows."""
    return preset == CHECKBOX or preset in _SYMBOLS or preset in _NUMBERS


def _level(preset: str, level: int) -> dict[str, Any]:
    start: dict[str, Any] = {"bulletAlignment": "START"}
    return {
        **start,
        **_glyph(preset, level),
        "indentFirstLine": points(18 + 36 * level),
        "indentStart": points(36 + 36 * level),
        "textStyle": {"underline": False},
        "startNumber": 1,
    }


def _glyph(preset: str, level: int) -> dict[str, str]:
    if preset == CHECKBOX:
        return {"glyphType": "GLYPH_TYPE_UNSPECIFIED", "glyphFormat": f"%{level}"}
    if preset in _SYMBOLS:
        return {"glyphSymbol": _SYMBOLS[preset][level % 3], "glyphFormat": f"%{level}"}
    types = _NUMBERS[preset]
    return {"glyphType": types[level % len(types)], "glyphFormat": _number_format(preset, level)}


def _number_format(preset: str, level: int) -> str:
    if preset == "NUMBERED_DECIMAL_NESTED":
        return "".join(f"%{outer}." for outer in range(level + 1))
    return f"%{level})" if preset.endswith("PARENS") else f"%{level}."
