"""Carries the leads' question to the person who asked, and the answer back into the row and the card."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.errors import Refused, UserError
from bot.intake import form, messages
from bot.project import wall
from bot.project.model import Request
from bot.project.words import RequestStatus, RequestType, Segment
from bot.world import World, backlog
from bot.world.engine import Run
from bot.world.sheets import Change

DAYS = ("contract_close", "go_live_wish")


def opened_key(view_id: str) -> str:
    """Under which the store keeps what an answer's form was opened with."""
    return f"opened:{view_id}"


def answerable(world: World, user_id: str, request_id: str) -> Request:
    """The request as its row stands now, if this person may answer for it and an answer is still awaited."""
    request = backlog.find(world, request_id)
    if request is None:
        raise UserError(messages.GONE)
    email = world.slack.email(user_id)
    if email not in {request.ce, request.ae} - {""} and not world.lead_groups(user_id):
        world.audit(user_id, "refused answer", request_id, reason="neither CE, AE nor lead")
        raise Refused(messages.NOT_YOURS)
    if request.status is not RequestStatus.NEEDS_INFORMATION:
        raise UserError(messages.ANSWERED.format(id=request.id, status=request.status or "not readable"))
    return request


def question(world: World, run: Run, request_id: str, question: str, by: str) -> None:
    """The flow that brings a question to the Customer Engineer, and to the account executive to know of it."""
    request = backlog.find(world, request_id)
    if request is None:
        raise UserError(messages.GONE)
    lead = world.slack.person(by)
    message = messages.question(request, question, lead.name if lead else "A lead")
    for email in dict.fromkeys((request.ce, request.ae)):
        run.step(f"tell {email}", lambda email=email: _tell(world, f"{run.key}:{email}", email, message))  # type: ignore[misc]  # a default keeps the loop's value


def _tell(world: World, key: str, email: str, message: Any) -> bool:
    person = world.slack.person_by_email(email)
    if person is None or not person.is_staff:
        return False
    world.slack.post_once(key, world.slack.direct(person.id), message, wall.internal())
    return True


def answered(
    world: World, run: Run, request_id: str, asked: dict[str, Any], answer: str, by: str, view_id: str
) -> list[str]:
    """The flow of one answer: into the row, politely, then onto the card; returns the columns that people kept."""
    kept: list[str] = run.step("row", lambda: _write(world, run.key, request_id, asked, answer, by, view_id))
    run.start("triage-card", f"{run.key}:card", request_id=request_id)
    run.step("thanks", lambda: _thank(world, run.key, request_id, by, kept))
    return kept


def _write(
    world: World, key: str, request_id: str, asked: dict[str, Any], answer: str, by: str, view_id: str
) -> list[str]:
    """The fields that the person changed since the form was opened; the answer and the status come with them."""
    was = world.store.recall(opened_key(view_id)) or {}
    request = backlog.find(world, request_id)
    if request is None:
        raise UserError(messages.GONE)
    if world.store.recall(f"wrote:{key}") and request.status is not RequestStatus.NEEDS_INFORMATION:
        return []  # our own write, before a crash
    world.store.remember(f"wrote:{key}", True)
    now = {**asked, "ae": world.slack.email(asked["ae_id"])}
    seen = {**was, "ae": world.slack.email(was["ae"]) if was.get("ae") else request.ae}
    changes = [
        Change("requests", request_id, name, _value(name, str(now[name])), _value(name, str(seen.get(name, ""))), True)
        for name in (*sorted(form.ALL_FIELDS - {"answer"}), "ae")
        if name in now and str(now[name]).strip() != str(seen.get(name, "")).strip()
    ]
    changes.append(Change("requests", request_id, "answer", answer, by_person=True))
    changes.append(Change("requests", request_id, "status", RequestStatus.IN_REVIEW, request.status, by_person=True))
    outcomes = backlog.write(world, changes)
    world.audit(by, "answered", request_id, reason=answer)
    return [outcome.change.column for outcome in outcomes if not outcome.done]


def _value(name: str, text: str) -> Any:
    """A form's words as the column's value."""
    if not text:
        return None if name in (*DAYS, "request_type", "segment") else ""
    if name in DAYS:
        return date.fromisoformat(text)
    return {"request_type": RequestType, "segment": Segment}.get(name, str)(text)


def _thank(world: World, key: str, request_id: str, by: str, kept: list[str]) -> None:
    message = messages.answer_thanks(request_id, [name.replace("_", " ") for name in kept])
    world.slack.post_once(f"thanks:{key}", world.slack.direct(by), message, wall.internal())
