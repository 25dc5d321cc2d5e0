"""A person's morning message and what stands beside it, and the short answers to its buttons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.world.blocks import (
    Block,
    Markup,
    Message,
    actions,
    button,
    context,
    header,
    lines,
    link,
    md,
    one_line,
    plain,
    section,
)

Json = Any

DONE, DATE, MORE, DRAFT, UNDO, LIVE = "item_done", "item_date", "item_more", "item_draft", "item_undo", "reminders_live"
FORM = "item_answer"
BLOCK_ID_LIMIT = 255
CLOSABLE = ("milestones", "tasks", "prerequisites")
BLOCKABLE = ("milestones", "tasks")

NOT_YOURS = "Only the owner of an item, the project manager or a lead can answer it. Please tell one of them."
PERSON_WON = (
    "Somebody changed this row meanwhile (it says {found} now), so I left it as it is. Please have a look: {url}"
)
GONE = "I cannot find this row any more. Please have a look at the sheet."
NOT_NOW = "Google did not take the change. Please press {press} again in a few minutes, or change the sheet yourself."
ID_TWICE = "Two rows have the ID {row_id}, so I changed neither. Please give one of them another ID: {url}"
NO_COLUMN = "I cannot find the column for this in the sheet any more. Please change the row yourself: {url}"
CLOSED = "This is {status} by now, so there is nothing left to change."
SETTLED = "There is nothing left to remind of in this row, so there is nothing to snooze."
TOO_LATE = "It is more than five minutes ago, so I do not undo it any more. The row is here: {url}"
NOTHING_TO_UNDO = "There is nothing to undo here any more."
NO_DRAFT = "I do not know this message any more. Please write to the customer in your own words."
LIVE_NOW = "Reminders are on: from the next working morning everybody hears what is theirs."
PRESSES = {"done": "Done", "date": "New date", "blocked": "It is blocked", "owner": "Not me", "snooze": "Snooze"}

SECTIONS = (("own", "Yours"), ("lead", "You lead"))
GATE = "A gate is overdue: what comes after it waits."


# ---------------------------------------------------------------------- the message


def bundle(
    items: Sequence[Mapping[str, Any]],
    more: int,
    answered: Mapping[str, Mapping[str, Any]],
    rehearsed: Sequence[Mapping[str, Any]] = (),
    counted: Sequence[Mapping[str, Any]] = (),
) -> Message:
    """All of one morning: what is the reader's, what they lead, first looks and dry runs; the answered keeps its place.

    *answered* are, by item, the words that stand there then, and whether the press can still be undone.
    """
    count = len(items) + more
    title = f"Good morning: {_things(count)} to look at" if count else "Good morning"
    blocks: list[Block] = [header(title)]
    blocks += _sections(items, answered)
    if more:
        blocks.append(context(md("{n} more will follow on your next working mornings.", n=more)))
    for one in counted:
        blocks.append(section(_count_line(one)))
    for one in rehearsed:
        blocks += _rehearsal(one, answered)
    first = one_line(items[0]["title"], 120) if items else ""
    need = "thing needs" if count == 1 else "things need"
    text = f"{count} {need} a look: {first}" if count else _without_items(rehearsed, counted)
    return Message(text, tuple(blocks))


def alert(item: Mapping[str, Any], answered: Mapping[str, Mapping[str, Any]]) -> Message:
    """One gate that has just become overdue, at once."""
    blocks = [section(md("*{words}*", words=GATE)), *_item(item, answered.get(item["ref"]))]
    return Message(f"A gate is overdue: {one_line(item['title'], 120)}", tuple(blocks))


def shown(body: Mapping[str, Any], answered: Mapping[str, Mapping[str, Any]]) -> Message:
    """A message that stands, as it should look by now."""
    if body.get("alert"):
        return alert(body["items"][0], answered)
    return bundle(body["items"], body["more"], answered, body.get("rehearsed", ()), body.get("counted", ()))


def _things(count: int) -> str:
    return f"{count} {'thing' if count == 1 else 'things'}"


def _without_items(rehearsed: Sequence[Mapping[str, Any]], counted: Sequence[Mapping[str, Any]]) -> str:
    if rehearsed:
        return f"Dry run of the reminders of {one_line(rehearsed[0]['customer'], 80)}"
    return f"A first look at {one_line(counted[0]['customer'], 80)}" if counted else "Good morning"


def _sections(items: Sequence[Mapping[str, Any]], answered: Mapping[str, Mapping[str, Any]]) -> Iterator[Block]:
    for name, title in SECTIONS:
        found = [item for item in items if item.get("section", "own") == name]
        if found:
            yield context(md("*{title}*", title=title))
        for item in found:
            yield from _item(item, answered.get(item["ref"]))


def _item(item: Mapping[str, Any], answer: Mapping[str, Any] | None) -> Iterator[Block]:
    title = one_line(item["title"], 120)
    if answer is not None:
        undo = button("Undo", UNDO, item["ref"]) if answer.get("undo") else None
        words = md("✓ ~{title}~ {words}", title=title, words=one_line(answer["words"], 300))
        yield section(words, _block_id("item", item), accessory=undo)
        return
    place = link(item["url"], f"{item['subject']} {title}")
    words = md("*{kind}* · {customer}\n{place}", kind=item["kind"].capitalize(), customer=item["customer"], place=place)
    detail = md("\n{detail}", detail=item["detail"]) if item["detail"] else Markup("")
    press = button("Done", DONE, item["ref"]) if item["tab"] in CLOSABLE else _menu(item)
    yield section(Markup(words + detail), _block_id("item", item), accessory=press)
    if item["tab"] in CLOSABLE:
        draft = (button("Draft a message", DRAFT, item["ref"]),) if item.get("draft") else ()
        presses = (button("New date", DATE, item["ref"]), *draft, _menu(item))
        yield actions(*presses, block_id=_block_id("more", item))


def _block_id(part: str, item: Mapping[str, Any]) -> str:
    """The same however often the message is edited: what an open client still shows can be pressed.

    A row may stand in a message for two matters, so its kind is part of it.
    """
    return f"{part}|{item['kind']}|{item['ref']}"[:BLOCK_ID_LIMIT]


def _menu(item: Mapping[str, Any]) -> Block:
    """What is pressed less often: five choices at most."""
    choices = [(f"Snooze {_days(days)}", f"snooze{days}") for days in (1, 3, 7)]
    choices += [("It is blocked", "blocked")] if item["tab"] in BLOCKABLE else []
    choices += [("Not me", "owner")]
    options = [{"text": plain(label), "value": f"{name}|{item['ref']}"} for label, name in choices]
    return {"type": "overflow", "action_id": MORE, "options": options}


def _days(days: int) -> str:
    return f"{days} working {'day' if days == 1 else 'days'}"


def _count_line(one: Mapping[str, Any]) -> Markup:
    counts = ", ".join(f"{count} × {kind}" for kind, count in one["counts"])
    return md(
        "*A first look at {customer}*: {counts}. Nobody was told of these yet; from today they are reminded of as if "
        "they were due today.",
        customer=one_line(one["customer"], 80),
        counts=counts or "nothing to remind of",
    )


def _rehearsal(one: Mapping[str, Any], answered: Mapping[str, Mapping[str, Any]]) -> Iterator[Block]:
    customer = one_line(one["customer"], 80)
    told = [md("• {line}", line=one_line(line, 200)) for line in one["lines"]]
    told += [md("and {n} more", n=one["more"])] if one["more"] else []
    head = md("*Dry run · {customer}*: only you see this. I would have told today:", customer=customer)
    yield section(lines([head, *told]))
    if one["project"] in answered:
        yield context(md("✓ {words}", words=LIVE_NOW))
    else:
        yield actions(button("Switch reminders on", LIVE, one["project"]), block_id=f"live|{one['project']}")


def rehearsed_line(name: str, kind: str, subject: str, title: str) -> str:
    """One line of a dry run."""
    return f"{one_line(name, 60)}: {kind} {subject} {one_line(title, 80)}"


def detail(days: int, due: str, whose: str, facts: Sequence[str]) -> str:
    """The small line under an item: how late, whose it is when not the reader's, and what the row itself says."""
    late = (
        f"due {due}, {days} working {'day' if days == 1 else 'days'} ago" if days > 0 else f"due {due}" if due else ""
    )
    return " · ".join(one_line(part, 160) for part in (late, whose, *facts) if part)


# ---------------------------------------------------------------------- a draft for the customer


def draft(greeting: str, title: str, due: date | None, manager: str) -> str:
    """What the project manager may send to the customer's owner of an item."""
    planned = f", which we had planned for {due:%A %-d %B}," if due else ""
    return (
        f"Hello{f' {greeting}' if greeting else ''},\n\na short question about “{one_line(title, 200)}”{planned} as it "
        "is still open on your side: is it on its way, or is there a new date that suits you better? If anything keeps "
        f"you from it, tell me and we look at it together.\n\nThank you\n{manager}"
    )


# ---------------------------------------------------------------------- what stands in place of an answered item


def done_words() -> str:
    """After Done."""
    return "Done, thank you."


def date_words(day: str) -> str:
    """After New date."""
    return f"Now expected on {date.fromisoformat(day):%a %-d %b}, thank you."


def blocked_words(reason: str) -> str:
    """After It is blocked."""
    return f"Blocked: {one_line(reason, 120)}"


def owner_words(name: str, day: date) -> str:
    """After Not me: when the new owner hears of it at the earliest."""
    return f"It belongs to {name} now, who hears of it on {day:%a %-d %b} if it is still open."


def snooze_words(day: date) -> str:
    """After Snooze."""
    return f"Snoozed: I ask again on {day:%a %-d %b}."


def upcoming_words(day: date, recipients: Iterable[str]) -> str:
    """What a row's Check cell says of the next reminder."""
    return f"next reminder {day:%a %-d %b} to {' and '.join(sorted(recipients))}"
