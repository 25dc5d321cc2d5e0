"""drive.comments and drive.replies: threads on a file, kept in collection "comments" by file id."""

from __future__ import annotations

import secrets

from bot.emulator.google import access, errors
from bot.emulator.google.access import Row
from bot.emulator.google.drive import tree
from bot.emulator.google.drive.listing import paged
from bot.emulator.google.drive.resource import user
from bot.emulator.google.gateway import Call, method


def _file(call: Call, role: str) -> Row:
    row, held = access.visible(call, call.params["fileId"])
    tree.need(held, role)
    return row


def _threads(call: Call, row: Row) -> list[Row]:
    stored = call.workspace.shelf.collection("comments")
    found: list[Row] = stored.setdefault(row["id"], {"comments": []})["comments"]
    return found


def _save(call: Call, row: Row) -> None:
    call.workspace.shelf.collection("comments").save(row["id"])


def _author(call: Call, email: str) -> Row:
    """A User without its e-mail, which comments do not give away."""
    found = user(call.workspace, email, call.caller)
    return {name: value for name, value in found.items() if name in ("kind", "displayName", "me")}


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _resource(call: Call, one: Row) -> Row:
    found: Row = {
        "kind": "drive#comment",
        "id": one["id"],
        "createdTime": one["createdTime"],
        "modifiedTime": one["modifiedTime"],
        "deleted": bool(one.get("deleted")),
        "resolved": bool(one.get("resolved")),
        "replies": [_reply(call, reply) for reply in one["replies"]],
    }
    if one.get("deleted"):
        return found
    found |= {"author": _author(call, one["author"]), "content": one["content"], "htmlContent": _html(one["content"])}
    for name in ("anchor", "quotedFileContent"):
        if one.get(name):
            found[name] = one[name]
    return found


def _reply(call: Call, one: Row) -> Row:
    found: Row = {
        "kind": "drive#reply",
        "id": one["id"],
        "createdTime": one["createdTime"],
        "modifiedTime": one["modifiedTime"],
        "deleted": bool(one.get("deleted")),
        "author": _author(call, one["author"]),
    }
    if one.get("action"):
        found["action"] = one["action"]
    if one.get("content") and not one.get("deleted"):
        found |= {"content": one["content"], "htmlContent": _html(one["content"])}
    return found


def _find(call: Call, row: Row) -> Row:
    wanted = call.params["commentId"]
    for one in _threads(call, row):
        if one["id"] == wanted and (not one.get("deleted") or call.params.get("includeDeleted")):
            return one
    raise errors.GoogleError(404, f"Comment not found: {wanted}.", "notFound", "commentId")


@method("drive.comments.list")
def list_comments(call: Call) -> Row:
    """Threads of a file, newest change first; 20 a page by default, 100 at most."""
    row = _file(call, "reader")
    since = call.params.get("startModifiedTime", "")
    kept = [one for one in _threads(call, row) if call.params.get("includeDeleted") or not one.get("deleted")]
    kept = [one for one in kept if one["modifiedTime"] >= since]
    page, token = paged(call, sorted(kept, key=lambda one: str(one["modifiedTime"]), reverse=True), 20)
    answer: Row = {"kind": "drive#commentList"}
    if token:
        answer["nextPageToken"] = token
    return answer | {"comments": [_resource(call, one) for one in page]}


@method("drive.comments.get")
def get(call: Call) -> Row:
    """One thread."""
    return _resource(call, _find(call, _file(call, "reader")))


@method("drive.comments.create")
def create(call: Call) -> Row:
    """A comment by anyone who may comment."""
    row = _file(call, "commenter")
    if not call.body.get("content"):
        raise errors.GoogleError(400, "The comment content field is required.", "required", "comment.content")
    at = access.now(call.workspace)
    one = {
        "id": "AAAA" + secrets.token_urlsafe(5),
        "author": call.caller,
        "content": call.body["content"],
        "replies": [],
    }
    one |= {"createdTime": at, "modifiedTime": at, "anchor": call.body.get("anchor")}
    one["quotedFileContent"] = call.body.get("quotedFileContent")
    _threads(call, row).append(one)
    _save(call, row)
    return _resource(call, one)


@method("drive.comments.update")
def update(call: Call) -> Row:
    """Other words, by the author."""
    row = _file(call, "commenter")
    one = _find(call, row)
    _own(call, one)
    one["content"] = call.body.get("content", one["content"])
    one["modifiedTime"] = access.now(call.workspace)
    _save(call, row)
    return _resource(call, one)


@method("drive.comments.delete")
def delete(call: Call) -> None:
    """Deletes a comment, by the author; a stub stays."""
    row = _file(call, "commenter")
    one = _find(call, row)
    _own(call, one)
    one["deleted"] = True
    one["modifiedTime"] = access.now(call.workspace)
    _save(call, row)


def _own(call: Call, one: Row) -> None:
    if one["author"] != call.caller:
        raise errors.drive_forbidden("forbidden", "The user does not have sufficient permissions for this comment.")


@method("drive.replies.list")
def list_replies(call: Call) -> Row:
    """Replies of one thread, oldest first."""
    found = _find(call, _file(call, "reader"))["replies"]
    kept = [one for one in found if call.params.get("includeDeleted") or not one.get("deleted")]
    page, token = paged(call, kept, 20)
    answer: Row = {"kind": "drive#replyList"}
    if token:
        answer["nextPageToken"] = token
    return answer | {"replies": [_reply(call, one) for one in page]}


@method("drive.replies.create", notes="`action` resolve and reopen change the thread; nothing else does.")
def reply(call: Call) -> Row:
    """A reply; with `action` it resolves or reopens the thread."""
    row = _file(call, "commenter")
    thread = _find(call, row)
    action = call.body.get("action")
    if not call.body.get("content") and action not in ("resolve", "reopen"):
        raise errors.GoogleError(400, "The reply content field is required.", "required", "reply.content")
    at = access.now(call.workspace)
    one = {"id": "AAAA" + secrets.token_urlsafe(5), "author": call.caller, "content": call.body.get("content", "")}
    one |= {"createdTime": at, "modifiedTime": at, "action": action}
    thread["replies"].append(one)
    thread["modifiedTime"] = at
    if action:
        thread["resolved"] = action == "resolve"
    _save(call, row)
    return _reply(call, one)


@method("drive.replies.get")
def get_reply(call: Call) -> Row:
    """One reply."""
    thread = _find(call, _file(call, "reader"))
    for one in thread["replies"]:
        if one["id"] == call.params["replyId"]:
            return _reply(call, one)
    raise errors.GoogleError(404, f"Reply not found: {call.params['replyId']}.", "notFound", "replyId")
