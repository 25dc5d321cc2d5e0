"""One index space of a document (body, header, footer or footnote): units of text, their styles, what they carry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.emulator.google.docs.units import BREAKS, STRUCTURE, TABLE, TABLE_END

Style = dict[str, Any]
Extra = dict[str, Any] | None


@dataclass
class Segment:
    """Three sequences of one length: `text` (UTF-16 units), `styles` (explicit text style of each) and `extras`.

    An extra is what a unit carries: `{"style", "bullet"?}` of the paragraph on its newline, the section's style on a
    section break, column properties on a table's start, row and cell styles on theirs, an element on an object's unit.

    Styles and extras are shared and never changed in place.
    """

    kind: str
    text: str = ""
    styles: list[Style] = field(default_factory=list)
    extras: list[Extra] = field(default_factory=list)

    def copy(self) -> Segment:
        return Segment(self.kind, self.text, list(self.styles), list(self.extras))

    @property
    def end(self) -> int:
        return len(self.text)

    def splice(self, start: int, end: int, text: str, styles: list[Style], extras: list[Extra]) -> None:
        """Put the units in place of [start, end)."""
        self.text = self.text[:start] + text + self.text[end:]
        self.styles[start:end] = styles
        self.extras[start:end] = extras

    def paragraph_start(self, index: int) -> int:
        """Where the paragraph that holds the unit at `index` begins."""
        while index > 0 and self.text[index - 1] not in BREAKS:
            index -= 1
        return index

    def paragraph_end(self, index: int) -> int:
        """The index of the newline that ends the paragraph of the unit at `index`."""
        return self.text.index("\n", index)

    def paragraph(self, index: int) -> dict[str, Any]:
        """The extra of the paragraph of the unit at `index`."""
        return self.extras[self.paragraph_end(index)] or {}

    def paragraphs(self, start: int, end: int) -> Iterator[int]:
        """The newline of every paragraph that overlaps [start, end), in order."""
        newline = self.text.find("\n", start)
        while newline >= 0 and self.paragraph_start(newline) < end:
            yield newline
            newline = self.text.find("\n", newline + 1)

    def in_table(self, index: int) -> bool:
        """Whether the index lies inside a table."""
        return self.text.count(TABLE, 0, index) > self.text.count(TABLE_END, 0, index)

    def holds_text(self, index: int) -> bool:
        """Whether the unit at `index` belongs to a paragraph."""
        return 0 <= index < self.end and self.text[index] not in STRUCTURE

    def style_for_insertion(self, index: int) -> Style:
        """The text style new text takes: of the unit before, at a paragraph's start of its first unit."""
        return self.styles[index - 1 if index > self.paragraph_start(index) else index]
