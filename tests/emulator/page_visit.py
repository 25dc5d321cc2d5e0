"""A browser's side of the page for tests: one person who looks at screens and acts, over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from typing import Any

import requests
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from waiting import hang_up, on_loop

from bot.emulator import people
from bot.emulator.server import Running
from bot.emulator.slack import manifest
from bot.emulator.workspace import Workspace

COMMAND = {"command": "/implementation-request", "description": "Ask for an implementation", "usage_hint": "[customer]"}


@contextmanager
def installed(running: Running, **features: Any) -> Iterator[Workspace]:
    """The workspace with an app that has every scope, the slash command and more features; as it was afterwards."""
    found = running.workspace
    before = found.settings
    raw = manifest.everything("implbot")
    raw["features"] |= {"slash_commands": [COMMAND], **features}
    found.settings = replace(before, manifest=raw)
    on_loop(running, found.install)
    yield found
    found.settings = before
    on_loop(running, found.install)


class Visitor:
    """One person at the page."""

    def __init__(self, workspace: Workspace, who: str) -> None:
        self.workspace = workspace
        person = people.find(workspace, who if "@" in who else f"{who}@fernhill.example")
        self.id = str(person["id"]) if person else who
        self.session = requests.Session()
        self.session.trust_env = False

    def get(self, screen: str = "slack", headers: dict[str, str] | None = None, **query: str) -> requests.Response:
        """A screen as the server answers it."""
        address = f"{self.workspace.url}/page/{screen}"
        return self.session.get(address, params={"as": self.id} | query, headers=headers, timeout=30)

    def sees(self, screen: str = "slack", **query: str) -> str:
        """A screen's HTML; it must be there."""
        answer = self.get(screen, **query)
        assert answer.status_code == 200, answer.text
        return answer.text

    def reads(self, screen: str = "slack", **query: str) -> str:
        """What a screen says, without its tags, white space joined."""
        return words(self.sees(screen, **query))

    def post(self, verb: str, headers: dict[str, str] | None = None, **body: Any) -> requests.Response:
        """An act as the page's script sends it."""
        sent = {"Origin": self.workspace.url} | (headers or {})
        address = f"{self.workspace.url}/page/act/{verb}"
        return self.session.post(address, params={"as": self.id}, json=body, headers=sent, timeout=60)

    def does(self, verb: str, **body: Any) -> Any:
        """An act that must be taken."""
        answer = self.post(verb, **body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def cannot(self, verb: str, **body: Any) -> str:
        """An act that must be refused; the sentence it is refused with."""
        answer = self.post(verb, **body)
        assert answer.status_code == 400, answer.text
        return str(answer.json()["error"])


def words(html: str) -> str:
    """HTML as the text a person reads."""
    inside = re.sub(r"<(script|style|head)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", inside)).split())


@contextmanager
def app_of(workspace: Workspace, listen: Callable[[App], None]) -> Iterator[App]:
    """A real slack_bolt app over Socket Mode, with the listeners that `listen` adds."""
    client = WebClient(token=workspace.secrets.slack_bot_token, base_url=f"{workspace.url}/api/")
    app = App(client=client, listener_executor=ThreadPoolExecutor(4), raise_error_for_unhandled_request=False)
    listen(app)
    handler = SocketModeHandler(app, workspace.secrets.slack_app_token, ping_interval=1)
    handler.client.proxy = None
    handler.connect()
    try:
        yield app
    finally:
        hang_up(handler.client)
        handler.close()
