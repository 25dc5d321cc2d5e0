"""Every hostile content in every column is read as plain text or told as a problem, and never upsets the reading."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

import pytest

from bot.project.rows import read_tab, to_cells
from bot.project.schema import load
from tests.judge import hostile
from tests.judge.paper import columns, described

DAY = date(2026, 11, 26)
TABS = [("standard_plan", "milestones"), ("standard_plan", "tasks"), ("playbook", "risks"), ("playbook", "issues"),
        ("playbook", "stakeholders")]  # fmt: skip

BLANK = "blank that is none"  # it means what the column's default says
READABLE = {
    "date": (BLANK, "fraction"),
    "string": (BLANK,),
    "integer": (BLANK, "tiny day"),
    "number": (BLANK, "tiny day"),
}
"""What may be read in silence: a day with its hour, and the number one."""


def bare(value: Any) -> bool:
    """True when the text of a record holds nothing that cannot be seen, joiners and ends of lines apart."""
    return not isinstance(value, str) or not [
        sign for sign in value if unicodedata.category(sign) in ("Cc", "Cf") and sign not in "\n\t\u200d\U000e0067"
    ]


@pytest.mark.parametrize(("schema", "tab"), TABS)
def test_each_content_is_text_or_a_problem(schema: str, tab: str) -> None:
    """In columns of dates, numbers, ticks and words each has a problem at its place or is left blank; text is bare."""
    wanted = load(schema).tab(tab)
    made = list(columns(schema, tab))
    kinds = {one["name"]: one for one in described(schema)[tab]["columns"]}
    placed = list(hostile.rows(schema, tab, DAY, list(hostile.CONTENTS), everywhere=True))
    values = [[column.title for column in made], *(cells for _, _, cells in placed)]

    reading = read_tab(wanted, values)

    told = {(problem.row, problem.column) for problem in reading.problems}
    by_number = {row.number: row.record for row in reading.rows}
    wrong: list[str] = []
    for number, (content, name, _) in enumerate(placed, 2):
        record = by_number.get(number)
        for column in [one for one in made if record is not None and name in ("", one.name) and one.name != "id"]:
            value = getattr(record, column.name)
            is_free = column.kind == "string" and "enum" not in kinds[column.name].get("constraints", {})
            is_told = is_free or (number, column.name) in told or content in READABLE.get(column.kind, ())
            if not bare(value) or not (is_told or value in (None, "", False)):
                wrong.append(f"{content} in {column.name} is taken for {str(value)[:60]!r}")
        if record is not None:
            to_cells(wanted, record)
    assert wrong == []
