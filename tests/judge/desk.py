"""A person's hands on one spreadsheet: every edit is made in the workspace and, apart from it, in the truth."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, TypeVar

from bot.emulator.google.gateway import invoke
from bot.emulator.server import Running
from tests.judge.paper import Column, Line, Paper, Value, columns, described, trimmed

T = TypeVar("T")
PERSON = "sofia.rossi@fernhill.example"  # a lead: she may edit whatever lies in the shared drive
SHEETS = "sheets.spreadsheets."


@dataclass(eq=False)
class Desk:
    """One spreadsheet with the truth of some of its tabs, and the copies that people made of them."""

    running: Running
    file_id: str
    papers: dict[str, Paper]
    copies: dict[int, list[list[Any]]] = field(default_factory=dict)
    bin: list[tuple[Paper, Line]] = field(default_factory=list)
    numbers: count[int] = field(default_factory=lambda: count(1))
    edits: int = 0

    def ask(
        self, name: str, params: Mapping[str, Any], body: Mapping[str, Any] | None = None, who: str = PERSON
    ) -> Any:
        """Call a method of the Google side as a person, where the workspace does its work: on its own thread."""
        workspace = self.running.workspace
        return on_loop(self.running, lambda: invoke(workspace, who, name, dict(params), dict(body or {})))

    def act(self, *requests: Mapping[str, Any]) -> list[Any]:
        """Some changes as one of a person's gestures; the reply of each."""
        answer = self.ask(SHEETS + "batchUpdate", {"spreadsheetId": self.file_id}, {"requests": list(requests)})
        return list(answer["replies"])

    def shows(self, *sheet_ids: int) -> list[list[list[Any]]]:
        """The cells of some tabs as they were typed, formulas as formulas, without blank ends."""
        filters = [{"gridRange": {"sheetId": sheet_id}} for sheet_id in sheet_ids]
        body = {"dataFilters": filters, "valueRenderOption": "FORMULA"}
        answer = self.ask(SHEETS + "values.batchGetByDataFilter", {"spreadsheetId": self.file_id}, body)
        return [trimmed(one["valueRange"].get("values", [])) for one in answer["valueRanges"]]

    def invite(self, guest: str) -> None:
        """Let somebody edit the file."""
        self.ask(
            "drive.permissions.create",
            {"fileId": self.file_id},
            {"type": "user", "role": "writer", "emailAddress": guest},
        )

    # ------------------------------------------------------------------ rows

    def type(self, paper: Paper, line: Line, column: Column, value: Value) -> None:
        """Type over one cell; "" blanks it."""
        line.put(column, value)
        if column.name == "id":
            line.hand_id = str(value)
        self._put(paper, paper.at(line), paper.columns.index(column), [[value]])

    def insert(self, paper: Paper, at: int, lines: Sequence[Line]) -> None:
        """Insert rows so that they stand from the zero-based row `at` on, and type what they hold."""
        self.act({"insertDimension": {"range": _span(paper, "ROWS", at, len(lines)), "inheritFromBefore": at > 1}})
        paper.lines[at:at] = lines
        self._put(paper, at, 0, [paper.cells_of(line) for line in lines])

    def append(self, paper: Paper, line: Line) -> None:
        """Type a row below the last one that holds anything."""
        at = len(trimmed(paper.grid()))
        paper.lines[at:] = [line]
        self._put(paper, at, 0, [paper.cells_of(line)])

    def delete(self, paper: Paper, at: int, number: int = 1) -> None:
        """Delete rows; what they held can be put back."""
        self.act({"deleteDimension": {"range": _span(paper, "ROWS", at, number)}})
        self.bin += [(paper, line) for line in paper.lines[at : at + number]]
        del paper.lines[at : at + number]

    def put_back(self, paper: Paper, line: Line, at: int) -> None:
        """Take a deletion back, elsewhere perhaps: the row with all its cells, its ID among them."""
        self.insert(paper, at, [line])

    def duplicate(self, paper: Paper, line: Line, at: int) -> Line:
        """Insert a row and paste a whole row into it, as "copy, insert, paste" does."""
        copy = Line(dict(line.cells), hand_id=str(line.cells.get(paper.id_column, "")))
        self.act({"insertDimension": {"range": _span(paper, "ROWS", at, 1), "inheritFromBefore": False}})
        paper.lines.insert(at, copy)
        self._copy_row(paper, paper.at(line), at)
        return copy

    def paste_over(self, paper: Paper, source: Line, target: Line) -> None:
        """Paste a whole row over another."""
        self._copy_row(paper, paper.at(source), paper.at(target))
        target.cells = dict(source.cells)
        target.hand_id = str(source.cells.get(paper.id_column, ""))

    def paste_cells(self, paper: Paper, source: Line, target: Line, first: int, number: int) -> None:
        """Paste some neighbouring cells of one row over those of another."""
        boxes = [_box(paper, paper.at(line), first, number) for line in (source, target)]
        self.act({"copyPaste": {"source": boxes[0], "destination": boxes[1], "pasteType": "PASTE_VALUES"}})
        for column in paper.columns[first : first + number]:
            target.put(column, source.cells.get(column, ""))
            if column.name == "id":
                target.hand_id = str(source.cells.get(column, ""))

    def move_row(self, paper: Paper, at: int, to: int) -> None:
        """Drag a row; `to` is the row before which it is dropped."""
        self.act({"moveDimension": {"source": _span(paper, "ROWS", at, 1), "destinationIndex": to}})
        paper.lines.insert(to - 1 if to > at else to, paper.lines.pop(at))

    def cut_row(self, paper: Paper, line: Line) -> None:
        """Cut a row's cells and paste them below the last row; a blank row stays behind."""
        at, end = paper.at(line), len(trimmed(paper.grid()))
        target = {"sheetId": paper.sheet_id, "rowIndex": end, "columnIndex": 0}
        box = _box(paper, at, 0, len(paper.columns))
        self.act({"cutPaste": {"source": box, "destination": target, "pasteType": "PASTE_NORMAL"}})
        paper.lines[end:] = [line]
        paper.lines[at] = Line()

    def sort(self, paper: Paper, column: Column, is_falling: bool) -> None:
        """Sort all rows below the header by a column."""
        first, end = paper.header + 1, len(trimmed(paper.grid()))
        if end <= first:
            return
        spec = {"dimensionIndex": paper.columns.index(column), "sortOrder": "DESCENDING" if is_falling else "ASCENDING"}
        box = _box(paper, first, 0, len(paper.columns)) | {"endRowIndex": end}
        self.act({"sortRange": {"range": box, "sortSpecs": [spec]}})
        filled = [line for line in paper.lines[first:end] if column in line.cells]
        filled.sort(key=lambda line: _order(line.cells[column]), reverse=is_falling)
        paper.lines[first:end] = filled + [line for line in paper.lines[first:end] if column not in line.cells]

    # ------------------------------------------------------------------ columns and tabs

    def rename(self, paper: Paper, column: Column, title: str) -> None:
        """Type another title."""
        column.title = title
        self.type(paper, paper.lines[paper.header], column, title)

    def move_column(self, paper: Paper, at: int, to: int) -> None:
        """Drag a column; `to` is the column before which it is dropped."""
        self.act({"moveDimension": {"source": _span(paper, "COLUMNS", at, 1), "destinationIndex": to}})
        paper.columns.insert(to - 1 if to > at else to, paper.columns.pop(at))

    def insert_column(self, paper: Paper, at: int, title: str) -> Column:
        """Insert a column of one's own."""
        column = Column("", title)
        self.act({"insertDimension": {"range": _span(paper, "COLUMNS", at, 1), "inheritFromBefore": False}})
        paper.columns.insert(at, column)
        if title:
            self.type(paper, paper.lines[paper.header], column, title)
        return column

    def rename_tab(self, paper: Paper, title: str) -> None:
        """Give a tab another name."""
        paper.title = title
        self.act(_properties(paper.sheet_id, "title", title))

    def copy_tab(self, paper: Paper, title: str) -> None:
        """Duplicate a tab; the copy is the person's own, and nobody else's business."""
        request = {"duplicateSheet": {"sourceSheetId": paper.sheet_id, "newSheetName": title}}
        reply = self.act(request)[0]["duplicateSheet"]["properties"]
        self.copies[reply["sheetId"]] = self.shows(reply["sheetId"])[0]

    def hide(self, paper: Paper, dimension: str, at: int, is_hidden: bool) -> None:
        """Hide or show a row or a column."""
        body = {"range": _span(paper, dimension, at, 1), "properties": {"hiddenByUser": is_hidden}}
        self.act({"updateDimensionProperties": {**body, "fields": "hiddenByUser"}})

    def filter(self, paper: Paper, column: Column, hidden: Value | None) -> None:
        """Filter a value out, or drop the filter again."""
        if hidden is None:
            self.act({"clearBasicFilter": {"sheetId": paper.sheet_id}})
            return
        box = _box(paper, paper.header, 0, len(paper.columns)) | {"endRowIndex": max(len(paper.lines), 2)}
        criteria = {str(paper.columns.index(column)): {"hiddenValues": [str(hidden)]}}
        self.act({"setBasicFilter": {"filter": {"range": box, "criteria": criteria}}})

    # ------------------------------------------------------------------ the wire

    def _copy_row(self, paper: Paper, source: int, target: int) -> None:
        boxes = [_box(paper, at, 0, len(paper.columns)) for at in (source, target)]
        self.act({"copyPaste": {"source": boxes[0], "destination": boxes[1], "pasteType": "PASTE_NORMAL"}})

    def _put(self, paper: Paper, row: int, column: int, cells: Sequence[Sequence[Value]]) -> None:
        start = {"sheetId": paper.sheet_id, "rowIndex": row, "columnIndex": column}
        rows = [{"values": [_cell(value) for value in line]} for line in cells]
        self.act({"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}})


def on_loop(running: Running, work: Callable[[], T]) -> T:
    """Do something on the workspace's own thread, between two requests, and save it as a request is saved."""

    async def there() -> T:
        try:
            return work()
        finally:
            running.workspace.shelf.flush()

    return asyncio.run_coroutine_threadsafe(there(), running.loop).result(60)


def desk_for(running: Running, file_id: str, schema: str, tabs: Sequence[str], rows: int) -> Desk:
    """A desk on a fresh copy of a template, the wanted tabs filled anew with rows that have no IDs."""
    desk = Desk(running, file_id, {})
    for name in tabs:
        paper = desk.papers[name] = blank_paper(schema, name)
        desk.act({"deleteDimension": {"range": _span(paper, "ROWS", 1, 250)}})
        fill(desk, paper, rows)
    return desk


def small_desk(running: Running, schema: str, tabs: Sequence[str], rows: int, guest: str) -> Desk:
    """A desk on a file that has these tabs alone, their columns marked as templates mark them; the guest may edit."""
    made = Desk(running, "", {})
    desk = Desk(running, made.ask(SHEETS + "create", {}, {"properties": {"title": "small"}})["spreadsheetId"], {})
    for name in tabs:
        paper = desk.papers[name] = blank_paper(schema, name)
        size = {"rowCount": 40, "columnCount": len(paper.columns)}
        tab = {"sheetId": paper.sheet_id, "title": paper.title, "gridProperties": size}
        desk.act({"addSheet": {"properties": tab}}, *(_marked(paper, at) for at in range(len(paper.columns))))
        desk._put(paper, 0, 0, [paper.cells_of(paper.lines[0])])
        fill(desk, paper, rows)
    desk.act({"deleteSheet": {"sheetId": 0}})
    desk.invite(guest)
    return desk


def twin(desk: Desk, guest: str) -> Desk:
    """A desk on a copy of the file, with a truth of its own; the guest may edit the copy."""
    body = {"name": "copy"}
    file_id = desk.ask("drive.files.copy", {"fileId": desk.file_id, "supportsAllDrives": True}, body)["id"]
    memo = {id(desk.running): desk.running}
    made = replace(deepcopy(desk, memo), file_id=file_id, numbers=count(100))
    made.invite(guest)
    return made


def blank_paper(schema: str, name: str) -> Paper:
    """The truth of a tab that has its header alone."""
    tab, made = described(schema)[name], list(columns(schema, name))
    header = Line({column: column.title for column in made}, is_header=True)
    return Paper(name, tab["sheet_id"], tab["title"], tab.get("id_prefix", ""), made, [header])


def fill(desk: Desk, paper: Paper, rows: int) -> None:
    """Type some rows below the header."""
    for number in range(rows):
        desk.append(paper, plain_line(desk, paper, number))


def _marked(paper: Paper, at: int) -> dict[str, Any]:
    place = {"dimensionRange": _span(paper, "COLUMNS", at, 1)}
    mark = {"metadataKey": "implbot.column", "metadataValue": paper.columns[at].name}
    return {"createDeveloperMetadata": {"developerMetadata": {**mark, "location": place, "visibility": "DOCUMENT"}}}


def plain_line(desk: Desk, paper: Paper, salt: int) -> Line:
    """A new row as a person writes one: something in the column that tells what it is, and here and there a cell."""
    own = [column for column in paper.columns if column.name and not column.is_bots]
    telling = telling_column(paper)
    line = Line({telling: f"Thing {next(desk.numbers)}"})
    for number, column in enumerate(own):
        if column is not telling and (salt + number) % 3 == 0:
            line.put(column, sample(column, salt + number))
    return line


def telling_column(paper: Paper) -> Column:
    """The column that says what a row is about: the first required one, else the first of text."""
    tab = {
        one["name"]: one for schema in SCHEMA_NAMES for one in described(schema).get(paper.name, {}).get("columns", ())
    }
    own = [column for column in paper.columns if column.name and not column.is_bots]
    required = [column for column in own if tab[column.name].get("constraints", {}).get("required")]
    return (required or [column for column in own if column.kind == "string"])[0]


SCHEMA_NAMES = ("standard_plan", "playbook")
WORDS = ("Lena", "omar", "Sofia, then Tom", "K-2", "später", "Ünal", "x", "0", "see notes", "- none")


def sample(column: Column, salt: int) -> Value:
    """Something that people write in such a column, not always what the column wants."""
    if salt % 7 == 0:
        return WORDS[salt % len(WORDS)]
    if column.kind == "date":
        return 46300 + salt % 90
    if column.kind in ("integer", "number"):
        return salt % 9
    if column.kind == "boolean":
        return True
    return f"{WORDS[salt % len(WORDS)]} {salt % 5}"


def _order(value: Value) -> tuple[Any, ...]:
    """Numbers, then text whatever its case, then ticks: the documented order of a sort."""
    if isinstance(value, bool):
        return 2, value
    return (1, value.lower(), value) if isinstance(value, str) else (0, float(value))


def _span(paper: Paper, dimension: str, at: int, number: int) -> dict[str, Any]:
    return {"sheetId": paper.sheet_id, "dimension": dimension, "startIndex": at, "endIndex": at + number}


def _box(paper: Paper, row: int, column: int, width: int) -> dict[str, int]:
    rows = {"startRowIndex": row, "endRowIndex": row + 1}
    return {"sheetId": paper.sheet_id, **rows, "startColumnIndex": column, "endColumnIndex": column + width}


def _properties(sheet_id: int, name: str, value: Any) -> dict[str, Any]:
    return {"updateSheetProperties": {"properties": {"sheetId": sheet_id, name: value}, "fields": name}}


def _cell(value: Value) -> dict[str, Any]:
    if value == "" and not isinstance(value, bool):
        return {}
    if isinstance(value, str) and value.startswith("="):
        return {"userEnteredValue": {"formulaValue": value}}
    kind = "boolValue" if isinstance(value, bool) else "stringValue" if isinstance(value, str) else "numberValue"
    return {"userEnteredValue": {kind: value}}
