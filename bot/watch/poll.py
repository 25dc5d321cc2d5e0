"""One sweep: ask the drive what changed, read only the known files among that, keep what they hold, tend the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot.errors import OutsideError
from bot.project import snapshot, troubles
from bot.project.cells import Trouble, clean
from bot.project.layout import DriftKind
from bot.project.rows import Row
from bot.watch import access, drift, files
from bot.watch.files import Known, known_files
from bot.watch.tend import tend
from bot.watch.told import COMPARED, PLACE, READ, Sweep, plan
from bot.world import World, lacks, logbook
from bot.world.engine import Run
from bot.world.google import GoogleError
from bot.world.lacks import UNREAD, Kind
from bot.world.logbook import Line
from bot.world.sheets import Book
from bot.world.store import Snapshot

log = structlog.get_logger(__name__)

BACKLOG = "backlog:changed"
CHANGED, TENDED = "changed:", "tended:"  # a row each by project
Json = Any
Rows = Mapping[str, Sequence[Row[Any]]]

ID_TROUBLES = (Trouble.NO_ID, Trouble.DUPLICATE_ID)


def sweep(world: World, run: Run, subject: str, slot: str) -> str:
    """The flow of one sweep; returns its one-line report."""
    del run, subject, slot  # a sweep is one step: reading again after a crash changes nothing
    planned = plan(world)
    refused: set[Known] = set()
    books = {known: _kept(world, known, refused, planned.modified(known)) for known in planned.reads}
    unread = [known for known, book in books.items() if book is None]
    unasked = [known for known, book in books.items() if book is not None and not _is_looked_at(world, known, book)]
    _note(world, planned, books, refused)
    _tended(world, {known.project for known, book in books.items() if book is not None})
    _remember(world, planned, books, [known.file_id for known in unread + unasked])
    return f"{len(books) - len(unread)} files read, {len(unread)} unreadable, {len(planned.gone)} gone"


def _remember(world: World, planned: Sweep, books: Mapping[Known, Book | None], unread: Sequence[str]) -> None:
    """Where the next sweep begins: what was read, and as of when by the drive's own time."""
    now = world.clock.now()
    told = {known.file_id: file.modified for known, file in planned.seen.items() if file}
    read_ones = [known.file_id for known, book in books.items() if book is not None]
    world.store.remember_all(READ, {key: told.get(key, now).isoformat() for key in read_ones})
    if unread != (world.store.recall(UNREAD) or []):
        world.store.remember(UNREAD, unread)
    if planned.has_backlog:
        world.store.remember(BACKLOG, True)
    if planned.night:
        world.store.remember(COMPARED, planned.night)
    world.store.remember(PLACE, planned.next_token)


def _note(world: World, planned: Sweep, books: Mapping[Known, Book | None], refused: Set[Known]) -> None:
    """Keep and tell what is wrong with files: what the drive told, what refused to be read, and what reads again."""
    before, there = lacks.known(world), {one.file_id for one in known_files(world)}
    seen, found = dict(planned.seen), dict(planned.found)
    for known in refused - planned.found.keys():
        seen[known] = access.asked(world, known)
        again = known.file_id in (world.store.recall(UNREAD) or ())
        found[known] = access.judged(world, known, seen[known]) or (Kind.REFUSED if again else None)
    for known, book in books.items():
        lack = before.get(known.file_id)
        if book is not None and known not in found and lack and lack.kind is Kind.REFUSED:
            found[known] = None
    for key in before.keys() - there:  # of a project that was cancelled, say
        lacks.forget(world, key)
    access.note(world, seen, found)


def backlog_changed(world: World) -> bool:
    """True, once, after the backlog was found to be changed."""
    is_changed = bool(world.store.recall(BACKLOG))
    if is_changed:
        world.store.remember(BACKLOG, False)
    return is_changed


def changed(world: World) -> dict[str, str]:
    """When each project's files were last found to hold something new, by project: ISO times in UTC, ever rising."""
    return world.store.recall_all(CHANGED)


def again(world: World, project: str) -> str:
    """Read a project's files now, whether they changed or not, and tend it; returns a report as a sweep does."""
    books = {known: _kept(world, known, set()) for known in known_files(world, project)}
    read_ones = {known: book for known, book in books.items() if book is not None}
    for known, book in read_ones.items():
        _is_looked_at(world, known, book)
    _tended(world, {project} if read_ones else set())
    return f"{len(read_ones)} files read, {len(books) - len(read_ones)} unreadable"


# ---------------------------------------------------------------------- one file


def read(world: World, known: Known, modified: datetime | None = None) -> Book:
    """Read one file in one call, give new rows their IDs, and add what it holds to its history.

    *modified* is when it was last changed, where the drive told; else it may have been a moment ago.
    """
    now, layout = world.clock.now(), world.layout(known.file_id)
    book = world.sheets.read(known.file_id, known.book, known.tabs, layout=layout)
    before = world.store.snapshot(known.file_id)
    rows = snapshot.unpack(known.book, before.content) if before else {}
    if book.needs_ids(rows):
        book = _with_ids(world, known, book, rows)
    files.learn(world, known.file_id, layout, book.layout)
    files.keep_troubles(world, known.file_id, _troubles(book))
    packed = _packed(known, book, before)
    if before is None or before.content != packed:
        world.store.keep_snapshot(known.file_id, Snapshot(now, min(modified or now, now), packed))
        world.store.remember(CHANGED + known.project, now.isoformat())
    return book


def _packed(known: Known, book: Book, before: Snapshot | None) -> Json:
    """What the file holds; of a tab that is out of sight, what was last read of it, unless the PM left it alone."""
    hidden = {name for name in known.tabs if _troubles(book).is_unreadable(name)}
    packed = snapshot.pack({name: book.rows(name) for name in known.tabs if name not in hidden})
    gone = tuple(f"{kind}:" for kind in (DriftKind.TAB_MISSING, DriftKind.HEADER_MISSING))
    kept = hidden - {key.split(":")[1] for key in book.layout.ignored if key.startswith(gone)}
    return packed | {name: before.content[name] for name in known.tabs if before and name in kept & set(before.content)}


def _troubles(book: Book) -> troubles.Troubles:
    tables = {name: reading.problems for name, reading in book.tables.items()}
    return troubles.gathered(book.missing, tables | {name: form.problems for name, form in book.forms.items()})


def preview(world: World) -> str:
    """What a sweep would read now, in words."""
    planned = plan(world)
    names = [f"would read the {known.schema} of {known.project}" for known in planned.reads]
    names += [f"the {known.schema} of {known.project} is {kind}" for known, kind in planned.found.items() if kind]
    return "\n".join(names) or "Nothing changed since the last sweep."


def _kept(world: World, known: Known, refused: set[Known], modified: datetime | None = None) -> Book | None:
    """Read a file; a failure is logged and tried again next time, and other files go on.

    A file that Google does not give out is added to *refused*.
    """
    try:
        return read(world, known, modified)
    except GoogleError as error:
        log.warning("a file could not be read", file=known.file_id, project=known.project, cause=str(error))
        if error.kind in ("missing", "denied"):
            refused.add(known)
    except Exception:  # whatever people put in a file, it must not keep the others from being read
        log.exception("a file upset its reading", file=known.file_id, project=known.project)
    return None


def _is_looked_at(world: World, known: Known, book: Book) -> bool:
    """Note and ask what moved in a file; False when that has to be tried again."""
    try:
        drift.look(world, known, book.drift)
    except Exception:  # Slack may be out of reach: what was read stays read
        log.exception("what moved in a file could not be asked", file=known.file_id, project=known.project)
        return False
    return True


def _with_ids(world: World, known: Known, book: Book, before: Rows) -> Book:
    """The book once every row has an ID of its own; as it was when the file does not let us write."""
    try:
        mended = world.sheets.mend_ids(known.file_id, known.book, known.tabs, layout=book.layout, before=before)
        if not mended:
            return book
        after = world.sheets.read(known.file_id, known.book, known.tabs, layout=book.layout)
    except GoogleError as error:
        log.warning("rows without an ID stay without", file=known.file_id, project=known.project, cause=str(error))
        return book
    lines = [Line(clean(one.address), one.found, str(one.proposal), str(one.trouble)) for one in mended]
    logbook.say(world, known.project, "gave IDs", lines)
    return after


# ---------------------------------------------------------------------- all projects


def _tended(world: World, touched: Iterable[str]) -> None:
    """Tend the projects whose files were read, and every project once on each of its days.

    A project that could not be tended is tried again with the next sweep.
    """
    days = {row["key"]: _today(world, row["zone"]) for row in world.store.all_projects() if row["state"] != "Cancelled"}
    done = world.store.recall_all(TENDED)
    wanted = (set(touched) | {key for key, day in days.items() if done.get(key) != day}) & days.keys()
    stuck = {lack.project for lack in lacks.standing(world)}  # their files take no writing: once a day is enough
    ended = {key: days[key] if _is_tended(world, key) or key in stuck else "" for key in sorted(wanted)}
    world.store.remember_all(TENDED, {key: day for key, day in ended.items() if done.get(key) != day})


def _today(world: World, zone: str) -> str:
    return world.clock.now().astimezone(ZoneInfo(zone)).date().isoformat()


def _is_tended(world: World, key: str) -> bool:
    try:
        tend(world, key)
    except OutsideError as error:
        log.warning("a project could not be tended to the end", project=key, cause=str(error))
        return False
    except Exception:  # one project's trouble is not the others'
        log.exception("a project could not be tended", project=key)
        return False
    return True
