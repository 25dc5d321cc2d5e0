"""A workspace with one shared drive, and the part of the outside that the templates need."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from bot.emulator.google.auth import key_file
from bot.emulator.server import Running, serve
from bot.emulator.workspace import EmulatorSettings, Workspace
from bot.templates import push
from bot.world import World
from bot.world.docs import Docs
from bot.world.drive import Drive
from bot.world.google import Google, connect
from bot.world.retry import Patience
from bot.world.sheets import Sheets
from tests.company import company
from tests.rooms import rooms
from tests.world.conftest import Control

__all__ = ["PRIYA", "Outside", "company", "rooms"]

PRIYA = "priya.nair@fernhill.example"
QUICK = Patience(attempts=3, first_wait=0.01, jitter=0.01)


@dataclass
class Outside:
    """What a push needs of the world."""

    drive: Drive
    sheets: Sheets
    docs: Docs
    google: Google

    def writes(self) -> dict[str, int]:
        """Calls so far that may change something."""
        reading = ("get", "list", "search", "getByDataFilter", "batchGetByDataFilter", "export")
        return {name: n for name, n in self.google.counts.items() if name.rpartition(".")[2] not in reading}


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with serve(Workspace.open(EmulatorSettings(limits=False))) as server:
        yield server


@pytest.fixture
def control(running: Running) -> Control:
    """The workspace's own door; it starts with one shared drive."""
    found = Control(running)
    found("POST", "reset", {})
    members = [{"email": "service_account", "role": "organizer"}, {"email": PRIYA, "role": "fileOrganizer"}]
    found("POST", "seed", {"drives": [{"name": "Implementations", "members": members}]})
    return found


@pytest.fixture
def world(control: Control, running: Running, tmp_path: Path) -> Iterator[Any]:
    """The part of the outside that a push needs."""
    path = tmp_path / "key.json"
    path.write_text(json.dumps(key_file(running.workspace)))
    google = connect(path, running.url, quotas=None, patience=QUICK)
    outside = Outside(Drive(google, "Implementations", pause=0.05), Sheets(google), Docs(google), google)
    yield outside
    google.close()


@pytest.fixture(scope="module")
def snapshots() -> list[str]:
    """The workspace with every template pushed, once a test of the module has needed it."""
    return []


@pytest.fixture
def pushed(world: Outside, control: Control, snapshots: list[str]) -> Outside:
    """The same with every template pushed: done once for a module, and brought back for each test."""
    if snapshots:
        control("POST", "restore", {"snapshot": snapshots[0]})
    else:
        push.push(cast(World, world))
        snapshots.append(control("POST", "snapshot")["snapshot"])
    world.google.counts.clear()
    return world
