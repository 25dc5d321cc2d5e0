"""What the project manager hears when a draft is ready."""

from bot.world.blocks import Message, link, md, section


def ready(customer: str, period: str, url: str) -> Message:
    """The draft waits for its editor; nobody else has been told."""
    words = md(
        "The progress report of *{customer}* for {period} is drafted: {draft}\n"
        "Please review it, edit what you like, and publish it when it is right. Nobody else has been told.",
        customer=customer,
        period=period,
        draft=link(url, "open the draft"),
    )
    return Message(f"The progress report of {customer} is ready for review", (section(words),))
