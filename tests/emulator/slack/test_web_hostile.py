"""Whatever is sent, the Web API answers as Slack would and goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_asking import OTHER_TOKEN, error
from slack_sdk import WebClient

from bot.emulator.slack import gateway, methods
from bot.emulator.workspace import Workspace

methods.load()
NAMES = sorted(name for name, found in gateway.METHODS.items() if found.kind != "app")
ARGUMENTS = """
    channel user users text ts thread_ts blocks attachments metadata name limit cursor oldest latest types timestamp
    channel_id title link type bookmark_id files file filename length post_at email emails user_ids view view_id
    trigger_id usergroup emoji count page message_ts topic purpose is_private hash user_id scheduled_message_id username
    message unfurls unfurl_id source
""".split()  # noqa: SIM905  easier to read than forty quoted words
PIECES = "general #random <@U1> <!date^x^{date}|y> ² 1.5 1e400 inf -1 \x00 < & *_~` •".split(" ")  # noqa: SIM905
TEXTS = st.one_of(st.sampled_from(PIECES), st.text(max_size=30))
LEAVES = st.one_of(TEXTS, st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none())
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8
)
SENT = st.dictionaries(st.sampled_from(ARGUMENTS), VALUES, max_size=6)
OFTEN = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def url(workspace: Workspace) -> str:
    """The address of the workspace, so that a failing example prints no more of it."""
    return workspace.url


@OFTEN
@given(name=st.sampled_from(NAMES), sent=SENT, as_json=st.booleans())
def test_no_arguments_break_a_method(url: str, name: str, sent: dict[str, Any], as_json: bool) -> None:
    """Every method answers any arguments with HTTP 200 and `ok`; errors have a code."""
    header = {"Authorization": f"Bearer {OTHER_TOKEN}"}
    form = {key: value if isinstance(value, str) else json.dumps(value) for key, value in sent.items()}
    how: dict[str, Any] = {"json": sent} if as_json else {"data": form}
    answer = requests.post(f"{url}/api/{name}", headers=header, timeout=10, **how)
    assert answer.status_code == 200
    assert answer.json()["ok"] is True or answer.json().get("error") or "not_in_channel" in answer.json()


@OFTEN
@given(text=st.text(min_size=1, max_size=200))
def test_text_read_back_and_sent_again_stays_as_it_is(url: str, text: str) -> None:
    """What Slack keeps of a text is kept unchanged when it is sent a second time, and it is never markup of its own."""
    header = {"Authorization": f"Bearer {OTHER_TOKEN}"}

    def post(words: str) -> Any:
        sent = {"channel": "general", "text": words}
        return requests.post(f"{url}/api/chat.postMessage", json=sent, headers=header, timeout=10).json()

    once = post(text)["message"]["text"]
    assert post(once)["message"]["text"] == once
    assert "<script" not in once


def test_half_characters_and_deep_nests_are_survived(workspace: Workspace, client: WebClient, general: str) -> None:
    """A lone surrogate is replaced; JSON nested a thousand deep is refused; the channel stays readable."""
    header = {"Authorization": f"Bearer {OTHER_TOKEN}", "Content-Type": "application/json; charset=utf-8"}
    url = f"{workspace.url}/api/chat.postMessage"
    lone = requests.post(url, data=f'{{"channel": "{general}", "text": "a\\ud800b"}}', headers=header, timeout=5).json()
    assert lone["message"]["text"] == "a?b"
    deep = "[" * 5000 + "]" * 5000
    assert error(client.api_call, api_method="chat.postMessage", params={"channel": general, "blocks": deep}) == (
        "invalid_blocks_format"
    )
    assert requests.post(url, data=deep, headers=header, timeout=5).json()["error"] == "invalid_json"
    assert client.conversations_history(channel=general)["ok"] is True


@pytest.mark.parametrize("name", ["../escape", "a/b.txt", "x?y#z.txt", "ä ö.txt"])
def test_odd_file_names_are_readable_again(client: WebClient, workspace: Workspace, channel: str, name: str) -> None:
    """A file with a strange name is found under its private address."""
    file = client.files_upload_v2(content="x", filename=name, channel=channel)["file"]
    header = {"Authorization": f"Bearer {workspace.secrets.slack_bot_token}"}
    assert requests.get(file["url_private"], headers=header, timeout=5).content == b"x"
