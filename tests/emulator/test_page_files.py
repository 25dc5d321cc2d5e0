"""Drive, spreadsheets, documents, mail and the log on the page: seen and changed as that person."""

from __future__ import annotations

import re
from typing import Any

import pytest
from page_visit import Visitor, words
from waiting import on_loop

from bot.emulator.google.access import DOC, FOLDER
from bot.emulator.google.drive import drives
from bot.emulator.google.gateway import invoke
from bot.emulator.page import grid
from bot.emulator.server import Running

Row = dict[str, Any]
PRIYA = "priya.nair@fernhill.example"
RUTH = "ruth.osei@harborpine.example"


@pytest.fixture
def priya(running: Running) -> Visitor:
    return Visitor(running.workspace, PRIYA)


@pytest.fixture
def tom(running: Running) -> Visitor:
    return Visitor(running.workspace, "tom.brandt")


@pytest.fixture
def ruth(running: Running) -> Visitor:
    return Visitor(running.workspace, RUTH)


def google(running: Running, name: str, body: Row | None = None, **params: Any) -> Any:
    """One Google method as Priya, on the server's loop."""
    return on_loop(running, lambda: invoke(running.workspace, PRIYA, name, params, body))


def made(running: Running, name: str, mime: str, parent: str | None = None) -> str:
    """A new file of Priya's."""
    body: Row = {"name": name, "mimeType": mime} | ({"parents": [parent]} if parent else {})
    return str(google(running, "drive.files.create", body, supportsAllDrives=True)["id"])


def share(running: Running, file_id: str, email: str, role: str) -> None:
    body = {"type": "user", "role": role, "emailAddress": email}
    google(running, "drive.permissions.create", body, fileId=file_id, supportsAllDrives=True)


# -------------------------------------------------------------------------------------------------------------- Drive


def test_a_shared_drive_is_for_its_members(running: Running, priya: Visitor, tom: Visitor) -> None:
    """Members walk through a shared drive's folders; others see neither drive nor folder."""
    members = [{"email": PRIYA, "role": "organizer"}]
    drive = on_loop(running, lambda: drives.seed_drive(running.workspace, "Implementations", members))
    folder = made(running, "Harborpine", FOLDER, drive)
    plan = made(running, "Report", DOC, folder)
    assert "Implementations" in priya.reads("drive")
    assert "Harborpine" in priya.reads("drive", folder=drive)
    assert f"file={plan}" in priya.sees("drive", folder=folder)
    assert "Drive" in priya.reads("drive", folder=folder)
    assert f"folder={drive}" in priya.sees("drive", folder=folder)
    assert "Implementations" not in tom.reads("drive")
    for nowhere in (folder, "1nothere"):
        assert tom.get("drive", folder=nowhere).status_code == 404


def test_what_is_shared_outside_is_marked(running: Running, priya: Visitor, ruth: Visitor) -> None:
    """A share with a customer is marked in the list, reaches them, and writes them a mail."""
    plan = made(running, "Plan", DOC)
    assert "shared outside" not in priya.reads("drive")
    share(running, plan, RUTH, "commenter")
    assert "shared outside" in priya.reads("drive")
    assert "Plan" in ruth.reads("drive")
    mail = ruth.reads("mail")
    assert "Plan - Invitation to comment on" in mail
    assert f"file={plan}" in ruth.sees("mail")
    assert "Invitation" not in priya.reads("mail")


def test_trash_is_not_shown(running: Running, priya: Visitor) -> None:
    """A file in the trash leaves the list."""
    gone = made(running, "Old plan", DOC)
    google(running, "drive.files.update", {"trashed": True}, fileId=gone)
    assert "Old plan" not in priya.reads("drive")


# ---------------------------------------------------------------------------------------------------------- documents


@pytest.fixture
def report(running: Running) -> str:
    """A document of Priya's: a title, the same line twice, and a line with an emoji before another."""
    file_id = made(running, "Monthly report", DOC)
    text = "Harborpine 🚀 November\nsame\nsame\n<script>alert(1)</script>\n"
    body = {"requests": [{"insertText": {"location": {"index": 1}, "text": text}}]}
    google(running, "docs.documents.batchUpdate", body, documentId=file_id)
    return file_id


def test_a_document_reads_as_on_paper(priya: Visitor, tom: Visitor, report: str) -> None:
    """The owner reads the document, its markup is text; who has no access is told so."""
    seen = priya.sees("doc", file=report)
    assert "Harborpine 🚀 November" in words(seen)
    assert "<script>alert" not in seen
    assert tom.get("doc", file=report).status_code == 404


def test_a_paragraph_is_changed_in_place(priya: Visitor, report: str) -> None:
    """The second of two like paragraphs is the one that changes; indexes hold beside an emoji."""
    priya.does("write", file=report, before="same", nth=1, text="other ✅ line")
    assert "November same other ✅ line <script>" in priya.reads("doc", file=report)
    priya.does("write", file=report, before="Harborpine 🚀 November", nth=0, text="December")
    assert "December same other" in priya.reads("doc", file=report)


def test_a_changed_document_is_not_overwritten(priya: Visitor, report: str) -> None:
    """An edit of a paragraph that reads differently by now is refused."""
    assert "changed meanwhile" in priya.cannot("write", file=report, before="same", nth=2, text="x")


def test_writing_at_the_end(running: Running, priya: Visitor, tom: Visitor, report: str) -> None:
    """Text is added at the end, by who may edit only."""
    priya.does("write", file=report, text="Signed off")
    assert "Signed off" in priya.reads("doc", file=report)
    share(running, report, "tom.brandt@fernhill.example", "reader")
    assert "view only" in tom.reads("doc", file=report)
    assert tom.cannot("write", file=report, text="me too")
    assert "me too" not in priya.reads("doc", file=report)


# -------------------------------------------------------------------------------------------------------- spreadsheets


@pytest.fixture
def plan(running: Running) -> str:
    """A spreadsheet of Priya's with a formula, a date, a dropdown and a note."""
    created = google(running, "sheets.spreadsheets.create", {"properties": {"title": "Plan"}})
    file_id = str(created["spreadsheetId"])
    values = [["Task", "Due", "Days", "State"], ["Kickoff", "2026-12-01", 3, "Open"], ["<script>", "", "=C2*2", ""]]
    google(
        running,
        "sheets.spreadsheets.values.update",
        {"values": values},
        spreadsheetId=file_id,
        range="A1",
        valueInputOption="USER_ENTERED",
    )
    area = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 3, "endColumnIndex": 4}
    choice = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": one} for one in ("Open", "Done")]}
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}, "backgroundColor": {"red": 1}}}
    head = {"sheetId": 0, "endRowIndex": 1}
    note = {"rows": [{"values": [{"note": "first meeting"}]}], "fields": "note"}
    requests = [
        {"setDataValidation": {"range": area, "rule": {"condition": choice, "showCustomUi": True}}},
        {"repeatCell": {"range": head, "cell": bold, "fields": "userEnteredFormat"}},
        {"updateCells": note | {"start": {"sheetId": 0, "rowIndex": 1, "columnIndex": 0}}},
        {"addSheet": {"properties": {"title": "Risks & issues"}}},
        {
            "updateSheetProperties": {
                "properties": {"sheetId": 0, "gridProperties": {"frozenRowCount": 1}},
                "fields": "gridProperties.frozenRowCount",
            }
        },
    ]
    google(running, "sheets.spreadsheets.batchUpdate", {"requests": requests}, spreadsheetId=file_id)
    return file_id


def cell(html: str, name: str) -> str:
    """The tag and text of one grid cell."""
    found = re.search(rf'<td [^>]*data-cell="{name}"[^>]*>.*?</td>', html)
    assert found, f"{name} is not in the grid"
    return found[0]


def test_a_spreadsheet_is_a_grid(priya: Visitor, tom: Visitor, plan: str) -> None:
    """Values as formatted, formulas for the formula bar, looks, notes, dropdowns, tabs; nobody else sees it."""
    seen = priya.sees("sheet", file=plan)
    assert ">Kickoff</td>" in cell(seen, "A2")
    assert 'data-note="first meeting"' in cell(seen, "A2")
    assert ">6</td>" in cell(seen, "C3")
    assert 'data-typed="=C2*2"' in cell(seen, "C3")
    assert "text-align:right" in cell(seen, "C2")
    assert "font-weight:700" in cell(seen, "A1")
    assert "background:#ff0000" in cell(seen, "A1")
    assert "Done" in cell(seen, "D2")
    assert "&lt;script&gt;" in cell(seen, "A3")
    assert "Risks &amp; issues" in seen
    assert "<script>alert" not in seen
    assert seen.index('data-cell="A1"') < seen.index("</thead>") < seen.index('data-cell="A2"'), "the frozen row stays"
    assert tom.get("sheet", file=plan).status_code == 404


def test_typing_into_a_cell(running: Running, priya: Visitor, plan: str) -> None:
    """What is typed is understood as in Sheets: a date is a date, a formula computes, and the file shows who did it."""
    priya.does("edit", file=plan, tab="0", cell="C2", value="5")
    assert ">10</td>" in cell(priya.sees("sheet", file=plan), "C3")
    priya.does("edit", file=plan, tab="0", cell="B3", value="2026-12-24")
    read = google(
        running,
        "sheets.spreadsheets.values.get",
        spreadsheetId=plan,
        range="B3",
        valueRenderOption="UNFORMATTED_VALUE",
        dateTimeRenderOption="SERIAL_NUMBER",
    )
    assert read["values"] == [[46380]]
    assert "by Priya Nair" in priya.reads("sheet", file=plan)
    priya.does("edit", file=plan, tab="0", cell="A2", value="")
    assert "></td>" in cell(priya.sees("sheet", file=plan), "A2")


def test_the_history_names_who_and_what(priya: Visitor, plan: str) -> None:
    """Beside the grid stands who changed which cell, from what to what, dates as dates."""
    priya.does("edit", file=plan, tab="0", cell="B2", value="2026-12-24")
    text = priya.reads("sheet", file=plan)
    assert "Priya Nair" in text.split("Who changed what")[1]
    assert "B2 : 1 Dec 2026 → 24 Dec 2026" in text


def test_a_dropdown_takes_only_what_it_offers(running: Running, priya: Visitor, plan: str) -> None:
    """A strict list refuses other words, as the grid of Sheets does."""
    area = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 3, "endColumnIndex": 4}
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "Open"}]}, "strict": True}
    body = {"requests": [{"setDataValidation": {"range": area, "rule": rule}}]}
    google(running, "sheets.spreadsheets.batchUpdate", body, spreadsheetId=plan)
    assert "violates the data validation" in priya.cannot("edit", file=plan, tab="0", cell="D2", value="Maybe")


def test_rows_come_and_go(priya: Visitor, plan: str) -> None:
    """A row is inserted above the chosen one, and deleted again; formulas follow."""
    priya.does("row", file=plan, tab="0", row=2, insert=True)
    seen = priya.sees("sheet", file=plan)
    assert ">Kickoff</td>" in cell(seen, "A3")
    assert 'data-typed="=C3*2"' in cell(seen, "C4")
    priya.does("row", file=plan, tab="0", row=2, insert=False)
    assert ">Kickoff</td>" in cell(priya.sees("sheet", file=plan), "A2")
    for row in (0, -1, "2", True):
        assert priya.cannot("row", file=plan, tab="0", row=row, insert=True)


def test_a_reader_cannot_type(running: Running, priya: Visitor, tom: Visitor, plan: str) -> None:
    """Who may only look cannot change a cell; the page says so beforehand."""
    share(running, plan, "tom.brandt@fernhill.example", "commenter")
    assert 'data-readonly="1"' in tom.sees("sheet", file=plan)
    assert tom.cannot("edit", file=plan, tab="0", cell="A2", value="mine")
    assert "mine" not in priya.reads("sheet", file=plan)


@pytest.mark.parametrize(
    "where", [{"tab": "999", "cell": "A1"}, {"tab": "0", "cell": "nowhere!"}, {"tab": "0", "cell": ""}]
)
def test_a_cell_that_is_not_there(priya: Visitor, plan: str, where: Row) -> None:
    """Typing into a tab or cell that does not exist is refused with a sentence."""
    assert priya.cannot("edit", file=plan, value="x", **where)


def test_another_tab(priya: Visitor, plan: str) -> None:
    """A tab is opened by its sheet id; an unknown one shows the first."""
    other = re.search(r'tab=(\d+)"[^>]*>Risks', priya.sees("sheet", file=plan))
    assert other
    assert ">Kickoff</td>" not in priya.sees("sheet", file=plan, tab=other[1])
    assert ">Kickoff</td>" in priya.sees("sheet", file=plan, tab="12345")


@pytest.mark.parametrize(("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_letters_of_columns(column: int, name: str) -> None:
    """Columns are named as in every spreadsheet."""
    assert grid.letters(column) == name


def test_colours_cannot_carry_style() -> None:
    """A colour is three numbers and nothing else, whatever was stored."""
    assert grid.color({"red": 1, "green": 0.5}) == "#ff8000"
    assert grid.color({"red": 99, "blue": -1}) == "#ff0000"
    assert grid.color(None) == ""


# ---------------------------------------------------------------------------------------------------------------- log


def test_the_log_shows_each_call(running: Running, priya: Visitor) -> None:
    """The developer's tab names the method, who asked, the status and how long it took."""
    answer = priya.session.get(f"{running.url}/drive/v3/files", timeout=10)
    assert answer.status_code in (401, 403)
    text = priya.reads("log")
    assert "drive.files.list" in text
    assert str(answer.status_code) in text
    assert "drive.files.list" in priya.reads("log", family="drive")
    assert "drive.files.list" not in priya.reads("log", family="slack").split("Method")[1]
