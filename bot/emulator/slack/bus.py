"""Where the Slack side says that something happened; who delivers it to the app listens here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Subscriber = Callable[[dict[str, Any]], None]

_subscribers: WeakKeyDictionary[Workspace, list[Subscriber]] = WeakKeyDictionary()


def subscribe(workspace: Workspace, subscriber: Subscriber) -> None:
    """Have `subscriber(event)` called, on the loop thread, for each event from now on."""
    _subscribers.setdefault(workspace, []).append(subscriber)


def emit(workspace: Workspace, event: dict[str, Any]) -> None:
    """Tell every subscriber of one inner event, in Slack's Events API shape.

    Everything that happens is emitted; whether an app hears of it (subscription, membership of `event["channel"]`)
    is the subscriber's to decide.
    """
    for subscriber in _subscribers.get(workspace, []):
        subscriber(event)
