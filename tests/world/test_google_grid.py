"""Writing beside IDs, as values: what may be written, what belongs to a person, what has to be put back."""

from __future__ import annotations

from datetime import date

import pytest

from bot.project.cells import serial
from bot.project.model import Milestone
from bot.project.schema import load
from bot.project.words import WorkStatus
from bot.world.grid import Change, Grid, View, first_free, grid_of, id_data, misplaced_ids, table_data

PLAN = load("standard_plan")
TAB = PLAN.tab("milestones")
HEADER = [column.title for column in TAB.columns]
STATUS, FORECAST = TAB.index("status"), TAB.index("forecast")


def line(row_id: str, name: str, status: str = "", forecast: object = "") -> list[object]:
    cells: list[object] = [""] * len(HEADER)
    cells[0], cells[1], cells[STATUS], cells[FORECAST] = row_id, name, status, forecast
    return cells


def view(*lines: list[object]) -> View:
    return View(PLAN, {"milestones": Grid("Milestones", 300, [HEADER, *lines])})


def done(row_id: str, seen: object) -> Change:
    return Change("milestones", row_id, "status", WorkStatus.DONE, seen)


def test_an_unchanged_cell_may_be_written() -> None:
    """A cell that still holds what was last seen is the bot's to write, at the row of its ID."""
    before = view(line("M1", "Discovery", "Not started"), line("M2", "Design", "In progress"))
    assert before.judge(done("M2", WorkStatus.IN_PROGRESS)).result == "written"
    letter = "M"
    assert before.datum(done("M2", WorkStatus.IN_PROGRESS)) == {
        "range": f"'Milestones'!{letter}3:{letter}3",
        "values": [["Done"]],
    }


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
    assert before.datum(change)["values"] == [[serial(date(2027, 1, 8))]]


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


def test_a_value_beside_another_id_is_put_back() -> None:
    """A row was inserted above while we wrote: the row that got our value by mistake gets its own back."""
    before = view(line("M1", "Discovery", "In progress"), line("M2", "Design", "Blocked"))
    after = view(line("M0", "New"), line("M1", "Discovery", "Done"), line("M2", "Design", "Blocked"))
    put_back = before.strays(done("M2", WorkStatus.BLOCKED), after)
    assert put_back == [{"range": "'Milestones'!M3:M3", "values": [["In progress"]]}]


def test_a_value_in_its_place_is_not_put_back() -> None:
    """Nothing moved, so nothing is a stray."""
    before, after = view(line("M1", "Discovery", "Blocked")), view(line("M1", "Discovery", "Done"))
    assert before.strays(done("M1", WorkStatus.BLOCKED), after) == []


def test_renamed_tabs_and_moved_columns_are_followed() -> None:
    """The tab's title of today and the header decide where a value goes."""
    header = ["Notes of my own", "ID", "Milestone", "Status"]
    grid = Grid("Owner's plan", 40, [header, ["hm", "M1", "Discovery", "Blocked"]])
    datum = View(PLAN, {"milestones": grid}).datum(done("M1", WorkStatus.BLOCKED))
    assert datum == {"range": "'Owner''s plan'!D2:D2", "values": [["Done"]]}


def test_filling_a_table_replaces_every_row() -> None:
    """Fewer records than the template had rows: the rest is blanked, and formulas are never touched."""
    now = view(line("M1", "a"), line("M2", "b"), line("M3", "c"))
    (datum,) = table_data(TAB, now.grids["milestones"], now.tables["milestones"], [Milestone(id="M1", milestone="x")])
    assert datum["range"] == "'Milestones'!A2:S4"
    assert [row[1] for row in datum["values"]] == ["x", "", ""]


def test_prefilled_formulas_do_not_count_as_rows() -> None:
    """A tab whose score formulas reach down to row 101 still has its first free row below the last risk."""
    tab = load("playbook").tab("risks")
    header = [column.title for column in tab.columns]
    cells: list[list[object]] = [header, ["RK1", "A risk"], *([""] * tab.index("score") + [0] for _ in range(99))]
    grid = Grid("Risks", 300, cells)
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
    """A row was inserted above while IDs were given: the row that got the ID by mistake loses it again."""
    before = view(line("M1", "Discovery"), line("", "Typed by hand"))
    problems, data = id_data(before)
    assert [(problem.row, problem.proposal) for problem in problems] == [(3, "M2")]
    assert data == [{"range": "'Milestones'!A3:A3", "values": [["M2"]]}]
    moved = view(line("", "Inserted"), line("M2", "Discovery"), line("", "Typed by hand"))
    assert misplaced_ids(before, moved) == [{"range": "'Milestones'!A3:A3", "values": [["M1"]]}]
    assert misplaced_ids(before, view(line("M1", "Discovery"), line("M2", "Typed by hand"))) == []


def test_marks_find_columns_without_titles() -> None:
    """A column whose title says nothing is read where its mark stands."""
    header = ["ID", "Milestone", "How are we doing?"]
    grids = {"milestones": Grid("Milestones", 9, [header, ["M1", "Discovery", "Blocked"]])}
    assert View(PLAN, grids).lacks_columns
    seen = View(PLAN, grids, {"milestones": {"status": 2}})
    assert seen.judge(done("M1", WorkStatus.BLOCKED)).result == "written"
