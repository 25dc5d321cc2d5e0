"""The truth of a tab as people made it: which physical row is which and what they typed, kept without the bot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

Value = str | int | float | bool
SCHEMAS = Path(__file__).parents[2] / "sheet_schemas"


@dataclass(eq=False)
class Column:
    """One physical column. `name` is the schema's, "" for a person's own."""

    name: str
    title: str
    is_bots: bool = False
    kind: str = "string"


@dataclass(eq=False)
class Line:
    """One physical row: its cells by column, and what was known of it after the last scan.

    `seen` are the people's cells then, `id` the ID that it had then, `was_there` whether that scan found it;
    `hand_id` is an ID that somebody put there since.
    """

    cells: dict[Column, Value] = field(default_factory=dict)
    is_header: bool = False
    is_note: bool = False
    id: str = ""
    seen: dict[Column, Value] = field(default_factory=dict)
    hand_id: str | None = None
    was_there: bool = False

    def put(self, column: Column, value: Value) -> None:
        """Set or blank a cell."""
        if value == "":
            self.cells.pop(column, None)
        else:
            self.cells[column] = value

    def of_people(self) -> dict[Column, Value]:
        """What people wrote in the schema's columns for people."""
        return {column: value for column, value in self.cells.items() if column.name and not column.is_bots}

    @property
    def is_row(self) -> bool:
        """True when it is a row of the table: a person wrote something in it."""
        return not (self.is_header or self.is_note) and any(value is not False for value in self.of_people().values())


@dataclass(eq=False)
class Paper:
    """A tab: its physical columns and rows in order, and every ID that was ever seen in it."""

    name: str
    sheet_id: int
    title: str
    prefix: str
    columns: list[Column]
    lines: list[Line]
    used: dict[str, Line] = field(default_factory=dict)

    @property
    def id_column(self) -> Column:
        """The column of the IDs, wherever it is now."""
        return next(column for column in self.columns if column.name == "id")

    @property
    def header(self) -> int:
        """The zero-based row of the header."""
        return next(at for at, line in enumerate(self.lines) if line.is_header)

    @property
    def rows(self) -> list[Line]:
        """The rows of the table, in order."""
        return [line for line in self.lines if line.is_row]

    def column(self, name: str) -> Column:
        """A column by its name in the schema."""
        return next(column for column in self.columns if column.name == name)

    def at(self, line: Line) -> int:
        """The zero-based row where a line stands."""
        return next(at for at, one in enumerate(self.lines) if one is line)

    def cells_of(self, line: Line) -> list[Value]:
        """The cells of a line, from the first column on."""
        return [line.cells.get(column, "") for column in self.columns]

    def grid(self) -> list[list[Value]]:
        """All cells as they should stand, without blank ends."""
        return trimmed([self.cells_of(line) for line in self.lines])


def trimmed(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Rows without blank ends, as a values read gives them."""
    found = [list(row) for row in rows]
    for row in found:
        while row and row[-1] in ("", None):
            row.pop()
    while found and not found[-1]:
        found.pop()
    return found


@cache
def described(schema: str) -> dict[str, dict[str, Any]]:
    """The tabs of a schema file by name, as the file says it, with nothing of the bot's reading of it."""
    text = (SCHEMAS / f"{schema}.yaml").read_text("utf-8")
    return {tab["name"]: tab for tab in yaml.safe_load(text)["tabs"]}


def columns(schema: str, tab: str) -> Iterator[Column]:
    """The columns of a fresh tab, in order."""
    for one in described(schema)[tab]["columns"]:
        title = one.get("title", one["name"].replace("_", " ").capitalize())
        yield Column(one["name"], title, one.get("owner") == "bot", one.get("type", "string"))
