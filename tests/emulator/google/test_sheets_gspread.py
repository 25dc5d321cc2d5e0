"""Everything that gspread 6.2.1 can send for a worksheet, through gspread itself (facts of Sheets and of gspread)."""

from __future__ import annotations

from typing import Any

import gspread
import pytest
from gspread.utils import (
    DateTimeOption,
    Dimension,
    MergeType,
    PasteOrientation,
    PasteType,
    ValidationConditionType,
    ValueInputOption,
    ValueRenderOption,
)
from sheets_desk import Desk, desk

__all__ = ["desk"]


@pytest.fixture
def book(desk: Desk) -> gspread.Spreadsheet:
    """The fresh spreadsheet, opened by gspread."""
    gsp: gspread.Client = desk.clients.gsp
    return gsp.open_by_key(desk.id)


@pytest.fixture
def tab(book: gspread.Spreadsheet) -> gspread.Worksheet:
    """Its first worksheet."""
    return book.sheet1


def test_updates_and_reads(tab: gspread.Worksheet) -> None:
    """Facts: update sends RAW, update_acell and update_cell send USER_ENTERED."""
    tab.update([["=1+1", "2"]], "A1")
    assert tab.get("A1:B1") == [["=1+1", "2"]]
    tab.update_acell("A2", "=1+1")
    tab.update_cell(2, 2, "50%")
    assert tab.row_values(2) == ["2", "50%"]
    assert tab.acell("A2", value_render_option=ValueRenderOption.formula).value == "=1+1"
    unformatted: Any = tab.cell(2, 2, value_render_option=ValueRenderOption.unformatted).value
    assert unformatted == 0.5
    assert tab.col_values(1) == ["=1+1", "2"]


def test_records_and_appends(tab: gspread.Worksheet) -> None:
    """Facts: get_all_records numericises; append_row sends RAW; a missing header is refused by gspread."""
    tab.append_row(["id", "count", "note"])
    tab.append_rows([["007", "2,000.1", "x"], ["8", "3", ""]], table_range="A1")
    assert tab.get_all_records() == [
        {"id": 7, "count": 2000.1, "note": "x"},
        {"id": 8, "count": 3, "note": ""},
    ]
    tab.append_row(["=1+1"], value_input_option=ValueInputOption.user_entered, table_range="A1")
    assert tab.get_all_values()[-1][0] == "2"


def test_whole_grids(tab: gspread.Worksheet) -> None:
    """get_all_values pads ragged rows; range() gives cells; update_cells writes them; find finds."""
    tab.update([["a", "", "c"], ["d"]], "A1")
    assert tab.get_all_values() == [["a", "", "c"], ["d", "", ""]]
    cells = tab.range("A1:B2")
    for cell in cells:
        cell.value = f"{cell.row}{cell.col}"
    tab.update_cells(cells)
    assert tab.get("A1:B2") == [["11", "12"], ["21", "22"]]
    found = tab.find("22")
    assert found is not None
    assert found.address == "B2"
    assert tab.find("nothing") is None
    assert len(tab.findall("11")) == 1


def test_batches(tab: gspread.Worksheet, book: gspread.Spreadsheet) -> None:
    """batch_get, batch_update, batch_clear and the spreadsheet's values calls."""
    tab.batch_update([{"range": "A1:B1", "values": [[1, 2]]}, {"range": "A3", "values": [["x"]]}])
    assert tab.batch_get(["A1:B1", "A3"], major_dimension=Dimension.cols) == [[["1"], ["2"]], [["x"]]]
    tab.batch_clear(["A1", "A3"])
    assert tab.get_all_values() == [["", "2"]]
    book.values_update("Sheet1!C1", params={"valueInputOption": "USER_ENTERED"}, body={"values": [["2020-01-01"]]})
    found = book.values_get(
        "Sheet1!C1",
        params={"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": DateTimeOption.formatted_string},
    )
    assert found["values"] == [["2020-01-01"]]
    book.values_append("Sheet1", {"valueInputOption": "RAW"}, {"values": [["end"]]})
    book.values_clear("Sheet1")
    assert tab.get_all_values() == [[]]


def test_rows_and_columns(tab: gspread.Worksheet) -> None:
    """insert, delete, add, resize, hide, group and size."""
    tab.update([["a"], ["b"], ["c"]], "A1")
    tab.insert_row(["new"], 2)
    tab.insert_rows([["x"], ["y"]], 1, inherit_from_before=False)
    tab.insert_cols([["left"]], 1)
    assert tab.col_values(2) == ["x", "y", "a", "new", "b", "c"]
    tab.delete_rows(1, 2)
    tab.delete_columns(1)
    assert tab.col_values(1) == ["a", "new", "b", "c"]
    tab.add_rows(10)
    tab.add_cols(2)
    assert (tab.row_count, tab.col_count) == (1011, 28)
    tab.resize(20, 5)
    tab.hide_rows(1, 2)
    tab.unhide_rows(1, 2)
    tab.hide_columns(0, 1)
    tab.unhide_columns(0, 1)
    tab.add_dimension_group_rows(1, 3)
    assert len(tab.list_dimension_group_rows()) == 1
    tab.delete_dimension_group_rows(1, 3)
    tab.add_dimension_group_columns(1, 3)
    tab.delete_dimension_group_columns(1, 3)
    tab.columns_auto_resize(0, 2)
    tab.rows_auto_resize(0, 2)


def test_looks(tab: gspread.Worksheet) -> None:
    """Formats, merges, frozen rows, tab colours, notes, hidden tabs and gridlines."""
    tab.format("A1:B2", {"textFormat": {"bold": True}})
    tab.batch_format([{"range": "A1", "format": {"numberFormat": {"type": "PERCENT", "pattern": "0%"}}}])
    tab.merge_cells("A1:B2", merge_type=MergeType.merge_rows)
    tab.unmerge_cells("A1:B2")
    tab.freeze(rows=1, cols=1)
    assert (tab.frozen_row_count, tab.frozen_col_count) == (1, 1)
    tab.update_tab_color("#ff0000")
    assert tab.get_tab_color() == "#FF0000"
    tab.clear_tab_color()
    tab.update_note("A1", "first")
    tab.insert_notes({"B1": "second"})
    assert tab.get_note("A1") == "first"
    assert tab.get_notes()[0] == ["first", "second"]
    tab.clear_note("A1")
    assert tab.get_note("A1") == ""
    tab.hide_gridlines()
    assert tab.is_gridlines_hidden
    tab.show_gridlines()


def test_rules_and_ranges(tab: gspread.Worksheet, book: gspread.Spreadsheet) -> None:
    """Validation, named and protected ranges, filters, sorting, copying and cutting."""
    tab.update([["b", 1], ["a", 2], ["c", 3]], "A1")
    tab.add_validation("C1:C3", ValidationConditionType.one_of_list, ["Open", "Done"], strict=True, showCustomUi=True)
    tab.define_named_range("A1:B3", "Tasks")
    assert [one["name"] for one in book.list_named_ranges()] == ["Tasks"]
    tab.delete_named_range(book.list_named_ranges()[0]["namedRangeId"])
    tab.add_protected_range("A1:A3", ["priya.nair@fernhill.example"], description="bot")
    protected = book.list_protected_ranges(tab.id)
    assert protected[0]["description"] == "bot"
    tab.delete_protected_range(protected[0]["protectedRangeId"])
    tab.sort((1, "asc"))
    assert tab.col_values(1) == ["a", "b", "c"]
    tab.set_basic_filter("A1:B3")
    tab.clear_basic_filter()
    tab.copy_range("A1:B1", "A5:B5", paste_type=PasteType.normal, paste_orientation=PasteOrientation.normal)
    tab.cut_range("A5:B5", "A7")
    assert tab.get("A7:B7") == [["a", "2"]]


def test_worksheets(book: gspread.Spreadsheet) -> None:
    """Adding, duplicating, renaming, reordering, hiding, copying and deleting tabs."""
    first = book.sheet1
    second = book.add_worksheet("Second", rows=5, cols=3, index=0)
    assert [one.title for one in book.worksheets()] == ["Second", "Sheet1"]
    third = first.duplicate(insert_sheet_index=2, new_sheet_name="Third")
    third.update_title("3")
    third.update_index(0)
    assert [one.title for one in book.worksheets()] == ["3", "Second", "Sheet1"]
    book.reorder_worksheets([first, second, third])
    assert [one.title for one in book.worksheets()] == ["Sheet1", "Second", "3"]
    second.hide()
    assert [one.title for one in book.worksheets(exclude_hidden=True)] == ["Sheet1", "3"]
    second.show()
    assert first.copy_to(book.id)["title"] == "Copy of Sheet1"
    book.del_worksheet(second)
    assert book.get_worksheet_by_id(third.id).title == "3"
    with pytest.raises(gspread.WorksheetNotFound):
        book.worksheet("Second")


def test_the_spreadsheet(book: gspread.Spreadsheet) -> None:
    """Title, locale, zone, and the times that gspread asks of Drive."""
    book.update_title("Renamed")
    book.update_locale("fr_FR")
    book.update_timezone("Europe/Paris")
    assert (book.title, book.locale, book.timezone) == ("Renamed", "fr_FR", "Europe/Paris")
    assert book.creationTime
    assert book.get_lastUpdateTime()


def test_refusals_reach_gspread(tab: gspread.Worksheet) -> None:
    """A refusal arrives as an APIError with the service's message."""
    with pytest.raises(gspread.exceptions.APIError, match="exceeds grid limits"):
        tab.update([["x"]], "A5000")


def test_expanding_tables(tab: gspread.Worksheet) -> None:
    """gspread's own table search works on what values.get trims."""
    tab.update([["a", "b"], ["c", "d"], ["", "e"]], "A1")
    found: Any = tab.expand("A1")
    assert found == [["a", "b"], ["c", "d"]]
