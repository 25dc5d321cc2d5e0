"""Fills the workspace with channels and groups by name; doing it twice changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.emulator import people
from bot.emulator.slack import app, bus, channels, messages, persons, usergroups
from bot.emulator.slack.ids import next_ts

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]

GROUPS = (  # handle, name, the sample person in it
    ("ce-leads", "Customer Engineering leads", "grace.liu"),
    ("sales-leads", "Sales leads", "daniel.reyes"),
    ("impl-leads", "Implementation leads", "sofia.rossi"),
)


def begin(workspace: Workspace) -> None:
    """The state of a new workspace: its team, the standing channels and the sample groups with their people."""
    app.found(workspace)
    for handle, name, local_part in GROUPS:
        row = people.find(workspace, f"{local_part}@{workspace.settings.domain}")
        usergroups.seed(workspace, handle, name, [row["id"]] if row else [])


def user_id(workspace: Workspace, who: str) -> str:
    """The user id of an e-mail address, an id, or "app" (the installed app's bot). Raises ValueError."""
    if who == "app":
        return str(app.installed(workspace)["bot_user"])
    found = people.find(workspace, who)
    if found is None:
        raise ValueError(f"There is no person “{who}”.")
    return str(found["id"])


def channel(workspace: Workspace, wanted: Mapping[str, Any]) -> Row:
    """The channel {"name", "private"?, "members"?: e-mails or "app", "topic"?}; members are added, none removed."""
    members = [user_id(workspace, who) for who in wanted.get("members", ())]
    row = channels.by_name(workspace, wanted["name"])
    if row is None:
        creator = members[0] if members else ""
        private, topic = bool(wanted.get("private")), str(wanted.get("topic", ""))
        return channels.create_channel(
            workspace, wanted["name"], creator=creator, private=private, members=members, topic=topic
        )
    for user in members:
        channels.join(workspace, row, user)
    return row


def group(workspace: Workspace, wanted: Mapping[str, Any]) -> Row:
    """The user group {"handle", "name"?, "members"?: e-mails}; its members are exactly those given."""
    members = [user_id(workspace, who) for who in wanted["members"]] if "members" in wanted else None
    return usergroups.seed(workspace, wanted["handle"], wanted.get("name", wanted["handle"]), members)


def welcome(workspace: Workspace, person: Row) -> None:
    """After a person was added or changed: who is new enters the standing channels, who has left leaves every place."""
    if person["deleted"]:
        _depart(workspace, person)
    elif channels.full_member(person):
        places = [channels.standing(workspace, name) for name in app.STANDING_CHANNELS]
        entered = [channels.join(workspace, place, person["id"], quietly=True) for place in places]
        if any(entered):
            _tell(workspace, "team_join", person)


def _depart(workspace: Workspace, person: Row) -> None:
    """A deactivated account is in no channel and no group any more; its direct messages stay."""
    there = [row for row in channels.rows(workspace) if person["id"] in row["members"] and not channels.is_direct(row)]
    for row in there:
        row["members"].remove(person["id"])
        channels.save(workspace, row)
    usergroups.forget(workspace, person["id"])
    if there:
        _tell(workspace, "user_change", person)


def _tell(workspace: Workspace, event: str, person: Row) -> None:
    user = persons.shape(workspace, person, with_email=True)
    bus.emit(workspace, {"type": event, "user": user, "event_ts": next_ts(workspace)})


def seen(workspace: Workspace, user: str) -> list[tuple[Row, list[Row]]]:
    """What a person may see: each channel row with its message rows, oldest first, ephemeral ones to them included."""
    rows = channels.visible(workspace, user)
    return [(row, list(messages.visible_to(workspace, row, user))) for row in rows]
