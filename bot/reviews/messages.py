"""What the Monday agenda says, line by line, and what stands in its place once it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.project.words import SlipCause
from bot.reviews.agenda import Agenda, Item
from bot.world.blocks import (
    Block,
    Markup,
    Message,
    actions,
    button,
    context,
    lines,
    link,
    md,
    mention,
    menu,
    one_line,
    section,
)

Json = Any

KEEP, RESCORE, CLOSE, OCCURRED = "reviews_keep", "reviews_rescore", "reviews_close", "reviews_occurred"
RESOLVED, NEXT, CAUSE = "reviews_resolved", "reviews_next", "reviews_cause"
FORM, SHORTCUT, LOG_FORM, LOG_KIND = "reviews_form", "reviews_log", "reviews_log_form", "reviews_log_kind"

BUTTONS = {
    "risks": ((KEEP, "No change"), (RESCORE, "Rescore"), (CLOSE, "Close"), (OCCURRED, "Becomes issue")),
    "issues": ((KEEP, "No change"), (RESOLVED, "Resolved"), (NEXT, "Next action")),
}
PRESSES = {name: label for pairs in BUTTONS.values() for name, label in pairs}

GONE = "I do not find this row any more. The next agenda lists what stands in the playbook then."
ANSWERED = "This was answered already; nothing was changed."
NOT_YOURS = "Only the owner of this row, the project manager or a lead can answer this. Please tell one of them."
CLOSED = "This row is {status} already; nothing was changed."
ALREADY_ISSUE = "This risk is linked to issue {issue} already; nothing was changed."
NOT_NOW = "Google did not take the change. Please press again in a few minutes."
PERSON_WON = "Somebody changed this row meanwhile, so I left it as it is: it says {found} now."
NO_CELL = "I could not find the cell to write; nothing was changed. Please look at the row itself: {url}"


def top(body: Json, answered: int) -> Message:
    """The one line in the channel."""
    risks = sum(item["tab"] == "risks" for item in body["items"])
    counted = [count(risks, "risk"), count(len(body["items"]) - risks, "issue")]
    counted += [
        f"{body['more']} more" if body["more"] else "",
        count(len(body["causes"]), "moved date", " without a cause"),
        count(len(body.get("mends", ())) + body.get("more_mends", 0), "other thing", " to mend"),
    ]
    words, asked = ", ".join(filter(None, counted)), len(body["items"]) + len(body["causes"])
    state = (
        "in the thread" if not answered else f"{answered} of {asked} answered" if answered < asked else "all answered"
    )
    text = md("*Monday review*: {words} · {state}", words=words, state=state)
    return Message(f"Monday review: {words}", (section(text),))


def count(number: int, word: str, rest: str = "") -> str:
    """How many there are, in words; "" for none."""
    return f"{number} {word}{'' if number == 1 else 's'}{rest}" if number else ""


def body(project: str, found: Agenda, url: str, pm_id: str) -> Json:
    """All that is needed to show the details again, as plain JSON."""
    return {
        "project": project,
        "items": [_packed(project, item) for item in found.items],
        "more": found.more,
        "url": url,
        "pm": pm_id,
        "causes": [
            {
                "ref": f"{project}|slips|{slip.key}",
                "words": f"{slip.milestone} moved by {count(slip.days or 0, 'working day')}, "
                f"{f'from {day(slip.was)} ' if slip.was else ''}to {day(slip.now)}",
            }
            for slip in found.causes
        ],
        "mends": [
            {
                "words": one_line(mend.words, 240), "clears": one_line(mend.clears, 240),
                "places": [[one_line(name, 60), url] for name, url in mend.places],
                "more": len(mend.keys) - len(mend.places), "keys": list(mend.keys),
            }
            for mend in found.mends
        ],
        "more_mends": found.more_mends,
    }  # fmt: skip


def _packed(project: str, item: Item) -> Json:
    return {
        "ref": f"{project}|{item.tab}|{item.id}", "tab": item.tab, "id": item.id, "url": item.url,
        "title": one_line(item.title, 160), "facts": one_line(" · ".join(item.facts), 240),
    }  # fmt: skip


def details(kept: Json, answers: Mapping[str, str]) -> Message:
    """The thread's message: each row with its buttons, an answered one with what became of it."""
    blocks = [block for item in kept["items"] for block in _item(item, answers.get(item["ref"]))]
    if kept["more"]:
        place = link(kept["url"], "the playbook")
        blocks.append(context(md("{more} more in {place}.", more=kept["more"], place=place)))
    if kept["causes"]:
        who = md("{who}: ", who=mention(kept["pm"])) if kept["pm"] else Markup("")
        blocks.append(section(Markup(who + md("why did these dates move? I ask once."))))
    blocks += [block for one in kept["causes"] for block in _cause(one, answers.get(one["ref"]))]
    if kept.get("mends"):
        blocks.append(section(md("*To mend in the sheets*, when there is a moment:")))
        blocks += [section(_mend(one)) for one in kept["mends"]]
    if kept.get("more_mends"):
        more = count(kept["more_mends"], "more kind")
        blocks.append(context(md("{more} of these will follow once these are mended.", more=more)))
    return Message("Risks and issues to review", tuple(blocks))


def _item(item: Json, answer: str | None) -> list[Block]:
    place = link(item["url"], item["id"])
    if answer is not None:
        return [section(md("✓ {place} ~{title}~\n{answer}", place=place, title=item["title"], answer=answer))]
    words = lines([md("{place} *{title}*", place=place, title=item["title"]), md("{facts}", facts=item["facts"])])
    elements = [button(label, name, item["ref"]) for name, label in BUTTONS[item["tab"]]]
    return [section(words), actions(*elements, block_id=f"reviews:{item['tab']}:{item['id']}"[:255])]


def _mend(one: Json) -> Markup:
    """What a check found and what ends it."""
    places = Markup(", ".join(link(url, name) for name, url in one["places"]))
    more = md(" and {n} more", n=one["more"]) if one["more"] else Markup("")
    found = md("{places} {words}" if len(one["keys"]) == 1 else "{words}: {places}", words=one["words"], places=places)
    return lines([Markup("• " + found + more), md("{clears}", clears=one["clears"])])


def _cause(one: Json, answer: str | None) -> list[Block]:
    if answer is not None:
        return [section(md("✓ ~{words}~\n{answer}", words=one["words"], answer=answer))]
    options = [(str(cause), f"{one['ref']}|{cause}") for cause in SlipCause]
    choice = menu(CAUSE, options, placeholder="Why?")
    return [section(md("{words}", words=one["words"]), block_id=f"reviews:{one['ref']}"[:255], accessory=choice)]


def day(value: date | None) -> str:
    """A date as people read it."""
    return f"{value.day} {value:%b %Y}" if value else "blank"
