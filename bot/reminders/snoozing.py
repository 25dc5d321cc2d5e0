"""What is remembered of a row's matters when somebody snoozes them, or does something about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from bot.project.findings import Finding
from bot.project.ladder import Said, after_snooze, together
from bot.project.picture import Picture
from bot.reminders import rules
from bot.world import World
from bot.world.store import Nudge

Json = Any


def heard(world: World, picture: Picture, tab: str, row_id: str) -> Said:
    """What people heard of a row's matters, taken together: the most snoozed one counts."""
    found = [together(_known(world, one.key).values(), one.due) for one in _findings(picture, tab, row_id)]
    return max(found, key=lambda one: one.snoozes, default=Said())


def snooze(world: World, picture: Picture, tab: str, row_id: str, days: int) -> tuple[date, Json]:
    """Silence a row's matters for everybody; until when, and what was remembered before, by memory."""
    before: dict[str, Json] = {}
    until = picture.today
    for finding in _findings(picture, tab, row_id):
        calendar = picture.calendar.for_side(finding.side)
        known = _known(world, finding.key)
        count = together(known.values(), finding.due).snoozes
        known.setdefault(f"{finding.key}:", Said())
        for key, said in known.items():
            same = said if said.due == finding.due else Said(due=finding.due, entered=said.entered)
            before[key] = _packed(world, key)
            keep(world, key, after_snooze(replace(same, snoozes=count), days, picture.today, calendar))
        until = max(until, calendar.add(picture.today, days))
    return until, before


def quiet(world: World, matter: str, after: Callable[[Said], Said]) -> None:
    """Somebody did something about a matter that was spoken of: it rests for everybody, whoever hears of it next."""
    known = _known(world, matter)
    if known:
        latest = max(known.values(), key=lambda one: (one.on is not None, one.on or date.min))
        known.setdefault(f"{matter}:", Said(due=latest.due))
    for key, said in known.items():
        keep(world, key, after(said))


def keep(world: World, key: str, said: Said) -> None:
    """One memory."""
    world.store.said(Nudge(key, said.rung or 0, world.clock.now(), rules.to_json(said)))


def put_back(world: World, before: Json) -> None:
    """The memories as they were."""
    world.store.forget_nudges([key for key, kept in before.items() if kept is None])
    for key, kept in before.items():
        if kept is not None:
            keep(world, key, rules.from_json(kept))


def _findings(picture: Picture, tab: str, row_id: str) -> list[Finding]:
    return [finding for finding in rules.worth_saying(picture) if (finding.tab, finding.subject) == (tab, row_id)]


def _known(world: World, matter: str) -> dict[str, Said]:
    return {key: rules.from_json(one.data) for key, one in world.store.nudges(f"{matter}:").items()}


def _packed(world: World, key: str) -> Json:
    kept = world.store.nudges(key).get(key)
    return kept.data if kept else None
