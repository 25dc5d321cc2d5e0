"""A Book as compact bytes and back: formats and rules once, cells as short lists."""

from __future__ import annotations

import json
from typing import Any

from bot.emulator.google.sheets.book import Book, Cell, Failure, Formula, Json, Sheet, Value

VERSION = 1
_OBJECTS = ("merges", "conditional", "protected", "banded", "tables", "filter_views", "basic_filter")
_PLAIN = ("properties", "grid", *_OBJECTS, "row_groups", "column_groups")


class _Table:
    """Values stored once; the same object or an equal one gets the same number."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._by_id: dict[int, int] = {}
        self._by_text: dict[str, int] = {}

    def number(self, value: Any) -> int:
        known = self._by_id.get(id(value))
        if known is None:
            text = json.dumps(value, sort_keys=True)
            known = self._by_text.get(text)
            if known is None:
                known = self._by_text[text] = len(self.values)
                self.values.append(value)
            self._by_id[id(value)] = known
        return known


def pack(book: Book) -> bytes:
    """The book as bytes: a head, then the cells of each tab; tabs whose cells did not change are not written anew."""
    head = {
        "v": VERSION,
        "locale": book.locale,
        "zone": book.zone,
        "properties": book.properties,
        "named": book.named,
        "reserved": book.reserved,
        "spills": book.spills,
        "metadata": list(book.metadata.values()),
        "sheets": [_frame(one) for one in book.sheets],
    }
    for one in book.sheets:
        if one.packed is None:
            one.packed = _text(_cells(one))
    return f'{{"head":{_text(head)},"cells":[{",".join(one.packed or "" for one in book.sheets)}]}}'.encode()


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _frame(sheet: Sheet) -> Json:
    """A tab without its cells."""
    found: Json = {"id": sheet.id, "title": sheet.title, "size": [sheet.row_count, sheet.column_count]}
    found |= {name: getattr(sheet, name) for name in _PLAIN if getattr(sheet, name)}
    return found | {"rows": list(sheet.rows.items()), "columns": list(sheet.columns.items())}


def _cells(sheet: Sheet) -> Json:
    styles, rules = _Table(), _Table()
    styles.number({})
    rows = [[row, [_cell(at, cell, styles, rules) for at, cell in line.items()]] for row, line in sheet.cells.items()]
    return {"styles": styles.values, "rules": rules.values, "rows": rows}


def _cell(column: int, cell: Cell, styles: _Table, rules: _Table) -> list[Any]:
    """[column, value, style, {extras}], shortened from the right."""
    extra: Json = {}
    if isinstance(cell.value, (Formula, Failure)):
        extra["k"] = "f" if isinstance(cell.value, Formula) else "e"
    if cell.note:
        extra["n"] = cell.note
    if cell.rule is not None:
        extra["r"] = rules.number(cell.rule)
    if cell.runs:
        extra["t"] = cell.runs
    if cell.chips:
        extra["c"] = cell.chips
    style = styles.number(cell.style) if cell.style else 0
    if extra:
        return [column, cell.value, style, extra]
    return [column, cell.value, style] if style else [column, cell.value]


def unpack(data: bytes) -> Book:
    """The book in the bytes. Raises ValueError for bytes of another version."""
    whole = json.loads(data)
    head = whole["head"]
    if head.get("v") != VERSION:
        raise ValueError(f"Spreadsheet content of version {head.get('v')}, expected {VERSION}.")
    sheets = [_sheet(frame, cells) for frame, cells in zip(head["sheets"], whole["cells"], strict=True)]
    metadata = {int(one["id"]): one for one in head["metadata"]}
    plain = (head["named"], metadata, head["reserved"], head["spills"])
    return Book(head["locale"], head["zone"], head["properties"], sheets, *plain)


def _sheet(frame: Json, packed: Json) -> Sheet:
    plain = {name: frame[name] for name in _PLAIN if name in frame}
    sheet = Sheet(frame["id"], frame["title"], *frame["size"], **plain)
    sheet.rows = {int(at): value for at, value in frame["rows"]}
    sheet.columns = {int(at): value for at, value in frame["columns"]}
    styles, rules = packed["styles"], packed["rules"]
    for row, line in packed["rows"]:
        sheet.cells[row] = {item[0]: _restored(item, styles, rules) for item in line}
    return sheet


def _restored(item: list[Any], styles: list[Json], rules: list[Json]) -> Cell:
    style = styles[item[2]] if len(item) > 2 else styles[0]
    if len(item) < 4:
        return Cell(item[1], style)
    extra = item[3]
    value: Value = item[1]
    if "k" in extra:
        value = Formula(str(value)) if extra["k"] == "f" else Failure(str(value))
    rule = rules[extra["r"]] if "r" in extra else None
    return Cell(value, style, extra.get("n", ""), rule, tuple(extra.get("t", ())), tuple(extra.get("c", ())))
