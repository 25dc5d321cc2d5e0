"""A person edits at every point of the bot's work: between its look and its write, and before it looks again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import pytest

from bot.project.model import Meeting, Task
from bot.project.words import WorkStatus
from bot.world.google import GoogleError
from bot.world.sheets import Change
from tests.identity.conftest import Scanner, Small
from tests.judge.between import WRITE, Between, between
from tests.judge.desk import Desk, plain_line
from tests.judge.identity import Wrong, check_scan, differences
from tests.judge.paper import Column, Line, Paper

PLAN, TABS = "standard_plan", ("tasks", "meetings")
TARGET = 2  # the row, among those of the table, that the bot writes to
TYPED = "Blocked by us"


@dataclass
class Table:
    """The file of one try: the bot, the person's desk, and the row that the bot is about."""

    scanner: Scanner
    copies: list[Line] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        return self.scanner.desk

    @property
    def paper(self) -> Paper:
        return self.desk.papers["tasks"]

    @property
    def other(self) -> Paper:
        return self.desk.papers["meetings"]


# ---------------------------------------------------------------------- what the person does


def same_cell(table: Table, target: Line) -> None:
    table.desk.type(table.paper, target, table.paper.column("status"), TYPED)


def other_cell(table: Table, target: Line) -> None:
    table.desk.type(table.paper, target, table.paper.column("owner"), "Omar")


def row_above(table: Table, target: Line) -> None:
    table.desk.insert(table.paper, 1, [plain_line(table.desk, table.paper, 3)])


def blank_row_above(table: Table, target: Line) -> None:
    table.desk.insert(table.paper, table.paper.at(target), [Line()])


def row_below(table: Table, target: Line) -> None:
    table.desk.append(table.paper, plain_line(table.desk, table.paper, 4))


def row_gone(table: Table, target: Line) -> None:
    table.desk.delete(table.paper, table.paper.at(target))


def row_above_gone(table: Table, target: Line) -> None:
    table.desk.delete(table.paper, 1)


def sorted_rows(table: Table, target: Line) -> None:
    table.desk.sort(table.paper, table.paper.column("task"), is_falling=True)


def row_twice(table: Table, target: Line) -> None:
    table.copies.append(table.desk.duplicate(table.paper, target, 1))


def column_moved(table: Table, target: Line) -> None:
    table.desk.move_column(
        table.paper, table.paper.columns.index(table.paper.column("owner")), len(table.paper.columns)
    )


def column_between(table: Table, target: Line) -> None:
    column = table.desk.insert_column(table.paper, 1, "Room")
    table.desk.type(table.paper, target, column, "12")


def title_changed(table: Table, target: Line) -> None:
    table.desk.rename(table.paper, table.paper.column("status"), "How far")


def tab_renamed(table: Table, target: Line) -> None:
    table.desk.rename_tab(table.paper, "To do")


def tabs_swapped(table: Table, target: Line) -> None:
    names = table.paper.title, table.other.title
    table.desk.rename_tab(table.paper, "For a moment")
    table.desk.rename_tab(table.other, names[0])
    table.desk.rename_tab(table.paper, names[1])


def copy_takes_the_name(table: Table, target: Line) -> None:
    title = table.paper.title
    table.desk.rename_tab(table.paper, f"{title} until now")
    table.desk.copy_tab(table.paper, title)


DEEDS = (
    same_cell, other_cell, row_above, blank_row_above, row_below, row_gone, row_above_gone, sorted_rows, row_twice,
    column_moved, column_between, title_changed, tab_renamed, tabs_swapped, copy_takes_the_name,
)  # fmt: skip


# ---------------------------------------------------------------------- what the bot does


def write_own_cells(table: Table, target: Line) -> None:
    """A finding in the bot's own column of every row."""
    ids = [line.id.upper() for line in table.paper.rows]
    changes = [Change("tasks", row_id, "check", f"{row_id} is late") for row_id in ids]
    table.scanner.sheets.write(table.desk.file_id, table.scanner.schema, changes)


def press_done(table: Table, target: Line) -> None:
    """*Done*, compared with what the person who pressed saw."""
    seen = next(row for row in table.scanner.before["tasks"] if row.id == target.id.upper())
    change = Change("tasks", seen.id, "status", WorkStatus.DONE, seen.record.status, by_person=True)
    table.scanner.sheets.write(table.desk.file_id, table.scanner.schema, [change])


def mend(table: Table, target: Line) -> None:
    """IDs for a row without one and for the copy of another."""
    scanner = table.scanner
    scanner.sheets.mend_ids(table.desk.file_id, scanner.schema, layout=scanner.layout, before=scanner.before)


def append(table: Table, target: Line) -> None:
    """One more row of the bot's own."""
    table.scanner.sheets.append(table.desk.file_id, table.scanner.schema, "tasks", Task(task=APPENDED, owner="Lena"))


def fill(table: Table, target: Line) -> None:
    """The rows of another tab, as a set-up writes them."""
    records = {"meetings": [Meeting(id="A9", topic="Kick-off"), Meeting(id="A10", topic="Review")]}
    table.scanner.sheets.fill(table.desk.file_id, table.scanner.schema, records)


APPENDED = "Appended by the bot"
WORKS = (write_own_cells, press_done, mend, append, fill)
Deed = Callable[[Table, Line], None]


@dataclass
class Tally:
    """What a run of tries came to."""

    tries: int = 0
    losses: Counter[str] = field(default_factory=Counter)
    windows: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The figures in a line."""
        window = f"{median(self.windows) * 1000:.1f} ms, at most {max(self.windows) * 1000:.1f} ms"
        return f"{self.tries} tries, {dict(self.losses)}, from the last look to the write {window}"


def table_for(small: Small, work: Deed) -> tuple[Table, Line]:
    """A scanned file with a formula, words and a blank in the column to be written, and the row that it is about."""
    name = f"table for {work is mend}"
    if name not in small.kept:
        small.kept[name] = _prepared(small.base(PLAN, TABS).twin(), work)
    table = Table(small.kept[name].twin())
    return table, table.paper.rows[TARGET]


def _prepared(scanner: Scanner, work: Deed) -> Scanner:
    desk, paper = scanner.desk, scanner.desk.papers["tasks"]
    for line, value in zip(paper.rows, ('="Blo"&"cked"', "Done", "In progress", ""), strict=True):
        desk.type(paper, line, paper.column("status"), value)
    scanner.judged_scan()
    if work is mend:
        desk.append(paper, plain_line(desk, paper, 5))
        desk.duplicate(paper, paper.rows[0], 4)
    return scanner


def once(small: Small, work: Deed, deed: Deed, point: int, tally: Tally, kind: type[Between] = Between) -> bool:
    """One try; False when the bot's work has no such point."""
    table, target = table_for(small, work)
    with between(table.scanner.sheets.google.session, point, lambda: deed(table, target), kind) as wire:
        try:
            work(table, target)
        except GoogleError as error:
            tally.losses[f"refused: {error.kind}"] += 1
    if wire.is_past_the_end:
        return False
    tally.tries += 1
    tally.windows += wire.windows
    try:
        judge(table, target, work, wire, tally)
    except Wrong as error:
        calls = " ".join(wire.calls)
        tally.wrong.append(f"{work.__name__}, {deed.__name__} before call {point} of {calls}: {error}")
    return True


def judge(table: Table, target: Line, work: Deed, wire: Between, tally: Tally) -> None:
    """People's cells are as people left them, in every tab and column; a pressed *Done* may stand in its one cell."""
    shown = {paper.name: table.desk.shows(paper.sheet_id)[0] for paper in table.desk.papers.values()}
    if work is append:
        _take_out_appended(shown["tasks"], table)
    for paper in [table.paper] if work is fill else table.desk.papers.values():
        for row, at, was, now in differences(paper.grid(), shown[paper.name]):
            line = paper.lines[row] if row < len(paper.lines) else None
            column = paper.columns[at] if at < len(paper.columns) else None
            if line and column and line.is_row and column.is_bots and paper is table.paper:
                _check_is_its_own(paper, line, column, now)
            elif work is press_done and column and column.name == "status" and now == "Done" and line is target:
                _count_loss(was, wire, tally)
            elif work is press_done and column and now == "Done" and line in table.copies and wire.was_after_a_write:
                continue  # a person copied what the bot had written
            else:
                raise Wrong(f"{paper.name} row {row + 1} {column.name if column else at}: {was!r} became {now!r}")
    for sheet_id, cells in table.desk.copies.items():
        if table.desk.shows(sheet_id)[0] != cells:
            raise Wrong("the bot wrote in a person's copy of the tab")
    if work is mend:
        table.scanner.scan()
        check_scan(table.desk)


def _check_is_its_own(paper: Paper, line: Line, column: Column, now: Any) -> None:
    """What the bot says of a row stands beside that row."""
    own = str(line.cells.get(paper.id_column, ""))
    if column.name != "id" and now and not str(now).startswith(f"{own} "):
        raise Wrong(f"{now!r} stands beside {own}")


def _count_loss(was: object, wire: Between, tally: Tally) -> None:
    if was == TYPED and not wire.was_before_a_write:
        raise Wrong("a value was overwritten that could have been seen")
    tally.losses["typed within the last round trip"] += was == TYPED


def _take_out_appended(grid: list[list[Any]], table: Table) -> None:
    """The row that the bot added stands once and complete; without it the sheet is the person's."""
    rows = [number for number, cells in enumerate(grid) if APPENDED in cells]
    if len(rows) != 1:
        raise Wrong(f"the appended row stands {len(rows)} times")
    names = dict(zip((column.name for column in table.paper.columns), grid[rows[0]], strict=False))
    if not names.get("id") or names.get("owner") != "Lena":
        raise Wrong(f"the appended row is {grid[rows[0]]}")
    del grid[rows[0]]


def points(small: Small, work: Deed, everywhere: bool) -> list[int]:
    """The calls before which a person may act: all of them, or those about the writes, where it matters most."""
    table, target = table_for(small, work)
    with between(table.scanner.sheets.google.session, 0, lambda: None) as wire:
        work(table, target)
    calls = wire.calls
    return [point for point in range(1, len(calls) + 1) if everywhere or WRITE in calls[max(point - 2, 0) : point]]


def run(small: Small, work: Deed, everywhere: bool) -> str:
    """Every deed at every point of one work of the bot; the figures in a line."""
    tally, chosen = Tally(), points(small, work, everywhere)
    for deed in DEEDS:
        for point in chosen:
            once(small, work, deed, point, tally)
    assert not tally.wrong, "\n".join(tally.wrong)
    return f"{work.__name__}: {tally.words}"


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.__name__)
def test_a_person_edits_about_every_write(
    small: Small, work: Deed, record_property: Callable[[str, object], None]
) -> None:
    """Bot columns and IDs touch no cell of a person; a button only what was typed within the last round trip."""
    record_property("figure", run(small, work, everywhere=False))


@pytest.mark.slow
@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.__name__)
def test_a_person_edits_at_every_point(
    small: Small, work: Deed, record_property: Callable[[str, object], None]
) -> None:
    """The same between any two calls."""
    record_property("figure", run(small, work, everywhere=True))
