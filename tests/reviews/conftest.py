"""These tests share one Monday: a project with risks and issues, its agenda posted, and a bot that hears presses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from bot import app
from bot.project.model import Issue, Risk, Stakeholder
from bot.project.schema import load
from bot.project.words import IssueKind, IssueStatus, RiskStatus, Severity, Side
from bot.slack_door import listening
from bot.world.sheets import Change
from tests.company import Prepared, company
from tests.desk import PM, Desk
from tests.pictures import LENA, TOM
from tests.rooms import at_work

__all__ = ["company"]

SLOT = "2026-11-16T08:30:00+01:00"
OPENED = date(2026, 10, 1)
CHANNEL = "impl-quillstone-bank"
PEOPLE = (
    Stakeholder(id="S1", name="Priya Nair", email=PM, side=Side.US),
    Stakeholder(id="S2", name="Lena Fischer", email=LENA, side=Side.US),
    Stakeholder(id="S3", name="Tom Brandt", email=TOM, side=Side.US),
)


def risk(number: int, probability: int, impact: int, **other: Any) -> Risk:
    given = {"owner": "Lena Fischer", "opened": OPENED, "status": RiskStatus.OPEN, **other}
    return Risk(id=f"RK{number}", risk=f"Peril {number}", probability=probability, impact=impact, **given)


def issue(number: int, severity: Severity, **other: Any) -> Issue:
    given = {"owner": "Tom Brandt", "opened": OPENED, "status": IssueStatus.OPEN, "kind": IssueKind.ISSUE, **other}
    return Issue(id=f"I{number}", title=f"Trouble {number}", severity=severity, **given)


RISKS = (
    risk(1, 5, 4),
    risk(2, 4, 4),
    risk(3, 3, 4),
    risk(4, 5, 5, mitigation="Second supplier", trigger="No word by Friday", customer_visible=True),
    risk(5, 2, 2, last_reviewed=date(2026, 11, 10)),
    risk(6, 5, 5, status=RiskStatus.CLOSED),
    risk(7, 4, 5),
)
ISSUES = (
    issue(1, Severity.HIGH),
    issue(2, Severity.CRITICAL),
    issue(3, Severity.MEDIUM),
    issue(4, Severity.HIGH),
    *(issue(number, Severity.LOW, opened=date(2026, 11, number)) for number in (5, 6, 7)),
)


@dataclass
class Monday:
    """The Monday of project R1, and short ways to what its people see and press."""

    desk: Desk

    def messages(self, person: str = PM) -> list[dict[str, Any]]:
        """What somebody sees in the project's channel, thread replies too."""
        return [one for one in self.desk.rooms.stage.messages(person, CHANNEL) if "joined" not in one["text"]]

    def details(self) -> dict[str, Any]:
        """The message in the agenda's thread."""
        return next(one for one in self.messages() if one["text"] and "[No change]" in one["text"])

    def item(self, row_id: str) -> str:
        """What stands in the agenda about a row."""
        texts = [block["text"]["text"] for block in self.details()["blocks"] if block["type"] == "section"]
        return next(text for text in texts if f"|{row_id}>" in text)

    def press(self, label: str, row_id: str, person: str = PM) -> dict[str, Any]:
        """Press a button of a row; what it led to: the words told, or the form it opened."""
        message = self.details()
        for block in message["blocks"]:
            for element in block.get("elements", ()):
                words = element.get("text", {})
                if element.get("value", "").endswith(f"|{row_id}") and words.get("text") == label:
                    return self.act(person, message, block["block_id"], element["action_id"])
        raise AssertionError(f"no {label!r} of {row_id} in {message['text']}")

    def act(self, person: str, message: Any, block_id: str, action_id: str, **chosen: str) -> dict[str, Any]:
        """One press, once all that follows is done."""
        stage, before = self.desk.rooms.stage, self._seen(person)
        place = {"channel": self.channel, "ts": message["ts"], "block_id": block_id}
        stage.act(person, "press", action_id=action_id, **place, **chosen)
        stage.wait_for("what a press leads to", lambda: self._seen(person) != before)
        self.done()
        views = self._seen(person)["views"]
        return dict(views[-1]) if views else {}

    def submit(self, view: dict[str, Any], person: str = PM, **values: str) -> dict[str, Any]:
        """Send a form, and wait until all is done."""
        answer = self.desk.rooms.stage.act(person, "submit", view_id=view["id"], values=values)
        self.done()
        return answer

    def done(self) -> None:
        assert self.desk.rooms.world.engine.settle(60)

    @property
    def channel(self) -> str:
        return str(self.desk.rooms.channel())

    def _seen(self, person: str) -> dict[str, Any]:
        return dict(self.desk.rooms.stage.workspace.control("GET", f"people/{person}/sees"))


@pytest.fixture(scope="module")
def monday(company: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Monday]:
    """The agenda of Monday 16 November is posted; a forecast has moved by four working days without a reason."""
    with at_work(company, tmp_path_factory.mktemp("monday")) as rooms, listening(rooms.world, app.LISTENERS):
        desk = Desk(rooms, rooms.project())
        world, plan = rooms.world, load("standard_plan")
        rooms.at("2026-11-13T10:00:00+01:00")
        world.slack.invite(rooms.channel(), [rooms.ids[email] for email in (PM, LENA, TOM)])
        world.sheets.fill(
            desk.files["playbook"], load("playbook"), {"stakeholders": PEOPLE, "risks": RISKS, "issues": ISSUES}
        )
        for column, day in (("baseline", date(2026, 12, 1)), ("forecast", date(2026, 12, 7))):
            change = Change("milestones", "M8", column, day, by_person=True)
            world.sheets.write(desk.files["plan"], plan, [change])
            desk.settled()
        rooms.at("2026-11-16T08:30:30+01:00")
        rooms.run("agenda", "agenda:1", subject="R1", slot=SLOT)
        yield Monday(desk)
