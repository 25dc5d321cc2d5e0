"""auth.test and api.test: who am I, and is anybody there."""

from __future__ import annotations

from typing import Any

from bot.emulator.slack import app
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.gateway import SlackCall, method


@method("api.test", tier=4, kind="none")
def api_test(call: SlackCall) -> dict[str, Any]:
    """Echo the arguments, or fail with the error asked for."""
    args = {key: value for key, value in call.args.items() if key != "token"}
    if call.given("error"):
        raise SlackError(call.text("error"), args=args)
    return {"args": args} if args else {}


@method("auth.test", tier=4)
def auth_test(call: SlackCall) -> dict[str, Any]:
    """The team, bot user and bot behind the token."""
    team = app.team(call.workspace)
    person = call.workspace.people()[call.user]
    return {
        "url": f"https://{team['domain']}.slack.com/",
        "team": team["name"],
        "user": person["name"].lower().replace(" ", "_"),
        "team_id": team["id"],
        "user_id": call.user,
        "bot_id": call.token["bot_id"],
        "is_enterprise_install": False,
    }
