"""spreadsheets.batchUpdate: requests in order, all or none; the kinds themselves are in `kinds/`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.emulator.google import access
from bot.emulator.google.errors import bad_request, unimplemented
from bot.emulator.google.gateway import Call
from bot.emulator.google.sheets import protection, serials
from bot.emulator.google.sheets.a1 import Box, clamped, from_grid
from bot.emulator.google.sheets.book import Book, Json, Sheet
from bot.emulator.google.sheets.refusals import numbered
from bot.emulator.google.sheets.store import Live
from bot.emulator.google.sheets.view import View, view

Kind = Callable[["Batch", Json], "Json | None"]
KINDS: dict[str, Kind] = {}


def kind(name: str) -> Callable[[Kind], Kind]:
    """Registers what performs requests of that kind; it returns the reply's content or None."""

    def register(function: Kind) -> Kind:
        KINDS[name] = function
        return function

    return register


class Batch:
    """One batchUpdate being performed on a live book."""

    def __init__(self, call: Call, file_id: str, found: Live) -> None:
        self.call, self.file_id, self.live = call, file_id, found
        self.book: Book = found.book
        self.who = protection.editor(call, file_id)
        self.title: str | None = None  # a new title of the spreadsheet, given to the file at the end

    def perform(self, requests: list[Json]) -> list[Json]:
        """Runs the requests; one reply each. Raises 400 naming the request that is wrong."""
        if not requests:
            raise bad_request("Must specify at least one request.")
        replies = []
        for number, request in enumerate(requests):
            name = next(iter(request), "")
            if not name:
                raise bad_request(f"Invalid requests[{number}]: No request set.")
            replies.append(self._one(number, name, request[name]))
        return replies

    def _one(self, number: int, name: str, body: Json) -> Json:
        action = KINDS.get(name)
        if action is None:
            raise unimplemented("sheets.spreadsheets.batchUpdate", name)
        with numbered("requests", number, name):
            reply = action(self, body)
        return {} if reply is None else {name: reply}

    def finish(self) -> None:
        """Gives the file its new title, if any."""
        if self.title is not None:
            access.rename(self.call, self.file_id, self.title)

    def view(self) -> View:
        """The spreadsheet as it is now, in the middle of the batch."""
        return view(self.live, self.call.workspace.clock.now())

    def today(self) -> Any:
        """The day in the spreadsheet's zone."""
        return serials.to_date(serials.of_moment(self.call.workspace.clock.now(), self.book.zone))

    def sheet(self, sheet_id: int | None, what: str = "grid") -> Sheet:
        """The tab with that id. Raises 400."""
        try:
            return self.book.sheet(sheet_id or 0)
        except KeyError:
            raise bad_request(f"No {what} with id: {sheet_id or 0}") from None

    def box(self, grid: Json | None) -> Box:
        """The rectangle of a request's GridRange, cut to the grid. Raises 400 when it starts outside."""
        if grid is None:
            raise bad_request("No range specified.")
        return clamped(from_grid(grid, self.book))

    def guarded(self, grid: Json | None) -> Box:
        """The same, refused when the caller may not edit all of it."""
        box = self.box(grid)
        protection.check(self.book, box, self.who)
        return box

    def guard(self, box: Box) -> None:
        """Raises 400 when the caller may not edit all of the rectangle."""
        protection.check(self.book, box, self.who)
