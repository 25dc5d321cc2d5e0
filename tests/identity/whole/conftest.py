"""A bot at work over spreadsheets that people edit behind its back, made once for a module."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

import pytest

from bot import app
from bot.emulator.server import Running, serve
from bot.emulator.workspace import Workspace
from bot.watch import poll
from bot.watch.files import Known
from bot.world import World
from tests.company import SETTINGS, Prepared, announced, company
from tests.judge.desk import Desk, desk_for
from tests.rooms import rooms

__all__ = ["company", "rooms"]

NEEDED: dict[str, Literal["plan", "playbook"]] = {"standard_plan": "plan", "playbook": "playbook"}


@dataclass
class Field:
    """A world at work, and as many projects as a test wants."""

    world: World
    running: Running
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def desk(self, schema: str, tabs: tuple[str, ...], rows: int = 4) -> tuple[Desk, Known]:
        """A new project whose file of this schema lies before a person."""
        key = f"R{next(self.numbers)}"
        root = self.world.drive.root().id
        files = {f"{name}_id": self._copy(one) if one == schema else "" for one, name in NEEDED.items()}
        row = {"key": key, "customer": "Quillstone Bank", "zone": "Europe/Berlin", "pm": "priya.nair@fernhill.example",
               "kind": "Production deployment", "state": "Active", "folder_id": root, "channel_id": self.channel,
               "schemas": {"playbook": "playbook", "plan": "standard_plan"}, **files}  # fmt: skip
        self.world.store.put_project(key, row)
        file_id = files[f"{NEEDED[schema]}_id"]
        return desk_for(self.running, file_id, schema, tabs, rows), Known(file_id, schema, key, NEEDED[schema])

    def scan(self, known: Known) -> None:
        """What a sweep does with one file that changed."""
        poll.read(self.world, known)

    def _copy(self, schema: str) -> str:
        made = Desk(self.running, "", {}).ask(
            "drive.files.copy", {"fileId": self.templates[schema], "supportsAllDrives": True}, {"name": schema}
        )
        return str(made["id"])

    def __post_init__(self) -> None:
        self.templates = {schema: self.world.template(schema) for schema in NEEDED}
        self.channel = self.world.slack.ensure_channel("impl-quillstone-bank", "R1", look_first=True).id


@pytest.fixture(scope="module")
def ground(company: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    """Without listeners and without a ticking clock: nothing moves but what the test moves."""
    folder = tmp_path_factory.mktemp("ground")
    emulated = Workspace.open(SETTINGS, secrets=company.secrets)
    emulated.restore(company.snapshot)
    with serve(emulated) as running:
        workspace = announced(emulated, folder)
        settings = company.settings(folder, workspace)
        with app.working(settings) as world:
            yield Field(world, running)
