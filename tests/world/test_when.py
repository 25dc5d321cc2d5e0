"""When somebody is spoken to: their week, their country's days off, their hours."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.project.countries import countries_of, country_of
from bot.project.model import Stakeholder
from bot.world.slack import Person
from bot.world.when import calendar_of, is_open

EMAIL = "lena.fischer@fernhill.example"


def person(zone: str) -> Person:
    return Person("U1", EMAIL, "Lena Fischer", zone, True, True)


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Berlin", "DE"),
        ("Asia/Kolkata", "IN"),
        ("America/New_York", "US"),
        ("Asia/Tokyo", "JP"),
        ("Europe/London", "GB"),
        ("UTC", ""),
        ("Etc/GMT+3", ""),
        ("no zone", ""),
    ],
)
def test_the_country_of_a_zone(zone: str, country: str) -> None:
    """A zone lies in one country; those that lie in none say so."""
    assert country_of(zone) == country


@pytest.mark.parametrize(
    ("zone", "ours", "codes"),
    [
        ("Europe/Berlin", ("DE",), ("DE",)),
        ("Europe/Berlin", ("de-by", "US"), ("DE-BY",)),
        ("Asia/Kolkata", ("DE",), ("IN",)),
        ("UTC", ("DE",), ("DE",)),
        ("UTC", (), ()),
    ],
)
def test_whose_holidays_hold(zone: str, ours: tuple[str, ...], codes: tuple[str, ...]) -> None:
    """Everybody has the days off of their own country; the company's finer code counts for its people there."""
    assert countries_of(zone, ours) == codes


DAYS = [
    ("Europe/Berlin", "", date(2026, 11, 16), True),
    ("Europe/Berlin", "", date(2026, 11, 14), False),
    ("Europe/Berlin", "", date(2026, 12, 25), False),
    ("Asia/Tokyo", "", date(2026, 11, 23), False),  # Labour Thanksgiving Day
    ("Europe/Berlin", "", date(2026, 11, 23), True),
    ("America/New_York", "", date(2026, 11, 26), False),  # Thanksgiving
    ("Asia/Jerusalem", "Sun-Thu", date(2026, 11, 15), True),
    ("Asia/Jerusalem", "Sun-Thu", date(2026, 11, 13), False),
    ("Asia/Dubai", "Sun – Thu", date(2026, 11, 20), False),
    ("Asia/Riyadh", "", date(2026, 11, 13), False),  # a Friday; the country's week where no tab says another
    ("Asia/Riyadh", "", date(2026, 11, 15), True),
    ("Asia/Riyadh", "whenever", date(2026, 11, 15), True),
    ("Asia/Riyadh", "Mon-Fri", date(2026, 11, 13), True),
    ("Asia/Dubai", "", date(2026, 11, 13), True),  # the Emirates' weekend is Saturday and Sunday
    ("UTC", "", date(2026, 12, 25), False),
]


@pytest.mark.parametrize(("zone", "week", "day", "works"), DAYS)
def test_working_days_of_a_person(zone: str, week: str, day: date, works: bool) -> None:
    """Their own work week and their own country's holidays, not the company's."""
    rows = [Stakeholder(id="S1", name="Lena Fischer", email=EMAIL), Stakeholder(id="S2", email=EMAIL, work_week=week)]

    assert calendar_of(person(zone), rows, ("DE",)).is_working(day) is works


def test_a_profile_without_a_zone_follows_the_stakeholders_tab() -> None:
    """Where Slack knows no zone, the zone that the sheet names tells the country."""
    rows = [Stakeholder(id="S1", email=EMAIL, time_zone="Asia/Tokyo")]

    assert not calendar_of(person("UTC"), rows, ("DE",)).is_working(date(2026, 11, 23))


HOURS = [
    ("2026-11-16T08:59:59+01:00", False),
    ("2026-11-16T09:00:00+01:00", True),
    ("2026-11-16T17:59:00+01:00", True),
    ("2026-11-16T18:00:00+01:00", False),
    ("2026-11-14T12:00:00+01:00", False),
    ("2027-03-30T07:30:00+00:00", True),  # after the clocks went forward: half past nine
    ("2026-10-26T07:30:00+00:00", False),  # after they went back: half past eight
]


@pytest.mark.parametrize(("moment", "is_at_work"), HOURS)
def test_hours_of_a_person(moment: str, is_at_work: bool) -> None:
    """From nine to six of their own clock, on their working days, whatever the clocks did at the weekend."""
    calendar = calendar_of(person("Europe/Berlin"), (), ("DE",))

    assert is_open(datetime.fromisoformat(moment), person("Europe/Berlin"), calendar) is is_at_work
