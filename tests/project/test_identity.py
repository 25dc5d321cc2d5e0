"""Which row keeps an ID, which gets its old one back, which needs a new one: from the last snapshot to now."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.project import identity, rows
from bot.project.cells import Trouble
from bot.project.rows import Reading, Row
from bot.project.schema import load

TASKS = load("standard_plan").tab("tasks")
COLUMNS = ("id", "task", "owner", "check")
HEADER = [TASKS.column(name).title for name in COLUMNS]


def read(*lines: tuple[str, ...]) -> Reading:
    """A tab with these lines: ID, task, owner, and the bot's check."""
    return rows.read_tab(TASKS, [HEADER, *(list(line) for line in lines)])


def mended(before: list[tuple[str, ...]] | None, *now: tuple[str, ...]) -> list[str]:
    """The IDs of all rows after mending, new ones counted on from 9."""
    last = read(*before).rows if before is not None else None
    reading = read(*now)
    ids = {row.number: row.id for row in reading.rows}
    for problem in identity.numbered(TASKS, identity.mends(TASKS, reading, last), 9, 100):
        ids[problem.row] = str(problem.proposal)
    return list(ids.values())


A, B, C = ("T1", "Order hosts", "Ines"), ("T2", "Open firewall", "Tom"), ("T3", "Load data", "Ines")


@pytest.mark.parametrize(
    ("now", "ids"),
    [
        ([A, B, C], ["T1", "T2", "T3"]),
        ([A, ("", "New one"), B, C], ["T1", "T10", "T2", "T3"]),
        # a copy above the original, edited: the original keeps the ID
        ([A, ("T2", "Open firewall in Rome", "Tom"), B, C], ["T1", "T10", "T2", "T3"]),
        # the original edited, the copy not: the copy is closer to what the row was
        ([A, ("T2", "Open firewall in Rome", "Omar"), B, C], ["T1", "T10", "T2", "T3"]),
        # of two that are equally close the first
        ([A, B, B, C], ["T1", "T2", "T10", "T3"]),
        # three holders
        ([B, ("T2", "x"), ("t2", "Open firewall", "Omar")], ["T2", "T10", "T11"]),
        # an ID wiped out, or typed over, comes back while the row is what it was
        ([A, ("", "Open firewall", "Tom"), C], ["T1", "T2", "T3"]),
        ([A, ("T77", "Open firewall", "Tom"), C], ["T1", "T2", "T3"]),
        ([A, ("no idea", "Open firewall", "Tom", "late"), C], ["T1", "T2", "T3"]),
        ([A, ("T1", "Open firewall", "Tom"), C], ["T1", "T2", "T3"]),
        # typed over and edited as well: the new ID stays, the old one is never given again
        ([A, ("T77", "Open firewall", "Omar"), C], ["T1", "T77", "T3"]),
        # two rows could be the lost one: neither gets it
        ([A, ("", "Open firewall", "Tom"), ("", "Open firewall", "Tom"), C], ["T1", "T10", "T11", "T3"]),
        # letters of another case
        ([("t1", *A[1:]), B, C], ["T1", "T2", "T3"]),
        # sorted, and one deleted
        ([C, A], ["T3", "T1"]),
        # two rows whose IDs were swapped by hand stay as typed: rows go by their ID
        ([("T2", *A[1:]), ("T1", *B[1:]), C], ["T2", "T1", "T3"]),
    ],
)
def test_ids_from_the_last_snapshot_to_now(now: list[tuple[str, ...]], ids: list[str]) -> None:
    """Every row has an ID of its own; what nobody touched keeps its own."""
    assert mended([A, B, C], *now) == ids


def test_two_lost_ids_of_equal_rows_are_not_guessed() -> None:
    """Two rows said the same and one of them is there without its ID: nobody knows which, so it gets a new one."""
    twin = ("T4", "Open firewall", "Tom")
    assert mended([B, twin], ("", "Open firewall", "Tom")) == ["T10"]


def test_without_a_snapshot_the_first_holder_keeps_an_id() -> None:
    """A file that was never read before: typed IDs stay, second holders and blanks get new ones."""
    assert mended(None, A, ("T1", "Copy"), ("", "New"), ("mine", "Own")) == ["T1", "T10", "T11", "mine"]


def test_new_ids_are_only_given_as_far_as_numbers_were_reserved() -> None:
    """Rows that appear between the reservation and the write wait for the next scan."""
    wanted = identity.mends(TASKS, read(("", "One"), ("", "Two")))
    assert [(p.row, p.proposal, p.trouble) for p in identity.numbered(TASKS, wanted, 4, 1)] == [
        (2, "T5", Trouble.NO_ID)
    ]


def test_tabs_without_numbered_ids_are_left_alone() -> None:
    """The calendar has no IDs, so nothing is mended there; nor where the ID column is gone."""
    calendar = load("standard_plan").tab("calendar")
    reading = rows.read_tab(calendar, [[c.title for c in calendar.columns], ["Freeze", "", "", "x"]])
    assert identity.mends(calendar, reading) == []
    assert identity.mends(TASKS, rows.read_tab(TASKS, [HEADER[1:], ["Order hosts", "Ines"]])) == []


CELL = st.sampled_from(["", "A", "B"])
LINE = st.tuples(st.sampled_from(["", "T1", "t1", "T2", "T3", "x"]), CELL, CELL)


@given(st.none() | st.lists(LINE, max_size=4), st.lists(LINE, max_size=6))
def test_whatever_people_do_every_row_ends_with_its_own_id(
    before: list[tuple[str, ...]] | None, now: list[tuple[str, ...]]
) -> None:
    """No row is without an ID afterwards, no two share one, and a second look finds nothing to mend."""
    last = [Row[Any](row.id, row.number, row.record) for row in read(*before).rows] if before is not None else None
    reading = read(*now)
    ids = {row.number: row.id for row in reading.rows}
    for problem in identity.numbered(TASKS, identity.mends(TASKS, reading, last), 9, 100):
        ids[problem.row] = str(problem.proposal)
    assert all(ids.values())
    assert len({row_id.casefold() for row_id in ids.values()}) == len(ids)
    again = read(*((ids[row.number], row.record.task, row.record.owner) for row in reading.rows))
    assert identity.mends(TASKS, again, again.rows) == []
