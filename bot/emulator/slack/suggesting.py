"""Selects that the app fills: what a person types is sent to it, and what it offers can then be chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.emulator.slack import blockkit, delivery, forms, messages, payloads, views
from bot.emulator.slack.acting import channel_of, done, person_of
from bot.emulator.slack.delivery import Ack
from bot.emulator.slack.forms import HandsError

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]
Place = tuple[str, str]  # the view's id and "", or the channel's id and the message's ts


async def suggest(
    workspace: Workspace,
    who: str,
    action_id: str,
    text: str,
    *,
    view_id: str | None = None,
    channel: str | None = None,
    ts: str | None = None,
    block_id: str | None = None,
) -> Row:
    """Type into an external select of a view or a message; answers also {"options": what the app suggests}."""
    person = person_of(workspace, who)
    place, blocks, seen = _seen(workspace, person, view_id, channel, ts)
    block, element = forms.element_of(blocks, block_id, action_id)
    if not element["type"].endswith("external_select"):
        raise HandsError(f"{action_id} is no select that the app fills.")
    body = payloads.block_suggestion(workspace, person, block["block_id"], action_id, text) | seen
    ack = await delivery.of(workspace).interaction(body)
    options = _options(ack.body or {})
    if blockkit.check_options(options):
        return done(workspace, person, Ack("error", ack.body), "The app's options were refused.", options=[])
    of(workspace)[person["id"], place, action_id] = options
    return done(workspace, person, ack, options=options)


def _seen(
    workspace: Workspace, person: Row, view_id: str | None, channel: str | None, ts: str | None
) -> tuple[Place, list[Row], Row]:
    """Where the select stands, the blocks there, and what the payload says of it."""
    if view_id is not None:
        row = views.get(workspace, view_id)
        if row is None or row["user"] != person["id"]:
            raise HandsError(f"{person['name']} has no view {view_id!r} open.")
        return (view_id, ""), row["view"]["blocks"], payloads.in_view(workspace, row)
    if channel is None or ts is None:
        raise HandsError("Typing into a select needs “channel” and “ts”, or “view_id”.")
    where = channel_of(workspace, person, channel)
    message = messages.seen(workspace, where, ts, person["id"])
    if message is None:
        raise HandsError(f"{person['name']} sees no message {ts} in {where['name'] or where['id']}.")
    return (where["id"], ts), forms.blocks_of(message), payloads.in_message(workspace, where, message)


def _options(body: Row) -> Any:
    """The options of an answer, those in groups too."""
    groups = body.get("option_groups")
    if not isinstance(groups, list):
        return body.get("options", [])
    return [one for group in groups if isinstance(group, dict) for one in group.get("options") or ()]


def of(workspace: Workspace) -> dict[tuple[str, Place, str], list[Row]]:
    """What the app has offered, by person, place and action_id."""
    kept: dict[tuple[str, Place, str], list[Row]] = workspace.live.setdefault("suggested", {})
    return kept


def offered(workspace: Workspace, user: str, place: Place, blocks: list[Row]) -> list[Row]:
    """Blocks whose external selects offer what the app has suggested to this person so far."""
    kept = {action: options for (who, where, action), options in of(workspace).items() if (who, where) == (user, place)}
    return forms.with_options(blocks, kept) if kept else blocks
