"""What a monthly report says: facts from the project's picture now and at the last report."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.project.model import Decision, ExitCriterion, Issue, Milestone, Note, Overview, Risk, Task
from bot.project.picture import Picture
from bot.project.words import IssueStatus, NoteKind, Rag, RiskStatus, Side, SlipCause, WorkStatus
from bot.reports.facts import facts
from bot.world.prose import documents, render
from tests.pictures import MONDAY, picture

DAY = timedelta(days=1)
HOSTILE = "| a | <!channel> {{pm}} [x](javascript:alert(1)) \n# Heading\n" * 50


def milestone(
    number: int = 1, *, due_in: int = 0, status: WorkStatus = WorkStatus.IN_PROGRESS, **other: Any
) -> Milestone:
    return Milestone(id=f"M{number}", milestone=f"Milestone {number}", baseline=MONDAY + due_in * DAY, status=status,
                     **other)  # fmt: skip


def said(now: Picture, before: Picture | None = None) -> dict[str, Any]:
    return facts(now, before, "Fernhill Software", "Priya Nair")


SMOOTH, LATE = picture(milestones=[milestone(due_in=9)]), picture(
    milestones=[milestone(due_in=9, forecast=MONDAY + 40 * DAY)]
)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "now", "trend"),
    [(None, SMOOTH, ""), (SMOOTH, SMOOTH, "steady"), (SMOOTH, LATE, "worse"), (LATE, SMOOTH, "better")],
)
def test_the_trend_compares_the_computed_colours(before: Picture | None, now: Picture, trend: str) -> None:
    """Worse, better or steady since the last report; a first report has none."""
    assert said(now, before)["rag"]["trend"] == trend


def test_a_declared_colour_that_differs_is_shown_with_the_computed_one() -> None:
    """Both are told, with the reasons."""
    declared = Overview(declared_rag=Rag.GREEN, declared_rag_reason="We agreed on a new date")

    rag = said(picture(overview=[declared], milestones=[milestone(due_in=9, forecast=MONDAY + 40 * DAY)]))["rag"]

    assert rag["overall"] is Rag.GREEN
    assert rag["reason"] == "We agreed on a new date (computed: Red)"


def test_changes_are_moved_dates_with_their_reasons() -> None:
    """A milestone that moved, or none: new rows and rows without an ID are no moves."""
    before = picture(milestones=[milestone(1), milestone(2), Milestone(milestone="No ID", baseline=MONDAY)])
    now = picture(
        milestones=[
            milestone(1, forecast=MONDAY + 4 * DAY, slip_reason=SlipCause.CUSTOMER),
            milestone(2),
            milestone(3, due_in=5),
            Milestone(milestone="Another without", baseline=MONDAY + 9 * DAY),
        ]
    )

    assert said(now, before)["changes"] == ["M1 Milestone 1: 16 Nov → 20 Nov (Customer)"]
    assert said(now)["changes"] == []


def test_achieved_is_what_became_done_since() -> None:
    """With the day it was reached; what the last report named is not named again."""
    old = milestone(1, status=WorkStatus.DONE, actual=MONDAY - DAY)
    before = picture(milestones=[old, milestone(2)])
    now = picture(milestones=[old, milestone(2, status=WorkStatus.DONE, actual=MONDAY)])

    assert [(item["id"], item["on"]) for item in said(now, before)["achieved"]] == [("M2", MONDAY)]
    assert [item["id"] for item in said(now)["achieved"]] == ["M1", "M2"]


def test_next_is_by_side_with_overdue_first() -> None:
    """The thirty days to come, each side on its own; a blank side is ours."""
    now = picture(
        milestones=[
            milestone(1, due_in=20),
            milestone(2, due_in=-5, side=Side.US),
            milestone(3, due_in=30, side=Side.CUSTOMER),
            milestone(4, due_in=31),
            milestone(5, due_in=1, status=WorkStatus.DONE),
        ]
    )

    found = {side: [item["title"] for item in items] for side, items in said(now)["next"]}
    assert found == {"Us": ["Milestone 2", "Milestone 1"], "Customer": ["Milestone 3"]}


def test_exit_counts_met_waived_and_open() -> None:
    """A criterion that is verified is met, even if somebody had waived it before."""
    criteria = [
        ExitCriterion(id="E1", criterion="Live", verified_on=MONDAY, waiver_by="Sofia"),
        ExitCriterion(id="E2", criterion="Trained", waiver_by="Sofia"),
        ExitCriterion(id="E3", criterion="Fast", owner="Lena"),
    ]

    found = said(picture(exit_criteria=criteria))["exit"]

    assert (found["met"], found["waived"], found["total"]) == (1, 1, 3)
    assert [item["title"] for item in found["open"]] == ["Fast"]


def test_asks_are_what_blocks_us_soonest_first() -> None:
    """At most three, those without a date last."""
    blocked = [
        Task(id=f"T{n}", task=f"Task {n}", status=WorkStatus.BLOCKED, due=day, waiting_on="Ruth")
        for n, day in enumerate([None, MONDAY + 3 * DAY, MONDAY, MONDAY + DAY])
    ]

    assert [ask["text"] for ask in said(picture(tasks=blocked))["asks"]] == ["Task 2", "Task 3", "Task 1"]


def test_every_row_is_linked_and_closed_things_are_left_out() -> None:
    """Risks and issues that are over are not reported; what is reported leads to its row."""
    now = picture(
        risks=[
            Risk(id="RK1", risk="Disks", status=RiskStatus.CLOSED),
            Risk(id="RK2", risk="Net", status=RiskStatus.OPEN),
        ],
        issues=[
            Issue(id="I1", title="Slow", status=IssueStatus.RESOLVED),
            Issue(id="I2", title="Down", status=IssueStatus.OPEN),
        ],
    )

    found = said(now)

    assert [(one["id"], one["url"].rpartition("range=")[2]) for one in found["risks"]] == [("RK2", "A3")]
    assert [(one["id"], one["url"].rpartition("range=")[2]) for one in found["issues"]] == [("I2", "A3")]


def test_a_report_of_hostile_cells_is_written_all_the_same() -> None:
    """Markup, placeholders and line breaks of people come out as text: one table row is one line."""
    now = picture(
        overview=[Overview(declared_rag=Rag.RED, declared_rag_reason=HOSTILE, kickoff=MONDAY)],
        milestones=[Milestone(id="M1", milestone=HOSTILE, baseline=MONDAY, status=WorkStatus.BLOCKED)],
        tasks=[Task(id="T1", task=HOSTILE, status=WorkStatus.BLOCKED)],
        risks=[Risk(id="RK1", risk=HOSTILE, mitigation=HOSTILE, owner=HOSTILE, status=RiskStatus.OPEN)],
        issues=[Issue(id="I1", title=HOSTILE, next_action=HOSTILE, status=IssueStatus.OPEN)],
        decisions=[Decision(id="D1", decision=HOSTILE, link="javascript:alert(1)")],
        notes=[Note(id="N1", kind=NoteKind.LESSON, text=HOSTILE)],
        exit_criteria=[ExitCriterion(id="E1", criterion=HOSTILE)],
    )

    written = render("report", said(now), internal=True)

    assert list(written) == list(documents()["report"].sections)
    assert not any(line.startswith("# Heading") for text in written.values() for line in text.splitlines())
    assert len([line for line in written["milestones"].splitlines() if line.startswith("|")]) == 3


def test_a_report_of_an_empty_project_is_written_too() -> None:
    """Blank sheets give a short report, not an error."""
    assert "not rated" not in render("report", said(picture()), internal=True)["status"]
