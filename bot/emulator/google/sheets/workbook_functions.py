"""Names of functions in .xlsx files: those younger than the format carry a prefix there, which people never see."""

from __future__ import annotations

import re

_PLAIN = ("CONCAT", "IFNA", "IFS", "MAXIFS", "MINIFS", "SEQUENCE", "SWITCH", "TEXTJOIN", "UNIQUE", "XLOOKUP", "XMATCH")
_SHEET = ("FILTER", "SORT")
_PREFIX = dict.fromkeys(_PLAIN, "_xlfn.") | dict.fromkeys(_SHEET, "_xlfn._xlws.")
_TOKENS = re.compile(rf'"(?:[^"]|"")*"|(?<![\w.])({"|".join(_PREFIX)})(?=\()', re.IGNORECASE)
_PREFIXED = re.compile(r'"(?:[^"]|"")*"|_xlfn\.(?:_xlws\.)?')


def to_file(formula: str) -> str:
    """The formula as the file keeps it."""
    return _TOKENS.sub(lambda found: _PREFIX[found[1].upper()] + found[1] if found[1] else found[0], formula)


def from_file(formula: str) -> str:
    """The formula as people read it."""
    return _PREFIXED.sub(lambda found: found[0] if found[0].startswith('"') else "", formula)
