"""Says one line a day in the ops channel: what was looked at, what is unreadable, what was said, called and failed."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.health import facts, marks, messages, ops
from bot.health.facts import Health
from bot.world import World, calls
from bot.world.engine import Run

DAY = timedelta(days=1)


def heartbeat(world: World, run: Run, subject: str, slot: str) -> str:
    """The flow of one day's line; the slot's day makes it once a day."""
    del subject
    return str(run.step("say", lambda: _said(world, datetime.fromisoformat(slot))))


def _said(world: World, slot: datetime) -> str:
    calls.keep(world)
    now, last = world.clock.now(), world.store.recall(marks.BEAT) or {}
    since = marks.moment(last) or now - DAY
    health = facts.gathered(world.store, world.settings, now, since)
    ever, before = calls.ever(world.store), last.get("calls") or {}
    called = {name: number - int(before.get(name, 0)) for name, number in ever.items()}
    line = messages.heartbeat(health, since, called, _names(world, health))
    ops.say(world, f"beat:{slot.date()}", line)
    world.store.remember(marks.BEAT, {"at": now.isoformat(), "calls": ever})
    return str(line.text)


def _names(world: World, health: Health) -> dict[str, str]:
    """The names of those who can mend what the line will name."""
    shown = [*health.unreadable[: messages.MOST], *health.hampered[: messages.MOST]]
    found = {address: world.slack.person_by_email(address) for one in shown for address in one.menders[:2]}
    return {address: person.name for address, person in found.items() if person}
