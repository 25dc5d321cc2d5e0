"""What people move in a file: known cases heal and say so once; for the others the PM is asked once, with buttons."""

from __future__ import annotations

import json
from typing import Any

from tests import golden
from tests.desk import PM, Desk
from tests.rooms import LEAD, MISSED
from tests.watch.test_access import GOLDEN, asked

IGNORE = "Leave it alone"
MILESTONES = 2002


def retitle(desk: Desk, tab: str, old: str, new: str) -> None:
    """Type over a column's title."""
    header = desk.rooms.stage.rows(LEAD, desk.files["plan"], tab)[0]
    desk.rooms.stage.type_cell(LEAD, desk.files["plan"], tab, f"{chr(ord('A') + header.index(old))}1", new)


def remake(desk: Desk, tab: str, sheet_id: int, old: str, new: str) -> None:
    """Delete a column, and add one in its place that carries another title: no mark of the bot's is left."""
    header = desk.rooms.stage.rows(LEAD, desk.files["plan"], tab)[0]
    at = header.index(old)
    span = {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
    requests: list[dict[str, Any]] = [
        {"deleteDimension": {"range": span}},
        {"insertDimension": {"range": span, "inheritFromBefore": True}},
    ]
    desk.rooms.world.sheets.batch_update(desk.files["plan"], requests)
    desk.rooms.stage.type_cell(LEAD, desk.files["plan"], tab, f"{chr(ord('A') + at)}1", new)


def blocks(desk: Desk) -> str:
    return json.dumps(desk.questions()[-1]["blocks"], ensure_ascii=False)


def test_a_renamed_column_heals_and_stands_once_in_the_bot_log(desk: Desk) -> None:
    """Nobody is asked, everything is read and written as before, and later scans do not say it again."""
    desk.settled()
    retitle(desk, "Milestones", "Baseline", "Planned finish")
    desk.sweep()
    desk.type("plan", "Milestones", "M4", {"Planned finish": "2026-11-16", "Forecast": "2026-11-19"})
    desk.settled()

    assert desk.row("plan", "Milestones", "M4")["Variance"] == "3"
    told = [line for line in desk.log() if line["Object"] == "Milestones · Baseline"]
    assert [(line["Old"], line["New"]) for line in told] == [("Baseline", "Planned finish")]
    assert desk.questions() == []


def test_an_unclear_column_is_asked_once_and_the_answer_is_remembered(desk: Desk) -> None:
    """One message to the PM with the best guess; pressed, the next scan reads it; said in log and audit; edited."""
    desk.settled()
    remake(desk, "Milestones", MILESTONES, "Baseline", "Base date")
    desk.sweep()
    desk.type("plan", "Milestones", "M5", {"Comment": "Another edit"})
    desk.settled()
    assert len(desk.questions()) == 1
    assert "I cannot find the column “Baseline” any more" in blocks(desk)
    golden.same(GOLDEN / "column_lost.json", asked(desk))

    desk.press("Use Base date")

    assert "✓" in blocks(desk)
    assert len(desk.questions()) == 1
    line = next(line for line in desk.log() if line["Object"] == "Milestones · Baseline")
    assert (line["Actor"], line["New"]) == (PM, "Base date")
    assert "answered" in [entry.act for entry in desk.rooms.world.store.audit("R1")]
    desk.type("plan", "Milestones", "M4", {"Base date": "2026-11-16", "Forecast": "2026-11-19"})
    desk.settled()
    assert desk.row("plan", "Milestones", "M4")["Variance"] == "3"
    assert len(desk.questions()) == 1


def test_another_answer_is_chosen_from_the_menu(desk: Desk) -> None:
    """The menu offers the other columns that are none of ours."""
    desk.settled()
    remake(desk, "Milestones", MILESTONES, "Baseline", "Base date")
    more = {"sheetId": MILESTONES, "dimension": "COLUMNS", "length": 1}
    desk.rooms.world.sheets.batch_update(desk.files["plan"], [{"appendDimension": more}])
    desk.rooms.stage.type_cell(LEAD, desk.files["plan"], "Milestones", "T1", "Agreed day")
    desk.settled()

    desk.press("Agreed day")

    layout = desk.rooms.world.layout(desk.files["plan"])
    assert layout.columns["milestones"]["baseline"] == "Agreed day"


def test_ignored_stays_ignored_for_that_file(desk: Desk) -> None:
    """The question is ticked and never comes back, however often the file is read."""
    desk.settled()
    remake(desk, "Milestones", MILESTONES, "Slip reason", "Mood")
    desk.settled()
    desk.press(IGNORE)

    for comment in ("one", "two"):
        desk.type("plan", "Milestones", "M5", {"Comment": comment})
        desk.settled()

    assert len(desk.questions()) == 1
    assert "left alone, as answered" in [line["Reason"] for line in desk.log()]


def test_whoever_is_neither_pm_nor_lead_may_not_answer(desk: Desk) -> None:
    """They are told so, nothing is learnt, and the refusal is kept."""
    desk.settled()
    remake(desk, "Milestones", MILESTONES, "Baseline", "Base date")
    desk.settled()
    project = desk.rooms.world.store.project("R1") or {}
    desk.rooms.world.store.put_project("R1", {**project, "pm": "tom.brandt@fernhill.example"})

    desk.press("Use Base date")

    assert desk.rooms.world.layout(desk.files["plan"]).columns == {}
    assert desk.rooms.world.store.audit("R1")[-1].act == "refused answer"
    assert "✓" not in blocks(desk)


def test_without_a_pm_the_project_s_channel_is_asked_and_a_lead_answers(desk: Desk) -> None:
    """A project whose PM left does not lose its questions."""
    desk.settled()
    project = desk.rooms.world.store.project("R1") or {}
    desk.rooms.world.store.put_project("R1", {**project, "pm": "ada.novak@fernhill.example"})
    desk.rooms.world.slack.invite(project["channel_id"], [desk.rooms.ids[LEAD]])
    remake(desk, "Milestones", MILESTONES, "Baseline", "Base date")
    desk.settled()

    assert desk.questions() == []
    desk.press("Use Base date", person=LEAD, reader=LEAD, channel="impl-quillstone-bank")

    assert desk.rooms.world.layout(desk.files["plan"]).columns["milestones"] == {"baseline": "Base date"}


def test_a_question_that_could_not_be_asked_is_asked_by_the_next_sweep(desk: Desk) -> None:
    """Slack's refusal costs a sweep, not the question, and what was read stays read."""
    desk.settled()
    remake(desk, "Milestones", MILESTONES, "Baseline", "Base date")
    desk.rooms.fault("slack.chat.postMessage", **MISSED)

    assert desk.sweep() == "1 files read, 0 unreadable, 0 gone"
    assert desk.questions() == []
    desk.sweep()

    assert len(desk.questions()) == 1


def test_a_question_that_settles_itself_is_ticked(desk: Desk) -> None:
    """The PM puts the title back instead of pressing: the message says so, and a later loss is asked anew."""
    desk.settled()
    remake(desk, "Milestones", MILESTONES, "Baseline", "Base date")
    desk.settled()
    retitle(desk, "Milestones", "Base date", "Baseline")
    desk.settled()
    assert "settled itself" in blocks(desk)

    remake(desk, "Milestones", MILESTONES, "Baseline", "Base date")
    desk.settled()

    assert len(desk.questions()) == 2


def test_what_was_read_before_a_header_was_lost_stays_known(desk: Desk) -> None:
    """The title row is typed over: the tab's rows are those of before, and nothing is written from their absence."""
    desk.type("plan", "Milestones", "M4", {"Baseline": "2026-11-16", "Forecast": "2026-11-19"})
    desk.settled()
    width = len(desk.rooms.stage.rows(LEAD, desk.files["plan"], "Milestones")[0])
    desk.rooms.paste(desk.files["plan"], "Milestones!A1", [f"Column {number}" for number in range(width)])
    desk.settled()

    picture = desk.rooms.world.picture("R1")
    assert picture is not None
    assert {row.id for row in picture.milestones} >= {"M0", "M4", "M15"}
    assert {row["Field"]: row["Value"] for row in desk.rows("playbook", "Overview")}["forecast_end"] == "2026-11-19"
    assert len(desk.questions()) == 1
    assert "row with the column titles" in blocks(desk)
