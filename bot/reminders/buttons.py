"""What people press under a reminder: who may is checked, a form is opened where words are needed, else it begins."""

from __future__ import annotations

import json
from typing import Any

from bot.errors import UserError
from bot.project.ladder import SNOOZES, Said, may_snooze
from bot.project.words import WorkStatus
from bot.reminders import changes, items, messages, snoozing, views
from bot.reminders.items import Place
from bot.world import World, charge
from bot.world.listening import Act, Reply
from bot.world.store import Sending

Json = Any

FITS = {"done": messages.CLOSABLE, "date": messages.CLOSABLE, "blocked": messages.BLOCKABLE}
"""The tabs whose rows an answer fits; any other one fits all."""


def done(world: World, act: Act) -> Reply | None:
    """*Done*; of a gate it is asked what shows it."""
    at, memo = _pressed(world, act, act.value, "done")
    record = at.row.record
    if at.tab == "milestones" and record.gate and record.status is not WorkStatus.DONE:
        world.slack.open_form(act.trigger_id, views.evidence(at.title, record.evidence, memo))
        return None
    return _begin(world, act, memo, {})


def new_date(world: World, act: Act) -> Reply | None:
    """*New date*: the day, and why it moves."""
    at, memo = _pressed(world, act, act.value, "date")
    if status := changes.closed(at.tab, at.row):
        return Reply(text=messages.CLOSED.format(status=status))
    day = at.row.record.due
    has_cause = at.tab == "milestones"
    world.slack.open_form(act.trigger_id, views.new_date(at.title, day, memo, has_cause=has_cause))
    return None


def more(world: World, act: Act) -> Reply | None:
    """The menu: snooze, blocked, not me."""
    name, _, ref = act.value.partition("|")
    what = "snooze" if name.startswith("snooze") else name
    if what not in ("snooze", "blocked", "owner"):
        raise UserError(messages.GONE)
    at, memo = _pressed(world, act, ref, what)
    if status := changes.closed(at.tab, at.row):
        return Reply(text=messages.CLOSED.format(status=status))
    if what == "snooze":
        return _snooze(world, act, at, memo, name.removeprefix("snooze"))
    view = views.blocked(at.title, memo) if what == "blocked" else views.not_me(at.title, memo)
    world.slack.open_form(act.trigger_id, view)
    return None


def _snooze(world: World, act: Act, at: Place, memo: Json, days: str) -> Reply | None:
    """The first one at once, the second with a reason, the third not at all."""
    memo["days"] = int(days) if days.isdecimal() else 0
    said = snoozing.heard(world, at.picture, at.tab, at.row.id)
    if memo["days"] in SNOOZES and said.snoozes == 1:
        world.slack.open_form(act.trigger_id, views.snooze(at.title, memo))
        return None
    return _refusal(said, memo["days"], "") or _begin(world, act, memo, {})


def _refusal(said: Said, days: int, reason: str) -> Reply | None:
    why = may_snooze(said, days, reason)
    return Reply(text=f"I did not snooze it: {why}.") if why else None


def draft(world: World, act: Act) -> Reply | None:
    """*Draft a message*: words for the customer, shown to who pressed."""
    items.check_may_answer(world, act, items.place(world, act.value))
    sending = world.store.sending_at(act.channel_id, act.message_ts)
    listed = sending.body["items"] if sending else []
    text = next((item["draft"] for item in listed if item["ref"] == act.value and item.get("draft")), "")
    if not text:
        return Reply(text=messages.NO_DRAFT)
    world.slack.open_form(act.trigger_id, views.draft(text))
    return None


def form(world: World, act: Act) -> Reply | None:
    """The form of an answer: what is wrong stands beside its field."""
    memo = json.loads(act.memo)
    at, what, given = items.place(world, memo["ref"]), memo["what"], views.answer(act.values)
    items.check_may_answer(world, act, at)
    errors = views.errors(what, act.values, at.picture.today)
    if what == "owner" and not errors:
        errors, given = _owner(world, at, given)
    if errors:
        return Reply(errors=errors)
    return _begin(world, act, memo, given)


def _owner(world: World, at: Place, given: Json) -> tuple[dict[str, str], Json]:
    """Whose it is, as the owner's cell names them: by the name of the Stakeholders tab, else by address."""
    person = world.slack.person(given["person"])
    if person is None or not person.is_staff or not person.email:
        return {"person": "Please choose somebody who works with us."}, given
    names = [one.name for one in at.picture.stakeholders if one.email.strip().lower() == person.email]
    cell = next((name for name in names if at.picture.email_of(name) == person.email), person.email)
    return {}, {"owner": cell, "name": person.name}


def undo(world: World, act: Act) -> Reply | None:
    """*Undo*, by whoever may answer, for five minutes."""
    at, sending = items.place(world, act.value), _sending(world, act)
    items.check_may_answer(world, act, at)
    shown = items.answered(world, sending).get(act.value)
    if shown is None:
        return Reply(text=messages.NOTHING_TO_UNDO)
    if not shown.get("undo"):
        return Reply(text=messages.TOO_LATE.format(url=at.url))
    world.engine.start(
        "answer-undo", f"undo:{act.key}", message=sending.key, ref=act.value, by=act.user_id, channel=act.channel_id
    )
    return None


def live(world: World, act: Act) -> Reply | None:
    """*Switch reminders on*: a project's dry run ends, by its PM or a lead."""
    row, sending = charge.project(world, act, act.value, "switch reminders on"), _sending(world, act)
    world.engine.start(
        "reminders-live", f"live:{act.key}", project=row["key"], by=act.user_id, message=sending.key,
        channel=act.channel_id,
    )  # fmt: skip
    return None


# ---------------------------------------------------------------------- what all presses have in common


def _pressed(world: World, act: Act, ref: str, what: str) -> tuple[Place, Json]:
    """Where the row stands, for somebody who may answer it, and what a form has to remember."""
    at = items.place(world, ref)
    if at.tab not in FITS.get(what, changes.OPEN):
        raise UserError(messages.GONE)
    items.check_may_answer(world, act, at)
    return at, {"ref": ref, "what": what, "channel": act.channel_id, "ts": act.message_ts}


def _sending(world: World, act: Act) -> Sending:
    sending = world.store.sending_at(act.channel_id, act.message_ts)
    if sending is None:
        raise UserError(messages.NOTHING_TO_UNDO)
    return sending


def _begin(world: World, act: Act, memo: Json, given: Json) -> Reply | None:
    """Start the answer; what became of it shows in the message."""
    project, tab, row_id = items.parsed(memo["ref"])
    world.engine.start(
        "answer", f"answer:{act.key}", project=project, tab=tab, row_id=row_id, by=act.user_id,
        channel=memo["channel"], ts=memo["ts"], ref=memo["ref"], what=memo["what"],
        given={**given, **({"days": memo["days"]} if "days" in memo else {})},
    )  # fmt: skip
    return None
