"""One difference between a file and what it should be: its kind, one kind sentence, and whether the bot can work."""

from __future__ import annotations

from dataclasses import dataclass

EXTRA_TAB = "extra tab"


@dataclass(frozen=True)
class Difference:
    """`is_needed`: the bot cannot work with a file that differs in this."""

    kind: str
    words: str
    is_needed: bool = False
