"""conversations.*: making channels, naming them, and who is in them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from slack_asking import error, person, refusal
from slack_sdk import WebClient

from bot.emulator.slack import seed
from bot.emulator.workspace import Workspace

Say = Callable[..., str]


def test_a_new_channel_has_the_documented_shape(client: WebClient) -> None:
    """The conversation object carries every documented field; the creator is its first member."""
    me = client.auth_test()["user_id"]
    channel = client.conversations_create(name="impl-harborpine", is_private=True)["channel"]
    documented = {
        "id", "name", "is_channel", "is_group", "is_im", "created", "creator", "is_archived", "is_general", "unlinked",
        "name_normalized", "is_shared", "is_ext_shared", "is_org_shared", "pending_shared", "is_pending_ext_shared",
        "is_member", "is_private", "is_mpim", "updated", "topic", "purpose", "previous_names", "last_read",
        "context_team_id", "shared_team_ids", "pending_connected_team_ids", "parent_conversation", "properties",
    }  # fmt: skip
    assert documented <= set(channel)
    assert channel["creator"] == me
    assert channel["is_private"] is True
    assert channel["is_member"] is True
    assert channel["id"].startswith("C")
    assert client.conversations_members(channel=channel["id"])["members"] == [me]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", "invalid_name_required"),
        ("---", "invalid_name_punctuation"),
        ("Impl", "invalid_name_specials"),
        ("impl harborpine", "invalid_name_specials"),
        ("impl.harborpine", "invalid_name_specials"),
        ("a" * 81, "invalid_name_maxlength"),
        ("general", "name_taken"),
    ],
)
def test_a_bad_name_is_refused_and_never_mended(client: WebClient, name: str, expected: str) -> None:
    """Channel names keep Slack's rules; each breach has its own error."""
    assert error(client.api_call, api_method="conversations.create", params={"name": name}) == expected


def test_an_archived_channel_keeps_its_name(client: WebClient, channel: str) -> None:
    """A name stays taken after archiving."""
    client.conversations_archive(channel=channel)
    assert error(client.conversations_create, name="impl-harborpine") == "name_taken"
    assert error(client.conversations_archive, channel=channel) == "already_archived"
    assert error(client.chat_postMessage, channel=channel, text="x") == "is_archived"
    client.conversations_unarchive(channel=channel)
    assert error(client.conversations_unarchive, channel=channel) == "not_archived"


def test_making_private_channels_needs_the_scope_for_them(client: WebClient, install: Callable[..., None]) -> None:
    """channels:manage makes public channels only."""
    install("channels:manage")
    assert client.conversations_create(name="open")["ok"] is True
    assert refusal(client.conversations_create, name="closed", is_private=True)["needed"] == "groups:write"


def test_the_list_shows_public_channels_unless_asked_otherwise(client: WebClient, channel: str) -> None:
    """`types` defaults to public_channel, and unknown types are refused."""
    assert {row["name"] for row in client.conversations_list()["channels"]} == {"general", "random"}
    every = client.conversations_list(types="public_channel,private_channel")["channels"]
    assert {row["name"] for row in every} == {"general", "random", "impl-harborpine"}
    assert all("num_members" in row for row in every)
    assert error(client.conversations_list, types="secret_channel") == "invalid_types"


def test_listing_private_channels_needs_their_scope(client: WebClient, install: Callable[..., None]) -> None:
    """Each asked type needs its own read scope."""
    install("channels:read")
    assert client.conversations_list()["ok"] is True
    assert refusal(client.conversations_list, types="public_channel,private_channel")["needed"] == "groups:read"


def test_the_list_is_paged_with_cursors_and_keeps_an_empty_one_at_the_end(client: WebClient) -> None:
    """Every channel comes once; the last page has next_cursor ""."""
    for number in range(7):
        client.conversations_create(name=f"topic-{number}")
    pages = [page["channels"] for page in client.conversations_list(limit=4)]
    assert [len(page) for page in pages] == [4, 4, 1]
    assert len({row["id"] for page in pages for row in page}) == 9
    assert client.conversations_list(limit=100)["response_metadata"] == {"next_cursor": ""}
    for cursor in ("bogus", "###", "dXNlcjpYWFg="):
        assert error(client.conversations_list, cursor=cursor) == "invalid_cursor"


def test_archived_channels_can_be_left_out(client: WebClient, channel: str) -> None:
    """exclude_archived does what it says."""
    client.conversations_archive(channel=channel)
    both = client.conversations_list(types="private_channel")["channels"]
    assert [row["is_archived"] for row in both] == [True]
    assert client.conversations_list(types="private_channel", exclude_archived=True)["channels"] == []


def test_a_hidden_channel_is_not_told_from_an_unknown_one(client: WebClient, other: WebClient, channel: str) -> None:
    """A private channel the token is not in is channel_not_found everywhere, as is an id that names nothing."""
    for where in (channel, "C0NOTHING00", ""):
        assert error(other.conversations_info, channel=where) == "channel_not_found"
        assert error(other.conversations_members, channel=where) == "channel_not_found"
        assert error(other.conversations_history, channel=where) == "channel_not_found"
        assert error(other.conversations_replies, channel=where, ts="1.0") == "channel_not_found"
        assert error(other.chat_postMessage, channel=where, text="x") == "channel_not_found"


def test_info_counts_members_only_when_asked(client: WebClient, general: str) -> None:
    """num_members comes with include_num_members and agrees with the list of members."""
    assert "num_members" not in client.conversations_info(channel=general)["channel"]
    counted = client.conversations_info(channel=general, include_num_members=True)["channel"]["num_members"]
    members = [user for page in client.conversations_members(channel=general, limit=5) for user in page["members"]]
    assert counted == len(members) == len(set(members))


def test_everybody_of_the_company_is_in_general_but_nobody_else(
    client: WebClient, workspace: Workspace, general: str
) -> None:
    """#general holds full members; who has left and who belongs to another company is not in it."""
    members = client.conversations_members(channel=general, limit=100)["members"]
    assert person(workspace, "ines.duarte") in members
    assert person(workspace, "ada.novak") not in members
    assert person(workspace, "ruth.osei") not in members


def test_people_are_invited_and_the_channel_says_so(client: WebClient, workspace: Workspace, channel: str) -> None:
    """Several people can be invited at once; each leaves a line in the channel."""
    users = [person(workspace, "priya.nair"), person(workspace, "omar.haddad")]
    client.conversations_invite(channel=channel, users=users)
    assert set(users) <= set(client.conversations_members(channel=channel)["members"])
    history = client.conversations_history(channel=channel)["messages"]
    joined = {message["user"] for message in history if message.get("subtype") == "group_join"}
    assert set(users) <= joined


def test_an_invitation_that_cannot_be_says_why_for_each(client: WebClient, workspace: Workspace, channel: str) -> None:
    """Nobody comes in when one cannot; with force the others do."""
    me, priya = client.auth_test()["user_id"], person(workspace, "priya.nair")
    said = refusal(client.conversations_invite, channel=channel, users=f"U0NOBODY,{me},{priya}")
    assert said["error"] == "user_not_found"
    assert [row["error"] for row in said["errors"]] == ["user_not_found", "cant_invite_self"]
    assert priya not in client.conversations_members(channel=channel)["members"]
    forced = client.conversations_invite(channel=channel, users=f"U0NOBODY,{priya}", force=True)
    assert forced["errors"] == [{"user": "U0NOBODY", "ok": False, "error": "user_not_found"}]
    assert error(client.conversations_invite, channel=channel, users=priya) == "already_in_channel"
    assert error(client.conversations_invite, channel=channel, users=person(workspace, "ada.novak")) == "user_not_found"
    assert error(client.conversations_invite, channel=channel, users=person(workspace, "ruth.osei")) == "user_not_found"
    assert error(client.conversations_invite, channel=channel, users="") == "no_user"


def test_joining_is_for_public_channels(client: WebClient, channel: str, act: Callable[..., dict[str, str]]) -> None:
    """Joining twice is a warning; a private channel cannot be joined."""
    row = act(seed.channel, {"name": "implementation-desk", "members": ["priya.nair@fernhill.example"]})
    assert error(client.conversations_history, channel=row["id"]) == "not_in_channel"
    assert "warning" not in client.conversations_join(channel=row["id"])
    assert client.conversations_join(channel=row["id"])["warning"] == "already_in_channel"
    assert error(client.conversations_join, channel=channel) == "method_not_supported_for_channel_type"


def test_leaving_and_taking_out(client: WebClient, workspace: Workspace, channel: str, general: str) -> None:
    """One can leave, and take others out, but not of #general."""
    priya = person(workspace, "priya.nair")
    client.conversations_invite(channel=channel, users=priya)
    client.conversations_kick(channel=channel, user=priya)
    assert error(client.conversations_kick, channel=channel, user=priya) == "not_in_channel"
    assert error(client.conversations_kick, channel=channel, user=client.auth_test()["user_id"]) == "cant_kick_self"
    assert error(client.conversations_kick, channel=general, user=priya) == "cant_kick_from_general"
    assert error(client.conversations_leave, channel=general) == "cant_leave_general"
    assert error(client.conversations_archive, channel=general) == "cant_archive_general"
    assert error(client.conversations_leave, channel=channel) == "last_member"
    client.conversations_invite(channel=channel, users=priya)
    client.conversations_leave(channel=channel)
    assert error(client.conversations_info, channel=channel) == "channel_not_found"


def test_topic_purpose_and_name_change_and_are_told_in_the_channel(client: WebClient, channel: str) -> None:
    """The new line is in the object, and Slack writes a notice."""
    assert client.conversations_setTopic(channel=channel, topic="Go-live 14 December")["channel"]["topic"]["value"]
    client.conversations_setPurpose(channel=channel, purpose="Harborpine's implementation")
    renamed = client.conversations_rename(channel=channel, name="impl-harborpine-2")["channel"]
    assert renamed["previous_names"] == ["impl-harborpine"]
    assert renamed["purpose"]["value"] == "Harborpine's implementation"
    subtypes = [row.get("subtype") for row in client.conversations_history(channel=channel)["messages"]]
    assert subtypes == ["group_name", "group_purpose", "group_topic", "group_join"]
    assert error(client.conversations_setTopic, channel=channel, topic="x" * 251) == "too_long"
    assert error(client.conversations_rename, channel=channel, name="random") == "name_taken"


def test_only_its_creator_renames_a_channel(client: WebClient, other: WebClient, channel: str) -> None:
    """Another bot in the channel is not_authorized."""
    client.conversations_invite(channel=channel, users=other.auth_test()["user_id"])
    assert error(other.conversations_rename, channel=channel, name="mine") == "not_authorized"


def test_a_direct_message_is_opened_once(client: WebClient, workspace: Workspace) -> None:
    """Opening again finds the same conversation."""
    priya = person(workspace, "priya.nair")
    first = client.conversations_open(users=priya)
    again = client.conversations_open(users=priya, return_im=True)
    assert first["channel"] == {"id": again["channel"]["id"]}
    assert again["already_open"] is True
    assert again["channel"]["user"] == priya
    assert again["channel"]["is_im"] is True
    assert client.conversations_open(channel=first["channel"]["id"])["channel"] == first["channel"]


def test_a_group_message_has_everybody_in_it(client: WebClient, workspace: Workspace) -> None:
    """Two and more people make a group conversation."""
    users = [person(workspace, "priya.nair"), person(workspace, "ines.duarte")]
    channel = client.conversations_open(users=users, return_im=True)["channel"]
    assert channel["is_mpim"] is True
    assert channel["name"].startswith("mpdm-")
    assert set(users) < set(client.conversations_members(channel=channel["id"])["members"])


def test_direct_messages_that_cannot_be(client: WebClient, workspace: Workspace) -> None:
    """Nobody, a stranger, somebody who has left."""
    assert error(client.api_call, api_method="conversations.open") == "users_list_not_supplied"
    assert error(client.conversations_open, users="U0NOBODY000") == "user_not_found"
    assert error(client.conversations_open, users=person(workspace, "ada.novak")) == "user_disabled"
    assert error(client.conversations_open, users=person(workspace, "ruth.osei")) == "user_not_found"
    assert (
        error(client.conversations_open, users=person(workspace, "priya.nair"), prevent_creation=True)
        == "channel_not_found"
    )


def test_reading_marks_and_closing(client: WebClient, workspace: Workspace, channel: str) -> None:
    """How far the bot has read is in the object; closing is for direct messages."""
    ts = client.chat_postMessage(channel=channel, text="x")["ts"]
    client.conversations_mark(channel=channel, ts=ts)
    assert client.conversations_info(channel=channel)["channel"]["last_read"] == ts
    direct = client.conversations_open(users=person(workspace, "priya.nair"))["channel"]["id"]
    assert client.conversations_close(channel=direct)["ok"] is True
    assert error(client.conversations_close, channel=channel) == "method_not_supported_for_channel_type"


def test_seeding_twice_changes_nothing(client: WebClient, act: Callable[..., dict[str, str]]) -> None:
    """Seeded channels are found by name the second time."""
    wanted = {"name": "desk", "private": True, "members": ["app", "priya.nair@fernhill.example"], "topic": "Requests"}
    first, again = act(seed.channel, wanted)["id"], act(seed.channel, wanted)["id"]
    assert first == again
    assert client.conversations_info(channel=first)["channel"]["topic"]["value"] == "Requests"
