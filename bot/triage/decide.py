"""Carries decisions out: the card in the triage channel, the backlog row, the people told, the set-up begun."""

from __future__ import annotations

from datetime import date
from typing import Any

import structlog

from bot.errors import UserError
from bot.project import wall
from bot.project.model import Request
from bot.project.schema import load
from bot.project.words import RequestStatus
from bot.triage import card, messages
from bot.world import CE_LEADS, SALES_LEADS, World
from bot.world.blocks import Message
from bot.world.engine import Run
from bot.world.sheets import Change, cell_url
from bot.world.web_api import SlackFailure

log = structlog.get_logger(__name__)


def find(world: World, request_id: str) -> Request | None:
    """A request as the backlog sheet has it now."""
    book = world.sheets.read(world.backlog(), load("backlog"), ("requests",))
    return next((record for record in book.records("requests") if record.id == request_id), None)


def approve(world: World, request: Request, user_id: str) -> None:
    """Keep that a lead of some groups said yes; a trial needs one of each, who may press at the same moment."""
    for group in world.lead_groups(user_id):
        world.store.remember(_approval(request.id, group), user_id)


def _awaited(world: World, request: Request) -> str:
    given = {name: bool(world.store.recall(_approval(request.id, name))) for name in (CE_LEADS, SALES_LEADS)}
    return card.missing_approval(request, given)


def _approval(request_id: str, group: str) -> str:
    return f"approval:{request_id}:{group}"


def show(world: World, run: Run, request_id: str) -> None:
    """The flow that posts a new request's card in the triage channel."""
    run.step("card", lambda: _card(world, request_id))


def decision(
    world: World, run: Run, request_id: str, by: str, selection: dict[str, str] | None = None, reason: str = ""
) -> None:
    """The flow of one decision; a trial that still lacks an approval only has its card updated.

    The people come before the card: somebody may have deleted it, and they would hear nothing.
    """
    awaited = run.step("awaited", lambda: _awaited(world, _existing(world, request_id)) if selection else "")
    if awaited:
        run.step("card", lambda: _card(world, request_id, awaited))
        return
    if not run.step("row", lambda: _decide(world, request_id, by, selection, reason)):
        run.step("tell late", lambda: _tell_late(world, run.key, request_id, by))
        return
    if selection:
        run.start("provision", f"provision:{request_id}", request_id=request_id, by=by, selection=selection)
    run.step("tell", lambda: _tell(world, request_id, selection, reason))
    run.step("card", lambda: _card(world, request_id))


def _existing(world: World, request_id: str) -> Request:
    request = find(world, request_id)
    if request is None:
        raise UserError(messages.GONE.format(id=request_id))
    return request


def _decide(world: World, request_id: str, by: str, selection: dict[str, str] | None, reason: str) -> bool:
    """Write the decision into the row; False when somebody else decided meanwhile."""
    request = _existing(world, request_id)
    status = RequestStatus.SELECTED if selection else RequestStatus.DECLINED
    name = _name(world, by)
    if request.status not in card.OPEN:
        return request.status is status and request.decided_by == name  # our own write, before a crash
    today = world.clock.today(world.settings.zone)
    decided: dict[str, tuple[Any, Any]] = {
        "status": (status, request.status),
        "decided_by": (name, request.decided_by),
        "decided_on": (today, request.decided_on),
        "decision_reason": (reason or request.decision_reason, request.decision_reason),
    }
    changes = [Change("requests", request_id, column, new, seen) for column, (new, seen) in decided.items()]
    written, named, *_ = world.sheets.write(world.backlog(), load("backlog"), changes)
    if not (written.done and named.done):
        return False
    world.audit(by, str(status), request_id, reason=reason)
    return True


def _card(world: World, request_id: str, note: str = "") -> None:
    """Post the card, or edit it in place."""
    request, key = _existing(world, request_id), f"triage:{request_id}"
    message = card.message(request, _row_url(world, request_id), note)
    channel = world.slack.channel_id(world.settings.triage_channel)
    if channel is None:
        raise UserError(f"I am not in #{world.settings.triage_channel}. Please invite me there.")
    posted = world.slack.post_once(key, channel, message, wall.internal())
    if not posted.is_new:
        world.slack.update(posted.channel, posted.ts, message)


def _row_url(world: World, request_id: str) -> str:
    """The address of the request's row as it stands now."""
    tab = load("backlog").tab("requests")
    rows = world.sheets.read(world.backlog(), load("backlog"), ("requests",)).rows("requests")
    number = next((row.number for row in rows if row.id == request_id), 1)
    return cell_url(world.backlog(), tab.sheet_id, f"A{number}")


def _tell(world: World, request_id: str, selection: dict[str, str] | None, reason: str) -> None:
    request = _existing(world, request_id)
    kickoff = date.fromisoformat(selection["kickoff"]).strftime("%-d %B %Y") if selection else ""
    message = messages.selected(request, selection["pm"], kickoff) if selection else messages.declined(request, reason)
    for email in dict.fromkeys((request.ce, request.ae)):
        try:
            _say(world, request_id, email, message)
        except SlackFailure as failure:  # the other one is told all the same
            log.warning("a decision could not be told", request=request_id, to=email, cause=str(failure))


def _say(world: World, request_id: str, email: str, message: Message) -> None:
    person = world.slack.person_by_email(email)
    if person and person.is_staff:
        key = f"decision:{request_id}:{person.id}"
        world.slack.post_once(key, world.slack.direct(person.id), message, wall.internal())


def _tell_late(world: World, key: str, request_id: str, by: str) -> None:
    """The lead whose form came second hears whose decision stands."""
    message = messages.late(_existing(world, request_id))
    world.slack.post_once(f"late:{key}", world.slack.direct(by), message, wall.internal())


def _name(world: World, user_id: str) -> str:
    person = world.slack.person(user_id)
    return person.name if person else user_id
