"""What a morning is thought from: the projects that may speak, what was said, who is there, who works today."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import structlog

from bot.project import wall
from bot.project.findings import Finding
from bot.project.ladder import Recipient, Said
from bot.project.model import Stakeholder
from bot.project.picture import Picture
from bot.reminders import rules, who
from bot.reminders.who import Hearer, Staff
from bot.world import World, charge, dry, when
from bot.world.slack import DAY, HALF_DAY, Person
from bot.world.store import Json

log = structlog.get_logger(__name__)

LEADS_MET = "reminders:leads-met"

DRY = "dry:"
"""Before the key of a memory: what a dry run would have said."""


@dataclass(frozen=True)
class Gathered:
    """The projects of a moment: those that speak, those in a dry run, and those whose first look is still to be told.

    *entered* is the day, by project, on which what was due before enters the ladder.
    """

    live: tuple[Picture, ...]
    dry: tuple[Picture, ...]
    untold: tuple[Picture, ...]
    entered: Mapping[str, date]

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All of them."""
        return (*self.live, *self.dry)

    @property
    def stakeholders(self) -> list[Stakeholder]:
        """Everybody's rows in the Stakeholders tabs, in the order of projects."""
        return [person for picture in self.pictures for person in picture.stakeholders]


def gathered(world: World, only: Container[str] | None = None) -> Gathered:
    """Everything that may be spoken of now, of all projects or of some; muted projects and first days are left out."""
    live: list[Picture] = []
    dry: list[Picture] = []
    for row, picture in _pictures(world, only):
        if _is_silent(world, row, picture):
            continue
        is_dry, day = _is_dry(world, picture), entered_on(world, picture.key)
        if day is None or day <= picture.today:
            (dry if is_dry else live).append(picture)
    found = {one.key: day for one in (*live, *dry) if (day := entered_on(world, one.key))}
    untold = [one for one in (*live, *dry) if one.key in found and world.store.recall(_first(one.key)) != "told"]
    return Gathered(tuple(live), tuple(dry), tuple(one for one in untold if _had_first_day(world, one.key)), found)


def _pictures(world: World, only: Container[str] | None) -> Iterator[tuple[Json, Picture]]:
    """The active projects; one that cannot be thought through is logged, and the others go on."""
    for row in world.store.all_projects():
        if row["state"] != "Active" or (only is not None and row["key"] not in only):
            continue
        try:
            picture = world.picture(row["key"])
            if picture is not None:
                picture.findings()
        except Exception:
            log.exception("a project could not be looked through", project=row["key"])
        else:
            if picture is not None:
                yield row, picture


# ---------------------------------------------------------------------- whether a project speaks


def _is_silent(world: World, row: Json, picture: Picture) -> bool:
    """Muted until a day, or on the day of the first look at files that people brought."""
    until = picture.settings.mute_until
    if until is not None and picture.today < until:
        return True
    if dry.is_made(row):
        return False
    day = world.store.recall(_first(picture.key))
    if day is None:
        world.store.remember(_first(picture.key), picture.today.isoformat())
        return True
    if day == picture.today.isoformat():
        return True
    if entered_on(world, picture.key) is None:
        enter(world, picture, picture.today)
    return False


def _is_dry(world: World, picture: Picture) -> bool:
    """Only the PM sees what would be said; when that ends, whatever is late by then enters at rung 0."""
    is_dry = dry.is_dry(world, picture)
    was_dry = bool(world.store.recall(_dry(picture.key)))
    if is_dry != was_dry:
        world.store.remember(_dry(picture.key), is_dry)
    if was_dry and not is_dry:
        enter(world, picture, picture.calendar.add(picture.today, 1))
        world.store.forget_nudges(world.store.nudges(f"{DRY}{picture.key}:"))
    return is_dry


def enter(world: World, picture: Picture, day: date) -> None:
    """What was due before a day counts as due on it; nothing is said before that day."""
    world.store.remember(_entered(picture.key), day.isoformat())


def entered_on(world: World, project: str) -> date | None:
    """The day on which what was due before entered the ladder; None where the ladder runs from the due days alone."""
    day = world.store.recall(_entered(project))
    return date.fromisoformat(day) if day else None


def first_told(world: World, project: str) -> None:
    """The PM has read the counts of the first look."""
    world.store.remember(_first(project), "told")


def _had_first_day(world: World, project: str) -> bool:
    return world.store.recall(_first(project)) not in (None, "told")


def _first(project: str) -> str:
    return f"first-look:{project}"


def _entered(project: str) -> str:
    return f"entered:{project}"


def _dry(project: str) -> str:
    return f"dry:{project}"


# ---------------------------------------------------------------------- people and memories


def staff(world: World, zone: str = "") -> Staff:
    """Whom there is to tell; leads are asked for once, and only if something has come that far.

    A *zone*'s morning asks Slack anew about the people of that zone; all others may be as they were half a day ago.
    """

    def by_email(email: str) -> Person | None:
        person = world.slack.person_by_email(email, HALF_DAY) if zone else None
        return person if person and person.zone != zone else world.slack.person_by_email(email)

    domains = frozenset(domain.lower() for domain in world.settings.company_domains)
    return Staff(by_email, cache(lambda: charge.leads(world)), domains, world.clock.now())


def meet(world: World, project: str) -> None:
    """Know the time zones of all of ours whom a project names, before the first morning that they may hear in."""
    picture = world.picture(project)
    if picture is None:
        return
    domains = frozenset(domain.lower() for domain in world.settings.company_domains)
    named = {one.email.strip().lower() for one in picture.stakeholders}
    named |= {picture.email_of(one.backup) for one in picture.stakeholders}
    named |= {picture.email_of(finding.owner) for finding in picture.findings()}
    named |= {picture.pm.lower(), picture.email_of(picture.settings.escalation_contact)}
    for email in sorted(one for one in named if wall.domain_of(one) in domains):
        person = world.slack.person_by_email(email, DAY)
        if person and person.is_staff:
            world.remember_zone(person.zone)


def meet_leads(world: World, day: date) -> None:
    """Once a day, the time zones of the leads: they are told last of all, and then in their own morning."""
    if world.store.recall(LEADS_MET) != day.isoformat():
        for person in charge.leads(world):
            world.remember_zone(person.zone)
        world.store.remember(LEADS_MET, day.isoformat())


def hear(team: Staff) -> Callable[[Picture, Finding, Recipient], list[Hearer]]:
    """Who hears of each finding; looked up once for each."""
    known: dict[tuple[str, Recipient], list[Hearer]] = {}

    def found(picture: Picture, finding: Finding, recipient: Recipient) -> list[Hearer]:
        key = (finding.key, recipient)
        if key not in known:
            known[key] = who.hearers(team, picture, finding, recipient)
        return known[key]

    return found


def memories(world: World, prefix: str = "") -> dict[str, Said]:
    """What was said of each matter to each person; with the prefix of dry runs, what those would have said."""
    kept = world.store.nudges(prefix)
    found = {key.removeprefix(prefix): rules.from_json(nudge.data) for key, nudge in kept.items()}
    return found if prefix else {key: said for key, said in found.items() if not key.startswith(DRY)}


def memories_of(world: World, project: str) -> dict[str, Said]:
    """The same of one project's matters, for whoever thinks of a few projects only."""
    return {key: rules.from_json(nudge.data) for key, nudge in world.store.nudges(f"{project}:").items()}


def by_matter(said: Mapping[str, Said]) -> dict[str, list[Said]]:
    """What was said of each matter, whoever heard it."""
    found: dict[str, list[Said]] = {}
    for key, memory in said.items():
        found.setdefault(key.rpartition(":")[0], []).append(memory)
    return found


def works_today(world: World, person: Person, stakeholders: list[Stakeholder], day: date) -> bool:
    """Whether a day is one of somebody's working days."""
    return when.calendar_of(person, stakeholders, world.settings.countries).is_working(day)
