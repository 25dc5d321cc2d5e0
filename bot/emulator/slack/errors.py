"""How Slack says no: HTTP 200 with `ok: false`, and 429 when a limit is passed."""

from __future__ import annotations

from typing import Any


class SlackError(Exception):
    """An answer `{"ok": false, "error": code, **extra}` with HTTP status 200."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """The JSON body Slack sends for this error."""
        return {"ok": False, "error": self.code, **self.extra}


class RateLimitedError(SlackError):
    """HTTP 429 with a `Retry-After` header of whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = max(1, retry_after)


def invalid_arguments(*messages: str) -> SlackError:
    """`invalid_arguments` whose `response_metadata.messages` say which argument and why."""
    return SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {m}" for m in messages]})


def missing_scope(needed: str, provided: list[str]) -> SlackError:
    """`missing_scope` as Slack words it: what the call needs and what the token has."""
    return SlackError("missing_scope", needed=needed, provided=",".join(provided))
