"""batchUpdate on tabs: added, copied, deleted, renamed, hidden, frozen (facts of Sheets: batchUpdate)."""

from __future__ import annotations

from sheets_desk import Desk, desk

__all__ = ["desk"]


def test_tabs_come_and_go(desk: Desk) -> None:
    """addSheet with an id and a place, duplicateSheet, updateSheetProperties, deleteSheet."""
    desk.batch({"addSheet": {"properties": {"sheetId": 5, "title": "First", "index": 0}}})
    assert desk.titles() == ["First", "Sheet1"]
    twin = desk.reply(
        {"duplicateSheet": {"sourceSheetId": 5, "insertSheetIndex": 2, "newSheetName": "Twin", "newSheetId": 6}}
    )
    assert twin["properties"]["sheetId"] == 6
    assert desk.titles() == ["First", "Sheet1", "Twin"]
    desk.batch({"updateSheetProperties": {"properties": {"sheetId": 5, "index": 3}, "fields": "index"}})
    assert desk.titles() == ["Sheet1", "Twin", "First"]
    desk.batch({"deleteSheet": {"sheetId": 6}})
    assert desk.titles() == ["Sheet1", "First"]


def test_titles_are_unique(desk: Desk) -> None:
    """A taken title is refused whatever its case; a taken id too."""
    assert 'A sheet with the name "sheet1" already exists' in desk.refused(
        {"addSheet": {"properties": {"title": "sheet1"}}}
    )
    assert "already exists" in desk.refused({"addSheet": {"properties": {"sheetId": 0}}})


def test_one_tab_must_stay_visible(desk: Desk) -> None:
    """Fact: hiding the last visible tab is "You can't hide all the sheets in a document."; nor can it be deleted."""
    hide = {"updateSheetProperties": {"properties": {"sheetId": 0, "hidden": True}, "fields": "hidden"}}
    assert (
        desk.refused(hide) == "Invalid requests[0].updateSheetProperties: You can't hide all the sheets in a document."
    )
    assert "remove all the sheets" in desk.refused({"deleteSheet": {"sheetId": 0}})


def test_renaming_a_tab_adjusts_formulas(desk: Desk) -> None:
    """References follow a new title and are quoted where it needs that; a deleted tab leaves #REF!."""
    other = desk.new_tab("Data")
    desk.put("Data!A1", [[7]])
    desk.type("A1", "=Data!A1+1")
    desk.batch({"updateSheetProperties": {"properties": {"sheetId": other, "title": "My data"}, "fields": "title"}})
    assert desk.formula("Sheet1!A1") == "='My data'!A1+1"
    assert desk.raw("Sheet1!A1") == 8
    desk.batch({"deleteSheet": {"sheetId": other}})
    assert desk.cell("A1") == "#REF!"


def test_frozen_rows_and_colours(desk: Desk) -> None:
    """Grid properties and colours are set under their masks; colours come back in both spellings."""
    properties = {
        "sheetId": 0,
        "gridProperties": {"frozenRowCount": 1},
        "tabColorStyle": {"rgbColor": {"red": 1, "green": 0}},
    }
    desk.batch(
        {"updateSheetProperties": {"properties": properties, "fields": "gridProperties.frozenRowCount,tabColorStyle"}}
    )
    found = desk.tab()["properties"]
    assert found["gridProperties"] == {"rowCount": 1000, "columnCount": 26, "frozenRowCount": 1}
    assert found["tabColor"] == {"red": 1}
    assert found["tabColorStyle"] == {"rgbColor": {"red": 1}}
