"""The second walk: what a person types in a sheet becomes one reminder, and its button writes back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bot.project.calendar import country_calendar
from tests.walks.conftest import CE, CE_LEAD, IMPLEMENTATION_LEAD, PM, Walk

WEEK = country_calendar(("DE",))
HERS = country_calendar(("DE", "IN"))  # the company's days, and the project manager's own


def next_friday(today: date) -> date:
    """The first Friday after today."""
    return today + timedelta(days=(3 - today.weekday()) % 7 + 1)


@pytest.fixture
def project(walk: Walk) -> dict[str, str]:
    """A set-up project whose discovery is due on the next working day."""
    card = walk.request()
    walk.select(card, WEEK.add(walk.today(), 11))
    walk.stage.wait_for("finished card", lambda: walk.find(CE_LEAD, "✓  Welcome posted", "impl-triage"))
    return walk.files()


def overdue_morning(walk: Walk, files: dict[str, str]) -> dict[str, Any]:
    """Let discovery become overdue by a working day, and give the message of that morning."""
    due = date.fromisoformat(walk.cell(files["plan"], "Milestones", "M1", "Baseline"))
    walk.go(HERS.add(due, 1), 9)
    return walk.stage.wait_for("reminder", lambda: walk.find(PM, "Overdue"))


def is_done(walk: Walk, message: dict[str, Any], item: dict[str, Any]) -> None:
    """Press Done on a gate, and say what shows it."""
    walk.stage.act(
        PM, "press", channel=message["channel"], ts=message["ts"], action_id="item_done", block_id=item["block_id"]
    )
    view = walk.stage.wait_for("the question for evidence", lambda: walk.view(PM))
    answer = walk.stage.act(PM, "submit", view_id=view["id"], values={"evidence": "Minutes of 12 November"})
    assert answer["response"] == "closed", answer


def test_an_overdue_milestone_and_a_late_review_are_said_once(walk: Walk, project: dict[str, str]) -> None:
    """One message to the owner, with links to both rows; hours and a restart of the day later nothing new."""
    review = walk.today() + timedelta(days=1)
    walk.type(project["playbook"], "Risks", "RK1", {"Owner": "Priya Nair", "Next review": review.isoformat()})

    message = overdue_morning(walk, project)

    assert "Discovery complete" in message["text"]
    assert "Prerequisites late" in message["text"]
    assert f"{project['plan']}/edit#gid=2002" in str(message["blocks"])
    assert f"{project['playbook']}/edit#gid=" in str(message["blocks"])
    before = len(walk.stage.messages(PM))
    walk.go(walk.today(), 12)
    assert len(walk.stage.messages(PM)) == before


def test_done_writes_the_cell_and_ends_the_nagging(walk: Walk, project: dict[str, str]) -> None:
    """The press changes status and actual day, ticks the line, and the next morning does not name it again."""
    message = overdue_morning(walk, project)
    item = next(block for block in message["blocks"] if "|M1" in str(block.get("accessory", {}).get("value", "")))

    is_done(walk, message, item)

    walk.stage.wait_for("Done", lambda: walk.cell(project["plan"], "Milestones", "M1", "Status") == "Done")
    walk.stage.wait_for("tick", lambda: walk.find(PM, "Done, thank you"))
    assert walk.cell(project["plan"], "Milestones", "M1", "Actual") == walk.today().isoformat()
    assert walk.cell(project["plan"], "Milestones", "M1", "Evidence") == "Minutes of 12 November"
    walk.go(HERS.add(walk.today(), 1), 9)
    later = [m["text"] for m in walk.stage.messages(PM) if float(m["ts"]) > float(message["ts"])]
    assert not any("Discovery complete" in text for text in later)


def test_a_press_never_overwrites_what_a_person_typed_meanwhile(walk: Walk, project: dict[str, str]) -> None:
    """The person's value stays, and the one who pressed is told what stands there."""
    message = overdue_morning(walk, project)
    item = next(block for block in message["blocks"] if "|M1" in str(block.get("accessory", {}).get("value", "")))
    walk.type(project["plan"], "Milestones", "M1", {"Status": "Blocked"})

    is_done(walk, message, item)

    told = walk.stage.wait_for("told", lambda: walk.find(PM, "Somebody changed this row"))
    assert "Blocked" in told["text"]
    assert walk.cell(project["plan"], "Milestones", "M1", "Status") == "Blocked"


@pytest.mark.parametrize("walk", [next_friday], indirect=True)
def test_people_hear_nothing_on_days_off(walk: Walk, project: dict[str, str]) -> None:
    """Saturdays and Sundays are silent for everybody; only the bot's keeper has a line a day of its health."""
    saturday = walk.today() + timedelta(days=(5 - walk.today().weekday()) % 7)
    walk.go(saturday, 8)
    said, kept = len(walk.stage.raw()["messages"]), len(walk.stage.messages(IMPLEMENTATION_LEAD, "impl-ops"))

    walk.go(saturday + timedelta(days=1), 20)

    lines = len(walk.stage.messages(IMPLEMENTATION_LEAD, "impl-ops")) - kept
    assert (len(walk.stage.raw()["messages"]), lines) == (said + 2, 2)
    assert walk.find(CE, "Overdue") is None
