"""Slack's rate limits: a tier per method and app, and one message a second per channel."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from bot.emulator.slack import channels
from bot.emulator.slack.errors import RateLimitedError

if TYPE_CHECKING:
    from bot.emulator.slack.gateway import Method
    from bot.emulator.workspace import Workspace

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
POSTING = 5  # chat.postMessage has a rule of its own: see below
POSTS_PER_MINUTE = 300
CHANNEL_BURST = 3  # short bursts are tolerated; after them one message a second
MINUTE = 60.0


class Window:
    """At most `allowed` calls in any minute."""

    def __init__(self, allowed: int) -> None:
        self.allowed = allowed
        self.calls: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Take a place, or answer how many seconds until there is one."""
        while self.calls and not now - MINUTE < self.calls[0] <= now:  # a restored workspace may be in the past
            self.calls.popleft()
        if len(self.calls) >= self.allowed:
            return self.calls[0] + MINUTE - now
        self.calls.append(now)
        return 0.0


class Drip:
    """One call a second, with a short burst allowed."""

    def __init__(self, burst: int) -> None:
        self.burst = burst
        self.level = 0.0
        self.at = 0.0

    def wait(self, now: float) -> float:
        """Take a place, or answer how many seconds until there is one."""
        self.level = max(0.0, self.level - abs(now - self.at))
        self.at = now
        if self.level > self.burst - 1:
            return self.level - (self.burst - 1)
        self.level += 1
        return 0.0


Gate = Window | Drip
_gates: WeakKeyDictionary[Workspace, dict[tuple[str, ...], Gate]] = WeakKeyDictionary()


def count(workspace: Workspace, token: Mapping[str, Any], method: Method, args: Mapping[str, Any]) -> None:
    """Count one call; raise RateLimitedError when the app has used up its allowance. Accepted tokens are exempt."""
    if token.get("exempt") or not workspace.settings.limits:
        return
    gates = _gates.setdefault(workspace, {})
    app_id = str(token.get("app_id", ""))
    now = workspace.clock.ticks()
    if method.tier != POSTING:
        _pass(gates.setdefault((app_id, method.name), Window(PER_MINUTE[method.tier])), now)
        return
    _pass(gates.setdefault((app_id, method.name, _channel(workspace, args)), Drip(CHANNEL_BURST)), now)
    _pass(gates.setdefault((app_id, method.name), Window(POSTS_PER_MINUTE)), now)


def _channel(workspace: Workspace, args: Mapping[str, Any]) -> str:
    """The id of the channel meant, however it was named."""
    named = str(args.get("channel"))
    row = channels.by_name(workspace, named)
    return str(row["id"]) if row else named


def forget(workspace: Workspace) -> None:
    """Start every allowance afresh, as after a reset of the workspace."""
    _gates.pop(workspace, None)


def _pass(gate: Gate, now: float) -> None:
    seconds = gate.wait(now)
    if seconds > 0:
        raise RateLimitedError(math.ceil(seconds))
