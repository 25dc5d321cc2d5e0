"""What the bot notes of its own life: when it started, ticked, swept, spoke and stopped, and what is due next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.world import World
    from bot.world.store import Store

STARTED, STOPPED, TICK, SWEEP = "health:started", "health:stopped", "health:tick", "health:sweep"
BEAT, NEXT, STANDSTILL = "health:beat", "health:next", "health:standstill"
PERIOD = timedelta(minutes=5)
"""The time between two sweeps."""

Json = Any


def started(world: World) -> None:
    """The bot begins to tick."""
    world.store.remember(STARTED, world.clock.now().isoformat())
    world.store.forget(STOPPED)


def stopped(world: World) -> None:
    """The bot was told to stop, and stops in order."""
    world.store.remember(STOPPED, world.clock.now().isoformat())


def ticked(world: World) -> None:
    """A look at what is due has ended. The offset tells a reader the time of a workspace whose time is moved."""
    offset = world.clock.offset.total_seconds()
    world.store.remember(TICK, {"at": world.clock.now().isoformat(), "offset": offset})


def swept(world: World) -> None:
    """A sweep has ended well."""
    world.store.remember(SWEEP, world.clock.now().isoformat())


def due_next(world: World, jobs: Mapping[str, datetime]) -> None:
    """When each job is due next."""
    world.store.remember(NEXT, {name: moment.isoformat() for name, moment in jobs.items()})


def moment(value: Json) -> datetime | None:
    """A noted time; None where nothing is noted."""
    text = value.get("at") if isinstance(value, dict) else value
    return datetime.fromisoformat(str(text)) if text else None


def noted(store: Store, name: str) -> datetime | None:
    """The time under a name."""
    return moment(store.recall(name))
