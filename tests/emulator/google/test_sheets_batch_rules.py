"""batchUpdate on rules: validation, conditional formats, named and banded ranges (facts of Sheets: Validation)."""

from __future__ import annotations

from sheets_desk import Desk, desk, grid, listed

__all__ = ["desk"]


def test_validation_is_set_and_cleared(desk: Desk) -> None:
    """Facts: setDataValidation without a rule clears; an empty ONE_OF_LIST is 400; so are relative dates."""
    area = grid((1, 5), (0, 1))
    desk.batch({"setDataValidation": {"range": area, "rule": listed("Open", "Done")}})
    assert desk.cell_data("A3")["dataValidation"] == listed("Open", "Done")
    desk.batch({"setDataValidation": {"range": grid((2, 3), (0, 1))}})
    assert desk.cell_data("A3") == {}
    assert "ONE_OF_LIST" in desk.refused({"setDataValidation": {"range": area, "rule": listed()}})
    relative = {"condition": {"type": "DATE_BEFORE", "values": [{"relativeDate": "TODAY"}]}}
    assert "relative dates" in desk.refused({"setDataValidation": {"range": area, "rule": relative}})


def test_copy_paste_carries_validation(desk: Desk) -> None:
    """Fact: values writes never add a rule; copyPaste PASTE_DATA_VALIDATION does."""
    desk.batch({"setDataValidation": {"range": grid((0, 1), (0, 1)), "rule": listed("x")}})
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
    assert desk.cell_data("A3")["dataValidation"] == listed("x")
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
