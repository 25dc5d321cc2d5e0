"""The one place that decides whether a call to the outside is made again, and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeVar

import stamina

from bot.errors import OutsideError

T = TypeVar("T")

Kind = Literal["missing", "denied", "quota", "conflict", "invalid", "unreachable", "unavailable", "ambiguous"]


class CallError(OutsideError):
    """The outside answered with an error, or did not answer.

    `kind` says what to do about it: *missing*, *denied*, *conflict* and *invalid* are final answers; *quota* and
    *unreachable* mean that nothing was done; after *unavailable* it may have been done; *ambiguous* is an
    unavailable call that must not be repeated blindly: look first whether it took effect.
    `retry_after` is in seconds, None when the answer named no time.
    """

    def __init__(
        self,
        kind: Kind,
        method: str,
        message: str,
        *,
        status: int | None = None,
        reason: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{method}: {message}")
        self.kind, self.method, self.message = kind, method, message
        self.status, self.reason, self.retry_after = status, reason, retry_after


class Mark(StrEnum):
    """What a repeated call would do: nothing new, or perhaps the same thing a second time."""

    IDEMPOTENT = "idempotent"
    LOOK_FIRST = "look_first"


@dataclass(frozen=True)
class Patience:
    """How long one call is tried: at most so many attempts and seconds, with jittered waits that double."""

    attempts: int = 8
    deadline: float = 150.0
    first_wait: float = 0.5
    longest_wait: float = 32.0
    jitter: float = 1.0


def persist(act: Callable[[], T], mark: Mark, patience: Patience) -> T:
    """Call until it works, fails for good, or patience ends; the last CallError is raised.

    With LOOK_FIRST an attempt whose effect is unknown ends at once as *ambiguous*.
    """
    for attempt in stamina.retry_context(
        on=lambda error: _wait_before_next(error, mark, patience),
        attempts=patience.attempts,
        timeout=patience.deadline,
        wait_initial=patience.first_wait,
        wait_max=patience.longest_wait,
        wait_jitter=patience.jitter,
    ):
        with attempt:
            try:
                return act()
            except CallError as failure:
                if mark is Mark.LOOK_FIRST and failure.kind == "unavailable":
                    failure.kind = "ambiguous"
                raise
    raise AssertionError("stamina returns or raises")  # pragma: no cover


def _wait_before_next(error: Exception, mark: Mark, patience: Patience) -> bool | float:
    """Stamina's question after a failure: no, yes with the usual back-off, or yes after so many seconds."""
    if not isinstance(error, CallError):
        return False
    again = error.kind in ("quota", "unreachable") or (error.kind == "unavailable" and mark is Mark.IDEMPOTENT)
    if not again or error.retry_after is None:
        return again
    return error.retry_after if error.retry_after <= patience.deadline else False
