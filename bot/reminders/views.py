"""The forms that a press on a reminder opens, and what was typed into them: errors by field, or the answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.project.words import SlipCause
from bot.reminders.messages import FORM
from bot.world.blocks import Block, date_input, md, modal, one_line, person_input, section, select_input, text_input

Json = Any
View = dict[str, Any]

LONGEST = 500  # letters of what is typed into a cell


def evidence(title: str, known: str, memo: Json) -> View:
    """A gate is done: what shows it?"""
    field = text_input("evidence", "What shows that it is done?", initial=known, hint="A link or a few words.")
    return _form("Done", "Done", title, memo, field)


def new_date(title: str, day: date | None, memo: Json, *, has_cause: bool) -> View:
    """Another day, and why."""
    hint = None if has_cause else "The reason is kept in the Bot log of the playbook."
    fields = [
        date_input("date", "New date", initial=day.isoformat() if day else ""),
        select_input("cause", "Why does it move?", [str(cause) for cause in SlipCause]),
        text_input("words", "In a few words", optional=True, max_length=LONGEST, hint=hint),
    ]
    return _form("New date", "Save", title, memo, *fields)


def blocked(title: str, memo: Json) -> View:
    """Why it cannot go on, and who could help."""
    fields = [
        text_input("reason", "Why can it not go on?", max_length=LONGEST),
        text_input("waiting_on", "Waiting on", optional=True, max_length=120, hint="A person or a team."),
    ]
    return _form("It is blocked", "Save", title, memo, *fields)


def not_me(title: str, memo: Json) -> View:
    """Whose it is."""
    return _form("Not me", "Save", title, memo, person_input("person", "Whose is it?"))


def snooze(title: str, memo: Json) -> View:
    """The second snooze of a matter."""
    field = text_input("reason", "It was snoozed once already. Why again?", max_length=LONGEST)
    return _form("Snooze", "Snooze", title, memo, field)


def draft(text: str) -> View:
    """A text to copy; the bot itself never writes to a customer."""
    intro = md("I never write to customers. You may copy this, and send it in your own name:")
    return modal(FORM, "Draft a message", None, [section(intro), section(md("{text}", text=text))])


def _form(title: str, submit: str, about: str, memo: Json, *fields: Block) -> View:
    words = section(md("*{about}*", about=one_line(about, 200)))
    return modal(FORM, title, submit, [words, *fields], memo=json.dumps(memo))


# ---------------------------------------------------------------------- what was typed


def errors(what: str, values: Mapping[str, str], today: date) -> dict[str, str]:
    """What is wrong, by field."""
    if what == "done" and not values.get("evidence", "").strip():
        return {"evidence": "Please say what shows it, or where it can be seen."}
    if what in ("blocked", "snooze") and not values.get("reason", "").strip():
        return {"reason": "Please say why, in a few words."}
    if what == "owner" and not values.get("person"):
        return {"person": "Please choose somebody."}
    return _date_errors(values, today) if what == "date" else {}


def _date_errors(values: Mapping[str, str], today: date) -> dict[str, str]:
    day = values.get("date", "")
    if not day:
        return {"date": "Please choose a day."}
    if date.fromisoformat(day) < today:
        return {"date": "This day has passed. Please choose today or a later one."}
    return {} if values.get("cause") in set(SlipCause) else {"cause": "Please choose a reason."}


def answer(values: Mapping[str, str]) -> dict[str, str]:
    """What was typed, on one line each, as it goes into cells."""
    return {name: one_line(value, LONGEST) for name, value in values.items()}
