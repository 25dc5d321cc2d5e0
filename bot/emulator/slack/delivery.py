"""Brings what happens to the app: over Socket Mode or signed HTTP, with Slack's three seconds and its event retries."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Awaitable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from bot.emulator.slack import app, bus, channels, http, payloads, socket

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]

RETRY_AFTER = (0.1, 60.0, 300.0)
NOT_INTERACTIVE = "This app is not configured to handle interactive responses."
FORM = "application/x-www-form-urlencoded"
CHANNELS, GROUPS = ("channels:read",), ("groups:read",)
NEEDED_SCOPE: dict[str, tuple[str, ...]] = {  # of these scopes one
    "app_mention": ("app_mentions:read",),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "member_joined_channel": (*CHANNELS, *GROUPS),
    "member_left_channel": (*CHANNELS, *GROUPS),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "channel_created": CHANNELS,
    "channel_rename": CHANNELS,
    "channel_archive": CHANNELS,
    "channel_unarchive": CHANNELS,
    "group_rename": GROUPS,
    "group_archive": GROUPS,
    "group_unarchive": GROUPS,
    "channel_shared": (*CHANNELS, *GROUPS),
    "pin_added": ("pins:read",),
    "pin_removed": ("pins:read",),
    "team_join": ("users:read",),
    "user_change": ("users:read",),
    "file_shared": ("files:read",),
    "link_shared": ("links:read",),
}
PUBLIC = {
    "channel_created",
    "channel_rename",
    "channel_archive",
    "channel_unarchive",
    "link_shared",
}  # heard of public channels that the app is not in, too
MESSAGE_KINDS = {"channel": "message.channels", "group": "message.groups", "im": "message.im", "mpim": "message.mpim"}


@dataclass(frozen=True)
class Ack:
    """How the app took something: "ok", "timeout", "no_receiver" or "error", and the body it answered with.

    `why` says what Slack tells the person of a failure where it has better words than its usual error. `ms` are the
    milliseconds from sending a command or an interaction to the receipt of its answer.
    """

    state: str
    body: Row | None = None
    why: str = ""
    ms: float = 0.0

    @property
    def failure(self) -> str:
        """What Slack tells the person when it went wrong."""
        return self.why or ("operation_timeout" if self.state == "timeout" else "dispatch_failed")


OK = Ack("ok")


@dataclass
class Delivery:
    """The way from the workspace to its installed app."""

    workspace: Workspace
    retry_after: tuple[float, ...] = RETRY_AFTER
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    watching: list[list[asyncio.Future[Ack]]] = field(default_factory=list)

    async def command(self, body: Row) -> Ack:
        """Send a slash command and wait for its answer."""
        return await _timed(self._command(body))

    async def interaction(self, body: Row) -> Ack:
        """Send an interaction and wait for its answer."""
        return await _timed(self._interaction(body))

    async def _command(self, body: Row) -> Ack:
        plan = app.plan(self.workspace)
        if plan.socket_mode:
            return await self._over_socket("slash_commands", body, accepts_response=True)
        url = next((item.get("url", "") for item in plan.commands if item["command"] == body["command"]), "")
        return await self._over_http(url, urlencode(body).encode(), FORM)

    async def _interaction(self, body: Row) -> Ack:
        plan = app.plan(self.workspace)
        if not plan.interactivity:
            return Ack("error", why=NOT_INTERACTIVE)
        if plan.socket_mode:
            accepts = body["type"] in ("view_submission", "block_suggestion")
            return await self._over_socket("interactive", body, accepts)
        suggests = body["type"] == "block_suggestion"
        url = plan.options_url if suggests else plan.request_url
        return await self._over_http(url, urlencode({"payload": json.dumps(body)}).encode(), FORM)

    async def verify(self) -> bool:
        """Ask the app's event URL for a challenge, as Slack does when the URL is set; True when it came back."""
        challenge = secrets.token_hex(30)
        body = {"token": self.workspace.secrets.verification_token, "challenge": challenge, "type": "url_verification"}
        url = app.plan(self.workspace).events_url
        try:
            reply = await http.post(self.workspace, url, json.dumps(body).encode(), "application/json")
        except http.DeliveryError:
            return False
        return reply.status == 200 and challenge in reply.body.decode("utf-8", "replace")

    def event(self, inner: Row) -> None:
        """Take one thing that happened; if the app subscribed to it and may see it, deliver it in the background."""
        if not self._has_listener() or not self._hears(inner):
            return
        first: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        for watched in self.watching:
            watched.append(first)
        body = payloads.event(self.workspace, json.loads(json.dumps(inner)), self._is_shared(inner))
        self.start(self._delivered(body, first))

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something in the background and keep hold of it."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    @contextmanager
    def watched(self) -> Iterator[list[asyncio.Future[Ack]]]:
        """Collects the first attempts of all events that happen meanwhile."""
        collected: list[asyncio.Future[Ack]] = []
        self.watching.append(collected)
        try:
            yield collected
        finally:
            self.watching.remove(collected)

    async def _delivered(self, body: Row, first: asyncio.Future[Ack]) -> None:
        """Deliver one event, at most four times in all."""
        life, reason = self.workspace.shelf.epoch, ""
        for attempt in range(len(self.retry_after) + 1):
            if attempt:
                await asyncio.sleep(self.retry_after[attempt - 1])
            if self.workspace.shelf.epoch != life:
                return
            ack, reason, final = await self._attempt(body, attempt, reason)
            if not first.done():
                first.set_result(ack)
            if final:
                return

    async def _attempt(self, body: Row, attempt: int, reason: str) -> tuple[Ack, str, bool]:
        """One try: the outcome, why it failed, and whether it was the last."""
        plan = app.plan(self.workspace)
        if plan.socket_mode:
            ack = await self._over_socket("events_api", body, False, retry_attempt=attempt, retry_reason=reason)
            return ack, "timeout" if ack.state == "timeout" else "", ack.state == "ok"
        more = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason} if attempt else {}
        try:
            reply = await http.post(
                self.workspace, plan.events_url, json.dumps(body).encode(), "application/json", more
            )
        except http.DeliveryError as error:
            return Ack("timeout" if error.reason == "http_timeout" else "no_receiver"), error.reason, False
        done = 200 <= reply.status < 300
        return OK if done else Ack("error"), "http_error", done or reply.no_retry

    async def _over_socket(self, kind: str, body: Row, accepts_response: bool, **retry: Any) -> Ack:
        seconds = self.workspace.settings.ack_seconds
        try:
            answer = await socket.of(self.workspace).send(kind, body, accepts_response, seconds, **retry)
        except socket.NoReceiverError:
            return Ack("no_receiver")
        except TimeoutError:
            return Ack("timeout")
        return Ack("ok", answer)

    async def _over_http(self, url: str, body: bytes, content_type: str) -> Ack:
        if not url:
            return Ack("no_receiver")
        try:
            reply = await http.post(self.workspace, url, body, content_type)
        except http.DeliveryError as error:
            return Ack("timeout" if error.reason == "http_timeout" else "no_receiver")
        return _answered(reply)

    def _has_listener(self) -> bool:
        """Whether an app could hear: it has event URLs, or was connected at least once."""
        if "installed" not in self.workspace.shelf.collection("apps"):
            return False
        plan = app.plan(self.workspace)
        return socket.of(self.workspace).opened > 0 if plan.socket_mode else bool(plan.events_url)

    def _hears(self, inner: Row) -> bool:
        """Whether the app subscribed to the event, holds its scope, and sees the place where it happened."""
        name = _subscription(inner)
        if name not in app.plan(self.workspace).events:
            return False
        token = app.find_token(self.workspace, self.workspace.secrets.slack_bot_token)
        needed = NEEDED_SCOPE.get(name)
        if needed and (token is None or not any(scope in token["scopes"] for scope in needed)):
            return False
        channel = self._channel(inner)
        return channel is None or self._is_member(channel) or (name in PUBLIC and not channel["is_private"])

    def _is_member(self, channel: Row) -> bool:
        return app.installed(self.workspace)["bot_user"] in channel["members"]

    def _channel(self, inner: Row) -> Row | None:
        """The channel where something happened, if it happened in one."""
        named = inner.get("channel") or inner.get("channel_id") or inner.get("item", {}).get("channel")
        channel_id = named["id"] if isinstance(named, dict) else named
        return channels.get(self.workspace, channel_id) if channel_id else None

    def _is_shared(self, inner: Row) -> bool:
        channel = self._channel(inner)
        return bool(channel and channel["shared_with"])


async def _timed(sending: Awaitable[Ack]) -> Ack:
    begun = time.perf_counter()
    ack = await sending
    return replace(ack, ms=(time.perf_counter() - begun) * 1000)


def _subscription(inner: Row) -> str:
    """The name by which a manifest subscribes to an event."""
    if inner["type"] == "message":
        return MESSAGE_KINDS.get(inner.get("channel_type", "channel"), "")
    return str(inner["type"])


def _answered(reply: http.Reply) -> Ack:
    """The answer to a command or an interaction over HTTP: 200 with nothing, JSON or text."""
    if reply.status != 200:
        return Ack("error")
    if not reply.body:
        return OK
    if reply.content_type.startswith("application/json"):
        try:
            body = json.loads(reply.body)
        except ValueError:
            return Ack("error")
        return Ack("ok", body or None) if isinstance(body, dict) else Ack("error")
    return Ack("ok", {"text": reply.body.decode("utf-8", "replace")})


def of(workspace: Workspace) -> Delivery:
    """The delivery of a workspace; it outlives a reset."""
    delivery: Delivery | None = workspace.connected.get("delivery")
    if delivery is None:
        delivery = workspace.connected["delivery"] = Delivery(workspace)
    return delivery


def listen(workspace: Workspace) -> None:
    """Hear of everything that happens in the workspace, once."""
    if "listening" in workspace.connected:
        return
    workspace.connected["listening"] = True
    bus.subscribe(workspace, lambda inner: _happened(workspace, inner))


def _happened(workspace: Workspace, inner: Row) -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return  # the sample is being laid out before anybody could be connected
    of(workspace).event(inner)
