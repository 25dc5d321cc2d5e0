"""What must not reach a customer with their plan, as tables; and that our own templates hold nothing of it."""

from __future__ import annotations

import pytest

from bot.project.leaks import (
    Leak,
    LeakKind,
    Said,
    Sight,
    find,
    is_template_note,
    not_passed,
    own_notes,
    revenue_words,
)
from bot.project.schema import load, parts
from bot.project.starting_rows import template_rows
from bot.project.words import RequestType

OWN, OTHERS = "Harborpine Logistics", ("Harborpine Logistics", "Quillstone Bank", "First National", "Pine")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Same set-up as at Quillstone Bank", ["Quillstone Bank"]),
        ("same as QUILLSTONE   bank", ["Quillstone Bank"]),
        ("as for Quillstone", ["Quillstone"]),
        ("Harborpine Logistics kickoff", []),
        ("Pine floors", ["Pine"]),
        ("Harborpine", []),
        ("the first national holiday", ["First National"]),
        ("first of May", []),
    ],
)
def test_other_customers_names(words: str, found: list[str]) -> None:
    """Whole words in any case, a telling first word by itself, and never the customer's own name."""
    leaks = find(Sight(cells=[Said("Tasks B2", words)], own=OWN), OTHERS)

    assert [leak.words for leak in leaks] == found
    assert all(leak.kind is LeakKind.CUSTOMER for leak in leaks)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ARR is 2 million", ["ARR"]),
        ("arr, matey", []),
        ("a discount of 10 %", ["discount"]),
        ("Upsell after go-live", ["Upsell"]),
        ("expansion opportunity in spring", ["expansion opportunity"]),
        ("long-term success and expansion", []),
        ("margin of error", ["margin"]),
        ("array and carry", []),
        ("next fiscal year", ["fiscal year"]),
    ],
)
def test_revenue_words(words: str, found: list[str]) -> None:
    """Words about money between us, as whole words; shorthand only in capitals."""
    assert revenue_words(words) == found


@pytest.mark.parametrize("kind", [kind for kind in RequestType if kind is not RequestType.OTHER])
def test_our_own_templates_hold_no_such_words(kind: RequestType) -> None:
    """A fresh plan of any kind can be opened without a reason."""
    part = parts(kind)
    book = load(part.plan)
    words = [text for tab in book.tabs for column in tab.columns for text in (column.title, column.description)]
    words += [str(vars(row)) for tab in book.tabs if tab.rows for row in template_rows(tab, part.variant)]

    assert [found for text in words for found in revenue_words(text)] == []


def test_tabs_are_never_passed_and_words_only_with_a_reason() -> None:
    """A reason covers the words it was given for, as long as they stay."""
    sight = Sight(
        cells=[Said("Tasks B2", "discount"), Said("Tasks B9", "Discount"), Said("Tasks B3", "churn")],
        notes=[Said("Tasks B4", "ask Tom")],
        hidden=["Scratch"],
        internal=["Risks"],
        own=OWN,
    )
    found = find(sight, OTHERS)
    passed = {leak.key: "they know" for leak in found if leak.words != "churn"}

    assert [leak.kind for leak in found] == [
        "internal tab",
        "hidden tab",
        "note on a cell",
        *["word about revenue"] * 2,
    ]
    assert [leak.words for leak in not_passed(found, passed)] == ["Risks", "Scratch", "churn"]
    assert not_passed([Leak(LeakKind.WORD, "x", "churn")], {Leak(LeakKind.WORD, "y", "Churn").key: " "})


def test_the_templates_own_notes_are_none() -> None:
    """What the header says of its column is for everybody; anything more is somebody's note."""
    known = own_notes(load("standard_plan"))

    assert is_template_note("A gate must pass before the project goes on.", known)
    assert is_template_note("Written by the bot; you need not touch it.", known)
    assert is_template_note("Neither done nor not needed. Written by the bot; you need not touch it.", known)
    assert not is_template_note("A gate must pass before the project goes on. Ask Tom about it.", known)
