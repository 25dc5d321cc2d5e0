"""One sweep: ask the shared drive what changed, read only the known files among that, keep what they hold."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.project import schema, snapshot
from bot.world import World
from bot.world.drive import Change
from bot.world.engine import Run
from bot.world.google import GoogleError
from bot.world.store import Snapshot

log = structlog.get_logger(__name__)

PLACE = "changes:place"


@dataclass(frozen=True)
class Known:
    """A file that the bot watches, and what it is."""

    file_id: str
    schema: str
    project: str


@dataclass(frozen=True)
class Sweep:
    """What one sweep would do: which known files to read, which are gone, and where to begin next time."""

    reads: tuple[Known, ...]
    gone: tuple[Known, ...]
    next_token: str


def sweep(world: World, run: Run, subject: str, slot: str) -> str:
    """The flow of one sweep; returns its one-line report."""
    del run, subject, slot  # a sweep is one step: reading again after a crash changes nothing
    planned = plan(world)
    failed = [known for known in planned.reads if not _kept(world, known)]
    for known in planned.gone:
        log.warning("a watched file is gone or out of reach", file=known.file_id, project=known.project)
    world.store.remember("unread", [known.file_id for known in failed])
    world.store.remember(PLACE, planned.next_token)
    return f"{len(planned.reads) - len(failed)} files read, {len(failed)} unreadable, {len(planned.gone)} gone"


def plan(world: World) -> Sweep:
    """Gather and decide: one changes.list, whatever the number of projects; the first sweep reads every known file."""
    known = {file.file_id: file for file in known_files(world)}
    token = world.store.recall(PLACE)
    if token is None:
        return Sweep(tuple(known.values()), (), world.drive.start_token())
    changes, next_token = world.drive.changes(str(token))
    touched = {change.file_id: change for change in changes if change.file_id in known}
    again = [known[file_id] for file_id in world.store.recall("unread") or () if file_id in known]
    reads = [known[file_id] for file_id, change in touched.items() if _stands(change)]
    gone = tuple(known[file_id] for file_id, change in touched.items() if not _stands(change))
    return Sweep(tuple(dict.fromkeys([*reads, *again])), gone, next_token)


def known_files(world: World) -> list[Known]:
    """The files of every project that is not cancelled."""
    return [
        Known(row[f"{name}_id"], row["schemas"][name], row["key"])
        for row in world.store.all_projects()
        for name in ("playbook", "plan")
        if row["state"] != "Cancelled"
    ]


def read(world: World, known: Known) -> None:
    """Read one file in one call and add what it holds to its history."""
    wanted, now = schema.load(known.schema), world.clock.now()
    book = world.sheets.read(known.file_id, wanted)
    packed = snapshot.pack({tab.name: book.rows(tab.name) for tab in wanted.tabs})
    before = world.store.snapshot(known.file_id)
    if before is None or before.content != packed:
        world.store.keep_snapshot(known.file_id, Snapshot(now, now, packed))


def preview(world: World) -> str:
    """What a sweep would read now, in words."""
    planned = plan(world)
    names = [f"would read the {known.schema} of {known.project}" for known in planned.reads]
    names += [f"the {known.schema} of {known.project} is gone or out of reach" for known in planned.gone]
    return "\n".join(names) or "Nothing changed since the last sweep."


def _kept(world: World, known: Known) -> bool:
    """Read a file; a failure is logged and tried again next time, and other files go on."""
    try:
        read(world, known)
    except GoogleError as error:
        log.warning("a file could not be read", file=known.file_id, project=known.project, cause=str(error))
        return False
    return True


def _stands(change: Change) -> bool:
    return change.file is not None and not change.file.trashed
