"""What the bot says about a request to the person who asked."""

from bot.world.blocks import Message, md, section


def thanks(request_id: str, customer: str) -> Message:
    """A line to the Customer Engineer once the row is written."""
    words = md(
        "Your request *{id}* for *{customer}* is in the backlog. "
        "The leads triage it next; you will hear their decision here.",
        id=request_id,
        customer=customer,
    )
    return Message(f"Request {request_id} is in the backlog", (section(words),))


OTHER_HELP = "Thanks for asking. For other help, please write in #{channel}: somebody there will pick it up today."
NOT_STAFF = "Only our own staff can ask for an implementation. Please ask your contact in our team."
