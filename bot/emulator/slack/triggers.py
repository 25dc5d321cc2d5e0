"""What an interaction lets the app do for a short while: open a view with its trigger, answer at its response_url.

All of it runs on real time: a trigger lives three seconds and works once, a response_url takes five answers in half
an hour.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.emulator.slack import app
from bot.emulator.slack.errors import SlackError

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_USES = 5
KEPT = 1000


@dataclass
class Trigger:
    """A person's consent to see one view; `view_id` is the view they acted in, if any."""

    user: str
    view_id: str | None
    born: float
    used: bool = False


@dataclass
class ResponseUrl:
    """Where the app may answer an interaction: `ts` is the message it came from, None for commands."""

    user: str
    channel: str
    ts: str | None
    ephemeral: bool
    born: float
    thread_ts: str | None = None
    uses: int = 0


class Granted:
    """The triggers and response URLs given out in one workspace; the oldest are forgotten."""

    def __init__(self) -> None:
        self.triggers: dict[str, Trigger] = {}
        self.urls: dict[str, ResponseUrl] = {}


def of(workspace: Workspace) -> Granted:
    """What this workspace has given out since its start or reset."""
    granted: Granted = workspace.live.setdefault("granted", Granted())
    return granted


def issue(workspace: Workspace, user: str, view_id: str | None = None) -> str:
    """A fresh trigger_id."""
    number = workspace.shelf.counter("triggers")
    trigger_id = f"{10**9 + number}.{app.team(workspace)['id']}.{secrets.token_hex(16)}"
    _remember(of(workspace).triggers, trigger_id, Trigger(user, view_id, time.monotonic()))
    return trigger_id


def redeem(workspace: Workspace, trigger_id: str) -> Trigger:
    """Use a trigger up; raises invalid_trigger_id, exchanged_trigger_id or expired_trigger_id."""
    trigger = check(workspace, trigger_id)
    trigger.used = True
    return trigger


def check(workspace: Workspace, trigger_id: str) -> Trigger:
    """The trigger if it may be used now; raises as `redeem` does."""
    trigger = of(workspace).triggers.get(trigger_id)
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if time.monotonic() - trigger.born > TRIGGER_SECONDS:
        raise SlackError("expired_trigger_id")
    return trigger


def response_url(
    workspace: Workspace,
    kind: str,
    user: str,
    channel: str,
    ts: str | None = None,
    ephemeral: bool = False,
    thread_ts: str | None = None,
) -> str:
    """A fresh response_url; `kind` is "commands" or "actions"."""
    key = f"{app.team(workspace)['id']}/{10**12 + workspace.shelf.counter('response_urls')}/{secrets.token_urlsafe(18)}"
    granted = ResponseUrl(user, channel, ts, ephemeral, time.monotonic(), thread_ts)
    _remember(of(workspace).urls, f"{kind}/{key}", granted)
    return f"{workspace.url}/{kind}/{key}"


def answerable(workspace: Workspace, key: str) -> ResponseUrl:
    """Count one use of a response_url (`commands/T…/…`); raises not_found, expired_url or used_url."""
    url = of(workspace).urls.get(key)
    if url is None:
        raise SlackError("not_found")
    if time.monotonic() - url.born > RESPONSE_SECONDS:
        raise SlackError("expired_url")
    if url.uses >= RESPONSE_USES:
        raise SlackError("used_url")
    url.uses += 1
    return url


def _remember(kept: dict[str, Any], key: str, value: Any) -> None:
    kept[key] = value
    while len(kept) > KEPT:
        del kept[next(iter(kept))]
