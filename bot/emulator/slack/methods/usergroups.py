"""usergroups.*: groups of people with a handle of their own."""

from __future__ import annotations

from typing import Any

from bot.emulator.slack import reach
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.gateway import SlackCall, method

Row = dict[str, Any]


@method("usergroups.list", scopes=("usergroups:read",), tier=2, json=False)
def list_(call: SlackCall) -> Row:
    """Every group; disabled ones, members and counts on request."""
    rows = call.workspace.shelf.collection("groups").values()
    shown = [row for row in rows if call.flag("include_disabled") or not row["deleted"]]
    return {"usergroups": [_shape(call, row) for row in shown]}


def _shape(call: SlackCall, row: Row) -> Row:
    answer = {
        "id": row["id"],
        "team_id": reach.home_team(call.workspace),
        "is_usergroup": True,
        "is_subteam": True,
        "name": row["name"],
        "description": row.get("description", ""),
        "handle": row["handle"],
        "is_external": False,
        "date_create": row["created"],
        "date_update": row["updated"],
        "date_delete": row["updated"] if row["deleted"] else 0,
        "auto_type": None,
        "auto_provision": False,
        "created_by": row["created_by"],
        "updated_by": row["created_by"],
        "deleted_by": row["created_by"] if row["deleted"] else None,
        "prefs": {"channels": [], "groups": []},
    }
    if call.flag("include_users"):
        answer["users"] = list(row["members"])
    if call.flag("include_count") or call.flag("include_users"):
        answer["user_count"] = len(row["members"])
    return answer


@method("usergroups.users.list", scopes=("usergroups:read",), tier=2, required=("usergroup",), json=False)
def users_list(call: SlackCall) -> Row:
    """The user ids of a group's members."""
    row = call.workspace.shelf.collection("groups").get(call.text("usergroup"))
    if row is None or (row["deleted"] and not call.flag("include_disabled")):
        raise SlackError("no_such_subteam")
    return {"users": list(row["members"])}
