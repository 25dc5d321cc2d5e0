"""The kinds of batchUpdate requests; importing this package registers them all."""

from __future__ import annotations

from bot.emulator.google.sheets.batch import KINDS
from bot.emulator.google.sheets.kinds import cells, dimensions, filters, objects, pasting, rearranging, tables, tabs

MODULES = (cells, dimensions, filters, objects, pasting, rearranging, tables, tabs)


def notes() -> str:
    """The supported kinds, for the coverage table."""
    return "kinds: " + ", ".join(sorted(KINDS)) + "; every other kind is refused by name"
