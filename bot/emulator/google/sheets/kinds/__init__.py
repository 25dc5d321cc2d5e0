"""The kinds of batchUpdate requests; importing this package registers them all."""

from __future__ import annotations

from bot.emulator.google.sheets.batch import KINDS
from bot.emulator.google.sheets.kinds import (
    cells,
    dimensions,
    filters,
    looks,
    objects,
    pasting,
    rearranging,
    tables,
    tabs,
)

MODULES = (cells, dimensions, filters, looks, objects, pasting, rearranging, tables, tabs)


def notes() -> str:
    """The supported kinds, for the coverage table."""
    unsure = (
        "appendCells with tableId, table footers and comments are refused, updateCells links no URL, duplicateSheet"
    )
    unsure += " copies no developer metadata (each UNCONFIRMED in the real service)"
    return "kinds: " + ", ".join(sorted(KINDS)) + f"; every other kind is refused by name; {unsure}"
