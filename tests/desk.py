"""A project on a project manager's desk: short ways to what its people type, see and press."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot import app
from bot.slack_door import listening
from tests.rooms import LEAD, Rooms

PM = "priya.nair@fernhill.example"


@dataclass
class Desk:
    """One project, R1, and short ways to what its people do and see."""

    rooms: Rooms
    files: dict[str, str]
    sweeps: int = 0

    def sweep(self) -> str:
        """One more sweep, and what it reports."""
        self.sweeps += 1
        return self.rooms.sweep(f"desk-{self.sweeps}")

    def settled(self) -> None:
        """Sweep until nothing is left to read: the bot's own writes are read once more, and then it is quiet."""
        while not self.sweep().startswith("0 files read"):
            assert self.sweeps < 20

    def rows(self, file: str, tab: str) -> list[dict[str, str]]:
        """The rows of a tab as a person reads them, by column title."""
        header, *lines = self.rooms.stage.rows(LEAD, self.files[file], tab)
        return [dict(zip(header, [*line, *[""] * len(header)], strict=False)) for line in lines if any(line)]

    def row(self, file: str, tab: str, row_id: str) -> dict[str, str]:
        """One row by its ID."""
        return next(row for row in self.rows(file, tab) if row["ID"] == row_id)

    def has(self, file: str, tab: str, row_id: str) -> bool:
        """True when a row with this ID stands in a tab."""
        return any(row["ID"] == row_id for row in self.rows(file, tab))

    def type(self, file: str, tab: str, row_id: str, cells: dict[str, str]) -> None:
        """Type into the cells of a row, found by its ID."""
        lines = self.rooms.stage.rows(LEAD, self.files[file], tab)
        number = next(n for n, line in enumerate(lines, 1) if line and line[0] == row_id)
        self.rooms.type(self.files[file], tab, number, cells)

    def add(self, file: str, tab: str, cells: dict[str, str]) -> None:
        """Type a new row below the last one."""
        lines = self.rooms.stage.rows(LEAD, self.files[file], tab)
        own = [n for n, line in enumerate(lines, 1) if any(line[:1]) or any(line[1:3])]
        self.rooms.type(self.files[file], tab, own[-1] + 1, cells)

    def log(self) -> list[dict[str, str]]:
        """The Bot log as a person reads it."""
        return self.rows("playbook", "Bot log")

    def questions(self, person: str = PM, channel: str = "") -> list[dict[str, Any]]:
        """The messages with which the bot asks somebody, in person or in a channel, each with where it stands."""
        seen = self.rooms.stage.workspace.control("GET", f"people/{person}/sees")["channels"]
        places = [row for row in seen if (row["name"] == channel if channel else row["is_im"])]
        found = [{**message, "channel": row["id"]} for row in places for message in row["messages"]]
        return [message for message in found if not self._is_told_at_once(message)]

    def _is_told_at_once(self, message: dict[str, Any]) -> bool:
        """True of what tells of an overdue gate, say: there is nothing in it to answer for the rooms tested here."""
        sending = self.rooms.world.store.sending_at(message["channel"], message["ts"])
        return sending is not None and sending.key.startswith("immediate:")

    def press(self, label: str, person: str = PM, reader: str = PM, channel: str = "") -> dict[str, Any]:
        """Press a button by its words in the latest question, or choose them from its menu."""
        message = self.questions(reader, channel)[-1]
        for block in message["blocks"]:
            for element in block.get("elements", ()) if block["type"] == "actions" else ():
                place = {"channel": message["channel"], "ts": message["ts"], "block_id": block["block_id"]}
                if element.get("text", {}).get("text") == label:
                    return self._pressed(person, action_id=element["action_id"], **place)
                for option in element.get("options", ()):
                    if option["text"]["text"] == label:
                        return self._pressed(person, action_id=element["action_id"], value=option["value"], **place)
        raise AssertionError(f"no button {label!r} in {message['blocks']}")

    def _pressed(self, person: str, **act: Any) -> dict[str, Any]:
        """Press, and wait until the bot has shown or told something new and all its work is done."""
        before = self._seen(person)
        answer = self.rooms.stage.act(person, "press", **act)
        self.rooms.stage.wait_for("an answer to what was pressed", lambda: self._seen(person) != before)
        assert self.rooms.world.engine.settle(60)
        return answer

    def _seen(self, person: str) -> list[Any]:
        return [self.rooms.stage.workspace.control("GET", f"people/{who}/sees") for who in {person, PM}]


@pytest.fixture
def desk(rooms: Rooms) -> Iterator[Desk]:
    """A project on Priya's desk, with a bot that hears what is pressed and sweeps when it is told to."""
    with listening(rooms.world, app.LISTENERS):
        yield Desk(rooms, rooms.project())
