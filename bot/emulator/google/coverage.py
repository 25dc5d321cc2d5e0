"""The coverage table: every method of the three discovery documents, what the workspace does of it, and the test of it.

`python -m bot.emulator.google.coverage` writes it anew to COVERAGE.md beside this module; a test holds it there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot.emulator.google.documents import FAMILIES, document
from bot.emulator.google.gateway import HANDLERS, load_handlers
from bot.emulator.proof import find_test

PLACE = Path(__file__).with_name("COVERAGE.md")
TESTS = Path(__file__).parents[3] / "tests" / "emulator" / "google"
HEAD = """# What the embedded workspace does of Google's APIs

Written by `python -m bot.emulator.google.coverage` from the registered handlers. *refused* methods answer 501 with
their name.
UNCONFIRMED marks a point on which no public source or measurement was found; there the cautious behaviour was chosen.

| method | state | notes | test |
|---|---|---|---|
"""
# gspread's words for Sheets methods, so that a test through gspread counts as one of the method.
GSPREAD = {
    "sheets.spreadsheets.values.get": r"\.values_get\(|\.get_all_values\(|\.get_values\(|\.acell\(",
    "sheets.spreadsheets.values.update": r"\.values_update\(|\.update_acell\(|\.update_cell\(|\.update\(",
    "sheets.spreadsheets.values.append": r"\.append_rows?\(|\.values_append\(",
    "sheets.spreadsheets.values.clear": r"\.values_clear\(|\.clear\(",
    "sheets.spreadsheets.values.batchGet": r"\.values_batch_get\(|\.batch_get\(",
    "sheets.spreadsheets.values.batchUpdate": r"\.values_batch_update\(|\.batch_update\(",
    "sheets.spreadsheets.values.batchClear": r"\.values_batch_clear\(|\.batch_clear\(",
    "sheets.spreadsheets.batchUpdate": r"\.batch_update\(",
    "sheets.spreadsheets.get": r"\.fetch_sheet_metadata\(|\.open_by_key\(",
    "sheets.spreadsheets.sheets.copyTo": r"\.copy_to\(",
}


@dataclass(frozen=True)
class Row:
    """One method of the table. `state`: supported, partial or refused; `test`: file::function or file, "" for none."""

    method: str
    state: str
    notes: str
    test: str


def rows() -> list[Row]:
    """The table in the order of the documents."""
    load_handlers()
    sources = {path.name: path.read_text("utf-8") for path in sorted(TESTS.glob("test_*.py"))}
    return [_row(one.id, sources) for family in FAMILIES for one in document(family).methods]


def _row(method: str, sources: dict[str, str]) -> Row:
    known = HANDLERS.get(method)
    if known is None:
        return Row(method, "refused", "", "")
    return Row(method, known.state, known.notes, _shown_by(method, sources) or Path(known.test).name)


def _shown_by(method: str, sources: dict[str, str]) -> str:
    """The first test that calls the method by an official client, else by its name or address."""
    parts = method.split(".")[1:]
    client = r"\(\)\s*\.".join([*map(re.escape, parts[:-1]), _python_name(parts[-1]) + r"(_media)?\("])
    patterns = (client, re.escape(method), rf"[:/]{parts[-1]}\b", GSPREAD.get(method, ""))
    return find_test(filter(None, patterns), sources, lambda name: _distance(method, name))


def _distance(method: str, name: str) -> int:
    """Files of the method's own resource first, then of its family, then the rest."""
    parts = method.lower().split(".")
    return (0 if f"test_{parts[0]}_{parts[-2]}" in name else 1) + (0 if f"test_{parts[0]}" in name else 2)


def _python_name(name: str) -> str:
    return re.escape(name) + ("_?" if name in ("import", "list") else "")


def table() -> str:
    """The Markdown of COVERAGE.md."""
    lines = [f"| {row.method} | {row.state} | {row.notes} | {row.test} |" for row in rows()]
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PLACE.write_text(table(), "utf-8")
