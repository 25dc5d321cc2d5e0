"""How soon the bot acknowledges people while it works hard: 20 set-ups and sweeps, 50 ms for every call.

Bot, workspace and people are a process each on the same machine. The workspace measures, from sending a command or a
form to the receipt of its acknowledgement.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from bot import app, embedded
from bot.demo.stage import Stage
from bot.opening.sweep import EVERYTHING
from bot.project.model import Request
from bot.project.schema import load
from bot.project.words import RequestStatus, RequestType
from bot.settings import Settings
from bot.world import World
from tests.bench.setup import AE, CE, LEAD, PEOPLE
from tests.bench.workspace import emulated

SET_UPS, COMMANDS, FORMS, AT_ONCE = 20, 1000, 300, 4
LATENCY_MS, MOST_MS = 50, 300
STAFF = ("ben.carter@fernhill.example", "tom.brandt@fernhill.example", CE, LEAD)
FORM = "/implementation-request Fern"
TEXTS = (FORM, *("/implementation status R1", "/implementation help") * 7)
VALUES = {
    "customer": "Fern & Sons",
    "request_type": "Production deployment",
    "deployment_method": "Kubernetes with Helm",
    "hosting_provider": "Azure",
    "segment": "Enterprise",
    "opportunity_link": "https://elsewhere.example/o/1",  # of no host that is allowed, which the bot alone finds
}


@contextmanager
def busy(folder: Path) -> Iterator[tuple[World, Stage]]:
    """A bot with many set-ups before it, connected to a workspace where every call takes its time."""
    with emulated(folder) as (workspace, _):
        given = Settings(state_dir=folder / "state", google_limits=False, _env_file=None)
        with app.running(embedded.prepared(given, workspace)) as world:
            stage = Stage(workspace, lambda _line: None)
            for number in range(1, SET_UPS + 1):
                _add(world, number)
            rule = {"method": "*", "do": "latency", "ms": LATENCY_MS}
            workspace.control("POST", "faults", {"rules": [rule]})
            yield world, stage


def _add(world: World, number: int) -> None:
    request = Request(
        id=f"R{number}", customer=f"Quillstone Bank {number}", request_type=RequestType.PRODUCTION,
        status=RequestStatus.SELECTED, ce=CE, ae=AE,
    )  # fmt: skip
    world.sheets.append(world.backlog(), load("backlog"), "requests", request)


def begin(world: World, stage: Stage) -> list[str]:
    """Select all requests at once; the keys of their set-ups."""
    ids = {row["email"]: row["id"] for row in stage.workspace.control("GET", "people")["people"]}
    people = {role: ids[email] for role, email in PEOPLE.items()}
    asked = {"by": ids[LEAD], "selection": {**people, "size": "S", "kickoff": "2027-03-01"}}
    keys = [f"provision:R{number}" for number in range(1, SET_UPS + 1)]
    for key in keys:
        world.engine.start("provision", key, request_id=key.removeprefix("provision:"), **asked)
    return keys


@contextmanager
def sweeping(world: World) -> Iterator[None]:
    """One sweep of sheets and accesses after the other."""
    over = threading.Event()

    def sweep() -> None:
        for number in count():
            for flow in ("sweep", "access"):
                world.engine.start(flow, f"bench:{flow}:{number}", subject=EVERYTHING, slot="")
                world.engine.result(f"bench:{flow}:{number}")
            if over.is_set():
                return

    with ThreadPoolExecutor(1) as one:
        done = one.submit(sweep)
        try:
            yield
        finally:
            over.set()
            done.result()


def commands(stage: Stage) -> list[float]:
    """The milliseconds of every command, several people typing at once."""

    def typed(number: int) -> float:
        person, text = STAFF[number % AT_ONCE], TEXTS[number // AT_ONCE % len(TEXTS)]
        return _ms(stage, person, "command", channel="general", text=text)

    return _at_once(typed, COMMANDS)


def forms(stage: Stage) -> list[float]:
    """The milliseconds of every form sent with a wrong field: it is read, and answered with what is wrong."""
    ids = {row["email"]: row["id"] for row in stage.workspace.control("GET", "people")["people"]}
    views, values = {person: _view(stage, person) for person in STAFF}, {**VALUES, "ae": ids[AE]}

    def sent(number: int) -> float:
        person = STAFF[number % AT_ONCE]
        return _ms(stage, person, "submit", view_id=views[person], values=values)

    return _at_once(sent, FORMS)


def _view(stage: Stage, person: str) -> str:
    _ms(stage, person, "command", channel="general", text=FORM)

    def shown() -> str:
        views = stage.workspace.control("GET", f"people/{person}/sees")["views"]
        return str(views[-1]["id"]) if views else ""

    return stage.wait_for("form", shown)


def _ms(stage: Stage, person: str, verb: str, **body: Any) -> float:
    answer = stage.workspace.control("POST", f"people/{person}/{verb}", body)
    if answer["ack"] != "ok":
        raise AssertionError(f"{verb}: {answer['ack']} {answer.get('errors')}")
    return float(answer["ack_ms"])


def _at_once(act: Callable[[int], float], times: int) -> list[float]:
    with ThreadPoolExecutor(AT_ONCE) as people:
        return sorted(people.map(act, range(times)))


def row(what: str, found: list[float]) -> str:
    """One line of the table."""
    middle, late = found[len(found) // 2], found[int(len(found) * 0.99)]
    kept = "kept" if late <= MOST_MS else "EXCEEDED"
    return f"| {what} | {len(found)} | {middle:.0f} | {late:.0f} | {found[-1]:.0f} | {MOST_MS} | {kept} |"


def people(stage: Stage) -> None:
    """What the process of the people does: type, send, and print what was measured."""
    begun = time.perf_counter()
    typed = commands(stage)
    print(json.dumps({"commands": typed, "seconds": time.perf_counter() - begun}), flush=True)
    print(json.dumps({"forms": forms(stage)}), flush=True)


@contextmanager
def people_at_work(workspace: embedded.Workspace) -> Iterator[Iterator[Any]]:
    """The people's process, and what it tells, in its order."""
    command = [sys.executable, "-m", "tests.bench.ack", json.dumps(workspace.line)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield map(json.loads, process.stdout)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as scratch, busy(Path(scratch)) as (world, stage):
        keys = begin(world, stage)
        with sweeping(world), people_at_work(stage.workspace) as told:
            typed = next(told)
            left = sum(world.engine.status(key) == "running" for key in keys)
            sent = next(told)
        failures = [world.engine.result(key)["failures"] for key in keys]
    print("| acknowledged | times | median ms | 99 % ms | longest ms | at most | |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | --- |")
    print(row("commands", typed["commands"]))
    print(row("forms", sent["forms"]))
    print(f"\n{COMMANDS} commands in {typed['seconds']:.0f} s; {left} of {SET_UPS} set-ups were still at work then")
    print(f"set-ups that ended whole: {failures.count({})} of {SET_UPS}")


if __name__ == "__main__":
    if sys.argv[1:]:
        people(Stage(embedded.Workspace(json.loads(sys.argv[1])), lambda _line: None))
    else:
        main()
