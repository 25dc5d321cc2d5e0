"""Spreadsheets as a whole: create, get, masks, copying a tab (facts of Sheets: batchUpdate, Reading)."""

from __future__ import annotations

from typing import Any

import gspread
import pytest
from sheets_desk import INES, Desk, desk, grid, refusal

__all__ = ["desk"]


def test_a_new_spreadsheet_is_as_recorded(desk: Desk) -> None:
    """Facts: one tab "Sheet1", sheetId 0 and index 0 printed, 1000x26; defaults as in the recorded responses."""
    found = desk.get()
    assert found["spreadsheetId"] == desk.id
    assert found["spreadsheetUrl"] == f"https://docs.google.com/spreadsheets/d/{desk.id}/edit"
    properties = found["properties"]
    assert (properties["title"], properties["locale"], properties["autoRecalc"], properties["timeZone"]) == (
        "Plan",
        "en_US",
        "ON_CHANGE",
        "Etc/GMT",
    )
    assert properties["defaultFormat"]["textFormat"]["fontFamily"] == "arial,sans,sans-serif"
    assert properties["spreadsheetTheme"]["themeColors"][0] == {"colorType": "TEXT", "color": {"rgbColor": {}}}
    only = {
        "sheetId": 0,
        "title": "Sheet1",
        "index": 0,
        "sheetType": "GRID",
        "gridProperties": {"rowCount": 1000, "columnCount": 26},
    }
    assert found["sheets"] == [{"properties": only}]


def test_create_takes_tabs_and_cells(desk: Desk) -> None:
    """create accepts properties, tabs with ids, and grid data."""
    rows = [
        {
            "values": [
                {"userEnteredValue": {"stringValue": "ID"}, "note": "do not edit"},
                {"userEnteredValue": {"formulaValue": "=1+1"}},
            ]
        }
    ]
    tab = {
        "properties": {
            "sheetId": 7,
            "title": "Tasks",
            "gridProperties": {"rowCount": 5, "columnCount": 3, "frozenRowCount": 1},
        },
        "data": [{"rowData": rows}],
    }
    body = {"properties": {"title": "P", "locale": "de_DE", "timeZone": "Europe/Berlin"}, "sheets": [tab]}
    made = desk.sheets.create(body=body).execute()
    assert made["sheets"][0]["properties"]["gridProperties"] == {"rowCount": 5, "columnCount": 3, "frozenRowCount": 1}
    other = Desk(desk.as_person, INES, made["spreadsheetId"])
    assert other.values("Tasks") == [["ID", "2"]]
    assert other.cell_data("Tasks!A1")["note"] == "do not edit"


def test_create_takes_objects(desk: Desk) -> None:
    """create accepts names, metadata, rules, protections, tables, filters and bandings beside cells."""
    area = grid((0, 3), (0, 2), 4)
    red = {"condition": {"type": "NOT_BLANK"}, "format": {"backgroundColor": {"red": 1}}}
    tab = {
        "properties": {"sheetId": 4, "title": "Tasks"},
        "conditionalFormats": [{"ranges": [area], "booleanRule": red}],
        "protectedRanges": [{"range": area, "warningOnly": True}],
        "bandedRanges": [{"range": area, "rowProperties": {"firstBandColor": {"blue": 1}}}],
        "basicFilter": {"range": area},
        "developerMetadata": [{"metadataKey": "k", "visibility": "DOCUMENT", "location": {"sheetId": 4}}],
    }
    named = [{"name": "All", "range": area}]
    made = desk.sheets.create(body={"sheets": [tab], "namedRanges": named}).execute()
    assert {"conditionalFormats", "protectedRanges", "bandedRanges", "basicFilter", "developerMetadata"} <= set(
        made["sheets"][0]
    )
    assert made["namedRanges"][0]["name"] == "All"
    before = desk.drive.files().list().execute()["files"]
    bad = {"sheets": [tab], "namedRanges": [{"name": "1 2", "range": area}]}
    refusal(lambda: desk.sheets.create(body=bad).execute())
    assert desk.drive.files().list().execute()["files"] == before


def test_a_service_account_has_no_drive_of_its_own(sheets: Any) -> None:
    """A service account cannot create a spreadsheet in its own My Drive."""
    refusal(lambda: sheets.spreadsheets().create(body={}).execute(), 403)


def test_no_cells_without_asking(desk: Desk) -> None:
    """Facts: no cell data unless includeGridData; `ranges` alone does not unlock it; a mask that names data does."""
    desk.put("A1", [["x"]])
    assert "data" not in desk.get(ranges=["A1"])["sheets"][0]
    assert "data" in desk.get(includeGridData=True)["sheets"][0]
    masked = desk.get(ranges=["A1"], fields="sheets.data.rowData.values.formattedValue")
    assert masked == {"sheets": [{"data": [{"rowData": [{"values": [{"formattedValue": "x"}]}]}]}]}


def test_grid_data_leaves_out_zero_starts(desk: Desk) -> None:
    """Facts: startRow and startColumn are omitted when 0; empty cells are {}."""
    desk.put("A1", [["x", "", "z"], ["", "y"]])
    first = desk.data("A1:C2")
    assert "startRow" not in first
    assert "startColumn" not in first
    assert first["rowData"][0]["values"][1] == {}
    second = desk.data("B2:C2")
    assert (second["startRow"], second["startColumn"]) == (1, 1)
    assert second["rowData"][0]["values"][0]["formattedValue"] == "y"
    assert first["columnMetadata"] == [{"pixelSize": 100}] * 3
    assert first["rowMetadata"] == [{"pixelSize": 21}] * 2


def test_a_cell_in_full(desk: Desk) -> None:
    """CellData has the typed and the effective value, the text, the own and the effective format."""
    desk.type("A1", "=0.5+0.25")
    cell = desk.cell_data("A1")
    assert cell["userEnteredValue"] == {"formulaValue": "=0.5+0.25"}
    assert cell["effectiveValue"] == {"numberValue": 0.75}
    assert cell["formattedValue"] == "0.75"
    assert cell["effectiveFormat"]["hyperlinkDisplayType"] == "PLAIN_TEXT"
    assert cell["effectiveFormat"]["backgroundColor"] == {"red": 1, "green": 1, "blue": 1}


def test_a_mask_makes_a_large_read_small(desk: Desk) -> None:
    """Fact: a fields mask makes a huge grid read a few hundred bytes."""
    style = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    desk.batch({"repeatCell": {"range": grid((0, 50), (0, 26)), "cell": style, "fields": "userEnteredFormat"}})
    desk.put("A1", [["x"]])
    url = f"https://sheets.googleapis.com/v4/spreadsheets/{desk.id}"
    whole = desk.clients.session.get(url, params={"includeGridData": "true"})
    masked = desk.clients.session.get(
        url, params={"ranges": "A1:B2", "fields": "sheets.data.rowData.values.formattedValue"}
    )
    assert len(whole.content) > 100_000
    assert len(masked.content) < 400


def test_ranges_choose_the_tabs(desk: Desk) -> None:
    """With ranges only their tabs are in the answer, one GridData per range."""
    desk.new_tab("Other")
    found = desk.get(ranges=["Other!A1", "Other!C3"], includeGridData=True)["sheets"]
    assert [one["properties"]["title"] for one in found] == ["Other"]
    assert len(found[0]["data"]) == 2


def test_a_bad_mask_is_named_in_the_details(desk: Desk) -> None:
    """Fact: a bad mask gives the generic message; the reason is in fieldViolations."""
    url = f"https://sheets.googleapis.com/v4/spreadsheets/{desk.id}"
    error = desk.clients.session.get(url, params={"fields": "sheets.nonsense"}).json()["error"]
    assert error["message"] == "Request contains an invalid argument."
    assert "nonsense" in error["details"][0]["fieldViolations"][0]["description"]


def test_renaming_renames_the_drive_file(desk: Desk) -> None:
    """Fact: updateSpreadsheetProperties.title renames the Drive file."""
    desk.batch({"updateSpreadsheetProperties": {"properties": {"title": "Quillstone Bank plan"}, "fields": "title"}})
    assert desk.drive.files().get(fileId=desk.id, fields="name").execute() == {"name": "Quillstone Bank plan"}
    assert desk.get()["properties"]["title"] == "Quillstone Bank plan"


def test_editing_touches_the_drive_file(desk: Desk) -> None:
    """Fact: there is no revision in Sheets; Drive's version and modifiedTime move with each edit."""
    before = desk.drive.files().get(fileId=desk.id, fields="version,modifiedTime").execute()
    desk.put("A1", [[1]])
    after = desk.drive.files().get(fileId=desk.id, fields="version,modifiedTime").execute()
    assert int(after["version"]) > int(before["version"])
    assert after["modifiedTime"] >= before["modifiedTime"]


def test_a_refused_edit_touches_nothing(desk: Desk) -> None:
    """A refused write leaves version and modifiedTime as they were."""
    before = desk.drive.files().get(fileId=desk.id, fields="version,modifiedTime").execute()
    refusal(lambda: desk.put("A2000", [[1]]))
    assert desk.drive.files().get(fileId=desk.id, fields="version,modifiedTime").execute() == before


def test_copy_to_another_spreadsheet(desk: Desk) -> None:
    """copyTo appends "Copy of …" with values, formats, rules and protections, and a new id."""
    desk.type("A1", "5", "=A1*2")
    desk.batch({"addProtectedRange": {"protectedRange": {"range": grid((0, 1)), "description": "bot"}}})
    target = Desk(desk.as_person)
    made = (
        desk.sheets.sheets()
        .copyTo(spreadsheetId=desk.id, sheetId=0, body={"destinationSpreadsheetId": target.id})
        .execute()
    )
    assert made["title"] == "Copy of Sheet1"
    assert made["index"] == 1
    assert made["sheetId"] != 0
    assert target.values("'Copy of Sheet1'!A1:A2") == [["5"], ["10"]]
    assert target.tab(1)["protectedRanges"][0]["range"]["sheetId"] == made["sheetId"]


def test_get_by_data_filter(desk: Desk) -> None:
    """getByDataFilter cuts to what the filters match and can carry cells."""
    desk.put("A1", [["a", "b"], ["c", "d"]])
    body = {"dataFilters": [{"gridRange": grid((1, 2), (0, 2))}], "includeGridData": True}
    found = desk.sheets.getByDataFilter(spreadsheetId=desk.id, body=body).execute()
    data = found["sheets"][0]["data"]
    assert len(data) == 1
    assert data[0]["startRow"] == 1
    assert [cell["formattedValue"] for cell in data[0]["rowData"][0]["values"]] == ["c", "d"]


def test_another_native_type_is_not_found(desk: Desk) -> None:
    """Fact: a Doc's id sent to Sheets is 404, like an unknown one; an Office file and a folder are 400."""
    made = (
        desk.drive.files()
        .create(body={"name": "d", "mimeType": "application/vnd.google-apps.document"})
        .execute()["id"]
    )
    assert refusal(lambda: desk.sheets.get(spreadsheetId=made).execute(), 404) == "Requested entity was not found."
    folder = (
        desk.drive.files().create(body={"name": "f", "mimeType": "application/vnd.google-apps.folder"}).execute()["id"]
    )
    assert refusal(lambda: desk.sheets.get(spreadsheetId=folder).execute()) == "Request contains an invalid argument."


def test_responses_are_pretty_printed_without_an_etag(desk: Desk) -> None:
    """Fact: responses are pretty-printed JSON in UTF-8 and carry no ETag."""
    answer = desk.clients.session.get(f"https://sheets.googleapis.com/v4/spreadsheets/{desk.id}/values/A1")
    assert answer.text == '{\n  "range": "Sheet1!A1",\n  "majorDimension": "ROWS"\n}\n'
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert "ETag" not in answer.headers


def test_ten_million_cells_are_the_limit(desk: Desk) -> None:
    """Fact: 10,000,000 cells per workbook, with the recorded message."""
    request = {
        "properties": {"sheetId": 0, "gridProperties": {"rowCount": 400_000}},
        "fields": "gridProperties.rowCount",
    }
    message = refusal(lambda: desk.batch({"updateSheetProperties": request}))
    assert message == (
        "Invalid requests[0].updateSheetProperties: "
        "This action would increase the number of cells in the workbook above the limit of 10000000 cells."
    )


@pytest.mark.parametrize("title", ["Plan of Harborpine", "Ünïcode"])
def test_gspread_opens_by_title(desk: Desk, title: str) -> None:
    """gspread finds a spreadsheet by its title through Drive and reads its tabs."""
    gsp: gspread.Client = desk.clients.gsp
    made = gsp.create(title)
    assert gsp.open(title).id == made.id
    assert [tab.title for tab in gsp.open(title).worksheets()] == ["Sheet1"]
