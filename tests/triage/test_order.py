"""The order of the backlog, as it is written and explained in the rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.project.model import Request
from bot.project.priority import CRITERIA, explanation, ranks
from bot.project.words import RequestStatus, RequestType, Segment
from bot.triage.board import order_changes


def asked(key: str, kind: RequestType, points: int | None, day: int, **more: object) -> Request:
    fields = {"status": RequestStatus.NEW, **dict.fromkeys(CRITERIA, points), **more}
    return Request(id=key, request_type=kind, submitted=date(2026, 11, day), **fields)  # type: ignore[arg-type]  # by name


BACKLOG = [
    asked("R1", RequestType.TRIAL, 5, 1, proof_no_simpler="x", proof_revenue="y"),
    asked("R2", RequestType.PRODUCTION, 2, 15),
    asked("R3", RequestType.UPGRADE, 3, 13),
    asked("R4", RequestType.UPGRADE, 3, 7),
    asked("R5", RequestType.MIGRATION_CLOUD, 4, 1),
    asked("R6", RequestType.MIGRATION_SELF_HOSTED, 3, 1),
    asked("R7", RequestType.PRODUCTION, 5, 1, status=RequestStatus.SELECTED),
    asked("R8", RequestType.PRODUCTION, 5, 1, status=RequestStatus.DEFERRED, deferred_until=date(2026, 12, 1)),
]


def test_the_whole_backlog_is_ranked_by_class_score_and_age() -> None:
    """The examples of the rules in one queue; decided and deferred requests hold no place in it."""
    assert ranks(BACKLOG) == {"R2": 1, "R4": 2, "R3": 3, "R1": 4, "R6": 5, "R5": 6}


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (BACKLOG[1], "Class 1 (Production deployment), then score 10 of 25, then asked on 15 November 2026"),
        (replace(BACKLOG[1], capacity_fit=None), "then score 8 (4 of 5)"),
        (replace(BACKLOG[1], segment=Segment.SMALL_BUSINESS), "Cannot be selected: small-business"),
        (replace(BACKLOG[0], proof_revenue=""), "Cannot be selected: a trial needs both proofs"),
        (replace(BACKLOG[1], request_type=None), "Class 7 (no kind of project)"),
        (BACKLOG[7], "Deferred until 1 December 2026"),
        (BACKLOG[6], ""),
    ],
)
def test_the_row_says_why_it_stands_there(request_: Request, words: str) -> None:
    """Work class, score and age in the order of what counts, and what stands in the way."""
    assert words in explanation(request_)
    assert bool(words) == bool(explanation(request_))


def test_only_cells_that_differ_are_written() -> None:
    """A backlog in order needs no write; a changed criterion changes its own score and what it overtakes."""
    in_order = [
        replace(one, score=sum(getattr(one, name) for name in CRITERIA), rank=ranks(BACKLOG).get(one.id),
                rank_reason=explanation(one))
        for one in BACKLOG
    ]  # fmt: skip

    assert order_changes(in_order) == []
    raised = [replace(one, capacity_fit=4) if one.id == "R3" else one for one in in_order]
    changed = {(change.row_id, change.column): change.new for change in order_changes(raised)}
    assert set(changed) == {("R3", "score"), ("R3", "rank"), ("R3", "rank_reason"), ("R4", "rank")}
    assert (changed["R3", "score"], changed["R3", "rank"], changed["R4", "rank"]) == (16, 2, 3)
