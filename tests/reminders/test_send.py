"""Mornings as people get them: one message each, tried again when it failed, never about what was just mended."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pictures import LENA, TOM
from tests.rooms import LEAD, MISSED, Rooms

MORNING = "2026-11-17T09:00:30+01:00"  # a Tuesday in Berlin
YUKI, MARCUS = "yuki.tanaka@fernhill.example", "marcus.webb@fernhill.example"
POST = "slack.chat.postMessage"


@pytest.fixture
def files(rooms: Rooms) -> dict[str, str]:
    """A project with a milestone of Lena's and one of Tom's, both due on Monday; both people live in Berlin time."""
    made = rooms.project()
    for number, owner in ((5, LENA), (8, TOM)):
        rooms.type(made["plan"], "Milestones", number, {"Owner": owner, "Baseline": "2026-11-16"})
    rooms.at("2026-11-16T12:00:00+01:00")
    rooms.sweep("the first reading")
    assert "Europe/Berlin" in rooms.world.zones(), "who is named in a sheet is known by the first reading"
    return made


def nudges(rooms: Rooms) -> dict[str, Any]:
    return {subject: nudge.data for subject, nudge in rooms.world.store.nudges().items()}


def test_everybody_who_may_come_to_hear_is_met_by_the_first_reading(rooms: Rooms) -> None:
    """A backup, an escalation contact and the manager have their own nine o'clock from the first day on."""
    made = rooms.project()
    rooms.type(made["playbook"], "Stakeholders", 2, {"Name": "Lena Fischer", "E-mail": LENA, "Backup": YUKI})
    labels = [line[1] for line in rooms.stage.rows(LEAD, made["playbook"], "Settings")]
    place = f"C{labels.index('Escalation contact') + 1}"
    rooms.stage.type_cell(LEAD, made["playbook"], "Settings", place, MARCUS)

    rooms.at("2026-11-16T12:00:00+01:00")
    rooms.sweep("the first reading")

    assert {"Europe/Berlin", "Asia/Tokyo", "America/New_York", "Asia/Kolkata"} <= set(rooms.world.zones())


def test_a_morning_speaks_of_the_sheets_as_they_are_at_that_moment(rooms: Rooms, files: dict[str, str]) -> None:
    """What somebody sets to Done a minute before nine, after the last sweep, is not held against anybody at nine."""
    rooms.at("2026-11-17T08:56:00+01:00")
    rooms.tick()
    rooms.type(files["plan"], "Milestones", 5, {"Status": "Done"})

    rooms.at(MORNING)
    started = rooms.tick()

    assert any(key.startswith("sched:reminders:Europe/Berlin") for key in started)
    assert rooms.told(LENA) == []
    assert len(rooms.told(TOM)) == 1


def test_whoever_could_not_be_told_is_told_by_the_next_attempt(rooms: Rooms, files: dict[str, str]) -> None:
    """One person's failure is not the other's, and the second attempt tells nobody twice."""
    rooms.at(MORNING)
    rooms.fault(POST, **MISSED)
    rooms.tick()
    first = {person: len(rooms.told(person)) for person in (LENA, TOM)}
    rooms.tick()
    too_soon = {person: len(rooms.told(person)) for person in (LENA, TOM)}

    rooms.at("2026-11-17T09:01:30+01:00")
    again = rooms.tick()

    assert sorted(first.values()) == [0, 1]
    assert too_soon == first
    assert "sched:reminders:Europe/Berlin:2026-11-17:2" in again
    assert {person: len(rooms.told(person)) for person in (LENA, TOM)} == {LENA: 1, TOM: 1}
    heard = [key for key in nudges(rooms) if key.endswith((rooms.ids[LENA], rooms.ids[TOM]))]
    assert len(heard) == 2


def test_what_the_standing_message_said_is_what_is_remembered(rooms: Rooms, files: dict[str, str]) -> None:
    """A crash between sending and remembering: the repeat remembers that message, and says nothing again."""
    rooms.at(MORNING)
    rooms.tick()
    kept = nudges(rooms)
    rooms.world.store.forget_nudges(kept)
    rooms.type(files["plan"], "Milestones", 9, {"Owner": LENA, "Baseline": "2026-11-16"})
    rooms.sweep("after the crash")

    rooms.run("reminders", "again", subject="Europe/Berlin", slot=MORNING)

    assert nudges(rooms) == kept
    assert len(rooms.told(LENA)) == 1


def test_a_morning_carried_into_another_day_is_over(rooms: Rooms, files: dict[str, str]) -> None:
    """A flow that a crash left and a start next day takes up says nothing: the next morning speaks for itself."""
    rooms.at("2026-11-18T08:00:00+01:00")
    rooms.sweep("now")

    assert rooms.run("reminders", "late", subject="Europe/Berlin", slot=MORNING) == 0
    assert rooms.told(LENA) == []


def test_one_project_that_cannot_be_read_does_not_silence_the_others(rooms: Rooms, files: dict[str, str]) -> None:
    """A snapshot that no longer makes sense costs its own project's reminders only."""
    other = rooms.project("R2")
    rooms.at(MORNING)
    rooms.sweep("before")
    snapshot = rooms.world.store.snapshot(other["plan"])
    assert snapshot is not None
    broken = {**snapshot.content, "milestones": [["M3", 5, {"baseline": "no day"}]]}
    rooms.world.store.keep_snapshot(
        other["plan"], type(snapshot)(rooms.world.clock.now(), snapshot.modified_at, broken)
    )

    rooms.run("reminders", "one", subject="Europe/Berlin", slot=MORNING)

    assert len(rooms.told(LENA)) == 1


def test_two_presses_at_one_moment_tick_both_items(rooms: Rooms, files: dict[str, str]) -> None:
    """Two items answered side by side: neither tick undoes the other."""
    rooms.type(files["plan"], "Milestones", 9, {"Owner": LENA, "Baseline": "2026-11-16"})
    rooms.at(MORNING)
    rooms.tick()
    (sending,) = rooms.world.store.sendings(f"bundle:{rooms.ids[LENA]}")
    refs = [item["ref"] for item in sending.body["items"]]

    for number, ref in enumerate(refs):
        press = {"tab": "milestones", "row_id": ref.rsplit("|", 1)[1], "ref": ref}
        rooms.world.engine.start("answer", f"answer:{number}", project="R1", by=rooms.ids[LENA],
                                 channel=sending.channel, ts=sending.ts, **press)  # fmt: skip
    assert rooms.world.engine.settle(30)

    assert len(refs) == 2
    assert rooms.told(LENA)[0].count("Done, thank you") == 2


def test_a_press_that_google_does_not_take_is_answered(rooms: Rooms, files: dict[str, str]) -> None:
    """The person hears that nothing changed and what to do; the item stays open."""
    rooms.at(MORNING)
    rooms.tick()
    (sending,) = rooms.world.store.sendings(f"bundle:{rooms.ids[LENA]}")
    rooms.fault("sheets.spreadsheets.values.batchUpdateByDataFilter", do="status", status=403, times=1)

    result = rooms.run("answer", "answer:1", project="R1", tab="milestones", row_id="M3", by=rooms.ids[LENA],
                       channel=sending.channel, ts=sending.ts, ref="R1|standard_plan|milestones|M3")  # fmt: skip

    assert result == "failed"
    assert any("press Done again" in text for text in rooms.told(LENA))
