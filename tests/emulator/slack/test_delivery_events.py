"""Events over Socket Mode with slack_bolt: everything the manifest subscribes to, and nothing else."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from acting import INES, PRIYA, RUTH, Control, reinstall, until
from slack_bolt import App
from slack_sdk import WebClient

from bot.emulator.server import Running
from bot.emulator.slack.manifest import BOT_EVENTS
from bot.emulator.workspace import Workspace

pytestmark = pytest.mark.usefixtures("nobody_left")


def test_every_event_of_the_manifest_is_delivered(
    online: App, control: Control, workspace: Workspace, other: WebClient, client: WebClient, general: str
) -> None:
    """Whatever an app can subscribe to arrives over the wire, of the right type, once the thing has happened."""
    got: list[Any] = []
    online.event(re.compile(".+"))(lambda event: got.append(event))
    me = client.auth_test()["user_id"]
    people_come_and_change(control)
    other.conversations_join(channel=general)
    for private in (False, True):
        channel_lives(other, f"impl-harborpine-{private}".lower(), private, me)
    talk(control, other, general, me)
    group = [row["id"] for row in control.get("people")["people"] if row["email"] in (INES, PRIYA)]
    room = client.conversations_open(users=group)["channel"]["id"]
    control.act(PRIYA, "post", channel=room, text="The three of us")
    other.files_upload_v2(channel=general, content="text", filename="plan.txt")
    shared = client.conversations_create(name="ext-harborpine")["channel"]["id"]
    client.conversations_inviteShared(channel=shared, emails=[RUTH])
    control.act(RUTH, "accept_invitation")
    control.act(INES, "open_home")
    until(lambda: not missing(got))
    assert all(isinstance(event["user"], dict) for event in got if event["type"] in ("team_join", "user_change"))
    assert {"message_changed", "message_deleted"} <= {event.get("subtype") for event in got}


def missing(got: list[Any]) -> set[str]:
    """The subscriptions of which nothing has come; links have a test of their own."""
    kinds = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
    came = {event["type"] for event in got}
    came |= {f"message.{kinds[event['channel_type']]}" for event in got if event["type"] == "message"}
    return set(BOT_EVENTS) - came - {"link_shared"}


def people_come_and_change(control: Control) -> None:
    """Somebody new, who then gets a title."""
    control.post("seed", {"people": [{"email": "nina.park@fernhill.example"}]})
    control.post("seed", {"people": [{"email": "nina.park@fernhill.example", "title": "Engineer"}]})


def channel_lives(other: WebClient, name: str, private: bool, me: str) -> None:
    """A channel that the app is in is made, renamed, archived, opened again and left by another: Bolt skips its own."""
    made = other.conversations_create(name=name, is_private=private)["channel"]["id"]
    other.conversations_invite(channel=made, users=me)
    other.chat_postMessage(channel=made, text="Hello")
    other.conversations_rename(channel=made, name=f"{name}-2")
    other.conversations_archive(channel=made)
    other.conversations_unarchive(channel=made)
    other.conversations_leave(channel=made)


def talk(control: Control, other: WebClient, general: str, me: str) -> None:
    """Messages everywhere, with an edit, a deletion, reactions, pins and a mention of the app."""
    said = control.act(INES, "post", channel="general", text=f"<@{me}> One")["ts"]
    other.pins_add(channel=general, timestamp=said)
    other.pins_remove(channel=general, timestamp=said)
    other.reactions_add(channel=general, timestamp=said, name="eyes")
    other.reactions_remove(channel=general, timestamp=said, name="eyes")
    control.act(INES, "edit_message", channel="general", ts=said, text="Two")
    control.act(INES, "delete_message", channel="general", ts=said)
    control.act(INES, "post", channel="app", text="Hello")


def test_a_link_is_delivered_also_from_where_the_app_is_not(
    online: App, control: Control, workspace: Workspace, running: Running
) -> None:
    """link_shared comes of a public channel that the bot has not joined, and says so."""
    manifest = json.loads(json.dumps(workspace.settings.manifest))
    manifest["features"]["unfurl_domains"] = ["fernhill.example"]
    reinstall(running, workspace, manifest)
    got: list[Any] = []
    online.event("link_shared")(lambda event: got.append(event))
    control.act(INES, "post", channel="random", text="https://fernhill.example/1")
    until(lambda: got)
    assert (got[0]["is_bot_user_member"], got[0]["links"][0]["domain"]) == (False, "fernhill.example")


def test_the_messages_tab_is_told_too(online: App, control: Control) -> None:
    """app_home_opened comes for the messages tab as well, without a view."""
    got: list[Any] = []
    online.event("app_home_opened")(lambda event: got.append(event))
    assert control.act(PRIYA, "open_home", tab="messages")["ack"] == "ok"
    until(lambda: got)
    assert (got[0]["tab"], "view" in got[0]) == ("messages", False)


def test_the_home_tab(online: App, control: Control) -> None:
    """Opening the app's home sends app_home_opened; what the app publishes is what the person sees there."""
    got: list[Any] = []

    @online.event("app_home_opened")
    def show(event: Any, client: WebClient) -> None:
        got.append(event)
        block = {"type": "section", "text": {"type": "plain_text", "text": "Your week"}}
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [block]})

    assert control.act(PRIYA, "open_home")["ack"] == "ok"
    home = until(lambda: control.sees(PRIYA)["home"])
    assert home["blocks"][0]["text"]["text"] == "Your week"
    assert (got[0]["tab"], "view" in got[0]) == ("home", False)
    control.act(PRIYA, "open_home")
    until(lambda: len(got) == 2)
    assert got[1]["view"]["id"] == home["id"]
    assert control.sees(INES)["home"] is None


def test_events_of_a_channel(online: App, control: Control, client: WebClient, general: str) -> None:
    """Messages, mentions, reactions and joins reach the app, enveloped as the Events API envelopes them."""
    got: list[Any] = []
    for kind in ("message", "app_mention", "reaction_added", "member_joined_channel"):
        online.event(kind)(lambda body: got.append(body))
    bot = client.auth_test()["user_id"]
    ts = control.act(PRIYA, "post", channel="general", text=f"<@{bot}> how is it going?")["ts"]
    control.act(PRIYA, "react", channel="general", ts=ts, name="eyes")
    control.post("seed", {"people": [{"email": "new.one@fernhill.example"}]})
    kinds = {body["event"]["type"] for body in until(lambda: len(got) >= 3 and got)}
    assert {"message", "app_mention", "reaction_added"} <= kinds
    envelope = next(body for body in got if body["event"]["type"] == "message")
    assert envelope["type"] == "event_callback"
    assert envelope["event"]["channel_type"] == "channel"
    assert envelope["authorizations"][0]["user_id"] == bot
    assert envelope["is_ext_shared_channel"] is False
    assert len({body["event_id"] for body in got}) == len(got)
    reaction = next(body["event"] for body in got if body["event"]["type"] == "reaction_added")
    assert (reaction["reaction"], reaction["item"]["ts"]) == ("eyes", ts)


def test_somebody_joins(online: App, control: Control, client: WebClient, channel: str) -> None:
    """member_joined_channel reaches an app that is in the channel, with the inviter."""
    got: list[Any] = []
    online.event("member_joined_channel")(lambda event: got.append(event))
    ines = control.get("people")["people"][0]["id"]
    client.conversations_invite(channel=channel, users=ines)
    until(lambda: [event for event in got if event["user"] == ines and event["channel"] == channel])


def test_a_message_in_a_dm_and_a_thread(online: App, control: Control) -> None:
    """A DM to the app is message.im, and an answer in a thread names its root."""
    got: list[Any] = []
    online.event("message")(lambda event: got.append(event))
    first = control.act(INES, "post", channel="app", text="Hello")["ts"]
    control.act(INES, "post", channel="app", text="Again", thread_ts=first)
    until(lambda: len(got) == 2)
    assert {event["channel_type"] for event in got} == {"im"}
    assert {event.get("thread_ts") for event in got} == {None, first}


def test_the_app_hears_only_what_it_subscribed_to_and_sees(
    online: App, control: Control, install: Any, brisk: None
) -> None:
    """Without the scope of an event, or outside the channel, nothing is delivered."""
    got: list[Any] = []
    online.event("message")(lambda event: got.append(event))
    control.act(INES, "post", channel="random", text="The app is not in here")
    install("chat:write", "im:write")
    control.act(INES, "post", channel="app", text="It may not read this")
    control.act(INES, "open_home")
    assert got == []
