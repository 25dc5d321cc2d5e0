"""Which messages a channel and a thread hold, in order: an index over the collection "messages"."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]

FOR_EVER = 10**18  # microseconds, later than any message


@dataclass
class Timeline:
    """Keys of messages, oldest first: by channel, those that stand in the channel itself, and by (channel, root)."""

    epoch: int
    channels: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    roots: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    threads: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    known: set[str] = field(default_factory=set)

    def note(self, key: str, row: Row) -> None:
        """Take in a message; one already known changes nothing, as neither its time nor its thread ever changes."""
        if key in self.known:
            return
        self.known.add(key)
        self.channels[row["channel"]].append(key)
        if is_root(row):
            self.roots[row["channel"]].append(key)
        if row.get("thread_ts") not in (None, row["ts"]):
            self.threads[row["channel"], row["thread_ts"]].append(key)


_timelines: WeakKeyDictionary[Workspace, Timeline] = WeakKeyDictionary()


def is_root(row: Row) -> bool:
    """Whether a message stands in the channel itself, not only inside a thread."""
    return row.get("thread_ts") in (None, row["ts"]) or row.get("subtype") == "thread_broadcast"


def micros(ts: str) -> int:
    """A ts as whole microseconds, so that comparing is exact."""
    whole, _, rest = ts.partition(".")
    return int(whole) * 1_000_000 + int((rest + "000000")[:6])


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


def every(workspace: Workspace, channel_id: str, after: str = "") -> list[Row]:
    """All rows of a channel later than `after`, oldest first: replies, deleted and ephemeral ones too."""
    rows = workspace.shelf.collection("messages")
    keys = _of(workspace).channels.get(channel_id, [])
    start = bisect_right(keys, micros(after), key=_moment) if after else 0
    return [rows[key] for key in keys[start:]]


def backwards(workspace: Workspace, channel_id: str) -> Iterator[Row]:
    """All rows of a channel, newest first, read only as far as asked for."""
    rows = workspace.shelf.collection("messages")
    return (rows[key] for key in reversed(_of(workspace).channels.get(channel_id, [])))


def roots(workspace: Workspace, channel_id: str, oldest: int, latest: int, inclusive: bool) -> Iterator[Row]:
    """What stands in the channel itself between two moments (microseconds), newest first, deleted ones too."""
    rows = workspace.shelf.collection("messages")
    keys = _of(workspace).roots.get(channel_id, [])
    first, behind = (bisect_left, bisect_right) if inclusive else (bisect_right, bisect_left)
    start, end = first(keys, oldest, key=_moment), behind(keys, latest, key=_moment)
    return (rows[keys[index]] for index in range(end - 1, start - 1, -1))


def thread(workspace: Workspace, channel_id: str, root_ts: str) -> list[Row]:
    """All replies of a thread, oldest first, deleted and ephemeral ones too."""
    rows = workspace.shelf.collection("messages")
    return [rows[key] for key in _of(workspace).threads.get((channel_id, root_ts), ())]


def _moment(key: str) -> int:
    return micros(key.partition(":")[2])
