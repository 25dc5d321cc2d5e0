"""The bot watches itself, in a real workspace: what its keeper reads in the ops channel, and what a monitor is told."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.health import facts, failures, marks, outages, status
from bot.health.watchdog import Watch, begin
from bot.world import calls, web_api
from bot.world.engine import FlowFailed
from bot.world.retry import Patience
from bot.world.slack import Slack
from bot.world.store import Nudge, Snapshot
from tests.rooms import LEAD, Rooms
from tests.test_cli import implbot

OPS = "impl-ops"
CHANGES = "drive.changes.list"
NOON = "2026-11-23T12:00:00+01:00"
REVOKED = {"do": "status", "status": 403}


def ops(rooms: Rooms) -> list[str]:
    """What stands in the ops channel."""
    said = [message["text"] for message in rooms.stage.messages(LEAD, OPS)]
    return [text for text in said if not text.endswith("has joined the group")]


def elsewhere(rooms: Rooms) -> list[str]:
    """What the bot said anywhere else."""
    raw = rooms.stage.raw()
    ids = {row["id"] for row in raw["channels"] if row["name"] == OPS}
    return [message["text"] for message in raw["messages"] if message["channel"] not in ids]


def failing_sweep(rooms: Rooms, key: str) -> None:
    with pytest.raises(FlowFailed):
        rooms.sweep(key)


def test_one_line_a_day_tells_how_the_bot_is(rooms: Rooms) -> None:
    """What was looked at, who can mend what, what was sent, called and failed; once a day, and in no other channel."""
    files = rooms.project()
    rooms.fault("slack.chat.postMessage", do="status", status=429, retry_after=1000, times=1)
    rooms.at("2026-11-20T14:00:30+01:00")
    rooms.tick()
    again = failures.kept(rooms.world.store)[0].again
    rooms.world.drive.google.drive.files().update(
        fileId=files["plan"], supportsAllDrives=True, body={"trashed": True}
    ).execute()
    rooms.at("2026-11-21T06:55:30+01:00")
    rooms.tick()
    before = elsewhere(rooms)

    rooms.at("2026-11-21T07:00:10+01:00")
    rooms.tick()
    rooms.at("2026-11-21T07:40:00+01:00")
    rooms.tick()

    assert datetime.fromisoformat(again) == datetime.fromisoformat("2026-11-20T14:01:00+01:00")
    (line,) = ops(rooms)
    assert line.startswith("Looked at 1 project: 0 fine, 1 unreadable (Quillstone Bank plan: in the trash – ")
    assert " in the trash – Daniel Reyes or Grace Liu can mend it: open). " in line
    assert "1 job failed: digest of R1 (chat.postMessage: ratelimited; done at Sat 21 Nov 06:55)." in line
    counted = calls.ever(rooms.world.store)
    assert counted["Google"] > 10
    assert counted["Slack"] > 3
    assert elsewhere(rooms) == before

    state = facts.gathered(rooms.world.store, rooms.world.settings, rooms.world.clock.now())
    assert status.alarms(state, 3) == ["implbot has not been at work here yet. `implbot run` starts it."]
    assert [one.project for one in state.unreadable] == ["R1"]
    assert sum(state.questions.values()) == 0


def test_the_loss_of_google_is_told_once_and_so_is_its_end(rooms: Rooms) -> None:
    """A single failing sweep is silence; a lasting loss is one message, the recovery another with what was caught."""
    world = rooms.world
    rooms.project()
    rooms.sweep("fine")
    rooms.fault(CHANGES, **REVOKED, times=1)
    failing_sweep(rooms, "hiccup")
    rooms.sweep("fine again")
    assert ops(rooms) == []
    assert outages.known(world.store, "Google") is None

    rooms.fault(CHANGES, **REVOKED)
    for number in range(4):
        failing_sweep(rooms, f"lost-{number}")
    (lost,) = ops(rooms)
    assert lost.startswith("🔴 Google does not let me in any more since ")
    assert "implbot doctor says which it is" in lost

    world.clock.offset += timedelta(hours=2)
    rooms.fault("nothing", do="drop")
    rooms.sweep("back")
    rooms.sweep("and on")

    assert len(ops(rooms)) == 2
    assert ops(rooms)[1].startswith("🟢 Google answers again after 2 h (since ")
    assert "The first sweep since: 0 files read, 0 unreadable, 0 gone." in ops(rooms)[1]
    assert outages.known(world.store, "Google") is None


def test_a_recovery_that_slack_did_not_take_is_told_later(rooms: Rooms) -> None:
    """Nothing is forgotten because the other side was away as well."""
    rooms.project()
    rooms.sweep("fine")
    rooms.fault(CHANGES, **REVOKED)
    failing_sweep(rooms, "1")
    failing_sweep(rooms, "2")
    rooms.fault("slack.chat.postMessage", do="status", status=429, retry_after=1000, times=1)
    rooms.sweep("back")
    assert len(ops(rooms)) == 1
    rooms.sweep("later")

    assert len(ops(rooms)) == 2
    assert outages.known(rooms.world.store, "Google") is None


def test_a_bot_that_stands_still_says_so_once(rooms: Rooms) -> None:
    """Over three periods without a sweep: one alarm, whatever the number of looks; one word when it moves again."""
    seconds = [0.0]
    rooms.at(NOON)
    rooms.tick()
    watch = Watch(rooms.world, lambda: seconds[0])
    for minute in range(0, 40, 2):
        seconds[0] = minute * 60
        marks.ticked(rooms.world)
        watch.look()
    Watch(rooms.world, lambda: seconds[0]).look()  # another life of the process says nothing again
    (alarm,) = ops(rooms)
    assert alarm.startswith("🔴 No sweep has ended for 16 minutes")

    rooms.sweep("moves")
    watch.look()
    watch.look()

    assert len(ops(rooms)) == 2
    assert ops(rooms)[1].startswith("🟢 Sweeps end again")


def test_the_loss_of_slack_stands_in_the_status_and_its_end_is_told(rooms: Rooms) -> None:
    """Slack cannot be told of its own loss: log and status say it, and the channel hears of it afterwards, once."""
    seconds, settings = [0.0], rooms.world.settings
    token = settings.slack_bot_token
    assert token is not None
    client = web_api.connect(token.get_secret_value(), settings.slack_api_url)
    world = replace(
        rooms.world, slack=Slack(client, rooms.world.store, rooms.world.clock, Patience(attempts=1, first_wait=0))
    )
    watch = Watch(world, lambda: seconds[0])
    rooms.fault("slack.auth.test", do="drop")

    def look(minute: int) -> list[str]:
        seconds[0] = minute * 60
        marks.ticked(world)
        marks.swept(world)
        watch.look()
        return [one.service for one in facts.gathered(world.store, settings, world.clock.now()).outages]

    assert [look(minute) for minute in (1, 14, 16, 17, 18, 19, 21)] == [[]] * 7
    assert [look(minute) for minute in (26, 27)] == [["Slack"], ["Slack"]]
    assert ops(rooms) == []
    rooms.fault("nothing", do="drop")

    assert look(28) == []
    assert look(29) == []
    (line,) = ops(rooms)
    assert line.startswith("🟢 Slack answers again after ")


def test_status_tells_a_monitor_whether_to_call_somebody(rooms: Rooms, tmp_path: Path) -> None:
    """Fine while the bot ticks; one line and 1 once it was killed, and its return is told in the ops channel."""
    world = rooms.world
    rooms.at(NOON)
    begin(world)
    rooms.tick()
    fine = implbot("status", folder=tmp_path, STATE_DIR=str(tmp_path / "state"))
    assert fine.returncode == 0, fine.stdout + fine.stderr
    assert fine.stdout.startswith("At work since   ")
    assert "heartbeat" in fine.stdout

    noted = world.store.recall(marks.TICK)
    world.store.remember(marks.TICK, {**noted, "offset": noted["offset"] + 3 * 3600})  # as three hours later
    silent = implbot("status", "--json", folder=tmp_path, STATE_DIR=str(tmp_path / "state"))
    assert silent.returncode == 1
    assert "implbot is silent since " in json.loads(silent.stdout)["alarms"][0]

    world.clock.offset += timedelta(hours=3)
    begin(world)
    begin(world)
    (line,) = ops(rooms)
    assert line.startswith("🟢 I am back. I was not at work from ")

    marks.stopped(world)
    world.clock.offset += timedelta(hours=3)
    begin(world)
    assert len(ops(rooms)) == 1


def test_a_year_shrinks_and_nothing_living_is_lost(rooms: Rooms) -> None:
    """History, dated messages and ended work go; the latest states, the ladder, questions, cards and audit stay."""
    world, now = rooms.world, datetime.now(UTC)
    store = world.store
    for n in range(400):
        at = now - timedelta(days=400 - n)
        store.keep_snapshot("plan", Snapshot(at, at, {"n": n}))
        for key in (f"bundle:U1:{at.date()}", f"ask:drift:f:{n}"):
            store.claim(key, at, "R1", {"questions": [], "project": "R1"})
            store.sent(key, "C1", str(n), at)
        store.remember(f"{calls.PREFIX}{at.date()}", {"counts": {"drive": 1}, "peaks": {}})
    store.said(Nudge("R1|plan|milestones|M1", 3, now - timedelta(days=300), {"on": "x"}))
    store.remember("settled:ask:drift:f:1", {"0": "done"})
    world.engine.register("child", lambda _run: "what it found")
    old = [f"sched:child:x:{(now - timedelta(days=n)).date()}" for n in (200, 100, 40)]
    new = f"sched:child:x:{now.date()}"
    for key in [*old, new]:
        rooms.run("child", key)
    child, parent, let_go = "sched:child:y:2025-01-01", "sched:parent:x:2025-01-01", threading.Event()
    world.engine.register("parent", lambda run: [run.start("child", child), let_go.wait(30), run.results([child])][-1])
    world.engine.start("parent", parent)
    assert world.engine.wait(child, 30)
    world.audit("U1", "selected", "R1")
    failures.keep(world, failures.Failure("sched:digest:R1:2025-01-01", "digest", "R1", "", "", 1, "x"), None)
    before: Any = store.snapshot("plan")

    report = rooms.run("retention", "tonight", subject="all", slot="")

    let_go.set()
    assert world.engine.result(parent) == ["what it found"]
    assert report.startswith("dropped 3 ended jobs, ")
    assert [world.engine.status(key) for key in [*old, new]] == ["absent"] * 3 + ["done"]
    assert store.snapshot("plan") == before
    assert 45 + 45 <= len(store.snapshot_times(now)["plan"]) <= 45 + 60
    assert len(store.sendings("bundle:")) in (89, 90)
    assert len(store.sendings("ask:")) == 400
    assert len(store.recall_all(calls.PREFIX)) <= 63
    assert store.nudges().keys() == {"R1|plan|milestones|M1"}
    assert store.recall("settled:ask:drift:f:1") == {"0": "done"}
    assert [entry.act for entry in store.audit()] == ["selected"]
    assert len(failures.kept(store)) == 1
