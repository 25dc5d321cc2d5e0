"""chat.scheduleMessage and the list of what waits to be posted."""

from __future__ import annotations

from typing import Any

from bot.emulator.slack import channels, drafts, messages, paging, reach, scheduled
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.gateway import SlackCall, method
from bot.emulator.slack.ids import new_id, seconds
from bot.emulator.slack.methods import chat

Row = dict[str, Any]

MOST_DAYS = 120
WINDOW_SECONDS = 300
MOST_IN_WINDOW = 30
LAST_CALL_SECONDS = 60  # within a minute of posting, a scheduled message cannot be deleted any more


@method("chat.scheduleMessage", scopes=("chat:write",), tier=3, required=("channel", "post_at"))
def schedule_message(call: SlackCall) -> Row:
    """Have a message posted at a time of the workspace's clock, at most 120 days ahead."""
    channel = reach.writable(call)
    post_at = _time(call)
    draft = drafts.read(call)
    if draft.is_empty:
        raise SlackError("no_text")
    _check_room(call, channel, post_at)
    row: Row = {"id": new_id("Q"), "channel": channel["id"], "user": call.user, "post_at": post_at}
    row |= {"created": seconds(call.workspace), "text": draft.text or "", "blocks": draft.shown_blocks()}
    row |= {"thread_ts": chat.thread(call, channel), "fields": {**chat.author(call), **chat.content(draft)}}
    row["anywhere"] = channels.kind(channel) == "channel" and call.has_scope("chat:write.public")
    call.workspace.shelf.collection("scheduled")[row["id"]] = row
    answer = {"scheduled_message_id": row["id"], "channel": channel["id"], "post_at": post_at}
    return answer | {"message": _message(call, row), **chat.warned(draft)}


def _message(call: SlackCall, row: Row) -> Row:
    shown: Row = {"text": row["text"], "bot_id": call.token["bot_id"], "type": "delayed_message", "user": call.user}
    shown |= {"team": reach.home_team(call.workspace), "app_id": call.token["app_id"]}
    shown["bot_profile"] = messages.bot_profile(call.workspace, call.token["bot_id"])
    metadata = row["fields"].get("metadata")
    return shown | ({"blocks": row["blocks"]} if row["blocks"] else {}) | ({"metadata": metadata} if metadata else {})


def _time(call: SlackCall) -> int:
    try:
        post_at = int(float(call.text("post_at")))
    except (ValueError, OverflowError):
        raise SlackError("invalid_time") from None
    now = seconds(call.workspace)
    if post_at <= now:
        raise SlackError("time_in_past")
    if post_at > now + MOST_DAYS * 86_400:
        raise SlackError("time_too_far")
    return post_at


def _check_room(call: SlackCall, channel: Row, post_at: int) -> None:
    """At most 30 messages of one channel within five minutes."""
    slot = post_at // WINDOW_SECONDS
    same = [row for row in scheduled.waiting(call.workspace) if row["channel"] == channel["id"]]
    if sum(row["post_at"] // WINDOW_SECONDS == slot for row in same) >= MOST_IN_WINDOW:
        raise SlackError("restricted_too_many")


@method("chat.scheduledMessages.list", tier=3)
def list_(call: SlackCall) -> Row:
    """What the caller has scheduled, the next one first."""
    rows = [row for row in scheduled.waiting(call.workspace) if row["user"] == call.user]
    if call.text("channel"):
        channel = _channel(call)
        rows = [row for row in rows if row["channel"] == channel["id"]]
    oldest, latest = _bound(call, "oldest"), _bound(call, "latest")
    rows = [row for row in rows if (oldest or 0) <= row["post_at"] <= (latest or row["post_at"])]
    page, cursor = paging.page(call, "scheduled", rows, lambda row: str(row["id"]))
    return {"scheduled_messages": [_listed(row) for row in page], "response_metadata": {"next_cursor": cursor}}


def _channel(call: SlackCall) -> Row:
    try:
        return reach.channel(call)
    except SlackError:
        raise SlackError("invalid_channel") from None


def _bound(call: SlackCall, argument: str) -> int | None:
    value = call.text(argument)
    if not value:
        return None
    try:
        return int(float(value))
    except (ValueError, OverflowError):
        raise SlackError(f"invalid_ts_{argument}") from None


def _listed(row: Row) -> Row:
    answer = {"id": row["id"], "channel_id": row["channel"], "post_at": row["post_at"]}
    return answer | {"date_created": row["created"], "text": row["text"]}


@method("chat.deleteScheduledMessage", scopes=("chat:write",), tier=3, required=("channel", "scheduled_message_id"))
def delete(call: SlackCall) -> Row:
    """Take back a message that is not to be posted within the next minute."""
    channel = reach.channel(call)
    rows = call.workspace.shelf.collection("scheduled")
    row = rows.get(call.text("scheduled_message_id"))
    theirs = row is None or row["channel"] != channel["id"] or row["user"] != call.user
    if row is None or theirs or row["post_at"] - seconds(call.workspace) <= LAST_CALL_SECONDS:
        raise SlackError("invalid_scheduled_message_id")
    del rows[row["id"]]
    return {}
