"""What the delivery tests share: the control client, an app of slack_bolt, waiting on conditions."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import requests
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from waiting import hang_up, until

from bot.emulator.slack import socket as sockets
from bot.emulator.workspace import Workspace

INES = "ines.duarte@fernhill.example"
PRIYA = "priya.nair@fernhill.example"
RUTH = "ruth.osei@harborpine.example"


__all__ = ["INES", "PRIYA", "RUTH", "Control", "alone", "bolt", "connected", "hang_up", "until"]


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
        handler.close()
        alone(workspace)


def alone(workspace: Workspace) -> None:
    """Wait until the workspace has noticed that nobody is connected any more."""
    until(lambda: not sockets.of(workspace).connections)
