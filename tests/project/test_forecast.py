"""Proposals of later dates: what a slip pushes on, and what it leaves alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.project import dates, forecast, schema
from bot.project.calendar import Span, WorkCalendar, country_calendar, project_calendar
from bot.project.dependencies import waits
from bot.project.model import CalendarDay, Milestone, Task
from bot.project.overdue import is_open
from bot.project.starting_rows import template_rows
from bot.project.words import Anchor, DayKind, Side, WorkStatus

PLAIN = WorkCalendar()


def november(day: int) -> date:
    return date(2026, 11, day)


def plan(**forecasts: date) -> list[Milestone]:
    """The standard plan from a kickoff on 2 November 2026, with some forecasts."""
    made = template_rows(schema.load("standard_plan").tab("milestones"))
    planned = dates.plan(made, PLAIN, kickoff=date(2026, 11, 2), approval=date(2026, 10, 9))
    return [replace(m, forecast=forecasts.get(m.id)) for m in planned]


def row(key: str, baseline: int, *, after: str = "", side: Side = Side.US, forecast: int = 0) -> Milestone:
    """An open milestone of November 2026."""
    expected = november(forecast) if forecast else None
    return Milestone(
        id=key, predecessor=after, side=side, baseline=november(baseline), forecast=expected,
        status=WorkStatus.NOT_STARTED,
    )  # fmt: skip


def proposed(milestones: list[Milestone], calendar: WorkCalendar = PLAIN) -> dict[str, date]:
    return {s.milestone.id: s.proposed for s in forecast.shifts(milestones, calendar)}


def test_a_plan_on_time_moves_nothing() -> None:
    """Without a slip there is nothing to propose."""
    assert forecast.shifts(plan(), PLAIN) == []


def test_a_slip_rolls_along_the_chain() -> None:
    """M8 two working days late pushes M9 to M15 by two, says why, and takes the TA clock with it."""
    found = {s.milestone.id: s for s in forecast.shifts(plan(M8=date(2026, 11, 16)), PLAIN)}

    assert set(found) == {"M9", "M10", "M11", "M12", "M13", "M14", "M15"}
    assert all(PLAIN.between(s.now, s.proposed) == 2 for key, s in found.items() if key != "M13")
    assert found["M9"].because == "M8 is expected 2026-11-16 instead of 2026-11-12"
    assert found["M9"].pushed_by == ("M8",)
    assert found["M13"].proposed == date(2026, 11, 12)


def test_a_person_who_planned_a_buffer_keeps_it() -> None:
    """A forecast that is late enough already stays; done milestones never move."""
    made = plan(M8=date(2026, 11, 16), M9=date(2026, 12, 24))
    found = {s.milestone.id for s in forecast.shifts(made, PLAIN)}
    done = [replace(m, status=WorkStatus.DONE) if m.id == "M9" else m for m in plan(M8=date(2026, 11, 16))]

    assert "M9" not in found
    assert "M10" in found
    assert not {"M9", "M10"} & {s.milestone.id for s in forecast.shifts(done, PLAIN)}


def test_what_was_done_late_pushes_by_its_actual_day() -> None:
    """A milestone that was done two days late pushes what waits for it, and stays itself."""
    done = replace(row("M1", 3), status=WorkStatus.DONE, actual=november(5))

    assert proposed([done, row("M2", 6, after="M1")]) == {"M2": november(10)}


def test_only_the_predecessors_that_push_are_named() -> None:
    """Of several predecessors the reason names those that make it that day: not early ones, not less late ones."""
    early, late, later = row("M1", 4, forecast=3), row("M2", 4, forecast=5), row("M3", 4, forecast=6)
    found = forecast.shifts([early, late, later, row("M4", 5, after="M1, M2, M3")], PLAIN)

    assert [(s.proposed, s.pushed_by) for s in found] == [(november(9), ("M3",))]
    assert found[0].because == "M3 is expected 2026-11-06 instead of 2026-11-04"


def test_what_does_not_apply_passes_the_delay_on() -> None:
    """A row set to N/A does not cut the chain: what waits for it waits for what it waited for."""
    left_out = replace(row("M2", 4, after="M1"), status=WorkStatus.NOT_APPLICABLE)
    made = [row("M1", 3, forecast=5), left_out, row("M3", 5, after="M2")]

    assert proposed(made) == {"M3": november(9)}


def test_circles_and_strangers_push_nothing() -> None:
    """Predecessors that do not exist or go round in a circle end in no proposal, wherever the circle is entered."""
    made = [
        row("M1", 2, after="M2; M99", forecast=4),
        row("M2", 2, after="M1 M2"),
        row("M3", 2, after="M2"),
        row("", 2, after="M1"),
    ]

    assert proposed(made) == {}
    assert proposed(made[::-1]) == {}
    late = [made[0], replace(made[1], forecast=november(5)), made[2]]
    assert proposed(late) == proposed(late[::-1]) == {"M3": november(5)}


def test_the_advisors_clock_pushes_nobody() -> None:
    """It is counted back from the end: what waits for it, and is the end, must not run away from it for ever."""
    clock = replace(row("M13", 3), anchor=Anchor.TA_CLOCK)
    made = [clock, replace(row("M14", 27, after="M13"), side=Side.US)]

    assert proposed(made) == {"M13": november(6)}
    assert proposed([replace(clock, forecast=november(6)), made[1]]) == {}


def test_a_freeze_holds_up_the_customers_work_only() -> None:
    """Pushed into a change freeze, the customer's milestone waits for its end; ours goes on in it."""
    freeze = CalendarDay(kind=DayKind.CHANGE_FREEZE, starts=november(9), ends=november(13))
    calendar = project_calendar((), [freeze])
    made = [
        row("M1", 4, forecast=6),
        row("M2", 5, after="M1", side=Side.CUSTOMER),
        row("M3", 5, after="M1"),
        row("M4", 5, after="M1", side=Side.VENDOR),
    ]

    assert proposed(made, calendar) == {"M2": november(16), "M3": november(9), "M4": november(9)}


def test_both_sides_holidays_count() -> None:
    """A day off on either side is no working day for anybody's date: Thanksgiving there, a day of ours here."""
    ours = CalendarDay(kind=DayKind.OUR_HOLIDAY, starts=november(27))
    calendar = project_calendar(("DE", "US"), [ours])
    made = [row("M1", 24, forecast=25), row("M2", 25, after="M1")]

    assert proposed(made, calendar) == {"M2": november(30)}


def test_a_long_chain_is_no_trouble() -> None:
    """Three thousand rows, the last one first, are settled without an endless descent."""
    first = row("M0", 2, forecast=3)
    chain = [row(f"M{n}", 2, after=f"M{n - 1}") for n in range(1, 3000)]

    assert len(forecast.shifts([*chain[::-1], first], PLAIN)) == 2999


# ---------------------------------------------------------------------- laws

DAYS = st.dates(date(2026, 10, 1), date(2027, 3, 1))
KEYS = [f"M{n}" for n in range(7)]
TASK_KEYS = [f"T{n}" for n in range(6)]
# Made once: to make a strategy anew for each draw takes longer than what is tested.
MAYBE_DAY, SELDOM_DAY = st.none() | DAYS, st.one_of(st.none(), st.none(), DAYS)
SIDES, STATUSES = st.none() | st.sampled_from(Side), st.none() | st.sampled_from(WorkStatus)
AFTER = st.lists(st.sampled_from([*KEYS, "M99"]), max_size=3).map(", ".join)
TASKS_AFTER = st.lists(st.sampled_from([*TASK_KEYS, "T99"]), max_size=2).map(", ".join)
CLOCKS, MILESTONES = st.none() | st.sampled_from(KEYS), st.sampled_from([*KEYS, ""])
SIGNED = st.dictionaries(st.sampled_from(TASK_KEYS), DAYS)
WEEKS = st.sampled_from([frozenset(range(5)), frozenset({6, 0, 1, 2, 3}), frozenset({2})])
COUNTRIES = st.sets(st.sampled_from(["DE", "US-NY", "JP"]), max_size=2)
FREEZES = st.lists(st.tuples(DAYS, st.integers(0, 40)), max_size=3)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Work weeks, holidays of both sides, and a few freezes."""
    week = draw(WEEKS)
    freezes = [Span(start, start + timedelta(days=length)) for start, length in draw(FREEZES)]
    return country_calendar(draw(COUNTRIES), freezes, week)


@st.composite
def plans(draw: st.DrawFn) -> list[Milestone]:
    """Rows that wait for anything, strangers and themselves included; dated or not; one may be the advisor's clock."""
    clock = draw(CLOCKS)
    return [
        Milestone(
            id=key, predecessor=draw(AFTER), anchor=Anchor.TA_CLOCK if key == clock else None,
            side=draw(SIDES), status=draw(STATUSES),
            baseline=draw(MAYBE_DAY), forecast=draw(MAYBE_DAY), actual=draw(SELDOM_DAY),
        )
        for key in KEYS
    ]  # fmt: skip


@given(plans(), calendars())
def test_accepting_everything_leaves_nothing_to_propose(made: list[Milestone], calendar: WorkCalendar) -> None:
    """Whatever the rows say: proposals only go later, only for what is open, and once accepted there are none left."""
    found = forecast.shifts(made, calendar)
    accepted = {s.milestone.id: s.proposed for s in found}

    for shift in found:
        is_clock = shift.milestone.anchor is Anchor.TA_CLOCK
        assert shift.now == shift.milestone.due
        assert is_clock or shift.proposed > shift.now
        assert is_clock or is_open(shift.milestone)
        assert calendar.for_side(None if is_clock else shift.milestone.side).is_working(shift.proposed)
    assert forecast.shifts([replace(m, forecast=accepted.get(m.id, m.forecast)) for m in made], calendar) == []


@given(plans(), calendars(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(made: list[Milestone], calendar: WorkCalendar, chance: object) -> None:
    """A sorted or shuffled sheet gives the same proposals, for the same reasons."""
    shuffled = list(made)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    def told(rows: list[Milestone]) -> set[tuple[str, date, str]]:
        return {(s.milestone.id, s.proposed, s.because) for s in forecast.shifts(rows, calendar)}

    assert told(shuffled) == told(made)


@given(plans(), calendars())
def test_a_push_keeps_the_baselines_distance(made: list[Milestone], calendar: WorkCalendar) -> None:
    """What is pushed stands as many working days after what pushes it as the baseline had put between them."""
    found = {s.milestone.id: s for s in forecast.shifts(made, calendar)}
    ends = forecast.expected(made, calendar)
    known = {m.id: m for m in made}

    for shift in (s for s in found.values() if s.pushed_by):
        own = calendar.for_side(shift.milestone.side)
        for key in shift.pushed_by:
            planned, later = known[key].baseline, shift.milestone.baseline
            assert planned
            assert later
            gap = max(own.between(planned, later), 0)
            assert own.add(ends[key], gap) == shift.proposed


@given(plans(), calendars())
def test_without_a_late_row_nothing_moves(made: list[Milestone], calendar: WorkCalendar) -> None:
    """Rows that stand on their baselines push nobody, in whatever way they wait for each other."""
    on_time = [replace(m, forecast=None, actual=None, anchor=None) for m in made]

    assert forecast.shifts(on_time, calendar) == []


@given(st.dictionaries(st.sampled_from("abcde"), st.lists(st.sampled_from("abcdex"), max_size=4).map(" ".join)))
def test_what_is_waited_for_comes_first(cells: dict[str, str]) -> None:
    """The order has every row once, after what it waits for; only circles and strangers are taken out."""
    found = waits(cells)
    order = list(found)

    assert set(order) == set(cells)
    assert all(order.index(one) < order.index(key) for key, named in found.items() for one in named)


# ---------------------------------------------------------------------- tasks


def task(key: str, due: int, *, of: str = "M1", after: str = "", side: Side = Side.US, start: int = 0) -> Task:
    """An open task of November 2026."""
    return Task(
        id=key, milestone_id=of, predecessor=after, side=side, due=november(due), status=WorkStatus.NOT_STARTED,
        start=november(start) if start else None,
    )  # fmt: skip


def moved(tasks: list[Task], milestones: list[Milestone], calendar: WorkCalendar = PLAIN) -> dict[str, date]:
    planned = {t.id: t.due for t in tasks if t.due}
    return {s.task.id: s.proposed for s in forecast.task_shifts(tasks, planned, milestones, calendar)}


TASKS = [
    # the task, its milestone's baseline and forecast, where the task goes
    (task("T1", 10), 12, 12, None),
    (task("T1", 10), 12, 17, 13),
    (task("T1", 12), 12, 17, 17),
    (task("T1", 13), 12, 17, 18),
    (task("T1", 10), 12, 10, None),
    (task("T1", 10, of="M9"), 12, 17, None),
    (replace(task("T1", 10), status=WorkStatus.DONE), 12, 17, None),
    (replace(task("T1", 10), status=WorkStatus.NOT_APPLICABLE), 12, 17, None),
]


@pytest.mark.parametrize(("made", "baseline", "expected", "day"), TASKS)
def test_tasks_move_with_their_milestone(made: Task, baseline: int, expected: int, day: int | None) -> None:
    """An open task keeps its working days before (or after) its milestone; on time, done or elsewhere it stays."""
    found = moved([made], [row("M1", baseline, forecast=expected)])

    assert found == ({"T1": november(day)} if day else {})


def test_late_tasks_push_the_tasks_after_them() -> None:
    """A task that was put off pushes what waits for it; the start keeps its length before the due day."""
    first, second = task("T1", 4), task("T2", 6, after="T1", start=5)
    planned = {"T1": november(4), "T2": november(6)}
    late = replace(first, due=november(6))
    found = forecast.task_shifts([late, second], planned, [row("M1", 12)], PLAIN)

    assert [(s.task.id, s.proposed, s.start) for s in found] == [("T2", november(10), november(9))]
    assert found[0].because == "T1 is expected 2026-11-06 instead of 2026-11-04"


def test_a_task_added_since_sign_off_stays() -> None:
    """What was never signed off has no distance to keep."""
    assert forecast.task_shifts([task("T1", 4)], {}, [row("M1", 5, forecast=12)], PLAIN) == []


@st.composite
def works(draw: st.DrawFn) -> tuple[list[Task], dict[str, date]]:
    """Tasks that wait for anything, and what was signed off of them."""
    tasks = [
        Task(
            id=key, milestone_id=draw(MILESTONES), predecessor=draw(TASKS_AFTER), side=draw(SIDES),
            status=draw(STATUSES), start=draw(MAYBE_DAY), due=draw(MAYBE_DAY),
        )
        for key in TASK_KEYS
    ]  # fmt: skip
    return tasks, draw(SIGNED)


@given(works(), plans(), calendars())
def test_accepting_all_task_shifts_leaves_none(
    work: tuple[list[Task], dict[str, date]], made: list[Milestone], calendar: WorkCalendar
) -> None:
    """Tasks only go later, onto working days of their side, and once all is accepted nothing is left to propose."""
    tasks, planned = work
    found = {s.task.id: s for s in forecast.task_shifts(tasks, planned, made, calendar)}
    shifts = {s.milestone.id: s.proposed for s in forecast.shifts(made, calendar)}

    assert all(s.proposed > s.now and calendar.for_side(s.task.side).is_working(s.proposed) for s in found.values())
    assert all(s.task.start is None or (s.start and s.start >= s.task.start) for s in found.values())
    after = [replace(t, due=found[t.id].proposed) if t.id in found else t for t in tasks]
    accepted = [replace(m, forecast=shifts.get(m.id, m.forecast)) for m in made]
    assert forecast.task_shifts(after, planned, accepted, calendar) == []
