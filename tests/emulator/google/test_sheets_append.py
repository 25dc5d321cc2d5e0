"""values.append: how the table is found and where rows go (facts of Sheets: append)."""

from __future__ import annotations

from sheets_desk import Desk, desk, grid, refusal

__all__ = ["desk"]


def test_the_first_append_has_no_table(desk: Desk) -> None:
    """Fact: the first append to an empty sheet has no tableRange in the reply."""
    reply = desk.append("Sheet1", [["a", "", "c"]])
    updates = {
        "spreadsheetId": desk.id,
        "updatedRange": "Sheet1!A1:C1",
        "updatedRows": 1,
        "updatedColumns": 3,
        "updatedCells": 3,
    }
    assert reply == {"spreadsheetId": desk.id, "updates": updates}


def test_a_whole_sheet_means_its_last_table(desk: Desk) -> None:
    """Fact: after ["a", "", "c"] an append to the whole sheet goes to C2, tableRange C1."""
    desk.append("Sheet1", [["a", "", "c"]])
    reply = desk.append("Sheet1", [["x", "", "z"]])
    assert reply["tableRange"] == "Sheet1!C1"
    assert reply["updates"]["updatedRange"] == "Sheet1!C2:E2"


def test_a_cell_means_its_own_table(desk: Desk) -> None:
    """Fact: the same with A1 goes to A2, tableRange A1."""
    desk.append("Sheet1", [["a", "", "c"]])
    reply = desk.append("Sheet1!A1", [["x", "", "z"]])
    assert reply["tableRange"] == "Sheet1!A1"
    assert reply["updates"]["updatedRange"] == "Sheet1!A2:C2"


def test_rows_go_below_the_contiguous_block(desk: Desk) -> None:
    """Fact: the range only locates a table; rows go after its last row, in its first column."""
    desk.put("B2", [["id", "task"], [1, "a"], [2, "b"]])
    desk.put("B8", [["another", "table"]])
    reply = desk.append("B2:C2", [[3, "c"]])
    assert reply["tableRange"] == "Sheet1!B2:C4"
    assert reply["updates"]["updatedRange"] == "Sheet1!B5:C5"
    assert desk.append("Sheet1", [["x"]])["tableRange"] == "Sheet1!B8:C8"


def test_overwrite_is_the_default(desk: Desk) -> None:
    """Fact: OVERWRITE writes over cells below the table, INSERT_ROWS makes room."""
    desk.put("A1", [["head"], ["one"]])
    desk.put("A4", [["below"]])
    desk.append("A1", [["two"], ["three"]])
    assert desk.values("A1:A5") == [["head"], ["one"], ["two"], ["three"]]
    desk.put("A6", [["far"]])
    desk.append("A1", [["four"]], insertDataOption="INSERT_ROWS")
    assert desk.values("A1:A8") == [["head"], ["one"], ["two"], ["three"], ["four"], [], ["far"]]


def test_appending_grows_the_grid(desk: Desk) -> None:
    """Fact: appending inserts rows when they are needed."""
    desk.new_tab("Small", rows=2, columns=2)
    desk.append("Small", [[1], [2], [3]])
    assert desk.tab(1)["properties"]["gridProperties"] == {"rowCount": 3, "columnCount": 2}
    assert refusal(lambda: desk.append("Small", [[1, 2, 3]])).startswith("Range (Small!A4:C4) exceeds grid limits.")


def test_an_empty_row_is_where_rows_go(desk: Desk) -> None:
    """A range that touches no table is itself the place: gspread's insert_row appends into the row it inserted."""
    desk.put("A1", [["a"], [], ["c"]])
    reply = desk.append("A2", [["b"]])
    assert "tableRange" not in reply
    assert desk.values("A1:A3") == [["a"], ["b"], ["c"]]


def test_append_is_not_idempotent(desk: Desk) -> None:
    """Fact: there is no client token: the same call twice is two rows."""
    desk.append("A1", [["x"]])
    desk.append("A1", [["x"]])
    assert desk.values("A:A") == [["x"], ["x"]]


def test_a_table_object_grows(desk: Desk) -> None:
    """Fact: values.append below a table object puts the row into the table."""
    desk.put("A1", [["Task", "Owner"], ["a", "b"]])
    table = {"name": "Tasks", "range": grid((0, 3), (0, 2))}
    desk.batch({"addTable": {"table": table}})
    reply = desk.append("Sheet1!A1", [["c", "d"]], insertDataOption="INSERT_ROWS")
    assert reply["updates"]["updatedRange"] == "Sheet1!A4:B4"
    assert desk.tab()["tables"][0]["range"]["endRowIndex"] == 4


def test_typed_input_is_parsed_when_asked(desk: Desk) -> None:
    """USER_ENTERED works the same as in an update."""
    desk.append("A1", [["=1+1", "50%"]], "USER_ENTERED")
    assert desk.values("A1:B1", valueRenderOption="UNFORMATTED_VALUE") == [[2, 0.5]]
