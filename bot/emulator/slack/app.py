"""The workspace's apps: installed from a manifest, with a bot user, tokens and scopes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.emulator.slack import channels, manifest
from bot.emulator.slack.ids import new_id, seconds

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

STANDING_CHANNELS = ("general", "random")


def team(workspace: Workspace, org: str = "home") -> dict[str, Any]:
    """The row of the company's own Slack team, or of another organisation met through Slack Connect."""
    teams = workspace.shelf.collection("team")
    for row in teams.values():
        if row["org"] == org:
            return row
    domain = "fernhill" if org == "home" else org
    row = {"id": new_id("T"), "org": org, "name": domain, "domain": domain, "email_domain": f"{domain}.example"}
    teams[row["id"]] = row
    return row


def found(workspace: Workspace) -> None:
    """Lay the ground of a new workspace: its team, #general and #random with every member of the company."""
    team(workspace)
    for name in STANDING_CHANNELS:
        channels.standing(workspace, name)


def install(workspace: Workspace, raw: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Install the app of a manifest (or one with every scope) and return its row; again = reinstall, ids kept.

    The tokens are those of `workspace.secrets`; the row has id, bot_user, bot_id, and `manifest` as given.
    """
    found(workspace)
    plan = manifest.parse(raw or manifest.everything())
    apps = workspace.shelf.collection("apps")
    row = apps.get("installed") or {"id": new_id("A"), "bot_id": new_id("B"), "bot_user": new_id("U")}
    row |= {"name": plan.name, "bot_name": plan.bot_name, "manifest": dict(plan.raw)}
    apps["installed"] = row
    _bot_user(workspace, row["bot_user"], plan.bot_name)
    secrets = workspace.secrets
    _grant(workspace, secrets.slack_bot_token, "bot", row, plan.scopes)
    _grant(workspace, secrets.slack_app_token, "app", row, ("connections:write",))
    return row


def accept(workspace: Workspace, token: str) -> dict[str, Any]:
    """Let one more token in: a bot of its own with every scope, in #general and #random, exempt from limits."""
    known = find_token(workspace, token)
    if known is not None:
        return known
    found(workspace)
    number = workspace.shelf.counter("accepted_bots")
    row = {"id": new_id("A"), "bot_id": new_id("B"), "bot_user": new_id("U"), "bot_name": f"Guest Bot {number}"}
    workspace.shelf.collection("apps")[row["id"]] = {**row, "name": row["bot_name"], "manifest": {}}
    _bot_user(workspace, row["bot_user"], row["bot_name"])
    _grant(workspace, token, "bot", row, manifest.BOT_SCOPES, exempt=True)
    for name in STANDING_CHANNELS:
        channels.join(workspace, channels.standing(workspace, name), row["bot_user"], quietly=True)
    return workspace.shelf.collection("slack_tokens")[token]


def installed(workspace: Workspace) -> dict[str, Any]:
    """The row of the app installed from the manifest."""
    return workspace.shelf.collection("apps")["installed"]


def plan(workspace: Workspace) -> manifest.Manifest:
    """The installed app's manifest, read."""
    return manifest.parse(installed(workspace)["manifest"])


def find_token(workspace: Workspace, token: str) -> dict[str, Any] | None:
    """The row of a token: token, kind (bot or app), app_id, bot_id, user, scopes, exempt."""
    return workspace.shelf.collection("slack_tokens").get(token)


def by_bot(workspace: Workspace, bot_id: str) -> dict[str, Any] | None:
    """The app row whose bot has this B… id."""
    rows = workspace.shelf.collection("apps").values()
    return next((row for row in rows if row["bot_id"] == bot_id), None)


def by_user(workspace: Workspace, user: str) -> dict[str, Any] | None:
    """The app row whose bot user has this U… id."""
    rows = workspace.shelf.collection("apps").values()
    return next((row for row in rows if row["bot_user"] == user), None)


def _grant(
    workspace: Workspace, token: str, kind: str, row: Mapping[str, Any], scopes: tuple[str, ...], exempt: bool = False
) -> None:
    workspace.shelf.collection("slack_tokens")[token] = {
        "token": token,
        "kind": kind,
        "app_id": row["id"],
        "bot_id": row["bot_id"],
        "user": row["bot_user"],
        "scopes": list(scopes),
        "exempt": exempt,
    }


def _bot_user(workspace: Workspace, user: str, name: str) -> None:
    """Write the bot's own row among the people."""
    workspace.people()[user] = {
        "id": user,
        "email": "",
        "name": name,
        "tz": "America/Los_Angeles",
        "title": "",
        "org": "home",
        "guest": False,
        "deleted": False,
        "bot": True,
        "updated": seconds(workspace),
    }
