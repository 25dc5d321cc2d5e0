"""batchUpdate as a whole: all or nothing, masks, replies, and the kinds it has (facts of Sheets: batchUpdate)."""

from __future__ import annotations

from sheets_desk import Desk, desk, grid, refusal

from bot.emulator.google.documents import document
from bot.emulator.google.sheets import kinds
from bot.emulator.google.sheets.batch import KINDS

__all__ = ["desk"]
BOLD = {"userEnteredFormat": {"textFormat": {"bold": True}}}


def test_a_batch_is_atomic(desk: Desk) -> None:
    """Facts: any 400 leaves everything unchanged; the message names the request's number and kind."""
    good = {
        "updateCells": {
            "start": {"sheetId": 0},
            "rows": [{"values": [{"userEnteredValue": {"numberValue": 1}}]}],
            "fields": "userEnteredValue",
        }
    }
    message = desk.refused({"addSheet": {"properties": {"title": "New"}}}, good, {"deleteSheet": {"sheetId": 99}})
    assert message == "Invalid requests[2].deleteSheet: No sheet with id: 99"


def test_replies_are_one_to_one(desk: Desk) -> None:
    """Fact: replies[] has one entry per request, {} for those without a reply."""
    found = desk.batch(
        {"repeatCell": {"range": grid((0, 1)), "cell": BOLD, "fields": "userEnteredFormat"}}, {"addSheet": {}}
    )
    assert found["replies"][0] == {}
    assert found["replies"][1]["addSheet"]["properties"]["title"] == "Sheet2"


def test_a_mask_is_mandatory(desk: Desk) -> None:
    """Fact: update requests without `fields` are refused with the recorded words."""
    message = desk.refused({"repeatCell": {"range": grid((0, 1)), "cell": BOLD}})
    assert message.startswith("Invalid requests[0].repeatCell: At least one field must be listed in 'fields'")


def test_an_unknown_key_is_named(desk: Desk) -> None:
    """Fact: an unknown JSON key in a request is 400 `Unknown name`."""
    assert "Unknown name \"colour\" at 'requests[0].add_sheet.properties'" in desk.refused(
        {"addSheet": {"properties": {"colour": 1}}}
    )


def test_other_kinds_are_refused_by_name(desk: Desk) -> None:
    """A kind that the workspace does not do is a loud 501, never an empty success."""
    others = sorted(set(document("sheets").schemas["Request"]["properties"]) - set(KINDS))
    assert kinds.MODULES
    assert "addChart" in others
    for kind in others:
        assert kind in refusal(lambda kind=kind: desk.batch({kind: {}}), 501)  # type: ignore[misc]


def test_a_masked_field_left_out_is_cleared(desk: Desk) -> None:
    """Fact: naming a field and leaving it out clears it; snake_case masks work; * resets everything."""
    style = {
        "userEnteredFormat": {"textFormat": {"bold": True, "italic": True}, "horizontalAlignment": "CENTER"},
        "note": "n",
    }
    desk.batch({"repeatCell": {"range": grid((0, 1), (0, 1)), "cell": style, "fields": "userEnteredFormat,note"}})
    desk.batch(
        {"repeatCell": {"range": grid((0, 1), (0, 1)), "cell": {}, "fields": "user_entered_format.text_format.bold"}}
    )
    assert desk.cell_data("A1")["userEnteredFormat"] == {
        "textFormat": {"italic": True},
        "horizontalAlignment": "CENTER",
    }
    desk.batch({"repeatCell": {"range": grid((0, 1), (0, 1)), "cell": {}, "fields": "*"}})
    assert desk.cell_data("A1") == {}


def test_the_updated_spreadsheet_comes_along(desk: Desk) -> None:
    """includeSpreadsheetInResponse answers with the state after the batch."""
    found = desk.batch({"addSheet": {"properties": {"title": "B"}}}, includeSpreadsheetInResponse=True)
    assert [one["properties"]["title"] for one in found["updatedSpreadsheet"]["sheets"]] == ["Sheet1", "B"]
