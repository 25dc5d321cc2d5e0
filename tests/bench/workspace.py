"""How fast the embedded workspace answers, and what two thousand copies of the real plan cost; `make bench` prints it.

Every figure is measured from outside, through real connections to a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot import app, embedded
from bot.manifest import manifest
from bot.settings import Settings
from bot.world import World, google
from bot.world.docs import Docs
from bot.world.drive import Drive
from bot.world.sheets import Sheets

CALLS, COPIES = 200, 2000


@dataclass
class Figure:
    """One measured call: how often a second, and the median in milliseconds."""

    name: str
    per_second: float
    median_ms: float


@contextmanager
def emulated(folder: Path) -> Iterator[tuple[embedded.Workspace, int]]:
    """A fresh workspace process without limits, and that process's number."""
    described = folder / "manifest.json"
    described.write_text(json.dumps(manifest(app.LISTENERS)))
    command = [sys.executable, "-m", "bot.emulator", "--manifest", str(described), "--limits", "off"]
    with subprocess.Popen([*command, "--until-stdin-closes"], stdin=-1, stdout=-1, text=True) as process:
        assert process.stdout is not None
        yield embedded.Workspace(json.loads(process.stdout.readline())), process.pid
        process.terminate()


@contextmanager
def prepared() -> Iterator[tuple[World, int]]:
    """A world on a fresh workspace process without limits, and that process's number."""
    with tempfile.TemporaryDirectory() as scratch, emulated(Path(scratch)) as (workspace, number):
        settings = embedded.prepared(Settings(state_dir=Path(scratch) / "state", _env_file=None), workspace)
        with app.connected(settings) as world:
            yield _unlimited(world), number


def _unlimited(world: World) -> World:
    """The same world without the bot's own quotas, which would make every figure one a second."""
    settings = world.settings
    assert settings.google_key_file is not None
    free = google.connect(settings.google_key_file, settings.google_api_url, quotas=None)
    return replace(world, drive=Drive(free, str(settings.shared_drive)), sheets=Sheets(free), docs=Docs(free))


def measured(name: str, act: Callable[[], Any], calls: int = CALLS) -> Figure:
    """Repeat one call and take its pace."""
    times = []
    for _ in range(calls):
        started = time.perf_counter()
        act()
        times.append(time.perf_counter() - started)
    return Figure(name, calls / sum(times), sorted(times)[calls // 2] * 1000)


def resident_mib(pid: int | str) -> int:
    """The memory a process has now, MiB."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


def figures(world: World) -> list[Figure]:
    """The calls the bot makes most."""
    google = world.drive.google
    plan, report = world.template("standard_plan"), world.template("report")
    values = {"valueInputOption": "RAW", "data": [{"range": "Milestones!S2", "values": [["x"]]}]}
    return [
        measured("drive.files.get", lambda: world.drive.get(plan)),
        measured("drive.files.list", lambda: world.drive.find({"implbot": "template"})),
        measured("drive.changes.list", lambda: world.drive.changes(world.drive.start_token())),
        measured("sheets.values.get", lambda: google.sheets.values_get(plan, "Milestones")),
        measured("sheets.values.batchUpdate", lambda: google.sheets.values_batch_update(plan, values)),
        measured("docs.documents.get", lambda: world.docs.read_text(report)),
        measured("slack.usergroups.list", world.slack.groups),
    ]


def main() -> None:
    """Print the table of calls, then the copies."""
    with prepared() as (world, pid):
        print("| call | per second | median ms |\n| --- | ---: | ---: |")
        for figure in figures(world):
            print(f"| {figure.name} | {figure.per_second:.0f} | {figure.median_ms:.1f} |")
        source, parent = world.template("standard_plan"), world.drive.root().id
        started = time.perf_counter()
        for number in range(COPIES):
            world.drive.ensure_copy(source, f"Plan {number}", parent, f"bench:{number}")
        seconds = time.perf_counter() - started
        print(f"\n{COPIES} copies of the plan template: {seconds:.1f} s; the workspace has {resident_mib(pid)} MiB")


if __name__ == "__main__":
    main()
