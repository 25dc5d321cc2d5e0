"""batchUpdate on cells: values, formats, notes, links, borders and merges (facts of Sheets: batchUpdate)."""

from __future__ import annotations

from sheets_desk import PRIYA, Desk, desk, grid, refusal

__all__ = ["desk"]
BOLD = {"userEnteredFormat": {"textFormat": {"bold": True}}}


def test_formats_come_back_with_colour_styles(desk: Desk) -> None:
    """Fact (recorded): a written colour comes back as a colour and as a colour style."""
    style = {
        "backgroundColor": {"green": 1, "blue": 1},
        "horizontalAlignment": "CENTER",
        "textFormat": {"foregroundColor": {"red": 1, "green": 1}, "fontSize": 12, "bold": True},
    }
    fields = "userEnteredFormat(backgroundColor,horizontalAlignment,textFormat)"
    desk.batch({"repeatCell": {"range": grid((1, 2), (0, 2)), "cell": {"userEnteredFormat": style}, "fields": fields}})
    found = desk.cell_data("A2")["userEnteredFormat"]
    assert found["backgroundColorStyle"] == {"rgbColor": {"green": 1, "blue": 1}}
    assert found["textFormat"]["foregroundColorStyle"] == {"rgbColor": {"red": 1, "green": 1}}


def test_repeat_cell_at_the_edges(desk: Desk) -> None:
    """Facts: starting past the grid is 400; ending outside is clipped, growing nothing; an empty range does nothing."""
    tab = desk.new_tab("T", rows=10, columns=2)
    past = {"range": grid((10, 12), sheet=tab), "cell": BOLD, "fields": "userEnteredFormat"}
    assert desk.refused({"repeatCell": past}).startswith(
        "Invalid requests[0].repeatCell: Range (T!A11:B12) exceeds grid limits. Max rows: 10, max columns: 2"
    )
    desk.batch(
        {"repeatCell": {**past, "range": grid((8, 50), (0, 9), tab)}},
        {"repeatCell": {**past, "range": grid((3, 3), sheet=tab)}},
    )
    assert desk.tab(1)["properties"]["gridProperties"] == {"rowCount": 10, "columnCount": 2}
    assert "userEnteredFormat" in desk.cell_data("T!B10")


def test_update_cells_clears_the_rest_of_its_range(desk: Desk) -> None:
    """Fact: a range larger than the rows clears the listed fields in the rest."""
    desk.put("A1", [["a", "b"], ["c", "d"]])
    desk.batch(
        {
            "updateCells": {
                "range": grid((0, 2), (0, 2)),
                "rows": [{"values": [{"userEnteredValue": {"stringValue": "x"}}]}],
                "fields": "userEnteredValue",
            }
        }
    )
    assert desk.values("A1:B2") == [["x"]]


def test_repeated_formulas_shift(desk: Desk) -> None:
    """repeatCell moves relative references with each cell, and keeps fixed ones."""
    desk.put("A1", [[1], [2], [3]])
    cell = {"userEnteredValue": {"formulaValue": "=A1*$A$3"}}
    desk.batch({"repeatCell": {"range": grid((0, 3), (1, 2)), "cell": cell, "fields": "userEnteredValue"}})
    assert desk.values("B1:B3", valueRenderOption="FORMULA") == [["=A1*$A$3"], ["=A2*$A$3"], ["=A3*$A$3"]]
    assert desk.values("B1:B3") == [["3"], ["6"], ["9"]]


def test_append_cells_goes_below_the_data(desk: Desk) -> None:
    """appendCells writes after the last row with data and grows the grid; with a table it is refused aloud."""
    tab = desk.new_tab("T", rows=2, columns=2)
    desk.put("T!B2", [["x"]])
    rows = [{"values": [{"userEnteredValue": {"stringValue": "y"}}]}]
    desk.batch({"appendCells": {"sheetId": tab, "rows": rows, "fields": "userEnteredValue"}})
    assert desk.values("T") == [[], ["", "x"], ["y"]]
    refusal(lambda: desk.batch({"appendCells": {"tableId": "1", "rows": rows, "fields": "*"}}), 501)


def test_notes(desk: Desk) -> None:
    """Fact (recorded): a note is written with fields: note, "" clears it, and an empty cell reads as data: [{}]."""
    put = {"range": grid((0, 1), (0, 1)), "fields": "note"}
    mask = "sheets/data/rowData/values/note"
    assert desk.get(ranges=["A1"], fields=mask) == {"sheets": [{"data": [{}]}]}
    desk.batch({"updateCells": {**put, "rows": [{"values": [{"note": "a note"}]}]}})
    assert desk.get(ranges=["A1"], fields=mask) == {
        "sheets": [{"data": [{"rowData": [{"values": [{"note": "a note"}]}]}]}]
    }
    desk.batch({"updateCells": {**put, "rows": [{"values": [{"note": ""}]}]}})
    assert desk.get(ranges=["A1"], fields=mask) == {"sheets": [{"data": [{}]}]}


def test_links_of_cells(desk: Desk) -> None:
    """Facts: a link is textFormat.link, read as hyperlink; updateCells can write a bare URL; HYPERLINK too."""
    cell = {
        "userEnteredValue": {"stringValue": "plan"},
        "userEnteredFormat": {"textFormat": {"link": {"uri": "https://fernhill.example"}}},
    }
    bare = {"userEnteredValue": {"stringValue": "https://fernhill.example"}}
    fields = "userEnteredValue,userEnteredFormat.textFormat.link"
    desk.batch({"updateCells": {"start": {"sheetId": 0}, "rows": [{"values": [cell, bare]}], "fields": fields}})
    desk.type("C1", '=HYPERLINK("https://harborpine.example","x")')
    assert desk.cell_data("A1")["hyperlink"] == "https://fernhill.example"
    assert "hyperlink" not in desk.cell_data("B1")
    assert desk.cell_data("C1")["hyperlink"] == "https://harborpine.example"
    assert desk.cell("C1") == "x"


def test_chips(desk: Desk) -> None:
    """Facts: people and Drive files are written at an "@"; values reads show text only; other links are read-only."""
    person = {"startIndex": 0, "chip": {"personProperties": {"email": PRIYA}}}
    put = {"start": {"sheetId": 0}, "fields": "userEnteredValue,chipRuns"}
    cell = {"userEnteredValue": {"stringValue": "@ owns this"}, "chipRuns": [person]}
    desk.batch({"updateCells": {**put, "rows": [{"values": [cell]}]}})
    assert desk.cell("A1") == f"{PRIYA} owns this"
    assert desk.cell_data("A1")["chipRuns"] == [person]
    link = {"startIndex": 0, "chip": {"richLinkProperties": {"uri": "https://harborpine.example"}}}
    desk.refused({"updateCells": {**put, "rows": [{"values": [{**cell, "chipRuns": [link]}]}]}})
    desk.refused({"updateCells": {**put, "rows": [{"values": [{**cell, "chipRuns": [{**person, "startIndex": 3}]}]}]}})


def test_numbers_must_be_finite(desk: Desk) -> None:
    """A number that no cell can hold is refused, however it is written."""
    refusal(lambda: desk.put("A1", [[10**400]]))
    cell = {"userEnteredValue": {"numberValue": "Infinity"}}
    desk.refused({"updateCells": {"start": {"sheetId": 0}, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}})


def test_borders(desk: Desk) -> None:
    """updateBorders sets outer and inner sides; NONE removes."""
    solid = {"style": "SOLID"}
    desk.batch({"updateBorders": {"range": grid((0, 2), (0, 2)), "top": solid, "innerVertical": solid}})
    assert set(desk.cell_data("A1")["userEnteredFormat"]["borders"]) == {"top", "right"}
    assert set(desk.cell_data("B2")["userEnteredFormat"]["borders"]) == {"left"}
    desk.batch({"updateBorders": {"range": grid((0, 1), (0, 1)), "top": {"style": "NONE"}, "right": {"style": "NONE"}}})
    assert desk.cell_data("A1") == {}


def test_merges(desk: Desk) -> None:
    """A merge keeps its first content; overlapping it in part is refused; unmerging dissolves it."""
    desk.put("A1", [["a", "b"], ["c", "d"]])
    desk.batch({"mergeCells": {"range": grid((0, 2), (0, 2)), "mergeType": "MERGE_ALL"}})
    assert desk.values("A1:B2") == [["a"]]
    assert desk.tab()["merges"] == [{"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}]
    partial = {"mergeCells": {"range": grid((1, 3), (0, 1)), "mergeType": "MERGE_ALL"}}
    assert "You must select all cells in a merged range to merge or unmerge them." in desk.refused(partial)
    desk.batch({"unmergeCells": {"range": grid((0, 5), (0, 5))}})
    assert "merges" not in desk.tab()
