"""What people do to ask for an implementation: the form opens, changes with what is chosen, is checked and recorded."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict

from bot.errors import Refused
from bot.intake import answers, form, messages, twice
from bot.intake.check import Asked, Rules, parse
from bot.project.words import RequestType
from bot.world import World, backlog
from bot.world.listening import Act, Listener, Reply
from bot.world.slack import Opened

_DRAFTS = threading.Lock()  # two choices at one moment are kept one after the other


# Asking


def open_form(world: World, act: Act) -> Reply | None:
    """`/implementation-request [customer]`: show the form at once; then say so if this customer has an open request."""
    _check_staff(world, act)
    typed, place = {"customer": act.text[: form.NAME_LIMIT]}, form.Place(world.settings.help_channel)
    opened = world.slack.open_form(act.trigger_id, form.view(typed, place))
    place = _place(world, opened.view_id, "", typed)
    if place.others:
        world.slack.change_form(opened, form.view(typed, place))
    return None


def changed(world: World, act: Act) -> Reply | None:
    """A type, a method or a customer was chosen: show the form that belongs to it, with all that was typed."""
    typed = {**_typed_before(world, act), **act.values}
    place = _place(world, act.view_id, act.memo, typed)
    shape = form.shape(typed, place)
    before = _keep_draft(world, act, typed, shape)
    if before is None or before == shape:
        return None
    if typed.get("request_type") == RequestType.OTHER:
        world.audit(act.user_id, "asked for other help", typed.get("customer", ""))
    opened, view = Opened(act.view_id, act.view_hash), form.view(typed, place)
    if not world.slack.change_form(opened, view) and _is_latest(world, act):
        world.slack.change_form(Opened(act.view_id), view)  # it had changed since this choice, which is the latest
    return None


def submit(world: World, act: Act) -> Reply | None:
    """Answer inside the form when a field is wrong; else start the durable recording and close."""
    asked = _checked(world, act)
    if isinstance(asked, Reply):
        return asked
    if world.engine.status(_flow(act)) != "absent":
        return None  # pressed again because an answer was lost: it is being recorded
    typed = {**_typed_before(world, act), **act.values}
    others = twice.told(world, act.view_id, asked.customer, asked.customer_domains)
    if others and act.values.get("another") != "yes":
        return Reply(view=form.view(typed, form.Place(world.settings.help_channel, others)))
    if not twice.claimed(world, act.view_id, act.user_id, asked):
        return Reply(view=messages.sent_already(asked.customer))
    world.engine.start("request", _flow(act), asked=asdict(asked), ce_id=act.user_id)
    return None


# Answering a question of the leads


def open_answer(world: World, act: Act) -> Reply | None:
    """*Answer* in a direct message: the request's form again, filled in, with the question on top."""
    _check_staff(world, act)
    request = answers.answerable(world, act.user_id, act.value)
    ae = world.slack.person_by_email(request.ae) if request.ae else None
    typed = form.typed_of(request, ae.id if ae else "")
    place = form.Place(world.settings.help_channel, (), request.id, request.question)
    opened = world.slack.open_form(act.trigger_id, form.view(typed, place))
    world.store.remember(answers.opened_key(opened.view_id), typed)
    return None


def submit_answer(world: World, act: Act) -> Reply | None:
    """The answered form: its fields are checked as those of a new request, then written where they differ."""
    if world.engine.status(f"answered:{act.key}") != "absent":
        return None
    request = answers.answerable(world, act.user_id, act.memo)
    if not act.values.get("answer", "").strip():
        return Reply(errors={"answer": "Please answer the question; the leads wait for it."})
    asked = _checked(world, act)
    if isinstance(asked, Reply):
        return asked
    answer = act.values["answer"].strip()
    args = {"request_id": request.id, "asked": asdict(asked), "answer": answer, "by": act.user_id}
    world.engine.start("answered", f"answered:{act.key}", view_id=act.view_id, **args)
    return None


# What both share


def _checked(world: World, act: Act) -> Asked | Reply:
    """What was typed, checked; or what the person is shown instead."""
    _check_staff(world, act)
    place = _place(world, act.view_id, act.memo, act.values)
    absent = form.fields(act.values, place) - act.values.keys() - {"another"}
    if absent or act.values.get("request_type") == RequestType.OTHER:
        return Reply(view=form.view({**_typed_before(world, act), **act.values}, place))  # sent before it had changed
    settings = world.settings
    today = world.clock.today(settings.zone)
    asked = parse(act.values, Rules(today, settings.link_hosts, settings.company_domains, settings.help_channel))
    if isinstance(asked, dict):
        return Reply(errors=asked)
    ae = world.slack.person(asked.ae_id)
    if ae is None or not ae.is_staff:
        return Reply(errors={"ae": messages.NOT_OURS})
    return asked


def _place(world: World, view_id: str, request_id: str, typed: Mapping[str, str]) -> form.Place:
    """What stands around the fields, of what is known here without asking anybody."""
    channel = world.settings.help_channel
    if request_id:
        request = next((one for one in backlog.last_seen(world) if one.id == request_id), None)
        return form.Place(channel, (), request_id, request.question if request else "")
    others = twice.told(world, view_id, typed.get("customer", ""), typed.get("customer_domains", ""))
    return form.Place(channel, others)


def _keep_draft(world: World, act: Act, typed: dict[str, str], shape: list[str]) -> list[str] | None:
    """Keep what was typed in this form, also in fields it has lost; the shape it had, None when a later choice came."""
    with _DRAFTS:
        kept = world.store.recall(_draft_key(act)) or {}
        if not _is_latest(world, act):
            return None
        world.store.remember(_draft_key(act), {"at": _moment(act), "values": typed, "shape": shape})
    return list(kept.get("shape") or form.shape({}, form.Place("")))


def _is_latest(world: World, act: Act) -> bool:
    """Whether no choice was made in this form after this one."""
    kept = world.store.recall(_draft_key(act)) or {}
    return float(kept.get("at", 0)) <= _moment(act)


def _typed_before(world: World, act: Act) -> dict[str, str]:
    """What earlier choices in this form kept; at first what an answer's form was opened with."""
    kept = world.store.recall(_draft_key(act)) or {}
    return dict(kept.get("values") or world.store.recall(answers.opened_key(act.view_id)) or {})


def _draft_key(act: Act) -> str:
    return f"draft:{act.view_id}"


def _moment(act: Act) -> float:
    """When a choice was made: the part of its key after the colon, as Slack counts."""
    return float(act.key.rpartition(":")[2])


def _flow(act: Act) -> str:
    return f"request:{act.key}"


def _check_staff(world: World, act: Act) -> None:
    person = world.slack.person(act.user_id)
    if person is None or not person.is_staff:
        world.audit(act.user_id, "refused request", act.text or act.memo, reason="not of our staff")
        raise Refused(messages.NOT_STAFF)


LISTENERS = (
    Listener("command", "/implementation-request", open_form, "Ask for a customer implementation", "[customer]"),
    Listener("action", form.CHANGED, changed, "The request form follows what is chosen in it"),
    Listener("form", form.CALLBACK, submit, "Send an implementation request"),
    Listener("action", messages.ANSWER, open_answer, "Answer a question of the leads"),
    Listener("form", form.ANSWER_CALLBACK, submit_answer, "Send the answer to the leads"),
)
