"""The one clock: every decision, stored time and word about time comes from here, zone-aware always."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import requests
import structlog

from bot.errors import SettingsError

log = structlog.get_logger(__name__)

POLL_SECONDS, TIMEOUT_SECONDS, RETRY_SECONDS = 20.0, 30.0, 1.0
_NO_CLOCK = (requests.RequestException, KeyError, TypeError, ValueError)


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

    def __init__(
        self, clock: Clock, url: str, token: str, on_move: Callable[[], None], retry: float = RETRY_SECONDS
    ) -> None:
        self._clock, self._url, self._on_move, self._retry = clock, url, on_move, retry
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._name = f"implbot-{uuid.uuid4().hex[:12]}"
        self._generation = 0
        self._lost = False
        self._known, self._stopped = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._follow, name="clock", daemon=True)

    def read_once(self) -> None:
        """Take over the workspace's time as it is now."""
        try:
            answer = self._session.get(self._url, timeout=TIMEOUT_SECONDS)
            answer.raise_for_status()
            self._take(*_read(answer))
        except _NO_CLOCK as error:
            raise SettingsError(
                f"IMPLBOT_CLOCK_URL: expected a workspace clock at {self._url}: {type(error).__name__}"
            ) from error

    def start(self) -> None:
        """Follow in a thread of its own; returns once the workspace knows this follower and waits for it."""
        self.read_once()
        self._thread.start()
        self._known.wait(TIMEOUT_SECONDS)

    def stop(self) -> None:
        """Stop following; the last offset stays."""
        self._stopped.set()
        self._session.close()

    def _follow(self) -> None:
        while not self._stopped.is_set():
            try:
                generation, offset = self._poll()
            except _NO_CLOCK as error:
                self._note_lost(error)
                self._stopped.wait(self._retry)
            else:
                self._moved(generation, offset)

    def _poll(self) -> tuple[int, timedelta]:
        """Ask for the next move. At first, and after a loss, the answer comes at once: this follower is known then."""
        wait = str(POLL_SECONDS) if self._known.is_set() and not self._lost else "0"
        query = {"follower": self._name, "after": str(self._generation), "timeout": wait}
        answer = self._session.get(self._url, params=query, timeout=TIMEOUT_SECONDS)
        answer.raise_for_status()
        return _read(answer)

    def _note_lost(self, error: Exception) -> None:
        """The loss is told once, and so is the recovery."""
        if not self._lost and not self._stopped.is_set():
            log.warning("workspace clock lost; asking until it is back", cause=type(error).__name__)
            self._lost = True

    def _moved(self, generation: int, offset: timedelta) -> None:
        if self._lost:
            log.info("workspace clock is back")
            self._lost = False
        before = self._generation
        self._take(generation, offset)
        self._known.set()
        if self._generation != before and not self._stopped.is_set():
            self._finish_what_is_due()

    def _finish_what_is_due(self) -> None:
        try:
            self._on_move()
        except Exception:  # a failed job must not stop the clock for all others
            log.exception("work that a move of the clock made due has failed")

    def _take(self, generation: int, offset: timedelta) -> None:
        self._generation, self._clock.offset = generation, offset


def _read(answer: requests.Response) -> tuple[int, timedelta]:
    """The generation and the offset in an answer; raises ValueError, KeyError or RequestException."""
    state = answer.json()
    return int(state["generation"]), timedelta(seconds=float(state["offset_seconds"]))
