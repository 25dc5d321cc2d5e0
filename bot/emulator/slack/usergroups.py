"""User groups of the company: rows of the collection "groups"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.emulator.slack.ids import new_id, seconds

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace


def by_handle(workspace: Workspace, handle: str) -> dict[str, Any] | None:
    """The group of that handle, without "@"."""
    groups = workspace.shelf.collection("groups").values()
    return next((row for row in groups if row["handle"] == handle.removeprefix("@")), None)


def seed(workspace: Workspace, handle: str, name: str, members: list[str] | None = None) -> dict[str, Any]:
    """The group of that handle, made or changed; `members` are user ids, None leaves them as they are."""
    groups = workspace.shelf.collection("groups")
    row = by_handle(workspace, handle)
    if row is None:
        row = {"id": new_id("S"), "handle": handle, "description": "", "members": [], "deleted": False}
        row |= {"created_by": "", "created": seconds(workspace)}
    row |= {"name": name, "updated": seconds(workspace)}
    if members is not None:
        row["members"] = list(dict.fromkeys(members))
    groups[row["id"]] = row
    return row


def forget(workspace: Workspace, user: str) -> None:
    """Take somebody out of every group."""
    groups = workspace.shelf.collection("groups")
    for key, row in groups.items():
        if user in row["members"]:
            row["members"].remove(user)
            groups.save(key)
