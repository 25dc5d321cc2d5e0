"""One origin for everything: builds the web application of a workspace and serves it from a thread or a process."""

from __future__ import annotations

import asyncio
import importlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.emulator.workspace import Workspace

ROOMS = (
    "bot.emulator.control",
    "bot.emulator.slack.socket",
    "bot.emulator.slack.gateway",
    "bot.emulator.google.gateway",
    "bot.emulator.page",
)
EVERY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
KEEP_ALIVE_SECONDS = 600  # a clock follower keeps its connection while it works
PING_SECONDS = 0.25  # Bolt's reader sits in a recv of seconds; a ping wakes it
START_SECONDS, LOOK_SECONDS = 30, 0.1


class Protocol(H11Protocol):
    """HTTP whose scope carries the transport, so that a fault can cut it and the clock can see it end."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        plain: Any = self.app

        async def app(scope: Any, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})["emulator.transport"] = transport
            await plain(scope, receive, send)

        self.app = app


class Server(uvicorn.Server):
    """A server that lets the clock's followers go before it waits for connections to end."""

    def __init__(self, config: uvicorn.Config, workspace: Workspace) -> None:
        super().__init__(config)
        self._workspace = workspace
        self._leaving = asyncio.Event()

    async def main_loop(self) -> None:
        """As uvicorn keeps it, a look every tenth of a second; but `leave` ends it at once."""
        looks = 0
        while not await self.on_tick(looks):
            looks += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), LOOK_SECONDS)

    def leave(self) -> None:
        """End the server; to be called on its loop."""
        self.should_exit = True
        self._leaving.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._workspace.clock.release()
        await super().shutdown(sockets)


class Flushing:
    """Writes what a request changed before it is answered: whatever was acknowledged survives a kill."""

    def __init__(self, app: ASGIApp, workspace: Workspace) -> None:
        self._app, self._workspace = app, workspace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._workspace.shelf.flush()
            await send(message)

        try:
            await self._app(scope, receive, answered)
        finally:
            self._workspace.shelf.flush()


def build(workspace: Workspace) -> Starlette:
    """The application: the APIs' real paths, /_control, the page, and a loud 501 for all else."""
    routes: list[BaseRoute] = []
    for room in ROOMS:
        routes += importlib.import_module(room).routes(workspace)
    app = Starlette(routes=[*routes, Route("/{path:path}", _unknown, methods=EVERY_METHOD)])
    app.add_middleware(Flushing, workspace=workspace)
    return app


async def _unknown(request: Request) -> JSONResponse:
    """Nothing here answers with an empty success: an unknown path is named and refused."""
    message = f"The embedded workspace does not implement {request.method} {request.url.path}."
    return JSONResponse({"error": {"code": 501, "message": message, "status": "UNIMPLEMENTED"}}, 501)


def listen(port: int = 0) -> socket.socket:
    """A socket on loopback; port 0 takes any free one."""
    # Named TCP, so that asyncio switches Nagle's algorithm off on what it accepts: else each answer waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return listener


def server_for(workspace: Workspace, listener: socket.socket) -> Server:
    """The server of a workspace on that socket; sets the workspace's URL."""
    workspace.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    config = uvicorn.Config(
        build(workspace),
        http=Protocol,
        ws="websockets-sansio",
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=20,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=1,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    return Server(config, workspace)


@dataclass
class Running:
    """A workspace being served from a thread of this process."""

    workspace: Workspace
    server: Server
    thread: threading.Thread
    loop: asyncio.AbstractEventLoop

    @property
    def url(self) -> str:
        """The one origin of everything, without a slash at the end."""
        return self.workspace.url

    def stop(self) -> None:
        """End the server and its connections."""
        if self.thread.is_alive():
            self.loop.call_soon_threadsafe(self.server.leave)
        self.thread.join(timeout=10)


@contextmanager
def serve(workspace: Workspace | None = None, port: int = 0) -> Iterator[Running]:
    """Serve a workspace (a fresh sample if none is given) from a daemon thread for as long as the context lasts."""
    running = start(workspace or Workspace.open(), port)
    try:
        yield running
    finally:
        running.stop()


def start(workspace: Workspace, port: int = 0) -> Running:
    """Begin to serve and return once the port answers."""
    listener = listen(port)
    server = server_for(workspace, listener)
    started: threading.Event = threading.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def run() -> None:
        loops.append(asyncio.get_running_loop())
        serving = asyncio.create_task(server.serve([listener]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.005)
        started.set()
        await serving

    thread = threading.Thread(target=lambda: asyncio.run(run()), name="emulator", daemon=True)
    thread.start()
    if not started.wait(START_SECONDS) or not server.started:
        raise RuntimeError("The embedded workspace did not start; its thread's traceback says why.")
    return Running(workspace, server, thread, loops[0])
