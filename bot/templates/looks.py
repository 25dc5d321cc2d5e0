"""How the cells of a column look and what they take: number formats, dropdowns, colours, help. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.project import highlights
from bot.project.highlights import Highlight
from bot.project.schema import FIRST_ROW, FORM_HEADER, LAST_ROW, Column, Tab, letter

Request = dict[str, Any]

VALUE_COLUMN = FORM_HEADER.index("Value")
HEADER = {"red": 0.91, "green": 0.93, "blue": 0.96}
BOT = {"red": 0.95, "green": 0.95, "blue": 0.95}
_TINTS = {
    "green": {"red": 0.83, "green": 0.93, "blue": 0.83},
    "amber": {"red": 1.0, "green": 0.92, "blue": 0.75},
    "red": {"red": 0.98, "green": 0.82, "blue": 0.8},
    "grey": {"red": 0.88, "green": 0.88, "blue": 0.88},
}
_FORMAT_TYPES = {"date": "DATE", "integer": "NUMBER", "number": "NUMBER"}


def note(column: Column) -> str:
    """The help a person sees on a header: what the column means, what it takes, and whether the bot writes it."""
    limits = column.constraints
    words = [column.description]
    if column.owner == "bot":
        words.append("Written by the bot; you need not touch it.")
    if limits.minimum is not None and limits.maximum is not None:
        words.append(f"{limits.minimum} to {limits.maximum}.")
    return " ".join(word for word in words if word)


def number_format(column: Column) -> Request | None:
    """The number format of a column's cells; none where text stands."""
    if column.type not in _FORMAT_TYPES:
        return None
    kind = "PERCENT" if column.format.endswith("%") else _FORMAT_TYPES[column.type]
    return {"type": kind, "pattern": column.format} if column.format else {"type": kind}


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


def shape(column: Column, where: Request) -> Iterator[Request]:
    """Number format and validation of the cells of one column or field."""
    wanted = number_format(column)
    if wanted:
        cell = {"userEnteredFormat": {"numberFormat": wanted}}
        yield {"repeatCell": {"range": where, "cell": cell, "fields": "userEnteredFormat.numberFormat"}}
    rule = validation(column)
    if rule:
        yield {"setDataValidation": {"range": where, "rule": rule}}


def colours(tab: Tab) -> Iterator[Request]:
    """The tab's highlights as conditional formats, the first one of the schema on top."""
    for index, highlight in enumerate(tab.highlights):
        formula = highlights.formula(highlight, lambda name: _cell(tab, name))
        condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": formula}]}
        boolean = {"condition": condition, "format": {"backgroundColor": _TINTS[highlight.colour]}}
        rule = {"ranges": list(_ranges(tab, highlight)), "booleanRule": boolean}
        yield {"addConditionalFormatRule": {"rule": rule, "index": index}}


def _cell(tab: Tab, name: str) -> str:
    if tab.layout == "form":
        return f"${letter(VALUE_COLUMN)}${FIRST_ROW + tab.index(name)}"
    return f"${letter(tab.index(name))}{FIRST_ROW}"


def _ranges(tab: Tab, highlight: Highlight) -> Iterator[Request]:
    """The cells to colour: those of the named columns or fields, else the whole rows."""
    for name in highlight.columns:
        at = tab.index(name)
        yield grid(tab, 1, LAST_ROW, at, at + 1) if tab.layout == "table" else field_cell(tab, at)
    if not highlight.columns:
        yield grid(tab, 1, LAST_ROW, 0, tab.grid_width())


def field_cell(tab: Tab, index: int) -> Request:
    """The value's cell of a form's field."""
    row = FIRST_ROW - 1 + index
    return grid(tab, row, row + 1, VALUE_COLUMN, VALUE_COLUMN + 1)


def grid(tab: Tab, row: int, end_row: int, column: int, end_column: int) -> Request:
    """A GridRange; rows and columns count from 0, ends are left out."""
    return {
        "sheetId": tab.sheet_id,
        "startRowIndex": row,
        "endRowIndex": end_row,
        "startColumnIndex": column,
        "endColumnIndex": end_column,
    }
