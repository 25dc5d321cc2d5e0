"""One sweep: ask the shared drive what changed, read only the known files among that, keep what they hold."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.project import schema, snapshot
from bot.project.cells import Trouble
from bot.world import World
from bot.world.drive import Change
from bot.world.engine import Run
from bot.world.google import GoogleError
from bot.world.sheets import Book
from bot.world.store import Snapshot

log = structlog.get_logger(__name__)

PLACE, WATCHED, UNREAD = "changes:place", "changes:watched", "unread"
ID_TROUBLES = (Trouble.NO_ID, Trouble.DUPLICATE_ID)


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
    watched: tuple[str, ...] = ()


def sweep(world: World, run: Run, subject: str, slot: str) -> str:
    """The flow of one sweep; returns its one-line report."""
    del run, subject, slot  # a sweep is one step: reading again after a crash changes nothing
    planned = plan(world)
    failed = [known for known in planned.reads if not _kept(world, known)]
    for known in planned.gone:
        log.warning("a watched file is gone or out of reach", file=known.file_id, project=known.project)
    world.store.remember(UNREAD, [known.file_id for known in failed])
    world.store.remember(WATCHED, planned.watched)
    world.store.remember(PLACE, planned.next_token)
    return f"{len(planned.reads) - len(failed)} files read, {len(failed)} unreadable, {len(planned.gone)} gone"


def plan(world: World) -> Sweep:
    """Gather and decide: one changes.list, whatever the number of projects.

    The first sweep reads every known file; later ones what changed, what is new to them (people may have written in it
    before it was known here), and what could not be read last time.
    """
    known = {file.file_id: file for file in known_files(world)}
    changes, next_token, is_first = _changes(world)
    touched = {change.file_id: change for change in changes if change.file_id in known}
    seen = set() if is_first else set(world.store.recall(WATCHED) or ()) - set(world.store.recall(UNREAD) or ())
    absent = {file_id for file_id, change in touched.items() if not _stands(change)}
    wanted = [file_id for file_id in (*touched, *(known.keys() - seen)) if file_id not in absent]
    return Sweep(
        reads=tuple(known[file_id] for file_id in sorted(set(wanted))),
        gone=tuple(known[file_id] for file_id in sorted(absent)),
        next_token=next_token,
        watched=tuple(known),
    )


def _changes(world: World) -> tuple[list[Change], str, bool]:
    """What changed since the last sweep, where the next one begins, and whether this one is as good as the first."""
    token = world.store.recall(PLACE)
    try:
        if token is not None:
            return *world.drive.changes(str(token)), False
    except GoogleError as error:
        if error.kind not in ("invalid", "missing"):
            raise
        log.warning("the drive's change log begins anew; every file is read", cause=str(error))
    return [], world.drive.start_token(), True


def known_files(world: World) -> list[Known]:
    """The files of every project that is not cancelled."""
    return [
        Known(row[f"{name}_id"], row["schemas"][name], row["key"])
        for row in world.store.all_projects()
        for name in ("playbook", "plan")
        if row["state"] != "Cancelled"
    ]


def read(world: World, known: Known) -> None:
    """Read one file in one call, give new rows their IDs, and add what it holds to its history."""
    wanted, now = schema.load(known.schema), world.clock.now()
    book = world.sheets.read(known.file_id, wanted)
    if any(problem.trouble in ID_TROUBLES for problem in book.problems):
        book = _with_ids(world, known, book)
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
    except Exception:  # whatever people put in a file, it must not keep the others from being read
        log.exception("a file upset its reading", file=known.file_id, project=known.project)
        return False
    return True


def _with_ids(world: World, known: Known, book: Book) -> Book:
    """The book once every row has an ID of its own; as it was when the file does not let us write."""
    try:
        mended = world.sheets.mend_ids(known.file_id, book.schema)
        after = world.sheets.read(known.file_id, book.schema)
    except GoogleError as error:
        log.warning("rows without an ID stay without", file=known.file_id, project=known.project, cause=str(error))
        return book
    given = ", ".join(str(problem.proposal) for problem in mended)
    world.audit("implbot", "gave IDs", known.file_id, project=known.project, reason=given)
    return after


def _stands(change: Change) -> bool:
    return change.file is not None and not change.file.trashed
