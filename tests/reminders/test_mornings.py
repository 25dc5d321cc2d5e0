"""Mornings over days: resets by people, not by the bot; absences; dry runs; first looks; columns; gates at once."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from bot.opening import strays
from bot.project.schema import load
from bot.reminders import activity, send
from bot.watch import files, poll
from bot.world import immediate, logbook
from bot.world.answering import LOOK_AGAIN
from bot.world.blocks import Message
from bot.world.sheets import Change
from tests.desk import PM
from tests.pictures import LENA, TOM
from tests.reminders.mornings import GATE, MILESTONE, TASK, Office
from tests.rooms import MISSED

INDIA = "Asia/Kolkata"


def set_up(office: Office, name: str, value: Any) -> None:
    """A field of the Settings tab, as a person sets it."""
    change = [Change("settings", "", name, value, by_person=True)]
    office.desk.rooms.world.sheets.write(office.desk.files["playbook"], load("playbook"), change)


def test_peace_after_a_persons_change_and_none_after_the_bots_own(office: Office) -> None:
    """A comment brings three working days of peace; what the bot writes into its columns brings none."""
    desk = office.desk
    office.morning("2026-11-17")
    assert all(words in office.texts(LENA)[-1] for words in (TASK, MILESTONE))
    desk.type("plan", "Milestones", MILESTONE, {"Comment": "Waiting for the sponsor"})
    own = [Change("tasks", TASK, "blocked_reason", "as the bot has it", by_person=True)]
    logbook.write(desk.rooms.world, "R1", "plan", own, reason="a column of people that the bot keeps")
    desk.settled()

    office.morning("2026-11-19")
    assert TASK in office.texts(LENA)[-1]
    assert MILESTONE not in office.texts(LENA)[-1]
    office.morning("2026-11-20")
    assert MILESTONE in office.texts(LENA)[-1]
    assert TASK not in office.texts(LENA)[-1]


def test_peace_counts_from_the_day_of_a_change_not_of_its_reading(office: Office) -> None:
    """Typed late on Tuesday and read on Thursday, as after an outage: the row rests until Friday, not until Tuesday."""
    desk, world = office.desk, office.desk.rooms.world
    office.morning("2026-11-17")
    desk.type("plan", "Milestones", MILESTONE, {"Comment": "Waiting for the sponsor"})
    (plan,) = [one for one in files.known_files(world, "R1") if one.file_id == desk.files["plan"]]
    office.at("2026-11-19T08:00:00")

    poll.read(world, plan, datetime.fromisoformat("2026-11-17T23:00:00+01:00"))
    assert activity.heed(world, "R1") == 1

    rests = {one["again_on"] for one in office.said(f"milestones:{MILESTONE}:due").values()}
    assert rests == {"2026-11-20"}


def test_peace_after_a_press_counts_from_the_day_of_the_press(office: Office) -> None:
    """Pressed late on Tuesday, read on Wednesday when somebody else had typed in that file: Tuesday counts."""
    desk, world = office.desk, office.desk.rooms.world
    office.morning("2026-11-17")
    office.at("2026-11-17T23:58:00")
    pressed = [Change("tasks", TASK, "blocked_reason", "No VPN", by_person=True)]
    logbook.write(world, "R1", "plan", pressed, actor="ULENA", reason="Blocked, on a reminder")
    office.at("2026-11-18T00:02:00")
    desk.type("plan", "Milestones", MILESTONE, {"Comment": "Waiting for the sponsor"})
    desk.settled()

    for row, day in ((f"tasks:{TASK}", "2026-11-20"), (f"milestones:{MILESTONE}", "2026-11-23")):
        assert {one["again_on"] for one in office.said(f"{row}:due").values()} == {day}


def test_a_change_is_heeded_that_was_read_while_another_look_was_taken(office: Office) -> None:
    """Two presses within a second: the reading of the second begins before the look after the first, and ends later."""
    desk, world = office.desk, office.desk.rooms.world
    office.morning("2026-11-17")
    (plan,) = [one for one in files.known_files(world, "R1") if one.file_id == desk.files["plan"]]
    desk.type("plan", "Milestones", MILESTONE, {"Comment": "Waiting for the sponsor"})
    office.at("2026-11-17T10:00:05")
    assert activity.heed(world, "R1") == 0

    office.at("2026-11-17T10:00:04")  # the moment at which this reading began
    poll.read(world, plan)
    assert activity.heed(world, "R1") == 1
    assert activity.heed(world, "R1") == 0


def test_an_answer_may_be_quicker_than_the_morning_that_it_answers(office: Office) -> None:
    """A snooze that is pressed before the morning has remembered what it said holds when the morning does."""
    world = office.desk.rooms.world
    office.morning("2026-11-17")
    (key,) = {one.key for one in world.store.sendings("bundle:")}
    world.store.forget_nudges(list(world.store.nudges("R1:")))  # as it is a moment after the message stands
    office.press(LENA, "Snooze 3 working days", TASK)
    send.remember(world, key)

    assert {one["again_on"] for one in office.said(f"tasks:{TASK}:due").values()} == {"2026-11-20"}


def test_the_plan_shows_what_was_said_and_what_is_said_next(office: Office) -> None:
    """One write after the morning: day of the last word, what is found and the day of the next; Done clears it."""
    desk, writes = office.desk, "sheets.spreadsheets.values.batchUpdateByDataFilter"
    office.at("2026-11-17T08:00:00")
    desk.sweep()
    desk.sweep()
    before = desk.rooms.calls(writes)

    office.morning("2026-11-17")

    row = desk.row("plan", "Milestones", MILESTONE)
    assert row["Last nudge"] == "2026-11-17"
    assert row["Check"] == "overdue since 2026-11-16; next reminder Thu 19 Nov to PM and owner"
    assert desk.row("plan", "Tasks", TASK)["Check"].endswith("next reminder Thu 19 Nov to PM and owner")
    assert desk.rooms.calls(writes) == before + 1
    desk.type("plan", "Milestones", MILESTONE, {"Status": "Done"})
    office.morning("2026-11-19")
    assert desk.row("plan", "Milestones", MILESTONE)["Check"] == ""
    assert desk.row("plan", "Milestones", MILESTONE)["Last nudge"] == "2026-11-17"


def test_somebody_away_is_stood_in_for_and_a_muted_project_is_silent(office: Office) -> None:
    """The backup reads for whom, as the Slack status says; until the day of the Settings tab nobody reads anything."""
    until = datetime.fromisoformat("2026-12-03T18:00:00+01:00").timestamp()
    away = {"email": LENA, "status": "On vacation", "status_until": int(until)}
    office.desk.rooms.stage.workspace.control("POST", "seed", {"people": [away]})
    set_up(office, "mute_until", date(2026, 11, 18))

    office.morning("2026-11-17")
    assert office.texts(TOM) == office.texts(LENA) == []
    office.morning("2026-11-18")

    assert office.texts(LENA) == []
    assert "for Lena Fischer, away until 3 Dec" in office.texts(TOM)[-1]
    assert "Yours" in office.texts(TOM)[-1]
    office.press(TOM, "Done", TASK)
    assert office.desk.row("plan", "Tasks", TASK)["Status"] == "Done"


def test_the_manager_has_a_draft_for_what_the_customer_owes(office: Office) -> None:
    """Nobody writes to a customer but the manager, who is shown words to copy."""
    due = [Change("milestones", "M5", "baseline", date(2026, 11, 16), by_person=True)]
    office.desk.rooms.world.sheets.write(office.desk.files["plan"], load("standard_plan"), due)
    office.morning("2026-11-17", INDIA, "10:00:00")

    view = office.press(PM, "Draft a message", "M5")

    words = json.dumps(view["blocks"], ensure_ascii=False)
    assert "I never write to customers" in words
    assert "“Customer prerequisites complete”, which we had planned for Monday 16 November," in words
    assert "Priya Nair" in words


def test_a_dry_run_shows_the_manager_what_would_be_said_until_it_is_switched_on(office: Office) -> None:
    """Nobody else hears; after the press everybody does, and what is late by then begins at the owner."""
    set_up(office, "dry_run", True)
    office.morning("2026-11-17")
    office.morning("2026-11-17", INDIA, "10:00:00")
    assert office.texts(LENA) == []
    assert "Lena Fischer: overdue milestone M3" in office.texts(PM)[-1]

    office.press(PM, "Switch reminders on", "R1")

    assert "Reminders are on" in office.texts(PM)[-1]
    office.morning("2026-11-17", hour="12:00:00")
    assert office.texts(LENA) == []
    office.morning("2026-11-18")
    assert MILESTONE in office.texts(LENA)[-1]
    assert (office.said(f"milestones:{MILESTONE}:due")[office.desk.rooms.ids[LENA]]["rung"]) == 0


def test_files_that_people_brought_are_looked_at_in_silence_first(office: Office) -> None:
    """Silent that day; next morning the manager reads the counts, and what would be said, at rung 0."""
    world = office.desk.rooms.world
    world.store.put_project("R1", {**(world.store.project("R1") or {}), "is_made": False})
    office.morning("2026-12-01")
    office.morning("2026-12-01", INDIA, "10:00:00")
    assert office.texts(PM) == office.texts(LENA) == []

    office.morning("2026-12-02", INDIA, "10:00:00")

    (text,) = office.texts(PM)
    assert "A first look at Quillstone Bank: 2 × overdue milestone, 1 × overdue task" in text
    assert "Lena Fischer: overdue milestone M3" in text
    assert office.texts(LENA) == []
    office.morning("2026-12-03", INDIA, "10:00:00")
    assert "A first look" not in office.texts(PM)[-1]


def test_a_gate_that_becomes_overdue_is_told_at_once_to_who_did_not_read_it_this_morning(office: Office) -> None:
    """The owner reads it in the bundle; the manager within their hours, once; never at night, two a day at most."""
    desk, plan = office.desk, office.desk.files["plan"]
    gates = [Change("milestones", key, "baseline", date(2026, 11, 16), by_person=True) for key in (GATE, "M4", "M9")]
    owners = [Change("milestones", key, "owner", "Lena Fischer", by_person=True) for key in (GATE, "M4", "M9")]
    desk.rooms.world.sheets.write(plan, load("standard_plan"), [*gates, *owners])
    office.at("2026-11-17T02:00:00")  # half past six in India
    desk.sweep()
    assert office.texts(PM) == []

    office.morning("2026-11-17")  # half past one in India, whose morning is over
    desk.sweep()
    desk.sweep()

    alerts = [text for text in office.texts(PM) if "A gate is overdue" in text]
    assert len(alerts) == 2
    assert "for Lena Fischer" in alerts[0]
    assert not any("A gate is overdue" in text for text in office.texts(LENA))
    world, told = desk.rooms.world, Message("The plan cannot be read any more.")
    priya = world.slack.person_by_email(PM)
    assert priya is not None
    assert immediate.say(world, priya, "lost", told, is_open=lambda: True) == "waits"
    assert immediate.say(world, priya, "lost", told, is_open=lambda: False, urgent=True) == "sent"
    assert immediate.say(world, priya, "lost", told, is_open=lambda: True) == "said before"
    office.at("2026-11-18T09:30:00")
    desk.sweep()
    assert len([text for text in office.texts(PM) if "A gate is overdue" in text]) == 3


def test_nobody_is_told_of_a_gate_by_rows_that_may_be_old(office: Office) -> None:
    """It was ticked a moment ago: another project's look tells nobody, nor does a sweep that could not read it."""
    desk, world = office.desk, office.desk.rooms.world
    desk.rooms.project("R2")
    late = [Change("milestones", GATE, "baseline", date(2026, 11, 16), by_person=True)]
    world.sheets.write(desk.files["plan"], load("standard_plan"), late)
    office.at("2026-11-17T02:00:00")  # at night in India: it waits
    desk.sweep()
    desk.type("plan", "Milestones", GATE, {"Status": "Done"})
    office.at("2026-11-17T08:40:00")

    desk.rooms.run(LOOK_AGAIN, "another project", project="R2")
    desk.rooms.fault("sheets.spreadsheets.values.batchGetByDataFilter", **MISSED)
    assert "1 unreadable" in desk.sweep()
    desk.sweep()

    assert [text for text in office.texts(PM) if "A gate is overdue" in text] == []


def test_an_outsider_and_a_lost_file_count_among_the_two_of_a_day(office: Office) -> None:
    """They are told at once; then an overdue gate waits for the next day."""
    desk, world = office.desk, office.desk.rooms.world
    late = [Change("milestones", GATE, "baseline", date(2026, 11, 16), by_person=True)]
    owner = [Change("milestones", GATE, "owner", "Lena Fischer", by_person=True)]
    world.sheets.write(desk.files["plan"], load("standard_plan"), [*late, *owner])
    office.at("2026-11-17T08:40:00")  # after one in India, and that morning is over
    one = strays.finding("R1", "file", desk.files["playbook"], "Playbook", "https://x.example", "p1", "Eve", "unknown")
    strays.keep(world, [one], [desk.files["playbook"]])
    desk.rooms.world.drive.update(desk.files["playbook"], trashed=True)
    desk.sweep()

    priya = world.slack.person_by_email(PM)
    assert priya is not None
    assert immediate.spent(world, priya) == 2
    assert [text for text in office.texts(PM) if "A gate is overdue" in text] == []
    office.at("2026-11-18T08:40:00")
    desk.sweep()
    assert len([text for text in office.texts(PM) if "A gate is overdue" in text]) == 1
