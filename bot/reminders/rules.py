"""What each person hears this morning: pure, from findings, what was said before, and who hears of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from bot.project.calendar import WorkCalendar
from bot.project.findings import Finding, rank, spoken
from bot.project.ladder import LEAD, Recipient, Said, after_saying, recipients, say_next
from bot.project.picture import Picture
from bot.reminders.who import ORDER, Hearer
from bot.world.slack import Person

LIMIT = 5

Hear = Callable[[Picture, Finding, Recipient], Iterable[Hearer]]


@dataclass(frozen=True)
class Item:
    """One finding for one person, at one rung.

    `matter` is the key of the ladder's memory, `heard` that memory once this was said; `whose` says whose it is, and
    why it comes to the reader, where it is not the reader's own.
    """

    finding: Finding
    rung: int
    url: str
    matter: str
    heard: Said
    whose: str = ""
    is_own: bool = True
    is_customers: bool = False

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


def matter_key(finding: Finding) -> str:
    """What holds for a matter whoever hears of it: a snooze, and the peace after a person's change of its row."""
    return memory_key(finding, "")


def mornings(
    pictures: Iterable[Picture], said: Mapping[str, Said], hear: Hear, entered: Mapping[str, date] | None = None
) -> list[Morning]:
    """Every person's items of today over all projects.

    *entered* are the days, by project, on which items that were due before enter the ladder, at rung 0.
    """
    heard: dict[str, tuple[Person, dict[str, Item]]] = {}
    first, days = _first_words(said), entered or {}
    for picture in pictures:
        for finding in worth_saying(picture):
            newcomer = _newcomer(finding, said, first, days.get(picture.key))
            for hearer, rung in _hearers(picture, finding, said, newcomer, hear):
                item = _item(picture, finding, hearer, rung, _known(finding, said, hearer.person.id, newcomer))
                _, items = heard.setdefault(hearer.person.id, (hearer.person, {}))
                items.setdefault(finding.key, item)  # whoever owns it hears it as an owner
    return [Morning(person, _ranked(items.values())) for person, items in heard.values()]


def worth_saying(picture: Picture) -> list[Finding]:
    """The findings of a project that belong into a person's message, ranked."""
    return spoken(picture.findings())


def _newcomer(finding: Finding, said: Mapping[str, Said], first: Mapping[str, date], entry: date | None) -> Said:
    """What somebody who has heard nothing of a matter yet is taken to know of it."""
    known = said.get(matter_key(finding), Said())
    pause = known.again_on if known.due == finding.due else None
    entered = first.get(finding.key) or (entry if finding.due else None)
    return Said(due=finding.due if pause else None, again_on=pause, entered=entered)


def _known(finding: Finding, said: Mapping[str, Said], person_id: str, newcomer: Said) -> Said:
    return said.get(memory_key(finding, person_id), newcomer)


def _item(picture: Picture, finding: Finding, hearer: Hearer, rung: int, memory: Said) -> Item:
    return Item(
        finding,
        rung,
        picture.url_of(finding),
        memory_key(finding, hearer.person.id),
        after_saying(memory, rung, finding.due, picture.today),
        hearer.whose,
        hearer.is_own,
        hearer.is_customers,
    )


def file_of(picture: Picture, tab: str) -> Literal["plan", "playbook"]:
    """The file that a tab is in."""
    return "plan" if tab in picture.plan else "playbook"


def _first_words(said: Mapping[str, Said]) -> dict[str, date]:
    """The day each matter was first spoken of or entered, to whomever: its ladder counts from there for all."""
    days: dict[str, date] = {}
    for key, memory in said.items():
        matter = key.rpartition(":")[0]
        if memory.entered:
            days[matter] = min(memory.entered, days.get(matter, memory.entered))
    return days


def _hearers(
    picture: Picture, finding: Finding, said: Mapping[str, Said], newcomer: Said, hear: Hear
) -> Iterator[tuple[Hearer, int]]:
    """Who of the possible recipients has a rung to hear today; leads are looked up at their own rung only."""
    calendar, lead = picture.calendar.for_side(finding.side), lead_days(picture)
    latest = say_next(finding.due, picture.today, Said(entered=newcomer.entered), calendar, lead)
    if latest is None:
        return
    possible = recipients(latest) | {Recipient.OWNER, Recipient.PM}
    for recipient in (one for one in ORDER if one in possible):
        for hearer in hear(picture, finding, recipient):
            memory = _known(finding, said, hearer.person.id, newcomer)
            rung = say_next(finding.due, picture.today, memory, calendar, lead)
            if rung is None or _is_quiet(finding, memory, picture.today, calendar):
                continue
            if recipient in recipients(rung):
                yield hearer, rung


def _is_quiet(finding: Finding, memory: Said, today: date, calendar: WorkCalendar) -> bool:
    """Whether a check that rests between two words was spoken of too lately."""
    return memory.on is not None and calendar.between(memory.on, today) < finding.quiet_days


def lead_days(picture: Picture) -> int:
    """Working days before the due day of the first rung, as the project's Settings tab has it."""
    days = picture.settings.reminder_lead_days
    return LEAD if days is None else days


def _ranked(items: Iterable[Item]) -> tuple[Item, ...]:
    by_key = {item.finding.key: item for item in items}
    return tuple(by_key[finding.key] for finding in rank(item.finding for item in by_key.values()))


def ended(pictures: Iterable[Picture], said: Mapping[str, Said]) -> list[str]:
    """The memories of matters without a due day that are over; one that comes back is a new matter."""
    shown = list(pictures)
    found = {finding.key for picture in shown for finding in worth_saying(picture)}
    ours = {picture.key for picture in shown}
    return [
        key
        for key, memory in said.items()
        if memory.due is None and key.partition(":")[0] in ours and key.rpartition(":")[0] not in found
    ]


def to_json(memory: Said) -> dict[str, Any]:
    """A memory as plain JSON."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in vars(memory).items()}


def from_json(kept: Mapping[str, Any]) -> Said:
    """A memory from plain JSON."""
    days = {
        name: date.fromisoformat(kept[name]) if kept[name] else None for name in ("on", "due", "entered", "again_on")
    }
    return Said(rung=kept["rung"], snoozes=kept["snoozes"], **days)
