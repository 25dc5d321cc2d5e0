"""files.*: the upload in three steps, and reading about files."""

from __future__ import annotations

from typing import Any

from bot.emulator.slack import blockkit, bus, channels, drafts, messages, paging, reach, rewriting, uploads
from bot.emulator.slack.errors import SlackError, invalid_arguments
from bot.emulator.slack.gateway import SlackCall, method
from bot.emulator.slack.ids import next_ts
from bot.emulator.slack.methods import chat

Row = dict[str, Any]

MOST_PLACES = 100


@method("files.getUploadURLExternal", scopes=("files:write",), tier=4, required=("filename", "length"), json=False)
def get_upload_url(call: SlackCall) -> Row:
    """Step one: announce a file; the answer says where its bytes go."""
    length = call.number("length", 0)
    if length <= 0:
        raise invalid_arguments("must be greater than 0 [json-pointer:/length]")
    if length > uploads.MOST_BYTES:
        raise SlackError("file_upload_size_restricted")
    if not call.text("filename"):
        raise SlackError("missing_argument")
    row = uploads.announce(call.workspace, call.user, call.text("filename"), length)
    if call.text("alt_txt"):
        row["alt_txt"] = call.text("alt_txt")
    call.workspace.shelf.collection("files_slack")[row["id"]] = row
    return {"upload_url": f"{call.workspace.url}/upload/v1/{row['ticket']}", "file_id": row["id"]}


@method(
    "files.completeUploadExternal",
    scopes=("files:write",),
    tier=4,
    required=("files",),
    notes="No previews and thumbnails; size must match what was announced.",
)
def complete_upload(call: SlackCall) -> Row:
    """Step three: give the files their titles and share them, in one message per channel."""
    rows = _uploaded(call)
    places = _places(call)
    blocks = _comment_blocks(call)
    for row, title in rows:
        row |= {"state": "shared", "title": title or row["name"]}
        row.pop("ticket", None)
        call.workspace.shelf.collection("files_slack").save(row["id"])
    for place in places:
        _share(call, place, [row for row, _ in rows], blocks)
    return {"files": [uploads.shape(row) for row, _ in rows]}


def _uploaded(call: SlackCall) -> list[tuple[Row, str]]:
    given = call.structure("files", "invalid_arguments")
    if not isinstance(given, list) or not given or not all(isinstance(item, dict) for item in given):
        raise invalid_arguments("must provide an array of files with ids [json-pointer:/files]")
    known = call.workspace.shelf.collection("files_slack")
    rows = [(known.get(str(item.get("id"))), str(item.get("title") or "")) for item in given]
    found = [(row, title) for row, title in rows if row is not None and row["state"] == "uploaded"]
    if len(found) != len(rows):
        raise SlackError("file_not_found")
    if any(row["user"] != call.user for row, _ in found):
        raise SlackError("access_denied")
    return found


def _places(call: SlackCall) -> list[Row]:
    """Where to share: `channel_id` must be right; of `channels` those that name none are passed over.

    The official client sends a `channels` string letter by letter, and its own tests expect that to be taken.
    """
    wanted = call.words("channels")
    if len(wanted) > MOST_PLACES:
        raise SlackError("channels_limit_exceeded")
    known = [channel_id for channel_id in wanted if channels.get(call.workspace, channel_id)]
    single = [call.text("channel_id")] if call.text("channel_id") else []
    return [_place(call, channel_id) for channel_id in dict.fromkeys([*single, *known])]


def _place(call: SlackCall, channel_id: str) -> Row:
    at = SlackCall(call.workspace, call.token, {"channel": channel_id}, call.method)
    row = reach.channel(at)
    reach.inside(at, row)
    if row["is_archived"]:
        raise SlackError("posting_to_channel_denied")
    return row


def _comment_blocks(call: SlackCall) -> list[Row] | None:
    if call.given("initial_comment") or not call.given("blocks"):
        return None
    blocks = call.structure("blocks", "invalid_blocks")
    drafts.refuse(blockkit.check_blocks(blocks, "message"), "invalid_blocks")
    return rewriting.filled(blocks)


def _share(call: SlackCall, channel: Row, rows: list[Row], blocks: list[Row] | None) -> None:
    text = rewriting.stored_text(call.workspace, call.text("initial_comment"))
    at = SlackCall(call.workspace, call.token, {"thread_ts": call.args.get("thread_ts")}, call.method)
    posted = messages.post(
        call.workspace,
        channel,
        call.user,
        text,
        blocks=blocks or rewriting.rich_text(text),
        thread_ts=chat.thread(at, channel),
        files=[row["id"] for row in rows],
        upload=True,
        **chat.author(at),
    )
    for row in rows:
        _shared(call, channel, row, posted["ts"])


def _shared(call: SlackCall, channel: Row, row: Row, ts: str) -> None:
    kind = "ims" if channel["is_im"] else "groups" if channel["is_private"] else "channels"
    if channel["id"] not in row[kind]:
        row[kind].append(channel["id"])
    side = "private" if channel["is_private"] or channel["is_im"] else "public"
    share = {"reply_users": [], "reply_users_count": 0, "reply_count": 0, "ts": ts, "channel_name": channel["name"]}
    row["shares"].setdefault(side, {}).setdefault(channel["id"], []).append(share | {"team_id": row["user_team"]})
    row["is_public"] = row["is_public"] or side == "public"
    call.workspace.shelf.collection("files_slack").save(row["id"])
    event = {"type": "file_shared", "file_id": row["id"], "user_id": row["user"], "file": {"id": row["id"]}}
    event |= {"channel_id": channel["id"], "event_ts": next_ts(call.workspace)}
    bus.emit(call.workspace, event)


def _found(call: SlackCall) -> Row:
    row = call.workspace.shelf.collection("files_slack").get(call.text("file"))
    if row is None or row["state"] != "shared" or not uploads.may_read(call.workspace, row, call.user):
        raise SlackError("file_not_found")
    return row


@method("files.info", scopes=("files:read",), tier=4, required=("file",), json=False)
def info(call: SlackCall) -> Row:
    """One file."""
    row = uploads.shape(_found(call))
    return {"file": row, "comments": [], "response_metadata": {"next_cursor": ""}}


@method("files.list", scopes=("files:read",), tier=3, json=False)
def list_(call: SlackCall) -> Row:
    """The files the caller sees, the latest first; by `channel` and `user` if given."""
    rows = [row for row in call.workspace.shelf.collection("files_slack").values() if row["state"] == "shared"]
    rows = [row for row in rows if uploads.may_read(call.workspace, row, call.user)][::-1]
    if call.text("user"):
        rows = [row for row in rows if row["user"] == call.text("user")]
    if call.text("channel"):
        where = call.text("channel")
        rows = [row for row in rows if where in (*row["channels"], *row["groups"], *row["ims"])]
    size = paging.limit(SlackCall(call.workspace, call.token, {"limit": call.args.get("count")}), 100)
    number = max(1, call.number("page", 1))
    shown = rows[(number - 1) * size : number * size]
    pages = -(-len(rows) // size)
    return {
        "files": [uploads.shape(row) for row in shown],
        "paging": {"count": size, "total": len(rows), "page": number, "pages": pages},
    }


@method("files.delete", scopes=("files:write",), tier=3, required=("file",))
def delete(call: SlackCall) -> Row:
    """Delete a file of the caller's own; messages that showed it stay."""
    row = _found(call)
    if row["user"] != call.user:
        raise SlackError("cant_delete_file")
    row["state"] = "deleted"
    call.workspace.shelf.collection("files_slack").save(row["id"])
    del call.workspace.shelf.blobs("files_slack")[row["id"]]
    return {}
