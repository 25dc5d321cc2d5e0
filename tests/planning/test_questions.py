"""What there is to ask about dates, without a world: sign-off of both kinds of plan, and plans counted anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.planning import questions
from bot.project import baseline, dates
from bot.project.baseline import Frozen, Move
from bot.project.calendar import WorkCalendar
from bot.project.model import CalendarDay, Milestone, Overview, Task, TrialSummary
from bot.project.picture import Picture
from bot.project.rows import Row
from bot.project.schema import load
from bot.project.starting_rows import template_rows
from bot.project.words import DayKind, Phase, SizeClass, WorkStatus

PLAIN = WorkCalendar()
KICKOFF = date(2026, 11, 2)


def picture(overview: Overview, milestones: list[Milestone], **plan: list[Any]) -> Picture:
    """A project with these tabs."""
    tabs = {"milestones": milestones, **plan}
    return Picture(
        key="R1", customer="Quillstone Bank", zone="Europe/Berlin", pm="", channel_id="", playbook_id="", plan_id="",
        playbook_schema="playbook", plan_schema="trial_plan" if "summary" in plan else "standard_plan", today=KICKOFF,
        playbook={"overview": [Row("", 1, overview)]},
        plan={name: [Row(getattr(r, "id", ""), n, r) for n, r in enumerate(rows, 2)] for name, rows in tabs.items()},
    )  # fmt: skip


def template(name: str, kind: str = "") -> list[Milestone]:
    """A plan's milestones, dated from the kickoff."""
    rows = template_rows(load(name).tab("milestones"), kind) if kind else template_rows(load(name).tab("milestones"))
    return dates.plan(rows, PLAIN, kickoff=KICKOFF, approval=date(2026, 10, 9))


@pytest.mark.parametrize(("plan", "kind", "gate"), [("standard_plan", "", "M4"), ("trial_plan", "trial", "T2")])
def test_both_kinds_of_plan_have_their_sign_off(plan: str, kind: str, gate: str) -> None:
    """The first gate of the kickoff phase signs off, found by its phase and gate mark, not by its ID."""
    made = template(plan, kind)
    found = baseline.sign_off(made)

    assert found is not None
    assert found.id == gate
    assert not baseline.is_signed_off(made)
    done = [replace(m, status=WorkStatus.DONE) if m.id == gate else m for m in made]
    assert baseline.is_signed_off(done)
    assert baseline.is_signed_off([replace(m, id=f"X{n}") for n, m in enumerate(done)])


def test_a_sign_off_needs_its_acknowledgement() -> None:
    """Done with blank evidence is asked about; a gate that does not apply signs nothing off; nor does no gate."""
    gate = Milestone(id="M4", gate=True, phase=Phase.KICKOFF, status=WorkStatus.DONE, evidence="  ")

    assert not baseline.is_signed_off([gate])
    assert [one.about["id"] for one in questions.sign_off([gate])] == ["M4"]
    assert questions.sign_off([replace(gate, evidence="mail of 3 November")]) == []
    assert not baseline.is_signed_off([replace(gate, status=WorkStatus.NOT_APPLICABLE, evidence="x")])
    assert not baseline.is_signed_off([])


def test_baselines_that_differ_are_asked_about() -> None:
    """Changed, cleared, added and deleted ones; not those that do not apply."""
    day, other = date(2026, 11, 3), date(2026, 11, 5)
    frozen = Frozen(dict.fromkeys(("M1", "M2", "M3", "M4", "M5"), day))
    rows = [
        Milestone(id="M1", baseline=day),
        Milestone(id="M2", baseline=other),
        Milestone(id="M3"),
        Milestone(id="M4", baseline=other, status=WorkStatus.NOT_APPLICABLE),
        Milestone(id="M6", baseline=other),
        Milestone(id="M7"),
    ]
    found = questions.baselines(frozen, rows, [m.id for m in rows])

    assert [(q.about["id"], q.about["was"], q.about["now"]) for q in found] == [
        ("M2", "2026-11-03", "2026-11-05"),
        ("M3", "2026-11-03", ""),
        ("M6", "", "2026-11-05"),
        ("M5", "2026-11-03", ""),
    ]
    assert [len(q.buttons) for q in found] == [2, 2, 2, 1]


COUNTED = [
    # what changes, and where M5 (K+5), M8 (K+8), M14 (K+21) and M15 (C+5) go; "" where they stay
    ({"kickoff": date(2026, 11, 9)}, ["11-16", "11-19", "12-08", "12-15"]),
    ({"size_class": SizeClass.MEDIUM}, ["", "11-24", "12-29", "01-05"]),
    ({"our_calendar": "DE"}, ["", "", "", ""]),
    ({"customer_calendar": "US"}, ["", "11-13", "12-03", "12-10"]),
    ({"our_calendar": "JP", "customer_calendar": "US"}, ["11-10", "11-16", "12-07", "12-14"]),
]


@pytest.mark.parametrize(("change", "days"), COUNTED)
def test_a_plan_is_counted_over_both_calendars(change: dict[str, Any], days: list[str]) -> None:
    """Kickoff, size class and either side's holidays move the dates, and those only whose days they touch."""
    made = template("standard_plan")
    overview = Overview(kickoff=KICKOFF, approved=date(2026, 10, 9))
    before = questions.counted(picture(overview, made), made)
    now = questions.counted(picture(replace(overview, **change), made), made)
    found = {m.milestone.id: m.now for m in baseline.recounted(made, before, now, PLAIN)}

    assert [f"{found[key]:%m-%d}" if key in found else "" for key in ("M5", "M8", "M14", "M15")] == days


def test_a_change_freeze_moves_the_customers_dates_only() -> None:
    """A freeze from 9 to 13 November takes M5 (customer's) on to the 16th; ours stand."""
    made = template("standard_plan")
    overview = Overview(kickoff=KICKOFF, approved=date(2026, 10, 9))
    freeze = CalendarDay(kind=DayKind.CHANGE_FREEZE, starts=date(2026, 11, 9), ends=date(2026, 11, 13))
    before = questions.counted(picture(overview, made), made)
    now = questions.counted(picture(overview, made, calendar=[freeze]), made)
    found = {m.milestone.id: m.now for m in baseline.recounted(made, before, now, PLAIN)}

    assert found["M5"] == date(2026, 11, 16)
    assert "M8" not in found


def test_a_trial_counts_back_from_its_end() -> None:
    """The end in the plan's summary is what a trial counts from; moved by a week, all its dates move by a week."""
    made = template("trial_plan", "trial")
    overview = Overview(kickoff=KICKOFF, approved=date(2026, 10, 9))
    ends = [[TrialSummary(trial_end=day)] for day in (date(2026, 11, 23), date(2026, 11, 30))]
    before, now = (questions.counted(picture(overview, made, summary=end), made) for end in ends)

    assert before["T6"] == date(2026, 11, 23)
    assert {key: now[key] for key in ("T2", "T6")} == {"T2": date(2026, 11, 10), "T6": date(2026, 11, 30)}
    assert {m.milestone.id for m in baseline.recounted(made, before, now, PLAIN)} == {f"T{n}" for n in range(1, 7)}


def test_without_a_kickoff_nothing_is_counted() -> None:
    """A plan whose kickoff is not known has no counted dates, and nothing is asked."""
    made = template("standard_plan")
    blank = picture(Overview(), made)

    assert questions.counted(blank, made) == {}
    assert questions.recount(blank, [Move(made[0], None, KICKOFF)], [], {}, None) == []


def test_what_people_set_by_hand_keeps_its_distance() -> None:
    """A baseline set two days later than counted stays two days later; a done one stays; a new row is only filled."""
    day, later = date(2026, 11, 9), date(2026, 11, 16)
    open_row = Milestone(status=WorkStatus.NOT_STARTED)
    rows = [
        replace(open_row, id="M1", baseline=date(2026, 11, 11)),
        Milestone(id="M2", baseline=day, status=WorkStatus.DONE, actual=day),
        replace(open_row, id="M3"),
        replace(open_row, id="M4", baseline=date(2026, 11, 4)),
    ]
    found = baseline.recounted(rows, {"M1": day, "M2": day}, dict.fromkeys(("M1", "M2", "M3", "M4"), later), PLAIN)

    assert [(m.milestone.id, m.now) for m in found] == [("M1", date(2026, 11, 18)), ("M3", later)]


def test_only_tasks_that_stood_where_they_were_counted_move() -> None:
    """Tasks keep their place before a milestone that moves; one that a person dated by hand, or did, stays."""
    move = Move(Milestone(id="M8"), date(2026, 11, 13), date(2026, 11, 20))
    task = Task(id="T1", milestone_id="M8", status=WorkStatus.NOT_STARTED, due=date(2026, 11, 13), duration=3)
    by_hand, done = replace(task, id="T2", due=date(2026, 11, 12)), replace(task, id="T3", status=WorkStatus.DONE)
    found = baseline.recounted_tasks([task, by_hand, done], [move], PLAIN)

    assert [(m.task.id, m.start, m.due) for m in found] == [("T1", date(2026, 11, 18), date(2026, 11, 20))]
