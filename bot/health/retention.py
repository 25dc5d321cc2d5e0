"""Every night drops what nothing needs any more, so that the bot's own state stays bounded; the audit stays whole.

Living things are not touched: work that has not ended, what a project last held, the memory of the ladder, questions
and every message that is edited in place. What goes is the record of ended work, the rows of dated messages, and the
finer steps of history: behind the first weeks one state a week is enough, and behind a year one a month.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.health import failures
from bot.world import calls
from bot.world.clock import Clock

if TYPE_CHECKING:
    from bot.world import World
    from bot.world.engine import Run
    from bot.world.store import Store

Json = Any
Taken = tuple[int, datetime]

DATED = ("bundle:", "digest:", "health:", "agenda:", "agenda-details:")  # nobody edits or repeats them after their day
REPEATED = ("sched:", "asked:")  # work that has its moment in its key
FOR_EVER = ("provision",)  # a project is never set up a second time
YEAR, CALLS_KEPT = timedelta(days=400), timedelta(days=62)
ANSWERED = "reviewed:"  # what stands in place of an agenda's answered rows
COMPARED = ("digest:", "report:")  # where rooms remember the moment that they compare with next
_DAY = re.compile(r":(\d{4}-\d\d-\d\d)(?:T|:|$)")


def retention(world: World, run: Run, subject: str, slot: str) -> str:
    """The flow of one night; returns what was dropped, in one line."""
    del subject, slot
    return str(run.step("drop", lambda: tidy(world)))


def tidy(world: World) -> str:
    """Drop what is not needed now."""
    store, settings, now = world.store, world.settings, world.clock.now()
    work = world.engine.forget(needed_work(now, timedelta(days=settings.keep_work_days)))
    sent = store.forget_messages(DATED, now - timedelta(days=settings.keep_messages_days))
    states = _thin(store, now, timedelta(days=settings.keep_history_days))
    rows = [
        *_old_rows(store, now, timedelta(days=settings.keep_work_days)),
        *_old_answers(store.recall_all(ANSWERED), (now - timedelta(days=settings.keep_messages_days)).date()),
    ]
    store.forget_all(rows)
    return f"dropped {work} ended jobs, {sent} messages, {states} states of files, {len(rows)} rows"


# ---------------------------------------------------------------------- work


def needed_work(now: datetime, keep: timedelta) -> Callable[[str, datetime], bool]:
    """Whether the record of an ended flow is needed, by its key and its end.

    Scheduled work by the day in its key, the rest, whose key may come again with an old button, for over a year.
    """
    oldest = (now - keep).date()

    def is_needed(key: str, ended: datetime) -> bool:
        day = _day(key) if key.startswith(REPEATED) else None
        if day is not None:
            return day >= oldest
        return key.startswith(FOR_EVER) or Clock().now() - ended < YEAR

    return is_needed


def _day(key: str) -> date | None:
    found = _DAY.search(key)
    return date.fromisoformat(found[1]) if found else None


# ---------------------------------------------------------------------- history


def _thin(store: Store, now: datetime, keep: timedelta) -> int:
    compared = _compared_with(store)
    listed = store.snapshot_times(now)
    numbers = [number for taken in listed.values() for number in thinned(taken, now, keep, compared)]
    store.drop_snapshots(numbers)
    return len(numbers)


def thinned(taken: Sequence[Taken], now: datetime, keep: timedelta, compared: Collection[datetime] = ()) -> list[int]:
    """Which states of one file to drop, given all of them, oldest first, as number and time.

    All of the last time stay, and the latest two whatever their age, and what somebody will compare with; before that
    the last of each week, and before a year the last of each month.
    """
    recent = {number for number, at in taken if now - at <= keep}
    last = {_period(at, now): number for number, at in taken}  # the later one of a period wins
    wanted = {number for moment in compared if (number := _standing(taken, moment)) is not None}
    keeping = recent | set(last.values()) | {number for number, _ in taken[-2:]} | wanted
    return [number for number, _ in taken if number not in keeping]


def _period(at: datetime, now: datetime) -> tuple[int, ...]:
    return (at.year, at.month) if now - at > YEAR else (*at.isocalendar()[:2], 0)


def _standing(taken: Sequence[Taken], moment: datetime) -> int | None:
    """What a file held at a moment."""
    return next((number for number, at in reversed(taken) if at <= moment), None)


def _compared_with(store: Store) -> list[datetime]:
    values = (value for prefix in COMPARED for value in store.recall_all(prefix).values())
    return [moment for value in values if (moment := _moment(value))]


def _moment(value: Json) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


# ---------------------------------------------------------------------- small rows


def _old_rows(store: Store, now: datetime, keep: timedelta) -> list[str]:
    """The names of counts and failures whose time is over."""
    return [*_old_calls(store.recall_all(calls.PREFIX), (now - CALLS_KEPT).date()), *_old_failures(store, now - keep)]


def _old_answers(names: Iterable[str], oldest: date) -> list[str]:
    return [name for name in names if (day := _day(name)) and day < oldest]


def _old_calls(names: Iterable[str], oldest: date) -> list[str]:
    days = {name: _day(f":{name}") for name in names}
    return [calls.PREFIX + name for name, day in days.items() if day and day < oldest]


def _old_failures(store: Store, before: datetime) -> list[str]:
    found = failures.kept(store)
    return [failures.PREFIX + failures.base(one.key) for one in found if datetime.fromisoformat(one.last) < before]
