"""`/implementation status`: how requests stand, for those who may see them (rule: who may)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.errors import Refused
from bot.project import priority
from bot.project.model import PortfolioLine, Request
from bot.project.words import RequestStatus
from bot.provisioning import plan
from bot.triage import board, messages
from bot.world import World, backlog
from bot.world.listening import Act, Reply

COMMAND = "/implementation"
MOST = 10
ROLES = ("pm", "ie", "ta")
NEXT = {
    RequestStatus.NEW: "The leads look at it next; the Customer Engineer hears their decision.",
    RequestStatus.IN_REVIEW: "The leads are weighing it; the Customer Engineer hears their decision.",
    RequestStatus.NEEDS_INFORMATION: "The leads wait for an answer; the Answer button is in the direct message.",
    RequestStatus.DECLINED: "Nothing more happens; if something changes, please send a new request.",
    RequestStatus.WITHDRAWN: "Nothing more happens.",
}


def show(world: World, act: Act) -> Reply | None:
    """`/implementation status [customer or ID]`: what this person may see, privately."""
    verb, _, wanted = act.text.partition(" ")
    person = world.slack.person(act.user_id)
    if person is None or not person.is_staff:
        world.audit(act.user_id, "refused status", wanted, reason="not of our staff")
        raise Refused("Only our own staff can see requests. Please ask your contact in our team.")
    if verb.casefold() not in ("status", ""):
        return Reply(text=messages.COMMAND)
    book = backlog.read(world, "portfolio")
    sees_all = bool(world.lead_groups(act.user_id)) or _is_on_a_team(world, book.records("portfolio"), person.email)
    requests: list[Request] = book.records(backlog.TAB)
    mine = [request for request in requests if sees_all or person.email in (request.ce, request.ae)]
    found = _matching(mine, wanted.strip())
    if not found:
        return Reply(text=messages.NOTHING)
    ranks = priority.ranks(requests)
    told = [_told(world, request, ranks) for request in found[:MOST]]
    more = [f"… and {len(found) - MOST} more; please name the customer."] if len(found) > MOST else []
    return Reply(text="\n\n".join(told + more))


def _is_on_a_team(world: World, lines: Iterable[PortfolioLine], email: str) -> bool:
    """PM, engineer or advisor of a project, as the portfolio has it, or PM of one that is registered here."""
    teams = {getattr(line, role).strip().lower() for line in lines for role in ROLES}
    return email in (teams | {row["pm"] for row in world.store.all_projects()}) - {""}


def _matching(requests: list[Request], wanted: str) -> list[Request]:
    """By ID, else by a part of the customer's name; without words, those that are not over, in their order."""
    if not wanted:
        return sorted((r for r in requests if r.status in (*priority.OPEN, None)), key=priority.sort_key)
    by_id = [request for request in requests if request.id.casefold() == wanted.casefold()]
    return by_id or [request for request in requests if wanted.casefold() in request.customer.casefold()]


def _told(world: World, request: Request, ranks: dict[str, int]) -> str:
    """Status, place in the queue with its reason, and what happens next."""
    lines = [f"{request.id} · {request.customer}: {_status(world, request)}"]
    if request.id in ranks:
        lines.append(f"Number {ranks[request.id]} of {len(ranks)} in the queue. {priority.explanation(request)}.")
    if request.status is RequestStatus.NEEDS_INFORMATION and request.question:
        lines.append(f"Question: {request.question}")
    if request.decision_reason and request.status not in priority.WAITING:
        lines.append(f"Reason: {request.decision_reason}")
    lines.append(f"Next: {_next(world, request)}")
    return "\n".join(lines)


def _status(world: World, request: Request) -> str:
    if board.is_typed(world, request):
        return f"{request.status} is written in the sheet, and no lead has confirmed it yet"
    decided = request.status not in priority.OPEN and request.decided_by
    return (
        f"{request.status or 'no status'}, by {request.decided_by}" if decided else str(request.status or "no status")
    )


def _next(world: World, request: Request) -> str:
    if board.is_typed(world, request):
        return "A lead confirms it, or puts it back."
    if request.status is RequestStatus.DEFERRED:
        until = f"on {request.deferred_until:%-d %B %Y}" if request.deferred_until else "when the leads take it up"
        return f"It comes back to the leads {until}."
    if request.status is RequestStatus.SELECTED:
        return _set_up(world, request.id)
    return NEXT.get(request.status or RequestStatus.NEW, NEXT[RequestStatus.NEW])


def _set_up(world: World, request_id: str) -> str:
    """How far the project is: being set up, with what is done of it, or at work."""
    project: dict[str, Any] | None = world.store.project(request_id)
    done = [step for step in plan.STEPS if world.store.recall(f"setup:{request_id}:{step.name}") is not None]
    if project is None:
        return f"Its project is being set up: {len(done)} of {len(plan.STEPS)} steps are done."
    state = f"The project is {project['state']}; {project['pm']} runs it"
    left = [step.title for step in plan.STEPS if step not in done]
    return f"{state}. Set-up still lacks: {', '.join(left)}." if done and left else f"{state}."
