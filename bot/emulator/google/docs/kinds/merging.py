"""mergeTableCells and unmergeTableCells. The cells that a merged one covers stay, empty, behind it."""

from __future__ import annotations

from typing import Any

from bot.emulator.google.docs.edit import Edit, Reply, kind
from bot.emulator.google.docs.kinds.tables import chosen
from bot.emulator.google.docs.refusal import RefusalError
from bot.emulator.google.docs.structure import Cell, Table, table_at


@kind("mergeTableCells")
def merge_table_cells(edit: Edit, request: dict[str, Any]) -> Reply:
    segment_id, table, rows, columns = chosen(edit, request)
    if any(_span(table.rows[row].cells[column]) != (1, 1) for row in rows for column in columns):
        raise RefusalError("The table range contains cells that are already merged.")
    covered = [(row, column) for row in rows for column in columns][1:]
    head = (rows.start, columns.start)
    for row, column in covered:
        _move_text(edit, segment_id, table.start, (row, column), head)
    _resize(edit, segment_id, table, head, len(rows), len(columns))
    return None


def _span(cell: Cell) -> tuple[int, int]:
    return cell.style.get("rowSpan", 1), cell.style.get("columnSpan", 1)


def _cell(edit: Edit, segment_id: str, start: int, place: tuple[int, int]) -> Cell:
    table = table_at(edit.document.segments[segment_id], start)
    assert table is not None
    return table.rows[place[0]].cells[place[1]]


def _move_text(edit: Edit, segment_id: str, start: int, source: tuple[int, int], head: tuple[int, int]) -> None:
    """Append the text of one cell to the head cell and leave the source empty; an empty cell adds nothing."""
    segment = edit.document.segments[segment_id]
    cell = _cell(edit, segment_id, start, source)
    first, last = cell.start + 1, cell.end - 1
    if first == last:
        return
    moved = segment.text[first:last], segment.styles[first:last], segment.extras[first:last]
    paragraph = segment.extras[last]
    edit.document.splice(segment_id, first, last, "", [], [])
    target = _cell(edit, segment_id, start, head)
    at = target.end - 1
    if target.end - target.start > 2:
        # The head's own last paragraph keeps its look; the moved text becomes the paragraphs after it.
        edit.document.splice(segment_id, at, at, "\n", [segment.styles[at]], [segment.extras[at]])
        at += 1
    edit.document.splice(segment_id, at, at, *moved)
    edit.document.put_extra(segment_id, at + len(moved[0]), paragraph or {})


def _resize(edit: Edit, segment_id: str, table: Table, head: tuple[int, int], rows: int, columns: int) -> None:
    cell = _cell(edit, segment_id, table.start, head)
    edit.document.put_extra(segment_id, cell.start, cell.style | {"rowSpan": rows, "columnSpan": columns})


@kind("unmergeTableCells")
def unmerge_table_cells(edit: Edit, request: dict[str, Any]) -> Reply:
    segment_id, table, rows, columns = chosen(edit, request)
    for row in rows:
        for column in columns:
            if _span(table.rows[row].cells[column]) != (1, 1):
                _resize(edit, segment_id, table, (row, column), 1, 1)
    return None
