"""Sends the morning messages of one time zone: gather, decide, claim, send; and writes a pressed *Done* back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from bot.project import wall
from bot.project.calendar import country_calendar
from bot.project.findings import Finding
from bot.project.ladder import NOTHING_SAID, Recipient, Said
from bot.project.picture import Picture
from bot.reminders import messages, rules
from bot.reminders.rules import Item, Morning
from bot.world import World
from bot.world.engine import Run
from bot.world.slack import Person
from bot.world.store import Nudge


def zones(world: World) -> list[str]:
    """The time zones in which somebody may be reminded."""
    return world.zones()


def morning(world: World, run: Run, subject: str, slot: str) -> int:
    """The flow of one zone's working morning; returns how many people were told something."""
    day = datetime.fromisoformat(slot).date()
    if not rules.is_working_morning(country_calendar(world.settings.countries), day):
        return 0
    return int(
        run.step("send", lambda: sum(_told(world, one, day) for one in _gathered(world) if one.person.zone == subject))
    )


def _gathered(world: World) -> list[Morning]:
    """Everyone's items over all active projects; a zone seen for the first time is remembered."""
    keys = [row["key"] for row in world.store.all_projects() if row["state"] == "Active"]
    pictures = [picture for key in keys if (picture := world.picture(key)) is not None]
    said = {key: rules.from_json(nudge.data) for key, nudge in world.store.nudges().items()}
    found = rules.mornings(pictures, said, lambda *asked: _people(world, *asked))
    for one in found:
        world.remember_zone(one.person.zone)
    return found


def _people(world: World, picture: Picture, finding: Finding, recipient: Recipient) -> Iterable[Person]:
    """Who a recipient is. Only our own active people; whoever cannot be told is stood in for by the PM."""
    if recipient is Recipient.LEADS:
        members = world.slack.groups().get(world.settings.impl_lead_group, frozenset())
        leads = (world.slack.person(user_id) for user_id in sorted(members))
        return [lead for lead in leads if lead and lead.is_staff]
    emails = {
        Recipient.OWNER: picture.email_of(finding.owner),
        Recipient.ESCALATION: picture.email_of(picture.settings.escalation_contact),
        Recipient.PM: picture.pm,
    }
    for email in (emails[recipient], picture.pm):
        person = world.slack.person_by_email(email) if email else None
        if person and person.is_staff:
            return [person]
    return []


def _told(world: World, one: Morning, day: date) -> int:
    """Say one person's bundle under the key of person and day, then remember each rung that was said."""
    items = [_described(world, item) for item in one.shown]
    message, body = messages.bundle(items, one.more, ()), {"items": items, "more": one.more}
    channel = world.slack.direct(one.person.id)
    world.slack.post_once(bundle_key(one.person.id, day), channel, message, wall.internal(), body=body)
    known = world.store.nudges()
    for item in one.shown:
        key = rules.memory_key(item.finding, one.person.id)
        before = rules.from_json(known[key].data) if key in known else NOTHING_SAID
        _remember(world, key, rules.remember(before, item, day))
    return 1


def bundle_key(person_id: str, day: date) -> str:
    """One bundle per person and day."""
    return f"bundle:{person_id}:{day.isoformat()}"


def _remember(world: World, key: str, memory: Said) -> None:
    world.store.said(Nudge(key, memory.rung or 0, world.clock.now(), rules.to_json(memory)))


def _described(world: World, item: Item) -> dict[str, Any]:
    """An item as plain JSON: kept with the message, so that it can be edited in place later."""
    finding = item.finding
    row = world.store.project(finding.project) or {}
    due = f"{finding.due:%-d %b}" if finding.due else ""
    return {
        "ref": item.ref,
        "url": item.url,
        "tab": finding.tab,
        "subject": finding.subject,
        "title": finding.title,
        "kind": str(finding.kind),
        "customer": row.get("customer", finding.project),
        "detail": messages.detail(finding.days, due, finding.facts),
    }


def preview(world: World) -> list[dict[str, Any]]:
    """What each person would hear now."""
    return [
        {"person": asdict(one.person), "items": [_described(world, i) for i in one.shown]} for one in _gathered(world)
    ]
