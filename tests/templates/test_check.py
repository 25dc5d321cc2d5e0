"""What `templates check` says of a file: nothing when it fits, one sentence for each thing that differs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.project.schema import NAMES, load
from bot.templates import check, check_table
from bot.world.drive import File
from bot.world.structure import Structure, read
from tests.templates.conftest import Outside

PLAN, PLAYBOOK = load("standard_plan"), load("playbook")
SUMMARY, MILESTONES, TASKS, CHANGES = 2001, 2002, 2003, 2010
RISKS, SETTINGS = 1007, 1013
BELOW_SETTINGS = len(load("playbook").tab("settings").columns) + 3  # rows
Request = dict[str, Any]


def place(sheet: int, row: int, column: int) -> Request:
    return {
        "sheetId": sheet, "startRowIndex": row, "endRowIndex": row + 1,
        "startColumnIndex": column, "endColumnIndex": column + 1,
    }  # fmt: skip


def put(sheet: int, row: int, column: int, **value: object) -> Request:
    rows = [{"values": [{"userEnteredValue": value}]}]
    return {"updateCells": {"range": place(sheet, row, column), "rows": rows, "fields": "userEnteredValue"}}


def rule(sheet: int, row: int, column: int, kind: str, *values: str, strict: bool = True) -> Request:
    condition = {"type": kind, "values": [{"userEnteredValue": value} for value in values]}
    return {
        "setDataValidation": {"range": place(sheet, row, column), "rule": {"condition": condition, "strict": strict}}
    }


def span(sheet: int, at: int, length: int = 1, axis: str = "COLUMNS") -> Request:
    return {"sheetId": sheet, "dimension": axis, "startIndex": at, "endIndex": at + length}


def unmark(key: str) -> Request:
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataKey": key}}}}


def of(tab: str, column: str, schema: Any = PLAN) -> int:
    return int(schema.tab(tab).index(column))


STATUS, FORECAST, OWNER = (of("milestones", name) for name in ("status", "forecast", "owner"))
PROGRESS = of("summary", "progress") + 1
WORDS = [str(word) for word in PLAN.tab("milestones").column("status").constraints.enum]

PLANTED: list[tuple[str, Request, str, str]] = [
    ("standard_plan", {"deleteSheet": {"sheetId": TASKS}}, "tab missing", "The tab Tasks is missing."),
    (
        "standard_plan",
        {"updateSheetProperties": {"properties": {"sheetId": TASKS, "title": "To do"}, "fields": "title"}},
        "tab renamed", "The tab Tasks is called To do; I know it by its id.",
    ),
    (
        "standard_plan", {"addSheet": {"properties": {"title": "Scratch"}}},
        "extra tab", "The tab Scratch is your own; I leave it alone.",
    ),
    (
        "standard_plan", {"deleteDimension": {"range": span(MILESTONES, FORECAST)}},
        "column missing", "The column Forecast of Milestones is missing.",
    ),
    (
        "standard_plan", put(MILESTONES, 0, FORECAST, stringValue="When"),
        "column renamed", "The column Forecast of Milestones is called When; I know it nevertheless.",
    ),
    (
        "standard_plan", put(MILESTONES, 0, FORECAST, stringValue=""),
        "column renamed", "The column Forecast of Milestones has no title; I know it nevertheless.",
    ),
    (
        "standard_plan", {"moveDimension": {"source": span(MILESTONES, OWNER), "destinationIndex": 12}},
        "column moved", "The column Owner of Milestones has moved to L.",
    ),
    (
        "standard_plan",
        {"insertDimension": {"range": span(CHANGES, 2), "inheritFromBefore": False}}, "", "",
    ),
    (
        "standard_plan", rule(MILESTONES, 1, STATUS, "ONE_OF_LIST", *WORDS[:-1], "Stuck"),
        "dropdown", "The dropdown of Status in Milestones lacks N/A and has also Stuck.",
    ),
    (
        "standard_plan", rule(MILESTONES, 1, STATUS, "ONE_OF_LIST", *WORDS, strict=False),
        "dropdown", "Status in Milestones only warns where it should refuse other values.",
    ),
    (
        "standard_plan", {"setDataValidation": {"range": place(MILESTONES, 1, STATUS)}},
        "dropdown", "Status in Milestones has no dropdown.",
    ),
    (
        "standard_plan", {"setDataValidation": {"range": place(MILESTONES, 1, FORECAST)}},
        "type", "Forecast in Milestones has no check for dates.",
    ),
    (
        "playbook", rule(RISKS, 1, of("risks", "impact", PLAYBOOK), "NUMBER_BETWEEN", "1", "10", strict=False),
        "type", "Impact in Risks takes 1 to 10 instead of 1 to 5.",
    ),
    (
        "standard_plan",
        {"repeatCell": {
            "range": place(MILESTONES, 1, FORECAST),
            "cell": {"userEnteredFormat": {"numberFormat": {"type": "DATE", "pattern": "d/m/yy"}}},
            "fields": "userEnteredFormat.numberFormat",
        }},
        "number format", "Forecast in Milestones shows d/m/yy instead of yyyy-mm-dd.",
    ),
    (
        "standard_plan",
        {"repeatCell": {"range": place(SUMMARY, PROGRESS, 2), "cell": {}, "fields": "userEnteredFormat.numberFormat"}},
        "number format", "Progress in Summary shows no number format instead of 0%.",
    ),
    (
        "standard_plan", put(SUMMARY, PROGRESS, 2, numberValue=0.4),
        "formula missing", "The formula of Progress in Summary is missing.",
    ),
    (
        "standard_plan", put(SUMMARY, PROGRESS, 2, formulaValue="=COUNTA(Milestones!B2:B300)"),
        "formula changed", "Progress in Summary is computed in another way: =COUNTA(Milestones!B2:B300)",
    ),
    (
        "playbook", put(RISKS, 1, of("risks", "score", PLAYBOOK), numberValue=7),
        "formula missing", "The formula of Score in Risks is missing.",
    ),
    (
        "standard_plan", put(SUMMARY, PROGRESS, 1, stringValue="How far"),
        "column renamed", "The field Progress of Summary is called How far.",
    ),
    (
        "standard_plan", {"deleteDimension": {"range": span(SUMMARY, PROGRESS, axis="ROWS")}},
        "column missing", "The field Progress of Summary is missing.",
    ),
    (
        "playbook", put(SETTINGS, BELOW_SETTINGS, 1, stringValue="Mood"),
        "column added", "Settings has a field of your own, Mood; I leave it alone.",
    ),
    (
        "standard_plan",
        {"moveDimension": {"source": span(SUMMARY, 1, axis="ROWS"), "destinationIndex": 5}},
        "column moved", "The field Customer of Summary has moved to row 5.",
    ),
    (
        "standard_plan",
        {"insertDimension": {"range": span(TASKS, 0, axis="ROWS"), "inheritFromBefore": False}},
        "header moved", "The header of Tasks stands in row 2 instead of row 1.",
    ),
    (
        "standard_plan", {"deleteDimension": {"range": span(TASKS, 0, axis="ROWS")}},
        "header missing", "The header row of Tasks was not found in its first rows.",
    ),
    (
        "standard_plan",
        {"updateSheetProperties": {
            "properties": {"sheetId": TASKS, "gridProperties": {}}, "fields": "gridProperties.frozenRowCount",
        }},
        "header not frozen", "The header of Tasks is not frozen.",
    ),
    (
        "standard_plan", {"deleteConditionalFormatRule": {"sheetId": TASKS, "index": 0}},
        "highlights missing", "Tasks lacks 1 of its 3 conditional formats.",
    ),
    (
        "standard_plan", {"updateCells": {"range": place(MILESTONES, 0, FORECAST), "fields": "note"}},
        "help missing", "The header Forecast of Milestones has lost its note of help.",
    ),
    (
        "standard_plan", unmark("implbot.version"),
        "metadata missing", "The file does not say which version of the template it was made from.",
    ),
    (
        "standard_plan", unmark("implbot.highest.tasks"),
        "metadata missing", "The highest ID number is not kept for Tasks: an old ID may come back.",
    ),
    (
        "standard_plan", unmark("implbot.column"),
        "metadata missing", "The column Task of Tasks carries no mark, so a new title could hide it from me.",
    ),
]  # fmt: skip


FOLLOWING = {
    "tab missing": {"formula changed"},
    "column missing": {"formula changed", "highlights missing"},
    "header missing": {"header not frozen"},
}
"""What a person's act takes with it: formulas that pointed there, colours of a deleted column, a deleted frozen row."""


def copy(pushed: Outside, name: str) -> File:
    (template,) = pushed.drive.find({"implbot": "template", "template": name})
    return pushed.drive.ensure_copy(template.id, "Copy", pushed.drive.root().id, "R1:copy")


def looked(pushed: Outside, file: File) -> Structure:
    return read(pushed.google, file.id)


@pytest.mark.parametrize("name", NAMES)
def test_a_fresh_copy_fits(pushed: Outside, name: str) -> None:
    """A copy of a template differs from its schema in nothing."""
    assert check.differences(load(name), looked(pushed, copy(pushed, name))) == []


@pytest.mark.parametrize(("name", "request_", "kind", "words"), PLANTED, ids=[f"{p[2]}: {p[3]}" for p in PLANTED])
def test_each_planted_difference_is_found(pushed: Outside, name: str, request_: Request, kind: str, words: str) -> None:
    """Each kind of difference is found and said in one sentence, and (but for marks of all) nothing else is."""
    file = copy(pushed, name)
    pushed.sheets.batch_update(file.id, [request_])
    found = check.differences(load(name), looked(pushed, file))
    if kind:
        assert (kind, words) in [(one.kind, one.words) for one in found]
    assert {one.kind for one in found} <= {kind} - {""} | FOLLOWING.get(kind, set())


def test_an_unprotected_bot_column_is_found(pushed: Outside) -> None:
    """A bot column without a protection is told, by its name."""
    file = copy(pushed, "standard_plan")
    kept = looked(pushed, file).tabs[CHANGES].found("protectedRanges")
    gone = next(one["protectedRangeId"] for one in kept if one["range"].get("startColumnIndex", 0) == 2)
    pushed.sheets.batch_update(file.id, [{"deleteProtectedRange": {"protectedRangeId": gone}}])
    found = check.differences(PLAN, looked(pushed, file))
    assert [one.words for one in found] == ["Old in Change log is written by the bot and is not protected."]


def test_a_column_of_one_s_own_is_told(pushed: Outside) -> None:
    """A person's own column is told and disturbs nothing."""
    file = copy(pushed, "standard_plan")
    pushed.sheets.batch_update(
        file.id,
        [
            {"insertDimension": {"range": span(MILESTONES, 3), "inheritFromBefore": False}},
            put(MILESTONES, 0, 3, stringValue="Region"),
        ],
    )
    found = check.differences(PLAN, looked(pushed, file))
    assert [one.words for one in found] == ["Milestones has a column of your own, Region; I leave it alone."]


def test_a_tab_made_anew_is_told(pushed: Outside) -> None:
    """A deleted tab that somebody made again under its title is not the bot's tab, which is said."""
    file = copy(pushed, "standard_plan")
    again = {"addSheet": {"properties": {"sheetId": 77, "title": "Tasks"}}}
    pushed.sheets.batch_update(file.id, [{"deleteSheet": {"sheetId": TASKS}}, again])
    found = check.differences(PLAN, looked(pushed, file))
    (told,) = [one for one in found if one.kind == "tab missing"]
    assert told.words == "The tab Tasks was made anew (its id is 77, not 2003); copy the original tab."
    assert told.is_needed
    assert "The formula of Overdue tasks in Summary has lost what it points to (#REF!)." in [one.words for one in found]


def test_an_older_version_is_told(pushed: Outside) -> None:
    """A copy of an older template says so."""
    there = looked(pushed, copy(pushed, "standard_plan"))
    old = replace(there, marks={**there.marks, "implbot.version": "a1b2"})
    (told,) = check.differences(PLAN, old)
    assert told.kind == "version"
    assert told.words.startswith("It was made from version a1b2; the newest is ")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_without_marks_is_recognised(pushed: Outside, name: str) -> None:
    """Which schema a file follows is guessed from its tabs where nothing else tells."""
    likely = check.guess(looked(pushed, copy(pushed, name)), [load(one) for one in NAMES])
    assert likely is not None
    assert likely.name == name


@pytest.mark.parametrize(
    ("order", "names"),
    [("abcd", ""), ("bcda", "a"), ("dabc", "d"), ("acbd", "b"), ("badc", "ac"), ("axbcd", ""), ("acd", "")],
)
def test_the_fewest_columns_have_moved(order: str, names: str) -> None:
    """One moved column does not make all others look moved; a column that was added or deleted is no move."""
    found = {name: at for at, name in enumerate(order)}
    assert len(check_table.moved("abcd", found)) == len(names)
