"""Draws messages as one person sees them, and keeps each drawing until something in it changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from markupsafe import Markup

from bot.emulator.page.drawing import draw
from bot.emulator.page.links import address
from bot.emulator.page.reader import Reader, Row
from bot.emulator.slack import mrkdwn
from bot.emulator.slack.blockkit import blocks_mentions
from bot.emulator.slack.emoji import EMOJI
from bot.emulator.slack.mrkdwn import mentions
from bot.emulator.slack.suggesting import offered
from bot.emulator.workspace import Workspace

NEAR_SECONDS = 300
NOTICES = ("_join", "_leave", "_topic", "_purpose", "_name", "_archive", "_unarchive")
KEPT = 3000  # drawings per workspace

_drawings: WeakKeyDictionary[Workspace, dict[int, Markup]] = WeakKeyDictionary()


class Artist:
    """Draws the messages of one channel for one reader."""

    def __init__(
        self, reader: Reader, channel: Row, lists: Mapping[str, Any], shortcuts: list[Row], answers: Mapping[str, int]
    ) -> None:
        self.reader, self.lists, self.shortcuts, self.answers = reader, lists, shortcuts, answers
        self.inside = reader.id in channel["members"]
        today = str(reader.pen.now.astimezone(reader.pen.zone).date())
        names = [reader.names.users, reader.names.channels, reader.names.groups]
        self.around = json.dumps([reader.me, self.inside, today, shortcuts, names, lists])

    def draw(self, row: Row, before: Row | None, threaded: bool) -> Markup:
        """One message below the one before it; `threaded` shows how many replies it has."""
        row = self._offered(row)
        values = [row, _place(before), threaded, self.answers.get(row["ts"], 0), self._held(row)]
        key = hash((self.around, json.dumps(values)))
        kept = _drawings.setdefault(self.reader.workspace, {})
        if key not in kept:
            while len(kept) >= KEPT:
                del kept[next(iter(kept))]
            kept[key] = self._fresh(row, before, threaded)
        return kept[key]

    def _offered(self, row: Row) -> Row:
        """The message with what the app suggested for its selects."""
        place = row["channel"], row["ts"]
        return row | {"blocks": offered(self.reader.workspace, self.reader.id, place, row.get("blocks") or [])}

    def _fresh(self, row: Row, before: Row | None, threaded: bool) -> Markup:
        values = {"m": self._values(row, before), "threaded": threaded, "me": self.reader.id, "me_in": self.inside}
        more = {"pen": self.reader.pen, "lists": self.lists, "shortcuts": self.shortcuts}
        return draw("message.html", **values, **more)

    def _values(self, row: Row, before: Row | None) -> Row:
        pen = self.reader.pen
        day = pen.day(row["ts"])
        new_day = before is None or pen.day(before["ts"]) != day
        return {
            "ts": row["ts"],
            "channel": row["channel"],
            "thread": row.get("thread_ts", ""),
            "time": pen.clock(row["ts"]),
            "full_time": f"{day}, {pen.clock(row['ts'])}",
            "day": day if new_day else "",
            "author": self._author(row),
            "notice": is_notice(row),
            "mine": row["user"] == self.reader.id and not row.get("ephemeral_to"),
            "typed": mrkdwn.render_plain(row["text"], self.reader.names, pen.zone)[:4000],
            "html": pen.wire(row["text"]) if row["text"] else "",
            "blocks": row.get("blocks") or [],
            "attachments": [self._attachment(one) for one in row.get("attachments") or ()],
            "files": [self._file(one) for one in row.get("files") or ()],
            "edited": bool(row.get("edited")),
            "ephemeral": bool(row.get("ephemeral_to")),
            "pinged": self._pings_me(row),
            "reactions": self._reactions(row),
            "replies": self.answers.get(row["ts"], 0),
            "follows": not new_day and before is not None and _follows(before, row),
        }

    def _author(self, row: Row) -> Row:
        """Who wrote it; an app may post under another name."""
        author = self.reader.author(row["user"])
        return {**author, "name": str(row.get("username") or author["name"])}

    def _attachment(self, given: Row) -> Row:
        color = str(given.get("color", "")).lstrip("#")
        title = str(given.get("title", ""))
        text = str(given.get("text") or given.get("fallback") or "")
        is_hex = len(color) == 6 and all(letter in "0123456789abcdefABCDEF" for letter in color)
        return {
            "color": f"#{color}" if is_hex else "#dfe5e4",
            "blocks": given.get("blocks") or [],
            "html": self.reader.pen.wire("\n".join(part for part in (f"*{title}*" if title else "", text) if part)),
        }

    def _file(self, key: str) -> Row:
        """A file's name and where its bytes are; one that was deleted says so."""
        row = self.reader.workspace.shelf.collection("files_slack").get(key)
        if row is None:
            return {"name": "This file was deleted.", "href": ""}
        return {"name": str(row.get("title") or row["name"]), "href": address(f"file/{key}", self.reader.id)}

    def _pings_me(self, row: Row) -> bool:
        if row["user"] == self.reader.id or row.get("ephemeral_to") or is_notice(row):
            return False
        pinged = blocks_mentions(row.get("blocks") or []) | mentions(row["text"])
        groups = self.reader.workspace.shelf.collection("groups")
        in_group = any(self.reader.id in groups.get(key, {}).get("members", ()) for key in pinged.groups)
        return self.reader.id in pinged.users or in_group or bool(pinged.broadcast and self.inside)

    def _held(self, row: Row) -> list[Row]:
        """The reactions under a message."""
        held = self.reader.workspace.shelf.collection("reactions").get(f"{row['channel']}:{row['ts']}")
        return list(held["reactions"]) if held else []

    def _reactions(self, row: Row) -> list[Row]:
        return [
            {
                "name": one["name"],
                "sign": EMOJI.get(one["name"], f":{one['name']}:"),
                "count": one["count"],
                "mine": self.reader.id in one["users"],
                "who": ", ".join(self.reader.author(user)["name"][:60] for user in one["users"]),
            }
            for one in self._held(row)
        ]


def is_notice(row: Row) -> bool:
    """Whether Slack wrote the line itself: somebody joined, the topic changed."""
    return str(row.get("subtype", "")).endswith(NOTICES)


def _place(before: Row | None) -> list[Any]:
    """What of the message before matters to the one below it."""
    if before is None:
        return []
    return [before["ts"], before["user"], before.get("username"), before.get("ephemeral_to"), is_notice(before)]


def _follows(before: Row, row: Row) -> bool:
    """Whether a message stands under the one before without repeating who wrote it."""
    same = before["user"] == row["user"] and before.get("username") == row.get("username")
    plain = not is_notice(before) and not row.get("ephemeral_to") and not before.get("ephemeral_to")
    return same and plain and float(row["ts"]) - float(before["ts"]) < NEAR_SECONDS
