"""Lines of styled text for the printed page: fonts, the look of runs, and breaking paragraphs into lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.emulator.google.docs.exports.text import paragraph_text
from bot.emulator.google.docs.model import Document
from bot.emulator.google.docs.segment import Style
from bot.emulator.google.docs.structure import Paragraph, Run
from bot.emulator.google.docs.units import OBJECT

if TYPE_CHECKING:
    from fpdf import FPDF

# The bundled fonts run wider than the ones documents name; a little smaller they fill a line about as far.
SCALE = 0.9
_FACES = {"sans": "DejaVuSans", "mono": "DejaVuSansMono", "serif": "DejaVuSerif"}
_SLANTED = {"sans": "Oblique", "mono": "Oblique", "serif": "Italic"}
_MONO = re.compile(r"mono|courier|consolas|code", re.IGNORECASE)
_SERIF = re.compile(r"times|georgia|garamond|merriweather|lora|playfair|serif|cambria", re.IGNORECASE)
_ATOMS = re.compile(r"\x0b|[ \t\u2003]+|[^\s]+|\s")
_INVISIBLE = dict.fromkeys((0x200D, 0xFE0E, 0xFE0F, *range(0x1F3FB, 0x1F400)))
Color = tuple[int, int, int]
BLACK: Color = (0, 0, 0)
# Signs the fonts lack, drawn as the nearest ones they have, in the colour that carries the meaning.
_STAND_INS: dict[str, tuple[str, Color]] = {
    "🟢": ("●", (30, 142, 62)),
    "🟡": ("●", (242, 177, 0)),
    "🟠": ("●", (232, 113, 10)),
    "🔴": ("●", (217, 48, 37)),
    "🔵": ("●", (26, 115, 232)),
    "🙂": ("☺", BLACK),
    "✅": ("✔", (30, 142, 62)),
    "❌": ("✘", (217, 48, 37)),
}


@dataclass(frozen=True)
class Look:
    """How a piece of text is drawn; sizes in points. A picture is a piece of its URI, `wide` and `size` high."""

    face: str = "sans"
    emphasis: str = ""
    size: float = 11
    color: Color = BLACK
    background: Color | None = None
    underline: bool = False
    strike: bool = False
    link: str = ""
    picture: str = ""
    wide: float = 0
    rise: float = 0


@dataclass(frozen=True)
class Piece:
    """Text of one look, at `x` from the left edge of the column."""

    text: str
    look: Look
    width: float
    x: float = 0


@dataclass
class Line:
    """One line of a column: its height with the space above it, and where the baseline is below its top."""

    pieces: list[Piece] = field(default_factory=list)
    height: float = 0
    ascent: float = 0
    before: float = 0
    shading: Color | None = None
    breaks_page: bool = False
    keep: bool = False
    rule: tuple[float, Color] | None = None

    @property
    def full(self) -> float:
        return self.before + self.height


def color(value: Style | None) -> Color | None:
    """An OptionalColor as 0-255 parts, None when transparent."""
    parts = (value or {}).get("color", {}).get("rgbColor")
    return None if parts is None else tuple(round(255 * parts.get(name, 0)) for name in ("red", "green", "blue"))


def size(value: Style | None) -> float:
    """A Dimension in points."""
    return float((value or {}).get("magnitude", 0))


class Typesetter:
    """Breaks paragraphs of one document into lines, measuring with the fonts of one PDF."""

    def __init__(self, document: Document, pdf: FPDF) -> None:
        self.document = document
        self.pdf = pdf
        self._footnotes = 0
        folder = Path(str(find_spec("matplotlib").origin)).parent / "mpl-data" / "fonts" / "ttf"  # type: ignore[union-attr]
        for face, name in _FACES.items():
            for emphasis in ("", "B", "I", "BI"):
                slant = _SLANTED[face] if "I" in emphasis else ""
                suffix = ("Bold" if "B" in emphasis else "") + slant
                self.pdf.add_font(face, emphasis, folder / (f"{name}-{suffix}.ttf" if suffix else f"{name}.ttf"))

    def set(self, look: Look) -> None:
        """Make the look's font the PDF's current one."""
        self.pdf.set_font(look.face, look.emphasis, look.size * SCALE)

    def measure(self, text: str, look: Look) -> float:
        """The width of the text in points."""
        if look.picture:
            return look.wide
        self.set(look)
        return float(self.pdf.get_string_width(text))

    def paragraph(self, paragraph: Paragraph, width: float, label: str = "") -> list[Line]:
        """The lines of a paragraph in a column of that width, with its space above and below."""
        style = {**self.document.paragraph_parent(paragraph.style["namedStyleType"]), **paragraph.style}
        inherited = self.document.text_parent({"style": paragraph.style})
        if any(run.element and "pageBreak" in run.element for run in paragraph.runs):
            return [Line(breaks_page=True)]
        start, first, end = (size(style.get(name)) for name in ("indentStart", "indentFirstLine", "indentEnd"))
        left = start if label else first
        atoms = list(self._atoms(paragraph.runs, inherited))
        look = look_of(paragraph.runs[0].style, inherited)
        lines = self._broken(atoms, width - end, left, start, look, style.get("lineSpacing", 100))
        for number, line in enumerate(lines):
            _align(line, style.get("alignment", "START"), width - end, number == len(lines) - 1)
        if label:
            lines[0].pieces.insert(0, self._marker(label, look, first))
        return _finished(lines, style, bool(paragraph.bullet))

    def _marker(self, label: str, look: Look, x: float) -> Piece:
        """The label of a list item; the fonts draw symbols large, so these are made smaller and lifted."""
        plain = replace(look, underline=False, strike=False, link="", background=None)
        if not any(char.isalnum() for char in label):
            plain = replace(plain, size=look.size * 0.65, rise=look.size * 0.1)
        return Piece(label, plain, self.measure(label, plain), x)

    def _atoms(self, runs: Iterable[Run], inherited: Style) -> Iterator[tuple[str, Look]]:
        for run in runs:
            look = look_of(run.style, inherited)
            for text, drawn in self._drawable(*self._spoken(run, look)):
                yield from ((atom, drawn) for atom in _ATOMS.findall(text))

    def _spoken(self, run: Run, look: Look) -> tuple[str, Look]:
        if run.element is None:
            return run.text.removesuffix("\n").replace("\t", "\u2003\u2003"), look
        if "footnoteReference" in run.element:
            self._footnotes += 1
            return str(self._footnotes), replace(look, size=look.size * 0.65, rise=look.size * 0.35)
        if "inlineObjectElement" in run.element:
            return OBJECT, self._picture(run.element["inlineObjectElement"]["inlineObjectId"], look)
        return paragraph_text(Paragraph(run.start, run.end, (run,), {}, None)), replace(
            look, background=(232, 234, 237)
        )

    def _picture(self, key: str, look: Look) -> Look:
        embedded = self.document.inline_objects[key]["inlineObjectProperties"]["embeddedObject"]
        wide, high = size(embedded["size"]["width"]), size(embedded["size"]["height"])
        return replace(look, picture=embedded["imageProperties"]["sourceUri"], wide=wide, size=high, background=None)

    def _drawable(self, text: str, look: Look) -> Iterator[tuple[str, Look]]:
        """The text in parts that the fonts can draw; a sign they lack becomes its stand-in or a blank."""
        if look.picture:
            yield text, look
            return
        font: Any = self.pdf.fonts[look.face + look.emphasis]
        plain = ""
        for char in text.translate(_INVISIBLE):
            if char == "\x0b" or ord(char) in font.cmap:
                plain += char
                continue
            sign, tint = _STAND_INS.get(char, ("\u2003", look.color))
            yield from ((plain, look), (sign, replace(look, color=tint)))
            plain = ""
        yield plain, look

    def _broken(
        self, atoms: list[tuple[str, Look]], right: float, left: float, rest: float, look: Look, spacing: float
    ) -> list[Line]:
        """Greedy line breaking at blanks; words longer than a line are cut."""
        lines, x, words = [Line()], left, list(_words(atoms))
        for word in words:
            if word[0][0] == "\x0b":
                lines.append(Line())
                x = rest
                continue
            pieces = [Piece(text, drawn, self.measure(text, drawn)) for text, drawn in word]
            width = sum(piece.width for piece in pieces)
            blank = not word[0][0].strip()
            if x + width > right + 0.01 and x > rest and not blank:
                lines.append(Line())
                x = rest
            for piece in self._cut(pieces, max(right - x, 20), max(right - rest, 20)):
                if x > rest and x + piece.width > right + 0.01 and not blank and piece is not pieces[0]:
                    lines.append(Line())
                    x = rest
                lines[-1].pieces.append(replace(piece, x=x))
                x += piece.width
        for line in lines:
            _measure_line(line, look, spacing)
        return lines

    def _cut(self, pieces: list[Piece], first: float, room: float) -> list[Piece]:
        """Pieces no wider than a line."""
        if sum(piece.width for piece in pieces) <= max(first, room):
            return pieces
        parts: list[Piece] = []
        for piece in pieces:
            text = ""
            for char in piece.text:
                if text and self.measure(text + char, piece.look) > room:
                    parts.append(Piece(text, piece.look, self.measure(text, piece.look)))
                    text = ""
                text += char
            parts.append(Piece(text, piece.look, self.measure(text, piece.look)))
        return parts


def _words(atoms: list[tuple[str, Look]]) -> Iterator[list[tuple[str, Look]]]:
    """Atoms joined where no blank parts them."""
    word: list[tuple[str, Look]] = []
    for atom in atoms:
        if not atom[0].strip():
            if word:
                yield word
            yield [atom]
            word = []
        else:
            word.append(atom)
    if word:
        yield word


def _measure_line(line: Line, look: Look, spacing: float) -> None:
    tallest = max((piece.look.size + piece.look.rise for piece in line.pieces), default=look.size)
    line.height = tallest * 1.15 * spacing / 100
    line.ascent = line.height * 0.5 + tallest * 0.36
    if any(piece.look.picture for piece in line.pieces):
        line.height, line.ascent = tallest + 4, tallest + 2


def _align(line: Line, alignment: str, right: float, last: bool) -> None:
    while line.pieces and not line.pieces[-1].text.strip():
        line.pieces.pop()
    if not line.pieces or alignment == "START":
        return
    spare = right - line.pieces[-1].x - line.pieces[-1].width
    if alignment == "JUSTIFIED":
        gaps = sum(1 for piece in line.pieces if not piece.text.strip())
        if last or not gaps:
            return
        _stretch(line, spare / gaps)
        return
    shift = spare / 2 if alignment == "CENTER" else spare
    line.pieces = [replace(piece, x=piece.x + shift) for piece in line.pieces]


def _stretch(line: Line, more: float) -> None:
    shift = 0.0
    moved: list[Piece] = []
    for piece in line.pieces:
        moved.append(replace(piece, x=piece.x + shift))
        shift += more if not piece.text.strip() else 0
    line.pieces = moved


def _finished(lines: list[Line], style: Style, in_list: bool) -> list[Line]:
    """The lines with what the paragraph style adds: spacing, shading, a rule below, staying with the next."""
    collapsed = in_list and style.get("spacingMode") == "COLLAPSE_LISTS"
    lines[0].before = 0 if collapsed else size(style.get("spaceAbove"))
    shade = color(style.get("shading", {}).get("backgroundColor"))
    for line in lines:
        line.shading = shade
        line.keep = bool(style.get("keepWithNext"))
    lines[-1].height += 0 if collapsed else size(style.get("spaceBelow"))
    border = style.get("borderBottom", {})
    if size(border.get("width")):
        lines[-1].height += size(border.get("padding"))
        lines[-1].rule = size(border["width"]), color(border.get("color")) or BLACK
    if style.get("pageBreakBefore"):
        lines.insert(0, Line(breaks_page=True))
    return lines


def look_of(style: Style, inherited: Style) -> Look:
    """The look of a text style over what its paragraph gives."""
    whole: dict[str, Any] = {**inherited, **style}
    family = whole.get("weightedFontFamily", {})
    name = family.get("fontFamily", "")
    face = "mono" if _MONO.search(name) else "serif" if _SERIF.search(name) and "sans" not in name.lower() else "sans"
    bold = whole.get("bold") or family.get("weight", 400) >= 600
    points = size(whole.get("fontSize")) or 11
    offset = whole.get("baselineOffset", "NONE")
    raised = {"SUPERSCRIPT": 0.35, "SUBSCRIPT": -0.15}.get(offset, 0)
    return Look(
        face,
        ("B" if bold else "") + ("I" if whole.get("italic") else ""),
        points * (0.65 if raised else 1),
        color(whole.get("foregroundColor")) or BLACK,
        color(whole.get("backgroundColor")),
        bool(whole.get("underline")),
        bool(whole.get("strikethrough")),
        whole.get("link", {}).get("url", ""),
        rise=points * raised,
    )
