"""What a person does in the grid: typing, inserting and deleting rows, and what they see there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.emulator.google.errors import bad_request
from bot.emulator.google.gateway import Call, invoke
from bot.emulator.google.sheets import edits
from bot.emulator.google.sheets.a1 import clamped, column_letters, parse, quoted
from bot.emulator.google.sheets.book import COLUMN_PIXELS, Json, Sheet
from bot.emulator.google.sheets.cells import effective_format, hyperlink
from bot.emulator.google.sheets.colours import hex_of
from bot.emulator.google.sheets.reading import filled
from bot.emulator.google.sheets.store import live, reading
from bot.emulator.google.sheets.view import View, view

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

MOST_ROWS = 400  # of a tab that the page shows beyond its data
_API = "sheets.spreadsheets."


def type_into(workspace: Workspace, email: str, file_id: str, tab_title: str, cell: str, text: str) -> str:
    """Types `text` into a cell ("B7") as that person; "" clears it. Returns what the cell then displays.

    Raises GoogleError when the person may not edit it or there is no such tab or cell. A strict rule refuses what it
    does not allow, as the grid does (the API does not).
    """
    where = f"{_tab(workspace, email, file_id, tab_title)}!{cell}"
    _check_rule(workspace, file_id, where, text)
    params = {"spreadsheetId": file_id, "range": where, "valueInputOption": "USER_ENTERED"}
    invoke(workspace, email, _API + "values.update", params, {"values": [[text]]})
    shown = invoke(workspace, email, _API + "values.get", {"spreadsheetId": file_id, "range": where})
    return str(shown.get("values", [[""]])[0][0])


def insert_row(workspace: Workspace, email: str, file_id: str, tab_title: str, row: int, values: list[Any]) -> None:
    """Inserts a row so that it becomes row number `row` (1-based) and types `values` from column A."""
    title = _tab(workspace, email, file_id, tab_title)
    span = {"sheetId": _id(workspace, file_id, tab_title), "dimension": "ROWS", "startIndex": row - 1, "endIndex": row}
    request = {"insertDimension": {"range": span, "inheritFromBefore": row > 2}}
    invoke(workspace, email, _API + "batchUpdate", {"spreadsheetId": file_id}, {"requests": [request]})
    edits.append(
        workspace, email, file_id, [{"tab": tab_title, "cell": f"{row}:{row}", "old": None, "new": "row inserted"}]
    )
    if values:
        params = {"spreadsheetId": file_id, "range": f"{title}!A{row}", "valueInputOption": "USER_ENTERED"}
        invoke(workspace, email, _API + "values.update", params, {"values": [values]})


def delete_row(workspace: Workspace, email: str, file_id: str, tab_title: str, row: int) -> None:
    """Deletes row number `row` (1-based)."""
    _tab(workspace, email, file_id, tab_title)
    span = {"sheetId": _id(workspace, file_id, tab_title), "dimension": "ROWS", "startIndex": row - 1, "endIndex": row}
    invoke(
        workspace,
        email,
        _API + "batchUpdate",
        {"spreadsheetId": file_id},
        {"requests": [{"deleteDimension": {"range": span}}]},
    )
    edits.append(workspace, email, file_id, [{"tab": tab_title, "cell": f"{row}:{row}", "old": "row", "new": None}])


def _tab(workspace: Workspace, email: str, file_id: str, title: str) -> str:
    """The tab's name quoted. Raises the service's errors for a file out of reach or a tab that is not there."""
    book = reading(Call(workspace, email, _API + "get"), file_id).book
    if book.by_title(title) is None:
        raise bad_request(f'There is no tab "{title}".')
    return quoted(title)


def _id(workspace: Workspace, file_id: str, title: str) -> int:
    sheet = live(workspace, file_id).book.by_title(title)
    assert sheet is not None
    return sheet.id


def _check_rule(workspace: Workspace, file_id: str, where: str, text: str) -> None:
    """A person cannot type a value that a strict list does not hold."""
    box = clamped(parse(where, live(workspace, file_id).book))
    rule = box.sheet.cell(box.top, box.left).rule
    if rule is None or not rule.get("strict") or text == "" or rule["condition"]["type"] != "ONE_OF_LIST":
        return
    if text not in [one.get("userEnteredValue") for one in rule["condition"].get("values", ())]:
        cell = where.rpartition("!")[2]
        raise bad_request(f"The data you entered in cell {cell} violates the data validation rules set on this cell.")


def grid(workspace: Workspace, email: str, file_id: str) -> Json:
    """The spreadsheet as that person sees it.

    {"tabs": [{"id", "title", "hidden", "frozen_rows", "frozen_columns", "colour", "columns": [{"letter", "width",
    "hidden"}], "rows": [{"number", "hidden", "cells": [cell]}], "merges": [GridRange]}], "edits": [log entries]},
    where a cell is {"text", "bold", "italic", "strike", "colour", "background", "align", "wrap", "note", "options",
    "link", "formula"} with empty ones left out. Raises GoogleError without access.
    """
    found = reading(Call(workspace, email, _API + "get"), file_id)
    now = view(found, workspace.clock.now())
    return {"tabs": [_grid_tab(now, sheet) for sheet in found.book.sheets], "edits": edits.of(workspace, file_id)}


def _grid_tab(now: View, sheet: Sheet) -> Json:
    used = max((row for row in sheet.cells), default=0) + 1
    filled = [row for row, _, cell in sheet.filled() if not cell.blank]
    height = min(max(used if used <= MOST_ROWS else 0, max(filled, default=0) + 20, 30), sheet.row_count)
    columns = [
        {
            "letter": column_letters(at),
            "width": sheet.columns.get(at, {}).get("pixelSize", COLUMN_PIXELS),
            "hidden": bool(sheet.columns.get(at, {}).get("hiddenByUser")),
        }
        for at in range(sheet.column_count)
    ]
    return {
        "id": sheet.id,
        "title": sheet.title,
        "hidden": sheet.hidden,
        "frozen_rows": sheet.grid.get("frozenRowCount", 0),
        "frozen_columns": sheet.grid.get("frozenColumnCount", 0),
        "colour": hex_of(sheet.properties.get("tabColor")),
        "columns": columns,
        "rows": [_grid_row(now, sheet, row) for row in range(height)],
        "merges": sheet.merges,
    }


def _grid_row(now: View, sheet: Sheet, row: int) -> Json:
    own = sheet.rows.get(row, {})
    hidden = bool(own.get("hiddenByUser") or own.get("hiddenByFilter"))
    return {
        "number": row + 1,
        "hidden": hidden,
        "cells": [_grid_cell(now, sheet, row, at) for at in range(sheet.column_count)],
    }


def _grid_cell(now: View, sheet: Sheet, row: int, column: int) -> Json:
    cell = sheet.cell(row, column)
    text = now.text(sheet, row, column)
    style = effective_format(now, sheet, row, column) if text or cell.style else {}
    font = style.get("textFormat", {})
    background = hex_of(style.get("backgroundColor")) if style else ""
    colour = hex_of(font.get("foregroundColor")) if font else ""
    formula = now.formula(cell) if isinstance(cell.value, str) and cell.value.startswith("=") else ""
    found = {
        "text": text,
        "bold": font.get("bold"),
        "italic": font.get("italic"),
        "strike": font.get("strikethrough"),
        "colour": "" if colour == "#000000" else colour,
        "background": "" if background == "#ffffff" else background,
        "align": style.get("horizontalAlignment", "").lower(),
        "wrap": style.get("wrapStrategy") == "WRAP",
        "note": cell.note,
        "options": _options(now, cell.rule),
        "link": hyperlink(cell),
        "formula": formula,
    }
    return {name: value for name, value in found.items() if value}


def _options(now: View, rule: Json | None) -> list[str]:
    """What a dropdown offers."""
    if rule is None:
        return []
    values = [one.get("userEnteredValue", "") for one in rule["condition"].get("values", ())]
    if rule["condition"]["type"] == "ONE_OF_LIST":
        return values
    if rule["condition"]["type"] == "BOOLEAN":
        return values or ["TRUE", "FALSE"]
    return _range_options(now, values[0]) if rule["condition"]["type"] == "ONE_OF_RANGE" else []


def _range_options(now: View, text: str) -> list[str]:
    box = clamped(parse(text.lstrip("=").replace("$", ""), now.book))
    return list(dict.fromkeys(now.text(box.sheet, *place) for place in sorted(filled(now, box))))
