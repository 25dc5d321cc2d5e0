"""What a person sees in Slack: channels with messages as they read them, the modals before them, the app's home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.emulator.slack import app, channels, messages, views
from bot.emulator.slack.blockkit import blocks_plain
from bot.emulator.slack.mrkdwn import Names, Reader, render_plain

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]

SHOWN = ("subtype", "thread_ts", "edited", "metadata", "bot_id", "attachments")


def names(workspace: Workspace, user: str) -> Names:
    """The names behind ids as this person sees them; a channel they do not see keeps its name to itself."""
    return Names(
        users={key: row["name"] for key, row in workspace.people().items()},
        channels={row["id"]: row["name"] for row in channels.visible(workspace, user)},
        groups={key: row["handle"] for key, row in workspace.shelf.collection("groups").items()},
    )


def reader_of(workspace: Workspace, person: Row) -> Reader:
    """How this person reads texts: names, zone and present moment."""
    zone = ZoneInfo(person["tz"])
    return Reader(names(workspace, person["id"]), zone, workspace.clock.now().astimezone(zone))


def sees(workspace: Workspace, person: Row, channel: str = "", after: str = "") -> Row:
    """Everything in front of a person: `{"channels": […], "views": […], "home": view or None}`.

    `channel` (id or name) and `after` (a ts) narrow it to what a reader waits for.
    """
    reader = reader_of(workspace, person)
    rows = [row for row in channels.visible(workspace, person["id"]) if channel in ("", row["id"], row["name"])]
    home = views.home_of(workspace, person["id"])
    return {
        "channels": [_channel(workspace, person, row, reader, after) for row in rows],
        "views": [views.shape(workspace, row) for row in views.open_for(workspace, person["id"])],
        "home": views.shape(workspace, home) if home else None,
    }


def _channel(workspace: Workspace, person: Row, row: Row, reader: Reader, after: str) -> Row:
    answer: Row = {key: row[key] for key in ("id", "name", "is_private", "is_im", "is_archived")}
    answer |= {"is_member": person["id"] in row["members"], "topic": row["topic"]["value"]}
    if row["is_im"]:
        other = next((user for user in row["members"] if user != person["id"]), person["id"])
        answer |= {"with": other, "with_name": author(workspace, {"user": other})}
    said = messages.visible_to(workspace, row, person["id"], after)
    return answer | {"messages": [_message(workspace, message, reader) for message in said]}


def _message(workspace: Workspace, row: Row, reader: Reader) -> Row:
    answer: Row = {"ts": row["ts"], "user": row["user"], "user_name": author(workspace, row)}
    answer |= {"text": read(row, reader), "blocks": row["blocks"]}
    answer |= {key: row[key] for key in SHOWN if row.get(key)}
    reactions = workspace.shelf.collection("reactions").get(f"{row['channel']}:{row['ts']}")
    if reactions and reactions["reactions"]:
        answer["reactions"] = reactions["reactions"]
    return answer | ({"ephemeral": True} if row.get("ephemeral_to") else {})


def author(workspace: Workspace, row: Row) -> str:
    """The name over a message."""
    if row.get("username"):
        return str(row["username"])
    if row["user"] == messages.SLACKBOT:
        return "Slackbot"
    person = workspace.people().get(row["user"])
    owner = app.by_user(workspace, row["user"])
    return str(person["name"] if person else owner["bot_name"] if owner else row["user"])


def read(row: Row, reader: Reader) -> str:
    """A message as plain text: its blocks when it has some of its own, else its text; then its attachments."""
    parts = [_body(row, reader)]
    for attachment in row.get("attachments") or ():
        if attachment.get("blocks"):
            parts.append(blocks_plain(attachment["blocks"], reader.names, reader.zone, now=reader.now))
        else:
            parts.append(render_plain(str(attachment.get("text", "")), reader.names, reader.zone, now=reader.now))
    return "\n".join(part for part in parts if part)


def _body(row: Row, reader: Reader) -> str:
    own_blocks = row["blocks"] and not row.get("plain") and any(block["type"] != "rich_text" for block in row["blocks"])
    if own_blocks or not row["text"]:
        return blocks_plain(row["blocks"], reader.names, reader.zone, now=reader.now)
    return render_plain(row["text"], reader.names, reader.zone, now=reader.now)
