"""What Drive does with spreadsheets: copies, exports and imports (facts of Sheets and Drive: copy, export)."""

from __future__ import annotations

import csv
import gc
import io
from typing import Any

import openpyxl
from googleapiclient.http import MediaIoBaseUpload
from sheets_desk import INES, Desk, desk, grid, refusal, span

from bot.emulator.google.sheets.book import Book
from bot.emulator.google.sheets.store import MOST_LIVE

__all__ = ["desk"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = "application/vnd.google-apps.spreadsheet"


def _export(desk: Desk, mime: str) -> bytes:
    found: bytes = desk.drive.files().export(fileId=desk.id, mimeType=mime).execute()
    return found


def _plan(desk: Desk) -> None:
    """A small plan with everything that an export has to carry."""
    rule = {
        "condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "Open"}, {"userEnteredValue": "Done"}]},
        "strict": True,
    }
    red = {
        "condition": {"type": "TEXT_EQ", "values": [{"userEnteredValue": "Open"}]},
        "format": {"backgroundColor": {"red": 1}},
    }
    desk.put("A1", [["Task", "Due", "Status", "Days"], ["Kick-off", "2027-03-04", "Open", "=B2-1"]], "USER_ENTERED")
    desk.batch(
        {"setDataValidation": {"range": grid((1, 50), (2, 3)), "rule": rule}},
        {"addConditionalFormatRule": {"rule": {"ranges": [grid((1, 50), (2, 3))], "booleanRule": red}}},
        {
            "updateDimensionProperties": {
                "range": span("COLUMNS", 0, 1),
                "properties": {"pixelSize": 300},
                "fields": "pixelSize",
            }
        },
        {
            "updateSheetProperties": {
                "properties": {"sheetId": 0, "gridProperties": {"frozenRowCount": 1}},
                "fields": "gridProperties.frozenRowCount",
            }
        },
        {
            "repeatCell": {
                "range": grid((0, 1)),
                "cell": {"userEnteredFormat": {"textFormat": {"bold": True}}},
                "fields": "userEnteredFormat",
            }
        },
        {
            "updateCells": {
                "start": {"sheetId": 0},
                "rows": [{"values": [{"note": "one row per task"}]}],
                "fields": "note",
            }
        },
        {"mergeCells": {"range": grid((9, 10), (0, 3)), "mergeType": "MERGE_ALL"}},
    )


def test_the_workbook_carries_everything(desk: Desk) -> None:
    """The .xlsx has dropdowns, formats, computed values, widths, frozen rows, conditional formats, notes and merges."""
    _plan(desk)
    data = _export(desk, XLSX)
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert page["D2"].value == "=B2-1"
    assert page["B2"].is_date
    assert page["A1"].font.b
    assert page.freeze_panes == "A2"
    assert round(page.column_dimensions["A"].width * 7 + 5) == 300
    assert [(one.type, one.formula1, str(one.sqref)) for one in page.data_validations.dataValidation] == [
        ("list", '"Open,Done"', "C2:C50")
    ]
    assert [str(one.sqref) for one in page.conditional_formatting] == ["C2:C50"]
    assert page["A1"].comment.text == "one row per task"
    assert [str(one) for one in page.merged_cells.ranges] == ["A10:C10"]
    shown: Any = openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
    assert str(shown["D2"].value).startswith("2027-03-03")


def test_csv_is_the_first_tab_as_displayed(desk: Desk) -> None:
    """CSV has CRLF line ends, quotes where needed and displayed texts."""
    desk.put("A1", [['say "x", y', "50%"], ["", "2027-03-04"]], "USER_ENTERED")
    data = _export(desk, "text/csv")
    assert data == b'"say ""x"", y",50%\r\n,2027-03-04'
    assert list(csv.reader(io.StringIO(data.decode()))) == [['say "x", y', "50%"], ["", "2027-03-04"]]
    assert _export(desk, "text/tab-separated-values") == b'say "x", y\t50%\r\n\t2027-03-04'


def test_other_formats_are_refused(desk: Desk) -> None:
    """What the workspace does not convert to is a loud 501; what Google does not either is 400."""
    refusal(lambda: _export(desk, "application/vnd.oasis.opendocument.spreadsheet"), 501)
    refusal(lambda: _export(desk, "text/plain"), 400)


def _upload(desk: Desk, data: bytes, mime: str) -> Desk:
    media = MediaIoBaseUpload(io.BytesIO(data), mimetype=mime)
    made = desk.drive.files().create(body={"name": "imported", "mimeType": SHEET}, media_body=media).execute()
    return Desk(desk.as_person, INES, made["id"])


def test_csv_becomes_a_spreadsheet(desk: Desk) -> None:
    """An uploaded CSV is read as typed, into a grid of its size."""
    made = _upload(desk, b"Task,Due,Share\nKick-off,2027-03-04,50%\n", "text/csv")
    assert made.values("A1:C2") == [["Task", "Due", "Share"], ["Kick-off", "2027-03-04", "50%"]]
    assert made.raw("B2") == 46450
    assert made.tab()["properties"]["gridProperties"] == {"rowCount": 2, "columnCount": 3}


def test_gspread_imports_csv(desk: Desk) -> None:
    """gspread's import_csv replaces the content of a spreadsheet."""
    desk.put("A1", [["old"]])
    desk.clients.gsp.import_csv(desk.id, b"new,2\n")
    assert desk.values(desk.titles()[0]) == [["new", "2"]]


def test_a_workbook_becomes_a_spreadsheet_again(desk: Desk) -> None:
    """An exported workbook can be uploaded: values, formulas, formats, rules, widths and frozen rows come back."""
    _plan(desk)
    made = _upload(desk, _export(desk, XLSX), XLSX)
    assert made.values("A1:D2") == desk.values("A1:D2")
    assert made.formula("D2") == "=B2-1"
    assert made.cell_data("C2")["dataValidation"]["condition"]["values"] == [
        {"userEnteredValue": "Open"},
        {"userEnteredValue": "Done"},
    ]
    assert made.data("A1")["columnMetadata"] == [{"pixelSize": 300}]
    assert made.tab()["properties"]["gridProperties"]["frozenRowCount"] == 1


def test_a_broken_workbook_is_refused(desk: Desk) -> None:
    """Bytes that are no workbook are 400 and leave no file with content."""
    refusal(lambda: _upload(desk, b"not a zip", XLSX), 400)


def test_a_copy_is_independent(desk: Desk) -> None:
    """files.copy keeps tabs' ids, values, rules and protections; later edits of either stay apart."""
    _plan(desk)
    desk.batch({"addProtectedRange": {"protectedRange": {"range": grid((0, 1))}}})
    made = desk.drive.files().copy(fileId=desk.id, body={"name": "copy"}).execute()["id"]
    copied = Desk(desk.as_person, INES, made)
    assert copied.tab()["properties"]["sheetId"] == 0
    assert copied.get()["properties"]["title"] == "copy"
    assert "protectedRanges" in copied.tab()
    copied.put("A2", [["changed"]])
    assert desk.cell("A2") == "Kick-off"
    assert copied.cell("A2") == "changed"


def test_many_copies_take_little_memory(desk: Desk) -> None:
    """However many copies are made, a few dozen books are in memory at most, and what left it is read again whole."""
    _plan(desk)
    before = _books()
    copies = [desk.drive.files().copy(fileId=desk.id, body={"name": str(n)}) for n in range(MOST_LIVE + 9)]
    made = [one.execute()["id"] for one in copies]
    assert _books() - before <= MOST_LIVE
    assert {Desk(desk.as_person, INES, one).cell("A2") for one in made} == {"Kick-off"}
    assert _books() - before <= MOST_LIVE


def _books() -> int:
    gc.collect()
    return sum(isinstance(one, Book) for one in gc.get_objects())


def test_the_search_sees_what_is_in_cells(desk: Desk) -> None:
    """Drive's full-text search finds words in cells."""
    desk.put("A1", [["Quillstone rollout"]])
    found = desk.drive.files().list(q="fullText contains 'Quillstone'").execute()["files"]
    assert [one["id"] for one in found] == [desk.id]
