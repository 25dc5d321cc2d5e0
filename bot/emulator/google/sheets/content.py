"""What Drive does with spreadsheets: create, copy, export, import and delete their content."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from bot.emulator.google import access, errors
from bot.emulator.google.sheets import edits, store
from bot.emulator.google.sheets.a1 import Box
from bot.emulator.google.sheets.book import Book, Cell, Formula, Sheet, new_book
from bot.emulator.google.sheets.locales import of
from bot.emulator.google.sheets.reading import filled
from bot.emulator.google.sheets.serials import of_moment, to_date
from bot.emulator.google.sheets.typed import parse
from bot.emulator.google.sheets.view import View, view

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    XLSX: ".xlsx",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/x-vnd.oasis.opendocument.spreadsheet": ".ods",
}


@access.content(access.SHEET)
class SpreadsheetContent:
    """The content of files of the type `application/vnd.google-apps.spreadsheet`."""

    export_formats = FORMATS
    import_formats = ("text/csv", "text/tab-separated-values", XLSX)

    def create(self, workspace: Workspace, file_id: str, title: str) -> None:  # noqa: ARG002 - Drive knows the name
        """A spreadsheet with one empty tab."""
        store.save(workspace, file_id, new_book())

    def copy(self, workspace: Workspace, source_id: str, target_id: str) -> None:
        """All of it: sheet ids, developer metadata, protections and formats stay."""
        store.copy(workspace, source_id, target_id)

    def export(self, workspace: Workspace, file_id: str, mime: str) -> bytes:
        """CSV and TSV of the first tab, or a workbook; 501 for the other formats of the real service."""
        now = view(store.live(workspace, file_id), workspace.clock.now())
        if mime == "text/csv":
            return delimited(now, now.book.sheets[0], ",")
        if mime == "text/tab-separated-values":
            return delimited(now, now.book.sheets[0], "\t")
        if mime == XLSX:
            from bot.emulator.google.sheets.workbooks import written

            return written(now)
        raise errors.unimplemented("drive.files.export", f"spreadsheet as {mime}")

    def import_(self, workspace: Workspace, file_id: str, title: str, media: bytes, media_type: str) -> None:
        """Replaces the content with that of a CSV, TSV or workbook file; text is read as typed."""
        if media_type == XLSX:
            from bot.emulator.google.sheets.workbooks import read

            store.save(workspace, file_id, read(media))
        elif media_type in ("text/csv", "text/tab-separated-values"):
            mark = "\t" if media_type.endswith("values") else ","
            store.save(workspace, file_id, _from_text(workspace, title, media, mark))
        else:
            raise errors.unimplemented("drive.files", f"import of {media_type} as a spreadsheet")
        store.forget(workspace, file_id)

    def delete(self, workspace: Workspace, file_id: str) -> None:
        """Forgets the content and the log of edits."""
        workspace.shelf.blobs(store.BLOBS).pop(file_id, None)
        workspace.shelf.collection(edits.COLLECTION).pop(file_id, None)
        store.forget(workspace, file_id)


def delimited(now: View, sheet: Sheet, mark: str) -> bytes:
    """The displayed text of a tab: every row as wide as the widest, CRLF between them."""
    places = filled(now, Box(sheet, 0, 0, sheet.row_count, sheet.column_count))
    if not places:
        return b""
    height, width = max(row for row, _ in places) + 1, max(at for _, at in places) + 1
    out = io.StringIO()
    lines = ([now.text(sheet, row, at) for at in range(width)] for row in range(height))
    if mark == "\t":
        out.write("\r\n".join("\t".join(" ".join(text.split()) for text in line) for line in lines))
        return out.getvalue().encode()
    csv.writer(out, lineterminator="\r\n").writerows(lines)
    return out.getvalue().removesuffix("\r\n").encode()


def _from_text(workspace: Workspace, title: str, media: bytes, mark: str) -> Book:
    rows = list(csv.reader(io.StringIO(media.decode("utf-8-sig", "replace"), newline=""), delimiter=mark))
    book = new_book(title[:100] or "Sheet1")
    sheet = book.sheets[0]
    sheet.row_count, sheet.column_count = max(len(rows), 1), max([1, *(len(line) for line in rows)])
    locale, today = of(book.locale), to_date(of_moment(workspace.clock.now(), book.zone))
    assert today is not None
    for row, line in enumerate(rows):
        for at, text in enumerate(line):
            if text:
                typed = parse(text, locale, today)
                value = text if isinstance(typed.value, Formula) and not text.startswith("=") else typed.value
                style = {"numberFormat": typed.number_format} if typed.number_format else {}
                book.put(sheet, row, at, Cell(value, style))
    return book
