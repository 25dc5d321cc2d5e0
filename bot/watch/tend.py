"""Looks after one project once its files were read: the bot's own columns, and what the plan shows of the playbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import timedelta
from functools import partial
from typing import Any

from bot.errors import OutsideError
from bot.project import upkeep
from bot.project.picture import Picture
from bot.project.rows import Row
from bot.project.schema import load
from bot.project.snapshot import unpack
from bot.project.troubles import Troubles
from bot.project.upkeep import Cell, File
from bot.watch import mirror
from bot.world import World, logbook
from bot.world.sheets import UNSEEN, Change

CURRENT = "kept current by the bot"
TYPED_OVER = "somebody typed over a cell that the bot keeps"


def tend(world: World, key: str) -> None:
    """Everything that follows from what was last read of a project; nothing before its first reading.

    A file that does not take a write keeps nothing else from being done; its OutsideError is raised at the end.
    """
    picture = world.picture(key)
    if picture is None:
        return
    sources: dict[File, Troubles] = {
        "playbook": world.troubles(picture.playbook_id),
        "plan": world.troubles(picture.plan_id),
    }
    stale = upkeep.stale(picture, sources, world.store.recall(f"upcoming:{key}"))
    acts: tuple[Callable[[], None], ...] = (
        partial(_keep_current, world, picture, "plan", [cell for cell in stale if cell.file == "plan"]),
        partial(_keep_current, world, picture, "playbook", [cell for cell in stale if cell.file == "playbook"]),
        partial(mirror.reflect, world, picture, sources),
    )
    failures = [failure for act in acts if (failure := _failure(act))]
    if failures:
        raise failures[0]


def _failure(act: Callable[[], None]) -> OutsideError | None:
    try:
        act()
    except OutsideError as failure:
        return failure
    return None


def _keep_current(world: World, picture: Picture, file: File, cells: Sequence[Cell]) -> None:
    """Write the cells of the bot that differ from what was read, in one batch."""
    if not cells:
        return
    over = _typed_over(world, picture, file, cells)
    changes = [
        Change(cell.tab, cell.row_id, cell.column, cell.new, UNSEEN if cell.is_unread else cell.seen) for cell in cells
    ]
    logbook.write(world, picture.key, file, changes, reason=_why(over))


def _why(over: Set[tuple[str, str, str]]) -> Callable[[Change], str]:
    return lambda change: TYPED_OVER if _address(change) in over else CURRENT


def _address(cell: Cell | Change) -> tuple[str, str, str]:
    return cell.tab, cell.row_id, cell.column


def _typed_over(world: World, picture: Picture, file: File, cells: Sequence[Cell]) -> set[tuple[str, str, str]]:
    """The cells that said the right thing when the file was read the time before: somebody typed since."""
    before = _read_before(world, picture, file)
    rows = {(tab, row.id): row.record for tab, listed in before.items() for row in listed}
    return {
        _address(cell)
        for cell in cells
        if cell.new and getattr(rows.get((cell.tab, cell.row_id)), cell.column, None) == cell.new
    }


def _read_before(world: World, picture: Picture, file: File) -> Mapping[str, Sequence[Row[Any]]]:
    file_id = picture.plan_id if file == "plan" else picture.playbook_id
    schema = load(picture.plan_schema if file == "plan" else picture.playbook_schema)
    latest = world.store.snapshot(file_id)
    earlier = world.store.snapshot(file_id, latest.taken_at - timedelta(microseconds=1)) if latest else None
    return unpack(schema, earlier.content) if earlier else {}
