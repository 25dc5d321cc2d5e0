"""How a live file differs from its schema: what was found again by itself, and what a person has to be asked."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.project import headers
from bot.project.cells import Bad, Trouble, clean, is_blank, read
from bot.project.headers import By, Header, fold
from bot.project.layout import Choice, Drift, DriftKind, Layout
from bot.project.rows import Cells, FormReading, Reading
from bot.project.schema import Column, Schema, Tab, letter

MOST = 20  # choices of one question
SAMPLE = 30  # cells by which a column's content is judged


@dataclass(frozen=True)
class Survey:
    """What the structure of a file says.

    *tabs* are the titles of its grids by sheet id, in their order; *marks* are the zero-based positions of columns by
    sheet id and column name, as the columns' metadata has them.
    """

    locale: str
    time_zone: str
    tabs: Mapping[int, str]
    marks: Mapping[int, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Stranger:
    """A tab that is none of ours: its title and its first rows."""

    sheet_id: int
    title: str
    cells: Cells


# ---------------------------------------------------------------------- tabs


def sheet_id(tab: Tab, layout: Layout) -> int:
    """Where a tab is looked for."""
    return layout.tabs.get(tab.name, tab.sheet_id)


def placed(schema: Schema, layout: Layout, survey: Survey) -> Layout:
    """The layout with every tab of the schema where the survey shows it: as taught, by its id, else by its title."""
    claimed = {tab.name: at for tab in schema.tabs if (at := sheet_id(tab, layout)) in survey.tabs}
    claimed |= {
        tab.name: tab.sheet_id for tab in schema.tabs if tab.name not in claimed and tab.sheet_id in survey.tabs
    }
    free = {fold(title): at for at, title in survey.tabs.items() if at not in claimed.values()}
    claimed |= {
        tab.name: free[fold(tab.title)] for tab in schema.tabs if tab.name not in claimed and fold(tab.title) in free
    }
    own = {tab.name: tab.sheet_id for tab in schema.tabs}
    return replace(
        layout,
        locale=survey.locale,
        time_zone=survey.time_zone,
        tabs={name: at for name, at in claimed.items() if at != own[name]},
        missing=frozenset(own.keys() - claimed.keys()),
        surveyed={"": "seen", **layout.surveyed},
    )


def strangers(schema: Schema, layout: Layout, survey: Survey) -> dict[int, str]:
    """The titles of the tabs that are none of ours, by sheet id."""
    ours = {sheet_id(tab, layout) for tab in schema.tabs if tab.name not in layout.missing}
    return {at: title for at, title in survey.tabs.items() if at not in ours}


def tab_drift(tab: Tab, layout: Layout, title: str) -> Iterator[Drift]:
    """What happened to a tab that was found, by its title of today."""
    if fold(title) != fold(tab.title):
        if tab.name not in layout.tabs:  # else a person said which tab it is
            yield Drift(kind=DriftKind.TAB_RENAMED, tab=tab.name, found=title, is_healed=True)
    elif layout.tabs.get(tab.name, tab.sheet_id) != tab.sheet_id:
        yield Drift(kind=DriftKind.TAB_REMADE, tab=tab.name, found=title, is_healed=True)


def copies(schema: Schema, layout: Layout, others: Mapping[int, str]) -> list[Drift]:
    """Tabs that people copied from ours, by their titles; they are left alone."""
    return [
        Drift(kind=DriftKind.TAB_COPIED, tab=tab.name, found=title, is_healed=True)
        for title in others.values()
        if (tab := _original(schema, title)) and tab.name not in layout.missing
    ]


def _original(schema: Schema, title: str) -> Tab | None:
    """The tab of which a title says that it is a copy: "Copy of Tasks", "Kopie von Tasks 2", "Tasks (2)"."""
    text = fold(title)
    for tab in sorted(schema.tabs, key=lambda tab: -len(tab.title)):
        own = re.escape(fold(tab.title))
        if re.fullmatch(rf"(?:\S+ ){{1,3}}{own}(?: \(?\d+\)?)?|{own} \(?(?:copy|\d+)\)?", text):
            return tab
    return None


def missing_tab(tab: Tab, others: Sequence[Stranger]) -> Drift:
    """The question about a tab that is gone: which of the others is it?"""
    fits = {other.sheet_id: _tab_fit(tab, other) for other in others}
    likely = sorted((other for other in others if fits[other.sheet_id] > 0), key=lambda other: -fits[other.sheet_id])
    choices = tuple(Choice(clean(other.title), other.sheet_id) for other in likely[:MOST])
    return Drift(kind=DriftKind.TAB_MISSING, tab=tab.name, choices=choices)


def _tab_fit(tab: Tab, other: Stranger) -> float:
    """Above 0 when the tab has half the known titles or more; the share of them and the likeness of its name."""
    if tab.layout == "form":
        said = {fold(cell) for line in other.cells for cell in line[:3]}
        share = sum(any(name in said for name in known) for known in headers.names(tab).values()) / len(tab.columns)
    else:
        header = headers.find(tab, other.cells)
        share = len(header.columns) / len(tab.columns) if header else 0.0
    return share + _likeness(tab.title, other.title) if share >= 0.5 else 0.0


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, fold(one), fold(other)[:100]).ratio()


# ---------------------------------------------------------------------- columns


def digest(tab: Tab, reading: Reading, cells: Cells) -> str:
    """What an odd header says; "" when there is nothing odd about it."""
    head = reading.head
    if head and len(head.columns) == len(tab.columns) and not head.twice and By.MARK not in head.by.values():
        return ""
    rows = head.rows if head else range(1, headers.SEARCH + 1)
    said = [[fold(cell) for cell in cells[row - 1]] for row in rows if row <= len(cells)]
    return hashlib.sha256(repr(said).encode("utf-8", "replace")).hexdigest()[:16]


def needs_locale(problems: Sequence[Any]) -> bool:
    """True when the meaning of a cell depends on where the file is at home."""
    doubtful = (Trouble.TEXT_DATE, Trouble.IMPOSSIBLE_DATE)
    return any(p.trouble in doubtful and re.match(r"\d+\D+\d+\D+\d+", p.found) and "T" not in p.found for p in problems)


def learnt(tab: Tab, layout: Layout, reading: Reading, cells: Cells) -> Layout:
    """The layout with what a survey's marks told of a table: titles where there are any, else positions."""
    head = reading.head
    marked = {name: at for name, at in head.columns.items() if head.by[name] is By.MARK} if head else {}
    titled = {name: at for name, at in marked.items() if head and at < len(head.titles) and head.titles[at]}
    names = {name: headers.occurrence(head.titles, at) for name, at in titled.items()} if head else {}
    places = {name: at for name, at in marked.items() if name not in titled}
    return replace(
        layout,
        learnt={**layout.learnt, tab.name: {**layout.learnt.get(tab.name, {}), **names}} if names else layout.learnt,
        places={**layout.places, tab.name: places},
        surveyed={**layout.surveyed, tab.name: digest(tab, reading, cells)},
    )


def column_drift(tab: Tab, layout: Layout, reading: Reading, cells: Cells) -> Iterator[Drift]:
    """What happened to the header of a table."""
    head = reading.head
    if head is None:
        yield Drift(kind=DriftKind.HEADER_MISSING, tab=tab.name)
        return
    yield from _header_drift(tab, head, cells)
    told = layout.columns.get(tab.name, {})
    for column in tab.columns:
        name = column.name
        if name not in head.columns:
            yield Drift(
                kind=DriftKind.COLUMN_MISSING, tab=tab.name, column=name, choices=_choices(column, tab, head, cells)
            )
        elif head.by[name] is not By.TITLE and name not in told:
            yield _found_again(tab, column, head)
    for name in dict.fromkeys(name for name, _ in head.twice):
        yield Drift(kind=DriftKind.COLUMN_TWICE, tab=tab.name, column=name, choices=_same_titles(head, name))


def _header_drift(tab: Tab, head: Header, cells: Cells) -> Iterator[Drift]:
    if len(head.rows) > 1:
        rows = f"rows {head.rows[0]} and {head.rows[-1]}"
        yield Drift(kind=DriftKind.HEADER_SPLIT, tab=tab.name, found=rows, is_healed=True)
    elif head.number != 1:
        yield Drift(kind=DriftKind.HEADER_MOVED, tab=tab.name, found=f"row {head.number}", is_healed=True)
    titles = headers.said(head)
    for number, line in enumerate(cells[head.number :], head.number + 1):
        if headers.repeats(titles, line):
            yield Drift(kind=DriftKind.HEADER_TWICE, tab=tab.name, found=f"row {number}", is_healed=True)


def _found_again(tab: Tab, column: Column, head: Header) -> Drift:
    title = head.title(column.name)
    is_twice = fold(title) in headers.names(tab)[column.name]
    kind = DriftKind.COLUMN_TWICE if is_twice else DriftKind.COLUMN_RENAMED
    return Drift(kind=kind, tab=tab.name, column=column.name, found=title, is_healed=True)


def _same_titles(head: Header, name: str) -> tuple[Choice, ...]:
    places = sorted([head.columns[name], *(at for other, at in head.twice if other == name)])
    first = head.columns[name]
    return tuple(
        Choice(f"{head.titles[at]} in column {letter(at)}", headers.occurrence(head.titles, at))
        for at in sorted(places, key=lambda at: at != first)
    )


def _choices(column: Column, tab: Tab, head: Header, cells: Cells) -> tuple[Choice, ...]:
    """The titled columns that are none of ours, the likeliest first: by title, and by what stands in them."""
    taken = {*head.columns.values(), *(at for _, at in head.twice)}
    free = [at for at, title in enumerate(head.titles) if title and at not in taken]
    fits = {at: _fit(column, tab, head.titles[at], [_at(line, at) for line in cells[head.number :]]) for at in free}
    best = sorted(free, key=lambda at: -fits[at])[:MOST]
    return tuple(Choice(_shown(head, at), headers.occurrence(head.titles, at)) for at in best)


def _shown(head: Header, at: int) -> str:
    is_twice = "\n" in headers.occurrence(head.titles, at)
    title = " ".join(head.titles[at].split())[:60]
    return f"{title} in column {letter(at)}" if is_twice else title


def _at(line: Sequence[object], at: int) -> object:
    return line[at] if at < len(line) else None


def _fit(column: Column, tab: Tab, title: str, content: Sequence[object]) -> float:
    """How well a column of the sheet would do: the likeness of its title, and the share of cells that can be read."""
    likeness = max(_likeness(name, title) for name in headers.names(tab)[column.name])
    filled = [cell for cell in content if not is_blank(cell)][:SAMPLE]
    if not filled or (column.type == "string" and not column.vocabulary):
        return likeness
    good = sum(not isinstance(read(column, cell, "en_US"), Bad) for cell in filled)
    return likeness + good / len(filled)


# ---------------------------------------------------------------------- forms


def form_drift(tab: Tab, reading: FormReading[Any], cells: Cells) -> Iterator[Drift]:
    """The fields of a form that are gone, with the labels that are none of ours."""
    ours = set(reading.numbers.values())
    labels = [_label(line) for number, line in enumerate(cells, 1) if number > 1 and number not in ours]
    free = list(dict.fromkeys(label for label in labels if label))
    for column in tab.columns:
        if column.name not in reading.numbers and not column.optional:
            best = sorted(free, key=lambda label: -max(_likeness(n, label) for n in headers.names(tab)[column.name]))
            choices = tuple(Choice(label[:60], label) for label in best[:MOST])
            yield Drift(kind=DriftKind.COLUMN_MISSING, tab=tab.name, column=column.name, choices=choices)


def _label(line: Sequence[object]) -> str:
    """What a row of a form is called: its label, else its key."""
    return clean(_at(line, 1)) or clean(_at(line, 0))
