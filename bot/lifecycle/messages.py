"""The forms of a project's turns, and what its people read of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.lifecycle.rules import NEEDS_REASON, ROLES, Swap, Turn, turns
from bot.world import charge
from bot.world.blocks import (
    Block,
    Markup,
    Message,
    actions,
    button,
    context,
    date_input,
    lines,
    link,
    md,
    modal,
    one_line,
    person_input,
    section,
    select_input,
    text_input,
)

MENU = "lifecycle_menu"
TURN_FORM, RENAME_FORM, PEOPLE_FORM = "lifecycle_turn_form", "lifecycle_rename_form", "lifecycle_people_form"
RENAME, PEOPLE = "lifecycle_rename", "lifecycle_people"
BUTTONS = {
    Turn.HOLD: "lifecycle_hold",
    Turn.RESUME: "lifecycle_resume",
    Turn.CANCEL: "lifecycle_cancel",
    Turn.REOPEN: "lifecycle_reopen",
}
KEEPS, LOSES = "keeps reading", "loses the folder"
NAME_LIMIT = 120

ABOUT = {
    Turn.HOLD: "Reminders and digests stop until it is resumed. Nothing is deleted, and nobody loses access.",
    Turn.RESUME: "Reminders and digests begin again. The dates in the plan stay as they are: please look at them.",
    Turn.CANCEL: "Reminders, digests and reports stop. Nothing is deleted; it can be re-opened at any time.",
    Turn.REOPEN: "Reminders and digests begin again, with the sheets as they stand.",
}
WHY = "Please say why; the team reads it."
LATE = "This project is {state} already; nothing was changed."
NOT_AFTER_TODAY = "Please choose a day after today."
SAME_NAME = "That is its name already."
NO_NAME = "Please type the customer's name."
TAKEN = "{name} is another customer of ours, whose projects stay apart. Please choose a name that tells them apart."
OTHERS_TOO = (
    "{customer} has other projects that you do not run ({keys}), and they share the folder. "
    "Please ask a lead to rename it."
)
STAFF_ONLY = "Please choose somebody of our own active staff."
NOBODY_NEW = "Please choose somebody else for at least one of the three."
NO_DATES_MOVED = "If dates should move, please change them in the plan."


def menu(row: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, Any]:
    """What can be done with a project now."""
    key = row["key"]
    buttons = [button(str(turn), BUTTONS[turn], key, _style(turn)) for turn in turns(row["state"])]
    blocks: list[Block] = [
        section(md("*{customer}* · {key} · {state}", customer=row["customer"], key=key, state=row["state"])),
        *([context(_held(held))] if held.get("reason") else []),
        actions(*buttons),
        actions(button("Change people", PEOPLE, key), button("Rename customer", RENAME, key)),
    ]
    if row["state"] != "Cancelled":
        blocks.append(
            actions(button("Open to customer", charge.OPEN, key), button("Customer channel", charge.CHANNEL, key))
        )
    blocks.append(actions(button("Take access back", charge.CLOSE, key)))
    return modal(MENU, "Project", None, blocks, memo=key)


def _style(turn: Turn) -> str | None:
    return "danger" if turn is Turn.CANCEL else None


def _held(held: Mapping[str, Any]) -> Markup:
    until = md(" until {until}", until=held["until"]) if held.get("until") else Markup("")
    return md("Since {day}{until}: {reason}", day=held["at"][:10], until=until, reason=held["reason"])


def turn_form(row: Mapping[str, Any], turn: Turn) -> dict[str, Any]:
    """What is asked before a turn."""
    blocks: list[Block] = [section(md("*{customer}*\n{about}", customer=row["customer"], about=ABOUT[turn]))]
    blocks.append(text_input("reason", "Why", optional=turn not in NEEDS_REASON, multiline=True, max_length=500))
    if turn is Turn.HOLD:
        blocks.append(date_input("until", "Until", optional=True, hint="I ask the project manager on that day."))
    submit = "Go ahead" if turn is Turn.CANCEL else str(turn)
    return modal(TURN_FORM, str(turn), submit, blocks, memo=f"{row['key']}|{turn.name}")


def rename_form(row: Mapping[str, Any]) -> dict[str, Any]:
    """The customer's new name."""
    words = (
        "Folder, files, topic, playbook, plan, backlog and portfolio follow, and the channel that is shared with the "
        "customer. The internal channel keeps its name, and what people typed elsewhere stays as they wrote it."
    )
    blocks = [
        section(md("{words}", words=words)),
        text_input("name", "New name", initial=row["customer"], max_length=NAME_LIMIT),
        text_input("reason", "Why", optional=True, max_length=500),
    ]
    return modal(RENAME_FORM, "Rename customer", "Rename", blocks, memo=row["key"])


def people_form(row: Mapping[str, Any], now: Mapping[str, str]) -> dict[str, Any]:
    """Who runs the project; *now* are the Slack IDs by role."""
    pickers = [person_input(role, title, initial=now.get(role) or None, optional=role != "pm")
               for role, title in ROLES.items()]  # fmt: skip
    blocks = [
        section(md("*{customer}*: whoever comes in gets files and channel at once.", customer=row["customer"])),
        *pickers,
        select_input("former", "Whoever goes", [KEEPS, LOSES], initial=KEEPS),
        text_input("reason", "Why", optional=True, max_length=500),
    ]
    return modal(PEOPLE_FORM, "Change people", "Change", blocks, memo=row["key"])


# ---------------------------------------------------------------------- what the team reads


def turned(row: Mapping[str, Any], turn: Turn, by: Markup, reason: str, until: str) -> Message:
    """To the project's channel: what became of it."""
    told = {
        Turn.HOLD: "put *{customer}* on hold{until}",
        Turn.RESUME: "resumed *{customer}*",
        Turn.CANCEL: "cancelled *{customer}*",
        Turn.REOPEN: "re-opened *{customer}*",
    }[turn]
    end = md(" until {until}", until=until) if until else Markup("")
    words = md("{by} " + told + "{colon}{reason}", by=by, customer=row["customer"], until=end,
               colon=": " if reason else ".", reason=reason)  # fmt: skip
    return Message(f"{row['customer']}: {turn}", (section(words), context(md("{about}", about=ABOUT[turn]))))


def renamed(key: str, old: str, new: str, by: Markup) -> Message:
    """To the project's channel: the customer's name changed."""
    words = md("{by} renamed *{old}* to *{new}*. Folder, files and sheets follow.", by=by, old=old, new=new)
    return Message(f"{key}: {old} is {new} now", (section(words),))


def swapped(customer: str, swaps: Sequence[Swap], by: Markup, reason: str) -> Message:
    """To the project's channel: who does what from now on."""
    rows = [
        md("• {role}: {name}{instead}", role=ROLES[swap.role], name=swap.name,
           instead=f" instead of {swap.former_name}" if swap.former_name else "")
        for swap in swaps
    ]  # fmt: skip
    why = [context(md("Why: {reason}", reason=reason))] if reason else []
    words = md("{by} changed the people of *{customer}*:\n{rows}", by=by, customer=customer, rows=lines(rows))
    return Message(f"{customer}: the people changed", (section(words), *why))


def still_named(customer: str, left: Sequence[tuple[str, str]]) -> Message:
    """To who changed the people: cells that still name who went; each as words and an address."""
    rows = [md("• {where}", where=link(url, one_line(words, 110))) for words, url in left[:20]]
    more = [md("and {n} more", n=len(left) - 20)] if len(left) > 20 else []
    words = md("*{customer}*: these still name who went. They are yours to change:\n{rows}",
               customer=customer, rows=lines([*rows, *more]))  # fmt: skip
    return Message(f"{customer}: {len(left)} cells still name who went", (section(words),))


def unfinished(customer: str, parts: Mapping[str, str]) -> Message:
    """To whoever pressed: what could not be done, and that it is tried again."""
    rows = lines(md("• {part}: {why}", part=part, why=why) for part, why in parts.items())
    words = md("*{customer}*: this could not be done yet. I try again within the hour.\n{rows}",
               customer=customer, rows=rows)  # fmt: skip
    return Message(f"{customer}: not all could be done", (section(words),))


def hold_over(row: Mapping[str, Any], reason: str) -> Message:
    """To the PM on the day until which a project was held."""
    words = md(
        "*{customer}* was on hold until today: {reason}\nShall it go on?", customer=row["customer"], reason=reason
    )
    more = (
        button("Resume", BUTTONS[Turn.RESUME], row["key"], "primary"),
        button("Hold longer", BUTTONS[Turn.HOLD], row["key"]),
    )
    return Message(f"{row['customer']}: on hold until today", (section(words), actions(*more)))


def still_open(customer: str, names: Sequence[str]) -> Message:
    """To whoever cancelled: people of the customer keep what they were given, until somebody takes it back."""
    words = md("*{customer}*: {who} can still open the plan. `/implementation project` has *Take access back*.",
               customer=customer, who=", ".join(names))  # fmt: skip
    return Message(f"{customer}: the customer can still open the plan", (section(words),))
