"""Failures on demand: rules that make a named call fail before or after it was applied, hang, or lose its connection.

A gateway does, around its handler:

    cut = await workspace.faults.before(method)       # a Response to send instead of handling the call, or None
    … handle …
    cut = await workspace.faults.after(method)        # a Response to send instead of the handler's answer, or None

Latency and hanging are awaited inside; sending the Response cuts the connection where the rule says so.
"""

from __future__ import annotations

import asyncio
import fnmatch
import json
import random
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

DEEDS = ("status", "drop", "reset", "hang", "lag_listings", "latency")
KEYS = {
    "method", "nth", "every", "probability", "seed", "times", "apply", "do",
    "status", "reason", "message", "retry_after", "html", "seconds", "ms",
}  # fmt: skip
USAGE = ("userRateLimitExceeded", "rateLimitExceeded", "dailyLimitExceeded")
NO_LINGER = struct.pack("ii", 1, 0)


class FaultError(ValueError):
    """A rule that cannot be; the message names its place and what was expected."""


@dataclass
class Rule:
    """One fault rule and how often it met its method."""

    given: Mapping[str, Any]
    met: int = 0
    done: int = 0
    random: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        if "seed" in self.given:
            self.random.seed(self.given["seed"])

    @property
    def do(self) -> str:
        return str(self.given["do"])

    def names(self, method: str) -> bool:
        """Whether the rule is about that method; `*` and `?` are wild."""
        return fnmatch.fnmatchcase(method, str(self.given["method"]))

    def strikes(self) -> bool:
        """Count one meeting and say whether the rule strikes this time."""
        self.met += 1
        if self.done >= self.given.get("times", 1 if "nth" in self.given else float("inf")) or not self._chosen():
            return False
        self.done += 1
        return True

    def _chosen(self) -> bool:
        if "nth" in self.given:
            return bool(self.given["nth"] == self.met) or (self.met > self.given["nth"] and "times" in self.given)
        if "every" in self.given:
            return bool(self.met % self.given["every"] == 0)
        return self.random.random() < float(self.given.get("probability", 1.0))


class Cut(Response):
    """Ends the connection instead of answering: closed politely (`drop`) or by a TCP reset. Status 0 in the log."""

    def __init__(self, reset: bool = False) -> None:
        super().__init__()
        self.status_code = 0
        self.reset = reset

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        transport = scope["extensions"]["emulator.transport"]
        if self.reset:
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            transport.abort()
        else:
            transport.close()
        while (await receive())["type"] != "http.disconnect":
            continue


class Faults:
    """The rules in force. Methods are named as in the log: `drive.files.copy`, `slack.chat.postMessage` …"""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def set(self, rules: list[Any]) -> None:
        """Put these rules in force in place of the earlier ones; or raise FaultError and change nothing."""
        self.rules = [Rule(_checked(index, rule)) for index, rule in enumerate(rules)]

    def clear(self) -> None:
        """No faults any more."""
        self.rules = []

    async def before(self, method: str) -> Response | None:
        """Suffer what strikes before the call is applied; a Response means: do not apply it, send this."""
        return await self._suffer(method, "before")

    async def after(self, method: str) -> Response | None:
        """Suffer what strikes after the call was applied; a Response replaces the true answer."""
        return await self._suffer(method, "after")

    def lagging(self, method: str) -> float:
        """How many seconds listings by `method` lag behind the truth at present."""
        lags = [
            rule.given["seconds"]
            for rule in self.rules
            if rule.do == "lag_listings" and rule.names(method) and rule.strikes()
        ]
        return float(max(lags, default=0.0))

    async def _suffer(self, method: str, when: str) -> Response | None:
        for rule in self.rules:
            if rule.do == "lag_listings" or rule.given.get("apply", "before") != when or not rule.names(method):
                continue
            if rule.strikes():
                answer = await _effect(rule, method)
                if answer is not None:
                    return answer
        return None


async def _effect(rule: Rule, method: str) -> Response | None:
    if rule.do == "latency":
        await asyncio.sleep(rule.given["ms"] / 1000)
        return None
    if rule.do == "hang":
        await asyncio.sleep(rule.given["seconds"])
        return Cut()
    if rule.do in ("drop", "reset"):
        return Cut(reset=rule.do == "reset")
    return _status(rule.given, method)


def _status(given: Mapping[str, Any], method: str) -> Response:
    """The failing answer as the family prints it: HTML when asked, else its error envelope."""
    headers = {"Retry-After": str(given["retry_after"])} if "retry_after" in given else {}
    status = int(given["status"])
    if given.get("html"):
        page = f"<html><head><title>Error {status}</title></head><body>The server could not answer.</body></html>"
        return Response(page, status, headers, "text/html; charset=utf-8")
    body = _slack_body(given, status) if method.startswith("slack.") else _google_body(given, method, status)
    return Response(json.dumps(body, indent=2), status, headers, "application/json; charset=UTF-8")


def _slack_body(given: Mapping[str, Any], status: int) -> dict[str, Any]:
    usual = {429: "ratelimited", 200: "internal_error", 503: "service_unavailable"}.get(status, "fatal_error")
    return {"ok": False, "error": given.get("reason", usual)}


def _google_body(given: Mapping[str, Any], method: str, status: int) -> dict[str, Any]:
    from bot.emulator.google.errors import GoogleError, envelope
    from bot.emulator.google.quotas import as_recorded

    family, reason = method.split(".", 1)[0], str(given.get("reason", ""))
    if family == "oauth":
        return {"error": reason or "internal_failure", "error_description": given.get("message", "Backend Error")}
    if family != "drive" and status == 429 and not reason:
        return envelope(as_recorded(method), family)
    quota = status == 429 or reason in USAGE
    message = given.get("message") or ("Rate Limit Exceeded" if quota else "Backend Error")
    error = GoogleError(status, message, reason, domain="usageLimits" if quota else "global")
    return envelope(error, family)


def _checked(index: int, rule: Any) -> Mapping[str, Any]:
    place = f"rules[{index}]"
    if not isinstance(rule, dict) or not isinstance(rule.get("method"), str):
        raise FaultError(f"{place}: expected an object with “method” and “do”.")
    if rule.get("do") not in DEEDS:
        raise FaultError(f"{place}.do: expected one of {', '.join(DEEDS)}.")
    if unknown := sorted(set(rule) - KEYS):
        raise FaultError(f"{place}: unknown {', '.join(unknown)}.")
    needs = {"status": "status", "hang": "seconds", "lag_listings": "seconds", "latency": "ms"}.get(rule["do"])
    for key in (needs, "nth", "every", "probability", "times"):
        if key and (key in rule or key == needs):
            _check_number(f"{place}.{key}", rule.get(key), above_zero=key in ("nth", "every"))
    if rule.get("apply", "before") not in ("before", "after"):
        raise FaultError(f"{place}.apply: expected before or after.")
    return rule


def _check_number(place: str, value: Any, above_zero: bool) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0 or (above_zero and value < 1):
        raise FaultError(f"{place}: expected a number{' of at least 1' if above_zero else ''}.")
