"""Sends the morning messages of one time zone: gather, decide, claim, send, and remember what was said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

import structlog

from bot.errors import OutsideError
from bot.project import wall
from bot.project.calendar import country_calendar
from bot.project.findings import Finding
from bot.project.ladder import Recipient
from bot.project.picture import Picture
from bot.reminders import messages, rules
from bot.reminders.rules import Item, Morning
from bot.world import World
from bot.world.engine import Run
from bot.world.slack import Person
from bot.world.store import Nudge

log = structlog.get_logger(__name__)


def zones(world: World) -> list[str]:
    """The time zones in which somebody may be reminded."""
    return world.zones()


def morning(world: World, run: Run, subject: str, slot: str) -> int:
    """The flow of one zone's working morning; returns how many people were told something.

    It fails when somebody could not be told; another attempt inside the morning's grace tells only those.
    """
    day = datetime.fromisoformat(slot).date()
    if not rules.is_working_morning(country_calendar(world.settings.countries), day):
        return 0
    sent = run.step("send", lambda: _sent(world, subject, day))
    if sent["failed"]:
        raise OutsideError(f"{sent['failed']} people could not be told this morning, {sent['told']} were")
    return int(sent["told"])


def _sent(world: World, zone: str, day: date) -> dict[str, int]:
    """Tell everyone of a zone; a flow that a crash carried into another day says nothing: that morning is over."""
    if world.clock.today(zone) != day:
        return {"told": 0, "failed": 0}
    outcomes = [_is_told(world, one, day) for one in _gathered(world) if one.person.zone == zone]
    return {"told": outcomes.count(True), "failed": outcomes.count(False)}


def _gathered(world: World) -> list[Morning]:
    """Everyone's items over all active projects; a zone seen for the first time is remembered."""
    pictures = list(_pictures(world))
    said = {key: rules.from_json(nudge.data) for key, nudge in world.store.nudges().items()}
    if over := rules.ended(pictures, said):
        world.store.forget_nudges(over)
    alive = {key: memory for key, memory in said.items() if key not in set(over)}
    leads = cache(lambda: _leads(world))
    found = rules.mornings(
        pictures,
        alive,
        lambda picture, finding, recipient: (
            leads() if recipient is Recipient.LEADS and leads() else _person(world, picture, finding, recipient)
        ),
    )
    for one in found:
        world.remember_zone(one.person.zone)
    return found


def _pictures(world: World) -> Iterator[Picture]:
    """The active projects; one that cannot be thought through is logged, and the others go on."""
    for row in world.store.all_projects():
        if row["state"] != "Active":
            continue
        try:
            picture = world.picture(row["key"])
            if picture is not None:
                picture.findings()
        except Exception:
            log.exception("a project could not be looked through", project=row["key"])
        else:
            if picture is not None:
                yield picture


def _leads(world: World) -> list[Person]:
    """The implementation leads; asked for once a morning, and only if something has come that far."""
    members = world.slack.groups().get(world.settings.impl_lead_group, frozenset())
    leads = (world.slack.person(user_id) for user_id in sorted(members))
    return [lead for lead in leads if lead and lead.is_staff]


def _person(world: World, picture: Picture, finding: Finding, recipient: Recipient) -> Iterable[Person]:
    """Who a recipient is. Only our own active people; whoever cannot be told is stood in for by the PM."""
    emails = {
        Recipient.OWNER: picture.email_of(finding.owner),
        Recipient.ESCALATION: picture.email_of(picture.settings.escalation_contact),
    }
    for email in (emails.get(recipient, ""), picture.pm):
        person = world.slack.person_by_email(email) if email else None
        if person and person.is_staff:
            return [person]
    return []


def _is_told(world: World, one: Morning, day: date) -> bool:
    """Say one person's bundle under the key of person and day; a failure is this person's alone."""
    try:
        items = [_described(world, item) for item in one.shown]
        message, body = messages.bundle(items, one.more, ()), {"items": items, "more": one.more}
        channel, key = world.slack.direct(one.person.id), bundle_key(one.person.id, day)
        world.slack.post_once(key, channel, message, wall.internal(), body=body)
        _remember(world, key)
    except Exception:
        log.exception("a person's morning could not be told", person=one.person.id)
        return False
    return True


def bundle_key(person_id: str, day: date) -> str:
    """One bundle per person and day."""
    return f"bundle:{person_id}:{day.isoformat()}"


def _remember(world: World, key: str) -> None:
    """The ladder remembers what the message that stands has said, whichever attempt sent it, and each rung once."""
    sending = world.store.sending(key)
    for item in sending.body["items"] if sending else ():
        known = world.store.nudges(item["matter"]).get(item["matter"])
        if known is None or known.data["on"] != item["heard"]["on"]:
            rung = item["heard"]["rung"] or 0
            world.store.said(Nudge(item["matter"], rung, world.clock.now(), item["heard"]))


def _described(world: World, item: Item) -> dict[str, Any]:
    """An item as plain JSON: kept with the message, so that it can be edited in place and remembered later."""
    finding = item.finding
    row = world.store.project(finding.project) or {}
    due = f"{finding.due:%-d %b}" if finding.due else ""
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
    }
