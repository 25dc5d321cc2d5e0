"""What people press under a reminder: written politely, shown in place, taken back within five minutes."""

from __future__ import annotations

import json
from datetime import timedelta

from bot.planning import record
from tests.desk import PM
from tests.pictures import LENA, TOM
from tests.reminders.mornings import MILESTONE, TASK, Office
from tests.rooms import LEAD


def test_a_new_date_is_written_with_its_cause_and_taken_back(office: Office) -> None:
    """Forecast, cause and words stand in the row, the slip ledger knows cause and name; Undo brings all back."""
    desk = office.desk
    office.morning("2026-11-17")

    view = office.press(LENA, "New date", MILESTONE)
    refused = office.submit(LENA, view, date="2026-11-16", cause="Customer", words="")
    office.submit(LENA, view, date="2026-11-30", cause="Customer", words="VPN is missing")

    assert "has passed" in refused["errors"]["date"]
    row = desk.row("plan", "Milestones", MILESTONE)
    assert (row["Forecast"], row["Slip reason"], row["Comment"]) == ("2026-11-30", "Customer", "VPN is missing")
    assert "Now expected on Mon 30 Nov" in office.texts(LENA)[-1]
    (slip,) = [one for one in record.slips(desk.rooms.world, "R1") if one["milestone"] == MILESTONE]
    assert (slip["to"], slip["cause"], slip["by"]) == ("2026-11-30", "Customer", "Lena Fischer")

    office.press(LENA, "Undo", MILESTONE)

    row = desk.row("plan", "Milestones", MILESTONE)
    assert (row["Forecast"], row["Slip reason"], row["Comment"]) == ("", "", "")
    assert "[New date]" in office.texts(LENA)[-1]
    assert "Undo" not in office.texts(LENA)[-1]


def test_an_undo_leaves_what_somebody_typed_since_and_ends_after_five_minutes(office: Office) -> None:
    """Only cells that still hold what the press wrote are brought back; who presses too late is told so."""
    desk = office.desk
    office.morning("2026-11-17")
    view = office.press(LENA, "It is blocked", TASK)
    office.submit(LENA, view, reason="No VPN", waiting_on="Ruth Osei")
    row = desk.row("plan", "Tasks", TASK)
    assert (row["Status"], row["Blocked reason"], row["Waiting on"]) == ("Blocked", "No VPN", "Ruth Osei")
    assert row["Waiting since"] == "2026-11-17"
    desk.type("plan", "Tasks", TASK, {"Status": "In progress"})

    office.press(LENA, "Undo", TASK)

    row = desk.row("plan", "Tasks", TASK)
    assert (row["Status"], row["Blocked reason"], row["Waiting on"]) == ("In progress", "", "")
    assert any("Somebody changed this row" in text for text in office.texts(LENA))

    office.press(LENA, "Done", TASK)
    desk.rooms.world.clock.offset += timedelta(minutes=6)
    told = office.press(LENA, "Undo", TASK)
    assert not told
    assert desk.row("plan", "Tasks", TASK)["Status"] == "Done"
    assert any("more than five minutes" in text for text in office.texts(LENA))
    desk.sweep()
    assert "Undo" not in [one for one in office.messages(LENA) if not one.get("ephemeral")][-1]["text"]


def test_a_snooze_holds_for_everybody_and_is_allowed_twice(office: Office) -> None:
    """Three working days of silence, then once more with a reason, then no more; Undo wakes the matter again."""
    office.morning("2026-11-17")
    office.press(LENA, "Snooze 3 working days", MILESTONE)
    assert "I ask again on Fri 20 Nov" in office.texts(LENA)[-1]
    assert {one["snoozes"] for one in office.said(f"milestones:{MILESTONE}:due").values()} == {1}

    office.press(LENA, "Undo", MILESTONE)
    assert {one["snoozes"] for one in office.said(f"milestones:{MILESTONE}:due").values()} == {0}
    office.press(LENA, "Snooze 3 working days", MILESTONE)

    office.morning("2026-11-19")
    assert MILESTONE not in " ".join(office.texts(LENA)[-1:])
    assert MILESTONE not in " ".join(office.texts(PM))
    office.morning("2026-11-20")
    view = office.press(LENA, "Snooze 7 working days", MILESTONE)
    assert office.submit(LENA, view, reason=" ")["errors"]["reason"]
    office.submit(LENA, view, reason="On it")
    assert "I ask again on Tue 1 Dec" in office.texts(LENA)[-1]

    office.morning("2026-12-01", "Europe/Rome")
    office.press(LEAD, "Snooze 1 working day", MILESTONE)
    assert any("snoozed twice already" in text for text in office.texts(LEAD))


def test_not_me_gives_the_row_to_somebody_of_ours_only(office: Office) -> None:
    """The owner's cell names the person as the Stakeholders tab does; nobody outside can be chosen."""
    desk, ids = office.desk, office.desk.rooms.ids
    office.morning("2026-11-17")
    view = office.press(LENA, "Not me", TASK)

    refused = office.submit(LENA, view, person=ids["ruth.osei@harborpine.example"])
    office.submit(LENA, view, person=ids[TOM])

    assert "works with us" in refused["errors"]["person"]
    assert desk.row("plan", "Tasks", TASK)["Owner"] == "Tom Brandt"
    assert "It belongs to Tom Brandt now, who hears of it on Fri 20 Nov" in office.texts(LENA)[-1]
    office.morning("2026-11-18")
    assert office.texts(TOM) == []
    office.morning("2026-11-20")
    assert TASK in office.texts(TOM)[-1]


def test_only_owner_manager_and_leads_may_answer_and_late_presses_are_calm(office: Office) -> None:
    """A stranger is refused and written down; a row that is done by now is left alone; two presses are one answer."""
    desk, world = office.desk, office.desk.rooms.world
    office.morning("2026-11-17")
    (message,) = office.messages(LENA)
    assert "M3" in json.dumps(message["blocks"])
    desk.type("plan", "Tasks", TASK, {"Owner": "Tom Brandt"})
    desk.settled()
    before = desk.row("plan", "Tasks", TASK)
    desk.rooms.stage.act(LENA, "press", **place(message, "item_done", TASK))
    assert world.engine.settle(60)
    desk.rooms.stage.wait_for("refusal", lambda: "Only the owner" in " ".join(office.texts(LENA)))
    assert desk.row("plan", "Tasks", TASK) == before
    assert any(entry.act == "refused answer" for entry in world.store.audit("R1"))

    desk.type("plan", "Tasks", TASK, {"Owner": "Lena Fischer", "Status": "Done"})
    desk.settled()
    office.press(LENA, "New date", TASK, at=0)
    assert any("This is Done by now" in text for text in office.texts(LENA))
    office.press(LENA, "Done", TASK, at=0)
    assert "Done, thank you" in office.texts(LENA)[0]
    assert "Undo" not in office.texts(LENA)[0]

    desk.rooms.stage.act(LENA, "press", **place(message, "item_done", MILESTONE))  # a client that still shows all
    assert world.engine.settle(60)
    assert office.texts(LENA)[0].count("Done, thank you") == 2


def place(message: dict[str, object], action: str, row_id: str) -> dict[str, object]:
    """Where a row's button stands."""
    blocks = message["blocks"]
    assert isinstance(blocks, list)
    block = next(one for one in blocks if str(one.get("accessory", {}).get("value", "")).endswith(f"|{row_id}"))
    return {"channel": message["channel"], "ts": message["ts"], "action_id": action, "block_id": block["block_id"]}
