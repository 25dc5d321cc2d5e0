"""CellData: a cell as the API prints it, and as requests write it under a mask."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.emulator.google.errors import bad_request, unimplemented
from bot.emulator.google.fields import Mask
from bot.emulator.google.sheets import colours
from bot.emulator.google.sheets.book import EMPTY, Book, Cell, Failure, Formula, Json, Sheet, Value, finite
from bot.emulator.google.sheets.conditions import applied
from bot.emulator.google.sheets.formulas import from_locale
from bot.emulator.google.sheets.locales import of
from bot.emulator.google.sheets.masks import merged, wants
from bot.emulator.google.sheets.rules import checked_rule
from bot.emulator.google.sheets.view import View, plain

WRITABLE = {"userEnteredValue", "userEnteredFormat", "note", "dataValidation", "textFormatRuns", "chipRuns"}
LONGEST_CHIP = 2000  # bytes of a file chip's address
REFUSED = ("pivotTable", "dataSourceTable", "dataSourceFormula")
_NO_TYPE = "NUMBER_FORMAT_TYPE_UNSPECIFIED"
DEFAULT_FORMAT: Json = {
    "backgroundColor": {"red": 1, "green": 1, "blue": 1},
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": {"red": 1, "green": 1, "blue": 1}},
}
_ERROR_TYPES = {
    "#DIV/0!": ("DIVIDE_BY_ZERO", "Division by zero."),
    "#VALUE!": ("VALUE", "A value has the wrong type."),
    "#REF!": ("REF", "Reference does not exist"),
    "#NAME?": ("NAME", "Unknown function or range name."),
    "#NUM!": ("NUM", "A number is out of range."),
    "#N/A": ("N_A", "Did not find a value."),
    "#NULL!": ("NULL_VALUE", "Ranges do not intersect."),
}


def extended(value: Value, formula: str = "") -> Json:
    """A value as ExtendedValue."""
    if formula:
        return {"formulaValue": formula}
    if isinstance(value, Failure):
        kind, message = _ERROR_TYPES.get(str(value), ("ERROR", "Formula parse error."))
        return {"errorValue": {"type": kind, "message": message}}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, (int, float)):
        return {"numberValue": plain(value)}
    return {"stringValue": str(value)}


def printed(view: View, sheet: Sheet, row: int, column: int, mask: Mask) -> Json:
    """The CellData there; {} for an empty cell. `mask` is the read mask below `values`."""
    cell = sheet.cell(row, column)
    value = view.value(sheet, row, column)
    if cell == EMPTY and value is None:
        return {}
    found: Json = {}
    if cell.value is not None:
        formula = view.formula(cell) if isinstance(cell.value, Formula) else ""
        found["userEnteredValue"] = extended(cell.value, formula)
    if value is not None:
        found["effectiveValue"] = extended(value)
        if wants(mask, "formattedValue"):
            found["formattedValue"] = view.text(sheet, row, column)
    if cell.style:
        found["userEnteredFormat"] = cell.style
    if wants(mask, "effectiveFormat"):
        found["effectiveFormat"] = effective_format(view, sheet, row, column)
    link = hyperlink(cell)
    if link:
        found["hyperlink"] = link
    return found | _extras(cell)


def _extras(cell: Cell) -> Json:
    found: Json = {}
    if cell.note:
        found["note"] = cell.note
    if cell.runs:
        found["textFormatRuns"] = list(cell.runs)
    if cell.rule is not None:
        found["dataValidation"] = cell.rule
    if cell.chips:
        found["chipRuns"] = list(cell.chips)
    return found


def effective_format(view: View, sheet: Sheet, row: int, column: int) -> Json:
    """Default, own and conditional format of a cell, laid over each other; equal cells share one object."""
    style = sheet.cell(row, column).style
    conditional, number = applied(view, sheet, row, column), view.number_format(sheet, row, column)
    key = (id(style), id(conditional) if conditional else 0, str(number))
    known = view.formats.get(key)
    if known is None:
        layers = [DEFAULT_FORMAT, style, conditional]
        known = view.formats[key] = (_laid(layers, number), style, conditional)  # the last two keep the ids alive
    return known[0]


def _laid(layers: list[Json], number: Json | None) -> Json:
    found: Json = {}
    for layer in layers:
        found = {**found, **layer, "textFormat": {**found.get("textFormat", {}), **layer.get("textFormat", {})}}
    if number:
        found["numberFormat"] = number
    linked = "LINKED" if found["textFormat"].get("link") else "PLAIN_TEXT"
    return {**found, "hyperlinkDisplayType": found.get("hyperlinkDisplayType", linked)}


def hyperlink(cell: Cell) -> str:
    """The one link of a cell: of its whole text, or of a HYPERLINK formula with a literal address."""
    link = cell.style.get("textFormat", {}).get("link")
    if link is not None or not _links(cell.value):
        return str((link or {}).get("uri", ""))
    return str(cell.value)[12:].split('"')[0]


def _links(value: Value) -> bool:
    return isinstance(value, Formula) and value.upper().startswith('=HYPERLINK("')


# -- writing --------------------------------------------------------------------------------------------------------


def written(book: Book, cell: Cell, data: Json, mask: Mask) -> Cell:
    """The cell with the masked parts taken from CellData `data`; parts named and left out are cleared."""
    for name in REFUSED:
        if name in data or name in mask:
            raise unimplemented("sheets.spreadsheets.batchUpdate", name)
    everything = not mask or "*" in mask
    for name in WRITABLE if everything else [name for name in mask if name in WRITABLE]:
        cell = _PARTS[name](Part(book, cell, data, {} if everything else mask[name]))
    return cell


class Part(NamedTuple):
    """One part of a cell being written: from CellData `data`, under the mask below the part's name."""

    book: Book
    cell: Cell
    data: Json
    mask: Mask


def _value(part: Part) -> Cell:
    given: Json = part.data.get("userEnteredValue", {})
    return part.cell._replace(value=value_of(given, part.book), runs=part.cell.runs if given else ())


def value_of(given: Json, book: Book) -> Value:
    """The value of an ExtendedValue; None for an empty one."""
    if "formulaValue" in given:
        text = str(given["formulaValue"])
        if not text.startswith("="):
            raise bad_request(f"Formula must start with '=': {text}")
        return Formula(from_locale(text, of(book.locale)))
    if "stringValue" in given:
        text = str(given["stringValue"])
        return (text.removeprefix("'")) or None
    if "errorValue" in given:
        raise bad_request("Cannot set errorValue as a user entered value.")
    if "numberValue" in given:
        return plain(finite(given["numberValue"]))
    found: bool | None = given.get("boolValue")
    return found


def _format(part: Part) -> Cell:
    new = checked_format(part.data.get("userEnteredFormat", {}))
    if (
        "link" in part.mask.get("textFormat", {})
        and _links(part.cell.value)
        and not new.get("textFormat", {}).get("link")
    ):
        new = {**new, "textFormat": {**new.get("textFormat", {}), "link": {}}}  # measured: kills the formula's link too
    return part.cell._replace(style=merged(part.cell.style, new, colours.widened(part.mask)) if part.mask else new)


def checked_format(given: Json) -> Json:
    """A CellFormat with colours twinned. Raises 400 for a number format without a type."""
    found: Json = colours.twinned(given)
    number = found.get("numberFormat")
    if number is not None and number.get("type", _NO_TYPE) == _NO_TYPE:
        raise bad_request("Must specify a numberFormat type.")
    return found


def _note(part: Part) -> Cell:
    return part.cell._replace(note=part.data.get("note", ""))


def _rule(part: Part) -> Cell:
    given = part.data.get("dataValidation")
    return part.cell._replace(rule=checked_rule(given) if given else None)


def _runs(part: Part) -> Cell:
    return part.cell._replace(runs=tuple(colours.twinned(part.data.get("textFormatRuns", []))))


def _chips(part: Part) -> Cell:
    """Chips take the place of the "@" at their start; the text then shows the person's e-mail or the file's address."""
    cell, text, runs, shift = part.cell, str(part.cell.value or ""), [], 0
    for run in part.data.get("chipRuns", []):
        start = run.get("startIndex", 0) + shift
        if "chip" not in run:
            runs.append({"startIndex": start} if start else {})
            continue
        if text[start : start + 1] != "@":
            raise bad_request("A chip must be placed at an '@' in the userEnteredValue.")
        shown = _chip_text(run["chip"])
        text, shift = text[:start] + shown + text[start + 1 :], shift + len(shown) - 1
        runs.append({**run, **({"startIndex": start} if start else {})})
    return cell._replace(value=text or None, chips=tuple(runs)) if runs else cell._replace(chips=())


def _chip_text(chip: Json) -> str:
    """What a chip shows. Raises 400 for kinds that cannot be written."""
    if "personProperties" in chip:
        return str(chip["personProperties"].get("email", ""))
    uri = str(chip.get("richLinkProperties", {}).get("uri", ""))
    if not re.match(r"https://(docs|drive)\.google\.com/", uri) or len(uri.encode()) > LONGEST_CHIP:
        raise bad_request("Only people and Drive files of at most 2000 bytes can be written as chips.")
    return uri


_PARTS = {
    "userEnteredValue": _value,
    "userEnteredFormat": _format,
    "note": _note,
    "dataValidation": _rule,
    "textFormatRuns": _runs,
    "chipRuns": _chips,
}
