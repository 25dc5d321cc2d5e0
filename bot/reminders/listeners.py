"""What people do with a reminder, and the flows that carry it out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.reminders import buttons, messages
from bot.reminders.answer import answer
from bot.reminders.undo import live, undo
from bot.world.listening import Listener

LISTENERS = (
    Listener("action", messages.DONE, buttons.done, "Mark an item of a reminder as done"),
    Listener("action", messages.DATE, buttons.new_date, "Give an item of a reminder a new date, with its reason"),
    Listener("action", messages.MORE, buttons.more, "Snooze an item, say that it is blocked, or whose it is"),
    Listener("action", messages.DRAFT, buttons.draft, "Show a draft of a message to a customer"),
    Listener("action", messages.UNDO, buttons.undo, "Take an answer to a reminder back, for five minutes"),
    Listener("action", messages.LIVE, buttons.live, "End a dry run: everybody is reminded from now on"),
    Listener("form", messages.FORM, buttons.form, "Say what belongs to an answer: evidence, date, reason, person"),
)

FLOWS: dict[str, Callable[..., Any]] = {"answer": answer, "answer-undo": undo, "reminders-live": live}
