"""Following a workspace's clock: every move is worked off before the next, and a lost clock is found again."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import requests
from structlog.testing import capture_logs

from bot.emulator.server import Running, serve, start
from bot.emulator.workspace import EmulatorSettings, Workspace
from bot.errors import SettingsError
from bot.world.clock import Clock, Follower
from tests.world.conftest import Control

WAIT = 30  # seconds until a condition counts as missed


def following(running: Running, clock: Clock, on_move: Callable[[], None]) -> Follower:
    """A follower of a served workspace that asks again quickly."""
    token = running.workspace.secrets.control_token
    return Follower(clock, f"{running.url}/_control/clock", token, on_move, retry=0.01)


def advance(running: Running, **by: float) -> datetime:
    """Let workspace time pass; returns the time it is then."""
    token, seconds = running.workspace.secrets.control_token, timedelta(**by).total_seconds()
    headers, body = {"Authorization": f"Bearer {token}"}, {"advance_seconds": seconds}
    answer = requests.post(f"{running.url}/_control/clock", json=body, headers=headers, timeout=60)
    answer.raise_for_status()
    return datetime.fromisoformat(answer.json()["now"])


@pytest.fixture(autouse=True)
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests share a workspace: one waits for the follower that the last one stopped, and need not for three seconds."""
    monkeypatch.setattr("bot.emulator.clock.GRACE_SECONDS", 0.3)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def moves(control: Control, running: Running, clock: Clock) -> Iterator[queue.Queue[datetime]]:
    """The times that a follower worked at."""
    seen: queue.Queue[datetime] = queue.Queue()
    follower = following(running, clock, lambda: seen.put(clock.now()))
    follower.start()
    yield seen
    follower.stop()


def test_without_a_workspace_clock_it_is_real_time() -> None:
    """Times are aware, and a date belongs to a zone."""
    clock = Clock()

    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    clock.offset = datetime(2026, 12, 1, 23, 30, tzinfo=UTC) - datetime.now(UTC)
    assert (clock.today("UTC").day, clock.today("Asia/Tokyo").day) == (1, 2)


def test_every_hour_is_worked_off(moves: queue.Queue[datetime], running: Running, clock: Clock) -> None:
    """Two days pass in one go: the follower works at each hour, and is done when the move is."""
    before = clock.now()
    after = advance(running, days=2)

    worked = [moves.get_nowait() for _ in range(moves.qsize())]
    assert len(worked) == 48
    gaps = [later - earlier for earlier, later in zip([before, *worked], worked, strict=False)]
    assert all(timedelta(minutes=59) < gap < timedelta(minutes=61) for gap in gaps)
    assert abs(clock.now() - after) < timedelta(seconds=5)


def test_the_workspace_waits_for_work_under_way(control: Control, running: Running, clock: Clock) -> None:
    """Time does not move on while something that fell due is still being done."""
    began, may_end = threading.Event(), threading.Event()

    def work() -> None:
        began.set()
        may_end.wait(WAIT)

    follower = following(running, clock, work)
    follower.start()
    with ThreadPoolExecutor(1) as elsewhere:
        moving = elsewhere.submit(advance, running, minutes=30)
        assert began.wait(WAIT)
        assert not moving.done()
        may_end.set()
        moving.result(WAIT)
    follower.stop()


def test_no_move_is_missed_right_after_the_start(control: Control, running: Running) -> None:
    """As soon as start returns, the workspace waits for this follower: the first hour is not lost."""
    for _ in range(2):
        seen: list[int] = []
        follower = following(running, Clock(), lambda seen=seen: seen.append(1))  # type: ignore[misc]  # a default keeps the loop's value
        follower.start()
        advance(running, hours=1)
        follower.stop()

        assert seen == [1]


def test_failed_work_does_not_stop_the_clock(control: Control, running: Running, clock: Clock) -> None:
    """A job that breaks is told in the log; the hours after it come all the same."""
    seen: list[datetime] = []

    def work() -> None:
        seen.append(clock.now())
        raise RuntimeError("a job broke")

    follower = following(running, clock, work)
    with capture_logs() as logs:
        follower.start()
        advance(running, hours=3)
        follower.stop()

    assert len(seen) == 3
    assert [entry["log_level"] for entry in logs] == ["error"] * 3


def test_a_stopped_follower_is_not_waited_for(control: Control, running: Running, clock: Clock) -> None:
    """After a stop nothing is worked off any more, and the workspace's time goes on without it."""
    seen: list[int] = []
    follower = following(running, clock, lambda: seen.append(1))
    follower.start()
    follower.stop()
    advance(running, hours=2)

    assert seen == []


def test_a_lost_clock_is_found_again() -> None:
    """The workspace goes and comes back: told once each, and then its hours count again."""
    workspace, clock, moved = Workspace.open(EmulatorSettings(limits=False)), Clock(), threading.Event()
    first = start(workspace, 0)
    port = int(first.url.rsplit(":", 1)[1])
    follower = following(first, clock, moved.set)
    with capture_logs() as logs:
        follower.start()
        first.stop()
        wait_for(logs, "workspace clock lost; asking until it is back")
        with serve(workspace, port) as second:
            wait_for(logs, "workspace clock is back")
            after = advance(second, hours=5)
            follower.stop()

    assert moved.is_set()
    assert abs(clock.now() - after) < timedelta(seconds=5)
    assert [entry["event"] for entry in logs].count("workspace clock lost; asking until it is back") == 1


def wait_for(logs: list[dict[str, object]], event: str) -> None:
    """Until a line stands in the log."""
    deadline = threading.Event()
    timer = threading.Timer(WAIT, deadline.set)
    timer.start()
    while not any(entry["event"] == event for entry in list(logs)):
        assert not deadline.wait(0.01), f"{event!r} was not logged"
    timer.cancel()


def test_an_address_without_a_clock_names_the_setting(running: Running) -> None:
    """A wrong address or token is told before anything starts."""
    for url, token in ((f"{running.url}/nothing", "x"), (f"{running.url}/_control/clock", "wrong")):
        follower = Follower(Clock(), url, token, lambda: None)

        with pytest.raises(SettingsError, match="IMPLBOT_CLOCK_URL"):
            follower.start()
        follower.stop()
