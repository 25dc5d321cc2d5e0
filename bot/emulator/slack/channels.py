"""Channels, private channels and direct messages: who is in them and how Slack shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from bot.emulator.slack import bus, scheduled
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.ids import new_id, next_ts, seconds

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]

PURPOSES = {
    "general": "This is the one channel that will always include everyone.",
    "random": "A place for non-work-related flimflam, faffing, hodge-podge or jibber-jabber.",
}


def rows(workspace: Workspace) -> Iterator[Row]:
    """Every channel row, archived ones and direct messages included."""
    return iter(list(workspace.shelf.collection("channels").values()))


def get(workspace: Workspace, channel_id: str) -> Row | None:
    return workspace.shelf.collection("channels").get(channel_id)


def save(workspace: Workspace, row: Row) -> None:
    """Write a changed row; `updated` is in milliseconds, as Slack has it."""
    row["updated"] = int(workspace.clock.now().timestamp() * 1000)
    workspace.shelf.collection("channels")[row["id"]] = row


def by_name(workspace: Workspace, name: str) -> Row | None:
    """The channel of that name, with or without "#"; archived channels keep their name."""
    wanted = name.removeprefix("#")
    return next((row for row in rows(workspace) if row["name"] == wanted and not is_direct(row)), None)


def is_direct(row: Row) -> bool:
    return bool(row["is_im"] or row["is_mpim"])


def kind(row: Row) -> str:
    """`channel_type` of events: channel, group, im or mpim."""
    if row["is_im"]:
        return "im"
    if row["is_mpim"]:
        return "mpim"
    return "group" if row["is_private"] else "channel"


def scope_family(row: Row) -> str:
    """The first half of the scopes that open this conversation: channels, groups, im or mpim."""
    return {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}[kind(row)]


def can_see(workspace: Workspace, row: Row, user: str) -> bool:
    """A person sees what they are in, and public channels if they are full members of the company."""
    if user in row["members"]:
        return True
    person = workspace.people().get(user)
    if person is None or row["is_private"] or is_direct(row):
        return False
    return bool(person["org"] == "home" and not person.get("guest"))


def visible(workspace: Workspace, user: str) -> list[Row]:
    """The channels this person may see, oldest first; what was scheduled and has fallen due is posted first."""
    scheduled.deliver(workspace)
    return [row for row in rows(workspace) if can_see(workspace, row, user)]


def blank(workspace: Workspace, prefix: str, name: str, creator: str) -> Row:
    """A new row that belongs to nobody yet; the caller decides what it is and saves it."""
    return {
        "id": new_id(prefix),
        "name": name,
        "is_private": False,
        "is_im": False,
        "is_mpim": False,
        "is_archived": False,
        "is_general": False,
        "members": [],
        "creator": creator,
        "created": seconds(workspace),
        "updated": 0,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
        "shared_with": [],
        "invites": [],
        "last_read": {},
    }


def check_name(name: str) -> None:
    """Slack's rules for channel names; raises the error Slack gives for each."""
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > 80:
        raise SlackError("invalid_name_maxlength")
    if not any(letter.isalnum() for letter in name):
        raise SlackError("invalid_name_punctuation")
    if name != name.lower() or not re.fullmatch(r"[\w-]+", name):
        raise SlackError("invalid_name_specials")


def create_channel(
    workspace: Workspace,
    name: str,
    *,
    creator: str = "",
    private: bool = False,
    members: Iterable[str] = (),
    topic: str = "",
) -> Row:
    """Create a channel with these members (user ids; the creator too) and tell the app's subscribers.

    Raises SlackError: the invalid_name family, or name_taken (archived names too).
    """
    check_name(name)
    if by_name(workspace, name) is not None:
        raise SlackError("name_taken")
    row = blank(workspace, "C", name, creator)
    row["is_private"] = private
    if topic:
        row["topic"] = {"value": topic, "creator": creator, "last_set": seconds(workspace)}
    save(workspace, row)
    if not private:
        made = _brief(row) | {"creator": creator, "is_shared": False, "is_org_shared": False}
        bus.emit(workspace, {"type": "channel_created", "channel": made, "event_ts": next_ts(workspace)})
    for user in dict.fromkeys([creator, *members] if creator else members):
        join(workspace, row, user)
    return row


def standing(workspace: Workspace, name: str) -> Row:
    """#general or #random, made on first asking with every full member of the company in it."""
    row = by_name(workspace, name)
    if row is None:
        row = blank(workspace, "C", name, "")
        row["is_general"] = name == "general"
        row["purpose"]["value"] = PURPOSES.get(name, "")
        row["members"] = [key for key, person in workspace.people().items() if full_member(person)]
        save(workspace, row)
    return row


def full_member(person: Row) -> bool:
    """Whether somebody belongs to the company and is no guest, no bot and still there."""
    return person["org"] == "home" and not (person.get("guest") or person["deleted"] or person["bot"])


def direct(workspace: Workspace, users: list[str]) -> tuple[Row, bool]:
    """The direct message among exactly these people, and whether it was there already."""
    wanted = set(users)
    for row in rows(workspace):
        if is_direct(row) and set(row["members"]) == wanted:
            return row, True
    group = len(wanted) > 2
    row = blank(workspace, "G" if group else "D", "", users[0])
    row |= {"is_im": not group, "is_mpim": group, "members": list(dict.fromkeys(users))}
    if group:
        row["name"] = "mpdm-" + "--".join(_handle(workspace, user) for user in users) + "-1"
    save(workspace, row)
    return row, False


def _handle(workspace: Workspace, user: str) -> str:
    person = workspace.people()[user]
    return str(person["email"] or person["name"]).split("@")[0].lower().replace(" ", "")


def join(workspace: Workspace, row: Row, user: str, inviter: str = "", quietly: bool = False) -> bool:
    """Put a person into a channel; answers whether they were new to it."""
    if user in row["members"]:
        return False
    row["members"].append(user)
    _connect(workspace, row)
    save(workspace, row)
    if not quietly:
        _announce(workspace, row, user, "join", inviter)
        event = {"type": "member_joined_channel", "user": user, "channel": row["id"], "event_ts": next_ts(workspace)}
        event |= {"channel_type": "G" if row["is_private"] else "C", "team": _team_of(workspace, user)}
        bus.emit(workspace, event | ({"inviter": inviter} if inviter else {}))
    return True


def leave(workspace: Workspace, row: Row, user: str, announced: bool = True) -> bool:
    """Take a person out of a channel; answers whether they were in it."""
    if user not in row["members"]:
        return False
    event = {"type": "member_left_channel", "user": user, "channel": row["id"], "event_ts": next_ts(workspace)}
    event |= {"channel_type": "G" if row["is_private"] else "C", "team": _team_of(workspace, user)}
    bus.emit(workspace, event)
    row["members"].remove(user)
    save(workspace, row)
    if announced:
        _announce(workspace, row, user, "leave", "")
    return True


def _announce(workspace: Workspace, row: Row, user: str, what: str, inviter: str) -> None:
    from bot.emulator.slack import messages

    word = {"join": "has joined", "leave": "has left"}[what]
    prefix = "group" if row["is_private"] else "channel"
    extra = {"inviter": inviter} if inviter else {}
    text = f"<@{user}> {word} the {prefix if row['is_private'] else 'channel'}"
    messages.notice(workspace, row, user, f"{prefix}_{what}", text, **extra)


def _team_of(workspace: Workspace, user: str) -> str:
    from bot.emulator.slack import app

    person = workspace.people().get(user)
    return str(app.team(workspace, person["org"] if person else "home")["id"])


def _connect(workspace: Workspace, row: Row) -> None:
    """Note the other organisations that share a channel, from the people in it."""
    from bot.emulator.slack import app

    people = workspace.people()
    orgs = {people[user]["org"] for user in row["members"] if user in people} - {"home"}
    guests_only = {people[user]["org"] for user in row["members"] if user in people and not people[user].get("guest")}
    row["shared_with"] = sorted(app.team(workspace, org)["id"] for org in orgs & guests_only)


def set_line(workspace: Workspace, row: Row, user: str, line: str, value: str) -> None:
    """Set `topic` or `purpose`, with the notice Slack leaves in the channel."""
    from bot.emulator.slack import messages

    row[line] = {"value": value, "creator": user, "last_set": seconds(workspace)}
    save(workspace, row)
    prefix = "group" if row["is_private"] else "channel"
    said = f"set the channel {'topic' if line == 'topic' else 'description'}: {value}"
    messages.notice(workspace, row, user, f"{prefix}_{line}", f"<@{user}> {said}", **{line: value})


def rename(workspace: Workspace, row: Row, user: str, name: str) -> None:
    """Give a channel another name; the old one stays among previous_names."""
    from bot.emulator.slack import messages

    old = row["name"]
    if old == name:
        return
    row["previous_names"] = [old, *[known for known in row["previous_names"] if known != old]]
    row["name"] = name
    save(workspace, row)
    prefix = "group" if row["is_private"] else "channel"
    text = f'<@{user}> has renamed the channel from "{old}" to "{name}"'
    messages.notice(workspace, row, user, f"{prefix}_name", text, old_name=old, name=name)
    event = {"type": f"{prefix}_rename", "channel": _brief(row)}
    bus.emit(workspace, event | {"event_ts": next_ts(workspace)})


def archive(workspace: Workspace, row: Row, user: str, archived: bool) -> None:
    """Archive a channel, or bring it back."""
    from bot.emulator.slack import messages

    what = "archive" if archived else "unarchive"
    prefix = "group" if row["is_private"] else "channel"
    if archived:
        messages.notice(workspace, row, user, f"{prefix}_archive", f"<@{user}> archived the channel")
    row["is_archived"] = archived
    save(workspace, row)
    if not archived:
        messages.notice(workspace, row, user, f"{prefix}_unarchive", f"<@{user}> un-archived the channel")
    event = {"type": f"{prefix}_{what}", "channel": row["id"], "user": user, "event_ts": next_ts(workspace)}
    bus.emit(workspace, event)


def _brief(row: Row) -> Row:
    keep = {"id": row["id"], "name": row["name"], "name_normalized": row["name"], "created": row["created"]}
    return keep | {"is_channel": True, "is_mpim": False}


def shape(workspace: Workspace, row: Row, reader: str, num_members: bool = False, last_read: bool = False) -> Row:
    """The conversation object as `reader` (a user id) is shown it."""
    from bot.emulator.slack import app

    home = app.team(workspace)["id"]
    if row["is_im"]:
        return _direct_shape(row, reader, home)
    external = bool(row["shared_with"])
    answer = {
        "id": row["id"],
        "name": row["name"],
        "is_channel": not row["is_mpim"],
        "is_group": False,
        "is_im": False,
        "is_mpim": row["is_mpim"],
        "is_private": row["is_private"] or row["is_mpim"],
        "created": row["created"],
        "is_archived": row["is_archived"],
        "is_general": row["is_general"],
        "unlinked": 0,
        "name_normalized": row["name"],
        "is_shared": external,
        "is_org_shared": False,
        "is_pending_ext_shared": bool(_pending(row)),
        "pending_shared": [],
        "context_team_id": home,
        "updated": row["updated"],
        "parent_conversation": None,
        "creator": row["creator"],
        "is_ext_shared": external,
        "shared_team_ids": [home, *row["shared_with"]],
        "pending_connected_team_ids": [],
        "is_member": reader in row["members"],
        "topic": dict(row["topic"]),
        "purpose": dict(row["purpose"]),
        "properties": {},
        "previous_names": list(row["previous_names"]),
    }
    if external:
        answer |= {"conversation_host_id": home, "internal_team_ids": [home], "connected_team_ids": row["shared_with"]}
    if last_read:
        answer["last_read"] = row["last_read"].get(reader, "0000000000.000000")
    if num_members:
        answer["num_members"] = len(row["members"])
    return answer


def _pending(row: Row) -> list[Row]:
    return [invite for invite in row["invites"] if invite["state"] == "pending"]


def _direct_shape(row: Row, reader: str, home: str) -> Row:
    other = next((user for user in row["members"] if user != reader), reader)
    return {
        "id": row["id"],
        "created": row["created"],
        "is_archived": False,
        "is_im": True,
        "is_org_shared": False,
        "context_team_id": home,
        "updated": row["updated"],
        "user": other,
        "is_user_deleted": False,
        "priority": 0,
        "is_open": True,
        "properties": {},
    }
