"""The board of triage as it stands: what decisions were made here, and one living card for each request."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterable
from typing import Any

from bot.errors import UserError
from bot.project import priority, wall
from bot.project.model import PortfolioLine, Request
from bot.project.words import ProjectState, RequestStatus
from bot.triage import card, messages
from bot.world import World, backlog
from bot.world.blocks import Message
from bot.world.sheets import Book, Change

BOT_COLUMNS = ("score", "rank", "rank_reason")
NEEDS_PRESS = (RequestStatus.SELECTED, RequestStatus.DECLINED)
TABS = ("portfolio", "lessons")
_TURN = threading.Lock()  # approvals of two leads at one moment are both kept
_ORDER = threading.Lock()  # of two orders made at one moment the second one sees what the first wrote


# What was decided here


def decided(world: World, request_id: str) -> dict[str, str] | None:
    """The last decision that was made here: its status, and the key of the run that made it."""
    kept: dict[str, str] | None = world.store.recall(f"decided:{request_id}")
    return kept


def keep_decided(world: World, request_id: str, kept: dict[str, str] | None) -> None:
    """Keep what was decided here, so that the same word typed into the sheet is told from it."""
    world.store.remember(f"decided:{request_id}", kept)


def is_typed(world: World, request: Request) -> bool:
    """True when the row says Selected or Declined and no lead has pressed anything.

    Where this store knows nothing of the request, the bot's own column *Decided by* tells.
    """
    if request.status not in NEEDS_PRESS or world.store.project(request.id) is not None:
        return False
    kept = decided(world, request.id)
    return kept["status"] != request.status if kept else not request.decided_by


def approve(world: World, request_id: str, user_id: str) -> None:
    """Keep that a lead of some groups said yes; a trial needs two, who may press at the same moment."""
    with _TURN:
        kept = {**approvals(world, request_id), user_id: sorted(world.lead_groups(user_id))}
        world.store.remember(f"approvals:{request_id}", kept)


def approvals(world: World, request_id: str) -> dict[str, list[str]]:
    """The groups of everyone who pressed Select, by user ID."""
    return dict(world.store.recall(f"approvals:{request_id}") or {})


def forget_approvals(world: World, request_id: str) -> None:
    """Another decision was made: a later Select begins anew."""
    world.store.remember(f"approvals:{request_id}", {})


def names_of(world: World, approved: dict[str, list[str]]) -> list[str]:
    """Who pressed Select, with the groups they stand for."""
    return [f"{person_name(world, who)} ({' and '.join(groups)} lead)" for who, groups in approved.items()]


def person_name(world: World, user_id: str) -> str:
    """A person's name by Slack ID."""
    person = world.slack.person(user_id)
    return person.name if person else user_id


def email_names(world: World, emails: Iterable[str]) -> dict[str, str]:
    """People's names by e-mail, for those whom Slack knows."""
    found = {email: world.slack.person_by_email(email) for email in set(emails) if email}
    return {email: person.name for email, person in found.items() if person}


# The order


def reorder(world: World) -> int:
    """Write score, rank and its reason where they differ; returns how many cells were written."""
    with _ORDER:
        changes = order_changes(backlog.read(world).records(backlog.TAB))
        return sum(outcome.done for outcome in backlog.write(world, changes))


def order_changes(requests: list[Request]) -> list[Change]:
    """The bot's columns that say something else than the rows give."""
    ranks = priority.ranks(requests)
    changes = []
    for request in requests:
        wanted = (priority.score(request), ranks.get(request.id), priority.explanation(request))
        for column, new in zip(BOT_COLUMNS, wanted, strict=True):
            if request.id and getattr(request, column) != new:
                changes.append(Change(backlog.TAB, request.id, column, new))
    return changes


# The cards


def show_card(world: World, request_id: str) -> None:
    """Post the card of a request, or edit it in place; one that somebody deleted is posted again."""
    book = backlog.read(world, *TABS)
    row = book.row(backlog.TAB, request_id)
    if row is None:
        raise UserError(messages.GONE.format(id=request_id))
    show(world, request_id, card_of(world, book, row.record))


def show(world: World, request_id: str, message: Message) -> None:
    """Show this as the request's card, and keep what it looks like."""
    world.slack.show(card_key(request_id), channel(world), message, wall.internal())
    world.store.remember(f"card:{request_id}", digest(message))


def card_of(world: World, book: Book, request: Request) -> Message:
    """The card of a request, from what was read."""
    ranks = priority.ranks(book.records(backlog.TAB))
    running = _running(world, book.records("portfolio"))
    emails = [request.ce, request.ae, *(line.pm for line in running), *(line.ie for line in running)]
    names, approved = email_names(world, emails), approvals(world, request.id)
    is_open = request.status in priority.OPEN or is_typed(world, request)
    around = card.Around(
        row_url=backlog.row_url(world, book, request.id),
        rank=ranks.get(request.id),
        waiting=len(ranks),
        names=names,
        load=card.load_lines(running, names),
        lessons=card.similar(request, book.records("lessons")),
        approved_by=names_of(world, approved) if is_open else (),
        awaited=card.missing_approval(request, approved) if is_open and approved else "",
        is_typed=is_typed(world, request),
    )
    return card.message(request, around)


def _running(world: World, portfolio: list[PortfolioLine]) -> list[PortfolioLine]:
    """The portfolio's lines of the projects that are registered here and active."""
    states = {row["key"]: row["state"] for row in world.store.all_projects()}
    return [line for line in portfolio if states.get(line.id) == ProjectState.ACTIVE]


def channel(world: World) -> str:
    """The triage channel's ID; a UserError says how to mend it."""
    found = world.slack.channel_id(world.settings.triage_channel)
    if found is None:
        raise UserError(f"I am not in #{world.settings.triage_channel}. Please invite me there.")
    return found


def card_key(request_id: str) -> str:
    """The natural key of a request's card."""
    return f"triage:{request_id}"


def digest(message: Message) -> str:
    """What tells one look of a card from another."""
    shown: Any = [message.text, message.blocks]
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:24]


# The people


def say(world: World, key: str, email: str, message: Message) -> None:
    """Tell one person of our own staff, once under a key."""
    person = world.slack.person_by_email(email)
    if person and person.is_staff:
        world.slack.post_once(f"told:{key}", world.slack.direct(person.id), message, wall.internal())
