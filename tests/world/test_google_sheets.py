"""Spreadsheets in rows and records: read in one call, written beside their IDs, never over a person's word."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.project.model import Milestone, Request, Risk, Stakeholder
from bot.project.schema import load
from bot.project.words import Phase, RequestStatus, RequestType, Side, WorkStatus
from bot.templates.spreadsheet import requests
from bot.world.drive import SPREADSHEET, Drive
from bot.world.google import GoogleError
from bot.world.sheets import Change, Sheets

PLAN, PLAYBOOK, BACKLOG = load("standard_plan"), load("playbook"), load("backlog")
MILESTONES = [
    Milestone(
        id="M1",
        milestone="=Discovery 1/2",
        phase=Phase.PLANNING,
        gate=True,
        owner="Priya",
        side=Side.US,
        offset=-10,
        baseline=date(2026, 11, 9),
        status=WorkStatus.NOT_STARTED,
    ),
    Milestone(
        id="M2",
        milestone="'Design' 007",
        side=Side.CUSTOMER,
        baseline=date(2026, 11, 16),
        status=WorkStatus.IN_PROGRESS,
    ),
    Milestone(
        id="M3", milestone="+1 level-set", side=Side.US, baseline=date(2026, 11, 18), status=WorkStatus.NOT_STARTED
    ),
]


def built(drive: Drive, sheets: Sheets, schema: str) -> str:
    file = drive.ensure_file(schema, SPREADSHEET, drive.root().id, schema)
    sheets.batch_update(file.id, requests(load(schema)))
    return file.id


@pytest.fixture
def plan(drive: Drive, sheets: Sheets) -> str:
    """A plan with three milestones, as the bot fills it."""
    file_id = built(drive, sheets, "standard_plan")
    sheets.fill(file_id, PLAN, {"milestones": MILESTONES, "summary": {"customer": "Harborpine"}})
    sheets.google.session.counts.clear()
    return file_id


@pytest.fixture
def backlog(drive: Drive, sheets: Sheets) -> str:
    return built(drive, sheets, "backlog")


def status(row_id: str, new: WorkStatus, seen: WorkStatus | None) -> Change:
    return Change("milestones", row_id, "status", new, seen, by_person=True)


def test_what_is_filled_is_what_is_read(sheets: Sheets, plan: str) -> None:
    """Every field comes back as it was, text that looks like formulas, dates and numbers included; in one call."""
    book = sheets.read(plan, PLAN)
    assert book.records("milestones") == MILESTONES
    assert book.form("summary").customer == "Harborpine"
    assert book.problems == []
    assert sheets.google.counts == {"sheets.spreadsheets.values.batchGetByDataFilter": 1}


def test_formulas_of_the_template_calculate(sheets: Sheets, plan: str) -> None:
    """The summary's formulas see the filled rows."""
    sheets.write(plan, PLAN, [status("M1", WorkStatus.DONE, WorkStatus.NOT_STARTED)])
    assert sheets.read(plan, PLAN, ["summary"]).form("summary").progress == pytest.approx(1 / 3)


def test_a_change_is_written_beside_its_id(sheets: Sheets, plan: str, control: Any) -> None:
    """After people sorted the rows the value still lands in the row of its ID."""
    control.edit(plan, "Milestones", "A2", "M2")
    control.edit(plan, "Milestones", "A3", "M1")
    (outcome,) = sheets.write(plan, PLAN, [status("M1", WorkStatus.DONE, WorkStatus.IN_PROGRESS)])
    assert outcome.result == "written"
    assert [(r.id, r.record.status) for r in sheets.read(plan, PLAN).rows("milestones")][:2] == [
        ("M2", WorkStatus.NOT_STARTED),
        ("M1", WorkStatus.DONE),
    ]


def test_a_persons_edit_wins(sheets: Sheets, plan: str, control: Any) -> None:
    """Somebody changed the cell after it was seen: it stays theirs, other changes of the batch are written."""
    control.edit(plan, "Milestones", "M2", "Blocked")
    first, second = sheets.write(
        plan,
        PLAN,
        [
            status("M1", WorkStatus.DONE, WorkStatus.NOT_STARTED),
            status("M2", WorkStatus.DONE, WorkStatus.IN_PROGRESS),
        ],
    )
    assert (first.result, first.found, first.done) == ("person_won", WorkStatus.BLOCKED, False)
    assert (second.result, second.done) == ("written", True)
    assert [m.status for m in sheets.read(plan, PLAN).records("milestones")][:2] == ["Blocked", "Done"]


def test_pressing_twice_writes_once(sheets: Sheets, plan: str) -> None:
    """The second time the value is there already, and no write is sent."""
    change = status("M1", WorkStatus.DONE, WorkStatus.NOT_STARTED)
    sheets.write(plan, PLAN, [change])
    sheets.google.session.counts.clear()
    (outcome,) = sheets.write(plan, PLAN, [change])
    assert (outcome.result, outcome.done) == ("already", True)
    assert sheets.google.counts == {"sheets.spreadsheets.values.batchGetByDataFilter": 1}


def test_a_form_is_written_by_its_field(sheets: Sheets, drive: Drive) -> None:
    """A field of a form is found by its name, and dates arrive as dates."""
    playbook = built(drive, sheets, "playbook")
    change = Change("overview", "", "kickoff", date(2027, 1, 4), None, by_person=True)
    assert [outcome.result for outcome in sheets.write(playbook, PLAYBOOK, [change])] == ["written"]
    overview = sheets.read(playbook, PLAYBOOK, ["overview"]).form("overview")
    assert (overview.kickoff, overview.phase) == (date(2027, 1, 4), Phase.PLANNING)


def test_rows_are_appended_with_their_ids(sheets: Sheets, backlog: str) -> None:
    """New rows get the next free ID; one whose ID is there already is not added again."""
    first = Request(customer="Harborpine Logistics", request_type=RequestType.PRODUCTION, status=RequestStatus.NEW)
    assert sheets.append(backlog, BACKLOG, "requests", first) == "R1"
    assert sheets.append(backlog, BACKLOG, "requests", replace(first, id="R1")) == "R1"
    assert sheets.append(backlog, BACKLOG, "requests", replace(first, customer="Quillstone Bank")) == "R2"
    assert sheets.next_id(backlog, BACKLOG, "requests") == "R3"
    book = sheets.read(backlog, BACKLOG, ["requests"])
    assert [(row.id, row.number, row.record.customer) for row in book.rows("requests")] == [
        ("R1", 2, "Harborpine Logistics"),
        ("R2", 3, "Quillstone Bank"),
    ]


def test_prefilled_formulas_are_no_rows(sheets: Sheets, drive: Drive) -> None:
    """A risk is added below the last risk, not below the formulas that wait for it, and gets its score."""
    playbook = built(drive, sheets, "playbook")
    sheets.fill(playbook, PLAYBOOK, {"risks": [Risk(id="RK1", risk="Late firewall", probability=3, impact=4)]})
    assert sheets.append(playbook, PLAYBOOK, "risks", Risk(risk="No sponsor", probability=2, impact=5)) == "RK5"
    rows = sheets.read(playbook, PLAYBOOK, ["risks"]).rows("risks")
    assert [(r.number, r.record.risk, r.record.score) for r in rows] == [
        (2, "Late firewall", 12),
        (3, "No sponsor", 10),
    ]


def test_a_full_tab_grows(sheets: Sheets, backlog: str) -> None:
    """Below the grid's last row there is room made for one more."""
    there = [Request(id=f"R{n}", customer=f"Customer {n}") for n in range(1, 300)]
    sheets.fill(backlog, BACKLOG, {"requests": there})
    assert sheets.append(backlog, BACKLOG, "requests", Request(customer="One more")) == "R300"
    assert sheets.read(backlog, BACKLOG, ["requests"]).rows("requests")[-1].number == 301


def test_a_deleted_tab_is_told(sheets: Sheets, plan: str) -> None:
    """Somebody deleted a tab: the others are read, the missing one is named."""
    sheets.batch_update(plan, [{"deleteSheet": {"sheetId": PLAN.tab("tasks").sheet_id}}])
    book = sheets.read(plan, PLAN)
    assert book.missing == ("tasks",)
    assert len(book.rows("milestones")) == 3


def test_a_renamed_tab_is_still_found(sheets: Sheets, plan: str) -> None:
    """Tabs are found by their id, so that a title of one's own does no harm."""
    properties = {"sheetId": PLAN.tab("milestones").sheet_id, "title": "Priya's plan"}
    sheets.batch_update(plan, [{"updateSheetProperties": {"properties": properties, "fields": "title"}}])
    (outcome,) = sheets.write(plan, PLAN, [status("M3", WorkStatus.DONE, WorkStatus.NOT_STARTED)])
    assert outcome.done


def test_a_renamed_column_is_still_found(sheets: Sheets, plan: str, control: Any) -> None:
    """A title of one's own is followed by the column's own mark, for reading and for writing."""
    control.edit(plan, "Milestones", "M1", "How are we doing?")
    assert [m.status for m in sheets.read(plan, PLAN, ["milestones"]).records("milestones")] == [
        milestone.status for milestone in MILESTONES
    ]
    (outcome,) = sheets.write(plan, PLAN, [status("M3", WorkStatus.DONE, WorkStatus.NOT_STARTED)])
    assert outcome.done


def test_rows_get_ids_of_their_own(sheets: Sheets, plan: str, control: Any) -> None:
    """A row somebody typed and a row somebody copied each get a new ID; the others keep theirs."""
    control.edit(plan, "Milestones", "B5", "A milestone of our own")
    control.edit(plan, "Milestones", "A4", "M2")
    mended = sheets.mend_ids(plan, PLAN, ["milestones"])
    assert [(problem.row, problem.found) for problem in mended] == [(4, "M2"), (5, "")]
    ids = [row.id for row in sheets.read(plan, PLAN, ["milestones"]).rows("milestones")]
    assert ids == ["M1", "M2", *ids[2:]]
    assert len(set(ids)) == 4
    assert sheets.mend_ids(plan, PLAN, ["milestones"]) == []


def test_a_fill_leaves_peoples_columns_alone(sheets: Sheets, plan: str, control: Any) -> None:
    """A column that a team added keeps what they typed into it."""
    span = {"sheetId": PLAN.tab("milestones").sheet_id, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}
    sheets.batch_update(plan, [{"insertDimension": {"range": span, "inheritFromBefore": False}}])
    control.edit(plan, "Milestones", "B1", "Our own")
    control.edit(plan, "Milestones", "B2", "mine")
    sheets.fill(plan, PLAN, {"milestones": MILESTONES[:2]})
    assert sheets.read(plan, PLAN).records("milestones") == MILESTONES[:2]
    cells = sheets.google.sheets.values_get(plan, "Milestones!A2:C2")["values"]
    assert cells == [["M1", "mine", "=Discovery 1/2"]]


def test_a_lost_answer_is_asked_again(sheets: Sheets, plan: str, control: Any) -> None:
    """Writing values again does no harm, so a lost answer is simply asked for again."""
    control.fault("sheets.spreadsheets.values.batchUpdateByDataFilter", nth=1, apply="after", do="drop")
    (outcome,) = sheets.write(plan, PLAN, [status("M1", WorkStatus.DONE, WorkStatus.NOT_STARTED)])
    assert outcome.done


def test_structure_is_not_changed_twice(sheets: Sheets, plan: str, control: Any) -> None:
    """A structural batch whose answer is lost is ambiguous: its caller looks before doing it again."""
    control.fault("sheets.spreadsheets.batchUpdate", nth=1, apply="after", do="status", status=503)
    with pytest.raises(GoogleError) as caught:
        sheets.batch_update(plan, [{"addSheet": {"properties": {"title": "Once"}}}])
    assert caught.value.kind == "ambiguous"
    assert [tab.title for tab in sheets.tabs(plan).values()].count("Once") == 1


def test_a_table_wants_records(sheets: Sheets, plan: str) -> None:
    """A table filled with something else is a mistake of ours, named at once."""
    with pytest.raises(TypeError, match="milestones"):
        sheets.fill(plan, PLAN, {"milestones": Stakeholder(name="one")})


def test_links_lead_to_rows(sheets: Sheets) -> None:
    """A row's address opens its tab at the row, whatever the tab is called by then."""
    url = sheets.row_url("file", PLAN, "milestones", 7)
    assert url == "https://docs.google.com/spreadsheets/d/file/edit#gid=2002&range=A7:S7"


def while_writing(sheets: Sheets, control: Any, act: Callable[[], Any], meanwhile: Callable[[], None]) -> Any:
    """Run an act whose write is slow, and something else between its read and its write."""
    control.fault("sheets.spreadsheets.values.batchUpdateByDataFilter", nth=1, do="latency", ms=1000)
    name = "sheets.spreadsheets.values.batchGetByDataFilter"
    with ThreadPoolExecutor(1) as pool:
        before = control("GET", "log")["counts"].get(name, 0)
        running = pool.submit(act)
        while control("GET", "log")["counts"].get(name, 0) == before:
            assert not running.done()
        meanwhile()
        return running.result()


def test_rows_that_move_during_a_write_get_their_own_values_back(sheets: Sheets, plan: str, control: Any) -> None:
    """Somebody inserts a row between our read and our write: the value still ends beside its ID, and only there."""
    change = status("M2", WorkStatus.DONE, WorkStatus.IN_PROGRESS)
    person = "people/priya.nair@fernhill.example/insert_row"
    line = {"file": plan, "tab": "Milestones", "row": 2, "values": ["M9", "Inserted"]}
    (outcome,) = while_writing(
        sheets, control, lambda: sheets.write(plan, PLAN, [change]), lambda: control("POST", person, line)
    )
    assert outcome.result == "written"
    rows = sheets.read(plan, PLAN, ["milestones"]).rows("milestones")
    assert [(row.id, row.record.status) for row in rows] == [
        ("M9", WorkStatus.NOT_STARTED),
        ("M1", WorkStatus.NOT_STARTED),
        ("M2", WorkStatus.DONE),
        ("M3", WorkStatus.NOT_STARTED),
    ]


def test_an_append_overwrites_nobody(sheets: Sheets, backlog: str, control: Any) -> None:
    """Somebody inserts a row above while we add one below: the row that was overwritten comes back."""
    for customer in ("Harborpine Logistics", "Quillstone Bank"):
        sheets.append(backlog, BACKLOG, "requests", Request(customer=customer, request_type=RequestType.PRODUCTION))
    person = "people/priya.nair@fernhill.example/insert_row"
    line = {"file": backlog, "tab": "Requests", "row": 2, "values": ["R9", "", "Typed by hand"]}
    new = Request(customer="Third", request_type=RequestType.UPGRADE)
    row_id = while_writing(
        sheets, control, lambda: sheets.append(backlog, BACKLOG, "requests", new), lambda: control("POST", person, line)
    )
    assert row_id == "R3"
    rows = sheets.read(backlog, BACKLOG, ["requests"]).rows("requests")
    assert sorted((row.id, row.record.customer) for row in rows) == [
        ("R1", "Harborpine Logistics"),
        ("R2", "Quillstone Bank"),
        ("R3", "Third"),
        ("R9", "Typed by hand"),
    ]
