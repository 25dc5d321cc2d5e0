"""What is late pushes other dates: proposed in one message, moved by a press, recorded with who confirmed it."""

from __future__ import annotations

import json
import threading

from bot.planning import record
from bot.planning.look import look
from tests.desk import PM, Desk
from tests.planning.plans import changes, signed_off, type_field, words
from tests.rooms import LEAD


def test_a_late_milestone_pushes_others_only_by_a_press(planned: Desk) -> None:
    """One message lists what would move and why; *Move all* writes it; the Change log names who confirmed it."""
    signed_off(planned)
    planned.type("plan", "Milestones", "M10", {"Forecast": "2026-11-19", "Slip reason": "Customer"})
    planned.settled()

    assert "4 milestones would move" in words(planned)
    assert "M10 is expected 2026-11-19 instead of 2026-11-16" in words(planned)
    assert planned.row("plan", "Milestones", "M11")["Forecast"] == ""
    planned.press("Move all")
    planned.settled()
    forecasts = {key: planned.row("plan", "Milestones", key)["Forecast"] for key in ("M11", "M12", "M14", "M15")}
    assert forecasts == {"M11": "2026-11-24", "M12": "2026-11-26", "M14": "2026-11-27", "M15": "2026-12-04"}
    assert "Moved 4 milestones." in words(planned)
    assert len(planned.questions()) == 1 + 1  # and one message about the technical advisor's day


def test_the_ledger_keeps_who_why_and_how_much(planned: Desk) -> None:
    """A typed date has no author; a confirmed one has, and what pushed it; each change stands once, summable."""
    signed_off(planned)
    planned.type("plan", "Milestones", "M10", {"Forecast": "2026-11-19", "Slip reason": "Customer"})
    planned.settled()
    planned.press("Move all")
    planned.settled()

    told = {line[0].split()[0]: line for line in changes(planned) if line[0].startswith("M1")}
    assert (told["M10"][3], told["M10"][4]) == ("Customer", "")
    assert told["M11"][4] == "Priya Nair"
    assert told["M13"][4] == "implbot"
    subjects = [line[0] for line in changes(planned)]
    assert len(subjects) == len(set(subjects))
    slips = {slip["milestone"]: slip for slip in record.slips(planned.rooms.world, "R1")}
    assert slips["M10"] == {"milestone": "M10", "from": "", "to": "2026-11-19", "days": 3, "cause": "Customer",
                            "on": "2026-10-27", "by": "", "because": [], "waits": []}  # fmt: skip
    assert slips["M11"] == {"milestone": "M11", "from": "", "to": "2026-11-24", "days": 3, "cause": "",
                            "on": "2026-10-27", "by": "Priya Nair", "because": ["M10"], "waits": []}  # fmt: skip


def test_a_reason_given_later_belongs_to_the_slip(planned: Desk) -> None:
    """Who types the date first and the cause a little later has given one slip with its cause."""
    signed_off(planned)
    planned.type("plan", "Milestones", "M15", {"Forecast": "2026-12-03"})
    planned.settled()
    planned.type("plan", "Milestones", "M15", {"Slip reason": "Third party"})
    planned.settled()

    assert [(s["days"], s["cause"]) for s in record.slips(planned.rooms.world, "R1")] == [(2, "Third party")]


def test_what_was_looked_at_twice_at_once_is_recorded_once(planned: Desk) -> None:
    """A sweep and an answer may look at the same moment: a move is one line and one slip."""
    signed_off(planned)
    planned.type("plan", "Milestones", "M15", {"Forecast": "2026-12-03"})
    world = planned.rooms.world
    known = record.forecasts(world, "R1") or {}
    planned.settled()
    record.keep_forecasts(world, "R1", known)  # as before that look; the snapshot holds its line already
    world.store.remember("slips:R1", [])
    looks = [threading.Thread(target=look, args=(world, "R1")) for _ in range(4)]
    for one in looks:
        one.start()
    for one in looks:
        one.join()

    assert len(record.slips(world, "R1")) == 1
    assert len([line for line in changes(planned) if line[0].startswith("M15")]) == 1


def test_tasks_move_with_their_milestone(planned: Desk) -> None:
    """The tasks of a late milestone are proposed with it, and a press moves due day and start; those done stay."""
    planned.type("plan", "Tasks", "T8", {"Start": "2026-10-29", "Due": "2026-10-30"})
    planned.type("plan", "Tasks", "T9", {"Due": "2026-11-02", "Status": "Done"})
    signed_off(planned)
    planned.type("plan", "Milestones", "M5", {"Forecast": "2026-11-04"})
    planned.settled()
    assert "one open task of M5 Customer prerequisites complete would move" in words(planned)
    assert "T8 Send the prerequisites list: Fri 30 Oct 2026 → Tue 3 Nov 2026" in words(planned)

    planned.press("Move all")
    planned.settled()
    task = planned.row("plan", "Tasks", "T8")
    assert (task["Start"], task["Due"]) == ("2026-11-02", "2026-11-03")
    assert planned.row("plan", "Tasks", "T9")["Due"] == "2026-11-02"
    assert "and one task." in words(planned)


def test_what_is_left_is_not_proposed_again_until_something_changes(planned: Desk) -> None:
    """*Leave all* is remembered; another date of what pushes is a new proposal, and so is the old one then."""
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
    planned.type("plan", "Milestones", "M10", {"Forecast": "2026-11-19"})
    planned.settled()
    assert len(planned.questions()) == 3


def test_one_by_one_and_then_all_the_others(planned: Desk) -> None:
    """A date moved on its own, and one left alone, stay so when the rest is moved; all in the one message."""
    signed_off(planned)
    planned.type("plan", "Milestones", "M10", {"Forecast": "2026-11-19"})
    planned.settled()
    planned.press("Move it")  # M11, the first of the list
    assert planned.row("plan", "Milestones", "M11")["Forecast"] == "2026-11-24"
    assert planned.row("plan", "Milestones", "M12")["Forecast"] == ""
    planned.press("Leave it")  # M12, the first that is still open
    planned.press("Move all")
    planned.settled()

    assert planned.row("plan", "Milestones", "M12")["Forecast"] == ""
    assert planned.row("plan", "Milestones", "M14")["Forecast"] == "2026-11-27"
    asked = [message for message in planned.questions() if "pushes other dates" in json.dumps(message["blocks"])]
    assert len(asked) == 1
    assert "stayed" not in words(planned)


def test_a_row_that_a_person_changed_meanwhile_stays(planned: Desk) -> None:
    """Moving writes only rows that are still as they were when the move was proposed, and says which stayed."""
    signed_off(planned)
    planned.type("plan", "Milestones", "M10", {"Forecast": "2026-11-19"})
    planned.settled()
    planned.type("plan", "Milestones", "M12", {"Forecast": "2026-12-18"})
    planned.press("Move all")
    planned.settled()

    assert planned.row("plan", "Milestones", "M12")["Forecast"] == "2026-12-18"
    assert planned.row("plan", "Milestones", "M11")["Forecast"] == "2026-11-24"
    assert "M12 stayed: somebody changed them meanwhile" in words(planned)
    assert [line[4] for line in changes(planned) if line[0].startswith("M12")] == [""]


def test_shifts_follow_the_baseline_that_was_signed_off(planned: Desk) -> None:
    """A baseline typed over after sign-off makes nobody late or early while the PM has not answered."""
    signed_off(planned)
    planned.type("plan", "Milestones", "M10", {"Baseline": "2026-11-26"})
    planned.settled()

    assert "pushes other dates" not in words(planned)
    assert planned.row("plan", "Milestones", "M13")["Forecast"] == ""


def test_the_advisors_day_follows_the_expected_end_and_is_told_once(planned: Desk) -> None:
    """Three weeks before the forecast end, on a working day; PM and advisor hear of the move once."""
    advisor = "omar.haddad@fernhill.example"
    planned.add("playbook", "Stakeholders", {"Name": "Omar Haddad", "E-mail": advisor})
    type_field(planned, "ta", "Omar Haddad")
    signed_off(planned)
    planned.type("plan", "Milestones", "M14", {"Forecast": "2026-12-15"})
    planned.settled()
    planned.type("plan", "Milestones", "M14", {"Comment": "agreed with the customer"})
    planned.settled()

    assert planned.row("plan", "Milestones", "M13")["Forecast"] == "2026-11-24"
    for person in (PM, advisor):
        assert len([text for text in planned.rooms.told(person) if "technical advisor" in text]) == 1
    assert [line[4] for line in changes(planned) if line[0].startswith("M13")] == ["implbot"]


def test_a_day_typed_for_the_advisor_is_put_back_and_said(planned: Desk) -> None:
    """The clock is always computed: who types over it reads why it went back; once done, the row is left alone."""
    signed_off(planned)
    planned.type("plan", "Milestones", "M13", {"Forecast": "2026-11-20"})
    planned.settled()
    assert planned.row("plan", "Milestones", "M13")["Forecast"] == "2026-11-03"
    assert len([text for text in planned.rooms.told(PM) if "advisor's day" in text]) == 1

    planned.type("plan", "Milestones", "M13", {"Status": "Done", "Forecast": "2026-11-02"})
    planned.settled()
    assert planned.row("plan", "Milestones", "M13")["Forecast"] == "2026-11-02"


def in_channels(desk: Desk) -> list[str]:
    """All that a lead reads in channels."""
    seen = desk.rooms.stage.workspace.control("GET", f"people/{LEAD}/sees")["channels"]
    return [message["ts"] for row in seen if not row["is_im"] for message in row["messages"]]


def test_customers_hear_nothing_of_proposals(planned: Desk) -> None:
    """All of it goes to our own people in person: no channel message, no mail, nothing to the customer's sponsor."""
    sponsor, before = "ruth.osei@harborpine.example", in_channels(planned)
    planned.add("playbook", "Stakeholders", {"Name": "Ruth Osei", "E-mail": sponsor, "Side": "Customer"})
    type_field(planned, "ta", "Ruth Osei")
    signed_off(planned)
    planned.type("plan", "Milestones", "M14", {"Forecast": "2026-12-15"})
    planned.settled()

    assert planned.rooms.told(PM)
    assert in_channels(planned) == before
    everything = planned.rooms.stage.workspace.control("GET", "workspace")
    assert everything["mail"] == []
    assert sponsor not in json.dumps(everything["messages"])
