"""The verbs of /_control/people/{who}/…: a JSON body becomes one act of a person, with every argument checked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bot.emulator.slack import acting, hands

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]
Act = Callable[["Workspace", str, Row], Awaitable[Row]]

KINDS: dict[str, type] = {"values": dict, "row": int, "everything": bool, "value": object}


class ActError(ValueError):
    """The act cannot be done as asked; the message names the argument and what was expected."""


def _taken(body: Row, needed: tuple[str, ...], also: tuple[str, ...] = (), **kinds: type) -> Row:
    """The body as keyword arguments; raises ActError for a missing or unknown key or a wrong type."""
    if missing := [key for key in needed if key not in body]:
        raise ActError(f"Missing: {', '.join(missing)}.")
    if unknown := sorted(set(body) - {*needed, *also}):
        raise ActError(f"Unknown: {', '.join(unknown)}; expected {', '.join((*needed, *also))}.")
    for name, value in body.items():
        kind = kinds.get(name) or KINDS.get(name, str)
        if not isinstance(value, kind) and not (value is None and name in also):
            raise ActError(f"“{name}” cannot be {value!r}.")
    return body


async def _command(workspace: Workspace, who: str, body: Row) -> Row:
    return await hands.command(workspace, who, **_taken(body, ("channel", "text")))


async def _submit(workspace: Workspace, who: str, body: Row) -> Row:
    return await hands.submit(workspace, who, **_taken({"values": {}, **body}, ("view_id", "values")))


async def _close(workspace: Workspace, who: str, body: Row) -> Row:
    return await hands.close(workspace, who, **_taken(body, ("view_id",), ("everything",)))


async def _press(workspace: Workspace, who: str, body: Row) -> Row:
    also = ("channel", "ts", "view_id", "block_id", "value", "values")
    return await hands.press(workspace, who, **_taken(body, ("action_id",), also))


async def _suggest(workspace: Workspace, who: str, body: Row) -> Row:
    also = ("view_id", "channel", "ts", "block_id")
    return await hands.suggest(workspace, who, **_taken(body, ("action_id", "text"), also))


async def _post(workspace: Workspace, who: str, body: Row) -> Row:
    return await hands.post(workspace, who, **_taken(body, ("channel", "text"), ("thread_ts",)))


async def _react(workspace: Workspace, who: str, body: Row) -> Row:
    return await hands.react(workspace, who, **_taken(body, ("channel", "ts", "name")))


async def _shortcut(workspace: Workspace, who: str, body: Row) -> Row:
    return await hands.shortcut(workspace, who, **_taken(body, ("callback_id",), ("channel", "ts")))


async def _open_home(workspace: Workspace, who: str, body: Row) -> Row:
    return await hands.open_home(workspace, who, **_taken(body, (), ("tab",)))


async def _accept_invitation(workspace: Workspace, who: str, body: Row) -> Row:
    return await hands.accept_invitation(workspace, who, **_taken(body, (), ("invite_id",)))


async def _edit_message(workspace: Workspace, who: str, body: Row) -> Row:
    return await hands.edit_message(workspace, who, **_taken(body, ("channel", "ts", "text")))


async def _delete_message(workspace: Workspace, who: str, body: Row) -> Row:
    return await hands.delete_message(workspace, who, **_taken(body, ("channel", "ts")))


async def _edit(workspace: Workspace, who: str, body: Row) -> Row:
    """Type into a cell of a spreadsheet (USER_ENTERED); answers what it displays then."""
    _taken(body, ("file", "tab", "cell", "value"))
    typed = "" if body["value"] is None else str(body["value"])
    return _by_hand(workspace, who, "type_into", body["file"], body["tab"], body["cell"], typed)


async def _insert_row(workspace: Workspace, who: str, body: Row) -> Row:
    """Insert a row so that it becomes number `row` (from 1), with `values` typed into it."""
    _taken(body, ("file", "tab", "row"), ("values",), values=list)
    place = (body["file"], body["tab"], body["row"], body.get("values") or [])
    return _by_hand(workspace, who, "insert_row", *place)


async def _delete_row(workspace: Workspace, who: str, body: Row) -> Row:
    """Delete row number `row` (from 1)."""
    _taken(body, ("file", "tab", "row"))
    return _by_hand(workspace, who, "delete_row", body["file"], body["tab"], body["row"])


def _by_hand(workspace: Workspace, who: str, act: str, *place: Any) -> Row:
    """Do something in a spreadsheet as a person, through the hands that the page uses."""
    from bot.emulator.google.errors import GoogleError
    from bot.emulator.google.sheets import hands as sheet_hands

    email = acting.person_of(workspace, who)["email"]
    try:
        shown = getattr(sheet_hands, act)(workspace, email, *place)
    except GoogleError as error:
        raise ActError(f"The spreadsheet refused: {error.message}") from None
    return {"text": shown} if isinstance(shown, str) else {}


ACTS: dict[str, Act] = {
    "command": _command,
    "submit": _submit,
    "close": _close,
    "press": _press,
    "suggest": _suggest,
    "post": _post,
    "react": _react,
    "shortcut": _shortcut,
    "open_home": _open_home,
    "accept_invitation": _accept_invitation,
    "edit_message": _edit_message,
    "delete_message": _delete_message,
    "edit": _edit,
    "insert_row": _insert_row,
    "delete_row": _delete_row,
}
