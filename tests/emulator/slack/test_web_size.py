"""The Web API and the control API stay quick in a workspace with years of talk."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from acting import INES, Control
from slack_sdk import WebClient

from bot.emulator.slack import channels, timeline
from bot.emulator.workspace import Workspace

BUSY = 50_000
BEGAN = 1_600_000_000


@pytest.fixture
def busy(workspace: Workspace, general: str, act: Callable[..., object]) -> str:
    """#general with fifty thousand messages, every tenth with four replies."""

    def fill(filled: Workspace) -> None:
        channel = channels.get(filled, general)
        assert channel is not None
        plain = {"type": "message", "channel": general, "user": channel["members"][0], "blocks": [], "deleted": False}
        for number in range(BUSY // 5):
            root = f"{BEGAN + number * 600}.000100"
            for answer in range(5):
                row = plain | {"ts": f"{BEGAN + number * 600 + answer}.000100", "text": f"topic {number}"}
                timeline.keep(filled, row | ({"thread_ts": root} if answer and number % 2 else {}))

    act(fill)
    return general


@contextmanager
def quickly(seconds: float = 0.5) -> Iterator[None]:
    """What happens inside takes no longer than that."""
    began = time.perf_counter()
    yield
    assert time.perf_counter() - began < seconds


def test_a_busy_channel_is_read_and_written_in_a_moment(client: WebClient, workspace: Workspace, busy: str) -> None:
    """Among 50,000 messages a page of history, a page far back, a thread, a post and a look all come at once."""
    control = Control(workspace)
    client.api_test()
    with quickly():
        page = client.conversations_history(channel=busy, limit=200)
    assert len(page["messages"]) == 200
    assert page["messages"][0]["reply_count"] == 4
    with quickly():
        old = client.conversations_history(channel=busy, latest=f"{BEGAN + 6000}.5", limit=50)
    assert old["has_more"] is False
    with quickly():
        thread = client.conversations_replies(channel=busy, ts=page["messages"][0]["ts"])
    assert len(thread["messages"]) == 5
    with quickly():
        said = client.chat_postMessage(channel=busy, text="quick")
    with quickly():
        seen = control.get(f"people/{INES}/sees", channel="general", after=page["messages"][0]["ts"])
    assert [message["ts"] for message in seen["channels"][0]["messages"]][-1] == said["ts"]
