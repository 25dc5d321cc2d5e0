"""The bodies Slack sends to an app: commands, interactions, and events in their envelope."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.emulator.slack import app, channels, forms, messages, persons, triggers, views
from bot.emulator.slack.ids import new_id

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]


def command(workspace: Workspace, person: Row, channel: Row, name: str, text: str) -> Row:
    """A slash command, flat, as its form fields."""
    team = app.team(workspace)
    return {
        "token": workspace.secrets.verification_token,
        "team_id": team["id"],
        "team_domain": team["domain"],
        "channel_id": channel["id"],
        "channel_name": _channel_name(channel),
        "user_id": person["id"],
        "user_name": persons.handle(person),
        "command": name,
        "text": text,
        "api_app_id": app.installed(workspace)["id"],
        "is_enterprise_install": "false",
        "response_url": triggers.response_url(workspace, "commands", person["id"], channel["id"]),
        "trigger_id": triggers.issue(workspace, person["id"]),
    }


def message_actions(workspace: Workspace, person: Row, channel: Row, message: Row, action: Row, state: Row) -> Row:
    """block_actions from a message."""
    ephemeral = bool(message.get("ephemeral_to"))
    body = _interaction(workspace, "block_actions", person, None) | in_message(workspace, channel, message)
    url = triggers.response_url(
        workspace, "actions", person["id"], channel["id"], message["ts"], ephemeral, message.get("thread_ts")
    )
    return body | {"state": {"values": state}, "response_url": url, "actions": [action]}


def view_actions(workspace: Workspace, person: Row, view: Row, action: Row) -> Row:
    """block_actions from a modal or a home tab."""
    body = _interaction(workspace, "block_actions", person, view["id"])
    return body | in_view(workspace, view) | {"actions": [action]}


def view_submission(workspace: Workspace, person: Row, view: Row) -> Row:
    """A modal was submitted; the values are in `view.state`."""
    body = _interaction(workspace, "view_submission", person, view["id"])
    return body | {"view": views.shape(workspace, view), "response_urls": _response_urls(workspace, person, view)}


def _response_urls(workspace: Workspace, person: Row, view: Row) -> list[Row]:
    """A response_url for each channel chosen in a menu that asks for one (`response_url_enabled`)."""
    found = []
    for block, element in forms.elements(view["view"]["blocks"]):
        held = view["state"].get(block["block_id"], {}).get(element["action_id"], {})
        channel = held.get("selected_conversation") or held.get("selected_channel")
        if element.get("response_url_enabled") and channel:
            url = triggers.response_url(workspace, "actions", person["id"], channel)
            entry = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel}
            found.append(entry | {"response_url": url})
    return found


def view_closed(workspace: Workspace, person: Row, view: Row, is_cleared: bool) -> Row:
    """A modal was closed without submitting; `is_cleared` when the whole stack went."""
    body = _interaction(workspace, "view_closed", person, view["id"])
    del body["trigger_id"]
    return body | {"view": views.shape(workspace, view), "is_cleared": is_cleared}


def block_suggestion(workspace: Workspace, person: Row, block_id: str, action_id: str, value: str) -> Row:
    """Somebody types into an external select; the app answers with options. `in_view` or `in_message` go with it."""
    body = _interaction(workspace, "block_suggestion", person, None)
    del body["trigger_id"]
    return body | {"action_id": action_id, "block_id": block_id, "value": value}


def in_view(workspace: Workspace, view: Row) -> Row:
    """What an interaction says of the view it happened in."""
    return {"container": {"type": "view", "view_id": view["id"]}, "view": views.shape(workspace, view)}


def in_message(workspace: Workspace, channel: Row, message: Row) -> Row:
    """What an interaction says of the message it happened in; an ephemeral one travels without its message."""
    ephemeral = bool(message.get("ephemeral_to"))
    container: Row = {"type": "message", "message_ts": message["ts"], "channel_id": channel["id"]}
    container["is_ephemeral"] = ephemeral
    if message.get("thread_ts"):
        container["thread_ts"] = message["thread_ts"]
    body: Row = {"container": container, "channel": {"id": channel["id"], "name": _channel_name(channel)}}
    return body | ({} if ephemeral else {"message": messages.shape(workspace, message, metadata="all")})


def message_shortcut(workspace: Workspace, person: Row, channel: Row, message: Row, callback_id: str) -> Row:
    """A shortcut chosen from a message's menu."""
    body = _interaction(workspace, "message_action", person, None)
    url = triggers.response_url(
        workspace, "actions", person["id"], channel["id"], message["ts"], thread_ts=message.get("thread_ts")
    )
    return body | {
        "callback_id": callback_id,
        "action_ts": _now(),
        "channel": {"id": channel["id"], "name": _channel_name(channel)},
        "message_ts": message["ts"],
        "message": messages.shape(workspace, message, metadata="all"),
        "response_url": url,
    }


def global_shortcut(workspace: Workspace, person: Row, callback_id: str) -> Row:
    """A shortcut chosen from the search bar; it has no channel."""
    return _interaction(workspace, "shortcut", person, None) | {"callback_id": callback_id, "action_ts": _now()}


def event(workspace: Workspace, inner: Row, shared: bool) -> Row:
    """The envelope of an event, with the authorisation of the app's bot."""
    team, installed = app.team(workspace)["id"], app.installed(workspace)
    bot = {"enterprise_id": None, "team_id": team, "user_id": installed["bot_user"]}
    return {
        "token": workspace.secrets.verification_token,
        "team_id": team,
        "context_team_id": team,
        "context_enterprise_id": None,
        "api_app_id": installed["id"],
        "event": inner,
        "type": "event_callback",
        "event_id": new_id("Ev"),
        "event_time": int(workspace.clock.now().timestamp()),
        "authorizations": [{**bot, "is_bot": True, "is_enterprise_install": False}],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{secrets.token_urlsafe(48)}",
    }


def app_home_opened(workspace: Workspace, person: Row, tab: str) -> Row:
    """The inner event of somebody looking at the app's home (or its messages)."""
    bot = app.installed(workspace)["bot_user"]
    channel, _ = channels.direct(workspace, [bot, person["id"]])
    inner: Row = {"type": "app_home_opened", "user": person["id"], "channel": channel["id"], "tab": tab}
    home = views.home_of(workspace, person["id"])
    if home is not None and tab == "home":
        inner["view"] = views.shape(workspace, home)
    return inner | {"event_ts": _now()}


def _interaction(workspace: Workspace, kind: str, person: Row, view_id: str | None) -> Row:
    team = app.team(workspace)
    handle = persons.handle(person)
    user = {"id": person["id"], "username": handle, "name": handle}
    return {
        "type": kind,
        "team": {"id": team["id"], "domain": team["domain"]},
        "user": user | {"team_id": app.team(workspace, person["org"])["id"]},
        "api_app_id": app.installed(workspace)["id"],
        "token": workspace.secrets.verification_token,
        "trigger_id": triggers.issue(workspace, person["id"], view_id),
        "enterprise": None,
        "is_enterprise_install": False,
    }


def element_action(block_id: str, element: Mapping[str, Any], chosen: Row) -> Row:
    """One entry of `actions`: the element's own fields and what was chosen."""
    shown = {key: element[key] for key in ("text", "value", "style", "placeholder", "url") if key in element}
    return {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block_id,
        **shown,
        **chosen,
        "action_ts": _now(),
    }


def _channel_name(channel: Row) -> str:
    """What interactions call a channel: its name, "directmessage" for a DM, "privategroup" for a private channel."""
    if channel["is_im"]:
        return "directmessage"
    return "privategroup" if channel["is_private"] else str(channel["name"])


def _now() -> str:
    return f"{time.time():.6f}"
