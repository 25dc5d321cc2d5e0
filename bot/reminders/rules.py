"""Who hears what this morning: pure, from findings, what was said before, and who people are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.project.calendar import WorkCalendar
from bot.project.findings import Finding, rank
from bot.project.ladder import Recipient, Said, after_saying, recipients, say_next
from bot.project.picture import Picture
from bot.world.slack import Person

LIMIT = 5


@dataclass(frozen=True)
class Item:
    """One finding for one person, at one rung.

    `matter` is the key of the ladder's memory, `heard` that memory once this was said; `whose` names the owner where
    the person is another one, else it is empty.
    """

    finding: Finding
    rung: int
    url: str
    matter: str
    heard: Said
    whose: str = ""

    @property
    def ref(self) -> str:
        """What a button carries: keys only."""
        return "|".join((self.finding.project, self.finding.schema, self.finding.tab, self.finding.subject))


@dataclass(frozen=True)
class Morning:
    """One person's items, ranked; the first few are shown, the rest are counted and keep their turn."""

    person: Person
    items: tuple[Item, ...]

    @property
    def shown(self) -> tuple[Item, ...]:
        """What the message names."""
        return self.items[:LIMIT]

    @property
    def more(self) -> int:
        """How many it only counts."""
        return len(self.items) - len(self.shown)


def memory_key(finding: Finding, person_id: str) -> str:
    """The ladder's memory is kept per matter and person: a PM who joins at +3 has not heard what the owner heard."""
    return f"{finding.key}:{person_id}"


def mornings(
    pictures: Iterable[Picture],
    said: Mapping[str, Said],
    people: Callable[[Picture, Finding, Recipient], Iterable[Person]],
) -> list[Morning]:
    """Every person's items of today over all projects."""
    heard: dict[str, tuple[Person, dict[str, Item]]] = {}
    first = _first_words(said)
    for picture in pictures:
        for finding in picture.findings():
            newcomer = Said(entered=first.get(finding.key))
            for person, rung in _hearers(picture, finding, said, newcomer, people):
                memory = said.get(memory_key(finding, person.id), newcomer)
                item = _item(picture, finding, person, rung, memory)
                heard.setdefault(person.id, (person, {}))[1][finding.key] = item
    return [Morning(person, _ranked(items.values())) for person, items in heard.values()]


def _item(picture: Picture, finding: Finding, person: Person, rung: int, memory: Said) -> Item:
    return Item(
        finding,
        rung,
        picture.url("plan" if finding.tab in picture.plan else "playbook", finding.tab, finding.number),
        memory_key(finding, person.id),
        after_saying(memory, rung, finding.due, picture.today),
        "" if picture.email_of(finding.owner) == person.email else finding.owner or "nobody yet",
    )


def _first_words(said: Mapping[str, Said]) -> dict[str, date]:
    """The day each matter without a due day was first spoken of, to whomever: its ladder counts from there for all."""
    days: dict[str, date] = {}
    for key, memory in said.items():
        matter = key.rpartition(":")[0]
        if memory.entered:
            days[matter] = min(memory.entered, days.get(matter, memory.entered))
    return days


def _hearers(
    picture: Picture,
    finding: Finding,
    said: Mapping[str, Said],
    newcomer: Said,
    people: Callable[[Picture, Finding, Recipient], Iterable[Person]],
) -> Iterable[tuple[Person, int]]:
    """Who of the possible recipients has a rung to hear today; leads are looked up at their own rung only."""
    calendar = picture.calendar.for_side(finding.side)
    latest = say_next(finding.due, picture.today, newcomer, calendar)
    if latest is None:
        return
    for recipient in sorted(recipients(latest) | {Recipient.OWNER, Recipient.PM}):
        for person in people(picture, finding, recipient):
            memory = said.get(memory_key(finding, person.id), newcomer)
            rung = say_next(finding.due, picture.today, memory, calendar)
            if rung is not None and recipient in recipients(rung):
                yield person, rung


def _ranked(items: Iterable[Item]) -> tuple[Item, ...]:
    by_key = {item.finding.key: item for item in items}
    return tuple(by_key[finding.key] for finding in rank(item.finding for item in by_key.values()))


def ended(pictures: Iterable[Picture], said: Mapping[str, Said]) -> list[str]:
    """The memories of matters without a due day that are over; one that comes back is a new matter."""
    shown = list(pictures)
    found = {finding.key for picture in shown for finding in picture.findings()}
    ours = {picture.key for picture in shown}
    return [
        key
        for key, memory in said.items()
        if memory.due is None and key.partition(":")[0] in ours and key.rpartition(":")[0] not in found
    ]


def is_working_morning(calendar: WorkCalendar, today: date) -> bool:
    """People hear nothing on days off."""
    return calendar.is_working(today)


def to_json(memory: Said) -> dict[str, Any]:
    """A memory as plain JSON."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in vars(memory).items()}


def from_json(kept: Mapping[str, Any]) -> Said:
    """A memory from plain JSON."""
    days = {
        name: date.fromisoformat(kept[name]) if kept[name] else None for name in ("on", "due", "entered", "again_on")
    }
    return Said(rung=kept["rung"], snoozes=kept["snoozes"], **days)
