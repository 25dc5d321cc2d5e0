"""Whatever people do to their tables between two scans, every row stays itself and no cell of a person changes."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from tests.identity.conftest import Scanner, Small
from tests.judge.gestures import SCAN, Gesture, drawn, perform

FILES = {"standard_plan": ("tasks", "meetings"), "playbook": ("risks", "issues")}


def play(scanner: Scanner, gestures: Sequence[Gesture]) -> None:
    """Make the gestures, with a judged scan where they say and at the end."""
    for gesture in gestures:
        if gesture.name == SCAN:
            scanner.judged_scan()
        else:
            perform(scanner.desk, gesture)
    scanner.judged_scan()


def shortest(small: Small, schema: str, gestures: list[Gesture]) -> str:
    """What goes wrong, and the gestures without which it would not."""
    kept, wrong = list(gestures), ""
    for gesture in [None, *gestures]:
        fewer = [one for one in kept if one is not gesture]
        try:
            play(small.base(schema, FILES[schema]).twin(), fewer)
        except AssertionError as error:
            kept, wrong = fewer, str(error)
    return "\n  ".join([wrong, *map(str, kept)])


def run(small: Small, seeds: range, longest: int) -> str:
    """Play a sequence for each seed; what that came to, in words."""
    edits = scans = 0
    for seed in seeds:
        rng = random.Random(seed)
        schema = rng.choice(list(FILES))
        gestures = drawn(rng, rng.randint(3, longest))
        scanner = small.base(schema, FILES[schema]).twin()
        try:
            play(scanner, gestures)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, {schema}: {shortest(small, schema, gestures)}") from error
        edits, scans = edits + scanner.desk.edits, scans + scanner.scans
    return f"{len(seeds)} sequences, {edits} edits of people, {scans} scans: no cell lost, no row confused, no ID twice"


@pytest.mark.parametrize("part", range(4))
def test_rows_stay_themselves(small: Small, part: int, record_property: Callable[[str, object], None]) -> None:
    """After every scan each row has the ID it had, copies and new rows have new ones, and people's cells are theirs."""
    record_property("figure", run(small, range(part * 50, part * 50 + 50), longest=8))


@pytest.mark.parametrize("typed", ["T999999", "t-3", "T٣", "=1+1"])
def test_no_id_that_a_hand_writes_upsets_the_next_ones(small: Small, typed: str) -> None:
    """After any word in an ID cell, new rows and copies still get IDs of their own that nobody had."""
    scanner = small.base("standard_plan", FILES["standard_plan"]).twin()
    desk, paper = scanner.desk, scanner.desk.papers["tasks"]
    desk.type(paper, paper.rows[0], paper.id_column, typed)
    scanner.judged_scan()
    for _ in range(2):
        perform(desk, Gesture("append_row", 1, 4, 0))
        perform(desk, Gesture("duplicate_and_change", 1, 0, 0))
        scanner.judged_scan()
        perform(desk, Gesture("replace_last", 1, 4, 0))
        scanner.judged_scan()


@pytest.mark.soak
@pytest.mark.parametrize("part", range(10))
def test_rows_stay_themselves_in_thousands(
    small: Small, part: int, record_property: Callable[[str, object], None]
) -> None:
    """The same over long sequences."""
    record_property("figure", run(small, range(1000 + part * 200, 1200 + part * 200), longest=24))
