"""Which test shows a method: what the last column of the two coverage tables names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping


def find_test(patterns: Iterable[str], sources: Mapping[str, str], distance: Callable[[str], int]) -> str:
    """`file::function` of the first test that matches a pattern, nearer files first; "" when none does."""
    near_first = sorted(sources.items(), key=lambda source: distance(source[0]))
    for pattern in patterns:
        for name, text in near_first:
            hit = re.search(pattern, text)
            function = _enclosing(text, hit.start()) if hit else ""
            if function:
                return f"{name}::{function}"
    return ""


def _enclosing(text: str, at: int) -> str:
    """The test function around a place, or the first one after it when it is in a fixture or another function."""
    functions = [(found.start(), found[1]) for found in re.finditer(r"^ *def (\w+)", text, re.MULTILINE)]
    before = [name for start, name in functions if start <= at][-1:]
    after = [name for start, name in functions if start > at and name.startswith("test_")][:1]
    return next((name for name in [*before, *after] if name.startswith("test_")), "")
