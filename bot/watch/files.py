"""The files that the bot watches, and what is kept of each beside its snapshots."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from bot.project import troubles
from bot.project.layout import Layout
from bot.project.schema import Schema, load
from bot.project.troubles import Troubles
from bot.project.upkeep import File
from bot.world import World

_LEARNING = threading.Lock()  # an answer given while a file is being read must not be forgotten

UNWATCHED = ("bot_log",)  # tabs that only the bot writes and nobody thinks from


@dataclass(frozen=True)
class Known:
    """A file that the bot watches, and what it is."""

    file_id: str
    schema: str
    project: str
    file: File
    folder: str = ""

    @property
    def tabs(self) -> list[str]:
        """The tabs that a scan reads."""
        return [tab.name for tab in self.book.tabs if tab.name not in UNWATCHED]

    @property
    def book(self) -> Schema:
        """What the file should look like."""
        return load(self.schema)


def known_files(world: World, project: str | None = None) -> list[Known]:
    """The files of every project that is not cancelled, or of one."""
    names: tuple[File, ...] = ("playbook", "plan")
    return [
        Known(row[f"{name}_id"], row["schemas"][name], row["key"], name, row.get("folder_id") or "")
        for row in world.store.all_projects()
        for name in names
        if row["state"] != "Cancelled" and project in (None, row["key"])
    ]


def keep_troubles(world: World, file_id: str, found: Troubles) -> None:
    """Remember what the latest scan could not read of a file."""
    packed = troubles.pack(found)
    if world.store.recall(f"problems:{file_id}") != packed:
        world.store.remember(f"problems:{file_id}", packed)


def learn(world: World, file_id: str, before: Layout, learnt: Layout) -> None:
    """Keep what a scan learnt, unless somebody taught the file something meanwhile: the next scan learns it again."""
    if learnt == before:
        return
    with _LEARNING:
        if world.layout(file_id) == before:
            world.keep_layout(file_id, learnt)


def teach(world: World, file_id: str, learnt: Layout) -> None:
    """Keep what a person said of a file."""
    with _LEARNING:
        world.keep_layout(file_id, learnt)
