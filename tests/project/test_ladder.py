"""The ladder and the findings: what is said, when, to whom, and in which order."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.project import findings, ladder
from bot.project.calendar import WorkCalendar
from bot.project.findings import Finding, Kind, Watched
from bot.project.ladder import NOTHING_SAID, Recipient, Said
from bot.project.model import Issue, Milestone, Prerequisite, Risk, Task
from bot.project.rows import Row
from bot.project.words import IssueStatus, PrerequisiteStatus, RiskStatus, WorkStatus

PLAIN = WorkCalendar()
DUE = date(2026, 11, 16)

LADDER = [
    (date(2026, 11, 10), None, None),
    (date(2026, 11, 11), None, -3),
    (date(2026, 11, 12), -3, None),
    (date(2026, 11, 16), -3, 0),
    (date(2026, 11, 19), 0, 3),
    (date(2026, 11, 19), 3, None),
    (date(2026, 11, 20), 3, None),
    (date(2026, 11, 23), 3, 5),
    (date(2026, 11, 30), 5, 10),
    (date(2026, 12, 2), 10, None),
]


@pytest.mark.parametrize(("today", "said", "rung"), LADDER)
def test_the_table_of_the_ladder(today: date, said: int | None, rung: int | None) -> None:
    """Each rung speaks once, missed rungs collapse into the latest, and after +10 there is silence."""
    assert ladder.say_next(DUE, today, Said(rung=said, due=DUE if said is not None else None), PLAIN) == rung


RECIPIENTS = [
    (-3, {Recipient.OWNER}),
    (0, {Recipient.OWNER}),
    (1, {Recipient.OWNER}),
    (3, {Recipient.OWNER, Recipient.PM}),
    (5, {Recipient.PM, Recipient.ESCALATION}),
    (10, {Recipient.LEADS}),
]


@pytest.mark.parametrize(("rung", "who"), RECIPIENTS)
def test_who_hears_a_rung(rung: int, who: set[Recipient]) -> None:
    """The circle widens: owner, then PM, then escalation contact, then leads."""
    assert ladder.recipients(rung) == who


def test_peace_after_a_persons_change() -> None:
    """Who touches the row without moving its date hears again three working days later, once."""
    said = ladder.after_change(Said(rung=1, on=date(2026, 11, 17), due=DUE), date(2026, 11, 17), PLAIN)

    assert ladder.say_next(DUE, date(2026, 11, 19), said, PLAIN) is None
    assert ladder.say_next(DUE, date(2026, 11, 20), said, PLAIN) == 3
    after = ladder.after_saying(said, 3, DUE, date(2026, 11, 20))
    assert ladder.say_next(DUE, date(2026, 11, 20), after, PLAIN) is None


def test_a_moved_date_starts_the_ladder_anew() -> None:
    """After the date moved, the next word comes at the new date's rung."""
    said = ladder.after_change(Said(rung=10, on=date(2026, 11, 30), due=DUE), date(2026, 12, 1), PLAIN)
    moved = date(2026, 12, 10)

    assert ladder.say_next(moved, date(2026, 12, 4), said, PLAIN) is None
    assert ladder.say_next(moved, date(2026, 12, 7), said, PLAIN) == -3


def test_old_items_of_a_first_scan_enter_at_rung_0() -> None:
    """What was long overdue when a file was first seen starts with its owner, not with the leads."""
    said = Said(entered=date(2026, 12, 7), due=DUE)

    assert ladder.say_next(DUE, date(2026, 12, 7), said, PLAIN) == 0
    spoken = ladder.after_saying(said, 0, DUE, date(2026, 12, 7))
    assert ladder.say_next(DUE, date(2026, 12, 8), spoken, PLAIN) == 1


def test_a_check_without_a_date_is_said_from_its_entry() -> None:
    """A finding without a due day speaks when it appears and climbs from there."""
    assert ladder.say_next(None, DUE, NOTHING_SAID, PLAIN) == 0
    said = ladder.after_saying(Said(entered=DUE), 0, None, DUE)
    assert ladder.say_next(None, DUE, said, PLAIN) is None
    assert ladder.say_next(None, date(2026, 11, 19), said, PLAIN) == 3


def test_a_snooze_outlasts_a_comment() -> None:
    """Who snoozed for seven working days and then adds a comment is not asked earlier for it."""
    asleep = ladder.after_snooze(Said(rung=1, due=DUE), 7, date(2026, 11, 17), PLAIN)

    assert ladder.after_change(asleep, date(2026, 11, 18), PLAIN).again_on == asleep.again_on == date(2026, 11, 26)


NEXT = [
    (date(2026, 11, 16), Said(rung=0, due=DUE), (date(2026, 11, 17), 1)),
    (date(2026, 11, 17), Said(rung=1, due=DUE), (date(2026, 11, 19), 3)),
    (date(2026, 11, 19), Said(rung=3, due=DUE), (date(2026, 11, 23), 5)),
    (date(2026, 11, 19), Said(rung=3, due=DUE, again_on=date(2026, 11, 30)), (date(2026, 11, 30), 10)),
    (date(2026, 11, 30), Said(rung=10, due=DUE), None),
]


@pytest.mark.parametrize(("today", "said", "following"), NEXT)
def test_the_next_word(today: date, said: Said, following: tuple[date, int] | None) -> None:
    """The sheet can say when somebody is reminded next, and that nobody is after the last rung."""
    assert ladder.next_word(DUE, said, today, PLAIN) == following


def test_what_people_heard_together() -> None:
    """The highest rung, the latest day and the longest silence count; what was said of another date does not."""
    heard = [
        Said(rung=1, on=date(2026, 11, 17), due=DUE),
        Said(rung=3, on=date(2026, 11, 19), due=DUE, snoozes=1),
        Said(rung=10, on=date(2026, 11, 30), due=date(2026, 11, 2)),
    ]

    assert ladder.together(heard, DUE) == Said(rung=3, on=date(2026, 11, 19), due=DUE, snoozes=1)


SNOOZES = [
    (1, 0, "", True),
    (3, 0, "", True),
    (2, 0, "", False),
    (7, 1, "", False),
    (7, 1, "on leave", True),
    (1, 2, "again", False),
]


@pytest.mark.parametrize(("days", "before", "reason", "allowed"), SNOOZES)
def test_snoozes(days: int, before: int, reason: str, allowed: bool) -> None:
    """1, 3 or 7 working days, twice at most, the second with a reason."""
    said = Said(rung=0, due=DUE, snoozes=before)

    assert (ladder.may_snooze(said, days, reason) == "") is allowed


def test_a_snoozed_matter_comes_back() -> None:
    """After a snooze the matter is silent for its days, then speaks once at the rung it has reached."""
    said = ladder.after_snooze(Said(rung=1, due=DUE), 3, date(2026, 11, 17), PLAIN)

    assert ladder.say_next(DUE, date(2026, 11, 19), said, PLAIN) is None
    assert ladder.say_next(DUE, date(2026, 11, 20), said, PLAIN) == 3
    assert said.snoozes == 1


@given(st.sets(st.integers(-10, 60), min_size=1), st.integers(0, 10))
def test_no_rung_speaks_twice(days: set[int], lead: int) -> None:
    """On whatever days the bot is awake: rungs only rise, none repeats, and the latest is always reached."""
    said, spoken = NOTHING_SAID, []
    for offset in sorted(days):
        today = DUE + timedelta(days=offset)
        rung = ladder.say_next(DUE, today, said, PLAIN, lead)
        if rung is not None:
            spoken.append(rung)
            said = ladder.after_saying(said, rung, DUE, today)

    assert spoken == sorted(set(spoken))
    last = ladder.reached(PLAIN.between(DUE, DUE + timedelta(days=max(days))), lead)
    assert (spoken[-1] if spoken else None) == last


TODAY = date(2026, 11, 18)


def watched() -> Watched:
    """A project with one of everything; Wednesday 18 November 2026."""
    return Watched(
        project="R1",
        today=TODAY,
        calendar=PLAIN,
        milestones=[
            Row(
                "M4",
                6,
                Milestone(
                    id="M4", milestone="Kickoff", gate=True, baseline=DUE, owner="Priya", status=WorkStatus.BLOCKED
                ),
            ),
            Row(
                "M5",
                7,
                Milestone(
                    id="M5", milestone="Prerequisites", baseline=date(2026, 11, 17), status=WorkStatus.IN_PROGRESS
                ),
            ),
            Row(
                "M6",
                8,
                Milestone(
                    id="M6",
                    milestone="Replica",
                    baseline=date(2026, 11, 2),
                    forecast=TODAY,
                    status=WorkStatus.IN_PROGRESS,
                ),
            ),
            Row("M7", 9, Milestone(id="M7", milestone="Load", status=WorkStatus.NOT_STARTED)),
            Row("M8", 10, Milestone(id="M8", milestone="Done", baseline=date(2026, 11, 2), status=WorkStatus.DONE)),
            Row("", 11, Milestone(milestone="New row", baseline=date(2026, 11, 2), status=WorkStatus.IN_PROGRESS)),
        ],
        tasks=[
            Row(
                "T1",
                2,
                Task(
                    id="T1", task="One", due=date(2026, 11, 10), status=WorkStatus.IN_PROGRESS, blocked_reason="no DNS"
                ),
            ),
            Row("T2", 3, Task(id="T2", task="Two", due=DUE, status=WorkStatus.IN_PROGRESS)),
            Row("T3", 4, Task(id="T3", task="Soon", due=date(2026, 11, 20), status=WorkStatus.NOT_STARTED)),
            Row("T4", 5, Task(id="T4", task="Later", due=date(2026, 11, 27), status=WorkStatus.NOT_STARTED)),
        ],
        prerequisites=[Row("P1", 2, Prerequisite(id="P1", item="DNS", due=DUE, status=PrerequisiteStatus.REQUESTED))],
        risks=[
            Row("RK1", 2, Risk(id="RK1", risk="High", probability=5, impact=5, status=RiskStatus.OPEN, opened=TODAY)),
            Row("RK2", 3, Risk(id="RK2", risk="Low", probability=1, impact=1, status=RiskStatus.OPEN, next_review=DUE)),
        ],
        issues=[Row("I1", 2, Issue(id="I1", title="Old", status=IssueStatus.OPEN, opened=date(2026, 10, 1)))],
    )


def test_findings_in_their_order() -> None:
    """Gates, high risks, milestones, tasks (longer overdue first), reviews, today, soon, checks; else silence."""
    found = findings.find(watched())

    assert [(f.kind, f.subject, f.days) for f in found] == [
        (Kind.OVERDUE_GATE, "M4", 2),
        (Kind.UNMITIGATED_RISK, "RK1", 0),
        (Kind.OVERDUE_MILESTONE, "M5", 1),
        (Kind.OVERDUE_TASK, "T1", 6),
        (Kind.OVERDUE_TASK, "T2", 2),
        (Kind.PAST_REVIEW, "RK2", 2),
        (Kind.DUE_TODAY, "M6", 0),
        (Kind.DUE_SOON, "T3", -2),
        (Kind.PREREQUISITE_LATE, "P1", 2),
        (Kind.NO_DATE, "M7", 0),
        (Kind.ISSUE_OLD, "I1", 34),
    ]


def test_a_finding_says_where_and_why() -> None:
    """A finding carries the address of its very cell, owner, due day, rung and the facts beside it."""
    gate, risk, _, task, *_ = findings.find(watched())

    assert (gate.address, gate.owner, gate.due, gate.rung) == ("Milestones!J6", "Priya", DUE, 1)
    assert risk.facts == ("score 25", "no mitigation", "no owner")
    assert (risk.schema, task.schema, task.number) == ("playbook", "standard_plan", 2)
    assert task.facts == ("no DNS",)


def test_what_is_due_on_a_weekend_is_not_due_today() -> None:
    """On the last working day before it the owner is told, with the day itself; "due today" means today."""
    task = Row("T1", 2, Task(id="T1", status=WorkStatus.IN_PROGRESS, task="Load data", due=date(2026, 11, 7)))
    one = replace(watched(), milestones=(), tasks=[task], prerequisites=(), risks=(), issues=())
    (friday,) = findings.find(replace(one, today=date(2026, 11, 6)))
    (saturday,) = findings.find(replace(one, today=date(2026, 11, 7)))

    assert (friday.kind, friday.rung, friday.reason) == (Kind.DUE_SOON, 0, "T1 is due on 7 Nov 2026.")
    assert (saturday.kind, saturday.rung) == (Kind.DUE_TODAY, 0)


def test_one_matter_keeps_its_key() -> None:
    """The key of a row's date matter is the same before and after it is due; a review of a risk is another matter."""
    before = findings.find(replace(watched(), today=DUE))
    after = findings.find(watched())
    keys = [{f.subject: f.key for f in found if f.kind in findings.BY_DATE} for found in (before, after)]

    assert keys[0]["M4"] == keys[1]["M4"] == "R1:milestones:M4:due"
    assert len({f.key for f in after}) == len(after)


def test_bundles() -> None:
    """Five are shown and the rest counted; nothing means silence."""
    found = findings.find(watched())

    assert findings.bundle(reversed(found)) == findings.Bundle(tuple(found[:5]), 6)
    assert findings.bundle([]) == findings.Bundle((), 0)


@given(st.permutations(range(11)))
def test_the_rank_does_not_hang_on_the_order_of_reading(order: list[int]) -> None:
    """However the findings come in, they leave in one order."""
    found = findings.find(watched())
    shuffled: list[Finding] = [found[n] for n in order]

    assert findings.rank(shuffled) == found
