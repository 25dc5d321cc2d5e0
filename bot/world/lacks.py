"""Files that the bot cannot work with as it should: what is wrong with each, since when, and who can mend it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.world import World
    from bot.world.store import Store

PREFIX = "lack:"
UNREAD = "unread"  # under which a sweep leaves the ids of the files that it could not read


class Kind(StrEnum):
    """What may be wrong with a file, and what it is called in a sentence."""

    GONE = "gone or out of reach"
    TRASHED = "in the trash"
    MOVED = "moved out of its folder"
    READ_ONLY = "read-only"
    REFUSED = "refused by Google"


OUT_OF_REACH = frozenset({Kind.GONE, Kind.TRASHED})


@dataclass(frozen=True)
class Lack:
    """One file's trouble. *menders* are addresses; *kind* is None once it is mended and that is still to be told.

    *since* is an ISO time in UTC; *by* names who brought it about, "" where Drive does not tell.
    """

    file_id: str
    project: str
    file: str
    kind: Kind | None
    since: str
    menders: tuple[str, ...] = ()
    by: str = ""
    told: bool = False


def standing(world: World) -> list[Lack]:
    """Every file that is in trouble now, the oldest trouble first."""
    return sorted((lack for lack in known(world).values() if lack.kind), key=lambda lack: (lack.since, lack.file_id))


def known(world: World) -> dict[str, Lack]:
    """The same by file id, with those whose end is still to be told."""
    return kept(world.store)


def kept(store: Store) -> dict[str, Lack]:
    """The same for who has the store only."""
    return {file_id: _unpacked(row) for file_id, row in store.recall_all(PREFIX).items()}


def keep(world: World, lack: Lack) -> None:
    """Remember a trouble, and who can mend it."""
    world.store.remember(PREFIX + lack.file_id, asdict(lack))


def forget(world: World, file_id: str) -> None:
    """The file is in order again, and its people know."""
    world.store.forget(PREFIX + file_id)


def _unpacked(row: dict[str, object]) -> Lack:
    kind = Kind(str(row["kind"])) if row["kind"] else None
    return Lack(**{**row, "kind": kind, "menders": tuple(row["menders"])})  # type: ignore[arg-type]  # as packed above
