"""What happens when: the one table of jobs, and the pure rule that picks each job's latest slot."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from croniter import croniter

from bot.digests import send as digests
from bot.errors import OutsideError
from bot.health import beat, failures, marks, retention, sweeps
from bot.lifecycle import state as lifecycle
from bot.opening import sweep as access
from bot.planning.look import look
from bot.project.calendar import WorkCalendar
from bot.reminders import send as reminders
from bot.reminders import urgent
from bot.reports import draft as reports
from bot.reviews import send as reviews
from bot.triage import follow
from bot.watch import poll
from bot.world import World, calls
from bot.world.answering import LOOK_AGAIN
from bot.world.engine import Run

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Subject:
    """For whom a job runs: a project, a time zone or the whole workspace, and the zone its hours are meant in."""

    key: str
    zone: str


@dataclass(frozen=True)
class Job:
    """One row of the table. `cron` is local time in the subject's zone; `on` narrows the days further."""

    name: str
    cron: str
    cadence: str
    grace: timedelta
    flow: str
    subjects: Callable[[World], Iterable[Subject]]
    on: Callable[[datetime], bool] = lambda _slot: True
    is_daily: bool = True


def _everything(world: World) -> Iterable[Subject]:
    return [Subject("all", world.settings.zone)]


def _every_file(world: World) -> Iterable[Subject]:
    return [Subject(access.EVERYTHING, world.settings.zone)]


def _unfinished_turns(world: World) -> Iterable[Subject]:
    return _everything(world) if lifecycle.has_work(world) else ()


def _people_zones(world: World) -> Iterable[Subject]:
    return [Subject(zone, zone) for zone in reminders.zones(world)]


def _active_projects(world: World) -> Iterable[Subject]:
    return [Subject(row["key"], row["zone"]) for row in world.store.all_projects() if row["state"] == "Active"]


def _last_working_day(slot: datetime) -> bool:
    """Weekdays only: each project's own holidays would need its sheets, and a draft a day early harms nobody."""
    week = WorkCalendar()
    return week.is_working(slot.date()) and week.add(slot.date(), 1).month != slot.month


JOBS = (
    Job("sweep", "*/5 * * * *", "every five minutes", timedelta(minutes=5), "sweep", _everything, is_daily=False),
    Job("reminders", "0 9 * * *", "09:00 in each person's zone", timedelta(hours=4), "reminders", _people_zones),
    Job("agenda", "30 8 * * mon", "Monday 08:30, project's zone", timedelta(hours=24), "agenda", _active_projects),
    Job("digest", "0 14 * * fri", "Friday 14:00, project's zone", timedelta(hours=24), "digest", _active_projects),
    Job(
        "report",
        "0 9 * * *",
        "last working day of the month 09:00, project's zone",
        timedelta(days=3),
        "report",
        _active_projects,
        on=_last_working_day,
    ),
    Job("access", "7 * * * *", "every hour", timedelta(hours=1), "access", _everything, is_daily=False),
    Job("access-nightly", "20 3 * * *", "03:20, team's zone", timedelta(hours=24), "access", _every_file),
    Job("lifecycle", "12 * * * *", "every hour", timedelta(hours=1), "lifecycle", _unfinished_turns, is_daily=False),
    Job("heartbeat", "0 7 * * *", "07:00, team's zone", timedelta(hours=1), "heartbeat", _everything),
    Job("retention", "40 3 * * *", "03:40, team's zone", timedelta(hours=20), "retention", _everything),
)

SWEEP = "sweep"
READING_SECONDS = 60.0  # the longest that others wait for a sweep
_READING = threading.Lock()  # a morning reads too: one after the other, from where the last one ended
LOOKED, FOLLOWED, FOLLOW = "planning:looked:", "backlog:followed", "follow"


def sweep(world: World, run: Run, subject: str, slot: str) -> str:
    """Read what changed; heed what people did in the backlog; look at the dates of projects that hold something new."""
    with _READING:
        report = poll.sweep(world, run, subject, slot)
    if _must_follow(world):
        run.start(FOLLOW, f"{run.key}:{FOLLOW}")
    looked = world.store.recall_all(LOOKED)
    for key, at in poll.changed(world).items():
        if looked.get(key) != at and _is_looked_at(world, key):
            world.store.remember(LOOKED + key, at)
    urgent.look(world, poll.changed(world))
    return report


def morning(world: World, run: Run, subject: str, slot: str) -> int:
    """A zone's morning. What changed since the last sweep is read first, so that nothing mended meanwhile is said."""
    run.step("read", lambda: sweep_now(world, run))
    return reminders.morning(world, run, subject, slot)


def sweep_now(world: World, run: Run) -> str:
    """One listing of changes, and one call for each changed file; mornings of several zones take turns."""
    with _READING:
        report = poll.sweep(world, run, "", "")
    urgent.look(world, poll.changed(world))
    return report


def follow_backlog(world: World, run: Run) -> str:
    """Heed what people did in the backlog; a failure is tried again with the next sweep."""
    try:
        report = follow.follow(world, run)
    except OutsideError:
        world.store.remember(FOLLOWED, "")
        raise
    world.store.remember(FOLLOWED, world.clock.today(world.settings.zone).isoformat())
    return report


def _must_follow(world: World) -> bool:
    """When the backlog changed, and once a day, for requests whose day has come."""
    today = world.clock.today(world.settings.zone).isoformat()
    return poll.backlog_changed(world) or world.store.recall(FOLLOWED) != today


def _is_looked_at(world: World, project: str) -> bool:
    """Look at one project's dates; a failure is logged and tried again with the next sweep, and others go on."""
    try:
        look(world, project)
    except Exception:  # whatever people put in a plan, it must not keep the others from being looked at
        log.exception("a project's dates could not be looked at", project=project)
        return False
    return True


def look_again(world: World, run: Run, project: str) -> str:
    """Read one project anew, after somebody answered a question about it."""
    report = str(run.step("read", lambda: poll.again(world, project)))
    run.step("dates", lambda: _is_looked_at(world, project))
    run.step("reminders", lambda: urgent.look(world, poll.changed(world), only=project))
    return report


def watched_sweep(world: World, run: Run, subject: str, slot: str) -> str:
    """A sweep whose end, good or bad, is noted."""
    return sweeps.watched(world, slot or run.key, lambda: sweep(world, run, subject, slot))


FLOWS: dict[str, Callable[..., Any]] = {
    LOOK_AGAIN: look_again,
    FOLLOW: follow_backlog,
    SWEEP: watched_sweep,
    "reminders": morning,
    "agenda": reviews.weekly,
    "digest": digests.weekly,
    "report": reports.monthly,
    "access": access.sweep,
    "lifecycle": lifecycle.hourly,
    "heartbeat": beat.heartbeat,
    "retention": retention.retention,
}


def due(job: Job, now: datetime, zone: str) -> datetime | None:
    """The latest slot of a job that is not after `now` and still inside its grace; aware, in the subject's zone."""
    slot: datetime = now.astimezone(ZoneInfo(zone)) + timedelta(microseconds=1)
    while True:
        slot = croniter(job.cron, slot).get_prev(datetime)
        if now - slot > job.grace:
            return None
        if job.on(slot):
            return slot


def slot_key(job: Job, subject: str, slot: datetime) -> str:
    """The durable key of one run: by local date for daily and longer jobs, so that a repeated hour is one day."""
    moment = slot.date().isoformat() if job.is_daily else slot.astimezone(ZoneInfo("UTC")).isoformat()
    return f"sched:{job.name}:{subject}:{moment}"


@dataclass(frozen=True)
class Start:
    """One run to begin now."""

    flow: str
    key: str
    subject: str
    slot: datetime


def attempts(age: timedelta) -> int:
    """How often a failing run may have been tried when its slot is so old: at once, then after 1, 2, 4, 8 … minutes."""
    return int(age / timedelta(minutes=1)).bit_length() + 1


def tick(world: World, jobs: Iterable[Job] = JOBS) -> list[str]:
    """Start everything that is due and not started yet; returns the keys of the runs this call started.

    A sweep that is due at the same moment ends before anybody speaks of what it reads.
    """
    starts = list(_starts(world, jobs))
    sweeps = [one for one in starts if one.flow == SWEEP]
    for one in sweeps:
        _begin(world, one)
    for one in sweeps if len(sweeps) < len(starts) else ():
        world.engine.wait(one.key, READING_SECONDS)
    for one in starts:
        if one.flow != SWEEP:
            _begin(world, one)
    if starts:
        marks.due_next(world, upcoming(world, world.clock.now(), jobs))
    calls.keep(world)
    marks.ticked(world)
    return [one.key for one in starts]


def upcoming(world: World, now: datetime, jobs: Iterable[Job] = JOBS) -> dict[str, datetime]:
    """When each job that has somebody to run for is due next."""
    zones = {job.name: {subject.zone for subject in job.subjects(world)} for job in jobs}
    return {job.name: min(_next(job, now, zone) for zone in zones[job.name]) for job in jobs if zones[job.name]}


def _next(job: Job, now: datetime, zone: str) -> datetime:
    slot: datetime = now.astimezone(ZoneInfo(zone))
    while True:
        slot = croniter(job.cron, slot).get_next(datetime)
        if job.on(slot):
            return slot


def again_at(key: str, slot: str, now: datetime, jobs: Iterable[Job] = JOBS) -> datetime | None:
    """When the run that failed under a key is tried again by itself; None when it is not, or its grace is over."""
    job = next((one for one in jobs if key.startswith(f"sched:{one.name}:")), None)
    if job is None or not slot:
        return None
    due_at = datetime.fromisoformat(slot)
    tried = max(due_at + timedelta(minutes=2 ** (failures.attempt(key) - 1)), now)
    return tried if tried <= due_at + job.grace else None


def _begin(world: World, one: Start) -> None:
    world.engine.start(one.flow, one.key, subject=one.subject, slot=one.slot.isoformat())


def _starts(world: World, jobs: Iterable[Job]) -> Iterator[Start]:
    now = world.clock.now()
    for job in jobs:
        slot_in = cache(partial(due, job, now))  # a thousand projects share a few zones
        for subject in job.subjects(world):
            slot = slot_in(subject.zone)
            key = _free_key(world, slot_key(job, subject.key, slot), attempts(now - slot)) if slot else None
            if slot and key:
                yield Start(job.flow, key, subject.key, slot)


def _free_key(world: World, key: str, most: int) -> str | None:
    """The key to start a run under: the slot's own, or that of one more attempt where the last one failed."""
    for attempt in range(1, most + 1):
        tried = key if attempt == 1 else f"{key}:{attempt}"
        status = world.engine.status(tried)
        if status != "failed":
            return tried if status == "absent" else None
    return None
