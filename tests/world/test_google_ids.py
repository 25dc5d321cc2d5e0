"""IDs of rows in a live file: given once for ever, kept by the row that they belong to, never at a person's cost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.project.cells import Trouble
from bot.project.model import Task
from bot.project.schema import load
from bot.project.words import WorkStatus
from bot.templates.spreadsheet import requests
from bot.world.drive import SPREADSHEET, Drive
from bot.world.google import GoogleError
from bot.world.sheets import HIGHEST_KEY, Change, Sheets

PLAN = load("standard_plan")
WRITE = "sheets.spreadsheets.values.batchUpdateByDataFilter"
HOSTILE = (
    "=1+1",
    "+1 level-set",
    "-5",
    "@channel",
    "'quoted",
    "''twice",
    "'",
    '=IMPORTDATA("x")',
    "007",
    "TRUE",
    "1/2",
)


@pytest.fixture
def plan(drive: Drive, sheets: Sheets) -> str:
    """A plan with three tasks."""
    file = drive.ensure_file("standard_plan", SPREADSHEET, drive.root().id, "standard_plan")
    sheets.batch_update(file.id, requests(PLAN))
    tasks = [Task(id=f"T{n}", task=f"Task {n}", owner="Ines") for n in (1, 2, 3)]
    sheets.fill(file.id, PLAN, {"tasks": tasks})
    return file.id


def ids(sheets: Sheets, plan: str) -> list[str]:
    return [row.id for row in sheets.read(plan, PLAN, ["tasks"]).rows("tasks")]


def highest(sheets: Sheets, plan: str) -> int:
    """What the file itself remembers."""
    fields = "developerMetadata(metadataKey,metadataValue)"
    answer = sheets.google.sheets.spreadsheets_get(plan, params={"fields": fields})
    marks = {mark["metadataKey"]: mark["metadataValue"] for mark in answer["developerMetadata"]}
    return int(marks[f"{HIGHEST_KEY}tasks"])


def delete(sheets: Sheets, plan: str, number: int) -> None:
    """Delete a sheet row, counted from 1."""
    span = {"sheetId": PLAN.tab("tasks").sheet_id, "dimension": "ROWS", "startIndex": number - 1, "endIndex": number}
    sheets.batch_update(plan, [{"deleteDimension": {"range": span}}])


def test_a_number_is_never_used_again(sheets: Sheets, plan: str, control: Any) -> None:
    """The last row is deleted and another typed: it gets a number above all that ever were, by scan and by append."""
    base = highest(sheets, plan)
    first = sheets.append(plan, PLAN, "tasks", Task(task="Added"))
    assert first == f"T{base + 1}"
    delete(sheets, plan, 5)
    control.edit(plan, "Tasks", "C5", "Typed by hand")
    (mended,) = sheets.mend_ids(plan, PLAN, ["tasks"])
    assert (mended.trouble, mended.proposal) == (Trouble.NO_ID, f"T{base + 2}")
    delete(sheets, plan, 5)
    assert sheets.append(plan, PLAN, "tasks", Task(task="Another")) == f"T{base + 3}"
    assert sheets.next_id(plan, PLAN, "tasks") == f"T{base + 4}"
    assert highest(sheets, plan) == base + 4


def test_a_number_that_only_a_scan_saw_counts_too(sheets: Sheets, plan: str, control: Any) -> None:
    """Somebody typed a high ID and deleted the row again between two scans that had nothing to mend."""
    control.edit(plan, "Tasks", "A4", "T900")
    layout = sheets.read(plan, PLAN, ["tasks"]).layout
    delete(sheets, plan, 4)
    layout = sheets.read(plan, PLAN, ["tasks"], layout).layout
    control.edit(plan, "Tasks", "C4", "New")
    (mended,) = sheets.mend_ids(plan, PLAN, ["tasks"], layout)
    assert (mended.proposal, highest(sheets, plan)) == ("T901", 901)


def test_a_crash_between_number_and_id_only_skips_numbers(sheets: Sheets, plan: str, control: Any) -> None:
    """The file remembers the number before any row gets it; the next scan goes on above."""
    base = highest(sheets, plan)
    control.edit(plan, "Tasks", "A3", "")
    control.fault(WRITE, nth=1, do="status", status=403)
    with pytest.raises(GoogleError):
        sheets.mend_ids(plan, PLAN, ["tasks"])
    assert (ids(sheets, plan), highest(sheets, plan)) == (["T1", "", "T3"], base + 1)
    sheets.mend_ids(plan, PLAN, ["tasks"])
    assert ids(sheets, plan) == ["T1", f"T{base + 2}", "T3"]


def test_a_file_without_a_memory_gets_one(sheets: Sheets, plan: str, control: Any) -> None:
    """Somebody's own file never had the metadata: the highest number in sight is where counting begins."""
    lookup = {"developerMetadataLookup": {"metadataKey": f"{HIGHEST_KEY}tasks"}}
    sheets.batch_update(plan, [{"deleteDeveloperMetadata": {"dataFilter": lookup}}])
    control.edit(plan, "Tasks", "A3", "")
    sheets.mend_ids(plan, PLAN, ["tasks"])
    assert (ids(sheets, plan), highest(sheets, plan)) == (["T1", "T4", "T3"], 4)


def test_the_row_closest_to_the_snapshot_keeps_its_id(sheets: Sheets, plan: str, control: Any) -> None:
    """A row was pasted above its original and edited; an ID was wiped out; the snapshot tells whose is whose."""
    before = {"tasks": sheets.read(plan, PLAN, ["tasks"]).rows("tasks")}
    base = highest(sheets, plan)
    control("POST", "people/priya.nair@fernhill.example/insert_row",
            {"file": plan, "tab": "Tasks", "row": 2, "values": ["T1", "", "Task 1 in Rome", "Ines"]})  # fmt: skip
    control.edit(plan, "Tasks", "A5", "")
    assert sheets.read(plan, PLAN, ["tasks"]).needs_ids(before)
    mended = sheets.mend_ids(plan, PLAN, ["tasks"], before=before)
    assert ids(sheets, plan) == [f"T{base + 1}", "T1", "T2", "T3"]
    assert [(one.found, one.proposal) for one in mended] == [("T1", f"T{base + 1}"), ("", "T3")]


def test_an_id_typed_over_comes_back(sheets: Sheets, plan: str, control: Any) -> None:
    """The row says what it said, so it is the same row; no number is spent on it."""
    before = {"tasks": sheets.read(plan, PLAN, ["tasks"]).rows("tasks")}
    base = highest(sheets, plan)
    control.edit(plan, "Tasks", "A3", "T77")
    book = sheets.read(plan, PLAN, ["tasks"])
    assert book.needs_ids(before)
    assert not book.needs_ids()
    (mended,) = sheets.mend_ids(plan, PLAN, ["tasks"], before=before)
    assert (mended.trouble, mended.found, mended.proposal) == (Trouble.EDITED_ID, "T77", "T2")
    assert (ids(sheets, plan), highest(sheets, plan)) == (["T1", "T2", "T3"], base)


def test_nothing_to_mend_costs_one_call(sheets: Sheets, plan: str) -> None:
    """The file's memory is not asked when no row needs an ID."""
    sheets.google.session.counts.clear()
    assert sheets.mend_ids(plan, PLAN, ["tasks"]) == []
    assert sheets.google.counts == {"sheets.spreadsheets.values.batchGetByDataFilter": 1}


def test_rows_added_at_once_each_have_their_own_id(sheets: Sheets, plan: str) -> None:
    """Four people's rows at one moment: four rows, four IDs."""
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda n: sheets.append(plan, PLAN, "tasks", Task(task=f"Extra {n}")), range(4)))
    assert len(set(given)) == 4
    assert sorted(ids(sheets, plan)) == sorted(["T1", "T2", "T3", *given])


@pytest.mark.parametrize("apply", ["before", "after"])
def test_an_append_whose_answer_is_lost_stands_once(sheets: Sheets, plan: str, control: Any, apply: str) -> None:
    """Whether it was applied or not is seen by looking, and never guessed."""
    record = Task(id="T50", task="Added")
    control.fault("sheets.spreadsheets.batchUpdate", nth=1, apply=apply, do="status", status=503)
    assert sheets.append(plan, PLAN, "tasks", record) == "T50"
    assert ids(sheets, plan) == ["T1", "T2", "T3", "T50"]


# ---------------------------------------------------------------------- what is written


@pytest.mark.parametrize("text", HOSTILE)
def test_text_arrives_as_it_was_typed(sheets: Sheets, plan: str, text: str) -> None:
    """Formulas, signs, apostrophes and what looks like a date stay letters: filled, added and written."""
    added = sheets.append(plan, PLAN, "tasks", Task(task="Added", blocked_reason=text))
    change = Change("tasks", "T1", "blocked_reason", text, "", by_person=True)
    assert sheets.write(plan, PLAN, [change])[0].result == "written"
    sheets.google.session.counts.clear()
    book = sheets.read(plan, PLAN, ["tasks"])
    assert {row.id: row.record.blocked_reason for row in book.rows("tasks")} == {
        "T1": text,
        "T2": "",
        "T3": "",
        added: text,
    }


def test_columns_of_people_are_not_written_unasked(sheets: Sheets, plan: str) -> None:
    """A change of a person's column without a person behind it is a mistake of ours, and so is one of a formula."""
    unasked = Change("tasks", "T1", "status", WorkStatus.DONE, None)
    with pytest.raises(ValueError, match="belongs to people"):
        sheets.write(plan, PLAN, [unasked])
    with pytest.raises(ValueError, match="is a formula"):
        sheets.write(plan, PLAN, [Change("summary", "", "progress", 1.0)])
    assert sheets.write(plan, PLAN, [Change("tasks", "T1", "check", "late", "")])[0].result == "written"


def test_a_tab_that_is_renamed_meanwhile_is_still_the_one(sheets: Sheets, plan: str) -> None:
    """Ranges go by the tab's id: its name of today is nobody's business."""
    tasks, meetings = PLAN.tab("tasks").sheet_id, PLAN.tab("meetings").sheet_id
    names = ((tasks, "For a moment"), (meetings, "Tasks"), (tasks, "Meetings"))
    swap = [
        {"updateSheetProperties": {"properties": {"sheetId": sheet_id, "title": title}, "fields": "title"}}
        for sheet_id, title in names
    ]
    sheets.batch_update(plan, swap)
    assert sheets.write(plan, PLAN, [Change("tasks", "T2", "check", "late", "")])[0].result == "written"
    assert [row.record.check for row in sheets.read(plan, PLAN, ["tasks"]).rows("tasks")] == ["", "late", ""]
