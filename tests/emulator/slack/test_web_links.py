"""Links of the app's domains: link_shared when somebody posts one, chat.unfurl to show something under it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from acting import INES, RUTH, Control
from slack_asking import error
from slack_sdk import WebClient
from waiting import on_loop

from bot.emulator.server import Running
from bot.emulator.slack import bus
from bot.emulator.workspace import Workspace

PLAN = "https://plans.fernhill.example/42?a=1&b=2"
TEXT = {"type": "section", "text": {"type": "mrkdwn", "text": "*Plan* of Harborpine"}}
Act = Callable[..., Any]


@pytest.fixture
def control(running: Running, workspace: Workspace, manifest: dict[str, Any]) -> Control:
    """The control API of a workspace whose app asks for links of fernhill.example."""
    raw = manifest | {"features": manifest["features"] | {"unfurl_domains": ["fernhill.example"]}}
    workspace.settings = replace(workspace.settings, manifest=raw)
    on_loop(running, workspace.install)
    return Control(workspace)


@pytest.fixture
def heard(workspace: Workspace, act: Act) -> list[dict[str, Any]]:
    """Every link_shared of the test."""
    found: list[dict[str, Any]] = []
    act(bus.subscribe, lambda event: event["type"] == "link_shared" and found.append(event))
    return found


@pytest.fixture
def ts(control: Control, general: str) -> str:
    """The ts of a message of Ines's with a link of ours and one of others."""
    text = f"See {PLAN} and https://quillstone.example/x"
    return str(control.act(INES, "post", channel="general", text=text)["ts"])


def test_a_link_of_the_apps_domain_is_told(heard: list[dict[str, Any]], ts: str, general: str) -> None:
    """link_shared names channel, message and the links of domains that the manifest lists, subdomains included."""
    (event,) = heard
    assert (event["channel"], event["message_ts"], event["is_bot_user_member"]) == (general, ts, True)
    assert event["links"] == [{"domain": "fernhill.example", "url": PLAN}]
    assert event["unfurl_id"].startswith(f"{general}.{ts}.")
    assert event["source"] == "conversations_history"


def test_strangers_and_apps_share_links_unheard(
    control: Control, heard: list[dict[str, Any]], client: WebClient, general: str
) -> None:
    """Nothing is told of links that the app itself, or somebody of another organisation, posts."""
    client.chat_postMessage(channel=general, text=f"Ready: {PLAN}")
    control.post("seed", {"channels": [{"name": "ext-harborpine", "members": [RUTH, "app"]}]})
    control.act(RUTH, "post", channel="ext-harborpine", text=f"Is it {PLAN}?")
    assert heard == []


def test_previews_stand_under_the_message(control: Control, client: WebClient, general: str, ts: str) -> None:
    """chat.unfurl attaches blocks to a link; a second time it changes them, by unfurl_id as well."""
    client.chat_unfurl(channel=general, ts=ts, unfurls={PLAN: {"text": "one"}})
    client.chat_unfurl(
        unfurl_id=f"{general}.{ts}.0", source="conversations_history", unfurls={PLAN: {"blocks": [TEXT]}}
    )
    message = client.conversations_history(channel=general, limit=1)["messages"][0]
    (preview,) = message["attachments"]
    assert (preview["from_url"], preview["is_app_unfurl"], preview["id"]) == (PLAN, True, 1)
    assert "edited" not in message
    assert "Plan of Harborpine" in control.texts(INES, "general")[-1]


def test_previews_that_cannot_be(client: WebClient, general: str, ts: str) -> None:
    """Another link, no message, no previews, wrong blocks: each refusal has its name."""
    some = {PLAN: {"text": "x"}}
    assert error(client.chat_unfurl, channel=general, ts=ts, unfurls={"https://x.example": {}}) == "cannot_unfurl_url"
    assert error(client.chat_unfurl, channel=general, ts="1.000001", unfurls=some) == "cannot_find_message"
    assert error(client.chat_unfurl, channel="C0", ts=ts, unfurls=some) == "cannot_find_channel"
    assert error(client.chat_unfurl, channel=general, ts=ts) == "missing_unfurls"
    assert error(client.chat_unfurl, channel=general, unfurls=some) == "missing_ts"
    assert error(client.chat_unfurl, unfurl_id=f"{general}.{ts}.0", unfurls=some) == "missing_source"
    wrong = {PLAN: {"blocks": [{"type": "nonsense"}]}}
    assert error(client.chat_unfurl, channel=general, ts=ts, unfurls=wrong) == "invalid_attachments"
