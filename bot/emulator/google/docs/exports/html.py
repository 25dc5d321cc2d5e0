"""A document as a piece of a web page: escaped, with the look that the page of paper has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from bot.emulator.google.docs.exports.text import paragraph_text
from bot.emulator.google.docs.exports.typesetting import color, size
from bot.emulator.google.docs.model import Document
from bot.emulator.google.docs.numbering import Numbering
from bot.emulator.google.docs.segment import Segment, Style
from bot.emulator.google.docs.structure import Block, Cell, Paragraph, Run, Table, blocks

_TAGS = {"TITLE": "h1", "SUBTITLE": "p"} | {f"HEADING_{level}": f"h{level}" for level in range(1, 7)}
_ALIGN = {"START": "left", "CENTER": "center", "END": "right", "JUSTIFIED": "justify"}
_SAFE_LINKS = ("http://", "https://", "mailto:")
_DASHES = {"SOLID": "solid", "DOT": "dotted", "DASH": "dashed"}


def to_html(document: Document) -> str:
    """The document in a `<div class="document">` with inline styles; nothing in it comes unescaped."""
    writer = _Writer(document)
    style = document.style
    header = writer.part(style.get("defaultHeaderId"), "header")
    footer = writer.part(style.get("defaultFooterId"), "footer")
    body = "".join(writer.blocks(blocks(document.body)))
    width = size(style.get("pageSize", {}).get("width")) or 612
    sides = [f"{size(style.get(f'margin{side}')):g}pt" for side in ("Top", "Right", "Bottom", "Left")]
    look = f"max-width:{width:g}pt;box-sizing:border-box;margin:0 auto;background:#fff;color:#000"
    look += f";padding:{' '.join(sides)}"
    return f'<div class="document" style="{look}">{header}{body}{writer.notes()}{footer}</div>'


def to_zip(document: Document, title: str) -> bytes:
    """A zip with one web page, as Drive exports web pages."""
    head = f'<head><meta charset="UTF-8"><title>{escape(title)}</title></head>'
    page = f"<html>{head}<body>{to_html(document)}</body></html>"
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        archive.writestr(re.sub(r"[^\w. -]", "", title).strip(". ") + ".html", page)
    return made.getvalue()


class _Writer:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._numbering = Numbering(document)
        self._notes: list[str] = []

    def part(self, key: str | None, tag: str) -> str:
        """A header or footer."""
        if not key:
            return ""
        return f"<{tag}>{''.join(self.blocks(blocks(self._document.segments[key])))}</{tag}>"

    def notes(self) -> str:
        """The footnotes, numbered."""
        if not self._notes:
            return ""
        items = (f"<li>{self._plain(self._document.segments[key])}</li>" for key in self._notes)
        return f'<hr><ol class="footnotes">{"".join(items)}</ol>'

    def _plain(self, segment: Segment) -> str:
        found = (escape(paragraph_text(block)) for block in blocks(segment) if isinstance(block, Paragraph))
        return "<br>".join(found)

    def blocks(self, found: list[Block] | tuple[Block, ...]) -> Iterator[str]:
        for block in found:
            if isinstance(block, Table):
                yield self._table(block)
            elif isinstance(block, Paragraph):
                yield self._paragraph(block)

    def _paragraph(self, paragraph: Paragraph) -> str:
        name = paragraph.style["namedStyleType"]
        style = {**self._document.paragraph_parent(name), **paragraph.style}
        inherited = self._document.text_parent({"style": paragraph.style})
        label = self._numbering.label(paragraph)
        text = "".join(self._run(run, inherited) for run in paragraph.runs) or "<br>"
        if label:
            hang = size(style.get("indentStart")) - size(style.get("indentFirstLine"))
            text = f'<span style="display:inline-block;width:{hang:g}pt;text-indent:0">{escape(label)}</span>{text}'
        tag = _TAGS.get(name, "p")
        return f'<{tag} style="{_paragraph_css(style, inherited)}">{text}</{tag}>'

    def _run(self, run: Run, inherited: Style) -> str:
        if run.element and "pageBreak" in run.element:
            return '<hr style="border:0;border-top:1px dashed #bbb">'
        if run.element and "footnoteReference" in run.element:
            self._notes.append(run.element["footnoteReference"]["footnoteId"])
            return f"<sup>{len(self._notes)}</sup>"
        if run.element and "inlineObjectElement" in run.element:
            return "<span>[image]</span>"
        text = escape(paragraph_text(Paragraph(run.start, run.end, (run,), {}, None))).replace("\x0b", "<br>")
        css = _text_css({name: value for name, value in run.style.items() if value != inherited.get(name)})
        url = run.style.get("link", {}).get("url", "")
        if url.startswith(_SAFE_LINKS):
            return f'<a href="{escape(url)}" rel="noopener noreferrer" style="{css}">{text}</a>'
        return f'<span style="{css}">{text}</span>' if css else text

    def _table(self, table: Table) -> str:
        widths = "".join(
            f'<col style="width:{size(one["width"]):g}pt">' if "width" in one else "<col>" for one in table.columns
        )
        rows = "".join(f"<tr>{''.join(self._cells(row.cells))}</tr>" for row in table.rows)
        look = "border-collapse:collapse;width:100%"
        return f'<table style="{look}"><colgroup>{widths}</colgroup>{rows}</table>'

    def _cells(self, cells: tuple[Cell, ...]) -> Iterator[str]:
        skip = 0
        for cell in cells:
            span = cell.style.get("columnSpan", 1)
            if skip:
                skip -= 1
                continue
            skip = max(0, span - 1)
            inner = "".join(self.blocks(cell.blocks))
            yield f'<td colspan="{max(1, span)}" style="{_cell_css(cell.style)}">{inner}</td>'


def _css(rules: dict[str, str | None]) -> str:
    return ";".join(f"{name}:{escape(value)}" for name, value in rules.items() if value)


def _hex(value: Style | None) -> str | None:
    parts = color(value)
    return None if parts is None else "#{:02x}{:02x}{:02x}".format(*parts)


def _points(value: Style | None) -> str:
    return f"{size(value):g}pt"


def _paragraph_css(style: Style, inherited: Style) -> str:
    start, first = size(style.get("indentStart")), size(style.get("indentFirstLine"))
    rules = {
        "margin": f"{_points(style.get('spaceAbove'))} {_points(style.get('indentEnd'))} "
        f"{_points(style.get('spaceBelow'))} {start:g}pt",
        "text-indent": f"{first - start:g}pt",
        "text-align": _ALIGN.get(style.get("alignment", "START")),
        "line-height": f"{style.get('lineSpacing', 100) / 100:g}",
        "background-color": _hex(style.get("shading", {}).get("backgroundColor")),
    }
    return _css(rules) + ";" + _text_css(inherited | {"bold": inherited.get("bold", False)})


def _text_css(style: Style) -> str:
    lines = [word for name, word in (("underline", "underline"), ("strikethrough", "line-through")) if style.get(name)]
    offset = {"SUPERSCRIPT": "super", "SUBSCRIPT": "sub"}.get(style.get("baselineOffset", "NONE"))
    rules: dict[str, Any] = {
        "font-weight": None if "bold" not in style else "bold" if style["bold"] else "normal",
        "font-style": None if "italic" not in style else "italic" if style["italic"] else "normal",
        "text-decoration": " ".join(lines) or ("none" if style.get("underline") is False and "link" in style else None),
        "color": _hex(style.get("foregroundColor")),
        "background-color": _hex(style.get("backgroundColor")),
        "font-size": _points(style["fontSize"]) if "fontSize" in style else None,
        "font-family": _family(style),
        "vertical-align": offset,
    }
    return _css(rules)


def _family(style: Style) -> str | None:
    """The font's name without whatever could end the quotes it stands in."""
    name = style.get("weightedFontFamily", {}).get("fontFamily", "")
    kept = "".join(char for char in name if char.isalnum() or char in " -")
    return f"'{kept}', sans-serif" if kept else None


def _cell_css(style: Style) -> str:
    rules: dict[str, str | None] = {
        "background-color": _hex(style.get("backgroundColor")),
        "vertical-align": style.get("contentAlignment", "TOP").lower(),
        "padding": " ".join(_points(style.get(f"padding{side}")) for side in ("Top", "Right", "Bottom", "Left")),
    }
    for side in ("top", "right", "bottom", "left"):
        border = style.get(f"border{side.capitalize()}")
        if border is None:
            rules[f"border-{side}"] = "1pt solid #000"
        elif size(border.get("width")) and _hex(border.get("color")):
            dash = _DASHES.get(border.get("dashStyle", "SOLID"), "solid")
            rules[f"border-{side}"] = f"{_points(border['width'])} {dash} {_hex(border['color'])}"
    return _css(rules)
