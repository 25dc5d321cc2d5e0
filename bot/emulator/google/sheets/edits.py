"""The log of edits of each spreadsheet: who changed which cell when, from what to what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.emulator.google import access
from bot.emulator.google.sheets.a1 import Box, cell_name, printed
from bot.emulator.google.sheets.book import Book, Json, Value

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

KEPT = 300  # entries per file
SINGLY = 20  # more cells than this in one call become one entry per tab
COLLECTION = "sheet_edits"


def record(workspace: Workspace, who: str, file_id: str, book: Book) -> None:
    """Appends what the call's journal holds: one entry per cell, or one per tab for large writes."""
    journal, book.journal = book.journal, []
    if journal:
        made = _summed(journal) if len(journal) > SINGLY else [_single(*one) for one in journal]
        append(workspace, who, file_id, made)


def append(workspace: Workspace, who: str, file_id: str, entries: list[Json]) -> None:
    """Appends entries {"tab", "cell", "old", "new"} with who and when."""
    rows = workspace.shelf.collection(COLLECTION)
    row = rows.setdefault(file_id, {"file": file_id, "edits": []})
    at = access.now(workspace)
    row["edits"] = [*row["edits"], *({"who": who, "when": at, **one} for one in entries)][-KEPT:]
    rows.save(file_id)


def of(workspace: Workspace, file_id: str) -> list[Json]:
    """The newest entries of a file, oldest first."""
    found: dict[str, Any] | None = workspace.shelf.collection(COLLECTION).get(file_id)
    return list(found["edits"]) if found else []


def _single(sheet: Any, row: int, column: int, old: Value, new: Value) -> Json:
    return {"tab": sheet.title, "cell": cell_name(row, column), "old": old, "new": new}


def _summed(journal: list[tuple[Any, int, int, Value, Value]]) -> list[Json]:
    boxes: dict[int, tuple[Box, int]] = {}
    for sheet, row, column, _, _ in journal:
        box, count = boxes.get(sheet.id, (Box(sheet, row, column, row + 1, column + 1), 0))
        top, left = min(box.top, row), min(box.left, column)
        grown = Box(sheet, top, left, max(box.bottom, row + 1), max(box.right, column + 1))
        boxes[sheet.id] = (grown, count + 1)
    return [
        {"tab": box.sheet.title, "cell": printed(box).rpartition("!")[2], "old": None, "new": f"{count} cells"}
        for box, count in boxes.values()
    ]
