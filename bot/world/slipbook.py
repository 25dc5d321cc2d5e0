"""The slip ledger as it is kept: forecast changes with their causes, and what waited for the customer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from bot.project import slips
from bot.project.slips import Ledger, Slip, Wait
from bot.project.words import SlipCause

if TYPE_CHECKING:
    from bot.world import World

Json = Any


def entries(world: World, project: str) -> list[Json]:
    """Every forecast change, oldest first, as plain JSON."""
    return list(world.store.recall(_slips(project)) or ())


def change(world: World, project: str, act: Callable[[list[Json]], list[Json]]) -> None:
    """Replace the forecast changes by what *act* makes of them, in one go; nothing is written when that is the same."""
    known = entries(world, project)
    if act(known) != known:
        world.store.change(_slips(project), lambda kept: act(list(kept or ())))


def name_cause(world: World, project: str, slip: Slip, cause: SlipCause) -> bool:
    """Somebody said why a forecast moved; False when the ledger has no such line any more."""

    def named(known: list[Json]) -> list[Json]:
        return [{**one, "cause": str(cause)} if slips.read_slip(one).key == slip.key else one for one in known]

    change(world, project, named)
    return any(slips.read_slip(one).key == slip.key for one in entries(world, project))


def keep_waits(world: World, project: str, found: Sequence[Wait]) -> None:
    """Remember what waited, and waits, for the customer."""
    packed = [slips.packed_wait(wait) for wait in found]
    if packed != (world.store.recall(_waits(project)) or []):
        world.store.remember(_waits(project), packed)


def ledger(world: World, project: str) -> Ledger:
    """All that is kept of a project."""
    waits = world.store.recall(_waits(project)) or ()
    found = map(slips.read_slip, entries(world, project))
    return Ledger(tuple(found), tuple(slips.read_wait(one) for one in waits))


def _slips(project: str) -> str:
    return f"slips:{project}"


def _waits(project: str) -> str:
    return f"waits:{project}"
