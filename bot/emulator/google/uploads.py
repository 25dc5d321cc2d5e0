"""Uploads: media, multipart and resumable for Drive v3, and the Drive v2 upload that gspread's CSV import uses."""

from __future__ import annotations

import re
import secrets
import time
from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING, Any

from bot.emulator.google import access, auth, checks
from bot.emulator.google.documents import Match
from bot.emulator.google.errors import GoogleError, drive_invalid, unimplemented
from bot.emulator.google.gateway import Call
from bot.emulator.google.wire import Incoming, Outgoing, parse_json, print_json

if TYPE_CHECKING:
    from bot.emulator.google.exchange import Door
    from bot.emulator.workspace import Workspace

SMALL = 5 * 1024 * 1024
CHUNK = 256 * 1024
WEEK = 7 * 86400.0
_RANGE = re.compile(r"bytes (?:([0-9]{1,15})-([0-9]{1,15})|\*)/([0-9]{1,15}|\*)")


def receive(workspace: Workspace, incoming: Incoming, found: Match, who: auth.Identity) -> Call | Outgoing:
    """The call that an upload completes, or the answer to a step on the way there (session start, chunk)."""
    kind = incoming.first("uploadType") or incoming.first("upload_protocol") or "media"
    if incoming.first("upload_id"):
        return _chunk(workspace, incoming, found, who)
    if kind == "resumable":
        return _start(workspace, incoming, found, who)
    if kind == "multipart":
        metadata, media, media_type = _related(incoming)
    elif kind == "media":
        metadata, media, media_type = (
            {},
            incoming.body,
            incoming.headers.get("content-type", "application/octet-stream"),
        )
    else:
        raise drive_invalid(f"Invalid upload type: {kind}", "uploadType")
    if len(media) > SMALL:
        raise GoogleError(413, "Request Too Large", "uploadTooLarge")
    return _call(workspace, found, incoming.query, who, metadata, media, media_type)


def _call(
    workspace: Workspace,
    found: Match,
    query: list[tuple[str, str]],
    who: auth.Identity,
    metadata: Any,
    media: bytes,
    media_type: str,
) -> Call:
    params = checks.parameters(found.method, found.params, query)
    body = checks.body(found.method, metadata)
    plain = media_type.split(";")[0].strip().lower() or "application/octet-stream"
    return Call(workspace, who.email, found.method.id, params, body, media, plain, who.project, who.scopes)


def _related(incoming: Incoming) -> tuple[Any, bytes, str]:
    """The metadata and the media of a multipart/related body."""
    kind = incoming.headers.get("content-type", "")
    if not kind.startswith("multipart/"):
        raise GoogleError(400, "Bad content type. Please use multipart.", "badContent")
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + incoming.body
    )
    parts = list(message.iter_parts()) if message.is_multipart() else []
    if len(parts) != 2:
        raise GoogleError(400, "Malformed multipart body.", "badContent")
    first, second = (part.get_payload(decode=True) for part in parts)
    assert isinstance(first, bytes)
    assert isinstance(second, bytes)
    return parse_json(first, "drive"), second, parts[1].get_content_type()


# -- resumable


def _start(workspace: Workspace, incoming: Incoming, found: Match, who: auth.Identity) -> Outgoing:
    metadata = parse_json(incoming.body, "drive")
    checks.body(found.method, metadata)
    checks.parameters(found.method, found.params, incoming.query)
    session = secrets.token_urlsafe(32)
    workspace.shelf.collection("uploads")[session] = {
        "id": session,
        "who": who.email,
        "metadata": metadata,
        "query": [list(pair) for pair in incoming.query],
        "type": incoming.headers.get("x-upload-content-type", "application/octet-stream"),
        "total": incoming.headers.get("x-upload-content-length", ""),
        "received": 0,
        "until": time.time() + WEEK,
    }
    workspace.shelf.blobs("uploads")[session] = b""
    location = f"{workspace.url}{incoming.path}?uploadType=resumable&upload_id={session}"
    return Outgoing(200, b"", headers={"Location": location, "X-GUploader-UploadID": session})


def _chunk(workspace: Workspace, incoming: Incoming, found: Match, who: auth.Identity) -> Call | Outgoing:
    session = incoming.first("upload_id")
    row = workspace.shelf.collection("uploads").get(session)
    if row is None or row["until"] < time.time() or row["who"] != who.email:
        raise GoogleError(404, "Not Found", "notFound")
    stored = workspace.shelf.blobs("uploads")
    have = stored[session]
    start, total = _span(incoming, len(have))
    if start is not None:
        if start != len(have):
            return _so_far(have)
        have += incoming.body
        stored[session] = have
        row["received"] = len(have)
        workspace.shelf.collection("uploads").save(session)
    if total is None or len(have) < total:
        if start is not None and len(incoming.body) % CHUNK:
            raise GoogleError(400, f"Chunks must be multiples of {CHUNK} bytes.", "badRequest")
        return _so_far(have)
    del stored[session]
    del workspace.shelf.collection("uploads")[session]
    incoming.query = [(name, value) for name, value in row["query"]]  # the session's `fields` shape the last answer
    return _call(workspace, found, incoming.query, who, row["metadata"], have, row["type"])


def _span(incoming: Incoming, have: int) -> tuple[int | None, int | None]:
    """Where this chunk starts (None: a question of state) and the whole size (None: not known yet)."""
    text = incoming.headers.get("content-range", "")
    if not text:
        return have, have + len(incoming.body)
    hit = _RANGE.fullmatch(text)
    if hit is None:
        raise GoogleError(400, "Failed to parse Content-Range header.", "badRequest")
    total = None if hit[3] == "*" else int(hit[3])
    return (int(hit[1]) if hit[1] is not None else None), total


def _so_far(have: bytes) -> Outgoing:
    headers = {"Range": f"bytes=0-{len(have) - 1}"} if have else {}
    return Outgoing(308, b"", headers=headers)


# -- Drive v2


def old_upload(door: Door, incoming: Incoming) -> Outgoing:
    """PUT /upload/drive/v2/files/{id}?uploadType=media&convert=true: replaces a native file's content."""
    from bot.emulator.google.exchange import refusal

    try:
        return _old_upload(door.workspace, incoming)
    except GoogleError as error:
        return refusal(error, "drive")


def _old_upload(workspace: Workspace, incoming: Incoming) -> Outgoing:
    from bot.emulator.google.drive import v2
    from bot.emulator.google.drive.content import replace

    who = auth.identify(workspace, incoming.headers.get("authorization", ""), incoming.verb, "drive")
    hit = re.fullmatch(r"/upload/drive/v2/files/([^/]+)", incoming.path)
    if hit is None or incoming.verb != "PUT" or incoming.first("uploadType") != "media":
        raise unimplemented(f"{incoming.verb} {incoming.path}", "Drive v2")
    media_type = incoming.headers.get("content-type", "application/octet-stream").split(";")[0].strip()
    call = Call(
        workspace, who.email, "drive.files.update", {"fileId": hit[1]}, {}, incoming.body, media_type, who.project
    )
    row, held = access.visible(call, hit[1])
    if not access.has(held, "writer"):
        raise GoogleError(
            403, "The user does not have sufficient permissions for this file.", "insufficientFilePermissions"
        )
    replace(call, row, incoming.body, media_type)
    return Outgoing(200, print_json(v2.resource(call, row), True))
