"""What a schema's spreadsheet consists of, as one atomic list of Sheets requests: pure, nothing is sent from here.

The same list serves a blank file and one that an earlier version built: tabs keep their ids (formulas of people's own
tabs go on pointing to them), everything in them is cleared and built again, and people's own tabs stay as they are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from bot.project.rows import to_cells
from bot.project.schema import FIRST_ROW, FORM_HEADER, FORM_WIDTHS, LAST_ROW, Column, Schema, Tab, formula
from bot.project.seeds import highest
from bot.project.starting_rows import template_rows
from bot.templates.clearing import clear, make_room
from bot.templates.looks import BOT, HEADER, colours, field_cell, grid, note, shape
from bot.world.sheets import COLUMN_KEY, HIGHEST_KEY
from bot.world.structure import BLANK, Structure

Request = dict[str, Any]
Cell = dict[str, Any]

SCHEMA_KEY = "implbot.schema"  # the file's own marks, which copies keep: the schema it was built from,
VERSION_KEY = "implbot.version"  # and that schema's version
TAB_KEY = "implbot.tab"  # a tab's mark, so that a tab which a later schema leaves out is known as ours
ROWS = LAST_ROW
FIELD_COLUMN = FORM_HEADER.index("Field")
LETTER_PIXELS = 8  # a bold letter of a header


def requests(schema: Schema, current: Structure = BLANK) -> list[Request]:
    """Everything that turns a spreadsheet into the schema's: tabs first, tabs that must go last."""
    made = list(make_room(schema, current))
    for index, tab in enumerate(schema.tabs):
        made += [*clear(current.tabs[tab.sheet_id]), _set_sheet(tab, index)] if tab.sheet_id in current.tabs else []
        made += [] if tab.sheet_id in current.tabs else [_add_sheet(tab, index)]
    made += [_unmark(key) for key in current.mark_keys("implbot.")]
    made += _contents(schema)
    made += [_mark(key, value) for key, value in file_marks(schema).items()]
    return [*made, *({"deleteSheet": {"sheetId": sheet_id}} for sheet_id in _leaving(schema, current))]


@lru_cache(16)
def version(schema: Schema) -> str:
    """Twelve letters that change with the contents, the same in every process."""
    text = json.dumps([_properties(tab) for tab in schema.tabs] + list(_contents(schema)), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def file_marks(schema: Schema) -> dict[str, str]:
    """The marks of the file itself: what it was built from, and the highest ID number of each tab."""
    tabs = {f"{HIGHEST_KEY}{tab.name}": str(highest(tab)) for tab in schema.tabs if tab.id_prefix}
    return {SCHEMA_KEY: schema.name, VERSION_KEY: version(schema), **tabs}


def tab_mark(name: str, sheet_id: int) -> str:
    """The value of a tab's mark: with its id, so that the mark of a person's duplicate is not taken for ours."""
    return f"{name}:{sheet_id}"


def _contents(schema: Schema) -> Iterator[Request]:
    for tab in schema.tabs:
        yield from _form(schema, tab) if tab.layout == "form" else _table(schema, tab)
        yield from colours(tab)
        yield _metadata(TAB_KEY, tab_mark(tab.name, tab.sheet_id), {"sheetId": tab.sheet_id})


def _leaving(schema: Schema, current: Structure) -> list[int]:
    """The blank tab of a new file, and tabs of ours that the schema no longer has."""
    kept = {tab.sheet_id for tab in schema.tabs}
    if VERSION_KEY not in current.marks and not kept & current.tabs.keys():
        return list(current.tabs)
    ours = {tab.sheet_id: tab.marks().get(TAB_KEY, "") for tab in current.tabs.values() if tab.sheet_id not in kept}
    return [sheet_id for sheet_id, mark in ours.items() if mark.endswith(f":{sheet_id}")]


def _properties(tab: Tab) -> Request:
    frozen = {"frozenRowCount": 1, "frozenColumnCount": tab.frozen_columns}
    size = {"rowCount": ROWS, "columnCount": tab.grid_width()}
    return {
        "sheetId": tab.sheet_id,
        "title": tab.title,
        "hidden": bool(tab.shown_from),
        "gridProperties": size | {name: count for name, count in frozen.items() if count},
    }


def _add_sheet(tab: Tab, index: int) -> Request:
    return {"addSheet": {"properties": _properties(tab) | {"index": index}}}


def _set_sheet(tab: Tab, index: int) -> Request:
    grid_fields = "gridProperties(rowCount,columnCount,frozenRowCount,frozenColumnCount)"
    fields = f"title,hidden,index,{grid_fields}"
    return {"updateSheetProperties": {"properties": _properties(tab) | {"index": index}, "fields": fields}}


# ---------------------------------------------------------------------- tables


def _table(schema: Schema, tab: Tab) -> Iterator[Request]:
    rows = [[_value_cell(value) for value in to_cells(tab, record)] for record in template_rows(tab)]
    yield _cells(tab, 0, 0, [[_header_cell(column) for column in tab.columns], *rows])
    for index, column in enumerate(tab.columns):
        below = grid(tab, 1, ROWS, index, index + 1)
        yield _width(tab, index, max(column.width, LETTER_PIXELS * len(column.title) + 24))  # a title fits its column
        yield _metadata(COLUMN_KEY, column.name, {"dimensionRange": _span(tab, "COLUMNS", index)})
        yield from shape(column, below)
        if column.owner == "bot":
            yield _protection(below, column)
        if column.formula and tab.prefill:
            formulas = [[_formula_cell(formula(schema, tab, column.name, FIRST_ROW + n))] for n in range(tab.prefill)]
            yield _cells(tab, 1, index, formulas)


def _header_cell(column: Column) -> Cell:
    cell: Cell = {
        "userEnteredValue": {"stringValue": column.title},
        "userEnteredFormat": {
            "textFormat": {"bold": True},
            "backgroundColor": BOT if column.owner == "bot" else HEADER,
            "wrapStrategy": "WRAP",
        },
    }
    return cell | ({"note": note(column)} if note(column) else {})


# ---------------------------------------------------------------------- forms


def _form(schema: Schema, tab: Tab) -> Iterator[Request]:
    header = [{**_text_cell(title), "userEnteredFormat": {"textFormat": {"bold": True}}} for title in FORM_HEADER]
    yield _cells(tab, 0, 0, [header, *(_form_row(schema, tab, n, c) for n, c in enumerate(tab.columns))])
    for index, width in enumerate(FORM_WIDTHS):
        yield _width(tab, index, width)
    yield _hidden_column(tab, FIELD_COLUMN)
    for index, column in enumerate(tab.columns):
        cell = field_cell(tab, index)
        yield _metadata(COLUMN_KEY, column.name, {"dimensionRange": _span(tab, "ROWS", cell["startRowIndex"])})
        yield from shape(column, cell)
        if column.owner == "bot":
            yield _protection(cell, column)


def _form_row(schema: Schema, tab: Tab, index: int, column: Column) -> list[Cell]:
    text = formula(schema, tab, column.name, FIRST_ROW + index)
    value = _formula_cell(text) if text else default_cell(column)
    return [_text_cell(column.name), _text_cell(column.title), value, _text_cell(note(column))]


def default_cell(column: Column) -> Cell:
    """The cell of a column's default, in the column's own type; blank when it has none."""
    if not column.default:
        return {}
    if column.type in ("integer", "number"):
        return {"userEnteredValue": {"numberValue": float(column.default)}}
    if column.type == "boolean":
        return {"userEnteredValue": {"boolValue": column.default.lower() == "true"}}
    return _text_cell(column.default)


# ---------------------------------------------------------------------- small parts


def _text_cell(text: str) -> Cell:
    return {"userEnteredValue": {"stringValue": text}} if text else {}


def _value_cell(value: object) -> Cell:
    if isinstance(value, bool):
        return {"userEnteredValue": {"boolValue": value}} if value else {}
    if isinstance(value, int | float):
        return {"userEnteredValue": {"numberValue": value}}
    return _text_cell(str(value)) if value else {}


def _formula_cell(text: str) -> Cell:
    return {"userEnteredValue": {"formulaValue": text}}


def _cells(tab: Tab, row: int, column: int, cells: Sequence[Sequence[Cell]]) -> Request:
    start = {"sheetId": tab.sheet_id, "rowIndex": row, "columnIndex": column}
    fields = sorted({name for line in cells for cell in line for name in cell} | {"userEnteredValue"})
    return {
        "updateCells": {"start": start, "rows": [{"values": list(line)} for line in cells], "fields": ",".join(fields)}
    }


def _span(tab: Tab, dimension: str, index: int) -> Request:
    return {"sheetId": tab.sheet_id, "dimension": dimension, "startIndex": index, "endIndex": index + 1}


def _width(tab: Tab, index: int, pixels: int) -> Request:
    span = _span(tab, "COLUMNS", index)
    return {"updateDimensionProperties": {"range": span, "properties": {"pixelSize": pixels}, "fields": "pixelSize"}}


def _hidden_column(tab: Tab, index: int) -> Request:
    span, hidden = _span(tab, "COLUMNS", index), {"hiddenByUser": True}
    return {"updateDimensionProperties": {"range": span, "properties": hidden, "fields": "hiddenByUser"}}


def _metadata(key: str, value: str, location: Request) -> Request:
    """A mark that follows its column, row or tab through renames, moves and copies."""
    mark = {"metadataKey": key, "metadataValue": value, "visibility": "DOCUMENT", "location": location}
    return {"createDeveloperMetadata": {"developerMetadata": mark}}


def _mark(key: str, value: str) -> Request:
    return _metadata(key, value, {"spreadsheet": True})


def _unmark(key: str) -> Request:
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataKey": key}}}}


def _protection(where: Request, column: Column) -> Request:
    """People are warned, never stopped."""
    kept = {"range": where, "description": f"{column.title}: written by the bot", "warningOnly": True}
    return {"addProtectedRange": {"protectedRange": kept}}
