"""The digest as the channel gets it: once, and only when there is something to say."""

from __future__ import annotations

import pytest

from bot.digests import send
from bot.errors import UserError
from bot.project.schema import load
from tests.rooms import MISSED, Rooms

FRIDAY = "2026-11-20T14:00:00+01:00"


def posts(rooms: Rooms) -> list[str]:
    """The digests that stand in the project's channel."""
    return [row["text"] for row in rooms.stage.raw()["messages"] if "Weekly digest" in row["text"]]


def test_an_empty_digest_is_not_sent(rooms: Rooms) -> None:
    """A project in which nothing is dated, done or visible stays silent, and the preview says so."""
    files = rooms.project()
    rooms.world.sheets.fill(files["plan"], load("standard_plan"), {"prerequisites": [], "tasks": []})
    rooms.sweep("1")
    rooms.at(FRIDAY)

    assert send.preview(rooms.world, "R1").startswith("Nothing to say")
    assert rooms.run("digest", "1", subject="R1", slot=FRIDAY) == "nothing to say"
    assert posts(rooms) == []


def test_a_digest_asked_for_twice_is_posted_once(rooms: Rooms) -> None:
    """One on a day; the next compares with the moment of this one."""
    rooms.project()
    rooms.sweep("1")
    rooms.at(FRIDAY)

    rooms.run("digest", "1", subject="R1", slot=FRIDAY)
    last = rooms.world.store.recall("digest:R1:last")
    rooms.at("2026-11-20T15:00:00+01:00")
    rooms.run("digest", "2", subject="R1", slot=FRIDAY)

    assert len(posts(rooms)) == 1
    assert rooms.world.store.recall("digest:R1:last") == last


def test_a_digest_that_failed_is_tried_again_within_its_grace(rooms: Rooms) -> None:
    """At once, then after a minute; a day later it is over."""
    rooms.project()
    rooms.sweep("1")
    rooms.fault("slack.chat.postMessage", **MISSED)
    rooms.at("2026-11-20T14:00:30+01:00")
    rooms.tick()
    failed = posts(rooms)

    rooms.at("2026-11-20T14:01:30+01:00")
    rooms.tick()

    assert failed == []
    assert len(posts(rooms)) == 1


def test_a_project_that_nobody_knows_is_a_sentence(rooms: Rooms) -> None:
    """The operator reads what to do."""
    with pytest.raises(UserError, match="implbot projects"):
        send.preview(rooms.world, "R99")
