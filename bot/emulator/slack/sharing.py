"""Slack Connect between the company and the other organisations of the emulator's people."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from bot.emulator.slack import app, bus, channels
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.ids import new_id, next_ts, seconds

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]


def invite(workspace: Workspace, channel: Row, inviter: str, email: str, limited: bool) -> Row:
    """Note an invitation: id, code, email, limited, inviter, created, state ("pending", "accepted")."""
    if any(item["email"] == email and item["state"] == "pending" for item in channel["invites"]):
        raise SlackError("connection_limit_exceeded_pending")
    row = {"id": new_id("I"), "code": secrets.token_hex(12), "email": email, "limited": limited, "inviter": inviter}
    row |= {"created": seconds(workspace), "state": "pending"}
    channel["invites"].append(row)
    channels.save(workspace, channel)
    return row


def pending(workspace: Workspace, email: str) -> list[tuple[Row, Row]]:
    """The invitations that wait for this address, in any letter case, each with its channel."""
    every = [(row, item) for row in channels.rows(workspace) for item in row["invites"]]
    return [(row, item) for row, item in every if item["email"] == email.lower() and item["state"] == "pending"]


def accept(workspace: Workspace, person: Row, invite_id: str) -> None:
    """The invited person accepts a pending invitation: they enter, and the channel is shared with their company."""
    channel, item = next(pair for pair in pending(workspace, person["email"]) if pair[1]["id"] == invite_id)
    item["state"] = "accepted"
    channels.join(workspace, channel, person["id"], inviter=item["inviter"])
    team = app.team(workspace, person["org"])["id"]
    event = {"type": "channel_shared", "connected_team_id": team, "channel": channel["id"]}
    bus.emit(workspace, event | {"event_ts": next_ts(workspace)})
