"""Recorded and measured facts of Sheets and gspread across methods: links, workbooks, names, answers' shapes."""

from __future__ import annotations

import io
import json
from typing import Any

import gspread
import pytest
from google.auth.transport.requests import AuthorizedSession
from googleapiclient.http import MediaIoBaseUpload
from gspread.utils import ExportFormat
from openpyxl import Workbook
from sheets_desk import PRIYA, Desk, desk, grid, refusal

from bot.emulator.google import wire
from bot.emulator.server import Running

__all__ = ["desk"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = "application/vnd.google-apps.spreadsheet"


@pytest.fixture
def book(desk: Desk) -> gspread.Spreadsheet:
    """The fresh spreadsheet, opened by gspread."""
    gsp: gspread.Client = desk.clients.gsp
    return gsp.open_by_key(desk.id)


# -- links ----------------------------------------------------------------------------------------------------------


def test_a_partial_link_lives_in_the_runs_only(desk: Desk) -> None:
    """Fact (GD 019, measured): a link on a part of the text is in `textFormatRuns`; `hyperlink` stays absent."""
    runs = [{"startIndex": 4, "format": {"link": {"uri": "https://fernhill.example"}}}, {"startIndex": 8}]
    cell = {"userEnteredValue": {"stringValue": "see plan here"}, "textFormatRuns": runs}
    fields = "userEnteredValue,textFormatRuns"
    desk.batch({"updateCells": {"start": {"sheetId": 0}, "rows": [{"values": [cell]}], "fields": fields}})
    found = desk.cell_data("A1")
    assert found["textFormatRuns"] == runs
    assert "hyperlink" not in found


def test_clearing_a_cell_s_link_kills_the_formula_s(desk: Desk) -> None:
    """Fact (GD 019, measured): clearing `textFormat.link` also kills a HYPERLINK formula's link; the formula stays."""
    desk.type("A1", '=HYPERLINK("https://fernhill.example","x")')
    clear = {"range": grid((0, 1), (0, 1)), "cell": {}, "fields": "userEnteredFormat.textFormat.link"}
    desk.batch({"repeatCell": clear})
    found = desk.cell_data("A1")
    assert "hyperlink" not in found
    assert found["effectiveFormat"]["hyperlinkDisplayType"] == "PLAIN_TEXT"
    assert found["userEnteredValue"] == {"formulaValue": '=HYPERLINK("https://fernhill.example","x")'}
    desk.type("A1", '=HYPERLINK("https://harborpine.example","x")')
    assert desk.cell_data("A1")["hyperlink"] == "https://harborpine.example"


# -- imports and exports --------------------------------------------------------------------------------------------


def _workbook() -> bytes:
    made = Workbook()
    sheet: Any = made.active
    for line in (["007", 2], ["2026-09-27", "=B1*2"], ["wide"]):
        sheet.append(line)
    sheet.merge_cells("A3:B3")
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def _uploaded(desk: Desk, content: bytes, kind: str) -> Desk:
    media = MediaIoBaseUpload(io.BytesIO(content), kind)
    body = {"name": "Import", "mimeType": SHEET}
    return Desk(desk.as_person, desk.email, desk.drive.files().create(body=body, media_body=media).execute()["id"])


def test_a_workbook_keeps_text_formulas_and_merges(desk: Desk) -> None:
    """Fact (GD 019, measured): an XLSX import keeps text cells, formulas and merges."""
    made = _uploaded(desk, _workbook(), XLSX)
    assert made.raw("A1") == "007"
    assert made.raw("A2") == "2026-09-27"
    assert (made.formula("B2"), made.raw("B2")) == ("=B1*2", 4)
    assert made.tab()["merges"] == [{"startRowIndex": 2, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 2}]


def test_a_csv_is_read_as_if_typed(desk: Desk) -> None:
    """Fact (GD 019, measured): 007 becomes 7 and an ISO day a date; there is one tab, named after the file."""
    made = _uploaded(desk, b"007,2026-09-27", "text/csv")
    assert made.values("A1:B1", valueRenderOption="UNFORMATTED_VALUE") == [[7, 46292]]
    assert made.titles() == ["Import"]


def test_formats_that_gspread_can_ask_for(book: gspread.Spreadsheet) -> None:
    """Each export format of gspread gives bytes or is a loud 501 that names it."""
    book.sheet1.update([["a", "b"]], "A1")
    done = {ExportFormat.EXCEL: b"PK", ExportFormat.CSV: b"a,b", ExportFormat.TSV: b"a\tb"}
    for kind in ExportFormat:
        if kind in done:
            assert book.export(kind).startswith(done[kind])
        else:
            with pytest.raises(gspread.exceptions.APIError, match=str(kind.value)) as raised:
                book.export(kind)
            assert raised.value.code == 501


# -- gspread --------------------------------------------------------------------------------------------------------


def test_a_named_range_may_follow_its_tab(desk: Desk, book: gspread.Spreadsheet) -> None:
    """gspread puts the tab before every name: a named range of that tab is found, one of another tab is not."""
    book.sheet1.update([["a", "b"]], "A1")
    book.sheet1.define_named_range("A1:B1", "Head")
    assert [cell.value for cell in book.named_range("Head")] == ["a", "b"]
    assert desk.got("'Sheet1'!Head")["range"] == "Sheet1!A1:B1"
    assert book.sheet1.get("Head") == [["a", "b"]]
    desk.new_tab("Other")
    assert refusal(lambda: desk.got("Other!Head")) == "Unable to parse range: Other!Head"
    book.sheet1.batch_clear(["Head"])
    assert desk.values("A1:B1") == []


def test_repeated_headers_need_expected_ones(book: gspread.Spreadsheet) -> None:
    """Fact (GSPR): get_all_records raises on duplicate headers unless `expected_headers` is given."""
    book.sheet1.update([["id", "note", "note"], [1, "x", "y"]], "A1")
    with pytest.raises(gspread.exceptions.GSpreadException, match="duplicates"):
        book.sheet1.get_all_records()
    assert book.sheet1.get_all_records(expected_headers=["id"]) == [{"id": 1, "note": "y"}]
    assert book.sheet1.get_all_records(expected_headers=["id"], numericise_ignore=["all"])[0]["id"] == "1"


def test_groups_print_a_start_of_zero(book: gspread.Spreadsheet) -> None:
    """gspread reads `startIndex` of a group that starts at the first row or column: zero is printed (recorded)."""
    tab = book.sheet1
    tab.add_dimension_group_rows(0, 2)
    tab.add_dimension_group_columns(0, 2)
    for found in (tab.list_dimension_group_rows(), tab.list_dimension_group_columns()):
        assert [(one["range"]["startIndex"], one["range"]["endIndex"]) for one in found] == [(0, 2)]
    tab.delete_dimension_group_rows(0, 2)
    tab.delete_dimension_group_columns(0, 2)
    assert tab.list_dimension_group_rows() == tab.list_dimension_group_columns() == []


def test_replies_have_the_recorded_keys(book: gspread.Spreadsheet) -> None:
    """Facts (CAS): the shapes of update, batch_update, append, clear and batchUpdate answers."""
    tab, updated = book.sheet1, {"spreadsheetId", "updatedRange", "updatedRows", "updatedColumns", "updatedCells"}
    assert set(tab.update([["a", ""]], "A1")) == updated
    many = tab.batch_update([{"range": "A1:B1", "values": [["x", ""]]}])
    totals = {f"totalUpdated{what}" for what in ("Rows", "Columns", "Cells", "Sheets")}
    assert set(many) == {"spreadsheetId", "responses", *totals}
    assert many["totalUpdatedCells"] == 2
    assert set(tab.append_row(["y"])) == {"spreadsheetId", "tableRange", "updates"}
    assert tab.clear() == {"spreadsheetId": book.id, "clearedRange": "Sheet1!A1:Z1000"}
    assert tab.format("A1", {"textFormat": {"bold": True}}) == {"spreadsheetId": book.id, "replies": [{}]}


def test_sharing_with_a_domain_and_with_everyone(book: gspread.Spreadsheet) -> None:
    """gspread shares with users, a domain and anyone; list_permissions shows each, removing gives the ids."""
    book.share(PRIYA, perm_type="user", role="writer", notify=False)
    book.share("fernhill.example", perm_type="domain", role="reader")
    book.share("", perm_type="anyone", role="reader", with_link=True)
    found = {row["type"]: row for row in book.list_permissions() if row.get("role") != "owner"}
    assert set(found) == {"user", "domain", "anyone"}
    assert book.remove_permissions(PRIYA) == [found["user"]["id"]]


# -- wire -----------------------------------------------------------------------------------------------------------


def test_refused_values_are_shown_in_text_format(desk: Desk) -> None:
    """Fact (CAS, BRQ): `Invalid values[3][0]: list_value …`, in the text format of protocol buffers."""
    message = refusal(lambda: desk.put("A1", [["a"], ["b"], ["c"], [["x", 1, True]]]))
    assert message.startswith('Invalid values[3][0]: list_value {\n  values {\n    string_value: "x"\n  }\n')
    assert "number_value: 1\n" in message
    assert "bool_value: true\n" in message
    message = refusal(lambda: desk.put("A1", [[{"a": None}]]))
    fields = '  fields {\n    key: "a"\n    value {\n      null_value: NULL_VALUE\n    }\n  }\n'
    assert message.strip() == f"Invalid values[0][0]: struct_value {{\n{fields}}}"


def test_printing_is_what_json_prints(desk: Desk, running: Running) -> None:
    """A grid read is printed byte for byte as `json.dumps` with an indent of two does."""
    desk.put("A1", [['é "quoted"\n', 1, 1.5, True, ""], [], ["x"]])
    session: AuthorizedSession = desk.clients.session
    found = session.get(f"{running.url}/v4/spreadsheets/{desk.id}?includeGridData=true&ranges=A1:F5")
    assert found.text == json.dumps(found.json(), indent=2, ensure_ascii=False) + "\n"
    shared = {"a": [], "b": {}, "c": [1, None]}
    for value in ({}, [], "x", 1, None, [shared, {"deeper": shared}, shared], {"a": (1, 2)}):
        assert wire.print_json(value, True).decode() == json.dumps(value, indent=2) + "\n"
