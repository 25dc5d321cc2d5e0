"""A pushed plan as a file that other programs open: everything the schema says is in it, computed values too."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from bot.project.cells import serial
from bot.project.schema import FIRST_ROW, LAST_ROW, Schema, load
from bot.templates.looks import note
from bot.world.drive import XLSX
from tests.templates.conftest import Outside
from tests.world.conftest import Control

PLANS = ["standard_plan", "trial_plan"]


@pytest.fixture
def noon(pushed: Outside, control: Control) -> date:
    """The workspace's day, whose middle it is: no test here runs over midnight."""
    del pushed  # its workspace is what the clock belongs to
    now = datetime.fromisoformat(control("GET", "clock")["now"])
    control("POST", "clock", {"to": (now + timedelta(days=1)).replace(hour=12).isoformat()})
    return (now + timedelta(days=1)).date()


def exported(pushed: Outside, name: str, *, filled_on: date | None = None) -> Any:
    """The template, opened as a file by another program; filled as of a day, it shows what was computed."""
    (template,) = pushed.drive.find({"implbot": "template", "template": name})
    file_id = template.id
    if filled_on:
        file_id = pushed.drive.ensure_copy(template.id, "Copy", pushed.drive.root().id, "R1:plan").id
        written(pushed, load(name), file_id, filled_on)
    return openpyxl.load_workbook(io.BytesIO(pushed.drive.export(file_id, XLSX)), data_only=filled_on is not None)


def written(pushed: Outside, plan: Schema, file_id: str, today: date) -> None:
    """Dates and states as they could stand in the middle of a project."""
    milestones, tasks = plan.tab("milestones"), plan.tab("tasks")
    rows: list[tuple[str, int, str, object]] = [
        ("milestones", 0, "status", "Done"),
        ("milestones", 1, "status", "N/A"),
        ("milestones", 2, "baseline", serial(today - timedelta(days=9))),  # overdue by the baseline
        ("milestones", 3, "baseline", serial(today - timedelta(days=9))),
        ("milestones", 3, "forecast", serial(today + timedelta(days=4))),  # moved, so not overdue
        ("tasks", 0, "due", serial(today - timedelta(days=2))),
        ("tasks", 1, "due", serial(today)),
        ("tasks", 2, "due", serial(today - timedelta(days=2))),
        ("tasks", 2, "status", "Done"),
    ]
    tabs = {"milestones": milestones, "tasks": tasks}
    requests = [
        {
            "updateCells": {
                "start": {
                    "sheetId": tabs[tab].sheet_id,
                    "rowIndex": FIRST_ROW - 1 + row,
                    "columnIndex": tabs[tab].index(column),
                },
                "rows": [{"values": [{"userEnteredValue": entered(value)}]}],
                "fields": "userEnteredValue",
            }
        }
        for tab, row, column, value in rows
    ]
    pushed.sheets.batch_update(file_id, requests)


def entered(value: object) -> dict[str, object]:
    return {"stringValue": value} if isinstance(value, str) else {"numberValue": value}


def columns(plan: Schema) -> Iterator[tuple[Any, int, Any]]:
    for tab in plan.tabs:
        if tab.layout == "table":
            for at, column in enumerate(tab.columns, 1):
                yield tab, at, column


def validations(page: Any, cell: str) -> list[Any]:
    return [one for one in page.data_validations.dataValidation if cell in one.sqref]


@pytest.mark.parametrize("name", ["playbook", "backlog", *PLANS])
def test_rules_formats_and_notes_are_in_the_file(pushed: Outside, name: str) -> None:
    """Dropdowns, number formats, notes and frozen headers of every column are there, down to the last row."""
    plan, book = load(name), exported(pushed, name)
    for tab, at, column in columns(plan):
        page, letters = book[tab.title], get_column_letter(at)
        assert page[f"{letters}1"].value == column.title
        assert (page[f"{letters}1"].comment.text if page[f"{letters}1"].comment else "") == note(column)
        if column.format and column.type in ("date", "number", "integer"):
            assert {page[f"{letters}{row}"].number_format for row in (2, LAST_ROW)} == {column.format}
        words = column.constraints.enum or column.options
        if words:
            for row in (2, LAST_ROW):
                (rule,) = validations(page, f"{letters}{row}")
                assert (rule.type, rule.formula1) == ("list", f'"{",".join(words)}"')
                assert rule.errorStyle == ("stop" if column.constraints.enum else "warning")
    for tab in plan.tabs:
        frozen = f"{get_column_letter(tab.frozen_columns + 1)}2"
        assert book[tab.title].freeze_panes == frozen
        assert book[tab.title].sheet_state == ("hidden" if tab.shown_from else "visible")
        assert sum(len(area.rules) for area in book[tab.title].conditional_formatting) == len(tab.highlights)


def test_colours_keep_their_tests(pushed: Outside) -> None:
    """A conditional format of the file has the formula and the colour of its highlight."""
    page = exported(pushed, "standard_plan")["Tasks"]
    rules = {
        rule.formula[0]: rule.dxf.fill.bgColor.rgb.upper()
        for area in page.conditional_formatting
        for rule in area.rules
    }
    assert rules == {
        '$J2="Done"': "FFE0E0E0",
        '$J2="Blocked"': "FFFFEBBF",
        'AND($G2<>"",$G2<TODAY(),$J2<>"Done",$J2<>"N/A")': "FFFAD1CC",
    }


@pytest.mark.parametrize("name", PLANS)
def test_the_summary_is_computed_in_the_file(pushed: Outside, noon: date, name: str) -> None:
    """Progress, overdue counts and the next milestone stand in the file as values, not only as formulas."""
    plan = load(name)
    page = exported(pushed, name, filled_on=noon)["Summary"]
    seen = {page.cell(row, 1).value: page.cell(row, 3).value for row in range(2, 20)}
    milestones = len([row for row in exported(pushed, name)["Milestones"]["B"][1:] if row.value])

    assert seen["progress"] == pytest.approx(1 / (milestones - 1))
    assert seen["overdue_milestones"] == 1
    assert seen["overdue_tasks"] == 1
    assert as_day(seen["next_milestone_date"]) == noon - timedelta(days=9)
    assert seen["next_milestone"] == exported(pushed, name)["Milestones"]["B4"].value
    if "task_progress" in {column.name for column in plan.tab("summary").columns}:
        assert seen["task_progress"] == pytest.approx(1 / 24)
        assert as_day(seen["baseline_end"]) == noon - timedelta(days=9)
        assert seen["open_prerequisites"] == 14


def test_formulas_of_the_file_are_known_to_other_programs(pushed: Outside) -> None:
    """Functions younger than the file format carry its prefix, without which another program shows #NAME?."""
    page = exported(pushed, "standard_plan")["Summary"]
    formulas = {page.cell(row, 1).value: str(page.cell(row, 3).value) for row in range(2, 20)}
    assert "_xlfn.MINIFS(" in formulas["next_milestone_date"]
    assert "_xlfn._xlws.FILTER(" in formulas["next_milestone"]
    assert "_xlfn" not in formulas["progress"]


def as_day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else date.fromisoformat(str(value))
