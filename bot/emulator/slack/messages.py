"""Messages: posting, editing, deleting, threads, and how each reader is shown them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.emulator.slack import app, bus, channels, links, rewriting, timeline
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.ids import next_ts

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]

SLACKBOT = "USLACKBOT"
HIDDEN = frozenset(
    {
        "channel",
        "deleted",
        "ephemeral_to",
        "original",
        "blocks",
        "attachments",
        "metadata",
        "files",
        "plain",
        "pinned_to",
    }
)  # fields of a row that its message object does not carry, or not as they are
TS = re.compile(r"[0-9]{1,12}\.[0-9]{1,6}")


def get(workspace: Workspace, channel_id: str, ts: str) -> Row | None:
    """The message at `ts`, unless it was deleted or shown to one person only."""
    row = workspace.shelf.collection("messages").get(f"{channel_id}:{ts}")
    return row if row is not None and stands(row) else None


def save(workspace: Workspace, row: Row) -> None:
    """Write a message row, new or changed."""
    timeline.keep(workspace, row)


def stands(row: Row) -> bool:
    """Whether everybody in the channel can see the message: not deleted, not shown to one person only."""
    return not (row["deleted"] or row.get("ephemeral_to"))


def replies(workspace: Workspace, channel_id: str, root_ts: str) -> list[Row]:
    """The replies of a thread, oldest first, without its root."""
    return [row for row in timeline.thread(workspace, channel_id, root_ts) if stands(row)]


def post(
    workspace: Workspace,
    channel: Row,
    user: str,
    text: str = "",
    *,
    blocks: list[Row] | None = None,
    thread_ts: str | None = None,
    ephemeral_to: str | None = None,
    at: int | None = None,
    **extra: Any,
) -> Row:
    """Write a message into a channel and tell the app's subscribers; returns its row.

    `text` is as stored (see rewriting.stored_text); `extra` are fields of the row: bot_id, app_id, subtype, metadata …
    `at` (seconds since 1970) dates it back, as far as its ts still rises.
    """
    row: Row = {"type": "message", "channel": channel["id"], "user": user, "text": text}
    row |= {"ts": next_ts(workspace, at), "deleted": False, "blocks": blocks or []}
    row |= {key: value for key, value in extra.items() if value}
    if ephemeral_to:
        row["ephemeral_to"] = ephemeral_to
    if thread_ts:
        row["thread_ts"] = root_of(workspace, channel["id"], thread_ts)
    save(workspace, row)
    if not ephemeral_to:
        _tell(workspace, channel, row)
    return row


def root_of(workspace: Workspace, channel_id: str, ts: str) -> str:
    """The ts of the thread a message belongs to: a reply stands for its root; an unknown ts is taken as it is."""
    known = get(workspace, channel_id, ts)
    return str(known["thread_ts"]) if known and known.get("thread_ts") else ts


def say(
    workspace: Workspace, channel: Row, user: str, text: str, thread_ts: str | None = None, parsed: bool = True
) -> Row:
    """Post as a person who types: names and links are recognised, `&<>` are escaped, rich text is made of it.

    `parsed=False` takes the text as already in Slack's own notation.
    """
    if channel["is_archived"]:
        raise SlackError("is_archived")
    stored = rewriting.typed_text(workspace, text) if parsed else text
    blocks = rewriting.rich_text(stored)
    return post(workspace, channel, user, stored, blocks=blocks, thread_ts=thread_ts, client_msg_id=str(uuid.uuid4()))


def notice(workspace: Workspace, channel: Row, user: str, subtype: str, text: str, **extra: Any) -> Row:
    """A line Slack itself writes: somebody joined, the topic changed."""
    return post(workspace, channel, user, text, subtype=subtype, **extra)


def change(workspace: Workspace, channel: Row, row: Row, editor: str, **fields: Any) -> None:
    """Edit a message in place and tell subscribers what it was before."""
    before = shape(workspace, row)
    row |= fields
    row["edited"] = {"user": editor, "ts": next_ts(workspace)}
    save(workspace, row)
    _tell_change(workspace, channel, row, before)


def attach(workspace: Workspace, channel: Row, row: Row, attachments: list[Row]) -> None:
    """Put previews under a message; it does not count as edited."""
    before = shape(workspace, row)
    row["attachments"] = attachments
    save(workspace, row)
    _tell_change(workspace, channel, row, before)


def _tell_change(workspace: Workspace, channel: Row, row: Row, before: Row) -> None:
    now = next_ts(workspace)
    event = {"type": "message", "subtype": "message_changed", "channel": channel["id"], "hidden": True, "ts": now}
    event |= {"message": shape(workspace, row), "previous_message": before}
    bus.emit(workspace, event | {"event_ts": now, "channel_type": channels.kind(channel)})


def delete(workspace: Workspace, channel: Row, row: Row) -> None:
    """Delete a message; the root of a thread with replies leaves a tombstone, as in Slack."""
    before = shape(workspace, row)
    if replies(workspace, channel["id"], row["ts"]):
        gone = {"subtype": "tombstone", "text": "This message was deleted.", "user": SLACKBOT, "hidden": True}
        original = dict(row)
        for key in ("blocks", "attachments", "metadata", "bot_id", "app_id", "client_msg_id"):
            row.pop(key, None)
        row |= gone | {"blocks": [], "original": original}
        save(workspace, row)
    else:
        row["deleted"] = True
        save(workspace, row)
    now = next_ts(workspace)
    event = {"type": "message", "subtype": "message_deleted", "channel": channel["id"], "hidden": True, "ts": now}
    event |= {"deleted_ts": row["ts"], "previous_message": before}
    bus.emit(workspace, event | {"event_ts": now, "channel_type": channels.kind(channel)})


def _tell(workspace: Workspace, channel: Row, row: Row) -> None:
    event = shape(workspace, row)
    event |= {"channel": channel["id"], "event_ts": row["ts"], "channel_type": channels.kind(channel)}
    bus.emit(workspace, event)
    links.tell(workspace, channel, row)
    if not channel["is_im"]:
        _tell_mentions(workspace, channel, event)


def _tell_mentions(workspace: Workspace, channel: Row, event: Row) -> None:
    """An app_mention when the text names the installed app's bot and it is in the channel."""
    bot = app.installed(workspace)["bot_user"]
    named = re.findall(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>", event["text"])
    if bot in named and bot in channel["members"] and event.get("user") != bot and not event.get("subtype"):
        keep = {key: value for key, value in event.items() if key not in ("channel_type", "parent_user_id")}
        bus.emit(workspace, keep | {"type": "app_mention"})


def shape(workspace: Workspace, row: Row, reader: str = "", metadata: str = "type") -> Row:
    """The message object. `metadata`: "all" shows the payload, "type" its event_type only, "" nothing."""
    answer = {key: value for key, value in row.items() if key not in HIDDEN}
    if row.get("subtype") not in ("channel_join", "group_join", "channel_leave", "group_leave", "tombstone"):
        person = workspace.people().get(row["user"])
        answer["team"] = app.team(workspace, person["org"] if person else "home")["id"]
    if row.get("bot_id"):
        answer["bot_profile"] = bot_profile(workspace, row["bot_id"])
    if row.get("blocks"):
        answer["blocks"] = row["blocks"]
    if row.get("attachments"):
        answer["attachments"] = row["attachments"]
    if row.get("pinned_to"):
        answer["pinned_to"] = row["pinned_to"]
    if row.get("files"):
        answer["files"] = [_file(workspace, key) for key in row["files"]]
    if row.get("metadata") and metadata:
        answer["metadata"] = _metadata(row["metadata"], metadata)
    answer |= _thread(workspace, row, reader)
    reactions = workspace.shelf.collection("reactions").get(f"{row['channel']}:{row['ts']}")
    if reactions and reactions["reactions"]:
        answer["reactions"] = reactions["reactions"]
    return answer


def _file(workspace: Workspace, file_id: str) -> Row:
    from bot.emulator.slack import uploads

    row = workspace.shelf.collection("files_slack")[file_id]
    return {"id": file_id, "mode": "tombstone"} if row["state"] == "deleted" else uploads.shape(row)


def _metadata(value: Row, how: str) -> Row:
    return value if how == "all" else {"event_type": value.get("event_type")}


def _thread(workspace: Workspace, row: Row, reader: str) -> Row:
    """What a message says of its thread: a root counts its replies, a reply names who began."""
    if row.get("thread_ts") not in (None, row["ts"]):
        root = get(workspace, row["channel"], row["thread_ts"])
        return {"parent_user_id": root["user"]} if root else {}
    if row.get("ephemeral_to"):
        return {}
    answers = replies(workspace, row["channel"], row["ts"])
    if not answers:
        return {}
    users = list(dict.fromkeys(reply["user"] for reply in answers))
    return {
        "thread_ts": row["ts"],
        "reply_count": len(answers),
        "reply_users_count": len(users),
        "latest_reply": answers[-1]["ts"],
        "reply_users": users[:5],
        "is_locked": False,
        "subscribed": reader in (row["user"], *users),
    }


def bot_profile(workspace: Workspace, bot_id: str) -> Row:
    """The bot_profile Slack puts beside what an app posts."""
    row = app.by_bot(workspace, bot_id)
    icons = {f"image_{size}": f"{workspace.url}/icons/bot_{size}.png" for size in (36, 48, 72)}
    return {
        "id": bot_id,
        "app_id": row["id"] if row else "",
        "name": row["name"] if row else "",
        "icons": icons,
        "deleted": False,
        "updated": 0,
        "team_id": app.team(workspace)["id"],
    }


def is_seen_by(row: Row, user: str) -> bool:
    """Whether a person in the channel sees a message: it was not deleted, nor shown to somebody else alone."""
    return not row["deleted"] and row.get("ephemeral_to") in (None, user)


def visible_to(workspace: Workspace, channel: Row, user: str, after: str = "") -> Iterator[Row]:
    """All a person sees in a channel later than `after` (a ts), oldest first: messages, replies, ephemeral ones."""
    return (row for row in timeline.every(workspace, channel["id"], after) if is_seen_by(row, user))


def seen(workspace: Workspace, channel: Row, ts: str, user: str) -> Row | None:
    """The message at `ts` if this person sees it, ephemeral ones to them included."""
    row = workspace.shelf.collection("messages").get(f"{channel['id']}:{ts}")
    return row if row is not None and is_seen_by(row, user) else None
