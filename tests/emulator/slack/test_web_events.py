"""What the workspace tells of each thing that happens, in the shapes of recorded events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_asking import person
from slack_sdk import WebClient

from bot.emulator import people
from bot.emulator.slack import bus, seed
from bot.emulator.workspace import Workspace

Say = Callable[..., str]
Act = Callable[..., Any]


@pytest.fixture
def heard(workspace: Workspace) -> list[dict[str, Any]]:
    """Every event from now on."""
    events: list[dict[str, Any]] = []
    bus.subscribe(workspace, events.append)
    return events


def last(heard: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """The latest event of a type."""
    return [event for event in heard if event["type"] == kind][-1]


def test_a_message_is_told_with_its_place(client: WebClient, heard: list[Any], general: str, say: Say) -> None:
    """A typed message has channel, channel_type, blocks and event_ts."""
    ts = say("ines.duarte", general, "hello")
    event = last(heard, "message")
    assert (event["channel"], event["channel_type"], event["ts"], event["event_ts"]) == (general, "channel", ts, ts)
    assert {"user", "text", "blocks", "client_msg_id", "team"} <= set(event)


def test_a_mention_of_the_app_is_told_twice(client: WebClient, heard: list[Any], general: str, say: Say) -> None:
    """As a message and as an app_mention; by the bot itself only as a message."""
    me = client.auth_test()["user_id"]
    say("ines.duarte", general, f"<@{me}> any news?")
    assert last(heard, "app_mention")["text"] == f"<@{me}> any news?"
    assert "channel_type" not in last(heard, "app_mention")
    heard.clear()
    client.chat_postMessage(channel=general, text=f"I am <@{me}>")
    assert [event["type"] for event in heard] == ["message"]
    assert heard[0]["bot_id"] == client.auth_test()["bot_id"]


def test_edits_and_deletions_carry_what_was_there(client: WebClient, heard: list[Any], general: str) -> None:
    """message_changed and message_deleted have the previous message."""
    ts = client.chat_postMessage(channel=general, text="old")["ts"]
    client.chat_update(channel=general, ts=ts, text="new")
    changed = last(heard, "message")
    assert changed["subtype"] == "message_changed"
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("old", "new")
    client.chat_delete(channel=general, ts=ts)
    deleted = last(heard, "message")
    assert (deleted["subtype"], deleted["deleted_ts"], deleted["previous_message"]["text"]) == (
        "message_deleted",
        ts,
        "new",
    )


def test_an_ephemeral_message_is_told_to_nobody(
    client: WebClient, workspace: Workspace, heard: list[Any], general: str
) -> None:
    """No event comes of it."""
    heard.clear()
    client.chat_postEphemeral(channel=general, user=person(workspace, "ines.duarte"), text="x")
    assert heard == []


def test_channels_and_members(client: WebClient, workspace: Workspace, heard: list[Any]) -> None:
    """Creation, joining, leaving, renaming and archiving."""
    priya = person(workspace, "priya.nair")
    channel = client.conversations_create(name="desk")["channel"]["id"]
    created = last(heard, "channel_created")["channel"]
    assert set(created) >= {"id", "is_channel", "name", "name_normalized", "created", "creator", "is_shared"}
    client.conversations_invite(channel=channel, users=priya)
    joined = last(heard, "member_joined_channel")
    assert (joined["user"], joined["channel"], joined["channel_type"]) == (priya, channel, "C")
    assert joined["inviter"] == client.auth_test()["user_id"]
    client.conversations_kick(channel=channel, user=priya)
    assert last(heard, "member_left_channel")["user"] == priya
    client.conversations_rename(channel=channel, name="desk-2")
    assert last(heard, "channel_rename")["channel"]["name"] == "desk-2"
    client.conversations_archive(channel=channel)
    assert last(heard, "channel_archive")["channel"] == channel


def test_marks(client: WebClient, heard: list[Any], general: str) -> None:
    """Reactions, pins and files."""
    me = client.auth_test()["user_id"]
    ts = client.chat_postMessage(channel=general, text="x")["ts"]
    client.reactions_add(channel=general, timestamp=ts, name="eyes")
    reaction = last(heard, "reaction_added")
    assert reaction["item"] == {"type": "message", "channel": general, "ts": ts}
    assert (reaction["reaction"], reaction["user"], reaction["item_user"]) == ("eyes", me, me)
    client.pins_add(channel=general, timestamp=ts)
    pin = last(heard, "pin_added")
    assert (pin["channel_id"], pin["pin_count"], pin["item"]["message"]["pinned_to"]) == (general, 1, [general])
    client.files_upload_v2(content="x", filename="a.txt", channel=general)
    assert last(heard, "file_shared")["channel_id"] == general


def test_somebody_new_is_told_once(client: WebClient, heard: list[Any], act: Act, general: str) -> None:
    """A new colleague is in #general, and team_join says so; seeding again says nothing."""

    def hire(workspace: Workspace) -> str:
        row = people.add(workspace, {"email": "nora.lind@fernhill.example", "name": "Nora Lind"})
        seed.welcome(workspace, row)
        return str(row["id"])

    nora = act(hire)
    act(hire)
    assert [event["user"]["id"] for event in heard if event["type"] == "team_join"] == [nora]
    assert nora in client.conversations_members(channel=general)["members"]


def test_who_leaves_the_company_is_out_of_channels_and_groups(
    client: WebClient, workspace: Workspace, heard: list[Any], act: Act, general: str
) -> None:
    """A deactivated account is in no channel and no group; the app hears of it once."""

    def leave(workspace: Workspace) -> str:
        row = people.add(workspace, {"email": "grace.liu@fernhill.example", "deleted": True})
        seed.welcome(workspace, row)
        return str(row["id"])

    grace = act(leave)
    act(leave)
    assert grace not in client.conversations_members(channel=general)["members"]
    assert all(grace not in group["users"] for group in client.usergroups_list(include_users=True)["usergroups"])
    assert [event["user"]["deleted"] for event in heard if event["type"] == "user_change"] == [True]
