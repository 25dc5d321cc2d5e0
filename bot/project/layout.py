"""What is known of one live file beyond its schema: its locale, and where people moved or renamed things to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

Json = Any
Titles = Mapping[str, Mapping[str, str]]
Places = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What a scan needs to find its way in a file.

    *tabs* are sheet ids by tab name, where the schema's own id is gone. *columns* are the titles that a person said
    stand for a column, by tab and column name; *learnt* are those that scans found by the columns' metadata. A title
    that stands more than once is followed by a line break and its number among them, from 1 (``"Status\\n2"``).
    *ignored* are keys of drift that the PM wants left alone.

    The rest keeps a scan from asking twice: *missing* are tabs that were not there, *surveyed* what each odd header
    said when the structure was last looked at (the key "" stands for the file), *places* are the zero-based positions
    of columns without a title while their header stays as surveyed. *highest* are the highest numbers seen among IDs.
    """

    locale: str = "en_US"
    time_zone: str = ""
    tabs: Mapping[str, int] = field(default_factory=dict)
    columns: Titles = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    learnt: Titles = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    surveyed: Mapping[str, str] = field(default_factory=dict)
    places: Places = field(default_factory=dict)
    highest: Mapping[str, int] = field(default_factory=dict)

    def titles(self, tab: str) -> dict[str, str]:
        """The titles that stand for columns of a tab; a person's word counts before what was learnt."""
        return {**self.learnt.get(tab, {}), **self.columns.get(tab, {})}

    def packed(self) -> Json:
        """As plain JSON, for the store."""
        return {one.name: _plain(getattr(self, one.name)) for one in fields(self)}


def _plain(value: Any) -> Json:
    if isinstance(value, frozenset):
        return sorted(value)
    return {key: _plain(below) for key, below in value.items()} if isinstance(value, Mapping) else value


def unpacked(packed: Json) -> Layout:
    """The layout again; a plain one from None. What an older version did not keep is as if never learnt."""
    known = {one.name for one in fields(Layout)}
    values = {name: value for name, value in (packed or {}).items() if name in known}
    sets = {name: frozenset(values[name]) for name in ("ignored", "missing") if name in values}
    return Layout(**{**values, **sets})


class DriftKind(StrEnum):
    """How a live file can differ from its schema."""

    COLUMN_RENAMED = "column renamed"
    COLUMN_MISSING = "column missing"
    COLUMN_TWICE = "column twice"
    TAB_RENAMED = "tab renamed"
    TAB_REMADE = "tab made anew"
    TAB_MISSING = "tab missing"
    TAB_COPIED = "tab copied"
    HEADER_MISSING = "header not found"
    HEADER_MOVED = "header moved"
    HEADER_SPLIT = "header in two rows"
    HEADER_TWICE = "header twice"


@dataclass(frozen=True)
class Choice:
    """One thing that may stand for what is missing: the words for people, and what a layout keeps of it."""

    words: str
    value: str | int


@dataclass(frozen=True, kw_only=True)
class Drift:
    """One difference. *is_healed*: the scan found its way by itself; else a person is asked, with *choices*.

    *found* is what stands there now: a title, or the row of a header.
    """

    kind: DriftKind
    tab: str
    column: str = ""
    found: str = ""
    is_healed: bool = False
    choices: tuple[Choice, ...] = ()

    @property
    def key(self) -> str:
        """The same from scan to scan, so that an answer is remembered."""
        return f"{self.kind}:{self.tab}:{self.column}:{self.found}"
