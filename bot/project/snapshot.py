"""What a file held, as plain JSON and back: the rows of each tab, with the sheet row each one stood in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_type_hints

from bot.project.rows import Row
from bot.project.schema import Schema

Json = Any


def pack(rows: Mapping[str, Sequence[Row[Any]]]) -> Json:
    """Tabs with their rows as JSON; blank fields are left out."""
    return {tab: [[row.id, row.number, _plain(row.record)] for row in listed] for tab, listed in rows.items()}


def unpack(schema: Schema, packed: Json) -> dict[str, list[Row[Any]]]:
    """The rows again; a tab or field that the schema no longer has is left out."""
    tabs = {tab.name: tab for tab in schema.tabs}
    return {
        name: [Row(key, number, _record(tabs[name].record, values)) for key, number, values in rows]
        for name, rows in packed.items()
        if name in tabs
    }


def _plain(record: Any) -> dict[str, Json]:
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
        if value is not None and value is not False and value != ""
    }


def _record(kind: Any, values: Mapping[str, Json]) -> Any:
    readers = _readers(kind)
    return kind(**{name: readers[name](value) for name, value in values.items() if name in readers})


@cache
def _readers(kind: Any) -> dict[str, Any]:
    return {name: _reader(hint) for name, hint in get_type_hints(kind).items()}


def _reader(hint: Any) -> Any:
    """How a JSON value becomes a field of this type: dates and vocabularies are rebuilt, the rest is kept."""
    options = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    for option in options:
        if option is date:
            return date.fromisoformat
        if isinstance(option, type) and issubclass(option, StrEnum):
            return option
    return lambda value: value
