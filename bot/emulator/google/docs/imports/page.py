"""Web pages, Markdown and plain text read into documents."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from bot.emulator.google.docs.defaults import DEEPEST_LEVEL, LINK_COLOR
from bot.emulator.google.docs.imports.builder import Builder
from bot.emulator.google.docs.model import Document
from bot.emulator.google.docs.segment import Style
from bot.emulator.google.docs.styling import single

_BLOCKS = frozenset(
    ("p", "div", "section", "article", "header", "footer", "main", "blockquote", "pre", "figure", "address")
)
_SILENT = frozenset(("script", "style", "head", "title", "template"))
_BOLD: Style = {"bold": True}
_INLINE: dict[str, Style] = {
    "b": _BOLD,
    "strong": _BOLD,
    "th": _BOLD,
    "i": {"italic": True},
    "em": {"italic": True},
    "u": {"underline": True},
    "s": {"strikethrough": True},
    "del": {"strikethrough": True},
    "code": {"weightedFontFamily": {"fontFamily": "Courier New", "weight": 400}},
    "sup": {"baselineOffset": "SUPERSCRIPT"},
    "sub": {"baselineOffset": "SUBSCRIPT"},
}
_LIST_PRESETS = {"ul": "BULLET_DISC_CIRCLE_SQUARE", "ol": "NUMBERED_DECIMAL_ALPHA_ROMAN"}
_SPACE = re.compile(r"[ \t\r\n\f]+")
_COLOR = re.compile(r"(?:^|;)\s*(color|background-color)\s*:\s*#([0-9a-fA-F]{6})")
_QUOTE_INDENT = 36
_Cell = list[list[tuple[str, Style]]]  # paragraphs of styled pieces


def from_text(text: str) -> Document:
    """One paragraph a line."""
    builder = Builder()
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        builder.text(line, {})
        builder.end_paragraph()
    return builder.document()


def from_markdown(text: str) -> Document:
    """CommonMark with tables and strikethrough."""
    from markdown_it import MarkdownIt

    return from_html(MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).render(text))


def from_html(text: str) -> Document:
    """Headings, paragraphs, lists, tables, links and the plain styles of a web page; its styles sheets are not read."""
    reader = _Page()
    reader.feed(text)
    reader.close()
    return reader.finish()


@dataclass
class _Table:
    """A table being read: its rows of cells."""

    rows: list[list[_Cell]] = field(default_factory=list)


class _Page(HTMLParser):
    """Turns tags into the builder's calls. `styles` and `lists` are stacks of what is open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._builder = Builder()
        self._styles: list[tuple[str, Style]] = []
        self._lists: list[tuple[str, str]] = []
        self._items: list[bool] = []
        self._heading = ""
        self._quotes = 0
        self._silent = 0
        self._verbatim = 0
        self._tables: list[_Table] = []

    def finish(self) -> Document:
        self._close_paragraph()
        return self._builder.document()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self._write("\n")
        elif tag in ("table", "tr", "td", "th"):
            self._open_table_part(tag)
        elif tag in _LIST_PRESETS:
            self._open_list(tag)
        elif tag == "li":
            self._close_paragraph()
            self._items.append(True)
        elif tag in _BLOCKS or re.fullmatch(r"h[1-6]", tag):
            self._open_block(tag)
        self._open_style(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _LIST_PRESETS or tag == "li":
            self._close_list_part(tag)
        elif tag == "table" and self._tables:
            self._close_table()
        elif tag in _BLOCKS or re.fullmatch(r"h[1-6]", tag):
            self._close_block(tag)
        open_tags = [name for name, _ in self._styles]
        if tag in open_tags:
            last = len(open_tags) - 1 - open_tags[::-1].index(tag)
            del self._styles[last:]

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._write(data if self._verbatim else _SPACE.sub(" ", data))

    def _write(self, text: str) -> None:
        style: Style = {}
        for _, more in self._styles:
            style = style | more
        if self._tables:
            self._write_cell(text, style)
            return
        if not self._verbatim and self._builder.ends_with_space:
            text = text.lstrip(" ")
        self._builder.text(text, style)

    def _open_style(self, tag: str, attributes: dict[str, str]) -> None:
        style = dict(_INLINE.get(tag, {})) | _css(attributes.get("style", ""))
        if tag == "a" and attributes.get("href", "").startswith(("http://", "https://", "mailto:")):
            style |= {"link": {"url": attributes["href"]}, "foregroundColor": LINK_COLOR, "underline": True}
        if style or tag == "a":
            self._styles.append((tag, style))

    def _open_block(self, tag: str) -> None:
        if self._tables:
            self._next_cell_paragraph()
            return
        self._close_paragraph()
        self._heading = f"HEADING_{tag[1]}" if tag[0] == "h" and tag[1:].isdigit() else ""
        self._quotes += tag == "blockquote"
        self._verbatim += tag == "pre"

    def _close_block(self, tag: str) -> None:
        if self._tables:
            return
        self._close_paragraph()
        self._heading = ""
        self._quotes -= tag == "blockquote" and self._quotes > 0
        self._verbatim -= tag == "pre" and self._verbatim > 0

    def _close_paragraph(self) -> None:
        """End the present paragraph if it holds anything; the first in an open list item is that item."""
        if self._tables:
            return
        self._builder.trim()
        if self._builder.at_paragraph_start:
            return
        bullet = None
        if self._lists and self._items and self._items[-1]:
            bullet = self._lists[-1][1], min(len(self._lists) - 1, DEEPEST_LEVEL)
            self._items[-1] = False
        indent = _QUOTE_INDENT * (self._quotes + (len(self._lists) if bullet is None else 0))
        self._builder.end_paragraph(self._heading or "NORMAL_TEXT", bullet, 0 if bullet else indent)

    def _open_list(self, tag: str) -> None:
        if self._tables:
            self._next_cell_paragraph()
            return
        self._close_paragraph()
        preset = _LIST_PRESETS[tag]
        list_id = self._lists[-1][1] if self._lists else self._builder.new_list(preset)
        self._lists.append((tag, list_id))
        self._builder.shape_level(list_id, min(len(self._lists) - 1, DEEPEST_LEVEL), preset)

    def _close_list_part(self, tag: str) -> None:
        self._close_paragraph()
        if tag == "li" and self._items:
            self._items.pop()
        elif tag != "li" and self._lists and not self._tables:
            self._lists.pop()

    def _open_table_part(self, tag: str) -> None:
        if tag == "table":
            self._close_paragraph()
            self._tables.append(_Table())
        elif self._tables and tag == "tr":
            self._tables[-1].rows.append([])
        elif self._tables and tag in ("td", "th"):
            if not self._tables[-1].rows:
                self._tables[-1].rows.append([])
            self._tables[-1].rows[-1].append([[]])

    def _write_cell(self, text: str, style: Style) -> None:
        rows = self._tables[-1].rows
        if not rows or not rows[-1]:
            return
        paragraph = rows[-1][-1][-1]
        if not paragraph or paragraph[-1][0].endswith((" ", "\n")):
            text = text.lstrip(" ")
        if text:
            paragraph.append((text, style))

    def _next_cell_paragraph(self) -> None:
        rows = self._tables[-1].rows
        if rows and rows[-1] and rows[-1][-1][-1]:
            rows[-1][-1].append([])

    def _close_table(self) -> None:
        """Build the table; one inside another becomes text of its cell."""
        table = self._tables.pop()
        rows = [row for row in table.rows if row]
        if self._tables:
            for row in rows:
                self._next_cell_paragraph()
                self._write_cell("  ".join(_plain(cell) for cell in row), {})
        elif rows:
            self._build(rows, max(len(row) for row in rows))

    def _build(self, rows: list[list[_Cell]], columns: int) -> None:
        self._builder.start_table(columns)
        for row in rows:
            self._builder.start_row()
            missing: list[_Cell] = [[[]] for _ in range(columns - len(row))]
            for cell in row + missing:
                self._builder.start_cell()
                self._fill(cell)
                self._builder.end_cell()
        self._builder.end_table()

    def _fill(self, cell: _Cell) -> None:
        for number, paragraph in enumerate(cell):
            for text, style in paragraph:
                self._builder.text(text, style)
            self._builder.trim()
            if number < len(cell) - 1:
                self._builder.end_paragraph()


def _plain(cell: _Cell) -> str:
    return " ".join("".join(text for text, _ in paragraph).strip() for paragraph in cell)


def _css(text: str) -> Style:
    """The style attributes that text styles have: weight, slant, lines, colours."""
    style: Style = {}
    if re.search(r"font-weight\s*:\s*(bold|[6-9]00)", text):
        style["bold"] = True
    if re.search(r"font-style\s*:\s*italic", text):
        style["italic"] = True
    for name, code in _COLOR.findall(text):
        parts = {part: single(int(code[at : at + 2], 16) / 255) for part, at in (("red", 0), ("green", 2), ("blue", 4))}
        color = {"color": {"rgbColor": {part: value for part, value in parts.items() if value}}}
        style["foregroundColor" if name == "color" else "backgroundColor"] = color
    return style
