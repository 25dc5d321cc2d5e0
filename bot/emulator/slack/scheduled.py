"""Scheduled messages: kept until workspace time reaches them, then posted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.emulator.slack.ids import seconds

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]


def waiting(workspace: Workspace) -> list[Row]:
    """The messages not yet posted, the next one first."""
    return sorted(workspace.shelf.collection("scheduled").values(), key=lambda row: (row["post_at"], row["id"]))


def deliver(workspace: Workspace) -> None:
    """Post what has fallen due; called before each request and after each step of the clock.

    A message with metadata is never posted, as Slack documents; one whose channel is archived or left is dropped.
    """
    now = seconds(workspace)
    for row in waiting(workspace):
        if row["post_at"] <= now:
            del workspace.shelf.collection("scheduled")[row["id"]]
            _post(workspace, row)


def _post(workspace: Workspace, row: Row) -> None:
    from bot.emulator.slack import channels, messages

    channel = channels.get(workspace, row["channel"])
    if channel is None or channel["is_archived"] or row["fields"].get("metadata"):
        return
    if row["user"] not in channel["members"] and not row["anywhere"]:
        return
    messages.post(
        workspace,
        channel,
        row["user"],
        row["text"],
        blocks=row["blocks"],
        thread_ts=row["thread_ts"],
        at=row["post_at"],
        **row["fields"],
    )
