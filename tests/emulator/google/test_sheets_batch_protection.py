"""batchUpdate on protected ranges: whom they stop, and whom they only warn (facts of Sheets: batchUpdate)."""

from __future__ import annotations

from sheets_desk import PRIYA, Desk, desk, grid, refusal

__all__ = ["desk"]
BOLD = {"userEnteredFormat": {"textFormat": {"bold": True}}}


PROTECTED = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)


def test_protection_stops_others_with_400(desk: Desk) -> None:
    """Facts: a protected cell is 400, not 403; batches carry the number; the owner always can edit."""
    other = desk.of(PRIYA)
    desk.batch({"addProtectedRange": {"protectedRange": {"range": grid((0, 1))}}})
    assert refusal(lambda: other.put("A1", [[1]])) == PROTECTED
    body = {"valueInputOption": "RAW", "data": [{"range": "B5", "values": [[1]]}, {"range": "C1", "values": [[1]]}]}
    message = refusal(lambda: other.sheets.values().batchUpdate(spreadsheetId=desk.id, body=body).execute())
    assert message == "Invalid data[1]: " + PROTECTED
    style = {"repeatCell": {"range": grid((0, 2)), "cell": BOLD, "fields": "userEnteredFormat"}}
    assert other.refused(style) == "Invalid requests[0].repeatCell: " + PROTECTED
    other.put("A2", [[1]])
    desk.put("A1", [[1]])


def test_who_is_an_editor_of_a_protection(desk: Desk) -> None:
    """Facts: adding with empty editors stores the caller; only editors see editors; requestingUserCanEdit is told."""
    other = desk.of(PRIYA)
    made = desk.reply({"addProtectedRange": {"protectedRange": {"range": grid((0, 1))}}})["protectedRange"]
    assert made["editors"] == {"users": [desk.email]}
    assert made["requestingUserCanEdit"] is True
    assert isinstance(made["protectedRangeId"], int)
    seen = other.tab()["protectedRanges"][0]
    assert "editors" not in seen
    assert "requestingUserCanEdit" not in seen
    users = {"protectedRangeId": made["protectedRangeId"], "editors": {"users": [desk.email, PRIYA]}}
    desk.batch({"updateProtectedRange": {"protectedRange": users, "fields": "editors"}})
    other.put("A1", [[1]])
    desk.batch({"deleteProtectedRange": {"protectedRangeId": made["protectedRangeId"]}})
    assert "protectedRanges" not in desk.tab()


def test_warnings_and_holes(desk: Desk) -> None:
    """Facts: warningOnly stops nobody; unprotectedRanges only on whole sheets; one of those per tab, ranges stack."""
    other = desk.of(PRIYA)
    desk.batch({"addProtectedRange": {"protectedRange": {"range": grid((0, 1)), "warningOnly": True}}})
    other.put("A1", [[1]])
    whole = {"range": {"sheetId": 0}, "unprotectedRanges": [grid((1, 3))]}
    desk.batch({"addProtectedRange": {"protectedRange": whole}})
    other.put("A2", [[1]])
    assert refusal(lambda: other.put("A4", [[1]])) == PROTECTED
    assert desk.refused({"addProtectedRange": {"protectedRange": whole}}).endswith(
        'Sheet "Sheet1" already has sheet protection'
    )
    bounded = {"range": grid((0, 1)), "unprotectedRanges": [grid((0, 1))]}
    assert desk.refused({"addProtectedRange": {"protectedRange": bounded}}).endswith(
        "unprotectedRanges are only allowed on ProtectedRanges covering a whole sheet"
    )
    for _ in range(2):
        desk.batch({"addProtectedRange": {"protectedRange": {"range": grid((5, 6))}}})
    assert "Exactly one of range" in desk.refused({"addProtectedRange": {"protectedRange": {}}})
