"""The check-up before the first real request: each thing the bot stands on, and what to do when it is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.app import connected
from bot.errors import UserError
from bot.project import schema
from bot.settings import Settings
from bot.world import World
from bot.world.google import GoogleError
from bot.world.web_api import SCOPES, SlackFailure, check_app_token

ADVICE = {
    "settings": "Set what the sentence names; the README's table says what each setting means.",
    "Slack": "Check IMPLBOT_SLACK_BOT_TOKEN: install the app to your workspace and copy its bot token.",
    "Socket Mode": "Check IMPLBOT_SLACK_APP_TOKEN: make an app-level token with the scope connections:write.",
    "Slack scopes": "Paste `implbot manifest` into the app's manifest, and reinstall the app.",
    "Google": "Check IMPLBOT_GOOGLE_KEY_FILE, and that the Drive, Sheets and Docs APIs are enabled in its project.",
    "shared drive": "Add the service account to the shared drive as content manager, and check IMPLBOT_SHARED_DRIVE.",
    "templates": "Run `implbot templates push`.",
    "channels": "Create the channel if needed, and invite the bot there with /invite.",
    "lead groups": "Create the user group in Slack, or name yours in the settings; nobody can decide without it.",
}


@dataclass(frozen=True)
class Result:
    """One check: passed, or not and what to do about it."""

    name: str
    ok: bool
    words: str


def checkup(settings: Settings) -> list[Result]:
    """Run every check that can be run; without a connection only the reason for that is told."""
    try:
        with connected(settings) as world:
            return [
                _checked("settings", lambda: "complete"),
                *(_checked(name, check) for name, check in _checks(world)),
            ]
    except SlackFailure as failure:
        return [_failed("Slack", failure)]
    except (GoogleError, ValueError) as error:
        return [_failed("Google", error)]
    except UserError as error:
        return [_failed("settings", error)]


def _checks(world: World) -> Iterator[tuple[str, Callable[[], str]]]:
    yield "Slack", lambda: f"I am <@{world.slack.user_id}> in {world.slack.team_id}"
    if world.settings.slack_app_token:
        yield "Socket Mode", lambda: _socket(world)
    yield "Slack scopes", lambda: _scopes(world)
    yield "Google", lambda: f"I am {world.drive.identity()}"
    yield "shared drive", lambda: f"{world.drive.root().name} is within reach"
    yield "templates", lambda: _templates(world)
    yield "channels", lambda: _channels(world)
    yield "lead groups", lambda: _groups(world)


def _socket(world: World) -> str:
    token = world.settings.slack_app_token
    assert token is not None  # asked for only when there is one
    check_app_token(token.get_secret_value(), world.settings.slack_api_url)
    return "Slack gives out an address for it"


def _scopes(world: World) -> str:
    needed = {scope for scopes in SCOPES.values() for scope in scopes} | {"commands"}
    if missing := sorted(needed - world.slack.scopes()):
        raise UserError(f"the app lacks {', '.join(missing)}")
    return f"all {len(needed)} are granted"


def _templates(world: World) -> str:
    for name in schema.NAMES:
        world.template(name)
    world.template("report")
    return f"{len(schema.NAMES) + 1} are in the shared drive"


def _channels(world: World) -> str:
    names = (world.settings.triage_channel, world.settings.ops_channel)
    if absent := [f"#{name}" for name in names if world.slack.channel_id(name) is None]:
        raise UserError(f"I am not in {', '.join(absent)}")
    return f"I am in {', '.join('#' + name for name in names)}"


def _groups(world: World) -> str:
    settings = world.settings
    handles = (settings.ce_lead_group, settings.sales_lead_group, settings.impl_lead_group)
    groups = world.slack.groups()
    if empty := [handle for handle in handles if not groups.get(handle)]:
        raise UserError(f"nobody is in {', '.join('@' + handle for handle in empty)}")
    return f"{', '.join('@' + handle for handle in handles)} have members"


def _checked(name: str, check: Callable[[], str]) -> Result:
    try:
        return Result(name, True, check())
    except (UserError, SlackFailure, GoogleError) as error:
        return _failed(name, error)


def _failed(name: str, error: Exception) -> Result:
    return Result(name, False, f"{str(error).rstrip('.')}. {ADVICE[name]}")
