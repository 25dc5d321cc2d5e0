"""What a person does in Slack: type, press, fill in, submit. Each act waits for the app and answers as Slack shows it.

Every act answers {"ack": "ok" | "timeout" | "no_receiver" | "error" | "not_sent", "told": what Slack says to them or
None, "views": the modals open afterwards}; "not_sent" when Slack itself stopped it before the app was asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.emulator.slack import (
    app,
    channels,
    delivery,
    eyes,
    messages,
    payloads,
    responses,
    rewriting,
    sharing,
    triggers,
)
from bot.emulator.slack.acting import NOTHING, channel_of, done, person_of, tell
from bot.emulator.slack.delivery import Ack
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.forms import HandsError
from bot.emulator.slack.methods import reactions
from bot.emulator.slack.modals import close, submit
from bot.emulator.slack.pressing import press
from bot.emulator.slack.suggesting import suggest

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]

__all__ = [
    "HandsError",
    "accept_invitation",
    "channel_of",
    "close",
    "command",
    "delete_message",
    "edit_message",
    "open_home",
    "person_of",
    "post",
    "press",
    "react",
    "shortcut",
    "submit",
    "suggest",
]


async def command(workspace: Workspace, who: str, channel: str, text: str) -> Row:
    """Type a slash command into a channel."""
    person = person_of(workspace, who)
    where = channel_of(workspace, person, channel)
    name, _, rest = text.strip().partition(" ")
    known = next((item for item in app.plan(workspace).commands if item["command"] == name), None)
    if known is None or person["org"] != "home":
        told = f"`{name}` is not a valid command. In Slack, all messages that start with “/” are taken as commands."
        return done(workspace, person, NOTHING, tell(workspace, person, where, told))
    typed = rewriting.named(workspace, rest.strip()) if known.get("should_escape") else rest.strip()
    body = payloads.command(workspace, person, where, name, typed)
    ack = await delivery.of(workspace).command(body)
    if ack.state != "ok":
        told = f"{name} failed with the error “{ack.failure}”"
        return done(workspace, person, ack, tell(workspace, person, where, told))
    return done(workspace, person, *_answered(workspace, person, where, ack))


def _answered(workspace: Workspace, person: Row, channel: Row, ack: Ack) -> tuple[Ack, str | None]:
    """Show what the app put into its ack of a command."""
    if not ack.body:
        return ack, None
    try:
        here = triggers.ResponseUrl(person["id"], channel["id"], None, False, 0.0)
        row = responses.respond(workspace, here, ack.body)
    except SlackError as error:
        return Ack("error", ack.body), tell(workspace, person, channel, f"The app's answer was refused: {error.code}.")
    return ack, eyes.read(row, eyes.reader_of(workspace, person)) if row else None


async def post(workspace: Workspace, who: str, channel: str, text: str, thread_ts: str | None = None) -> Row:
    """Write a message; answers also {"channel", "ts"}."""
    person = person_of(workspace, who)
    where = channel_of(workspace, person, channel)
    if person["id"] not in where["members"]:
        channels.join(workspace, where, person["id"])
    posted: list[Row] = []
    ack = await _heard(workspace, lambda: posted.append(messages.say(workspace, where, person["id"], text, thread_ts)))
    return done(workspace, person, ack, channel=where["id"], ts=posted[0]["ts"])


async def react(workspace: Workspace, who: str, channel: str, ts: str, name: str) -> Row:
    """Put an emoji under a message."""
    person = person_of(workspace, who)
    where = channel_of(workspace, person, channel)
    message = messages.get(workspace, where["id"], ts)
    if message is None:
        raise HandsError(f"{person['name']} sees no message {ts} in {where['name'] or where['id']}.")
    return done(
        workspace, person, await _heard(workspace, lambda: reactions.react(workspace, person["id"], message, name))
    )


async def _heard(workspace: Workspace, act: Callable[[], Any]) -> Ack:
    """Do something and wait until the app has taken every event it made; "ok" when it made none."""
    with delivery.of(workspace).watched() as firsts:
        try:
            act()
        except SlackError as error:
            raise HandsError(f"Slack refused: {error.code}.") from None
    acks = await asyncio.gather(*firsts)
    return next((ack for ack in acks if ack.state != "ok"), delivery.OK)


async def shortcut(
    workspace: Workspace, who: str, callback_id: str, channel: str | None = None, ts: str | None = None
) -> Row:
    """Choose a message's shortcut, or with neither `channel` nor `ts` a global one."""
    person = person_of(workspace, who)
    kind = "message" if channel else "global"
    names = [item["callback_id"] for item in app.plan(workspace).shortcuts if item["type"] == kind]
    if callback_id not in names or person["org"] != "home":
        raise HandsError(f"There is no {kind} shortcut {callback_id!r}; there is {', '.join(names) or 'none'}.")
    if channel is None or ts is None:
        body = payloads.global_shortcut(workspace, person, callback_id)
        return _acted(workspace, person, await delivery.of(workspace).interaction(body), None)
    where = channel_of(workspace, person, channel)
    message = messages.get(workspace, where["id"], ts)
    if message is None:
        raise HandsError(f"{person['name']} sees no message {ts} in {where['name'] or where['id']}.")
    body = payloads.message_shortcut(workspace, person, where, message, callback_id)
    return _acted(workspace, person, await delivery.of(workspace).interaction(body), where)


def _acted(workspace: Workspace, person: Row, ack: Ack, where: Row | None) -> Row:
    if ack.state == "ok":
        return done(workspace, person, ack)
    told = f"This shortcut failed with the error “{ack.failure}”"
    return done(workspace, person, ack, tell(workspace, person, where, told) if where else told)


async def open_home(workspace: Workspace, who: str, tab: str = "home") -> Row:
    """Look at the app's home tab (or its messages)."""
    person = person_of(workspace, who)
    inner = payloads.app_home_opened(workspace, person, tab)
    return done(workspace, person, await _heard(workspace, lambda: delivery.of(workspace).event(inner)))


async def accept_invitation(workspace: Workspace, who: str, invite_id: str | None = None) -> Row:
    """Accept a Slack Connect invitation, the only one or that of `invite_id`; answers also {"channel"}."""
    person = person_of(workspace, who)
    waiting = {item["id"]: channel for channel, item in sharing.pending(workspace, person["email"])}
    chosen = invite_id or next(iter(waiting), "")
    if chosen not in waiting or (invite_id is None and len(waiting) > 1):
        there = ", ".join(f"{key} (#{channel['name']})" for key, channel in waiting.items()) or "none"
        raise HandsError(f"{person['name']} accepts one invitation; there is {there}.")
    ack = await _heard(workspace, lambda: sharing.accept(workspace, person, chosen))
    return done(workspace, person, ack, channel=waiting[chosen]["id"])


async def edit_message(workspace: Workspace, who: str, channel: str, ts: str, text: str) -> Row:
    """Change one's own message."""
    person, where, message = _own(workspace, who, channel, ts)
    stored = rewriting.typed_text(workspace, text)
    fields = {"text": stored, "blocks": rewriting.rich_text(stored)}
    return done(
        workspace,
        person,
        await _heard(workspace, lambda: messages.change(workspace, where, message, person["id"], **fields)),
    )


async def delete_message(workspace: Workspace, who: str, channel: str, ts: str) -> Row:
    """Delete one's own message."""
    person, where, message = _own(workspace, who, channel, ts)
    return done(workspace, person, await _heard(workspace, lambda: messages.delete(workspace, where, message)))


def _own(workspace: Workspace, who: str, channel: str, ts: str) -> tuple[Row, Row, Row]:
    person = person_of(workspace, who)
    where = channel_of(workspace, person, channel)
    message = messages.get(workspace, where["id"], ts)
    if message is None or message["user"] != person["id"]:
        raise HandsError(f"{person['name']} has no message {ts} of their own there.")
    return person, where, message
