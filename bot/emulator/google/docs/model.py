"""A document: its segments, lists, named ranges and styles, with one way to change text, and its compact bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import Any

from bot.emulator.google.docs import defaults
from bot.emulator.google.docs.segment import Extra, Segment, Style
from bot.emulator.google.docs.units import SECTION, to_units

BODY = ""
TAB_ID = "t.0"


@dataclass(frozen=True)
class NamedRange:
    """A name over one or more spans [start, end) of one segment."""

    name: str
    segment: str
    spans: tuple[tuple[int, int], ...]


@dataclass
class Document:
    """The content of one document (one tab). Values inside are shared between copies and never changed in place."""

    segments: dict[str, Segment] = field(default_factory=dict)
    lists: dict[str, dict[str, Any]] = field(default_factory=dict)
    named_ranges: dict[str, NamedRange] = field(default_factory=dict)
    inline_objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    style: dict[str, Any] = field(default_factory=dict)
    named_styles: dict[str, dict[str, Any]] = field(default_factory=dict)
    revision: int = 1
    last_id: int = 0

    @property
    def body(self) -> Segment:
        return self.segments[BODY]

    def copy(self) -> Document:
        """A copy that can be edited without touching this one."""
        return Document(
            {name: segment.copy() for name, segment in self.segments.items()},
            dict(self.lists),
            dict(self.named_ranges),
            dict(self.inline_objects),
            dict(self.style),
            dict(self.named_styles),
            self.revision,
            self.last_id,
        )

    def new_id(self, prefix: str = "kix.") -> str:
        """An id that looks like the service's and is unique in this document."""
        self.last_id += 1
        return prefix + defaults.scramble(self.last_id)

    def splice(
        self, segment_id: str, start: int, end: int, text: str, styles: list[Style], extras: list[Extra]
    ) -> None:
        """Put units in place of [start, end) of a segment; named ranges follow."""
        self.segments[segment_id].splice(start, end, text, styles, extras)
        for key, named in list(self.named_ranges.items()):
            if named.segment == segment_id:
                self._follow(key, named, start, end, len(text))

    def _follow(self, key: str, named: NamedRange, start: int, end: int, size: int) -> None:
        spans = tuple(span for span in (_moved(old, start, end, size) for old in named.spans) if span[0] < span[1])
        if spans:
            self.named_ranges[key] = NamedRange(named.name, named.segment, spans)
        else:
            del self.named_ranges[key]

    def drop_segment(self, segment_id: str) -> None:
        """Remove a segment with its named ranges."""
        del self.segments[segment_id]
        self.named_ranges = {key: named for key, named in self.named_ranges.items() if named.segment != segment_id}

    def put_extra(self, segment_id: str, index: int, extra: dict[str, Any]) -> None:
        """Replace what one unit carries."""
        self.segments[segment_id].extras[index] = extra

    def text_parent(self, paragraph: dict[str, Any]) -> Style:
        """The text style a paragraph's runs inherit from its named style."""
        name = paragraph.get("style", {}).get("namedStyleType", "NORMAL_TEXT")
        return {**self.named_styles["NORMAL_TEXT"]["textStyle"], **self.named_styles[name]["textStyle"]}

    def paragraph_parent(self, name: str) -> Style:
        """The paragraph style a named style gives."""
        return {**self.named_styles["NORMAL_TEXT"]["paragraphStyle"], **self.named_styles[name]["paragraphStyle"]}

    def used_lists(self) -> Iterator[str]:
        """Ids of the lists that a paragraph belongs to, in order of appearance."""
        seen: dict[str, None] = {}
        for segment in self.segments.values():
            for extra in segment.extras:
                if extra and "bullet" in extra:
                    seen[extra["bullet"]["listId"]] = None
        return iter(seen)


def blank() -> Document:
    """A new document: a section break and one empty paragraph."""
    body = Segment("body", SECTION + "\n", [{}, {}], [defaults.SECTION_STYLE, defaults.PARAGRAPH])
    return Document({BODY: body}, style=dict(defaults.DOCUMENT_STYLE), named_styles=dict(defaults.NAMED_STYLES))


def blank_segment(kind: str, text: str = "") -> Segment:
    """A header, footer or footnote of one paragraph."""
    size = len(text)
    return Segment(kind, text + "\n", [{} for _ in range(size + 1)], [None] * size + [defaults.PARAGRAPH])


def _moved(span: tuple[int, int], start: int, end: int, size: int) -> tuple[int, int]:
    """The span after [start, end) became `size` units: text put inside grows it, text at its edges does not."""
    first, last = span
    if start >= last:
        return span
    if end <= first:
        return first + size - (end - start), last + size - (end - start)
    if first <= start and end <= last:
        return first, last + size - (end - start)
    kept_before, kept_after = max(0, start - first), max(0, last - end)
    begin = first if kept_before else start + size
    return begin, begin + kept_before + kept_after


def to_bytes(document: Document) -> bytes:
    """The document as compact JSON: styles and extras once each, with run lengths."""
    table = _Table()
    segments = {
        name: {
            "kind": segment.kind,
            "text": segment.text,
            "styles": table.runs(segment.styles),
            "extras": table.runs(segment.extras),
        }
        for name, segment in document.segments.items()
    }
    ranges = {key: [named.name, named.segment, named.spans] for key, named in document.named_ranges.items()}
    packed = {
        "segments": segments,
        "values": table.values,
        "lists": document.lists,
        "ranges": ranges,
        "objects": document.inline_objects,
        "style": document.style,
        "named": None if document.named_styles == defaults.NAMED_STYLES else document.named_styles,
        "revision": document.revision,
        "last_id": document.last_id,
    }
    return json.dumps(packed, separators=(",", ":")).encode()


@lru_cache(maxsize=64)
def from_bytes(data: bytes) -> Document:
    """The document of `to_bytes`. The result is shared: copy before editing."""
    packed = json.loads(data)
    values = packed["values"]
    segments = {name: _segment(row, values) for name, row in packed["segments"].items()}
    ranges = {
        key: NamedRange(name, segment, tuple((start, end) for start, end in spans))
        for key, (name, segment, spans) in packed["ranges"].items()
    }
    named = defaults.NAMED_STYLES if packed["named"] is None else packed["named"]
    rest = packed["objects"], packed["style"], named, packed["revision"], packed["last_id"]
    return Document(segments, packed["lists"], ranges, *rest)


def _segment(row: dict[str, Any], values: list[Any]) -> Segment:
    styles, extras = _spread(row["styles"], values), _spread(row["extras"], values)
    return Segment(row["kind"], to_units(row["text"]), styles, extras)


class _Table:
    """Distinct JSON values in order of first use."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._by_text: dict[str, int] = {}
        self._by_identity: dict[int, int] = {}

    def runs(self, items: list[Any]) -> list[list[int]]:
        return [[number, len(list(group))] for number, group in groupby(self._number(item) for item in items)]

    def _number(self, item: Any) -> int:
        known = self._by_identity.get(id(item))
        if known is not None:
            return known
        number = self._by_text.setdefault(json.dumps(item, sort_keys=True), len(self.values))
        if number == len(self.values):
            self.values.append(item)
        self._by_identity[id(item)] = number
        return number


def _spread(runs: list[list[int]], values: list[Any]) -> list[Any]:
    return [values[number] for number, count in runs for _ in range(count)]
