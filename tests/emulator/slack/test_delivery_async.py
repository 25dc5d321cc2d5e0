"""Bolt's asynchronous app over both of its Socket Mode clients, aiohttp's and websockets', unmodified."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from acting import INES, PRIYA, Control, alone, until
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler as OverAiohttp
from slack_bolt.adapter.socket_mode.websockets import AsyncSocketModeHandler as OverWebsockets
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.emulator.workspace import Workspace

COMMAND = "/implementation-request"
FORM = {
    "type": "modal",
    "callback_id": "request",
    "title": {"type": "plain_text", "text": "Request"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "customer",
            "label": {"type": "plain_text", "text": "Customer"},
            "element": {"type": "plain_text_input", "action_id": "customer"},
        }
    ],
}

both = pytest.mark.parametrize("handler", [OverAiohttp, OverWebsockets], ids=["aiohttp", "websockets"])


@asynccontextmanager
async def connected(workspace: Workspace, handler: Any) -> AsyncIterator[AsyncApp]:
    """An app of asynchronous Bolt, connected until the context ends."""
    client = AsyncWebClient(token=workspace.secrets.slack_bot_token, base_url=f"{workspace.url}/api/")
    app = AsyncApp(client=client, raise_error_for_unhandled_request=False)
    mode = handler(app, workspace.secrets.slack_app_token, ping_interval=0.3)
    mode.client.proxy = None
    await mode.connect_async()
    try:
        yield app
    finally:
        await mode.close_async()
    await asyncio.to_thread(alone, workspace)


@both
def test_a_form_from_command_to_message(workspace: Workspace, handler: Any, general: str) -> None:
    """A command opens a form, its submission is answered with errors and then closes, and the app posts a message."""
    control = Control(workspace)

    async def story() -> None:
        async with connected(workspace, handler) as app:

            @app.command(COMMAND)
            async def show(ack: Any, body: Any, client: AsyncWebClient) -> None:
                await ack("One moment")
                await client.views_open(trigger_id=body["trigger_id"], view=FORM)

            @app.view("request")
            async def take(ack: Any, view: Any, client: AsyncWebClient) -> None:
                customer = view["state"]["values"]["customer"]["customer"]["value"]
                if customer == "?":
                    await ack(response_action="errors", errors={"customer": "Which one?"})
                    return
                await ack()
                await client.chat_postMessage(channel=general, text=f"{customer} asks")

            await asyncio.to_thread(play, control)

    asyncio.run(story())


def play(control: Control) -> None:
    """What Ines does, and what Priya then reads."""
    assert control.act(INES, "command", channel="general", text=COMMAND)["told"] == "One moment"
    view = str(until(lambda: control.sees(INES)["views"])[0]["id"])
    assert control.act(INES, "submit", view_id=view, values={"customer": "?"})["errors"] == {"customer": "Which one?"}
    assert control.act(INES, "submit", view_id=view, values={"customer": "Harborpine"})["response"] == "closed"
    until(lambda: "Harborpine asks" in control.texts(PRIYA, "general"))


@both
def test_events_and_a_refresh(workspace: Workspace, handler: Any) -> None:
    """Events arrive, also after Slack asked for a new connection; what was on a closing one may come once more."""
    control = Control(workspace)
    heard: list[str] = []

    def play() -> None:
        assert control.act(PRIYA, "post", channel="app", text="one")["ack"] == "ok"
        assert control.post("slack/refresh")["connections"] == 1
        assert control.act(PRIYA, "post", channel="app", text="two")["ack"] == "ok"
        until(lambda: list(dict.fromkeys(heard)) == ["one", "two"])

    async def story() -> None:
        async with connected(workspace, handler) as app:

            @app.event("message")
            async def take(event: Any) -> None:
                heard.append(event["text"])

            await asyncio.to_thread(play)

    asyncio.run(story())
