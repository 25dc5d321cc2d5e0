"""Restores an empty store from the workspace alone: projects, files, channels, and what was said in the last weeks.

Files carry their keys, messages the keys they were said under; the sheets hold the rest. What only the store knew is
named, not guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from bot.errors import OutsideError
from bot.lifecycle import recover as turns
from bot.opening import recover as openings
from bot.planning import messages as planning
from bot.planning import recover as dates
from bot.project.model import LogLine, Overview, PortfolioLine, Request, Stakeholder
from bot.project.names import is_topic, own_key
from bot.project.schema import load, parts
from bot.project.words import ProjectState, RequestStatus, RequestType
from bot.provisioning import apply, plan
from bot.reminders import recover
from bot.reminders.send import bundle_key
from bot.watch import files as watching
from bot.watch import messages as watch
from bot.watch import poll
from bot.world import World
from bot.world.asking import Topic
from bot.world.drive import OWN, File
from bot.world.sheets import Book
from bot.world.slack import Conversation, Standing

log = structlog.get_logger(__name__)

Json = Any

WEEKS = timedelta(days=35)
FILES = ("folder", "playbook", "plan")
LOST = (
    "the audit, and who answered which reminder",
    "snoozes, half of a trial's two approvals, and words that somebody let pass in an opening; they are asked again",
    "baselines that somebody changed in the sheet without a confirmation: they count as they stand there now",
    "which milestone pushed which, in the ledger of slips; proposals that somebody wanted left alone are asked again",
    "parts of a hold, a renaming or a change of people that were still to be done; `implbot repair` finds the files'",
    "ticks on warnings about access; their buttons work, and what still stands is not told again",
    "how the sheets looked before today, so that the next digest and report tell what stands, not what changed",
    "what people answered about moved or renamed columns; they are asked again where it matters",
    "messages older than 35 days, and what was said in conversations the bot is no longer in",
)


@dataclass
class Found:
    """What a look at the workspace gave."""

    files: Mapping[str, Mapping[str, File]]  # by project and what it is
    customers: Mapping[str, File]  # by key
    reports: Sequence[File]
    trashed: Sequence[File]
    backlog: Book | None
    conversations: Sequence[Conversation]
    said: Mapping[str, Standing]  # by opaque key
    words: list[str] = field(default_factory=list)


def rebuild(world: World) -> list[str]:
    """Restore what can be; what is known already stays. Returns what was done, and what cannot be restored."""
    found = _look(world)
    for standing in found.said.values():
        world.slack.remember_said(standing)
    for key, file in found.customers.items():
        world.store.remember(key, file.id)
    restored = [line for key in sorted(found.files) for line in _project(world, found, key)]
    openings.told(world, found.said.values())
    _reports(world, found)
    unfinished = list(_unfinished(world, found))
    mornings = list(_mornings(world, found))
    leads = world.slack.groups().get(world.settings.impl_lead_group, frozenset())
    for person in [world.slack.person(one) for one in leads | {told.person_id for told in mornings}]:
        if person and person.is_staff:
            world.remember_zone(person.zone)
    matters = recover.recover(world, mornings)
    counts = (
        f"{len(found.said)} messages of the last {WEEKS.days} days are known as said, {matters} reminders among them"
    )
    trash = [f"in the trash: {file.name} ({file.key}); `implbot repair` takes it out" for file in found.trashed]
    return [*restored, counts, *unfinished, *trash, *(f"not restored: {what}" for what in LOST)]


# ---------------------------------------------------------------------- looking


def _look(world: World) -> Found:
    ours = world.drive.find({"implbot": "project"})
    living = [file for file in ours if not file.trashed]
    conversations = world.slack.conversations()
    return Found(
        files=_by_project(living),
        customers={file.key: file for file in reversed(living) if file.key.startswith("customer:")},
        reports=[file for file in living if ":report:" in file.key],
        trashed=[file for file in ours if file.trashed and file.key],
        backlog=_backlog(world),
        conversations=conversations,
        said={one.key: one for one in _said(world, conversations)},
    )


def _by_project(living: Iterable[File]) -> dict[str, dict[str, File]]:
    """The oldest living file of each kind, by project."""
    found: dict[str, dict[str, File]] = {}
    for file in living:
        project, _, what = file.key.partition(":")
        if what in FILES and file.properties.get("project") == project:
            found.setdefault(project, {}).setdefault(what, file)
    return found


def _backlog(world: World) -> Book | None:
    """The backlog with its portfolio, where there is one; none is made here."""
    there = world.drive.standing("backlog")
    if there is None:
        return None
    world.store.remember("backlog", there.id)
    return world.sheets.read(there.id, load("backlog"), ("requests", "portfolio"))


def _said(world: World, conversations: Iterable[Conversation]) -> Iterator[Standing]:
    """What stands in every conversation; the one that cannot be read is named in the log."""
    since = world.clock.now() - WEEKS
    for one in conversations:
        try:
            yield from world.slack.said_since(one.id, since)
        except OutsideError as failure:
            log.warning("a conversation could not be read", channel=one.id, cause=str(failure))


# ---------------------------------------------------------------------- projects


def _project(world: World, found: Found, key: str) -> Iterator[str]:
    """One project from its playbook; or why not, in words."""
    if world.store.project(key) is not None:
        yield f"known already: {key}"
        return
    missing = [what for what in FILES if what not in found.files[key]]
    if missing:
        yield f"not restored: {key} lacks its {' and '.join(missing)}; take them out of the trash, then rebuild again"
        return
    try:
        row = _row(world, found, key)
    except (OutsideError, ValueError) as error:
        yield f"not restored: {key}: {error}"
        return
    world.store.put_project(key, row)
    _set_up(world, found, row)
    for known in watching.known_files(world, key):
        poll.read(world, known)
    _memory(world, found, row)
    channel = "" if row["channel_id"] else ", without its channel: invite the bot there, then rebuild again"
    yield f"restored: {key} {row['customer']}{channel}"


def _memory(world: World, found: Found, row: dict[str, Json]) -> None:
    """What the rooms remember of a project, as far as the Bot log and the workspace tell it."""
    book = world.sheets.read(row["playbook_id"], load(row["schemas"]["playbook"]), ("bot_log",))
    log: list[LogLine] = book.records("bot_log")
    dates.recover(world, row["key"], log)
    openings.recover(world, row, log, found.conversations)
    turns.recover(world, row, log)


def _row(world: World, found: Found, key: str) -> dict[str, Json]:
    """The project's row. ValueError when its playbook does not say what it is."""
    ours = found.files[key]
    book = world.sheets.read(ours["playbook"].id, load("playbook"), ("overview", "stakeholders"))
    overview: Overview = book.form("overview")
    line: PortfolioLine = _record(found, "portfolio", key) or PortfolioLine()
    kind = overview.work_class or (_record(found, "requests", key) or Request()).request_type
    if kind is None or kind is RequestType.OTHER:
        raise ValueError("the Overview of its playbook has no work class; please choose it there, then rebuild again")
    part = parts(kind)
    people = {person.name: person for person in book.records("stakeholders")}
    for person in people.values():
        _remember_zone(world, person)
    pm = people.get(overview.pm, Stakeholder()).email or line.pm
    channel = _channel(found, key, overview)
    return {
        "key": key,
        "customer": overview.customer or line.customer,
        "request_id": key,
        "kind": str(kind),
        **{f"{what}_id": file.id for what, file in ours.items()},
        "channel_id": channel.id if channel else "",
        "pm": pm,
        "zone": overview.time_zone or world.settings.zone,
        "state": str(overview.state or line.state or ProjectState.ACTIVE),
        "schemas": {"playbook": part.playbook, "plan": part.plan},
        "is_made": not any(file.properties.get(OWN) for file in ours.values()),
    }


def _record(found: Found, tab: str, key: str) -> Any:
    row = found.backlog.row(tab, key) if found.backlog else None
    return row.record if row else None


def _remember_zone(world: World, person: Stakeholder) -> None:
    known = world.slack.person_by_email(person.email) if person.email else None
    if known and known.is_staff:
        world.remember_zone(known.zone)


def _channel(found: Found, key: str, overview: Overview) -> Conversation | None:
    """The channel whose topic names the project; else the one that the Overview names; never the customer's."""
    ours = [one for one in found.conversations if one.is_ours and not one.with_user and not one.name.startswith("ext-")]
    by_topic = [one for one in ours if is_topic(key, one.topic)]
    by_name = [one for one in ours if overview.channel and one.name == overview.channel.lstrip("#")]
    return next(iter([*by_topic, *by_name]), None)


def _set_up(world: World, found: Found, row: dict[str, Json]) -> None:
    """The set-up counts as done; its messages and the questions to its manager are known where they stand."""
    key, ours = row["key"], found.files[row["key"]]
    made = {what: {"id": file.id, "url": file.url} for what, file in ours.items()}
    world.store.remember(own_key(key), {what: file.id for what, file in ours.items() if file.properties.get(OWN)})
    named = next((one.name for one in found.conversations if one.id == row["channel_id"]), "")
    known = {**made, "files": made, "channel": {"id": row["channel_id"], "name": named}, "templates": {}}
    for step in plan.STEPS:
        world.store.remember(apply.result_key(key, step.name), known.get(step.name, True))
    for name in (f"setup:{key}", f"welcome:{key}", f"triage:{key}"):
        _adopt(world, found, name)
    if world.store.claim(f"welcome:{key}", world.clock.now(), key, None) is None:  # said longer ago than was looked
        world.store.sent(f"welcome:{key}", row["channel_id"], "", world.clock.now())
    for topic in _topics():
        for subject in (key, *(file.id for file in ours.values())):
            _questions(world, found, f"ask:{topic.name}:{subject}:")
    _last_digest(world, found, row)


def _topics() -> list[Topic]:
    return [value for module in (watch, planning) for value in vars(module).values() if isinstance(value, Topic)]


def _questions(world: World, found: Found, prefix: str) -> None:
    """Of several messages the latest one is brought up to date with all that is open; the others count as answered."""
    numbers = 0
    while world.slack.opaque(f"{prefix}{numbers}") in found.said:
        numbers += 1
    for number in range(numbers - 1):
        _adopt(world, found, f"{prefix}{number}", {"questions": []})


def _last_digest(world: World, found: Found, row: dict[str, Json]) -> None:
    for back in range(WEEKS.days + 1):
        day = world.clock.today(row["zone"]) - timedelta(days=back)
        standing = found.said.get(world.slack.opaque(f"digest:{row['key']}:{day}"))
        if standing:
            world.store.remember(f"digest:{row['key']}:last", _moment(standing).isoformat())
            return


def _adopt(world: World, found: Found, key: str, body: Json = None) -> None:
    """A message that stands becomes this store's own."""
    standing = found.said.get(world.slack.opaque(key))
    if standing and world.store.claim(key, world.clock.now(), None, body) is None:
        world.store.sent(key, standing.channel, standing.ts, _moment(standing))


def _moment(standing: Standing) -> datetime:
    return datetime.fromtimestamp(float(standing.ts), UTC)


# ---------------------------------------------------------------------- the rest


def _reports(world: World, found: Found) -> None:
    """A month whose draft stands is not drafted again."""
    for file in found.reports:
        project, _, period = file.key.partition(":report:")
        world.store.remember(f"intent:{project}:report:{period}", "rebuilt")
        _adopt(world, found, f"report:{project}:{period}")


def _unfinished(world: World, found: Found) -> Iterator[str]:
    """Requests that were selected and have no project: their set-up died with the store."""
    for row in found.backlog.rows("requests") if found.backlog else ():
        if row.record.status is RequestStatus.SELECTED and world.store.project(row.id) is None:
            yield f"not restored: the set-up of {row.id} was not finished; a lead can select the request again"
        else:
            _adopt(world, found, f"triage:{row.id}")


def _mornings(world: World, found: Found) -> Iterator[recover.Told]:
    """The morning messages among what was said: found by trying the people and the days."""
    people = {one.id: one.with_user for one in found.conversations if one.with_user}
    today = world.clock.now().date()
    for channel, person_id in people.items():
        for back in range(-1, WEEKS.days + 1):
            day = today - timedelta(days=back)
            standing = found.said.get(world.slack.opaque(bundle_key(person_id, day)))
            if standing and standing.channel == channel:
                yield recover.Told(person_id, day, _text(standing))


def _text(standing: Standing) -> str:
    return "\n".join(str((block.get("text") or {}).get("text", "")) for block in standing.blocks)
