"""What one person sees in Slack: their conversations, messages, threads, the app's home, the modal in front."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from markupsafe import Markup

from bot.emulator.page.artist import Artist, is_notice
from bot.emulator.page.drawing import Group
from bot.emulator.page.links import address
from bot.emulator.page.reader import Gone, Reader, Row
from bot.emulator.slack import app, channels, messages, sharing, timeline, views
from bot.emulator.slack.suggesting import offered

SHOWN = 150


def gather(reader: Reader, query: Mapping[str, str]) -> dict[str, Any]:
    """The values of slack.html."""
    return Messenger(reader, query).values()


class Messenger:
    """One look at Slack; everything is read once."""

    def __init__(self, reader: Reader, query: Mapping[str, str]) -> None:
        self.reader, self.query, self.workspace = reader, query, reader.workspace
        self.bot = app.installed(self.workspace)["bot_user"]

    def values(self) -> dict[str, Any]:
        about_app = "home" if self.query.get("app") == "home" else ""
        channel = None if about_app else self.channel
        inside = bool(channel and self.reader.id in channel["members"])
        return {
            "title": self._name(channel) if channel else "App home" if about_app else "Slack",
            "pen": self.reader.pen,
            "lists": self._lists(),
            "channel": channel | {"can_join": self._can_join(channel)} if channel else None,
            "me_in": inside,
            "about_app": about_app,
            "app_dm": bool(channel and self._is_app(channel)),
            "messages_href": self._href(row) if (row := self._app_channel()) else "",
            "sidebar": self._sidebar(channel, about_app),
            "invitations": self._invitations(),
            **self._heading(channel, about_app),
            **(self._stream(channel) if channel else NO_STREAM),
            **self._front(),
            "typed": self.query.get("typed", "")[:200],
            "commands": app.plan(self.workspace).commands if self.reader.me["org"] == "home" else (),
        }

    # -------------------------------------------------------------------------------------------------- conversations

    @cached_property
    def visible(self) -> list[Row]:
        return [row for row in channels.visible(self.workspace, self.reader.id) if not row["is_archived"]]

    def _latest_heard(self, row: Row) -> str:
        """The ts of the last thing that somebody else said in a channel, "0" for none."""
        if self.reader.id not in row["members"]:
            return "0"
        mine = self.reader.id
        said = (m for m in timeline.backwards(self.workspace, row["id"]) if messages.is_seen_by(m, mine))
        return next((str(m["ts"]) for m in said if m["user"] != mine and not is_notice(m)), "0")

    @cached_property
    def channel(self) -> Row | None:
        """The conversation asked for, else #general, else any; None for a person who is in none."""
        wanted = self.query.get("channel", "")
        if wanted:
            row = channels.get(self.workspace, wanted)
            if row is None or not channels.can_see(self.workspace, row, self.reader.id):
                raise Gone("There is no such conversation, or you are not in it.", self.reader.me)
            return row
        mine = [row for row in self.visible if self.reader.id in row["members"]]
        general = [row for row in mine if row["is_general"] or row["name"] == "general"]
        return next(iter([*general, *mine]), None)

    def _is_app(self, row: Row) -> bool:
        return bool(row["is_im"] and self.bot in row["members"])

    def _app_channel(self) -> Row | None:
        return next((row for row in self.visible if self._is_app(row)), None)

    def _can_join(self, row: Row) -> bool:
        return not channels.is_direct(row) and not row["is_private"] and not row["is_archived"]

    def _others(self, row: Row) -> list[Row]:
        return [self.reader.author(user) for user in row["members"] if user != self.reader.id]

    def _name(self, row: Row) -> str:
        if channels.is_direct(row):
            return ", ".join(one["name"] for one in self._others(row)) or f"{self.reader.me['name']} (you)"
        return f"#{row['name']}"

    def _href(self, row: Row) -> str:
        return address("slack", self.reader.id, channel=row["id"])

    def _invitations(self) -> list[Row]:
        """The Slack Connect invitations that wait for this person."""
        waiting = sharing.pending(self.workspace, self.reader.me["email"])
        who = self.reader.author
        return [{"id": one["id"], "name": row["name"], "by": who(one["inviter"])["name"]} for row, one in waiting]

    def _entry(self, row: Row, current: Row | None) -> Row:
        sign = "lock" if row["is_private"] else "#"
        return {
            "href": self._href(row),
            "key": f"seen/{self.reader.id}/{row['id']}",
            "latest": self._latest_heard(row),
            "current": current is not None and current["id"] == row["id"],
            "dim": self.reader.id not in row["members"],
            "sign": "●" if channels.is_direct(row) else sign,
            "label": self._name(row).removeprefix("#"),
        }

    def _sidebar(self, current: Row | None, about_app: str) -> list[tuple[str, list[Row]]]:
        named = sorted((row for row in self.visible if not channels.is_direct(row)), key=lambda row: row["name"])
        mine = [row for row in named if self.reader.id in row["members"]]
        rest = [row for row in named if self.reader.id not in row["members"]]
        direct = [row for row in self.visible if channels.is_direct(row) and self.reader.id in row["members"]]
        people = sorted((row for row in direct if not self._is_app(row)), key=self._name)
        sections = [("Channels", [self._entry(row, current) for row in mine])]
        if rest:
            sections.append(("More channels", [self._entry(row, current) for row in rest]))
        sections.append(("Direct messages", [self._entry(row, current) for row in people]))
        has_app = self.reader.me["org"] == "home" or self._app_channel() is not None
        return [*sections, *([("Apps", [self._app_entry(current, about_app)])] if has_app else [])]

    def _app_entry(self, current: Row | None, about_app: str) -> Row:
        row = self._app_channel()
        entry = self._entry(row, current) if row else {"key": "", "latest": "0", "current": False, "dim": False}
        has_news = row is not None and entry["latest"] != "0"
        home = address("slack", self.reader.id, app="home")
        name = self.workspace.people()[self.bot]["name"]
        changed = {"label": name, "sign": "◆", "href": self._href(row) if row and has_news else home}
        return entry | changed | {"current": bool(about_app) or entry["current"]}

    def _heading(self, row: Row | None, about_app: str) -> dict[str, Any]:
        if row is None:
            name = str(self.workspace.people()[self.bot]["name"]) if about_app else "Slack"
            return {"heading": name, "topic": "", "members": [], "bookmarks": []}
        marks = self.workspace.shelf.collection("bookmarks").values()
        return {
            "heading": self._name(row) + (" (archived)" if row["is_archived"] else ""),
            "topic": self.reader.pen.label(
                {"type": "mrkdwn", "text": row["topic"]["value"] or row["purpose"]["value"]}
            ),
            "members": [] if row["is_im"] else [self.reader.author(user) for user in row["members"]],
            "bookmarks": [one for one in marks if one["channel_id"] == row["id"]],
        }

    def _lists(self) -> dict[str, list[Group]]:
        """What menus of people (by what they do) and channels offer."""
        named = [row for row in self.visible if row["name"] and not row["is_mpim"]]
        chats = [row for row in self.visible if self.reader.id in row["members"]]
        return {
            "users": _by_title(row for row in self.workspace.people().values() if not row["deleted"]),
            "channels": [("", sorted((row["id"], f"#{row['name']}") for row in named))],
            "conversations": [("", sorted(((row["id"], self._name(row)) for row in chats), key=lambda one: one[1]))],
        }

    # ------------------------------------------------------------------------------------------------------- messages

    def _stream(self, channel: Row) -> dict[str, Any]:
        everything = list(messages.visible_to(self.workspace, channel, self.reader.id))
        roots = [row for row in everything if timeline.is_root(row)]
        shown = roots[-SHOWN:]
        thread = self.query.get("thread", "")
        within = [row for row in everything if thread and thread in (row["ts"], row.get("thread_ts"))]
        answers = _answers(everything)
        return {
            "messages": self._drawn(shown, channel, answers),
            "earlier": len(roots) - len(shown),
            "empty": f"This is the very beginning of {self._name(channel)[:80]}.",
            "thread": thread,
            "replies": self._drawn(within, channel, answers, threaded=False),
            "seen_key": f"seen/{self.reader.id}/{channel['id']}",
            "latest": everything[-1]["ts"] if everything else "0",
        }

    def _drawn(self, rows: list[Row], channel: Row, answers: Mapping[str, int], threaded: bool = True) -> list[Markup]:
        artist = Artist(self.reader, channel, self._lists(), self._shortcuts(), answers if threaded else {})
        before = [None, *rows]
        return [artist.draw(row, previous, threaded) for row, previous in zip(rows, before, strict=False)]

    def _shortcuts(self) -> list[Row]:
        """The app's message shortcuts, for people of the company."""
        if self.reader.me["org"] != "home":
            return []
        return [one for one in app.plan(self.workspace).shortcuts if one["type"] == "message"]

    # -------------------------------------------------------------------------------------------------- views in front

    def _front(self) -> dict[str, Any]:
        stack = views.open_for(self.workspace, self.reader.id)
        home = views.home_of(self.workspace, self.reader.id)
        return {
            "view": self._view(stack[-1]) if stack else None,
            "depth": len(stack),
            "home": self._view(home) if home else None,
        }

    def _view(self, row: Row) -> Row:
        """A view with what the app suggested for its selects."""
        view = views.shape(self.workspace, row)
        return view | {"blocks": offered(self.workspace, self.reader.id, (row["id"], ""), view["blocks"])}


NO_STREAM: dict[str, Any] = {
    "messages": [],
    "earlier": 0,
    "empty": "You are in no conversation yet. Write to somebody, or wait to be invited.",
    "thread": "",
    "replies": [],
    "seen_key": "",
    "latest": "0",
}


def _by_title(people: Iterable[Row]) -> list[Group]:
    """People in groups of one title each; apps and people of other companies come last."""
    ranked: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for row in sorted(people, key=lambda one: str(one["name"])):
        rank = 2 if row["bot"] else 1 if row["org"] != "home" else 0
        title = ("", "Outside the company", "Apps")[rank] or row["title"][:60] or "Others"
        ranked.setdefault((rank, title), []).append((row["id"], row["name"]))
    return [(title, ranked[rank, title]) for rank, title in sorted(ranked)]


def _answers(rows: Iterable[Row]) -> dict[str, int]:
    """How many replies each thread has."""
    counts: dict[str, int] = {}
    for row in rows:
        root = row.get("thread_ts")
        if root and root != row["ts"]:
            counts[root] = counts.get(root, 0) + 1
    return counts
