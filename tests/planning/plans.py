"""A dated plan on a project manager's desk, and short ways to what its people do with dates and read of them."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from bot.project.schema import load
from bot.world.sheets import Change
from tests.desk import PM, Desk
from tests.rooms import LEAD

BASE = {
    "M0": "2026-10-05", "M1": "2026-10-12", "M2": "2026-10-19", "M3": "2026-10-21", "M4": "2026-10-27",
    "M5": "2026-11-02", "M6": "2026-10-22", "M7": "2026-10-28", "M8": "2026-11-05", "M9": "2026-11-10",
    "M10": "2026-11-16", "M11": "2026-11-19", "M12": "2026-11-23", "M13": "2026-11-03", "M14": "2026-11-24",
    "M15": "2026-12-01",
}  # fmt: skip
KICKOFF = date(2026, 10, 26)


@pytest.fixture
def planned(desk: Desk) -> Desk:
    """A project whose plan is dated from its kickoff, read once, on the Tuesday after kickoff."""
    desk.rooms.at("2026-10-27T10:00+01:00")
    plan, playbook = desk.files["plan"], desk.files["playbook"]
    days = [Change("milestones", key, "baseline", date.fromisoformat(day), by_person=True) for key, day in BASE.items()]
    desk.rooms.world.sheets.write(plan, load("standard_plan"), days)
    kickoff = [Change("overview", "", "kickoff", KICKOFF, by_person=True)]
    desk.rooms.world.sheets.write(playbook, load("playbook"), kickoff)
    desk.settled()
    return desk


def signed_off(desk: Desk) -> None:
    """The kickoff is done and the plan signed off."""
    desk.type("plan", "Milestones", "M4", {"Status": "Done", "Actual": "2026-10-27"})
    desk.settled()


def type_field(desk: Desk, name: str, value: str) -> None:
    """Type into a field of the playbook's first tab."""
    lines = desk.rooms.stage.rows(LEAD, desk.files["playbook"], "Overview")
    number = next(n for n, line in enumerate(lines, 1) if line and line[0] == name)
    desk.rooms.stage.type_cell(LEAD, desk.files["playbook"], "Overview", f"C{number}", value)


def type_kickoff(desk: Desk, day: str) -> None:
    """Type the kickoff into the playbook's first tab."""
    type_field(desk, "kickoff", day)


def delete(desk: Desk, row_id: str) -> None:
    """Delete a milestone's row, as a person."""
    lines = desk.rooms.stage.rows(LEAD, desk.files["plan"], "Milestones")
    number = next(n for n, line in enumerate(lines, 1) if line and line[0] == row_id)
    desk.rooms.stage.act(LEAD, "delete_row", file=desk.files["plan"], tab="Milestones", row=number)


def answer_form(desk: Desk, reason: str) -> None:
    """Fill in and send the form that a press opened, and wait until all is done."""
    view = desk.rooms.stage.workspace.control("GET", f"people/{PM}/sees")["views"][-1]
    act: dict[str, Any] = {"view_id": view["id"], "values": {"reason": reason}}
    assert desk.rooms.stage.act(PM, "submit", **act)["response"] == "closed"
    assert desk.rooms.world.engine.settle(60)
    desk.settled()


def changes(desk: Desk) -> list[tuple[str, str, str, str, str]]:
    """The Change log as a customer would read it."""
    names = ("Subject", "Old", "New", "Reason", "Changed by")
    return [tuple(row[name] for name in names) for row in desk.rows("plan", "Change log")]  # type: ignore[misc]  # five


def words(desk: Desk) -> str:
    """All that the bot's messages to the project manager say."""
    return json.dumps([message["blocks"] for message in desk.questions()], ensure_ascii=False)
