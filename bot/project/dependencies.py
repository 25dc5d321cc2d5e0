"""What waits for what: the order of rows that name others by their IDs, whatever people wrote there."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

Waits = dict[str, tuple[str, ...]]


def predecessors(text: str) -> tuple[str, ...]:
    """The IDs of a predecessor cell such as "M4, M5"."""
    return tuple(part for part in re.split(r"[,;\s]+", text) if part)


def waits(cells: Mapping[str, str], left_out: Container[str] = ()) -> Waits:
    """What each row waits for, by ID; a row comes after everything it waits for.

    *cells* are the predecessor cells by ID. Unknown IDs are nobody. Where a predecessor is one of *left_out*, what that
    one waits for counts in its place. Rows that wait for each other in a circle do not wait for each other at all.
    """
    direct = {key: tuple(one for one in predecessors(text) if one in cells) for key, text in cells.items()}
    through = {key: tuple(_through(named, direct, left_out)) for key, named in direct.items()}
    try:
        order = tuple(TopologicalSorter(through).static_order())
    except CycleError:
        through = {key: tuple(one for one in named if not _leads(one, key, through)) for key, named in through.items()}
        order = tuple(TopologicalSorter(through).static_order())
    return {key: through[key] for key in order}


def _through(named: Iterable[str], direct: Mapping[str, tuple[str, ...]], left_out: Container[str]) -> list[str]:
    """The predecessors that count, in the order in which they were named."""
    todo, seen, found = list(named), set[str](), list[str]()
    while todo:
        key = todo.pop(0)
        if key not in seen:
            seen.add(key)
            if key in left_out:
                todo += direct[key]
            else:
                found.append(key)
    return found


def _leads(start: str, end: str, waiting: Mapping[str, tuple[str, ...]]) -> bool:
    """True when *start* waits for *end*, directly or by way of others, or is the same."""
    todo, seen = [start], {start}
    while todo:
        key = todo.pop()
        if key == end:
            return True
        todo += [one for one in waiting[key] if one not in seen]
        seen.update(waiting[key])
    return False
