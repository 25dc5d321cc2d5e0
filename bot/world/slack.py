"""Slack as the rooms know it: people, channels, forms, and messages that are said once."""

from __future__ import annotations

import hashlib
import html
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk import WebClient

from bot.project.wall import Audience, domain_of
from bot.world.blocks import Markup, Message, escape, one_line
from bot.world.clock import Clock
from bot.world.retry import Patience
from bot.world.store import Store
from bot.world.web_api import PATIENCE, SlackFailure, WebApi

T = TypeVar("T")

METADATA_EVENT = "implbot_message"
_TRIES, _LOOKS, _PAUSE_SECONDS = 3, 2, 0.5
_KEPT = timedelta(minutes=10)
_NAME_LIMIT = 80


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

    def __init__(
        self,
        client: WebClient,
        store: Store,
        clock: Clock,
        patience: Patience = PATIENCE,
        pause: float = _PAUSE_SECONDS,
    ) -> None:
        self._api, self._store, self._clock, self._pause = WebApi(client, patience), store, clock, pause
        identity = self._api.read("auth.test")
        self.user_id: str = identity["user_id"]
        self.team_id: str = identity["team_id"]
        self._people: dict[str, tuple[datetime, Person | None]] = {}
        self._channel_ids: dict[str, tuple[datetime, str | None]] = {}

    def scopes(self) -> frozenset[str]:
        """What the installed app may do, as Slack says in its answers."""
        headers = {name.lower(): value for name, value in self._api.read("auth.test").headers.items()}
        return frozenset(scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",") if scope.strip())

    # Messages

    def post_once(
        self,
        key: str,
        channel: str,
        message: Message,
        audience: Audience,
        *,
        project: str | None = None,
        body: Any = None,
    ) -> Posted:
        """Say a message under a natural key, once; a repeat returns where it stands.

        The claim is kept before sending; where a claim has no outcome (a crash, a lost answer) the channel's history
        is searched for the key before it is said again. Raises SlackFailure; an ambiguous one leaves the claim.
        """
        self._check_audience(channel, audience)
        earlier = self._store.claim(key, self._clock.now(), project, body)
        if earlier is not None and earlier.channel is not None and earlier.ts is not None:
            return Posted(earlier.channel, earlier.ts, is_new=False)
        if earlier is not None and (found := self._find(key, channel)):
            return self._stands(key, found, is_new=False)
        if earlier is not None:
            self._store.claim_again(key, body)
        return self._stands(key, self._post(key, channel, message), is_new=True)

    def update(self, channel: str, ts: str, message: Message) -> None:
        """Edit a message in place; repeating it changes nothing."""
        self._api.repeat("chat.update", channel=channel, ts=ts, **_content(message))

    def whisper(self, channel: str, user_id: str, text: str) -> None:
        """Show a line to one person only; it is not kept anywhere, so that it may be shown twice."""
        self._api.repeat("chat.postEphemeral", channel=channel, user=user_id, text=_safe(text))

    def direct(self, user_id: str) -> str:
        """The channel ID of the direct conversation with a person."""
        return str(self._api.repeat("conversations.open", users=user_id)["channel"]["id"])

    def permalink(self, channel: str, ts: str) -> str:
        """The address of a message."""
        return str(self._api.read("chat.getPermalink", channel=channel, message_ts=ts)["permalink"])

    # Forms

    def open_form(self, trigger_id: str, view: dict[str, Any]) -> None:
        """Open a form for the person whose act gave the trigger; it lives three seconds."""
        self._api.once("views.open", trigger_id=trigger_id, view=view)

    # People

    def person(self, user_id: str) -> Person | None:
        """Somebody by Slack ID, or None."""
        return self._remembered(user_id, lambda: self._api.read("users.info", user=user_id))

    def person_by_email(self, email: str) -> Person | None:
        """Somebody by e-mail address, or None; what is no plain address is nobody's."""
        address = email.strip().lower()
        if not domain_of(address):
            return None
        return self._remembered(address, lambda: self._api.read("users.lookupByEmail", email=address))

    def email(self, user_id: str) -> str:
        """The e-mail address of somebody by Slack ID; empty when unknown."""
        person = self.person(user_id)
        return person.email if person else ""

    def groups(self) -> dict[str, frozenset[str]]:
        """The members of every user group, as user IDs by the group's handle; in one call."""
        answer = self._api.read("usergroups.list", include_users=True)
        return {group["handle"]: frozenset(group.get("users", ())) for group in answer["usergroups"]}

    # Channels

    def channel_id(self, name: str) -> str | None:
        """The ID of a channel that the bot is in, by name; looked up again after a while, as names change."""
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
        names = [name[:_NAME_LIMIT], *(f"{name[: _NAME_LIMIT - 3]}-{number}" for number in range(2, 20))]
        found = self._own_channel(names, topic) if look_first else None
        channel = found or self._create(names, topic)
        if _topic(channel) != topic[:250]:
            self.set_topic(str(channel["id"]), topic)
        return str(channel["id"])

    def set_topic(self, channel: str, topic: str) -> None:
        """Set a channel's topic."""
        self._api.repeat("conversations.setTopic", channel=channel, topic=topic[:250])

    def invite(self, channel: str, user_ids: Iterable[str]) -> None:
        """Bring people in, in one call; who is there already stays, and then the others are brought one by one."""
        wanted = [user_id for user_id in dict.fromkeys(user_ids) if user_id not in ("", self.user_id)]
        if not wanted:
            return
        try:
            self._api.repeat("conversations.invite", channel=channel, users=",".join(wanted))
        except SlackFailure as failure:
            if failure.error != "already_in_channel":
                raise
            for user_id in wanted if len(wanted) > 1 else []:
                self.invite(channel, [user_id])

    def bookmark(self, channel: str, title: str, url: str) -> None:
        """Put a link at the channel's top, unless it is there."""

        def there() -> bool:
            marks = self._api.read("bookmarks.list", channel_id=channel)["bookmarks"]
            return any(mark["link"] == url for mark in marks)

        def add() -> bool:
            return bool(self._api.once("bookmarks.add", channel_id=channel, title=title, type="link", link=url)["ok"])

        if not there():
            _once_there(add, there)

    # Plumbing

    def _post(self, key: str, channel: str, message: Message) -> tuple[str, str]:
        metadata = {"event_type": METADATA_EVENT, "event_payload": {"key": self._opaque(key)}}
        plain = {"metadata": metadata, "unfurl_links": False, "unfurl_media": False}

        def post() -> tuple[str, str]:
            answer = self._api.once("chat.postMessage", channel=channel, **plain, **_content(message))
            return answer["channel"], answer["ts"]

        try:
            return _once_there(post, lambda: self._find(key, channel))
        except SlackFailure as failure:
            if failure.kind != "ambiguous":
                self._store.unclaim(key)
            raise

    def _stands(self, key: str, place: tuple[str, str], is_new: bool) -> Posted:
        self._store.sent(key, place[0], place[1], self._clock.now())
        return Posted(place[0], place[1], is_new)

    def _find(self, key: str, channel: str) -> tuple[str, str] | None:
        """Search a channel's latest messages for a key; history may lag, so look more than once."""
        for look in range(_LOOKS):
            if look:
                time.sleep(self._pause)
            answer = self._api.read("conversations.history", channel=channel, include_all_metadata=True, limit=200)
            for message in answer["messages"]:
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if message.get("user") == self.user_id and payload.get("key") == self._opaque(key):
                    return channel, message["ts"]
        return None

    def _opaque(self, key: str) -> str:
        """What a message's metadata shows of its key: readable by every member, so it says nothing."""
        return hashlib.sha256(f"{self.team_id}:{key}".encode()).hexdigest()[:24]

    def _check_audience(self, channel: str, audience: Audience) -> None:
        """Internal words never enter a channel that outsiders can read."""
        if audience.is_internal and channel.startswith(("C", "G")):
            info = self._api.read("conversations.info", channel=channel)["channel"]
            if info.get("is_ext_shared") or info.get("is_pending_ext_shared"):
                raise SlackFailure("denied", "chat.postMessage", "internal_post_in_shared_channel")

    def _create(self, names: Sequence[str], topic: str) -> Mapping[str, Any]:
        for name in names:
            try:
                return _once_there(lambda name=name: self._made(name), lambda: self._own_channel(names, topic))  # type: ignore[misc]  # a default keeps the loop's value
            except SlackFailure as failure:
                if failure.error != "name_taken":
                    raise
        raise SlackFailure("conflict", "conversations.create", "name_taken")

    def _made(self, name: str) -> Mapping[str, Any]:
        channel: Mapping[str, Any] = self._api.once("conversations.create", name=name, is_private=True)["channel"]
        return channel

    def _own_channel(self, names: Sequence[str], topic: str) -> Mapping[str, Any] | None:
        """The channel the bot made under this topic; else one of these names that has no topic yet."""
        ours = [channel for channel in self._channels() if channel.get("creator") == self.user_id]
        named = [channel for channel in ours if channel["name"] in names and not _topic(channel)]
        return next((channel for channel in ours if _topic(channel) == topic[:250]), next(iter(named), None))

    def _channels(self) -> list[dict[str, Any]]:
        """Every channel the bot is in: far fewer than the workspace has, and in a roomier rate limit."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = {"limit": 200, "cursor": cursor or None, "exclude_archived": True}
            answer = self._api.read("users.conversations", types="public_channel,private_channel", **page)
            found += answer["channels"]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return found

    def _remembered(self, name: str, ask: Callable[[], Any]) -> Person | None:
        asked_at, person = self._people.get(name, (None, None))
        now = self._clock.now()
        if name and (asked_at is None or now - asked_at > _KEPT):
            try:
                person = self._person(ask()["user"])
            except SlackFailure as failure:
                if failure.error not in ("user_not_found", "users_not_found", "user_not_visible"):
                    raise
                person = None
            self._people[name] = (now, person)
        return person

    def _person(self, user: dict[str, Any]) -> Person:
        is_active, profile = not user.get("deleted"), user.get("profile", {})
        outsider = user.get("team_id") != self.team_id or user.get("is_restricted") or user.get("is_stranger")
        return Person(
            id=user["id"],
            email=profile.get("email", "").lower(),
            name=user.get("real_name") or profile.get("real_name") or user.get("name", ""),
            zone=_zone(user.get("tz")),
            is_staff=is_active and not outsider and not user.get("is_bot"),
            is_active=is_active,
        )


def _once_there(act: Callable[[], T], look: Callable[[], T | None]) -> T:
    """Act; where the outcome is unknown, look for it, and act again only if it is not there."""
    for left in reversed(range(_TRIES)):
        try:
            return act()
        except SlackFailure as failure:
            if failure.kind != "ambiguous":
                raise
            if found := look():
                return found
            if not left:
                raise
    raise AssertionError("returns or raises")  # pragma: no cover


def _content(message: Message) -> dict[str, Any]:
    text = message.text if isinstance(message.text, Markup) or not message.blocks else one_line(message.text)
    return {"text": _safe(text)} | ({"blocks": list(message.blocks)} if message.blocks else {})


def _safe(text: str) -> Markup:
    """Words as markup: what was not made by `md` is escaped."""
    return text if isinstance(text, Markup) else escape(text)


def _topic(channel: Mapping[str, Any]) -> str:
    """A channel's topic as it was set; Slack gives it back escaped."""
    return html.unescape((channel.get("topic") or {}).get("value", ""))


def _zone(name: str | None) -> str:
    """A time zone that this machine knows; UTC for others."""
    try:
        return ZoneInfo(name or "UTC").key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"
