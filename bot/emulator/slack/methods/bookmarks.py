"""bookmarks.*: the links at a channel's top."""

from __future__ import annotations

import re
from typing import Any

from bot.emulator.slack import reach
from bot.emulator.slack.errors import SlackError, invalid_arguments
from bot.emulator.slack.gateway import SlackCall, method
from bot.emulator.slack.ids import new_id, seconds

Row = dict[str, Any]

MOST = 100
LINK = re.compile(r"https?://\S+")
EMOJI = re.compile(r":[a-z0-9_+'-]+:")


@method(
    "bookmarks.add",
    scopes=("bookmarks:write",),
    tier=2,
    required=("channel_id", "title", "type"),
    notes="Links only: no folders, files or messages.",
)
def add(call: SlackCall) -> Row:
    """Put a link at a channel's top; it comes last."""
    channel = _channel(call)
    if call.text("type") != "link":
        raise SlackError("invalid_bookmark_type")
    if len(_of(call, channel["id"])) >= MOST:
        raise SlackError("too_many_bookmarks")
    row: Row = {"id": new_id("Bk"), "channel_id": channel["id"], **_fields(call, required=True)}
    row |= {"icon_url": None, "type": "link", "entity_id": None, "date_created": seconds(call.workspace)}
    row |= {"date_updated": 0, "rank": _rank(call), "shortcut_id": None, "app_id": call.token["app_id"]}
    row |= {"last_updated_by_user_id": call.user, "last_updated_by_team_id": reach.home_team(call.workspace)}
    row["app_action_id"] = None
    call.workspace.shelf.collection("bookmarks")[row["id"]] = row
    return {"bookmark": row}


def _channel(call: SlackCall) -> Row:
    channel = reach.channel(call, "channel_id")
    if call.user not in channel["members"]:
        raise SlackError("permission_denied")
    return channel


def _rank(call: SlackCall) -> str:
    """Letters that sort in the order of adding."""
    number = call.workspace.shelf.counter("bookmark_ranks")
    return f"{chr(ord('a') + (number // 676) % 26)}{chr(ord('a') + (number // 26) % 26)}{chr(ord('a') + number % 26)}"


def _fields(call: SlackCall, required: bool) -> Row:
    """Title, link and emoji as given, checked."""
    fields: Row = {}
    if required or call.given("title"):
        fields["title"] = _title(call)
    if required or call.given("link"):
        fields["link"] = _link(call)
    emoji = call.text("emoji")
    if emoji and not EMOJI.fullmatch(emoji):
        raise SlackError("invalid_emoji")
    return fields | ({"emoji": emoji} if required or call.given("emoji") else {})


def _title(call: SlackCall) -> str:
    title = call.text("title")
    if not title:
        raise invalid_arguments("must be more than 0 characters [json-pointer:/title]")
    if len(title) > 256:
        raise invalid_arguments("must be less than 257 characters [json-pointer:/title]")
    return title


def _link(call: SlackCall) -> str:
    link = call.text("link")
    if len(link) > 2048:
        raise invalid_arguments("must be less than 2049 characters [json-pointer:/link]")
    if not LINK.fullmatch(link):
        raise SlackError("invalid_link")
    return link


def _of(call: SlackCall, channel_id: str) -> list[Row]:
    rows = call.workspace.shelf.collection("bookmarks").values()
    return sorted((row for row in rows if row["channel_id"] == channel_id), key=lambda row: str(row["rank"]))


@method("bookmarks.list", scopes=("bookmarks:read",), tier=3, required=("channel_id",))
def list_(call: SlackCall) -> Row:
    """A channel's bookmarks in their order."""
    return {"bookmarks": _of(call, _channel(call)["id"])}


@method("bookmarks.edit", scopes=("bookmarks:write",), tier=2, required=("channel_id", "bookmark_id"))
def edit(call: SlackCall) -> Row:
    """Change title, link or emoji."""
    row = _found(call)
    row |= _fields(call, required=False)
    row |= {"date_updated": seconds(call.workspace), "last_updated_by_user_id": call.user}
    call.workspace.shelf.collection("bookmarks").save(row["id"])
    return {"bookmark": row}


@method("bookmarks.remove", scopes=("bookmarks:write",), tier=2, required=("channel_id", "bookmark_id"))
def remove(call: SlackCall) -> Row:
    """Take a bookmark away."""
    del call.workspace.shelf.collection("bookmarks")[_found(call)["id"]]
    return {}


def _found(call: SlackCall) -> Row:
    channel = _channel(call)
    row = call.workspace.shelf.collection("bookmarks").get(call.text("bookmark_id"))
    if row is None or row["channel_id"] != channel["id"]:
        raise SlackError("not_found")
    return row
