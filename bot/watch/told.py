"""What the drive tells before anything is read: what changed, what is gone, and once a night how every file stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.watch import access
from bot.watch.access import Seen
from bot.watch.files import Known, known_files
from bot.world import World, lacks
from bot.world.drive import File
from bot.world.google import GoogleError
from bot.world.lacks import UNREAD, Kind

log = structlog.get_logger(__name__)

PLACE, COMPARED = "changes:place", "changes:compared"
READ = "read:"  # a row for each file: when it was last changed as it was read


@dataclass(frozen=True)
class Sweep:
    """What one sweep would do: which known files to read, what the drive told of any, and where to begin next time."""

    reads: tuple[Known, ...]
    seen: Seen
    found: Mapping[Known, Kind | None]  # what is wrong with those that the drive told of
    next_token: str
    night: str = ""  # the day of the full compare, when this sweep makes it
    has_backlog: bool = False  # the backlog changed, or nobody can tell

    def modified(self, known: Known) -> datetime | None:
        """When a file was last changed, by the drive's own time; None where the drive did not tell."""
        file = self.seen.get(known)
        return file.modified if file else None

    @property
    def gone(self) -> list[Known]:
        """The files that there is nothing to read of."""
        return [known for known, kind in self.found.items() if access.is_out_of_reach(kind)]


def plan(world: World) -> Sweep:
    """Gather and decide: one changes.list, whatever the number of projects, and one listing more a night.

    The first sweep reads every known file; later ones what changed, what is new to them (people may have written in it
    before it was known here), and what could not be read last time. The nightly listing finds what the change log did
    not tell: files that were changed since they were read, are gone, or take no writing any more.
    """
    known = {file.file_id: file for file in known_files(world)}
    changes, next_token, is_first = _changes(world)
    night = _night(world)
    listed = _listed(world, known) if night else {}
    seen = {known[key]: file for key, file in {**listed, **changes}.items() if key in known}
    found = {one: access.judged(world, one, file) for one, file in seen.items()}
    marks = {} if is_first else world.store.recall_all(READ)
    late = {key for key, file in listed.items() if file and key in marks and file.modified.isoformat() > marks[key]}
    wanted = {*changes, *late, *(known.keys() - marks.keys()), *(world.store.recall(UNREAD) or ())}
    gone = _out_of_reach(world, found)
    return Sweep(
        reads=tuple(known[key] for key in sorted(wanted & known.keys() - gone)),
        seen=seen,
        found=found,
        next_token=next_token,
        night=night,
        has_backlog=is_first or world.store.recall("backlog") in changes,
    )


def _changes(world: World) -> tuple[dict[str, File | None], str, bool]:
    """What changed since the last sweep, where the next one begins, and whether this one is as good as the first.

    No change is passed over as the bot's own: somebody may have typed between what was last read and that write.
    """
    token = world.store.recall(PLACE)
    try:
        if token is not None:
            changes, next_token = world.drive.changes(str(token))
            return {change.file_id: change.file for change in changes}, next_token, False
    except GoogleError as error:
        if error.kind not in ("invalid", "missing"):
            raise
        log.warning("the drive's change log begins anew; every file is read", cause=str(error))
    return {}, world.drive.start_token(), True


def _night(world: World) -> str:
    """Today, while the day's full compare is still to be made; the first sweep after midnight makes it."""
    today = world.clock.today(world.settings.zone).isoformat()
    return "" if world.store.recall(COMPARED) == today else today


def _listed(world: World, known: Mapping[str, Known]) -> dict[str, File | None]:
    """The known files as the drive lists them; those that it does not list are asked for one by one."""
    everything = world.drive.everything()
    return {key: everything[key] if key in everything else access.asked(world, one) for key, one in known.items()}


def _out_of_reach(world: World, found: Mapping[Known, Kind | None]) -> set[str]:
    """The files that there is nothing to read of: as told now, else as known from before."""
    told = {known.file_id: kind for known, kind in found.items()}
    before = {key: lack.kind for key, lack in lacks.known(world).items()}
    return {key for key, kind in {**before, **told}.items() if access.is_out_of_reach(kind)}
