"""conversations.history and replies: order, pages, bounds."""

from __future__ import annotations

import pytest
from slack_asking import error
from slack_sdk import WebClient


@pytest.fixture
def stamps(client: WebClient, channel: str) -> list[str]:
    """The times of ten messages, oldest first."""
    return [client.chat_postMessage(channel=channel, text=str(number))["ts"] for number in range(10)]


def texts(page: object) -> list[str]:
    """What the posted messages of a page say, without Slack's own notices."""
    return [m["text"] for m in page["messages"] if "subtype" not in m]  # type: ignore[index]


def test_history_is_newest_first_and_ends_without_metadata(client: WebClient, channel: str, stamps: list[str]) -> None:
    """The last page has no response_metadata, but the envelope's counters are there."""
    page = client.conversations_history(channel=channel)
    assert texts(page) == [str(number) for number in reversed(range(10))]
    assert page["has_more"] is False
    assert "response_metadata" not in page.data
    assert (page["pin_count"], page["channel_actions_ts"], page["channel_actions_count"]) == (0, None, 0)


def test_pages_follow_one_another(client: WebClient, channel: str, stamps: list[str]) -> None:
    """Each message comes once; has_more goes with a cursor."""
    first = client.conversations_history(channel=channel, limit=4)
    assert first["has_more"] is True
    assert first["response_metadata"]["next_cursor"]
    every = [text for page in client.conversations_history(channel=channel, limit=4) for text in texts(page)]
    assert every == [str(number) for number in reversed(range(10))]
    assert error(client.conversations_history, channel=channel, cursor="bogus") == "invalid_cursor"


def test_bounds_are_exclusive_unless_inclusive(client: WebClient, channel: str, stamps: list[str]) -> None:
    """oldest and latest leave out their own message, or take it with inclusive."""
    between = {"channel": channel, "oldest": stamps[2], "latest": stamps[5]}
    assert texts(client.conversations_history(**between)) == ["4", "3"]
    assert texts(client.conversations_history(**between, inclusive=True)) == ["5", "4", "3", "2"]
    one = client.conversations_history(channel=channel, latest=stamps[3], inclusive=True, limit=1)
    assert texts(one) == ["3"]


def test_times_that_are_none_are_refused(client: WebClient, channel: str) -> None:
    """Bad bounds have an error each; a ts that names nothing is thread_not_found."""
    assert error(client.conversations_history, channel=channel, oldest="not-a-ts") == "invalid_ts_oldest"
    assert error(client.conversations_history, channel=channel, latest="not-a-ts") == "invalid_ts_latest"
    assert error(client.conversations_replies, channel=channel, ts="") == "thread_not_found"
    assert error(client.conversations_replies, channel=channel, ts="1700000000.000100") == "thread_not_found"


def test_a_thread_is_paged_with_its_root_first(client: WebClient, channel: str) -> None:
    """The root leads each page; the replies come once, oldest first."""
    root = client.chat_postMessage(channel=channel, text="root")["ts"]
    for number in range(7):
        client.chat_postMessage(channel=channel, text=str(number), thread_ts=root)
    pages = [texts(page) for page in client.conversations_replies(channel=channel, ts=root, limit=4)]
    assert all(page[0] == "root" for page in pages)
    assert [text for page in pages for text in page[1:]] == [str(number) for number in range(7)]


def test_a_message_alone_is_a_thread_of_one(client: WebClient, channel: str) -> None:
    """replies of a message without any gives the message, without thread fields."""
    ts = client.chat_postMessage(channel=channel, text="alone")["ts"]
    (message,) = client.conversations_replies(channel=channel, ts=ts)["messages"]
    assert message["text"] == "alone"
    assert "reply_count" not in message


def test_reading_needs_the_scope_of_the_kind(client: WebClient, channel: str, install: object) -> None:
    """A private channel's history is groups:history's."""
    install("channels:history", "groups:read")  # type: ignore[operator]
    from slack_asking import refusal

    assert refusal(client.conversations_history, channel=channel)["needed"] == "groups:history"
