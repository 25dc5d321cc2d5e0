"""Slack Connect: inviting somebody of another organisation into a channel."""

from __future__ import annotations

import re
from typing import Any

from bot.emulator.slack import channels, paging, reach, sharing
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.gateway import SlackCall, method

Row = dict[str, Any]

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@method(
    "conversations.inviteShared",
    scopes=("conversations.connect:write",),
    tier=2,
    required=("channel",),
    notes="The invited person accepts on the page or by the control API; no e-mail is written.",
)
def invite_shared(call: SlackCall) -> Row:
    """Invite one person by e-mail or user id; the channel is shared once they accept (see hands.accept_invitation)."""
    row = reach.channel(call)
    if channels.is_direct(row):
        raise SlackError("invalid_channel_type")
    if row["is_archived"]:
        raise SlackError("channel_archived")
    if row["is_general"]:
        raise SlackError("cannot_share_mandatory_channel")
    reach.inside(call, row)
    invite = sharing.invite(call.workspace, row, call.user, _recipient(call, row), call.flag("external_limited", True))
    code, url = invite["code"], f"{call.workspace.url}/share/{invite['code']}"
    return {"invite_id": invite["id"], "conf_code": code, "url": url, "is_legacy_shared_channel": False}


def _recipient(call: SlackCall, row: Row) -> str:
    """The e-mail address invited."""
    emails, users = _list(call, "emails"), _list(call, "user_ids")
    if len(emails) + len(users) > 1:
        raise SlackError("too_many_emails")
    if not emails and not users:
        raise SlackError("recipients_not_specified")
    if users:
        person = call.workspace.people().get(users[0])
        if person is None:
            raise SlackError("user_not_found")
        if person["id"] in row["members"]:
            raise SlackError("already_in_channel")
        return str(person["email"]).lower()
    if not EMAIL.fullmatch(emails[0]):
        raise SlackError("invalid_email")
    return emails[0].lower()


def _list(call: SlackCall, name: str) -> list[str]:
    value = call.args.get(name)
    if isinstance(value, str) and value.strip().startswith("["):
        return [str(item) for item in call.structure(name, "invalid_arguments")]
    return call.words(name)


@method("conversations.listConnectInvites", scopes=("conversations.connect:manage",), tier=1)
def list_connect_invites(call: SlackCall) -> Row:
    """The invitations that wait for an answer."""
    rows = channels.rows(call.workspace)
    found = [(row, item) for row in rows for item in row["invites"] if item["state"] == "pending"]
    page, cursor = paging.page(call, "invite", found, lambda pair: str(pair[1]["id"]))
    invites = [_shape(row, item) for row, item in page]
    return {"invites": invites, "response_metadata": {"next_cursor": cursor}}


def _shape(row: Row, item: Row) -> Row:
    invite = {"id": item["id"], "date_created": item["created"], "inviting_user": {"id": item["inviter"]}}
    invite |= {"recipient_email": item["email"], "date_invalid": 0, "is_sponsored": False}
    invite["is_external_limited"] = item["limited"]
    return {
        "direction": "outgoing",
        "status": "pending",
        "date_last_updated": item["created"],
        "invite_type": "channel",
        "invite": invite,
        "channel": {"id": row["id"], "is_private": row["is_private"], "is_im": False, "name": row["name"]},
    }
