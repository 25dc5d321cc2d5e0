"""The one door by which a project's cells are written: politely, and with who and why kept beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from bot.project.schema import load
from bot.world.sheets import Change, Outcome

if TYPE_CHECKING:
    from bot.world import World

File = Literal["playbook", "plan"]
BOT = "implbot"


def write(
    world: World, project: str, file: File, changes: Sequence[Change], *, actor: str = BOT, reason: str
) -> list[Outcome]:
    """Write cells beside their IDs; every cell that was written lands in the audit table and in the Bot log tab.

    *actor* is a person's e-mail or user id, or the bot. A cell that somebody changed meanwhile is left alone (see
    `Outcome`). LookupError when there is no such project; GoogleError when the file does not take the write.
    """
    row = world.store.project(project)
    if row is None:
        raise LookupError(f"no project {project}")
    outcomes = world.sheets.write(row[f"{file}_id"], load(row["schemas"][file]), changes)
    for outcome in outcomes:
        if outcome.result == "written":
            words = f"{outcome.change.column}: {outcome.found} → {outcome.change.new} ({reason})"
            subject = f"{outcome.change.tab} {outcome.change.row_id}".strip()
            world.audit(actor, "wrote", subject, project=project, reason=words)
    return outcomes
