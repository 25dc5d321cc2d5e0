"""What people do to the bot, as values: one listener per command, form, button, shortcut or event; Bolt stops here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from bot.world import World

Kind = Literal["command", "action", "form", "event", "shortcut"]


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
    thread_ts: str = ""  # of a shortcut: the thread that the message stands in, or would begin
    trigger_id: str = ""
    memo: str = ""
    view_id: str = ""
    view_hash: str = ""
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
    word: str = ""  # of a command: the first word typed after it; the room that has none hears all the others


def by_word(listeners: Iterable[Listener]) -> tuple[Listener, ...]:
    """The listeners, with those of one command joined in the place of the one that has no word of its own."""
    listed = list(listeners)
    worded = [listener for listener in listed if listener.word]
    named = {listener.name for listener in worded}
    return tuple(
        _joined(listener, [one for one in worded if one.name == listener.name])
        if listener.kind == "command" and listener.name in named
        else listener
        for listener in listed
        if not listener.word
    )


def _joined(general: Listener, worded: Sequence[Listener]) -> Listener:
    """One listener for a command; a room that listens to a word reads only what was typed after it."""
    handlers = {listener.word: listener.handle for listener in worded}

    def handle(world: World, act: Act) -> Reply | None:
        word, _, rest = act.text.partition(" ")
        handler = handlers.get(word.casefold())
        return handler(world, replace(act, text=rest.strip())) if handler else general.handle(world, act)

    usages = (general.usage, *(f"{listener.word} {listener.usage}".strip() for listener in worded))
    return replace(general, handle=handle, usage=" | ".join(usage for usage in usages if usage))


def act_of(body: Mapping[str, Any]) -> Act:
    """Read Slack's payload of any kind into an Act."""
    if "command" in body:
        return _command(body)
    if "view" in body and body.get("type") == "view_submission":
        return _submission(body)
    if body.get("type") == "block_actions":
        return _action(body)
    if body.get("type") == "message_action":
        return _shortcut(body)
    event = body.get("event", {})
    channel = event.get("channel")
    place = channel if isinstance(channel, str) else ""
    return Act(str(body.get("event_id", "")), str(event.get("user", "")), str(body.get("team_id", "")), place)


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
    return Act(
        key=view["id"],
        user_id=body["user"]["id"],
        team_id=_team(body),
        trigger_id=body.get("trigger_id", ""),
        memo=view.get("private_metadata", ""),
        view_id=view["id"],
        values=_values(view),
    )


def _action(body: Mapping[str, Any]) -> Act:
    action, container, view = body["actions"][0], body.get("container", {}), body.get("view") or {}
    return Act(
        key=f"{action['action_id']}:{action['action_ts']}",
        user_id=body["user"]["id"],
        team_id=_team(body),
        channel_id=container.get("channel_id", ""),
        message_ts=container.get("message_ts", ""),
        value=_value(action),
        trigger_id=body.get("trigger_id", ""),
        memo=view.get("private_metadata", ""),
        view_id=view.get("id", ""),
        view_hash=view.get("hash", ""),
        values=_values(view),
    )


def _shortcut(body: Mapping[str, Any]) -> Act:
    """Chosen from a message's menu; *text* is the message as it was sent, with Slack's markup."""
    message = body["message"]
    return Act(
        key=f"{body['callback_id']}:{body['action_ts']}",
        user_id=body["user"]["id"],
        team_id=_team(body),
        channel_id=body["channel"]["id"],
        text=message.get("text", ""),
        message_ts=body["message_ts"],
        thread_ts=message.get("thread_ts") or body["message_ts"],
        trigger_id=body["trigger_id"],
    )


def _values(view: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the fields of a view, by block."""
    states = (view.get("state") or {}).get("values", {})
    return {block: _value(element) for block, state in states.items() for element in state.values()}


def _value(element: Mapping[str, Any]) -> str:
    """The plain value of any input element; an untouched one is empty, several ticks are joined by commas."""
    option = element.get("selected_option")
    if element.get("selected_options"):
        return ",".join(str(one["value"]) for one in element["selected_options"])
    if isinstance(option, Mapping):
        return str(option["value"])
    for name in ("value", "selected_date", "selected_user", "selected_channel"):
        if element.get(name):
            return str(element[name])
    return ""
