"""Markdown read into the few kinds of block that a document knows, with every run of text and its style."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark").enable("table")
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&])")
_STRIPPED = re.compile("[\x00-\x08\x0c-\x1f\ue000-\uf8ff]")  # what Docs drops silently, so that lengths would differ
LINE_BREAK = "\v"


@dataclass(frozen=True)
class Span:
    """A run of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, a heading (level 1 to 6) or a list item (depth from 1)."""

    spans: Spans
    heading: int = 0
    depth: int = 0
    ordered: bool = False

    @property
    def text(self) -> str:
        """The words without their styles."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True)
class Table:
    """Rows of cells, the first row being the header; every row has as many cells."""

    rows: tuple[tuple[Spans, ...], ...]


Block = Paragraph | Table


def escape(text: object) -> str:
    """Text from a cell as Markdown that shows exactly that text, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(text).split()))


def blocks(markdown: str) -> list[Block]:
    """The blocks of a Markdown text, in order. HTML in it stays visible text."""
    tokens = _PARSER.parse(markdown)
    found: list[Block] = []
    lists: list[bool] = []  # the open lists, outermost first: is each one numbered?
    heading = position = 0
    while position < len(tokens):
        token = tokens[position]
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                lists.append(token.type.startswith("ordered"))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
            case "heading_open":
                heading = int(token.tag[1:])
            case "heading_close":
                heading = 0
            case "table_open":
                table, position = _table(tokens, position)
                found.append(table)
            case "inline":
                found.append(Paragraph(spans(token), heading, len(lists), bool(lists and lists[-1])))
            case "fence" | "code_block" | "html_block":
                found += [Paragraph((Span(_clean(line)),)) for line in token.content.splitlines() if line.strip()]
        position += 1
    return found


def _table(tokens: Sequence[Token], position: int) -> tuple[Table, int]:
    """The table that opens at a position, and the position of its end."""
    rows: list[list[Spans]] = []
    while tokens[position].type != "table_close":
        token = tokens[position]
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(spans(token))
        position += 1
    width = max(len(row) for row in rows)
    return Table(tuple(tuple(row + [()] * (width - len(row))) for row in rows)), position


def spans(inline: Token) -> Spans:
    """The styled runs of one inline token."""
    return tuple(span for span in _spans(inline.children or ()) if span.text)


def _spans(tokens: Sequence[Token]) -> Iterator[Span]:
    bold = italic = 0
    link = ""
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                bold += token.nesting
            case "em_open" | "em_close":
                italic += token.nesting
            case "link_open":
                link = str(token.attrGet("href") or "")
            case "link_close":
                link = ""
            case "softbreak":
                yield Span(" ", bool(bold), bool(italic), link)
            case "hardbreak":
                yield Span(LINE_BREAK, bool(bold), bool(italic), link)
            case _:
                yield Span(_clean(token.content), bool(bold), bool(italic), link)


def _clean(text: str) -> str:
    return _STRIPPED.sub("", text).replace("\n", " ")
