"""Restores the ladder's memory from the morning messages that stand in people's conversations, after a loss."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from bot.project.findings import Finding
from bot.project.ladder import Said, after_saying, say_next
from bot.project.picture import Picture
from bot.reminders import rules
from bot.world import World
from bot.world.blocks import escape, one_line
from bot.world.store import Nudge


@dataclass(frozen=True)
class Told:
    """One morning's message to one person: its day, and its words as they stand, with their links."""

    person_id: str
    day: date
    text: str


def recover(world: World, messages: Sequence[Told]) -> int:
    """Remember of each matter that still is one what these messages said of it; returns how many there were.

    Which rung a message spoke is counted anew from the day it was sent and the date that stands in the sheet by now;
    a snooze is not in the words of a message, so it is over.
    """
    heard: dict[str, tuple[Said, Told]] = {}
    pictures = [picture for row in world.store.all_projects() if (picture := world.picture(row["key"]))]
    for told in sorted(messages, key=lambda one: one.day):
        for picture in pictures:
            for finding in picture.findings():
                if _names(told.text, picture, finding):
                    matter = rules.memory_key(finding, told.person_id)
                    known = heard[matter][0] if matter in heard else Said()
                    heard[matter] = _after(known, picture, finding, told.day), told
    for matter, (said, told) in heard.items():
        at = datetime.combine(told.day, time(), UTC)
        world.store.said(Nudge(matter, said.rung or 0, at, rules.to_json(said)))
    return len(heard)


def _names(text: str, picture: Picture, finding: Finding) -> bool:
    """Whether a message has the link of this row: by its file and its words, for rows move."""
    file_id = picture.plan_id if finding.tab in picture.plan else picture.playbook_id
    words = escape(one_line(f"{finding.subject} {one_line(finding.title, 120)}")).replace("|", "¦")
    return re.search(rf"{re.escape(file_id)}[^|>]*\|{re.escape(words)}>", text) is not None


def _after(known: Said, picture: Picture, finding: Finding, day: date) -> Said:
    rung = say_next(finding.due, day, known, picture.calendar.for_side(finding.side))
    return after_saying(known, known.rung or 0 if rung is None else rung, finding.due, day)
