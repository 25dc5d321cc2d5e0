"""Tables: the index arithmetic, rows and columns, cell and column styles, merging."""

from __future__ import annotations

from typing import Any

import pytest
from docs_desk import Desk, cell_at, color, desk, insert, points, table, text_style, texts

__all__ = ["desk"]
SIDES = ("borderTop", "borderBottom", "borderLeft", "borderRight")


def found(desk: Desk, made: str) -> dict[str, Any]:
    """The one table's structural element."""
    [element] = [one for one in desk.content(made) if "table" in one]
    return element


def grid(desk: Desk, made: str) -> list[list[str]]:
    """The text of each cell without its final newline."""
    rows = found(desk, made)["table"]["tableRows"]
    return [["".join(texts(cell["content"])).removesuffix("\n") for cell in row["tableCells"]] for row in rows]


def cell(desk: Desk, made: str, row: int, column: int) -> dict[str, Any]:
    wanted: dict[str, Any] = found(desk, made)["table"]["tableRows"][row]["tableCells"][column]
    return wanted


def filled(desk: Desk, rows: int, columns: int) -> str:
    """A document whose table starts at 2, cells filled "00", "01" … from the last to the first."""
    made = desk.new()
    places = [(row, column) for row in range(rows) for column in range(columns)]
    fills = [insert(5 + r * (2 * columns + 1) + 2 * c, f"{r}{c}") for r, c in reversed(places)]
    desk.batch(made, table(1, rows, columns), *fills)
    return made


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (2, 2), (3, 4), (5, 2)])
def test_the_size_of_an_empty_table(desk: Desk, rows: int, columns: int) -> None:
    """Fact: a table of R rows × C columns occupies 2 + R(2C+1) indices when empty."""
    made = desk.new()
    desk.batch(made, table(1, rows, columns))
    element = found(desk, made)
    assert element["endIndex"] - element["startIndex"] == 2 + rows * (2 * columns + 1)
    assert (element["table"]["rows"], element["table"]["columns"]) == (rows, columns)


def test_where_a_2_by_2_table_at_1_has_its_cells(desk: Desk) -> None:
    """Fact: the table starts at i+1, cell text at i + 4 + r(2C+1) + 2c: 5, 7, 10, 12; the paragraph after at 14."""
    made = desk.new()
    desk.batch(made, table(1, 2, 2))
    content = desk.content(made)
    assert [(one.get("startIndex"), one["endIndex"]) for one in content] == [(None, 1), (1, 2), (2, 14), (14, 15)]
    rows = content[2]["table"]["tableRows"]
    assert [(row["startIndex"], row["endIndex"]) for row in rows] == [(3, 8), (8, 13)]
    cells = [one for row in rows for one in row["tableCells"]]
    assert [one["startIndex"] for one in cells] == [4, 6, 9, 11]
    assert [one["content"][0]["startIndex"] for one in cells] == [5, 7, 10, 12]


def test_inserting_splits_the_paragraph(desk: Desk) -> None:
    """Fact: `insertTable` at index i first inserts a newline."""
    made = desk.new("beforeafter")
    assert desk.reply(made, table(7, 1, 1)) == {}
    assert desk.text(made) == "before\n\nafter\n"
    assert found(desk, made)["startIndex"] == 8


def test_filling_last_to_first(desk: Desk) -> None:
    """Fact: fill cells last to first in the same batch."""
    assert grid(desk, filled(desk, 2, 3)) == [["00", "01", "02"], ["10", "11", "12"]]


def test_cells_look_as_recorded(desk: Desk) -> None:
    """Recorded: spans of 1, an empty background, 5 point paddings, content at the top; even columns."""
    made = desk.new()
    desk.batch(made, table(1, 1, 2))
    element = found(desk, made)["table"]
    assert element["tableStyle"] == {"tableColumnProperties": [{"widthType": "EVENLY_DISTRIBUTED"}] * 2}
    row = element["tableRows"][0]
    assert row["tableRowStyle"] == {"minRowHeight": {"unit": "PT"}}
    assert row["tableCells"][0]["tableCellStyle"] == {
        "rowSpan": 1,
        "columnSpan": 1,
        "backgroundColor": {},
        "paddingLeft": points(5),
        "paddingRight": points(5),
        "paddingTop": points(5),
        "paddingBottom": points(5),
        "contentAlignment": "TOP",
    }


def test_where_tables_may_not_be(desk: Desk) -> None:
    """Fact: a table is not allowed in footnotes; no size, no place: refused."""
    made = desk.new("x")
    note = desk.reply(made, {"createFootnote": {"location": {"index": 1}}})["footnoteId"]
    inside = table(1, 1, 1)
    inside["insertTable"]["location"]["segmentId"] = note
    assert "footnote" in desk.refused(made, inside)
    desk.refused(made, table(1, 0, 2))
    desk.refused(made, table(1, 2, 21))
    desk.refused(made, {"insertTable": {"rows": 1, "columns": 1}})


def test_tables_in_tables(desk: Desk) -> None:
    """A cell is a place for a table; its indexes tile like the others."""
    made = desk.new()
    desk.batch(made, table(1, 1, 1), table(5, 1, 2), insert(9, "in"))
    inner = cell(desk, made, 0, 0)["content"][1]
    assert "table" in inner
    assert "".join(texts([inner])) == "in\n\n"


def test_a_row_below_a_bold_header_is_bold(desk: Desk) -> None:
    """Fact: a row inserted under a bold header is bold."""
    made = filled(desk, 2, 2)
    first = cell(desk, made, 0, 0)["content"][0]
    desk.batch(made, text_style(first["startIndex"], first["endIndex"], bold=True))
    below = {"tableCellLocation": cell_at(2, 0, 0), "insertBelow": True}
    desk.batch(made, {"insertTableRow": below})
    assert grid(desk, made) == [["00", "01"], ["", ""], ["10", "11"]]
    new = cell(desk, made, 1, 0)["content"][0]["paragraph"]["elements"][0]["textRun"]
    assert new == {"content": "\n", "textStyle": {"bold": True}}


def test_rows_above_and_columns_on_both_sides(desk: Desk) -> None:
    """Fact: `insertTableRow` etc. use `tableCellLocation{tableStartLocation,rowIndex,columnIndex}`."""
    made = filled(desk, 1, 2)
    desk.batch(
        made,
        {"insertTableRow": {"tableCellLocation": cell_at(2, 0, 1)}},
        {"insertTableColumn": {"tableCellLocation": cell_at(2, 0, 0), "insertRight": True}},
        {"insertTableColumn": {"tableCellLocation": cell_at(2, 0, 0)}},
    )
    assert grid(desk, made) == [["", "", "", ""], ["", "00", "", "01"]]
    assert found(desk, made)["table"]["columns"] == 4


def test_a_new_column_copies_width_and_background(desk: Desk) -> None:
    """Fact: a new column copies the neighbour's width and background."""
    made = filled(desk, 1, 1)
    shade = {"tableCellStyle": {"backgroundColor": color(red=1)}, "fields": "backgroundColor"}
    wide = {"widthType": "FIXED_WIDTH", "width": points(100)}
    desk.batch(
        made,
        {"updateTableCellStyle": {"tableStartLocation": {"index": 2}, **shade}},
        {
            "updateTableColumnProperties": {
                "tableStartLocation": {"index": 2},
                "tableColumnProperties": wide,
                "fields": "*",
            }
        },
        {"insertTableColumn": {"tableCellLocation": cell_at(2, 0, 0), "insertRight": True}},
    )
    assert found(desk, made)["table"]["tableStyle"]["tableColumnProperties"] == [wide, wide]
    assert cell(desk, made, 0, 1)["tableCellStyle"]["backgroundColor"] == color(red=1)


def test_deleting_rows_and_columns(desk: Desk) -> None:
    """The reference cell's row or column goes; the last one takes the table with it."""
    made = filled(desk, 3, 3)
    desk.batch(
        made,
        {"deleteTableRow": {"tableCellLocation": cell_at(2, 1, 0)}},
        {"deleteTableColumn": {"tableCellLocation": cell_at(2, 0, 0)}},
    )
    assert grid(desk, made) == [["01", "02"], ["21", "22"]]
    desk.batch(made, *[{"deleteTableRow": {"tableCellLocation": cell_at(2, 0, 0)}}] * 2)
    assert [list(one)[-1] for one in desk.content(made)] == ["sectionBreak", "paragraph", "paragraph"]


@pytest.mark.parametrize("kind", ["insertTableRow", "deleteTableColumn"])
def test_wrong_cells(desk: Desk, kind: str) -> None:
    """The location must be a table's exact start, row and column must exist."""
    made = filled(desk, 2, 2)
    said = desk.refused(made, {kind: {"tableCellLocation": cell_at(3, 0, 0)}})
    assert said.endswith("Invalid table start location. Must specify the start index of the table.")
    desk.refused(made, {kind: {"tableCellLocation": cell_at(2, 2, 0)}})
    desk.refused(made, {kind: {"tableCellLocation": cell_at(2, 0, -1)}})


def test_cell_styles_of_a_range(desk: Desk) -> None:
    """A tableRange styles its cells; named but unset fields go back to the default."""
    made = filled(desk, 2, 2)
    area = {"tableCellLocation": cell_at(2, 0, 1), "rowSpan": 2, "columnSpan": 1}
    style = {"backgroundColor": color(blue=1), "contentAlignment": "MIDDLE", "paddingTop": points(0)}
    request = {"tableRange": area, "tableCellStyle": style, "fields": ",".join(style)}
    desk.batch(made, {"updateTableCellStyle": request})
    styled = cell(desk, made, 1, 1)["tableCellStyle"]
    assert (styled["backgroundColor"], styled["contentAlignment"], styled["paddingTop"]) == (
        color(blue=1),
        "MIDDLE",
        {"unit": "PT"},
    )
    assert cell(desk, made, 0, 0)["tableCellStyle"]["backgroundColor"] == {}
    request = {"tableRange": area, "tableCellStyle": {}, "fields": "backgroundColor"}
    desk.batch(made, {"updateTableCellStyle": request})
    assert cell(desk, made, 0, 1)["tableCellStyle"]["backgroundColor"] == {}


def test_shared_borders_are_updated_on_both_sides(desk: Desk) -> None:
    """Reference: if a cell shares a border with a neighbour, the neighbour's border is updated as well."""
    made = filled(desk, 1, 2)
    border = {"color": color(red=1), "width": points(2), "dashStyle": "DOT"}
    area = {"tableCellLocation": cell_at(2, 0, 0), "rowSpan": 1, "columnSpan": 1}
    request = {"tableRange": area, "tableCellStyle": {"borderRight": border}, "fields": "borderRight"}
    desk.batch(made, {"updateTableCellStyle": request})
    assert cell(desk, made, 0, 1)["tableCellStyle"]["borderLeft"] == border
    assert "borderRight" not in cell(desk, made, 0, 1)["tableCellStyle"]


def test_cell_style_refusals(desk: Desk) -> None:
    """Half a border, a range outside, both or neither place, read-only spans: refused."""
    made = filled(desk, 1, 2)
    whole = {"tableStartLocation": {"index": 2}}
    half = {"tableCellStyle": {"borderTop": {"width": points(1)}}, "fields": "borderTop"}
    desk.refused(made, {"updateTableCellStyle": whole | half})
    shade = {"tableCellStyle": {"backgroundColor": color(red=1)}, "fields": "backgroundColor"}
    outside = {"tableCellLocation": cell_at(2, 0, 1), "rowSpan": 1, "columnSpan": 2}
    desk.refused(made, {"updateTableCellStyle": {"tableRange": outside} | shade})
    desk.refused(made, {"updateTableCellStyle": {"tableRange": outside} | whole | shade})
    desk.refused(made, {"updateTableCellStyle": shade})
    desk.refused(made, {"updateTableCellStyle": whole | {"tableCellStyle": {"rowSpan": 2}, "fields": "rowSpan"}})


def test_column_widths(desk: Desk) -> None:
    """Chosen columns get a width; less than 5 points is refused; no indices means all columns."""
    made = filled(desk, 1, 3)

    def request(width: float, *columns: int) -> dict[str, Any]:
        wanted = {"widthType": "FIXED_WIDTH", "width": points(width)}
        place = {"tableStartLocation": {"index": 2}, "columnIndices": list(columns)}
        return {"updateTableColumnProperties": place | {"tableColumnProperties": wanted, "fields": "widthType,width"}}

    desk.batch(made, request(80, 1))
    columns = found(desk, made)["table"]["tableStyle"]["tableColumnProperties"]
    assert [column["widthType"] for column in columns] == ["EVENLY_DISTRIBUTED", "FIXED_WIDTH", "EVENLY_DISTRIBUTED"]
    assert columns[1]["width"] == points(80)
    desk.refused(made, request(4.9, 0))
    desk.refused(made, request(50, 3))
    desk.batch(made, request(50))
    columns = found(desk, made)["table"]["tableStyle"]["tableColumnProperties"]
    assert [column["width"] for column in columns] == [points(50)] * 3


def test_row_styles_and_pinned_headers(desk: Desk) -> None:
    """Row heights and pinned header rows are kept on the rows."""
    made = filled(desk, 2, 1)
    place = {"tableStartLocation": {"index": 2}}
    height = {"tableRowStyle": {"minRowHeight": points(40)}, "rowIndices": [1], "fields": "minRowHeight"}
    desk.batch(
        made, {"updateTableRowStyle": place | height}, {"pinTableHeaderRows": place | {"pinnedHeaderRowsCount": 1}}
    )
    rows = [row["tableRowStyle"] for row in found(desk, made)["table"]["tableRows"]]
    assert rows == [{"minRowHeight": {"unit": "PT"}, "tableHeader": True}, {"minRowHeight": points(40)}]
    desk.batch(made, {"pinTableHeaderRows": place})
    assert "tableHeader" not in found(desk, made)["table"]["tableRows"][0]["tableRowStyle"]
    desk.refused(made, {"pinTableHeaderRows": place | {"pinnedHeaderRowsCount": 3}})


def test_merging_and_unmerging(desk: Desk) -> None:
    """Reference: merged text is concatenated in the head cell and stays there when the cells are unmerged."""
    made = filled(desk, 2, 2)
    area = {"tableRange": {"tableCellLocation": cell_at(2, 0, 0), "rowSpan": 1, "columnSpan": 2}}
    desk.batch(made, {"mergeTableCells": area})
    assert grid(desk, made) == [["00\n01", ""], ["10", "11"]]
    assert cell(desk, made, 0, 0)["tableCellStyle"]["columnSpan"] == 2
    desk.refused(made, {"mergeTableCells": area})
    desk.batch(made, {"unmergeTableCells": area})
    assert cell(desk, made, 0, 0)["tableCellStyle"]["columnSpan"] == 1
    assert grid(desk, made)[0] == ["00\n01", ""]


def test_deleting_a_merged_column_takes_all_it_spans(desk: Desk) -> None:
    """Reference: if the reference is a merged cell, all columns that it spans are deleted."""
    made = filled(desk, 1, 3)
    area = {"tableRange": {"tableCellLocation": cell_at(2, 0, 0), "rowSpan": 1, "columnSpan": 2}}
    desk.batch(made, {"mergeTableCells": area}, {"deleteTableColumn": {"tableCellLocation": cell_at(2, 0, 0)}})
    assert grid(desk, made) == [["02"]]
