"""What a person does on the page, each through the same hands as the control API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.emulator import clock
from bot.emulator.google.errors import GoogleError
from bot.emulator.page import calendar, files
from bot.emulator.page.links import address
from bot.emulator.page.reader import Gone, Reader
from bot.emulator.slack import channels, hands, messages
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.methods.reactions import unreact

Body = dict[str, Any]
Act = Callable[[Reader, Body], Awaitable[Body]]


class Refused(ValueError):
    """The person cannot do that; the message is for them."""


async def act(workspace: Any, who: str, verb: str, body: Body) -> Body:
    """Do one thing as a person and answer what they are told; raises Refused with a sentence."""
    if verb not in ACTS:
        raise Refused(f"Nobody can {verb[:40]!r} here.")
    try:
        return await ACTS[verb](Reader.of(workspace, who), body)
    except (hands.HandsError, clock.ClockError, Gone) as problem:
        raise Refused(str(problem)) from None
    except SlackError as problem:
        raise Refused(f"Slack refuses: {problem.code}.") from None
    except GoogleError as problem:
        raise Refused(problem.message) from None


def _text(body: Body, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Refused(f"“{name}” is missing.")
    return value


def _text_or_none(body: Body, name: str) -> str | None:
    return _text(body, name) if body.get(name) else None


async def _command(reader: Reader, body: Body) -> Body:
    return await hands.command(reader.workspace, reader.id, _text(body, "channel"), _text(body, "text"))


async def _post(reader: Reader, body: Body) -> Body:
    thread = _text_or_none(body, "thread_ts")
    return await hands.post(reader.workspace, reader.id, _text(body, "channel"), _text(body, "text"), thread)


async def _press(reader: Reader, body: Body) -> Body:
    value = _zoned(reader, str(body.get("kind")), body.get("value"))
    return await hands.press(
        reader.workspace,
        reader.id,
        action_id=_text(body, "action_id"),
        block_id=_text_or_none(body, "block_id"),
        channel=_text_or_none(body, "channel"),
        ts=_text_or_none(body, "ts"),
        view_id=_text_or_none(body, "view_id"),
        value=value,
        values=_values(reader, body),
    )


async def _submit(reader: Reader, body: Body) -> Body:
    return await hands.submit(reader.workspace, reader.id, _text(body, "view_id"), _values(reader, body))


def _values(reader: Reader, body: Body) -> Body:
    """The fields of a form; a date with a time is meant in the person's zone."""
    values, kinds = body.get("values", {}), body.get("kinds", {})
    if not isinstance(values, dict) or not isinstance(kinds, dict):
        raise Refused("“values” and “kinds” are objects.")
    return {name: _zoned(reader, str(kinds.get(name)), value) for name, value in values.items()}


def _zoned(reader: Reader, kind: str, value: Any) -> Any:
    if kind != "datetimepicker" or not value:
        return value
    try:
        local = datetime.fromisoformat(str(value))
    except ValueError:
        raise Refused(f"{str(value)[:40]!r} is no date with a time.") from None
    return int(local.replace(tzinfo=ZoneInfo(reader.me["tz"])).timestamp())


async def _suggest(reader: Reader, body: Body) -> Body:
    """Type into a select that the app fills."""
    place = {name: _text_or_none(body, name) for name in ("view_id", "channel", "ts", "block_id")}
    action_id, text = _text(body, "action_id"), str(body.get("text", ""))
    return await hands.suggest(reader.workspace, reader.id, action_id, text, **place)


async def _close(reader: Reader, body: Body) -> Body:
    return await hands.close(reader.workspace, reader.id, _text(body, "view_id"), bool(body.get("everything")))


async def _react(reader: Reader, body: Body) -> Body:
    channel, ts, name = _text(body, "channel"), _text(body, "ts"), _text(body, "name")
    if body.get("on"):
        return await hands.react(reader.workspace, reader.id, channel, ts, name)
    where = hands.channel_of(reader.workspace, reader.me, channel)
    row = messages.get(reader.workspace, where["id"], ts)
    if row is not None:
        unreact(reader.workspace, reader.id, row, name)
    return {}


async def _shortcut(reader: Reader, body: Body) -> Body:
    name, channel, ts = _text(body, "callback_id"), _text_or_none(body, "channel"), _text_or_none(body, "ts")
    return await hands.shortcut(reader.workspace, reader.id, name, channel, ts)


async def _edit_message(reader: Reader, body: Body) -> Body:
    where = _text(body, "channel"), _text(body, "ts"), _text(body, "text")
    return await hands.edit_message(reader.workspace, reader.id, *where)


async def _delete_message(reader: Reader, body: Body) -> Body:
    return await hands.delete_message(reader.workspace, reader.id, _text(body, "channel"), _text(body, "ts"))


async def _open_home(reader: Reader, body: Body) -> Body:
    """Look at the app's home or messages."""
    tab = body.get("tab", "home")
    if tab not in ("home", "messages"):
        raise Refused("The app has the tabs “home” and “messages”.")
    return await hands.open_home(reader.workspace, reader.id, tab)


async def _join(reader: Reader, body: Body) -> Body:
    row = hands.channel_of(reader.workspace, reader.me, _text(body, "channel"))
    if row["is_private"] or channels.is_direct(row):
        raise Refused("Somebody in that channel has to invite you.")
    channels.join(reader.workspace, row, reader.id)
    return {}


async def _accept_invitation(reader: Reader, body: Body) -> Body:
    done = await hands.accept_invitation(reader.workspace, reader.id, _text(body, "invite_id"))
    return done | {"go": address("slack", reader.id, channel=done["channel"])}


async def _direct(reader: Reader, body: Body) -> Body:
    row = hands.channel_of(reader.workspace, reader.me, _text(body, "user"))
    return {"go": address("slack", reader.id, channel=row["id"])}


async def _clock(reader: Reader, body: Body) -> Body:
    name = _text(body, "to")
    if name not in calendar.LABELS:
        raise Refused("The clock has no such button.")
    workspace = reader.workspace
    await workspace.clock.advance(calendar.target(name, workspace.clock.now(), reader.me["tz"]))
    return {"told": f"It is {calendar.face(workspace.clock.now(), reader.me['tz']).day} now."}


async def _edit(reader: Reader, body: Body) -> Body:
    """Type into a cell, as into the grid."""
    value = body.get("value")
    if not isinstance(value, str):
        raise Refused("“value” is the text that was typed.")
    files.type_into(reader, _text(body, "file"), _text(body, "tab"), _text(body, "cell"), value)
    return {}


async def _row(reader: Reader, body: Body) -> Body:
    """Insert an empty row above, or delete a row."""
    number = body.get("row")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise Refused("“row” is the number of a row.")
    files.row_act(reader, _text(body, "file"), _text(body, "tab"), number, bool(body.get("insert")))
    return {}


async def _write(reader: Reader, body: Body) -> Body:
    """Change one paragraph of a document, or write at its end."""
    text = body.get("text")
    if not isinstance(text, str):
        raise Refused("“text” is what was typed.")
    before, nth = body.get("before"), body.get("nth", 0)
    if before is not None and not (isinstance(before, str) and isinstance(nth, int)):
        raise Refused("“before” is the paragraph's text, “nth” which of those that read so.")
    files.write(reader, _text(body, "file"), text, before, nth)
    return {}


ACTS: dict[str, Act] = {
    "command": _command,
    "post": _post,
    "press": _press,
    "submit": _submit,
    "suggest": _suggest,
    "close": _close,
    "react": _react,
    "shortcut": _shortcut,
    "edit_message": _edit_message,
    "delete_message": _delete_message,
    "open_home": _open_home,
    "join": _join,
    "accept_invitation": _accept_invitation,
    "direct": _direct,
    "clock": _clock,
    "edit": _edit,
    "row": _row,
    "write": _write,
}
