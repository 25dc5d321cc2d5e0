"""Highlights: rows or cells that a sheet colours by itself, told in the words of the Table Schema constraints."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.project.nodes import Node

COLOURS = ("green", "amber", "red", "grey")

Place = Callable[[str], str]
"""The cell of a column, such as ``$J2``, in the row that a rule is written for."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """What one column must hold: one of ``enum``, none of ``excluded``, a day gone by, a number within limits."""

    column: str
    enum: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    is_past: bool = False
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, kw_only=True)
class Highlight:
    """A colour for ``columns`` (for the whole row when there are none) where all conditions hold."""

    colour: str
    where: tuple[Condition, ...]
    columns: tuple[str, ...] = ()


def parse(node: Node, words: Mapping[str, Collection[str]]) -> Highlight:
    """One entry of a tab's ``highlights``. *words* are the fixed words by column name, none for a free column."""
    colour, inside = node.choice("colour", COLOURS), node.child("where")
    where = []
    for name in inside.raw:
        if name not in words:
            inside.fail(str(name), "is no column of this tab")
        where.append(_condition(inside.child(name), name, words[name]))
    if not where:
        node.fail("where", "has no condition")
    columns = node.texts("columns")
    for name in columns:
        if name not in words:
            node.fail("columns", f"names no column of this tab: {name!r}")
    node.finish()
    return Highlight(colour=colour, where=tuple(where), columns=columns)


def _condition(node: Node, column: str, words: Collection[str]) -> Condition:
    condition = Condition(
        column=column,
        enum=node.texts("enum"),
        excluded=node.texts("not"),
        is_past=node.flag("past"),
        minimum=node.whole("minimum") if node.has("minimum") else None,
        maximum=node.whole("maximum") if node.has("maximum") else None,
    )
    for key, used in (("enum", condition.enum), ("not", condition.excluded)):
        unknown = [word for word in used if words and word not in words]
        if unknown:
            node.fail(key, f"is no word of this column: {unknown[0]!r}")
    node.finish()
    return condition


def formula(highlight: Highlight, place: Place) -> str:
    """The test as a spreadsheet formula."""
    parts = [part for condition in highlight.where for part in _parts(condition, place(condition.column))]
    return "=" + (parts[0] if len(parts) == 1 else f"AND({','.join(parts)})")


def _parts(condition: Condition, cell: str) -> Sequence[str]:
    equal = [f'{cell}="{word}"' for word in condition.enum]
    parts = equal if len(equal) < 2 else [f"OR({','.join(equal)})"]
    parts += [f'{cell}<>"{word}"' for word in condition.excluded]
    if condition.is_past:
        parts += [f'{cell}<>""', f"{cell}<TODAY()"]
    if condition.minimum is not None or condition.maximum is not None:
        parts.append(f"ISNUMBER({cell})")  # a text is greater than any number
    if condition.minimum is not None:
        parts.append(f"{cell}>={condition.minimum}")
    if condition.maximum is not None:
        parts.append(f"{cell}<={condition.maximum}")
    return parts
