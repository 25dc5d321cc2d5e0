"""`implbot check`: every finding of a live project, explained to whoever asks."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from bot import explain
from bot.errors import UserError
from bot.project.model import Stakeholder
from bot.project.schema import load
from bot.world import lacks
from bot.world.lacks import Kind, Lack
from bot.world.sheets import Change
from tests.company import company
from tests.crash.conftest import variables
from tests.pictures import LENA
from tests.rooms import LEAD, Rooms, rooms

__all__ = ["company", "rooms"]

PEOPLE = (
    Stakeholder(id="S1", name="Priya Nair", email="priya.nair@fernhill.example"),
    Stakeholder(id="S2", name="Lena Fischer", email=LENA),
)


def typed(rooms: Rooms, *words: str) -> subprocess.CompletedProcess[str]:
    """Type the verb, beside the bot at work."""
    command = [sys.executable, "-m", "bot", "check", *words]
    environment = {**os.environ, **variables(rooms.world.settings), "IMPLBOT_LOG_LEVEL": "ERROR"}
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def filled(rooms: Rooms) -> dict[str, str]:
    """A project with a task of Lena's that is long overdue, and a word that nobody understands in its settings."""
    files, world = rooms.project(), rooms.world
    world.sheets.fill(files["playbook"], load("playbook"), {"stakeholders": PEOPLE})
    past = world.clock.today("Europe/Berlin") - timedelta(days=30)
    cells: list[tuple[str, Any]] = [("owner", "Lena Fischer"), ("due", past)]
    changes = [Change("tasks", "T1", name, value, by_person=True) for name, value in cells]
    world.sheets.write(files["plan"], load("standard_plan"), changes)
    world.sheets.write(
        files["playbook"], load("playbook"), [Change("settings", "", "check_risk_stale", "later", by_person=True)]
    )
    rooms.sweep("first")
    return files


def test_a_live_project_is_explained(rooms: Rooms) -> None:
    """What, where, why, since, whose, who hears it when, what clears and silences it, and the cell to click."""
    files = filled(rooms)
    past = rooms.world.clock.today("Europe/Berlin") - timedelta(days=30)
    done = typed(rooms, "R1")
    unknown = typed(rooms, "R99", "--id", "RISK-STALE")

    assert done.returncode == 0, done.stderr
    blocks = [block.splitlines() for block in done.stdout.split("\n\n")[1:]]
    (task,) = [lines for lines in blocks if lines[0].startswith("TASK-OVERDUE")]
    told = {line[2:10].strip(): line[10:] for line in task[1:]}
    assert task[0].startswith("TASK-OVERDUE  medium  Tasks!G2  T1 ")
    assert told["why"].startswith(f"T1 was due on {past:%-d %b %Y}, ")
    assert told["since"] == f"{past:%-d %b %Y}"
    assert told["owner"] == "Lena Fischer"
    assert told["hears"].endswith(("with the next morning message", f" {past.year}", f" {past.year + 1}"))
    assert told["clears"] == "Set it Done, or give it a new due day."
    assert "TASK-OVERDUE in the Settings tab" in told["silence"]
    assert told["link"].endswith(f"/{files['plan']}/edit#gid=2003&range=G2")
    assert any(lines[0].startswith("SETTING-UNREADABLE  low  Settings!C13") for lines in blocks)
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert unknown.stderr == "implbot: I have no project 'R99'. `implbot projects` lists them.\n"
    assert list(explain.lines(rooms.world, "R1", "task-overdue"))[2:] == task
    assert "nothing found by OUTSIDER. All is well here." in next(explain.lines(rooms.world, "R1", "OUTSIDER"))
    with pytest.raises(UserError, match="'LATE' is no check"):
        list(explain.lines(rooms.world, "R1", "LATE"))


def test_what_surrounds_the_rows_is_explained_too(rooms: Rooms) -> None:
    """Files in trouble, outsiders, an idle plan, a missing report and unreadable dates come from what sweeps kept."""
    files = filled(rooms)
    world, kept = rooms.world, rooms.world.clock.now()
    rooms.paste(files["plan"], "Milestones!K3", ["next week"])
    rooms.sweep("second")
    lacks.keep(world, Lack(files["plan"], "R1", "plan", Kind.READ_ONLY, kept.isoformat(), (LEAD,)))
    stray = {"project": "R1", "kind": "file", "place": files["playbook"], "title": "Playbook", "url": "", "holder": "1"}
    stray |= {"who": "eve@other.example", "why": "not of the company", "since": kept.isoformat()}
    world.store.remember("strays:standing", {"a": stray, "b": {**stray, "project": "R2", "who": "other@other.example"}})
    world.clock.offset += timedelta(days=40)

    told = "\n".join(explain.lines(world, "R1"))

    assert "FILE-READ-ONLY  medium  the plan  The plan\n" in told
    assert f"The plan is read-only. {LEAD} can mend it." in told
    assert "Somebody has access who should not: eve@other.example (not of the company)." in told
    assert "other@other.example" not in told
    assert "the project manager was told at once, in a message with buttons" in told
    assert "DATE-UNREADABLE  medium  Milestones!K3  M1 Forecast\n" in told
    assert "PLAN-UNTOUCHED  low  the plan  The plan\n" in told
    assert "the project's channel, in the thread of the Monday review" in told


def test_a_project_that_was_never_read_says_so(rooms: Rooms) -> None:
    """Between set-up and the first sweep there is nothing to look at, and one sentence says what to do."""
    rooms.project()

    with pytest.raises(UserError, match="I have not read the sheets of 'R1' yet"):
        list(explain.lines(rooms.world, "R1"))
