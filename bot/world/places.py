"""Where the sections of a document stand, and how it shrinks and grows so that an empty section leaves nothing behind.

A section with words is a named range over them, without the newline that closes it. An empty section has no paragraph:
its name is held by the newline that closes the paragraph above, and it grows again below that one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

RANGE_PREFIX = "implbot:"
EMPTY_PREFIX = "implbot.empty:"
_MARKER = re.compile(r"\{\{\s*([a-z0-9_]+)\s*\}\}")

Request = dict[str, Any]
Fill = Callable[[int, str], tuple[list[Request], int]]  # writes Markdown at an index; also how long it became


@dataclass(frozen=True)
class Place:
    """Where a section stands now: [start, end), and the named ranges that mark it.

    An empty one that left no paragraph stands behind the newline that holds its name: start and end are that index.
    """

    name: str
    start: int
    end: int
    range_ids: tuple[str, ...] = ()
    is_gone: bool = False


def find_places(document: Mapping[str, Any]) -> list[Place]:
    """Every section of a document: those the bot has written before, and markers still waiting."""
    written = list(_written_places(document))
    known = {place.name for place in written}
    return written + [place for place in _marker_places(document) if place.name not in known]


def _written_places(document: Mapping[str, Any]) -> Iterator[Place]:
    last = document["body"]["content"][-1]["endIndex"] - 1
    for full_name, group in document.get("namedRanges", {}).items():
        prefix, _, name = full_name.rpartition(":")
        named = group.get("namedRanges", [])
        parts = [part for entry in named for part in entry.get("ranges", ()) if not part.get("segmentId")]
        ids = tuple(entry["namedRangeId"] for entry in named)
        if f"{prefix}:" == EMPTY_PREFIX and parts:
            behind = max(part["endIndex"] for part in parts)
            yield Place(name, behind, behind, ids, is_gone=True)
        elif f"{prefix}:" == RANGE_PREFIX and parts:
            start = min(part.get("startIndex", 0) for part in parts)
            yield Place(name, start, min(max(part["endIndex"] for part in parts), last), ids)


def _marker_places(document: Mapping[str, Any]) -> Iterator[Place]:
    for element in document["body"]["content"]:
        if "paragraph" in element:
            marker = _MARKER.fullmatch(paragraph_text(element["paragraph"]).strip())
            if marker:
                yield Place(marker[1], element["startIndex"], element["endIndex"] - 1)


def paragraph_text(paragraph: Mapping[str, Any]) -> str:
    """The words of a paragraph, with the newline that closes it."""
    return "".join(run.get("textRun", {}).get("content", "") for run in paragraph.get("elements", ()))


# ---------------------------------------------------------------------- writing


@dataclass(frozen=True)
class Edit:
    """One section's change: [start, end) of the old document becomes `length` long, its words `lead` behind its start.

    `words` is None for a section without a paragraph.
    """

    place: Place
    start: int
    end: int
    requests: Sequence[Request] = ()
    length: int = 0
    lead: int = 0
    words: int | None = None


def requests_for(
    places: Sequence[Place], sections: Mapping[str, str], content: Sequence[Mapping[str, Any]], fill: Fill
) -> list[Request]:
    """One batch that fills the places. It goes from the end of the document to its start, so that no index moves under
    us; the names are given last, when every section stands where it stays.
    """
    order = {name: number for number, name in enumerate(sections)}
    ordered = sorted(places, key=lambda place: (place.start, not place.is_gone, order.get(place.name, 0)))
    planner = _Planner(ordered, sections, content, fill)
    edits = [edit for place in reversed(ordered) if (edit := planner.edit(place))][::-1]
    names = [{"deleteNamedRange": {"namedRangeId": one}} for edit in edits for one in edit.place.range_ids]
    changes = [request for edit in reversed(edits) for request in edit.requests]
    return [*names, *changes, *_named(edits)]


def _named(edits: Sequence[Edit]) -> Iterator[Request]:
    """The names at their final places: each is moved by what grew and shrank before it."""
    moved = 0
    for edit in edits:
        start = edit.start + moved + edit.lead
        moved += edit.length - (edit.end - edit.start)
        if edit.words is None:
            yield _name(EMPTY_PREFIX + edit.place.name, start - 1, start)
        else:
            yield _name(RANGE_PREFIX + edit.place.name, start, start + edit.words)


def _name(name: str, start: int, end: int) -> Request:
    return {"createNamedRange": {"name": name, "range": {"startIndex": start, "endIndex": end}}}


class _Planner:
    """Decides what becomes of each section, from the last one to the first."""

    def __init__(
        self,
        places: Sequence[Place],
        sections: Mapping[str, str],
        content: Sequence[Mapping[str, Any]],
        fill: Fill,
    ) -> None:
        self.sections, self.fill = sections, fill
        self.starts = {element.get("startIndex", 0) for element in content if "paragraph" in element}
        self.ends = {element["endIndex"] for element in content if "paragraph" in element}
        self.last = content[-1]["endIndex"] - 1 if content else -1  # the newline that closes the document
        self.rewritten = {place.end for place in places if place.name in sections and not place.is_gone}

    def edit(self, place: Place) -> Edit | None:
        """The change of one section; None for a marker that nothing is written to."""
        markdown = self.sections.get(place.name)
        if place.is_gone:
            return self._grown(place, markdown) if markdown else Edit(place, place.start, place.start)
        if markdown is None:
            kept = place.end - place.start
            return Edit(place, place.start, place.end, (), kept, 0, kept) if place.range_ids else None
        return (None if markdown.strip() else self._shrunk(place)) or self._filled(place, markdown)

    def _filled(self, place: Place, markdown: str) -> Edit:
        old = [_deleted(place.start, place.end)] if place.end > place.start else []
        new, length = self.fill(place.start, markdown)
        return Edit(place, place.start, place.end, [*old, *new], length, 0, length)

    def _grown(self, place: Place, markdown: str) -> Edit:
        """A paragraph of its own again, below the newline that held the name."""
        lead = 0 if place.start in self.starts else 1  # nothing can be put in front of a table or behind the end
        at = place.start - lead
        new, length = self.fill(at + lead, markdown)
        newline = {"insertText": {"location": {"index": at}, "text": "\n"}}
        return Edit(place, at, at, [newline, *new], length + 1, lead, length)

    def _shrunk(self, place: Place) -> Edit | None:
        """The paragraph goes with all it holds; None where the document could not do without it."""
        if place.start not in self.ends:
            return None  # at the very beginning, or below a table
        if place.end == self.last and place.start - 1 in self.rewritten:
            self.last = place.start - 1  # from here on the section above closes the document
            return Edit(place, place.start - 1, place.end, [_deleted(place.start - 1, place.end)], 0, 1)
        if place.end != self.last and place.end + 1 in self.starts:
            return Edit(place, place.start, place.end + 1, [_deleted(place.start, place.end + 1)])
        return None


def _deleted(start: int, end: int) -> Request:
    return {"deleteContentRange": {"range": {"startIndex": start, "endIndex": end}}}
