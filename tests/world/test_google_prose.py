"""The prose of documents: every section has its block, every value is escaped, and a missing fact is named."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import UndefinedError

from bot.project.data import folder
from bot.world.markdown import Table, blocks
from bot.world.prose import day, documents, render


def facts(**changes: Any) -> dict[str, Any]:
    """A month of an invented project."""
    milestone = SimpleNamespace(
        id="M1",
        title="Discovery | *complete*",
        url="https://docs.google.com/spreadsheets/d/x/edit#gid=2002&range=A3:S3",
        plan=date(2026, 10, 5),
        last=None,
        now=date(2026, 10, 9),
        actual=None,
        status="In progress",
    )
    rag = SimpleNamespace(
        overall="Amber", schedule="Amber", scope="", resources="", quality="", trend="", reason="Late."
    )
    given: dict[str, Any] = {
        "customer": "Harborpine Logistics",
        "period": "October 2026",
        "company": "Fernhill Software",
        "pm": "Priya Nair",
        "edition": "customer",
        "baseline_end": date(2026, 11, 30),
        "forecast_end": None,
        "day": 7,
        "rag": rag,
        "exit": SimpleNamespace(met=1, waived=0, total=2, open=[SimpleNamespace(title="SSO", owner="", url="")]),
        "internal": SimpleNamespace(expansion=["Second site"], staffing=[], commercial=[], lessons=[]),
        "milestones": [milestone],
    }
    lists = ("asks", "changes", "achieved", "next", "risks", "issues", "scope", "figures")
    return {**dict.fromkeys(lists, ()), **given, **changes}


def test_every_section_has_its_block() -> None:
    """The list of sections and the blocks of the prose agree, in their order."""
    for name, document in documents().items():
        prose = (folder("doc_templates") / f"{name}.md.j2").read_text("utf-8")
        assert tuple(re.findall(r"{% block (\w+) %}", prose)) == document.sections
        assert set(document.internal) <= set(document.sections)


def test_a_cell_cannot_break_the_table() -> None:
    """A bar and stars typed into a milestone's name stay in its cell; its ID leads to its row."""
    _, table = blocks(render("report", facts(), internal=False)["milestones"])
    assert isinstance(table, Table)
    cells = ["".join(span.text for span in cell) for cell in table.rows[1]]
    assert cells == ["M1", "Discovery | *complete*", "5 Oct", "–", "9 Oct", "–", "In progress"]
    assert table.rows[1][0][0].link.endswith("#gid=2002&range=A3:S3")


def test_internal_words_stay_inside() -> None:
    """The customer's edition has the internal section empty; the company's own has it filled."""
    assert render("report", facts(), internal=False)["internal"] == ""
    assert "Second site" in render("report", facts(), internal=True)["internal"]


def test_empty_sections_are_empty() -> None:
    """Where there is nothing to say there is no heading either."""
    sections = render("report", facts(), internal=False)
    assert [name for name, text in sections.items() if not text] == [
        "asks",
        "changes",
        "achieved",
        "next",
        "risks",
        "scope",
        "figures",
        "internal",
    ]


def test_a_missing_fact_is_named() -> None:
    """Prose that needs a fact nobody gave is an error with the fact's name, never a blank."""
    given = facts()
    del given["milestones"]
    with pytest.raises(UndefinedError, match="milestones"):
        render("report", given, internal=False)


def test_the_hand_off_can_be_written() -> None:
    """A hand-off with only its header filled renders, and names who hands over to whom."""
    lists: dict[str, Any] = dict.fromkeys(("fields", "environments", "people", "open_items", "lessons"), ())
    given = facts(ta="Omar Haddad", completed=None, **lists)
    assert "Priya Nair to Omar Haddad" in render("handoff", given, internal=True)["header"]


def test_days_are_written_as_people_read_them() -> None:
    """No leading zero, month by name; a dash for no date."""
    assert (day(date(2027, 3, 4)), day(None)) == ("4 Mar 2027", "–")
