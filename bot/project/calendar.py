"""Working days: the work week, national holidays on both sides, and change freezes (rule: dates)."""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache

import holidays as national

from bot.project.model import CalendarDay
from bot.project.words import DayKind, Side

MONDAY_TO_FRIDAY = frozenset(range(5))
LONGEST_SPAN = 366
"""Days a freeze or holiday row may cover; a longer one is a typing error and would leave no working day."""
_REACH = 4000

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """Days from *first* to *last*, both included."""

    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last


@dataclass(frozen=True)
class Holidays:
    """The days off of several countries and of explicit spans; unknown country codes count for nothing."""

    countries: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        return any(day in _national(c, day.year) for c in self.countries) or any(day in span for span in self.spans)


@dataclass(frozen=True)
class WorkCalendar:
    """Answers which days count. *week* holds weekdays, Monday being 0; *freezes* bind customer-side work only."""

    week: frozenset[int] = MONDAY_TO_FRIDAY
    holidays: Container[date] = Holidays()
    freezes: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if not self.week & frozenset(range(7)):
            raise ValueError("a work week needs at least one day")

    def for_side(self, side: Side | None) -> "WorkCalendar":
        """This calendar as it holds for work of *side*: only customer-side work stops in a change freeze."""
        return self if side is Side.CUSTOMER or not self.freezes else self._without_freezes

    @cached_property
    def _without_freezes(self) -> "WorkCalendar":
        return replace(self, freezes=())

    @cached_property
    def _known(self) -> dict[date, bool]:
        """The days that were asked for: findings of a plan ask for the same few weeks again and again."""
        return {}

    @cached_property
    def _counted(self) -> dict[tuple[date, date], int]:
        """The spans that were counted, for the same reason."""
        return {}

    def is_working(self, day: date) -> bool:
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = self._is_working(day)
        return known

    def _is_working(self, day: date) -> bool:
        return day.weekday() in self.week and day not in self.holidays and not any(day in f for f in self.freezes)

    def add(self, day: date, count: int) -> date:
        """The working day *count* working days after *day* (before it when negative); 0 moves on to a working day.

        OverflowError when there is none within about ten years.
        """
        if count == 0:
            return day if self.is_working(day) else self.add(day, 1)
        step, left = (_DAY, count) if count > 0 else (-_DAY, -count)
        for _ in range(_REACH + 7 * left):
            day += step
            left -= self.is_working(day)
            if left == 0:
                return day
        raise OverflowError("no working day within reach")

    def between(self, start: date, end: date) -> int:
        """Working days after *start* up to and including *end*; negative when *end* is earlier."""
        if end < start:
            return -self.between(end, start)
        counted = self._counted.get((start, end))
        if counted is None:
            if len(self._counted) >= _REACH:
                self._counted.clear()
            days = range(start.toordinal() + 1, end.toordinal() + 1)
            counted = self._counted[start, end] = sum(map(self.is_working, map(date.fromordinal, days)))
        return counted

    def back_to_working(self, day: date) -> date:
        """*day* itself when it is a working day, else the last working day before it."""
        return day if self.is_working(day) else self.add(day, -1)


def country_calendar(
    countries: Iterable[str],
    freezes: Iterable[Span] = (),
    week: frozenset[int] = MONDAY_TO_FRIDAY,
    extra: Iterable[Span] = (),
) -> WorkCalendar:
    """A calendar over ISO codes such as ``DE`` or ``US-NY`` (unknown ones count for nothing)."""
    codes = tuple(sorted({code.strip().upper() for code in countries if code.strip()}))
    return WorkCalendar(week, Holidays(codes, tuple(extra)), tuple(freezes))


def project_calendar(
    countries: Iterable[str], days: Iterable[CalendarDay], week: frozenset[int] = MONDAY_TO_FRIDAY
) -> WorkCalendar:
    """The calendar over both sides' countries and the rows of the Calendar tab; senseless rows are left out."""
    rows = [(d.kind, _span(d)) for d in days]
    freezes = [span for kind, span in rows if kind is DayKind.CHANGE_FREEZE and span]
    extra = [span for kind, span in rows if kind not in (DayKind.CHANGE_FREEZE, None) and span]
    return country_calendar(countries, freezes, week, extra)


def _span(day: CalendarDay) -> Span | None:
    if day.starts is None:
        return None
    last = day.ends or day.starts
    return Span(day.starts, last) if 0 <= (last - day.starts).days < LONGEST_SPAN else None


def split_codes(text: str) -> tuple[str, ...]:
    """Country codes of a cell such as "DE, US-NY"."""
    return tuple(part.upper() for part in re.split(r"[,;\s]+", text) if part)


def unknown_countries(countries: Iterable[str]) -> tuple[str, ...]:
    """The codes for which no holidays are known, for a finding with the cell's address."""
    return tuple(code for code in countries if not _known(code.strip().upper()))


def work_week(text: str, otherwise: frozenset[int] = MONDAY_TO_FRIDAY) -> frozenset[int]:
    """The weekdays of a text such as "Mon-Fri" or "Sun, Mon-Thu"; *otherwise* where it is blank or unreadable."""
    days: set[int] = set()
    for part in re.split(r"[,;]+", text.casefold()):
        ends = [_WEEKDAYS.find(word.strip()[:3]) for word in re.split(r"[-–]| to ", part) if word.strip()]
        if not ends or len(ends) > 2 or any(e < 0 or e % 3 for e in ends):
            continue
        first, last = ends[0] // 3, ends[-1] // 3
        days |= {(first + n) % 7 for n in range((last - first) % 7 + 1)}
    return frozenset(days) or otherwise


def week_of(countries: Iterable[str]) -> frozenset[int]:
    """The weekdays that are no weekend in the first known country, such as Sunday to Thursday in SA."""
    known = (code.strip().upper() for code in countries if _known(code.strip().upper()))
    return next((_week(code.partition("-")[0]) for code in known), MONDAY_TO_FRIDAY)


_WEEKDAYS = "montuewedthufrisatsun"


@lru_cache(maxsize=512)
def _known(code: str) -> bool:
    country, _, region = code.partition("-")
    supported = national.list_supported_countries()
    return country in supported and (not region or region in supported[country])


@lru_cache(maxsize=512)
def _week(country: str) -> frozenset[int]:
    return frozenset(range(7)) - frozenset(national.country_holidays(country).weekend)


@lru_cache(maxsize=2048)
def _national(code: str, year: int) -> frozenset[date]:
    if not _known(code):
        return frozenset()
    country, _, region = code.partition("-")
    return frozenset(national.country_holidays(country, subdiv=region or None, years=year).keys())
