"""pins.*: messages held at a channel's side."""

from __future__ import annotations

from typing import Any

from bot.emulator.slack import bus, messages, reach
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.gateway import SlackCall, method
from bot.emulator.slack.ids import next_ts, seconds
from bot.emulator.slack.methods.chat import permalink

Row = dict[str, Any]


def _of(call: SlackCall, channel: Row) -> Row:
    return call.workspace.shelf.collection("pins").setdefault(channel["id"], {"items": []})


def _message(call: SlackCall, channel: Row) -> Row:
    if not call.text("timestamp"):
        raise SlackError("no_item_specified")
    reach.inside(call, channel)
    return reach.message(call, channel, "timestamp")


@method("pins.add", scopes=("pins:write",), tier=2, required=("channel",))
def add(call: SlackCall) -> Row:
    """Pin a message."""
    channel = reach.channel(call)
    row = _message(call, channel)
    pins = _of(call, channel)
    if any(item["ts"] == row["ts"] for item in pins["items"]):
        raise SlackError("already_pinned")
    pins["items"].append({"ts": row["ts"], "created": seconds(call.workspace), "created_by": call.user})
    _changed(call, channel, row, "pin_added")
    return {}


@method("pins.remove", scopes=("pins:write",), tier=2, required=("channel",))
def remove(call: SlackCall) -> Row:
    """Unpin a message."""
    channel = reach.channel(call)
    row = _message(call, channel)
    pins = _of(call, channel)
    kept = [item for item in pins["items"] if item["ts"] != row["ts"]]
    if len(kept) == len(pins["items"]):
        raise SlackError("no_pin")
    pins["items"] = kept
    _changed(call, channel, row, "pin_removed")
    return {}


def _changed(call: SlackCall, channel: Row, row: Row, event: str) -> None:
    pins = call.workspace.shelf.collection("pins")
    pins.save(channel["id"])
    row["pinned_to"] = [channel["id"]] if event == "pin_added" else []
    messages.save(call.workspace, row)
    now = seconds(call.workspace)
    shown = messages.shape(call.workspace, row) | {"permalink": permalink(call, row)}
    item = {"type": "message", "created": now, "created_by": call.user, "channel": channel["id"], "message": shown}
    said = {"type": event, "user": call.user, "channel_id": channel["id"], "item": item, "item_user": row["user"]}
    said |= {"pin_count": len(pins[channel["id"]]["items"]), "event_ts": next_ts(call.workspace)}
    said["pinned_info"] = {"channel": channel["id"], "pinned_by": call.user, "pinned_ts": now}
    bus.emit(call.workspace, said)


@method("pins.list", scopes=("pins:read",), tier=2, required=("channel",), json=False)
def list_(call: SlackCall) -> Row:
    """What is pinned, the latest first."""
    channel = reach.channel(call)
    reach.inside(call, channel)
    items = []
    for item in reversed(_of(call, channel)["items"]):
        row = messages.get(call.workspace, channel["id"], item["ts"])
        if row is not None:
            shown = messages.shape(call.workspace, row, call.user)
            items.append({"type": "message", "channel": channel["id"], "message": shown, **item})
    return {"items": [{key: value for key, value in item.items() if key != "ts"} for item in items]}
