"""Finds the header of a table: which row carries the titles, and which column is which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.project.cells import clean
from bot.project.schema import Tab

Line = Sequence[object]
Names = Mapping[str, tuple[str, ...]]

SEARCH = 15
"""Rows from the top in which the header is looked for."""


class By(StrEnum):
    """What told which column it is."""

    TITLE = "title"
    LAYOUT = "layout"
    MARK = "mark"


@dataclass(frozen=True)
class Header:
    """The titles of a table.

    *number* is the row above the first data row, from 1; *rows* are the rows that carry titles (two when they are split
    over two). *columns* are zero-based positions by column name, *by* says what told them, *titles* what each column is
    called today ("" when nothing). *twice* are further columns of a title that is read already.
    """

    number: int
    rows: tuple[int, ...]
    titles: tuple[str, ...]
    columns: Mapping[str, int]
    by: Mapping[str, By]
    twice: tuple[tuple[str, int], ...] = ()

    def title(self, name: str) -> str:
        """What a column is called today."""
        at = self.columns[name]
        return self.titles[at] if at < len(self.titles) else ""


def fold(text: object) -> str:
    """A title without what people do not see or mean: case, marks, spaces and line breaks."""
    return " ".join(clean(text)[:1000].casefold().split())


_NAMES: dict[int, tuple[Tab, Names]] = {}  # by the tab's identity: to compare tabs takes longer than to fold titles


def names(tab: Tab) -> Names:
    """The titles by which each column is known, the best first, folded."""
    kept = _NAMES.get(id(tab))
    if kept is None:
        kept = _NAMES[id(tab)] = (tab, _names(tab))
    return kept[1]


def _names(tab: Tab) -> Names:
    return {
        column.name: tuple(
            dict.fromkeys(fold(name) for name in (column.title, *column.aliases, column.name.replace("_", " ")))
        )
        for column in tab.columns
    }


def find(
    tab: Tab, values: Sequence[Line], marks: Mapping[str, int] | None = None, titles: Mapping[str, str] | None = None
) -> Header | None:
    """The row near the top with the most known titles (at least two, or the only column there is), or None.

    *marks* are positions by column name that metadata tells, *titles* the titles that stand for columns in this file.
    """
    own, taught = names(tab), titles or {}
    found = list(_until_whole(own, values, taught))
    enough = [header for header in found if len(header.columns) >= min(2, len(tab.columns))]
    if not enough:
        return None
    best = max(enough, key=lambda header: len(header.columns))  # of equals the first
    return _with_marks(own, _with_neighbours(own, best, values, taught), marks or {})


def _until_whole(own: Names, values: Sequence[Line], taught: Mapping[str, str]) -> Iterator[Header]:
    """What each row near the top would be as the header; none below the first that has every column."""
    for number, line in enumerate(values[:SEARCH], 1):
        header = _read(own, number, line, taught)
        yield header
        if len(header.columns) == len(own):
            return


def said(header: Header) -> dict[int, str]:
    """The titles of the columns that were found, folded, by position: what `repeats` compares with."""
    return {at: fold(header.titles[at]) if at < len(header.titles) else "" for at in header.columns.values()}


def repeats(titles: Mapping[int, str], line: Line) -> bool:
    """True of a row below the header that says the same *titles* again."""
    found = 0
    for at, title in titles.items():
        cell = line[at] if at < len(line) else None
        if isinstance(cell, str) and (text := fold(cell)):
            if text != title:
                return False
            found += 1
    return found > 1


def occurrence(titles: Sequence[str], at: int) -> str:
    """How a layout names the column at a position: its title, and its number where the title stands more than once."""
    same = [n for n, title in enumerate(titles) if fold(title) == fold(titles[at])]
    return titles[at] if len(same) < 2 else f"{titles[at]}\n{same.index(at) + 1}"


def _read(own: Names, number: int, line: Line, titles: Mapping[str, str]) -> Header:
    shown = tuple(clean(cell) for cell in line)
    places: dict[str, list[int]] = {}
    for at, title in enumerate(shown):
        if title:
            places.setdefault(fold(title), []).append(at)
    columns, by = _told(own, places, titles)
    chosen = {name for name, title in titles.items() if "\n" in title}
    twice = [
        (name, at)
        for name in columns
        if name not in chosen and by[name] is By.TITLE
        for at in places.get(own[name][0], ())
        if at not in columns.values()
    ]
    return Header(number, (number,), shown, columns, by, tuple(twice))


def _told(
    own: Names, places: Mapping[str, Sequence[int]], titles: Mapping[str, str]
) -> tuple[dict[str, int], dict[str, By]]:
    """Positions by a person's choice among equal titles, by title, by alias, and by the titles that were learnt."""
    columns: dict[str, int] = {}
    by: dict[str, By] = {}

    def take(name: str, found: Sequence[int], how: By) -> None:
        free = [at for at in found if at not in columns.values()]
        if free and name not in columns:
            columns[name], by[name] = free[0], how

    for name in (name for name in own if "\n" in titles.get(name, "")):
        take(name, _chosen(places, titles[name]), By.LAYOUT)
    for rank in range(max(len(known) for known in own.values())):
        for name in (name for name, known in own.items() if rank < len(known)):
            take(name, places.get(own[name][rank], ()), By.TITLE)
    for name in (name for name in own if name in titles):
        take(name, places.get(fold(titles[name].partition("\n")[0]), ()), By.LAYOUT)
    return columns, by


def _chosen(places: Mapping[str, Sequence[int]], title: str) -> Sequence[int]:
    """The second of two equal titles, say; nothing when there are not so many any more."""
    text, _, number = title.partition("\n")
    found = places.get(fold(text), ())
    return found[int(number) - 1 : int(number)] if number.isdecimal() and int(number) > 0 else ()


def _with_neighbours(own: Names, header: Header, values: Sequence[Line], titles: Mapping[str, str]) -> Header:
    """Titles that stand in the row above or below the others: people split headers over two rows."""
    for number in (header.number - 1, header.number + 1):
        if 0 < number <= len(values) and len(header.columns) < len(own):
            other = _read(own, number, values[number - 1], titles)
            fresh = {n: at for n, at in other.columns.items() if _is_free(header, n, at)}
            if fresh and (number < header.number or _is_all_titles(own, values[number - 1])):
                header = _joined(header, other, fresh)
    return header


def _is_free(header: Header, name: str, at: int) -> bool:
    return name not in header.columns and at not in header.columns.values()


def _is_all_titles(own: Names, line: Line) -> bool:
    known = {name for titles in own.values() for name in titles}
    return all(fold(cell) in known for cell in line if clean(cell))


def _joined(header: Header, other: Header, fresh: Mapping[str, int]) -> Header:
    width = max(len(header.titles), len(other.titles))
    titles = [header.titles[at] if at < len(header.titles) else "" for at in range(width)]
    for at in fresh.values():
        titles[at] = other.titles[at]
    return replace(
        header,
        number=max(header.number, other.number),
        rows=tuple(sorted((*header.rows, other.number))),
        titles=tuple(titles),
        columns={**header.columns, **fresh},
        by={**header.by, **{name: other.by[name] for name in fresh}},
    )


def _with_marks(own: Names, header: Header, marks: Mapping[str, int]) -> Header:
    """Columns that no title told, where their metadata says; of equal titles the marked one is ours."""
    columns, by, twice = dict(header.columns), dict(header.by), list(header.twice)
    for name, at in marks.items():
        if (name, at) in twice:
            twice = [one for one in twice if one[0] != name]
            columns[name], by[name] = at, By.MARK
        elif by.get(name) is By.TITLE and columns[name] == at:
            twice = [one for one in twice if one[0] != name]
        elif name in own and name not in columns and at not in columns.values():
            columns[name], by[name] = at, By.MARK
    return replace(header, columns=columns, by=by, twice=tuple(twice))
