"""The permission sweep: who can open what, against who should; an hour in which nothing changed costs two calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog

from bot.errors import OutsideError, UserError
from bot.opening import channel, record, strays, team, waiting
from bot.project import access
from bot.project.access import NOBODY, Admission
from bot.project.wall import FileKind
from bot.world import World
from bot.world.drive import FOLDER, File, Permission, Reach
from bot.world.engine import Run
from bot.world.google import GoogleError

log = structlog.get_logger(__name__)

Json = Any

EVERYTHING = "everything"
SEEN = "access:seen"
"""By file: the ids of everyone who had access when it was last looked at and nothing was wrong."""
PLACE = "access:place"
"""Where the drive's change log stood when every file was last known to be looked at."""


@dataclass(frozen=True)
class Place:
    """One file or folder with what it is, and whose."""

    reach: Reach
    kind: FileKind
    row: Json | None

    @property
    def id(self) -> str:
        return self.reach.file.id

    @property
    def project(self) -> str:
        return str(self.row["key"]) if self.row else ""


def sweep(world: World, run: Run, subject: str, slot: str) -> str:
    """The flow of one sweep; *subject* `everything` looks at every file and channel, otherwise at what changed.

    One step: looking again after a crash changes nothing. Fails only when nothing at all could be looked at.
    """
    del run, slot
    return swept(world, is_full=subject == EVERYTHING)


def swept(world: World, is_full: bool = False) -> str:
    """Look, report what is new, tick what is settled, mend what the team lacks; a one-line report.

    The hourly one asks the drive what changed, and no project for itself: whoever comes into a channel is told of at
    once by Slack, and one project an hour has its turn whose people wait for their domain. The full one asks each.
    """
    rows = [row for row in world.store.all_projects() if row["state"] != "Cancelled" or _was_opened(world, row)]
    touched, next_place = _touched(world, is_full)
    files = _files(world, world.store.all_projects(), touched)
    everything = touched is None
    channels = _channels(world, rows if everything else _in_question(world, rows))
    strays.keep(world, [*files.found, *channels.found], [*files.looked_at, *channels.looked_at])
    teams = [row for row in rows if touched is None or touched & {row["playbook_id"], row["folder_id"]}]
    mended = sum(_tried("team", row, partial(team.mended, world, row, files.reaches)) or 0 for row in teams)
    for row in rows if everything else _whose_turn(world, rows):
        _tried("waiting people", row, partial(waiting.try_again, world, row))
    for row in rows if everything else ():
        _tried("customer channel", row, partial(channel.follow, world, row))
    if files.is_whole:
        world.store.remember(PLACE, next_place)
        if everything and world.store.recall(strays.TOLD):
            world.store.remember(strays.TOLD, None)
    count = len(strays.standing(world))
    return f"{len(files.looked_at)} files looked at, {count} unintended accesses stand, {mended} shares mended"


def _touched(world: World, is_full: bool) -> tuple[set[str] | None, str]:
    """The files that changed since the last sweep, None for all of them; and where the next one begins."""
    place = None if is_full else world.store.recall(PLACE)
    try:
        if place is not None:
            changes, next_place = world.drive.changes(str(place))
            return {change.file_id for change in changes}, next_place
    except GoogleError as error:
        if error.kind not in ("invalid", "missing"):
            raise
        log.warning("the drive's change log begins anew; the access to every file is read", cause=str(error))
    return None, world.drive.start_token()


def _in_question(world: World, rows: Sequence[Json]) -> list[Json]:
    """The projects with somebody in their channel who should not be there."""
    asked = {one["place"] for one in strays.standing(world).values() if one["kind"] == "channel"}
    return [row for row in rows if row["channel_id"] in asked]


def _whose_turn(world: World, rows: Sequence[Json]) -> list[Json]:
    """Of the projects with people who wait for their domain, the one whose hour it is."""
    asked = [row for row in rows if waiting.waiting(world, row)]
    hour = int(world.clock.now().timestamp() // 3600)
    return [asked[hour % len(asked)]] if asked else []


def _was_opened(world: World, row: Json) -> bool:
    return bool(record.entries(world, row["key"]))


def _tried(what: str, row: Json, act: Callable[[], Any]) -> Any:
    """One project's trouble is not the others'."""
    try:
        return act()
    except (OutsideError, UserError) as failure:
        log.warning("a project's access could not be looked after", project=row["key"], what=what, cause=str(failure))
        return None


# ---------------------------------------------------------------------- files


@dataclass(frozen=True)
class Looked:
    """What was found in which places; *reaches* are all files by id, and none where no file had to be looked at."""

    found: Sequence[Json]
    looked_at: Sequence[str]
    reaches: Mapping[str, Reach]
    is_whole: bool = True  # nothing that had to be looked at was out of reach


def _files(world: World, rows: Sequence[Json], touched: Set[str] | None) -> Looked:
    """One listing where something changed; then one look at each file that is new, changed or in question.

    The drive's own members are read each time: the log of changes does not tell of them.
    """
    asked = {one["place"] for one in strays.standing(world).values() if one["kind"] != "channel"}
    root = Place(Reach(world.drive.root(), None, None), FileKind.FOLDER, None)
    is_calm = touched is not None and not touched and not asked - {root.id}
    reaches = {} if is_calm else {reach.file.id: reach for reach in world.drive.reaches()}
    seen: dict[str, Any] = {} if touched is None else dict(world.store.recall(SEEN) or {})
    judged = _admissions(world, rows)
    places = _places(world, reaches, rows)
    gone = [] if is_calm else [one for one in asked if one not in {place.id for place in (root, *places)}]
    found: list[Json] = []
    looked_at = [*gone]  # these are gone with all their accesses
    wanted = [root, *(place for place in places if _is_wanted(place, seen, asked, judged, touched))]
    for place in wanted:
        held = _permissions(world, place)
        if held is None:
            continue
        looked_at.append(place.id)
        admission = judged.get(place.project, NOBODY)
        found += _judged(world, place, held, admission)
        seen[place.id] = _print(place, judged) if _is_clean(world, place, held, admission) else None
    if not is_calm:
        world.store.remember(SEEN, {key: one for key, one in seen.items() if key in reaches and one is not None})
    return Looked(found, looked_at, reaches, is_whole=len(looked_at) == len(gone) + len(wanted))


def _is_wanted(
    place: Place,
    seen: Mapping[str, Any],
    asked: Iterable[str],
    judged: Mapping[str, Admission],
    touched: Set[str] | None,
) -> bool:
    """Whether a file's accesses have to be read: as long as something about them is new, or in question.

    Where the listing does not tell who has access, whatever touched a file may have changed that.
    """
    if place.id in asked or (place.reach.people is None and (touched is None or place.id in touched)):
        return True
    return place.reach.has_own is not False and seen.get(place.id) != _print(place, judged)


def _print(place: Place, judged: Mapping[str, Admission]) -> list[str]:
    """What a look at a file depends on: who has access, and for a plan whom the project was opened to."""
    admission = judged.get(place.project, NOBODY) if place.kind is FileKind.PLAN else NOBODY
    return [*sorted(place.reach.people or ()), *sorted(admission.emails), *sorted(admission.domains)]


def _admissions(world: World, rows: Sequence[Json]) -> dict[str, Admission]:
    return {row["key"]: record.admission(world, row) for row in rows}


def _permissions(world: World, place: Place) -> list[Permission] | None:
    try:
        return world.drive.permissions(place.id)
    except GoogleError as error:
        log.warning("a file's readers could not be listed", file=place.id, cause=str(error))
        return None


def _judged(world: World, place: Place, held: Sequence[Permission], admission: Admission) -> list[Json]:
    """The findings of one file: of its own accesses, as what is inherited is found where it was given."""
    is_root = place.id == world.drive.root().id
    own = [strays.grant_of(one) for one in held if is_root or not one.inherited]
    team.learn(world, own)
    found = access.strays(place.kind, own, world.settings.company_domains, world.drive.google.account, admission)
    file = place.reach.file
    return [
        strays.finding(
            place.project, str(place.kind), file.id, file.name, file.url, one.grant.id, one.grant.who, one.why
        )
        for one in found
    ]


def _is_clean(world: World, place: Place, held: Sequence[Permission], admission: Admission) -> bool:
    """Whether nobody reaches a file who should not, inherited access included: it may hide one of the file's own."""
    grants = [strays.grant_of(one) for one in held]
    return not access.strays(place.kind, grants, world.settings.company_domains, world.drive.google.account, admission)


def _places(world: World, reaches: Mapping[str, Reach], rows: Sequence[Json]) -> list[Place]:
    """Every file with its kind and project: by its id, else by the nearest folder of a project above it."""
    own: dict[str, tuple[FileKind, Json]] = {}
    for row in rows:
        own |= {row["playbook_id"]: (FileKind.PLAYBOOK, row), row["plan_id"]: (FileKind.PLAN, row)}
        if row["folder_id"] != world.drive.root().id:
            own[row["folder_id"]] = (FileKind.FOLDER, row)
    return [_place(reach, reaches, own) for reach in reaches.values()]


def _place(reach: Reach, reaches: Mapping[str, Reach], own: Mapping[str, tuple[FileKind, Json]]) -> Place:
    if reach.file.id in own:
        return Place(reach, *own[reach.file.id])
    above = next((own[parent][1] for parent in _above(reach.file, reaches) if parent in own), None)
    return Place(reach, _kind(reach.file), above)


def _above(file: File, reaches: Mapping[str, Reach]) -> Iterable[str]:
    """The folders above a file, from the nearest on; a hundred at most, as Drive allows."""
    parents = file.parents
    for _ in range(100):
        if not parents:
            return
        yield parents[0]
        parents = reaches[parents[0]].file.parents if parents[0] in reaches else ()


def _kind(file: File) -> FileKind:
    """What a file is that is no project's playbook or plan: internal, whatever it is."""
    marks = {"report": FileKind.INTERNAL_REPORT, "handoff": FileKind.HANDOFF, "backlog": FileKind.BACKLOG}
    return FileKind.FOLDER if file.mime_type == FOLDER else marks.get(file.properties.get("file", ""), FileKind.FILE)


# ---------------------------------------------------------------------- channels


def _channels(world: World, rows: Sequence[Json]) -> Looked:
    """Guests and people of other organisations in the projects' internal channels."""
    found: list[Json] = []
    looked_at: list[str] = []
    for row in rows:
        here = _tried("channel", row, partial(_channel, world, row)) if row["channel_id"] else None
        if here is not None:
            found += here
            looked_at.append(row["channel_id"])
    return Looked(found, looked_at, {})


def _channel(world: World, row: Json) -> list[Json]:
    return [
        strays.finding(
            row["key"], "channel", row["channel_id"], "the project's internal channel",
            f"https://slack.com/app_redirect?channel={row['channel_id']}", person.id,
            person.name or person.email, "they are a guest or of another organisation, and it is internal for ever",
        )
        for person in world.slack.outsiders(row["channel_id"])
    ]  # fmt: skip


def joined(world: World, channel_id: str) -> None:
    """Somebody came into a channel: an outsider in an internal one, or a guest who accepted the customer's one."""
    for row in world.store.all_projects() if channel_id else ():
        if row["channel_id"] == channel_id:
            strays.keep(world, _channel(world, row), [channel_id])
        elif record.channel(world, row["key"]).get("id") == channel_id:
            channel.follow(world, row)
