"""What a weekly digest says: four sections from two pictures, only of rows that a customer may read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.digests.facts import ITEMS, digest
from bot.project.model import Issue, Milestone, Overview, Prerequisite, Risk, Task
from bot.project.words import IssueStatus, PrerequisiteStatus, Rag, RiskStatus, Side, WorkStatus
from tests.pictures import MONDAY, picture

DAY = timedelta(days=1)


def milestone(number: int, *, due_in: int | None = None, status: WorkStatus = WorkStatus.IN_PROGRESS) -> Milestone:
    due = None if due_in is None else MONDAY + due_in * DAY
    actual = MONDAY if status is WorkStatus.DONE else None
    return Milestone(id=f"M{number}", milestone=f"Milestone {number}", baseline=due, status=status, actual=actual)


def risk(number: int, points: tuple[int, int], *, visible: bool = True) -> Risk:
    return Risk(id=f"RK{number}", risk=f"Risk {number}", probability=points[0], impact=points[1],
                mitigation="Weekly call", owner="Priya", status=RiskStatus.OPEN, customer_visible=visible)  # fmt: skip


def test_what_was_done_before_is_not_done_since() -> None:
    """Only what became Done after the last digest is named; a first digest names all."""
    before = picture(milestones=[milestone(1, status=WorkStatus.DONE), milestone(2)])
    now = picture(milestones=[milestone(1, status=WorkStatus.DONE), milestone(2, status=WorkStatus.DONE)])

    assert [line.id for line in digest(now, before).done] == ["M2"]
    assert [line.id for line in digest(now, None).done] == ["M1", "M2"]


@pytest.mark.parametrize(("due_in", "named"), [(-30, True), (0, True), (14, True), (15, False), (None, False)])
def test_ahead_are_overdue_milestones_and_those_of_the_next_two_weeks(due_in: int | None, named: bool) -> None:
    """The soonest first; what is due later or undated waits."""
    found = digest(picture(milestones=[milestone(1, due_in=due_in)]), None)

    assert bool(found.ahead) is named


def test_ahead_leaves_out_what_is_done_or_does_not_apply() -> None:
    """Open work only."""
    closed = [milestone(1, due_in=1, status=WorkStatus.DONE), milestone(2, due_in=1, status=WorkStatus.NOT_APPLICABLE)]

    assert digest(picture(milestones=closed), None).ahead == ()


def test_waiting_names_the_customers_open_things_soonest_first() -> None:
    """Their prerequisites and their visible tasks of the next four weeks; ours and hidden ones never."""
    asked = Prerequisite(id="P1", item="DNS", side=Side.CUSTOMER, due=MONDAY + 20 * DAY, status=PrerequisiteStatus.OPEN)
    ours = Prerequisite(id="P2", item="Charts", side=Side.US, due=MONDAY, status=PrerequisiteStatus.OPEN)
    done = Prerequisite(id="P3", item="Helm", side=Side.CUSTOMER, due=MONDAY, status=PrerequisiteStatus.DONE)
    late = Prerequisite(id="P4", item="VPN", side=Side.CUSTOMER, due=MONDAY + 29 * DAY, status=PrerequisiteStatus.OPEN)
    task = Task(id="T1", task="Open the firewall", side=Side.CUSTOMER, due=MONDAY + DAY, status=WorkStatus.BLOCKED,
                customer_visible=True)  # fmt: skip
    hidden = Task(id="T2", task="Ask for money", side=Side.CUSTOMER, due=MONDAY, status=WorkStatus.IN_PROGRESS)

    found = digest(picture(prerequisites=[asked, ours, done, late], tasks=[task, hidden]), None)

    assert [line.id for line in found.waiting] == ["T1", "P1"]


def test_risks_come_by_score_and_issues_after_them() -> None:
    """The three that matter most; issues only where there is room."""
    issue = Issue(id="I1", title="Slow", status=IssueStatus.OPEN, customer_visible=True)

    found = digest(picture(risks=[risk(1, (1, 2)), risk(2, (3, 4))], issues=[issue]), None)

    assert [line.id for line in found.risks] == ["RK2", "RK1", "I1"]


def test_nothing_hidden_is_in_a_digest() -> None:
    """Rows that nobody marked for the customer leave no trace: no line, no reason, no colour."""
    seen = picture(
        risks=[risk(1, (5, 5), visible=False), Risk(id="RK2", risk="Secret", probability=5, impact=5,
                                                    status=RiskStatus.OPEN)],
        issues=[Issue(id="I1", title="Secret", status=IssueStatus.OPEN)],
        tasks=[Task(id="T1", task="Secret", status=WorkStatus.DONE)],
    )  # fmt: skip

    found = digest(seen, None)

    assert found.is_empty
    assert (found.status, found.reason) == (str(Rag.GREEN), "")


def test_the_declared_colour_goes_before_the_computed_one() -> None:
    """The project manager's word and reason are said where they are given."""
    declared = Overview(declared_rag=Rag.AMBER, declared_rag_reason="Their team is on holiday")

    found = digest(picture(overview=[declared], milestones=[milestone(1, due_in=1)]), None)

    assert (found.status, found.reason) == ("Amber", "Their team is on holiday")


def test_an_unreadable_or_empty_project_gives_an_empty_digest() -> None:
    """Rows of which every cell is blank or could not be read neither speak nor harm."""
    blank = picture(milestones=[Milestone()], tasks=[Task()], risks=[Risk()], issues=[Issue()],
                    prerequisites=[Prerequisite()])  # fmt: skip

    assert digest(blank, picture()).is_empty


def test_a_full_digest_shares_its_lines_fairly() -> None:
    """No section is crowded out; what is not shown is counted."""
    full = picture(
        milestones=[milestone(n, status=WorkStatus.DONE) for n in range(1, 6)]
        + [milestone(n, due_in=n) for n in range(6, 11)],
        prerequisites=[Prerequisite(id=f"P{n}", item="DNS", side=Side.CUSTOMER, status=PrerequisiteStatus.OPEN)
                       for n in range(5)],
        risks=[risk(n, (3, 3)) for n in range(5)],
    )  # fmt: skip

    found = digest(full, None)

    shown = [len(found.done), len(found.ahead), len(found.waiting), len(found.risks)]
    assert min(shown) >= 2
    assert max(shown) <= ITEMS
    assert found.more == 20 - sum(shown)


def test_every_line_leads_to_its_row() -> None:
    """The address opens the file, the tab and the row the words came from."""
    (line,) = digest(picture(milestones=[milestone(1, due_in=1)]), None).ahead

    assert line.url == "https://docs.google.com/spreadsheets/d/plan-file/edit#gid=2002&range=A2"
