"""Protected ranges: who may edit what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.emulator.google import access
from bot.emulator.google.errors import bad_request
from bot.emulator.google.sheets.a1 import Box, box_of
from bot.emulator.google.sheets.book import Book, Json, Sheet

if TYPE_CHECKING:
    from bot.emulator.google.gateway import Call

REFUSAL = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)


@dataclass(frozen=True)
class Editor:
    """The one who edits: their e-mail and whether they own the file (an owner passes every protection)."""

    email: str
    owner: bool = False


def editor(call: Call, file_id: str) -> Editor:
    """The caller as an editor of that file."""
    row = access.files(call.workspace).get(file_id, {})
    return Editor(call.caller, row.get("owner") == call.caller and not row.get("driveId"))


def may_edit(rule: Json, who: Editor) -> bool:
    """Whether `who` passes one protected range."""
    if rule.get("warningOnly") or who.owner:
        return True
    editors = rule.get("editors", {})
    if who.email.lower() in (one.lower() for one in editors.get("users", ())):
        return True
    domain = who.email.rpartition("@")[2]
    return (
        bool(editors.get("domainUsersCanEdit"))
        and domain == rule.get("domain", domain)
        and "gserviceaccount" not in domain
    )


def check(book: Book, box: Box, who: Editor) -> None:
    """Raises the service's 400 when `box` holds a cell that `who` may not edit."""
    for rule in box.sheet.protected:
        if not may_edit(rule, who) and box_of(range_of(rule, book), book).overlaps(box) and not _open(rule, box, book):
            raise bad_request(REFUSAL)


def check_sheet(book: Book, sheet: Sheet, who: Editor) -> None:
    """Raises the 400 when the tab holds any protection that `who` does not pass (for acts on the whole tab)."""
    check(book, Box(sheet, 0, 0, sheet.row_count, sheet.column_count), who)


def range_of(rule: Json, book: Book) -> Json:
    """The GridRange of a protected range, by name or table where it has one of those."""
    if "namedRangeId" in rule and rule["namedRangeId"] in book.named:
        found: Json = book.named[rule["namedRangeId"]]["range"]
        return found
    if "tableId" in rule:
        tables = (table for sheet in book.sheets for table in sheet.tables if table["tableId"] == rule["tableId"])
        table = next(tables, None)
        if table is not None:
            return dict(table["range"])
    return dict(rule["range"])


def _open(rule: Json, box: Box, book: Book) -> bool:
    """Whether all of `box` lies in one of the rule's unprotected ranges."""
    for grid in rule.get("unprotectedRanges", ()):
        hole = box_of(grid, book)
        rows = hole.top <= box.top and box.bottom <= hole.bottom
        if rows and hole.left <= box.left and box.right <= hole.right:
            return True
    return False
