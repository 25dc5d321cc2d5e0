"""Carries decisions out: the row, the people told, the set-up begun, the order and the card brought up to date."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import structlog

from bot.errors import UserError
from bot.project import priority, wall
from bot.project.model import Request
from bot.project.words import RequestStatus, RequestType, SizeClass
from bot.triage import board, card, follow, messages
from bot.world import World, backlog
from bot.world.blocks import Message
from bot.world.engine import Run
from bot.world.sheets import Change
from bot.world.web_api import SlackFailure

log = structlog.get_logger(__name__)

_TURN = threading.Lock()  # of two decisions at one moment the second one sees the first

Json = Any


def show(world: World, run: Run, request_id: str) -> None:
    """The flow that gives a request its place in the order and its card in the triage channel."""
    run.step("order", lambda: board.reorder(world))
    run.step("card", lambda: board.show_card(world, request_id))


def score(world: World, run: Run, request_id: str, criterion: str, points: int, by: str) -> None:
    """The flow of one criterion chosen on a card."""
    done = run.step("row", lambda: _score(world, request_id, criterion, points, by))
    if not done:
        run.step("tell", lambda: _whisper(world, by, messages.CHANGED_MEANWHILE.format(id=request_id)))
    run.step("order", lambda: board.reorder(world))
    run.step("card", lambda: board.show_card(world, request_id))


def decision(
    world: World,
    run: Run,
    request_id: str,
    by: str,
    selection: dict[str, str] | None = None,
    reason: str = "",
    verdict: str = "",
    until: str = "",
    question: str = "",
) -> None:
    """The flow of one decision; a trial that still lacks an approval only has its card updated.

    `verdict` is the status to reach. The people come before the card: nobody's word waits for a channel's trouble.
    """
    wanted = RequestStatus(verdict or (RequestStatus.SELECTED if selection else RequestStatus.DECLINED))
    awaited = run.step("awaited", lambda: _awaited(world, request_id) if selection else "")
    if awaited:
        run.step("card", lambda: board.show_card(world, request_id))
        return
    told = {"reason": reason, "until": until, "question": question, **(selection or {})}
    if not run.step("row", lambda: _decide(world, run.key, request_id, by, wanted, told)):
        run.step("tell late", lambda: _tell_late(world, run.key, request_id, by, wanted))
        return
    if wanted is RequestStatus.SELECTED:
        run.start("provision", f"provision:{request_id}", request_id=request_id, by=by, selection=selection)
    if wanted is RequestStatus.NEEDS_INFORMATION:
        run.start("question", f"question:{run.key}", request_id=request_id, question=question, by=by)
    else:
        run.step("tell", lambda: _tell(world, run.key, request_id, told))
    run.step("order", lambda: board.reorder(world))
    run.step("settle", lambda: follow.settle(world, request_id))
    run.step("card", lambda: board.show_card(world, request_id))


def put_back(world: World, run: Run, request_id: str, by: str) -> None:
    """The flow that undoes a decision which somebody typed into the sheet."""
    done = run.step("row", lambda: _put_back(world, request_id, by))
    if not done:
        run.step("tell", lambda: _whisper(world, by, messages.CHANGED_MEANWHILE.format(id=request_id)))
    run.step("order", lambda: board.reorder(world))
    run.step("settle", lambda: follow.settle(world, request_id))
    run.step("card", lambda: board.show_card(world, request_id))


# The row


def _existing(world: World, request_id: str) -> Request:
    request = backlog.find(world, request_id)
    if request is None:
        raise UserError(messages.GONE.format(id=request_id))
    return request


def _awaited(world: World, request_id: str) -> str:
    return card.missing_approval(_existing(world, request_id), board.approvals(world, request_id))


def _score(world: World, request_id: str, criterion: str, points: int, by: str) -> bool:
    """Write the points; a new request is in review from its first ones on."""
    request = _existing(world, request_id)
    changes = [Change(backlog.TAB, request_id, criterion, points, getattr(request, criterion), by_person=True)]
    if request.status is RequestStatus.NEW:
        status = RequestStatus.IN_REVIEW
        changes.append(Change(backlog.TAB, request_id, "status", status, RequestStatus.NEW, by_person=True))
    outcome = backlog.write(world, changes)[0]
    world.audit(by, "scored", request_id, reason=f"{criterion}: {points}")
    return outcome.done


def _decide(world: World, key: str, request_id: str, by: str, wanted: RequestStatus, told: dict[str, str]) -> bool:
    """Write the decision into the row; False when somebody else decided meanwhile."""
    with _TURN:
        request, earlier = _existing(world, request_id), board.decided(world, request_id)
        is_ours = earlier is not None and earlier["key"] == key  # a crash may lie between then and now
        is_free = request.status in priority.OPEN or board.is_typed(world, request)
        if not (is_ours or is_free):
            return False
        board.keep_decided(world, request_id, {"status": str(wanted), "key": key})
        outcomes = backlog.write(world, _changes(world, request, by, wanted, told))
        if not outcomes[0].done:
            board.keep_decided(world, request_id, earlier)
            return False
        if wanted is not RequestStatus.SELECTED:
            board.forget_approvals(world, request_id)
    world.audit(by, str(wanted), request_id, reason=told["reason"] or told["question"])
    return True


def _changes(world: World, request: Request, by: str, wanted: RequestStatus, told: dict[str, str]) -> list[Change]:
    """The cells of a decision, the status first; each only where it is still as it was read."""
    new: dict[str, Json] = {"status": wanted}
    if wanted is RequestStatus.NEEDS_INFORMATION:
        new |= {"question": told["question"], "answer": ""}
    else:
        new |= {"decision_reason": told["reason"], "decided_on": world.clock.today(world.settings.zone)}
        new |= {"decided_by": ", ".join(_deciders(world, request, by, wanted))}
    if wanted is RequestStatus.DEFERRED:
        new |= {"deferred_until": date.fromisoformat(told["until"])}
    if told.get("size"):
        new |= {"size_class": SizeClass(told["size"])}
    if wanted is RequestStatus.SELECTED and request.request_type is RequestType.TRIAL:
        new |= {"proof_reviewed": ", ".join(board.names_of(world, board.approvals(world, request.id)))}
    return [
        Change(backlog.TAB, request.id, column, value, getattr(request, column), by_person=True)
        for column, value in new.items()
    ]


def _deciders(world: World, request: Request, by: str, wanted: RequestStatus) -> list[str]:
    """Who decided: for a trial everyone whose Select it took."""
    is_trial = wanted is RequestStatus.SELECTED and request.request_type is RequestType.TRIAL
    who = [*board.approvals(world, request.id), by] if is_trial else [by]
    return [board.person_name(world, one) for one in dict.fromkeys(who)]


def _put_back(world: World, request_id: str, by: str) -> bool:
    """The status as it was before somebody typed another one."""
    request = _existing(world, request_id)
    before = RequestStatus(world.store.recall(f"standing:{request_id}") or RequestStatus.IN_REVIEW)
    change = Change(backlog.TAB, request_id, "status", before, request.status, by_person=True)
    outcome = backlog.write(world, [change])[0]
    world.audit(by, "put back", request_id, reason=f"{request.status} was typed into the sheet")
    return outcome.done


# The people


def _tell(world: World, key: str, request_id: str, told: dict[str, str]) -> None:
    """CE and AE hear the decision; that one cannot be reached is not the other's silence."""
    request = _existing(world, request_id)
    message = _message(request, told)
    for email in dict.fromkeys((request.ce, request.ae)):
        try:
            board.say(world, f"{key}:{email}", email, message)
        except SlackFailure as failure:
            log.warning("a decision could not be told", request=request_id, to=email, cause=str(failure))


def _message(request: Request, told: dict[str, str]) -> Message:
    if told.get("pm"):
        kickoff = f"{date.fromisoformat(told['kickoff']):%-d %B %Y}"
        return messages.selected(request, told["pm"], kickoff, told["reason"])
    if told["until"]:
        return messages.deferred(request, told["reason"], f"{date.fromisoformat(told['until']):%-d %B %Y}")
    return messages.declined(request, told["reason"])


def _tell_late(world: World, key: str, request_id: str, by: str, wanted: RequestStatus) -> None:
    """The lead whose form came second hears whose decision stands; not who took part in that very decision."""
    request = _existing(world, request_id)
    if request.status is wanted and board.person_name(world, by) in request.decided_by.split(", "):
        return
    message = messages.late(request)
    world.slack.post_once(f"late:{key}", world.slack.direct(by), message, wall.internal())


def _whisper(world: World, user_id: str, words: str) -> None:
    world.slack.whisper(board.channel(world), user_id, words)
