"""Sends the morning messages of one time zone: gather, decide, claim, send, and remember what was said."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import structlog

from bot.errors import OutsideError
from bot.project import wall
from bot.project.people import listed
from bot.project.picture import Picture
from bot.reminders import columns, gather, messages, rules, who
from bot.reminders.gather import DRY, Gathered
from bot.reminders.rules import Item, Morning
from bot.world import World
from bot.world.engine import Run
from bot.world.slack import DAY, Person
from bot.world.store import Nudge

log = structlog.get_logger(__name__)

Json = Any

BUNDLE = "bundle:"
_MEMORY = threading.Lock()  # a morning and an answer may remember one message at a time: the second finds it known


@dataclass
class Bundle:
    """All that one person reads this morning, as plain JSON."""

    person: Person
    items: Sequence[Json] = ()
    more: int = 0
    rehearsed: Sequence[Json] = ()
    counted: Sequence[Json] = ()

    @property
    def body(self) -> Json:
        """What is kept with the message, so that it can be edited in place and remembered later."""
        body = {"items": list(self.items), "more": self.more}
        return body | {name: list(getattr(self, name)) for name in ("rehearsed", "counted") if getattr(self, name)}


def zones(world: World) -> list[str]:
    """The time zones in which somebody may be reminded."""
    return world.zones()


def morning(world: World, run: Run, subject: str, slot: str) -> int:
    """The flow of one zone's working morning; returns how many people were told something.

    It fails when somebody could not be told; another attempt inside the morning's grace tells only those.
    """
    day = datetime.fromisoformat(slot).date()
    sent = run.step("send", lambda: _sent(world, subject, day))
    if sent["failed"]:
        raise OutsideError(f"{sent['failed']} people could not be told this morning, {sent['told']} were")
    return int(sent["told"])


def _sent(world: World, zone: str, day: date) -> dict[str, int]:
    """Tell everyone of a zone; a flow that a crash carried into another day says nothing: that morning is over."""
    if world.clock.today(zone) != day:
        return {"told": 0, "failed": 0}
    gather.meet_leads(world, day)
    found = gather.gathered(world)
    people = found.stakeholders
    bundles = [one for one in _bundles(world, found, zone) if one.person.zone == zone]
    outcomes = [_is_told(world, one, day) for one in bundles if gather.works_today(world, one.person, people, day)]
    world.store.remember(over_key(zone), day.isoformat())
    columns.keep(world, zone, found)
    return {"told": outcomes.count(True), "failed": outcomes.count(False)}


def over_key(zone: str) -> str:
    """Where the day of a zone's latest morning is remembered: what it had to say is said."""
    return f"morning:{zone}"


# ---------------------------------------------------------------------- deciding


def _bundles(world: World, found: Gathered, zone: str) -> list[Bundle]:
    """Everyone's message over all projects, as a zone's morning sees them; a new zone is remembered."""
    team = gather.staff(world, zone)
    bundles = {one.person.id: _bundle(world, one, found) for one in _mornings(world, found, team)}
    for picture in found.untold:
        for person in who.manager(team, picture):
            bundle = bundles.setdefault(person.id, Bundle(person))
            bundle.counted = [*bundle.counted, _counts(picture)]
    for picture in found.dry:
        rehearsed = _rehearsal(world, picture, team, found)
        for person in who.manager(team, picture) if rehearsed else ():
            bundle = bundles.setdefault(person.id, Bundle(person))
            bundle.rehearsed = [*bundle.rehearsed, rehearsed]
    for bundle in bundles.values():
        world.remember_zone(bundle.person.zone)
    return list(bundles.values())


def _mornings(world: World, found: Gathered, team: who.Staff) -> list[Morning]:
    said = gather.memories(world)
    if over := rules.ended(found.live, said):
        world.store.forget_nudges(over)
    alive = {key: memory for key, memory in said.items() if key not in set(over)}
    return rules.mornings(found.live, alive, gather.hear(team), found.entered)


def _bundle(world: World, one: Morning, found: Gathered) -> Bundle:
    by_key = {picture.key: picture for picture in found.live}
    items = [described(world, item, by_key[item.finding.project]) for item in one.shown]
    return Bundle(one.person, items, one.more)


def _counts(picture: Picture) -> Json:
    """How much there is, by kind, in the order of rank."""
    kinds = Counter(str(finding.kind) for finding in rules.worth_saying(picture))
    return {"project": picture.key, "customer": picture.customer, "counts": list(kinds.items())}


def _rehearsal(world: World, picture: Picture, team: who.Staff, found: Gathered) -> Json:
    """What a project would have said today and to whom; nothing where that is nothing."""
    said = gather.memories(world, DRY)
    told = rules.mornings([picture], said, gather.hear(team), found.entered)
    place = {finding.key: number for number, finding in enumerate(rules.worth_saying(picture))}
    pairs = [(one.person, item) for one in told for item in one.items]
    pairs.sort(key=lambda pair: place[pair[1].finding.key])
    if not pairs:
        return None
    lines = [
        messages.rehearsed_line(person.name, str(item.finding.kind), item.finding.subject, item.finding.title)
        for person, item in pairs[: rules.LIMIT]
    ]
    heard = [{"matter": f"{DRY}{item.matter}", "heard": rules.to_json(item.heard)} for _, item in pairs]
    about = {"project": picture.key, "customer": picture.customer}
    return {**about, "lines": lines, "more": len(pairs) - len(lines), "heard": heard}


# ---------------------------------------------------------------------- sending


def _is_told(world: World, one: Bundle, day: date) -> bool:
    """Say one person's bundle under the key of person and day; a failure is this person's alone."""
    try:
        channel, key = world.slack.direct(one.person.id), bundle_key(one.person.id, day)
        message = messages.shown(one.body, {})
        world.slack.post_once(key, channel, message, wall.internal(), body=one.body)
        remember(world, key)
    except Exception:
        log.exception("a person's morning could not be told", person=one.person.id)
        return False
    return True


def bundle_key(person_id: str, day: date) -> str:
    """One bundle per person and day."""
    return f"{BUNDLE}{person_id}:{day.isoformat()}"


def remember(world: World, key: str) -> None:
    """The ladder remembers what the message that stands has said, whichever attempt sent it, and each rung once.

    Whoever presses may be quicker than the morning that sent it: an answer asks for this before it changes anything.
    """
    sending = world.store.sending(key)
    body = (sending.body if sending else None) or {}
    rehearsed = [heard for one in body.get("rehearsed", ()) for heard in one["heard"]]
    with _MEMORY:
        for item in [*body.get("items", ()), *rehearsed]:
            _hear(world, item)
    for one in body.get("counted", ()):
        gather.first_told(world, one["project"])


def _hear(world: World, item: Json) -> None:
    known = world.store.nudges(item["matter"]).get(item["matter"])
    if known is None or known.data["on"] != item["heard"]["on"]:
        rung = item["heard"]["rung"] or 0
        world.store.said(Nudge(item["matter"], rung, world.clock.now(), item["heard"]))


def described(world: World, item: Item, picture: Picture) -> Json:
    """An item as plain JSON."""
    finding = item.finding
    row = world.store.project(finding.project) or {}
    due = f"{finding.due:%a %-d %b}" if finding.due else ""
    return {
        "ref": item.ref,
        "matter": item.matter,
        "heard": rules.to_json(item.heard),
        "url": item.url,
        "tab": finding.tab,
        "subject": finding.subject,
        "title": finding.title,
        "kind": str(finding.kind),
        "customer": row.get("customer", finding.project),
        "detail": messages.detail(finding.days, due, item.whose, finding.facts),
        "section": "own" if item.is_own else "lead",
        "draft": _draft(world, item, picture) if item.is_customers else "",
    }


def _draft(world: World, item: Item, picture: Picture) -> str:
    """Words for the customer's owner, of what stands in the plan that the customer sees; of nothing else."""
    finding = item.finding
    if rules.file_of(picture, finding.tab) != "plan":
        return ""
    named = listed(picture.stakeholders, picture.email_of(finding.owner))
    greeting = named[0].name.split()[0] if named and named[0].name.strip() else ""
    manager = world.slack.person_by_email(picture.pm, DAY)
    return messages.draft(greeting, finding.title, finding.due, manager.name if manager else "")
