"""Which messages a channel and a thread hold, in order: an index over the collection "messages"."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]


@dataclass
class Timeline:
    """Keys of messages by channel and by (channel, thread root), oldest first."""

    epoch: int
    channels: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    threads: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    known: set[str] = field(default_factory=set)

    def note(self, key: str, row: Row) -> None:
        """Take in a message; one already known changes nothing, as neither its time nor its thread ever changes."""
        if key in self.known:
            return
        self.known.add(key)
        self.channels[row["channel"]].append(key)
        if row.get("thread_ts") not in (None, row["ts"]):
            self.threads[row["channel"], row["thread_ts"]].append(key)


_timelines: WeakKeyDictionary[Workspace, Timeline] = WeakKeyDictionary()


def _of(workspace: Workspace) -> Timeline:
    found = _timelines.get(workspace)
    if found is None or found.epoch != workspace.shelf.epoch:
        found = Timeline(workspace.shelf.epoch)
        items = workspace.shelf.collection("messages").items()
        for key, row in sorted(items, key=lambda item: str(item[1]["ts"])):
            found.note(key, row)
        _timelines[workspace] = found
    return found


def keep(workspace: Workspace, row: Row) -> None:
    """Write a message row, new or changed."""
    key = f"{row['channel']}:{row['ts']}"
    timeline = _of(workspace)
    workspace.shelf.collection("messages")[key] = row
    timeline.note(key, row)


def every(workspace: Workspace, channel_id: str) -> list[Row]:
    """All rows of a channel, oldest first: replies, deleted and ephemeral ones too."""
    rows = workspace.shelf.collection("messages")
    return [rows[key] for key in _of(workspace).channels.get(channel_id, ())]


def thread(workspace: Workspace, channel_id: str, root_ts: str) -> list[Row]:
    """All replies of a thread, oldest first, deleted and ephemeral ones too."""
    rows = workspace.shelf.collection("messages")
    return [rows[key] for key in _of(workspace).threads.get((channel_id, root_ts), ())]
