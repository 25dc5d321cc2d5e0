"""The pictures of projects whose sheets and day are still the same: what was thought through once need not be again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from bot.project.picture import Picture

MOST = 300  # a picture takes about a quarter of a megabyte


class Album:
    """The latest picture of each project that was looked at last. Pictures are never changed, so threads share them."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: dict[str, tuple[Any, Picture]] = {}  # the one looked at longest ago comes first
        self._lock = threading.Lock()

    def picture(self, key: str, drawn_from: Any, draw: Callable[[], Picture]) -> Picture:
        """The picture of a project, drawn again if *drawn_from* is not what the kept one was drawn from."""
        with self._lock:
            state, kept = self._kept.pop(key, (None, None))
            if kept is not None and state == drawn_from:
                self._kept[key] = state, kept
                return kept
        drawn = draw()
        with self._lock:
            self._kept[key] = drawn_from, drawn
            while len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]
        return drawn
