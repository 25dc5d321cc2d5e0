"""reactions.*: emoji that people and apps put under messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.emulator.slack import bus, messages, reach
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.gateway import SlackCall, method
from bot.emulator.slack.ids import next_ts
from bot.emulator.slack.methods.chat import permalink

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]

NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")
MOST_KINDS = 23


def react(workspace: Workspace, user: str, row: Row, name: str) -> None:
    """Put a reaction under a message as `user`; raises already_reacted, invalid_name or too_many_reactions."""
    name = name.strip(":")
    if not NAME.fullmatch(name):
        raise SlackError("invalid_name")
    held = _held(workspace, row)
    kind = next((item for item in held if item["name"] == name), None)
    if kind and user in kind["users"]:
        raise SlackError("already_reacted")
    if kind is None:
        if len(held) >= MOST_KINDS:
            raise SlackError("too_many_reactions")
        kind = {"name": name, "users": [], "count": 0}
        held.append(kind)
    kind["users"].append(user)
    kind["count"] = len(kind["users"])
    _changed(workspace, user, row, name, "reaction_added")


def unreact(workspace: Workspace, user: str, row: Row, name: str) -> None:
    """Take a reaction away; raises no_reaction."""
    name = name.strip(":")
    held = _held(workspace, row)
    kind = next((item for item in held if item["name"] == name and user in item["users"]), None)
    if kind is None:
        raise SlackError("no_reaction")
    kind["users"].remove(user)
    kind["count"] = len(kind["users"])
    if not kind["users"]:
        held.remove(kind)
    _changed(workspace, user, row, name, "reaction_removed")


def _held(workspace: Workspace, row: Row) -> list[Row]:
    key = f"{row['channel']}:{row['ts']}"
    held: list[Row] = workspace.shelf.collection("reactions").setdefault(key, {"reactions": []})["reactions"]
    return held


def _changed(workspace: Workspace, user: str, row: Row, name: str, event: str) -> None:
    workspace.shelf.collection("reactions").save(f"{row['channel']}:{row['ts']}")
    item = {"type": "message", "channel": row["channel"], "ts": row["ts"]}
    said = {"type": event, "user": user, "reaction": name, "item": item, "item_user": row["user"]}
    bus.emit(workspace, said | {"event_ts": next_ts(workspace)})


def _message(call: SlackCall) -> Row:
    if not call.text("channel") or not call.text("timestamp"):
        raise SlackError("no_item_specified")
    return reach.message(call, reach.channel(call), "timestamp")


@method(
    "reactions.add", scopes=("reactions:write",), tier=3, required=("name",), notes="Any well-formed name is an emoji."
)
def add(call: SlackCall) -> Row:
    """React to a message."""
    row = _message(call)
    if reach.channel(call)["is_archived"]:
        raise SlackError("is_archived")
    react(call.workspace, call.user, row, call.text("name"))
    return {}


@method("reactions.remove", scopes=("reactions:write",), tier=2, required=("name",))
def remove(call: SlackCall) -> Row:
    """Take one's reaction away."""
    unreact(call.workspace, call.user, _message(call), call.text("name"))
    return {}


@method("reactions.get", scopes=("reactions:read",), tier=3, json=False)
def get(call: SlackCall) -> Row:
    """A message with its reactions."""
    row = _message(call)
    shown = messages.shape(call.workspace, row, call.user)
    return {"type": "message", "channel": row["channel"], "message": shown | {"permalink": permalink(call, row)}}
