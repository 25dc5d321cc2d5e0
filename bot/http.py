"""Signed HTTP instead of Socket Mode: Slack's requests arrive here and are dispatched in threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


@contextmanager
def serving(app: App, port: int) -> Iterator[None]:
    """Answer on all addresses of this host at /slack/events, until the block ends."""

    async def events(request: Request) -> Response:
        # Bolt's own adapter would run listeners on the event loop, one after the other
        asked = to_bolt_request(request, await request.body())
        return to_starlette_response(await run_in_threadpool(app.dispatch, asked))

    web = Starlette(routes=[Route("/slack/events", events, methods=["POST"])])
    everywhere = "0.0.0.0"  # noqa: S104  # Slack reaches it through the operator's own proxy
    server = uvicorn.Server(uvicorn.Config(web, host=everywhere, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, name="http", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=5)
