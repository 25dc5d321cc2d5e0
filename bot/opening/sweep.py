"""The permission sweep: who can open what, against who should; one listing, and a look where something changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog

from bot.errors import OutsideError, UserError
from bot.opening import apply, channel, gather, messages, record, strays
from bot.opening.record import SHARED, WAITING, Entry
from bot.project import access, wall
from bot.project.access import NOBODY, Admission
from bot.project.wall import FileKind
from bot.world import World, logbook
from bot.world.drive import FOLDER, File, Permission, Reach
from bot.world.engine import Run
from bot.world.google import GoogleError
from bot.world.logbook import Line

log = structlog.get_logger(__name__)

Json = Any

EVERYTHING = "everything"
SEEN = "access:seen"
"""By file: the ids of everyone who had access when it was last looked at and nothing was wrong."""
IDS = "access:ids"
"""By address: the id that Drive knows a colleague by; the same on every file."""
ROLES = ("pm", "ie", "ta", "ce", "ae")


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
    """The flow of one sweep; *subject* `everything` looks at every file, otherwise at those whose readers changed.

    One step: looking again after a crash changes nothing. Fails only when nothing at all could be looked at.
    """
    del run, slot
    return swept(world, is_full=subject == EVERYTHING)


def swept(world: World, is_full: bool = False) -> str:
    """Look, report what is new, tick what is settled, mend what the team lacks; a one-line report."""
    rows = [row for row in world.store.all_projects() if row["state"] != "Cancelled" or _was_opened(world, row)]
    files = _files(world, world.store.all_projects(), is_full)
    channels = _channels(world, rows)
    strays.keep(world, [*files.found, *channels.found], [*files.looked_at, *channels.looked_at])
    mended = sum(_tried("team", row, partial(_mended, world, row, files.reaches)) or 0 for row in rows)
    for row in rows:
        _tried("waiting people", row, partial(_try_again, world, row))
        _tried("customer channel", row, partial(channel.follow, world, row))
    count = len(strays.standing(world))
    return f"{len(files.looked_at)} files looked at, {count} unintended accesses stand, {mended} shares mended"


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
    """What was found in which places; *reaches* are all files by id."""

    found: Sequence[Json]
    looked_at: Sequence[str]
    reaches: Mapping[str, Reach]


def _files(world: World, rows: Sequence[Json], is_full: bool) -> Looked:
    """One listing; then one look at each file with accesses of its own that is new, changed or in question."""
    reaches = {reach.file.id: reach for reach in world.drive.reaches()}
    root = world.drive.root()
    seen: dict[str, Any] = {} if is_full else dict(world.store.recall(SEEN) or {})
    judged = _admissions(world, rows)
    places = [Place(Reach(root, None, None), FileKind.FOLDER, None), *_places(world, reaches, rows)]
    asked = {one["place"] for one in strays.standing(world).values() if one["kind"] != "channel"}
    wanted = [place for place in places if _is_wanted(place, seen, asked, judged)]
    found: list[Json] = []
    looked_at = [one for one in asked if one not in {place.id for place in places}]  # gone with all its accesses
    for place in wanted:
        held = _permissions(world, place)
        if held is None:
            continue
        looked_at.append(place.id)
        admission = judged.get(place.project, NOBODY)
        found += _judged(world, place, held, admission)
        seen[place.id] = _print(place, judged) if _is_calm(world, place, held, admission) else None
    world.store.remember(SEEN, {key: value for key, value in seen.items() if key in reaches and value is not None})
    return Looked(found, looked_at, reaches)


def _is_wanted(place: Place, seen: Mapping[str, Any], asked: Iterable[str], judged: Mapping[str, Admission]) -> bool:
    """Whether a file's accesses have to be read: Drive's own root each time, others as long as something is new."""
    if place.reach.people is None:
        return True
    if place.reach.has_own is False and place.id not in asked:
        return False
    return place.id in asked or seen.get(place.id) != _print(place, judged)


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
    _learn(world, own)
    found = access.strays(place.kind, own, world.settings.company_domains, world.drive.google.account, admission)
    file = place.reach.file
    return [
        strays.finding(
            place.project, str(place.kind), file.id, file.name, file.url, one.grant.id, one.grant.who, one.why
        )
        for one in found
    ]


def _is_calm(world: World, place: Place, held: Sequence[Permission], admission: Admission) -> bool:
    """Whether nobody reaches a file who should not, inherited access included: it may hide one of the file's own."""
    grants = [strays.grant_of(one) for one in held]
    return not access.strays(place.kind, grants, world.settings.company_domains, world.drive.google.account, admission)


def _learn(world: World, grants: Iterable[access.Grant]) -> None:
    known = dict(world.store.recall(IDS) or {})
    told = {grant.email.lower(): grant.id for grant in grants if grant.type == "user" and grant.email}
    if not told.items() <= known.items():
        world.store.remember(IDS, known | told)


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
    """Somebody came into a channel: of a project's internal one an outsider is told at once."""
    for row in world.store.all_projects():
        if channel_id and row["channel_id"] == channel_id:
            strays.keep(world, _channel(world, row), [channel_id])


# ---------------------------------------------------------------------- what the team lacks


def _mended(world: World, row: Json, reaches: Mapping[str, Reach]) -> int:
    """Give colleagues whom the Overview names the access to the folder that they lack; how many got it."""
    if row["state"] == "Cancelled" or row["folder_id"] not in reaches:
        return 0
    wanted = access.team(_team(world, row))
    known, there = dict(world.store.recall(IDS) or {}), reaches[row["folder_id"]].people
    if there is not None and all(known.get(email) in there for email in wanted):
        return 0
    gaps = access.gaps(wanted, [strays.grant_of(one) for one in world.drive.permissions(row["folder_id"])])
    return sum(_given(world, row, email, role) for email, role in gaps.items())


def _team(world: World, row: Json) -> list[tuple[str, str]]:
    """Roles and addresses of those whom the playbook names for a role."""
    picture = world.picture(row["key"])
    if picture is None:
        return []
    named = [(role, picture.email_of(getattr(picture.overview, role))) for role in ROLES]
    return [(role, email) for role, email in named if email]


def _given(world: World, row: Json, email: str, role: str) -> bool:
    """Give one colleague access; where that cannot be, the PM is told why, once a day."""
    person = world.slack.person_by_email(email)
    why = "" if person and person.is_staff else "they are not among our active colleagues in Slack"
    if not why:
        try:
            held = next((one for one in world.drive.permissions(row["folder_id"]) if one.email.lower() == email), None)
            if held and not held.inherited:
                world.drive.change_role(row["folder_id"], held.id, role)
            else:
                world.drive.share(row["folder_id"], email, role, wall.internal(world.settings.company_domains))
        except (GoogleError, wall.NotAdmitted) as error:
            why = (
                str(error)
                if isinstance(error, UserError)
                else f"Google did not take it ({error.reason or error.status})"
            )
    if why:
        _explain(world, row, email, why)
        return False
    told = Line(email, "", f"{role} of the project folder", "the Overview names them")
    logbook.say(world, row["key"], "mended a share", [told])
    return True


def _explain(world: World, row: Json, email: str, why: str) -> None:
    pm = world.slack.person_by_email(row["pm"])
    if pm and pm.is_staff:
        words = f"{email} is named in the playbook's Overview and has no access to the project's folder: {why}."
        apply.say(world, f"unshared:{row['key']}:{email}:{why[:60]}", pm.id, messages.words(row, words), row["key"])


# ---------------------------------------------------------------------- people who wait for their domain


def _try_again(world: World, row: Json) -> None:
    """Share with people whose domain was not allowed when they were chosen, unless something leaks by now."""
    waiting = [entry for entry in record.entries(world, row["key"]).values() if entry.state == WAITING]
    if not waiting or row["state"] == "Cancelled":
        return
    preview = gather.look(world, row)
    if preview.leaks:
        log.warning("people wait for the plan, which holds what a customer must not see", project=row["key"])
        return
    named = {guest.email for guest in preview.offer.fresh}
    for entry in waiting:
        if entry.email in named:
            act = partial(_shared_at_last, world, row, entry, preview.domains.allowed)
            _tried("waiting person", row, act)


def _shared_at_last(world: World, row: Json, entry: Entry, domains: Sequence[str]) -> None:
    try:
        apply.share(world, row, entry.email, entry.role, domains)
    except GoogleError as error:
        if error.reason in ("invalidSharingRequest", "domainPolicy"):
            return  # still not allowed
        raise
    at = world.clock.now().isoformat()
    record.keep(world, row["key"], Entry(entry.email, entry.name, entry.role, SHARED, entry.by, at))
    logbook.say(world, row["key"], "opened to customer", [Line(entry.email, "waiting", "plan: shared")], actor=entry.by)
    words = f"{wall.domain_of(entry.email)} is allowed now, and the plan is shared with {entry.name}."
    apply.say(world, f"opened:{row['key']}:{entry.email}:{at}", entry.by, messages.words(row, words), row["key"])
