"""What people did in a row since the last look: it resets the ladder, for nobody is nagged about what they work on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.project.ladder import after_change
from bot.project.picture import Picture
from bot.project.rows import Row
from bot.reminders import rules, snoozing
from bot.world import World, logbook

Address = tuple[str, str, str]

WATCHED: Mapping[str, tuple[str, ...]] = {
    "milestones": ("baseline", "forecast", "status", "owner", "comment"),
    "tasks": ("due", "status", "owner", "blocked_reason"),
    "prerequisites": ("due", "status", "owner", "reason"),
    "risks": ("next_review", "mitigation_due", "status", "owner"),
    "issues": ("due", "status", "owner", "next_action"),
}
"""Date, status, owner, blocked reason and comment, as each tab has them (rule: reset)."""


def heed(world: World, project: str, at: str) -> int:
    """Reset the ladder of every row in which a person changed one of these since the last look; how many there were.

    Peace counts from the project's day of the change: of the press that wrote it, else of the file's latest change.
    *at* is when it was read, as an ISO time; the drive may have told an earlier moment, as after an outage.
    """
    name, now = f"heeded:{project}", world.clock.now()
    last, picture = world.store.recall(name), world.picture(project)
    world.store.remember(name, now.isoformat())
    since = datetime.fromisoformat(last) if last else None
    before = world.picture(project, since) if since else None
    if picture is None or before is None or since is None:
        return 0
    touched = _touched(world, before, picture, since, datetime.fromisoformat(at))
    for (tab, row_id), moment in touched.items():
        _reset(world, picture, tab, row_id, moment.astimezone(ZoneInfo(picture.zone)).date())
    return len(touched)


def _touched(
    world: World, before: Picture, now: Picture, since: datetime, read: datetime
) -> dict[tuple[str, str], datetime]:
    """The rows that people changed, by tab and ID, with the latest moment of it."""
    found: dict[tuple[str, str], datetime] = {}
    written = _written(world, now.key, since)
    for address in changed(before, now):
        tab, row_id, _ = address
        moment = written[address] if address in written else _changed_at(world, now, tab, since, read)
        if moment is not None:
            found[tab, row_id] = max(moment, found.get((tab, row_id), moment))
    return found


def _changed_at(world: World, picture: Picture, tab: str, since: datetime, read: datetime) -> datetime:
    """When a tab's file was last changed, between the look before and this reading."""
    is_in_plan = rules.file_of(picture, tab) == "plan"
    state = world.store.snapshot(picture.plan_id if is_in_plan else picture.playbook_id)
    return max(since, min(state.modified_at, read)) if state else read


def changed(before: Picture, now: Picture) -> list[Address]:
    """The watched cells that differ, by tab, row and column; rows that are new or gone are left out."""
    return [address for tab, columns in WATCHED.items() for address in _changed(before, now, tab, columns)]


def _changed(before: Picture, now: Picture, tab: str, columns: tuple[str, ...]) -> Iterator[Address]:
    known = {row.id: row.record for row in _rows(before, tab) if row.id}
    for row in _rows(now, tab):
        if row.id in known:
            for column in columns:
                if getattr(known[row.id], column) != getattr(row.record, column):
                    yield tab, row.id, column


def _rows(picture: Picture, tab: str) -> tuple[Row[Any], ...]:
    file = picture.plan if rules.file_of(picture, tab) == "plan" else picture.playbook
    return tuple(file.get(tab, ()))


def _written(world: World, project: str, since: datetime) -> dict[Address, datetime | None]:
    """The cells that the bot wrote since a moment, by what the audit says: when somebody pressed; None for its own."""
    found: dict[Address, datetime | None] = {}
    for entry in world.store.audit(project):
        if entry.act == "wrote" and entry.at >= since:
            tab, _, row_id = entry.subject.partition(" ")
            address = tab, row_id, entry.reason.partition(":")[0]
            found[address] = None if entry.actor == logbook.BOT else entry.at
    return found


def _reset(world: World, picture: Picture, tab: str, row_id: str, day: date) -> None:
    """Three working days of peace about everything that was said of a row."""
    row = next((one for one in _rows(picture, tab) if one.id == row_id), None)
    calendar = picture.calendar.for_side(getattr(row.record, "side", None) if row else None)
    prefix = f"{picture.key}:{tab}:{row_id}:"
    matters = {key.rpartition(":")[0] for key in world.store.nudges(prefix)}
    for matter in matters:
        snoozing.quiet(world, matter, lambda said: after_change(said, day, calendar))
