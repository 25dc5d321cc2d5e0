"""auth.test, team.info, bots.info and users.*: who is who."""

from __future__ import annotations

import re

import requests
from acting import Control
from slack_asking import error, person, refusal
from slack_sdk import WebClient

from bot.emulator.workspace import Workspace


def test_auth_test_names_the_bot_its_team_and_its_user(client: WebClient) -> None:
    """The ids of auth.test are those by which the bot is found elsewhere."""
    me = client.auth_test()
    assert client.team_info()["team"]["id"] == me["team_id"]
    assert client.users_info(user=me["user_id"])["user"]["is_bot"] is True
    bot = client.bots_info(bot=me["bot_id"])["bot"]
    assert bot["user_id"] == me["user_id"]
    assert re.fullmatch(r"T\w{10}", me["team_id"])
    assert me["is_enterprise_install"] is False


def test_an_accepted_token_is_another_bot_in_the_standing_channels(client: WebClient, other: WebClient) -> None:
    """It is a bot of its own, a member of #general and #random."""
    assert other.auth_test()["user_id"] != client.auth_test()["user_id"]
    names = {channel["name"] for channel in other.users_conversations()["channels"]}
    assert names == {"general", "random"}
    assert client.users_conversations()["channels"] == []


def test_a_person_is_found_by_address_in_any_case(client: WebClient, workspace: Workspace) -> None:
    """users.lookupByEmail ignores case and gives zone, name and address."""
    user = client.users_lookupByEmail(email="Priya.Nair@Fernhill.Example")["user"]
    assert user["id"] == person(workspace, "priya.nair")
    assert user["tz"] == "Asia/Kolkata"
    assert user["tz_offset"] == 19800
    assert user["real_name"] == user["profile"]["real_name"] == "Priya Nair"
    assert user["profile"]["email"] == "priya.nair@fernhill.example"


def test_who_has_left_or_is_unknown_is_not_found_by_address(client: WebClient) -> None:
    """A deactivated person and a stranger are both users_not_found."""
    for address in ("ada.novak@fernhill.example", "nobody@fernhill.example", "ruth.osei@harborpine.example"):
        assert error(client.users_lookupByEmail, email=address) == "users_not_found"


def test_addresses_are_hidden_without_their_scope(client: WebClient, workspace: Workspace, install: object) -> None:
    """Without users:read.email the profile has no address and the look-up is refused."""
    install("users:read")  # type: ignore[operator]
    user = client.users_info(user=person(workspace, "priya.nair"))["user"]
    assert "email" not in user["profile"]
    assert refusal(client.users_lookupByEmail, email="priya.nair@fernhill.example")["needed"] == "users:read.email"


def test_users_info_refuses_the_unknown_and_the_unnamed(client: WebClient) -> None:
    """Both are user_not_found, as measured."""
    assert error(client.users_info, user="U0NOBODY000") == "user_not_found"
    assert error(client.api_call, api_method="users.info") == "user_not_found"


def test_users_list_has_everybody_the_workspace_knows(client: WebClient) -> None:
    """Deactivated people, bots and Slackbot are listed; people of other organisations are not until they are met."""
    members = client.users_list()["members"]
    names = {member["profile"]["real_name"] for member in members}
    assert {"Ines Duarte", "Ada Novak", "Slackbot", "Implementation Bot"} <= names
    assert "Ruth Osei" not in names
    ada = next(member for member in members if member["profile"]["real_name"] == "Ada Novak")
    assert ada["deleted"] is True
    assert "tz" not in ada


def test_users_list_is_read_page_by_page(client: WebClient) -> None:
    """Cursors lead through all people once."""
    everybody = [member["id"] for member in client.users_list()["members"]]
    paged = [member["id"] for page in client.users_list(limit=4) for member in page["members"]]
    assert paged == everybody
    assert error(client.users_list, cursor="bogus") == "invalid_cursor"


def test_a_profile_is_read_by_itself(client: WebClient, workspace: Workspace) -> None:
    """users.profile.get answers the profile of the person asked for."""
    profile = client.users_profile_get(user=person(workspace, "grace.liu"))["profile"]
    assert profile["real_name"] == "Grace Liu"
    assert profile["title"] == "Customer Engineering lead"


def test_pictures_are_drawn_here(client: WebClient, workspace: Workspace) -> None:
    """The addresses in profiles lead to pictures of the workspace itself."""
    profile = client.users_info(user=person(workspace, "priya.nair"))["user"]["profile"]
    assert profile["image_72"].startswith(workspace.url)
    picture = requests.get(profile["image_72"], timeout=5)
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert requests.get(f"{workspace.url}/avatars/x_9999.png", timeout=5).status_code == 404


def test_presence(client: WebClient, workspace: Workspace) -> None:
    """The bot is there; of people the emulator says away."""
    assert client.users_getPresence(user=client.auth_test()["user_id"])["presence"] == "active"
    assert client.users_getPresence(user=person(workspace, "priya.nair"))["presence"] == "away"


def test_groups_and_their_members(client: WebClient, workspace: Workspace) -> None:
    """The leads' groups are listed by handle, and their members by id."""
    groups = client.usergroups_list(include_users=True)["usergroups"]
    leads = next(group for group in groups if group["handle"] == "ce-leads")
    assert leads["users"] == [person(workspace, "grace.liu")]
    assert leads["user_count"] == 1
    assert client.usergroups_users_list(usergroup=leads["id"])["users"] == leads["users"]
    assert "users" not in client.usergroups_list()["usergroups"][0]
    assert error(client.usergroups_users_list, usergroup="S0NONE") == "no_such_subteam"


def test_a_guest_is_restricted_and_invited_by_channel(client: WebClient, workspace: Workspace, channel: str) -> None:
    """Somebody of another company with a guest's account is known, marked as restricted, and in no channel at first."""
    email = "pat.lane@contractor.example"
    control = Control(workspace)
    control.post("seed", {"people": [{"email": email, "guest": True}]})
    guest = client.users_lookupByEmail(email=email)["user"]
    assert (guest["is_restricted"], guest.get("is_stranger")) == (True, None)
    assert control.sees(email)["channels"] == []
    client.conversations_invite(channel=channel, users=guest["id"])
    assert [row["id"] for row in control.sees(email)["channels"]] == [channel]
    assert client.conversations_info(channel=channel)["channel"]["is_ext_shared"] is False
