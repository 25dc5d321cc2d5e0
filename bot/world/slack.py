"""Slack as the rooms know it: people, channels, forms, and messages that are said once."""

from __future__ import annotations

import hashlib
import html
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slack_sdk import WebClient

from bot.project.wall import Audience, domain_of
from bot.world.blocks import Markup, Message, escape, one_line
from bot.world.calls import Calls
from bot.world.clock import Clock
from bot.world.retry import Patience
from bot.world.store import Store
from bot.world.web_api import PATIENCE, SlackFailure, WebApi

T = TypeVar("T")

METADATA_EVENT = "implbot_message"
KEPT = timedelta(minutes=10)
"""How old an answer about a person or a channel may be, unless somebody says otherwise."""
HALF_DAY, DAY = timedelta(hours=12), timedelta(days=1)
"""How old it may be where nothing is allowed by it: who is there and who has left; somebody's name or time zone."""
_TRIES, _LOOKS, _PAUSE_SECONDS = 3, 2, 0.5
_METADATA = {"include_all_metadata": True}
_NAME_LIMIT = 80


@dataclass(frozen=True)
class Person:
    """Somebody in Slack. `is_staff` is true for active full members of our own organisation only.

    `status` is what they say of themselves, until a moment where they named one.
    """

    id: str
    email: str
    name: str
    zone: str
    is_staff: bool
    is_active: bool
    is_bot: bool = False
    status: str = ""
    status_until: datetime | None = None


@dataclass(frozen=True)
class Posted:
    """Where a message stands; `is_new` tells whether this call sent it."""

    channel: str
    ts: str
    is_new: bool


@dataclass(frozen=True)
class Channel:
    """A channel as it stands."""

    id: str
    name: str
    is_archived: bool = False
    is_shared: bool = False  # with another organisation, or offered to one


@dataclass(frozen=True)
class Conversation:
    """A conversation that the bot is in; *with_user* is the other person of a direct one."""

    id: str
    name: str
    topic: str = ""
    with_user: str = ""
    is_archived: bool = False
    is_ours: bool = False


@dataclass(frozen=True)
class Standing:
    """A message of the bot's that stands in the workspace; *key* is its natural key, made opaque."""

    channel: str
    ts: str
    key: str
    blocks: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Opened:
    """A form in front of a person, as it was when it had this hash."""

    view_id: str
    hash: str = ""


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
        self.is_heard: Callable[[], bool] = lambda: True  # whether what people do reaches us; the door knows
        self._people: dict[str, tuple[datetime, Person | None]] = {}
        self._channel_ids: dict[str, tuple[datetime, str | None]] = {}

    @property
    def calls(self) -> Calls:
        """The calls so far, until they are taken down."""
        return self._api.calls

    def ask_whether_there(self) -> None:
        """One cheap call; raises SlackFailure when Slack does not answer or does not let us in."""
        self._api.read("auth.test")

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
        thread: str = "",
    ) -> Posted:
        """Say a message under a natural key, once, perhaps in a message's thread; a repeat returns where it stands.

        The claim is kept before sending; where a claim has no outcome (a crash, a lost answer) the channel's history
        is searched for the key before it is said again. Raises SlackFailure; an ambiguous one leaves the claim.
        """
        there = self._store.sending(key)
        if there is None or there.ts is None:
            self._check_audience(channel, audience)
        earlier = self._store.claim(key, self._clock.now(), project, body)
        if earlier is not None and earlier.channel is not None and earlier.ts is not None:
            return Posted(earlier.channel, earlier.ts, is_new=False)
        if earlier is None and (known := self._store.recall(_said(self.opaque(key)))):
            return self._stands(key, (known[0], known[1]), is_new=False)  # said in an earlier life of this store
        looks = _LOOKS if earlier is not None else 1 if thread else 0  # of threads a rebuilt store knows nothing
        if found := self._find(key, channel, thread, looks):
            return self._stands(key, found, is_new=False)
        if earlier is not None:
            self._store.claim_again(key, body)
        return self._stands(key, self._post(key, channel, message, thread), is_new=True)

    def update(self, channel: str, ts: str, message: Message) -> None:
        """Edit a message in place; repeating it changes nothing."""
        self._api.repeat("chat.update", channel=channel, ts=ts, **_content(message))

    def show(self, key: str, channel: str, message: Message, audience: Audience) -> Posted:
        """One living message: posted once, then edited in place; posted again when somebody deleted it."""
        posted = self.post_once(key, channel, message, audience)
        if posted.is_new:
            return posted
        try:
            self.update(posted.channel, posted.ts, message)
        except SlackFailure as failure:
            if failure.error != "message_not_found":
                raise
            self._store.unsay(key)
            return self.post_once(key, channel, message, audience)
        return posted

    def standing(self, channel: str, oldest: str) -> set[str]:
        """The times of the bot's own messages that stand in a channel, from a message's time on."""
        messages = self._pages("conversations.history", "messages", channel=channel, oldest=oldest, inclusive=True)
        return {message["ts"] for message in messages if message.get("user") == self.user_id}

    def said_since(self, channel: str, moment: datetime) -> list[Standing]:
        """The bot's own messages that stand in a channel since a moment and carry a key, oldest first."""
        since = {"oldest": f"{moment.timestamp():.6f}", "include_all_metadata": True}
        found = []
        for message in self._pages("conversations.history", "messages", channel=channel, **since):
            told = message.get("metadata") or {}
            if message.get("user") == self.user_id and told.get("event_type") == METADATA_EVENT:
                key = str((told.get("event_payload") or {}).get("key", ""))
                found.append(Standing(channel, str(message["ts"]), key, message.get("blocks") or ()))
        return found[::-1]

    def remember_said(self, one: Standing) -> None:
        """From now on the message of this key is known to stand there: it is not said again."""
        self._store.remember(_said(one.key), [one.channel, one.ts])

    def opaque(self, key: str) -> str:
        """What a message's metadata shows of its key: readable by every member, so it says nothing."""
        return hashlib.sha256(f"{self.team_id}:{key}".encode()).hexdigest()[:24]

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

    def open_form(self, trigger_id: str, view: dict[str, Any]) -> Opened:
        """Open a form for the person whose act gave the trigger; it lives three seconds."""
        opened = self._api.once("views.open", trigger_id=trigger_id, view=view)["view"]
        return Opened(opened["id"], opened["hash"])

    def change_form(self, opened: Opened, view: dict[str, Any]) -> bool:
        """Show another view in an open form, as long as it is the one that was seen; tells whether it was.

        An empty hash means whatever it shows now. A form that was closed meanwhile needs no view.
        """
        seen = {"hash": opened.hash} if opened.hash else {}
        try:
            self._api.repeat("views.update", view_id=opened.view_id, view=view, **seen)
        except SlackFailure as failure:
            if failure.error not in ("hash_conflict", "not_found"):
                raise
            return failure.error == "not_found"
        return True

    # People

    def person(self, user_id: str, within: timedelta = KEPT) -> Person | None:
        """Somebody by Slack ID, or None; *within* is how old the answer may be."""
        return self._remembered(user_id, lambda: self._api.read("users.info", user=user_id), within)

    def person_by_email(self, email: str, within: timedelta = KEPT) -> Person | None:
        """Somebody by e-mail address, or None; what is no plain address is nobody's.

        *within* is how old the answer may be; that there is nobody is asked again after the shortest time.
        """
        address = email.strip().lower()
        if not domain_of(address):
            return None
        return self._remembered(address, lambda: self._api.read("users.lookupByEmail", email=address), within)

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
        if found is None or asked_at is None or now - asked_at > KEPT:
            found = next((str(channel["id"]) for channel in self._channels() if channel["name"] == name), None)
            self._channel_ids[name] = (now, found)
        return found

    def ensure_channel(self, name: str, topic: str, look_first: bool, *, exact: bool = False) -> Channel:
        """A private channel of the bot's own with this name, or (unless *exact*) with the first free `name-2` …

        `look_first` is for a repeat after an interrupted try: a channel the bot made with this topic is then taken.
        """
        names = _names(name)[: 1 if exact else None]
        found = self._own_channel(names, topic) if look_first else None
        channel = found or self._create(names, topic)
        if _topic(channel) != topic[:250]:
            self.set_topic(str(channel["id"]), topic)
        return _channel(channel)

    def channel(self, channel_id: str) -> Channel | None:
        """A channel by ID; None when it is gone, or private and the bot is not in it any more."""
        try:
            return _channel(self._api.read("conversations.info", channel=channel_id)["channel"])
        except SlackFailure as failure:
            if failure.error != "channel_not_found":
                raise
            return None

    def unarchive(self, channel: str) -> None:
        """Open an archived channel again."""
        try:
            self._api.repeat("conversations.unarchive", channel=channel)
        except SlackFailure as failure:
            if failure.error != "not_archived":
                raise

    def members(self, channel: str) -> set[str]:
        """The user IDs of everyone in a channel."""
        return set(self._pages("conversations.members", "members", channel=channel))

    def outsiders(self, channel: str) -> list[Person]:
        """Guests and people of other organisations in a channel; while there are some, nothing internal is posted."""
        people = (self.person(user_id) for user_id in sorted(self.members(channel) - {self.user_id}))
        found = [one for one in people if one and one.is_active and not one.is_staff and not one.is_bot]
        if found or self._store.recall(_outsiders_key(channel)):
            self._store.remember(_outsiders_key(channel), [one.id for one in found])
        return found

    def rename_channel(self, channel: str, name: str) -> str:
        """Give a channel of the bot's own this name, or the first free `name-2` …; the name it has then."""
        for one in _names(name):
            try:
                return str(self._api.repeat("conversations.rename", channel=channel, name=one)["channel"]["name"])
            except SlackFailure as failure:
                if failure.error != "name_taken":
                    raise
        raise SlackFailure("conflict", "conversations.rename", "name_taken")

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

    def take_out(self, channel: str, user_id: str) -> None:
        """Take somebody out of a channel; who is not in it is out already."""
        try:
            self._api.repeat("conversations.kick", channel=channel, user=user_id)
        except SlackFailure as failure:
            if failure.error != "not_in_channel":
                raise

    def invite_shared(self, channel: str, email: str, audience: Audience) -> str:
        """Offer a channel to one person of a customer by Slack Connect; gives the invitation's ID.

        An offer that waits already is not made again. The person must belong to the audience.
        """
        audience.admit(email)
        waiting = self._offer_to(channel, email)
        if waiting:
            return waiting

        def offer() -> str:
            answer = self._api.once("conversations.inviteShared", channel=channel, emails=[email])
            return str(answer["invite_id"])

        return _once_there(offer, lambda: self._offer_to(channel, email))

    def offers(self, channel: str) -> dict[str, str]:
        """The invitations of a channel that wait for an answer: their IDs by e-mail address."""
        listed = self._pages("conversations.listConnectInvites", "invites")
        return {
            str(one["invite"].get("recipient_email", "")).lower(): str(one["invite"]["id"])
            for one in listed
            if (one.get("channel") or {}).get("id") == channel
        }

    def _offer_to(self, channel: str, email: str) -> str | None:
        return self.offers(channel).get(email.lower())

    def bookmark(self, channel: str, title: str, url: str, look_first: bool = True) -> None:
        """Put a link at the channel's top, unless it is there; a new channel needs no look."""

        def there() -> bool:
            return url in self.bookmarks(channel)

        def add() -> bool:
            return bool(self._api.once("bookmarks.add", channel_id=channel, title=title, type="link", link=url)["ok"])

        if not (look_first and there()):
            _once_there(add, there)

    def bookmarks(self, channel: str) -> set[str]:
        """The links at a channel's top."""
        return {str(mark.get("link")) for mark in self._api.read("bookmarks.list", channel_id=channel)["bookmarks"]}

    # Plumbing

    def _post(self, key: str, channel: str, message: Message, thread: str) -> tuple[str, str]:
        metadata = {"event_type": METADATA_EVENT, "event_payload": {"key": self.opaque(key)}}
        plain = {"metadata": metadata, "unfurl_links": False, "unfurl_media": False, "thread_ts": thread or None}

        def post() -> tuple[str, str]:
            answer = self._api.once("chat.postMessage", channel=channel, **plain, **_content(message))
            return answer["channel"], answer["ts"]

        try:
            return _once_there(post, lambda: self._find(key, channel, thread))
        except SlackFailure as failure:
            if failure.kind != "ambiguous":
                self._store.unclaim(key)
            raise

    def _stands(self, key: str, place: tuple[str, str], is_new: bool) -> Posted:
        self._store.sent(key, place[0], place[1], self._clock.now())
        return Posted(place[0], place[1], is_new)

    def _find(self, key: str, channel: str, thread: str, looks: int = _LOOKS) -> tuple[str, str] | None:
        """Search a channel's, or a thread's, latest messages for a key; history may lag, so look more than once."""
        for look in range(looks):
            if look:
                time.sleep(self._pause)
            for message in self._latest(channel, thread):
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if message.get("user") == self.user_id and payload.get("key") == self.opaque(key):
                    return channel, message["ts"]
        return None

    def _latest(self, channel: str, thread: str) -> Iterable[Mapping[str, Any]]:
        if thread:
            return self._pages("conversations.replies", "messages", channel=channel, ts=thread, **_METADATA)
        return list(self._api.read("conversations.history", channel=channel, limit=200, **_METADATA)["messages"])

    def _check_audience(self, channel: str, audience: Audience) -> None:
        """Internal words never enter a channel that outsiders can read."""
        if audience.is_internal and channel.startswith(("C", "G")):
            info = self._api.read("conversations.info", channel=channel)["channel"]
            if info.get("is_ext_shared") or info.get("is_pending_ext_shared"):
                raise SlackFailure("denied", "chat.postMessage", "internal_post_in_shared_channel")
            if self._store.recall(_outsiders_key(channel)):
                raise SlackFailure("denied", "chat.postMessage", "internal_post_in_guest_channel")

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

    def conversations(self) -> list[Conversation]:
        """Every conversation that the bot is in: channels, archived ones too, and direct ones."""
        found = self._pages("users.conversations", "channels", types="public_channel,private_channel,im")
        return [
            Conversation(
                str(row["id"]),
                str(row.get("name", "")),
                _topic(row),
                str(row.get("user", "")),
                bool(row.get("is_archived")),
                row.get("creator") == self.user_id,
            )
            for row in found
        ]

    def _channels(self) -> list[dict[str, Any]]:
        """Every channel the bot is in: far fewer than the workspace has, and in a roomier rate limit."""
        kinds = {"types": "public_channel,private_channel", "exclude_archived": True}
        return list(self._pages("users.conversations", "channels", **kinds))

    def _pages(self, method: str, name: str, **arguments: Any) -> Iterator[Any]:
        """Everything that a reading method lists, page after page."""
        cursor = ""
        while True:
            answer = self._api.read(method, **arguments, limit=200, cursor=cursor or None)
            yield from answer[name]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return

    def _remembered(self, name: str, ask: Callable[[], Any], within: timedelta = KEPT) -> Person | None:
        asked_at, person = self._people.get(name, (None, None))
        now = self._clock.now()
        if name and (asked_at is None or now - asked_at > (within if person else KEPT)):
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
            is_bot=bool(user.get("is_bot")),
            status=str(profile.get("status_text") or ""),
            status_until=_moment(profile.get("status_expiration")),
        )


def _moment(seconds: Any) -> datetime | None:
    """A time of Slack's; 0 stands for never."""
    return datetime.fromtimestamp(float(seconds), UTC) if seconds else None


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


def _outsiders_key(channel: str) -> str:
    return f"outsiders:{channel}"


def _names(name: str) -> list[str]:
    """The names that a channel may get, in the order in which they are tried."""
    return [name[:_NAME_LIMIT], *(f"{name[: _NAME_LIMIT - 3]}-{number}" for number in range(2, 20))]


def _channel(row: Mapping[str, Any]) -> Channel:
    is_shared = bool(row.get("is_ext_shared") or row.get("is_pending_ext_shared"))
    return Channel(str(row["id"]), str(row.get("name", "")), bool(row.get("is_archived")), is_shared)


def _said(opaque: str) -> str:
    """Where it is remembered that a message stands which this store has not sent."""
    return f"said:{opaque}"


def _topic(channel: Mapping[str, Any]) -> str:
    """A channel's topic as it was set; Slack gives it back escaped."""
    return html.unescape((channel.get("topic") or {}).get("value", ""))


def _zone(name: str | None) -> str:
    """A time zone that this machine knows; UTC for others."""
    try:
        return ZoneInfo(name or "UTC").key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"
