"""The bot with one fault planted in it, as a process of its own: what the judge must catch."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.cli import cli
from bot.health import watchdog
from bot.reminders import gather, snoozing
from bot.world import World


def planted(module: Any, name: str, new: Any) -> None:
    """Put another function in the place of one that must be there."""
    assert hasattr(module, name), f"{module.__name__} has no {name} any more: plant the fault where it went"
    setattr(module, name, new)


def forgets_at_start() -> None:
    """A rung is repeated after a restart: what was said is forgotten whenever the bot begins."""
    begin = watchdog.begin

    def forgetful(world: World) -> None:
        world.store.forget_nudges(list(world.store.nudges("")))
        begin(world)

    planted(watchdog, "begin", forgetful)


def knows_no_holidays() -> None:
    """A holiday is ignored: every weekday is a working day of everybody's."""
    planted(gather, "works_today", lambda _world, _person, _people, day: day.weekday() < 5)


def loses_snoozes() -> None:
    """A snooze is lost: it is counted, and nothing rests."""
    planted(snoozing, "after_snooze", lambda said, *_: replace(said, snoozes=said.snoozes + 1))


VARIANTS: dict[str, Callable[[], None]] = {
    "": lambda: None,
    "rung repeated": forgets_at_start,
    "holiday ignored": knows_no_holidays,
    "snooze lost": loses_snoozes,
}

if __name__ == "__main__":
    VARIANTS[sys.argv[1]]()
    sys.argv[1:] = ["run"]
    cli()
