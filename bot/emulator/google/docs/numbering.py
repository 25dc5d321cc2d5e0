"""The labels of list items as they are drawn: symbols, numbers, letters and Roman numerals."""

from __future__ import annotations

import re

from bot.emulator.google.docs.model import Document
from bot.emulator.google.docs.structure import Paragraph

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_SMALL = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
CHECKBOX = "☐"


class Numbering:
    """Counts the items of all lists of a document; ask for labels in reading order."""

    def __init__(self, document: Document) -> None:
        self._lists = document.lists
        self._counts: dict[str, list[int]] = {}

    def label(self, paragraph: Paragraph) -> str:
        """The label of a list item, "" of another paragraph."""
        if not paragraph.bullet:
            return ""
        list_id, level = paragraph.bullet["listId"], paragraph.bullet.get("nestingLevel", 0)
        shapes = self._lists[list_id]["properties"]["nestingLevels"]
        counts = self._counts.setdefault(list_id, [shape.get("startNumber", 1) - 1 for shape in shapes])
        counts[level] += 1
        counts[level + 1 :] = [shape.get("startNumber", 1) - 1 for shape in shapes[level + 1 :]]
        shape = shapes[level]
        if "glyphSymbol" in shape:
            return str(shape["glyphSymbol"])
        if not is_numbered(shape):
            return CHECKBOX
        return re.sub(r"%(\d)", lambda found: _number(shapes, counts, int(found[1])), shape["glyphFormat"])


def is_numbered(shape: dict[str, str]) -> bool:
    """Whether a nesting level counts its items."""
    return shape.get("glyphType", "GLYPH_TYPE_UNSPECIFIED") not in ("GLYPH_TYPE_UNSPECIFIED", "NONE")


def is_checkbox(shape: dict[str, str]) -> bool:
    """Whether a nesting level shows boxes to tick."""
    return "glyphSymbol" not in shape and not is_numbered(shape)


def _number(shapes: list[dict[str, str]], counts: list[int], level: int) -> str:
    kind, count = shapes[level].get("glyphType", "DECIMAL"), max(counts[level], 1)
    if kind in ("ALPHA", "UPPER_ALPHA"):
        letters = _letters(count)
        return letters.upper() if kind == "UPPER_ALPHA" else letters
    if kind in ("ROMAN", "UPPER_ROMAN"):
        return _roman(count).upper() if kind == "UPPER_ROMAN" else _roman(count)
    return f"{count:02d}" if kind == "ZERO_DECIMAL" else str(count)


def _letters(count: int) -> str:
    text = ""
    while count:
        count, rest = divmod(count - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def _roman(count: int) -> str:
    text = ""
    for value, sign in _ROMAN + _ROMAN_SMALL:
        times, count = divmod(count, value)
        text += sign * times
    return text
