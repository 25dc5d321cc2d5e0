"""The Slack app's manifest, made from the list of listeners and the Web API methods that the bot calls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.world.listening import Listener
from bot.world.web_api import SCOPES


def manifest(listeners: Iterable[Listener]) -> dict[str, Any]:
    """What Slack needs to know to create the app; Socket Mode, so no addresses."""
    listed = tuple(listeners)
    commands = [_command(listener) for listener in listed if listener.kind == "command"]
    shortcuts = [_shortcut(listener) for listener in listed if listener.kind == "shortcut"]
    scopes = {scope for needed in SCOPES.values() for scope in needed}
    scopes |= {"commands"} if commands or shortcuts else set()  # Slack asks the same of both
    settings: dict[str, Any] = {
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
        "org_deploy_enabled": False,
        "token_rotation_enabled": False,
    }
    events = sorted({listener.name for listener in listed if listener.kind == "event"})
    if events:
        settings["event_subscriptions"] = {"bot_events": events}
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": "implbot",
            "description": "Runs customer implementations: requests, plans, reminders, digests and reports.",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,  # where reminders are read
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "implbot", "always_online": True},
            "slash_commands": commands,
            **({"shortcuts": shortcuts} if shortcuts else {}),
        },
        "oauth_config": {"scopes": {"bot": sorted(scopes)}},
        "settings": settings,
    }


def _command(listener: Listener) -> dict[str, Any]:
    hint = {"usage_hint": listener.usage} if listener.usage else {}
    return {"command": listener.name, "description": listener.about, "should_escape": False, **hint}


def _shortcut(listener: Listener) -> dict[str, Any]:
    """A line in the menu of every message; `usage` is what stands there."""
    return {"name": listener.usage, "type": "message", "callback_id": listener.name, "description": listener.about}
