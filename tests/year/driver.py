"""Lives a simulated year: time passes hour by hour, people edit and press, the bot is stopped, killed and started."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.emulator import clock
from bot.emulator.server import serve
from bot.emulator.workspace import Workspace as Emulated
from tests.company import SETTINGS, Prepared, announced
from tests.year.generator import Act, Year
from tests.year.presses import Presses
from tests.year.reading import told as read
from tests.year.scene import Bot, Door, Sheets, register
from tests.year.truth import DAY, Closure, Outage, Told, Truth, morning

HOUR = timedelta(hours=1)
Json = Any


@dataclass
class Life:
    """A year being lived: the truth as it becomes, and all that people were told."""

    year: Year
    door: Door
    sheets: Sheets
    bot: Bot
    faults: list[Json]
    told: list[Told] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    costs: Counter[str] = field(default_factory=Counter)
    is_hourly: bool = True
    _seen: dict[str, str] = field(default_factory=dict)
    _closed: Counter[str] = field(default_factory=Counter)
    _stopped: datetime | None = None
    _logged: int = 0

    @property
    def truth(self) -> Truth:
        """What really happened so far."""
        return self.year.truth

    def live(self) -> None:
        """From the first day to the last."""
        acts = list(reversed(self.year.acts))
        presses = Presses(self.door, self.truth, self.year.presses, self.troubles)
        self._start()
        if self.faults:
            self.door.control("POST", "faults", {"rules": self.faults})
        for moment in self._stops():
            with self._timed("clock"):
                self.door.control("POST", "clock", {"to": moment.isoformat()})
            fresh = self._collect()
            with self._timed("presses"):
                for told, message in fresh if self._stopped is None else ():
                    presses.under(told, message)
            with self._timed("edits"):
                is_busy = bool(acts) and acts[-1].at <= moment
                while acts and acts[-1].at <= moment:
                    self._do(acts.pop())
                if is_busy:  # what was typed is read with the next sweep, on the same day
                    self.door.control("POST", "clock", {"advance_seconds": 360})
        for project in self.truth.projects.values():
            list(self._read(project.contact))
        self._stop()
        self.truth.outages.append(Outage(self._stopped or self.door.now(), datetime.max.replace(tzinfo=UTC)))

    def _stops(self) -> list[datetime]:
        """The moments at which time stands still: each hour, or only the hours in which somebody's morning begins."""
        begin = datetime.combine(self.year.first, datetime.min.time(), UTC)
        days = (self.year.last - self.year.first).days + 1
        hours = [begin + HOUR * number for number in range(1, days * 24 + 13)]
        if self.is_hourly:
            return hours
        starts = {morning(one, self.year.first + DAY * n) for one in self.truth.people.values() for n in range(days)}
        wanted = {at if at.minute == 0 else at.replace(minute=0) + HOUR for at in starts}
        return [hour for hour in hours if hour in wanted]

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.costs[what] += int((time.perf_counter() - begun) * 1000)

    # ------------------------------------------------------------------ what people do by themselves

    def _do(self, act: Act) -> None:
        match act.name:
            case "edit":
                self._edit(act)
            case "delete":
                self._delete(act)
            case "close_days":
                self._close(act)
            case "stop":
                self._stop()
            case "start":
                self._start()
            case _:
                self._restart(is_killed=act.name == "kill")

    def _edit(self, act: Act) -> None:
        row = self.truth.rows[act.token]
        is_other = any(getattr(row.held[-1], name) != value for name, value in act.cells.items())
        if row.held[-1].is_open and is_other:
            self.sheets.change(act.person, row, act.cells)
            row.change(self.door.now(), **act.cells)

    def _delete(self, act: Act) -> None:
        row = self.truth.rows[act.token]
        if not row.held[-1].is_gone:
            self.sheets.delete(act.person, row)
            row.change(self.door.now(), is_gone=True)

    def _close(self, act: Act) -> None:
        project = self.truth.projects[act.project]
        closure = Closure(**act.cells, since=self.door.now())  # type: ignore[arg-type]  # the fields of Closure
        self._closed[act.project] += 1
        self.sheets.close(project, self._closed[act.project], closure)
        project.closures.append(closure)

    # ------------------------------------------------------------------ the bot itself

    def _start(self) -> None:
        self.bot.start()
        if self._stopped:
            self.truth.outages.append(Outage(self._stopped, self.door.now()))
            self._stopped = None
        self.door.control("POST", "clock", {"advance_seconds": 60})  # a tick, with which it begins its work

    def _stop(self) -> None:
        self.bot.end()
        self._stopped = self._stopped or self.door.now()

    def _restart(self, *, is_killed: bool) -> None:
        if self._stopped is None:
            self.bot.end(is_killed=is_killed)
            self.bot.start()
            self.truth.restarts.append(self.door.now())

    # ------------------------------------------------------------------ what people are told

    def _collect(self) -> list[tuple[Told, Json]]:
        """The new messages to each person, if anything was posted, each with where it stands."""
        with self._timed("log"):
            log = self.door.control("GET", "log", since=str(self._logged))["calls"]
        self.calls.update(f"{row['method']} {row['status'] or 'cut'}" for row in log)
        self._logged = max([self._logged, *(row["n"] for row in log)])
        if not any(row["method"] == "slack.chat.postMessage" for row in log):
            return []
        with self._timed("reading"):
            return [one for email in self.truth.people for one in self._read(email)]

    def _read(self, email: str) -> Iterator[tuple[Told, Json]]:
        seen = self.door.control("GET", f"people/{email}/sees", after=self._seen.get(email, "0000000000.000000"))
        for channel in seen["channels"]:
            for message in channel["messages"]:
                self._seen[email] = max(self._seen.get(email, ""), message["ts"])
                if channel["is_im"] and not message.get("ephemeral") and message["user"] != "USLACKBOT":
                    told = read(email, message)
                    self.told.append(told)
                    yield told, {**message, "channel": channel["id"]}


@contextmanager
def lived(
    company: Prepared,
    folder: Path,
    year: Year,
    variant: str = "",
    faults: list[Json] | None = None,
    *,
    is_hourly: bool = True,
) -> Iterator[Life]:
    """A year that was lived to its end."""
    step, clock.STEP = clock.STEP, clock.STEP if is_hourly else DAY
    emulated = Emulated.open(SETTINGS, secrets=company.secrets)
    emulated.restore(company.snapshot)
    with serve(emulated):
        workspace = announced(emulated, folder)
        door = Door(workspace)
        settings = company.settings(folder, workspace)
        _seed(door, year)
        sheets = Sheets(door)
        register(settings, year.truth, sheets)
        life = Life(year, door, sheets, Bot(settings, variant, folder / "diary"), faults or [], is_hourly=is_hourly)
        try:
            life.live()
            yield life
        finally:
            life.bot.close()
            clock.STEP = step


def _seed(door: Door, year: Year) -> None:
    """Everybody is there on the first day, and may write in the drive."""
    people = [{"email": one.email, "name": one.name, "tz": one.zone} for one in year.truth.people.values()]
    contacts = [one.contact for one in year.truth.projects.values()]
    people += [{"email": one, "name": one.partition("@")[0], "org": "harborpine"} for one in contacts]
    members = [{"email": one, "role": "fileOrganizer"} for one in year.truth.people]
    door.control("POST", "seed", {"people": people, "drives": [{"name": "Implementations", "members": members}]})
    door.control("POST", "clock", {"to": datetime.combine(year.first, datetime.min.time(), UTC).isoformat()})
