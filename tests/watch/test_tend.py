"""The bot's own columns stay current, its own writes bring no unrest, and everything written stands in the Bot log."""

from __future__ import annotations

from datetime import timedelta

from bot.watch import poll
from bot.world import logbook
from bot.world.sheets import Change
from tests.desk import PM, Desk
from tests.rooms import LEAD

READS = "sheets.spreadsheets.values.batchGetByDataFilter"
WRITES = ("sheets.spreadsheets.values.batchUpdateByDataFilter", "sheets.spreadsheets.values.append")
DATES = {"Baseline": "2026-11-16", "Forecast": "2026-11-19"}
TODAY = "2026-11-18T10:00:00+01:00"  # a Wednesday


def writes(desk: Desk) -> int:
    return sum(desk.rooms.calls(method) for method in WRITES)


def test_variance_check_and_overview_follow_the_dates(desk: Desk) -> None:
    """Working days between baseline and forecast; what a row lacks; the project's ends and its colour with reasons."""
    desk.rooms.at(TODAY)
    desk.type("plan", "Milestones", "M4", DATES)
    desk.type("plan", "Milestones", "M5", {"Baseline": "2026-11-16"})

    desk.sweep()

    assert desk.row("plan", "Milestones", "M4")["Variance"] == "3"
    assert desk.row("plan", "Milestones", "M4")["Check"] == ""
    assert desk.row("plan", "Milestones", "M5")["Check"].endswith("overdue since 2026-11-16")
    assert desk.row("plan", "Milestones", "M6")["Check"] == "no date"
    overview = {row["Field"]: row["Value"] for row in desk.rows("playbook", "Overview")}
    assert (overview["baseline_end"], overview["forecast_end"]) == ("2026-11-16", "2026-11-19")
    assert overview["computed_rag"] == "Red"
    assert "end slips by 3 working days" in overview["computed_rag_reason"]


def test_a_bad_cell_is_named_in_its_row_s_check_with_the_likely_value(desk: Desk) -> None:
    """A date as text and a misspelt status are asked about where they stand, and leave when they are mended."""
    desk.rooms.paste(desk.files["plan"], "Tasks!G2", ["'13/02/26"])
    desk.rooms.paste(desk.files["plan"], "Tasks!J3", ["dnoe"])
    first, second = [row["ID"] for row in desk.rows("plan", "Tasks")[:2]]

    desk.settled()

    assert "13/02/26 is text: 2026-02-13?" in desk.row("plan", "Tasks", first)["Check"]
    assert desk.row("plan", "Tasks", second)["Check"] == "Status: I do not know dnoe: Done?"
    desk.type("plan", "Tasks", second, {"Status": "Done"})
    desk.sweep()
    assert desk.row("plan", "Tasks", second)["Check"] == ""


def test_days_open_count_on_without_anybody_s_edit(desk: Desk) -> None:
    """The sheet counts by itself, up to the day it was closed: a new day costs no write; text for a date is nothing."""
    today = desk.rooms.stage.now().date()
    opened, closed = (today - timedelta(days=7)).isoformat(), (today - timedelta(days=5)).isoformat()
    issues = [{"Opened": opened}, {"Opened": opened, "Closed": closed, "Status": "Closed"}, {"Opened": "lately"}]
    for number, cells in enumerate(issues, 2):
        desk.rooms.type(desk.files["playbook"], "Issues", number, {"Title": "Logins fail", **cells})
    desk.settled()

    assert [row["Days open"] for row in desk.rows("playbook", "Issues")[:3]] == ["7", "2", ""]


def test_the_bot_s_own_writes_are_read_once_and_bring_nothing_new(desk: Desk) -> None:
    """The scan after the last write writes nothing, and the one after that reads nothing."""
    desk.type("plan", "Milestones", "M4", DATES)
    desk.sweep()
    assert writes(desk) > 0

    desk.sweep()  # the advisor's day, set after the first scan, has a check cell of its own
    before = writes(desk)
    assert desk.sweep() == "2 files read, 0 unreadable, 0 gone"
    assert writes(desk) == before
    reads = desk.rooms.calls(READS)
    assert desk.sweep() == "0 files read, 0 unreadable, 0 gone"
    assert desk.rooms.calls(READS) == reads


def test_a_bot_cell_that_a_person_typed_over_is_put_back_with_a_word(desk: Desk) -> None:
    """With the next scan, not before, and what the person wrote stands in the Bot log; nonsense is put back too."""
    desk.type("plan", "Milestones", "M4", DATES)
    desk.settled()
    desk.type("plan", "Milestones", "M4", {"Variance": "99"})
    desk.type("plan", "Milestones", "M6", {"Variance": "much"})
    assert desk.row("plan", "Milestones", "M4")["Variance"] == "99"

    desk.settled()

    assert desk.row("plan", "Milestones", "M4")["Variance"] == "3"
    assert desk.row("plan", "Milestones", "M6")["Variance"] == ""
    line = next(line for line in desk.log() if line["Object"] == "Milestones M4 · Variance" and line["Old"] == "99")
    assert (line["New"], line["Reason"]) == ("3", "somebody typed over a cell that the bot keeps")


def test_a_batch_is_one_append_with_a_line_for_each_row_of_bot_cells(desk: Desk) -> None:
    """Cells of a person take a line each; the bot's own take one line a row; the audit has every cell."""
    desk.settled()
    appends, lines = desk.rooms.calls(WRITES[1]), len(desk.log())
    audits = len(desk.rooms.world.store.audit("R1"))
    changes = [
        Change("milestones", "M4", "variance", 4, None),
        Change("milestones", "M4", "check", "=HYPERLINK(1)", "no date"),
        Change("milestones", "M4", "comment", "@all +1", "", by_person=True),
        Change("milestones", "M4", "owner", "seen", "", by_person=True),
    ]

    outcomes = logbook.write(desk.rooms.world, "R1", "plan", changes, actor=desk.rooms.ids[LEAD], reason="for a test")

    assert [outcome.result for outcome in outcomes] == ["written"] * 4
    assert desk.rooms.calls(WRITES[1]) == appends + 1
    told = [(line["Object"], line["Old"], line["New"]) for line in desk.log()[lines:]]
    assert told == [
        ("Milestones M4 · Comment", "", "@all +1"),
        ("Milestones M4 · Owner", "", "seen"),
        ("Milestones M4", "Variance: –; Check: no date", "Variance: 4; Check: =HYPERLINK(1)"),
    ]
    assert {line["Actor"] for line in desk.log()[lines:]} == {LEAD}
    assert len(desk.rooms.world.store.audit("R1")) == audits + 4


def test_a_bot_log_that_cannot_be_written_costs_only_its_lines(desk: Desk) -> None:
    """The cell is written, the outcome is told and the audit has it."""
    desk.settled()
    desk.rooms.fault(WRITES[1], do="status", status=403, times=5)
    change = Change("milestones", "M4", "comment", "Two answers are missing", "", by_person=True)

    outcomes = logbook.write(desk.rooms.world, "R1", "plan", [change], actor=LEAD, reason="for a test")

    assert outcomes[0].result == "written"
    assert desk.row("plan", "Milestones", "M4")["Comment"] == "Two answers are missing"
    assert "Two answers are missing" in desk.rooms.world.store.audit("R1")[-1].reason


def test_a_renamed_bot_log_still_gets_its_lines(desk: Desk) -> None:
    """The tab is known by its id, whatever people call it."""
    properties = {"sheetId": 1014, "title": "What the bot's up to"}
    request = {"updateSheetProperties": {"properties": properties, "fields": "title"}}
    desk.rooms.world.sheets.batch_update(desk.files["playbook"], [request])

    logbook.say(desk.rooms.world, "R1", "found again", [logbook.Line("Owner", "", "Who", "for a test")])

    assert desk.rows("playbook", "'What the bot''s up to'")[-1]["Object"] == "Owner"


def test_what_changed_is_known_by_project(desk: Desk) -> None:
    """Whoever looks at dates next finds the projects whose files hold something new, and when."""
    desk.settled()
    desk.rooms.project("R2")
    before = poll.changed(desk.rooms.world)
    desk.type("plan", "Milestones", "M4", DATES)
    desk.sweep()
    after = poll.changed(desk.rooms.world)

    assert set(before) == {"R1"}
    assert after["R1"] > before["R1"]
    assert set(after) == {"R1", "R2"}


def test_one_project_s_trouble_is_not_the_other_s(desk: Desk) -> None:
    """A file that takes no writing is tried again with the next sweep; the other project is tended meanwhile."""
    other = desk.rooms.project("R2")
    desk.type("plan", "Milestones", "M4", DATES)
    desk.rooms.type(other["plan"], "Milestones", 6, DATES)
    desk.rooms.fault(WRITES[0], do="status", status=403, times=1)

    desk.sweep()
    desk.sweep()

    assert desk.row("plan", "Milestones", "M4")["Variance"] == "3"
    rows = desk.rooms.stage.rows(LEAD, other["plan"], "Milestones")
    assert rows[5][rows[0].index("Variance")] == "3"


def test_a_pressed_done_stands_in_the_bot_log(desk: Desk) -> None:
    """A line for each cell of a person, with the name of who pressed."""
    desk.rooms.at(TODAY)
    desk.settled()
    pressed = {"by": desk.rooms.ids[PM], "channel": "", "ts": "", "ref": ""}

    assert desk.rooms.run("answer", "done", project="R1", tab="milestones", row_id="M4", **pressed) == "written"

    told = {line["Object"]: line for line in desk.log() if line["Actor"] == PM}
    assert told["Milestones M4 · Status"]["New"] == "Done"
    assert told["Milestones M4 · Actual"]["New"] == "2026-11-18"


def test_an_edit_between_look_and_write_stays_the_person_s(desk: Desk) -> None:
    """A cell that changed since it was read is not overwritten, in the bot's columns neither, until the next scan."""
    desk.type("plan", "Milestones", "M4", DATES)
    desk.settled()
    desk.type("plan", "Milestones", "M4", {"Forecast": "2026-11-20", "Variance": "50"})
    change = Change("milestones", "M4", "variance", 4, 3)

    outcomes = logbook.write(desk.rooms.world, "R1", "plan", [change], reason="for a test")

    assert (outcomes[0].result, outcomes[0].found) == ("person_won", 50)
    assert desk.row("plan", "Milestones", "M4")["Variance"] == "50"
    desk.settled()
    assert desk.row("plan", "Milestones", "M4")["Variance"] == "4"
