"""What people do with an agenda or a message, and the flows that carry it out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.reviews import answer, buttons, messages, note
from bot.world.listening import Listener

LOG = "Log as risk or issue"  # what stands in the menu of every message

LISTENERS = (
    *(
        Listener("action", name, partial(buttons.pressed, name), f"{messages.PRESSES[name]}: answer the Monday agenda")
        for name in buttons.WHATS
    ),
    Listener("action", messages.CAUSE, buttons.caused, "Say why a date moved"),
    Listener("form", messages.FORM, buttons.told, "Say what belongs to an answer: score, reason, next action"),
    Listener("shortcut", messages.SHORTCUT, note.asked, "Add a risk or an issue to the playbook", usage=LOG),
    Listener("action", messages.LOG_KIND, note.kind_chosen, "Risk or issue: ask for what it needs"),
    Listener("form", messages.LOG_FORM, note.told, "Log a message as a risk or an issue"),
)

FLOWS: dict[str, Callable[..., Any]] = {
    "review": answer.answer,
    "review-cause": answer.cause,
    "log-message": note.log_message,
}
