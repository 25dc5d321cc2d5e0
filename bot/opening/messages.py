"""What people read when a project is opened to its customer: forms, results, drafts and requests to IT."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.opening.gather import Preview
from bot.opening.plan import ROLES, Guest
from bot.opening.record import Entry
from bot.project.leaks import Leak
from bot.world import charge
from bot.world.blocks import (
    Block,
    Markup,
    Message,
    actions,
    button,
    context,
    divider,
    header,
    lines,
    link,
    md,
    modal,
    one_line,
    plain,
    section,
    select_input,
    text_input,
)

FORM, CLOSE_FORM, CHANNEL_FORM = "opening_form", "opening_close_form", "opening_channel_form"
TITLE, CLOSE_TITLE, CHANNEL_TITLE = "Open to customer", "Take access back", "Customer channel"

SHOWN = 12  # people or leaks listed in a form
LOOKING = "I am looking at the playbook's people and at every word of the plan. One moment, please."
NOT_NOW = "Google or Slack did not answer well enough ({why}). Nothing was shared. Please try again in a few minutes."
NOTHING_NEW = "Everybody whom the playbook names for the customer's side has the plan already; nothing to do."
NOBODY = (
    "Nobody is named for the customer's side yet. In the playbook's Stakeholders, please set *May see* to Customer "
    "for each person who should get the plan."
)
CANCELLED = "This project is cancelled. Please re-open it before anybody is given something."
CHANGED = "Something changed since you looked, so nothing was shared: {what}. Please open the form again."
NO_REASON = "Please say why; it is kept in the audit."
CHOOSE = "Please choose at least one person."
NO_PEOPLE = "Nobody of the customer has been given the plan yet. Please open the project to them first."
NOT_ADMITTED = "none of those whom the playbook names and whose domain is allowed"


def loading(title: str) -> dict[str, Any]:
    """What stands in the form while everything is read."""
    return modal("opening_loading", title, None, [section(md("{words}", words=LOOKING))])


def told(title: str, words: str) -> dict[str, Any]:
    """A form that only says something."""
    return modal("opening_told", title, None, [section(md("{words}", words=words))])


def form(preview: Preview, refused: Mapping[str, str]) -> dict[str, Any]:
    """Who will get what, what stands in the way, and what is asked of the PM; without a button while nothing may go."""
    may_go = bool(preview.offer.fresh) and not preview.blocking
    blocks = [*_who(preview), *_left_out(preview), *_it(preview, refused), *_in_the_way(preview)]
    if may_go:
        blocks += [divider(), *_asked(preview)]
    return modal(FORM, TITLE, "Share the plan" if may_go else None, blocks, memo=preview.row["key"])


def _who(preview: Preview) -> list[Block]:
    offer = preview.offer
    if not offer.fresh:
        return [section(md("{words}", words=NOTHING_NEW if offer.there else NOBODY))]
    count = len(offer.fresh)
    blocks = [
        section(
            md(
                "*{customer}*: {count} would get the *project plan*, and nothing else. The playbook, the folder and "
                "this project's channel stay internal. I write to nobody; you get a message to send.",
                customer=preview.row["customer"],
                count="one person" if count == 1 else f"{count} people",
            )
        ),
        section(_listed(offer.fresh)),
    ]
    if offer.there:
        blocks.append(context(md("They have it already: {who}", who=_names(offer.there))))
    return blocks


def _left_out(preview: Preview) -> list[Block]:
    if not preview.offer.left_out:
        return []
    rows = [md("• {who}: {why}", who=_person(guest), why=guest.why) for guest in preview.offer.left_out[:SHOWN]]
    hint = "A domain is added in the playbook's Overview, under Customer domains."
    return [section(md("*They get nothing*\n{rows}", rows=lines(rows))), context(md("{hint}", hint=hint))]


def _it(preview: Preview, refused: Mapping[str, str]) -> list[Block]:
    asked = sorted({guest.domain for guest in preview.offer.fresh} & set(refused))
    return [section(it_request(asked, preview.row["customer"]))] if asked else []


def _in_the_way(preview: Preview) -> list[Block]:
    blocks = []
    if preview.blocking:
        rows = [md("• {leak}", leak=str(leak)) for leak in preview.blocking[:SHOWN]]
        words = "*Please mend this in the plan first*; a reader of the file can come to see it."
        blocks.append(section(md("{words}\n{rows}", words=Markup(words), rows=lines(rows))))
    if preview.passable:
        words = "*Is the customer meant to see this?* If not, please mend it in the plan first."
        blocks.append(section(md("{words}\n{rows}", words=Markup(words), rows=_leaks(preview.passable))))
    return blocks


def _leaks(found: Sequence[Leak]) -> Markup:
    rows = [md("• {leak}", leak=str(leak)) for leak in found[:SHOWN]]
    more = [md("and {n} more", n=len(found) - SHOWN)] if len(found) > SHOWN else []
    return lines([*rows, *more])


def _asked(preview: Preview) -> list[Block]:
    blocks = [
        people_input("people", "Who gets the plan now", preview.offer.fresh),
        select_input("role", "What they may do in it", list(ROLES), initial=next(iter(ROLES))),
    ]
    if preview.passable:
        blocks.append(text_input("pass", "Why the customer may see the words above", multiline=True, max_length=500))
    if preview.needs_reason:
        when = f"is on {preview.contract_close:%-d %B %Y}" if preview.contract_close else "has no date in the backlog"
        hint = f"Contract close {when}."
        blocks.append(text_input("reason", "Why before the contract is closed", hint=hint, max_length=500))
    return blocks


def people_input(block_id: str, label: str, guests: Iterable[Guest], *, chosen: bool = True) -> Block:
    """A menu of several people, by address."""
    options = [
        {"text": plain(_person(guest)), "value": guest.email} for guest in guests if 0 < len(guest.email) <= 150
    ][:100]
    element: Block = {"type": "multi_static_select", "action_id": "value", "options": options}
    element |= {"initial_options": options} if chosen else {}
    return {"type": "input", "block_id": block_id, "label": plain(label), "optional": False, "element": element}


def close_form(row: Mapping[str, Any], entries: Iterable[Entry]) -> dict[str, Any]:
    """Whom to take the plan away from."""
    guests = [Guest(entry.email, entry.name) for entry in entries]
    blocks = [
        section(md("They lose the *project plan* of {customer}. Nothing is deleted.", customer=row["customer"])),
        people_input("people", "Who loses access", guests, chosen=False),
        text_input("reason", "Why", max_length=500),
    ]
    return modal(CLOSE_FORM, CLOSE_TITLE, "Take it back", blocks, memo=row["key"])


def channel_form(row: Mapping[str, Any], name: str, entries: Iterable[Entry]) -> dict[str, Any]:
    """Who would be invited to which channel."""
    guests = [Guest(entry.email, entry.name) for entry in entries]
    words = md(
        "I make the private channel *#{name}*, bring you in, and Slack invites the people below by e-mail. It is "
        "shared with the customer: internal words stay in the project's own channel.",
        name=name,
    )
    blocks = [section(words), people_input("people", "Who is invited", guests)]
    return modal(CHANNEL_FORM, CHANNEL_TITLE, "Invite them", blocks, memo=row["key"])


def _person(guest: Guest) -> str:
    return one_line(f"{guest.name} · {guest.email}" if guest.name != guest.email else guest.email, 75)


def _names(guests: Iterable[Guest]) -> str:
    return ", ".join(guest.name for guest in guests)


def _listed(guests: Sequence[Guest]) -> Markup:
    rows = [md("• {who}", who=_person(guest)) for guest in guests[:SHOWN]]
    more = [md("and {n} more", n=len(guests) - SHOWN)] if len(guests) > SHOWN else []
    return lines([*rows, *more])


# ---------------------------------------------------------------------- what came of it


def it_request(domains: Iterable[str], customer: str) -> Markup:
    """Words that a PM can send to whoever looks after Google Drive."""
    return md(
        "*Our Google Drive does not allow sharing with {domains} yet.* You can send this to IT:\n"
        "> Please add {domains} to the trusted domains for sharing files of our shared drives outside the company. "
        "{customer} is our customer; their people need one file, the project plan.\n"
        "I try again by myself, and tell you when it works.",
        domains=", ".join(domains),
        customer=customer,
    )


def opened(row: Mapping[str, Any], outcomes: Sequence[Mapping[str, str]], url: str, domains: Sequence[str]) -> Message:
    """To the PM: what was shared, what was not, and a message they can send."""
    shared = [one for one in outcomes if one["state"] == "shared"]
    failed = [one for one in outcomes if one["state"] == "failed"]
    blocks: list[Block] = [header(f"{row['customer']}: opened to the customer" if shared else f"{row['customer']}")]
    if shared:
        blocks.append(section(md("The plan was shared with {who}.", who=", ".join(one["name"] for one in shared))))
        blocks += [section(draft(row["customer"], [one["name"] for one in shared], url))]
        blocks.append(context(md("I sent nothing to them. The words above are yours to change and to send.")))
        blocks.append(actions(button("Customer channel", charge.CHANNEL, row["key"])))
    if domains:
        blocks.append(section(it_request(domains, row["customer"])))
    if failed:
        rows = lines(md("• {who}: {why}", who=one["name"], why=one["why"]) for one in failed)
        blocks.append(section(md("*Not shared*\n{rows}", rows=rows)))
    return Message(f"{row['customer']}: {len(shared)} of {len(outcomes)} people have the plan", tuple(blocks))


def draft(customer: str, names: Sequence[str], url: str) -> Markup:
    """A message to the customer, for the PM to send."""
    return md(
        "*A message that you can send them:*\n"
        "> Hello {names},\n> here is the plan of our joint implementation for {customer}: {link}\n"
        "> It shows milestones, tasks and what we need from each other, and is always up to date. "
        "Please comment right in it where something is wrong or missing.",
        names=", ".join(name.split()[0] for name in names),
        customer=customer,
        link=link(url, "project plan"),
    )


def words(row: Mapping[str, Any], sentence: str) -> Message:
    """One sentence about a project, to its PM."""
    return Message(
        f"{row['customer']}: {one_line(sentence, 200)}",
        (section(md("*{customer}*: {sentence}", customer=row["customer"], sentence=sentence)),),
    )
