"""What is known of one live file beyond its schema: its locale, and where people moved or renamed things to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = Any


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What a scan needs to find its way in a file.

    *tabs* are sheet ids by tab name, where the schema's own id is gone; *columns* are the titles that stand for a
    column, by tab and column name; *ignored* are keys of drift that the PM wants left alone.
    """

    locale: str = "en_US"
    tabs: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()

    def packed(self) -> Json:
        """As plain JSON, for the store."""
        columns = {tab: dict(titles) for tab, titles in self.columns.items()}
        return {
            "locale": self.locale,
            "tabs": dict(self.tabs),
            "columns": columns,
            "ignored": sorted(self.ignored),
        }


def unpacked(packed: Json) -> Layout:
    """The layout again; a plain one from None."""
    if not packed:
        return Layout()
    return Layout(
        locale=packed["locale"],
        tabs=packed["tabs"],
        columns=packed["columns"],
        ignored=frozenset(packed["ignored"]),
    )


class DriftKind(StrEnum):
    """How a live file can differ from its schema."""

    COLUMN_RENAMED = "column renamed"
    COLUMN_MISSING = "column missing"
    COLUMN_TWICE = "column twice"
    TAB_RENAMED = "tab renamed"
    TAB_MISSING = "tab missing"
    TAB_COPIED = "tab copied"
    HEADER_MISSING = "header not found"
    HEADER_MOVED = "header moved"


@dataclass(frozen=True)
class Choice:
    """One thing that may stand for what is missing: the words for people, and what a layout keeps of it."""

    words: str
    value: str | int


@dataclass(frozen=True, kw_only=True)
class Drift:
    """One difference. *is_healed*: the scan found its way by itself; else a person is asked, with *choices*."""

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
