"""insertTable and the requests that add, remove, merge or pin rows and columns."""

from __future__ import annotations

from typing import Any

from bot.emulator.google.docs.defaults import CELL_STYLE, COLUMN, PARAGRAPH, ROW_STYLE
from bot.emulator.google.docs.edit import Edit, Reply, kind
from bot.emulator.google.docs.places import cell_of, insertion
from bot.emulator.google.docs.refusal import RefusalError
from bot.emulator.google.docs.segment import Extra, Style
from bot.emulator.google.docs.structure import Cell, Paragraph, Table
from bot.emulator.google.docs.units import CELL, ROW, TABLE, TABLE_END

MOST_COLUMNS = 20


@kind("insertTable")
def insert_table(edit: Edit, request: dict[str, Any]) -> Reply:
    rows, columns = request.get("rows", 0), request.get("columns", 0)
    if rows < 1 or not 1 <= columns <= MOST_COLUMNS:
        raise RefusalError(f"Tables must have at least 1 row and between 1 and {MOST_COLUMNS} columns.")
    segment_id, index = insertion(edit.document, request)
    if edit.document.segments[segment_id].kind == "footnote":
        raise RefusalError("Tables cannot be inserted inside a footnote.")
    edit.split_paragraph(segment_id, index)
    text = TABLE + (ROW + (CELL + "\n") * columns) * rows + TABLE_END
    row: list[Extra] = [ROW_STYLE, *([CELL_STYLE, PARAGRAPH] * columns)]
    extras = [{"columns": [COLUMN] * columns}, *(row * rows), None]
    styles: list[Style] = [{} for _ in text]
    edit.document.splice(segment_id, index + 1, index + 1, text, styles, extras)
    return None


def _new_cell(like: Cell) -> tuple[str, list[Style], list[Extra]]:
    """An empty cell that looks like its neighbour: cell style, paragraph style and the first text's style."""
    first, style, paragraph = like.blocks[0], Style(), PARAGRAPH
    if isinstance(first, Paragraph):
        style = first.runs[0].style
        paragraph = {"style": {name: value for name, value in first.style.items() if name != "headingId"}}
    cell = like.style | {"rowSpan": 1, "columnSpan": 1}
    return CELL + "\n", [{}, style], [cell, paragraph]


def _splice_cell(edit: Edit, segment_id: str, index: int, like: Cell) -> None:
    text, styles, extras = _new_cell(like)
    edit.document.splice(segment_id, index, index, text, styles, extras)


@kind("insertTableRow")
def insert_table_row(edit: Edit, request: dict[str, Any]) -> Reply:
    segment_id, table, row, column = cell_of(edit.document, request.get("tableCellLocation", {}))
    reference = table.rows[row]
    below = request.get("insertBelow", False)
    if below:
        row += reference.cells[column].style.get("rowSpan", 1) - 1
    index = table.rows[row].end if below else reference.start
    style = {name: value for name, value in reference.style.items() if name != "tableHeader"}
    text = ROW
    styles: list[Style] = [{}]
    extras: list[Extra] = [style]
    for cell in reference.cells:
        cell_text, cell_styles, cell_extras = _new_cell(cell)
        text, styles, extras = text + cell_text, styles + cell_styles, extras + cell_extras
    edit.document.splice(segment_id, index, index, text, styles, extras)
    return None


@kind("insertTableColumn")
def insert_table_column(edit: Edit, request: dict[str, Any]) -> Reply:
    segment_id, table, row, column = cell_of(edit.document, request.get("tableCellLocation", {}))
    right = request.get("insertRight", False)
    if right:
        column += table.rows[row].cells[column].style.get("columnSpan", 1) - 1
    if len(table.columns) >= MOST_COLUMNS:
        raise RefusalError(f"A table cannot have more than {MOST_COLUMNS} columns.")
    for line in reversed(table.rows):
        cell = line.cells[column]
        _splice_cell(edit, segment_id, cell.end if right else cell.start, cell)
    columns = list(table.columns)
    columns.insert(column + right, table.columns[column])
    edit.document.put_extra(segment_id, table.start, {"columns": columns})
    return None


@kind("deleteTableRow")
def delete_table_row(edit: Edit, request: dict[str, Any]) -> Reply:
    segment_id, table, row, column = cell_of(edit.document, request.get("tableCellLocation", {}))
    span = table.rows[row].cells[column].style.get("rowSpan", 1)
    doomed = table.rows[row : row + span]
    if len(doomed) == len(table.rows):
        edit.document.splice(segment_id, table.start, table.end, "", [], [])
    else:
        edit.document.splice(segment_id, doomed[0].start, doomed[-1].end, "", [], [])
    return None


@kind("deleteTableColumn")
def delete_table_column(edit: Edit, request: dict[str, Any]) -> Reply:
    segment_id, table, row, column = cell_of(edit.document, request.get("tableCellLocation", {}))
    last = column + table.rows[row].cells[column].style.get("columnSpan", 1) - 1
    columns = table.columns[:column] + table.columns[last + 1 :]
    if not columns:
        edit.document.splice(segment_id, table.start, table.end, "", [], [])
        return None
    for line in reversed(table.rows):
        edit.document.splice(segment_id, line.cells[column].start, line.cells[last].end, "", [], [])
    edit.document.put_extra(segment_id, table.start, {"columns": columns})
    return None


def chosen(edit: Edit, request: dict[str, Any]) -> tuple[str, Table, range, range]:
    """Segment, table, rows and columns of a TableRange; spans of 0 count as 1."""
    area = request.get("tableRange", {})
    segment_id, table, row, column = cell_of(edit.document, area.get("tableCellLocation", {}))
    rows = range(row, row + max(1, area.get("rowSpan", 1)))
    columns = range(column, column + max(1, area.get("columnSpan", 1)))
    if rows.stop > len(table.rows) or columns.stop > len(table.columns):
        raise RefusalError("The table range is out of the bounds of the table.")
    return segment_id, table, rows, columns
