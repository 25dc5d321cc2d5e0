"""Workspace time: real time plus an offset that only grows, and the followers that keep step with it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.emulator.shelf import Shelf

STEP = timedelta(hours=1)
GRACE_SECONDS = 3.0
CHECK_SECONDS = 0.1


class ClockError(ValueError):
    """The clock cannot be set to that time; the message says why."""


@dataclass
class Follower:
    """Somebody who polls the clock: `done` is the last generation whose work is finished.

    `alive` tells whether its connection still stands (a keep-alive connection stands while the follower works);
    `lost_at` is the real time at which it was first seen to be gone.
    """

    done: int
    alive: Callable[[], bool]
    polling: int = 0
    lost_at: float | None = None

    def is_lost(self) -> bool:
        """True once its connection has been gone for the grace period."""
        if self.alive():
            self.lost_at = None
            return False
        if self.lost_at is None:
            self.lost_at = time.monotonic()
        return time.monotonic() - self.lost_at > GRACE_SECONDS


class Clock:
    """The movable clock. Reading is free of threads; moving and polling belong to the server's loop.

    `generation` changes with each step; a follower that polls with the current one has done all that was due.
    `on_step` is what the workspace itself does at each step, before the followers hear of it.
    """

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._rows = (shelf or Shelf()).collection("clock")
        self.on_step: list[Callable[[], None]] = []
        self._followers: dict[str, Follower] = {}
        self._waiting: set[asyncio.Future[None]] = set()
        self._moving = False
        self._served = 0
        self._high = 0
        self.reload()

    def now(self) -> datetime:
        """The workspace's time, aware, UTC."""
        return datetime.now(UTC) + self._offset

    def ticks(self) -> float:
        """Seconds by which minutes of rate limits are measured: real ones, and those the clock was moved by."""
        return time.monotonic() + self._offset.total_seconds()

    def state(self) -> dict[str, Any]:
        """`{"now": ISO, "generation": n, "offset_seconds": float}`."""
        return {
            "now": self.now().isoformat().replace("+00:00", "Z"),
            "generation": self.generation,
            "offset_seconds": self._offset.total_seconds(),
        }

    def reload(self) -> None:
        """Take the offset from the shelf (none: real time), as after a reset or a restore; the generation rises."""
        row = self._rows.get("clock", {})
        self._offset = timedelta(seconds=float(row.get("offset_seconds", 0.0)))
        self.generation = self._high = max(self._high, int(row.get("generation", 0))) + 1
        self._keep()

    async def advance(self, to: datetime) -> None:
        """Move forward to `to`, an hour at a time at most; after each step every follower has polled again."""
        if to.tzinfo is None:
            raise ClockError("The time needs a zone, such as 2026-12-01T09:00:00Z.")
        while self._moving:
            await self._wait(CHECK_SECONDS)
        self._moving = True
        try:
            await self._steps(to)
        finally:
            self._moving = False

    async def _steps(self, to: datetime) -> None:
        remaining = to - self.now()
        if remaining < timedelta(seconds=-1):
            raise ClockError(f"The clock only moves forward; it is {self.now().isoformat(timespec='seconds')} already.")
        target = self._offset + max(remaining, timedelta(0))
        while self._offset < target:
            self._move(min(self._offset + STEP, target))
            await self._followers_done()

    async def poll(
        self, follower: str, after: int, timeout: float, alive: Callable[[], bool] = lambda: True
    ) -> dict[str, Any]:
        """Wait until the generation differs from `after`, at most `timeout` seconds, and answer the state."""
        known = self._followers.setdefault(follower, Follower(after, alive))
        known.done, known.alive, known.lost_at = after, alive, None
        known.polling += 1
        self._notify()
        try:
            deadline = time.monotonic() + timeout
            served = self._served
            while self.generation == after and served == self._served and alive():
                if (left := deadline - time.monotonic()) <= 0:
                    break
                await self._wait(min(left, 1.0))
        finally:
            known.polling -= 1
        return self.state()

    def release(self) -> None:
        """Answer and forget every follower, as when the server stops."""
        self._served += 1
        self._followers.clear()
        self._notify()

    def _move(self, offset: timedelta) -> None:
        self._offset = offset
        self.generation += 1
        self._high = self.generation
        self._keep()
        for act in self.on_step:
            act()
        self._notify()

    def _keep(self) -> None:
        self._rows["clock"] = {"offset_seconds": self._offset.total_seconds(), "generation": self.generation}

    async def _followers_done(self) -> None:
        while True:
            for name in [name for name, follower in self._followers.items() if follower.is_lost()]:
                del self._followers[name]
            if all(follower.done == self.generation for follower in self._followers.values()):
                return
            await self._wait(CHECK_SECONDS)

    async def _wait(self, seconds: float) -> None:
        """Wait for the next change, at most so many real seconds."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await asyncio.wait([future], timeout=seconds)
        finally:
            self._waiting.discard(future)

    def _notify(self) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
