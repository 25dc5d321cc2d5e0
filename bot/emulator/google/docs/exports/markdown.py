"""A document as Markdown: headings, emphasis, links, nested lists and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.emulator.google.docs.exports.text import paragraph_text
from bot.emulator.google.docs.model import Document
from bot.emulator.google.docs.numbering import Numbering, is_checkbox, is_numbered
from bot.emulator.google.docs.segment import Style
from bot.emulator.google.docs.structure import Block, Paragraph, Run, Table, blocks

_SPECIAL = re.compile(r"([\\`*_\[\]<>&~|])")
_OPENING = re.compile(r"^(\s*)([#+\-=]|\d+(?=[.)]\s))")
_HEADINGS = {"TITLE": "#", "SUBTITLE": "##"} | {f"HEADING_{level}": "#" * level for level in range(1, 7)}
_MONO = ("Courier New", "Roboto Mono", "Consolas", "Source Code Pro")


def to_markdown(document: Document) -> str:
    """The body of the document; text that Markdown would read as markup is escaped."""
    return "".join(_Writer(document).blocks(blocks(document.body))).strip("\n") + "\n"


class _Writer:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._numbering = Numbering(document)

    def blocks(self, found: list[Block]) -> Iterator[str]:
        """The blocks with a blank line between them; items of a list stay together."""
        present = ""
        for block in found:
            if isinstance(block, Paragraph):
                text = self._paragraph(block)
                if text:
                    list_id = (block.bullet or {}).get("listId", "")
                    yield ("" if list_id and list_id == present else "\n") + text + "\n"
                    present = list_id
            elif isinstance(block, Table):
                present = ""
                yield "\n" + self._table(block)

    def _paragraph(self, paragraph: Paragraph) -> str:
        text = self._inline(paragraph).replace("\x0b", "  \n")
        if paragraph.bullet:
            return self._item(paragraph) + text
        heading = _HEADINGS.get(paragraph.style["namedStyleType"])
        if heading:
            return f"{heading} {text}" if text else ""
        return _OPENING.sub(_escaped_opening, text)

    def _item(self, paragraph: Paragraph) -> str:
        bullet = paragraph.bullet or {}
        level = bullet.get("nestingLevel", 0)
        label = self._numbering.label(paragraph)
        shapes = self._document.lists[bullet["listId"]]["properties"]["nestingLevels"]
        indent = "".join("   " if is_numbered(shape) else "  " for shape in shapes[:level])
        if is_checkbox(shapes[level]):
            return f"{indent}- [ ] "
        if not is_numbered(shapes[level]):
            return f"{indent}* "
        number = re.search(r"(\d+)\D*$", label)
        return f"{indent}{int(number[1])}. " if number else f"{indent}1. "

    def _inline(self, paragraph: Paragraph) -> str:
        return "".join(self._run(run) for run in paragraph.runs).strip()

    def _run(self, run: Run) -> str:
        if run.element is not None:
            return _escape(paragraph_text(Paragraph(run.start, run.end, (run,), {}, None)))
        text = run.text.removesuffix("\n")
        core = text.strip(" ")
        if not core:
            return text
        lead, tail = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
        return lead + _marked(core, run.style) + tail

    def _table(self, table: Table) -> str:
        rows = [[self._cell(cell.blocks) for cell in row.cells] for row in table.rows]
        divider = ["-" * max(3, *(len(row[column]) for row in rows)) for column in range(len(table.columns))]
        lines = [rows[0], divider, *rows[1:]]
        return "".join("| " + " | ".join(map(str.ljust, line, map(len, divider))) + " |\n" for line in lines)

    def _cell(self, found: tuple[Block, ...]) -> str:
        lines = [text.strip() for text in "".join(self.blocks(list(found))).split("\n")]
        return "<br>".join(line for line in lines if line)


def _marked(text: str, style: Style) -> str:
    family = style.get("weightedFontFamily", {}).get("fontFamily")
    marked = f"`{text}`" if family in _MONO and "`" not in text else _escape(text)
    stars = "*" * ((2 if style.get("bold") else 0) + (1 if style.get("italic") else 0))
    marked = f"{stars}{marked}{stars}"
    if style.get("strikethrough"):
        marked = f"~~{marked}~~"
    url = style.get("link", {}).get("url", "")
    return f"[{marked}]({_address(url)})" if url else marked


def _address(url: str) -> str:
    return url.replace("(", "%28").replace(")", "%29").replace(" ", "%20")


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _escaped_opening(found: re.Match[str]) -> str:
    if found[2].isdigit():
        return found[0] + "\\"
    return f"{found[1]}\\{found[2]}"
