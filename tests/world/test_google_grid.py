"""Writing beside IDs, as values: what may be written, what belongs to a person, what has to be put back."""

from __future__ import annotations

from datetime import date

import pytest

from bot.project.cells import serial
from bot.project.model import Milestone
from bot.project.schema import load
from bot.project.words import WorkStatus
from bot.world.grid import Grid, first_free, grid_of, table_data
from bot.world.strays import restored
from bot.world.view import Change, View

PLAN = load("standard_plan")
TAB = PLAN.tab("milestones")
HEADER = [column.title for column in TAB.columns]
STATUS, FORECAST = TAB.index("status"), TAB.index("forecast")


def line(row_id: str, name: str, status: str = "", forecast: object = "") -> list[object]:
    cells: list[object] = [""] * len(HEADER)
    cells[0], cells[1], cells[STATUS], cells[FORECAST] = row_id, name, status, forecast
    return cells


def view(*lines: list[object]) -> View:
    return View(PLAN, {"milestones": Grid(2002, "Milestones", 300, [HEADER, *lines])})


def done(row_id: str, seen: object) -> Change:
    return Change("milestones", row_id, "status", WorkStatus.DONE, seen)


def test_an_unchanged_cell_may_be_written() -> None:
    """A cell that still holds what was last seen is the bot's to write, at the row of its ID."""
    before = view(line("M1", "Discovery", "Not started"), line("M2", "Design", "In progress"))
    assert before.judge(done("M2", WorkStatus.IN_PROGRESS)).result == "written"
    assert before.place(done("M2", WorkStatus.IN_PROGRESS)) == (3, STATUS)


def test_a_person_wins() -> None:
    """A cell that differs from what was seen is left alone, and the outcome says what stands there."""
    outcome = view(line("M1", "Discovery", "Blocked")).judge(done("M1", WorkStatus.IN_PROGRESS))
    assert (outcome.result, outcome.found) == ("person_won", WorkStatus.BLOCKED)


def test_an_unreadable_cell_belongs_to_the_person() -> None:
    """Text in a date cell is no blank: the bot does not write over it."""
    change = Change("milestones", "M1", "forecast", date(2027, 1, 8), None)
    outcome = view(line("M1", "Discovery", "", "next week")).judge(change)
    assert (outcome.result, outcome.found) == ("person_won", "next week")


def test_dates_are_compared_as_dates() -> None:
    """A serial number in the sheet equals the date that was seen, and the new date is sent as a serial number."""
    change = Change("milestones", "M1", "forecast", date(2027, 1, 8), date(2027, 1, 4))
    before = view(line("M1", "Discovery", "", serial(date(2027, 1, 4))))
    assert before.judge(change).result == "written"


@pytest.mark.parametrize(
    ("lines", "result"),
    [
        ([line("M2", "Design")], "row_missing"),
        ([line("M1", "Discovery"), line("M1", "Copy of Discovery")], "id_twice"),
        ([line("M1", "Discovery", "Done")], "already"),
    ],
)
def test_rows_are_found_by_their_id_alone(lines: list[list[object]], result: str) -> None:
    """A deleted row, a doubled ID and a value that is there already are each told apart; none is written."""
    assert view(*lines).judge(done("M1", None)).result == result


def cell(row: int, column: int) -> dict[str, int]:
    """The range of one cell, 1-based row and 0-based column."""
    return {
        "sheetId": 2002,
        "startRowIndex": row - 1,
        "endRowIndex": row,
        "startColumnIndex": column,
        "endColumnIndex": column + 1,
    }


def put_back(before: View, after: View, sent: dict[tuple[int, int], object]) -> list[tuple[object, object]]:
    data = restored(before.grids["milestones"], after.grids["milestones"], sent, (0, 0)).values()
    return [(datum["dataFilter"]["gridRange"], datum["values"][0][0]) for datum in data]


def test_a_value_beside_another_id_is_put_back() -> None:
    """A row was inserted above while we wrote: the row that got our value by mistake gets its own back."""
    before = view(line("M1", "Discovery", "In progress"), line("M2", "Design", "Blocked"))
    after = view(line("M0", "New"), line("M1", "Discovery", "Done"), line("M2", "Design", "Blocked"))
    assert put_back(before, after, {(3, STATUS): "Done"}) == [(cell(3, STATUS), "In progress")]


def test_a_value_in_its_place_is_not_put_back() -> None:
    """Nothing moved, or a person edited the same row meanwhile: nothing is a stray."""
    before, after = view(line("M1", "Discovery", "Blocked")), view(line("M1", "Discovered", "Done", 46000))
    assert put_back(before, after, {(2, STATUS): "Done"}) == []


def test_what_somebody_typed_since_is_not_put_back() -> None:
    """The row moved, but in the cell that we hit stands another word than ours by now: it stays."""
    before = view(line("M1", "Discovery", "In progress"), line("M2", "Design", "Blocked"))
    after = view(line("M0", "New"), line("M1", "Discovery", "N/A"), line("M2", "Design", "Blocked"))
    assert put_back(before, after, {(3, STATUS): "Done"}) == []


def test_a_value_in_a_column_that_moved_is_put_back() -> None:
    """Somebody inserted a column while we wrote: the neighbour that got our values gets its own back, in every row."""
    header = ["ID", "Milestone", "Comment", "Status"]
    before = View(PLAN, {"milestones": Grid(2002, "Plan", 9, [header, ["M1", "A", "x", "Blocked"], ["M2", "B", "y"]])})
    moved = [
        ["ID", "Room", "Milestone", "Comment", "Status"],
        ["M1", "", "A", "Done", "Blocked"],
        ["M2", "", "B", "Done"],
    ]
    after = View(PLAN, {"milestones": Grid(2002, "Plan", 9, moved)})
    sent: dict[tuple[int, int], object] = {(2, 3): "Done", (3, 3): "Done"}
    assert put_back(before, after, sent) == [(cell(2, 3), "x"), (cell(3, 3), "y")]


def test_moved_columns_and_renamed_tabs_are_followed() -> None:
    """The header decides where a value goes, and the tab's id, whatever it is called."""
    header = ["Notes of my own", "ID", "Milestone", "Status"]
    grid = Grid(77, "Owner's plan", 40, [header, ["hm", "M1", "Discovery", "Blocked"]])
    assert View(PLAN, {"milestones": grid}).place(done("M1", WorkStatus.BLOCKED)) == (2, 3)
    assert grid.datum(2, 3, [["Done"]])["dataFilter"]["gridRange"] == {**cell(2, 3), "sheetId": 77}


def test_filling_a_table_replaces_every_row() -> None:
    """Fewer records than the template had rows: the rest is blanked, and formulas are never touched."""
    now = view(line("M1", "a"), line("M2", "b"), line("M3", "c"))
    (datum,) = table_data(TAB, now.grids["milestones"], now.tables["milestones"], [Milestone(id="M1", milestone="x")])
    span = datum["dataFilter"]["gridRange"]
    assert (span["startRowIndex"], span["endRowIndex"], span["endColumnIndex"]) == (1, 4, len(HEADER))
    assert [row[1] for row in datum["values"]] == ["x", "", ""]


def test_prefilled_formulas_do_not_count_as_rows() -> None:
    """A tab whose score formulas reach down to row 101 still has its first free row below the last risk."""
    tab = load("playbook").tab("risks")
    header: list[object] = [column.title for column in tab.columns]
    formulas: list[list[object]] = [[*[""] * tab.index("score"), 0] for _ in range(99)]
    cells: list[list[object]] = [header, ["RK1", "A risk"], *formulas]
    grid = Grid(1007, "Risks", 300, cells)
    reading = View(load("playbook"), {"risks": grid}).tables["risks"]
    assert first_free(tab, grid, reading) == 3


@pytest.mark.parametrize(
    ("given", "title", "rows"),
    [
        ("Tasks!A1:P300", "Tasks", 300),
        ("'Owner''s plan'!A1:Z1000", "Owner's plan", 1000),
        ("'D3'!A1", "D3", 1),
    ],
)
def test_an_answered_range_names_tab_and_size(given: str, title: str, rows: int) -> None:
    """Quoted and plain titles are read alike."""
    grid = grid_of({"range": given})
    assert (grid.title, grid.rows, grid.cells) == (title, rows, [])


def test_a_new_id_that_landed_elsewhere_is_put_back() -> None:
    """A row was inserted above while IDs were given: the row that got the ID by mistake gets its own back."""
    before = view(line("M1", "Discovery"), line("", "Typed by hand"))
    moved = view(line("", "Inserted"), line("M2", "Discovery"), line("", "Typed by hand"))
    assert put_back(before, moved, {(3, 0): "M2"}) == [(cell(3, 0), "M1")]
    assert put_back(before, view(line("M1", "Discovery"), line("M2", "Typed by hand")), {(3, 0): "M2"}) == []


def test_marks_find_columns_without_titles() -> None:
    """A column whose title says nothing is read where its mark stands."""
    header = ["ID", "Milestone", "How are we doing?"]
    grids = {"milestones": Grid(2002, "Milestones", 9, [header, ["M1", "Discovery", "Blocked"]])}
    assert View(PLAN, grids).is_odd
    seen = View(PLAN, grids, marks={"milestones": {"status": 2}})
    assert seen.judge(done("M1", WorkStatus.BLOCKED)).result == "written"
