"""The tree of a segment (section breaks, paragraphs, tables), read off its flat units for all that prints it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.emulator.google.docs.segment import Segment, Style
from bot.emulator.google.docs.units import CELL, OBJECT, ROW, SECTION, TABLE, from_units


@dataclass(frozen=True)
class Run:
    """Units [start, end) of a paragraph with one style; `element` instead of `text` for an object (a page break)."""

    start: int
    end: int
    text: str
    style: Style
    element: dict[str, Any] | None = None


@dataclass(frozen=True)
class Paragraph:
    start: int
    end: int
    runs: tuple[Run, ...]
    style: Style
    bullet: dict[str, Any] | None

    @property
    def text(self) -> str:
        """What a person reads, without the final newline."""
        return "".join(run.text for run in self.runs).removesuffix("\n")


@dataclass(frozen=True)
class SectionBreak:
    start: int
    end: int
    style: Style


@dataclass(frozen=True)
class Cell:
    start: int
    end: int
    blocks: tuple[Block, ...]
    style: Style


@dataclass(frozen=True)
class Row:
    start: int
    end: int
    cells: tuple[Cell, ...]
    style: Style


@dataclass(frozen=True)
class Table:
    start: int
    end: int
    rows: tuple[Row, ...]
    columns: list[Style]


Block = SectionBreak | Paragraph | Table


def blocks(segment: Segment) -> list[Block]:
    """The structural elements of a segment, in order; they tile it without a gap."""
    return list(_Reader(segment).blocks())


def paragraphs(found: list[Block] | tuple[Block, ...]) -> Iterator[Paragraph]:
    """Every paragraph of the blocks, those inside tables included."""
    for block in found:
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row.cells:
                    yield from paragraphs(cell.blocks)


def table_at(segment: Segment, start: int) -> Table | None:
    """The table whose start index this is."""
    if not 0 <= start < segment.end or segment.text[start] != TABLE:
        return None
    return _Reader(segment, start).table()


class _Reader:
    """A cursor over the units of a segment."""

    def __init__(self, segment: Segment, position: int = 0) -> None:
        self.segment = segment
        self.position = position

    def blocks(self) -> Iterator[Block]:
        """Blocks up to the end of the segment or of the cell the cursor is in."""
        while self.position < self.segment.end:
            unit = self.segment.text[self.position]
            if unit == SECTION:
                yield SectionBreak(self.position, self.position + 1, self._take())
            elif unit == TABLE:
                yield self.table()
            elif self.segment.holds_text(self.position):
                yield self._paragraph()
            else:
                return

    def table(self) -> Table:
        start, columns = self.position, self._take()["columns"]
        rows = []
        while self.segment.text[self.position] == ROW:
            rows.append(self._row())
        self._take()
        return Table(start, self.position, tuple(rows), columns)

    def _row(self) -> Row:
        start, style = self.position, self._take()
        cells = []
        while self.segment.text[self.position] == CELL:
            cells.append(self._cell())
        return Row(start, self.position, tuple(cells), style)

    def _cell(self) -> Cell:
        start, style = self.position, self._take()
        content = tuple(self.blocks())
        return Cell(start, self.position, content, style)

    def _take(self) -> dict[str, Any]:
        self.position += 1
        return self.segment.extras[self.position - 1] or {}

    def _paragraph(self) -> Paragraph:
        start = self.position
        newline = self.segment.paragraph_end(start)
        runs = tuple(self._runs(start, newline + 1))
        extra = self._end_paragraph(newline)
        return Paragraph(start, newline + 1, runs, extra.get("style", {}), extra.get("bullet"))

    def _end_paragraph(self, newline: int) -> dict[str, Any]:
        self.position = newline + 1
        return self.segment.extras[newline] or {}

    def _runs(self, start: int, end: int) -> Iterator[Run]:
        text, styles = self.segment.text, self.segment.styles
        while start < end:
            stop = start + 1
            if text[start] == OBJECT:
                yield Run(start, stop, "", styles[start], self.segment.extras[start])
            else:
                while stop < end and text[stop] != OBJECT and _same(styles[stop], styles[start]):
                    stop += 1
                yield Run(start, stop, from_units(text[start:stop]), styles[start])
            start = stop


def _same(one: Style, other: Style) -> bool:
    return one is other or one == other
