"""What project managers answer about dates."""

from __future__ import annotations

from bot.planning import messages, settle
from bot.world.answering import Answering

ANSWERS = Answering(
    messages.ROOM,
    {
        messages.SIGN_OFF.name: settle.sign_off,
        messages.BASELINE.name: settle.re_baseline,
        messages.RECOUNT.name: settle.recount,
        messages.SHIFTS.name: settle.shifts,
    },
)
LISTENERS = ANSWERS.listeners()
FLOWS = ANSWERS.flows()
