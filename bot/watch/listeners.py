"""What project managers answer to the watch's questions."""

from __future__ import annotations

from bot.watch import access, drift, messages, taking
from bot.world.answering import Answering

ANSWERS = Answering(
    messages.ROOM,
    {
        messages.DRIFT.name: drift.settle,
        messages.MIRROR.name: taking.settle,
        messages.ACCESS.name: access.settle,
    },
)
LISTENERS = ANSWERS.listeners()
FLOWS = ANSWERS.flows()
