"""The workspace as a server: one origin, loud refusals, a process of its own that ends with its owner."""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from slack_sdk import WebClient
from websockets.sync.client import connect

from bot.emulator.server import Running, serve
from bot.emulator.workspace import EmulatorSettings, Secrets, Workspace


@contextmanager
def process(
    *arguments: str, stdin: int = subprocess.DEVNULL, stderr: int | None = None
) -> Iterator[tuple[subprocess.Popen[str], Any]]:
    """`python -m bot.emulator …` and the line it announces itself with."""
    command = [sys.executable, "-m", "bot.emulator", *arguments]
    with subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, stderr=stderr, text=True) as running:
        assert running.stdout is not None
        try:
            yield running, json.loads(running.stdout.readline())
        finally:
            running.kill()


def auth_test(line: dict[str, Any], token: str | None = None) -> Any:
    headers = {"Authorization": f"Bearer {token or line['slack_bot_token']}"}
    return requests.post(f"{line['url']}/api/auth.test", headers=headers, timeout=10).json()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_what_is_not_there_is_refused_by_name(running: Running, method: str) -> None:
    """An unknown path is 501 and names itself, whatever the method."""
    other = requests.request(method, f"{running.url}/nowhere/at/all", timeout=10)
    assert other.status_code == 501
    assert f"{method} /nowhere/at/all" in other.json()["error"]["message"]


def test_a_workspace_can_be_served_again(running: Running) -> None:
    """Stopping ends quickly and leaves the workspace as it was; serving it again works."""
    workspace = Workspace.open(EmulatorSettings(), secrets=running.workspace.secrets)
    for _ in range(2):
        with serve(workspace) as served:
            assert requests.get(f"{served.url}/api/api.test", timeout=10).json()["ok"]
            began = time.monotonic()
        assert time.monotonic() - began < 3


def test_a_reset_workspace_never_looks_like_the_old_one(running: Running) -> None:
    """After a reset the sample is there again, with other ids for everything but the people, and the same secrets."""
    workspace = Workspace.open(EmulatorSettings(), secrets=running.workspace.secrets)
    before = {name: set(workspace.shelf.collection(name)) for name in ("channels", "apps", "groups", "team", "people")}
    first, secrets = workspace.id, workspace.secrets
    bot = workspace.shelf.collection("apps")["installed"]["id"]
    workspace.reset()
    after = {name: set(workspace.shelf.collection(name)) for name in before}
    assert workspace.id != first
    assert bot != workspace.shelf.collection("apps")["installed"]["id"]
    assert not before["channels"] & after["channels"]
    assert not before["groups"] & after["groups"]
    assert len(before["people"] & after["people"]) == 13
    assert workspace.secrets is secrets


def test_the_sample_people(running: Running) -> None:
    """A dozen people of the company, one of whom left, and a customer's sponsor; leads are in their groups."""
    people = {row["name"]: row for row in running.workspace.people().values() if not row["bot"]}
    assert len(people) == 13
    assert people["Ada Novak"]["deleted"]
    assert (people["Ruth Osei"]["org"], people["Ruth Osei"]["email"]) == ("harborpine", "ruth.osei@harborpine.example")
    assert people["Priya Nair"]["tz"] == "Asia/Kolkata"
    groups = {row["handle"]: row["members"] for row in running.workspace.shelf.collection("groups").values()}
    assert groups["ce-leads"] == [people["Grace Liu"]["id"]]


def test_secrets_do_not_show_themselves() -> None:
    """Printing the secrets, as a log or a failing test would, shows none of them."""
    secrets = Secrets.fresh()
    assert secrets.control_token not in repr(secrets)
    assert "PRIVATE KEY" not in repr(secrets)


def test_the_process_announces_itself_and_keeps_its_state(tmp_path: Path) -> None:
    """The line has addresses and keys that work; state, secrets and key file are private and survive a restart."""
    manifest = tmp_path / "manifest.json"
    manifest.write_text(
        json.dumps({"display_information": {"name": "Tiny"}, "settings": {"socket_mode_enabled": True}})
    )
    arguments = ("--state", str(tmp_path / "state"), "--manifest", str(manifest), "--accept-slack-token", "xoxb-mine")
    with process(*arguments) as (running, line):
        assert set(line) == {
            "url",
            "page",
            "limits",
            "google_key_file",
            "slack_bot_token",
            "slack_app_token",
            "signing_secret",
            "control_token",
        }
        first = auth_test(line)
        assert (first["ok"], first["user"]) == (True, "tiny")
        assert auth_test(line, "xoxb-mine")["ok"]
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=10) == 0
    for path in (tmp_path / "state").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    with process(*arguments) as (_, again):
        assert auth_test(again)["team_id"] == first["team_id"]
        assert auth_test(again)["user_id"] == first["user_id"]
        assert again["control_token"] == line["control_token"]
        key = json.loads(Path(again["google_key_file"]).read_text())
        assert key["token_uri"] == f"{again['url']}/token"


def test_a_killed_process_loses_nothing_it_answered(tmp_path: Path) -> None:
    """What was acknowledged before kill -9 is there after a restart, the moved clock as well."""
    with process("--state", str(tmp_path)) as (running, line):
        headers = {"Authorization": f"Bearer {line['control_token']}"}
        seed = {"channels": [{"name": "impl-harborpine", "members": ["app"]}]}
        assert requests.post(f"{line['url']}/_control/seed", json=seed, headers=headers, timeout=10).ok
        moved = {"advance_seconds": 86400}
        assert requests.post(f"{line['url']}/_control/clock", json=moved, headers=headers, timeout=10).ok
        running.kill()
        running.wait()
    with process("--state", str(tmp_path)) as (_, again):
        everything = requests.get(f"{again['url']}/_control/workspace", headers=headers, timeout=10).json()
        assert [row["name"] for row in everything["channels"]] == ["general", "random", "impl-harborpine"]
        clock = requests.get(f"{again['url']}/_control/clock", headers=headers, timeout=10).json()
        assert clock["offset_seconds"] == pytest.approx(86400, abs=5)


def test_the_process_ends_with_its_owner() -> None:
    """With --until-stdin-closes the process ends by itself once its standard input closes."""
    reading, writing = os.pipe()
    with process("--until-stdin-closes", stdin=reading) as (running, line):
        os.close(reading)
        running.send_signal(signal.SIGINT)  # Ctrl-C in a terminal reaches both; the owner decides
        assert auth_test(line)["ok"]
        os.close(writing)
        assert running.wait(timeout=10) == 0


def test_a_signal_ends_the_process_quickly_and_quietly() -> None:
    """With a follower polling and an app connected, SIGTERM still ends it within moments, saying nothing."""
    with process(stderr=subprocess.PIPE) as (running, line), ThreadPoolExecutor(1) as pool:
        headers = {"Authorization": f"Bearer {line['control_token']}"}
        clock = f"{line['url']}/_control/clock"
        after = requests.get(clock, headers=headers, timeout=10).json()["generation"]
        query = {"follower": "test", "after": after, "timeout": 60}
        polling = pool.submit(requests.get, clock, params=query, headers=headers, timeout=30)
        opened = WebClient(base_url=f"{line['url']}/api/").apps_connections_open(app_token=line["slack_app_token"])
        with connect(opened["url"], proxy=None) as wire:
            wire.recv(timeout=5)
            began = time.monotonic()
            running.send_signal(signal.SIGTERM)
            assert running.wait(timeout=10) == 0
            assert time.monotonic() - began < 3
        assert polling.result().json()["generation"] == after
        assert running.stderr is not None
        assert running.stderr.read() == ""


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--limits", "maybe"], "expected on or off"),
        (["--manifest", "/nowhere.json"], "cannot read"),
        (["--port", "TAKEN"], "cannot be taken"),
    ],
)
def test_a_wrong_argument_is_named(arguments: list[str], word: str) -> None:
    """Usage errors end with status 2 and say what was expected."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        command = [sys.executable, "-m", "bot.emulator", *arguments]
        command = [word.replace("TAKEN", str(held.getsockname()[1])) for word in command]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert word in done.stderr


def test_a_workspace_that_ended_is_let_go() -> None:
    """Nothing goes on holding what was served: a process that serves many would grow and grow."""
    workspace = Workspace.open(EmulatorSettings(limits=False))
    gone = weakref.ref(workspace.shelf)
    with serve(workspace) as running:
        requests.get(running.url, timeout=10)
    del workspace, running
    gc.collect()
    assert gone() is None
