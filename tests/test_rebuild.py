"""A lost store comes back from the workspace alone, and nobody hears anything twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from bot import app, rebuild
from bot.demo.stage import Stage
from bot.lifecycle.state import held_key
from bot.opening import gather, record, strays
from bot.planning import record as planning
from bot.project import baseline, wall
from bot.project.calendar import country_calendar
from bot.project.model import Stakeholder
from bot.project.schema import load
from bot.project.words import MaySee, Side, WorkStatus
from bot.settings import Settings
from bot.world import World, logbook
from bot.world.sheets import UNSEEN, Change
from tests.company import Prepared, company
from tests.crash.workshop import add_request, arguments, hurried, workspace

__all__ = ["company"]

KEY, CUSTOMER = "R1", "Quillstone Bank"
ZONES = ("Asia/Kolkata", "Europe/Berlin", "Europe/London", "Europe/Lisbon")
FRIDAY = 4
PM = "priya.nair@fernhill.example"


@dataclass
class Life:
    """One workspace, and one store after the other."""

    stage: Stage
    settings: Settings
    ids: dict[str, str]

    @cached_property
    def friday(self) -> datetime:
        """A working Friday at ten, some weeks from now; the project kicks off on the Monday after it."""
        moment = self.stage.now().replace(hour=10, minute=0) + timedelta(days=14)
        calendar = country_calendar(self.settings.countries)
        while moment.weekday() != FRIDAY or not calendar.is_working(moment.date()):
            moment += timedelta(days=1)
        return moment

    @contextmanager
    def at_work(self, number: int) -> Iterator[World]:
        """A bot whose store is that of this life, at the workspace's time."""
        folder = self.settings.state_dir.with_name(f"life{number}")
        with app.working(self.settings.model_copy(update={"state_dir": folder})) as world:
            yield world

    def day(self, world: World, moment: datetime, mark: str) -> None:
        """What a day brings: a sweep, the morning messages of every zone, the digest."""
        if moment > self.stage.now():
            self.stage.go_to(moment)
        world.clock.offset = self.stage.now() - datetime.now(UTC)
        run(world, "sweep", f"sweep:{mark}", "all", "")
        for zone in ZONES:
            run(world, "reminders", f"reminders:{zone}:{mark}", zone, moment.isoformat())
        run(world, "digest", f"digest:{mark}", KEY, moment.isoformat())

    def messages(self) -> list[tuple[str, str]]:
        """Every message there is, by channel and time."""
        return sorted((row["channel"], row["ts"]) for row in self.stage.raw()["messages"])


def run(world: World, flow: str, key: str, subject: str, slot: str) -> Any:
    """Carry one flow out."""
    world.engine.start(flow, key, subject=subject, slot=slot)
    return world.engine.result(key)


@pytest.fixture
def life(company: Prepared, tmp_path: Path) -> Iterator[Life]:
    """A project that was set up, watched, and spoken of on a Friday."""
    with workspace(company, tmp_path) as (_, stage, settings):
        ids = {row["email"]: row["id"] for row in stage.workspace.control("GET", "people")["people"]}
        made = Life(stage, settings, ids)
        with made.at_work(1) as world:
            add_request(hurried(world), KEY, CUSTOMER)
            asked = arguments(KEY, ids)
            asked["selection"]["kickoff"] = (made.friday + timedelta(days=3)).date().isoformat()
            world.engine.start("provision", f"provision:{KEY}", **asked)
            assert world.engine.result(f"provision:{KEY}")["failures"] == {}
            made.day(world, made.friday, "1")
            assert any(key.startswith("bundle:") for key in _outbox(world))
            assert any(key.startswith("digest:") for key in _outbox(world))
        yield made


def _outbox(world: World) -> list[str]:
    return [sending.key for sending in world.store.sendings("")]


def test_after_a_rebuild_the_same_day_says_nothing_again(life: Life) -> None:
    """Sweep, mornings and digest of the day it was lost: no new message anywhere."""
    before = life.messages()

    with life.at_work(2) as world:
        world.clock.offset = life.stage.now() - datetime.now(UTC)
        told = rebuild.rebuild(world)
        life.day(world, life.friday, "2")

        assert life.messages() == before
        assert f"restored: {KEY} {CUSTOMER}" in told
        assert any(line.startswith("not restored: ") for line in told)


def test_the_reminders_that_were_spoken_are_remembered(life: Life) -> None:
    """The ladder remembers the rungs that were spoken: a rebuilt store knows exactly what the lost one did."""
    with life.at_work(2) as world:
        world.clock.offset = life.stage.now() - datetime.now(UTC)
        rebuild.rebuild(world)
        rebuilt = {key: (nudge.rung, nudge.data["due"]) for key, nudge in world.store.nudges().items()}

    with life.at_work(1) as world:
        kept = {key: (nudge.rung, nudge.data["due"]) for key, nudge in world.store.nudges().items()}

    assert kept
    assert rebuilt == kept


def test_the_project_is_as_it_was(life: Life) -> None:
    """Files, channel, people, zones, the card: a Retry, a repair and a sweep find all they need."""
    with life.at_work(1) as world:
        row, zones = world.store.project(KEY), world.zones()

    with life.at_work(2) as world:
        rebuild.rebuild(world)

        assert world.store.project(KEY) == row
        assert set(zones) <= set(world.zones())
        report = str(run(world, "repair", "repair:1", KEY, ""))
        assert report.endswith("Everything is there."), report
        assert world.store.sending(f"setup:{KEY}")
        assert rebuild.rebuild(world)[0] == f"known already: {KEY}"


def test_what_is_missing_is_named(life: Life) -> None:
    """A trashed playbook, and a request whose set-up died with the store."""
    with life.at_work(1) as world:
        world.drive.update(world.store.project(KEY)["playbook_id"], trashed=True)  # type: ignore[index]  # it is there
        add_request(world, "R2", "Harborpine Logistics")

    with life.at_work(2) as world:
        told = "\n".join(rebuild.rebuild(world))

        assert "R1 lacks its playbook" in told
        assert "the set-up of R2 was not finished" in told
        assert world.store.all_projects() == []


def test_a_store_that_was_never_filled_and_a_new_company(company: Prepared, tmp_path: Path) -> None:
    """Where there is nothing to restore, nothing is made."""
    with workspace(company, tmp_path) as (_, stage, settings), app.connected(settings) as world:
        files = len(stage.raw()["files"])

        assert "0 messages" in rebuild.rebuild(world)[0]
        assert len(stage.raw()["files"]) == files


def test_what_the_rooms_remember_comes_back(life: Life) -> None:
    """Sign-off, a slip, whom the plan was opened to, the customer channel, a hold; and no warning is said twice."""
    ids, ruth = life.ids, "ruth.osei@harborpine.example"
    with life.at_work(1) as world:
        world.clock.offset = life.stage.now() - datetime.now(UTC)
        _sign_off_and_slip(world, life)
        _name(world, ruth)
        run_with(world, "opening", "opening:1", by=ids[PM], people=[ruth], role="commenter", reason="Kickoff", seen=[],
                 why="")  # fmt: skip
        run_with(world, "customer-channel", "customer-channel:1", by=ids[PM], people=[ruth])
        row = world.store.project(KEY) or {}
        hand = wall.customer(gather.project_of(row), ["harborpine.example"])
        world.drive.share(row["playbook_id"], ruth, "reader", hand)
        run(world, "access", "access:1", "everything", "")
        run_with(world, "turn", "turn:1", turn="HOLD", by=ids[PM], reason="Contract is late", until="2027-05-03")
        assert world.engine.settle(60)
        kept, before = _memory(world), life.messages()
    assert all([*kept.values(), kept["channel"]["invites"], kept["turn"]["until"]])

    with life.at_work(2) as world:
        world.clock.offset = life.stage.now() - datetime.now(UTC)
        rebuild.rebuild(world)
        run(world, "access", "access:2", "everything", "")

        assert _memory(world) == kept
        assert life.messages() == before
        assert [one["who"] for one in strays.standing(world).values()] == [ruth]


def _memory(world: World) -> dict[str, Any]:
    """What the rooms remember, without what no sheet tells: the very second, and the key of a press."""
    entries = record.entries(world, KEY).values()
    frozen, turn = planning.frozen(world, KEY), world.store.recall(held_key(KEY)) or {}
    return {
        "opening": [(one.email, one.name, one.role, one.state, one.by) for one in entries],
        "channel": record.channel(world, KEY),
        "baseline": frozen and (frozen.milestones, frozen.tasks, frozen.by),
        "forecasts": planning.forecasts(world, KEY),
        "slips": planning.slips(world, KEY),
        "turn": {name: turn.get(name) for name in ("turn", "reason", "until", "by")},
    }


def run_with(world: World, flow: str, key: str, **args: Any) -> None:
    """Carry out what somebody pressed."""
    world.engine.start(flow, key, project=KEY, **args)
    world.engine.result(key)


def _sign_off_and_slip(world: World, life: Life) -> None:
    """The kickoff's gate is done with its evidence; then a milestone's forecast moves."""
    rows = {row.id: row.record for row in world.picture(KEY).plan["milestones"]}  # type: ignore[union-attr]  # it was read
    gate = baseline.sign_off(rows.values())
    assert gate
    done = [Change("milestones", gate.id, "evidence", "mail of today", UNSEEN, by_person=True),
            Change("milestones", gate.id, "status", WorkStatus.DONE, UNSEEN, by_person=True)]  # fmt: skip
    logbook.write(world, KEY, "plan", done, actor=life.ids[PM], reason="signed")
    run(world, "sweep", "sweep:signed", "all", "")
    day = (rows["M8"].baseline or life.friday.date()) + timedelta(days=7)
    late = Change("milestones", "M8", "forecast", day, UNSEEN, by_person=True)
    logbook.write(world, KEY, "plan", [late], actor=life.ids[PM], reason="moved")
    run(world, "sweep", "sweep:late", "all", "")


def _name(world: World, email: str) -> None:
    """Somebody of the customer, as the playbook names them."""
    row = world.store.project(KEY) or {}
    person = Stakeholder(name="Ruth Osei", side=Side.CUSTOMER, email=email, may_see=MaySee.CUSTOMER)
    world.sheets.append(row["playbook_id"], load("playbook"), "stakeholders", person)
    domains = Change("overview", "", "customer_domains", "harborpine.example", UNSEEN, by_person=True)
    logbook.write(world, KEY, "playbook", [domains], actor=person.email, reason="known")
    run(world, "sweep", "sweep:named", "all", "")
