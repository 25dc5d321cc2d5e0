"""What people do to the bot, as values: one listener per command, form, button or event; Bolt stops at this door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from bot.world import World

Kind = Literal["command", "action", "form", "event"]


@dataclass(frozen=True)
class Act:
    """One thing a person did. `team_id` is the acting person's organisation, from the signed payload."""

    key: str  # the same for the same act delivered twice
    user_id: str
    team_id: str
    channel_id: str = ""
    text: str = ""
    value: str = ""
    message_ts: str = ""
    trigger_id: str = ""
    memo: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """What the person sees at once: errors in the form, another view in its place, or a private line."""

    errors: Mapping[str, str] = field(default_factory=dict)
    view: dict[str, Any] | None = None
    text: str = ""


@dataclass(frozen=True)
class Listener:
    """One row of the list of listeners. A form's handler decides without slow work: it answers within three seconds."""

    kind: Kind
    name: str
    handle: Callable[[World, Act], Reply | None]
    about: str
    usage: str = ""


def act_of(body: Mapping[str, Any]) -> Act:
    """Read Slack's payload of any kind into an Act."""
    if "command" in body:
        return _command(body)
    if "view" in body and body.get("type") == "view_submission":
        return _submission(body)
    if body.get("type") == "block_actions":
        return _action(body)
    event = body.get("event", {})
    return Act(str(body.get("event_id", "")), str(event.get("user", "")), str(body.get("team_id", "")))


def _command(body: Mapping[str, Any]) -> Act:
    return Act(
        key=body["trigger_id"],
        user_id=body["user_id"],
        team_id=body["team_id"],
        channel_id=body["channel_id"],
        text=body.get("text", "").strip(),
        trigger_id=body["trigger_id"],
    )


def _team(body: Mapping[str, Any]) -> str:
    """The organisation of the acting person, who may be a guest from another one."""
    return str(body["user"].get("team_id") or (body.get("team") or {}).get("id", ""))


def _submission(body: Mapping[str, Any]) -> Act:
    view = body["view"]
    values = {block: _value(element) for block, state in view["state"]["values"].items() for element in state.values()}
    return Act(
        key=view["id"],
        user_id=body["user"]["id"],
        team_id=_team(body),
        trigger_id=body.get("trigger_id", ""),
        memo=view.get("private_metadata", ""),
        values=values,
    )


def _action(body: Mapping[str, Any]) -> Act:
    action, container = body["actions"][0], body.get("container", {})
    return Act(
        key=f"{action['action_id']}:{action['action_ts']}",
        user_id=body["user"]["id"],
        team_id=_team(body),
        channel_id=container.get("channel_id", ""),
        message_ts=container.get("message_ts", ""),
        value=_value(action),
        trigger_id=body.get("trigger_id", ""),
        memo=(body.get("view") or {}).get("private_metadata", ""),
    )


def _value(element: Mapping[str, Any]) -> str:
    """The plain value of any input element; an untouched one is empty."""
    option = element.get("selected_option")
    if isinstance(option, Mapping):
        return str(option["value"])
    for name in ("value", "selected_date", "selected_user", "selected_channel"):
        if element.get(name):
            return str(element[name])
    return ""
