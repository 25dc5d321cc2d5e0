"""What people press under an agenda: who may is checked, a form is opened where words are needed, else it begins."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bot.errors import Refused, UserError
from bot.project.picture import Picture
from bot.project.rows import Row
from bot.project.words import SlipCause
from bot.reviews import agenda, messages, send, views
from bot.world import World, charge
from bot.world.blocks import one_line
from bot.world.listening import Act, Reply
from bot.world.store import Sending

Json = Any

WHATS = {
    messages.KEEP: ("keep", ("risks", "issues")),
    messages.RESCORE: ("rescore", ("risks",)),
    messages.CLOSE: ("close", ("risks",)),
    messages.OCCURRED: ("occurred", ("risks",)),
    messages.RESOLVED: ("resolved", ("issues",)),
    messages.NEXT: ("next", ("issues",)),
}
"""What each button does, and to the rows of which tabs."""
FORMS: dict[str, Callable[[Any, Json], Json]] = {
    "rescore": views.rescore,
    "close": views.close,
    "resolved": views.resolved,
    "next": views.next_action,
}


def pressed(name: str, world: World, act: Act) -> Reply | None:
    """A button under a risk or an issue."""
    what, tabs = WHATS[name]
    key, tab, row_id = parsed(act.value)
    if tab not in tabs:
        raise UserError(messages.GONE)
    picture, row = standing(world, key, tab, row_id)
    _check_may_answer(world, act, picture, row)
    sending = _sending(world, act.channel_id, act.message_ts)
    if act.value in send.answers(world, sending):
        return Reply(text=messages.ANSWERED)
    if status := closed(tab, row):
        return Reply(text=messages.CLOSED.format(status=status))
    memo = {"ref": act.value, "what": what, "channel": act.channel_id, "ts": act.message_ts}
    if what not in FORMS:
        return _begin(world, act, memo, {})
    world.slack.open_form(act.trigger_id, FORMS[what](row.record, memo))
    return None


def told(world: World, act: Act) -> Reply | None:
    """The form behind a button: what is wrong stands beside its field."""
    charge.staff(world, act, "answer")
    memo = json.loads(act.memo)
    key, tab, row_id = parsed(memo["ref"])
    picture, row = standing(world, key, tab, row_id)
    _check_may_answer(world, act, picture, row)
    errors = views.errors(memo["what"], act.values)
    if errors:
        return Reply(errors=errors)
    return _begin(world, act, memo, {name: one_line(value, views.LONGEST) for name, value in act.values.items()})


def caused(world: World, act: Act) -> Reply | None:
    """A cause chosen for a moved date, by the project's PM or a lead."""
    ref, _, cause = act.value.rpartition("|")
    key, tab, slip = parsed(ref)
    charge.project(world, act, key, "answer")
    sending = _sending(world, act.channel_id, act.message_ts)
    if tab != "slips" or cause not in set(SlipCause):
        raise UserError(messages.GONE)
    if ref in send.answers(world, sending):
        return Reply(text=messages.ANSWERED)
    world.engine.start(
        "review-cause", f"review-cause:{act.key}", project=key, slip=slip, cause=cause, by=act.user_id,
        message=sending.key, ref=ref,
    )  # fmt: skip
    return None


def _begin(world: World, act: Act, memo: Json, given: Json) -> Reply | None:
    """Start the answer; what became of it shows in the message."""
    project, tab, row_id = parsed(memo["ref"])
    world.engine.start(
        "review", f"review:{act.key}", project=project, tab=tab, row_id=row_id, by=act.user_id, what=memo["what"],
        channel=memo["channel"], ts=memo["ts"], ref=memo["ref"], given=given,
    )  # fmt: skip
    return None


# ---------------------------------------------------------------------- where it stands, and who may


def parsed(ref: str) -> tuple[str, str, str]:
    """Project, tab and row ID, in which people may write what they like."""
    parts = ref.split("|", 2)
    if len(parts) != 3:
        raise UserError(messages.GONE)
    return parts[0], parts[1], parts[2]


def standing(world: World, key: str, tab: str, row_id: str) -> tuple[Picture, Row[Any]]:
    """A row as last read; UserError when it is gone."""
    picture = world.picture(key)
    rows = picture.playbook.get(tab, ()) if picture else ()
    row = next((one for one in rows if one.id == row_id), None)
    if picture is None or row is None:
        raise UserError(messages.GONE)
    return picture, row


def closed(tab: str, row: Row[Any]) -> str:
    """The status of a row that is not open any more, else ""."""
    is_open = agenda.is_open_risk(row.record) if tab == "risks" else agenda.is_open_issue(row.record)
    return "" if is_open or row.record.status is None else str(row.record.status)


def _check_may_answer(world: World, act: Act, picture: Picture, row: Row[Any]) -> None:
    """Role is read from the sheets and groups at this moment, never from the button (rule: who may)."""
    person = charge.staff(world, act, "answer", picture.key)
    may = {picture.pm.strip().lower(), picture.email_of(row.record.owner)} - {""}
    if person.email not in may and not world.lead_groups(person.id):
        world.audit(act.user_id, "refused answer", row.id, project=picture.key, reason="neither owner, PM nor lead")
        raise Refused(messages.NOT_YOURS)


def _sending(world: World, channel: str, ts: str) -> Sending:
    sending = world.store.sending_at(channel, ts)
    if sending is None or not sending.key.startswith(send.DETAILS):
        raise UserError(messages.GONE)
    return sending
