"""Forecasts that somebody asked for with a button: who it was, until the look that finds them there has told it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.world import World

Json = Any

_TURN = threading.Lock()  # an answer may come while a look is going on


@dataclass(frozen=True)
class Confirmed:
    """A forecast that somebody asked for: by name, and which late milestones made it necessary."""

    to: date
    by: str
    because: tuple[str, ...] = ()


def confirm(world: World, project: str, wanted: Mapping[str, Confirmed]) -> None:
    """Somebody asked for these forecasts: the look that finds them there names who it was."""
    with _TURN:
        packed = {key: {"to": c.to.isoformat(), "by": c.by, "because": list(c.because)} for key, c in wanted.items()}
        world.store.remember(f"confirmed:{project}", {**standing(world, project), **packed})


def forget_confirmed(world: World, project: str, keys: Iterable[str]) -> None:
    """What was asked for did not come about, or is recorded."""
    with _TURN:
        known, over = standing(world, project), set(keys)
        if over & known.keys():
            left_over = {key: one for key, one in known.items() if key not in over}
            world.store.remember(f"confirmed:{project}", left_over)


def standing(world: World, project: str) -> dict[str, Json]:
    """What was asked for and is not recorded yet, by milestone ID."""
    return dict(world.store.recall(f"confirmed:{project}") or {})
