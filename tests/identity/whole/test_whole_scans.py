"""The whole scan of real project files: what the bot keeps of each row is what stands in that row."""

from __future__ import annotations

import random
from typing import Any

import pytest

from bot.watch.files import Known
from tests.identity.whole.conftest import Field
from tests.judge.desk import Desk, telling_column
from tests.judge.gestures import SCAN, drawn, perform
from tests.judge.identity import check_scan, check_truth
from tests.judge.paper import Paper

FILES = {"standard_plan": ("milestones", "tasks"), "playbook": ("risks", "issues", "stakeholders")}


def judged_scan(ground: Field, desk: Desk, known: Known) -> None:
    check_truth(desk)
    ground.scan(known)
    check_scan(desk)
    kept = ground.world.store.snapshot(known.file_id)
    assert kept is not None
    for paper in desk.papers.values():
        check_kept(paper, kept.content[paper.name])


def check_kept(paper: Paper, kept: list[list[Any]]) -> None:
    """Each row once, by its ID, with the words and the number of the row where they stand."""
    telling = telling_column(paper)
    stands = {line.id: (paper.at(line) + 1, str(line.cells.get(telling, "")).strip()) for line in paper.rows}
    says = {key.casefold(): (number, str(values.get(telling.name, ""))) for key, number, values in kept}
    assert says == stands


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_what_is_kept_of_a_row_stands_in_it(ground: Field, part: int) -> None:
    """After every scan, through random edits of people in files made from the templates."""
    for seed in range(part * 10, part * 10 + 10):
        rng = random.Random(seed)
        schema = rng.choice(list(FILES))
        desk, known = ground.desk(schema, FILES[schema])
        judged_scan(ground, desk, known)
        for gesture in drawn(rng, rng.randint(4, 14)):
            if gesture.name == SCAN:
                judged_scan(ground, desk, known)
            else:
                perform(desk, gesture)
        judged_scan(ground, desk, known)
