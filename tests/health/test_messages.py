"""What the ops channel reads about the bot, beside golden files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.health import messages
from bot.health.facts import Health, Unwell
from bot.health.failures import Failure
from bot.health.outages import Outage
from tests import golden

GOLDEN = Path(__file__).parent / "golden"
ZONE, NOW = "Europe/Berlin", datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NAMES = {"priya.nair@fernhill.example": "Priya Nair", "sofia.rossi@fernhill.example": "Sofia Rossi"}
CALLS = {"Google": 1873, "Slack": 412}
FINE = Health(NOW, ZONE, started=NOW - 9 * 24 * HOUR, ticked=NOW, swept=NOW - HOUR / 60, watched=41, sent=12)
TRASHED = Unwell("R1", "Quillstone Bank", "plan", "in the trash", "https://docs.google.com/spreadsheets/d/1/edit",
                 tuple(NAMES), NOW - 3 * HOUR)  # fmt: skip
MOVED = replace(TRASHED, project="R2", customer="Tidewell", file="playbook", why="moved out of its folder",
                menders=("priya.nair@fernhill.example",), is_unreadable=False)  # fmt: skip
FAILED = Failure("sched:digest:R1:2026-11-20:2", "digest", "R1", (NOW - 9 * HOUR).isoformat(),
                 (NOW - 8 * HOUR).isoformat(), 2, "no_connection", again=(NOW + HOUR).isoformat())  # fmt: skip
MENDED = replace(FAILED, mended=NOW.isoformat())
SLACK = Outage("Slack", (NOW - 2 * HOUR).isoformat(), NOW.isoformat(), 3, "x", "the connection was closed")
GOOGLE = replace(SLACK, service="Google", cause="drive.changes.list: 503 Backend Error")
SHUT_OUT = replace(GOOGLE, cause="invalid_grant: account disabled", is_shut_out=True, looks=2)
TROUBLED = replace(FINE, unwell=(TRASHED, MOVED), failures=(FAILED,), doubtful=(("digest:R1", NOW - HOUR),))
DAY_AGO = NOW - 24 * HOUR

KINDS = {
    "heartbeat": messages.heartbeat(FINE, DAY_AGO, CALLS, NAMES),
    "heartbeat_troubled": messages.heartbeat(TROUBLED, DAY_AGO, CALLS, NAMES),
    "heartbeat_no_sweep": messages.heartbeat(replace(FINE, swept=None), DAY_AGO, {}, NAMES),
    "standstill_tick": messages.standstill("tick", HOUR / 4),
    "standstill_sweep": messages.standstill("sweep", HOUR / 2),
    "moves_again": messages.moves_again("tick", NOW - HOUR, NOW, ZONE),
    "was_away": messages.was_away(NOW - 26 * HOUR, NOW, ZONE),
    "lost": messages.lost(GOOGLE, ZONE),
    "shut_out": messages.lost(SHUT_OUT, ZONE),
    "back": messages.back(
        SLACK, NOW, ZONE, "14 messages that were due went out", [replace(FAILED, mended=NOW.isoformat())]
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_message_is_as_it_was_read_aloud(name: str) -> None:
    """A changed word shows here first."""
    golden.same(GOLDEN / f"{name}.json", golden.shown(KINDS[name]))
