"""Working days: holidays, freezes, and the laws between counting and adding."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.project.calendar import (
    LONGEST_SPAN,
    MONDAY_TO_FRIDAY,
    Span,
    WorkCalendar,
    country_calendar,
    project_calendar,
    split_codes,
    unknown_countries,
    work_week,
)
from bot.project.model import CalendarDay
from bot.project.words import DayKind, Side

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
COUNTS = st.integers(-120, 120)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    week = draw(st.frozensets(st.integers(0, 6), min_size=1))
    starts = draw(st.lists(DAYS, max_size=4))
    freezes = [Span(start, start + timedelta(days=draw(st.integers(0, 40)))) for start in starts]
    return country_calendar(draw(st.sets(st.sampled_from(["DE", "US-NY", "JP", "XX"]), max_size=2)), freezes, week)


@given(calendars(), DAYS, COUNTS)
def test_between_undoes_add(calendar: WorkCalendar, day: date, count: int) -> None:
    """From a working day, the day n working days on is n working days away."""
    start = calendar.add(day, 0)

    assert calendar.between(start, calendar.add(start, count)) == count


@given(calendars(), DAYS, COUNTS, COUNTS)
def test_adding_keeps_the_order(calendar: WorkCalendar, day: date, one: int, other: int) -> None:
    """More working days never end earlier, and every end is a working day."""
    start = calendar.add(day, 0)
    first, second = calendar.add(start, min(one, other)), calendar.add(start, max(one, other))

    assert first <= second
    assert calendar.is_working(first)
    assert calendar.is_working(second)


@given(calendars(), DAYS, DAYS, DAYS)
def test_between_adds_up(calendar: WorkCalendar, a: date, b: date, c: date) -> None:
    """Counting by way of another day gives the same, and backwards the negative."""
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)
    assert calendar.between(a, b) == -calendar.between(b, a)


@given(calendars(), DAYS)
def test_back_to_working_never_goes_on(calendar: WorkCalendar, day: date) -> None:
    """Moving back gives the last working day up to that day."""
    moved = calendar.back_to_working(day)

    assert moved <= day
    assert calendar.is_working(moved)
    assert calendar.between(moved, day) == 0


@pytest.mark.parametrize(
    ("countries", "day", "working"),
    [
        ((), date(2026, 12, 25), True),
        (("DE",), date(2026, 12, 25), False),
        (("de ", "US"), date(2026, 7, 3), False),
        (("DE",), date(2026, 7, 3), True),
        (("DE-BY",), date(2026, 1, 6), False),
        (("DE",), date(2026, 1, 6), True),
        (("Nowhere",), date(2026, 1, 6), True),
    ],
)
def test_national_holidays(countries: tuple[str, ...], day: date, working: bool) -> None:
    """Either side's public holidays are days off; an unknown country has none."""
    assert country_calendar(countries).is_working(day) is working


def test_unknown_countries_are_named() -> None:
    """A code without known holidays can be shown to who typed it."""
    assert unknown_countries(split_codes("de, US-NY; XX DE-ZZ")) == ("XX", "DE-ZZ")


def test_a_freeze_binds_the_customers_work_only() -> None:
    """In a change freeze our own work goes on, the customer's stands still."""
    row = CalendarDay(kind=DayKind.CHANGE_FREEZE, starts=date(2026, 12, 14), ends=date(2026, 12, 18))
    calendar = project_calendar((), [row])

    assert calendar.for_side(Side.CUSTOMER).add(date(2026, 12, 11), 1) == date(2026, 12, 21)
    assert calendar.for_side(Side.US).add(date(2026, 12, 11), 1) == date(2026, 12, 14)


def test_senseless_calendar_rows_change_nothing() -> None:
    """A freeze that ends before it starts, has no start, no kind, or lasts for years is left out."""
    start = date(2026, 12, 14)
    rows = [
        CalendarDay(kind=DayKind.CHANGE_FREEZE, starts=start, ends=date(2026, 12, 1)),
        CalendarDay(kind=DayKind.CHANGE_FREEZE, ends=start),
        CalendarDay(starts=start),
        CalendarDay(kind=DayKind.CHANGE_FREEZE, starts=start, ends=start + timedelta(days=LONGEST_SPAN)),
    ]

    assert project_calendar((), rows) == country_calendar(())


def test_one_day_holiday_of_the_customer() -> None:
    """A holiday row without an end is one day off, for both sides."""
    day = date(2026, 11, 24)
    calendar = project_calendar((), [CalendarDay(kind=DayKind.CUSTOMER_HOLIDAY, starts=day)])

    assert not calendar.for_side(Side.US).is_working(day)
    assert calendar.is_working(day + timedelta(days=1))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("", MONDAY_TO_FRIDAY),
        ("Mon-Fri", MONDAY_TO_FRIDAY),
        ("Sunday to Thursday", frozenset({6, 0, 1, 2, 3})),
        ("Sun, Mon–Thu", frozenset({6, 0, 1, 2, 3})),
        ("Tue;Thu", frozenset({1, 3})),
        ("whenever", MONDAY_TO_FRIDAY),
        ("mtu", MONDAY_TO_FRIDAY),
    ],
)
def test_work_weeks(text: str, days: frozenset[int]) -> None:
    """A person's work week is read as people write it; unreadable text is Monday to Friday."""
    assert work_week(text) == days


def test_a_calendar_without_any_working_day_says_so() -> None:
    """A calendar of nothing but freezes ends in a clear error instead of a search for ever."""
    calendar = WorkCalendar(freezes=(Span(date(2000, 1, 1), date(2099, 12, 31)),))

    with pytest.raises(OverflowError, match="no working day"):
        calendar.add(date(2026, 1, 1), 1)
