"""Counts the calls to the outside by day and quota, so that they can be told and set beside the limits."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.world import World
    from bot.world.store import Store

PREFIX, EVER = "calls:", "ever"
SLACK = "slack"
Json = Any


@dataclass(frozen=True)
class Taken:
    """Calls by quota, and the most of each inside one minute."""

    counts: Mapping[str, int] = field(default_factory=dict)
    peaks: Mapping[str, int] = field(default_factory=dict)


class Calls:
    """The calls of one door since they were last taken down."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._peaks: Counter[str] = Counter()
        self._minute, self._inside = 0, Counter[str]()
        self.answered = 0  # answers that came, for better or worse: the other side is there

    def note(self, quota: str) -> None:
        """One more call on the wire."""
        minute = int(time.monotonic() // 60)
        with self._lock:
            if minute != self._minute:
                self._minute, self._inside = minute, Counter()
            self._counts[quota] += 1
            self._inside[quota] += 1
            self._peaks[quota] = max(self._peaks[quota], self._inside[quota])

    def answer(self) -> None:
        """The other side answered."""
        self.answered += 1

    def take(self) -> Taken:
        """Everything since the last time."""
        with self._lock:
            taken = Taken(dict(self._counts), dict(self._peaks))
            self._counts, self._peaks = Counter(), Counter()
        return taken


def keep(world: World) -> None:
    """Add what was called since the last time to the count of today, the team's day."""
    doors = (world.drive.google.calls.take(), world.slack.calls.take())
    if not any(one.counts for one in doors):
        return
    today = world.clock.today(world.settings.zone).isoformat()
    for name in (today, EVER):
        world.store.change(PREFIX + name, lambda known: added(known, *doors))


def ever(store: Store) -> dict[str, int]:
    """All calls since the store began, of Google and of Slack."""
    counts = (store.recall(PREFIX + EVER) or {}).get("counts", {})
    slack = int(counts.get(SLACK, 0))
    return {"Google": sum(counts.values()) - slack, "Slack": slack}


def added(known: Json, *doors: Taken) -> Json:
    """A day's count with more calls in it."""
    counts = sum((Counter(one.counts) for one in doors), Counter((known or {}).get("counts", {})))
    peaks = Counter((known or {}).get("peaks", {}))
    for one in doors:
        peaks |= Counter(one.peaks)
    return {"counts": dict(counts), "peaks": dict(peaks)}


def of_day(rows: Mapping[str, Json], day: date) -> Taken:
    """The calls of one day, from all that is kept under the prefix."""
    row = rows.get(day.isoformat()) or {}
    return Taken(row.get("counts", {}), row.get("peaks", {}))
