"""views.*: modals on a person's stack, and the home tab; checked, hashed and kept as Slack keeps them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.emulator.slack import app, blockkit, forms, rewriting, triggers
from bot.emulator.slack.errors import SlackError, invalid_arguments
from bot.emulator.slack.gateway import SlackCall, method
from bot.emulator.slack.ids import new_id

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]

STACK_DEPTH = 3
MODAL_FIELDS = ("title", "submit", "close")


def get(workspace: Workspace, view_id: str) -> Row | None:
    """The row of a view: id, user, app_id, bot_id, kind (modal, home), root, previous, hash, view (as given), state."""
    return workspace.shelf.collection("views").get(view_id)


def open_for(workspace: Workspace, user: str) -> list[Row]:
    """The modals in front of a person, the topmost last."""
    rows = workspace.shelf.collection("views").values()
    return [row for row in rows if row["user"] == user and row["kind"] == "modal"]


def home_of(workspace: Workspace, user: str, app_id: str | None = None) -> Row | None:
    """The home tab that an app (the installed one) published for a person."""
    wanted = app_id or app.installed(workspace)["id"]
    rows = workspace.shelf.collection("views").values()
    homes = (row for row in rows if row["kind"] == "home" and row["user"] == user and row["app_id"] == wanted)
    return next(homes, None)


def shape(workspace: Workspace, row: Row) -> Row:
    """The view object as Slack sends it to the app."""
    given = row["view"]
    team = app.team(workspace)["id"]
    answer: Row = {
        "id": row["id"],
        "team_id": team,
        "type": row["kind"],
        "blocks": given["blocks"],
        "private_metadata": given.get("private_metadata", ""),
        "callback_id": given.get("callback_id", ""),
        "state": {"values": row["state"]},
        "hash": row["hash"],
        "title": _plain(given.get("title")) or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": bool(given.get("clear_on_close", False)),
        "notify_on_close": bool(given.get("notify_on_close", False)),
        "close": _plain(given.get("close")),
        "submit": _plain(given.get("submit")),
        "previous_view_id": row["previous"],
        "root_view_id": row["root"],
        "app_id": row["app_id"],
        "external_id": given.get("external_id", ""),
        "app_installed_team_id": team,
        "bot_id": row["bot_id"],
    }
    return answer | ({"submit_disabled": bool(given["submit_disabled"])} if "submit_disabled" in given else {})


def _plain(text: Mapping[str, Any] | None) -> Row | None:
    return {"emoji": True, **text} if text else None


def checked(view: Any, kind: str) -> Row:
    """A view an app gave, checked as Slack checks it, block and action ids filled in; raises SlackError."""
    if not isinstance(view, dict):
        raise invalid_arguments("must provide an object [json-pointer:/view]")
    problems = blockkit.check_view(view)
    if not problems and view.get("type") != kind:
        problems = [f"must be of type {kind} [json-pointer:/view/type]"]
    if problems:
        raise invalid_arguments(*problems)
    if blockkit.size(view) > blockkit.VIEW_MAX_BYTES:
        raise SlackError("view_too_large")
    return {**view, "blocks": rewriting.filled(view["blocks"])}


def add(workspace: Workspace, owner: Mapping[str, Any], user: str, view: Row, below: Row | None = None) -> Row:
    """Put a checked view before a person, on top of `below` if given; `owner` has app_id and bot_id."""
    _free_external_id(workspace, view, owner["app_id"])
    if below is not None and _depth(workspace, below) >= STACK_DEPTH:
        raise SlackError("push_limit_reached")
    view_id = new_id("V")
    row: Row = {
        "id": view_id,
        "user": user,
        "app_id": owner["app_id"],
        "bot_id": owner["bot_id"],
        "kind": view["type"],
        "root": below["root"] if below else view_id,
        "previous": below["id"] if below else None,
        "hash": _hash(),
        "view": view,
        "state": {},
    }
    workspace.shelf.collection("views")[view_id] = row
    return row


def replace(workspace: Workspace, row: Row, view: Row) -> None:
    """Show a checked view in place of what `row` shows; input of blocks that stay is kept."""
    if view.get("external_id") != row["view"].get("external_id"):
        _free_external_id(workspace, view, row["app_id"])
    row["state"] = _still_there(row["state"], view["blocks"])
    row |= {"view": view, "hash": _hash()}
    workspace.shelf.collection("views").save(row["id"])


def _still_there(state: Row, blocks: list[Row]) -> Row:
    """The entered values whose block and action are still in the view."""
    present = {(block["block_id"], element["action_id"]) for block, element in forms.elements(blocks)}
    kept = {key: {a: v for a, v in values.items() if (key, a) in present} for key, values in state.items()}
    return {key: values for key, values in kept.items() if values}


def close(workspace: Workspace, row: Row) -> None:
    """Take one view from its stack, with those above it."""
    rows = workspace.shelf.collection("views")
    for other in [other for other in rows.values() if other["previous"] == row["id"]]:
        close(workspace, other)
    rows.pop(row["id"], None)


def clear(workspace: Workspace, row: Row) -> None:
    """Take the whole stack away that a view belongs to."""
    rows = workspace.shelf.collection("views")
    for key in [key for key, other in rows.items() if other["root"] == row["root"]]:
        del rows[key]


def _depth(workspace: Workspace, row: Row) -> int:
    rows = workspace.shelf.collection("views").values()
    return sum(1 for other in rows if other["root"] == row["root"])


def _hash() -> str:
    return f"{int(time.time())}.{secrets.token_hex(4)}"


def _free_external_id(workspace: Workspace, view: Mapping[str, Any], app_id: str) -> None:
    if view.get("external_id") and _by_external_id(workspace, view["external_id"], app_id) is not None:
        raise SlackError("duplicate_external_id")


def _by_external_id(workspace: Workspace, external_id: str, app_id: str) -> Row | None:
    for row in workspace.shelf.collection("views").values():
        if row["app_id"] == app_id and row["view"].get("external_id") == external_id:
            return row
    return None


def _given_view(call: SlackCall, kind: str = "modal") -> Row:
    return checked(call.structure("view", "invalid_arguments"), kind)


def _trigger(call: SlackCall) -> triggers.Trigger:
    """The trigger of a call, looked at but not yet used: a refused view leaves it good."""
    trigger_id = call.text("trigger_id") or call.text("interactivity_pointer")
    if not trigger_id:
        raise invalid_arguments("missing required field: trigger_id")
    return triggers.check(call.workspace, trigger_id)


def _answer(call: SlackCall, row: Row) -> Row:
    return {"view": shape(call.workspace, row)}


@method("views.open", tier=4, required=("view",))
def views_open(call: SlackCall) -> Row:
    """Open a modal for the person behind the trigger."""
    trigger = _trigger(call)
    row = add(call.workspace, call.token, trigger.user, _given_view(call))
    trigger.used = True
    return _answer(call, row)


@method("views.push", tier=4, required=("view",))
def views_push(call: SlackCall) -> Row:
    """Put a modal on top of the one the trigger comes from; three at most."""
    trigger = _trigger(call)
    below = get(call.workspace, trigger.view_id or "")
    if below is None or below["kind"] != "modal":
        raise SlackError("not_found")
    stack = [row for row in open_for(call.workspace, trigger.user) if row["root"] == below["root"]]
    row = add(call.workspace, call.token, trigger.user, _given_view(call), stack[-1])
    trigger.used = True
    return _answer(call, row)


@method("views.update", tier=4, required=("view",))
def views_update(call: SlackCall) -> Row:
    """Change a view by id or external_id; a stale `hash` is a conflict."""
    app_id = str(call.token["app_id"])
    if not call.text("view_id") and not call.text("external_id"):
        raise invalid_arguments("missing required field: view_id")
    row = get(call.workspace, call.text("view_id"))
    row = row or _by_external_id(call.workspace, call.text("external_id"), app_id)
    if row is None or row["app_id"] != app_id:
        raise SlackError("not_found")
    view = _given_view(call, row["kind"])
    _check_hash(call, row)
    replace(call.workspace, row, view)
    return _answer(call, row)


def _check_hash(call: SlackCall, row: Row | None) -> None:
    if call.text("hash") and (row is None or call.text("hash") != row["hash"]):
        raise SlackError("hash_conflict")


@method("views.publish", tier=4, required=("user_id", "view"))
def views_publish(call: SlackCall) -> Row:
    """Show a home tab to one person."""
    workspace = call.workspace
    if not call.token.get("exempt") and not app.plan(workspace).home_tab:
        raise SlackError("not_enabled")
    person = workspace.people().get(call.text("user_id"))
    if person is None or person["deleted"] or person["bot"]:
        raise invalid_arguments("user_id not found [json-pointer:/user_id]")
    view = _given_view(call, "home")
    row = home_of(workspace, person["id"], str(call.token["app_id"]))
    _check_hash(call, row)
    if row is None:
        return _answer(call, add(workspace, call.token, person["id"], view))
    replace(workspace, row, view)
    return _answer(call, row)
