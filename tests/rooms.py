"""The rooms at work without doors: a real workspace, a world whose engine works, and time that the test sets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import app, schedule
from bot.demo.stage import Stage
from bot.emulator.server import serve
from bot.emulator.workspace import Workspace
from bot.world import World
from tests.company import SETTINGS, Prepared, announced

LEAD = "sofia.rossi@fernhill.example"
MISSED = {"do": "status", "status": 429, "retry_after": 1000, "times": 1}  # a definite no, and not soon again


@dataclass
class Rooms:
    """A world at work, and short ways to what its tests do often."""

    world: World
    stage: Stage
    ids: dict[str, str]

    def at(self, moment: str) -> None:
        """Set the bot's clock, by an ISO time with its zone."""
        self.world.clock.offset = datetime.fromisoformat(moment) - datetime.now(UTC)

    def run(self, flow: str, key: str, **args: Any) -> Any:
        """Carry one flow out and give its result."""
        self.world.engine.start(flow, key, **args)
        return self.world.engine.result(key)

    def sweep(self, key: str) -> str:
        """One sweep, and what it reports."""
        return str(self.run("sweep", f"sweep:{key}", subject="all", slot=""))

    def tick(self) -> list[str]:
        """Start what is due, and wait until it is done."""
        started = schedule.tick(self.world)
        assert self.world.engine.settle(60)
        return started

    def project(self, key: str = "R1") -> dict[str, str]:
        """A registered project of Priya's whose files are fresh copies of the templates; gives the files by name."""
        root = self.world.drive.root().id
        schemas = {"playbook": "playbook", "plan": "standard_plan"}
        files = {
            name: self.world.drive.ensure_copy(self.world.template(schema), f"{key} {name}", root, f"{key}:{name}").id
            for name, schema in schemas.items()
        }
        row = {"key": key, "customer": "Quillstone Bank", "zone": "Europe/Berlin", "pm": "priya.nair@fernhill.example",
               "kind": "Production deployment", "state": "Active", "folder_id": root, "channel_id": self.channel(),
               "playbook_id": files["playbook"], "plan_id": files["plan"], "schemas": schemas}  # fmt: skip
        self.world.store.put_project(key, row)
        return files

    def channel(self) -> str:
        """The channel where projects speak."""
        return self.world.slack.ensure_channel("impl-quillstone-bank", "R1", look_first=True).id

    def type(self, file_id: str, tab: str, row: int, cells: dict[str, str]) -> None:
        """Type into the cells of a row under these column titles, as a lead."""
        titles = self.stage.rows(LEAD, file_id, tab)[0]
        for title, value in cells.items():
            place = f"{chr(ord('A') + titles.index(title))}{row}"
            self.stage.type_cell(LEAD, file_id, tab, place, value)

    def paste(self, file_id: str, place: str, cells: list[object]) -> None:
        """Put cells side by side as an import or a paste does: no rule of the sheet looks at them."""
        body = {"valueInputOption": "USER_ENTERED", "data": [{"range": place, "values": [cells]}]}
        self.world.drive.google.sheets.values_batch_update(file_id, body)

    def fault(self, method: str, **rule: Any) -> None:
        """Make a call fail; the rule replaces those before."""
        self.stage.workspace.control("POST", "faults", {"rules": [{"method": method, **rule}]})

    def calls(self, method: str) -> int:
        """How often a method was called so far."""
        counts = self.stage.workspace.control("GET", "log")["counts"]
        return int(counts.get(method, 0))

    def told(self, person: str) -> list[str]:
        """What the bot wrote to somebody directly."""
        return [message["text"] for message in self.stage.messages(person)]


@contextmanager
def at_work(company: Prepared, tmp_path: Path) -> Iterator[Rooms]:
    """Rooms at work in a workspace of their own, without listeners and without a ticking clock."""
    emulated = Workspace.open(SETTINGS, secrets=company.secrets)
    emulated.restore(company.snapshot)
    with serve(emulated):
        workspace = announced(emulated, tmp_path)
        with app.working(company.settings(tmp_path, workspace)) as world:
            people = workspace.control("GET", "people")["people"]
            yield Rooms(world, Stage(workspace, lambda _line: None), {row["email"]: row["id"] for row in people})


@pytest.fixture
def rooms(company: Prepared, tmp_path: Path) -> Iterator[Rooms]:
    """Rooms at work, for one test."""
    with at_work(company, tmp_path) as found:
        yield found
