"""The page's routes: screens by GET, acts by POST, its own style and script."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.emulator.page import acts, guard, screens
from bot.emulator.page.drawing import draw, static
from bot.emulator.page.reader import Gone, Reader
from bot.emulator.slack import uploads
from bot.emulator.workspace import Workspace

MOST_BYTES = 15_000_000  # a form with a file of ten megabytes, written in base64
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
Endpoint = Callable[[Request], Awaitable[Response]]


def routes(workspace: Workspace) -> list[Route]:
    """Everything under /page, and / which leads there."""

    async def root(_: Request) -> Response:
        return RedirectResponse("/page")

    async def start(request: Request) -> Response:
        return _screen(workspace, request, "start")

    async def screen(request: Request) -> Response:
        return _screen(workspace, request, request.path_params["screen"])

    async def file(request: Request) -> Response:
        return _file(workspace, request)

    async def act(request: Request) -> Response:
        return await _act(workspace, request)

    return [
        Route("/", _guarded(root), methods=["GET"]),
        Route("/page", _guarded(start), methods=["GET"]),
        Route("/page/static/{name}", _guarded(_static), methods=["GET"]),
        Route("/page/file/{file}", _guarded(file), methods=["GET"]),
        Route("/page/act/{verb}", _guarded(act), methods=["POST"]),
        Route("/page/{screen}", _guarded(screen), methods=["GET"]),
    ]


def _guarded(endpoint: Endpoint) -> Endpoint:
    async def serve(request: Request) -> Response:
        answer = guard.refusal(request) or await endpoint(request)
        answer.headers.update(guard.HEADERS)
        return answer

    return serve


def _screen(workspace: Workspace, request: Request, name: str) -> Response:
    """A drawn screen, or 304 when the browser has it as it is now."""
    try:
        template, values = screens.gather(workspace, name, dict(request.query_params))
    except Gone as gone:
        body = draw("gone.html", **screens.frame(workspace, gone.person, "gone", "Not here"), why=str(gone))
        return Response(body, status_code=404, media_type="text/html")
    body = draw(template, **values)
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:24]}"'
    headers = {"ETag": tag, "Cache-Control": "no-store"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="text/html", headers=headers)


def _file(workspace: Workspace, request: Request) -> Response:
    """The bytes of a file of Slack, to whoever sees it there; always as a download, never as a page of ours."""
    try:
        reader = Reader.of(workspace, request.query_params.get("as", ""))
    except Gone as gone:
        return PlainTextResponse(str(gone), status_code=404)
    row = workspace.shelf.collection("files_slack").get(request.path_params["file"])
    if row is None or row["state"] != "shared" or not uploads.may_read(workspace, row, reader.id):
        return PlainTextResponse("There is no such file.", status_code=404)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(row['name'][:200], safe='')}"}
    content = workspace.shelf.blobs("files_slack")[row["id"]]
    return Response(content, media_type="application/octet-stream", headers=headers)


async def _act(workspace: Workspace, request: Request) -> Response:
    raw = await request.body()
    if len(raw) > MOST_BYTES:
        return JSONResponse({"error": "That is too much at once."}, status_code=413)
    try:
        body = json.loads(raw)
    except ValueError:
        return JSONResponse({"error": "This is not JSON."}, status_code=400)
    if not isinstance(body, dict):
        return JSONResponse({"error": "An object was expected."}, status_code=400)
    try:
        told = await acts.act(workspace, request.query_params.get("as", ""), request.path_params["verb"], body)
    except acts.Refused as refused:
        return JSONResponse({"error": str(refused)}, status_code=400)
    workspace.shelf.flush()
    return JSONResponse(told)


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ("page.css", "page.js"):
        return Response(status_code=404)
    kind: Any = TYPES["." + name.rsplit(".", 1)[1]]
    return Response(static(name), headers={"Content-Type": kind, "Cache-Control": "max-age=31536000, immutable"})
