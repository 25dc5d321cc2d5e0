"""Any order of edits: values, dimensions and metadata against a model that is a plain list of lists."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sheets_desk import Desk, desk, span

__all__ = ["desk"]
CELLS = st.one_of(st.integers(-999, 999), st.booleans(), st.sampled_from(["", "a", "Harborpine", "=1+1", "007", "ü€"]))
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=3), min_size=1, max_size=3)
PLACE = st.integers(0, 7)
SIZE = st.integers(1, 3)


class Edits(RuleBasedStateMachine):
    """One spreadsheet of 8x6 cells and what it must hold. `marks` maps metadata ids to (axis, index)."""

    desk: Desk

    @initialize()
    def start(self) -> None:
        self.tab = self.desk.new_tab(f"T{len(self.desk.titles())}", rows=8, columns=6)
        self.title = self.desk.titles()[-1]
        self.grid: list[list[Any]] = [[""] * 6 for _ in range(8)]
        self.marks: dict[int, tuple[str, int]] = {}

    def _name(self, row: int, column: int) -> str:
        return f"{self.title}!{chr(65 + column)}{row + 1}"

    @property
    def _size(self) -> tuple[int, int]:
        return len(self.grid), len(self.grid[0])

    @rule(row=PLACE, column=PLACE, rows=ROWS)
    def write(self, row: int, column: int, rows: list[list[Any]]) -> None:
        """RAW values from a cell, cut to the grid."""
        row, column = row % self._size[0], column % self._size[1]
        rows = [line[: self._size[1] - column] for line in rows][: self._size[0] - row]
        self.desk.put(self._name(row, column), rows)
        for down, line in enumerate(rows):
            for across, value in enumerate(line):
                self.grid[row + down][column + across] = value

    @rule(row=PLACE, column=PLACE)
    def clear(self, row: int, column: int) -> None:
        """Clears one row from a column on."""
        if row < self._size[0] and column < self._size[1]:
            self.desk.sheets.values().clear(
                spreadsheetId=self.desk.id, range=f"{self._name(row, column)}:{row + 1}"
            ).execute()
            self.grid[row][column:] = [""] * (self._size[1] - column)

    @rule(at=PLACE, count=SIZE, axis=st.sampled_from(["ROWS", "COLUMNS"]))
    def insert(self, at: int, count: int, axis: str) -> None:
        """New rows or columns; marks behind them shift."""
        size = self._size[axis == "COLUMNS"]
        if at > size or size + count > 14:
            return
        self.desk.batch({"insertDimension": {"range": span(axis, at, at + count, self.tab)}})
        if axis == "ROWS":
            self.grid[at:at] = [[""] * self._size[1] for _ in range(count)]
        else:
            for line in self.grid:
                line[at:at] = [""] * count
        self._shift(axis, lambda place: place + count if place >= at else place)

    @rule(at=PLACE, count=SIZE, axis=st.sampled_from(["ROWS", "COLUMNS"]))
    def delete(self, at: int, count: int, axis: str) -> None:
        """Rows or columns go, and the marks on them."""
        size = self._size[axis == "COLUMNS"]
        if at + count > size or size - count < 2:
            return
        self.desk.batch({"deleteDimension": {"range": span(axis, at, at + count, self.tab)}})
        if axis == "ROWS":
            del self.grid[at : at + count]
        else:
            for line in self.grid:
                del line[at : at + count]
        gone = range(at, at + count)
        self._shift(axis, lambda place: None if place in gone else (place - count if place >= at + count else place))

    @rule(at=PLACE, count=SIZE, to=st.integers(0, 12), axis=st.sampled_from(["ROWS", "COLUMNS"]))
    def move(self, at: int, count: int, to: int, axis: str) -> None:
        """Rows or columns move, and the marks on them."""
        size = self._size[axis == "COLUMNS"]
        if at + count > size or to > size or at <= to < at + count:
            return
        self.desk.batch({"moveDimension": {"source": span(axis, at, at + count, self.tab), "destinationIndex": to}})
        order = list(range(size))
        moved = order[at : at + count]
        rest = [place for place in order if place not in moved]
        before = sum(place < to for place in rest)
        order = rest[:before] + moved + rest[before:]
        if axis == "ROWS":
            self.grid = [self.grid[place] for place in order]
        else:
            self.grid = [[line[place] for place in order] for line in self.grid]
        self._shift(axis, order.index)

    def _shift(self, axis: str, where: Any) -> None:
        found = {key: (one, where(place) if one == axis else place) for key, (one, place) in self.marks.items()}
        self.marks = {key: (one, place) for key, (one, place) in found.items() if place is not None}

    @precondition(lambda self: len(self.marks) < 4)
    @rule(at=PLACE, axis=st.sampled_from(["ROWS", "COLUMNS"]))
    def mark(self, at: int, axis: str) -> None:
        """Metadata on a row or column."""
        if at >= self._size[axis == "COLUMNS"]:
            return
        where = {"dimensionRange": span(axis, at, at + 1, self.tab)}
        given = {"metadataKey": self.title, "location": where, "visibility": "DOCUMENT"}
        made = self.desk.reply({"createDeveloperMetadata": {"developerMetadata": given}})
        self.marks[made["developerMetadata"]["metadataId"]] = (axis, at)

    @invariant()
    def values_agree(self) -> None:
        """A read of the whole tab is the model, trimmed."""
        lines = [list(line) for line in self.grid]
        for line in lines:
            while line and line[-1] == "":
                line.pop()
        while lines and not lines[-1]:
            lines.pop()
        assert self.desk.values(f"'{self.title}'", valueRenderOption="UNFORMATTED_VALUE") == lines

    @invariant()
    def marks_agree(self) -> None:
        """Each piece of metadata is where the model says."""
        body = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": self.title}}]}
        found = self.desk.sheets.developerMetadata().search(spreadsheetId=self.desk.id, body=body).execute()
        places = {}
        for one in found.get("matchedDeveloperMetadata", []):
            where = one["developerMetadata"]["location"]["dimensionRange"]
            places[one["developerMetadata"]["metadataId"]] = (where["dimension"], where["startIndex"])
        assert places == self.marks

    @invariant()
    def size_agrees(self) -> None:
        """The grid is as large as the model."""
        size = self.desk.get(fields="sheets.properties(title,gridProperties)")["sheets"]
        grid = next(one["properties"]["gridProperties"] for one in size if one["properties"]["title"] == self.title)
        assert (grid["rowCount"], grid["columnCount"]) == self._size


def test_edits_in_any_order(desk: Desk) -> None:
    """Values, sizes and metadata agree with a simple model after any sequence of edits."""
    machine = type("Machine", (Edits,), {"desk": desk})
    checks = list(HealthCheck)
    run = settings(max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=checks, database=None)
    run_state_machine_as_test(machine, settings=run)


def test_moving_and_sums(desk: Desk) -> None:
    """A sum over a column keeps adding the same cells while rows move, come and go inside of it."""
    desk.put("A1", [[value] for value in (1, 2, 4, 8, 16)])
    desk.type("C1", "=SUM(A1:A5)")
    desk.batch({"moveDimension": {"source": span("ROWS", 1, 2), "destinationIndex": 4}})
    assert desk.raw("C1") == 31
    desk.batch({"insertDimension": {"range": span("ROWS", 2, 3)}})
    assert desk.raw("C1") == 31
    desk.batch({"deleteDimension": {"range": span("ROWS", 4, 5)}})
    assert desk.raw("C1") == pytest.approx(29)
