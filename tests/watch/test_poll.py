"""A sweep reads what changed, and nothing else; one bad file never keeps the others from being read."""

from __future__ import annotations

from bot import app
from bot.watch import poll, told
from tests.rooms import LEAD, Rooms

RISK = "Risk (cause, event, effect)"
READS = "sheets.spreadsheets.values.batchGetByDataFilter"


def rows_of(rooms: Rooms, key: str, tab: str) -> dict[str, object]:
    picture = rooms.world.picture(key)
    assert picture is not None
    return {row.id: row.record for row in {**picture.plan, **picture.playbook}[tab]}


def test_only_what_changed_is_read_by_one_question(rooms: Rooms) -> None:
    """The first sweep reads all; later ones ask once, however many projects there are, and read the edited file."""
    files = [rooms.project(key) for key in ("R1", "R2", "R3")]

    assert rooms.sweep("1") == "6 files read, 0 unreadable, 0 gone"
    assert rooms.sweep("its own writes") == "6 files read, 0 unreadable, 0 gone"
    asked, read = rooms.calls("drive.changes.list"), rooms.calls(READS)
    assert rooms.sweep("2") == "0 files read, 0 unreadable, 0 gone"
    rooms.type(files[1]["plan"], "Milestones", 2, {"Comment": "Two answers are missing"})
    assert rooms.sweep("3") == "1 files read, 0 unreadable, 0 gone"

    assert rooms.calls("drive.changes.list") == asked + 2
    assert rooms.calls(READS) == read + 1
    assert "Two answers are missing" in str(rows_of(rooms, "R2", "milestones")["M0"])
    kept = rooms.world.store.snapshot(files[1]["plan"])
    assert kept is not None
    assert kept.modified_at < kept.taken_at, "the drive told when, in the same answer"


def test_a_deleted_file_is_named_and_the_others_are_read(rooms: Rooms) -> None:
    """What is gone is told; what was last read of it stays known."""
    files = rooms.project()
    rooms.sweep("1")
    rooms.world.drive.update(files["playbook"], trashed=True)
    rooms.type(files["plan"], "Milestones", 2, {"Comment": "Changed"})

    preview = poll.preview(rooms.world)
    assert rooms.sweep("2") == "1 files read, 0 unreadable, 1 gone"

    assert "the playbook of R1 is in the trash" in preview
    assert "would read the standard_plan of R1" in preview
    assert rooms.world.picture("R1") is not None


def test_an_unreadable_file_is_tried_again_without_a_new_change(rooms: Rooms) -> None:
    """A passing failure costs one sweep, not the edit."""
    files = rooms.project()
    rooms.sweep("1")
    rooms.sweep("its own writes")
    rooms.type(files["plan"], "Milestones", 2, {"Comment": "Changed"})
    rooms.fault(READS, do="status", status=403, times=1)

    assert rooms.sweep("2") == "0 files read, 1 unreadable, 0 gone"
    assert rooms.sweep("3") == "1 files read, 0 unreadable, 0 gone"
    assert rooms.sweep("4") == "0 files read, 0 unreadable, 0 gone"
    assert "Changed" in str(rows_of(rooms, "R1", "milestones")["M0"])


def test_a_file_that_became_known_after_its_change_is_read(rooms: Rooms) -> None:
    """People write in a new project's files before the bot has registered it; that is not lost."""
    rooms.project("R1")
    rooms.sweep("1")
    files = rooms.project("R2")
    later = rooms.world.store.project("R2")
    assert later is not None
    rooms.world.store.put_project("R2", {**later, "state": "Cancelled"})
    rooms.type(files["plan"], "Milestones", 2, {"Comment": "Early bird"})
    rooms.sweep("2")

    rooms.world.store.put_project("R2", later)

    assert rooms.sweep("3") == "2 files read, 0 unreadable, 0 gone"
    assert "Early bird" in str(rows_of(rooms, "R2", "milestones")["M0"])


def test_a_row_that_a_person_adds_gets_its_id_and_is_watched(rooms: Rooms) -> None:
    """One above all others, once; the audit tells of it, and the sweep after that has nothing to do."""
    files = rooms.project()
    last = len([row for row in rooms.stage.rows(LEAD, files["playbook"], "Risks") if row and row[0]])
    rooms.type(files["playbook"], "Risks", last + 1, {RISK: "They may change their mind", "Probability": "3"})

    rooms.sweep("1")
    rooms.sweep("2")

    added = [row_id for row_id, risk in rows_of(rooms, "R1", "risks").items() if "change their mind" in str(risk)]
    assert [int(row_id.removeprefix("RK")) >= last for row_id in added] == [True]
    assert [entry.act for entry in rooms.world.store.audit("R1")].count("gave IDs") == 1
    assert rooms.sweep("3") == "0 files read, 0 unreadable, 0 gone"


def test_a_file_that_takes_no_writing_is_read_all_the_same(rooms: Rooms) -> None:
    """Rows keep their want of an ID, and everything else in the file is known."""
    files = rooms.project()
    rooms.type(files["playbook"], "Risks", 40, {RISK: "They may change their mind"})
    rooms.fault("sheets.spreadsheets.values.batchUpdateByDataFilter", do="status", status=403, times=1)

    assert rooms.sweep("1") == "2 files read, 0 unreadable, 0 gone"
    assert "change their mind" in str(rows_of(rooms, "R1", "risks")[""])


def test_nonsense_in_every_cell_never_stops_a_sweep(rooms: Rooms) -> None:
    """Formulas that fail, text for dates, endless words and wrong numbers are read as far as they go."""
    files = rooms.project()
    nonsense = ["|" * 50, "<!channel> " * 500, "Buildd", "perhaps", "=1/0", "9", "@@", "K+1", "1e300", "31 Feb", -1e9]
    rooms.paste(files["plan"], "Milestones!A2", [*nonsense, "=NA()", "Donee", 17, "\u202e", True])

    assert rooms.sweep("1") == "2 files read, 0 unreadable, 0 gone"
    picture = rooms.world.picture("R1")
    assert picture is not None
    assert picture.findings() is not None


def test_a_place_that_the_drive_does_not_know_begins_anew(rooms: Rooms) -> None:
    """After a move to another shared drive every file is read once, and the sweeps go on from there."""
    rooms.project()
    rooms.sweep("1")
    rooms.world.store.remember(told.PLACE, "no such place")

    assert rooms.sweep("2") == "2 files read, 0 unreadable, 0 gone"
    assert rooms.sweep("3") == "0 files read, 0 unreadable, 0 gone"


def test_an_id_that_a_person_types_over_comes_back(rooms: Rooms) -> None:
    """The row is known by what else it says; its history and its reminders stay its own."""
    files = rooms.project()
    rooms.sweep("1")
    rooms.type(files["plan"], "Milestones", 4, {"ID": "M2-new"})
    before = rows_of(rooms, "R1", "milestones")

    rooms.sweep("2")

    assert rows_of(rooms, "R1", "milestones").keys() == before.keys()
    assert rooms.stage.rows(LEAD, files["plan"], "Milestones")[3][0] == "M2"


def test_where_the_next_sweep_begins_survives_a_restart(rooms: Rooms) -> None:
    """A bot that starts on the same state asks from there on: it would read what changed meanwhile, and no more."""
    files = rooms.project()
    rooms.sweep("1")
    rooms.sweep("its own writes")
    rooms.type(files["plan"], "Milestones", 2, {"Comment": "While nobody looked"})

    with app.connected(rooms.world.settings) as started_again:
        assert poll.preview(started_again) == "would read the standard_plan of R1"
