"""The example tables of the rules: overdue, risks, RAG, priority, reminders and dates."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.project import dates, overdue, priority, rag, risk, schema
from bot.project.calendar import WorkCalendar, project_calendar
from bot.project.model import CalendarDay, Issue, Milestone, Request, Risk, Task
from bot.project.starting_rows import template_rows
from bot.project.words import (
    Anchor,
    DayKind,
    IssueStatus,
    Level,
    Phase,
    Rag,
    RequestStatus,
    RequestType,
    RiskStatus,
    Segment,
    Side,
    SizeClass,
    WorkStatus,
)

PLAIN = WorkCalendar()


def november(day: int | None) -> date | None:
    return date(2026, 11, day) if day else None


OVERDUE = [
    # status, baseline, forecast, today, working days overdue, slip
    (WorkStatus.IN_PROGRESS, 6, None, 6, None, None),
    (WorkStatus.IN_PROGRESS, 6, None, 9, 1, None),
    (WorkStatus.IN_PROGRESS, 6, 12, 10, None, 4),
    (WorkStatus.DONE, 6, None, 9, None, None),
    (WorkStatus.BLOCKED, 6, None, 13, 5, None),
    (WorkStatus.NOT_STARTED, None, None, 9, None, None),
    (WorkStatus.NOT_APPLICABLE, 6, None, 13, None, None),
    (None, 6, None, 13, None, None),
]


@pytest.mark.parametrize(("status", "baseline", "forecast", "today", "days", "slip"), OVERDUE)
def test_overdue(
    status: WorkStatus | None,
    baseline: int | None,
    forecast: int | None,
    today: int,
    days: int | None,
    slip: int | None,
) -> None:
    """Overdue is open and due before today; the forecast counts before the baseline; not on the due day."""
    milestone = Milestone(status=status, baseline=november(baseline), forecast=november(forecast))

    assert overdue.overdue_days(milestone, date(2026, 11, today), PLAIN) == days
    assert overdue.is_overdue(milestone, date(2026, 11, today)) == (days is not None)
    assert overdue.variance(milestone, PLAIN) == slip


def test_the_day_is_the_projects_own() -> None:
    """Late on the due day in Los Angeles it is tomorrow in Tokyo: overdue there, not here, at the same moment."""
    moment = datetime(2026, 11, 6, 20, 0, tzinfo=ZoneInfo("America/Los_Angeles"))
    milestone = Milestone(status=WorkStatus.IN_PROGRESS, baseline=november(6))
    days = {zone: moment.astimezone(ZoneInfo(zone)).date() for zone in ("America/Los_Angeles", "Asia/Tokyo")}

    assert not overdue.is_overdue(milestone, days["America/Los_Angeles"])
    assert overdue.is_overdue(milestone, days["Asia/Tokyo"])


def test_days_overdue_count_as_the_side_works() -> None:
    """Days of a change freeze do not count against the customer, and do against us; holidays count for nobody."""
    freeze = CalendarDay(kind=DayKind.CHANGE_FREEZE, starts=date(2026, 11, 9), ends=date(2026, 11, 10))
    holiday = CalendarDay(kind=DayKind.CUSTOMER_HOLIDAY, starts=date(2026, 11, 11))
    calendar = project_calendar((), [freeze, holiday])
    late = Milestone(status=WorkStatus.BLOCKED, baseline=november(6))

    assert overdue.overdue_days(replace(late, side=Side.CUSTOMER), date(2026, 11, 12), calendar) == 1
    assert overdue.overdue_days(replace(late, side=Side.US), date(2026, 11, 12), calendar) == 3


def test_no_date() -> None:
    """An open milestone or task without a date is a finding of its own; a finished one is not."""
    assert overdue.has_no_date(Milestone(status=WorkStatus.NOT_STARTED))
    assert overdue.has_no_date(Task(status=WorkStatus.BLOCKED))
    assert not overdue.has_no_date(Milestone(status=WorkStatus.DONE))


def test_due_on_a_day_off() -> None:
    """What was due on Saturday is overdue on Sunday, by no working day yet."""
    task = Task(status=WorkStatus.IN_PROGRESS, due=date(2026, 11, 14))

    assert overdue.overdue_days(task, date(2026, 11, 15), PLAIN) == 0
    assert overdue.overdue_days(task, date(2026, 11, 16), PLAIN) == 1


RAG = [
    # baseline duration, slip, overdue tasks, due tasks, gate overdue, unmitigated, computed
    (21, 0, 0, 8, 0, (), Rag.GREEN),
    (21, 2, 0, 8, 0, (), Rag.AMBER),
    (21, 3, 0, 8, 0, (), Rag.RED),
    (60, 4, 0, 8, 0, (), Rag.AMBER),
    (60, 6, 0, 8, 0, (), Rag.RED),
    (21, 0, 2, 8, 0, (), Rag.AMBER),
    (21, 0, 0, 8, 6, (), Rag.RED),
    (21, 0, 0, 8, 5, (), Rag.GREEN),
    (21, 0, 0, 8, 0, ("RK1",), Rag.RED),
    (21, -4, 0, 0, 0, (), Rag.GREEN),
    (21, 0, 6, 10, 0, (), Rag.RED),
    (None, None, 0, 0, 0, (), Rag.GREEN),
]


@pytest.mark.parametrize(("duration", "slip", "late", "due", "gate", "unmitigated", "expected"), RAG)
def test_rag(
    duration: int | None, slip: int | None, late: int, due: int, gate: int, unmitigated: tuple[str, ...], expected: Rag
) -> None:
    """The computed colour is the worst of schedule, tasks, gates and risks; every colour but green has a reason."""
    computed = rag.compute(rag.Facts(duration, slip, late, due, gate, unmitigated))

    assert computed.rag is expected
    assert bool(computed.reasons) == (expected is not Rag.GREEN)


@given(st.integers(1, 400), st.integers(-50, 200), st.integers(0, 50), st.integers(0, 50), st.integers(0, 30))
def test_more_trouble_is_never_a_better_colour(duration: int, slip: int, late: int, due: int, gate: int) -> None:
    """One more day of slip, one more overdue task or gate day cannot improve the colour."""
    order = list(Rag)
    now = rag.compute(rag.Facts(duration, slip, min(late, due), due, gate)).rag

    for worse in (
        rag.Facts(duration, slip + 1, min(late, due), due, gate),
        rag.Facts(duration, slip, min(late + 1, due), due, gate),
        rag.Facts(duration, slip, min(late, due), due, gate + 1),
    ):
        assert order.index(rag.compute(worse).rag) >= order.index(now)


def test_rag_facts_of_a_project() -> None:
    """The facts come from the sheets: slip, overdue tasks of those due, the worst gate, risks without mitigation."""
    today = date(2026, 11, 17)
    milestones = [
        Milestone(id="M4", gate=True, baseline=date(2026, 11, 2), status=WorkStatus.BLOCKED),
        Milestone(id="M14", baseline=date(2026, 12, 1), forecast=date(2026, 12, 3), status=WorkStatus.NOT_STARTED),
        Milestone(id="M15", phase=Phase.CLOSED, baseline=date(2026, 12, 30), status=WorkStatus.NOT_STARTED),
    ]
    tasks = [
        Task(due=date(2026, 11, 10), status=WorkStatus.IN_PROGRESS),
        Task(due=date(2026, 11, 10), status=WorkStatus.DONE),
        Task(due=date(2026, 11, 10), status=WorkStatus.NOT_APPLICABLE),
        Task(due=date(2026, 11, 27), status=WorkStatus.NOT_STARTED),
    ]
    risks = [Risk(id="RK1", probability=5, impact=5, status=RiskStatus.OPEN)]
    facts = rag.gather(milestones, tasks, risks, kickoff=date(2026, 11, 2), today=today, calendar=PLAIN)

    assert facts == rag.Facts(21, 2, 1, 2, 11, ("RK1",))


GATES_AND_RISKS = [
    # gate overdue by working days, high risk without live mitigation, computed: as the rule's rows end
    (5, False, Rag.GREEN),
    (6, False, Rag.RED),
    (0, True, Rag.RED),
]


@pytest.mark.parametrize(("gate", "unmitigated", "expected"), GATES_AND_RISKS)
def test_rag_from_rows(gate: int, unmitigated: bool, expected: Rag) -> None:
    """The same from rows: a gate over five working days overdue is red, a late row that is no gate is not."""
    today = date(2026, 11, 17)
    due = PLAIN.add(today, -gate)
    rows = [
        Milestone(id="M4", gate=True, baseline=due, status=WorkStatus.IN_PROGRESS),
        Milestone(id="M7", baseline=PLAIN.add(today, -9), status=WorkStatus.IN_PROGRESS),
        Milestone(id="M14", baseline=date(2026, 12, 1), status=WorkStatus.NOT_STARTED),
    ]
    risks = [Risk(id="RK1", probability=5, impact=3, status=RiskStatus.OPEN)] if unmitigated else []
    facts = rag.gather(rows, [], risks, kickoff=date(2026, 11, 2), today=today, calendar=PLAIN)

    assert rag.compute(facts).rag is expected


LEVELS = [(1, Level.LOW), (6, Level.LOW), (8, Level.MEDIUM), (12, Level.MEDIUM), (15, Level.HIGH), (25, Level.HIGH)]


@pytest.mark.parametrize(("score", "level"), LEVELS)
def test_risk_levels(score: int, level: Level) -> None:
    """Low to 6, medium 8 to 12, high from 15."""
    assert risk.level_of(score) is level


REVIEWS = [
    # probability, impact, opened, last reviewed, next review, due
    (5, 5, 1, None, None, 8),
    (3, 4, 1, None, None, 15),
    (2, 2, 1, None, None, 31),
    (5, 5, 1, 10, None, 17),
    (5, 5, 1, None, 20, 20),
    (5, 5, 1, 10, 9, 17),
    (5, 5, 1, 10, 12, 12),
    (5, 5, None, None, None, None),
    (None, None, 1, None, None, 31),
]


@pytest.mark.parametrize(("p", "i", "opened", "reviewed", "next_review", "due"), REVIEWS)
def test_reviews(
    p: int | None, i: int | None, opened: int | None, reviewed: int | None, next_review: int | None, due: int | None
) -> None:
    """Every 7, 14 or 30 days from last reviewed, else opened; a person's own date counts until it was kept."""
    made = Risk(
        probability=p, impact=i, opened=november(opened), last_reviewed=november(reviewed),
        next_review=november(next_review), status=RiskStatus.OPEN,
    )  # fmt: skip
    expected = date(2026, 10, 31) + timedelta(days=due) if due else None

    assert risk.review_due(made) == expected
    if expected:
        assert not risk.is_past_review(made, expected)
        assert risk.is_past_review(made, expected + timedelta(days=1))


def test_closed_risks_are_never_past_review() -> None:
    """What is closed, accepted or occurred needs no review."""
    for status in (RiskStatus.CLOSED, RiskStatus.ACCEPTED, RiskStatus.OCCURRED, None):
        assert not risk.is_past_review(Risk(next_review=date(2026, 1, 1), status=status), date(2026, 11, 1))


UNMITIGATED = [
    (Risk(probability=5, impact=3, status=RiskStatus.OPEN), ("no mitigation", "no owner")),
    (Risk(probability=5, impact=3, status=RiskStatus.OPEN, mitigation="x", owner="Ines"), ()),
    (
        Risk(
            probability=5,
            impact=3,
            status=RiskStatus.MITIGATING,
            mitigation="x",
            owner="Ines",
            mitigation_due=november(5),
        ),
        ("mitigation is past its date",),
    ),
    (Risk(probability=3, impact=4, status=RiskStatus.OPEN), ()),
    (Risk(probability=5, impact=5, status=RiskStatus.CLOSED), ()),
]


@pytest.mark.parametrize(("made", "lacking"), UNMITIGATED)
def test_high_risks_without_live_mitigation(made: Risk, lacking: tuple[str, ...]) -> None:
    """A high, open risk needs a mitigation, an owner and a date that has not passed."""
    assert risk.lacking_mitigation(made, date(2026, 11, 6)) == lacking


@pytest.mark.parametrize(
    ("status", "age", "old"),
    [(IssueStatus.OPEN, 21, False), (IssueStatus.OPEN, 22, True), (IssueStatus.CLOSED, 90, False)],
)
def test_old_issues(status: IssueStatus, age: int, old: bool) -> None:
    """An issue is old when it is open for more than 21 days."""
    today = date(2026, 11, 22)

    assert risk.is_old(Issue(status=status, opened=today - timedelta(days=age)), today) is old


@pytest.mark.parametrize(("waited", "long"), [(14, False), (15, True)])
def test_waiting_issues(waited: int, long: bool) -> None:
    """Waiting is too long after 14 days."""
    today = date(2026, 11, 22)

    assert risk.waits_too_long(Issue(status=IssueStatus.WAITING), today - timedelta(days=waited), today) is long


TODAY = date(2026, 11, 22)


def request(kind: RequestType, score: int, age: int) -> Request:
    """A waiting request whose five criteria sum to *score*."""
    points = [score // 5 + (n < score % 5) for n in range(5)]
    return Request(
        id=f"{kind}-{age}", request_type=kind, submitted=TODAY - timedelta(days=age), status=RequestStatus.NEW,
        revenue_impact=points[0], size_complexity=points[1], account_market=points[2],
        intangibles=points[3], capacity_fit=points[4],
    )  # fmt: skip


PRIORITY = [
    (request(RequestType.TRIAL, 24, 30), request(RequestType.PRODUCTION, 9, 1), "B"),
    (request(RequestType.UPGRADE, 15, 3), request(RequestType.UPGRADE, 15, 9), "B"),
    (request(RequestType.MIGRATION_CLOUD, 20, 1), request(RequestType.MIGRATION_SELF_HOSTED, 12, 1), "B"),
    (request(RequestType.UPGRADE, 16, 3), request(RequestType.UPGRADE, 15, 9), "A"),
]


@pytest.mark.parametrize(("a", "b", "first"), PRIORITY)
def test_priority(a: Request, b: Request, first: str) -> None:
    """Work class first, then score, then age."""
    assert priority.ranked([a, b])[0] is (a if first == "A" else b)
    assert priority.score(a) == priority.partial_score(a)


def test_only_waiting_requests_are_ranked() -> None:
    """Decided requests have no rank."""
    assert (
        priority.ranked([Request(status=RequestStatus.DECLINED), Request(status=RequestStatus.SELECTED), Request()])
        == []
    )


def test_an_unfinished_score_is_no_score() -> None:
    """While one criterion is missing there is no score, but the order counts what is there."""
    made = Request(revenue_impact=5, size_complexity=5)

    assert priority.score(made) is None
    assert priority.partial_score(made) == 10


ELIGIBLE = [
    (Request(request_type=RequestType.PRODUCTION, segment=Segment.SMALL_BUSINESS), "small-business"),
    (Request(request_type=RequestType.OTHER), "no kind of project"),
    (Request(request_type=RequestType.TRIAL, proof_revenue="yes"), "both proofs"),
    (Request(request_type=RequestType.TRIAL, proof_revenue="yes", proof_no_simpler="air gap"), ""),
    (Request(request_type=RequestType.PRODUCTION, segment=Segment.ENTERPRISE), ""),
]


@pytest.mark.parametrize(("made", "words"), ELIGIBLE)
def test_eligibility(made: Request, words: str) -> None:
    """Small business gets no service, a trial needs its two proofs."""
    reason = priority.not_eligible(made)

    assert words in reason if words else not reason


KICKOFF = date(2026, 11, 2)


def standard(size: SizeClass = SizeClass.SMALL) -> dict[str, Milestone]:
    milestones = template_rows(schema.load("standard_plan").tab("milestones"))
    planned = dates.plan(milestones, PLAIN, kickoff=KICKOFF, approval=date(2026, 10, 9), size=size)
    return {m.id: m for m in planned}


STANDARD = [("M0", 2026, 10, 12), ("M1", 2026, 10, 19), ("M4", 2026, 11, 3), ("M5", 2026, 11, 9), ("M12", 2026, 11, 30),
            ("M14", 2026, 12, 1), ("M13", 2026, 11, 10), ("M15", 2026, 12, 8)]  # fmt: skip


@pytest.mark.parametrize(("key", "year", "month", "day"), STANDARD)
def test_dates_from_kickoff(key: str, year: int, month: int, day: int) -> None:
    """Milestones stand at their offsets in working days; the TA is engaged 21 calendar days before completion."""
    assert standard()[key].baseline == date(year, month, day)


@pytest.mark.parametrize(("size", "factor"), [(SizeClass.SMALL, 1), (SizeClass.MEDIUM, 2), (SizeClass.LARGE, 3)])
def test_size_classes_stretch_the_middle(size: SizeClass, factor: int) -> None:
    """M6 to M12 scale by the size class; kickoff and prerequisites stay; completion follows readiness by a day."""
    milestones = template_rows(schema.load("standard_plan").tab("milestones"))
    base = {m.id: m.offset for m in milestones}
    offsets = dates.scaled_offsets(milestones, size)

    assert {key: offsets[key] for key in ("M4", "M5", "M15")} == {"M4": 1, "M5": 5, "M15": 5}
    assert all(offsets[f"M{n}"] == (base[f"M{n}"] or 0) * factor for n in range(6, 13))
    assert offsets["M14"] == offsets["M12"] + 1


def test_trials_count_backward() -> None:
    """A trial's milestones stand before its end."""
    milestones = template_rows(schema.load("trial_plan").tab("milestones"), "trial")
    end = date(2026, 12, 4)
    planned = {
        m.id: m.baseline for m in dates.plan(milestones, PLAIN, kickoff=KICKOFF, approval=KICKOFF, completion=end)
    }

    assert planned["T6"] == end
    assert planned["T5"] == date(2026, 12, 2)
    assert planned["T0"] == date(2026, 11, 3)
    assert dates.baseline_end(dates.plan(milestones, PLAIN, kickoff=KICKOFF, completion=end)) == end


def test_a_trial_without_an_end_takes_three_weeks() -> None:
    """A trial whose end nobody gave ends 15 working days after kickoff, its milestones in order before that."""
    milestones = template_rows(schema.load("trial_plan").tab("milestones"), "trial")
    planned = dates.plan(milestones, PLAIN, kickoff=KICKOFF, approval=date(2026, 10, 20))
    days = [m.baseline for m in planned if m.baseline]

    assert dates.baseline_end(planned) == date(2026, 11, 23)
    assert days == sorted(days)
    assert len(days) == 7


def test_the_ends_of_a_project() -> None:
    """The end is the latest milestone before the closing; forecast before baseline, actual before both."""
    milestones = list(standard().values())
    moved = [
        m if m.id != "M14" else Milestone(id="M14", baseline=m.baseline, forecast=date(2026, 12, 9)) for m in milestones
    ]

    assert dates.baseline_end(milestones) == dates.forecast_end(milestones) == date(2026, 12, 1)
    assert dates.forecast_end(moved) == date(2026, 12, 9)
    assert dates.actual_end(milestones) is None
    assert dates.forecast_end([]) is None


TA = [
    (date(2026, 12, 1), date(2026, 11, 10)),
    (date(2026, 12, 6), date(2026, 11, 13)),
    (date(2026, 12, 5), date(2026, 11, 13)),
]


@pytest.mark.parametrize(("end", "clock"), TA)
def test_the_ta_clock(end: date, clock: date) -> None:
    """Forecast end minus 21 calendar days, moved back to a working day."""
    assert dates.ta_date(end, PLAIN) == clock


def test_the_ta_clock_moves_with_the_forecast() -> None:
    """A new forecast end moves the TA milestone; the same one does not; once done it stays."""
    made = [
        Milestone(id="M14", baseline=date(2026, 12, 1), forecast=date(2026, 12, 8), status=WorkStatus.NOT_STARTED),
        Milestone(id="M13", anchor=Anchor.TA_CLOCK, baseline=date(2026, 11, 10), status=WorkStatus.NOT_STARTED),
    ]

    assert dates.ta_move(made, PLAIN) == (made[1], date(2026, 11, 17))
    assert dates.ta_move([Milestone(id="M14", baseline=date(2026, 12, 1)), made[1]], PLAIN) is None
    done = Milestone(id="M13", anchor=Anchor.TA_CLOCK, status=WorkStatus.DONE)
    assert dates.ta_move([made[0], done], PLAIN) is None


def test_tasks_end_with_their_milestone() -> None:
    """Tasks count back from their milestone, a predecessor before its successor; other tasks are left alone."""
    tasks = [
        Task(id="T1", milestone_id="M8", duration=3),
        Task(id="T2", milestone_id="M8", duration=2, predecessor="T1"),
        Task(id="T3", milestone_id="M99"),
    ]
    first, second, other = dates.task_dates(tasks, {"M8": date(2026, 11, 13)}, PLAIN)

    assert (second.start, second.due) == (date(2026, 11, 12), date(2026, 11, 13))
    assert (first.start, first.due) == (date(2026, 11, 9), date(2026, 11, 11))
    assert other == tasks[2]


@given(st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.sampled_from(SizeClass))
def test_the_plan_is_in_order(kickoff: date, size: SizeClass) -> None:
    """Whatever the kickoff and size, no milestone comes before the one it needs."""
    milestones = template_rows(schema.load("standard_plan").tab("milestones"))
    days = dates.milestone_dates(milestones, PLAIN, kickoff=kickoff, approval=kickoff - timedelta(days=40), size=size)

    for m in milestones:
        is_replica = m.id == "M6" and size is not SizeClass.SMALL
        assert not m.predecessor or is_replica or days[m.predecessor] <= days[m.id]
