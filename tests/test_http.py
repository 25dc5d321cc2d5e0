"""Signed HTTP instead of Socket Mode: what Slack sends is checked, answered in time, and nothing else gets in."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from pydantic import SecretStr
from slack_sdk.signature import SignatureVerifier

from bot import app, embedded, slack_door
from bot.emulator.google.auth import key_file
from bot.emulator.server import Running, serve
from bot.emulator.workspace import EmulatorSettings, Workspace
from bot.errors import SettingsError
from bot.http import LARGEST_BODY, serving
from bot.manifest import manifest
from bot.settings import Settings
from bot.world import World
from tests.world.conftest import Control

INES, RUTH = "ines.duarte@fernhill.example", "ruth.osei@harborpine.example"
FORM = "application/x-www-form-urlencoded"


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def over_http(port: int) -> dict[str, Any]:
    """The bot's manifest as an operator changes it for signed HTTP."""
    url, made = f"http://127.0.0.1:{port}/slack/events", manifest(app.LISTENERS)
    made["settings"] |= {"socket_mode_enabled": False}
    made["settings"]["interactivity"]["request_url"] = url
    for command in made["features"]["slash_commands"]:
        command["url"] = url
    return made


@dataclass
class Door:
    """The bot's HTTP door, and the workspace behind it."""

    url: str
    emulated: Running
    control: Control

    def ids(self) -> dict[str, str]:
        return {row["email"]: row["id"] for row in self.control("GET", "people")["people"]}

    def send(self, body: bytes, *, age: int = 0, secret: str = "", **headers: str) -> requests.Response:
        """Post a body as Slack does, signed `age` seconds ago."""
        stamp = str(int(time.time()) - age)
        verifier = SignatureVerifier(secret or self.emulated.workspace.secrets.signing_secret)
        signature = verifier.generate_signature(timestamp=stamp, body=body)
        signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": str(signature), "Content-Type": FORM}
        return requests.post(self.url, data=body, headers=signed | headers, timeout=30)

    def command(self, person: str = INES) -> bytes:
        """The body of a slash command by this person, whose trigger is none of the workspace's."""
        team = next(iter(self.emulated.workspace.shelf.collection("team")))
        fields = {"command": "/implementation-request", "text": "Acme", "user_id": self.ids()[person], "team_id": team}
        more = {"channel_id": "C1", "trigger_id": "1.2.3", "response_url": f"{self.emulated.url}/nowhere"}
        return urlencode(fields | more).encode()


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A bot that listens on HTTP, as it starts with a signing secret and no app token."""
    folder, port = tmp_path_factory.mktemp("http"), free_port()
    emulated = Workspace.open(EmulatorSettings(limits=False, manifest=over_http(port)))
    with serve(emulated) as running, world_of(running, folder) as world, listening(world, port) as url:
        control = Control(running)
        yield Door(url, running, control)
        control.session.close()


@contextmanager
def world_of(running: Running, folder: Path) -> Iterator[World]:
    """The bot's world, connected to a served workspace."""
    key = folder / "key.json"
    key.write_text(json.dumps(key_file(running.workspace)))
    secrets = running.workspace.secrets
    settings = Settings(
        _env_file=None,
        state_dir=folder / "state",
        slack_bot_token=SecretStr(secrets.slack_bot_token),
        slack_signing_secret=SecretStr(secrets.signing_secret),
        slack_api_url=f"{running.url}/api/",
        google_key_file=key,
        google_api_url=running.url,
        shared_drive="Implementations",
    )
    with app.connected(settings) as world:
        yield world


@contextmanager
def listening(world: World, port: int) -> Iterator[str]:
    """The bot's listeners behind its HTTP door."""
    with ThreadPoolExecutor(4) as threads, serving(slack_door.bolt(world, app.LISTENERS, threads), port) as taken:
        yield f"http://127.0.0.1:{taken}/slack/events"


def test_a_command_opens_the_form(door: Door) -> None:
    """The workspace sends it signed, gets its answer within three seconds, and the form stands before the person."""
    answer = door.control("POST", f"people/{INES}/command", {"channel": "general", "text": "/implementation-request"})

    assert answer["ack"] == "ok"
    views = lambda: door.control("GET", f"people/{INES}/sees")["views"]  # noqa: E731  # asked until it is there
    deadline = time.monotonic() + 30
    while not (found := views()):
        assert time.monotonic() < deadline
    assert found[0]["title"]["text"] == "Implementation request"


def test_a_wrong_field_is_answered_inside_the_form(door: Door) -> None:
    """The answer to a form travels in the HTTP response itself."""
    before = {view["id"] for view in door.control("GET", f"people/{INES}/sees")["views"]}
    door.control("POST", f"people/{INES}/command", {"channel": "general", "text": "/implementation-request Acme"})
    deadline = time.monotonic() + 30
    while not (new := [v for v in door.control("GET", f"people/{INES}/sees")["views"] if v["id"] not in before]):
        assert time.monotonic() < deadline
    values = {"customer": "Acme", "opportunity_link": "https://elsewhere.example/1", "ae": door.ids()[INES]}
    values |= {"request_type": "Production deployment", "hosting_provider": "AWS", "segment": "Enterprise"}
    values |= {"deployment_method": "Kubernetes with Helm"}
    answer = door.control("POST", f"people/{INES}/submit", {"view_id": new[0]["id"], "values": values})

    assert answer["response"] == "errors"
    assert "elsewhere.example" in answer["errors"]["opportunity_link"]


def test_a_signed_command_is_acked_in_time(door: Door) -> None:
    """An empty 200 within three seconds, whatever happens afterwards."""
    began = time.monotonic()
    answer = door.send(door.command())

    assert (answer.status_code, answer.text) == (200, "")
    assert time.monotonic() - began < 3


def test_a_bad_signature_is_401(door: Door) -> None:
    """Whoever does not know the secret is not heard: nothing is asked of Slack for them."""
    before = door.control("GET", "log")["counts"]
    answer = door.send(door.command(), secret="0" * 32)
    changed = door.send(door.command(), **{"X-Slack-Signature": "v0=" + "0" * 64})
    none = requests.post(door.url, data=door.command(), headers={"Content-Type": FORM}, timeout=30)

    assert [answer.status_code, changed.status_code, none.status_code] == [401, 401, 401]
    assert door.control("GET", "log")["counts"] == before


def test_a_stale_request_is_401(door: Door) -> None:
    """A request that somebody recorded cannot be sent again six minutes later."""
    assert door.send(door.command(), age=360).status_code == 401


def test_a_body_that_is_no_text_is_refused(door: Door) -> None:
    """Bytes that no Slack would send are the sender's fault, not ours."""
    assert requests.post(door.url, data=b"\xff\xfe", headers={"Content-Type": FORM}, timeout=30).status_code == 400


def test_a_huge_body_is_refused(door: Door) -> None:
    """Nobody can fill our memory without knowing the secret."""
    assert door.send(b"a" * (LARGEST_BODY + 1), secret="0" * 32).status_code == 413


def test_other_paths_and_methods_are_not_there(door: Door) -> None:
    """One address, one method."""
    assert requests.get(door.url, timeout=30).status_code == 405
    assert requests.post(door.url.replace("events", "other"), timeout=30).status_code == 404


def test_the_url_can_be_verified(door: Door) -> None:
    """Slack's challenge comes back when the operator enters the address."""
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"}).encode()
    answer = door.send(body, **{"Content-Type": "application/json"})

    assert answer.status_code == 200
    assert "3eZbrw1aB" in answer.text


def test_other_organisations_are_told_to_ask_their_contact(door: Door) -> None:
    """A command by somebody of a customer's organisation is acked and refused in words for that person alone."""
    before = door.control("GET", "log")["counts"].get("slack.views.open", 0)
    foreign = door.command(RUTH).replace(b"team_id=T", b"team_id=E")

    assert door.send(foreign).status_code == 200
    assert door.control("GET", "log")["counts"].get("slack.views.open", 0) == before


def test_a_taken_port_names_the_setting(door: Door) -> None:
    """The bot does not start deaf: it says which setting to change."""
    port = int(door.url.split(":")[2].split("/")[0])

    with pytest.raises(SettingsError, match="IMPLBOT_HTTP_PORT"), serving(None, port):  # type: ignore[arg-type]  # it gets no further
        pass


def test_without_an_app_token_the_bot_listens_on_http(tmp_path: Path) -> None:
    """The same bot, started whole: with a signing secret only, it answers on the port of the settings."""
    port = free_port()
    with serve(Workspace.open(EmulatorSettings(limits=False, manifest=over_http(port)))) as running:
        control = Control(running)
        control("POST", "seed", embedded.COMPANY)
        with world_of(running, tmp_path) as world:
            settings = world.settings.model_copy(update={"http_port": port})
        with app.running(settings):
            typed = {"channel": "general", "text": "/implementation-request"}
            assert control("POST", f"people/{INES}/command", typed)["ack"] == "ok"
        control.session.close()
