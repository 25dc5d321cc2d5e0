"""What watching costs: calls of a sweep, from a tick to a finding, decisions a second; `make bench` prints it.

Calls: projects with two files each are swept until nothing is left to do; then people change some projects' plans and
playbooks, and the HTTP exchanges of one sweep are counted at the transport. The first project comes from the templates
and is kept current by the bot; the others are copies of its files, so that growing the fleet is copying and reading,
not waiting. *bot* is the CPU time of this process: most of the other seconds the workspace needs to load files that
it has put aside.

From tick to finding: in one of all those projects somebody moves a milestone's day into the past. The seconds run from
the start of the sweep until what is kept of the project gives the finding, and all that follows from a sweep is done.

Decisions: a morning over the kept snapshots of two thousand projects, without network: everything is unpacked, every
row is judged, and for every finding it is decided who hears of it at which rung. A decision is one row judged.
"""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from bot.project.findings import Kind
from bot.project.model import Stakeholder
from bot.project.picture import Picture
from bot.project.schema import letter, load
from bot.reminders import gather, rules, urgent
from bot.reminders.who import Staff
from bot.watch import poll
from bot.world import World
from bot.world.engine import Run
from bot.world.sheets import Change
from bot.world.slack import Person
from tests.bench.workspace import prepared, resident_mib

SCANS = (1, 100, 1_000)
SHARES = (0, 1, 100)  # percent of the projects that change
THOUGHT = 2_000
PAGE = 1_000  # changes in one answer of changes.list, at Google's most; a sweep asks once for each page
LOT = 10  # projects at once while the fleet grows; their files stay live in the workspace's memory
ZONE = "Europe/Berlin"
TEAM = {
    "priya.nair@fernhill.example": ("Priya Nair", "Asia/Kolkata"),
    "lena.fischer@fernhill.example": ("Lena Fischer", ZONE),
    "tom.brandt@fernhill.example": ("Tom Brandt", ZONE),
}
PEOPLE_TYPE = {"plan": ("tasks", "blocked_reason"), "playbook": ("risks", "trigger")}
SCHEMAS = {"playbook": "playbook", "plan": "standard_plan"}

Row = Mapping[str, Any]


@dataclass
class Fleet:
    """Projects with two files each, and a counting sweep over them."""

    world: World
    projects: list[dict[str, str]] = field(default_factory=list)  # file ids by kind
    scans: int = 0

    def grow(self, wanted: int) -> None:
        """Register projects until there are so many, and let the bot settle down over them."""
        while (there := len(self.projects)) < wanted:
            for number in range(there, min(wanted, there + LOT) if there else 1):
                self.projects.append(self._project(number))
            if not there:
                _plan(self.world, self.projects[0])
            while self.sweep().total() > 1:
                pass  # what the bot keeps current is a change too, and is read again, until nothing is left to write

    def _project(self, number: int) -> dict[str, str]:
        key, root, drive = f"R{number}", self.world.drive.root().id, self.world.drive
        first = self.projects[0] if self.projects else {}
        ids = {
            name: drive.ensure_copy(
                first.get(name) or self.world.template(schema), f"{key} {name}", root, key + name
            ).id
            for name, schema in SCHEMAS.items()
        }
        self.world.store.put_project(key, row_of(key, ids, root))
        return ids

    def change(self, number: int) -> int:
        """Somebody types into so many files, the first projects' ones; how many these are."""
        self.scans += 1
        files = [(kind, file_id) for ids in self.projects for kind, file_id in ids.items()][:number]
        for kind, file_id in files:
            tab_name, column = PEOPLE_TYPE[kind]
            self.type(kind, file_id, tab_name, column, f"as of scan {self.scans}")
        return len(files)

    def type(self, kind: str, file_id: str, tab_name: str, column: str, words: str) -> None:
        """A person types into the first row of a tab."""
        tab = load(SCHEMAS[kind]).tab(tab_name)
        at = letter([one.name for one in tab.columns].index(column))
        cell = {"range": f"{tab.title}!{at}2", "values": [[words]]}
        self.world.drive.google.sheets.values_batch_update(
            file_id, {"valueInputOption": "USER_ENTERED", "data": [cell]}
        )

    def sweep(self) -> Counter[str]:
        """The HTTP exchanges of one sweep, by method."""
        before = Counter(self.world.drive.google.counts)
        poll.sweep(self.world, Run(self.world.engine, "bench"), "all", "")
        return Counter(self.world.drive.google.counts) - before


def row_of(key: str, ids: Mapping[str, str], folder: str) -> dict[str, Any]:
    """A project as the store keeps it."""
    return {
        "key": key, "customer": "Quillstone Bank", "zone": ZONE, "pm": next(iter(TEAM)), "state": "Active",
        "kind": "Production deployment", "folder_id": folder, "channel_id": "", "schemas": SCHEMAS,
        "playbook_id": ids["playbook"], "plan_id": ids["plan"],
    }  # fmt: skip


def _plan(world: World, ids: Mapping[str, str]) -> None:
    """Owners and days for every milestone of the first project, three days apart, the first ones overdue."""
    people = [Stakeholder(id=f"S{n}", name=name, email=email) for n, (email, (name, _)) in enumerate(TEAM.items(), 1)]
    world.sheets.fill(ids["playbook"], load("playbook"), {"stakeholders": people})
    first = world.clock.today(ZONE) - timedelta(weeks=3)
    changes = [
        Change("milestones", f"M{number}", column, value, by_person=True)
        for number in range(1, 16)
        for column, value in (("owner", people[number % 3].name), ("baseline", first + timedelta(days=3 * number)))
    ]
    world.sheets.write(ids["plan"], load("standard_plan"), changes)


# ---------------------------------------------------------------------- calls


def calls_of_sweeps(fleet: Fleet) -> Iterator[str]:
    """The lines of the first table; a sweep beyond its limit says so."""
    yield "| projects | changed | files | calls | limit: 1 + changed | others | seconds | bot | memory MiB |"
    yield "| ---: | ---: | ---: | ---: | --- | --- | ---: | ---: | ---: |"
    for projects in SCANS:
        fleet.grow(projects)
        for share in SHARES:
            files = fleet.change(2 * -(-projects * share // 100))
            started, own = time.perf_counter(), time.process_time()
            counts = fleet.sweep()
            seconds, bot = time.perf_counter() - started, time.process_time() - own
            yield _sweep_line(projects, share, files, counts, seconds, bot)


def _sweep_line(projects: int, share: int, files: int, counts: Counter[str], seconds: float, bot: float) -> str:
    expected = {"drive.changes.list", "sheets.spreadsheets.values.batchGetByDataFilter"}
    others = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()) if name not in expected) or "none"
    pages = max(1, -(-files // PAGE))
    kept = "MISSED" if counts.total() > pages + files else "kept" if pages == 1 else f"kept, {pages} pages of changes"
    return (
        f"| {projects:,} | {share} % | {files:,} | {counts.total():,} | {kept} | {others} | {seconds:.1f} | {bot:.1f} "
        f"| {own_mib()} |"
    )


# ---------------------------------------------------------------------- from tick to finding


def tick_to_finding(fleet: Fleet) -> Iterator[str]:
    """One milestone of one project moves into the past, and is found."""
    world, key = fleet.world, f"R{len(fleet.projects) // 2}"
    urgent.look(world, poll.changed(world))  # what earlier scans left to look at
    past = world.clock.today(ZONE) - timedelta(days=20)
    fleet.type("plan", fleet.projects[len(fleet.projects) // 2]["plan"], "milestones", "forecast", past.isoformat())
    started = time.perf_counter()
    calls = fleet.sweep().total()
    found = _late(world, key, past)
    seconds = time.perf_counter() - started
    urgent.look(world, poll.changed(world))
    all_of_it = time.perf_counter() - started
    yield "| projects | calls | to the finding, s | and all that follows, s | found |"
    yield "| ---: | ---: | ---: | ---: | --- |"
    yield f"| {len(fleet.projects):,} | {calls} | {seconds:.2f} | {all_of_it:.2f} | {'yes' if found else 'MISSED'} |"


def _late(world: World, key: str, day: date) -> bool:
    picture = world.picture(key)
    late = (Kind.OVERDUE_MILESTONE, Kind.OVERDUE_GATE)
    return picture is not None and any(one.due == day and one.kind in late for one in picture.findings())


# ---------------------------------------------------------------------- decisions


def decisions(fleet: Fleet) -> Iterator[str]:
    """A morning thought through, part by part."""
    world = fleet.world
    _remember(fleet)
    rows = world.store.all_projects()
    before, started = own_mib(), time.process_time()
    pictures = [picture for row in rows if (picture := world.picture(row["key"]))]
    unpacked = time.process_time()
    found = sum(len(picture.findings()) for picture in pictures)
    judged = time.process_time()
    told = rules.mornings(pictures, {}, gather.hear(_staff(world)))
    ended = time.process_time()
    count = sum(_rows_of(picture) for picture in pictures)
    yield "| projects | rows | findings | people | unpack s | judge s | who and when s | decisions a second | MiB |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    yield (
        f"| {len(pictures):,} | {count:,} | {found:,} | {len(told)} | {unpacked - started:.1f} | "
        f"{judged - unpacked:.1f} | {ended - judged:.1f} | {count / (ended - started):,.0f} | {before} → {own_mib()} |"
    )


def _remember(fleet: Fleet) -> None:
    """Projects with snapshots of their own, without files: nothing of them is read from the workspace."""
    store, first = fleet.world.store, fleet.projects[0]
    kept = {name: store.snapshot(file_id) for name, file_id in first.items()}
    for number in range(len(fleet.projects), THOUGHT):
        key = f"R{number}"
        ids = {name: f"{key}-{name}" for name in kept}
        for name, snapshot in kept.items():
            assert snapshot is not None
            store.keep_snapshot(ids[name], snapshot)
        store.put_project(key, row_of(key, ids, ""))


def _staff(world: World) -> Staff:
    """The team as Slack would tell it."""

    @cache
    def by_email(email: str) -> Person | None:
        name, zone = TEAM.get(email, ("", ""))
        return Person(f"U{len(email)}{name[:1]}", email, name, zone, is_staff=True, is_active=True) if name else None

    return Staff(by_email, list, frozenset({"fernhill.example"}), world.clock.now())


def _rows_of(picture: Picture) -> int:
    return sum(len(rows) for file in (picture.plan, picture.playbook) for rows in file.values())


def own_mib() -> int:
    """The memory that this process has now, MiB."""
    return resident_mib("self")


def main() -> int:
    """Print the tables; 1 when a limit was missed."""
    missed = False
    with prepared() as (world, _):
        fleet = Fleet(world)
        for title, table in (
            ("Calls of one sweep", calls_of_sweeps),
            ("From tick to finding", tick_to_finding),
            ("Decisions from snapshots", decisions),
        ):
            print(f"\n{title}\n", flush=True)
            for line in table(fleet):
                missed |= "MISSED" in line
                print(line, flush=True)
    print(f"\nThe bot's process had {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB at most.")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
