"""What a person does with a modal: fills it in, submits it, closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.emulator.slack import delivery, forms, payloads, suggesting, views
from bot.emulator.slack.acting import NOTHING, done, person_of
from bot.emulator.slack.delivery import Ack
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.forms import HandsError

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]

TROUBLE = "We had some trouble connecting. Try again?"


async def submit(workspace: Workspace, who: str, view_id: str, values: Row) -> Row:
    """Fill in a modal and press its button; see forms.fill for the values.

    Answers also {"response": "closed" | "errors" | "updated" | "pushed" | "failed", "errors": {block_id: text}}.
    """
    person = person_of(workspace, who)
    row = open_view(workspace, person, view_id)
    blocks = suggesting.offered(workspace, person["id"], (view_id, ""), row["view"]["blocks"])
    state, complaints = forms.fill(workspace, person, blocks, row["state"], values)
    row["state"] = {**row["state"], **state}
    workspace.shelf.collection("views").save(row["id"])
    if complaints:
        return done(workspace, person, NOTHING, None, response="errors", errors=complaints)
    ack = await delivery.of(workspace).interaction(payloads.view_submission(workspace, person, row))
    if ack.state != "ok":
        told = f"{TROUBLE} ({ack.failure})"
        return done(workspace, person, ack, told, response="failed", errors={})
    return _responded(workspace, person, row, ack)


def open_view(workspace: Workspace, person: Row, view_id: str) -> Row:
    row = views.get(workspace, view_id)
    if row is None or row["user"] != person["id"] or row["kind"] != "modal":
        raise HandsError(f"{person['name']} has no modal {view_id!r} open.")
    return row


def _responded(workspace: Workspace, person: Row, row: Row, ack: Ack) -> Row:
    """Do with the modal what the app's answer to its submission says."""
    body = ack.body or {}
    try:
        response, errors = _response(workspace, row, body)
    except SlackError as error:
        said = "; ".join(error.extra.get("response_metadata", {}).get("messages", [error.code]))
        failed = Ack("error", body)
        return done(workspace, person, failed, f"{TROUBLE} ({said})", response="failed", errors={})
    return done(workspace, person, ack, None, response=response, errors=errors)


def _response(workspace: Workspace, row: Row, body: Row) -> tuple[str, dict[str, str]]:
    action = body.get("response_action")
    if action == "errors":
        return "errors", _field_errors(row, body.get("errors"))
    if action == "clear":
        views.clear(workspace, row)
        return "closed", {}
    if views.get(workspace, row["id"]) is None:
        return "closed", {}  # it went while the app was thinking
    if action in ("update", "push"):
        view = views.checked(body.get("view"), "modal")
        if action == "update":
            views.replace(workspace, row, view)
            return "updated", {}
        views.add(workspace, row, row["user"], view, row)
        return "pushed", {}
    if action is not None:
        raise SlackError(f"unknown response_action {action}")
    views.close(workspace, row)
    return "closed", {}


def _field_errors(row: Row, errors: Any) -> dict[str, str]:
    """The errors to show; each must stand under an input block of the view."""
    fields = {block["block_id"] for block in row["view"]["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= fields:
        raise SlackError("errors must name block_ids of input blocks")
    return {str(key): str(text) for key, text in errors.items()}


async def close(workspace: Workspace, who: str, view_id: str, everything: bool = False) -> Row:
    """Close a modal with its button, or the whole stack with the X (`everything`)."""
    person = person_of(workspace, who)
    row = open_view(workspace, person, view_id)
    everything = everything or bool(row["view"].get("clear_on_close"))
    going = [other for other in views.open_for(workspace, person["id"]) if other["root"] == row["root"]]
    heard = going if everything else [row]
    told = [
        payloads.view_closed(workspace, person, one, everything) for one in heard if one["view"].get("notify_on_close")
    ]
    if everything:
        views.clear(workspace, row)
    else:
        views.close(workspace, row)
    ack = NOTHING
    for body in told:
        ack = await delivery.of(workspace).interaction(body)
    return done(workspace, person, ack)
