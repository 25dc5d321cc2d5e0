"""Google's quotas, kept on our side of the wire, so that a busy hour waits here instead of being refused there."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from pyrate_limiter import Duration, InMemoryBucket, Limiter, Rate, RateItem, SingleBucketFactory

from bot.world.clock import Clock

READS_BY_POST = (":batchGetByDataFilter", ":getByDataFilter", ":search")


@dataclass(frozen=True)
class Quotas:
    """Calls a minute that this process allows itself, a little under what Google grants one user."""

    sheets_reads: int = 54
    sheets_writes: int = 54
    docs_reads: int = 270
    docs_writes: int = 54
    drive: int = 10_800
    burst: int = 10  # per second and bucket: smooths what a minute's window would let through at once


class Bucket(InMemoryBucket):
    """Calls of the last minute. A workspace whose clock was moved by an hour has new minutes to give."""

    def __init__(self, rates: list[Rate], clock: Clock) -> None:
        super().__init__(rates)
        self._followed, self._seen, self._moved = clock, clock.offset, timedelta()

    def now(self) -> int:
        """Milliseconds that never go back, only to be compared with one another."""
        offset = self._followed.offset
        self._moved, self._seen = self._moved + max(offset - self._seen, timedelta()), offset
        return int((time.monotonic() + self._moved.total_seconds()) * 1000)

    def put(self, item: RateItem) -> bool:
        """Take one more call in, and forget those of earlier minutes; the library would keep a thread for that."""
        self.leak(item.timestamp)
        return super().put(item)


class Limits:
    """One bucket per quota, in memory: exact for one process."""

    def __init__(self, quotas: Quotas, clock: Clock) -> None:
        per_minute = {
            "sheets:read": quotas.sheets_reads,
            "sheets:write": quotas.sheets_writes,
            "docs:read": quotas.docs_reads,
            "docs:write": quotas.docs_writes,
            "drive": quotas.drive,
        }
        self._limiters = {
            name: Limiter(SingleBucketFactory(Bucket(_rates(minute, quotas.burst), clock), False), buffer_ms=1)
            for name, minute in per_minute.items()
        }

    def wait(self, verb: str, url: str, longest: float) -> bool:
        """Wait for room for this call, at most so many seconds; False when there was none."""
        limiter = self._limiters.get(bucket(verb, url))
        return limiter is None or bool(limiter.try_acquire(timeout=longest))


def _rates(minute: int, second: int) -> list[Rate]:
    """The minute's rate, and the second's where that is the stricter one for a burst."""
    smooth = [Rate(second, Duration.SECOND)] if minute / 60 <= second < minute else []
    return [*smooth, Rate(minute, Duration.MINUTE)]


def bucket(verb: str, url: str) -> str:
    """The quota a call counts against, by its address; unknown addresses have none."""
    path = urlsplit(url).path
    reads = verb == "GET" or path.endswith(READS_BY_POST)
    if path.startswith("/v4/spreadsheets"):
        return "sheets:read" if reads else "sheets:write"
    if path.startswith("/v1/documents"):
        return "docs:read" if reads else "docs:write"
    return "drive" if "/drive/" in path else ""
