"""Writing values: RAW and USER_ENTERED input into a rectangle, all or nothing."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from bot.emulator.google.errors import bad_request
from bot.emulator.google.sheets.a1 import Area, Box, clamped, column_letters, inside, printed
from bot.emulator.google.sheets.book import Book, Cell, Formula, Json, Value, finite
from bot.emulator.google.sheets.formulas import from_locale
from bot.emulator.google.sheets.locales import Locale, of
from bot.emulator.google.sheets.protection import Editor, check
from bot.emulator.google.sheets.typed import Typed, parse

_URL = re.compile(
    r"(?:https?://|www\.)[^\s]+\.?[^\s]*|(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|app|co|edu|gov|info)(?:/\S*)?",
    re.IGNORECASE,
)
_DATES = ("DATE", "TIME", "DATE_TIME")
INPUTS = ("RAW", "USER_ENTERED")


class Writer:
    """Writes values into a book in one call's input option; `today` is the day in the spreadsheet's zone."""

    def __init__(self, book: Book, option: str | None, who: Editor, today: date) -> None:
        if option not in INPUTS:
            raise bad_request("'valueInputOption' is required but not specified")
        self.book, self.option, self.who, self.today = book, option, who, today
        self.locale: Locale = of(book.locale)

    def write(self, area: Area, values: list[list[Any]], dimension: str | None, anchored: bool = True) -> Json:
        """Writes rows (or columns) from the area's start; a single-cell area is an anchor unless `anchored` is off.

        Returns the counts of UpdateValuesResponse and "box", the rectangle written.
        """
        rows = _by_rows(values, dimension)
        box = self._box(area, rows, anchored and area.single)
        check(self.book, box, self.who)
        count = 0
        for down, line in enumerate(rows):
            for across, value in enumerate(line):
                if value is not None:
                    self.enter(box, box.top + down, box.left + across, value)
                    count += 1
        found: Json = {"box": box}
        if rows and count:
            found |= {"updatedRows": box.height, "updatedColumns": box.width, "updatedCells": count}
        return found

    def _box(self, area: Area, rows: list[list[Any]], anchor: bool) -> Box:
        height, width = max(len(rows), 1), max((len(line) for line in rows), default=1) or 1
        top, left = area.top or 0, area.left or 0
        sheet = area.sheet
        target = Box(sheet, top, left, top + height, left + width)
        if anchor:
            inside(Area(sheet, top, left, target.bottom, target.right))
            return target
        limit = inside(area)
        where = f"Requested writing within range [{printed(limit)}], but tried writing to "
        if target.bottom > limit.bottom:
            raise bad_request(where + f"row [{limit.bottom + 1}]")
        if target.right > limit.right:
            raise bad_request(where + f"column [{column_letters(limit.right)}]")
        return target

    def enter(self, box: Box, row: int, column: int, value: Any) -> None:
        """One input value (bool, number or string) into one cell."""
        cell = box.sheet.cell(row, column)
        self.book.put(box.sheet, row, column, self._entered(cell, value))

    def _entered(self, cell: Cell, value: Any) -> Cell:
        if not isinstance(value, str):
            number = value if isinstance(value, bool) else finite(value)
            return _without_link(cell)._replace(value=number, runs=(), chips=())
        if value == "":
            return _without_link(cell)._replace(value=None, runs=(), chips=())
        typed = self._typed(cell, value)
        plain = _without_link(cell)._replace(value=typed.value, runs=(), chips=())
        style = _formatted(plain.style, typed.number_format)
        return plain._replace(style=_linked(style, typed.value))

    def _typed(self, cell: Cell, value: str) -> Typed:
        kept_as_text = cell.style.get("numberFormat", {}).get("type") == "TEXT"
        if self.option == "RAW" or kept_as_text:
            return Typed(value)
        found = parse(value, self.locale, self.today)
        if isinstance(found.value, Formula):
            return Typed(from_locale(found.value, self.locale))
        return found


def _by_rows(values: list[list[Any]], dimension: str | None) -> list[list[Any]]:
    checked = [_checked(line, n) for n, line in enumerate(values)]
    if dimension != "COLUMNS":
        return checked
    height = max((len(line) for line in checked), default=0)
    return [[line[n] if n < len(line) else None for line in checked] for n in range(height)]


def _checked(line: list[Any], number: int) -> list[Any]:
    for at, value in enumerate(line):
        if isinstance(value, (dict, list)):
            raise bad_request(f"Invalid values[{number}][{at}]: {_proto(value, '')}")
    return line


def _proto(value: Any, margin: str) -> str:
    """A JSON value as the text format of protocol buffers shows it, line by line below `margin`."""
    if isinstance(value, dict):
        fields = [
            f"{margin}  fields {{\n{margin}    key: {json.dumps(key)}\n"
            f"{_nested('value', one, margin + '    ')}{margin}  }}\n"
            for key, one in value.items()
        ]
        return f"struct_value {{\n{''.join(fields)}{margin}}}\n"
    if isinstance(value, list):
        inner = "".join(_nested("values", one, margin + "  ") for one in value)
        return f"list_value {{\n{inner}{margin}}}\n"
    if value is None:
        return "null_value: NULL_VALUE\n"
    kind = "bool_value" if isinstance(value, bool) else "string_value" if isinstance(value, str) else "number_value"
    return f"{kind}: {json.dumps(value, ensure_ascii=False)}\n"


def _nested(name: str, value: Any, margin: str) -> str:
    return f"{margin}{name} {{\n{margin}  {_proto(value, margin + '  ')}{margin}}}\n"


def _formatted(style: Json, implied: Json | None) -> Json:
    """The style with the implied number format, unless the cell's own is of the same kind."""
    if implied is None:
        return style
    own = style.get("numberFormat", {}).get("type")
    same = own == implied["type"] or (own in _DATES and implied["type"] in _DATES and own == "DATE_TIME")
    return (
        style
        if same or (own in ("NUMBER", "CURRENCY") and implied["type"] == "NUMBER")
        else {**style, "numberFormat": implied}
    )


def _without_link(cell: Cell) -> Cell:
    if "link" not in cell.style.get("textFormat", {}):
        return cell
    text = {name: value for name, value in cell.style["textFormat"].items() if name != "link"}
    style = {name: value for name, value in cell.style.items() if name != "textFormat"}
    return cell._replace(style={**style, "textFormat": text} if text else style)


def _linked(style: Json, value: Value) -> Json:
    """A cell that is one URL or bare domain gets a link."""
    if not isinstance(value, str) or isinstance(value, Formula) or not _URL.fullmatch(value):
        return style
    uri = value if value.lower().startswith("http") else "http://" + value
    return {**style, "textFormat": {**style.get("textFormat", {}), "link": {"uri": uri}}}


def clear(book: Book, area: Area, who: Editor) -> Box:
    """Empties the area's cells; formats, notes and rules stay. The end is cut at the grid."""
    box = clamped(area)
    check(book, box, who)
    for row in [row for row in box.sheet.cells if box.top <= row < box.bottom]:
        for column, cell in list(box.sheet.cells[row].items()):
            if box.left <= column < box.right and cell.value is not None:
                book.put(box.sheet, row, column, _without_link(cell)._replace(value=None, runs=(), chips=()))
    return box
