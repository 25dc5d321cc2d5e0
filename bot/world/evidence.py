"""What checks need beside the rows: files in trouble, outsiders, people's last change of the plan, the last report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.project import wall
from bot.project.finding import FileTrouble, Known, Outsider
from bot.project.picture import Picture
from bot.project.rows import Row
from bot.project.schema import Schema, load
from bot.project.words import OPEN_WORK, WorkStatus
from bot.world import lacks
from bot.world.lacks import Kind
from bot.world.slack import HALF_DAY
from bot.world.store import Snapshot

if TYPE_CHECKING:
    from bot.world import World

Json = Any

STRAYS = "strays:standing"
"""Where the permission sweep keeps the accesses that should not be, by key."""
REPORTED = "report:{project}:last"
CHECK_OF = {
    Kind.GONE: "FILE-UNREADABLE",
    Kind.TRASHED: "FILE-UNREADABLE",
    Kind.REFUSED: "FILE-UNREADABLE",
    Kind.READ_ONLY: "FILE-READ-ONLY",
    Kind.MOVED: "FILE-MOVED",
}
STEPS = 80  # states of a plan that are looked at, backwards


def known(world: World, picture: Picture) -> Known:
    """What is known of a project at this moment, from what earlier sweeps kept; nothing of Google is asked."""
    files = {"playbook": picture.playbook_id, "plan": picture.plan_id}
    reported = _day(picture, world.store.recall(REPORTED.format(project=picture.key)))
    return Known(
        troubles={name: world.troubles(file_id) for name, file_id in files.items()},
        files=tuple(_files(world, picture, files)),
        outsiders=tuple(_outsiders(world, picture)),
        touched=_touched(world, picture),
        reported=reported,
        are_reports_known=True,
        blocked=_blocked(world, picture),
        absent=dict(_absent(world, picture)),
    )


def _day(picture: Picture, moment: datetime | str | None) -> date | None:
    """The day of a moment in the project's zone."""
    if not moment:
        return None
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return at.astimezone(ZoneInfo(picture.zone)).date()


def _files(world: World, picture: Picture, files: dict[str, str]) -> Iterator[FileTrouble]:
    standing, unread = lacks.known(world), world.store.recall(lacks.UNREAD) or ()
    for name, file_id in files.items():
        lack = standing.get(file_id)
        if lack is not None and lack.kind is not None:
            yield FileTrouble(name, CHECK_OF[lack.kind], str(lack.kind), _day(picture, lack.since), lack.menders)
        elif file_id in unread:
            yield FileTrouble(name, "FILE-UNREADABLE", "not readable: the last look at it failed and is tried again")


def _outsiders(world: World, picture: Picture) -> Iterator[Outsider]:
    for one in (world.store.recall(STRAYS) or {}).values():
        if one["project"] == picture.key:
            yield Outsider(one["title"], one["url"], one["who"], one["why"], _day(picture, _moment(one.get("since"))))


def _moment(text: str | None) -> datetime | None:
    """When something was found; None where only that it was told before is known."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def _absent(world: World, picture: Picture) -> Iterator[tuple[str, str]]:
    """Owners of open work who cannot be reached in Slack any more."""
    listed: list[Row[Any]] = [*picture.milestones, *picture.tasks]
    rows = [row for row in listed if row.record.status in OPEN_WORK]
    for email in {picture.email_of(row.record.owner) for row in rows} - {""}:
        if wall.domain_of(email) in world.settings.company_domains:
            person = world.slack.person_by_email(email, HALF_DAY)
            if person is None or not person.is_active:
                yield email, "has left" if person else "is not in Slack"


# ---------------------------------------------------------------------- what the history of the plan tells


def _history(world: World, file_id: str) -> Iterator[Snapshot]:
    """What a file held, the latest state first."""
    state = world.store.snapshot(file_id)
    for _ in range(STEPS):
        if state is None:
            return
        yield state
        state = world.store.snapshot(file_id, state.taken_at - timedelta(microseconds=1))


def _touched(world: World, picture: Picture) -> date | None:
    """The day on which a column of people last changed in the plan, or the plan was first read."""
    schema, newer = load(picture.plan_schema), None
    for state in _history(world, picture.plan_id):
        if newer is not None and _of_people(schema, state.content) != _of_people(schema, newer.content):
            break
        newer = state
    return _day(picture, newer.taken_at) if newer else None


def _of_people(schema: Schema, content: Json) -> dict[str, list[Any]]:
    """The part of a state that people write, whatever the order of rows."""
    own = {tab.name: {c.name for c in tab.columns if c.owner == "person" and not c.formula} for tab in schema.tabs}
    return {
        tab: sorted(
            [row_id, sorted((name, str(value)) for name, value in cells.items() if name in own[tab])]
            for row_id, _, cells in rows
        )
        for tab, rows in content.items()
        if own.get(tab)
    }


def _blocked(world: World, picture: Picture) -> dict[str, date]:
    """Since when at least each blocked row has been so, by ``tab:ID``."""
    rows: dict[str, list[Row[Any]]] = {"milestones": [*picture.milestones], "tasks": [*picture.tasks]}
    waiting = {f"{tab}:{row.id}" for tab, listed in rows.items() for row in listed if _is_blocked(row.record.status)}
    since: dict[str, date] = {}
    for state in _history(world, picture.plan_id) if waiting else ():
        waiting &= set(_blocked_in(state.content, rows))
        day = _day(picture, state.taken_at)
        since |= {key: day for key in waiting if day}
        if not waiting:
            break
    return since


def _blocked_in(content: Json, tabs: Iterable[str]) -> Iterator[str]:
    for tab in tabs:
        yield from (f"{tab}:{row_id}" for row_id, _, cells in content.get(tab, ()) if _is_blocked(cells.get("status")))


def _is_blocked(status: object) -> bool:
    return status == WorkStatus.BLOCKED
