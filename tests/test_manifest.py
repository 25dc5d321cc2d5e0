"""The Slack app's manifest asks for what the bot uses, and for nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from bot import app
from bot.emulator.slack.gateway import METHODS
from bot.emulator.slack.manifest import BOT_EVENTS, parse
from bot.emulator.slack.methods import load
from bot.emulator.workspace import EmulatorSettings, Workspace
from bot.manifest import manifest
from bot.world.listening import Listener
from bot.world.web_api import SCOPES

MADE = manifest(app.LISTENERS)
WORLD = Path(app.__file__).parent / "world"
CALLED = re.compile(r"\.(?:read|repeat|once|_pages)\(\s*\"([A-Za-z.]+)\"")


def test_commands_are_exactly_those_somebody_listens_to() -> None:
    """A command in Slack that nobody answers, or one nobody can type, does not exist."""
    told = {(command["command"], command["description"]) for command in MADE["features"]["slash_commands"]}

    assert told == {(listener.name, listener.about) for listener in app.LISTENERS if listener.kind == "command"}


def test_message_shortcuts_are_exactly_those_somebody_listens_to() -> None:
    """What stands in the menu of a message leads to a listener of that name."""
    told = {(one["callback_id"], one["name"], one["type"]) for one in MADE["features"]["shortcuts"]}
    heard = {(one.name, one.usage, "message") for one in app.LISTENERS if one.kind == "shortcut"}

    assert told == heard
    assert ("reviews_log", "Log as risk or issue", "message") in told


def test_scopes_are_exactly_those_of_the_methods_called() -> None:
    """Nobody is asked to grant more than the bot uses."""
    needed = {scope for scopes in SCOPES.values() for scope in scopes} | {"commands"}

    assert MADE["oauth_config"]["scopes"]["bot"] == sorted(needed)


def test_every_method_called_has_its_scopes_written_down() -> None:
    """The list of scopes names each method that the code calls, and no other."""
    sources = "".join((WORLD / name).read_text() for name in ("slack.py", "web_api.py"))

    assert set(CALLED.findall(sources)) == set(SCOPES)
    assert "api_call(" not in (WORLD / "slack.py").read_text()


def test_the_scopes_of_each_method_are_enough() -> None:
    """What a method needs by Slack's documentation is among what we ask for it."""
    load()
    for name, asked in SCOPES.items():
        wanted = METHODS[name]
        if wanted.kind == "app":
            continue  # asked with the app-level token, whose one scope is chosen when that token is made
        assert set(wanted.scopes) <= set(asked), name
        assert not wanted.any_scope or set(wanted.any_scope) & set(asked), name


def test_a_workspace_takes_the_manifest() -> None:
    """An app can be made of it, with its commands and scopes."""
    workspace = Workspace.open(EmulatorSettings(manifest=MADE))
    plan = parse(MADE)

    assert plan.socket_mode
    assert plan.interactivity
    assert [row["bot_name"] for row in workspace.shelf.collection("apps").values()] == ["implbot"]
    assert set(plan.events) <= set(BOT_EVENTS)


def test_listeners_are_named_once() -> None:
    """Two listeners for one name of one kind would fight for it."""
    names = [(listener.kind, listener.name) for listener in app.LISTENERS]

    assert len(names) == len(set(names))


def test_events_are_those_somebody_listens_to() -> None:
    """An event is subscribed to as soon as there is a listener for it."""
    heard = Listener("event", "app_home_opened", lambda _world, _act: None, "Show the home page")

    assert manifest([heard])["settings"]["event_subscriptions"] == {"bot_events": ["app_home_opened"]}
    assert manifest([heard])["features"]["slash_commands"] == []
