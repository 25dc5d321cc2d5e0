"""The one door to Slack's Web API: the methods the bot calls, one typed error, and what is called again."""

from __future__ import annotations

import os
import re
import socket
import ssl
from collections.abc import Callable, Mapping
from functools import cache
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.world.calls import SLACK, Calls
from bot.world.retry import CallError, Kind, Mark, Patience, persist

TIMEOUT_SECONDS = 10
PATIENCE = Patience(attempts=5, deadline=90.0, first_wait=0.3, longest_wait=5.0, jitter=0.3)
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SHUT_OUT = ("account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked")
UNSURE = ("fatal_error", "internal_error", "service_unavailable")  # some of it may have happened, says Slack

SCOPES = {  # every Web API method the bot calls, with the bot scopes it needs; the manifest is made from this
    "apps.connections.open": (),  # asked with the app-level token, for Socket Mode
    "auth.test": (),
    "bookmarks.add": ("bookmarks:write",),
    "bookmarks.list": ("bookmarks:read",),
    "chat.getPermalink": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.create": ("groups:write",),
    "conversations.history": ("channels:history", "groups:history", "im:history"),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.invite": ("groups:write",),
    "conversations.inviteShared": ("conversations.connect:write",),
    "conversations.kick": ("groups:write",),
    "conversations.listConnectInvites": ("conversations.connect:manage",),
    "conversations.members": ("channels:read", "groups:read"),
    "conversations.open": ("im:write",),
    "conversations.rename": ("groups:write",),
    "conversations.replies": ("channels:history", "groups:history", "im:history"),
    "conversations.setTopic": ("groups:write",),
    "conversations.unarchive": ("groups:write",),
    "usergroups.list": ("usergroups:read",),
    "users.conversations": ("channels:read", "groups:read", "im:read"),
    "users.info": ("users:read",),
    "users.lookupByEmail": ("users:read.email",),
    "views.open": (),
    "views.update": (),
}


class SlackFailure(CallError):
    """Slack refused a call (`error` is its code), or did not answer it. See CallError for the kinds."""

    def __init__(
        self, kind: Kind, method: str, error: str, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(kind, method, error, status=status, reason=error, retry_after=retry_after)
        self.error = error.split(" ")[0]

    @property
    def is_answer(self) -> bool:
        """True when Slack is there and lets us in, whatever it said about this call."""
        return self.kind not in ("unreachable", "unavailable", "ambiguous") and self.error not in SHUT_OUT


class WebApi:
    """Calls with one bot token, each made again as far as its kind allows."""

    def __init__(self, client: WebClient, patience: Patience = PATIENCE) -> None:
        self._client, self._patience = client, patience
        self.calls = Calls()

    def read(self, method: str, **arguments: Any) -> Any:
        """A call that changes nothing. Reading methods take forms only, writing ones JSON."""
        return self._call(method, Mark.IDEMPOTENT, lambda: self._client.api_call(method, params=_given(arguments)))

    def repeat(self, method: str, **arguments: Any) -> Any:
        """A writing call whose repetition changes nothing."""
        return self._call(method, Mark.IDEMPOTENT, lambda: self._client.api_call(method, json=_given(arguments)))

    def once(self, method: str, **arguments: Any) -> Any:
        """A call that is not made again when it may have taken effect: it fails as ambiguous then."""
        return self._call(method, Mark.LOOK_FIRST, lambda: self._client.api_call(method, json=_given(arguments)))

    def _call(self, method: str, mark: Mark, act: Callable[[], SlackResponse]) -> Any:
        return persist(lambda: self._counted(method, act), mark, self._patience)

    def _counted(self, method: str, act: Callable[[], SlackResponse]) -> SlackResponse:
        self.calls.note(SLACK)
        try:
            answer = _answered(method, act)
        except SlackFailure as failure:
            if failure.is_answer:
                self.calls.answer()
            raise
        self.calls.answer()
        return answer


def connect(token: str, base_url: str) -> WebClient:
    """A client that never repeats a call by itself; whether to repeat is decided in world/retry.py."""
    if urlsplit(base_url).hostname in LOOPBACK:
        _bypass_proxies()
    return WebClient(token=token, base_url=base_url, timeout=TIMEOUT_SECONDS, retry_handlers=[], ssl=_trusted())


@cache
def _trusted() -> ssl.SSLContext:
    """The machine's certificates, read once: the client would read them anew for each call, which takes 40 ms."""
    return ssl.create_default_context()


def check_app_token(token: str, base_url: str) -> None:
    """Ask for a Socket Mode address with the app-level token, without using it; raises SlackFailure."""
    WebApi(connect(token, base_url)).repeat("apps.connections.open")


def _bypass_proxies() -> None:
    """A proxy of the machine must not catch a workspace on loopback; the client heeds the environment only."""
    names = [name for name in os.environ.get("no_proxy", os.environ.get("NO_PROXY", "")).split(",") if name]
    os.environ["no_proxy"] = ",".join(dict.fromkeys([*names, *LOOPBACK]))


def _given(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value is not None}


def _answered(method: str, act: Callable[[], SlackResponse]) -> SlackResponse:
    """Slack's answer, or a SlackFailure for whatever came instead of it."""
    try:
        return act()
    except SlackApiError as error:
        raise _refusal(method, error.response) from error
    except URLError as error:
        never_sent = isinstance(error.reason, (ConnectionRefusedError, socket.gaierror))
        raise SlackFailure("unreachable" if never_sent else "unavailable", method, "no_connection") from error
    except (OSError, HTTPException, ValueError) as error:
        raise SlackFailure("unavailable", method, f"no_usable_answer ({type(error).__name__})") from error


def _refusal(method: str, answer: SlackResponse) -> SlackFailure:
    """A code of Slack's is a definite no; a 5xx, another format or a code that admits doubt is not."""
    data, status = answer.data if isinstance(answer.data, dict) else {}, answer.status_code
    code = str(data.get("error", ""))
    if status == 429 or code == "ratelimited":
        return SlackFailure("quota", method, "ratelimited", status=status, retry_after=_seconds(answer.headers))
    if status >= 500 or code in UNSURE or not re.fullmatch(r"[a-z0-9_]+", code):
        return SlackFailure("unavailable", method, f"http_{status}", status=status)
    needed = f" (needs {data['needed']})" if data.get("needed") else ""
    return SlackFailure("invalid", method, code + needed, status=status)


def _seconds(headers: Mapping[str, str]) -> float | None:
    """Retry-After in seconds; nonsense counts as absent."""
    value = next((str(value) for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(value) if value.isdigit() else None
