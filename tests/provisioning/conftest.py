"""Set-ups in a workspace of this process, started as triage starts them: a request in the backlog, a selection."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from bot.project.model import Request
from bot.project.schema import load
from bot.project.words import RequestStatus, RequestType
from tests.company import company
from tests.rooms import Rooms, rooms

__all__ = ["company", "rooms"]

LEAD = "grace.liu@fernhill.example"
PEOPLE = {
    "pm": "priya.nair@fernhill.example",
    "ie": "lena.fischer@fernhill.example",
    "ta": "omar.haddad@fernhill.example",
}
CE, AE = "ines.duarte@fernhill.example", "tom.brandt@fernhill.example"
KICKOFF = date(2027, 3, 1)


@dataclass
class Site:
    """Rooms, and short ways to set projects up and to count what there is of them."""

    rooms: Rooms

    def request(self, key: str = "R1", kind: RequestType = RequestType.PRODUCTION, **other: Any) -> str:
        """A selected request in the backlog."""
        given = {"customer": "Quillstone Bank", "ce": CE, "ae": AE, "status": RequestStatus.SELECTED} | other
        world = self.rooms.world
        record = Request(id=key, request_type=kind, deployment_method="Kubernetes with Helm", **given)
        world.sheets.append(world.backlog(), load("backlog"), "requests", record)
        return key

    def selection(self, **other: str) -> dict[str, str]:
        """Who runs it and from when, as the lead's form gives it."""
        people = {role: self.rooms.ids[email] for role, email in PEOPLE.items()}
        return {**people, "size": "S", "kickoff": KICKOFF.isoformat(), **other}

    def start(self, key: str = "R1", **other: str) -> str:
        """Begin a set-up; gives the key of its flow."""
        flow = f"provision:{key}"
        args = {"request_id": key, "by": self.rooms.ids[LEAD], "selection": self.selection(**other)}
        self.rooms.world.engine.start("provision", flow, **args)
        return flow

    def set_up(self, key: str = "R1", **other: str) -> dict[str, Any]:
        """A set-up from its begin to its end; gives what was done and what failed."""
        outcome: dict[str, Any] = self.rooms.world.engine.result(self.start(key, **other))
        return outcome

    def project(self, key: str = "R1") -> dict[str, Any]:
        """The project as the store knows it."""
        row = self.rooms.world.store.project(key)
        assert row is not None
        return row

    def records(self, key: str, file: str, tab: str) -> list[Any]:
        """The records of a tab of one of the project's files."""
        row = self.project(key)
        return self.rooms.world.sheets.read(row[f"{file}_id"], load(row["schemas"][file]), (tab,)).records(tab)

    def made(
        self, key: str = "R1", channel: str = "impl-quillstone-bank", customer: str = "Quillstone Bank"
    ) -> Counter[str]:
        """What there is of a project, by kind: trash, archive and deleted messages included."""
        raw = self.rooms.stage.raw()
        found: Counter[str] = Counter()
        for row in raw["files"]:
            marks = row.get("appProperties", {})
            if marks.get("project") == key:
                found[marks.get("file", "folder")] += 1
            found["customer folder"] += marks.get("key", "").startswith("customer:")
        found["channel"] = sum(row["name"].startswith(channel) for row in raw["channels"])
        ids = {row["id"] for row in raw["channels"] if row["name"].startswith(channel)}
        found["welcome"] = sum(
            f"Welcome to {customer}" in str(row.get("blocks")) and row["channel"] in ids for row in raw["messages"]
        )
        found["card"] = sum(f"Set-up of {customer}" in str(row.get("blocks")) for row in raw["messages"])
        return found


ONE = {"customer folder": 1, "folder": 1, "playbook": 1, "plan": 1, "channel": 1, "welcome": 1, "card": 1}


@pytest.fixture
def site(rooms: Rooms) -> Site:
    """Rooms in which requests become projects."""
    return Site(rooms)
