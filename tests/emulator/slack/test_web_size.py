"""The Web API stays quick in a workspace with years of talk."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from slack_sdk import WebClient

from bot.emulator.slack import channels, messages
from bot.emulator.workspace import Workspace

BUSY = 5_000


def test_reading_a_page_of_a_busy_channel_takes_a_moment(
    client: WebClient, workspace: Workspace, general: str, act: Callable[..., Any]
) -> None:
    """With five thousand messages and threads, a page of history comes within a second."""

    def fill(filled: Workspace) -> None:
        channel = channels.get(filled, general)
        assert channel is not None
        for number in range(BUSY // 5):
            root = messages.post(filled, channel, channel["members"][0], f"topic {number}")
            for answer in range(4):
                messages.post(filled, channel, channel["members"][1], f"{answer}", thread_ts=root["ts"])

    act(fill)
    began = time.perf_counter()
    page = client.conversations_history(channel=general, limit=200)
    assert time.perf_counter() - began < 1.0
    assert page["messages"][0]["reply_count"] == 4
    assert page["has_more"] is True
