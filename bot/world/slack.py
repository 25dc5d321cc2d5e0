"""Slack as the rooms know it: people, channels, forms, and messages that are said once."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.project.wall import Audience
from bot.world.blocks import Message
from bot.world.clock import Clock
from bot.world.store import Store

log = structlog.get_logger(__name__)

TIMEOUT_SECONDS = 10
METADATA_EVENT = "implbot_message"
_LOOKS, _PAUSE_SECONDS = 2, 0.5
_KEPT = timedelta(minutes=10)

SCOPES = {  # every Web API method the bot calls, with the bot scopes it needs; the manifest is made from this
    "auth.test": (),
    "bookmarks.add": ("bookmarks:write",),
    "bookmarks.list": ("bookmarks:read",),
    "chat.getPermalink": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.create": ("groups:write",),
    "conversations.history": ("channels:history", "groups:history", "im:history"),
    "conversations.info": ("channels:read", "groups:read", "im:read"),
    "conversations.invite": ("groups:write",),
    "conversations.list": ("channels:read", "groups:read"),
    "conversations.open": ("im:write",),
    "conversations.setTopic": ("groups:write",),
    "usergroups.list": ("usergroups:read",),
    "users.info": ("users:read",),
    "users.lookupByEmail": ("users:read.email",),
    "views.open": (),
    "views.update": (),
}


class SlackFailure(Exception):
    """Slack refused (`error` is its code) or the outcome is unknown (`is_ambiguous`)."""

    def __init__(self, method: str, error: str, is_ambiguous: bool = False) -> None:
        super().__init__(f"{method}: {error}")
        self.method, self.error, self.is_ambiguous = method, error, is_ambiguous


@dataclass(frozen=True)
class Person:
    """Somebody in Slack. `is_staff` is true for active full members of our own organisation only."""

    id: str
    email: str
    name: str
    zone: str
    is_staff: bool
    is_active: bool


@dataclass(frozen=True)
class Posted:
    """Where a message stands; `is_new` tells whether this call sent it."""

    channel: str
    ts: str
    is_new: bool


class Slack:
    """One workspace through one bot token."""

    def __init__(self, client: WebClient, store: Store, clock: Clock) -> None:
        self._client, self._store, self._clock = client, store, clock
        identity = self._read("auth.test")
        self.user_id: str = identity["user_id"]
        self.team_id: str = identity["team_id"]
        self._people: dict[str, tuple[datetime, Person | None]] = {}
        self._channel_ids: dict[str, tuple[datetime, str | None]] = {}

    def scopes(self) -> frozenset[str]:
        """What the installed app may do, as Slack says in its answers."""
        granted = self._read("auth.test").headers.get("x-oauth-scopes", "")
        return frozenset(scope.strip() for scope in granted.split(",") if scope.strip())

    # Messages

    def post_once(
        self,
        key: str,
        channel: str,
        message: Message,
        audience: Audience,
        *,
        project: str | None = None,
        thread_ts: str | None = None,
        body: Any = None,
    ) -> Posted:
        """Say a message under a natural key, once; a repeat returns where it stands.

        The claim is kept before sending; where a claim has no outcome (a crash, a lost answer) the channel's history
        is searched for the key first. Raises SlackFailure; an ambiguous one leaves the claim: the next try looks.
        """
        self._check_audience(channel, audience)
        earlier = self._store.claim(key, self._clock.now(), project, body)
        if earlier is not None and earlier.channel is not None and earlier.ts is not None:
            return Posted(earlier.channel, earlier.ts, is_new=False)
        if earlier is not None and (found := self._find(key, channel)):
            return self._stands(key, found, is_new=False)
        return self._stands(key, self._post(key, channel, message, thread_ts), is_new=True)

    def update(self, channel: str, ts: str, message: Message) -> None:
        """Edit a message in place; repeating it changes nothing."""
        self._again("chat.update", channel=channel, ts=ts, **_content(message))

    def whisper(self, channel: str, user_id: str, text: str) -> None:
        """Show a line to one person only; it is not kept anywhere."""
        self._call("chat.postEphemeral", channel=channel, user=user_id, text=text)

    def direct(self, user_id: str) -> str:
        """The channel ID of the direct conversation with a person."""
        return str(self._again("conversations.open", users=user_id)["channel"]["id"])

    def permalink(self, channel: str, ts: str) -> str:
        """The address of a message."""
        return str(self._read("chat.getPermalink", channel=channel, message_ts=ts)["permalink"])

    # Forms

    def open_form(self, trigger_id: str, view: dict[str, Any]) -> None:
        """Open a form for the person whose act gave the trigger; it lives three seconds."""
        self._call("views.open", trigger_id=trigger_id, view=view)

    # People

    def person(self, user_id: str) -> Person | None:
        """Somebody by Slack ID, or None."""
        return self._remembered(user_id, lambda: self._read("users.info", user=user_id), ("user_not_found",))

    def person_by_email(self, email: str) -> Person | None:
        """Somebody by e-mail address, or None."""
        address = email.strip().lower()
        return self._remembered(address, lambda: self._read("users.lookupByEmail", email=address), ("users_not_found",))

    def email(self, user_id: str) -> str:
        """The e-mail address of somebody by Slack ID; empty when unknown."""
        person = self.person(user_id)
        return person.email if person else ""

    def groups(self) -> dict[str, frozenset[str]]:
        """The members of every user group, as user IDs by the group's handle; in one call."""
        answer = self._read("usergroups.list", include_users=True)
        return {group["handle"]: frozenset(group.get("users", ())) for group in answer["usergroups"]}

    # Channels

    def channel_id(self, name: str) -> str | None:
        """The ID of a channel that the bot can see, by name; looked up again after a while, as names change."""
        asked_at, found = self._channel_ids.get(name, (None, None))
        now = self._clock.now()
        if found is None or asked_at is None or now - asked_at > _KEPT:
            found = next((str(channel["id"]) for channel in self._channels() if channel["name"] == name), None)
            self._channel_ids[name] = (now, found)
        return found

    def ensure_channel(self, name: str, topic: str, look_first: bool) -> str:
        """A private channel of the bot's own with this name, or with the first free `name-2`, `name-3` …

        `look_first` is for a repeat after an interrupted try: a channel the bot made with this topic is then taken.
        """
        if look_first and (found := self._own_channel(name, topic)):
            return found
        for candidate in [name, *(f"{name}-{number}" for number in range(2, 20))]:
            try:
                return self._create(candidate[:80], topic)
            except SlackFailure as failure:
                if failure.is_ambiguous and (found := self._own_channel(name, topic)):
                    return found
                if failure.error != "name_taken":
                    raise
        raise SlackFailure("conversations.create", "name_taken")

    def set_topic(self, channel: str, topic: str) -> None:
        """Set a channel's topic."""
        self._again("conversations.setTopic", channel=channel, topic=topic[:250])

    def invite(self, channel: str, user_ids: Iterable[str]) -> None:
        """Bring people in, in one call; who is there already stays, and then the others are brought one by one."""
        wanted = list(dict.fromkeys(user_ids))
        try:
            self._again("conversations.invite", channel=channel, users=",".join(wanted))
        except SlackFailure as failure:
            if failure.error not in ("already_in_channel", "cant_invite_self"):
                raise
            for user_id in wanted if len(wanted) > 1 else []:
                self.invite(channel, [user_id])

    def bookmark(self, channel: str, title: str, url: str) -> None:
        """Put a link at the channel's top, unless it is there."""
        there = self._read("bookmarks.list", channel_id=channel)["bookmarks"]
        if not any(bookmark["link"] == url for bookmark in there):
            self._call("bookmarks.add", channel_id=channel, title=title, type="link", link=url)

    # Plumbing

    def _post(self, key: str, channel: str, message: Message, thread_ts: str | None) -> tuple[str, str]:
        metadata = {"event_type": METADATA_EVENT, "event_payload": {"key": self._opaque(key)}}
        try:
            answer = self._call(
                "chat.postMessage",
                channel=channel,
                thread_ts=thread_ts,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
                **_content(message),
            )
        except SlackFailure as failure:
            if not failure.is_ambiguous:
                self._store.unclaim(key)
                raise
            found = self._find(key, channel)
            if found is None:
                raise
            return found
        return answer["channel"], answer["ts"]

    def _stands(self, key: str, place: tuple[str, str], is_new: bool) -> Posted:
        self._store.sent(key, place[0], place[1], self._clock.now())
        return Posted(place[0], place[1], is_new)

    def _find(self, key: str, channel: str) -> tuple[str, str] | None:
        """Search a channel's latest messages for a key; history may lag, so look more than once."""
        for look in range(_LOOKS):
            if look:
                time.sleep(_PAUSE_SECONDS)
            answer = self._read("conversations.history", channel=channel, include_all_metadata=True, limit=200)
            for message in answer["messages"]:
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("key") == self._opaque(key):
                    return channel, message["ts"]
        return None

    def _opaque(self, key: str) -> str:
        """What a message's metadata shows of its key: readable by every member, so it says nothing."""
        return hashlib.sha256(f"{self.team_id}:{key}".encode()).hexdigest()[:24]

    def _check_audience(self, channel: str, audience: Audience) -> None:
        """Internal words never enter a channel that outsiders can read."""
        if audience.is_internal and channel.startswith(("C", "G")):
            info = self._read("conversations.info", channel=channel)["channel"]
            if info.get("is_ext_shared") or info.get("is_pending_ext_shared"):
                raise SlackFailure("chat.postMessage", "internal_post_in_shared_channel")

    def _create(self, name: str, topic: str) -> str:
        channel = str(self._call("conversations.create", name=name, is_private=True)["channel"]["id"])
        self.set_topic(channel, topic)
        return channel

    def _own_channel(self, name: str, topic: str) -> str | None:
        for channel in self._channels():
            is_ours = channel.get("creator") == self.user_id and channel["name"].startswith(name)
            if is_ours and channel.get("topic", {}).get("value", "") in ("", topic[:250]):
                return str(channel["id"])
        return None

    def _channels(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            answer = self._read(
                "conversations.list", types="public_channel,private_channel", limit=200, cursor=cursor or None
            )
            found += answer["channels"]
            cursor = answer.get("response_metadata", {}).get("next_cursor", "")
            if not cursor:
                return found

    def _remembered(self, name: str, ask: Callable[[], Any], misses: tuple[str, ...]) -> Person | None:
        asked_at, person = self._people.get(name, (None, None))
        now = self._clock.now()
        if asked_at is None or now - asked_at > _KEPT:
            try:
                person = self._person(ask()["user"])
            except SlackFailure as failure:
                if failure.error not in misses:
                    raise
                person = None
            self._people[name] = (now, person)
        return person

    def _person(self, user: dict[str, Any]) -> Person:
        is_active = not user.get("deleted")
        outsider = user.get("team_id") != self.team_id or user.get("is_restricted") or user.get("is_stranger")
        return Person(
            id=user["id"],
            email=user.get("profile", {}).get("email", "").lower(),
            name=user.get("real_name") or user.get("name", ""),
            zone=user.get("tz") or "UTC",
            is_staff=is_active and not outsider and not user.get("is_bot"),
            is_active=is_active,
        )

    def _read(self, method: str, **arguments: Any) -> Any:
        """A call that changes nothing: repeated once when its answer was lost."""
        return self._again(method, **arguments)

    def _again(self, method: str, **arguments: Any) -> Any:
        """A call whose repetition changes nothing."""
        try:
            return self._call(method, **arguments)
        except SlackFailure as failure:
            if not failure.is_ambiguous:
                raise
            log.info("asking Slack again", method=method, cause=failure.error)
            return self._call(method, **arguments)

    def _call(self, method: str, **arguments: Any) -> Any:
        given = {name: value for name, value in arguments.items() if value is not None}
        try:
            return self._client.api_call(method, json=given) if _wants_json(method) else self._form(method, given)
        except SlackApiError as error:
            code = error.response.get("error") if isinstance(error.response.data, dict) else None
            raise SlackFailure(
                method, code or f"http_{error.response.status_code}", is_ambiguous=code is None
            ) from error
        except OSError as error:
            raise SlackFailure(method, type(error).__name__, is_ambiguous=True) from error

    def _form(self, method: str, given: dict[str, Any]) -> Any:
        return self._client.api_call(method, params=given)


def connect(token: str, base_url: str) -> WebClient:
    """A client that never repeats a call by itself, except after a 429, which was not applied."""
    return WebClient(
        token=token,
        base_url=base_url,
        timeout=TIMEOUT_SECONDS,
        retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=4)],
    )


def _wants_json(method: str) -> bool:
    """Writing methods take JSON; reading ones take forms only."""
    return method.split(".")[-1] in (
        "postMessage",
        "update",
        "postEphemeral",
        "open",
        "add",
        "create",
        "setTopic",
        "invite",
    )


def _content(message: Message) -> dict[str, Any]:
    return {"text": message.text} | ({"blocks": list(message.blocks)} if message.blocks else {})
