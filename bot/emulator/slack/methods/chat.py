"""chat.*: posting, editing and deleting messages, and links to them."""

from __future__ import annotations

from typing import Any

from bot.emulator.slack import app, drafts, messages, reach, rewriting
from bot.emulator.slack.drafts import Draft
from bot.emulator.slack.errors import SlackError, invalid_arguments
from bot.emulator.slack.gateway import SlackCall, method
from bot.emulator.slack.limits import POSTING

Row = dict[str, Any]

MOST_UPDATED_TEXT = 4_000


@method(
    "chat.postMessage",
    scopes=("chat:write",),
    tier=POSTING,
    required=("channel",),
    notes="Links get no previews of Slack's own; attachments are kept as given; metadata may take 8,000 bytes.",
)
def post_message(call: SlackCall) -> Row:
    """Post to a channel (id or name), a person (opens the DM) or a thread."""
    channel = reach.writable(call)
    draft = drafts.read(call)
    if draft.is_empty:
        raise SlackError("no_text")
    row = messages.post(
        call.workspace,
        channel,
        call.user,
        draft.text or "",
        blocks=draft.shown_blocks(),
        thread_ts=thread(call, channel),
        **author(call),
        **content(draft),
        **_broadcast(call, channel),
    )
    shown = messages.shape(call.workspace, row, call.user, metadata="all")
    return {"channel": channel["id"], "ts": row["ts"], "message": shown, **warned(draft)}


def thread(call: SlackCall, channel: Row) -> str | None:
    """The argument thread_ts, refused when it is no ts or its message was deleted."""
    ts = call.text("thread_ts")
    if not ts:
        return None
    if not messages.TS.fullmatch(ts):
        said = {"messages": [f"[ERROR] {ts} is not a valid thread_ts"]}
        raise SlackError("invalid_thread_ts", response_metadata=said)
    row = call.workspace.shelf.collection("messages").get(f"{channel['id']}:{ts}")
    if row is not None and (row["deleted"] or row.get("ephemeral_to")):
        raise SlackError("thread_not_found")
    if row is not None and str(row.get("subtype", "")).startswith(("channel_", "group_")):
        raise SlackError("cannot_reply_to_message")
    return ts


def author(call: SlackCall) -> Row:
    """Who posts: the bot, under another name or picture when chat:write.customize allows it."""
    fields: Row = {"bot_id": call.token["bot_id"], "app_id": call.token["app_id"]}
    custom = {name: call.text(name) for name in ("username", "icon_emoji", "icon_url") if call.text(name)}
    if not custom:
        return fields
    call.need_scope("chat:write.customize")
    fields |= {"subtype": "bot_message"} | ({"username": custom["username"]} if "username" in custom else {})
    if "icon_emoji" in custom:
        return fields | {"icons": {"emoji": f":{custom['icon_emoji'].strip(':')}:"}}
    return fields | ({"icons": {"image_48": custom["icon_url"]}} if "icon_url" in custom else {})


def content(draft: Draft) -> Row:
    """The fields a draft adds to a message row; `plain` marks blocks that Slack made itself of the text."""
    fields: Row = {"attachments": draft.attachments, "metadata": draft.metadata}
    return fields | {"plain": draft.blocks is None}


def warned(draft: Draft) -> Row:
    """The warnings of an answer."""
    if not draft.warnings:
        return {}
    return {"warning": ",".join(draft.warnings), "response_metadata": {"warnings": draft.warnings}}


def _broadcast(call: SlackCall, channel: Row) -> Row:
    ts = call.text("thread_ts")
    if not ts or not call.flag("reply_broadcast"):
        return {}
    root = messages.get(call.workspace, channel["id"], messages.root_of(call.workspace, channel["id"], ts))
    return {"subtype": "thread_broadcast", **({"root": messages.shape(call.workspace, root)} if root else {})}


@method(
    "chat.update",
    scopes=("chat:write",),
    tier=3,
    required=("channel", "ts"),
    notes="`file_ids` and `reply_broadcast` are not read.",
)
def update(call: SlackCall) -> Row:
    """Edit a message of the caller's own; what is not given is kept."""
    channel = reach.channel(call)
    row = _own(call, channel, "cant_update_message")
    if channel["is_archived"]:
        raise SlackError("is_inactive")
    draft = drafts.read(call, MOST_UPDATED_TEXT)
    fields = _changes(row, draft)
    if not (fields.get("text", row["text"]) or fields.get("blocks", row["blocks"]) or _attached(fields, row)):
        raise SlackError("no_text")
    messages.change(call.workspace, channel, row, call.user, **fields)
    shown = messages.shape(call.workspace, row, call.user, metadata="all")
    return {"channel": channel["id"], "ts": row["ts"], "text": row["text"], "message": shown, **warned(draft)}


def _attached(fields: Row, row: Row) -> Any:
    return fields.get("attachments", row.get("attachments"))


def _changes(row: Row, draft: Draft) -> Row:
    """Which fields an edit sets. Blocks that Slack made of the old text are made anew of the new one."""
    fields: Row = {}
    if draft.text is not None:
        fields["text"] = draft.text
    if draft.blocks is not None:
        _same_kind(row, draft.blocks)
        fields |= {"blocks": draft.blocks, "plain": False}
        if not draft.blocks and draft.text:
            fields |= {"blocks": rewriting.rich_text(draft.text), "plain": True}
    elif draft.text is not None and row.get("plain"):
        fields["blocks"] = rewriting.rich_text(draft.text)
    if draft.attachments is not None:
        fields["attachments"] = draft.attachments
    if draft.metadata is not None:
        fields["metadata"] = draft.metadata
    return fields


def _same_kind(row: Row, blocks: list[Row]) -> None:
    """Rich text an app posted itself cannot become other blocks."""
    was_rich = not row.get("plain") and bool(row["blocks"]) and all(b["type"] == "rich_text" for b in row["blocks"])
    if was_rich and blocks and not any(block["type"] == "rich_text" for block in blocks):
        raise SlackError("block_mismatch")


def _own(call: SlackCall, channel: Row, error: str) -> Row:
    row = reach.message(call, channel, "ts")
    if row.get("bot_id") != call.token["bot_id"]:
        raise SlackError(error)
    return row


@method("chat.delete", scopes=("chat:write",), tier=3, required=("channel", "ts"))
def delete(call: SlackCall) -> Row:
    """Delete a message of the caller's own."""
    channel = reach.channel(call)
    row = _own(call, channel, "cant_delete_message")
    messages.delete(call.workspace, channel, row)
    return {"channel": channel["id"], "ts": row["ts"]}


@method("chat.postEphemeral", scopes=("chat:write",), tier=4, required=("channel", "user"))
def post_ephemeral(call: SlackCall) -> Row:
    """Show a message to one person; it is in no history, and its metadata is ignored."""
    channel = reach.writable(call)
    if call.text("user") not in channel["members"]:
        raise SlackError("user_not_in_channel")
    draft = drafts.read(call, drafts.MOST_TEXT)
    if draft.is_empty:
        raise SlackError("no_text")
    draft.metadata = None
    row = messages.post(
        call.workspace,
        channel,
        call.user,
        draft.text or "",
        blocks=draft.shown_blocks(),
        thread_ts=thread(call, channel),
        ephemeral_to=call.text("user"),
        **author(call),
        **content(draft),
    )
    return {"message_ts": row["ts"], **warned(draft)}


@method("chat.getPermalink", tier=4, required=("channel", "message_ts"), json=False)
def get_permalink(call: SlackCall) -> Row:
    """The address of a message in this workspace."""
    channel = reach.channel(call)
    row = reach.message(call, channel, "message_ts")
    return {"channel": channel["id"], "permalink": permalink(call, row)}


def permalink(call: SlackCall, row: Row) -> str:
    """`/archives/C…/p…`, for a reply with its thread."""
    domain = app.team(call.workspace)["domain"]
    url = f"https://{domain}.slack.com/archives/{row['channel']}/p{row['ts'].replace('.', '')}"
    root = row.get("thread_ts")
    return f"{url}?thread_ts={root}&cid={row['channel']}" if root and root != row["ts"] else url


@method("chat.meMessage", scopes=("chat:write",), tier=3, required=("channel", "text"))
def me_message(call: SlackCall) -> Row:
    """Say what one does."""
    channel = reach.writable(call)
    if not call.text("text"):
        raise invalid_arguments("missing required field: text")
    text = rewriting.stored_text(call.workspace, call.text("text"))
    row = messages.post(call.workspace, channel, call.user, text, subtype="me_message", **author(call))
    return {"channel": channel["id"], "ts": row["ts"]}
