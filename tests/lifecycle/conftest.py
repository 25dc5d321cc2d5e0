"""A whole project, set up from a request, with a bot that listens; ways to turn it through its form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests.company import Prepared, company
from tests.walks.conftest import PM, Walk, at_work

__all__ = ["Turning", "company"]

PLAN, BOOK = "plan", "playbook"
OTHER_PM, OTHER_ENGINEER = "marcus.webb@fernhill.example", "yuki.tanaka@fernhill.example"


@dataclass
class Turning:
    """R1, Harborpine's project, run by Priya."""

    walk: Walk

    def row(self) -> dict[str, Any]:
        """What the bot knows of it."""
        return self.walk.world.store.project("R1") or {}

    def views(self, person: str) -> list[dict[str, Any]]:
        """The forms in front of somebody."""
        found: list[dict[str, Any]] = self.walk.stage.workspace.control("GET", f"people/{person}/sees")["views"]
        return found

    def form(self, words: str, person: str = PM) -> dict[str, Any]:
        """The form in front of somebody, once it holds these words."""
        return self.walk.stage.wait_for(
            f"a form with {words!r}",
            lambda: next((view for view in self.views(person) if words in str(view["blocks"])), None),
        )

    def press(self, action: str, words: str, person: str = PM) -> dict[str, Any]:
        """Open the project's form and press one of its buttons; the form that comes."""
        self.walk.stage.act(person, "command", channel="general", text="/implementation project R1")
        view = self.form("· R1 ·", person)
        self.walk.stage.act(person, "press", view_id=view["id"], action_id=action)
        return self.form(words, person)

    def submit(self, view: dict[str, Any], person: str = PM, **values: str) -> dict[str, Any]:
        """Send a form, and wait until the work is done."""
        answer = self.walk.stage.act(person, "submit", view_id=view["id"], values=values)
        assert self.walk.world.engine.settle(90)
        return answer

    def overview(self, title: str) -> str:
        """A field of the playbook's Overview."""
        return self.field(self.row()["playbook_id"], "Overview", title)

    def field(self, file_id: str, form: str, title: str) -> str:
        """What stands beside a title of a form."""
        rows = self.walk.stage.rows(PM, file_id, form)
        row = next(row for row in rows if title in row)
        place = row.index(title) + 1
        return row[place] if place < len(row) else ""

    def line(self, tab: str) -> dict[str, str]:
        """The project's line in a tab of the backlog file."""
        raw = self.walk.stage.raw()["files"]
        file_id = next(row["id"] for row in raw if row.get("appProperties", {}).get("file") == "backlog")
        header, *rows = self.walk.stage.rows("sofia.rossi@fernhill.example", file_id, tab)
        return dict(zip(header, next(row for row in rows if row[0] == "R1"), strict=False))

    def said(self) -> list[str]:
        """What stands in the project's channel."""
        channel = self.row()["channel_id"]
        name = next(one["name"] for one in self.walk.stage.raw()["channels"] if one["id"] == channel)
        return [message["text"] for message in self.walk.stage.messages(PM, name)]

    def file(self, file_id: str) -> dict[str, Any]:
        """A file as the workspace has it."""
        return next(row for row in self.walk.stage.raw()["files"] if row["id"] == file_id)

    def access(self, file_id: str) -> dict[str, str]:
        """Direct access to a file, by address."""
        return {one.get("emailAddress", one["type"]): one["role"] for one in self.file(file_id).get("permissions", ())}


@pytest.fixture
def project(company: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Turning]:
    """R1 as a set-up leaves it."""
    with at_work(company, tmp_path_factory.mktemp("lifecycle")) as walk:
        walk.select(walk.request(customer="Harborpine Logistics"), walk.today() + timedelta(days=30))
        walk.stage.wait_for("project", lambda: walk.world.store.project("R1"))
        assert walk.world.engine.settle(120)
        walk.world.engine.start("sweep", "sweep:first", subject="all", slot="")
        walk.world.engine.result("sweep:first")
        assert walk.world.engine.settle(120)
        yield Turning(walk)
