"""Waiting for what another thread does: on the server's loop, on a condition, on the end of a client."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from typing import Any

from slack_sdk.socket_mode.builtin import SocketModeClient

from bot.emulator.server import Running


def on_loop(running: Running, act: Callable[[], Any]) -> Any:
    """Do something where the server's handlers run, and wait for it."""

    async def there() -> Any:
        return act()

    return asyncio.run_coroutine_threadsafe(there(), running.loop).result(30)


def until(condition: Callable[[], Any], seconds: float = 10.0) -> Any:
    """The first true value of a condition; fails when there is none before the deadline."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.01)
    raise AssertionError("nothing came before the deadline")


def hang_up(client: SocketModeClient) -> None:
    """Let the client's threads see at once that it ends: each sits in a wait of seconds."""
    client.auto_reconnect_enabled = False
    client.closed = True
    client.message_queue.put(None)
    session = client.current_session
    if session is not None and session.sock is not None:
        _shut(session.sock)


def _shut(sock: socket.socket) -> None:
    """End a socket that somebody sits reading on."""
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:  # it ended by itself
        return
