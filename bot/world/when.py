"""When somebody may be spoken to: their own work week, their country's holidays, their own hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.project.calendar import WorkCalendar, country_calendar, week_of, work_week
from bot.project.countries import countries_of
from bot.project.model import Stakeholder
from bot.project.people import listed
from bot.world.slack import Person

OPENS, CLOSES = 9, 18
"""The hours of a day, in a person's own zone, in which an immediate message may come."""


def calendar_of(person: Person, stakeholders: Iterable[Stakeholder], ours: Iterable[str]) -> WorkCalendar:
    """Somebody's working days.

    The country is the one their time zone lies in; *ours*, the company's own codes, count where they lie there too, and
    where a zone belongs to no country. The week is the first one that a Stakeholders tab says of them, else the
    country's: a backup in Riyadh whom no tab knows works on Sunday, and not on Friday.
    """
    own = listed(stakeholders, person.email)
    countries = countries_of(zone_of(person, own), ours)
    week = next((one.work_week for one in own if one.work_week.strip()), "")
    return country_calendar(countries, week=work_week(week, week_of(countries)))


def zone_of(person: Person, own: Iterable[Stakeholder]) -> str:
    """The zone of somebody's profile; where that says none, the one that a Stakeholders tab says."""
    return next((one.time_zone for one in own if one.time_zone), "UTC") if person.zone == "UTC" else person.zone


def is_open(now: datetime, person: Person, calendar: WorkCalendar) -> bool:
    """Whether *now* is within somebody's working hours."""
    local = now.astimezone(ZoneInfo(person.zone))
    return calendar.is_working(local.date()) and OPENS <= local.hour < CLOSES
