"""batchUpdate on many rows at once: tables, filters, sorting, pasting, cleaning (facts of Sheets: Tables)."""

from __future__ import annotations

from sheets_desk import Desk, desk, grid, listed, refusal, span

__all__ = ["desk"]


def test_tables(desk: Desk) -> None:
    """Facts: columnIndex counts in the table; dropdowns are ONE_OF_LIST; typed columns reject rules; delete empties."""
    desk.put("B2", [["Task", "Status"], ["a", "Open"]])
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "Open"}]}}
    columns = [{"columnIndex": 1, "columnName": "Status", "columnType": "DROPDOWN", "dataValidationRule": rule}]
    made = desk.reply(
        {"addTable": {"table": {"name": "Tasks", "range": grid((1, 4), (1, 3)), "columnProperties": columns}}}
    )["table"]
    assert [one["columnName"] for one in made["columnProperties"]] == ["Task", "Status"]
    assert made["columnProperties"][1]["columnIndex"] == 1
    assert "typed column" in desk.refused({"setDataValidation": {"range": grid((2, 3), (2, 3)), "rule": listed("x")}})
    assert "overlap" in desk.refused({"addTable": {"table": {"range": grid((0, 2), (1, 2))}}})
    desk.batch({"updateTable": {"table": {"tableId": made["tableId"], "name": "Work"}, "fields": "name"}})
    assert desk.tab()["tables"][0]["name"] == "Work"
    desk.batch({"deleteTable": {"tableId": made["tableId"]}})
    assert desk.values("Sheet1") == []
    footer = {"range": grid((0, 2), (0, 1)), "rowsProperties": {"footerColorStyle": {"rgbColor": {"red": 1}}}}
    refusal(lambda: desk.batch({"addTable": {"table": footer}}), 501)


def test_the_basic_filter_hides_rows(desk: Desk) -> None:
    """A filter hides rows by value; clearing it shows them; both spellings of criteria are printed."""
    desk.put("A1", [["Status"], ["Open"], ["Done"], ["Open"]])
    criteria = {"0": {"hiddenValues": ["Done"]}}
    desk.batch({"setBasicFilter": {"filter": {"range": grid((0, 4), (0, 1)), "criteria": criteria}}})
    assert desk.data("A1:A4")["rowMetadata"][2] == {"pixelSize": 21, "hiddenByFilter": True}
    assert desk.tab()["basicFilter"]["filterSpecs"] == [{"columnIndex": 0, "filterCriteria": criteria["0"]}]
    desk.batch({"clearBasicFilter": {"sheetId": 0}})
    assert desk.data("A1:A4")["rowMetadata"][2] == {"pixelSize": 21}
    assert "basicFilter" not in desk.tab()


def test_filter_views(desk: Desk) -> None:
    """Filter views are added, changed, copied and removed."""
    made = desk.reply({"addFilterView": {"filter": {"title": "Mine", "range": grid((0, 4), (0, 2))}}})["filter"]
    desk.batch(
        {"updateFilterView": {"filter": {"filterViewId": made["filterViewId"], "title": "Ours"}, "fields": "title"}}
    )
    twin = desk.reply({"duplicateFilterView": {"filterId": made["filterViewId"]}})["filter"]
    assert [one["title"] for one in desk.tab()["filterViews"]] == ["Ours", "Copy of Ours"]
    desk.batch({"deleteFilterView": {"filterId": twin["filterViewId"]}})
    assert len(desk.tab()["filterViews"]) == 1


def test_sorting(desk: Desk) -> None:
    """Numbers come before text, blanks last in either order; relative references go with their row."""
    desk.type("A1", "b", "3", "", "a", "1")
    desk.put("B1", [[f'=A{row}&"!"'] for row in range(1, 6)], "USER_ENTERED")
    spec = {"dimensionIndex": 0, "sortOrder": "ASCENDING"}
    desk.batch({"sortRange": {"range": grid((0, 5), (0, 2)), "sortSpecs": [spec]}})
    assert desk.values("A1:B5") == [["1", "1!"], ["3", "3!"], ["a", "a!"], ["b", "b!"], ["", "!"]]
    desk.batch({"sortRange": {"range": grid((0, 5), (0, 2)), "sortSpecs": [{**spec, "sortOrder": "DESCENDING"}]}})
    assert [line[0] for line in desk.values("A1:A4")] == ["b", "a", "3", "1"]


def test_find_and_replace(desk: Desk) -> None:
    """findReplace counts what it changed and reads new contents as typed."""
    desk.put("A1", [["Harborpine plan", "harborpine"], [12, "other"]])
    found = desk.reply({"findReplace": {"find": "harborpine", "replacement": "Quillstone", "allSheets": True}})
    assert found == {"valuesChanged": 2, "rowsChanged": 1, "sheetsChanged": 1, "occurrencesChanged": 2}
    desk.batch({"findReplace": {"find": "12", "replacement": "13", "range": grid((1, 2), (0, 1))}})
    assert desk.raw("A2") == 13
    desk.batch(
        {"findReplace": {"find": r"(\w+) plan", "replacement": "plan of $1", "searchByRegex": True, "sheetId": 0}}
    )
    assert desk.cell("A1") == "plan of Quillstone"


def test_copy_cut_and_fill(desk: Desk) -> None:
    """copyPaste tiles and transposes, cutPaste takes references along, autoFill continues."""
    desk.type("A1", "1", "2", "=A1+A2")
    desk.batch(
        {
            "copyPaste": {
                "source": grid((0, 3), (0, 1)),
                "destination": grid((0, 1), (2, 3)),
                "pasteOrientation": "TRANSPOSE",
                "pasteType": "PASTE_VALUES",
            }
        }
    )
    assert desk.values("C1:E1") == [["1", "2", "3"]]
    desk.batch(
        {"cutPaste": {"source": grid((0, 1), (0, 1)), "destination": {"sheetId": 0, "rowIndex": 9, "columnIndex": 0}}}
    )
    assert desk.formula("A3") == "=A10+A2"
    desk.put("G1", [[1], [3]])
    desk.batch(
        {"autoFill": {"sourceAndDestination": {"source": grid((0, 2), (6, 7)), "dimension": "ROWS", "fillLength": 2}}}
    )
    assert desk.values("G1:G4") == [["1"], ["3"], ["5"], ["7"]]


def test_cleaning(desk: Desk) -> None:
    """Duplicates go, white space is trimmed, text is split and pasted."""
    desk.put("A1", [["a"], ["b"], ["A"]])
    assert desk.reply({"deleteDuplicates": {"range": grid((0, 3), (0, 1))}}) == {"duplicatesRemovedCount": 1}
    desk.put("B1", [["  x   y "]])
    assert desk.reply({"trimWhitespace": {"range": grid((0, 1), (1, 2))}}) == {"cellsChangedCount": 1}
    desk.put("C1", [["1;2;3"]])
    desk.batch({"textToColumns": {"source": grid((0, 1), (2, 3)), "delimiterType": "SEMICOLON"}})
    desk.batch(
        {
            "pasteData": {
                "coordinate": {"sheetId": 0, "rowIndex": 4},
                "data": "q,50%\nr,s",
                "delimiter": ",",
                "type": "PASTE_NORMAL",
            }
        }
    )
    assert desk.values("A1:E6") == [["a", "x y", "1", "2", "3"], ["b"], [], [], ["q", "50%"], ["r", "s"]]


def test_sizes_and_groups(desk: Desk) -> None:
    """Sizes and hidden flags under their mask; groups nest and collapse."""
    desk.batch(
        {
            "updateDimensionProperties": {
                "range": span("COLUMNS", 0, 2),
                "properties": {"pixelSize": 250, "hiddenByUser": True},
                "fields": "pixelSize,hiddenByUser",
            }
        }
    )
    assert desk.data("A1:C1")["columnMetadata"] == [{"pixelSize": 250, "hiddenByUser": True}] * 2 + [{"pixelSize": 100}]
    desk.put("C1", [["x" * 50]])
    desk.batch({"autoResizeDimensions": {"dimensions": span("COLUMNS", 2, 3)}})
    assert desk.data("C1")["columnMetadata"][0]["pixelSize"] > 200
    desk.batch({"addDimensionGroup": {"range": span("ROWS", 1, 9)}})
    found = desk.reply({"addDimensionGroup": {"range": span("ROWS", 2, 4)}})
    assert [one["depth"] for one in found["dimensionGroups"]] == [1, 2]
    desk.batch(
        {
            "updateDimensionGroup": {
                "dimensionGroup": {"range": span("ROWS", 2, 4), "depth": 2, "collapsed": True},
                "fields": "collapsed",
            }
        }
    )
    assert desk.data("A3")["rowMetadata"][0]["hiddenByUser"] is True
    desk.batch({"deleteDimensionGroup": {"range": span("ROWS", 2, 4)}})
    assert len(desk.tab()["rowGroups"]) == 1
