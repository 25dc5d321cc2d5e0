"""Workspace time moves forward only, an hour at a time, and waits for those who follow it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.emulator import clock as clocks
from bot.emulator.clock import Clock, ClockError
from bot.emulator.shelf import Shelf


def play(story: Callable[[Clock], Awaitable[Any]]) -> Any:
    """Run a story on a clock of its own."""

    async def run() -> Any:
        return await asyncio.wait_for(story(Clock()), 20)

    return asyncio.run(run())


def test_it_starts_at_the_real_time() -> None:
    """Without moves the clock tells real time, aware."""
    assert abs(Clock().now() - datetime.now(UTC)) < timedelta(seconds=1)


def test_it_stops_exactly_at_the_target() -> None:
    """A move ends at the target, not at a full hour."""

    async def story(clock: Clock) -> None:
        target = clock.now() + timedelta(hours=2, minutes=17)
        await clock.advance(target)
        assert abs(clock.now() - target) < timedelta(seconds=1)

    play(story)


def test_a_follower_sees_every_hour() -> None:
    """While a day passes, a follower polls after each step, no step longer than an hour, and nothing is skipped."""

    async def story(clock: Clock) -> list[float]:
        offsets: list[float] = []
        state = clock.state()

        async def follow() -> None:
            after = state["generation"]
            while True:
                answer = await clock.poll("bot", after, 10)
                after = answer["generation"]
                offsets.append(answer["offset_seconds"])
                await asyncio.sleep(0)

        following = asyncio.create_task(follow())
        await asyncio.sleep(0)
        await clock.advance(clock.now() + timedelta(days=1))
        following.cancel()
        return offsets

    offsets = play(story)
    steps = [later - earlier for earlier, later in zip([0.0, *offsets], offsets, strict=False)]
    assert len(offsets) in (24, 25)
    assert max(steps) <= 3600.001
    assert offsets[-1] == pytest.approx(86400, abs=2)


def test_advance_waits_until_the_follower_has_done_its_work() -> None:
    """The move ends only after the follower polled with the last generation."""

    async def story(clock: Clock) -> None:
        first = asyncio.create_task(clock.poll("bot", clock.generation, 10))
        await asyncio.sleep(0)
        moving = asyncio.create_task(clock.advance(clock.now() + timedelta(minutes=5)))
        answer = await first
        done, _ = await asyncio.wait([moving], timeout=0.3)
        assert not done
        again = asyncio.create_task(clock.poll("bot", answer["generation"], 10))
        await moving
        clock.release()
        again.cancel()

    play(story)


def test_a_lost_follower_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A follower whose connection ended and who does not come back no longer holds the clock."""
    monkeypatch.setattr(clocks, "GRACE_SECONDS", 0.2)

    async def story(clock: Clock) -> None:
        alive = [True]
        first = asyncio.create_task(clock.poll("bot", clock.generation, 10, lambda: alive[0]))
        await asyncio.sleep(0)
        moving = asyncio.create_task(clock.advance(clock.now() + timedelta(hours=5)))
        await first
        alive[0] = False
        await moving

    play(story)


def test_a_poll_ends_without_news() -> None:
    """After its timeout a poll answers the same generation."""

    async def story(clock: Clock) -> None:
        before = clock.generation
        assert (await clock.poll("bot", before, 0.05))["generation"] == before

    play(story)


def test_a_stopping_server_answers_its_followers() -> None:
    """release() ends every poll at once."""

    async def story(clock: Clock) -> None:
        polling = asyncio.create_task(clock.poll("bot", clock.generation, 10))
        await asyncio.sleep(0)
        clock.release()
        assert (await asyncio.wait_for(polling, 2))["generation"] == clock.generation

    play(story)


def test_an_old_generation_is_answered_at_once() -> None:
    """Who knows another generation, older or from another life, hears the present one immediately."""

    async def story(clock: Clock) -> None:
        for after in (clock.generation - 1, clock.generation + 1000):
            assert (await clock.poll("bot", after, 10))["generation"] == clock.generation

    play(story)


def test_it_never_goes_back() -> None:
    """A target in the past, or without a zone, is refused with a sentence."""

    async def story(clock: Clock) -> None:
        with pytest.raises(ClockError, match="only moves forward"):
            await clock.advance(clock.now() - timedelta(minutes=1))
        with pytest.raises(ClockError, match="zone"):
            await clock.advance(datetime(2030, 1, 1))  # noqa: DTZ001  # that is the mistake

    play(story)


def test_the_offset_survives_a_restart() -> None:
    """A clock over the same shelf goes on where the last one stood, with another generation."""
    shelf = Shelf()
    first = Clock(shelf)
    asyncio.run(first.advance(first.now() + timedelta(days=3)))
    second = Clock(shelf)
    assert abs(second.now() - first.now()) < timedelta(seconds=1)
    assert second.generation > first.generation
