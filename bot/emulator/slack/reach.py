"""Who may reach what: finding the conversation, message or person a call names, with Slack's refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.emulator.slack import app, channels, messages
from bot.emulator.slack.errors import SlackError, missing_scope
from bot.emulator.slack.gateway import SlackCall

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]

WRITING = {
    "channel": ("channels:manage",),
    "group": ("groups:write",),
    "im": ("im:write",),
    "mpim": ("mpim:write",),
}


def channel(call: SlackCall, argument: str = "channel") -> Row:
    """The conversation of that id, if the caller sees it; a hidden one is `channel_not_found`, as an unknown one."""
    row = channels.get(call.workspace, call.text(argument))
    if row is None or not channels.can_see(call.workspace, row, call.user):
        raise SlackError("channel_not_found")
    return row


def readable(call: SlackCall, what: str = "read", argument: str = "channel") -> Row:
    """A conversation the token's scopes open for `what` ("read" or "history")."""
    row = channel(call, argument)
    call.need_scope(f"{channels.scope_family(row)}:{what}")
    return row


def inside(call: SlackCall, row: Row) -> None:
    """The caller must be in the conversation."""
    if call.user not in row["members"]:
        raise SlackError("not_in_channel")


def manageable(call: SlackCall, *also: str, direct: bool = False) -> Row:
    """A conversation the caller may change: scopes of its kind, or `also` (with the family before the colon)."""
    row = channel(call)
    kind = channels.kind(row)
    family = channels.scope_family(row)
    accepted = (*WRITING[kind], *(f"{family}:{scope}" for scope in also))
    if not any(call.has_scope(scope) for scope in accepted):
        raise missing_scope(",".join(accepted), call.token["scopes"])
    if channels.is_direct(row) and not direct:
        raise SlackError("method_not_supported_for_channel_type")
    return row


def target(call: SlackCall) -> Row:
    """Where a message goes: an id, a channel name with or without "#", or a person, whose DM is opened."""
    value = call.text("channel").strip()
    if value in call.workspace.people():
        return _direct(call, value)
    row = channels.get(call.workspace, value) or channels.by_name(call.workspace, value)
    if row is None or not value or not channels.can_see(call.workspace, row, call.user):
        raise SlackError("channel_not_found")
    return row


def _direct(call: SlackCall, user: str) -> Row:
    check_direct(call, [user])
    row, _ = channels.direct(call.workspace, [call.user, user])
    return row


def check_direct(call: SlackCall, users: list[str]) -> None:
    """Whether the caller may open a direct message with these people."""
    for user in users:
        person = person_seen(call.workspace, user)
        if person["deleted"]:
            raise SlackError("user_disabled")
        if person["bot"] or user == call.user:
            raise SlackError("cannot_dm_bot")


def writable(call: SlackCall) -> Row:
    """Where the caller may post now: not archived, and a member unless chat:write.public opens a public channel."""
    row = target(call)
    if row["is_archived"]:
        raise SlackError("is_archived")
    open_to_all = channels.kind(row) == "channel" and call.has_scope("chat:write.public")
    if call.user not in row["members"] and not open_to_all:
        raise SlackError("not_in_channel")
    return row


def message(call: SlackCall, row: Row, argument: str, missing: str = "message_not_found") -> Row:
    """The message of that ts in a conversation."""
    found = messages.get(call.workspace, row["id"], call.text(argument))
    if found is None:
        raise SlackError(missing)
    return found


def person_seen(workspace: Workspace, user: str, error: str = "user_not_found") -> Row:
    """A person whom the workspace knows: its own people, and others met in a shared channel."""
    person = workspace.people().get(user)
    if person is None or not known(workspace, person):
        raise SlackError(error)
    return person


def known(workspace: Workspace, person: Row) -> bool:
    """Whether somebody belongs to the company, or shares a conversation with it."""
    if person["org"] == "home" or person.get("guest"):
        return True
    return any(person["id"] in row["members"] for row in channels.rows(workspace))


def home_team(workspace: Workspace) -> str:
    return str(app.team(workspace)["id"])
