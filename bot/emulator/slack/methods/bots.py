"""bots.info: the app behind a bot id."""

from __future__ import annotations

from typing import Any

from bot.emulator.slack import app
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.gateway import SlackCall, method


@method("bots.info", scopes=("users:read",), tier=3, json=False)
def bots_info(call: SlackCall) -> dict[str, Any]:
    """Without `bot`, the caller's own."""
    row = app.by_bot(call.workspace, call.text("bot") or call.token["bot_id"])
    if row is None:
        raise SlackError("bot_not_found")
    icons = {f"image_{size}": f"{call.workspace.url}/icons/bot_{size}.png" for size in (36, 48, 72)}
    bot = {"id": row["bot_id"], "deleted": False, "name": row["name"], "updated": 0}
    return {"bot": {**bot, "app_id": row["id"], "user_id": row["bot_user"], "icons": icons}}
