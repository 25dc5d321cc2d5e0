"""Reads an app manifest as Slack does: what the app is called, may do, hears of and answers to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

SCOPE = re.compile(r"[a-z_.]+(:[a-z_.-]+)*")

BOT_SCOPES = (
    "app_mentions:read",
    "bookmarks:read",
    "bookmarks:write",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "channels:write.invites",
    "channels:write.topic",
    "chat:write",
    "chat:write.customize",
    "chat:write.public",
    "commands",
    "conversations.connect:manage",
    "conversations.connect:write",
    "emoji:read",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "groups:write.invites",
    "groups:write.topic",
    "im:history",
    "im:read",
    "im:write",
    "links:read",
    "links:write",
    "metadata.message:read",
    "mpim:history",
    "mpim:read",
    "mpim:write",
    "mpim:write.topic",
    "pins:read",
    "pins:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "usergroups:write",
    "users.profile:read",
    "users:read",
    "users:read.email",
)

BOT_EVENTS = (
    "app_home_opened",
    "app_mention",
    "channel_archive",
    "channel_created",
    "channel_rename",
    "channel_shared",
    "channel_unarchive",
    "file_shared",
    "group_archive",
    "group_rename",
    "group_unarchive",
    "link_shared",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "pin_added",
    "pin_removed",
    "reaction_added",
    "reaction_removed",
    "team_join",
    "user_change",
)


class ManifestError(ValueError):
    """The manifest is not one Slack would take; the message lists every fault with its place."""


@dataclass(frozen=True)
class Manifest:
    """An app's manifest, checked."""

    name: str
    bot_name: str
    scopes: tuple[str, ...]
    commands: tuple[dict[str, Any], ...] = ()
    shortcuts: tuple[dict[str, Any], ...] = ()
    events: tuple[str, ...] = ()
    request_url: str = ""
    events_url: str = ""
    options_url: str = ""
    home_tab: bool = False
    messages_tab: bool = True
    interactivity: bool = False
    socket_mode: bool = False
    unfurl_domains: tuple[str, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)


def parse(raw: Mapping[str, Any]) -> Manifest:
    """Check a manifest and read it; raises ManifestError naming every fault."""
    faults = list(_faults(raw))
    if faults:
        raise ManifestError("; ".join(faults))
    features, settings = raw.get("features", {}), raw.get("settings", {})
    home, bot_user = features.get("app_home", {}), features.get("bot_user", {})
    events, interactivity = settings.get("event_subscriptions", {}), settings.get("interactivity", {})
    return Manifest(
        name=raw["display_information"]["name"],
        bot_name=bot_user.get("display_name", raw["display_information"]["name"]),
        scopes=tuple(raw.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
        commands=tuple(features.get("slash_commands", ())),
        shortcuts=tuple(features.get("shortcuts", ())),
        events=tuple(events.get("bot_events", ())),
        request_url=interactivity.get("request_url", ""),
        events_url=events.get("request_url", ""),
        options_url=interactivity.get("message_menu_options_url", ""),
        home_tab=bool(home.get("home_tab_enabled", False)),
        messages_tab=bool(home.get("messages_tab_enabled", True)),
        interactivity=bool(interactivity.get("is_enabled", False)),
        socket_mode=bool(settings.get("socket_mode_enabled", False)),
        unfurl_domains=tuple(features.get("unfurl_domains", ())),
        raw=raw,
    )


def everything(name: str = "Sample App") -> dict[str, Any]:
    """A manifest with every bot scope and event, for an emulator started without one."""
    return {
        "display_information": {"name": name},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "bot_user": {"display_name": name, "always_online": True},
        },
        "oauth_config": {"scopes": {"bot": list(BOT_SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(BOT_EVENTS)},
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": True,
        },
    }


def _faults(raw: Mapping[str, Any]) -> Iterable[str]:
    if not isinstance(raw, Mapping):
        yield "the manifest must be an object"
        return
    shown = raw.get("display_information", {})
    yield from _length("display_information.name", shown.get("name", ""), 35, required=True)
    yield from _length("display_information.description", shown.get("description", ""), 140)
    long = shown.get("long_description")
    if long is not None and not 174 <= len(long) <= 4000:
        yield "display_information.long_description must have 174 to 4000 characters"
    features = raw.get("features", {})
    yield from _length("features.bot_user.display_name", features.get("bot_user", {}).get("display_name", ""), 80)
    yield from _count("features.slash_commands", features.get("slash_commands", ()), 50)
    yield from _count("features.shortcuts", features.get("shortcuts", ()), 10)
    yield from _count("features.unfurl_domains", features.get("unfurl_domains", ()), 5)
    for index, command in enumerate(features.get("slash_commands", ())):
        yield from _command(f"features.slash_commands[{index}]", command)
    for index, shortcut in enumerate(features.get("shortcuts", ())):
        yield from _shortcut(f"features.shortcuts[{index}]", shortcut)
    yield from _scopes(raw.get("oauth_config", {}).get("scopes", {}).get("bot", ()))
    events = raw.get("settings", {}).get("event_subscriptions", {}).get("bot_events", ())
    yield from _count("settings.event_subscriptions.bot_events", events, 100)


def _scopes(scopes: Iterable[str]) -> Iterable[str]:
    yield from _count("oauth_config.scopes.bot", tuple(scopes), 255)
    for scope in scopes:
        if not SCOPE.fullmatch(str(scope)):
            yield f"oauth_config.scopes.bot: {scope!r} is no scope"


def _command(place: str, command: Mapping[str, Any]) -> Iterable[str]:
    yield from _length(f"{place}.command", command.get("command", ""), 32, required=True)
    if not str(command.get("command", "")).startswith("/"):
        yield f"{place}.command must begin with a slash"
    yield from _length(f"{place}.description", command.get("description", ""), 2000, required=True)
    yield from _length(f"{place}.usage_hint", command.get("usage_hint", ""), 1000)


def _shortcut(place: str, shortcut: Mapping[str, Any]) -> Iterable[str]:
    yield from _length(f"{place}.name", shortcut.get("name", ""), 24, required=True)
    yield from _length(f"{place}.callback_id", shortcut.get("callback_id", ""), 255, required=True)
    if shortcut.get("type") not in ("message", "global"):
        yield f"{place}.type must be message or global"


def _length(place: str, value: str, most: int, required: bool = False) -> Iterable[str]:
    if required and not value:
        yield f"{place} is required"
    if len(value) > most:
        yield f"{place} is longer than {most} characters"


def _count(place: str, items: Iterable[Any], most: int) -> Iterable[str]:
    if len(list(items)) > most:
        yield f"{place} has more than {most} items"
