"""batchUpdate: as a whole and kind by kind (facts of Sheets: batchUpdate, Validation, Tables)."""

from __future__ import annotations

from sheets_desk import PRIYA, Desk, desk, grid, refusal, span

from bot.emulator.google.documents import document
from bot.emulator.google.sheets import kinds
from bot.emulator.google.sheets.batch import KINDS

__all__ = ["desk"]
BOLD = {"userEnteredFormat": {"textFormat": {"bold": True}}}


# -- the batch itself -----------------------------------------------------------------------------------------------


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


# -- tabs -----------------------------------------------------------------------------------------------------------


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


# -- cells ----------------------------------------------------------------------------------------------------------


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


# -- rules ----------------------------------------------------------------------------------------------------------


def _list(*values: str) -> dict[str, object]:
    return {
        "condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": value} for value in values]},
        "strict": True,
        "showCustomUi": True,
    }


def test_validation_is_set_and_cleared(desk: Desk) -> None:
    """Facts: setDataValidation without a rule clears; an empty ONE_OF_LIST is 400; so are relative dates."""
    area = grid((1, 5), (0, 1))
    desk.batch({"setDataValidation": {"range": area, "rule": _list("Open", "Done")}})
    assert desk.cell_data("A3")["dataValidation"] == _list("Open", "Done")
    desk.batch({"setDataValidation": {"range": grid((2, 3), (0, 1))}})
    assert desk.cell_data("A3") == {}
    assert "ONE_OF_LIST" in desk.refused({"setDataValidation": {"range": area, "rule": _list()}})
    relative = {"condition": {"type": "DATE_BEFORE", "values": [{"relativeDate": "TODAY"}]}}
    assert "relative dates" in desk.refused({"setDataValidation": {"range": area, "rule": relative}})


def test_copy_paste_carries_validation(desk: Desk) -> None:
    """Fact: values writes never add a rule; copyPaste PASTE_DATA_VALIDATION does."""
    desk.batch({"setDataValidation": {"range": grid((0, 1), (0, 1)), "rule": _list("x")}})
    desk.put("A2", [["x"]])
    assert "dataValidation" not in desk.cell_data("A2")
    desk.batch(
        {
            "copyPaste": {
                "source": grid((0, 1), (0, 1)),
                "destination": grid((1, 3), (0, 1)),
                "pasteType": "PASTE_DATA_VALIDATION",
            }
        }
    )
    assert desk.cell_data("A3")["dataValidation"] == _list("x")
    assert desk.cell("A2") == "x"


def test_conditional_formats_shift_by_index(desk: Desk) -> None:
    """Facts: an ordered list by index that shifts on delete; only some formats; relative dates allowed."""

    def rule(text: str) -> dict[str, object]:
        condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": text}]}
        return {
            "ranges": [grid((0, 5), (0, 1))],
            "booleanRule": {"condition": condition, "format": {"backgroundColor": {"red": 1}}},
        }

    for text in ("a", "b", "c"):
        desk.batch({"addConditionalFormatRule": {"rule": rule(text), "index": 0}})
    gone = desk.reply({"deleteConditionalFormatRule": {"sheetId": 0, "index": 0}})
    assert gone["rule"]["booleanRule"]["condition"]["values"] == [{"userEnteredValue": "c"}]
    left = [
        one["booleanRule"]["condition"]["values"][0]["userEnteredValue"] for one in desk.tab()["conditionalFormats"]
    ]
    assert left == ["b", "a"]
    assert desk.refused({"deleteConditionalFormatRule": {"sheetId": 0, "index": 2}}).endswith(
        "No conditional format on sheet: 0 at index: 2"
    )
    bad = rule("x") | {"booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {"textFormat": {"fontSize": 20}}}}
    assert "can only apply" in desk.refused({"addConditionalFormatRule": {"rule": bad}})
    relative = rule("x") | {
        "booleanRule": {"condition": {"type": "DATE_BEFORE", "values": [{"relativeDate": "TODAY"}]}, "format": {}}
    }
    desk.batch({"addConditionalFormatRule": {"rule": relative}})


def test_conditional_formats_show_in_the_effective_format(desk: Desk) -> None:
    """The effective format carries the first rule that holds, formulas included."""
    formula = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": "=$A1>2"}]}
    rule = {
        "ranges": [grid((0, 5), (0, 2))],
        "booleanRule": {"condition": formula, "format": {"backgroundColor": {"red": 1}}},
    }
    desk.batch({"addConditionalFormatRule": {"rule": rule}})
    desk.put("A1", [[1, "x"], [3, "y"]])
    assert desk.cell_data("B1")["effectiveFormat"]["backgroundColor"] == {"red": 1, "green": 1, "blue": 1}
    assert desk.cell_data("B2")["effectiveFormat"]["backgroundColor"] == {"red": 1}


def test_a_condition_is_told_apart_row_by_row(desk: Desk) -> None:
    """Each row is judged by its own copy of the formula; a word or an error is not TRUE; an edit is judged anew."""
    formula = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": '=IF($A1="word","yes",1/$A1>0.4)'}]}
    rule = {
        "ranges": [grid((0, 9), (0, 2))],
        "booleanRule": {"condition": formula, "format": {"backgroundColor": {"red": 1}}},
    }
    desk.batch({"addConditionalFormatRule": {"rule": rule}})
    desk.put("A1", [[1], [0], [2], ["word"], [4], ["text"]])

    def red() -> list[int]:
        colours = {row: desk.cell_data(f"A{row}")["effectiveFormat"]["backgroundColor"] for row in range(1, 7)}
        return [row for row, colour in colours.items() if colour == {"red": 1}]

    assert red() == [1, 3]
    desk.put("A2", [[1], [9]])
    assert red() == [1, 2]


def test_named_ranges(desk: Desk) -> None:
    """Facts: the id is a string, sheetId 0 is left out of ranges; a deleted tab's names stay reserved."""
    found = desk.reply({"addNamedRange": {"namedRange": {"name": "Tasks", "range": grid((0, 2), (0, 2))}}})[
        "namedRange"
    ]
    assert isinstance(found["namedRangeId"], str)
    assert found["range"] == {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    assert "already exists" in desk.refused({"addNamedRange": {"namedRange": {"name": "tasks", "range": grid((0, 2))}}})
    desk.type("E1", "=SUM(Tasks)")
    desk.put("A1", [[1, 2], [3, 4]])
    assert desk.raw("E1") == 10
    tab = desk.new_tab("T")
    desk.batch(
        {"addNamedRange": {"namedRange": {"name": "Gone", "range": grid((0, 1), sheet=tab)}}},
        {"deleteSheet": {"sheetId": tab}},
    )
    assert [one["name"] for one in desk.get()["namedRanges"]] == ["Tasks"]
    assert "already exists" in desk.refused({"addNamedRange": {"namedRange": {"name": "Gone", "range": grid((0, 1))}}})
    desk.batch(
        {"updateNamedRange": {"namedRange": {"namedRangeId": found["namedRangeId"], "name": "Work"}, "fields": "name"}}
    )
    desk.batch({"deleteNamedRange": {"namedRangeId": found["namedRangeId"]}})
    assert "namedRanges" not in desk.get()


def test_banding(desk: Desk) -> None:
    """Fact: addBanding over banded cells is refused with the recorded words."""
    band = {
        "bandedRange": {
            "range": grid((0, 5), (0, 3)),
            "rowProperties": {"firstBandColor": {"red": 1}, "secondBandColor": {"blue": 1}},
        }
    }
    number = desk.reply({"addBanding": band})["bandedRange"]["bandedRangeId"]
    assert desk.refused({"addBanding": band}).endswith(
        "You cannot add alternating background colors to a range that already has alternating background colors."
    )
    desk.batch(
        {
            "updateBanding": {
                "bandedRange": {"bandedRangeId": number, "rowProperties": {"firstBandColor": {"green": 1}}},
                "fields": "rowProperties.firstBandColor",
            }
        }
    )
    assert desk.tab()["bandedRanges"][0]["rowProperties"]["firstBandColor"] == {"green": 1}
    assert desk.tab()["bandedRanges"][0]["rowProperties"]["secondBandColor"] == {"blue": 1}
    desk.batch({"deleteBanding": {"bandedRangeId": number}})
    assert "bandedRanges" not in desk.tab()


# -- protection -----------------------------------------------------------------------------------------------------

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


# -- tables and filters ---------------------------------------------------------------------------------------------


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
    assert "typed column" in desk.refused({"setDataValidation": {"range": grid((2, 3), (2, 3)), "rule": _list("x")}})
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


# -- rearranging ----------------------------------------------------------------------------------------------------


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
