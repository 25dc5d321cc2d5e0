"""What people press under the items of a bundle, and type into the forms that open; what was answered becomes true."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.year.reading import TOKEN, texts
from tests.year.scene import Door
from tests.year.truth import DAY, Row, Snooze, Told, Truth

Json = Any
PATIENCE = 20.0
POSTPONED = 4 * DAY  # short enough to be heard of again within a week or so


@dataclass
class Presses:
    """Who hears of a row presses what was to be pressed next. `wanted` has the words of buttons by row."""

    door: Door
    truth: Truth
    wanted: dict[str, list[str]]
    troubles: list[str]

    def under(self, told: Told, message: Json) -> None:
        """Whatever is pressed under one message, by its owner or the project's manager."""
        for token in told.tokens if told.kind == "bundle" else ():
            row = self.truth.rows[token]
            is_theirs = told.person in (row.held[-1].owner, self.truth.projects[row.project].pm)
            if self.wanted.get(token) and row.held[-1].is_open and is_theirs:
                self._press(told.person, message, row, self.wanted[token].pop(0))

    def _press(self, person: str, message: Json, row: Row, words: str) -> None:
        act = _button(self._shown(person, message)[0], row.token, words)
        if act is None:
            self.troubles.append(f"no {words!r} for {row.token} in a message to {person}")
            return
        at, place = self.door.now(), {"channel": message["channel"], "ts": message["ts"]}
        typed, cells = self._answer(row, words, at)
        said = self.door.control("POST", f"people/{person}/press", {**place, **act})
        if form := self._opened(person, message, row):
            said = self.door.control("POST", f"people/{person}/submit", {"view_id": form["id"], "values": typed})
        if not self._is_ticked(person, message, row):
            self.troubles.append(f"{person} pressed {words} of {row.token} at {at} and nothing came of it: {said}")
        elif cells:
            row.change(at, **cells)
        else:
            row.snoozes.append(Snooze(at, int(words.split()[1])))

    def _answer(self, row: Row, words: str, at: datetime) -> tuple[Mapping[str, str], Mapping[str, object]]:
        """What is typed if a form asks, and what is true of the row then; nothing of a snooze."""
        project = self.truth.projects[row.project]
        match words:
            case "Done":
                return {"evidence": "Seen together on the call"}, {"status": "Done"}
            case "New date":
                day = project.today(at) + POSTPONED
                day += DAY * (day == row.held[-1].due)
                return {"date": day.isoformat(), "cause": "Customer", "words": "VPN"}, {"due": day}
            case "It is blocked":
                return {"reason": "No VPN"}, {"status": "Blocked"}
            case "Not me":
                other = next(one for one in project.team if one != row.held[-1].owner)
                return {"person": other}, {"owner": other}
        return {"reason": "The customer answers next week"}, {}

    def _opened(self, person: str, message: Json, row: Row) -> Json | None:
        """The form that a press opened, or None when it was answered at once."""
        _, forms = self._look(person, message, lambda shown, forms: forms or _is_ticked(shown, row))
        return forms[-1] if forms else None

    def _is_ticked(self, person: str, message: Json, row: Row) -> bool:
        shown, _ = self._look(person, message, lambda shown, _: _is_ticked(shown, row))
        return _is_ticked(shown, row)

    def _look(self, person: str, message: Json, until: Callable[[Json, list[Json]], Any]) -> tuple[Json, list[Json]]:
        """The message and the open forms as they are in the end; the bot works in its own time."""
        deadline = time.monotonic() + PATIENCE
        while not until(*(seen := self._shown(person, message))) and time.monotonic() < deadline:
            time.sleep(0.02)
        return seen

    def _shown(self, person: str, message: Json) -> tuple[Json, list[Json]]:
        """A message as it stands by now, {} when it is gone, and the forms that are open."""
        before = f"{float(message['ts']) - 0.001:.6f}"
        seen = self.door.control("GET", f"people/{person}/sees", channel=message["channel"], after=before)
        messages = (one for row in seen["channels"] for one in row["messages"] if one["ts"] == message["ts"])
        return next(messages, {}), seen["views"]


def _is_ticked(message: Json, row: Row) -> bool:
    return any("✓" in text and row.token in text for text in texts(message))


def _button(message: Json, token: str, words: str) -> Json | None:
    """The button or the choice of a menu with these words that belongs to an item."""
    is_there = False
    for block in message.get("blocks", ()):
        if TOKEN.search(block.get("text", {}).get("text", "")):
            is_there = token in block["text"]["text"]
        for shown, act in _acts(block) if is_there else ():
            if shown == words:
                return act
    return None


def _acts(block: Json) -> Iterator[tuple[str, Json]]:
    """The words that can be pressed in a block, with what a press of them is."""
    for element in (*block.get("elements", ()), block.get("accessory") or {}):
        place = {"action_id": element.get("action_id"), "block_id": block.get("block_id")}
        if isinstance(element.get("text"), dict):
            yield element["text"]["text"], place
        for option in element.get("options", ()):
            yield option["text"]["text"], {**place, "value": option["value"]}
