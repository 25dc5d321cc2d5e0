"""What a request kind works on, the table of kinds, and the edits that several kinds share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.emulator.google.docs import defaults
from bot.emulator.google.docs.model import Document
from bot.emulator.google.docs.refusal import RefusalError
from bot.emulator.google.docs.segment import Extra, Style
from bot.emulator.google.docs.units import OBJECT, clean, to_units

Reply = dict[str, Any] | None
Fetch = Callable[[str], "Picture | None"]


@dataclass(frozen=True)
class Picture:
    """An image that a URI leads to; sizes in pixels."""

    uri: str
    content_uri: str
    width: int
    height: int


@dataclass
class Edit:
    """A document being edited by one batch. `fetch` finds the image behind a URI, None if there is none in reach."""

    document: Document
    fetch: Fetch

    def insert_text(self, segment_id: str, index: int, text: str, style: Style | None = None) -> int:
        """Insert cleaned text in a paragraph, give its length; a newline makes a paragraph like the one it splits."""
        segment = self.document.segments[segment_id]
        units = to_units(clean(text))
        taken = segment.style_for_insertion(index) if style is None else style
        paragraph = segment.paragraph(index)
        extras: list[Extra] = [self._twin(paragraph) if unit == "\n" else None for unit in units]
        self.document.splice(segment_id, index, index, units, [taken] * len(units), extras)
        return len(units)

    def _twin(self, paragraph: dict[str, Any]) -> dict[str, Any]:
        """The same paragraph again; a heading gets an id of its own."""
        style = paragraph.get("style", {})
        if "headingId" not in style:
            return paragraph
        return paragraph | {"style": style | {"headingId": self.new_heading_id()}}

    def new_heading_id(self) -> str:
        return self.document.new_id("h.")

    def insert_element(self, segment_id: str, index: int, element: dict[str, Any]) -> None:
        """Insert an object that takes one index."""
        style = self.document.segments[segment_id].style_for_insertion(index)
        self.document.splice(segment_id, index, index, OBJECT, [style], [element])

    def split_paragraph(self, segment_id: str, index: int) -> None:
        """Insert one newline."""
        self.insert_text(segment_id, index, "\n")

    def set_paragraph(self, segment_id: str, newline: int, paragraph: dict[str, Any]) -> None:
        """Give a paragraph (by its newline) another style or bullet; its heading id follows the named style."""
        style = {name: value for name, value in paragraph["style"].items() if name != "headingId"}
        if style["namedStyleType"] in defaults.HEADINGS:
            style = {"headingId": paragraph["style"].get("headingId") or self.new_heading_id()} | style
        self.document.put_extra(segment_id, newline, paragraph | {"style": style})


Handler = Callable[[Edit, dict[str, Any]], Reply]
KINDS: dict[str, Handler] = {}


def kind(name: str) -> Callable[[Handler], Handler]:
    """Registers the handler of one request kind; it returns the reply's content or None."""

    def register(handler: Handler) -> Handler:
        KINDS[name] = handler
        return handler

    return register


def one_of(request: dict[str, Any], *names: str) -> str:
    """Which of the alternatives the request has; exactly one must be there."""
    present = [name for name in names if request.get(name)]
    if len(present) != 1:
        raise RefusalError(f"Exactly one of {', '.join(names)} must be specified.")
    return present[0]
