"""What people do in the grid, the log of edits, and workspace time in formulas."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sheets_desk import INES, PRIYA, TOM, Desk, desk, grid

from bot.emulator.google.errors import GoogleError
from bot.emulator.google.sheets import edits, hands
from bot.emulator.workspace import Workspace

__all__ = ["desk"]
Inside = Callable[[Callable[[], Any]], Any]


def test_typing_into_a_cell(desk: Desk, workspace: Workspace, inside: Inside) -> None:
    """Typing parses like the grid, answers what is displayed, and is logged with who, where, old and new."""
    assert inside(lambda: hands.type_into(workspace, INES, desk.id, "Sheet1", "B2", "50%")) == "50%"
    assert desk.raw("B2") == 0.5
    inside(lambda: hands.type_into(workspace, INES, desk.id, "Sheet1", "B2", ""))
    found = inside(lambda: edits.of(workspace, desk.id))
    assert [(one["who"], one["tab"], one["cell"], one["old"], one["new"]) for one in found] == [
        (INES, "Sheet1", "B2", None, 0.5),
        (INES, "Sheet1", "B2", 0.5, None),
    ]


def test_rows_are_inserted_and_deleted(desk: Desk, workspace: Workspace, inside: Inside) -> None:
    """A row is inserted with what is typed into it, or deleted; both are logged."""
    desk.put("A1", [["id"], ["T-1"], ["T-2"]])
    inside(lambda: hands.insert_row(workspace, INES, desk.id, "Sheet1", 3, ["T-1b", "2027-03-04"]))
    assert desk.values("A1:B4") == [["id"], ["T-1"], ["T-1b", "2027-03-04"], ["T-2"]]
    inside(lambda: hands.delete_row(workspace, INES, desk.id, "Sheet1", 2))
    assert desk.values("A1:A3") == [["id"], ["T-1b"], ["T-2"]]
    assert "row inserted" in [one["new"] for one in inside(lambda: edits.of(workspace, desk.id))]


def test_only_those_who_may(desk: Desk, workspace: Workspace, inside: Inside) -> None:
    """Each hand checks the person's access; an unknown tab is refused by its name."""
    desk.of(PRIYA, "reader")
    for email in (PRIYA, TOM):
        with pytest.raises(GoogleError):
            inside(partial(hands.type_into, workspace, email, desk.id, "Sheet1", "A1", "x"))
    with pytest.raises(GoogleError):
        inside(lambda: hands.grid(workspace, TOM, desk.id))
    with pytest.raises(GoogleError, match="Nowhere"):
        inside(lambda: hands.type_into(workspace, INES, desk.id, "Nowhere", "A1", "x"))


def test_a_strict_list_stops_a_person(desk: Desk, workspace: Workspace, inside: Inside) -> None:
    """The grid refuses what a strict list does not hold, though the API lets it in."""
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "Open"}]}, "strict": True}
    desk.batch({"setDataValidation": {"range": grid((0, 1), (0, 1)), "rule": rule}})
    with pytest.raises(GoogleError, match="violates the data validation rules"):
        inside(lambda: hands.type_into(workspace, INES, desk.id, "Sheet1", "A1", "Nonsense"))
    inside(lambda: hands.type_into(workspace, INES, desk.id, "Sheet1", "A1", "Open"))
    assert desk.cell("A1") == "Open"


def test_the_grid_shows_what_people_see(desk: Desk, workspace: Workspace, inside: Inside) -> None:
    """Displayed text, colours, dropdowns, notes, links and formulas of every tab."""
    rule = {"condition": {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": "=$D$1:$D$2"}]}}
    desk.put("A1", [["=1+1", "", "", "Open"], ["", "", "", "Done"]], "USER_ENTERED")
    style = {"userEnteredFormat": {"backgroundColor": {"red": 1}, "textFormat": {"bold": True}}, "note": "sum"}
    desk.batch(
        {"repeatCell": {"range": grid((0, 1), (0, 1)), "cell": style, "fields": "userEnteredFormat,note"}},
        {"setDataValidation": {"range": grid((0, 1), (1, 2)), "rule": rule}},
    )
    shown = inside(lambda: hands.grid(workspace, INES, desk.id))
    cells = shown["tabs"][0]["rows"][0]["cells"]
    assert cells[0] == {"text": "2", "bold": True, "background": "#ff0000", "note": "sum", "formula": "=1+1"}
    assert cells[1] == {"options": ["Open", "Done"]}
    assert shown["edits"]


def test_a_large_write_is_one_entry(desk: Desk, workspace: Workspace, inside: Inside) -> None:
    """What programs write is logged too; many cells at once become one entry per tab."""
    desk.put("A1", [[row * 10 + at for at in range(10)] for row in range(10)])
    [entry] = inside(lambda: edits.of(workspace, desk.id))
    assert (entry["cell"], entry["new"], entry["who"]) == ("A1:J10", "100 cells", INES)


def test_today_follows_workspace_time(desk: Desk, workspace: Workspace, running: Any) -> None:
    """TODAY() and NOW() are workspace time in the spreadsheet's zone and move with the clock."""
    desk.batch(
        {"updateSpreadsheetProperties": {"properties": {"timeZone": "Pacific/Kiritimati"}, "fields": "timeZone"}}
    )
    desk.type("A1", "=TODAY()", "=NOW()", "=TODAY()+1")
    now = workspace.clock.now()
    before = desk.raw("A1")
    assert abs(desk.raw("A2") - before) < 1
    assert desk.formula("A1") == "=TODAY()"
    target = now + timedelta(days=2)
    asyncio.run_coroutine_threadsafe(workspace.clock.advance(target), running.loop).result(30)
    assert desk.raw("A1") == before + 2
    assert desk.raw("A3") == before + 3
    assert desk.cell_data("A1")["effectiveFormat"]["numberFormat"]["type"] == "DATE"
