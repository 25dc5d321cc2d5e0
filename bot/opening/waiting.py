"""People of a customer who were chosen before their domain was allowed: tried again until it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog

from bot.errors import OutsideError, UserError
from bot.opening import apply, gather, messages, record
from bot.opening.record import SHARED, WAITING, Entry
from bot.project import wall
from bot.world import World, logbook
from bot.world.google import GoogleError
from bot.world.logbook import Line

log = structlog.get_logger(__name__)

Json = Any


def waiting(world: World, row: Json) -> list[Entry]:
    """Who of a project waits."""
    entries = record.entries(world, row["key"]).values() if row["state"] != "Cancelled" else ()
    return [entry for entry in entries if entry.state == WAITING]


def try_again(world: World, row: Json) -> None:
    """Share with people whose domain was not allowed when they were chosen, unless something leaks by now."""
    chosen = waiting(world, row)
    if not chosen:
        return
    preview = gather.look(world, row)
    if preview.leaks:
        log.warning("people wait for the plan, which holds what a customer must not see", project=row["key"])
        return
    named = {guest.email for guest in preview.offer.fresh}
    for entry in chosen:
        if entry.email in named:
            _tried(world, row, entry, preview.domains.allowed)


def _tried(world: World, row: Json, entry: Entry, domains: Sequence[str]) -> None:
    """One person's trouble is not the others'."""
    try:
        _shared_at_last(world, row, entry, domains)
    except (OutsideError, UserError) as failure:
        log.warning("a waiting person could not be let in", project=row["key"], cause=str(failure))


def _shared_at_last(world: World, row: Json, entry: Entry, domains: Sequence[str]) -> None:
    try:
        apply.share(world, row, entry.email, entry.role, domains)
    except GoogleError as error:
        if error.reason in ("invalidSharingRequest", "domainPolicy"):
            return  # still not allowed
        raise
    at = world.clock.now().isoformat()
    record.keep(world, row["key"], Entry(entry.email, entry.name, entry.role, SHARED, entry.by, at))
    logbook.say(world, row["key"], "opened to customer", [Line(entry.email, "waiting", "plan: shared")], actor=entry.by)
    words = f"{wall.domain_of(entry.email)} is allowed now, and the plan is shared with {entry.name}."
    apply.say(world, f"opened:{row['key']}:{entry.email}:{at}", entry.by, messages.words(row, words), row["key"])
