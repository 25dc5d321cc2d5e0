"""Loss and recovery of Google and Slack: a single failure is silence, a lasting one is told once, and so is its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from bot.health import failures, marks, messages, ops

if TYPE_CHECKING:
    from bot.world import World
    from bot.world.store import Store

log = structlog.get_logger(__name__)

Json = Any
T = TypeVar("T")
PREFIX, OVER = "outage:", "outage-over:"
GOOGLE, SLACK = "Google", "Slack"
AGAIN, MORE_PATIENCE = timedelta(hours=6), 4  # what comes and goes is told of with more patience


@dataclass(frozen=True)
class Outage:
    """A service that does not answer. *since* and *last* are ISO times of the first and latest failure, in UTC.

    *looks* are the different looks that failed, *look* the latest of them; *told* is that the ops channel knows.
    """

    service: str
    since: str
    last: str
    looks: int
    look: str
    cause: str
    is_shut_out: bool = False
    told: bool = False


def after(known: Outage | None, service: str, at: datetime, look: str, cause: str, is_shut_out: bool) -> Outage:
    """What is known of an outage after one more failure; tries of one look count once."""
    now = at.isoformat()
    if known is None:
        return Outage(service, now, now, 1, look, cause, is_shut_out)
    looks = known.looks + (look != known.look)
    return replace(known, last=now, looks=looks, look=look, cause=cause, is_shut_out=is_shut_out)


def is_loud(outage: Outage, most: int) -> bool:
    """Whether it lasts long enough to be worth a word: from so many failing looks on, fewer where we are shut out."""
    return outage.looks >= (most * 2 // 3 if outage.is_shut_out else most)


def patience(most: int, over: datetime | None, now: datetime) -> int:
    """How many failing looks are too many, given when the last outage that was told of ended."""
    return most * MORE_PATIENCE if over is not None and now - over < AGAIN else most


def failed(world: World, service: str, look: str, cause: str, *, is_shut_out: bool) -> None:
    """One look at a service failed."""
    outage = after(known(world.store, service), service, world.clock.now(), look, cause, is_shut_out)
    if _is_worth_a_word(world, outage) and not outage.told:
        log.error(f"{service} is out of reach", since=outage.since, cause=cause, case=f"{PREFIX}{service}")
        outage = replace(outage, told=service == SLACK or _is_said(world, outage))
    world.store.remember(PREFIX + service, asdict(outage))


def _is_worth_a_word(world: World, outage: Outage) -> bool:
    over = marks.noted(world.store, OVER + outage.service)
    return is_loud(outage, patience(world.settings.silent_periods, over, world.clock.now()))


def _is_said(world: World, outage: Outage) -> bool:
    return ops.is_said(world, f"lost:{outage.service}:{outage.since}", messages.lost(outage, world.settings.zone))


def answered(world: World, service: str, caught_up: Callable[[], str]) -> None:
    """A look at a service worked. Where its loss was worth a word its end is too; until that is said it stays kept."""
    outage = known(world.store, service)
    if outage is None:
        return
    if outage.told or _is_worth_a_word(world, outage):
        if not _is_over_said(world, outage, caught_up()):
            return
        world.store.remember(OVER + service, world.clock.now().isoformat())
    world.store.forget(PREFIX + service)


def _is_over_said(world: World, outage: Outage, caught_up: str) -> bool:
    log.warning(f"{outage.service} answers again", since=outage.since, caught_up=caught_up)
    key = f"back:{outage.service}:{outage.since}"
    failed_jobs = failures.since(failures.kept(world.store), datetime.fromisoformat(outage.since))
    return ops.is_said(
        world, key, messages.back(outage, world.clock.now(), world.settings.zone, caught_up, failed_jobs)
    )


def begin_anew(world: World) -> None:
    """At a start: what was not worth a word before the end is not counted on."""
    for service in (GOOGLE, SLACK):
        outage = known(world.store, service)
        if outage and not outage.told:
            world.store.forget(PREFIX + service)


def known(store: Store, service: str) -> Outage | None:
    """An outage that lasts, loud or not yet."""
    row = store.recall(PREFIX + service)
    return Outage(**row) if row else None


def lasting(store: Store, most: int) -> list[Outage]:
    """The outages that are worth a word."""
    found = (known(store, service) for service in (GOOGLE, SLACK))
    return [one for one in found if one and is_loud(one, most)]
