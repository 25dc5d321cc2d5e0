"""Prints the audit table for people: who did what in a project, and why, oldest first, in the project's own time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from zoneinfo import ZoneInfo

from bot.errors import OutsideError, UserError
from bot.world import World
from bot.world.blocks import one_line

LONGEST = 500  # letters of a reason
BOT = "implbot"


def lines(world: World, project: str) -> Iterator[str]:
    """A line for each entry about a project, or about the request it began as; UserError when there is none."""
    entries = world.store.audit(project)
    if not entries:
        raise UserError(f"Nothing is kept about {project!r}. `implbot projects` lists the projects.")
    zone = ZoneInfo((world.store.project(project) or {}).get("zone") or world.settings.zone)
    name = cache(lambda actor: _name(world, actor))
    for entry in entries:
        at = entry.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %Z")
        told = (at, name(entry.actor), entry.act, entry.subject, entry.reason)
        yield "\t".join(one_line(part, LONGEST) for part in told).rstrip("\t")


def _name(world: World, actor: str) -> str:
    """A person's name and address by what was kept of them; what Slack does not know any more stays as it was kept."""
    if actor == BOT:
        return actor
    try:
        person = world.slack.person_by_email(actor) if "@" in actor else world.slack.person(actor)
    except OutsideError:
        return actor
    return f"{person.name} <{person.email}>" if person else actor
