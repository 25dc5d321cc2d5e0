"""What follows from each sweep at once: rows that people worked on, gates that became overdue, old *Undo* buttons."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot.project.findings import Finding, Kind
from bot.project.ladder import NOTHING_SAID, Recipient, Said
from bot.project.picture import Picture
from bot.reminders import activity, gather, items, messages, rules, send
from bot.reminders.gather import Gathered
from bot.reminders.rules import Item
from bot.reminders.who import Hearer
from bot.world import World, immediate, when
from bot.world.lacks import UNREAD
from bot.world.slack import Person

log = structlog.get_logger(__name__)

Json = Any
Memories = Mapping[str, Said]

_TURN = threading.Lock()  # a sweep, a morning and an answer may look at once: the budget is counted one by one

SEEN, LOOKED = "reminders:heeded", "reminders:gates"
NEWS = 3
"""Working days after its due day at which a gate is no news any more: from there the ladder tells the manager."""
GRACE = timedelta(hours=4)
"""How long after nine a morning may still come; a gate that it would name is not told apart from it before."""


def look(world: World, changed: Mapping[str, str], only: str = "") -> None:
    """After a sweep; *changed* tells when each project's files last held something new. Repeatable.

    *only* is the one project that was read just now, where no sweep has read what changed in the others.
    A failure is logged and tried again after the next sweep: what was read stays read.
    """
    try:
        with _TURN:
            items.tidy(world)
            _heed(world, changed)
            _gates(world, changed, only)
    except Exception:
        log.exception("what follows for reminders could not be looked at")


def _heed(world: World, changed: Mapping[str, str]) -> None:
    """What people did in the projects that hold something new; one that upsets this is tried again, others go on."""
    seen = dict(world.store.recall(SEEN) or {})
    done = {project: at for project, at in changed.items() if seen.get(project) == at or _is_heeded(world, project)}
    if done != seen:
        world.store.remember(SEEN, done)


def _is_heeded(world: World, project: str) -> bool:
    try:
        activity.heed(world, project)
        gather.meet(world, project)
    except Exception:
        log.exception("what people did in a project could not be heeded", project=project)
        return False
    return True


# ---------------------------------------------------------------------- gates


def _gates(world: World, changed: Mapping[str, str], only: str) -> None:
    """Tell of gates that became overdue; a project is thought of again when its files or the day have changed.

    Nobody is told by rows that may be old: of a project whose files could not be read, or were not looked at now.
    """
    unread = set(world.store.recall(UNREAD) or ())
    rows = [row for row in world.store.all_projects() if not unread & {row["playbook_id"], row["plan_id"]}]
    days = {row["key"]: world.clock.today(row["zone"]) for row in rows if only in ("", row["key"])}
    marks = {key: f"{changed.get(key, '')}|{day}" for key, day in days.items()}
    looked = dict(world.store.recall(LOOKED) or {})
    fresh = {key for key, mark in marks.items() if looked.get(key) != mark}
    if not fresh:
        return
    found = gather.gathered(world, fresh)
    waiting = {picture.key for picture in found.live if _is_waiting(world, picture, found)}
    world.store.remember(LOOKED, {key: mark for key, mark in {**looked, **marks}.items() if key not in waiting})


def _is_waiting(world: World, picture: Picture, found: Gathered) -> bool:
    """Tell of one project's gates; True while somebody has to be told later."""
    gates = [one for one in rules.worth_saying(picture) if _is_news(one) and not _entered(found, picture, one)]
    said = gather.memories_of(world, picture.key) if gates else {}
    outcomes = [
        _outcome(world, picture, gate, hearer, found, said) for gate in gates for hearer in _told(world, picture, gate)
    ]
    return "waits" in outcomes


def _is_news(finding: Finding) -> bool:
    """A gate that became overdue these days; later on its owner's and the manager's bundles tell of it."""
    return finding.kind is Kind.OVERDUE_GATE and finding.days < NEWS


def _entered(found: Gathered, picture: Picture, gate: Finding) -> bool:
    """Whether a gate was overdue before the project began to be spoken of."""
    day = found.entered.get(picture.key)
    return day is not None and gate.due is not None and gate.due < day


def _told(world: World, picture: Picture, gate: Finding) -> list[Hearer]:
    hear = gather.hear(gather.staff(world))
    told = [*hear(picture, gate, Recipient.OWNER), *hear(picture, gate, Recipient.PM)]
    return list({one.person.id: one for one in reversed(told)}.values())


def _outcome(world: World, picture: Picture, gate: Finding, hearer: Hearer, found: Gathered, said: Memories) -> str:
    """Tell somebody, unless a morning has told them since the gate was due, or will in a moment."""
    person = hearer.person
    known = said.get(rules.memory_key(gate, person.id), NOTHING_SAID)
    asleep = said.get(rules.matter_key(gate), NOTHING_SAID)
    if (known.due == gate.due and known.rung is not None and known.rung > 0) or _is_in_bundle(world, gate, person):
        return "said before"
    if asleep.due == gate.due and asleep.again_on is not None and picture.today < asleep.again_on:
        return "waits"
    if not _is_morning_over(world, person):
        return "waits"
    try:
        return _said(world, picture, gate, hearer, found)
    except Exception:  # one person's trouble is not the others'; the next sweep tries again
        log.exception("an overdue gate could not be told", person=person.id, project=picture.key)
        return "waits"


def _is_in_bundle(world: World, gate: Finding, person: Person) -> bool:
    """Whether today's message to somebody names the gate, whatever is remembered of it."""
    sending = world.store.sending(send.bundle_key(person.id, world.clock.today(person.zone)))
    matter = rules.memory_key(gate, person.id)
    return sending is not None and any(item["matter"] == matter for item in sending.body["items"])


def _is_morning_over(world: World, person: Person) -> bool:
    """Whether the day's bundle is behind somebody, or does not come any more."""
    local = world.clock.now().astimezone(ZoneInfo(person.zone))
    nine = local.replace(hour=when.OPENS, minute=0, second=0, microsecond=0)
    return world.store.recall(send.over_key(person.zone)) == local.date().isoformat() or local >= nine + GRACE


def _said(world: World, picture: Picture, gate: Finding, hearer: Hearer, found: Gathered) -> str:
    item = Item(
        gate,
        0,
        picture.url_of(gate),
        rules.memory_key(gate, hearer.person.id),
        NOTHING_SAID,
        hearer.whose,
        hearer.is_own,
        hearer.is_customers,
    )
    body: Json = {"alert": True, "items": [send.described(world, item, picture)], "more": 0}
    calendar = when.calendar_of(hearer.person, found.stakeholders, world.settings.countries)
    return immediate.say(
        world,
        hearer.person,
        f"{gate.key}:{gate.due}",
        messages.shown(body, {}),
        is_open=partial(when.is_open, world.clock.now(), hearer.person, calendar),
        project=picture.key,
        body=body,
    )
