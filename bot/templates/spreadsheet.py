"""What a schema's spreadsheet consists of, as one atomic list of Sheets requests: pure, nothing is sent from here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.project.rows import template_rows, to_cells
from bot.project.schema import FIRST_ROW, FORM_HEADER, FORM_WIDTHS, LAST_ROW, Column, Schema, Tab, formula, letter
from bot.world.sheets import COLUMN_KEY

Request = dict[str, Any]
Cell = dict[str, Any]

BLANK_SHEET_ID = 0  # the tab every new spreadsheet starts with
ROWS = LAST_ROW
VALUE_COLUMN = FORM_HEADER.index("Value")
FIELD_COLUMN = FORM_HEADER.index("Field")
LETTER_PIXELS = 8  # a bold letter of a header

_HEADER = {"red": 0.91, "green": 0.93, "blue": 0.96}
_BOT = {"red": 0.95, "green": 0.95, "blue": 0.95}
_TINTS = {
    "Green": {"red": 0.83, "green": 0.93, "blue": 0.83},
    "Amber": {"red": 1.0, "green": 0.92, "blue": 0.75},
    "Red": {"red": 0.98, "green": 0.82, "blue": 0.8},
    "Blocked": {"red": 1.0, "green": 0.92, "blue": 0.75},
    "Done": {"red": 0.88, "green": 0.88, "blue": 0.88},
}
_FORMAT_TYPES = {"date": "DATE", "integer": "NUMBER", "number": "NUMBER"}


def requests(schema: Schema) -> list[Request]:
    """Everything that turns a blank spreadsheet into the schema's: tabs first, the blank tab last."""
    made: list[Request] = [_add_sheet(tab, index) for index, tab in enumerate(schema.tabs)]
    for tab in schema.tabs:
        made += _form(schema, tab) if tab.layout == "form" else _table(schema, tab)
    return [*made, {"deleteSheet": {"sheetId": BLANK_SHEET_ID}}]


def _add_sheet(tab: Tab, index: int) -> Request:
    grid = {"rowCount": ROWS, "columnCount": tab.grid_width(), "frozenRowCount": 1}
    if tab.layout == "table":
        grid["frozenColumnCount"] = 2  # ID and words stay in sight beside the columns at the far right
    properties = {"sheetId": tab.sheet_id, "title": tab.title, "index": index, "gridProperties": grid}
    return {"addSheet": {"properties": properties | ({"hidden": True} if tab.shown_from else {})}}


# ---------------------------------------------------------------------- tables


def _table(schema: Schema, tab: Tab) -> Iterator[Request]:
    rows = [[_value_cell(value) for value in to_cells(tab, record)] for record in template_rows(tab)]
    yield _cells(tab, 0, 0, [[_header_cell(column) for column in tab.columns], *rows])
    for index, column in enumerate(tab.columns):
        below = _grid(tab, 1, ROWS, index, index + 1)
        yield _width(tab, index, max(column.width, LETTER_PIXELS * len(column.title) + 24))  # a title fits its column
        yield _metadata(tab, "COLUMNS", index, column)
        yield from _shape(column, below)
        if column.owner == "bot":
            yield _protection(below, column)
        if column.formula and tab.prefill:
            formulas = [[_formula_cell(formula(schema, tab, column.name, FIRST_ROW + n))] for n in range(tab.prefill)]
            yield _cells(tab, 1, index, formulas)
    yield from _colours(tab)


def _header_cell(column: Column) -> Cell:
    cell: Cell = {
        "userEnteredValue": {"stringValue": column.title},
        "userEnteredFormat": {
            "textFormat": {"bold": True},
            "backgroundColor": _BOT if column.owner == "bot" else _HEADER,
            "wrapStrategy": "WRAP",
        },
    }
    return cell | ({"note": note(column)} if note(column) else {})


def note(column: Column) -> str:
    """The help a person sees on a header: what the column means, what it takes, and whether the bot writes it."""
    limits = column.constraints
    words = [column.description]
    if column.owner == "bot":
        words.append("Written by the bot; you need not touch it.")
    if limits.minimum is not None and limits.maximum is not None:
        words.append(f"{limits.minimum} to {limits.maximum}.")
    return " ".join(word for word in words if word)


# ---------------------------------------------------------------------- forms


def _form(schema: Schema, tab: Tab) -> Iterator[Request]:
    header = [{**_text_cell(title), "userEnteredFormat": {"textFormat": {"bold": True}}} for title in FORM_HEADER]
    yield _cells(tab, 0, 0, [header, *(_form_row(schema, tab, n, c) for n, c in enumerate(tab.columns))])
    for index, width in enumerate(FORM_WIDTHS):
        yield _width(tab, index, width)
    yield _hidden_column(tab, FIELD_COLUMN)
    for index, column in enumerate(tab.columns):
        row = FIRST_ROW - 1 + index
        cell = _grid(tab, row, row + 1, VALUE_COLUMN, VALUE_COLUMN + 1)
        yield _metadata(tab, "ROWS", row, column)
        yield from _shape(column, cell)
        if column.owner == "bot":
            yield _protection(cell, column)
    yield from _rag_colours(tab, _grid(tab, 1, ROWS, VALUE_COLUMN, VALUE_COLUMN + 1))


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


# ---------------------------------------------------------------------- what a column takes


def _shape(column: Column, where: Request) -> Iterator[Request]:
    """Number format and validation of the cells of one column or field."""
    if column.type in _FORMAT_TYPES:
        kind = "PERCENT" if column.format.endswith("%") else _FORMAT_TYPES[column.type]
        number_format = {"type": kind, "pattern": column.format} if column.format else {"type": kind}
        yield {
            "repeatCell": {
                "range": where,
                "cell": {"userEnteredFormat": {"numberFormat": number_format}},
                "fields": "userEnteredFormat.numberFormat",
            }
        }
    rule = validation(column)
    if rule:
        yield {"setDataValidation": {"range": where, "rule": rule}}


def validation(column: Column) -> Request | None:
    """The rule that offers or checks a column's values; only fixed vocabularies are strict."""
    limits = column.constraints
    if limits.enum or column.options:
        values = [{"userEnteredValue": word} for word in limits.enum or column.options]
        condition: Request = {"type": "ONE_OF_LIST", "values": values}
        return {"condition": condition, "strict": bool(limits.enum), "showCustomUi": True}
    if column.type == "boolean":
        return {"condition": {"type": "BOOLEAN"}, "strict": True}
    if column.type == "date":
        return {
            "condition": {"type": "DATE_IS_VALID"},
            "strict": False,
            "inputMessage": "A date, for example 2027-03-31",
        }
    if limits.minimum is not None and limits.maximum is not None:
        bounds = [{"userEnteredValue": str(limits.minimum)}, {"userEnteredValue": str(limits.maximum)}]
        return {"condition": {"type": "NUMBER_BETWEEN", "values": bounds}, "strict": False}
    return None


# ---------------------------------------------------------------------- colours


def _colours(tab: Tab) -> Iterator[Request]:
    names = [column.name for column in tab.columns]
    width = len(names)
    if "status" in names:
        status = letter(names.index("status"))
        for word in ("Done", "Blocked"):
            if word in tab.column("status").constraints.enum:
                yield _rule(_grid(tab, 1, ROWS, 0, width), f'=${status}{FIRST_ROW}="{word}"', _TINTS[word])
        yield from _overdue(tab, names, status)
    for index, column in enumerate(tab.columns):
        if "Amber" in column.constraints.enum:
            yield from _rag_colours(tab, _grid(tab, 1, ROWS, index, index + 1))


def _overdue(tab: Tab, names: Sequence[str], status: str) -> Iterator[Request]:
    """Open work whose day has passed shows its day in red."""
    day = next((name for name in ("forecast", "due") if name in names), None)
    if day and "Done" in tab.column("status").constraints.enum:
        index = names.index(day)
        cell, state = f"${letter(index)}{FIRST_ROW}", f"${status}{FIRST_ROW}"
        test = f'=AND({cell}<>"",{cell}<TODAY(),{state}<>"Done",{state}<>"N/A")'
        yield _rule(_grid(tab, 1, ROWS, index, index + 1), test, _TINTS["Red"])


def _rag_colours(tab: Tab, where: Request) -> Iterator[Request]:
    if not any("Amber" in column.constraints.enum for column in tab.columns):
        return
    for word in ("Green", "Amber", "Red"):
        condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": word}]}
        yield _rule_of(where, condition, _TINTS[word])


def _rule(where: Request, test: str, tint: Request) -> Request:
    return _rule_of(where, {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": test}]}, tint)


def _rule_of(where: Request, condition: Request, tint: Request) -> Request:
    boolean = {"condition": condition, "format": {"backgroundColor": tint}}
    return {"addConditionalFormatRule": {"rule": {"ranges": [where], "booleanRule": boolean}, "index": 0}}


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


def _grid(tab: Tab, row: int, end_row: int, column: int, end_column: int) -> Request:
    return {
        "sheetId": tab.sheet_id,
        "startRowIndex": row,
        "endRowIndex": end_row,
        "startColumnIndex": column,
        "endColumnIndex": end_column,
    }


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


def _metadata(tab: Tab, dimension: str, index: int, column: Column) -> Request:
    """A mark that follows the column through renames, moves and copies."""
    return {
        "createDeveloperMetadata": {
            "developerMetadata": {
                "metadataKey": COLUMN_KEY,
                "metadataValue": column.name,
                "visibility": "DOCUMENT",
                "location": {"dimensionRange": _span(tab, dimension, index)},
            }
        }
    }


def _protection(where: Request, column: Column) -> Request:
    """People are warned, never stopped."""
    kept = {"range": where, "description": f"{column.title}: written by the bot", "warningOnly": True}
    return {"addProtectedRange": {"protectedRange": kept}}
