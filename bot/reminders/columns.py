"""The reminder columns of the plan: when a row was last spoken of, and in its Check cell when it is said next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import structlog

from bot.errors import OutsideError
from bot.project import upkeep
from bot.project.findings import Finding
from bot.project.ladder import Said, next_word, recipients, together
from bot.project.picture import Picture
from bot.project.schema import load
from bot.project.upkeep import File, Upcoming
from bot.reminders import gather, messages, rules
from bot.reminders.gather import Gathered
from bot.world import World, logbook
from bot.world.sheets import UNSEEN, Change
from bot.world.slack import DAY

log = structlog.get_logger(__name__)

Memories = Mapping[str, list[Said]]

CHECK, LAST = "check", "last_nudge"
REASON = "what the reminders said, and say next"


def keep(world: World, zone: str, found: Gathered) -> None:
    """Bring the columns up to date after a zone's morning: one write to a plan of which something was said there.

    A plan that does not take the write is tried with the next morning; what was said stays said.
    """
    by_project: dict[str, dict[str, Said]] = {}
    for key, memory in gather.memories(world).items():
        by_project.setdefault(key.partition(":")[0], {})[key] = memory
    for picture in found.live:
        said = by_project.get(picture.key, {})
        if _is_touched(world, zone, picture, said):
            _keep(world, picture, gather.by_matter(said))


def _is_touched(world: World, zone: str, picture: Picture, said: Mapping[str, Said]) -> bool:
    """Whether this zone's morning spoke of a project, of whose matters *said* tells."""
    ours = [key for key, memory in said.items() if memory.on == picture.today]
    people = (world.slack.person(key.rpartition(":")[2], DAY) for key in ours if not key.endswith(":"))
    return any(person and person.zone == zone for person in people)


def _keep(world: World, picture: Picture, said: Memories) -> None:
    following = upcoming(picture, said)
    world.store.remember(f"upcoming:{picture.key}", following)
    wanted = [*_checks(world, picture, following), *last_nudges(picture, said)]
    try:
        if wanted:
            logbook.write(world, picture.key, "plan", wanted, reason=REASON)
    except OutsideError as error:
        log.warning("the reminder columns could not be written", project=picture.key, cause=str(error))


def _checks(world: World, picture: Picture, following: Upcoming) -> Iterator[Change]:
    """The Check cells that differ: what is found in a row, and when somebody hears of it next."""
    files: dict[File, str] = {"playbook": picture.playbook_id, "plan": picture.plan_id}
    sources = {file: world.troubles(file_id) for file, file_id in files.items()}
    for cell in upkeep.stale(picture, sources, following):
        if cell.column == CHECK:
            yield Change(cell.tab, cell.row_id, CHECK, cell.new, UNSEEN)  # the bot itself wrote there since the look


def last_nudges(picture: Picture, said: Memories) -> Iterator[Change]:
    """The day of the last word about a row, in the tabs that show it."""
    for finding in rules.worth_saying(picture):
        tab = load(picture.plan_schema if finding.tab in picture.plan else picture.playbook_schema).tab(finding.tab)
        row = next((one for one in picture.plan.get(finding.tab, ()) if one.id == finding.subject), None)
        last = max((memory.on for memory in said.get(finding.key, ()) if memory.on), default=None)
        if row and last and any(column.name == LAST for column in tab.columns) and row.record.last_nudge != last:
            yield Change(finding.tab, finding.subject, LAST, last, UNSEEN)


def upcoming(picture: Picture, said: Memories) -> dict[str, dict[str, list[Any]]]:
    """By tab and row of the plan, the day of the next word and what the Check cell says of it."""
    found: dict[str, dict[str, list[Any]]] = {}
    for finding in rules.worth_saying(picture):
        following = _next(picture, finding, said.get(finding.key, ())) if finding.tab in picture.plan else None
        if following:
            found.setdefault(finding.tab, {})[finding.subject] = following
    return found


def _next(picture: Picture, finding: Finding, said: Iterable[Said]) -> list[Any] | None:
    """Nothing for a matter that waits for its first word, which comes with the next free place in a bundle."""
    known = together(said, finding.due)
    if known.rung is None and known.again_on is None:
        return None
    calendar = picture.calendar.for_side(finding.side)
    following = next_word(finding.due, known, picture.today, calendar, rules.lead_days(picture))
    if following is None:
        return None
    day, rung = following
    return [day.isoformat(), messages.upcoming_words(day, [str(one) for one in recipients(rung)])]
