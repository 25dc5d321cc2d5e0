"""Whether a project speaks: files that the bot did not make begin as a dry run, of which only the PM hears (rules)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.project.names import live_key

if TYPE_CHECKING:
    from bot.project.picture import Picture
    from bot.world import World

Json = Any


def is_made(row: Json) -> bool:
    """Whether the bot made a project's files; those that people brought have a silent first day and a dry run."""
    return bool(row.get("is_made", True))


def is_dry(world: World, picture: Picture) -> bool:
    """By the project's Settings tab, or while nobody has switched reminders on for files that people brought."""
    row = world.store.project(picture.key) or {}
    return bool(picture.settings.dry_run or not (is_made(row) or world.store.recall(live_key(picture.key))))
