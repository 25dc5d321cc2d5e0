"""Everything that is known of the bot's own health, from the store alone: the same whether it runs or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.health import failures, marks, outages
from bot.health.failures import Failure
from bot.health.outages import Outage
from bot.project.picture import EDIT
from bot.world import asking, calls, lacks
from bot.world.calls import Taken
from bot.world.clock import Clock
from bot.world.lacks import Kind, Lack

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.world.store import Store

Json = Any
UNREADABLE = frozenset({Kind.GONE, Kind.TRASHED, Kind.REFUSED})
UNDER_WAY = timedelta(minutes=5)  # a message younger than this is just being sent
UPSET = "it could not be read the last time"


@dataclass(frozen=True)
class Unwell:
    """A file that the bot cannot work with as it should, and who can mend it."""

    project: str
    customer: str
    file: str
    why: str
    url: str
    menders: tuple[str, ...] = ()
    since: datetime | None = None
    is_unreadable: bool = True


@dataclass(frozen=True)
class Health:
    """How the bot is. Times are aware; *sent* counts messages since the moment that was asked for."""

    now: datetime
    zone: str
    started: datetime | None = None
    stopped: datetime | None = None
    ticked: datetime | None = None
    swept: datetime | None = None
    beat: datetime | None = None
    due: Mapping[str, datetime] = field(default_factory=dict)
    states: Mapping[str, int] = field(default_factory=dict)
    watched: int = 0
    unwell: tuple[Unwell, ...] = ()
    questions: Mapping[str, int] = field(default_factory=dict)
    sent: int = 0
    doubtful: tuple[tuple[str, datetime], ...] = ()
    failures: tuple[Failure, ...] = ()
    calls: Taken = field(default_factory=Taken)
    outages: tuple[Outage, ...] = ()

    @property
    def unreadable(self) -> list[Unwell]:
        """Files that there is nothing to read of."""
        return [one for one in self.unwell if one.is_unreadable]

    @property
    def hampered(self) -> list[Unwell]:
        """Files that are read, but moved away or closed for writing."""
        return [one for one in self.unwell if not one.is_unreadable]


def gathered(store: Store, settings: Settings, now: datetime, since: datetime | None = None) -> Health:
    """Everything as of a moment; messages are counted since another, else since midnight of the team's day."""
    local = now.astimezone(ZoneInfo(settings.zone))
    rows = [row for row in store.all_projects() if row["state"] != "Cancelled"]
    return Health(
        now=now,
        zone=settings.zone,
        started=marks.noted(store, marks.STARTED),
        stopped=marks.noted(store, marks.STOPPED),
        ticked=marks.noted(store, marks.TICK),
        swept=marks.noted(store, marks.SWEEP),
        beat=marks.noted(store, marks.BEAT),
        due=_due(store),
        states=Counter(str(row["state"]) for row in store.all_projects()),
        watched=len(rows),
        unwell=tuple(_unwell(store, rows)),
        questions=asking.waiting(store),
        sent=store.sent_since(since or local.replace(hour=0, minute=0, second=0, microsecond=0)),
        doubtful=tuple(store.in_doubt(now - UNDER_WAY)),
        failures=tuple(failures.kept(store)),
        calls=calls.of_day(store.recall_all(calls.PREFIX), local.date()),
        outages=tuple(outages.lasting(store, settings.silent_periods)),
    )


def here_and_now(store: Store) -> datetime:
    """The present as the bot counts it: in a workspace whose time is moved, as far as it was moved at the last tick."""
    tick = store.recall(marks.TICK) or {}
    return Clock(timedelta(seconds=float(tick.get("offset", 0)))).now()


def _due(store: Store) -> dict[str, datetime]:
    noted = {name: marks.moment(value) for name, value in (store.recall(marks.NEXT) or {}).items()}
    return {name: at for name, at in noted.items() if at}


def _unwell(store: Store, rows: list[Json]) -> list[Unwell]:
    """Files in trouble, and those that the latest sweep could not read for another reason."""
    by_key, known = {row["key"]: row for row in rows}, lacks.kept(store)
    found = [_lacking(lack, by_key[lack.project]) for lack in known.values() if lack.kind and lack.project in by_key]
    unread = set(store.recall(lacks.UNREAD) or ()) - {lack.file_id for lack in known.values() if lack.kind}
    found += [
        Unwell(row["key"], row["customer"], name, UPSET, f"{EDIT}/{row[f'{name}_id']}")
        for row in rows
        for name in ("playbook", "plan")
        if row[f"{name}_id"] in unread
    ]
    return sorted(found, key=lambda one: (one.project, one.file))


def _lacking(lack: Lack, row: Json) -> Unwell:
    since, url = datetime.fromisoformat(lack.since), f"{EDIT}/{lack.file_id}"
    is_unreadable = lack.kind in UNREADABLE
    return Unwell(row["key"], row["customer"], lack.file, str(lack.kind), url, lack.menders, since, is_unreadable)
