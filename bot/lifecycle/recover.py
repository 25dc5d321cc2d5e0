"""What the Bot log still tells of a project's last turn to a bot that lost its memory."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.lifecycle import state
from bot.lifecycle.rules import TURNS
from bot.project.model import LogLine
from bot.world import World

Json = Any

STATE = re.compile(r"^\S.* · State$")
UNTIL = re.compile(r" until (\d{4}-\d\d-\d\d)$")


def recover(world: World, row: Json, log: Sequence[LogLine]) -> None:
    """Remember who turned a project last, why, and until when; nothing where the sheet was written by hand."""
    key = row["key"]
    last = next((line for line in reversed(log) if STATE.match(line.object)), None)
    turn = next((one for one, (_, after) in TURNS.items() if last and str(after) == last.new == row["state"]), None)
    if last is None or turn is None or world.store.recall(state.held_key(key)):
        return
    until = UNTIL.search(last.reason)
    person = world.slack.person_by_email(last.actor)
    told = {
        "key": f"rebuilt:{key}:{last.time}",
        "turn": turn.name,
        "reason": UNTIL.sub("", last.reason),
        "until": until[1] if until else "",
        "by": person.id if person else last.actor,
        "at": last.time,
    }
    world.store.remember(state.held_key(key), told)
