"""Writes a document from its beginning to its end: text, paragraphs, list items and tables, one after the other."""

from __future__ import annotations

from typing import Any

from bot.emulator.google.docs import defaults, model
from bot.emulator.google.docs.segment import Extra, Style
from bot.emulator.google.docs.units import CELL, ROW, SECTION, TABLE, TABLE_END, clean, to_units


class Builder:
    """Collects units; `document()` closes what is open and gives the document."""

    def __init__(self) -> None:
        self._document = model.blank()
        self._text: list[str] = [SECTION]
        self._styles: list[Style] = [{}]
        self._extras: list[Extra] = [defaults.SECTION_STYLE]

    @property
    def at_paragraph_start(self) -> bool:
        """Whether the present paragraph is still empty."""
        return self._text[-1] in ("\n", SECTION, CELL, TABLE_END)

    @property
    def ends_with_space(self) -> bool:
        """Whether another blank would be one too many."""
        return self.at_paragraph_start or self._text[-1] in " \x0b"

    def text(self, text: str, style: Style) -> None:
        """Text within a paragraph; newlines become line breaks."""
        units = to_units(clean(text)).replace("\n", "\x0b")
        self._text.extend(units)
        self._styles.extend([style] * len(units))
        self._extras.extend([None] * len(units))

    def trim(self) -> None:
        """Take away blanks at the end of the present paragraph."""
        while self._text[-1] == " ":
            for items in (self._text, self._styles, self._extras):
                items.pop()

    def end_paragraph(self, name: str = "NORMAL_TEXT", bullet: tuple[str, int] | None = None, indent: int = 0) -> None:
        """Close the present paragraph with a named style, a list (id and level), or an indent in points."""
        style: Style = {"namedStyleType": name, "direction": "LEFT_TO_RIGHT"}
        if name in defaults.HEADINGS:
            style = {"headingId": self._document.new_id("h.")} | style
        if indent:
            style |= {"indentFirstLine": defaults.points(indent), "indentStart": defaults.points(indent)}
        self._put("\n", {"style": style} if bullet is None else self._item(style, *bullet))

    def _item(self, style: Style, list_id: str, level: int) -> dict[str, Any]:
        shape = self._document.lists[list_id]["properties"]["nestingLevels"][level]
        style |= {name: shape[name] for name in ("indentFirstLine", "indentStart")}
        nesting = {"nestingLevel": level} if level else {}
        return {"style": style, "bullet": {"listId": list_id} | nesting | {"textStyle": {}}}

    def new_list(self, preset: str) -> str:
        """Id of a new list."""
        key = self._document.new_id()
        self._document.lists[key] = {"preset": preset, "properties": defaults.list_properties(preset)}
        return key

    def shape_level(self, list_id: str, level: int, preset: str) -> None:
        """Give one level of a list the look of another preset."""
        known = self._document.lists[list_id]
        if known["preset"] == preset:
            return
        levels = list(known["properties"]["nestingLevels"])
        levels[level] = defaults.list_properties(preset)["nestingLevels"][level]
        self._document.lists[list_id] = known | {"properties": {"nestingLevels": levels}}

    def start_table(self, columns: int) -> None:
        """A table of so many columns; the paragraph before it is closed if need be."""
        if self._text[-1] != "\n":
            self.end_paragraph()
        self._put(TABLE, {"columns": [defaults.COLUMN] * columns})

    def start_row(self) -> None:
        self._put(ROW, defaults.ROW_STYLE)

    def start_cell(self) -> None:
        self._put(CELL, defaults.CELL_STYLE)

    def end_cell(self) -> None:
        """Every cell ends with a paragraph."""
        if self._text[-1] != "\n":
            self.end_paragraph()

    def end_table(self) -> None:
        self._put(TABLE_END, None)

    def _put(self, unit: str, extra: Extra) -> None:
        self._text.append(unit)
        self._styles.append({})
        self._extras.append(extra)

    def document(self) -> model.Document:
        """The finished document."""
        if self._text[-1] != "\n":
            self.end_paragraph()
        body = self._document.body
        body.text, body.styles, body.extras = "".join(self._text), self._styles, self._extras
        return self._document
