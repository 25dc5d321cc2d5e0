"""The forms of a decision, and the pure check of what leads fill in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.project.model import Request
from bot.project.words import RequestType, SizeClass
from bot.world.blocks import date_input, md, modal, person_input, section, select_input, text_input

SELECT_FORM, DECLINE_FORM, DEFER_FORM, ASK_FORM = "select_form", "decline_form", "defer_form", "ask_form"
SIZES = {"S · some weeks": SizeClass.SMALL, "M · about two months": SizeClass.MEDIUM, "L · longer": SizeClass.LARGE}
LONGEST, REASON_LIMIT = timedelta(days=730), 1000


@dataclass(frozen=True)
class Selection:
    """Who runs the project, how large it is, and from when."""

    pm_id: str
    ie_id: str
    ta_id: str
    size: SizeClass
    kickoff: date

    def packed(self) -> dict[str, str]:
        """As the set-up takes it."""
        people = {"pm": self.pm_id, "ie": self.ie_id, "ta": self.ta_id}
        return {**people, "size": str(self.size), "kickoff": self.kickoff.isoformat()}


def select_form(request: Request, chosen: Mapping[str, str]) -> dict[str, Any]:
    """Who runs the project, and when it kicks off; filled with what another lead chose already."""
    size = next((label for label, size in SIZES.items() if size == chosen.get("size")), None)
    begins = (
        "A trial needs a CE lead and a Sales lead; set-up begins with the second Select."
        if request.request_type is RequestType.TRIAL
        else "Set-up begins when you press Select."
    )
    blocks = [
        section(md("*{customer}* becomes a project. {begins}", customer=request.customer, begins=begins)),
        person_input("pm", "Project manager", initial=chosen.get("pm") or None),
        person_input("ie", "Implementation engineer", initial=chosen.get("ie") or None, optional=True),
        person_input("ta", "Technical advisor", initial=chosen.get("ta") or None, optional=True),
        select_input("size", "Size class", list(SIZES), initial=size, hint="The plan's dates stretch with it."),
        date_input(
            "kickoff",
            "Kickoff",
            initial=chosen.get("kickoff", ""),
            hint="The plan's dates are counted from this day.",
        ),
        text_input("reason", "Reason", optional=True, max_length=REASON_LIMIT, hint="The requester reads this."),
    ]
    return modal(SELECT_FORM, "Select request", "Select", blocks, memo=request.id)


def decline_form(request: Request) -> dict[str, Any]:
    """Why the request is declined; the requester reads it."""
    hint = "The requester and the account executive read this."
    reason = text_input(
        "reason", "Reason", multiline=True, hint=hint, initial=request.decision_reason, max_length=REASON_LIMIT
    )
    return modal(DECLINE_FORM, "Decline request", "Decline", [reason], memo=request.id)


def defer_form(request: Request) -> dict[str, Any]:
    """Until when the request is put off, and why."""
    hint = "The requester and the account executive read this."
    blocks = [
        date_input("until", "Until when?", hint="It comes back to the leads on this day."),
        text_input("reason", "Reason", multiline=True, hint=hint, max_length=REASON_LIMIT),
    ]
    return modal(DEFER_FORM, "Defer request", "Defer", blocks, memo=request.id)


def ask_form(request: Request) -> dict[str, Any]:
    """What the leads need to know."""
    hint = "The requester gets this at once, with the form to answer it."
    blocks = [text_input("question", "Question", multiline=True, hint=hint, max_length=REASON_LIMIT)]
    return modal(ASK_FORM, "Ask for information", "Ask", blocks, memo=request.id)


def parse_selection(values: Mapping[str, str], today: date) -> Selection | dict[str, str]:
    """The selection, or a sentence per field that needs another look."""
    size, kickoff = SIZES.get(values.get("size", "")), _day(values.get("kickoff", ""))
    errors = {
        "pm": "" if values.get("pm") else "Please choose the project manager.",
        "size": "" if size else "Please choose how large the project is.",
        "kickoff": _bad_day(kickoff, today, today, "Kickoff", "Please choose the kickoff day."),
    }
    errors = {field: sentence for field, sentence in errors.items() if sentence}
    if errors or size is None or kickoff is None:
        return errors
    return Selection(values["pm"], values.get("ie", ""), values.get("ta", ""), size, kickoff)


def parse_deferral(values: Mapping[str, str], today: date) -> tuple[date, str] | dict[str, str]:
    """Until when and why, or a sentence per field that needs another look."""
    until, reason = _day(values.get("until", "")), values.get("reason", "").strip()
    tomorrow = today + timedelta(days=1)
    errors = {
        "until": _bad_day(until, tomorrow, today, "That day", "Please choose the day it comes back."),
        "reason": "" if reason else "Please give the reason; the requester reads it.",
    }
    errors = {field: sentence for field, sentence in errors.items() if sentence}
    return errors if errors or until is None else (until, reason)


def _bad_day(day: date | None, earliest: date, today: date, name: str, missing: str) -> str:
    if day is None:
        return missing
    if earliest <= day <= today + LONGEST:
        return ""
    begin = "today" if earliest == today else "tomorrow"
    return f"{name} is a day from {begin} on, within the next two years."


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
