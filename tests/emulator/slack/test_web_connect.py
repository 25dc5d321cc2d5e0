"""Slack Connect: a channel shared with another organisation."""

from __future__ import annotations

from acting import RUTH, Control
from slack_asking import error, person
from slack_sdk import WebClient

from bot.emulator.workspace import Workspace


def test_an_invitation_makes_the_channel_pending_and_its_acceptance_shared(
    client: WebClient, workspace: Workspace, channel: str, brisk: None
) -> None:
    """The channel tells that an outsider is invited before they are in, and that it is shared after."""
    home = client.auth_test()["team_id"]
    invited = client.conversations_inviteShared(channel=channel, emails=[RUTH])
    assert invited["invite_id"].startswith("I")
    assert invited["is_legacy_shared_channel"] is False
    pending = client.conversations_info(channel=channel)["channel"]
    assert (pending["is_pending_ext_shared"], pending["is_ext_shared"]) == (True, False)
    waiting = client.api_call("conversations.listConnectInvites")["invites"]
    assert [row["invite"]["recipient_email"] for row in waiting] == [RUTH]
    assert Control(workspace).act(RUTH, "accept_invitation")["channel"] == channel
    shared = client.conversations_info(channel=channel)["channel"]
    assert (shared["is_pending_ext_shared"], shared["is_ext_shared"], shared["is_shared"]) == (False, True, True)
    assert shared["shared_team_ids"][0] == home
    assert len(shared["shared_team_ids"]) == 2
    ruth = client.users_info(user=person(workspace, "ruth.osei"))["user"]
    assert ruth["is_stranger"] is True
    assert ruth["team_id"] == shared["shared_team_ids"][1]
    assert client.users_lookupByEmail(email=RUTH)["user"]["id"] == ruth["id"]
    assert ruth["id"] in client.conversations_members(channel=channel)["members"]


def test_outsiders_are_not_known_before_they_are_met(client: WebClient, workspace: Workspace) -> None:
    """Somebody of another organisation is neither found nor messaged."""
    ruth = person(workspace, "ruth.osei")
    assert error(client.users_info, user=ruth) == "user_not_found"
    assert error(client.chat_postMessage, channel=ruth, text="hello") == "user_not_found"


def test_invitations_that_cannot_be(client: WebClient, workspace: Workspace, channel: str, general: str) -> None:
    """One address at a time, a true one, not twice, and never #general."""
    invite = client.conversations_inviteShared
    assert error(invite, channel=channel, emails="no address") == "invalid_email"
    assert error(invite, channel=channel, emails=[RUTH, "a@harborpine.example"]) == "too_many_emails"
    assert error(invite, channel=channel, user_ids=["U0NOBODY000"]) == "user_not_found"
    assert error(invite, channel=general, emails=[RUTH]) == "cannot_share_mandatory_channel"
    none = {"api_method": "conversations.inviteShared", "params": {"channel": channel}}
    assert error(client.api_call, **none) == "recipients_not_specified"
    invite(channel=channel, emails=[RUTH])
    assert error(invite, channel=channel, emails=[RUTH]) == "connection_limit_exceeded_pending"
    client.conversations_archive(channel=channel)
    assert error(invite, channel=channel, emails=[RUTH]) == "channel_archived"


def test_an_invitation_is_accepted_once_and_by_whom_it_was_sent_to(
    client: WebClient, workspace: Workspace, channel: str, brisk: None
) -> None:
    """Who was not invited, or has accepted, has nothing to accept; of several invitations one must be named."""
    control = Control(workspace)
    verb = f"people/{RUTH}/accept_invitation"
    assert "there is none" in control.refused(verb)
    second = client.conversations_create(name="ext-harborpine")["channel"]["id"]
    first = client.conversations_inviteShared(channel=channel, emails=RUTH.upper())["invite_id"]
    client.conversations_inviteShared(channel=second, emails=[RUTH])
    assert "#impl-harborpine" in control.refused(verb)
    assert control.act(RUTH, "accept_invitation", invite_id=first)["channel"] == channel
    assert "#ext-harborpine" in control.refused(verb, {"invite_id": first})
    assert control.act(RUTH, "accept_invitation")["channel"] == second
    assert "there is none" in control.refused(verb)
