"""The marks by which a file's columns are known, and the warnings on the bot's own: those that are missing. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.project.schema import FIRST_ROW, FORM_HEADER, Column, Schema, Tab
from bot.world.sheets import COLUMN_KEY
from bot.world.structure import Structure, TabStructure

Request = dict[str, Any]

FIELD, VALUE = FORM_HEADER.index("Field"), FORM_HEADER.index("Value")


def missing(schema: Schema, found: Structure) -> list[Request]:
    """The requests that tag the columns and fields which have no tag, and warn before the bot's own."""
    return [
        request
        for tab in schema.tabs
        if tab.sheet_id in found.tabs
        for request in _missing(tab, found.tabs[tab.sheet_id])
    ]


def _missing(tab: Tab, there: TabStructure) -> Iterator[Request]:
    is_form = tab.layout == "form"
    known = there.row_marks if is_form else there.column_marks
    for column in tab.columns:
        at = known.get(column.name, _place(column, there, is_form))
        if at is None:
            continue  # somebody removed the column: the sweep asks the project manager about it
        if column.name not in known:
            yield _tag(column, tab, "ROWS" if is_form else "COLUMNS", at)
        where = _field(tab, at) if is_form else _column(tab, there, at)
        if column.owner == "bot" and not any(_covers(rule, where) for rule in there.found("protectedRanges")):
            yield _warning(column, where)


def _place(column: Column, there: TabStructure, is_form: bool) -> int | None:
    """Where a column's title, or a field's name, stands."""
    values = there.values()
    cells: Sequence[object] = [line[FIELD] if line else None for line in values] if is_form else (values or [[]])[0]
    names = {column.name} if is_form else {column.title.casefold(), *(alias.casefold() for alias in column.aliases)}
    texts = [str(cell or "").strip() for cell in cells]
    return next((at for at, text in enumerate(texts) if (text if is_form else text.casefold()) in names), None)


def _column(tab: Tab, there: TabStructure, at: int) -> Request:
    rows = int(there.grid.get("rowCount", FIRST_ROW))
    return _range(tab, FIRST_ROW - 1, rows, at, at + 1)


def _field(tab: Tab, at: int) -> Request:
    return _range(tab, at, at + 1, VALUE, VALUE + 1)


def _range(tab: Tab, top: int, bottom: int, left: int, right: int) -> Request:
    rows = {"startRowIndex": top, "endRowIndex": bottom}
    return {"sheetId": tab.sheet_id, **rows, "startColumnIndex": left, "endColumnIndex": right}


def _covers(rule: Mapping[str, Any], where: Request) -> bool:
    """Whether a protection stands on some of these cells: people shrink and stretch it, and rows come above it."""
    kept = rule.get("range", {})
    return bool(
        kept.get("startColumnIndex", 0) <= where["startColumnIndex"]
        and where["endColumnIndex"] <= kept.get("endColumnIndex", where["endColumnIndex"])
        and kept.get("startRowIndex", 0) < where["endRowIndex"]
        and where["startRowIndex"] < kept.get("endRowIndex", where["endRowIndex"])
    )


def _tag(column: Column, tab: Tab, dimension: str, at: int) -> Request:
    span = {"sheetId": tab.sheet_id, "dimension": dimension, "startIndex": at, "endIndex": at + 1}
    mark = {"metadataKey": COLUMN_KEY, "metadataValue": column.name, "visibility": "DOCUMENT"}
    return {"createDeveloperMetadata": {"developerMetadata": {**mark, "location": {"dimensionRange": span}}}}


def _warning(column: Column, where: Request) -> Request:
    """People are warned, never stopped."""
    rule = {"range": where, "description": f"{column.title}: written by the bot", "warningOnly": True}
    return {"addProtectedRange": {"protectedRange": rule}}
