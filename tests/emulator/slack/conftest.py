"""A served workspace for the Slack tests: one server for the session, a fresh workspace for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from acting import Control, alone, bolt, connected
from slack_asking import OTHER_TOKEN, person
from slack_bolt import App
from slack_sdk import WebClient
from waiting import on_loop

from bot.emulator.server import Running, serve
from bot.emulator.slack import channels, messages
from bot.emulator.slack import manifest as manifests
from bot.emulator.workspace import EmulatorSettings, Workspace

COMMAND = {"command": "/implementation-request", "description": "Ask for an implementation", "usage_hint": "[customer]"}
SHORTCUT = {"name": "Note as risk", "type": "message", "callback_id": "note_risk", "description": "Note it"}
DEFAULT = EmulatorSettings()

Act = Callable[..., Any]


@pytest.fixture(scope="session")
def manifest() -> dict[str, Any]:
    """An app with every scope and event, a slash command and a message shortcut."""
    raw = manifests.everything("Implementation Bot")
    raw["features"] |= {"slash_commands": [COMMAND], "shortcuts": [SHORTCUT]}
    return raw


@pytest.fixture(scope="session")
def running(manifest: dict[str, Any]) -> Iterator[Running]:
    """The server of the session."""
    settings = EmulatorSettings(limits=False, slack_tokens=(OTHER_TOKEN,), manifest=manifest)
    with serve(Workspace.open(settings)) as served:
        yield served


@pytest.fixture
def workspace(running: Running, manifest: dict[str, Any]) -> Workspace:
    """The workspace as new, without rate limits."""
    found = running.workspace
    found.settings = replace(found.settings, limits=False, manifest=manifest, ack_seconds=DEFAULT.ack_seconds)
    found.connected.pop("sockets", None)  # nobody was ever connected to a new workspace
    on_loop(running, found.reset)
    return found


@pytest.fixture
def brisk(workspace: Workspace) -> None:
    """Slack's patience of three seconds, cut short for tests that use it up."""
    workspace.settings = replace(workspace.settings, ack_seconds=0.2)


@pytest.fixture
def install(running: Running, workspace: Workspace) -> Act:
    """Install the app again with these scopes only: `install("chat:write", …)`."""

    def again(*scopes: str) -> None:
        raw = {**workspace.settings.manifest} | {"oauth_config": {"scopes": {"bot": list(scopes)}}}
        workspace.settings = replace(workspace.settings, manifest=raw)
        on_loop(running, workspace.install)

    return again


@pytest.fixture
def act(running: Running, workspace: Workspace) -> Act:
    """Call a function of the emulator on its loop: `act(function, …)` does `function(workspace, …)`."""

    def call(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        return on_loop(running, lambda: function(workspace, *arguments, **named))

    return call


@pytest.fixture
def say(act: Act, workspace: Workspace) -> Act:
    """A person types into a channel: `say("priya.nair", channel id, text, thread_ts=None)` gives the ts."""

    def speak(who: str, channel: str, text: str, thread_ts: str | None = None) -> str:
        row = act(messages.say, channels.get(workspace, channel), person(workspace, who), text, thread_ts)
        return str(row["ts"])

    return speak


@pytest.fixture
def client(workspace: Workspace) -> WebClient:
    """The app's own client."""
    return WebClient(token=workspace.secrets.slack_bot_token, base_url=f"{workspace.url}/api/")


@pytest.fixture
def other(workspace: Workspace) -> WebClient:
    """Another bot, let in by its accepted token."""
    return WebClient(token=OTHER_TOKEN, base_url=f"{workspace.url}/api/")


@pytest.fixture
def channel(client: WebClient) -> str:
    """The id of a private channel of the app's own."""
    return str(client.conversations_create(name="impl-harborpine", is_private=True)["channel"]["id"])


@pytest.fixture
def general(client: WebClient) -> str:
    """The id of #general, which the app has joined."""
    found = client.conversations_list()["channels"]
    channel_id = str(next(row["id"] for row in found if row["name"] == "general"))
    client.conversations_join(channel=channel_id)
    return channel_id


@pytest.fixture
def control(workspace: Workspace) -> Control:
    """The control API."""
    return Control(workspace)


@pytest.fixture
def app(workspace: Workspace) -> App:
    """An app without listeners yet."""
    return bolt(workspace)


@pytest.fixture
def online(workspace: Workspace, app: App) -> Iterator[App]:
    """The app, connected."""
    with connected(workspace, app):
        yield app


@pytest.fixture
def nobody_left(workspace: Workspace) -> Iterator[None]:
    """Each test ends with every connection noticed as gone."""
    yield
    alone(workspace)
