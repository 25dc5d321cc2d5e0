"""bookmarks.*, pins.* and reactions.*: what is put on channels and messages."""

from __future__ import annotations

from slack_asking import error
from slack_sdk import WebClient

from bot.emulator.workspace import Workspace


def test_bookmarks_are_added_listed_changed_and_removed(client: WebClient, channel: str) -> None:
    """They keep their order, and an edit leaves what it does not name."""
    me = client.auth_test()
    first = client.bookmarks_add(
        channel_id=channel, title="Plan", type="link", link="https://plan.example", emoji=":memo:"
    )
    client.bookmarks_add(channel_id=channel, title="Playbook", type="link", link="https://playbook.example")
    mark = first["bookmark"]
    assert mark["id"].startswith("Bk")
    assert mark["last_updated_by_user_id"] == me["user_id"]
    assert mark["last_updated_by_team_id"] == me["team_id"]
    assert [row["title"] for row in client.bookmarks_list(channel_id=channel)["bookmarks"]] == ["Plan", "Playbook"]
    edited = client.bookmarks_edit(channel_id=channel, bookmark_id=mark["id"], title="The plan")["bookmark"]
    assert (edited["title"], edited["link"], edited["emoji"]) == ("The plan", "https://plan.example", ":memo:")
    client.bookmarks_remove(channel_id=channel, bookmark_id=mark["id"])
    assert [row["title"] for row in client.bookmarks_list(channel_id=channel)["bookmarks"]] == ["Playbook"]


def test_bookmarks_that_cannot_be(client: WebClient, other: WebClient, channel: str) -> None:
    """Wrong links, kinds, emoji, lengths and channels are refused."""

    def add(**fields: str) -> str:
        given = {"channel_id": channel, "title": "Plan", "type": "link", "link": "https://plan.example"} | fields
        return error(client.bookmarks_add, **given)

    assert add(link="plan.example") == "invalid_link"
    assert add(type="folder") == "invalid_bookmark_type"
    assert add(emoji="memo") == "invalid_emoji"
    assert add(title="x" * 257) == "invalid_arguments"
    assert add(link="https://" + "x" * 2048) == "invalid_arguments"
    assert add(channel_id="C0NOTHING00") == "channel_not_found"
    assert error(client.bookmarks_edit, channel_id=channel, bookmark_id="Bk0", title="x") == "not_found"


def test_a_channel_holds_a_hundred_bookmarks(client: WebClient, channel: str) -> None:
    """One more is too_many_bookmarks."""
    for number in range(100):
        client.bookmarks_add(channel_id=channel, title=str(number), type="link", link="https://plan.example")
    one_more = {"channel_id": channel, "title": "x", "type": "link", "link": "https://plan.example"}
    assert error(client.bookmarks_add, **one_more) == "too_many_bookmarks"


def test_pins_are_put_and_taken(client: WebClient, channel: str) -> None:
    """A pinned message is listed, says so itself, and counts in the channel."""
    ts = client.chat_postMessage(channel=channel, text="Read me")["ts"]
    client.pins_add(channel=channel, timestamp=ts)
    assert error(client.pins_add, channel=channel, timestamp=ts) == "already_pinned"
    (item,) = client.pins_list(channel=channel)["items"]
    assert item["message"]["text"] == "Read me"
    assert item["message"]["pinned_to"] == [channel]
    assert client.conversations_history(channel=channel)["pin_count"] == 1
    client.pins_remove(channel=channel, timestamp=ts)
    assert error(client.pins_remove, channel=channel, timestamp=ts) == "no_pin"
    assert error(client.api_call, api_method="pins.add", params={"channel": channel}) == "no_item_specified"
    assert error(client.pins_add, channel=channel, timestamp="1.000000") == "message_not_found"


def test_reactions_are_counted_by_name(client: WebClient, other: WebClient, workspace: Workspace, general: str) -> None:
    """Two bots with one emoji are one reaction with two users."""
    ts = client.chat_postMessage(channel=general, text="Done?")["ts"]
    client.reactions_add(channel=general, timestamp=ts, name="eyes")
    other.reactions_add(channel=general, timestamp=ts, name="eyes")
    message = client.reactions_get(channel=general, timestamp=ts)["message"]
    users = [client.auth_test()["user_id"], other.auth_test()["user_id"]]
    assert message["reactions"] == [{"name": "eyes", "users": users, "count": 2}]
    assert client.conversations_history(channel=general)["messages"][0]["reactions"] == message["reactions"]
    assert error(client.reactions_add, channel=general, timestamp=ts, name="eyes") == "already_reacted"
    assert error(client.reactions_add, channel=general, timestamp=ts, name="No Emoji") == "invalid_name"
    assert error(client.reactions_add, channel=general, timestamp="1.000000", name="eyes") == "message_not_found"
    assert error(client.api_call, api_method="reactions.add", params={"name": "eyes"}) == "no_item_specified"
    client.reactions_remove(channel=general, timestamp=ts, name="eyes")
    assert error(client.reactions_remove, channel=general, timestamp=ts, name="eyes") == "no_reaction"
