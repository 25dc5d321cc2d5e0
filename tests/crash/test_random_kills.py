"""kill -9 at seeded random moments of a set-up, up to three times in a row: the next start finishes it, once."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import app
from bot.demo.stage import Stage
from bot.settings import Settings
from tests import tiers
from tests.company import Prepared
from tests.crash import judge
from tests.crash.conftest import variables
from tests.crash.workshop import add_request, arguments, hurried, workspace

KEY, CUSTOMER = "R1", "Quillstone Bank"
LONGEST = 45  # calls of a set-up after which a kill may come; it makes a few more
SECONDS = 60.0


@dataclass
class Victim:
    """A set-up in a process of its own, and the workspace that outlives it."""

    stage: Stage
    settings: Settings
    ids: dict[str, str]

    def start(self) -> subprocess.Popen[bytes]:
        """Begin, or go on after a kill."""
        given = json.dumps(arguments(KEY, self.ids))
        command = [sys.executable, "-m", "tests.crash.runner", f"provision:{KEY}", given]
        return subprocess.Popen(command, env={**os.environ, **variables(self.settings)})

    def kill_at(self, process: subprocess.Popen[bytes], calls: int, delay: float) -> None:
        """kill -9 so many calls and seconds from now, unless it has ended by then."""
        begun, waiting = self.calls(), threading.Event()
        while process.poll() is None and self.calls() < begun + calls:
            waiting.wait(0.005)
        waiting.wait(delay)
        process.kill()
        process.wait(SECONDS)

    def calls(self) -> int:
        """How many calls were made so far."""
        counts: dict[str, int] = self.stage.workspace.control("GET", "log?since=1000000000")["counts"]
        return sum(counts.values())


@pytest.fixture
def victim(company: Prepared, tmp_path: Path) -> Iterator[Victim]:
    """A selected request, and nobody at work on it yet."""
    with workspace(company, tmp_path) as (_, stage, settings):
        with app.connected(settings) as world:
            add_request(hurried(world), KEY, CUSTOMER)
        ids = {row["email"]: row["id"] for row in stage.workspace.control("GET", "people")["people"]}
        yield Victim(stage, settings, ids)


@pytest.mark.parametrize("seed", tiers.matrix(range(100), test_all=14))
def test_a_set_up_survives_kills_at_any_moment(victim: Victim, seed: int) -> None:
    """Exactly one of everything in the workspace: trash, archive and deleted messages included."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 3)):
        victim.kill_at(victim.start(), chance.randint(1, LONGEST), chance.uniform(0, 0.04))

    assert victim.start().wait(2 * SECONDS) == 0

    with app.connected(victim.settings) as world:
        assert judge.complaints(hurried(world), victim.stage.raw(), KEY, CUSTOMER) == []
