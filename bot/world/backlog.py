"""The requests of the backlog sheet: as they stand now, and as they were last seen here without asking anybody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.project import snapshot
from bot.project.model import Request
from bot.project.rows import Row
from bot.project.schema import load
from bot.world.sheets import Book, Change, Outcome

if TYPE_CHECKING:
    from bot.world import World

SCHEMA, TAB, SEEN = "backlog", "requests", "backlog:seen"


def read(world: World, *others: str) -> Book:
    """The requests and other tabs as they stand now, in one call; what the requests were is kept as last seen."""
    book = world.sheets.read(world.backlog(), load(SCHEMA), (TAB, *others))
    world.store.remember(SEEN, snapshot.pack({TAB: book.rows(TAB)}))
    return book


def find(world: World, request_id: str) -> Request | None:
    """A request as its row stands now."""
    return next((record for record in read(world).records(TAB) if record.id == request_id), None)


def last_seen(world: World) -> list[Request]:
    """The requests as this bot last read them, at most a sweep old; nothing is asked of Google."""
    rows: list[Row[Request]] = snapshot.unpack(load(SCHEMA), world.store.recall(SEEN) or {}).get(TAB, [])
    return [row.record for row in rows if row.id]


def write(world: World, changes: Sequence[Change]) -> list[Outcome]:
    """Write cells of requests beside their IDs, where they are still as they were seen."""
    return world.sheets.write(world.backlog(), load(SCHEMA), changes) if changes else []


def row_url(world: World, book: Book, request_id: str) -> str:
    """The address of a request's row; of its tab when the row is gone."""
    row = book.row(TAB, request_id)
    return world.sheets.row_url(world.backlog(), load(SCHEMA), TAB, row.number if row else None)
