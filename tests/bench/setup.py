"""What one standard set-up costs: the bot's calls, and their critical path with 100 ms for each, beside the minimum.

`make bench` prints both. The minimum is what the services make necessary, call by call. The critical path is the time
that latency costs: what a set-up takes longer under a large latency than under a small one tells how many calls stand
in a row, and leaves the machine's own speed out.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from bot import app, embedded
from bot.demo.stage import Stage
from bot.emulator.server import serve
from bot.emulator.workspace import Workspace
from bot.project.model import Request
from bot.project.schema import load
from bot.project.words import RequestStatus, RequestType
from bot.settings import Settings
from bot.world import World, backlog
from tests.bench.workspace import _unlimited
from tests.company import SETTINGS, announced

LATENCY_MS, SMALL_MS, LARGE_MS = 100, 100, 500
MOST = 1.3
KEY = "R1"
PEOPLE = {
    "pm": "priya.nair@fernhill.example",
    "ie": "lena.fischer@fernhill.example",
    "ta": "omar.haddad@fernhill.example",
}
CE, AE, LEAD = "ines.duarte@fernhill.example", "tom.brandt@fernhill.example", "grace.liu@fernhill.example"
MINIMUM = {  # what the services make necessary; a lead is a member of the shared drive, so five people need a share
    "customer's and project's folder": 2,
    "copies": 2,
    "fills": 2,
    "shares": 5,
    "verifying list": 1,
    "writes to the shared sheet": 2,
    "channel and its topic": 2,
    "bookmarks": 3,
    "one invitation": 1,
    "card": 1,
    "welcome": 1,
}
CHAIN = (
    "customer's folder", "project's folder", "first share", "second share", "third share", "fourth share",
    "fifth share", "welcome", "card shows the end",
)  # fmt: skip
"""The longest chain of the minimum: Drive takes the shares of one folder one after the other."""


@dataclass(frozen=True)
class Cost:
    """One measured set-up."""

    calls: Counter[str]
    seconds: float


def measured(latency_ms: int) -> Cost:
    """One set-up by a bot that has worked before (it knows its people, its backlog and its drive), under latency."""
    with tempfile.TemporaryDirectory() as scratch:
        emulated = Workspace.open(SETTINGS)
        with serve(emulated):
            there = announced(emulated, Path(scratch))
            settings = embedded.prepared(Settings(state_dir=Path(scratch) / "state", _env_file=None), there)
            with app.connected(settings) as connected:
                return _measured(_unlimited(connected), Stage(there, lambda _line: None), latency_ms)


def _measured(world: World, stage: Stage, latency_ms: int) -> Cost:
    for kind, flow in app.FLOWS.items():
        world.engine.register(kind, app._with_world(kind, flow, world))
    world.engine.launch()
    try:
        ids = {row["email"]: row["id"] for row in stage.workspace.control("GET", "people")["people"]}
        _prepare(world, ids)
        control = stage.workspace.control
        control("POST", "faults", {"rules": [{"method": "*", "do": "latency", "ms": latency_ms}]})
        before = Counter(control("GET", "log")["counts"])
        started = time.perf_counter()
        people = {role: ids[email] for role, email in PEOPLE.items()}
        asked = {"by": ids[LEAD], "selection": {**people, "size": "S", "kickoff": "2027-03-01"}}
        world.engine.start("provision", f"provision:{KEY}", request_id=KEY, **asked)
        outcome = world.engine.result(f"provision:{KEY}")
        seconds = time.perf_counter() - started
        assert not outcome["failures"], outcome
        return Cost(Counter(control("GET", "log")["counts"]) - before, seconds)
    finally:
        world.engine.stop()


def _prepare(world: World, ids: dict[str, str]) -> None:
    """As after a decision in triage: the row is read, the people are known, the channel is."""
    record = Request(
        id=KEY, customer="Quillstone Bank", request_type=RequestType.PRODUCTION, status=RequestStatus.NEW, ce=CE, ae=AE
    )
    world.sheets.append(world.backlog(), load("backlog"), "requests", replace(record, status=RequestStatus.SELECTED))
    backlog.read(world)
    for email in PEOPLE.values():
        world.slack.person(ids[email])
    for email in (CE, AE):
        world.slack.person_by_email(email)
    world.slack.channel_id(world.settings.triage_channel)


def table(cost: Cost, slow: Cost) -> list[str]:
    """The two figures beside their minimum, and the calls by method."""
    in_a_row = (slow.seconds - cost.seconds) * 1000 / (LARGE_MS - SMALL_MS)
    updates = cost.calls["slack.chat.update"]
    least = sum(MINIMUM.values()) + updates
    made = cost.calls.total()
    chain = len(CHAIN) * LATENCY_MS / 1000
    return [
        "| | made | minimum | at most | |",
        "| --- | ---: | ---: | ---: | --- |",
        _line("calls", made, least),
        _line("critical path, s", round(in_a_row * LATENCY_MS / 1000, 2), round(chain, 2)),
        "",
        f"the whole set-up took {cost.seconds:.1f} s on this machine",
        f"minimum: {', '.join(f'{count} {what}' for what, count in MINIMUM.items())}, {updates} edits of the card",
        f"longest chain: {', '.join(CHAIN)}",
        *(f"  {count:>3} {method}" for method, count in sorted(cost.calls.items())),
    ]


def _line(what: str, made: float, least: float) -> str:
    most = round(least * MOST, 2)
    return f"| {what} | {made} | {least} | {most} | {'kept' if made <= most else 'EXCEEDED'} |"


def main() -> None:
    """Print the table."""
    for line in table(measured(SMALL_MS), measured(LARGE_MS)):
        print(line)


if __name__ == "__main__":
    main()
