"""Follows what people do in the backlog sheet: new rows, typed decisions, deferred requests whose day has come."""

from __future__ import annotations

from typing import Any

import structlog

from bot.errors import UserError
from bot.project import priority, wall
from bot.project.model import Request
from bot.project.schema import load
from bot.project.words import RequestStatus
from bot.triage import board, messages
from bot.world import World, backlog
from bot.world.engine import Run
from bot.world.sheets import Book, Change
from bot.world.web_api import SlackFailure

log = structlog.get_logger(__name__)

FOLLOWED = (RequestStatus.WITHDRAWN, RequestStatus.DEFERRED)  # typed by people, told, and acted on no further


def follow(world: World, run: Run, subject: str = "all", slot: str = "") -> str:
    """The flow of one look at the backlog; looking again after a crash changes nothing. Returns its one-line report."""
    del run, subject, slot
    if world.store.recall("backlog") is None:
        return "there is no backlog yet"
    book = _with_ids(world)
    returned = [request for request in book.records(backlog.TAB) if _came_back(world, request)]
    cells = board.reorder(world) if returned or board.order_changes(book.records(backlog.TAB)) else 0
    book = backlog.read(world, *board.TABS) if returned or cells else book
    for request in book.records(backlog.TAB):
        if request.id:
            _heed(world, request)
    for request in returned:
        _tell_back(world, book, request)
    shown = _show_changed(world, book)
    return f"{cells} cells of the order written, {len(returned)} requests back, {shown} cards shown"


def settle(world: World, request_id: str) -> None:
    """Once a typed decision is confirmed, put back or mended, the message that asked about it says so."""
    kept = world.store.recall(_typed(request_id)) or {}
    request = backlog.find(world, request_id) if kept.get("status") else None
    if request is None or board.is_typed(world, request):
        return
    sending = world.store.sending(_confirm_key(request_id, kept["n"]))
    if sending and sending.channel and sending.ts:
        world.slack.update(sending.channel, sending.ts, messages.settled(request, kept["status"]))
    world.store.remember(_typed(request_id), {"status": "", "n": kept["n"]})


def _with_ids(world: World) -> Book:
    """The backlog once every row that people typed has an ID of its own."""
    book = backlog.read(world, *board.TABS)
    rows = [row for row in book.rows(backlog.TAB) if row.record.customer]
    if len({row.id for row in rows if row.id}) < len(rows):
        mended = world.sheets.mend_ids(world.backlog(), load(backlog.SCHEMA), (backlog.TAB,))
        world.audit("implbot", "gave IDs", "backlog", reason=", ".join(str(problem.proposal) for problem in mended))
        book = backlog.read(world, *board.TABS)
    return book


def _came_back(world: World, request: Request) -> bool:
    """A deferred request whose day has come is in review again."""
    today = world.clock.today(world.settings.zone)
    if request.status is not RequestStatus.DEFERRED or not request.deferred_until or request.deferred_until > today:
        return False
    change = Change(backlog.TAB, request.id, "status", RequestStatus.IN_REVIEW, RequestStatus.DEFERRED, by_person=True)
    if not backlog.write(world, [change])[0].done:
        return False
    board.keep_decided(world, request.id, {"status": str(RequestStatus.IN_REVIEW), "key": "back"})
    world.audit("implbot", "came back", request.id, reason=f"deferred until {request.deferred_until}")
    return True


def _tell_back(world: World, book: Book, request: Request) -> None:
    """Leads see in their channel, CE and AE in a direct message, that it waits again."""
    ranks = priority.ranks(book.records(backlog.TAB))
    message = messages.back(request, ranks.get(request.id, 0), len(ranks))
    key = f"back:{request.id}:{request.deferred_until}"
    _try(request.id, lambda: world.slack.post_once(key, board.channel(world), message, wall.internal()))
    for email in dict.fromkeys((request.ce, request.ae)):
        _try(request.id, lambda email=email: board.say(world, f"{key}:{email}", email, message))


def _heed(world: World, request: Request) -> None:
    """What a row's status asks for: a lead's press, or a word to those who asked."""
    if board.is_typed(world, request):
        _try(request.id, lambda: _ask_to_confirm(world, request))
        return
    _try(request.id, lambda: settle(world, request.id))
    kept = board.decided(world, request.id)
    if request.status in priority.OPEN and world.store.recall(f"standing:{request.id}") != request.status:
        world.store.remember(f"standing:{request.id}", str(request.status))
    if request.status in FOLLOWED and (kept is None or kept["status"] != request.status):
        board.keep_decided(world, request.id, {"status": str(request.status), "key": "sheet"})
        world.audit("implbot", "followed the sheet", request.id, reason=f"status {request.status}")
        for email in dict.fromkeys((request.ce, request.ae)):
            key = f"sheet:{request.id}:{request.status}:{request.deferred_until}:{email}"
            _try(request.id, lambda email=email, key=key: board.say(world, key, email, messages.in_sheet(request)))


def _ask_to_confirm(world: World, request: Request) -> None:
    """Once for each time that a decision is typed."""
    kept = world.store.recall(_typed(request.id)) or {"status": "", "n": 0}
    if kept["status"] != request.status:
        kept = {"status": str(request.status), "n": kept["n"] + 1}
        world.store.remember(_typed(request.id), kept)
        world.audit("implbot", "asked to confirm", request.id, reason=f"{request.status} was typed into the sheet")
    key = _confirm_key(request.id, kept["n"])
    world.slack.post_once(key, board.channel(world), messages.typed(request), wall.internal())


def _show_changed(world: World, book: Book) -> int:
    """Show the cards that are missing, deleted, or say something else than their rows; returns how many."""
    standing = _standing(world)
    count = 0
    for request in book.records(backlog.TAB):
        if request.id:
            count += bool(_try(request.id, lambda request=request: _show(world, book, request, standing)))
    return count


def _show(world: World, book: Book, request: Request, standing: set[str]) -> bool:
    sending = world.store.sending(board.card_key(request.id))
    is_open = request.status in priority.OPEN or board.is_typed(world, request)
    if not is_open and sending is None:
        return False
    message = board.card_of(world, book, request)
    is_lost = is_open and (sending is None or sending.ts not in standing)
    if not is_lost and world.store.recall(f"card:{request.id}") == board.digest(message):
        return False
    board.show(world, request.id, message)
    return True


def _standing(world: World) -> set[str]:
    """The times of the cards that stand in the triage channel."""
    cards = [one.ts for one in world.store.sendings("triage:") if one.ts]
    return world.slack.standing(board.channel(world), min(cards, key=float)) if cards else set()


def _try(request_id: str, act: Any) -> Any:
    """One request's trouble is not the others'."""
    try:
        return act()
    except (SlackFailure, UserError) as failure:
        log.warning("a request could not be followed", request=request_id, cause=str(failure))
        return None


def _typed(request_id: str) -> str:
    return f"typed:{request_id}"


def _confirm_key(request_id: str, number: int) -> str:
    return f"confirm:{request_id}:{number}"
