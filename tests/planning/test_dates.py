"""Dates in a plan: the baseline frozen at sign-off, every change recorded, every shift proposed before it happens."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from bot.planning import record
from bot.project import baseline
from bot.project.model import Milestone
from bot.project.schema import load
from bot.project.words import Anchor, Phase, WorkStatus
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


def type_kickoff(desk: Desk, day: str) -> None:
    """Type the kickoff into the playbook's first tab."""
    lines = desk.rooms.stage.rows(LEAD, desk.files["playbook"], "Overview")
    number = next(n for n, line in enumerate(lines, 1) if line and line[0] == "kickoff")
    desk.rooms.stage.type_cell(LEAD, desk.files["playbook"], "Overview", f"C{number}", day)


def changes(desk: Desk) -> list[tuple[str, str, str, str, str]]:
    """The Change log as a customer would read it."""
    names = ("Subject", "Old", "New", "Reason", "Changed by")
    return [tuple(row[name] for name in names) for row in desk.rows("plan", "Change log")]  # type: ignore[misc]  # five


def words(desk: Desk) -> str:
    """All that the bot's messages to the project manager say."""
    return json.dumps([message["blocks"] for message in desk.questions()], ensure_ascii=False)


def test_sign_off_freezes_the_baseline_once_and_says_so(planned: Desk) -> None:
    """When the sign-off gate is done the baselines as they stand count, and Change log and Bot log tell it once."""
    signed_off(planned)
    planned.type("plan", "Milestones", "M8", {"Comment": "on track"})
    planned.settled()

    assert record.frozen(planned.rooms.world, "R1") == {key: date.fromisoformat(day) for key, day in BASE.items()}
    assert [line for line in changes(planned) if line[0] == "Baseline"] == [
        ("Baseline", "", "frozen at sign-off", "", "")
    ]
    assert [line["New"] for line in planned.log() if line["Object"] == "Milestones · Baseline"] == ["16 dates"]


def test_a_baseline_changed_after_sign_off_is_put_back_on_a_press(planned: Desk) -> None:
    """Nothing is overwritten silently: the PM is asked, and only the press brings the signed-off day back."""
    signed_off(planned)
    planned.type("plan", "Milestones", "M9", {"Baseline": "2026-11-20"})
    planned.settled()

    assert "The baseline of M9" in words(planned)
    assert planned.row("plan", "Milestones", "M9")["Baseline"] == "2026-11-20"
    planned.press("Put back")
    assert planned.row("plan", "Milestones", "M9")["Baseline"] == "2026-11-10"
    assert "The signed-off date stands there again" in words(planned)


def test_re_baselining_takes_a_named_person_and_a_reason(planned: Desk) -> None:
    """The press opens a form; its reason and the person's name stand in the Change log, and it is not asked again."""
    signed_off(planned)
    planned.type("plan", "Milestones", "M9", {"Baseline": "2026-11-20"})
    planned.settled()
    planned.press("Re-baseline")
    view = planned.rooms.stage.workspace.control("GET", f"people/{PM}/sees")["views"][-1]
    act: dict[str, Any] = {"view_id": view["id"], "values": {"reason": "Scope grew by two code hosts"}}
    assert planned.rooms.stage.act(PM, "submit", **act)["response"] == "closed"
    assert planned.rooms.world.engine.settle(60)
    planned.settled()

    told = [line for line in changes(planned) if line[0].startswith("M9")]
    assert [(line[1:4], line[4]) for line in told] == [
        (("2026-11-10", "2026-11-20", "Scope grew by two code hosts"), "Priya Nair")
    ]
    frozen = record.frozen(planned.rooms.world, "R1") or {}
    assert frozen["M9"] == date(2026, 11, 20)
    assert words(planned).count("The baseline of M9") == 1


def test_only_the_project_manager_or_a_lead_may_answer(planned: Desk) -> None:
    """Somebody else who sees the question is told whom to ask, and nothing changes."""
    other, world = "yuki.tanaka@fernhill.example", planned.rooms.world
    project = world.store.project("R1") or {}
    world.store.put_project("R1", {**project, "pm": "ada.novak@fernhill.example"})  # she left: the channel is asked
    world.slack.invite(project["channel_id"], [planned.rooms.ids[other]])
    signed_off(planned)
    planned.type("plan", "Milestones", "M9", {"Baseline": "2026-11-20"})
    planned.settled()
    channel = "impl-quillstone-bank"
    planned.press("Put back", person=other, reader=other, channel=channel)

    assert planned.row("plan", "Milestones", "M9")["Baseline"] == "2026-11-20"
    assert "Only the project manager or a lead" in planned.questions(other, channel)[-1]["text"]


def test_a_late_milestone_pushes_others_only_by_a_press(planned: Desk) -> None:
    """One message lists what would move and why; *Move all* writes it; the Change log names who confirmed it."""
    signed_off(planned)
    planned.type("plan", "Milestones", "M10", {"Forecast": "2026-11-19", "Slip reason": "Customer"})
    planned.settled()

    assert "dates would move" in words(planned)
    assert planned.row("plan", "Milestones", "M11")["Forecast"] == ""
    planned.press("Move all")
    planned.settled()
    forecasts = {key: planned.row("plan", "Milestones", key)["Forecast"] for key in ("M11", "M12", "M14", "M15")}
    assert forecasts == {"M11": "2026-11-24", "M12": "2026-11-26", "M14": "2026-11-27", "M15": "2026-12-04"}
    told = {line[0].split()[0]: line for line in changes(planned) if line[0].startswith("M1")}
    assert (told["M10"][3], told["M10"][4]) == ("Customer", "")
    assert told["M11"][4] == "Priya Nair"
    slips = record.slips(planned.rooms.world, "R1")
    assert {(s["milestone"], s["days"], s["cause"]) for s in slips} >= {("M10", 3, "Customer"), ("M11", 3, "")}


def test_what_is_left_is_not_proposed_again_until_something_changes(planned: Desk) -> None:
    """*Leave all* is remembered; another date of the pushing milestone is a new proposal."""
    signed_off(planned)
    planned.type("plan", "Milestones", "M10", {"Forecast": "2026-11-19"})
    planned.settled()
    planned.press("Leave all")
    planned.type("plan", "Milestones", "M10", {"Comment": "still waiting"})
    planned.settled()
    assert len(planned.questions()) == 1

    planned.type("plan", "Milestones", "M10", {"Forecast": "2026-11-23"})
    planned.settled()
    assert len(planned.questions()) == 2


def test_a_row_that_a_person_changed_meanwhile_stays(planned: Desk) -> None:
    """Moving writes only rows that are still as they were when the move was proposed, and says which stayed."""
    signed_off(planned)
    planned.type("plan", "Milestones", "M10", {"Forecast": "2026-11-19"})
    planned.settled()
    planned.type("plan", "Milestones", "M12", {"Forecast": "2026-12-18"})
    planned.press("Move all")

    assert planned.row("plan", "Milestones", "M12")["Forecast"] == "2026-12-18"
    assert planned.row("plan", "Milestones", "M11")["Forecast"] == "2026-11-24"
    assert "M12 stayed: somebody changed them meanwhile" in words(planned)


def test_before_sign_off_a_moved_kickoff_moves_the_plan_by_a_press(planned: Desk) -> None:
    """A later kickoff is proposed with every date that would move; nothing moves before the press."""
    type_kickoff(planned, "2026-11-02")
    planned.settled()

    assert "Kickoff is Mon 2 Nov 2026 now" in words(planned)
    assert planned.row("plan", "Milestones", "M8")["Baseline"] == "2026-11-05"
    planned.press("Move all")
    planned.settled()
    assert planned.row("plan", "Milestones", "M8")["Baseline"] == "2026-11-12"
    assert record.frozen(planned.rooms.world, "R1") is None


def test_the_advisors_day_follows_the_expected_end_and_is_told_once(planned: Desk) -> None:
    """Three weeks before the forecast end, on a working day; the PM hears of the move once."""
    signed_off(planned)
    planned.type("plan", "Milestones", "M14", {"Forecast": "2026-12-15"})
    planned.settled()
    planned.type("plan", "Milestones", "M14", {"Comment": "agreed with the customer"})
    planned.settled()

    assert planned.row("plan", "Milestones", "M13")["Forecast"] == "2026-11-24"
    told = [text for text in planned.rooms.told(PM) if "technical advisor" in text]
    assert len(told) == 1


def test_an_unreadable_date_moves_nothing(planned: Desk) -> None:
    """A baseline typed as nonsense is a bad cell for its owner to mend, not a change to be asked about."""
    signed_off(planned)
    planned.type("plan", "Milestones", "M9", {"Baseline": "soon"})
    planned.settled()
    assert planned.questions() == []


def test_the_sign_off_is_the_first_gate_of_the_kickoff() -> None:
    """Of several gates of the kickoff phase the one with the earliest baseline signs the plan off."""
    early = Milestone(id="M4", gate=True, phase=Phase.KICKOFF, baseline=date(2026, 10, 27), status=WorkStatus.DONE)
    late = Milestone(id="M5", gate=True, phase=Phase.KICKOFF, baseline=date(2026, 11, 2), anchor=Anchor.KICKOFF)
    assert baseline.sign_off([late, early]) == early
    assert baseline.is_signed_off([late, early])
    assert not baseline.is_signed_off([late])
    assert baseline.sign_off([]) is None
