"""A1 notation: from text to areas of a grid and back, with the service's clamping rules and refusals."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from bot.emulator.google.errors import GoogleError, bad_request
from bot.emulator.google.sheets.book import Book, Json, Sheet

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")
_SIDE = re.compile(r"\$?([A-Za-z]{1,3})?\$?([1-9]\d{0,6})?")
_R1C1 = re.compile(r"[Rr]([1-9]\d{0,6})[Cc]([1-9]\d{0,4})")
_SIMPLE = re.compile(r"[^\W\d]\w*")


class Area(NamedTuple):
    """A part of one sheet: first row and column, end row and column (exclusive); None is an open side."""

    sheet: Sheet
    top: int | None = None
    left: int | None = None
    bottom: int | None = None
    right: int | None = None

    @property
    def single(self) -> bool:
        """Whether it was written as one cell."""
        return None not in self[1:] and self.bottom == (self.top or 0) + 1 and self.right == (self.left or 0) + 1


class Box(NamedTuple):
    """A closed rectangle of one sheet, inside or outside its grid."""

    sheet: Sheet
    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """Rows."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """Columns."""
        return self.right - self.left

    def contains(self, row: int, column: int) -> bool:
        """Whether the cell lies inside."""
        return self.top <= row < self.bottom and self.left <= column < self.right

    def overlaps(self, other: Box) -> bool:
        """Whether both share a cell."""
        if self.sheet.id != other.sheet.id:
            return False
        rows = self.top < other.bottom and other.top < self.bottom
        return rows and self.left < other.right and other.left < self.right


@lru_cache(maxsize=4096)
def column_letters(index: int) -> str:
    """0 -> "A", 26 -> "AA"."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


@lru_cache(maxsize=4096)
def column_index(letters: str) -> int:
    """ "A" -> 0, "aa" -> 26."""
    found = 0
    for letter in letters.upper():
        found = found * 26 + ord(letter) - 64
    return found - 1


def unparsable(text: str) -> GoogleError:
    """The refusal of a range that names nothing."""
    return bad_request(f"Unable to parse range: {text}")


def parse(text: str, book: Book) -> Area:
    """The area that A1 (or R1C1) text names: a sheet, a range, a cell or a named range. Raises the service's 400."""
    title, cells = _split(text)
    if title is not None and cells is not None:
        sheet = book.by_title(title)
        area = (_area(cells, sheet) or _named_on(cells, sheet, book)) if sheet else None
    elif title is not None:
        sheet = book.by_title(title)
        area = Area(sheet) if sheet else None
    else:
        area = _bare(text, book)
    if area is None:
        raise unparsable(text)
    return area


def _split(text: str) -> tuple[str | None, str | None]:
    """("tab", "A1") of `tab!A1`, ("tab", None) of a quoted tab alone, (None, None) of bare text."""
    if text.startswith("'"):
        found = re.match(r"'((?:[^']|'')+)'(?:!(.+))?$", text, re.DOTALL)
        return (found.group(1).replace("''", "'"), found.group(2)) if found else (None, None)
    title, mark, cells = text.rpartition("!")
    return (title, cells) if mark and title else (None, None)


def _bare(text: str, book: Book) -> Area | None:
    named = _named(text, book)
    if named is not None:
        return named
    found = _area(text, book.first_visible())
    if found is not None:
        return found
    sheet = book.by_title(text)
    return Area(sheet) if sheet else None


def _named(text: str, book: Book) -> Area | None:
    found = next((one for one in book.named.values() if one["name"].lower() == text.lower()), None)
    return from_grid(found["range"], book) if found is not None else None


def _named_on(text: str, sheet: Sheet, book: Book) -> Area | None:
    """A named range written behind its own tab, as gspread writes every range of a worksheet."""
    found = _named(text, book)
    return found if found is not None and found.sheet is sheet else None


def _area(cells: str, sheet: Sheet) -> Area | None:
    first, colon, last = cells.partition(":")
    start, end = _side(first), _side(last) if colon else None
    if start is None or (colon and end is None):
        return None
    if end is None:
        row, column = start
        return Area(sheet, row, column, row + 1, column + 1) if row is not None and column is not None else None
    if (start[0] is None and end[0] is not None) or (start[1] is None and end[1] is not None):
        start, end = end, start
    rows, columns = _ordered(start[0], end[0]), _ordered(start[1], end[1])
    return Area(sheet, rows[0], columns[0], rows[1], columns[1])


def _side(text: str) -> tuple[int | None, int | None] | None:
    absolute = _R1C1.fullmatch(text)
    if absolute:
        return int(absolute.group(1)) - 1, int(absolute.group(2)) - 1
    found = _SIDE.fullmatch(text)
    if not text or found is None or not any(found.groups()):
        return None
    letters, digits = found.groups()
    return (int(digits) - 1 if digits else None), (column_index(letters) if letters else None)


def _ordered(first: int | None, last: int | None) -> tuple[int | None, int | None]:
    if first is not None and last is not None:
        return min(first, last), max(first, last) + 1
    return first, None


def from_grid(grid: Json, book: Book) -> Area:
    """The area of a GridRange. Raises 400 for a sheet that is not there or ends before starts."""
    try:
        sheet = book.sheet(grid.get("sheetId", 0))
    except KeyError:
        raise bad_request(f"No grid with id: {grid.get('sheetId', 0)}") from None
    top, left = grid.get("startRowIndex"), grid.get("startColumnIndex")
    bottom, right = grid.get("endRowIndex"), grid.get("endColumnIndex")
    for name, low, high in (("Row", top, bottom), ("Column", left, right)):
        if (low is not None and low < 0) or (high is not None and high < (low or 0)):
            raise bad_request(
                f"GridRange.start{name}Index must be less than or equal to end{name}Index and not negative."
            )
    return Area(sheet, top, left, bottom, right)


def exceeds(area: Area) -> GoogleError:
    """The refusal of an area outside its grid; the range is printed as it was asked for."""
    sheet = area.sheet
    text = (
        f"Range ({written(area)}) exceeds grid limits. Max rows: {sheet.row_count}, max columns: {sheet.column_count}"
    )
    return bad_request(text)


def clamped(area: Area) -> Box:
    """The rectangle inside the grid. A start outside the grid is refused, an end is cut."""
    sheet = area.sheet
    top, left = area.top or 0, area.left or 0
    bottom = sheet.row_count if area.bottom is None else area.bottom
    right = sheet.column_count if area.right is None else area.right
    if (top >= sheet.row_count and bottom > top) or (left >= sheet.column_count and right > left):
        raise exceeds(area)
    return Box(sheet, top, left, max(top, min(bottom, sheet.row_count)), max(left, min(right, sheet.column_count)))


def inside(area: Area) -> Box:
    """The rectangle for writing: any side past the grid is refused."""
    box = clamped(area)
    sheet = area.sheet
    if (area.bottom or 0) > sheet.row_count or (area.right or 0) > sheet.column_count:
        raise exceeds(area)
    return box


def quoted(title: str) -> str:
    """The tab's name as ranges print it: quoted unless it is a plain word that no cell is called."""
    looks_like_cell = _CELL.fullmatch(title) or _R1C1.fullmatch(title)
    if _SIMPLE.fullmatch(title) and not looks_like_cell:
        return title
    return "'" + title.replace("'", "''") + "'"


def cell_name(row: int, column: int) -> str:
    """(0, 0) -> "A1"."""
    return f"{column_letters(column)}{row + 1}"


def printed(box: Box) -> str:
    """`Sheet1!A1:B2`, one cell as `Sheet1!A1`."""
    first = cell_name(box.top, box.left)
    last = cell_name(max(box.bottom, box.top + 1) - 1, max(box.right, box.left + 1) - 1)
    return f"{quoted(box.sheet.title)}!{first}" + ("" if first == last else f":{last}")


def written(area: Area) -> str:
    """An area with its open sides, as refusals print it: `Sheet1!A1001:B`."""
    left = column_letters(area.left or 0)
    first = f"{left}{(area.top or 0) + 1}"
    right = column_letters(area.right - 1) if area.right else column_letters(area.sheet.column_count - 1)
    last = right + (str(area.bottom) if area.bottom is not None else "")
    return f"{quoted(area.sheet.title)}!{first}" + ("" if first == last else f":{last}")


def grid_of(box: Box) -> Json:
    """A GridRange with all sides."""
    return {
        "sheetId": box.sheet.id,
        "startRowIndex": box.top,
        "endRowIndex": box.bottom,
        "startColumnIndex": box.left,
        "endColumnIndex": box.right,
    }


def box_of(grid: Json, book: Book) -> Box:
    """The stored GridRange `grid` as a rectangle cut to its grid (never refused)."""
    sheet = book.sheet(grid.get("sheetId", 0))
    bottom = min(grid.get("endRowIndex", sheet.row_count), sheet.row_count)
    right = min(grid.get("endColumnIndex", sheet.column_count), sheet.column_count)
    return Box(sheet, grid.get("startRowIndex", 0), grid.get("startColumnIndex", 0), bottom, right)


def shown(grid: Json) -> Json:
    """A GridRange as replies print it: a sheetId of 0 is left out."""
    return {name: value for name, value in grid.items() if name != "sheetId" or value}
