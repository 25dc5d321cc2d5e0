"""What requesters and account executives hear of a decision."""

from bot.project.model import Request
from bot.world.blocks import Message, md, mention, section

NOT_A_LEAD = "Only leads decide on requests. If you think this one should be decided now, please tell one of them."
DECIDED = "This request is {status} already; nothing was changed."
NO_STATUS = "I cannot read the status of this request. Please mend its Status cell in the backlog, then press again."
NO_KIND = "The row names no kind of project. Please choose a request type in the backlog, then press Select again."
TOO_SMALL = (
    "Small-business accounts get no implementation services. If the segment in the row is wrong, please mend it."
)
GONE = "Request {id} is not in the backlog any more. Please look at the sheet."


def selected(request: Request, pm_id: str, kickoff: str) -> Message:
    """To CE and AE: it becomes a project."""
    words = md(
        "*{id} · {customer}* was selected. {pm} runs it; kickoff is on {kickoff}. "
        "The project's files and channel are being set up, and you will be invited.",
        id=request.id,
        customer=request.customer,
        pm=mention(pm_id),
        kickoff=kickoff,
    )
    return Message(f"{request.id} was selected", (section(words),))


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
