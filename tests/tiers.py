"""How much of a large test runs in which tier: some in `make test`, more in `make test-all`, all in `make soak`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

TEST, ALL, SOAK = (), (pytest.mark.slow,), (pytest.mark.soak,)

# Files that take ten seconds or more in a tier, longest first: begun last, one of them keeps a core waiting at the end.
LONG = (
    "tests/year/test_year.py",
    "tests/crash/test_random_kills.py",
    "tests/browser/test_story.py",
    "tests/browser/test_newcomer.py",
    "tests/browser/test_page.py",
    "tests/browser/test_app.py",  # with the others that share a browser
    "tests/browser/test_phone.py",
    "tests/test_cli.py",
    "tests/crash/test_kill.py",
    "tests/identity/whole/test_hostile_cells.py",
    "tests/opening/test_wall.py",
    "tests/walks/test_sheet_edit_becomes_reminder.py",
    "tests/walks/test_demo.py",
    "tests/test_rebuild.py",
    "tests/templates/test_verbs.py",
    "tests/identity/test_interleavings.py",
    "tests/walks/test_month_end_becomes_draft.py",
    "tests/identity/whole/test_whole_scans.py",
)


def amounts(test: int = 0, test_all: int = 0, soak: int = 0) -> list[Any]:
    """How many sequences or examples to try in each tier, as parameters of one test; 0 leaves a tier out."""
    wanted = ((test, TEST), (test_all, ALL), (soak, SOAK))
    return [pytest.param(amount, marks=marks) for amount, marks in wanted if amount]


def matrix(cases: Sequence[Any], test: int = 0, test_all: int = 0) -> list[Any]:
    """Every case once, as parameters: so many in `make test`, so many more in `make test-all`, the rest in `make soak`.

    Samples are spread evenly over the list, so that a longer list is still seen from end to end.
    """
    early = _spread(range(len(cases)), test)
    later = _spread([place for place in range(len(cases)) if place not in early], test_all)
    tiers = {**dict.fromkeys(early, TEST), **dict.fromkeys(later, ALL)}
    return [pytest.param(case, marks=tiers.get(place, SOAK), id=str(case)) for place, case in enumerate(cases)]


def _spread(places: Sequence[int], wanted: int) -> set[int]:
    return {places[number * len(places) // wanted] for number in range(wanted)} if places else set()


def turn(nodeid: str) -> int:
    """The place of a test's file among all: long ones before the others, which keep the order they are found in."""
    file = nodeid.split("::", 1)[0]
    return LONG.index(file) if file in LONG else len(LONG)
