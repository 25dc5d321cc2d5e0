"""Reading and writing values (facts of Sheets: Ranges, Reading values, Writing values)."""

from __future__ import annotations

import pytest
from sheets_desk import Desk, desk, refusal

__all__ = ["desk"]


# -- ranges ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("Sheet1", "Sheet1!A1:Z1000"),
        ("A:A", "Sheet1!A1:A1000"),
        ("1:1", "Sheet1!A1:Z1"),
        ("A2:A", "Sheet1!A2:A1000"),
        ("A1:A1", "Sheet1!A1"),
        ("D4:A1", "Sheet1!A1:D4"),
        ("A1:AA5", "Sheet1!A1:Z5"),
        ("A1:B1001", "Sheet1!A1:B1000"),
        ("Sheet1!B2:C", "Sheet1!B2:C1000"),
        ("'Sheet1'!B2", "Sheet1!B2"),
        ("Sheet1!R2C3:R4C5", "Sheet1!C2:E4"),
        ("Sheet1!$A$1:$B$2", "Sheet1!A1:B2"),
    ],
)
def test_a_range_comes_back_normalised(desk: Desk, asked: str, answered: str) -> None:
    """Facts: the grid of a new tab is 1000x26; a read's end is cut at the grid; the response range is normalised."""
    assert desk.got(asked)["range"] == answered


def test_a_read_that_starts_outside_of_the_grid_is_refused(desk: Desk) -> None:
    """Fact: a start outside of the grid is 400 with the grid's size."""
    message = refusal(lambda: desk.got("A1001:B1002"))
    assert message == "Range (Sheet1!A1001:B1002) exceeds grid limits. Max rows: 1000, max columns: 26"


def test_quotes_stay_only_where_a_name_needs_them(desk: Desk) -> None:
    """Fact: quotes are dropped from simple names and kept for special characters and for names like a cell's."""
    for title, shown in (
        ("D3", "'D3'!A1"),
        ("Owner's tab", "'Owner''s tab'!A1"),
        ("Plain", "Plain!A1"),
        ("a b", "'a b'!A1"),
    ):
        desk.new_tab(title)
        assert desk.got("'" + title.replace("'", "''") + "'!A1")["range"] == shown


def test_a_bare_cell_is_of_the_first_visible_sheet(desk: Desk) -> None:
    """Fact: bare A1 is a cell of the first visible sheet; 'A1' is a sheet of that name."""
    second = desk.new_tab("Second")
    hide = {"properties": {"sheetId": 0, "hidden": True}, "fields": "hidden"}
    desk.batch({"updateSheetProperties": hide})
    assert desk.got("B2")["range"] == "Second!B2"
    assert refusal(lambda: desk.got("'A1'")) == "Unable to parse range: 'A1'"
    desk.batch({"updateSheetProperties": {"properties": {"sheetId": second, "title": "A1"}, "fields": "title"}})
    assert desk.got("'A1'")["range"] == "'A1'!A1:H20"


@pytest.mark.parametrize("where", ["Nowhere!A1", "Nowhere", "Sheet1!", "A1:", "Sheet1!A0", "!A1", "Sheet1!A1:B2:C3"])
def test_an_unknown_range_is_echoed(desk: Desk, where: str) -> None:
    """Fact: an unknown tab is 400 `Unable to parse range:` with the whole text, not a 404."""
    assert refusal(lambda: desk.got(where)) == f"Unable to parse range: {where}"


def test_a_named_range_wins_over_a_tab_of_that_name(desk: Desk) -> None:
    """Fact: a named range wins over a sheet of the same name unless quoted."""
    desk.new_tab("Owners")
    named = {
        "name": "Owners",
        "range": {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 1},
    }
    desk.batch({"addNamedRange": {"namedRange": named}})
    assert desk.got("Owners")["range"] == "Sheet1!A2:A3"
    assert desk.got("'Owners'")["range"] == "Owners!A1:H20"


def test_one_bad_range_fails_a_batch_get(desk: Desk) -> None:
    """Facts: one bad range fails all of batchGet; the answers follow the order asked."""
    get = desk.sheets.values().batchGet
    refusal(lambda: get(spreadsheetId=desk.id, ranges=["A1", "Nowhere!A1"]).execute())
    found = get(spreadsheetId=desk.id, ranges=["C3", "A1"]).execute()
    assert [one["range"] for one in found["valueRanges"]] == ["Sheet1!C3", "Sheet1!A1"]


# -- reading --------------------------------------------------------------------------------------------------------


def test_trailing_emptiness_is_trimmed(desk: Desk) -> None:
    """Fact: trailing empty cells and rows are trimmed, inner ones are "" and [], rows are ragged."""
    desk.put("A1", [["a", "", "c"], [], ["x"], ["", ""]])
    assert desk.values("Sheet1") == [["a", "", "c"], [], ["x"]]
    assert desk.values("Sheet1", majorDimension="COLUMNS") == [["a", "", "x"], [], ["c"]]


def test_an_empty_range_has_no_values(desk: Desk) -> None:
    """Fact: a fully empty range has no `values` key."""
    assert desk.got("A1:C3") == {"range": "Sheet1!A1:C3", "majorDimension": "ROWS"}


def test_render_options(desk: Desk) -> None:
    """Facts: formatted is all text; unformatted drops formats; FORMULA gives formulas as text and dates as serials."""
    desk.type("A1", "50%", "$1,234.50", "=1+1", "2020-01-01", "TRUE")
    assert desk.values("A1:A5") == [["50%"], ["$1,234.50"], ["2"], ["2020-01-01"], ["TRUE"]]
    assert desk.values("A1:A5", valueRenderOption="UNFORMATTED_VALUE") == [[0.5], [1234.5], [2], [43831], [True]]
    assert desk.values("A1:A5", valueRenderOption="FORMULA") == [[0.5], [1234.5], ["=1+1"], [43831], [True]]


def test_dates_as_strings_only_when_unformatted(desk: Desk) -> None:
    """Fact: dateTimeRenderOption defaults to serials and is ignored for formatted values."""
    desk.type("A1", "2026-09-27", 46292)
    options = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "FORMATTED_STRING"}
    assert desk.values("A1:A2", **options) == [["2026-09-27"], [46292]]
    assert desk.cell("A1", dateTimeRenderOption="SERIAL_NUMBER") == "2026-09-27"


def test_serials_count_from_1899(desk: Desk) -> None:
    """Facts: the epoch is 1899-12-30; 2020-01-01 is 43831 and 2026-09-27 is 46292; milliseconds survive."""
    desk.type("A1", "2020-01-01", "2026-09-27", "1899-12-30")
    assert [line[0] for line in desk.values("A1:A3", valueRenderOption="UNFORMATTED_VALUE")] == [43831, 46292, 0]
    desk.put("B1", [[46292.123456789]])
    assert abs(desk.raw("B1") - 46292.123456789) < 1e-8


def test_a_date_is_a_plain_number_in_a_values_read(desk: Desk) -> None:
    """Fact: the kind lives in the number format, which only a grid read shows."""
    desk.type("A1", "2026-09-27")
    desk.put("A2", [[46292]])
    assert desk.raw("A1") == desk.raw("A2") == 46292
    assert desk.cell_data("A1")["userEnteredFormat"]["numberFormat"] == {"type": "DATE", "pattern": "yyyy-mm-dd"}
    assert "userEnteredFormat" not in desk.cell_data("A2")


def test_text_that_looks_like_a_date_stays_text(desk: Desk) -> None:
    """Fact: RAW-written ISO strings stay text in a serial read."""
    desk.put("A1", [["2026-09-27"]])
    assert desk.raw("A1") == "2026-09-27"


def test_the_last_millisecond_of_a_day_displays_as_the_next(desk: Desk) -> None:
    """Fact: 23:59:59.999 with a seconds format displays as the next day's 0:00:00."""
    desk.type("A1", "2026-09-27 23:59:59")
    desk.put("A1", [[46293 - 0.001 / 86400]])
    assert desk.cell("A1") == "2026-09-28 0:00:00"


# -- writing --------------------------------------------------------------------------------------------------------


def test_the_input_option_is_required(desk: Desk) -> None:
    """Fact: valueInputOption must be given."""
    assert refusal(lambda: desk.put("A1", [["x"]], None)) == "'valueInputOption' is required but not specified"


def test_null_skips_and_empty_clears(desk: Desk) -> None:
    """Facts: null leaves a cell, "" clears it, and both count as the reply says."""
    desk.put("A1", [["a", "b", "c"]])
    reply = desk.put("A1", [[None, "", "C"]])
    assert desk.values("A1:C1") == [["a", "", "C"]]
    assert reply == {
        "spreadsheetId": desk.id,
        "updatedRange": "Sheet1!A1:C1",
        "updatedRows": 1,
        "updatedColumns": 3,
        "updatedCells": 2,
    }


def test_raw_stores_what_it_gets(desk: Desk) -> None:
    """Fact: RAW does not parse: `=1+2` stays text."""
    desk.put("A1", [["=1+2", "3", 3, True, "'x"]])
    assert desk.values("A1:E1", valueRenderOption="UNFORMATTED_VALUE") == [["=1+2", "3", 3, True, "'x"]]


def test_a_single_cell_is_an_anchor(desk: Desk) -> None:
    """Fact: A1 with a 2x3 array writes A1:C2."""
    assert desk.put("A1", [[1, 2, 3], [4, 5, 6]])["updatedRange"] == "Sheet1!A1:C2"


@pytest.mark.parametrize(
    ("where", "values", "message"),
    [
        ("A1:B1", [[1, 2, 3]], "Requested writing within range [Sheet1!A1:B1], but tried writing to column [C]"),
        ("A1:B1", [[1], [2]], "Requested writing within range [Sheet1!A1:B1], but tried writing to row [2]"),
        ("A1001", [[1]], "Range (Sheet1!A1001) exceeds grid limits. Max rows: 1000, max columns: 26"),
        ("Z1", [[1, 2]], "Range (Sheet1!Z1:AA1) exceeds grid limits. Max rows: 1000, max columns: 26"),
    ],
)
def test_writing_outside_is_refused_whole(desk: Desk, where: str, values: list[list[int]], message: str) -> None:
    """Facts: an array larger than its range, or past the grid, is 400 and nothing is written."""
    assert refusal(lambda: desk.put(where, values)) == message
    assert desk.values("Sheet1") == []


def test_values_must_be_rows(desk: Desk) -> None:
    """Fact: values that are not two-dimensional, or hold a list or an object, are refused with the place."""
    message = refusal(
        lambda: (
            desk.sheets.values()
            .update(spreadsheetId=desk.id, range="A1", valueInputOption="RAW", body={"values": ["X"]})
            .execute()
        )
    )
    assert message == "Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), \"X\""
    assert refusal(lambda: desk.put("A1", [[1], [["x"]]])).startswith("Invalid values[1][0]: list_value")


def test_the_body_range_must_be_the_urls(desk: Desk) -> None:
    """Fact: the body's range must equal the URL's."""
    call = desk.sheets.values().update
    body = {"range": "Sheet1!B2", "values": [[1]]}
    refusal(lambda: call(spreadsheetId=desk.id, range="Sheet1!A1", valueInputOption="RAW", body=body).execute())
    assert (
        call(spreadsheetId=desk.id, range="Sheet1!B2", valueInputOption="RAW", body=body).execute()["updatedCells"] == 1
    )


def test_fifty_thousand_characters_are_the_limit(desk: Desk) -> None:
    """Fact: more than 50,000 characters in a cell are refused."""
    desk.put("A1", [["x" * 50_000]])
    message = refusal(lambda: desk.put("A1", [["x" * 50_001]]))
    assert message == "Your input contains more than the maximum of 50000 characters in a single cell."


def test_columns_may_be_the_major_dimension(desk: Desk) -> None:
    """With COLUMNS each inner list is a column."""
    body = {"majorDimension": "COLUMNS", "values": [["a", "b"], ["c"]]}
    desk.sheets.values().update(spreadsheetId=desk.id, range="A1:B2", valueInputOption="RAW", body=body).execute()
    assert desk.values("A1:B2") == [["a", "c"], ["b"]]


def test_the_reply_can_carry_the_values(desk: Desk) -> None:
    """With includeValuesInResponse the reply holds what was written, rendered as asked."""
    more = {"includeValuesInResponse": True, "responseValueRenderOption": "FORMULA"}
    reply = desk.put("A1", [["=1+1"]], "USER_ENTERED", **more)
    assert reply["updatedData"] == {"range": "Sheet1!A1", "majorDimension": "ROWS", "values": [["=1+1"]]}


def test_batch_update_counts_and_is_atomic(desk: Desk) -> None:
    """Facts: totals and responses; one bad range writes nothing and names its number."""
    call = desk.sheets.values().batchUpdate
    data = [{"range": "A1:B1", "values": [[1, 2]]}, {"range": "Sheet1!A3", "values": [["x"]]}]
    reply = call(spreadsheetId=desk.id, body={"valueInputOption": "RAW", "data": data}).execute()
    totals = {name: count for name, count in reply.items() if name.startswith("total")}
    assert totals == {"totalUpdatedRows": 2, "totalUpdatedColumns": 2, "totalUpdatedCells": 3, "totalUpdatedSheets": 1}
    assert [one["updatedRange"] for one in reply["responses"]] == ["Sheet1!A1:B1", "Sheet1!A3"]
    bad = [{"range": "A1", "values": [["new"]]}, {"range": "Nowhere!A1", "values": [[1]]}]
    message = refusal(lambda: call(spreadsheetId=desk.id, body={"valueInputOption": "RAW", "data": bad}).execute())
    assert message == "Invalid data[1]: Unable to parse range: Nowhere!A1"
    assert desk.raw("A1") == 1


def test_clearing_keeps_number_formats(desk: Desk) -> None:
    """Facts: clear answers the cleared range; a cell that held a date shows the next number as a date."""
    desk.type("A1", "2020-01-01")
    reply = desk.sheets.values().clear(spreadsheetId=desk.id, range="Sheet1").execute()
    assert reply == {"spreadsheetId": desk.id, "clearedRange": "Sheet1!A1:Z1000"}
    desk.put("A1", [[43832]])
    assert desk.cell("A1") == "2020-01-02"


def test_batch_clear(desk: Desk) -> None:
    """Several ranges are cleared, all or none."""
    desk.put("A1", [[1, 2, 3]])
    call = desk.sheets.values().batchClear
    refusal(lambda: call(spreadsheetId=desk.id, body={"ranges": ["A1", "Nowhere!A1"]}).execute())
    assert desk.values("A1:C1") == [["1", "2", "3"]]
    reply = call(spreadsheetId=desk.id, body={"ranges": ["A1", "C:C"]}).execute()
    assert reply["clearedRanges"] == ["Sheet1!A1", "Sheet1!C1:C1000"]
    assert desk.values("A1:C1") == [["", "2"]]


def test_a_written_url_becomes_a_link(desk: Desk) -> None:
    """Fact: a whole-cell URL or bare domain gets a link, also RAW; a sentence and an e-mail do not."""
    texts = ["https://fernhill.example/plan", "fernhill.com", "see https://fernhill.example now", "ines@fernhill.com"]
    desk.put("A1", [[text] for text in texts])
    found = [desk.cell_data(f"A{row}").get("hyperlink") for row in range(1, 5)]
    assert found == ["https://fernhill.example/plan", "http://fernhill.com", None, None]
    desk.put("A1", [["plain"]])
    assert "hyperlink" not in desk.cell_data("A1")


def test_strict_validation_does_not_stop_the_api(desk: Desk) -> None:
    """Fact (UNCONFIRMED, third parties agree): values outside of a strict list go in through REST; rules stay."""
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "Open"}]}, "strict": True}
    area = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    desk.batch({"setDataValidation": {"range": area, "rule": rule}})
    desk.put("A1", [["Nonsense"]])
    assert desk.cell("A1") == "Nonsense"
    assert desk.cell_data("A1")["dataValidation"] == rule


# -- access ---------------------------------------------------------------------------------------------------------


def test_who_may_read_and_write(desk: Desk) -> None:
    """Facts: known id without access is 403 "The caller does not have permission"; unknown id is 404."""
    from sheets_desk import PRIYA, TOM

    reader = desk.of(PRIYA, "reader")
    assert reader.got("A1")["range"] == "Sheet1!A1"
    assert refusal(lambda: reader.put("A1", [[1]]), 403) == "The caller does not have permission"
    stranger = Desk(desk.as_person, TOM, desk.id)
    assert refusal(lambda: stranger.got("A1"), 403) == "The caller does not have permission"
    nobody = Desk(desk.as_person, TOM, "1nothing")
    assert refusal(lambda: nobody.got("A1"), 404) == "Requested entity was not found."
