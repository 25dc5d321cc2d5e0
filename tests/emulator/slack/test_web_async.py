"""slack_sdk's asyncio client does what the other does: talk, pages, files, and a token given with the call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.emulator.workspace import Workspace

Run = Callable[[Callable[[AsyncWebClient], Awaitable[Any]]], Any]


@pytest.fixture
def run(workspace: Workspace) -> Run:
    """Run a story with an asynchronous client of the app's."""

    def started(story: Callable[[AsyncWebClient], Awaitable[Any]]) -> Any:
        async def go() -> Any:
            token = workspace.secrets.slack_bot_token
            return await story(AsyncWebClient(token=token, base_url=f"{workspace.url}/api/"))

        return asyncio.run(go())

    return started


def test_a_conversation(run: Run, general: str) -> None:
    """A message is posted, linked, reacted to, answered, changed and deleted."""

    async def story(client: AsyncWebClient) -> None:
        text = "By <https://fernhill.example/|Fernhill>! (really)"
        posted = await client.chat_postMessage(channel=general, text=text)
        assert posted["message"]["text"] == text
        ts = posted["ts"]
        url = (await client.auth_test())["url"]
        link = await client.chat_getPermalink(channel=general, message_ts=ts)
        assert link["permalink"].startswith(f"{url}archives/{general}/p")
        await client.reactions_add(channel=general, timestamp=ts, name="eyes")
        assert (await client.reactions_get(channel=general, timestamp=ts))["message"]["reactions"][0]["count"] == 1
        await client.reactions_remove(channel=general, timestamp=ts, name="eyes")
        reply = await client.chat_postMessage(channel=general, thread_ts=ts, text="threading…")
        await client.chat_update(channel=general, ts=ts, text="changed")
        await client.chat_delete(channel=general, ts=reply["ts"])
        await client.chat_delete(channel=general, ts=ts)
        with pytest.raises(SlackApiError, match="message_not_found"):
            await client.chat_delete(channel=general, ts=ts)

    run(story)


def test_pages_and_many_at_once(run: Run, general: str) -> None:
    """Cursors are followed, and calls made at the same time do not disturb one another."""

    async def story(client: AsyncWebClient) -> list[str]:
        await asyncio.gather(*(client.chat_postMessage(channel=general, text=f"line {n}") for n in range(20)))
        pages = await client.conversations_history(channel=general, limit=6)
        return [message["text"] async for page in pages for message in page["messages"]]

    read = run(story)
    assert sorted(text for text in read if text.startswith("line")) == sorted(f"line {n}" for n in range(20))


def test_a_file(run: Run, workspace: Workspace, general: str) -> None:
    """files_upload_v2 shares a file; the token may also be given with the call."""

    async def story(_: AsyncWebClient) -> None:
        client = AsyncWebClient(base_url=f"{workspace.url}/api/")
        token = workspace.secrets.slack_bot_token
        upload = await client.files_upload_v2(
            token=token, channels=general, title="Plan", filename="plan.txt", content="text"
        )
        assert upload["files"][0]["title"] == "Plan"
        await client.files_delete(token=token, file=upload["file"]["id"])

    run(story)
