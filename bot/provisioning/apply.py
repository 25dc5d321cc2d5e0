"""Carries a set-up out: each step as soon as what it needs is there, one living card, nothing made twice."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from functools import partial
from typing import Any

import structlog

from bot.errors import UserError
from bot.project import wall
from bot.provisioning import facts as gathering
from bot.provisioning import messages, plan, steps
from bot.provisioning.facts import Setup
from bot.world import World
from bot.world.blocks import Message
from bot.world.engine import Run
from bot.world.google import GoogleError
from bot.world.web_api import SlackFailure

log = structlog.get_logger(__name__)

Json = Any

PACE = 1.0  # seconds between two edits of a card
_SHOWN: dict[str, tuple[int, float]] = {}  # the number of each card's latest edit, and when, by the machine's own clock
_TURNS: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


def provision(world: World, run: Run, request_id: str, by: str, selection: dict[str, str], attempt: int = 1) -> Json:
    """The flow of one set-up, or of one more attempt at what is missing; returns done and failures by step."""
    begin = run.step("facts", lambda: _facts(world, request_id, by, selection))
    if not begin["ok"]:
        run.step("card", lambda: _cannot_begin(world, request_id, begin["why"]))
        return {"done": [], "failures": {"facts": begin["why"]}}
    facts = begin["value"]
    done = run.step("done before", lambda: _done_before(world, request_id))
    failures: dict[str, str] = {}
    running = _start(run, facts, done, {}, failures, attempt)
    run.step("card", partial(show_card, world, facts, dict(done), dict(failures), list(running)))
    while running:
        over = run.ended(list(running.values()))
        for name in [name for name, key in running.items() if key in over]:
            done, failures = _settled(name, run.results([running.pop(name)])[0], done, failures)
        running |= _start(run, facts, done, running, failures, attempt)
        run.step("card", partial(show_card, world, facts, dict(done), dict(failures), list(running)))
    return {"done": sorted(done), "failures": failures}


def _start(
    run: Run, facts: Json, done: Json, running: dict[str, str], failures: dict[str, str], attempt: int
) -> dict[str, str]:
    """Begin every step that can; their keys by name. Each is given the results that it needs, no more."""
    begun = {
        step.name: f"provision:{facts['request_id']}:{step.name}:{attempt}"
        for step in plan.ready(done, (*running, *failures))
    }
    for name, key in begun.items():
        run.start("provision-step", key, name=name, facts=facts, done={need: done[need] for need in plan.needs(name)})
    return begun


def step(world: World, run: Run, name: str, facts: Json, done: Json) -> Json:
    """The flow of one step; a failure is its result, so that independent steps go on."""
    return run.step(name, lambda: attempted(world, run.key, name, facts, done))


def _settled(name: str, outcome: Json, done: Json, failures: dict[str, str]) -> tuple[Json, dict[str, str]]:
    if outcome["ok"]:
        return {**done, name: outcome["value"]}, failures
    return done, {**failures, name: outcome["why"]}


def attempted(world: World, key: str, name: str, facts: Json, done: Json) -> Json:
    """Write the intent, act, keep the result. An intent without a result means: look before acting again."""
    request_id = facts["request_id"]
    repeated = world.store.recall(f"intent:{request_id}:{name}") is not None
    world.store.remember(f"intent:{request_id}:{name}", key)
    try:
        value = steps.ACTS[name](Setup(world, facts, done, repeated))
    except (GoogleError, SlackFailure, UserError, ValueError, OverflowError) as error:
        log.warning("a step of a set-up failed", request=request_id, step=name, cause=str(error))
        return {"ok": False, "why": advice(error)}
    except Exception:
        log.exception("a step of a set-up failed unexpectedly", request=request_id, step=name)
        return {"ok": False, "why": "I did not expect this. Please tell the bot's operator, whose log says more."}
    world.store.remember(result_key(request_id, name), value)
    world.audit("implbot", f"set-up: {name}", request_id, project=request_id)
    return {"ok": True, "value": value}


def result_key(request_id: str, name: str) -> str:
    """Where the result of a step is remembered."""
    return f"setup:{request_id}:{name}"


def advice(error: Exception) -> str:
    """Who can mend it."""
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, GoogleError | SlackFailure):
        return _advice_outside(error)
    return f"I could not work with what the request or the template says ({error}). Please mend it, then press Retry."


def _advice_outside(error: GoogleError | SlackFailure) -> str:
    service = "Slack" if isinstance(error, SlackFailure) else "Google"
    if error.kind == "denied" and service == "Google":
        what = error.reason or error.status
        return f"Google refused it ({what}). A manager of the shared drive can mend this; then press Retry."
    if error.kind == "invalid" and service == "Slack":
        return f"Slack refused it ({error.message}). A Slack administrator can mend this; then press Retry."
    return (
        f"{service} did not do it ({error}). Please press Retry in a few minutes; if it stays, tell the bot's operator."
    )


def _done_before(world: World, request_id: str) -> Json:
    recalled = {step.name: world.store.recall(result_key(request_id, step.name)) for step in plan.STEPS}
    return {name: value for name, value in recalled.items() if value is not None}


def _facts(world: World, request_id: str, by: str, selection: dict[str, str]) -> Json:
    try:
        return {"ok": True, "value": gathering.gathered(world, request_id, by, selection)}
    except (GoogleError, SlackFailure, UserError, ValueError) as error:
        log.warning("a set-up cannot begin", request=request_id, cause=str(error))
        return {"ok": False, "why": advice(error)}


def show_card(world: World, facts: Json, done: Json, failures: dict[str, str], running: list[str]) -> None:
    """Show how the set-up stands.

    While it goes on this happens beside it and at most once a second: no step waits for a card, nobody reads faster,
    and Slack counts. The end is shown before this returns.
    """
    request_id, now = facts["request_id"], time.monotonic()
    number, shown_at = _SHOWN.get(request_id, (0, -PACE))
    if running and now - shown_at < PACE:
        return
    _SHOWN[request_id] = (number + 1, now)
    states = plan.states(done, failures, running)
    links = {title: done["files"][name]["url"] for name, title in steps.LINKS.items()} if "files" in done else {}
    message = messages.card(request_id, facts["customer"], states, failures, links, facts.get("left_out", ()))
    showing = threading.Thread(target=_shown_in_turn, args=(world, request_id, message, number + 1), daemon=True)
    showing.start()
    if not running:
        showing.join()


def _shown_in_turn(world: World, request_id: str, message: Message, number: int) -> None:
    """Show a card unless there is newer news meanwhile: an old one never covers a new one."""
    with _TURNS[request_id]:
        if _SHOWN[request_id][0] == number:
            _shown(world, request_id, message)


def _cannot_begin(world: World, request_id: str, why: str) -> None:
    _shown(world, request_id, messages.cannot_begin(request_id, why))


def _shown(world: World, request_id: str, message: Message) -> None:
    """Post the card in the triage channel, or edit it in place; posted again when somebody deleted it.

    A card that cannot be shown must not stop the work itself.
    """
    try:
        channel = world.slack.channel_id(world.settings.triage_channel)
        if channel is None:
            raise UserError(f"I am not in #{world.settings.triage_channel}. Please invite me there.")
        world.slack.show(f"setup:{request_id}", channel, message, wall.internal())
    except (SlackFailure, UserError) as failure:
        log.warning("the card of a set-up cannot be shown", request=request_id, cause=str(failure))
    except Exception:
        log.exception("the card of a set-up cannot be shown", request=request_id)
