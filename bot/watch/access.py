"""Files that were deleted, trashed, moved, taken away or made read-only: noticed, named to the PM once, and ticked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import structlog

from bot.errors import OutsideError
from bot.watch import messages
from bot.watch.files import Known
from bot.world import World, asking, immediate, lacks, when
from bot.world.asking import Option, Question
from bot.world.drive import File
from bot.world.google import GoogleError
from bot.world.lacks import OUT_OF_REACH, Kind, Lack
from bot.world.slack import DAY

log = structlog.get_logger(__name__)

BOT = "implbot"
MENDERS = 3  # so many are named
PLACE = "place:"  # the folder that the PM said a moved file belongs to, by file id
WORDS = {
    Kind.GONE: messages.GONE,
    Kind.TRASHED: messages.TRASHED,
    Kind.MOVED: messages.MOVED,
    Kind.READ_ONLY: messages.READ_ONLY,
    Kind.REFUSED: messages.REFUSED,
}

Seen = Mapping[Known, File | None]
"""Files as the drive last told of them; None for those that are gone from our sight."""


def judged(world: World, known: Known, file: File | None) -> Kind | None:
    """What is wrong with a file, the worst first; None when it is in order."""
    if file is None:
        return Kind.GONE
    if file.trashed:
        return Kind.TRASHED
    if not file.editable:
        return Kind.READ_ONLY
    return Kind.MOVED if _is_moved(world, known, file) else None


def _is_moved(world: World, known: Known, file: File) -> bool:
    if not known.folder or not file.parents or known.folder in file.parents:
        return False
    return world.store.recall(PLACE + file.id) not in file.parents


def asked(world: World, known: Known) -> File | None:
    """A file as Drive has it at this moment; None when it is gone from our sight."""
    try:
        return world.drive.get(known.file_id)
    except GoogleError as error:
        if error.kind not in ("missing", "denied"):
            raise
        return None


def note(world: World, seen: Seen, found: Mapping[Known, Kind | None]) -> None:
    """Keep what was found of some files, and tell the PM what is new, once; what is mended is ticked there.

    What could not be told is told by the next sweep.
    """
    before = lacks.known(world)
    for known, kind in found.items():
        lack = before.get(known.file_id)
        if kind is not (lack.kind if lack else None):
            before[known.file_id] = _kept(world, known, kind, seen.get(known))
    untold = sorted({lack.project for lack in before.values() if not lack.told})
    for key in untold:
        _tell(world, key, [lack for lack in before.values() if lack.project == key])


def _kept(world: World, known: Known, kind: Kind | None, file: File | None) -> Lack:
    menders = tuple(_managers(world)) if kind else ()
    by = file.trashed_by if file and kind is Kind.TRASHED else ""
    lack = Lack(known.file_id, known.project, known.file, kind, world.clock.now().isoformat(), menders, by)
    lacks.keep(world, lack)
    log.warning("a file is not as it should be", file=known.file_id, project=known.project, kind=kind or "mended")
    world.audit(BOT, "noticed", f"the {known.file}", project=known.project, reason=kind or "in order again")
    return lack


def _managers(world: World) -> list[str]:
    try:
        return world.drive.managers()
    except OutsideError as error:
        log.warning("nobody can be named who manages the drive", cause=str(error))
        return []


# ---------------------------------------------------------------------- telling


def _tell(world: World, key: str, found: Sequence[Lack]) -> None:
    """One message to the PM for what is new, its lines ticked when they are over; tried again with the next sweep."""
    project = world.store.project(key)
    is_news = any(lack.kind and not lack.told for lack in found)
    try:
        if project is not None and is_news and not _is_time(world, key, project["pm"]):
            return
        if project is not None:
            questions = [_question(world, lack) for lack in sorted(found, key=lambda lack: lack.file) if lack.kind]
            asking.ask(world, project, messages.ACCESS, key, questions)
    except OutsideError as error:
        log.warning("nobody could be told of a file in trouble", project=key, cause=str(error))
        return
    for lack in found:
        if lack.kind is None:
            lacks.forget(world, lack.file_id)
        elif not lack.told:
            lacks.keep(world, replace(lack, told=True))


def _is_time(world: World, key: str, address: str) -> bool:
    """Whether a PM may be told at once: on a working day of theirs, within hours and budget (rule: reminders).

    While the project has no PM of ours its channel is told, at any time.
    """
    person = world.slack.person_by_email(address)
    if person is None or not person.is_staff:
        return True
    picture = world.picture(key)
    listed = picture.stakeholders if picture else ()
    calendar = when.calendar_of(person, listed, world.settings.countries)
    is_open = when.is_open(world.clock.now(), person, calendar)
    return is_open and immediate.spent(world, person) < immediate.BUDGET


def _question(world: World, lack: Lack) -> Question:
    kind = lack.kind or Kind.GONE
    buttons = (Option(messages.STAYS_THERE, "stays"),) if kind is Kind.MOVED else ()
    by = f" ({lack.by} put it there)" if lack.by else ""
    found = [(address, world.slack.person_by_email(address, DAY)) for address in lack.menders[:MENDERS]]
    names = [person.name if person else address for address, person in found]
    words = WORDS[kind].format(file=lack.file, who=messages.menders(names), by=by)
    return Question(
        f"{kind}:{lack.file}:{lack.since}", words, {"file_id": lack.file_id, "project": lack.project}, buttons
    )


def settle(world: World, body: object, about: Mapping[str, str], answer: object, by: str) -> str:
    """The PM says that a moved file belongs where it is now."""
    del body, answer
    file = world.drive.get(about["file_id"])
    for parent in file.parents[:1]:
        world.store.remember(PLACE + file.id, parent)
    lacks.forget(world, file.id)
    world.audit(by, "answered", "the place of a file", project=about["project"], reason="it stays where it is")
    return messages.STAYS


def is_out_of_reach(kind: Kind | None) -> bool:
    """True when there is nothing to read."""
    return kind in OUT_OF_REACH
