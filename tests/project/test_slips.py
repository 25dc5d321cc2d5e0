"""The slip ledger: the parts add up to the total, a pushed date counts once, and waiting is counted day by day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.project import slips
from bot.project.calendar import Holidays, Span, WorkCalendar
from bot.project.model import Milestone, Prerequisite, Stakeholder, Task
from bot.project.slips import CAUGHT_UP, NOT_NAMED, Ledger, Slip, Wait
from bot.project.words import PrerequisiteStatus, Side, SlipCause, WorkStatus

MON, TUE, WED, THU, FRI = (date(2026, 11, day) for day in range(9, 14))
NEXT_MON, DAY = date(2026, 11, 16), timedelta(days=1)
CALENDAR = WorkCalendar()
PEOPLE = (
    Stakeholder(name="Ruth Osei", email="ruth.osei@quillstone.example", side=Side.CUSTOMER),
    Stakeholder(name="Karl Brand", side=Side.CUSTOMER),  # without an address
    Stakeholder(name="Lena Fischer", email="lena.fischer@fernhill.example", side=Side.US),
)


def slip(days: int | None, cause: SlipCause | None = None, **other: Any) -> Slip:
    return Slip("M8", MON, TUE, days, cause, on=MON, **other)


@pytest.mark.parametrize(
    ("found", "parts", "total"),
    [
        ([], (), 0),
        ([slip(4, SlipCause.CUSTOMER), slip(2, SlipCause.CUSTOMER)], (("Customer", 6),), 6),
        ([slip(4, SlipCause.SCOPE), slip(3)], (("Scope", 4), (NOT_NAMED, 3)), 7),
        ([slip(4, SlipCause.US), slip(-3, SlipCause.US)], (("Us", 4), (CAUGHT_UP, -3)), 1),
        ([slip(4, SlipCause.US), slip(4, SlipCause.US, because=("M7",))], (("Us", 4),), 4),
        ([slip(4, SlipCause.US), slip(4, by="implbot")], (("Us", 4),), 4),  # the advisor's clock follows the end
        ([slip(None, SlipCause.US), slip(0)], (), 0),
    ],
)
def test_slip_by_cause(found: list[Slip], parts: tuple[tuple[str, int], ...], total: int) -> None:
    """Working days by cause; what was pushed is in the row that pushed it."""
    assert slips.sums(found) == slips.Sums(parts)
    assert slips.sums(found).total == total


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(-30, 30)), st.one_of(st.none(), st.sampled_from(SlipCause)), st.booleans()
        )
    )
)
def test_the_parts_always_make_the_total(drawn: list[tuple[int | None, SlipCause | None, bool]]) -> None:
    """Whatever the ledger holds, no day is lost between the causes and the sum."""
    found = [slip(days, cause, because=("M1",) if is_pushed else ()) for days, cause, is_pushed in drawn]

    assert slips.sums(found).total == sum(one.days or 0 for one in found if one.is_own)


def task(**given: Any) -> Task:
    return Task(**{"id": "T1", "owner": "Lena", "status": WorkStatus.IN_PROGRESS, "side": Side.US, **given})


BLOCKED, DONE = WorkStatus.BLOCKED, WorkStatus.DONE


@pytest.mark.parametrize(
    ("one", "whom", "since"),
    [
        (task(waiting_on="Ruth Osei", waiting_since=MON), "Ruth Osei", MON),
        (task(waiting_on="ruth", waiting_since=MON), "ruth", MON),
        (task(waiting_on="Karl Brand"), "Karl Brand", WED),  # nobody says since when: from today
        (task(waiting_on="Quillstone Bank", waiting_since=MON), "Quillstone Bank", MON),
        (task(waiting_on="Customer", waiting_since=FRI), "Customer", WED),  # a day to come is no beginning
        (task(waiting_on="Lena Fischer", status=BLOCKED), "", None),
        (task(waiting_on="The vendor", status=BLOCKED, side=Side.CUSTOMER), "", None),
        (task(status=BLOCKED), "", None),
        (task(status=BLOCKED, side=Side.CUSTOMER, waiting_since=TUE), "Lena", TUE),
        (task(status=DONE, waiting_on="Ruth Osei", waiting_since=MON), "", None),
        (Milestone(id="M5", side=Side.CUSTOMER, status=BLOCKED, owner="Ruth"), "Ruth", WED),
        (Milestone(id="M5", side=Side.US, status=BLOCKED), "", None),
        (
            Prerequisite(id="P1", side=Side.CUSTOMER, due=MON, status=PrerequisiteStatus.REQUESTED),
            "Quillstone Bank",
            TUE,
        ),
        (Prerequisite(id="P1", side=Side.CUSTOMER, status=PrerequisiteStatus.OPEN), "", None),  # never due
        (Prerequisite(id="P1", side=Side.US, due=MON, status=PrerequisiteStatus.OPEN), "", None),
        (Prerequisite(id="P1", side=Side.CUSTOMER, due=MON, status=PrerequisiteStatus.DONE), "", None),
    ],
)
def test_what_waits_for_the_customer(one: Any, whom: str, since: date | None) -> None:
    """On Wednesday: which rows wait, for whom, and since when."""
    rows = [
        [row] if isinstance(one, kind) else [] for kind, row in ((Task, one), (Milestone, one), (Prerequisite, one))
    ]

    found = slips.customer_waits(*rows, PEOPLE, "Quillstone Bank", WED)

    assert [(wait.whom, wait.since) for wait in found] == ([(whom, since)] if since else [])


def test_a_wait_goes_on_from_look_to_look_and_ends_when_it_is_over() -> None:
    """Seen on Monday and on Tuesday, gone on Thursday: three working days, and a new wait is a new line."""
    first = slips.followed([], [Wait("M5", "", "Ruth", MON)], MON)
    second = slips.followed(first, [Wait("M5", "", "Ruth", TUE)], TUE)
    third = slips.followed(second, [], THU)
    fourth = slips.followed(third, [Wait("M5", "", "Ruth", FRI)], FRI)

    assert third == [Wait("M5", "", "Ruth", MON, THU)]
    assert slips.waited(third, CALENDAR, NEXT_MON) == 3
    assert fourth == [*third, Wait("M5", "", "Ruth", FRI)]
    assert slips.waited(fourth, CALENDAR, NEXT_MON) == 4


def test_a_cell_corrects_since_when_and_a_due_day_ahead_costs_nothing() -> None:
    """What a cell says wins over what was seen; a prerequisite that came before its day was never waited for."""
    told = slips.followed([Wait("T1", "", "Ruth", WED)], [Wait("T1", "", "Ruth", MON, is_told=True)], WED)
    early = slips.followed([Wait("P1", "", "Ruth", FRI, is_told=True)], [], WED)

    assert [wait.since for wait in told] == [MON]
    assert early == []


@pytest.mark.parametrize(
    ("waits", "today", "days"),
    [
        ([], WED, 0),
        ([Wait("T1", "", "", MON)], MON, 0),  # a day counts once it is over
        ([Wait("T1", "", "", MON)], WED, 2),
        ([Wait("T1", "", "", MON), Wait("T2", "", "", TUE)], THU, 3),  # both wait on Tuesday: one day
        ([Wait("T1", "", "", FRI)], NEXT_MON, 1),
        ([Wait("T1", "", "", MON, WED), Wait("T1", "", "", THU, FRI)], NEXT_MON, 3),
        ([Wait("P1", "", "", FRI)], WED, 0),
    ],
)
def test_waited_days(waits: list[Wait], today: date, days: int) -> None:
    """Working days on which something waited for the customer."""
    assert slips.waited(waits, CALENDAR, today) == days


def test_holidays_do_not_count_and_change_freezes_do() -> None:
    """Nobody waits on a day off; a freeze of theirs is still our waiting."""
    calendar = WorkCalendar(holidays=Holidays(spans=(Span(TUE, TUE),)), freezes=(Span(WED, WED),))

    assert slips.waited([Wait("T1", "", "", MON)], calendar, FRI) == 3


@given(st.lists(st.tuples(st.integers(0, 40), st.one_of(st.none(), st.integers(0, 40)))), st.integers(0, 40))
def test_waited_days_against_a_brute_force(drawn: list[tuple[int, int | None]], until: int) -> None:
    """Day by day, whether anything waited on it."""
    waits = [
        Wait(f"T{n}", "", "", MON + a * DAY, None if b is None else MON + b * DAY) for n, (a, b) in enumerate(drawn)
    ]
    days = [MON + number * DAY for number in range(until)]
    stood = [day for day in days if any(w.since <= day and (w.until is None or day < w.until) for w in waits)]

    assert slips.waited(waits, CALENDAR, MON + until * DAY) == sum(day.weekday() < 5 for day in stood)


def test_what_is_kept_is_read_again_and_what_is_odd_is_unknown() -> None:
    """A ledger of an earlier version, or with a word that is no cause, is still a ledger."""
    old = {"milestone": "M8", "from": "", "to": "someday", "days": "4", "cause": "Weather", "by": "", "because": None}
    wait = Wait("T1", "Lena", "Ruth", MON, TUE, is_told=True)

    assert slips.read_slip(old) == Slip("M8", None, None, None)
    assert slips.read_wait(slips.packed_wait(wait)) == wait


def test_the_ledger_in_words() -> None:
    """Every change and wait on its line, and the sums below."""
    waits = (Wait("T1", "Lena", "Ruth", MON), Wait("P1", "", "Karl", FRI))
    pushed = Slip("M9", MON, WED, 2, on=TUE, because=("M8",))
    ledger = Ledger((slip(4, SlipCause.US, by="Priya Nair", waits=("T1: Lena for Ruth",)), pushed), waits)

    assert slips.lines(ledger, CALENDAR, THU) == [
        "2026-11-09  M8 2026-11-09 → 2026-11-10 · +4 working days · Us · by Priya Nair · T1: Lena for Ruth",
        "2026-11-10  M9 2026-11-09 → 2026-11-11 · +2 working days · pushed by M8",
        "Slip by cause, in working days: 4",
        "  Us: 4",
        "Waited for the customer: 3 working days",
        "  T1: Lena for Ruth, since 2026-11-09 until now: 3",
    ]


def test_who_waited_for_whom_under_a_milestone() -> None:
    """Open tasks of that milestone that say whom they wait on."""
    tasks = [
        Task(id="T1", milestone_id="M8", owner="Lena", waiting_on="Ruth", status=BLOCKED),
        Task(id="T2", milestone_id="M8", waiting_on="Ruth", status=WorkStatus.NOT_STARTED),
        Task(id="T3", milestone_id="M8", owner="Lena", waiting_on="Ruth", status=DONE),
        Task(id="T4", milestone_id="M9", owner="Lena", waiting_on="Ruth", status=BLOCKED),
    ]

    assert slips.who_waits("M8", tasks) == ["T1: Lena for Ruth", "T2: somebody for Ruth"]
