"""Watches sweeps: one that ends well is noted, and what Google refuses in a row becomes one loud message."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.health import marks, outages
from bot.health.outages import GOOGLE
from bot.world.google import GoogleError

if TYPE_CHECKING:
    from bot.world import World

NOT_LOST = ("quota", "conflict", "ambiguous")  # Google is there and lets us in


def watched(world: World, look: str, sweep: Callable[[], str]) -> str:
    """Carry a sweep out. *look* is its slot, so that its tries count once."""
    try:
        report = sweep()
    except GoogleError as error:
        if error.kind not in NOT_LOST:
            outages.failed(world, GOOGLE, look, str(error), is_shut_out=error.kind in ("denied", "missing"))
        raise
    outages.answered(world, GOOGLE, lambda: f"The first sweep since: {report}")
    marks.swept(world)
    return report
