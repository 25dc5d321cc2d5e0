"""Socket Mode: tickets, connections, envelopes and their acknowledgements; each envelope has exactly one receiver."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
import uuid
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.emulator.slack import app
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.gateway import SlackCall, method

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

TICKET_SECONDS = 30.0
MOST_CONNECTIONS = 10
LIFE_SECONDS = 3600
SHORT_LIFE_SECONDS = 360  # with debug_reconnects=true
WARNING_SECONDS = 10

Envelope = dict[str, Any]


class NoReceiverError(Exception):
    """No connection of the app is there to take the envelope."""


@dataclass(eq=False)
class Connection:
    """One WebSocket of the app. A retiring one still hears acks but gets nothing new."""

    socket: WebSocket
    retiring: bool = False

    async def send(self, message: Envelope) -> None:
        """Send a message; a connection that is just ending loses it, and the envelope waits for the next."""
        try:
            await self.socket.send_text(json.dumps(message))
        except (WebSocketDisconnect, RuntimeError, OSError):
            self.retiring = True

    async def disconnect(self, reason: str) -> None:
        """Tell the app that this connection ends: warning, refresh_requested, link_disabled, too_many_websockets."""
        self.retiring = self.retiring or reason != "warning"
        debug = {"host": "applink-emulator"}
        await self.send({"type": "disconnect", "reason": reason, "debug_info": debug})


@dataclass(eq=False)
class Pending:
    """An envelope on its way: the workspace's life it is of, its ack to come, and the connection that carries it."""

    envelope: Envelope
    life: int
    acked: asyncio.Future[dict[str, Any] | None]
    carrier: Connection | None = None


@dataclass
class Sockets:
    """All Socket Mode connections of the installed app."""

    workspace: Workspace
    tickets: dict[str, tuple[float, str]] = field(default_factory=dict)
    connections: list[Connection] = field(default_factory=list)
    pending: dict[str, Pending] = field(default_factory=dict)
    turn: int = 0
    opened: int = 0
    lost_at: float = float("-inf")

    def ticket(self, app_id: str) -> str:
        """A fresh ticket for one connection."""
        ticket = secrets.token_urlsafe(24)
        self.tickets = {key: value for key, value in self.tickets.items() if value[0] > time.monotonic()}
        self.tickets[ticket] = (time.monotonic() + TICKET_SECONDS, app_id)
        return ticket

    def redeem(self, ticket: str) -> str | None:
        """The app id of a ticket, which is thereby used up; None for a wrong or late one."""
        expires, app_id = self.tickets.pop(ticket, (0.0, ""))
        return app_id if app_id and expires > time.monotonic() else None

    @property
    def ready(self) -> list[Connection]:
        """The connections that may be given an envelope."""
        return [connection for connection in self.connections if not connection.retiring]

    async def send(
        self, kind: str, payload: dict[str, Any], accepts_response: bool, seconds: float, **retry: Any
    ) -> dict[str, Any] | None:
        """Send an envelope and wait for its ack; answers the ack's payload. Raises NoReceiverError, TimeoutError.

        An app that was connected less than `seconds` ago may come back to take it.
        """
        if not self.connections and time.monotonic() - self.lost_at > seconds:
            raise NoReceiverError
        envelope_id = str(uuid.uuid4())
        envelope: Envelope = {"envelope_id": envelope_id, "payload": payload, "type": kind}
        envelope |= {"accepts_response_payload": accepts_response, **retry}
        pending = self.pending[envelope_id] = Pending(
            envelope, self.workspace.shelf.epoch, asyncio.get_running_loop().create_future()
        )
        try:
            return await asyncio.wait_for(self._carried(pending), seconds)
        except TimeoutError:
            if pending.carrier is None:
                raise NoReceiverError from None
            raise
        finally:
            del self.pending[envelope_id]

    async def _carried(self, pending: Pending) -> dict[str, Any] | None:
        await self._carry(pending)
        return await pending.acked

    async def _carry(self, pending: Pending) -> None:
        """Give an envelope to the next connection in turn; with none it waits for one."""
        ready = self.ready
        if not ready:
            return
        self.turn += 1
        pending.carrier = ready[self.turn % len(ready)]
        await pending.carrier.send(pending.envelope)

    async def carry_again(self) -> None:
        """Send what no standing connection carries; called when a connection came or went."""
        for pending in list(self.pending.values()):
            waits = not pending.acked.done() and pending.carrier not in self.connections
            if waits and pending.life == self.workspace.shelf.epoch:
                await self._carry(pending)

    def acknowledge(self, message: Any) -> None:
        """Take an ack from any connection; one for an unknown or timed-out envelope is too late and means nothing."""
        pending = self.pending.get(str(message.get("envelope_id"))) if isinstance(message, dict) else None
        if pending is not None and not pending.acked.done():
            payload = message.get("payload")
            pending.acked.set_result(payload if isinstance(payload, dict) and payload else None)

    async def drop(self) -> int:
        """End every connection without a word; answers how many there were."""
        ending = list(self.connections)
        for connection in ending:
            await connection.socket.close(1011)
        return len(ending)

    async def refresh(self, reason: str = "refresh_requested") -> int:
        """Ask every connection to be replaced; answers how many there were."""
        ending = list(self.connections)
        for connection in ending:
            await connection.disconnect(reason)
        return len(ending)


def of(workspace: Workspace) -> Sockets:
    """The connections of a workspace's app; they outlive a reset."""
    sockets: Sockets = workspace.connected.setdefault("sockets", Sockets(workspace))
    return sockets


@method("apps.connections.open", kind="app", scopes=("connections:write",), tier=3)
def connections_open(call: SlackCall) -> dict[str, Any]:
    """A WebSocket address that works once, for half a minute."""
    if not app.plan(call.workspace).socket_mode:
        raise SlackError("socket_mode_not_enabled")
    ticket = of(call.workspace).ticket(str(call.token["app_id"]))
    host = call.workspace.url.replace("http", "ws", 1)
    return {"url": f"{host}/link/?ticket={ticket}&app_id={call.token['app_id']}"}


def routes(workspace: Workspace) -> list[BaseRoute]:
    """The WebSocket's route, and the response_url's."""
    from bot.emulator.slack import delivery, responses

    delivery.listen(workspace)

    async def endpoint(socket: WebSocket) -> None:
        await _serve(workspace, socket)

    return [WebSocketRoute("/link/", endpoint), *responses.routes(workspace)]


async def _serve(workspace: Workspace, socket: WebSocket) -> None:
    """One connection from its ticket to its end."""
    sockets = of(workspace)
    app_id = sockets.redeem(socket.query_params.get("ticket", ""))
    if app_id is None or app_id != app.installed(workspace)["id"]:
        await socket.close(1008)
        return
    await socket.accept()
    connection = Connection(socket)
    if len(sockets.ready) >= MOST_CONNECTIONS:
        await connection.disconnect("too_many_websockets")
        await socket.close()
        return
    sockets.connections.append(connection)
    sockets.opened += 1
    life = SHORT_LIFE_SECONDS if socket.query_params.get("debug_reconnects") == "true" else LIFE_SECONDS
    ending = asyncio.create_task(_end_after(connection, life))
    try:
        await connection.send(_hello(sockets, app_id, life))
        await sockets.carry_again()
        await _listen(sockets, socket)
    finally:
        ending.cancel()
        sockets.connections.remove(connection)
        sockets.lost_at = time.monotonic()
        await _shielded(sockets.carry_again())


def _hello(sockets: Sockets, app_id: str, life: int) -> Envelope:
    return {
        "type": "hello",
        "num_connections": len(sockets.connections),
        "debug_info": {"host": "applink-emulator", "build_number": 1, "approximate_connection_time": life},
        "connection_info": {"app_id": app_id},
    }


async def _listen(sockets: Sockets, socket: WebSocket) -> None:
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        try:
            sockets.acknowledge(json.loads(message.get("text") or "null"))
        except ValueError:
            continue  # Slack ignores what is no JSON


async def _end_after(connection: Connection, life: float) -> None:
    """Warn before a connection's hour is over, then ask for a new one, then close."""
    await asyncio.sleep(max(0.0, life - WARNING_SECONDS))
    await connection.disconnect("warning")
    await asyncio.sleep(WARNING_SECONDS)
    await connection.disconnect("refresh_requested")
    await asyncio.sleep(WARNING_SECONDS)
    await connection.socket.close()


async def _shielded(work: Awaitable[None]) -> None:
    """Finish even when the connection's own task is being cancelled."""
    await asyncio.shield(asyncio.ensure_future(work))
