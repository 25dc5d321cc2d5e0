"""What inserting, deleting and moving rows or columns does to places, ranges and objects along that axis."""

from __future__ import annotations

from dataclasses import dataclass

from bot.emulator.google.sheets.book import Json

KEYS = {"ROWS": ("startRowIndex", "endRowIndex"), "COLUMNS": ("startColumnIndex", "endColumnIndex")}


@dataclass(frozen=True)
class Change:
    """One change along an axis ("ROWS" or "COLUMNS"); subclasses say where places go."""

    axis: str

    def point(self, place: int) -> int | None:
        """Where the row or column `place` is afterwards; None when it is gone."""
        raise NotImplementedError

    def edge(self, place: int) -> int:
        """Where the open range that begins at `place` begins afterwards."""
        raise NotImplementedError

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where the range [start, end) is afterwards; None when all of it is gone."""
        raise NotImplementedError


@dataclass(frozen=True)
class Insert(Change):
    """`count` new ones before `at`. A range grows only when they come strictly inside."""

    at: int
    count: int

    def point(self, place: int) -> int:
        return place + self.count if place >= self.at else place

    def edge(self, place: int) -> int:
        return self.point(place)

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.point(start), (end + self.count if end > self.at else end)


@dataclass(frozen=True)
class Delete(Change):
    """[start, end) go. A range that keeps any part shrinks, also at its edges."""

    start: int
    end: int

    def point(self, place: int) -> int | None:
        if self.start <= place < self.end:
            return None
        return place - (self.end - self.start) if place >= self.end else place

    def edge(self, place: int) -> int:
        return min(place, self.start) if place < self.end else place - (self.end - self.start)

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        first, last = self.edge(start), self.edge(end)
        return (first, last) if first < last else None


@dataclass(frozen=True)
class Move(Change):
    """[start, end) go before `to` (a place before the move)."""

    start: int
    end: int
    to: int

    def point(self, place: int) -> int:
        length = self.end - self.start
        if self.start <= place < self.end:
            return self.to + place - self.start - (length if self.to > self.start else 0)
        if self.end <= place < self.to:
            return place - length
        return place + length if self.to <= place < self.start else place

    def edge(self, place: int) -> int:
        return self.point(place)

    def span(self, start: int, end: int) -> tuple[int, int]:
        low, high = min(self.start, self.to), max(self.end, self.to)
        if start <= low and high <= end:
            return start, end
        first, last = self.point(start), self.point(end - 1)
        return min(first, last), max(first, last) + 1


def moved_grid(grid: Json, sheet_id: int, change: Change) -> Json | None:
    """A GridRange after the change on that sheet, the same object when it is not touched; None when it is gone."""
    if grid.get("sheetId", 0) != sheet_id:
        return grid
    low, high = KEYS[change.axis]
    start, end = grid.get(low), grid.get(high)
    if start is None and end is None:
        return grid
    if end is None:
        return {**grid, low: change.edge(start or 0)}
    span = change.span(start or 0, end)
    if span is None:
        return None
    new = {**grid, high: span[1]}
    if start is not None or span[0]:
        new[low] = span[0]
    return new
