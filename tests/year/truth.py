"""The truth of a simulated year: who works when, and what each row held at each moment. It knows nothing of the bot."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

DAY = timedelta(days=1)
CLOSED = ("Done", "N/A")
WEEK = frozenset(range(5))


@cache
def public(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country in a year."""
    return frozenset(holidays.country_holidays(country, years=year))


def is_public(day: date, countries: tuple[str, ...]) -> bool:
    """Whether a day is a public holiday of one of these countries."""
    return any(day in public(country, day.year) for country in countries)


@dataclass(frozen=True)
class Person:
    """Somebody at work. `away` are spans of days, both ends included; `backup` is an address or ""."""

    name: str
    email: str
    zone: str
    country: str
    week: frozenset[int] = WEEK
    away: tuple[tuple[date, date], ...] = ()
    backup: str = ""
    is_lead: bool = False

    def local(self, moment: datetime) -> datetime:
        """A moment on this person's clock."""
        return moment.astimezone(ZoneInfo(self.zone))

    def works(self, day: date) -> bool:
        """Whether a day is one of this person's working days (rule: reminders)."""
        return day.weekday() in self.week and not is_public(day, (self.country,))

    def is_away(self, day: date) -> bool:
        """Whether the Stakeholders tabs say that this person is away."""
        return any(first <= day <= last for first, last in self.away)


@dataclass(frozen=True)
class Closure:
    """Days in a project's Calendar tab: a holiday of the customer's, or a change freeze. Known from `since` on."""

    first: date
    last: date
    is_freeze: bool
    since: datetime


@dataclass
class Project:
    """One customer's project; `countries` are both sides' calendars, `team` those who own its rows."""

    key: str
    customer: str
    zone: str
    pm: str
    escalation: str
    countries: tuple[str, ...]
    team: tuple[str, ...]
    contact: str = ""
    closures: list[Closure] = field(default_factory=list)

    def today(self, moment: datetime) -> date:
        """The project's date at a moment."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def works(self, day: date, moment: datetime, *, is_customers: bool) -> bool:
        """Whether a day counts (rule: dates), by what stood in the Calendar tab at a moment."""
        if day.weekday() > 4 or is_public(day, self.countries):
            return False
        spans = (one for one in self.closures if one.since <= moment and (is_customers or not one.is_freeze))
        return not any(one.first <= day <= one.last for one in spans)

    def count(self, due: date, today: date, moment: datetime, *, is_customers: bool) -> int:
        """Working days from a due day to today, counted one by one; negative when it is still to come."""
        first, last = sorted((due, today))
        days = (first + DAY * n for n in range(1, (last - first).days + 1))
        number = sum(self.works(day, moment, is_customers=is_customers) for day in days)
        return number if today >= due else -number

    def later(self, day: date, number: int, moment: datetime, *, is_customers: bool) -> date:
        """The working day so many working days after a day."""
        while number:
            day += DAY
            number -= self.works(day, moment, is_customers=is_customers)
        return day


@dataclass(frozen=True)
class Held:
    """What a row held from a moment on. `due` is a milestone's forecast, else its baseline."""

    at: datetime
    due: date | None
    status: str
    owner: str
    words: str = ""
    is_gone: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it can be reminded of."""
        return not self.is_gone and self.status not in CLOSED and self.due is not None


@dataclass(frozen=True)
class Snooze:
    """Somebody pressed Snooze at a moment, for so many working days."""

    at: datetime
    days: int


@dataclass
class Row:
    """A task or milestone, by the word in its title that no other row has."""

    token: str
    project: str
    tab: str
    title: str
    is_gate: bool = False
    is_customers: bool = False
    held: list[Held] = field(default_factory=list)
    snoozes: list[Snooze] = field(default_factory=list)

    def at(self, moment: datetime) -> Held | None:
        """What it held at a moment; None before it was there."""
        place = bisect_right([one.at for one in self.held], moment)
        return self.held[place - 1] if place else None

    def change(self, moment: datetime, **cells: object) -> None:
        """A person changed it."""
        self.held.append(replace(self.held[-1], at=moment, **cells))  # type: ignore[arg-type]  # the fields of Held


@dataclass(frozen=True)
class Outage:
    """The bot did not run from a moment to another."""

    first: datetime
    last: datetime


@dataclass
class Truth:
    """Everything that really happened."""

    people: dict[str, Person]
    projects: dict[str, Project]
    rows: dict[str, Row] = field(default_factory=dict)
    outages: list[Outage] = field(default_factory=list)
    restarts: list[datetime] = field(default_factory=list)

    @property
    def leads(self) -> list[str]:
        """The addresses of all leads."""
        return [one.email for one in self.people.values() if one.is_lead]

    def was_down(self, first: datetime, last: datetime) -> bool:
        """Whether the bot was out for the whole of a span."""
        return any(one.first <= first and last <= one.last for one in self.outages)

    def seen_at(self, moment: datetime) -> datetime:
        """When the bot could see what somebody did at a moment: at once, or when an outage ended."""
        return next((one.last for one in self.outages if one.first <= moment < one.last), moment)

    def turns(self, first: datetime, last: datetime) -> Iterator[datetime]:
        """The moments in a span at which a row changed, with both ends."""
        yield first
        yield from sorted(one.at for row in self.rows.values() for one in row.held if first < one.at < last)
        yield last


@dataclass(frozen=True)
class Told:
    """A message of the bot to one person, as it first stood: its kind, the rows it names in order, and "n more".

    `led` are those rows that stand under "You lead".
    """

    person: str
    at: datetime
    kind: str
    tokens: tuple[str, ...] = ()
    more: int = 0
    words: str = ""
    led: frozenset[str] = frozenset()


def morning(person: Person, day: date, hour: int = 9) -> datetime:
    """An hour of a person's day, in UTC."""
    return datetime.combine(day, time(hour), ZoneInfo(person.zone)).astimezone(UTC)
