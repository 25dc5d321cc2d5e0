"""IDs of rows: which row keeps one, which gets its old one back, and which needs a new one that nobody ever had."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.project.cells import Trouble
from bot.project.rows import Problem, Reading, Row, address, id_number
from bot.project.schema import Tab

Rows = Sequence[Row[Any]]


@dataclass(frozen=True)
class Mend:
    """A row whose ID is not right, and the one it shall have; "" stands for a new one, to be numbered."""

    row: Row[Any]
    trouble: Trouble
    new: str = ""


def mends(tab: Tab, reading: Reading, before: Rows | None = None) -> list[Mend]:
    """The rows without an ID of their own, and those whose ID somebody changed; *before* are the last known rows.

    Of rows with one ID the one closest to what the row was keeps it, of equals the first. A row that is in every cell
    of people what a row was that lost its ID gets that ID back, where there is one such row and one such ID; an ID that
    somebody typed and that is nobody else's stays otherwise.
    """
    if not tab.id_prefix or "id" not in reading.columns:
        return []
    known = {_key(row.id): row for row in reversed(before or ()) if row.id}
    telling = [name for name in _telling(tab) if name in reading.columns]
    seekers = _seekers(reading.rows, known, telling)
    lost = [row for key, row in known.items() if key not in {_key(row.id) for row in reading.rows}]
    regained = _regained([row for row, _ in seekers], lost, telling)
    found = [Mend(row, trouble, regained.get(row.number, "")) for row, trouble in seekers]
    return [mend for mend in found if mend.new or mend.trouble is not Trouble.EDITED_ID] + _recased(reading.rows, known)


def numbered(tab: Tab, wanted: Iterable[Mend], base: int, most: int) -> list[Problem]:
    """Every mend with its ID, as problems whose proposal is the ID; *most* new ones, counted on from *base*."""
    found, given = [], 0
    for mend in wanted:
        given += not mend.new
        if mend.new or given <= most:
            found.append(_problem(tab, mend, mend.new or f"{tab.id_prefix}{base + given}"))
    return found


def highest(tab: Tab, *known: Iterable[Row[Any]]) -> int:
    """The highest number among the IDs of some rows, 0 when there is none."""
    return max((id_number(tab, row.id) for rows in known for row in rows), default=0)


def _problem(tab: Tab, mend: Mend, row_id: str) -> Problem:
    row, where = mend.row, address(tab, mend.row.number, tab.index("id"))
    return Problem(mend.trouble, where, row.id, "an ID of its own", row_id, row.number, "id", row.id)


def _key(row_id: str) -> str:
    return row_id.casefold()


def _telling(tab: Tab) -> list[str]:
    """The columns by which rows are told apart: those of people; all where only the bot writes."""
    own = [column for column in tab.columns if column.name != "id" and not column.formula]
    peoples = [column.name for column in own if column.owner == "person"]
    return peoples or [column.name for column in own]


def _content(row: Row[Any], telling: Sequence[str]) -> tuple[Any, ...]:
    values = (getattr(row.record, name) for name in telling)
    return tuple(None if value in ("", False) and value != 0 else value for value in values)


def _distance(one: Row[Any], other: Row[Any], telling: Sequence[str]) -> int:
    pairs = zip(_content(one, telling), _content(other, telling), strict=True)
    return sum(mine != theirs for mine, theirs in pairs)


def _seekers(rows: Rows, known: Mapping[str, Row[Any]], telling: Sequence[str]) -> list[tuple[Row[Any], Trouble]]:
    """Rows without an ID, second holders of one, and rows with an ID that was not there before."""
    keepers = _keepers(rows, known, telling)
    found = []
    for row in rows:
        if not row.id:
            found.append((row, Trouble.NO_ID))
        elif keepers[_key(row.id)] is not row:
            found.append((row, Trouble.DUPLICATE_ID))
        elif known and _key(row.id) not in known:
            found.append((row, Trouble.EDITED_ID))
    return found


def _keepers(rows: Rows, known: Mapping[str, Row[Any]], telling: Sequence[str]) -> dict[str, Row[Any]]:
    holders: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        if row.id:
            holders[_key(row.id)].append(row)
    return {key: _closest(held, known.get(key), telling) for key, held in holders.items()}


def _closest(rows: Rows, was: Row[Any] | None, telling: Sequence[str]) -> Row[Any]:
    """The most alike; of those that read alike (cells may be unreadable) the one nearest to where it stood."""
    if was is None:
        return rows[0]
    return min(rows, key=lambda row: (_distance(row, was, telling), abs(row.number - was.number)))


def _regained(seekers: Rows, lost: Rows, telling: Sequence[str]) -> dict[int, str]:
    """The old IDs by sheet row, where one row and one lost ID belong together."""
    wanting: dict[tuple[Any, ...], list[Row[Any]]] = defaultdict(list)
    offered: dict[tuple[Any, ...], list[Row[Any]]] = defaultdict(list)
    for row in seekers:
        wanting[_content(row, telling)].append(row)
    for row in lost:
        offered[_content(row, telling)].append(row)
    alone = [content for content in wanting if len(wanting[content]) == 1 and len(offered[content]) == 1]
    return {wanting[content][0].number: offered[content][0].id for content in alone if any(content)}


def _recased(rows: Rows, known: Mapping[str, Row[Any]]) -> list[Mend]:
    """Rows whose ID was only typed anew in other letters: ``m1`` for ``M1``."""
    ids = [_key(row.id) for row in rows]
    return [
        Mend(row, Trouble.EDITED_ID, known[key].id)
        for row, key in zip(rows, ids, strict=True)
        if key in known and known[key].id != row.id and ids.count(key) == 1
    ]
