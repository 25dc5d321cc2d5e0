"""Socket Mode itself: tickets, envelopes, acks, several connections, and their end."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from acting import (
    COMMAND,
    INES,
    TYPED,
    Control,
    raw_socket,
    reinstall,
)
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect as websocket

from bot.emulator.server import Running
from bot.emulator.slack import delivery
from bot.emulator.workspace import Workspace

pytestmark = pytest.mark.usefixtures("nobody_left")


def test_hello_and_tickets(workspace: Workspace) -> None:
    """A connection begins with hello; its address works once."""
    client = WebClient(base_url=f"{workspace.url}/api/")
    url = str(client.apps_connections_open(app_token=workspace.secrets.slack_app_token)["url"])
    with websocket(url, proxy=None) as wire:
        hello = json.loads(wire.recv(timeout=5))
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        assert hello["connection_info"]["app_id"].startswith("A")
        assert hello["debug_info"]["approximate_connection_time"] == 3600
        with pytest.raises(InvalidStatus), websocket(url, proxy=None):
            pytest.fail("a ticket was taken twice")


def test_only_an_app_token_opens_connections(workspace: Workspace) -> None:
    """A bot token gets not_allowed_token_type."""
    client = WebClient(token=workspace.secrets.slack_bot_token, base_url=f"{workspace.url}/api/")
    answer = client.api_call("auth.test")
    assert answer["ok"]
    with pytest.raises(Exception, match="not_allowed_token_type"):
        client.apps_connections_open(app_token=workspace.secrets.slack_bot_token)


def test_each_envelope_has_exactly_one_receiver(workspace: Workspace, control: Control) -> None:
    """With several connections each envelope goes to one of them only, and all of them get some."""
    with ExitStack() as stack:
        wires = [stack.enter_context(raw_socket(workspace)) for _ in range(3)]
        assert [wire.greeting["num_connections"] for wire in wires] == [1, 2, 3]
        for _ in range(3):
            threading.Thread(target=control_of(workspace).act, args=(INES, "command"), kwargs=TYPED).start()
        envelopes = [wire.next() for wire in wires]
        for wire, envelope in zip(wires, envelopes, strict=True):
            assert wire.maybe() is None
            wire.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
        assert len({envelope["payload"]["trigger_id"] for envelope in envelopes}) == 3


def control_of(workspace: Workspace) -> Control:
    """A control client of its own, for another thread."""
    return Control(workspace)


def test_the_envelope_of_a_dead_connection_moves_on(workspace: Workspace, control: Control) -> None:
    """An envelope whose connection ended without an ack is sent on a standing one, whose ack counts."""
    with raw_socket(workspace) as first, raw_socket(workspace) as second, ThreadPoolExecutor(1) as pool:
        typing = pool.submit(control.act, INES, "command", **TYPED)
        got = first.maybe()
        holder, standing = (first, second) if got else (second, first)
        holder.close()
        envelope = standing.next()
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        standing.send(json.dumps({"envelope_id": envelope["envelope_id"], "payload": {"text": "Taken"}}))
        assert typing.result()["told"] == "Taken"


def test_a_retiring_connection_gets_nothing_new(workspace: Workspace, control: Control) -> None:
    """After disconnect the envelope waits for the next connection; the old one may still ack."""
    with raw_socket(workspace) as old, ThreadPoolExecutor(1) as pool:
        control.post("slack/refresh")
        assert old.next()["reason"] == "refresh_requested"
        typing = pool.submit(control.act, INES, "command", **TYPED)
        assert old.maybe() is None
        with raw_socket(workspace) as new:
            envelope = new.next()
            old.send(json.dumps({"envelope_id": envelope["envelope_id"], "payload": {"text": "By the old door"}}))
            assert typing.result()["told"] == "By the old door"


def test_an_eleventh_connection_is_sent_away(workspace: Workspace) -> None:
    """Ten connections at most; one more is disconnected with its reason."""
    with ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(raw_socket(workspace))
        with raw_socket(workspace) as more:
            assert (more.greeting["type"], more.greeting["reason"]) == ("disconnect", "too_many_websockets")


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
def test_why_a_connection_ends(workspace: Workspace, control: Control, reason: str) -> None:
    """A disconnect says why; after a warning the connection still carries envelopes."""
    with raw_socket(workspace) as wire, ThreadPoolExecutor(1) as pool:
        assert control.post("slack/refresh", {"reason": reason})["connections"] == 1
        said = wire.next()
        assert (said["type"], said["reason"]) == ("disconnect", reason)
        if reason == "warning":
            typing = pool.submit(control.act, INES, "command", **TYPED)
            wire.send(json.dumps({"envelope_id": wire.next()["envelope_id"]}))
            assert typing.result()["ack"] == "ok"


def test_short_connections_for_debugging(workspace: Workspace) -> None:
    """With debug_reconnects=true a connection is announced to last 360 seconds."""
    client = WebClient(base_url=f"{workspace.url}/api/")
    url = str(client.apps_connections_open(app_token=workspace.secrets.slack_app_token)["url"])
    with websocket(f"{url}&debug_reconnects=true", proxy=None) as wire:
        assert json.loads(wire.recv(timeout=5))["debug_info"]["approximate_connection_time"] == 360


def test_a_refresh_loses_nothing(online: App, control: Control) -> None:
    """When Slack asks for a new connection, the app reconnects, and a command in between is still answered."""
    online.command(COMMAND)(lambda ack: ack("here"))
    assert control.post("slack/refresh")["connections"] == 1
    answer = control.act(INES, "command", channel="general", text=COMMAND)
    assert answer["ack"] == "ok"
    assert control.act(INES, "command", channel="general", text=COMMAND)["told"] == "here"


def test_a_cut_connection_comes_back(online: App, control: Control) -> None:
    """When connections end without a word, the app connects again and a command typed meanwhile is answered."""
    online.command(COMMAND)(lambda ack: ack("here"))
    assert control.post("slack/drop")["connections"] == 1
    assert control.act(INES, "command", channel="general", text=COMMAND)["told"] == "here"


def test_garbage_from_the_app_is_ignored(workspace: Workspace, control: Control, brisk: None) -> None:
    """What is no JSON, no object, or the ack of an unknown envelope changes nothing."""
    with raw_socket(workspace) as wire:
        for text in ("nonsense", "[]", '{"envelope_id": "unknown"}', "{}"):
            wire.send(text)
        assert control.act(INES, "open_home")["ack"] == "timeout"
        assert wire.next()["payload"]["event"]["type"] == "app_home_opened"


def test_socket_mode_must_be_on(workspace: Workspace, running: Running) -> None:
    """An app whose manifest has Socket Mode off gets no connection."""
    manifest = json.loads(json.dumps(workspace.settings.manifest))
    manifest["settings"]["socket_mode_enabled"] = False
    reinstall(running, workspace, manifest)
    client = WebClient(base_url=f"{workspace.url}/api/")
    with pytest.raises(SlackApiError, match="socket_mode_not_enabled"):
        client.apps_connections_open(app_token=workspace.secrets.slack_app_token)


def test_an_event_without_ack_is_sent_again(workspace: Workspace, control: Control, brisk: None) -> None:
    """An event that is not acknowledged comes again with retry_attempt and retry_reason, under the same event_id."""
    seen: list[Any] = []
    with raw_socket(workspace) as wire:
        bot_dm = control.act(INES, "post", channel="app", text="Hello")
        assert bot_dm["ack"] == "timeout"
        seen = [wire.next() for _ in range(2)]
    assert [envelope["retry_attempt"] for envelope in seen] == [0, 1]
    assert seen[1]["retry_reason"] == "timeout"
    assert seen[0]["payload"]["event_id"] == seen[1]["payload"]["event_id"]
    assert delivery.RETRY_AFTER[1:] == (60.0, 300.0)
