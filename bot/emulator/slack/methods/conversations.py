"""conversations.*: making, finding and changing channels, and who is in them."""

from __future__ import annotations

from typing import Any

from bot.emulator.slack import app, channels, paging, reach
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.gateway import SlackCall, method

Row = dict[str, Any]

WRITE = ("channels:manage", "groups:write", "im:write", "mpim:write")
READ = ("channels:read", "groups:read", "im:read", "mpim:read")
TYPES = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
MOST_LINE = 250
MOST_INVITED = 100


def shaped(call: SlackCall, row: Row, **how: bool) -> Row:
    """An answer with one conversation object."""
    return {"channel": channels.shape(call.workspace, row, call.user, **how)}


@method("conversations.create", any_scope=("channels:manage", "groups:write"), tier=2, required=("name",))
def create(call: SlackCall) -> Row:
    """A new channel with the caller as its first member."""
    private = call.flag("is_private")
    call.need_scope("groups:write" if private else "channels:manage")
    name = call.text("name")
    row = channels.create_channel(call.workspace, name, creator=call.user, private=private)
    return shaped(call, row, last_read=True)


@method("conversations.info", any_scope=READ, tier=3, required=("channel",), json=False)
def info(call: SlackCall) -> Row:
    """One conversation."""
    return shaped(call, reach.readable(call), num_members=call.flag("include_num_members"), last_read=True)


@method("conversations.list", any_scope=READ, tier=2, json=False)
def list_(call: SlackCall) -> Row:
    """The conversations of the asked types that the caller sees."""
    kinds = wanted_kinds(call)
    seen = _listed(call, channels.visible(call.workspace, call.user))
    return listing(call, [row for row in seen if channels.scope_family(row) in kinds])


def _listed(call: SlackCall, rows: list[Row]) -> list[Row]:
    """The channels that listings know already: a fault may make them lag behind the truth."""
    lag = call.workspace.faults.lagging("slack.conversations.list")
    known_since = call.workspace.clock.now().timestamp() - lag
    return [row for row in rows if row["created"] <= known_since] if lag else rows


def wanted_kinds(call: SlackCall) -> list[str]:
    """The scope families of the argument `types`, each of them granted."""
    types = call.words("types") or ["public_channel"]
    if any(word not in TYPES for word in types):
        raise SlackError("invalid_types")
    kinds = [TYPES[word] for word in types]
    for kind in kinds:
        call.need_scope(f"{kind}:read")
    return kinds


def listing(call: SlackCall, found: list[Row]) -> Row:
    """A page of conversation objects; `response_metadata` is there on the last page too."""
    if call.flag("exclude_archived"):
        found = [row for row in found if not row["is_archived"]]
    rows, cursor = paging.page(call, "team", found, lambda row: str(row["id"]))
    shapes = [channels.shape(call.workspace, row, call.user, num_members=not row["is_im"]) for row in rows]
    return {"channels": shapes, "response_metadata": {"next_cursor": cursor}}


@method("conversations.members", any_scope=READ, tier=4, required=("channel",), json=False)
def members(call: SlackCall) -> Row:
    """The ids of the people in a conversation."""
    users, cursor = paging.page(call, "user", reach.readable(call)["members"], str)
    return {"members": users, "response_metadata": {"next_cursor": cursor}}


@method("conversations.invite", tier=3, required=("channel", "users"))
def invite(call: SlackCall) -> Row:
    """Bring people in: all of them or, without `force`, nobody."""
    row = reach.manageable(call, "write.invites")
    users = call.words("users")
    if not users:
        raise SlackError("no_user")
    if len(users) > MOST_INVITED:
        raise SlackError("too_many_users")
    if row["is_archived"]:
        raise SlackError("is_archived")
    reach.inside(call, row)
    faults = {user: fault for user in users if (fault := _uninvitable(call, row, user))}
    good = [user for user in users if user not in faults]
    if faults and not (call.flag("force") and good):
        each = [{"user": user, "ok": False, "error": fault} for user, fault in faults.items()]
        raise SlackError(next(iter(faults.values())), errors=each)
    for user in good:
        channels.join(call.workspace, row, user, inviter=call.user)
    errors = [{"user": user, "ok": False, "error": fault} for user, fault in faults.items()]
    return shaped(call, row, last_read=True) | ({"errors": errors} if errors else {})


def _uninvitable(call: SlackCall, row: Row, user: str) -> str:
    """Why this person cannot be invited, or nothing."""
    person = call.workspace.people().get(user)
    if person is None or person["deleted"] or not reach.known(call.workspace, person):
        return "user_not_found"
    if user == call.user:
        return "cant_invite_self"
    if user in row["members"]:
        return "already_in_channel"
    if person["org"] != "home" and not person.get("guest"):
        return "" if app.team(call.workspace, person["org"])["id"] in row["shared_with"] else "cant_invite"
    return ""


@method("conversations.join", scopes=("channels:join",), tier=3, required=("channel",))
def join(call: SlackCall) -> Row:
    """Enter a public channel; being there already is a warning."""
    row = reach.channel(call)
    if channels.kind(row) != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if row["is_archived"]:
        raise SlackError("is_archived")
    answer = {} if channels.join(call.workspace, row, call.user) else _warning("already_in_channel")
    return shaped(call, row, last_read=True) | answer


def _warning(word: str) -> Row:
    return {"warning": word, "response_metadata": {"warnings": [word]}}


@method("conversations.leave", tier=3, required=("channel",))
def leave(call: SlackCall) -> Row:
    """Leave a channel; not having been there has no error code, as documented, but is not ok either."""
    row = reach.manageable(call)
    if row["is_general"]:
        raise SlackError("cant_leave_general")
    if row["is_archived"]:
        raise SlackError("is_archived")
    if row["is_private"] and row["members"] == [call.user]:
        raise SlackError("last_member")
    return {} if channels.leave(call.workspace, row, call.user) else {"ok": False, "not_in_channel": True}


@method("conversations.kick", tier=3, required=("channel", "user"))
def kick(call: SlackCall) -> Row:
    """Take somebody out of a channel."""
    row = reach.manageable(call)
    user = call.text("user")
    if user not in call.workspace.people():
        raise SlackError("user_not_found")
    if user == call.user:
        raise SlackError("cant_kick_self")
    if row["is_general"]:
        raise SlackError("cant_kick_from_general")
    reach.inside(call, row)
    if not channels.leave(call.workspace, row, user):
        raise SlackError("not_in_channel")
    return {"errors": {}}


@method("conversations.archive", tier=2, required=("channel",))
def archive(call: SlackCall) -> Row:
    """Close a channel; its name stays taken and its history readable."""
    row = reach.manageable(call)
    if row["is_general"]:
        raise SlackError("cant_archive_general")
    if row["is_archived"]:
        raise SlackError("already_archived")
    reach.inside(call, row)
    channels.archive(call.workspace, row, call.user, archived=True)
    return {}


@method(
    "conversations.unarchive",
    tier=2,
    required=("channel",),
    notes="A bot token may; Slack asks for a user token at times.",
)
def unarchive(call: SlackCall) -> Row:
    """Open an archived channel again."""
    row = reach.manageable(call)
    if not row["is_archived"]:
        raise SlackError("not_archived")
    reach.inside(call, row)
    channels.archive(call.workspace, row, call.user, archived=False)
    return {}


@method("conversations.rename", tier=2, required=("channel", "name"))
def rename(call: SlackCall) -> Row:
    """Give a channel another name; only its creator may."""
    row = reach.manageable(call)
    name = call.text("name")
    reach.inside(call, row)
    if row["is_archived"]:
        raise SlackError("is_archived")
    if row["creator"] != call.user:
        raise SlackError("not_authorized")
    channels.check_name(name)
    taken = channels.by_name(call.workspace, name)
    if taken is not None and taken["id"] != row["id"]:
        raise SlackError("name_taken")
    channels.rename(call.workspace, row, call.user, name)
    return shaped(call, row, last_read=True)


@method("conversations.setTopic", tier=2, required=("channel", "topic"))
def set_topic(call: SlackCall) -> Row:
    """What the channel is about just now."""
    return shaped(call, _line(call, "topic"), last_read=True)


@method("conversations.setPurpose", tier=2, required=("channel", "purpose"))
def set_purpose(call: SlackCall) -> Row:
    """What the channel is for."""
    row = _line(call, "purpose")
    return shaped(call, row, last_read=True) | {"purpose": row["purpose"]["value"]}


def _line(call: SlackCall, line: str) -> Row:
    row = reach.manageable(call, "write.topic", direct=True)
    value = call.text(line)
    if len(value) > MOST_LINE:
        raise SlackError("too_long")
    if row["is_archived"]:
        raise SlackError("is_archived")
    reach.inside(call, row)
    if row["is_im"]:
        raise SlackError("method_not_supported_for_channel_type")
    channels.set_line(call.workspace, row, call.user, line, value)
    return row


@method("conversations.open", any_scope=WRITE, tier=3)
def open_(call: SlackCall) -> Row:
    """The direct message with these people, made when there is none yet."""
    row, known = _resumed(call) if call.text("channel") else _opened(call)
    answer = {"no_op": True, "already_open": True} if known else {}
    return (shaped(call, row) if call.flag("return_im") else {"channel": {"id": row["id"]}}) | answer


def _resumed(call: SlackCall) -> tuple[Row, bool]:
    row = reach.channel(call)
    if not channels.is_direct(row):
        raise SlackError("method_not_supported_for_channel_type")
    return row, True


def _opened(call: SlackCall) -> tuple[Row, bool]:
    users = [user for user in dict.fromkeys(call.words("users")) if user != call.user]
    if not call.words("users"):
        raise SlackError("users_list_not_supplied")
    if len(users) > 8:
        raise SlackError("too_many_users")
    if not users:
        raise SlackError("not_enough_users")
    call.need_scope("im:write" if len(users) == 1 else "mpim:write")
    reach.check_direct(call, users)
    if call.flag("prevent_creation"):
        return _existing(call, users)
    return channels.direct(call.workspace, [call.user, *users])


def _existing(call: SlackCall, users: list[str]) -> tuple[Row, bool]:
    wanted = {call.user, *users}
    for row in channels.rows(call.workspace):
        if channels.is_direct(row) and set(row["members"]) == wanted:
            return row, True
    raise SlackError("channel_not_found")


@method(
    "conversations.close",
    any_scope=("im:write", "mpim:write"),
    tier=2,
    required=("channel",),
    notes="The conversation stays listed.",
)
def close(call: SlackCall) -> Row:
    """Put a direct message out of sight; its messages stay."""
    row = reach.channel(call)
    if not channels.is_direct(row):
        raise SlackError("method_not_supported_for_channel_type")
    return {}


@method("conversations.mark", any_scope=WRITE, tier=3, required=("channel", "ts"))
def mark(call: SlackCall) -> Row:
    """How far the caller has read."""
    row = reach.manageable(call, direct=True)
    reach.inside(call, row)
    row["last_read"][call.user] = call.text("ts")
    channels.save(call.workspace, row)
    return {}
