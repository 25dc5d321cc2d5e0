"""A document as plain text: a byte order mark and CRLF line ends, as Drive exports it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.emulator.google.docs.model import Document
from bot.emulator.google.docs.numbering import Numbering, is_numbered
from bot.emulator.google.docs.structure import Block, Paragraph, Row, Table, blocks


def to_text(document: Document) -> bytes:
    """UTF-8 text. List items have a star or number, three spaces a level; the cells of a row are tab-separated."""
    lines = _Lines(document).of(blocks(document.body))
    return ("\ufeff" + "\r\n".join(lines)).encode()


class _Lines:
    def __init__(self, document: Document) -> None:
        self._lists = document.lists
        self._numbering = Numbering(document)

    def of(self, found: list[Block] | tuple[Block, ...]) -> Iterator[str]:
        for block in found:
            if isinstance(block, Paragraph):
                yield from self._paragraph(block)
            elif isinstance(block, Table):
                for row in block.rows:
                    yield self._row(row)

    def _paragraph(self, paragraph: Paragraph) -> list[str]:
        text = paragraph_text(paragraph).replace("\x0b", "\r\n")
        label = self._numbering.label(paragraph)
        if paragraph.bullet:
            level = paragraph.bullet.get("nestingLevel", 0)
            shape = self._lists[paragraph.bullet["listId"]]["properties"]["nestingLevels"][level]
            text = f"{'   ' * level}{label if is_numbered(shape) else '*'} {text}"
        return text.split("\r\n")

    def _row(self, row: Row) -> str:
        return "\t".join(" ".join(self.of(cell.blocks)).strip() for cell in row.cells)


def paragraph_text(paragraph: Paragraph) -> str:
    """The text of a paragraph; people and links in place of their chips."""
    return "".join(_spoken(run.element) if run.element else run.text for run in paragraph.runs).removesuffix("\n")


def _spoken(element: dict[str, dict[str, dict[str, str]]]) -> str:
    person = element.get("person", {}).get("personProperties", {})
    return person.get("name") or person.get("email", "")
