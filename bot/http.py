"""Signed HTTP instead of Socket Mode: Slack's requests arrive here and are dispatched in threads."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import SettingsError

PATH = "/slack/events"
EVERYWHERE = "0.0.0.0"  # noqa: S104  # Slack reaches it through the operator's own proxy
LARGEST_BODY = 2_000_000  # bytes; a form of Slack's has at most 250 kB before its letters are escaped


class _Server(uvicorn.Server):
    """Tells when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answering = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answering.set()


@contextmanager
def serving(app: App, port: int) -> Iterator[int]:
    """Answer at /slack/events on all addresses of this host until the block ends; yields the port (0 takes any)."""
    listener = _listener(port)
    config = uvicorn.Config(
        _web(app), log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=3, lifespan="off"
    )
    server = _Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="http", daemon=True)
    thread.start()
    try:
        if not server.answering.wait(timeout=10):
            raise RuntimeError("the HTTP server did not start")
        yield int(listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(timeout=5)
        listener.close()


def _listener(port: int) -> socket.socket:
    try:
        return socket.create_server((EVERYWHERE, port))
    except OSError as error:
        raise SettingsError(f"IMPLBOT_HTTP_PORT: port {port} cannot be taken: {error.strerror}.") from error


def _web(app: App) -> Starlette:
    async def events(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return PlainTextResponse("The body is too large.", 413)
        try:
            asked = to_bolt_request(request, body)
        except UnicodeDecodeError:
            return PlainTextResponse("The body is not UTF-8.", 400)
        # Bolt's own adapter would run listeners on the event loop, one after the other
        return to_starlette_response(await run_in_threadpool(app.dispatch, asked))

    return Starlette(routes=[Route(PATH, events, methods=["POST"])])


async def _body(request: Request) -> bytes | None:
    """The body as far as it is worth checking its signature; None when it is too large."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)
