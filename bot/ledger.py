"""Prints for people what is kept of a project: who did what and why, and how far its dates moved and why."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from zoneinfo import ZoneInfo

from bot.errors import OutsideError, UserError
from bot.project import slips as slips_
from bot.world import World, slipbook
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


def slips(world: World, project: str) -> list[str]:
    """The slip ledger of a project, line by line; UserError while its sheets were never read."""
    picture = world.picture(project)
    if picture is None:
        raise UserError(f"I have no project {project!r} with sheets I have read. `implbot projects` lists them.")
    return slips_.lines(slipbook.ledger(world, project), picture.calendar, picture.today)


def _name(world: World, actor: str) -> str:
    """A person's name and address by what was kept of them; what Slack does not know any more stays as it was kept."""
    if actor == BOT:
        return actor
    try:
        person = world.slack.person_by_email(actor) if "@" in actor else world.slack.person(actor)
    except OutsideError:
        return actor
    return f"{person.name} <{person.email}>" if person else actor
