"""The judge is judged: bots with a planted fault are caught, each within a few sequences or tries."""

from __future__ import annotations

import random
from typing import Any

import pytest

from bot.project.words import WorkStatus
from bot.world.sheets import Change
from tests.identity.conftest import Scanner, Small
from tests.identity.test_interleavings import (
    PLAN,
    TABS,
    Deed,
    Table,
    Tally,
    blank_row_above,
    once,
    row_above,
    same_cell,
    sorted_rows,
    write_own_cells,
)
from tests.identity.test_random_edits import play
from tests.judge.between import Blinding
from tests.judge.gestures import drawn
from tests.judge.identity import Wrong
from tests.judge.paper import Line

MOST = 60  # sequences within which a fault must show


class Renumbering(Scanner):
    """Takes a row for what its number says."""

    def scan(self) -> None:
        super().scan()
        for paper in self.desk.papers.values():
            at = paper.columns.index(paper.id_column)
            for number, line in enumerate(paper.rows, 1):
                self.desk._put(paper, paper.at(line), at, [[f"{paper.prefix}{number}"]])


class Forgetful(Scanner):
    """Knows no more than what stands there now, so that a deleted row's ID is free again."""

    def scan(self) -> None:
        self.before = {}
        self.desk.act(*(_forget(key) for key in ("implbot.highest.tasks", "implbot.highest.meetings")))
        for paper in self.desk.papers.values():
            at = paper.columns.index(paper.id_column)
            shown = self.desk.shows(paper.sheet_id)[0]
            there = [str(cells[at]) for cells in shown if len(cells) > at]
            highest = max((int(one[1:]) for one in there if one[1:].isdigit()), default=0)
            for line in paper.rows:
                if not line.cells.get(paper.id_column):
                    highest += 1
                    self.desk._put(paper, paper.at(line), at, [[f"{paper.prefix}{highest}"]])
        super().scan()


class Tidying(Scanner):
    """Cannot let people's words be."""

    def scan(self) -> None:
        super().scan()
        ways = {"find": "Thing", "replacement": "thing", "matchCase": True, "allSheets": True}
        self.desk.act({"findReplace": ways})


class FirstKeeps(Scanner):
    """Of two rows with one ID the upper one keeps it, whichever was there before."""

    def scan(self) -> None:
        for paper in self.desk.papers.values():
            at, seen = paper.columns.index(paper.id_column), set[str]()
            for line in paper.rows:
                own = str(line.cells.get(paper.id_column, "")).casefold()
                if own in seen:
                    self.desk._put(paper, paper.at(line), at, [[""]])
                seen.add(own)
        super().scan()


def _forget(key: str) -> dict[str, Any]:
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataKey": key}}}}


@pytest.mark.parametrize("kind", [Renumbering, Forgetful, Tidying, FirstKeeps])
def test_a_faulty_scan_is_caught(small: Small, kind: type[Scanner]) -> None:
    """Random edits show identity by row number, IDs used again, people's words mended, and a copy taken for its row."""
    for seed in range(MOST):
        rng = random.Random(seed)
        scanner = kind(**vars(small.base(PLAN, TABS).twin()))
        try:
            play(scanner, drawn(rng, rng.randint(4, 18)))
        except Wrong:
            return
    pytest.fail(f"{MOST} sequences, and nothing was noticed")


# ---------------------------------------------------------------------- faults of writing


def press_without_comparing(table: Table, target: Line) -> None:
    """*Done*, whatever stands there."""
    change = Change("tasks", target.id.upper(), "status", WorkStatus.DONE, by_person=True)
    table.scanner.sheets.write(table.desk.file_id, table.scanner.schema, [change])


press_without_comparing.__name__ = "press_done"


def test_a_write_that_does_not_compare_is_caught(small: Small) -> None:
    """A person's value that stood there before the bot looked is gone."""
    tally = Tally()
    once(small, press_without_comparing, same_cell, 1, tally)
    assert tally.wrong


@pytest.mark.parametrize("deed", [row_above, blank_row_above, sorted_rows])
def test_a_write_that_does_not_look_again_is_caught(small: Small, deed: Deed) -> None:
    """What is meant for one row stands beside another, and stays there."""
    tally = Tally()
    once(small, write_own_cells, deed, 2, tally, Blinding)
    assert tally.wrong
