"""The templates in the shared drive: built once, finished after a crash, updated in place, kept by a second push."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from bot.project.schema import NAMES, Schema, load
from bot.project.starting_rows import template_rows
from bot.templates import push, verbs
from bot.templates.check import EXTRA_TAB, differences
from bot.templates.spreadsheet import requests
from bot.world.drive import SPREADSHEET
from bot.world.google import GoogleError
from bot.world.prose import documents
from bot.world.structure import read
from tests.templates.conftest import PRIYA
from tests.world.conftest import Control

PLAN = load("standard_plan")


def templates(world: Any) -> dict[str, Any]:
    files = [file for file in world.drive.find({"implbot": "template"}) if not file.trashed]
    found = {file.properties["template"]: file for file in files}
    assert len(found) == len(files)
    return found


def old_plan() -> Schema:
    """The plan's schema as an earlier version had it: another title, a tab more, one column and one row less."""
    milestones, tasks = PLAN.tab("milestones"), PLAN.tab("tasks")
    extra = replace(PLAN.tab("change_log"), name="wishes", title="Wishes", sheet_id=2099)
    older = {
        "milestones": replace(milestones, title="Steps", columns=milestones.columns[:-1], highlights=()),
        "tasks": replace(tasks, rows="", title="Milestones"),  # a title that another tab takes over
    }
    tabs = [older.get(tab.name, tab) for tab in PLAN.tabs]
    return replace(PLAN, tabs=(*reversed(tabs), extra))


def push_old(world: Any, name: str = "standard_plan", key: str = "template:standard_plan") -> str:
    """A drive whose plan template is of an earlier version."""
    world.drive.update(templates(world)[name].id, trashed=True)
    marks = {"implbot": "template", "template": name, "version": "old"}
    file = world.drive.ensure_file("Project plan", SPREADSHEET, world.drive.root().id, key, marks)
    world.sheets.batch_update(file.id, requests(old_plan()))
    fingerprint = read(world.google, file.id).fingerprint(tab.sheet_id for tab in PLAN.tabs)
    world.drive.update(file.id, properties={"pushed": fingerprint})
    return str(file.id)


def deeds(lines: list[str], *, but: str = "is as it should be") -> list[str]:
    return [line for line in lines if not line.endswith(but)]


def unlike(world: Any, file_id: str) -> list[str]:
    return [one.words for one in differences(PLAN, read(world.google, file_id)) if one.kind != EXTRA_TAB]


def test_a_push_makes_every_template(world: Any) -> None:
    """All are there, in one folder, readable without a single problem; a second push changes nothing."""
    first = push.push(world)
    assert len(first) == len(NAMES) + len(documents())
    found = templates(world)
    assert set(found) == {*NAMES, *documents()}
    assert len({file.parents for file in found.values()}) == 1
    for name in NAMES:
        book = world.sheets.read(found[name].id, load(name))
        assert (book.problems, book.missing) == ([], ())
        assert differences(load(name), read(world.google, found[name].id)) == []
    counts = dict(world.google.counts)
    assert deeds(push.push(world)) == []
    assert {name: n for name, n in world.google.counts.items() if n != counts.get(name)}.keys() == {"drive.files.list"}


def test_template_rows_are_in_the_sheets(pushed: Any) -> None:
    """The plan's template holds the standard milestones as the schema's rows have them."""
    book = pushed.sheets.read(templates(pushed)["standard_plan"].id, PLAN, ["milestones"])
    assert book.records("milestones") == template_rows(PLAN.tab("milestones"))


def test_every_file_keeps_the_highest_ids(pushed: Any) -> None:
    """The spreadsheet's own marks hold the highest ID number of each tab that numbers its rows, in copies too."""
    template = templates(pushed)["trial_plan"]
    copy = pushed.drive.ensure_copy(template.id, "Trial", pushed.drive.root().id, "R1:plan")
    marks = read(pushed.google, copy.id).marks
    assert {key: marks[key] for key in marks if "highest" in key} == {
        "implbot.highest.milestones": "6",
        "implbot.highest.tasks": "9",
    }


def test_a_document_template_holds_its_markers(pushed: Any) -> None:
    """The report's template is its title and one marker a section."""
    text = pushed.docs.read_text(templates(pushed)["report"].id)
    assert text.split() == [
        *documents()["report"].title.split(),
        *(f"{{{{{name}}}}}" for name in documents()["report"].sections),
    ]


@pytest.mark.parametrize(
    "method",
    ["drive.files.create", "sheets.spreadsheets.batchUpdate", "docs.documents.batchUpdate", "drive.files.update"],
)
@pytest.mark.parametrize("apply", ["before", "after"])
def test_a_broken_push_is_finished_by_the_next(world: Any, control: Control, method: str, apply: str) -> None:
    """Wherever it breaks, the next push leaves each template once and complete."""
    control.fault(method, nth=2, times=9, apply=apply, do="status", status=503)
    with suppress(GoogleError):  # a lost answer to a creation is made good at once, the others end the push
        push.push(world)
    control("DELETE", "faults")
    push.push(world)
    found = templates(world)
    assert set(found) == {*NAMES, *documents()}
    assert deeds(push.plan_lines(world)) == []
    assert len(world.sheets.tabs(found["playbook"].id)) == len(load("playbook").tabs)


def test_a_dry_run_changes_nothing(world: Any) -> None:
    """The plan names what would be made, and nothing is made."""
    assert all(line.startswith("create ") for line in push.plan_lines(world))
    assert templates(world) == {}


def test_a_new_version_is_built_in_the_same_file(pushed: Any, control: Control) -> None:
    """The same file gets every tab of the new version under its old id; a person's own tab and its formula stay."""
    file_id = push_old(pushed)
    pushed.sheets.batch_update(file_id, [{"addSheet": {"properties": {"sheetId": 7, "title": "Tasks", "index": 0}}}])
    control.edit(file_id, "Tasks", "A1", "=Steps!B2")

    assert deeds(push.push(pushed)) == [
        f"update Project plan in place, from version old to {templates(pushed)['standard_plan'].properties['version']}"
    ]

    assert templates(pushed)["standard_plan"].id == file_id
    assert unlike(pushed, file_id) == []
    tabs = read(pushed.google, file_id).tabs
    assert [tab.title for tab in tabs.values()] == [*(tab.title for tab in PLAN.tabs), "Tasks (own)"]
    assert tabs[7].cell(0, 0)["userEnteredValue"] == {"formulaValue": "=Milestones!B2"}
    before = pushed.writes()
    assert deeds(push.push(pushed)) == []
    assert pushed.writes() == before


def test_a_dry_run_tells_what_an_update_would_change(pushed: Any) -> None:
    """The plan of an update names what differs, and writes nothing."""
    push_old(pushed)
    before = pushed.writes()
    lines = deeds(push.plan_lines(pushed))
    assert lines[0].startswith("update Project plan in place, from version old")
    assert "  - The tab Milestones is called Steps; I know it by its id." in lines
    assert "  - The column Check of Milestones is missing." in lines
    assert pushed.writes() == before


@pytest.mark.parametrize(
    ("method", "nth", "apply"),
    [
        ("sheets.spreadsheets.get", 1, "before"),
        ("sheets.spreadsheets.get", 2, "before"),
        ("sheets.spreadsheets.get", 3, "before"),
        ("sheets.spreadsheets.batchUpdate", 1, "before"),
        ("sheets.spreadsheets.batchUpdate", 1, "after"),
        ("drive.files.update", 1, "before"),
        ("drive.files.update", 1, "after"),
    ],
)
def test_a_broken_update_is_finished_by_the_next(
    pushed: Any, control: Control, method: str, nth: int, apply: str
) -> None:
    """Wherever an update breaks, the next push ends it; it never takes its own half for somebody's edit."""
    file_id = push_old(pushed)
    control.fault(method, nth=nth, times=9, apply=apply, do="status", status=503)
    with suppress(GoogleError):
        push.push(pushed)
    control("DELETE", "faults")
    push.push(pushed)
    assert unlike(pushed, file_id) == []
    assert templates(pushed)["standard_plan"].id == file_id
    assert deeds(push.plan_lines(pushed)) == []


EDITS: list[Callable[[Control, str], object]] = [
    lambda control, file_id: control.edit(file_id, "Steps", "B3", "Know the customer", PRIYA),
    lambda control, file_id: control.edit(file_id, "Calendar", "F1", "Region", PRIYA),
]


@pytest.mark.parametrize("edit", EDITS)
def test_what_people_edited_is_not_overwritten(
    pushed: Any, control: Control, edit: Callable[[Control, str], object]
) -> None:
    """An edited template is left alone, which is said with what to do; --replace overwrites it."""
    file_id = push_old(pushed)
    if edit is EDITS[1]:
        pushed.sheets.batch_update(
            file_id, [{"appendDimension": {"sheetId": 2009, "dimension": "COLUMNS", "length": 4}}]
        )
    edit(control, file_id)
    before = pushed.writes()
    (line,) = deeds(push.push(pushed))
    assert line.startswith("leave Project plan alone: people have edited it since the last push")
    assert "push --replace" in line
    assert not verbs.push(pushed, dry_run=True, replace=False)[1]
    assert pushed.writes() == before

    (line,) = deeds(push.push(pushed, replace=True))
    assert line.startswith("update Project plan in place")
    assert unlike(pushed, file_id) == []


def test_an_edited_newest_version_is_told_and_kept(pushed: Any, control: Control) -> None:
    """A newest version that people edited stays so and is told, until --replace; a tab of their own is no edit."""
    file_id = templates(pushed)["standard_plan"].id
    pushed.sheets.batch_update(file_id, [{"addSheet": {"properties": {"sheetId": 7, "title": "Ideas"}}}])
    control.edit(file_id, "Ideas", "A1", "a thought", PRIYA)
    assert deeds(push.push(pushed)) == []

    control.edit(file_id, "Milestones", "B2", "Approved", PRIYA)
    before = pushed.writes()
    (line,) = deeds(push.push(pushed))
    assert line.startswith("Project plan is in its newest version, and people have edited it since")
    assert pushed.writes() == before
    push.push(pushed, replace=True)
    assert deeds(push.push(pushed)) == []
    book = pushed.sheets.read(file_id, PLAN, ["milestones"])
    assert book.records("milestones") == template_rows(PLAN.tab("milestones"))


def test_a_document_is_updated_in_place_unless_edited(pushed: Any) -> None:
    """A document template of an older version gets its new markers in the same file; one that people edited is held."""
    report = templates(pushed)["report"]
    wanted = pushed.docs.read_text(report.id)
    pushed.docs.set_markers(report.id, "Old report", ["header", "weather"])
    pushed.drive.update(report.id, properties={"version": "old"})
    (line,) = deeds(push.push(pushed))
    assert line.startswith("leave Monthly progress report alone")

    (line,) = deeds(push.push(pushed, replace=True))
    assert line.startswith("update Monthly progress report in place")
    assert pushed.docs.read_text(report.id) == wanted
    assert deeds(push.push(pushed)) == []

    pushed.drive.update(report.id, properties={"version": "old"})
    (line,) = deeds(push.push(pushed))
    assert line.startswith("register Monthly progress report as version")
    assert templates(pushed)["report"].id == report.id


def test_a_template_of_the_former_way_is_taken_over(pushed: Any) -> None:
    """A file pushed under a key with its version is updated in place, and afterwards is the template."""
    file_id = push_old(pushed, key="template:standard_plan:old")
    push.push(pushed)
    assert templates(pushed)["standard_plan"].id == file_id
    assert templates(pushed)["standard_plan"].key == "template:standard_plan"
    assert deeds(push.push(pushed)) == []


def test_a_person_s_copy_is_not_the_template(pushed: Any, control: Control) -> None:
    """A copy that a person makes carries the marks of its source; it is neither updated nor used."""
    template = templates(pushed)["standard_plan"]
    token = control("POST", f"people/{PRIYA}/google_token", {})["token"]
    url = f"{control.url.removesuffix('/_control')}/drive/v3/files/{template.id}/copy?supportsAllDrives=true"
    answer = control.session.post(
        url, json={"name": "Mine", "parents": list(template.parents)}, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.ok, answer.text
    before = pushed.writes()
    assert deeds(push.push(pushed)) == []
    assert pushed.writes() == before
    found = [file.id for file in pushed.drive.find({"implbot": "template", "template": "standard_plan"})]
    assert found[0] == template.id
    assert len(found) == 2


def test_a_report_is_drafted_into_a_copy(pushed: Any) -> None:
    """A copy of the report's template takes the month's sections, a second draft replaces them, the template stays."""
    template = templates(pushed)["report"]
    copy = pushed.drive.ensure_copy(
        template.id, "October", pushed.drive.root().id, "R1:report:2026-10", {"project": "R1"}
    )
    sections = dict.fromkeys(documents()["report"].sections, "")
    pushed.docs.write_sections(copy.id, {**sections, "status": "## Status: Red", "next": "- one\n- two"})
    pushed.docs.write_sections(copy.id, {"status": "## Status: Green"})
    assert pushed.docs.read_text(copy.id).split() == [
        *documents()["report"].title.split(),
        "Status:",
        "Green",
        "one",
        "two",
    ]
    assert "{{status}}" in pushed.docs.read_text(template.id)
