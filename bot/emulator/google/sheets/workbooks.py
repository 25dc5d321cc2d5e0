"""Spreadsheets as .xlsx files and back: values, formulas with their results, formats, rules, sizes, merges, notes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bot.emulator.google.errors import GoogleError
from bot.emulator.google.sheets import serials
from bot.emulator.google.sheets.a1 import box_of, column_index
from bot.emulator.google.sheets.book import COLUMN_PIXELS, Book, Cell, Failure, Formula, Json, Sheet, Value
from bot.emulator.google.sheets.colours import hex_of
from bot.emulator.google.sheets.datetimes import is_date_pattern
from bot.emulator.google.sheets.numbers import pattern_of
from bot.emulator.google.sheets.view import View
from bot.emulator.google.sheets.workbook_functions import from_file, to_file
from bot.emulator.google.sheets.workbook_rules import add_conditional, add_validations, read_validations

_FORBIDDEN = re.compile(r"[\\*?:/\[\]]")
_BORDERS: dict[str, Any] = {
    "SOLID": "thin",
    "SOLID_MEDIUM": "medium",
    "SOLID_THICK": "thick",
    "DOTTED": "dotted",
    "DASHED": "dashed",
    "DOUBLE": "double",
}
_ALIGN = {"LEFT": "left", "CENTER": "center", "RIGHT": "right"}
_VERTICAL = {"TOP": "top", "MIDDLE": "center", "BOTTOM": "bottom"}


def written(view: View) -> bytes:
    """The .xlsx file."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    names = _names(view.book)
    for sheet in view.book.sheets:
        page = workbook.create_sheet(names[sheet.id])
        _fill(view, sheet, page)
        _shape(view.book, sheet, page)
        add_validations(sheet, page)
        add_conditional(view.book, sheet, page)
    out = io.BytesIO()
    workbook.save(out)
    return _with_results(view, out.getvalue())


def _names(book: Book) -> dict[int, str]:
    """Titles as the format allows them: 31 characters, some marks left out, unique."""
    found: dict[int, str] = {}
    for sheet in book.sheets:
        name = _FORBIDDEN.sub("_", sheet.title)[:31].strip("'") or "Sheet"
        number = 1
        while name.lower() in (one.lower() for one in found.values()):
            number += 1
            name = f"{name[:27]} {number}"
        found[sheet.id] = name
    return found


def _fill(view: View, sheet: Sheet, page: Worksheet) -> None:
    for row, column, cell in sheet.filled():
        target: Any = page.cell(row + 1, column + 1)
        if isinstance(cell.value, (Formula, Failure)):
            target.value = to_file(str(cell.value))
        elif isinstance(cell.value, str):
            target.value = cell.value
            target.data_type = "s"
        elif cell.value is not None:
            target.value = cell.value
        if cell.note:
            target.comment = Comment(cell.note, "")
        pattern = pattern_of(view.number_format(sheet, row, column), view.locale)
        if pattern:
            target.number_format = pattern
        _style(target, cell.style)


def _style(target: Any, style: Json) -> None:
    text = style.get("textFormat", {})
    if text:
        colour = hex_of(text.get("foregroundColor"))[1:] or None
        target.font = Font(
            name=text.get("fontFamily") or "Arial",
            sz=text.get("fontSize", 10),
            b=text.get("bold"),
            i=text.get("italic"),
            strike=text.get("strikethrough"),
            u="single" if text.get("underline") else None,
            color="FF" + colour if colour else None,
        )
        if "link" in text and text["link"].get("uri"):
            target.hyperlink = text["link"]["uri"]
    if "backgroundColor" in style:
        target.fill = PatternFill("solid", fgColor="FF" + hex_of(style["backgroundColor"])[1:])
    across, down = _ALIGN.get(style.get("horizontalAlignment", "")), _VERTICAL.get(style.get("verticalAlignment", ""))
    wrap = style.get("wrapStrategy") == "WRAP"
    if across or down or wrap:
        target.alignment = Alignment(horizontal=across, vertical=down, wrap_text=wrap or None)
    if "borders" in style:
        sides: Any = {
            name: Side(_BORDERS.get(one.get("style", ""), "thin"), "FF" + hex_of(one.get("color", {}))[1:])
            for name, one in style["borders"].items()
        }
        target.border = Border(**sides)


def _shape(book: Book, sheet: Sheet, page: Worksheet) -> None:
    """Sizes, hidden rows and columns, frozen panes, merges, the tab's colour and visibility."""
    for at in range(sheet.column_count):
        own = sheet.columns.get(at, {})
        dimension = page.column_dimensions[get_column_letter(at + 1)]
        dimension.width = max(1.0, (own.get("pixelSize", COLUMN_PIXELS) - 5) / 7)
        dimension.hidden = bool(own.get("hiddenByUser"))
    for at, own in sheet.rows.items():
        if "pixelSize" in own:
            page.row_dimensions[at + 1].height = own["pixelSize"] * 0.75
        if own.get("hiddenByUser") or own.get("hiddenByFilter"):
            page.row_dimensions[at + 1].hidden = True
    rows, columns = sheet.grid.get("frozenRowCount", 0), sheet.grid.get("frozenColumnCount", 0)
    if rows or columns:
        page.freeze_panes = f"{get_column_letter(columns + 1)}{rows + 1}"
    for one in sheet.merges:
        page.merge_cells(
            None, one["startRowIndex"] + 1, one["startColumnIndex"] + 1, one["endRowIndex"], one["endColumnIndex"]
        )
    if "tabColor" in sheet.properties:
        page.sheet_properties.tabColor = "FF" + hex_of(sheet.properties["tabColor"])[1:]
    if sheet.hidden:
        page.sheet_state = "hidden"
    if sheet.basic_filter:
        box = box_of(sheet.basic_filter["range"], book)
        page.auto_filter.ref = (
            f"{get_column_letter(box.left + 1)}{box.top + 1}:{get_column_letter(box.right)}{box.bottom}"
        )


# -- results of formulas --------------------------------------------------------------------------------------------


_FORMULA = re.compile(r'<c r="([A-Z]+)(\d+)"((?: s="\d+")?)(?: t="\w+")?><f>(.*?)</f><v ?/?>(?:</v>)?</c>', re.DOTALL)


def _with_results(view: View, data: bytes) -> bytes:
    """The file with each formula's last result beside it, which readers that do not calculate show."""
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            content = source.read(item)
            found = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", item.filename)
            if found:
                sheet = view.book.sheets[int(found.group(1)) - 1]
                text = _FORMULA.sub(partial(_result, view, sheet), content.decode())
                content = text.encode()
            target.writestr(item, content)
    return out.getvalue()


def _result(view: View, sheet: Sheet, match: re.Match[str]) -> str:

    letters, digits, style, formula = match.groups()
    value = view.value(sheet, int(digits) - 1, column_index(letters))
    kind, text = _typed(value)
    return f'<c r="{letters}{digits}"{style}{kind}><f>{formula}</f><v>{escape(text)}</v></c>'


def _typed(value: Value) -> tuple[str, str]:
    if isinstance(value, Failure):
        return ' t="e"', str(value)
    if isinstance(value, bool):
        return ' t="b"', str(int(value))
    if isinstance(value, str) or value is None:
        return ' t="str"', value or ""
    return "", repr(value)


# -- reading --------------------------------------------------------------------------------------------------------


def read(data: bytes) -> Book:
    """The spreadsheet in an .xlsx file. Raises Drive's 400 for bytes that are none."""
    try:
        workbook = load_workbook(io.BytesIO(data))
    except Exception as error:  # openpyxl raises many kinds for a broken file
        raise GoogleError(400, "Bad Request", "badRequest") from error
    book = Book()
    for number, page in enumerate(workbook.worksheets):
        sheet = Sheet(0 if number == 0 else book.new_id(), page.title)
        sheet.row_count, sheet.column_count = max(page.max_row, 1), max(page.max_column, 1)
        _read_cells(book, sheet, page)
        _read_shape(sheet, page)
        read_validations(book, sheet, page)
        book.sheets.append(sheet)
    return book


def _read_cells(book: Book, sheet: Sheet, page: Any) -> None:
    for line in page.iter_rows():
        for source in line:
            if source.value is None and not source.has_style and source.comment is None:
                continue
            note = source.comment.text if source.comment else ""
            cell = Cell(_value(source), _read_style(source), note)
            book.put(sheet, source.row - 1, source.column - 1, cell)


def _value(source: Any) -> Value:
    value = source.value
    if isinstance(value, (datetime, date)):
        day = value.date() if isinstance(value, datetime) else value
        clock = value.time() if isinstance(value, datetime) else time()
        seconds = clock.hour * 3600 + clock.minute * 60 + clock.second + clock.microsecond / 1e6
        return serials.of_date(day) + (seconds / 86400 if seconds else 0)
    if isinstance(value, time):
        return (value.hour * 3600 + value.minute * 60 + value.second) / 86400
    if isinstance(value, timedelta):
        return value.total_seconds() / 86400
    if isinstance(value, str) and source.data_type == "f":
        return Formula(from_file(value))
    if isinstance(value, str) and source.data_type == "e":
        return Failure(value)
    return value if isinstance(value, (str, bool, int, float)) or value is None else str(value)


def _read_style(source: Any) -> Json:
    style: Json = {}
    if source.number_format != "General":
        style["numberFormat"] = {"type": _kind(source.number_format), "pattern": source.number_format}
    font = {
        name: True
        for name, flag in (("bold", source.font.b), ("italic", source.font.i), ("strikethrough", source.font.strike))
        if flag
    }
    if font:
        style["textFormat"] = font
    if source.fill.fill_type == "solid" and isinstance(source.fill.fgColor.rgb, str):
        style["backgroundColor"] = _colour(source.fill.fgColor.rgb)
        style["backgroundColorStyle"] = {"rgbColor": style["backgroundColor"]}
    if source.alignment.wrap_text:
        style["wrapStrategy"] = "WRAP"
    return style


def _kind(pattern: str) -> str:
    if pattern == "@":
        return "TEXT"
    if is_date_pattern(pattern):
        clock = bool(re.search(r"[hs]", pattern, re.IGNORECASE))
        return ("DATE_TIME" if re.search(r"[yd]", pattern, re.IGNORECASE) else "TIME") if clock else "DATE"
    if "%" in pattern:
        return "PERCENT"
    return "CURRENCY" if re.search(r"[$€£]", pattern) else "NUMBER"


def _colour(text: str) -> Json:
    parts = {name: round(int(text[at : at + 2], 16) / 255, 8) for name, at in (("red", 2), ("green", 4), ("blue", 6))}
    return {name: part for name, part in parts.items() if part}


def _read_shape(sheet: Sheet, page: Any) -> None:
    for letters, dimension in page.column_dimensions.items():
        if dimension.width:
            last = max(dimension.max or 0, column_index(letters) + 1)
            for at in range(column_index(letters), min(last, sheet.column_count)):
                sheet.columns[at] = {"pixelSize": round(dimension.width * 7 + 5)}
    if page.freeze_panes:
        found = re.fullmatch(r"([A-Z]+)(\d+)", page.freeze_panes)
        if found:
            rows, columns = int(found.group(2)) - 1, column_index(found.group(1))
            sheet.grid = {
                name: count for name, count in (("frozenRowCount", rows), ("frozenColumnCount", columns)) if count
            }
            sheet.row_count, sheet.column_count = max(sheet.row_count, rows + 1), max(sheet.column_count, columns + 1)
    for one in page.merged_cells.ranges:
        sheet.merges.append(
            {
                "sheetId": sheet.id,
                "startRowIndex": one.min_row - 1,
                "endRowIndex": one.max_row,
                "startColumnIndex": one.min_col - 1,
                "endColumnIndex": one.max_col,
            }
        )
    if page.sheet_state != "visible":
        sheet.properties["hidden"] = True
