"""What a schema's spreadsheet is built from."""

from __future__ import annotations

from typing import Any

import pytest

from bot.project.schema import NAMES, load
from bot.templates.spreadsheet import requests
from bot.world.sheets import COLUMN_KEY


def of(kind: str, schema: str) -> list[dict[str, Any]]:
    return [request[kind] for request in requests(load(schema)) if kind in request]


@pytest.mark.parametrize("schema", NAMES)
def test_every_tab_has_its_fixed_id(schema: str) -> None:
    """Tabs are made in the schema's order with the schema's ids, and the blank tab goes last."""
    made = [tab["properties"] for tab in of("addSheet", schema)]
    assert [(p["sheetId"], p["title"]) for p in made] == [(t.sheet_id, t.title) for t in load(schema).tabs]
    assert requests(load(schema))[-1] == {"deleteSheet": {"sheetId": 0}}


@pytest.mark.parametrize("schema", NAMES)
def test_every_column_is_marked(schema: str) -> None:
    """Each column (and each field of a form) carries metadata with its name, so that a rename does not lose it."""
    marks = [entry["developerMetadata"] for entry in of("createDeveloperMetadata", schema)]
    marked = [mark["metadataValue"] for mark in marks if mark["metadataKey"] == COLUMN_KEY]
    assert marked == [column.name for tab in load(schema).tabs for column in tab.columns]


def test_people_are_warned_not_stopped() -> None:
    """Bot columns are protected by a warning only."""
    assert {entry["protectedRange"]["warningOnly"] for entry in of("addProtectedRange", "playbook")} == {True}


def test_fixed_vocabularies_become_strict_lists() -> None:
    """A milestone's status offers exactly the schema's words."""
    tab = load("standard_plan").tab("milestones")
    column = tab.index("status")
    (rule,) = [
        entry["rule"]
        for entry in of("setDataValidation", "standard_plan")
        if (entry["range"]["sheetId"], entry["range"]["startColumnIndex"]) == (tab.sheet_id, column)
    ]
    assert [value["userEnteredValue"] for value in rule["condition"]["values"]] == list(
        tab.column("status").constraints.enum
    )
    assert rule["strict"] is True


def test_tabs_of_later_phases_start_hidden() -> None:
    """A tab that the first phase does not need is hidden until its phase comes."""
    hidden = {tab["properties"]["title"] for tab in of("addSheet", "playbook") if tab["properties"].get("hidden")}
    assert hidden == {tab.title for tab in load("playbook").tabs if tab.shown_from}


def test_template_rows_and_formulas_are_in() -> None:
    """The plan starts with the standard milestones, and its summary with formulas."""
    texts = str(of("updateCells", "standard_plan"))
    assert "M14" in texts
    assert "COUNTIF" in texts
