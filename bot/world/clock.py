"""The one clock: every decision, stored time and word about time comes from here, zone-aware always."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import requests
import structlog

log = structlog.get_logger(__name__)


@dataclass
class Clock:
    """Real time plus an offset that only a followed workspace clock moves."""

    offset: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        """The current workspace time, aware, in UTC."""
        return datetime.now(UTC) + self.offset

    def today(self, zone: str) -> date:
        """The current date in a time zone."""
        return self.now().astimezone(ZoneInfo(zone)).date()


class Follower:
    """Keeps a Clock in step with a workspace clock: after each move it finishes what is due, then polls again.

    The poll itself tells the workspace that everything due at the last generation is done, so a month can pass
    without a slot being skipped and without anybody sleeping.
    """

    def __init__(self, clock: Clock, url: str, token: str, on_move: Callable[[], None]) -> None:
        self._clock, self._url, self._on_move = clock, url, on_move
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._generation = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="clock", daemon=True)

    def read_once(self) -> None:
        """Take over the workspace's time as it is now."""
        answer = self._session.get(self._url, timeout=10)
        answer.raise_for_status()
        self._take(answer.json())

    def start(self) -> None:
        """Follow the workspace's time in a thread of its own."""
        self.read_once()
        self._thread.start()

    def stop(self) -> None:
        """Stop following; the last offset stays."""
        self._stopped.set()
        self._session.close()

    def _follow(self) -> None:
        while not self._stopped.is_set():
            try:
                answer = self._session.get(
                    self._url,
                    params={"follower": f"implbot-{id(self)}", "after": str(self._generation), "timeout": "20"},
                    timeout=30,
                )
                answer.raise_for_status()
                self._moved(answer.json())
            except requests.RequestException as error:
                if not self._stopped.wait(1.0):
                    log.warning("workspace clock lost; trying again", cause=type(error).__name__)

    def _moved(self, answer: dict[str, object]) -> None:
        before = self._generation
        self._take(answer)
        if self._generation != before:
            self._on_move()

    def _take(self, answer: dict[str, object]) -> None:
        self._generation = int(str(answer["generation"]))
        self._clock.offset = timedelta(seconds=float(str(answer["offset_seconds"])))
