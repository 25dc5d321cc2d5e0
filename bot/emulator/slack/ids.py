"""Names of things as Slack makes them: ids such as C0A1B2C3D4E, and message times that always rise."""

from __future__ import annotations

import secrets
import string
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

ALPHABET = string.digits + string.ascii_uppercase


def new_id(prefix: str) -> str:
    """A fresh id: the prefix (C channel, U person, S group, F file …), a zero and nine random characters."""
    return prefix + "0" + "".join(secrets.choice(ALPHABET) for _ in range(9))


def next_ts(workspace: Workspace, at: int | None = None) -> str:
    """The workspace's time as a message `ts`, "1700000000.000100": unique, and later than every one before.

    `at` (seconds since 1970) asks for an earlier moment, as for a scheduled message that fell due a while ago.
    """
    state = workspace.shelf.collection("slack_state")
    now = at * 1_000_000 if at is not None else int(workspace.clock.now().timestamp() * 1_000_000)
    row = state.setdefault("ts", {"micros": 0})
    row["micros"] = max(now, row["micros"] + 100)
    state.save("ts")
    return f"{row['micros'] // 1_000_000}.{row['micros'] % 1_000_000:06d}"


def seconds(workspace: Workspace) -> int:
    """Workspace time in whole seconds since 1970, as `created` and `updated` fields have it."""
    return int(workspace.clock.now().timestamp())
