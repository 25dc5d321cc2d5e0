"""Cells that name a person: the one stakeholder they mean, or nothing where nobody can tell."""

from __future__ import annotations

import pytest

from bot.project import rows
from bot.project.cells import Trouble
from bot.project.model import Stakeholder
from bot.project.people import Names, name_problems
from bot.project.schema import load

TASKS = load("standard_plan").tab("tasks")
NAMES = Names.of(
    Stakeholder(name=name, email=f"{name.split()[0].lower()}@fernhill.example")
    for name in ("Anna Novak", "Ben Carter", "Ben Osei", "Priya Nair")
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("anna", ["Anna Novak"]),
        ("NOVAK", ["Anna Novak"]),
        ("novak anna", ["Anna Novak"]),
        ("Ana Novak", ["Anna Novak"]),
        ("Anna  Nowak", ["Anna Novak"]),
        ("ben", ["Ben Carter", "Ben Osei"]),
        ("Anna Novak", []),
        ("ANNA NOVAK", []),
        ("anna@fernhill.example", []),
        ("", []),
        ("An", []),
        ("Annabel", []),
        ("the customer", []),
        ("x" * 50_000, []),
        ("\u202eanna", ["Anna Novak"]),
    ],
)
def test_whom_a_text_means(text: str, meant: list[str]) -> None:
    """First and last names and slips of the keyboard find their person; full names and strangers raise no question."""
    assert NAMES.meant(text) == meant


def test_only_an_unambiguous_name_is_proposed() -> None:
    """The problem has the cell's address and the full name, none where two people have that name."""
    header = [TASKS.column(name).title for name in ("id", "task", "owner", "waiting_on")]
    reading = rows.read_tab(
        TASKS, [header, ["T1", "a", "anna", ""], ["T2", "b", "ben", "priya"], ["T3", "c", "", "=1+2"]]
    )
    found = [(p.trouble, p.address, p.proposal, p.row_id) for p in name_problems(TASKS, reading, NAMES)]
    assert found == [
        (Trouble.UNKNOWN_NAME, "Tasks!C2", "Anna Novak", "T1"),
        (Trouble.UNKNOWN_NAME, "Tasks!C3", None, "T2"),
        (Trouble.UNKNOWN_NAME, "Tasks!D3", "Priya Nair", "T2"),
    ]
