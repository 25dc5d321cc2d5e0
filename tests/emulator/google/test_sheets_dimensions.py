"""Rows and columns: inserting, deleting, moving, and what goes along (facts of Sheets: batchUpdate)."""

from __future__ import annotations

import pytest
from sheets_desk import Desk, desk, grid, span

__all__ = ["desk"]


def _insert(axis: str, start: int, end: int, inherit: bool = False) -> dict[str, object]:
    return {"insertDimension": {"range": span(axis, start, end), "inheritFromBefore": inherit}}


def _delete(axis: str, start: int, end: int) -> dict[str, object]:
    return {"deleteDimension": {"range": span(axis, start, end)}}


def _move(axis: str, start: int, end: int, to: int) -> dict[str, object]:
    return {"moveDimension": {"source": span(axis, start, end), "destinationIndex": to}}


def test_an_insert_shifts_formulas(desk: Desk) -> None:
    """Facts: insertDimension shifts formulas; a row at the edge of a SUM range is not included, one inside is."""
    desk.put("A1", [[1], [2], [3]])
    desk.type("B1", "=SUM(A1:A3)", "=A3")
    desk.batch(_insert("ROWS", 3, 4))
    assert desk.formula("B1") == "=SUM(A1:A3)"
    desk.batch(_insert("ROWS", 1, 2))
    assert desk.formula("B1") == "=SUM(A1:A4)"
    assert desk.formula("B3") == "=A4"
    desk.batch(_insert("COLUMNS", 0, 1))
    assert desk.formula("C1") == "=SUM(B1:B4)"


def test_inheriting_from_before_copies_the_header(desk: Desk) -> None:
    """Fact: inheritFromBefore directly under a header copies the header's format; else the row after is copied."""
    style = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    desk.batch({"repeatCell": {"range": grid((0, 1), (0, 2)), "cell": style, "fields": "userEnteredFormat"}})
    desk.batch(_insert("ROWS", 1, 2, inherit=True), _insert("ROWS", 2, 3))
    assert desk.cell_data("A2")["userEnteredFormat"] == {"textFormat": {"bold": True}}
    assert desk.cell_data("A3") == {}
    assert "inheritFromBefore" in desk.refused(_insert("ROWS", 0, 1, inherit=True))


def test_deleting_the_edge_of_a_range_shrinks_it(desk: Desk) -> None:
    """Deleting the first or last row of a range shrinks the range; deleting all of it leaves #REF!."""
    desk.put("A1", [[1], [2], [3], [4]])
    desk.type("C1", "", "", "", "", "", "=SUM(A1:A4)", "=A2", "=SUM(A2:A)")
    desk.batch(_delete("ROWS", 0, 1))
    assert desk.formula("C5") == "=SUM(A1:A3)"
    assert desk.raw("C5") == 9
    desk.batch(_delete("ROWS", 2, 3))
    assert desk.formula("C4") == "=SUM(A1:A2)"
    assert desk.formula("C5") == "=A1"
    assert desk.formula("C6") == "=SUM(A1:A)"
    desk.batch(_delete("ROWS", 0, 2))
    assert desk.formula("C2") == "=SUM(#REF!)"
    assert desk.cell("C3") == "#REF!"


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (_move("ROWS", 1, 2, 1), "destinationIndex[1] must be outside the requested range[1-2]"),
        (_move("ROWS", 1, 2, 9), "destinationIndex[9] is after last row[8]"),
        (
            _delete("ROWS", 8, 9),
            "Cannot delete a row that doesn't exist. Tried to delete row index 8 but there are only 8 rows.",
        ),
        (_delete("COLUMNS", 0, 4), "You can't delete all the columns on the sheet."),
    ],
)
def test_refused_moves_and_deletes(desk: Desk, request_: dict[str, object], message: str) -> None:
    """Facts: the recorded refusals of moveDimension and deleteDimension."""
    size = {"sheetId": 0, "gridProperties": {"rowCount": 8, "columnCount": 4}}
    desk.batch({"updateSheetProperties": {"properties": size, "fields": "gridProperties(rowCount,columnCount)"}})
    assert desk.refused(request_) == f"Invalid requests[0].{next(iter(request_))}: {message}"


def test_moving_rows(desk: Desk) -> None:
    """Facts: the destination counts before the move; start+1 changes nothing; rowCount is allowed; formats move too."""
    desk.put("A1", [["a"], ["b"], ["c"], ["d"]])
    style = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    desk.batch({"repeatCell": {"range": grid((1, 2), (0, 1)), "cell": style, "fields": "userEnteredFormat"}})
    desk.batch(_move("ROWS", 1, 2, 2))
    assert desk.values("A1:A4") == [["a"], ["b"], ["c"], ["d"]]
    desk.batch(_move("ROWS", 1, 2, 4))
    assert desk.values("A1:A4") == [["a"], ["c"], ["d"], ["b"]]
    assert "userEnteredFormat" in desk.cell_data("A4")
    desk.batch(_move("ROWS", 0, 1, 1000))
    assert desk.values("A1000") == [["a"]]


def test_moving_takes_references_along(desk: Desk) -> None:
    """A reference to a moved row or column follows it."""
    desk.put("A1", [[10, 20, 30]])
    desk.type("E1", "=A1")
    desk.batch(_move("COLUMNS", 0, 1, 3))
    assert desk.values("A1:C1") == [["20", "30", "10"]]
    assert desk.formula("E1") == "=C1"


def test_objects_follow_their_rows(desk: Desk) -> None:
    """Merges, protections, names, rules' formulas, sizes and conditional formats move with the grid and go with it."""
    desk.batch(
        {"mergeCells": {"range": grid((4, 5), (0, 2)), "mergeType": "MERGE_ALL"}},
        {"addProtectedRange": {"protectedRange": {"range": grid((4, 6))}}},
        {"addNamedRange": {"namedRange": {"name": "Here", "range": grid((4, 6), (0, 1))}}},
        {
            "updateDimensionProperties": {
                "range": span("ROWS", 4, 5),
                "properties": {"pixelSize": 60},
                "fields": "pixelSize",
            }
        },
        {
            "setDataValidation": {
                "range": grid((0, 1), (5, 6)),
                "rule": {"condition": {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": "=Sheet1!A5:A6"}]}},
            }
        },
    )
    desk.batch(_insert("ROWS", 2, 4))
    tab = desk.tab()
    assert tab["merges"][0]["startRowIndex"] == 6
    assert tab["protectedRanges"][0]["range"] == {"startRowIndex": 6, "endRowIndex": 8}
    assert desk.get()["namedRanges"][0]["range"]["startRowIndex"] == 6
    assert desk.data("A7")["rowMetadata"] == [{"pixelSize": 60}]
    assert desk.cell_data("F1")["dataValidation"]["condition"]["values"] == [{"userEnteredValue": "=Sheet1!A7:A8"}]
    desk.batch(_delete("ROWS", 6, 8))
    assert not {"merges", "protectedRanges"} & set(desk.tab())
    assert "namedRanges" not in desk.get()


def test_filters_and_tables_follow_their_columns(desk: Desk) -> None:
    """Criteria of a filter and the columns of a table move with their columns; a new column in a table gets a name."""
    criteria = {"1": {"hiddenValues": ["Done"]}}
    desk.put("A6", [["Task", "Status"], ["a", "Open"]])
    desk.batch(
        {"setBasicFilter": {"filter": {"range": grid((0, 4), (0, 3)), "criteria": criteria}}},
        {"addTable": {"table": {"name": "Tasks", "range": grid((5, 8), (0, 2))}}},
        {"insertDimension": {"range": span("COLUMNS", 1, 2)}},
    )
    tab = desk.tab()
    assert tab["basicFilter"]["criteria"] == {"2": {"hiddenValues": ["Done"]}}
    assert [one["columnName"] for one in tab["tables"][0]["columnProperties"]] == ["Task", "Column 2", "Status"]
    desk.batch({"deleteDimension": {"range": span("COLUMNS", 2, 3)}})
    assert "criteria" not in desk.tab()["basicFilter"]
    assert [one["columnName"] for one in desk.tab()["tables"][0]["columnProperties"]] == ["Task", "Column 2"]


def test_the_grid_grows_and_shrinks(desk: Desk) -> None:
    """appendDimension and the grid properties change the size; cells outside are gone."""
    desk.batch({"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 5}})
    desk.put("A1005", [["last"]])
    size = {"sheetId": 0, "gridProperties": {"rowCount": 10, "columnCount": 3}}
    desk.batch(
        {"updateSheetProperties": {"properties": size, "fields": "gridProperties.rowCount,gridProperties.columnCount"}}
    )
    assert desk.tab()["properties"]["gridProperties"] == {"rowCount": 10, "columnCount": 3}
    assert desk.values("Sheet1") == []


def test_inserting_and_deleting_cells(desk: Desk) -> None:
    """insertRange and deleteRange shift part of a column; references follow."""
    desk.put("A1", [["a", 1], ["b", 2], ["c", 3]])
    desk.type("D1", "=B2")
    desk.batch({"insertRange": {"range": grid((1, 2), (0, 2)), "shiftDimension": "ROWS"}})
    assert desk.values("A1:B4") == [["a", "1"], [], ["b", "2"], ["c", "3"]]
    assert desk.formula("D1") == "=B3"
    desk.batch({"deleteRange": {"range": grid((0, 2), (0, 2)), "shiftDimension": "ROWS"}})
    assert desk.values("A1:B2") == [["b", "2"], ["c", "3"]]
    assert desk.formula("D1") == "=B1"
