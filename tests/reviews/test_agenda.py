"""The Monday agenda as the channel reads and answers it: one line, a thread, each row answered once and in place."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bot import ledger, schedule
from bot.errors import OutsideError
from bot.project.schema import load
from bot.reports import draft
from bot.reviews import send
from bot.world import slipbook
from bot.world.sheets import Change
from tests.desk import PM
from tests.pictures import LENA, TOM
from tests.reviews.conftest import SLOT, Monday


def test_one_line_in_the_channel_and_the_ranking_in_its_thread(monday: Monday) -> None:
    """By score, then by age, at most ten, then how many more; a second run on that day says nothing new."""
    monday.desk.rooms.run("agenda", "agenda:2", subject="R1", slot=SLOT)

    said = [one for one in monday.messages() if "set the channel topic" not in one["text"]]
    top, details = [one for one in said if one.get("thread_ts") in (None, one["ts"])], monday.details()
    assert [one["text"].split(":")[0] for one in top] == ["Monday review"]
    assert "5 risks, 5 issues, 2 more, 1 moved date without a cause, 3 other things to mend" in top[0]["text"]
    assert details["thread_ts"] == top[0]["ts"]
    shown = [block["block_id"].split(":")[2] for block in details["blocks"] if block["type"] == "actions"]
    order = ["I2", "RK4", "RK1", "RK7", "I1", "I4", "RK2", "RK3", "I3", "I5"]
    assert shown == [one for one in order if one in shown]
    assert "RK5" not in details["text"]  # reviewed six days ago, and low
    assert "RK6" not in details["text"]
    assert "score 25, high" in details["text"]
    assert "• M13 M13 has no owner and is due on 16 Nov 2026.\nWrite a name" in details["text"]
    assert "A field of the hand-off is blank shortly before completion (28): H1, H2, H3 and 25 more" in details["text"]


def test_no_change_stamps_the_day(monday: Monday) -> None:
    """Pressed by the owner: *last reviewed* is the day of the click, and the line is ticked in place."""
    monday.press("No change", "RK1", person=LENA)

    assert monday.desk.row("playbook", "Risks", "RK1")["Last reviewed"] == "2026-11-16"
    assert "No change · Lena Fischer" in monday.item("RK1")
    assert any(line["Object"] == "Risks RK1 · Last reviewed" for line in monday.desk.log())


def test_rescoring_writes_both_numbers_and_the_day(monday: Monday) -> None:
    """A number that is none is told beside its field; the words stand in the Bot log and in the message."""
    view = monday.press("Rescore", "RK2")
    monday.submit(view, probability="2", impact="3", words="VPN is there")

    row = monday.desk.row("playbook", "Risks", "RK2")
    assert (row["Probability"], row["Impact"], row["Score"], row["Last reviewed"]) == ("2", "3", "6", "2026-11-16")
    assert "Score 16 → 6, low: VPN is there · Priya Nair" in monday.item("RK2")
    assert any("VPN is there" in line["Reason"] for line in monday.desk.log())


def test_closing_asks_why(monday: Monday) -> None:
    """Without a reason nothing happens; with one the risk is Closed, and a later press says so."""
    view = monday.press("Close", "RK3")
    refused = monday.submit(view, reason=" ")
    monday.submit(view, reason="Supplier signed")

    assert "reason" in refused["errors"]
    assert monday.desk.row("playbook", "Risks", "RK3")["Status"] == "Closed"
    assert "Closed: Supplier signed" in monday.item("RK3")


def test_a_risk_that_happened_becomes_an_issue_with_its_history(monday: Monday) -> None:
    """A new row under a new ID keeps text, owner, opened day and next step; both rows lead to each other."""
    monday.press("Becomes issue", "RK4")

    risk = monday.desk.row("playbook", "Risks", "RK4")
    issue = monday.desk.row("playbook", "Issues", risk["Linked issue"])
    assert (risk["Status"], risk["ID"] in monday.item("RK4")) == ("Occurred", True)
    assert risk["Linked issue"] not in {f"I{number}" for number in range(1, 8)}
    assert (issue["Title"], issue["Owner"], issue["Opened"]) == ("Peril 4", "Lena Fischer", "2026-10-01")
    assert (issue["Next action"], issue["Severity"], issue["Status"]) == ("Second supplier", "High", "Open")
    assert issue["Customer visible"] == "TRUE"
    assert "gid=1007" in issue["Tracker link"]
    assert any("was risk RK4: opened 2026-10-01" in line["Reason"] for line in monday.desk.log())


def test_issues_are_kept_resolved_and_given_a_next_action(monday: Monday) -> None:
    """Each press writes its cells and stands in the message."""
    monday.press("No change", "I1", person=TOM)
    monday.submit(monday.press("Resolved", "I2"), resolution="Patch 3")
    monday.submit(monday.press("Next action", "I3"), next_action="Ask the vendor", due="2026-11-20")

    rows = {row["ID"]: row for row in monday.desk.rows("playbook", "Issues")}
    assert (rows["I2"]["Status"], rows["I2"]["Resolution"], rows["I2"]["Closed"]) == (
        "Resolved",
        "Patch 3",
        "2026-11-16",
    )
    assert (rows["I3"]["Next action"], rows["I3"]["Due"]) == ("Ask the vendor", "2026-11-20")
    assert "No change · Tom Brandt" in monday.item("I1")
    assert "Next: Ask the vendor, until 20 Nov 2026" in monday.item("I3")


def test_only_the_owner_the_pm_or_a_lead_answers(monday: Monday) -> None:
    """Somebody else's press is refused with a sentence, and kept in the audit."""
    monday.press("No change", "RK7", person=TOM)

    assert any("Only the owner of this row" in one["text"] for one in monday.messages(TOM))
    assert monday.desk.row("playbook", "Risks", "RK7")["Last reviewed"] == ""
    assert "refused answer" in {entry.act for entry in monday.desk.rooms.world.store.audit("R1")}


def test_what_somebody_changed_meanwhile_stays(monday: Monday) -> None:
    """The row is read again before it is written: the person wins, and the presser is told what stands there."""
    monday.desk.type("playbook", "Issues", "I4", {"Status": "Waiting"})
    monday.submit(monday.press("Resolved", "I4"), resolution="Done")

    assert monday.desk.row("playbook", "Issues", "I4")["Status"] == "Waiting"
    assert any("it says Waiting now" in one["text"] for one in monday.messages())


def test_the_cause_of_a_moved_date_is_asked_once(monday: Monday) -> None:
    """Chosen from the menu it stands in the ledger and in the plan; the next agenda does not ask again."""
    world, message = monday.desk.rooms.world, monday.details()
    assert "M8 moved by 4 working days, to 7 Dec 2026" in message["text"]
    block = next(one for one in message["blocks"] if one.get("accessory"))
    monday.act(PM, message, block["block_id"], block["accessory"]["action_id"],
               value=block["accessory"]["options"][0]["value"])  # fmt: skip
    monday.desk.settled()

    assert monday.desk.row("plan", "Milestones", "M8")["Slip reason"] == "Customer"
    assert [one["cause"] for one in slipbook.entries(world, "R1") if one["milestone"] == "M8"] == ["Customer"]
    assert world.store.recall("causes-asked:R1") == ["M8::2026-12-07:2026-11-13"]


def test_waiting_for_the_customer_is_counted_and_told_in_the_report(monday: Monday) -> None:
    """Four working days since the cell's day; the report's figures and the printed ledger say the same."""
    world = monday.desk.rooms.world
    waiting = {"Status": "Blocked", "Waiting on": "Customer", "Waiting since": "2026-11-10"}
    monday.desk.type("plan", "Tasks", "T1", waiting)
    monday.desk.settled()

    assert [(wait.row, wait.whom) for wait in slipbook.ledger(world, "R1").waits] == [("T1", "Customer")]
    report = draft.preview(world, "R1")
    assert "Working days waited for the customer | [4]" in report
    assert "= 4](" in next(line for line in report.split("\n") if "Dates moved by cause" in line)
    assert "Waited for the customer: 4 working days" in ledger.slips(world, "R1")


def test_a_muted_project_stays_quiet_and_an_unknown_one_is_named(monday: Monday) -> None:
    """On the next Monday nothing is posted for the one, and the other is a clear error."""
    rooms, playbook = monday.desk.rooms, monday.desk.files["playbook"]
    rooms.world.sheets.write(playbook, load("playbook"), [_muted(date(2026, 12, 1), None)])
    monday.desk.settled()

    assert rooms.run("agenda", "agenda:3", subject="R1", slot="2026-11-23T08:30:00+01:00") == "muted"
    assert rooms.world.store.sending(f"{send.ROOT}R1:2026-11-23") is None
    with pytest.raises(OutsideError, match="no project 'R9'"):
        rooms.run("agenda", "agenda:9", subject="R9", slot=SLOT)

    rooms.world.sheets.write(playbook, load("playbook"), [_muted(None, date(2026, 12, 1))])
    monday.desk.settled()


def _muted(until: date | None, seen: date | None) -> Change:
    return Change("settings", "", "mute_until", until, seen, by_person=True)


def test_the_agenda_is_due_on_mondays_at_half_past_eight_of_the_project() -> None:
    """The rule's time, in the project's zone, and a day later at the latest."""
    job = next(one for one in schedule.JOBS if one.name == "agenda")
    slot = datetime.fromisoformat(SLOT)

    assert schedule.due(job, slot - timedelta(seconds=1), "Europe/Berlin") is None
    assert schedule.due(job, slot, "Europe/Berlin") == slot
    assert schedule.due(job, slot + timedelta(hours=24, seconds=1), "Europe/Berlin") is None
