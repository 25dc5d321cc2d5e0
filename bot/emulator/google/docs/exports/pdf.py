"""A document drawn page by page as a PDF."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from fpdf import FPDF

from bot.emulator.google.docs.exports.typesetting import BLACK, Color, Line, Look, Piece, Typesetter, color, size
from bot.emulator.google.docs.model import Document
from bot.emulator.google.docs.numbering import Numbering
from bot.emulator.google.docs.segment import Style
from bot.emulator.google.docs.structure import Block, Cell, Paragraph, Row, Table, blocks, paragraphs

Read = Callable[[str], bytes | None]
_SAFE_LINKS = ("http://", "https://", "mailto:")
_GREY: Color = (110, 110, 110)
_SIDES = ("Left", "Top", "Right", "Bottom")
_NARROWEST = 24


def to_pdf(document: Document, title: str, read: Read) -> bytes:
    """The pages of a document. Signs that the bundled fonts lack come out blank; `read` gives the bytes of an image."""
    page = document.style.get("pageSize", {})
    wide, high = size(page.get("width")) or 612, size(page.get("height")) or 792
    if document.style.get("flipPageOrientation"):
        wide, high = high, wide
    pdf = FPDF(unit="pt", format=(wide, high))
    pdf.set_auto_page_break(False)
    pdf.set_title(title)
    pdf.c_margin = 0
    pages = _Pages(document, pdf, read)
    pages.flow(blocks(document.body))
    pages.footnotes()
    pages.margins()
    return bytes(pdf.output())


class _Pages:
    """The pen: `y` is where the next line begins on the present page."""

    def __init__(self, document: Document, pdf: FPDF, read: Read) -> None:
        self.document = document
        self.read = read
        self.pdf = pdf
        self.setter = Typesetter(document, pdf)
        self.numbering = Numbering(document)
        style = document.style
        self.left, self.right = size(style.get("marginLeft")), pdf.w - size(style.get("marginRight"))
        self.top, self.bottom = size(style.get("marginTop")), pdf.h - size(style.get("marginBottom"))
        self.y = self.top
        self.new_page()

    @property
    def width(self) -> float:
        return self.right - self.left

    def new_page(self) -> None:
        self.pdf.add_page()
        paper = color(self.document.style.get("background", {}).get("color"))
        if paper and paper != (255, 255, 255):
            self._fill(0, 0, self.pdf.w, self.pdf.h, paper)
        self.y = self.top

    def flow(self, found: list[Block]) -> None:
        """Draw the blocks one below the other; what must stay with the next moves to the next page with it."""
        for number, block in enumerate(found):
            if isinstance(block, Table):
                self.table(block)
            elif isinstance(block, Paragraph):
                lines = self.lines_of(block, self.width)
                follower = found[number + 1] if number + 1 < len(found) else None
                self._keep_together(lines, follower)
                self._lines(lines)

    def lines_of(self, paragraph: Paragraph, width: float) -> list[Line]:
        return self.setter.paragraph(paragraph, width, self.numbering.label(paragraph))

    def _keep_together(self, lines: list[Line], follower: Block | None) -> None:
        if not lines[-1].keep or follower is None:
            return
        more = 40.0 if isinstance(follower, Table) else 30.0
        if self.y + sum(line.full for line in lines) + more > self.bottom and self.y > self.top:
            self.new_page()

    def _lines(self, lines: list[Line]) -> None:
        for line in lines:
            if line.breaks_page:
                self.new_page()
                continue
            if self.y + line.full > self.bottom and self.y > self.top:
                self.new_page()
            self.y += line.before if self.y > self.top else 0
            self.draw(line, self.left, self.y, self.width)
            self.y += line.height

    def draw(self, line: Line, left: float, top: float, width: float) -> None:
        """One line with its shading, links and rules, its top at `top`."""
        if line.shading:
            self._fill(left, top, width, line.height, line.shading)
        for piece in line.pieces:
            x, baseline = left + piece.x, top + line.ascent - piece.look.rise
            if piece.look.picture:
                self._picture(piece, x, baseline)
                continue
            if piece.look.background:
                self._fill(
                    x, baseline - piece.look.size * 0.85, piece.width, piece.look.size * 1.1, piece.look.background
                )
            self.setter.set(piece.look)
            self.pdf.set_text_color(*piece.look.color)
            self.pdf.text(x, baseline, piece.text)
            self._strokes(piece.look, x, baseline, piece.width)
        if line.rule:
            self._stroke(left, top + line.height, left + width, top + line.height, *line.rule)

    def _picture(self, piece: Piece, x: float, baseline: float) -> None:
        """An image, or a frame in its place when it is gone."""
        top = baseline - piece.look.size
        data = self.read(piece.look.picture)
        if data is None:
            self.pdf.set_draw_color(*_GREY)
            self.pdf.rect(x, top, piece.width, piece.look.size, style="D")
        else:
            self.pdf.image(BytesIO(data), x, top, piece.width, piece.look.size)

    def _strokes(self, look: Look, x: float, baseline: float, width: float) -> None:
        thin = max(0.5, look.size / 18)
        if look.underline:
            self._stroke(x, baseline + look.size * 0.12, x + width, baseline + look.size * 0.12, thin, look.color)
        if look.strike:
            self._stroke(x, baseline - look.size * 0.27, x + width, baseline - look.size * 0.27, thin, look.color)
        if look.link.startswith(_SAFE_LINKS):
            self.pdf.link(x, baseline - look.size * 0.8, width, look.size, look.link)

    def _fill(self, x: float, y: float, width: float, height: float, paint: Color) -> None:
        self.pdf.set_fill_color(*paint)
        self.pdf.rect(x, y, width, height, style="F")

    def _stroke(self, x: float, y: float, to_x: float, to_y: float, thickness: float, paint: Color) -> None:
        self.pdf.set_draw_color(*paint)
        self.pdf.set_line_width(thickness)
        self.pdf.line(x, y, to_x, to_y)

    def table(self, table: Table) -> None:
        """A table row by row; pinned header rows come again on each page."""
        widths = self._widths(table.columns)
        pinned = [row for row in table.rows if row.style.get("tableHeader")]
        for row in table.rows:
            self._row(row, widths, [] if row in pinned else pinned)

    def _widths(self, columns: list[Style]) -> list[float]:
        fixed = [size(column.get("width")) if column["widthType"] == "FIXED_WIDTH" else 0 for column in columns]
        free = sum(1 for width in fixed if not width)
        share = max(_NARROWEST, (self.width - sum(fixed)) / free) if free else 0
        widths = [width or share for width in fixed]
        scale = min(1.0, self.width / sum(widths))
        return [width * scale for width in widths]

    def _row(self, row: Row, widths: list[float], pinned: list[Row]) -> None:
        """Draw a row, in parts if it is taller than the page has room for."""
        columns = [self._cell_lines(cell, span) for cell, span in _visible(row, widths)]
        least = size(row.style.get("minRowHeight"))
        while True:
            height = max(
                least, *(_tall(cell, lines) for (cell, _), lines in zip(_visible(row, widths), columns, strict=True))
            )
            if self.y + height <= self.bottom:
                self._draw_row(row, widths, columns, height)
                return
            if self.y > self.top + 1 and (height <= self.bottom - self.top or self.bottom - self.y < 60):
                self._turn(pinned, widths)
                continue
            columns = self._draw_part(row, widths, columns)
            least = 0
            self._turn(pinned, widths)

    def _turn(self, pinned: list[Row], widths: list[float]) -> None:
        self.new_page()
        for row in pinned:
            self._row(row, widths, [])

    def _draw_part(self, row: Row, widths: list[float], columns: list[list[Line]]) -> list[list[Line]]:
        """Draw what fits of a row that is taller than a page; gives the rest."""
        room = self.bottom - self.y - 10
        parts = [_taken(lines, room) for lines in columns]
        self._draw_row(row, widths, [taken for taken, _ in parts], self.bottom - self.y)
        return [rest for _, rest in parts]

    def _cell_lines(self, cell: Cell, width: float) -> list[Line]:
        inner = width - _padding(cell, "Left") - _padding(cell, "Right")
        lines: list[Line] = []
        for paragraph in paragraphs(cell.blocks):  # a table inside a cell is drawn as its paragraphs
            lines.extend(line for line in self.lines_of(paragraph, max(inner, 10)) if not line.breaks_page)
        return lines

    def _draw_row(self, row: Row, widths: list[float], columns: list[list[Line]], height: float) -> None:
        x = self.left
        placed: list[tuple[Cell, float, float]] = []
        for (cell, width), lines in zip(_visible(row, widths), columns, strict=True):
            shade = color(cell.style.get("backgroundColor"))
            if shade:
                self._fill(x, self.y, width, height, shade)
            self._cell(cell, lines, x, width, height)
            placed.append((cell, x, width))
            x += width
        for cell, left, width in placed:
            self._borders(cell.style, left, width, height)
        self.y += height

    def _cell(self, cell: Cell, lines: list[Line], x: float, width: float, height: float) -> None:
        spare = height - _tall(cell, lines)
        lower = {"MIDDLE": spare / 2, "BOTTOM": spare}.get(cell.style.get("contentAlignment", "TOP"), 0)
        y = self.y + _padding(cell, "Top") + max(0.0, lower)
        left, inner = x + _padding(cell, "Left"), width - _padding(cell, "Left") - _padding(cell, "Right")
        for number, line in enumerate(lines):
            y += line.before if number else 0
            self.draw(line, left, y, inner)
            y += line.height

    def _borders(self, style: Style, x: float, width: float, height: float) -> None:
        ends = {
            "Left": (x, self.y, x, self.y + height),
            "Top": (x, self.y, x + width, self.y),
            "Right": (x + width, self.y, x + width, self.y + height),
            "Bottom": (x, self.y + height, x + width, self.y + height),
        }
        for side in _SIDES:
            border: dict[str, Any] | None = style.get(f"border{side}")
            thickness = 1.0 if border is None else size(border.get("width"))
            paint = BLACK if border is None else color(border.get("color"))
            if thickness and paint:
                self._stroke(*ends[side], thickness, paint)

    def footnotes(self) -> None:
        """The notes, numbered, after the text."""
        carried = [extra for extra in self.document.body.extras if extra and "footnoteReference" in extra]
        notes = [extra["footnoteReference"]["footnoteId"] for extra in carried]
        for number, key in enumerate(notes, 1):
            if number == 1:
                self._lines([Line(height=18, rule=(0.5, _GREY)), Line(height=6)])
            found = [block for block in blocks(self.document.segments[key]) if isinstance(block, Paragraph)]
            for at, paragraph in enumerate(found):
                self._lines(self.setter.paragraph(paragraph, self.width, f"{number}." if at == 0 else ""))

    def margins(self) -> None:
        """Headers, footers and page numbers, once all pages are there."""
        total = self.pdf.pages_count
        for page in range(1, total + 1):
            self.pdf.page = page
            self.pdf.set_font("sans", "", 1)  # the library keeps no font per page: make it write the next one
            self._part("Header", page, size(self.document.style.get("marginHeader")) or 36)
            self._part("Footer", page, self.pdf.h - (size(self.document.style.get("marginFooter")) or 36) - 16)
            look = Look(size=9, color=_GREY)
            text = f"{page} / {total}"
            self.setter.set(look)
            self.pdf.set_text_color(*_GREY)
            self.pdf.text(self.right - self.setter.measure(text, look), self.pdf.h - 24, text)

    def _part(self, part: str, page: int, y: float) -> None:
        """The default header or footer, or the first page's own."""
        style = self.document.style
        first = page == 1 and style.get("useFirstPageHeaderFooter")
        key = style.get(f"firstPage{part}Id" if first else f"default{part}Id")
        for block in blocks(self.document.segments[key]) if key else []:
            for line in self.lines_of(block, self.width) if isinstance(block, Paragraph) else []:
                self.draw(line, self.left, y, self.width)
                y += line.height


def _visible(row: Row, widths: list[float]) -> list[tuple[Cell, float]]:
    """The cells that show, with their widths: a merged cell takes the columns it spans."""
    found: list[tuple[Cell, float]] = []
    skip = 0
    for number, cell in enumerate(row.cells):
        if skip:
            skip -= 1
            continue
        span = max(1, cell.style.get("columnSpan", 1))
        found.append((cell, sum(widths[number : number + span])))
        skip = span - 1
    return found


def _padding(cell: Cell, side: str) -> float:
    return size(cell.style.get(f"padding{side}"))


def _tall(cell: Cell, lines: list[Line]) -> float:
    inner = sum(line.full for line in lines) - (lines[0].before if lines else 0)
    return inner + _padding(cell, "Top") + _padding(cell, "Bottom")


def _taken(lines: list[Line], room: float) -> tuple[list[Line], list[Line]]:
    """As many lines as fit, at least one, and the rest."""
    used, count = 0.0, 0
    for line in lines:
        if count and used + line.full > room:
            break
        used, count = used + line.full, count + 1
    return lines[:count], lines[count:]
