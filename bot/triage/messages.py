"""What leads, requesters and account executives hear of a request."""

from __future__ import annotations

from bot.project.model import Request
from bot.triage.card import confirm_buttons
from bot.world.blocks import Message, context, md, mention, section

NOT_A_LEAD = "Only leads decide on requests. If you think this one should be decided now, please tell one of them."
DECIDED = "This request is {status} already; nothing was changed."
A_PROJECT = "{id} is a project already; nothing was changed. Its channel and sheets have all that follows."
NO_STATUS = "I cannot read the status of this request. Please mend its Status cell in the backlog, then press again."
CANNOT = "This request cannot be selected yet: {reason}. Please mend its row, or ask for information."
NOT_TYPED = "There is nothing to put back any more: the status of {id} is {status}."
GONE = "Request {id} is not in the backlog any more. Please look at the sheet."
STALE = "I do not know this button any more. Please use the newest card of this request."
CHANGED_MEANWHILE = (
    "Somebody changed the row of {id} in the same moment, so I left it. Please look at the card and press again."
)
COMMAND = (
    "`/implementation-request [customer]` asks for an implementation. `/implementation status [customer or ID]` shows "
    "how a request stands. For a project's manager and the leads: `/implementation project [customer or ID]` holds, "
    "resumes, cancels, re-opens or renames a project and changes its people; `/implementation open [customer or ID]` "
    "opens it to its customer."
)
NOTHING = "I find no request of yours for that. Leads and project teams see all of them; others see their own."


def selected(request: Request, pm_id: str, kickoff: str, reason: str) -> Message:
    """To CE and AE: it becomes a project."""
    words = md(
        "*{id} · {customer}* was selected. {pm} runs it; kickoff is on {kickoff}. "
        "The project's files and channel are being set up, and you will be invited.",
        id=request.id,
        customer=request.customer,
        pm=mention(pm_id),
        kickoff=kickoff,
    )
    why = [context(md("The leads' reason: {reason}", reason=reason))] if reason else []
    return Message(f"{request.id} was selected", (section(words), *why))


def late(request: Request) -> Message:
    """To a lead whose decision came after another one's."""
    words = md(
        "*{id} · {customer}* was decided a moment before you: {status} by {name}. Your own decision changed nothing.",
        id=request.id,
        customer=request.customer,
        status=request.status or "its status changed",
        name=request.decided_by or "somebody",
    )
    return Message(f"{request.id} was decided already", (section(words),))


def declined(request: Request, reason: str) -> Message:
    """To CE and AE: it does not, and why."""
    words = md(
        "*{id} · {customer}* was declined: {reason}\nIf something changes, please send a new request.",
        id=request.id,
        customer=request.customer,
        reason=reason,
    )
    return Message(f"{request.id} was declined", (section(words),))


def deferred(request: Request, reason: str, until: str) -> Message:
    """To CE and AE: not now, why, and when it comes back."""
    words = md(
        "*{id} · {customer}* was deferred until {until}: {reason}\n"
        "It keeps its age and comes back to the leads on that day by itself; you need not ask again.",
        id=request.id,
        customer=request.customer,
        until=until,
        reason=reason,
    )
    return Message(f"{request.id} was deferred until {until}", (section(words),))


def back(request: Request, rank: int, waiting: int) -> Message:
    """To leads, CE and AE: a deferred request waits for a decision again."""
    words = md(
        "*{id} · {customer}* was deferred until today. It is in review again, number {rank} of {waiting} in the queue.",
        id=request.id,
        customer=request.customer,
        rank=rank,
        waiting=waiting,
    )
    return Message(f"{request.id} is back in the queue", (section(words),))


def in_sheet(request: Request) -> Message:
    """To CE and AE: somebody changed the status in the sheet."""
    words = md(
        "The status of *{id} · {customer}* is now {status}, as somebody noted in the backlog sheet.{reason}",
        id=request.id,
        customer=request.customer,
        status=request.status or "",
        reason=f" The reason there: {request.decision_reason}" if request.decision_reason else "",
    )
    return Message(f"{request.id} is {request.status} now", (section(words),))


def typed(request: Request) -> Message:
    """To leads: somebody typed a decision into the sheet, which acts on nothing by itself."""
    words = md(
        "Somebody typed *{status}* into the row of *{id} · {customer}*. Nothing happens before a lead confirms it.",
        status=request.status or "",
        id=request.id,
        customer=request.customer,
    )
    return Message(f"{request.id}: is {request.status} meant?", (section(words), confirm_buttons(request)))


def settled(request: Request, was: str) -> Message:
    """In place of that question, once it is answered."""
    words = md(
        "*{was}* was typed into the row of *{id} · {customer}*. That is settled: its status is {status} now.",
        was=was,
        id=request.id,
        customer=request.customer,
        status=request.status or "blank",
    )
    return Message(f"{request.id}: settled", (section(words),))
