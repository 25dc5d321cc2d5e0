"""An office of a project with things that are due, and short ways to its mornings and to what people press there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from bot.project.model import Stakeholder
from bot.project.schema import load
from bot.world.sheets import Change
from tests.desk import PM, Desk
from tests.pictures import LENA, TOM

PEOPLE = (
    Stakeholder(id="S1", name="Priya Nair", email=PM),
    Stakeholder(id="S2", name="Lena Fischer", email=LENA, backup="Tom Brandt"),
    Stakeholder(id="S3", name="Tom Brandt", email=TOM),
)
TASK, MILESTONE, GATE = "T1", "M3", "M2"


@dataclass
class Office:
    """A project of Priya's with a task and two milestones of Lena's, all due on Monday 16 November 2026."""

    desk: Desk
    runs: int = 0

    def morning(self, day: str, zone: str = "Europe/Berlin", hour: str = "09:00:30") -> int:
        """Read, and speak as at nine o'clock of a zone; how many people were told."""
        self.runs += 1
        self.at(f"{day}T{hour}")
        return int(self.desk.rooms.run("reminders", f"morning:{self.runs}", subject=zone, slot=f"{day}T09:00:00+01:00"))

    def at(self, moment: str) -> None:
        """Set the clock, in Berlin's winter time."""
        self.desk.rooms.at(f"{moment}+01:00")

    def messages(self, person: str) -> list[dict[str, Any]]:
        """What the bot wrote to somebody, with where it stands; what only they were shown too."""
        places = [row for row in self._seen(person)["channels"] if row["is_im"]]
        return [{**message, "channel": row["id"]} for row in places for message in row["messages"]]

    def texts(self, person: str) -> list[str]:
        """The words of those messages."""
        return [message["text"] for message in self.messages(person)]

    def press(self, person: str, label: str, row_id: str, at: int = -1) -> dict[str, Any]:
        """Press a button, or choose from a menu, of a row's item in one of somebody's messages; the form it opened."""
        message = [one for one in self.messages(person) if not one.get("ephemeral")][at]
        for block in message["blocks"]:
            for element in (*block.get("elements", ()), block.get("accessory", {})):
                for value, words in _choices(element):
                    if words == label and f"|{value}|".endswith(f"|{row_id}|"):
                        return self._act(person, message, block, element, value)
        raise AssertionError(f"no {label!r} of {row_id} in {message['text']}")

    def _act(self, person: str, message: Any, block: Any, element: Any, value: str) -> dict[str, Any]:
        rooms = self.desk.rooms
        chosen = {"value": value} if element["type"] == "overflow" else {}
        place = {"channel": message["channel"], "ts": message["ts"], "block_id": block["block_id"]}
        before = self._seen(person)
        rooms.stage.act(person, "press", action_id=element["action_id"], **place, **chosen)
        rooms.stage.wait_for("what a press leads to", lambda: self._seen(person) != before)
        assert rooms.world.engine.settle(60)
        views: list[dict[str, Any]] = self._seen(person)["views"]
        return views[-1] if views else {}

    def _seen(self, person: str) -> dict[str, Any]:
        return dict(self.desk.rooms.stage.workspace.control("GET", f"people/{person}/sees"))

    def submit(self, who: str, view: dict[str, Any], **values: str) -> dict[str, Any]:
        """Send a form, and wait until all is done."""
        answer = self.desk.rooms.stage.act(who, "submit", view_id=view["id"], values=values)
        assert self.desk.rooms.world.engine.settle(60)
        return answer

    def said(self, matter: str) -> dict[str, Any]:
        """What is remembered of a matter, by person."""
        kept = self.desk.rooms.world.store.nudges(f"R1:{matter}:")
        return {key.rpartition(":")[2]: nudge.data for key, nudge in kept.items()}


def _choices(element: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if element.get("type") == "button":
        yield str(element.get("value", "")), element["text"]["text"]
    for option in element.get("options", ()):
        yield option["value"], option["text"]["text"]


@pytest.fixture
def office(desk: Desk) -> Office:
    """A project with people and due rows, read once on Friday 13 November, and listened to."""
    desk.rooms.at("2026-11-13T10:00:00+01:00")
    world, files = desk.rooms.world, desk.files
    world.sheets.fill(files["playbook"], load("playbook"), {"stakeholders": PEOPLE})
    due = {"milestones": ("baseline", MILESTONE), "tasks": ("due", TASK)}
    changes = [
        Change(tab, row_id, name, value, by_person=True)
        for tab, (column, row_id) in due.items()
        for name, value in (("owner", "Lena Fischer"), (column, date(2026, 11, 16)))
    ]
    world.sheets.write(files["plan"], load("standard_plan"), changes)
    desk.sweep()
    return Office(desk)
