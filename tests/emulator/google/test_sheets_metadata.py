"""Developer metadata and data filters (facts of Sheets: Developer metadata and data filters)."""

from __future__ import annotations

from typing import Any

import pytest
from sheets_desk import Desk, desk, grid, refusal, span

__all__ = ["desk"]


def _create(desk: Desk, key: str, value: str = "", location: Any = None, **more: Any) -> int:
    given = {
        "metadataKey": key,
        "metadataValue": value,
        "location": location or {"spreadsheet": True},
        "visibility": "DOCUMENT",
        **more,
    }
    found: int = desk.reply({"createDeveloperMetadata": {"developerMetadata": given}})["developerMetadata"][
        "metadataId"
    ]
    return found


def _row(at: int) -> dict[str, Any]:
    return {"dimensionRange": span("ROWS", at, at + 1)}


def _column(at: int) -> dict[str, Any]:
    return {"dimensionRange": span("COLUMNS", at, at + 1)}


def _search(desk: Desk, **lookup: Any) -> list[dict[str, Any]]:
    body = {"dataFilters": [{"developerMetadataLookup": lookup}]}
    found = desk.sheets.developerMetadata().search(spreadsheetId=desk.id, body=body).execute()
    return [one["developerMetadata"] for one in found.get("matchedDeveloperMetadata", [])]


def test_metadata_follows_its_row_and_column(desk: Desk) -> None:
    """Facts: it follows inserts and moves and is deleted with its row; header texts are irrelevant."""
    row, column = _create(desk, "row", "T-1", _row(2)), _create(desk, "column", "owner", _column(1))
    desk.batch(
        {"insertDimension": {"range": span("ROWS", 0, 3)}},
        {"moveDimension": {"source": span("COLUMNS", 1, 2), "destinationIndex": 4}},
    )
    assert _search(desk, metadataId=row)[0]["location"]["dimensionRange"]["startIndex"] == 5
    assert _search(desk, metadataId=column)[0]["location"]["dimensionRange"]["startIndex"] == 3
    desk.batch({"deleteDimension": {"range": span("ROWS", 5, 6)}})
    assert _search(desk, metadataKey="row") == []


def test_ids_are_unique_and_keys_are_not(desk: Desk) -> None:
    """Facts: the id may be chosen, reuse errors; keys need not be unique; key and visibility are required."""
    assert _create(desk, "k", metadataId=7) == 7
    _create(desk, "k")
    given = {"metadataId": 7, "metadataKey": "x", "location": {"spreadsheet": True}, "visibility": "DOCUMENT"}
    assert "7" in desk.refused({"createDeveloperMetadata": {"developerMetadata": given}})
    for name in ("metadataKey", "visibility"):
        less = {key: value for key, value in given.items() if key not in (name, "metadataId")}
        desk.refused({"createDeveloperMetadata": {"developerMetadata": less}})
    assert len(_search(desk, metadataKey="k")) == 2


def test_a_location_is_one_row_or_column(desk: Desk) -> None:
    """Fact: spreadsheet, sheet, exactly one row or exactly one column."""
    wide = {"metadataKey": "k", "visibility": "DOCUMENT", "location": {"dimensionRange": span("ROWS", 1, 3)}}
    desk.refused({"createDeveloperMetadata": {"developerMetadata": wide}})


def test_get_and_its_404(desk: Desk) -> None:
    """Fact: a deleted id is 404 "No developer metadata with ID …"."""
    number = _create(desk, "k", "v", {"sheetId": 0})
    call = desk.sheets.developerMetadata().get
    assert call(spreadsheetId=desk.id, metadataId=number).execute()["location"] == {
        "locationType": "SHEET",
        "sheetId": 0,
    }
    desk.batch({"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": number}}}})
    message = refusal(lambda: call(spreadsheetId=desk.id, metadataId=number).execute(), 404)
    assert message.startswith(f"No developer metadata with ID {number}")


def test_search_returns_all_levels(desk: Desk) -> None:
    """Fact: search returns every level in one call, each with the filters that matched."""
    for location in ({"spreadsheet": True}, {"sheetId": 0}, _row(1), _column(2)):
        _create(desk, "k", location=location)
    kinds = {one["location"]["locationType"] for one in _search(desk, metadataKey="k")}
    assert kinds == {"SPREADSHEET", "SHEET", "ROW", "COLUMN"}
    assert len(_search(desk, metadataKey="k", locationType="ROW")) == 1


def test_locations_intersect_by_default(desk: Desk) -> None:
    """Fact: the default strategy is INTERSECTING_LOCATION; EXACT_LOCATION wants the same place."""
    _create(desk, "k", location=_row(1))
    _create(desk, "k", location={"sheetId": 0})
    where = {"metadataLocation": {"sheetId": 0}}
    assert len(_search(desk, **where)) == 2
    assert len(_search(desk, **where, locationMatchingStrategy="EXACT_LOCATION")) == 1
    assert len(_search(desk, metadataLocation=_row(4))) == 1


def test_masks_of_each_level(desk: Desk) -> None:
    """Fact: the mask of each level: the spreadsheet's, a tab's, and a column's in columnMetadata with ranges."""
    for key, location in (("a", {"spreadsheet": True}), ("b", {"sheetId": 0}), ("c", _column(1))):
        _create(desk, key, location=location)
    assert [one["metadataKey"] for one in desk.get(fields="developerMetadata")["developerMetadata"]] == ["a"]
    assert desk.get(fields="sheets.developerMetadata")["sheets"][0]["developerMetadata"][0]["metadataKey"] == "b"
    found = desk.get(ranges=["A1:C1"], fields="sheets.data.columnMetadata.developerMetadata")
    columns = found["sheets"][0]["data"][0]["columnMetadata"]
    assert [("developerMetadata" in one) for one in columns] == [False, True, False]


def test_updating(desk: Desk) -> None:
    """updateDeveloperMetadata changes the masked fields of every match."""
    _create(desk, "k", "old", _row(1))
    lookup = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "k"}}]}
    request = {
        "updateDeveloperMetadata": {**lookup, "developerMetadata": {"metadataValue": "new"}, "fields": "metadataValue"}
    }
    assert [one["metadataValue"] for one in desk.reply(request)["developerMetadata"]] == ["new"]
    assert _search(desk, metadataValue="new")[0]["metadataKey"] == "k"


def test_values_by_data_filter(desk: Desk) -> None:
    """Fact: batchGetByDataFilter returns each range with its filters; a filter may match several ranges."""
    desk.put("A1", [["a", 1], ["b", 2], ["c", 3]])
    for at in (0, 2):
        _create(desk, "task", location=_row(at))
    lookup = {"developerMetadataLookup": {"metadataKey": "task"}}
    body = {
        "dataFilters": [lookup, {"gridRange": grid((1, 2), (0, 1))}, {"a1Range": "B1"}],
        "valueRenderOption": "UNFORMATTED_VALUE",
    }
    found = desk.sheets.values().batchGetByDataFilter(spreadsheetId=desk.id, body=body).execute()["valueRanges"]
    assert [(one["valueRange"]["range"], one["valueRange"]["values"]) for one in found] == [
        ("Sheet1!A1:Z1", [["a", 1]]),
        ("Sheet1!A3:Z3", [["c", 3]]),
        ("Sheet1!A2", [["b"]]),
        ("Sheet1!B1", [[1]]),
    ]
    assert found[0]["dataFilters"] == [lookup]


def test_writing_by_data_filter(desk: Desk) -> None:
    """Facts: writes to all matches, leaves the rest of a range, refuses more than it holds; updatedRange is the row."""
    desk.put("A1", [["a", 1], ["b", 2], ["c", 3]])
    for at in (0, 2):
        _create(desk, "task", location=_row(at))
    call = desk.sheets.values().batchUpdateByDataFilter
    lookup = {"developerMetadataLookup": {"metadataKey": "task"}}
    body: Any = {
        "valueInputOption": "RAW",
        "data": [{"dataFilter": lookup, "majorDimension": "ROWS", "values": [["x"]]}],
    }
    reply = call(spreadsheetId=desk.id, body=body).execute()
    assert desk.values("A1:B3") == [["x", "1"], ["b", "2"], ["x", "3"]]
    assert [one["updatedRange"] for one in reply["responses"]] == ["Sheet1!A1:Z1", "Sheet1!A3:Z3"]
    assert reply["responses"][0]["dataFilter"] == lookup
    assert reply["totalUpdatedCells"] == 2
    body["data"][0]["values"] = [["x"], ["y"]]
    refusal(lambda: call(spreadsheetId=desk.id, body=body).execute())


def test_clearing_by_data_filter(desk: Desk) -> None:
    """batchClearByDataFilter empties every match."""
    desk.put("A1", [["a", "b"]])
    _create(desk, "k", location=_column(1))
    body = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "k"}}]}
    reply = desk.sheets.values().batchClearByDataFilter(spreadsheetId=desk.id, body=body).execute()
    assert reply["clearedRanges"] == ["Sheet1!B1:B1000"]
    assert desk.values("1:1") == [["a"]]


@pytest.mark.parametrize("data_filter", [{}, {"a1Range": "A1", "gridRange": {"sheetId": 0}}])
def test_a_filter_is_exactly_one_thing(desk: Desk, data_filter: dict[str, Any]) -> None:
    """Fact: a DataFilter is exactly one of lookup, a1Range and gridRange."""
    body = {"dataFilters": [data_filter]}
    refusal(lambda: desk.sheets.values().batchGetByDataFilter(spreadsheetId=desk.id, body=body).execute())


def test_there_is_a_limit_of_text(desk: Desk) -> None:
    """Fact: 30,000 characters of keys and values for the spreadsheet level, and per sheet."""
    _create(desk, "k", "x" * 29_990)
    given = {
        "metadataKey": "k2",
        "metadataValue": "x" * 100,
        "location": {"spreadsheet": True},
        "visibility": "DOCUMENT",
    }
    desk.refused({"createDeveloperMetadata": {"developerMetadata": given}})
    desk.batch({"createDeveloperMetadata": {"developerMetadata": {**given, "location": {"sheetId": 0}}}})


def test_metadata_survives_a_copy(desk: Desk) -> None:
    """Fact (measured): files.copy keeps id, visibility and index, PROJECT visibility included."""
    number = _create(desk, "column", "owner", _column(3), visibility="PROJECT")
    copied = desk.drive.files().copy(fileId=desk.id, body={"name": "copy"}).execute()["id"]
    found = desk.sheets.developerMetadata().get(spreadsheetId=copied, metadataId=number).execute()
    assert found["visibility"] == "PROJECT"
    assert found["location"]["dimensionRange"]["startIndex"] == 3


def test_project_visibility(desk: Desk, service_account: Any) -> None:
    """Facts: PROJECT is seen only by the creating cloud project, DOCUMENT by any app with access."""
    _create(desk, "mine", visibility="PROJECT")
    _create(desk, "everybodys")
    body = {"type": "user", "role": "writer", "emailAddress": service_account.email}
    desk.drive.permissions().create(fileId=desk.id, body=body, sendNotificationEmail=False).execute()
    other = service_account.sheets.spreadsheets()
    found = other.get(spreadsheetId=desk.id, fields="developerMetadata.metadataKey").execute()
    assert found["developerMetadata"] == [{"metadataKey": "everybodys"}]
    lookup = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "mine"}}]}
    assert other.developerMetadata().search(spreadsheetId=desk.id, body=lookup).execute() == {}
    assert len(_search(desk, metadataKey="mine")) == 1


def test_reading_by_filter_needs_a_writing_scope(desk: Desk, as_identity: Any, running: Any) -> None:
    """Fact: batchGetByDataFilter and developerMetadata need a write-capable scope; values.get takes a read-only one."""
    from google.oauth2.service_account import Credentials

    from bot.emulator.google import auth

    info = auth.key_file(running.workspace)
    maker: Any = Credentials
    credentials = maker.from_service_account_info(
        info, scopes=["https://www.googleapis.com/auth/spreadsheets.readonly"]
    )
    body = {"type": "user", "role": "reader", "emailAddress": info["client_email"]}
    desk.drive.permissions().create(fileId=desk.id, body=body, sendNotificationEmail=False).execute()
    reader = as_identity(info["client_email"], credentials).sheets.spreadsheets()
    assert reader.values().get(spreadsheetId=desk.id, range="A1").execute()["range"] == "Sheet1!A1"
    filters = {"dataFilters": [{"a1Range": "A1"}]}
    refusal(lambda: reader.values().batchGetByDataFilter(spreadsheetId=desk.id, body=filters).execute(), 403)
