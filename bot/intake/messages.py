"""What the bot says about a request to the person who asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.project.model import Request
from bot.world.blocks import Message, actions, button, context, md, modal, section

ANSWER = "intake_answer"
NOT_STAFF = "Only our own staff can ask for an implementation. Please ask your contact in our team."
NOT_OURS = "Please choose somebody of our own staff who is with us today."
GONE = "This request is not in the backlog any more. Please look at the sheet, or ask the leads."
NOT_YOURS = "Only the Customer Engineer or account executive of this request, or a lead, can answer for it."
ANSWERED = "{id} waits for no answer any more; its status is {status}. Type /implementation status {id} to see more."


def thanks(request_id: str, customer: str, place: int, waiting: int, explanation: str) -> Message:
    """A line to the Customer Engineer once the row is written: where it stands, and what happens next."""
    words = md(
        "Your request *{id}* for *{customer}* is in the backlog, number {place} of {waiting}. "
        "The leads triage it next; you will hear their decision here.",
        id=request_id,
        customer=customer,
        place=place,
        waiting=waiting,
    )
    more = md("{why}. `/implementation status {id}` shows how it stands.", why=explanation, id=request_id)
    return Message(f"Request {request_id} is in the backlog", (section(words), context(more)))


def question(request: Request, asked: str, lead: str) -> Message:
    """To the Customer Engineer: what the leads need to know, and the way to answer."""
    words = md(
        "{lead} needs to know more about *{id} · {customer}* before it can be decided:\n>{question}",
        lead=lead,
        id=request.id,
        customer=request.customer,
        question=asked.replace("\n", "\n>"),
    )
    return Message(
        f"The leads have a question about {request.id}",
        (section(words), actions(button("Answer", ANSWER, request.id, "primary"))),
    )


def answer_thanks(request_id: str, kept: Sequence[str]) -> Message:
    """To who answered: it is with the leads; cells that somebody changed in the sheet meanwhile stay as they are."""
    words = md("Thank you. Your answer about *{id}* is with the leads.", id=request_id)
    if not kept:
        return Message(f"Your answer about {request_id} is with the leads", (section(words),))
    told = md("Somebody changed these in the sheet meanwhile, so I left them: {names}.", names=", ".join(kept))
    return Message(f"Your answer about {request_id} is with the leads", (section(words), context(told)))


def sent_already(customer: str) -> dict[str, Any]:
    """In place of a form whose very request was sent a moment ago."""
    words = md(
        "You sent this very request for *{customer}* a moment ago. It is on its way, and nothing was made twice.",
        customer=customer,
    )
    return modal("request_sent", "Sent already", None, [section(words)])
