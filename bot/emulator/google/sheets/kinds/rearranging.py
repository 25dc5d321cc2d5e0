"""Requests that rearrange or clean contents: sort, shuffle, find and replace, duplicates, whitespace."""

from __future__ import annotations

import random
import re
from typing import Any

from bot.emulator.google.errors import bad_request, unimplemented
from bot.emulator.google.sheets import typed
from bot.emulator.google.sheets.a1 import Box
from bot.emulator.google.sheets.batch import Batch, kind
from bot.emulator.google.sheets.book import Cell, Failure, Formula, Json, Value
from bot.emulator.google.sheets.formulas import from_locale, shifted
from bot.emulator.google.sheets.locales import of
from bot.emulator.google.sheets.view import View


@kind("sortRange")
def sort_range(batch: Batch, body: Json) -> None:
    """Sorts the rows of a range; cells move whole, relative references with them."""
    sort_box(batch, batch.guarded(body.get("range")), body.get("sortSpecs", []))


def sort_box(batch: Batch, box: Box, specs: list[Json]) -> None:
    """Sorts by columns (`dimensionIndex` is the grid's): numbers, text, booleans, errors; blanks always last."""
    if not specs:
        raise bad_request("At least one sort spec must be specified.")
    for spec in specs:
        if any(
            name in spec
            for name in ("foregroundColor", "foregroundColorStyle", "backgroundColor", "backgroundColorStyle")
        ):
            raise unimplemented("sheets.spreadsheets.batchUpdate", "sorting by colour")
        if not box.left <= spec.get("dimensionIndex", 0) < box.right:
            raise bad_request(f"dimensionIndex[{spec.get('dimensionIndex', 0)}] is outside of the range.")
    view, rows = batch.view(), list(range(box.top, box.bottom))
    for spec in reversed(specs):
        rows = _sorted(view, box, rows, spec)
    _reorder(batch, box, rows)


def _sorted(view: View, box: Box, rows: list[int], spec: Json) -> list[int]:
    column = spec.get("dimensionIndex", 0)
    keys = {row: _key(view.value(box.sheet, row, column)) for row in rows}
    filled = [row for row in rows if keys[row] is not None]
    blank = [row for row in rows if keys[row] is None]
    filled.sort(key=lambda row: keys[row], reverse=spec.get("sortOrder") == "DESCENDING")
    return filled + blank


def _key(value: Value) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, Failure):
        return (3, str(value))
    if isinstance(value, bool):
        return (2, value)
    return (1, value.lower(), value) if isinstance(value, str) else (0, float(value))


def _reorder(batch: Batch, box: Box, rows: list[int]) -> None:
    old = {(row, at): box.sheet.cell(row, at) for row in rows for at in range(box.left, box.right)}
    for target, source in zip(range(box.top, box.bottom), rows, strict=True):
        for at in range(box.left, box.right):
            cell = old[source, at]
            if isinstance(cell.value, Formula):
                cell = cell._replace(value=shifted(cell.value, target - source, 0))
            batch.book.put(box.sheet, target, at, cell)


@kind("randomizeRange")
def randomize(batch: Batch, body: Json) -> None:
    """Shuffles the rows of a range."""
    box = batch.guarded(body.get("range"))
    rows = list(range(box.top, box.bottom))
    random.shuffle(rows)
    _reorder(batch, box, rows)


@kind("deleteDuplicates")
def delete_duplicates(batch: Batch, body: Json) -> Json:
    """Keeps the first of equal rows (displayed text, whatever its case); later ones move up."""
    box, view = batch.guarded(body.get("range")), batch.view()
    columns = [
        at
        for one in body.get("comparisonColumns", ())
        for at in range(one.get("startIndex", 0), one.get("endIndex", 0))
    ]
    seen, kept = set[tuple[str, ...]](), list[int]()
    for row in range(box.top, box.bottom):
        key = tuple(view.text(box.sheet, row, at).lower() for at in columns or range(box.left, box.right))
        if key not in seen:
            seen.add(key)
            kept.append(row)
    gone = box.height - len(kept)
    _reorder(batch, box._replace(bottom=box.bottom - gone), kept)
    for row in range(box.bottom - gone, box.bottom):
        for at in range(box.left, box.right):
            batch.book.put(box.sheet, row, at, box.sheet.cell(row, at)._replace(value=None))
    return {"duplicatesRemovedCount": gone} if gone else {}


@kind("trimWhitespace")
def trim_whitespace(batch: Batch, body: Json) -> Json:
    """Strips text and makes inner runs of white space one blank."""
    box, count = batch.guarded(body.get("range")), 0
    for row in range(box.top, box.bottom):
        for at in range(box.left, box.right):
            cell = box.sheet.cell(row, at)
            if type(cell.value) is str and " ".join(cell.value.split()) != cell.value:
                batch.book.put(box.sheet, row, at, cell._replace(value=" ".join(cell.value.split()) or None))
                count += 1
    return {"cellsChangedCount": count} if count else {}


@kind("findReplace")
def find_replace(batch: Batch, body: Json) -> Json:
    """Replaces text in a range, a tab or everywhere; new contents are read as typed."""
    boxes = _scope(batch, body)
    pattern, replacement = _pattern(body), _replacement(body)
    counts = {"valuesChanged": 0, "formulasChanged": 0, "rowsChanged": 0, "sheetsChanged": 0, "occurrencesChanged": 0}
    view = batch.view()
    rows, sheets = set[tuple[int, int]](), set[int]()
    for box in boxes:
        for row, at, cell in list(box.sheet.filled()):
            if not box.contains(row, at) or cell.blank:
                continue
            number = _replace(batch, view, box, (row, at), cell, body, pattern, replacement)
            if number:
                counts["occurrencesChanged"] += number
                counts["formulasChanged" if isinstance(cell.value, Formula) else "valuesChanged"] += 1
                rows.add((box.sheet.id, row))
                sheets.add(box.sheet.id)
    counts["rowsChanged"], counts["sheetsChanged"] = len(rows), len(sheets)
    return {name: count for name, count in counts.items() if count}


def _scope(batch: Batch, body: Json) -> list[Box]:
    given = [name for name in ("range", "sheetId", "allSheets") if name in body]
    if len(given) != 1:
        raise bad_request("Exactly one of range, sheetId or allSheets must be specified.")
    if given[0] == "range":
        return [batch.guarded(body["range"])]
    tabs = batch.book.sheets if given[0] == "allSheets" else [batch.sheet(body["sheetId"])]
    boxes = [Box(tab, 0, 0, tab.row_count, tab.column_count) for tab in tabs]
    for box in boxes:
        batch.guard(box)
    return boxes


def _pattern(body: Json) -> re.Pattern[str]:
    if not body.get("find"):
        raise bad_request("The text to find must not be empty.")
    text = body["find"] if body.get("searchByRegex") else re.escape(body["find"])
    if body.get("matchEntireCell"):
        text = rf"\A(?:{text})\Z"
    try:
        return re.compile(text, 0 if body.get("matchCase") else re.IGNORECASE)
    except re.error:
        raise bad_request(f"Invalid regular expression: {body['find']}") from None


def _replacement(body: Json) -> str:
    text = str(body.get("replacement", ""))
    if not body.get("searchByRegex"):
        return text.replace("\\", "\\\\")
    return re.sub(r"\$(\d)", r"\\g<\1>", text.replace("\\", "\\\\"))


def _replace(
    batch: Batch,
    view: View,
    box: Box,
    place: tuple[int, int],
    cell: Cell,
    body: Json,
    pattern: re.Pattern[str],
    replacement: str,
) -> int:
    formula = isinstance(cell.value, Formula)
    if formula and not body.get("includeFormulas"):
        return 0
    text = view.formula(cell) if formula else view.text(box.sheet, *place)
    new, number = pattern.subn(replacement, text)
    if number:
        locale = of(batch.book.locale)
        value = typed.parse(new, locale, batch.today()).value if new else None
        if isinstance(value, Formula):
            value = from_locale(value, locale)
        if (
            type(cell.value) is str
            and not isinstance(value, Formula)
            and cell.style.get("numberFormat", {}).get("type") == "TEXT"
        ):
            value = new or None
        batch.book.put(box.sheet, *place, cell._replace(value=value, runs=(), chips=()))
    return number
