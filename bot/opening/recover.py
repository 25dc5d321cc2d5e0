"""What the workspace still tells of who was let in to a bot that lost its memory: the plan's readers, the Bot log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.opening import channel, record, strays
from bot.opening.record import SHARED, WAITING, Entry
from bot.project.model import LogLine
from bot.project.names import is_customer_topic
from bot.world import World
from bot.world.slack import Conversation, Standing

Json = Any

TOLD = {f"plan: {state}": state for state in (SHARED, WAITING)}


def recover(world: World, row: Json, log: Sequence[LogLine], conversations: Iterable[Conversation]) -> None:
    """Remember whom somebody opened a project to, and its customer channel; what is known stays as it is.

    A person counts only if the Bot log says who let them in *and* the plan still does: anything else is for the sweep.
    """
    if not record.entries(world, row["key"]):
        for entry in _entries(world, row, log):
            record.keep(world, row["key"], entry)
    ours = [one for one in conversations if one.is_ours and is_customer_topic(row["key"], one.topic)]
    if ours and not record.channel(world, row["key"]):
        record.keep_channel(world, row["key"], _channel(world, ours[0]))


def _entries(world: World, row: Json, log: Sequence[LogLine]) -> list[Entry]:
    """The last word of the Bot log on each address, where the plan's readers bear it out."""
    last = {line.object.lower(): line for line in log if line.new in TOLD or line.new == "no access"}
    held = {one.email.lower(): one for one in world.drive.permissions(row["plan_id"]) if not one.inherited}
    names = {one.email.strip().lower(): one.name for one in record.stakeholders(world, row)}
    found = []
    for email, line in last.items():
        state = TOLD.get(line.new, "")
        if state == WAITING or (state == SHARED and email in held):
            role = held[email].role if email in held else "commenter"
            found.append(Entry(email, names.get(email, email), role, state, _id(world, line.actor), line.time))
    return found


def _id(world: World, actor: str) -> str:
    person = world.slack.person_by_email(actor)
    return person.id if person else actor


def _channel(world: World, there: Conversation) -> Json:
    """The customer channel with its invitations: those that wait, and the people who came."""
    people = [world.slack.person(user_id) for user_id in world.slack.members(there.id)]
    inside = {person.email.lower() for person in people if person and not person.is_staff and not person.is_bot}
    offered = dict.fromkeys(world.slack.offers(there.id), channel.OFFERED)
    return {"id": there.id, "name": there.name, "invites": {**offered, **dict.fromkeys(inside, channel.ACCEPTED)}}


def told(world: World, said: Iterable[Standing]) -> None:
    """The findings whose *Remove access* button stands somewhere were told: they are not told again."""
    values = {str(one.get("value", "")) for standing in said for one in _buttons(standing.blocks)}
    world.store.remember(strays.TOLD, sorted(values - {""}))


def _buttons(blocks: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    elements = [element for block in blocks for element in block.get("elements", ())]
    return [one for one in elements if isinstance(one, Mapping) and one.get("action_id") == strays.REMOVE]
