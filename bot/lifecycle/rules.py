"""Which turn a project can take from which state, and who is who after a change: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.project.access import WRITERS
from bot.project.words import ProjectState


class Turn(StrEnum):
    """What can be done with a project as a whole; the value is the word on its button."""

    HOLD = "Put on hold"
    RESUME = "Resume"
    CANCEL = "Cancel project"
    REOPEN = "Re-open"


TURNS: Mapping[Turn, tuple[tuple[ProjectState, ...], ProjectState]] = {
    Turn.HOLD: ((ProjectState.ACTIVE, ProjectState.ON_HOLD), ProjectState.ON_HOLD),
    Turn.RESUME: ((ProjectState.ON_HOLD,), ProjectState.ACTIVE),
    Turn.CANCEL: ((ProjectState.ACTIVE, ProjectState.ON_HOLD), ProjectState.CANCELLED),
    Turn.REOPEN: ((ProjectState.CANCELLED,), ProjectState.ACTIVE),
}
"""From which states, and to which one."""

NEEDS_REASON = frozenset({Turn.HOLD, Turn.CANCEL, Turn.REOPEN})
ROLES = {"pm": "Project manager", "ie": "Implementation engineer", "ta": "Technical advisor"}


def turns(state: str) -> list[Turn]:
    """What can be done from a state."""
    return [turn for turn, (before, _) in TURNS.items() if state in before]


@dataclass(frozen=True)
class Swap:
    """One role that changes hands; the former one is empty where nobody had it."""

    role: str
    former_email: str
    former_name: str
    email: str
    name: str
    id: str
    zone: str


def access_after(team: Iterable[tuple[str, str]], former: str, keeps_reading: bool) -> str:
    """What somebody who gave a role up may still do: `writer`, `reader`, or "" for nothing.

    *team* are the roles and addresses after the change.
    """
    roles = [role for role, email in team if email.lower() == former.lower()]
    if any(role in WRITERS for role in roles):
        return "writer"
    return "reader" if roles or keeps_reading else ""
