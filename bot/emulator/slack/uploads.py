"""The two addresses outside the Web API that files need: where bytes are sent, and where they are read."""

from __future__ import annotations

import mimetypes
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.emulator.slack import app, channels
from bot.emulator.slack.ids import new_id, seconds

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]

MOST_BYTES = 1_000_000_000
HIDDEN = ("ticket", "state", "given_to")  # fields of a row that the file object does not show


def routes(workspace: Workspace) -> list[Route]:
    """`POST /upload/v1/{ticket}` and `GET /files-pri/{file}/{name}`."""

    async def upload(request: Request) -> Response:
        return receive(workspace, request.path_params["ticket"], await _content(request))

    async def read(request: Request) -> Response:
        return send(workspace, request.path_params["file"], request.headers.get("authorization", ""))

    return [
        Route("/upload/v1/{ticket}", upload, methods=["POST", "PUT"]),
        Route("/files-pri/{file}/{name:path}", read, methods=["GET"]),
    ]


async def _content(request: Request) -> bytes:
    """The bytes: the raw body, or the one file of a multipart form."""
    raw = await request.body()
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        return raw
    from bot.emulator.slack.gateway import multipart

    return next((content for _, content in multipart(kind, raw)), b"")


def announce(workspace: Workspace, user: str, name: str, size: int) -> Row:
    """A new file's row whose bytes are still to come to its `ticket`; the caller keeps it."""
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    ending = name.rpartition(".")[2].lower() if "." in name else "binary"
    team = app.team(workspace)["id"]
    row: Row = {"id": new_id("F"), "created": seconds(workspace), "timestamp": seconds(workspace)}
    row |= {"name": name, "title": name, "mimetype": mimetype, "filetype": ending, "pretty_type": ending.upper()}
    row |= {"user": user, "user_team": team, "editable": False, "size": size, "mode": "hosted"}
    row |= {"is_external": False, "external_type": "", "is_public": False, "username": ""}
    row |= {"public_url_shared": False, "display_as_bot": False, "has_rich_preview": False, "file_access": "visible"}
    private = f"{workspace.url}/files-pri/{row['id']}/{quote(name, safe='')}"
    row |= {"url_private": private, "url_private_download": private, "permalink": private}
    row |= {"channels": [], "groups": [], "ims": [], "shares": {}, "comments_count": 0}
    return row | {"ticket": secrets.token_urlsafe(24), "state": "announced", "given_to": []}


def hand_in(workspace: Workspace, user: str, name: str, content: bytes) -> Row:
    """A file that a person gives to the app in a form; it is in no channel, and the app may read it."""
    row = announce(workspace, user, name, len(content))
    row |= {"state": "shared", "given_to": [app.installed(workspace)["bot_user"]]}
    workspace.shelf.collection("files_slack")[row["id"]] = row
    workspace.shelf.blobs("files_slack")[row["id"]] = content
    return row


def shape(row: Row) -> Row:
    """The file object."""
    return {key: value for key, value in row.items() if key not in HIDDEN}


def receive(workspace: Workspace, ticket: str, content: bytes) -> Response:
    """Take the bytes of a file whose upload was announced; they must be as many as announced."""
    rows = workspace.shelf.collection("files_slack")
    row = next((known for known in rows.values() if known.get("ticket") == ticket), None)
    if row is None:
        return PlainTextResponse("upload_not_found", 404)
    if len(content) != row["size"]:
        return PlainTextResponse(f"expected {row['size']} bytes, got {len(content)}", 400)
    workspace.shelf.blobs("files_slack")[row["id"]] = content
    row["state"] = "uploaded"
    rows.save(row["id"])
    return PlainTextResponse(f"OK - {len(content)}")


def send(workspace: Workspace, file_id: str, authorization: str) -> Response:
    """The bytes of a file, to a token with files:read whose bot sees it."""
    row = workspace.shelf.collection("files_slack").get(file_id)
    token = app.find_token(workspace, authorization.removeprefix("Bearer ").strip())
    if token is None or "files:read" not in token["scopes"]:
        return PlainTextResponse("not authorised", 403)
    if row is None or row["state"] != "shared" or not may_read(workspace, row, token["user"]):
        return PlainTextResponse("file_not_found", 404)
    return Response(workspace.shelf.blobs("files_slack")[file_id], media_type=row["mimetype"])


def may_read(workspace: Workspace, row: Row, user: str) -> bool:
    """Its owner reads a file, whom it was given to, and whoever is in a channel where it was shared."""
    if row["user"] == user or user in row.get("given_to", ()):
        return True
    places = [channels.get(workspace, channel_id) for channel_id in (*row["channels"], *row["groups"], *row["ims"])]
    return any(place is not None and channels.can_see(workspace, place, user) for place in places)
