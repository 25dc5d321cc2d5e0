"""Notices from a thread of its own when the bot stands still or Slack is out of reach, and says so once.

Silence is measured by a clock that neither the workspace nor a suspended machine moves.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from bot.health import marks, messages, ops, outages
from bot.health.outages import GOOGLE, SLACK
from bot.world.web_api import SHUT_OUT, SlackFailure

if TYPE_CHECKING:
    from bot.world import World

log = structlog.get_logger(__name__)

LOOK_SECONDS = 60.0
QUIET = timedelta(minutes=15)
"""Slack is asked whether it is there when nothing else was asked of it for so long."""


def standstill(silence: dict[str, timedelta], limit: timedelta) -> str:
    """What stands still: the tick, on which all else hangs, else the sweep; "" when all moves."""
    return next((what for what in ("tick", "sweep") if silence[what] > limit), "")


class Watch:
    """Looks at the marks that tick and sweep leave, and at Slack's answers. *elapsed* gives seconds that only rise."""

    def __init__(self, world: World, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._world, self._elapsed = world, elapsed
        self._limit = marks.PERIOD * world.settings.silent_periods
        now = elapsed()
        self._seen = {what: (self._mark(what), now) for what in ("tick", "sweep")}
        self._answered, self._answered_at = world.slack.calls.answered, now
        self._alarmed = ""

    def look(self) -> None:
        """One look; a failure of its own is logged, and the next look comes."""
        try:
            self._look_at_marks()
            self._look_at_slack()
        except Exception:  # whoever watches must go on watching
            log.exception("the watchdog could not look")

    # Standing still

    def _mark(self, what: str) -> str:
        """What the tick or the sweep left last. A sweep that Google refuses has moved as well: its loss is told of."""
        store = self._world.store
        if what == "tick":
            return str((store.recall(marks.TICK) or {}).get("at", ""))
        outage = outages.known(store, GOOGLE)
        return max(str(store.recall(marks.SWEEP) or ""), outage.last if outage else "")

    def _look_at_marks(self) -> None:
        silence = {what: self._silence(what) for what in self._seen}
        now_still = standstill(silence, self._limit)
        told = self._world.store.recall(marks.STANDSTILL)
        if now_still:
            self._alarm(now_still, silence[now_still])
        elif told and silence[told["what"]] < self._limit and self._mark(told["what"]) != told["mark"]:
            self._all_clear(told["what"], datetime.fromisoformat(told["since"]))

    def _silence(self, what: str) -> timedelta:
        mark, at = self._seen[what]
        found = self._mark(what)
        if found != mark:
            self._seen[what] = (found, self._elapsed())
            return timedelta()
        return timedelta(seconds=self._elapsed() - at)

    def _alarm(self, what: str, silence: timedelta) -> None:
        mark, store, now = self._mark(what), self._world.store, self._world.clock.now()
        if self._alarmed != f"{what}:{mark}":
            log.critical("the bot stands still", what=what, silence=str(silence), case=f"standstill:{what}")
            self._alarmed = f"{what}:{mark}"
        known = store.recall(marks.STANDSTILL)
        if known is None:
            store.remember(marks.STANDSTILL, {"what": what, "mark": mark, "since": (now - silence).isoformat()})
        ops.is_said(self._world, f"still:{what}:{mark}", messages.standstill(what, silence))

    def _all_clear(self, what: str, since: datetime) -> None:
        now, zone = self._world.clock.now(), self._world.settings.zone
        if ops.is_said(self._world, f"moves:{what}:{since.isoformat()}", messages.moves_again(what, since, now, zone)):
            self._world.store.forget(marks.STANDSTILL)
            self._alarmed = ""

    # Slack

    def _look_at_slack(self) -> None:
        """Slack is there when it hears us and answered anybody since the last look, or answers now."""
        if not self._world.slack.is_heard():
            self._lost_slack("no connection is open on which people's clicks arrive")
            return
        if self._world.slack.calls.answered == self._answered and (self._is_quiet_enough() or not self._is_there()):
            return
        self._answered, self._answered_at = self._world.slack.calls.answered, self._elapsed()
        outages.answered(self._world, SLACK, lambda: "")

    def _is_quiet_enough(self) -> bool:
        """Silence is no loss: only where nothing was answered for a while one cheap question is asked."""
        is_lost = outages.known(self._world.store, SLACK) is not None
        return not is_lost and self._elapsed() - self._answered_at < QUIET.total_seconds()

    def _is_there(self) -> bool:
        try:
            self._world.slack.ask_whether_there()
        except SlackFailure as failure:
            if failure.is_answer:
                return True
            self._lost_slack(str(failure), is_shut_out=failure.error in SHUT_OUT)
            return False
        return True

    def _lost_slack(self, cause: str, *, is_shut_out: bool = False) -> None:
        """One more sign of a loss; those of one period count once."""
        look = str(int(self._elapsed() // marks.PERIOD.total_seconds()))
        outages.failed(self._world, SLACK, look, cause, is_shut_out=is_shut_out)


def begin(world: World) -> None:
    """Note a start; after an end that nobody ordered, say from when to when the bot was not at work."""
    now, ticked = world.clock.now(), marks.noted(world.store, marks.TICK)
    stopped = marks.noted(world.store, marks.STOPPED)
    marks.started(world)
    outages.begin_anew(world)
    if ticked is None or stopped is not None or now - ticked <= marks.PERIOD * world.settings.silent_periods:
        return
    log.warning("the bot was not at work", since=ticked.isoformat())
    ops.is_said(world, f"away:{ticked.isoformat()}", messages.was_away(ticked, now, world.settings.zone))
