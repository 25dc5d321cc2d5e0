"""Set-ups one after the other in one process: each in a workspace as fresh as the first, watched call by call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot import app
from bot.demo.stage import Stage
from bot.emulator.server import serve
from bot.emulator.workspace import Workspace
from bot.project.model import Request
from bot.project.schema import load
from bot.project.words import RequestStatus, RequestType
from bot.settings import Settings
from bot.world import World, google, web_api
from bot.world.docs import Docs
from bot.world.drive import Drive
from bot.world.retry import Patience
from bot.world.sheets import Sheets
from bot.world.slack import Slack
from tests.company import SETTINGS, Prepared, announced

LEAD = "grace.liu@fernhill.example"
PEOPLE = {
    "pm": "priya.nair@fernhill.example",
    "ie": "lena.fischer@fernhill.example",
    "ta": "omar.haddad@fernhill.example",
}
CE, AE = "ines.duarte@fernhill.example", "tom.brandt@fernhill.example"
TEAM = (*PEOPLE.values(), CE, AE)
HURRIED = Patience(attempts=6, deadline=20.0, first_wait=0.02, longest_wait=0.2, jitter=0.02)
PAUSE = 0.4  # seconds that the bot gives a lagging listing here
TIMEOUT = 1.0  # seconds that the bot waits for an answer here

Call = tuple[str, int]  # a method, and which of its calls in one set-up


@dataclass
class Workshop:
    """A bot without doors beside a workspace that is put back before each set-up."""

    world: World
    stage: Stage
    emulated: Workspace
    fresh: bytes
    ids: dict[str, str]
    number: int = 0
    key: str = ""
    customer: str = ""
    begun_at: int = field(default=0)

    def prepare(self) -> None:
        """A workspace as it was at first, with the next request in its backlog."""
        self.stage.workspace.control("DELETE", "faults")
        self.emulated.restore(self.fresh)
        self.number += 1
        self.key, self.customer = f"R{self.number}", f"Quillstone {self.number:03d}"
        add_request(self.world, self.key, self.customer)
        forget(self.world)
        self.begun_at = self._calls()[-1]["n"]

    def run(self, attempt: int = 1) -> Any:
        """The set-up, to its end."""
        name = f"provision:{self.key}" + (f":{attempt}" if attempt > 1 else "")
        self.world.engine.start("provision", name, attempt=attempt, **arguments(self.key, self.ids))
        return self.world.engine.result(name)

    def fault(self, *rules: dict[str, Any]) -> None:
        """Rules in force from now on."""
        self.stage.workspace.control("POST", "faults", {"rules": list(rules)})

    def struck(self) -> bool:
        """Whether every rule but the lasting ones has struck."""
        rules = self.stage.workspace.control("GET", "faults")["rules"]
        return all(rule["struck"] for rule in rules if "nth" in rule)

    def calls(self) -> Counter[str]:
        """What the bot called since `prepare`, by method."""
        return Counter(row["method"] for row in self._calls() if row["n"] > self.begun_at)

    def _calls(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.stage.workspace.control("GET", "log")["calls"]
        return rows


def add_request(world: World, key: str, customer: str) -> None:
    """A selected request in the backlog."""
    record = Request(
        id=key, customer=customer, request_type=RequestType.PRODUCTION, status=RequestStatus.SELECTED, ce=CE, ae=AE
    )
    world.sheets.append(world.backlog(), load("backlog"), "requests", record)


def arguments(key: str, ids: dict[str, str]) -> dict[str, Any]:
    """What triage starts a set-up with."""
    people = {role: ids[email] for role, email in PEOPLE.items()}
    return {"request_id": key, "by": ids[LEAD], "selection": {**people, "size": "S", "kickoff": "2027-03-01"}}


def forget(world: World) -> None:
    """As after a start: who people are and which channels there are has to be asked again."""
    world.slack._people.clear()
    world.slack._channel_ids.clear()


def hurried(world: World) -> World:
    """The same world with shorter waits between attempts, for faults that are over at once."""
    settings = world.settings
    assert settings.google_key_file is not None
    token = settings.slack_bot_token
    assert token is not None
    door = google.connect(settings.google_key_file, settings.google_api_url, quotas=None, patience=HURRIED)
    client = web_api.connect(token.get_secret_value(), settings.slack_api_url)
    return replace(
        world,
        drive=Drive(door, str(settings.shared_drive), pause=PAUSE),
        sheets=Sheets(door),
        docs=Docs(door),
        slack=Slack(client, world.store, world.clock, patience=HURRIED, pause=PAUSE),
    )


@contextmanager
def at_work(settings: Settings) -> Iterator[World]:
    """A hurried world whose engine works."""
    with app.connected(settings) as connected:
        world = hurried(connected)
        for kind, flow in app.FLOWS.items():
            world.engine.register(kind, app._with_world(kind, flow, world))
        world.engine.launch()
        try:
            yield world
        finally:
            world.engine.stop()


@contextmanager
def workspace(company: Prepared, folder: Path) -> Iterator[tuple[Workspace, Stage, Settings]]:
    """A workspace of this process, and the settings that lead there."""
    emulated = Workspace.open(SETTINGS, secrets=company.secrets)
    emulated.restore(company.snapshot)
    with serve(emulated):
        there = announced(emulated, folder)
        yield emulated, Stage(there, lambda _line: None), company.settings(folder, there)


@contextmanager
def workshop(company: Prepared, folder: Path) -> Iterator[Workshop]:
    """A workshop whose backlog is made."""
    with workspace(company, folder) as (emulated, stage, settings), at_work(settings) as world:
        world.backlog()
        ids = {row["email"]: row["id"] for row in stage.workspace.control("GET", "people")["people"]}
        yield Workshop(world, stage, emulated, emulated.snapshot(), ids)
