"""team.info: the company's workspace."""

from __future__ import annotations

from typing import Any

from bot.emulator.slack import app
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.gateway import SlackCall, method


@method("team.info", scopes=("team:read",), tier=3, json=False)
def team_info(call: SlackCall) -> dict[str, Any]:
    """The home team, or a connected one by id."""
    wanted = call.text("team")
    teams = call.workspace.shelf.collection("team")
    row = app.team(call.workspace) if not wanted else teams.get(wanted)
    if row is None:
        raise SlackError("team_not_found")
    icon = {f"image_{size}": f"{call.workspace.url}/icons/team_{size}.png" for size in (34, 44, 68, 88, 102, 132)}
    return {
        "team": {
            "id": row["id"],
            "name": row["name"],
            "url": f"https://{row['domain']}.slack.com/",
            "domain": row["domain"],
            "email_domain": row["email_domain"],
            "icon": {**icon, "image_default": True},
            "avatar_base_url": f"{call.workspace.url}/icons/",
            "is_verified": False,
        }
    }
