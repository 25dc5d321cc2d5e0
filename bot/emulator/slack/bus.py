"""Where the Slack side says that something happened; who delivers it to the app listens here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Subscriber = Callable[[dict[str, Any]], None]

PLACE = "subscribers"  # in what is plugged into the workspace: kept outside of it, they would keep it alive


def subscribe(workspace: Workspace, subscriber: Subscriber) -> None:
    """Have `subscriber(event)` called, on the loop thread, for each event from now on."""
    workspace.connected.setdefault(PLACE, []).append(subscriber)


def emit(workspace: Workspace, event: dict[str, Any]) -> None:
    """Tell every subscriber of one inner event, in Slack's Events API shape.

    Everything that happens is emitted; whether an app hears of it (subscription, membership of `event["channel"]`)
    is the subscriber's to decide.
    """
    for subscriber in workspace.connected.get(PLACE, ()):
        subscriber(event)
