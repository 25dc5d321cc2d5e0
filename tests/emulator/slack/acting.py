"""What the delivery tests share: the control client, an app of slack_bolt, a bare socket, a form and a card."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import requests
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from waiting import hang_up, on_loop, until
from websockets.protocol import State
from websockets.sync.client import connect as websocket

from bot.emulator.server import Running
from bot.emulator.slack import socket as sockets
from bot.emulator.workspace import Workspace

INES = "ines.duarte@fernhill.example"
PRIYA = "priya.nair@fernhill.example"
RUTH = "ruth.osei@harborpine.example"


COMMAND = "/implementation-request"
TYPED = {"channel": "general", "text": COMMAND}
FORM = {
    "type": "modal",
    "callback_id": "request",
    "notify_on_close": True,
    "private_metadata": "opaque",
    "title": {"type": "plain_text", "text": "Request"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "customer",
            "label": {"type": "plain_text", "text": "Customer"},
            "element": {"type": "plain_text_input", "action_id": "customer", "max_length": 20},
        },
        {
            "type": "input",
            "block_id": "link",
            "optional": True,
            "label": {"type": "plain_text", "text": "Link"},
            "element": {"type": "url_text_input", "action_id": "link"},
        },
    ],
}
CARD = [
    {
        "type": "actions",
        "block_id": "decide",
        "elements": [
            {
                "type": "button",
                "action_id": "select",
                "text": {"type": "plain_text", "text": "Select"},
                "value": "request-1",
            },
            {"type": "users_select", "action_id": "pm", "placeholder": {"type": "plain_text", "text": "PM"}},
        ],
    }
]


class Control:
    """The control API of a served workspace, with its token."""

    def __init__(self, workspace: Workspace) -> None:
        self.url = f"{workspace.url}/_control/"
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {workspace.secrets.control_token}"

    def raw(self, method: str, path: str, **more: Any) -> requests.Response:
        return self.session.request(method, self.url + path, timeout=30, **more)

    def get(self, path: str, **params: Any) -> Any:
        return self._fine(self.raw("GET", path, params=params))

    def post(self, path: str, body: Any = None) -> Any:
        return self._fine(self.raw("POST", path, json=body or {}))

    def act(self, who: str, verb: str, **body: Any) -> Any:
        """A person does something."""
        return self.post(f"people/{who}/{verb}", body)

    def refused(self, path: str, body: Any = None) -> str:
        """The sentence of a refusal."""
        answer = self.raw("POST", path, json=body or {})
        assert answer.status_code == 400, answer.text
        return str(answer.json()["error"])

    def sees(self, who: str) -> Any:
        return self.get(f"people/{who}/sees")

    def channel(self, who: str, name: str) -> Any:
        """A channel as the person sees it; name "app" is the DM with the app."""
        rows = self.sees(who)["channels"]
        return next(row for row in rows if row["name"] == name or (name == "app" and row["is_im"]))

    def texts(self, who: str, name: str) -> list[str]:
        """What stands in a channel, as the person reads it."""
        return [message["text"] for message in self.channel(who, name)["messages"]]

    @staticmethod
    def _fine(answer: requests.Response) -> Any:
        assert answer.status_code == 200, answer.text
        return answer.json()


def bolt(workspace: Workspace, **more: Any) -> App:
    """An app of slack_bolt for the workspace, its listeners on threads of their own."""
    client = WebClient(token=workspace.secrets.slack_bot_token, base_url=f"{workspace.url}/api/")
    return App(
        client=client,
        signing_secret=workspace.secrets.signing_secret,
        listener_executor=ThreadPoolExecutor(8),
        raise_error_for_unhandled_request=False,
        **more,
    )


@contextmanager
def connected(workspace: Workspace, app: App) -> Iterator[SocketModeHandler]:
    """The app over Socket Mode, with the builtin client, until the context ends."""
    handler = SocketModeHandler(app, workspace.secrets.slack_app_token, ping_interval=0.3)
    handler.client.proxy = None
    handler.connect()
    try:
        yield handler
    finally:
        hang_up(handler.client)
        try:
            handler.close()
        except AttributeError:  # its own thread dropped the socket between its look and its close: now there is none
            handler.close()
        alone(workspace)


def alone(workspace: Workspace) -> None:
    """Wait until the workspace has noticed that nobody is connected any more."""
    until(lambda: not sockets.of(workspace).connections)


def opened(control: Control, app: App, view: dict[str, Any] = FORM) -> str:
    """The id of a modal that the app opened for Ines after her command."""

    @app.command(COMMAND)
    def show(ack: Any, body: Any, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view)

    control.act(INES, "command", channel="general", text=COMMAND)
    return str(until(lambda: control.sees(INES)["views"])[0]["id"])


def reinstall(running: Running, workspace: Workspace, manifest: dict[str, Any]) -> None:
    """Install the app again from another manifest."""
    workspace.settings = replace(workspace.settings, manifest=manifest)
    on_loop(running, workspace.install)


@contextmanager
def raw_socket(workspace: Workspace) -> Iterator[Any]:
    """A Socket Mode connection without any library of Slack's; `greeting` is its hello."""
    client = WebClient(base_url=f"{workspace.url}/api/")
    url = str(client.apps_connections_open(app_token=workspace.secrets.slack_app_token)["url"])
    with websocket(url, proxy=None) as wire:
        yield Wire(wire)
    until(lambda: wire.state is State.CLOSED)


class Wire:
    """One raw connection and what came over it."""

    def __init__(self, wire: Any) -> None:
        self.wire = wire
        self.greeting = self.next()

    def next(self, seconds: float = 5.0) -> Any:
        return json.loads(self.wire.recv(timeout=seconds))

    def maybe(self) -> Any:
        """The next message if one is there."""
        try:
            return self.next(0.2)
        except TimeoutError:
            return None

    def send(self, text: str) -> None:
        self.wire.send(text)

    def close(self) -> None:
        self.wire.close()
