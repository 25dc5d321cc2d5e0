"""What people do to the shape of a file: known cases heal by themselves, unclear ones carry choices, each asks once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.project.cells import Trouble
from bot.project.layout import DriftKind, Layout
from bot.project.model import Milestone
from bot.project.schema import load
from bot.project.words import Side, WorkStatus
from bot.templates.spreadsheet import requests
from bot.world.drive import SPREADSHEET, Drive
from bot.world.sheets import Book, Change, Sheets

PLAN = load("standard_plan")
TAB = PLAN.tab("milestones")
ID = TAB.sheet_id
STATUS, OWNER, COMMENT = TAB.index("status"), TAB.index("owner"), TAB.index("comment")
VALUES, STRUCTURE = "sheets.spreadsheets.values.batchGetByDataFilter", "sheets.spreadsheets.get"
MILESTONES = [
    Milestone(id="M1", milestone="Discovery", side=Side.US, status=WorkStatus.DONE, baseline=date(2026, 11, 9)),
    Milestone(id="M2", milestone="Design", side=Side.US, status=WorkStatus.BLOCKED, comment="Waits"),
]


@pytest.fixture
def plan(drive: Drive, sheets: Sheets) -> str:
    """A plan with two milestones."""
    file = drive.ensure_file("standard_plan", SPREADSHEET, drive.root().id, "standard_plan")
    sheets.batch_update(file.id, requests(PLAN))
    sheets.fill(file.id, PLAN, {"milestones": MILESTONES})
    return file.id


def read(sheets: Sheets, plan: str, layout: Layout | None = None, tabs: tuple[str, ...] = ("milestones",)) -> Book:
    """One reading, with the calls of the session counted anew."""
    sheets.google.session.counts.clear()
    return sheets.read(plan, PLAN, tabs, layout or Layout())


def calls(sheets: Sheets) -> tuple[int, int]:
    """Values calls and structural calls since the last reading began."""
    counts = sheets.google.session.counts
    return counts[VALUES], counts[STRUCTURE] + counts["sheets.spreadsheets.developerMetadata.search"]


def put(sheets: Sheets, plan: str, cell: str, *values: Any, tab: str = "Milestones") -> None:
    """Write cells as they are, from one cell on to the right."""
    body = {"valueInputOption": "RAW", "data": [{"range": f"'{tab}'!{cell}", "values": [list(values)]}]}
    sheets.google.sheets.values_batch_update(plan, body)


def header(sheets: Sheets, plan: str, column: str, title: str) -> None:
    put(sheets, plan, f"{chr(65 + TAB.index(column))}1", title)


def rows(at: int, number: int = 1) -> dict[str, Any]:
    return {"sheetId": ID, "dimension": "ROWS", "startIndex": at, "endIndex": at + number}


def columns(at: int, number: int = 1) -> dict[str, Any]:
    return {**rows(at, number), "dimension": "COLUMNS"}


def without_status(sheets: Sheets, plan: str) -> None:
    """Delete a column, and make room for people's own at the right."""
    room = {"sheetId": ID, "dimension": "COLUMNS", "length": 9}
    sheets.batch_update(plan, [{"deleteDimension": {"range": columns(STATUS)}}, {"appendDimension": room}])


def kinds(book: Book) -> list[tuple[str, str, bool]]:
    return [(drift.kind, drift.column or drift.found, drift.is_healed) for drift in book.drift]


def statuses(book: Book) -> list[WorkStatus | None]:
    return [record.status for record in book.records("milestones")]


BOTH = [WorkStatus.DONE, WorkStatus.BLOCKED]


def test_a_file_as_it_should_be_costs_one_call(sheets: Sheets, plan: str) -> None:
    """Nothing is odd: one values call, no drift, nothing learnt but the highest numbers."""
    book = read(sheets, plan)
    assert (calls(sheets), book.drift) == ((1, 0), ())
    assert book.layout == Layout(highest={"milestones": 2})


def test_a_renamed_column_is_found_by_its_metadata_once(sheets: Sheets, plan: str) -> None:
    """The first reading looks at the structure and learns the new title; the next ones know it, moved or not."""
    header(sheets, plan, "status", "State of play")
    book = read(sheets, plan)
    assert (calls(sheets), statuses(book)) == ((1, 1), BOTH)
    assert kinds(book) == [("column renamed", "status", True)]
    sheets.batch_update(plan, [{"moveDimension": {"source": columns(STATUS), "destinationIndex": 1}}])
    again = read(sheets, plan, book.layout)
    assert (calls(sheets), statuses(again), kinds(again)) == ((1, 0), BOTH, kinds(book))


def test_a_renamed_column_is_written(sheets: Sheets, plan: str) -> None:
    """Writing finds a column as reading does, without the structure once the layout knows it."""
    header(sheets, plan, "status", "State of play")
    layout = read(sheets, plan).layout
    sheets.google.session.counts.clear()
    change = Change("milestones", "M2", "status", WorkStatus.DONE, WorkStatus.BLOCKED, by_person=True)
    (outcome,) = sheets.write(plan, PLAN, [change], layout)
    assert (outcome.result, calls(sheets)) == ("written", (2, 0))
    assert statuses(read(sheets, plan, layout)) == [WorkStatus.DONE, WorkStatus.DONE]


def test_a_column_without_a_title_keeps_its_place(sheets: Sheets, plan: str) -> None:
    """Merged header cells lose a title: the column is read where its metadata stands; the structure is seen once."""
    merge = {
        "sheetId": ID,
        "startRowIndex": 0,
        "endRowIndex": 1,
        "startColumnIndex": STATUS - 1,
        "endColumnIndex": STATUS + 1,
    }
    sheets.batch_update(plan, [{"mergeCells": {"range": merge, "mergeType": "MERGE_ALL"}}])
    book = read(sheets, plan)
    assert (calls(sheets), statuses(book), kinds(book)) == ((1, 1), BOTH, [("column renamed", "status", True)])
    again = read(sheets, plan, book.layout)
    assert (calls(sheets), statuses(again)) == ((1, 0), BOTH)
    sheets.batch_update(plan, [{"insertDimension": {"range": columns(1), "inheritFromBefore": False}}])
    moved = read(sheets, plan, again.layout)
    assert (calls(sheets), statuses(moved)) == ((1, 1), BOTH)


def test_a_deleted_column_is_asked_for_once(sheets: Sheets, plan: str) -> None:
    """The titled columns that are nobody's are the choices, the likeliest first; the structure is not seen again."""
    without_status(sheets, plan)
    put(sheets, plan, "V1", "Weather", "Stauts", "Notes")
    put(sheets, plan, "V2", "Sunny", "Done", "x")
    book = read(sheets, plan)
    (drift,) = book.drift
    assert (drift.kind, drift.column, drift.is_healed) == (DriftKind.COLUMN_MISSING, "status", False)
    assert drift.choices[0].words == "Stauts"
    assert calls(sheets) == (1, 1)
    read(sheets, plan, book.layout)
    assert calls(sheets) == (1, 0)
    taught = replace(book.layout, columns={"milestones": {"status": str(drift.choices[0].value)}})
    answered = read(sheets, plan, taught)
    assert (calls(sheets), answered.drift) == ((1, 0), ())
    assert statuses(answered) == [WorkStatus.DONE, WorkStatus.NOT_STARTED]


def test_of_two_columns_with_one_title_the_marked_one_is_ours(sheets: Sheets, plan: str) -> None:
    """A person's copy of a column beside it is not read, whichever stands first; the layout remembers which is ours."""
    sheets.batch_update(plan, [{"insertDimension": {"range": columns(1), "inheritFromBefore": False}}])
    put(sheets, plan, "B1", "Status")
    put(sheets, plan, "B2", "Blocked")
    book = read(sheets, plan)
    assert (calls(sheets), statuses(book), kinds(book)) == ((1, 1), BOTH, [("column twice", "status", True)])
    assert not [p for p in book.problems if p.trouble is Trouble.DUPLICATE_COLUMN]
    again = read(sheets, plan, book.layout)
    assert (calls(sheets), statuses(again)) == ((1, 0), BOTH)


def test_of_two_unmarked_columns_with_one_title_a_person_chooses(sheets: Sheets, plan: str) -> None:
    """Nothing tells which is ours: the first is read, and both are choices; the answer counts from then on."""
    without_status(sheets, plan)
    put(sheets, plan, "V1", "Status", "Status")
    put(sheets, plan, "V2", "Done", "Blocked")
    book = read(sheets, plan)
    (drift,) = book.drift
    assert (drift.kind, drift.is_healed, len(drift.choices)) == (DriftKind.COLUMN_TWICE, False, 2)
    assert statuses(book)[0] is WorkStatus.DONE
    taught = replace(book.layout, columns={"milestones": {"status": str(drift.choices[1].value)}})
    answered = read(sheets, plan, taught)
    assert (statuses(answered)[0], answered.drift) == (WorkStatus.BLOCKED, ())


def test_rows_above_the_header(sheets: Sheets, plan: str) -> None:
    """A title page of two rows above the header is passed over, and said so; no structure is needed."""
    sheets.batch_update(plan, [{"insertDimension": {"range": rows(0, 2), "inheritFromBefore": False}}])
    put(sheets, plan, "A1", "Our plan, do not print")
    book = read(sheets, plan)
    assert (calls(sheets), statuses(book), kinds(book)) == ((1, 0), BOTH, [("header moved", "row 3", True)])


def test_a_header_over_two_rows(sheets: Sheets, plan: str) -> None:
    """Groups above and titles below, as people build them with merged cells: both rows are the header."""
    sheets.batch_update(plan, [{"insertDimension": {"range": rows(1), "inheritFromBefore": False}}])
    names = ("baseline", "forecast", "actual")
    for name in names:
        header(sheets, plan, name, "Dates" if name == "baseline" else "")
        put(sheets, plan, f"{chr(65 + TAB.index(name))}2", TAB.column(name).title)
    book = read(sheets, plan)
    assert (statuses(book), kinds(book)) == (BOTH, [("header in two rows", "rows 1 and 2", True)])
    assert book.records("milestones")[0].baseline == date(2026, 11, 9)


def test_a_second_header_further_down_is_no_row(sheets: Sheets, plan: str) -> None:
    """Somebody pasted the header again between the rows: it is no milestone, and gets no ID."""
    sheets.batch_update(plan, [{"insertDimension": {"range": rows(2), "inheritFromBefore": False}}])
    put(sheets, plan, "A3", *[column.title for column in TAB.columns])
    book = read(sheets, plan)
    assert (statuses(book), kinds(book)) == (BOTH, [("header twice", "row 3", True)])
    assert book.problems == []


def test_filters_and_hidden_rows_hide_nothing_from_the_bot(sheets: Sheets, plan: str) -> None:
    """What a person filters away or hides is read all the same."""
    criteria = {str(STATUS): {"hiddenValues": ["Done"]}}
    box = {"sheetId": ID, "startRowIndex": 0, "endRowIndex": 50}
    hide = {"range": rows(2), "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
    sheets.batch_update(
        plan,
        [{"setBasicFilter": {"filter": {"range": box, "criteria": criteria}}}, {"updateDimensionProperties": hide}],
    )
    book = read(sheets, plan)
    assert (calls(sheets), statuses(book)) == ((1, 0), BOTH)


# ---------------------------------------------------------------------- tabs


def test_a_renamed_tab_is_found_by_its_id(sheets: Sheets, plan: str) -> None:
    """The tab's name of today is said, and costs nothing."""
    rename = {"properties": {"sheetId": ID, "title": "What we do"}, "fields": "title"}
    sheets.batch_update(plan, [{"updateSheetProperties": rename}])
    book = read(sheets, plan)
    assert (calls(sheets), statuses(book), kinds(book)) == ((1, 0), BOTH, [("tab renamed", "What we do", True)])


def test_a_copied_tab_is_never_ours(sheets: Sheets, plan: str) -> None:
    """A copy is left alone; when the structure is looked at, it is said that there is one."""
    sheets.batch_update(plan, [{"duplicateSheet": {"sourceSheetId": ID, "newSheetName": "Copy of Milestones"}}])
    put(sheets, plan, "B2", "Written in the copy", tab="Copy of Milestones")
    header(sheets, plan, "owner", "Who")
    book = read(sheets, plan)
    assert [record.milestone for record in book.records("milestones")] == ["Discovery", "Design"]
    assert ("tab copied", "Copy of Milestones", True) in kinds(book)


def test_a_tab_made_anew_is_found_by_its_title(sheets: Sheets, plan: str) -> None:
    """Deleted and made again under its name: it is read there, and the layout knows its new id."""
    line = [column.title for column in TAB.columns]
    copy = {"duplicateSheet": {"sourceSheetId": ID, "newSheetName": "Copy", "newSheetId": 77}}
    rename = {"properties": {"sheetId": 77, "title": "milestones"}, "fields": "title"}
    sheets.batch_update(plan, [copy, {"deleteSheet": {"sheetId": ID}}, {"updateSheetProperties": rename}])
    put(sheets, plan, "A1", *line, tab="milestones")
    book = read(sheets, plan, tabs=("milestones", "tasks"))
    assert (statuses(book), kinds(book)) == (BOTH, [("tab made anew", "milestones", True)])
    assert book.layout.tabs == {"milestones": 77}
    again = read(sheets, plan, book.layout, ("milestones", "tasks"))
    assert (calls(sheets), statuses(again)) == ((1, 0), BOTH)
    change = Change("milestones", "M2", "check", "fine", "")
    assert sheets.write(plan, PLAN, [change], again.layout)[0].result == "written"


def test_a_deleted_tab_is_asked_for_and_found_again(sheets: Sheets, plan: str) -> None:
    """Tabs with enough of its titles are the choices; everything else is read; an answer or a new tab settles it."""
    copy = {"duplicateSheet": {"sourceSheetId": ID, "newSheetName": "Old dates", "newSheetId": 77}}
    sheets.batch_update(
        plan, [copy, {"addSheet": {"properties": {"title": "Lunch"}}}, {"deleteSheet": {"sheetId": ID}}]
    )
    book = read(sheets, plan, tabs=("milestones", "tasks"))
    assert book.missing == ("milestones",)
    (drift,) = [drift for drift in book.drift if not drift.is_healed]
    assert (drift.kind, [(c.words, c.value) for c in drift.choices]) == (DriftKind.TAB_MISSING, [("Old dates", 77)])
    again = read(sheets, plan, book.layout, ("milestones", "tasks"))
    assert (calls(sheets), again.missing) == ((1, 1), ("milestones",))
    assert [one.key for one in again.drift] == [one.key for one in book.drift]
    taught = replace(again.layout, tabs={"milestones": 77})
    answered = read(sheets, plan, taught, ("milestones", "tasks"))
    assert (answered.missing, statuses(answered), answered.drift) == ((), BOTH, ())
    read(sheets, plan, answered.layout, ("milestones", "tasks"))
    assert calls(sheets) == (1, 0)


# ---------------------------------------------------------------------- locales


@pytest.mark.parametrize(
    ("locale", "typed", "meant"),
    [
        ("en_US", "02/03/26", date(2026, 2, 3)),
        ("de_DE", "02/03/26", date(2026, 3, 2)),
        ("en_GB", "13/02/26", date(2026, 2, 13)),
        ("en_CA", "26/02/13", date(2026, 2, 13)),
    ],
)
def test_a_text_date_means_what_the_files_locale_says(
    sheets: Sheets, plan: str, locale: str, typed: str, meant: date
) -> None:
    """The locale is asked for when a date needs it, and known from then on."""
    change = {"properties": {"locale": locale, "timeZone": "Asia/Tokyo"}, "fields": "locale,timeZone"}
    sheets.batch_update(plan, [{"updateSpreadsheetProperties": change}])
    put(sheets, plan, f"{chr(65 + TAB.index('forecast'))}3", typed)
    book = read(sheets, plan)
    assert [(p.trouble, p.proposal) for p in book.problems] == [(Trouble.TEXT_DATE, meant)]
    assert (calls(sheets), book.layout.locale, book.layout.time_zone) == ((1, 1), locale, "Asia/Tokyo")
    read(sheets, plan, book.layout)
    assert calls(sheets) == (1, 0)


def test_a_first_name_means_the_one_stakeholder(sheets: Sheets, plan: str) -> None:
    """A name in an owner cell is proposed in full where one stakeholder has it, and only then."""
    sheets.fill(
        plan, PLAN, {"milestones": [replace(m, owner=o) for m, o in zip(MILESTONES, ("anna", "Ben"), strict=True)]}
    )
    for number, name in enumerate(("Anna Novak", "Ben Carter", "Ben Osei"), 2):
        put(sheets, plan, f"A{number}", f"S{number}", name, tab="Stakeholders")
    book = read(sheets, plan, tabs=("milestones", "stakeholders"))
    assert [(p.trouble, p.found, p.proposal) for p in book.problems] == [
        (Trouble.UNKNOWN_NAME, "anna", "Anna Novak"),
        (Trouble.UNKNOWN_NAME, "Ben", None),
    ]
