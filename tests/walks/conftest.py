"""The whole bot at work in an embedded workspace of this process, acted on only as its people act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import app
from bot.demo.stage import Stage
from bot.emulator.server import serve
from bot.emulator.workspace import Workspace as Emulated
from bot.world import World
from tests.company import SETTINGS, Prepared, announced, company

__all__ = ["company", "walk"]

CE, AE, CE_LEAD = "ines.duarte@fernhill.example", "tom.brandt@fernhill.example", "grace.liu@fernhill.example"
SALES_LEAD = "daniel.reyes@fernhill.example"
IMPLEMENTATION_LEAD = "sofia.rossi@fernhill.example"
PM, ENGINEER, ADVISOR = "priya.nair@fernhill.example", "lena.fischer@fernhill.example", "omar.haddad@fernhill.example"
ZONE = ZoneInfo("Asia/Kolkata")
Begin = Callable[[date], date]


@dataclass
class Walk:
    """The stage with the bot on it, and short ways to what walks do often."""

    stage: Stage
    world: World
    ids: dict[str, str]

    def form(self, **other: str) -> dict[str, str]:
        """A complete request form; single fields can be given otherwise."""
        values = {
            "customer": "Quillstone Bank",
            "request_type": "Production deployment",
            "deployment_method": "Kubernetes with Helm",
            "hosting_provider": "Azure",
            "segment": "Enterprise",
            "opportunity_link": "https://crm.fernhill.example/o/1",
            "additional_information": "",
            "ae": self.ids[AE],
        }
        return values | other

    def view(self, person: str) -> dict[str, Any] | None:
        """The form in front of a person."""
        views = self.stage.workspace.control("GET", f"people/{person}/sees")["views"]
        return views[0] if views else None

    def find(self, person: str, words: str, channel: str = "") -> dict[str, Any] | None:
        """The latest message with these words that a person sees; direct messages when no channel is named."""
        seen = self.stage.workspace.control("GET", f"people/{person}/sees")["channels"]
        hits = [
            {**message, "channel": row["id"]}
            for row in seen
            for message in row["messages"]
            if (row["name"] == channel or (not channel and row["is_im"])) and words in message["text"]
        ]
        return max(hits, key=lambda message: str(message["ts"]), default=None)

    def request(self, **other: str) -> dict[str, Any]:
        """A Customer Engineer asks; returns the triage card."""
        self.stage.act(CE, "command", channel="general", text="/implementation-request")
        view = self.stage.wait_for("form", lambda: self.view(CE))
        view = self.fill(CE, view, **other)
        answer = self.stage.act(CE, "submit", view_id=view["id"], values=self.form(**other))
        assert answer["response"] == "closed", answer
        customer = other.get("customer", "Quillstone Bank")
        return self.stage.wait_for("card", lambda: self.find(CE_LEAD, customer, "impl-triage"))

    def fill(self, person: str, view: dict[str, Any], **other: str) -> dict[str, Any]:
        """Choose what the form changes with, and wait until it has the fields of what is chosen."""
        for name in ("request_type", "deployment_method"):
            pressed = {"action_id": "request_changed", "block_id": name, "value": self.form(**other)[name]}
            self.stage.act(person, "press", view_id=view["id"], **pressed)
        return self.stage.wait_for("the form's fields", lambda: self._with_fields(person, set(self.form(**other))))

    def _with_fields(self, person: str, names: set[str]) -> dict[str, Any] | None:
        view = self.view(person)
        return view if view and names <= {block["block_id"] for block in view["blocks"]} else None

    def select(self, card: dict[str, Any], kickoff: date, lead: str = CE_LEAD) -> None:
        """A lead presses Select and fills in the form."""
        self.stage.act(lead, "press", channel=card["channel"], ts=card["ts"], action_id="triage_select")
        view = self.stage.wait_for("selection form", lambda: self.view(lead))
        people = {"pm": self.ids[PM], "ie": self.ids[ENGINEER], "ta": self.ids[ADVISOR]}
        values = {**people, "size": "S · some weeks", "kickoff": kickoff.isoformat()}
        answer = self.stage.act(lead, "submit", view_id=view["id"], values=values)
        assert answer["response"] == "closed", answer

    def files(self) -> dict[str, str]:
        """The files of projects by what they are."""
        rows = self.stage.raw()["files"]
        marked = [(row.get("appProperties", {}), row["id"]) for row in rows if not row.get("trashed")]
        return {marks["file"]: file_id for marks, file_id in marked if "project" in marks and "file" in marks}

    def backlog(self) -> list[list[str]]:
        """The requests of the backlog as a lead of the shared drive reads them, header first."""
        rows = self.stage.raw()["files"]
        file_id = next(row["id"] for row in rows if row.get("appProperties", {}).get("file") == "backlog")
        return self.stage.rows(IMPLEMENTATION_LEAD, file_id, "Requests")

    def type(self, file_id: str, tab: str, row_id: str, cells: dict[str, str], person: str = PM) -> None:
        """Type into the cells of a row, found by its ID, under these column titles."""
        rows = self.stage.rows(person, file_id, tab)
        number = next(n for n, row in enumerate(rows, 1) if row and row[0] == row_id)
        for title, value in cells.items():
            column = chr(ord("A") + rows[0].index(title))
            self.stage.type_cell(person, file_id, tab, f"{column}{number}", value)

    def cell(self, file_id: str, tab: str, row_id: str, title: str) -> str:
        """One cell as a person reads it."""
        rows = self.stage.rows(PM, file_id, tab)
        row = next(row for row in rows if row and row[0] == row_id)
        place = rows[0].index(title)
        return row[place] if place < len(row) else ""

    def today(self) -> date:
        """The project manager's day."""
        return self.stage.now().astimezone(ZONE).date()

    def go(self, day: date, hour: int, minute: int = 1) -> None:
        """Let time pass until a moment of the project manager's clock."""
        self.stage.go_to(datetime.combine(day, time(hour, minute), ZONE))


@contextmanager
def at_work(company: Prepared, folder: Path, begin: Begin | None = None) -> Iterator[Walk]:
    """A bot at work in a workspace of its own: as of now, or from eight o'clock of the day that `begin` gives."""
    emulated = Emulated.open(SETTINGS, secrets=company.secrets)
    emulated.restore(company.snapshot)
    with serve(emulated):
        workspace = announced(emulated, folder)
        if begin:
            day = begin(datetime.now(ZONE).date())
            workspace.control("POST", "clock", {"to": datetime.combine(day, time(8), ZONE).isoformat()})
        with app.running(company.settings(folder, workspace)) as world:
            people = workspace.control("GET", "people")["people"]
            yield Walk(Stage(workspace, lambda _line: None), world, {row["email"]: row["id"] for row in people})


@pytest.fixture
def walk(company: Prepared, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Walk]:
    """A bot at work, with nothing asked of it yet.

    The bot lives through every hour that passes. A story about a certain day gives the day before it as the fixture's
    parameter: a function from today to a later day.
    """
    with at_work(company, tmp_path, getattr(request, "param", None)) as walk:
        yield walk
