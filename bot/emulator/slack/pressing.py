"""What a person does with a button or a menu, in a message, a modal or a home tab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.emulator.slack import delivery, forms, messages, payloads, suggesting, views
from bot.emulator.slack.acting import channel_of, done, person_of, tell
from bot.emulator.slack.forms import HandsError

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]


async def press(
    workspace: Workspace,
    who: str,
    *,
    action_id: str,
    channel: str | None = None,
    ts: str | None = None,
    view_id: str | None = None,
    block_id: str | None = None,
    value: Any = None,
    values: Row | None = None,
) -> Row:
    """Press a button or choose in a menu, in a message (`channel`, `ts`) or a view (`view_id`).

    `value` is what is chosen; `values` what was entered in other fields meanwhile (see forms.fill). A message
    remembers what was chosen in it before.
    """
    person = person_of(workspace, who)
    if view_id is not None:
        body = _press_in_view(workspace, person, view_id, block_id, action_id, value, values or {})
        where = None
    elif channel is not None and ts is not None:
        where = channel_of(workspace, person, channel)
        body = _press_in_message(workspace, person, where, ts, block_id, action_id, value, values or {})
    else:
        raise HandsError("A press needs “channel” and “ts”, or “view_id”.")
    ack = await delivery.of(workspace).interaction(body)
    if ack.state == "ok":
        return done(workspace, person, ack)
    told = f"This action failed with the error “{ack.failure}”"
    return done(workspace, person, ack, tell(workspace, person, where, told) if where else told)


def _press_in_message(
    workspace: Workspace,
    person: Row,
    channel: Row,
    ts: str,
    block_id: str | None,
    action_id: str,
    value: Any,
    values: Row,
) -> Row:
    message = messages.seen(workspace, channel, ts, person["id"])
    if message is None:
        raise HandsError(f"{person['name']} sees no message {ts} in {channel['name'] or channel['id']}.")
    blocks = suggesting.offered(workspace, person["id"], (channel["id"], ts), forms.blocks_of(message))
    entered: dict[tuple[str, ...], Row] = workspace.live.setdefault("entered", {})
    earlier = entered.get((person["id"], channel["id"], ts), {})
    action, state = _pressed(workspace, person, blocks, earlier, block_id, action_id, value, values)
    entered[person["id"], channel["id"], ts] = state
    return payloads.message_actions(workspace, person, channel, message, action, state)


def _press_in_view(
    workspace: Workspace, person: Row, view_id: str, block_id: str | None, action_id: str, value: Any, values: Row
) -> Row:
    row = views.get(workspace, view_id)
    if row is None or row["user"] != person["id"]:
        raise HandsError(f"{person['name']} has no view {view_id!r} open.")
    blocks = suggesting.offered(workspace, person["id"], (view_id, ""), row["view"]["blocks"])
    action, row["state"] = _pressed(workspace, person, blocks, row["state"], block_id, action_id, value, values)
    workspace.shelf.collection("views").save(row["id"])
    return payloads.view_actions(workspace, person, row, action)


def _pressed(
    workspace: Workspace,
    person: Row,
    blocks: list[Row],
    earlier: Row,
    block_id: str | None,
    action_id: str,
    value: Any,
    values: Row,
) -> tuple[Row, Row]:
    """The entry of `actions` for one press, and what all fields around it hold then."""
    block, element = forms.element_of(blocks, block_id, action_id)
    if block["type"] == "input" and not block.get("dispatch_action"):
        raise HandsError(f"{action_id} is a field of a form; it tells the app nothing before the form is submitted.")
    chosen = _chosen(workspace, person, element, value)
    filled, _ = forms.fill(workspace, person, blocks, earlier, values)
    state = {**earlier, **filled}
    if element["type"] in forms.STATEFUL:
        state[block["block_id"]] = {**state.get(block["block_id"], {}), element["action_id"]: chosen}
    return payloads.element_action(block["block_id"], element, _without_type(chosen)), state


def _without_type(chosen: Row) -> Row:
    return {key: value for key, value in chosen.items() if key != "type"}


def _chosen(workspace: Workspace, person: Row, element: Row, value: Any) -> Row:
    if element["type"] not in forms.FIELD:
        if value is not None and value != element.get("value"):
            raise HandsError(f"The button's value is {element.get('value')!r}, not {value!r}.")
        return {}
    return forms.choose(workspace, person, element, value)
