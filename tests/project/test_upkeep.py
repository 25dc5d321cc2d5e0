"""What should stand in the bot's own columns, from rows alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.project import troubles, upkeep
from bot.project.cells import Trouble
from bot.project.model import Issue, Milestone, Overview, Task
from bot.project.picture import Picture
from bot.project.rows import Problem
from bot.project.troubles import Troubles
from bot.project.upkeep import File
from bot.project.words import IssueStatus, Rag, WorkStatus
from tests.pictures import MONDAY, picture

NOTHING: dict[File, Troubles] = {"plan": Troubles(), "playbook": Troubles()}
FRIDAY = date(2026, 11, 6)


def wanted(seen: Picture, sources: dict[File, Troubles] | None = None) -> dict[tuple[str, str], Any]:
    """The cells to write, by row (or tab) and column."""
    return {(cell.row_id or cell.tab, cell.column): cell.new for cell in upkeep.stale(seen, sources or NOTHING)}


@pytest.mark.parametrize(
    ("forecast", "actual", "status", "expected"),
    [
        (date(2026, 11, 12), None, WorkStatus.IN_PROGRESS, 4),
        (date(2026, 11, 12), date(2026, 11, 9), WorkStatus.DONE, 1),
        (date(2026, 11, 5), None, WorkStatus.IN_PROGRESS, -1),
        (None, None, WorkStatus.IN_PROGRESS, None),
        (date(2026, 11, 12), None, WorkStatus.NOT_APPLICABLE, None),
    ],
)
def test_variance_is_the_slip_in_working_days(
    forecast: date | None, actual: date | None, status: WorkStatus, expected: int | None
) -> None:
    """Of the actual day, else of the forecast; a milestone that does not apply has none."""
    milestone = Milestone(id="M1", baseline=FRIDAY, forecast=forecast, actual=actual, status=status, variance=77)

    assert wanted(picture(milestones=[milestone]))["M1", "variance"] == expected


def test_a_cell_that_is_right_is_left_alone() -> None:
    """Once everything says what it should, nothing is to be written, a zero and a blank included."""
    milestones = [Milestone(id="M1", baseline=FRIDAY, forecast=FRIDAY, status=WorkStatus.IN_PROGRESS)]
    seen = picture(milestones=milestones, issues=[Issue(id="I1", title="Slow")])
    first = wanted(seen)
    overview = Overview(customer="Quillstone Bank", **{c: v for (t, c), v in first.items() if t == "overview"})
    kept = replace(milestones[0], variance=0, check=first["M1", "check"])

    again = wanted(picture(milestones=[kept], issues=[Issue(id="I1", title="Slow")], overview=[overview]))

    assert first["M1", "variance"] == 0
    assert again == {}


def test_a_check_says_what_the_row_lacks_and_not_how_long() -> None:
    """Words that stay true from day to day, so that nothing is written anew each morning."""
    late = Milestone(id="M1", baseline=FRIDAY, status=WorkStatus.IN_PROGRESS, gate=True)
    undated = Task(id="T1", task="Invite", status=WorkStatus.NOT_STARTED)

    found = wanted(picture(milestones=[late], tasks=[undated]))

    assert found["M1", "check"] == "gate overdue since 2026-11-06"
    assert found["T1", "check"] == "no date"
    later = wanted(picture(today=date(2026, 11, 27), milestones=[late], tasks=[undated]))
    assert later["M1", "check"] == found["M1", "check"]


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (("date as text", "13/02/26", "a date", date(2026, 2, 13), "due"), "13/02/26 is text: 2026-02-13?"),
        (("impossible date", "31 February", "a date", None, "due"), "Due: 31 February is no date"),
        (("unknown word", "dnoe", "one of …", WorkStatus.DONE, "status"), "Status: I do not know dnoe: Done?"),
        (("out of range", "-3", "a number from 0 to 9", None, "duration"), "Duration: -3 is not a number from 0 to 9"),
        (("required but blank", "", "Task", None, "task"), "Task is blank"),
        (("formula error", "#REF!", "a date", None, "due"), "Due: its formula fails"),
        (("date as text", "=1+" + "9" * 50_000, "a date", None, "due"), "=1+" + "9" * 36 + "… is text"),
    ],
)
def test_an_unreadable_cell_is_named_with_the_likely_value(problem: Any, said: str) -> None:
    """A few words, whatever somebody put in the cell; the proposal as a question."""
    trouble, found, expected, proposal, column = problem
    one = Problem(Trouble(trouble), "Tasks!G2", found, expected, proposal, 2, column, "T1")
    known = troubles.unpack(troubles.pack(troubles.gathered((), {"tasks": [one]})))
    seen = picture(tasks=[Task(id="T1", status=WorkStatus.DONE)])

    assert wanted(seen, {**NOTHING, "plan": known})["T1", "check"] == said


def test_rows_that_cannot_be_addressed_wait() -> None:
    """Without an ID, or with another row's, a row gets nothing written."""
    twins = [Milestone(id="M1", baseline=FRIDAY, forecast=MONDAY, status=WorkStatus.DONE)] * 2
    seen = picture(milestones=[*twins, Milestone(baseline=FRIDAY, forecast=MONDAY)])

    assert {key for key in wanted(seen) if key[0] != "overview"} == set()


def test_what_is_missing_is_not_written() -> None:
    """Neither a column that somebody deleted nor a tab whose header cannot be found."""
    milestone = Milestone(id="M1", baseline=FRIDAY, forecast=MONDAY, status=WorkStatus.IN_PROGRESS)
    column = Problem(Trouble.NO_COLUMN, "Milestones!R1", "", "Variance", column="variance")
    header = Problem(Trouble.NO_HEADER, "Milestones!A1", "no known title", "ID, …")
    seen = picture(milestones=[milestone])

    without = wanted(seen, {**NOTHING, "plan": troubles.gathered((), {"milestones": [column]})})
    assert ("M1", "variance") not in without
    for known in (troubles.gathered(("milestones",), {}), troubles.gathered((), {"milestones": [header]})):
        assert [key for key in wanted(seen, {**NOTHING, "plan": known}) if key[0] == "M1"] == []


def test_nonsense_in_a_bot_cell_is_replaced_though_it_reads_as_blank() -> None:
    """A cell of the bot that cannot be read is never taken for right."""
    milestone = Milestone(id="M1", status=WorkStatus.DONE)
    bad = Problem(Trouble.NOT_A_NUMBER, "Milestones!Q2", "much", "a whole number", None, 2, "variance", "M1")
    cells = upkeep.stale(
        picture(milestones=[milestone]), {**NOTHING, "plan": troubles.gathered((), {"milestones": [bad]})}
    )

    assert [(cell.column, cell.new, cell.is_unread) for cell in cells if cell.row_id == "M1"] == [
        ("variance", None, True)
    ]


def test_the_overview() -> None:
    """The project's ends, and its colour with the reasons; how long an issue is open, the sheet counts by itself."""
    slipped = Milestone(id="M1", baseline=FRIDAY, forecast=MONDAY, status=WorkStatus.IN_PROGRESS)
    issue = Issue(id="I1", title="Slow", opened=FRIDAY, status=IssueStatus.OPEN)

    found = wanted(picture(milestones=[slipped], issues=[issue]))

    assert found["overview", "baseline_end"] == FRIDAY
    assert found["overview", "forecast_end"] == MONDAY
    assert found["overview", "computed_rag"] is Rag.RED
    assert found["overview", "computed_rag_reason"] == "end slips by 6 working days"
    assert not [place for place in found if "I1" in place]


def test_what_follows_from_a_column_that_is_out_of_sight_stays_as_it_is() -> None:
    """A lost column of dates makes no row undated and no project green; the other tabs go on."""
    lost = Problem(Trouble.NO_COLUMN, "Milestones!T1", "", "Baseline", column="baseline")
    seen = picture(
        milestones=[Milestone(id="M1", status=WorkStatus.IN_PROGRESS, variance=3)],
        tasks=[Task(id="T1", status=WorkStatus.NOT_STARTED)],
    )

    found = wanted(seen, {**NOTHING, "plan": troubles.gathered((), {"milestones": [lost]})})

    assert found == {("T1", "check"): "no date"}
