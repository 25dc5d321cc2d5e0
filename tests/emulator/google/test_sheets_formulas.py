"""Formulas as templates use them: over tabs, open ranges, names, dates; spills; what the engine does not know."""

from __future__ import annotations

from typing import Any

import pytest
from sheets_desk import Desk, desk, grid

__all__ = ["desk"]


@pytest.fixture
def plan(desk: Desk) -> Desk:
    """A tab of tasks: id, owner, status, due, days, share."""
    desk.new_tab("My tasks", rows=100)
    rows: list[list[Any]] = [
        ["ID", "Owner", "Status", "Due", "Days", "Share"],
        ["T-1", "Priya", "Done", "2027-03-04", 3, "50%"],
        ["T-2", "Marcus", "Open", "2027-03-10", 5, "25%"],
        ["T-3", "Priya", "Open", "2027-03-01", 8, "25%"],
    ]
    desk.put("'My tasks'!A1", rows, "USER_ENTERED")
    return desk


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=COUNTIF('My tasks'!C2:C,\"Done\")", 1),
        ("=COUNTIFS('My tasks'!C2:C,\"Open\",'My tasks'!D2:D,\"<\"&DATE(2027,3,5))", 1),
        ("=COUNTA('My tasks'!A2:A)", 3),
        ("=SUM('My tasks'!E:E)", 16),
        ("=SUMIF('My tasks'!B2:B,\"Priya\",'My tasks'!E2:E)", 11),
        ("=SUMPRODUCT(('My tasks'!C2:C=\"Open\")*('My tasks'!E2:E))", 13),
        ("=MINIFS('My tasks'!D2:D,'My tasks'!C2:C,\"Open\")", 46447),
        ("=INDEX('My tasks'!A2:A,MATCH(5,'My tasks'!E2:E,0))", "T-2"),
        ("=XLOOKUP(\"T-3\",'My tasks'!A2:A,'My tasks'!B2:B,\"none\")", "Priya"),
        ("=VLOOKUP(\"T-2\",'My tasks'!A:C,3,FALSE)", "Open"),
        ('=IFERROR(1/0,"-")', "-"),
        ('=IF(TODAY()>DATE(2020,1,1),"late","")', "late"),
        ("=NETWORKDAYS(DATE(2027,3,1),DATE(2027,3,12))", 10),
        ("=WORKDAY(DATE(2027,3,5),1)", 46454),
        ('=TEXT(DATE(2027,3,4),"yyyy-mm-dd")', "2027-03-04"),
        ("=TEXTJOIN(\", \",TRUE,'My tasks'!A2:A)", "T-1, T-2, T-3"),
        ('=IFS(1>2,"a",TRUE,"b")', "b"),
        ("=LET(x,2,x*3)", 6),
        ("=ROUND(AVERAGE('My tasks'!F2:F4),3)", 0.333),
        ("=COUNTA(UNIQUE('My tasks'!B2:B4))", 2),
        ('="Harborpine "&"Logistics"', "Harborpine Logistics"),
        ("=ARRAYFORMULA(SUM('My tasks'!E2:E4*2))", 32),
        ("=B99", ""),
    ],
)
def test_what_templates_compute(plan: Desk, formula: str, value: object) -> None:
    """Each function that the templates use computes, over another tab and open ranges."""
    plan.type("Sheet1!A1", formula)
    found = plan.values("Sheet1!A1", valueRenderOption="UNFORMATTED_VALUE")
    assert found == [[value]]
    assert plan.formula("Sheet1!A1") == formula


def test_spills(plan: Desk) -> None:
    """A list spills over the cells below, which a read shows and typing into blocks."""
    plan.type("Sheet1!A1", "=FILTER('My tasks'!A2:A,'My tasks'!C2:C=\"Open\")")
    assert plan.values("Sheet1!A1:A3") == [["T-2"], ["T-3"]]
    plan.type("Sheet1!A2", "mine")
    assert plan.values("Sheet1!A1:A3")[1] == ["mine"]
    assert plan.cell("Sheet1!A1") == "#REF!"
    plan.type("Sheet1!A2", "")
    assert plan.values("Sheet1!A1:A3") == [["T-2"], ["T-3"]]


def test_a_change_is_calculated_at_once(plan: Desk) -> None:
    """Every read shows the newest values, whoever changed what a formula reads."""
    plan.type("Sheet1!A1", "=SUM('My tasks'!E2:E)")
    assert plan.raw("Sheet1!A1") == 16
    plan.put("'My tasks'!E2", [[100]])
    assert plan.raw("Sheet1!A1") == 113
    plan.batch(
        {
            "deleteDimension": {
                "range": {
                    "sheetId": plan.tab(1)["properties"]["sheetId"],
                    "dimension": "ROWS",
                    "startIndex": 1,
                    "endIndex": 2,
                }
            }
        }
    )
    assert plan.raw("Sheet1!A1") == 13


def test_unknown_functions_keep_their_text(desk: Desk) -> None:
    """A function that the workspace does not compute shows #NAME? and keeps what was typed."""
    desk.type("A1", '=QUERY(B1:C3,"select B")')
    assert desk.cell("A1") == "#NAME?"
    assert desk.formula("A1") == '=QUERY(B1:C3,"select B")'


def test_circles_and_broken_references(desk: Desk) -> None:
    """A circle and a reference to no tab are #REF!."""
    desk.type("A1", "=A2", "=A1", "=Nowhere!A1")
    assert [line[0] for line in desk.values("A1:A3")] == ["#REF!", "#REF!", "#REF!"]


def test_names_in_formulas_follow_their_range(desk: Desk) -> None:
    """A named range in a formula means its range, wherever that has moved."""
    desk.put("A1", [[1], [2], [3]])
    desk.batch({"addNamedRange": {"namedRange": {"name": "Days", "range": grid((0, 3), (0, 1))}}})
    desk.type("C1", "=SUM(Days)")
    assert desk.raw("C1") == 6
    desk.batch({"insertDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 5}}})
    assert desk.raw("C6") == 6


def test_no_formula_ends_the_process(desk: Desk) -> None:
    """Formulas that nest without end, recurse or span far more than the grid show an error or their value."""
    deep, long = "=" + "(" * 3000 + "1" + ")" * 3000, "=" + "+".join(["1"] * 20_000)
    desk.type(
        "A1", "=LAMBDA(x,x(x))(LAMBDA(x,x(x)))", deep, long, "=SUM(B1:ZZ9999999)", '=REPT("x",10)', '=INDIRECT("A5")'
    )
    assert [line[0] for line in desk.values("A1:A6")] == [
        "#NAME?",
        "#ERROR!",
        "#ERROR!",
        "0",
        "xxxxxxxxxx",
        "xxxxxxxxxx",
    ]
    assert desk.formula("A2") == deep
