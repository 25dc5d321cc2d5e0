"""A person's morning message, and the short answers to its buttons."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot.world.blocks import Block, Markup, Message, button, context, header, link, md, one_line, section

DONE = "item_done"
CLOSABLE = ("milestones", "tasks")

NOT_YOURS = "Only the owner of an item, the project manager or a lead can answer it. Please tell one of them."
PERSON_WON = (
    "Somebody changed this row meanwhile (it says {found} now), so I left it as it is. Please have a look: {url}"
)
GONE = "I cannot find this row any more. Please have a look at the sheet."
NOT_NOW = "Google did not take the change. Please press Done again in a few minutes, or set the status in the sheet."
ID_TWICE = "Two rows have the ID {row_id}, so I changed neither. Please give one of them another ID: {url}"
NO_COLUMN = "I cannot find the Status column of this sheet any more. Please set the status yourself: {url}"


def bundle(items: Sequence[Mapping[str, Any]], more: int, answered: Collection[str]) -> Message:
    """All items of one morning; an answered one keeps its place, ticked."""
    count = len(items) + more
    blocks: list[Block] = [header(f"Good morning: {count} {'thing' if count == 1 else 'things'} to look at")]
    blocks += [_item(item, item["ref"] in answered) for item in items]
    if more:
        blocks.append(context(md("{n} more will follow on your next working mornings.", n=more)))
    first = one_line(items[0]["title"], 120)
    return Message(f"{count} {'thing needs' if count == 1 else 'things need'} a look: {first}", tuple(blocks))


def _item(item: Mapping[str, Any], is_answered: bool) -> Block:
    title = one_line(item["title"], 120)
    place = link(item["url"], f"{item['subject']} {title}")
    words = md("*{kind}* · {customer}\n{place}", kind=item["kind"].capitalize(), customer=item["customer"], place=place)
    detail = md("\n{detail}", detail=item["detail"]) if item["detail"] else Markup("")
    if is_answered:
        return section(md("✓ ~{title}~ Done, thank you.", title=title))
    press = button("Done", DONE, item["ref"]) if item["tab"] in CLOSABLE else None
    return section(Markup(words + detail), accessory=press)


def detail(days: int, due: str, whose: str, facts: Sequence[str]) -> str:
    """The small line under an item: how late, whose it is when not the reader's, and what the row itself says."""
    late = (
        f"due {due}, {days} working {'day' if days == 1 else 'days'} ago" if days > 0 else f"due {due}" if due else ""
    )
    owner = f"owner: {whose}" if whose else ""
    return " · ".join(one_line(part, 160) for part in (late, owner, *facts) if part)
