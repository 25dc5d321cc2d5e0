"""chat.scheduleMessage: posted by the workspace's clock."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from slack_asking import error
from slack_sdk import WebClient

from bot.emulator.server import Running
from bot.emulator.workspace import Workspace


@pytest.fixture
def now(workspace: Workspace) -> int:
    """Workspace time in seconds."""
    return int(workspace.clock.now().timestamp())


def later(running: Running, **time: int) -> None:
    """Move the workspace's clock."""
    clock = running.workspace.clock
    moved = asyncio.run_coroutine_threadsafe(clock.advance(clock.now() + timedelta(**time)), running.loop)
    moved.result(timeout=20)


def test_a_scheduled_message_appears_at_its_time(running: Running, client: WebClient, channel: str, now: int) -> None:
    """It waits in the list, then stands in the channel with a ts of its hour, and is not listed any more."""
    scheduled = client.chat_scheduleMessage(channel=channel, text="Good morning", post_at=now + 7200)
    assert scheduled["scheduled_message_id"].startswith("Q")
    assert scheduled["message"]["type"] == "delayed_message"
    (row,) = client.chat_scheduledMessages_list(channel=channel)["scheduled_messages"]
    assert (row["id"], row["post_at"], row["text"]) == (scheduled["scheduled_message_id"], now + 7200, "Good morning")
    later(running, hours=1)
    assert client.conversations_history(channel=channel)["messages"][0]["text"] != "Good morning"
    later(running, hours=3)
    message = client.conversations_history(channel=channel)["messages"][0]
    assert message["text"] == "Good morning"
    assert int(float(message["ts"])) == now + 7200
    assert client.chat_scheduledMessages_list()["scheduled_messages"] == []


def test_each_step_of_the_clock_posts_what_fell_due(
    running: Running, client: WebClient, channel: str, now: int
) -> None:
    """The message is there when the clock has moved, before anybody asks for anything."""
    client.chat_scheduleMessage(channel=channel, text="Good morning", post_at=now + 7200)
    later(running, hours=5)
    row = list(running.workspace.shelf.collection("messages").values())[-1]
    assert (row["text"], int(float(row["ts"]))) == ("Good morning", now + 7200)


def test_a_scheduled_message_can_be_taken_back_in_time(client: WebClient, channel: str, now: int) -> None:
    """Deleting works until a minute before."""
    first = client.chat_scheduleMessage(channel=channel, text="x", post_at=now + 7200)["scheduled_message_id"]
    soon = client.chat_scheduleMessage(channel=channel, text="x", post_at=now + 30)["scheduled_message_id"]
    client.chat_deleteScheduledMessage(channel=channel, scheduled_message_id=first)
    for gone in (first, soon, "Q0"):
        refused = error(client.chat_deleteScheduledMessage, channel=channel, scheduled_message_id=gone)
        assert refused == "invalid_scheduled_message_id"


def test_times_out_of_range_are_refused(client: WebClient, channel: str, now: int) -> None:
    """The past, more than 120 days ahead, and what is no time."""
    assert error(client.chat_scheduleMessage, channel=channel, text="x", post_at=now - 1) == "time_in_past"
    assert error(client.chat_scheduleMessage, channel=channel, text="x", post_at=now + 121 * 86_400) == "time_too_far"
    assert error(client.chat_scheduleMessage, channel=channel, text="x", post_at="noon") == "invalid_time"


def test_thirty_in_five_minutes_is_the_most(client: WebClient, channel: str, now: int) -> None:
    """The thirty-first message of one channel's window is restricted_too_many."""
    window = (now + 86_400) // 300 * 300
    for number in range(30):
        client.chat_scheduleMessage(channel=channel, text=str(number), post_at=window + number)
    assert error(client.chat_scheduleMessage, channel=channel, text="x", post_at=window + 31) == "restricted_too_many"
    assert client.chat_scheduleMessage(channel=channel, text="x", post_at=window + 300)["ok"] is True
    pages = [page["scheduled_messages"] for page in client.chat_scheduledMessages_list(limit=20)]
    assert [len(page) for page in pages] == [20, 11]


def test_a_scheduled_message_with_metadata_never_posts(
    running: Running, client: WebClient, channel: str, now: int
) -> None:
    """As Slack documents."""
    metadata = {"event_type": "x", "event_payload": {}}
    answer = client.chat_scheduleMessage(channel=channel, text="never", post_at=now + 60, metadata=metadata)
    assert answer["message"]["metadata"] == metadata
    later(running, hours=1)
    assert "never" not in [m["text"] for m in client.conversations_history(channel=channel)["messages"]]
    assert client.chat_scheduledMessages_list()["scheduled_messages"] == []
