"""Carries a set-up out: steps side by side as soon as what they need is there, one living card, nothing made twice."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import structlog

from bot.errors import UserError
from bot.project import wall
from bot.project.model import Request
from bot.project.schema import parts
from bot.provisioning import messages, plan, steps
from bot.world import World
from bot.world.blocks import Message
from bot.world.engine import Run
from bot.world.google import GoogleError
from bot.world.web_api import SlackFailure

log = structlog.get_logger(__name__)

Json = Any


def provision(world: World, run: Run, request_id: str, by: str, selection: dict[str, str], attempt: int = 1) -> Json:
    """The flow of one set-up, or of one more attempt at what is missing; returns done and failures by step."""
    facts = run.step("facts", lambda: _facts(world, request_id, by, selection))
    done = run.step("done before", lambda: _done_before(world, request_id))
    failures: dict[str, str] = {}
    run.step("card", lambda: _card(world, facts, done, failures, running=[]))
    while wave := [step.name for step in plan.ready(done, failures)]:
        keys = [f"provision:{request_id}:{name}:{attempt}" for name in wave]
        for name, key in zip(wave, keys, strict=True):
            run.start("provision-step", key, name=name, facts=facts, done=done)
        for name, outcome in zip(wave, run.results(keys), strict=True):
            done, failures = _settled(name, outcome, done, failures)
        upcoming = [step.name for step in plan.ready(done, failures)]
        run.step("card", partial(_card, world, facts, done, failures, upcoming))
    return {"done": sorted(done), "failures": failures}


def step(world: World, run: Run, name: str, facts: Json, done: Json) -> Json:
    """The flow of one step; a failure is its result, so that independent steps go on."""
    return run.step(name, lambda: _attempt(world, run.key, name, facts, done))


def _settled(name: str, outcome: Json, done: Json, failures: dict[str, str]) -> tuple[Json, dict[str, str]]:
    if outcome["ok"]:
        return {**done, name: outcome["value"]}, failures
    return done, {**failures, name: outcome["why"]}


def _attempt(world: World, key: str, name: str, facts: Json, done: Json) -> Json:
    """Write the intent, act, keep the result. An intent without a result means: look before acting again."""
    request_id = facts["request_id"]
    repeated = world.store.recall(f"intent:{request_id}:{name}") is not None
    world.store.remember(f"intent:{request_id}:{name}", key)
    try:
        value = steps.ACTS[name](steps.Setup(world, facts, done, repeated))
    except (GoogleError, SlackFailure, UserError, ValueError, OverflowError) as error:
        log.warning("a step of a set-up failed", request=request_id, step=name, cause=str(error))
        return {"ok": False, "why": _advice(error)}
    world.store.remember(f"setup:{request_id}:{name}", value)
    world.audit("implbot", f"set-up: {name}", request_id, project=request_id)
    return {"ok": True, "value": value}


def _advice(error: Exception) -> str:
    """Who can mend it."""
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, ValueError | OverflowError):
        return (
            f"I could not work with what the request or the template says ({error}). Please mend it, then press Retry."
        )
    service = "Slack" if isinstance(error, SlackFailure) else "Google"
    if isinstance(error, GoogleError) and error.kind == "denied":
        what = error.reason or error.status
        return f"Google refused it ({what}). A manager of the shared drive can mend this; then press Retry."
    return (
        f"{service} did not do it ({error}). Please press Retry in a few minutes; if it stays, tell the bot's operator."
    )


def _done_before(world: World, request_id: str) -> Json:
    recalled = {step.name: world.store.recall(f"setup:{request_id}:{step.name}") for step in plan.STEPS}
    return {name: value for name, value in recalled.items() if value is not None}


def _facts(world: World, request_id: str, by: str, selection: dict[str, str]) -> Json:
    """Everything the steps need to know, as plain JSON; kept also for a later Retry."""
    request = steps.find_request(world, request_id)
    if request.request_type is None:
        raise UserError(
            f"The backlog does not say what {request_id} needs. Please choose its type, then select it again."
        )
    part = parts(request.request_type)
    facts = {
        "request_id": request_id,
        "by": by,
        "customer": request.customer,
        "kind": str(request.request_type),
        "schemas": {"playbook": part.playbook, "plan": part.plan},
        "variant": part.variant,
        "approved": world.clock.today(world.settings.zone).isoformat(),
        "kickoff": date.fromisoformat(selection["kickoff"]).isoformat(),
        "people": _people(world, request, selection),
    }
    world.store.remember(f"selection:{request_id}", {"by": by, "selection": selection})
    return facts


def _people(world: World, request: Request, selection: dict[str, str]) -> list[dict[str, str]]:
    """Role, Slack ID, e-mail, name and zone of everyone of ours on the project."""
    chosen = [(role, world.slack.person(selection[role])) for role in ("pm", "ie", "ta") if selection.get(role)]
    named = [
        (role, world.slack.person_by_email(email)) for role, email in (("ce", request.ce), ("ae", request.ae)) if email
    ]
    return [
        {"role": role, "id": person.id, "email": person.email, "name": person.name, "zone": person.zone}
        for role, person in chosen + named
        if person is not None and person.is_staff
    ]


def _card(world: World, facts: Json, done: Json, failures: dict[str, str], running: list[str]) -> None:
    """Show how the set-up stands; a card that cannot be shown must not stop the work itself."""
    states = plan.states(done, failures, running)
    links = {title: done["files"][name]["url"] for name, title in steps.LINKS.items()} if "files" in done else {}
    message = messages.card(facts["request_id"], facts["customer"], states, failures, links)
    try:
        _shown(world, f"setup:{facts['request_id']}", message)
    except (SlackFailure, UserError) as failure:
        log.warning("the card of a set-up cannot be shown", request=facts["request_id"], cause=str(failure))


def _shown(world: World, key: str, message: Message) -> None:
    """Post the card in the triage channel, or edit it in place."""
    channel = world.slack.channel_id(world.settings.triage_channel)
    if channel is None:
        raise UserError(f"I am not in #{world.settings.triage_channel}. Please invite me there.")
    posted = world.slack.post_once(key, channel, message, wall.internal())
    if not posted.is_new:
        world.slack.update(posted.channel, posted.ts, message)
