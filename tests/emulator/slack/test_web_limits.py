"""Rate limits: tiers by method, one message a second per channel."""

from __future__ import annotations

from dataclasses import replace

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot.emulator.slack import gateway, limits, methods
from bot.emulator.workspace import EmulatorSettings, Workspace


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


def test_a_channel_is_one_however_it_is_named(limited: Workspace, client: WebClient, general: str) -> None:
    """The second's rule counts id, name and #name together."""
    for name in (general, "general", "#general"):
        client.chat_postMessage(channel=name, text=name)
    with pytest.raises(SlackApiError, match="ratelimited"):
        client.chat_postMessage(channel=general, text="too soon")


def test_a_workspace_takes_a_few_hundred_messages_a_minute(limited: Workspace, client: WebClient) -> None:
    """Beyond 300 in a minute the app waits, wherever it posts."""
    gate = limits.Window(limits.POSTS_PER_MINUTE)
    assert limits.POSTS_PER_MINUTE == 300
    assert [gate.wait(1000.0 + n / 10) for n in range(300)] == [0.0] * 300
    assert gate.wait(1030.0) == pytest.approx(30.0)
    assert gate.wait(1060.1) == 0.0


TIERS = {  # as Slack's reference gives them
    2: """conversations.create conversations.archive conversations.rename conversations.setTopic
    conversations.setPurpose conversations.list conversations.inviteShared bookmarks.add bookmarks.edit pins.add
    users.list usergroups.list usergroups.users.list""",
    3: """conversations.invite conversations.history conversations.replies conversations.info conversations.join
    conversations.open conversations.kick chat.update chat.delete chat.scheduleMessage bookmarks.list
    users.lookupByEmail apps.connections.open""",
    4: """conversations.members users.info views.open views.push views.update views.publish chat.postEphemeral
    files.getUploadURLExternal files.completeUploadExternal""",
    limits.POSTING: "chat.postMessage",
}


def test_every_tier_is_slacks() -> None:
    """Each method has the tier of its reference page; limits are on unless switched off."""
    methods.load()
    wanted = {name: tier for tier, names in TIERS.items() for name in names.split()}
    assert {name: gateway.METHODS[name].tier for name in wanted} == wanted
    assert limits.PER_MINUTE == {1: 1, 2: 20, 3: 50, 4: 100}
    assert EmulatorSettings().limits is True


def test_accepted_tokens_are_exempt(limited: Workspace, other: WebClient) -> None:
    """The bot of an accepted token is never told to wait."""
    for number in range(30):
        other.conversations_list()
        other.chat_postMessage(channel="general", text=str(number))
