"""Document text as UTF-16 code units: one Python character per index of the Docs API.

A segment keeps its text as a `str` in which characters outside the Basic Multilingual Plane are two surrogates, so
that `len`, slicing and `find` speak the API's indexes. The places between paragraphs (section breaks, tables, rows,
cells) are private-use characters; the API strips those from whatever is inserted, so they cannot be mistaken for text.
"""

from __future__ import annotations

import re
import unicodedata
from array import array

SECTION, TABLE, ROW, CELL, TABLE_END = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
OBJECT = "\ue907"
STRUCTURE = frozenset((SECTION, TABLE, ROW, CELL, TABLE_END))
BREAKS = STRUCTURE | {"\n"}
_STRIPPED = re.compile("[\x00-\x08\x0c-\x1f\ue000-\uf8ff]")
_JOINER = 0x200D
_LIGATURES = range(0xFB00, 0xFB07)


def to_units(text: str) -> str:
    """The text with every astral character as two surrogates."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    return "".join(map(chr, array("H", text.encode("utf-16-le", "surrogatepass"))))


def from_units(units: str) -> str:
    """The ordinary string; half a pair becomes U+FFFD."""
    if units.isascii():
        return units
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def length(text: str) -> int:
    """How many indexes the text takes."""
    return len(to_units(text))


def clean(text: str) -> str:
    """What is left of inserted text: some control characters and the private-use area are stripped silently."""
    return _STRIPPED.sub("", to_units(from_units(to_units(text))))


def splits_pair(units: str, index: int) -> bool:
    """Whether the index lies between the two halves of a surrogate pair."""
    return 0 < index < len(units) and "\udc00" <= units[index] <= "\udfff" and "\ud800" <= units[index - 1] <= "\udbff"


def splits_cluster(units: str, index: int) -> bool:
    """Whether the index lies inside what a reader sees as one character (pairs, skin tones, accents, flags)."""
    if splits_pair(units, index):
        return True
    if not 0 < index < len(units) or units[index] in BREAKS or units[index - 1] in BREAKS:
        return False
    after, before = _code_at(units, index), _code_before(units, index)
    if _extends(after) or before == _JOINER:
        return True
    return _is_flag(before) and _is_flag(after) and _flags_before(units, index) % 2 == 1


def fold(units: str, match_case: bool) -> tuple[str, list[int]]:
    """The text to search in and, for each of its positions, the index it came from.

    Without case, ß folds to ss and İ to i, ligatures stay as they are.
    """
    if match_case:
        return units, list(range(len(units) + 1))
    folded: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(units):
        piece = _fold_char(char)
        folded.append(piece)
        origin.extend([index] * len(piece))
    return "".join(folded), [*origin, len(units)]


def _fold_char(char: str) -> str:
    if char == "İ":
        return "i"
    return char if ord(char) in _LIGATURES else char.casefold()


def _code_at(units: str, index: int) -> int:
    return ord(from_units(units[index : index + 2])[0]) if "\ud800" <= units[index] <= "\udbff" else ord(units[index])


def _code_before(units: str, index: int) -> int:
    return _code_at(units, index - 2) if splits_pair(units, index - 1) else ord(units[index - 1])


def _extends(code: int) -> bool:
    if code in (_JOINER, 0xFE0E, 0xFE0F, 0x20E3) or 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F:
        return True
    return unicodedata.category(chr(code)) in ("Mn", "Me") if not 0xD800 <= code <= 0xDFFF else False


def _is_flag(code: int) -> bool:
    return 0x1F1E6 <= code <= 0x1F1FF


def _flags_before(units: str, index: int) -> int:
    count = 0
    while index >= 2 and _is_flag(_code_before(units, index)):
        count, index = count + 1, index - 2
    return count
