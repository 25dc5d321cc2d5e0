"""Rate limits: tiers by method, one message a second per channel."""

from __future__ import annotations

from dataclasses import replace

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.emulator.workspace import Workspace


@pytest.fixture
def limited(workspace: Workspace) -> Workspace:
    """The workspace with its limits on, as it is by default."""
    workspace.settings = replace(workspace.settings, limits=True)
    return workspace


def test_a_tier_is_spent_within_a_minute(limited: Workspace, client: WebClient) -> None:
    """The call after a tier-2 method's twentieth is HTTP 429 with Retry-After; other methods go on."""
    for _ in range(20):
        client.conversations_list()
    with pytest.raises(SlackApiError) as caught:
        client.conversations_list()
    response = caught.value.response
    assert response.status_code == 429
    assert response["error"] == "ratelimited"
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert client.users_list()["ok"] is True


def test_one_message_a_second_per_channel_after_a_short_burst(
    limited: Workspace, client: WebClient, channel: str
) -> None:
    """The fourth message at once waits a second; another channel does not; waiting as told is enough."""
    for number in range(3):
        client.chat_postMessage(channel=channel, text=str(number))
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=channel, text="too soon")
    assert caught.value.response.headers["Retry-After"] == "1"
    elsewhere = client.conversations_create(name="elsewhere")["channel"]["id"]
    assert client.chat_postMessage(channel=elsewhere, text="x")["ok"] is True
    patient = WebClient(client.token, client.base_url, retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=2)])
    assert patient.chat_postMessage(channel=channel, text="in time")["ok"] is True
    said = [m["text"] for m in client.conversations_history(channel=channel)["messages"]]
    assert "too soon" not in said


def test_accepted_tokens_are_exempt(limited: Workspace, other: WebClient) -> None:
    """The bot of an accepted token is never told to wait."""
    for number in range(30):
        other.conversations_list()
        other.chat_postMessage(channel="general", text=str(number))
