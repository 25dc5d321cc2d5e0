"""How much of a large test runs in which tier: some in `make test`, more in `make test-all`, all in `make soak`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

TEST, ALL, SOAK = (), (pytest.mark.slow,), (pytest.mark.soak,)


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
