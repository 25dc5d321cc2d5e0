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


def heed(world: World, project: str) -> int:
    """Reset the ladder of every row in which a person changed one of these since the last look; how many there were.

    Peace counts from the project's day of the change: of the press that wrote it, else of the file's latest change,
    which may be long before its reading, as after an outage.
    """
    name, read_at = f"looked:{project}", world.read_at(project)
    if read_at is None:
        return 0
    last = {file: datetime.fromisoformat(at) for file, at in (world.store.recall(name) or {}).items()}
    touched = _calmed(world, project, last, read_at) if last else 0
    world.store.remember(name, {file: at.isoformat() for file, at in read_at.items()})
    return touched


def _calmed(world: World, project: str, last: Mapping[str, datetime], read_at: Mapping[str, datetime]) -> int:
    """Give peace to the rows that people changed between two looks; repeatable, as after a crash in the midst of it."""
    before, picture = world.picture_as_read(project, last), world.picture_as_read(project, read_at)
    if before is None or picture is None:
        return 0
    touched = _touched(world, before, picture, last, read_at)
    for (tab, row_id), moment in touched.items():
        _reset(world, picture, tab, row_id, moment.astimezone(ZoneInfo(picture.zone)).date())
    return len(touched)


def _touched(
    world: World, before: Picture, now: Picture, last: Mapping[str, datetime], read_at: Mapping[str, datetime]
) -> dict[tuple[str, str], datetime]:
    """The rows that people changed since the readings of the look before, by tab and ID, with the moment of it."""
    found: dict[tuple[str, str], datetime] = {}
    written = _written(world, now, last)
    for address in changed(before, now):
        tab, row_id, _ = address
        moment = written[address] if address in written else _changed_at(world, now, tab, last, read_at)
        if moment is not None:
            found[tab, row_id] = max(moment, found.get((tab, row_id), moment))
    return found


def _changed_at(
    world: World, picture: Picture, tab: str, last: Mapping[str, datetime], read_at: Mapping[str, datetime]
) -> datetime:
    """When a tab's file was last changed, between the two readings of it."""
    file = rules.file_of(picture, tab)
    state = world.store.snapshot(picture.plan_id if file == "plan" else picture.playbook_id, read_at[file])
    return max(last[file], state.modified_at) if state else read_at[file]


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


def _written(world: World, picture: Picture, last: Mapping[str, datetime]) -> dict[Address, datetime | None]:
    """The cells that the bot wrote since, by what the audit says: when somebody pressed for it; None for its own."""
    found: dict[Address, datetime | None] = {}
    for entry in world.store.audit(picture.key):
        tab, _, row_id = entry.subject.partition(" ")
        if entry.act == "wrote" and entry.at >= last[rules.file_of(picture, tab)]:
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
