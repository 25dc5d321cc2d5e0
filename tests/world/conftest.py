"""A workspace on loopback for the tests of the outside, and the real Google clients connected to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.emulator.google.auth import key_file
from bot.emulator.server import Running, serve
from bot.emulator.workspace import EmulatorSettings, Workspace
from bot.world.docs import Docs
from bot.world.drive import Drive
from bot.world.google import Google, connect
from bot.world.retry import Patience
from bot.world.sheets import Sheets

QUICK = Patience(attempts=4, deadline=20.0, first_wait=0.01, longest_wait=0.05, jitter=0.01)


class Control:
    """The workspace's own door: seeds it, breaks it, and looks at everything in it."""

    def __init__(self, running: Running) -> None:
        self.url = running.url + "/_control"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {running.workspace.secrets.control_token}"

    def __call__(self, verb: str, path: str, body: Any = None) -> Any:
        answer = self.session.request(verb, f"{self.url}/{path}", json=body, timeout=60)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def fault(self, method: str, **rule: Any) -> None:
        """Make a call fail; the rule replaces those before."""
        self("POST", "faults", {"rules": [{"method": method, **rule}]})

    def files(self, name: str = "") -> list[dict[str, Any]]:
        """Every file there is, trashed ones too; with a name those of that name."""
        return [row for row in self("GET", "workspace")["files"] if not name or row["name"] == name]

    def edit(self, file_id: str, tab: str, cell: str, value: str, who: str = "priya.nair@fernhill.example") -> None:
        """Type into a cell as a person."""
        self("POST", f"people/{who}/edit", {"file": file_id, "tab": tab, "cell": cell, "value": value})


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with serve(Workspace.open(EmulatorSettings(limits=False))) as server:
        yield server


@pytest.fixture
def control(running: Running) -> Iterator[Control]:
    """A workspace with one shared drive that the service account and a project manager belong to."""
    control = Control(running)
    control("POST", "reset", {})
    members = [
        {"email": "service_account", "role": "organizer"},
        {"email": "priya.nair@fernhill.example", "role": "writer"},
    ]
    control("POST", "seed", {"drives": [{"name": "Implementations", "members": members}]})
    yield control
    control.session.close()


@pytest.fixture
def key_path(running: Running, tmp_path: Path) -> Path:
    path = tmp_path / "key.json"
    path.write_text(json.dumps(key_file(running.workspace)))
    return path


@pytest.fixture
def google(control: Control, running: Running, key_path: Path) -> Iterator[Google]:
    google = connect(key_path, running.url, quotas=None, patience=QUICK)
    yield google
    google.close()


@pytest.fixture
def drive(google: Google) -> Drive:
    return Drive(google, "Implementations", pause=0.05)


@pytest.fixture
def sheets(google: Google) -> Sheets:
    return Sheets(google)


@pytest.fixture
def docs(google: Google) -> Docs:
    return Docs(google)
