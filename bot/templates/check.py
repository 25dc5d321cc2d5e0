"""Compares a spreadsheet or document with its schema and says what differs, one kind sentence each. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.project.schema import Schema, Tab
from bot.templates import check_form, check_table
from bot.templates.differences import EXTRA_TAB, Difference
from bot.templates.spreadsheet import VERSION_KEY, file_marks
from bot.world.prose import Document
from bot.world.sheets import HIGHEST_KEY
from bot.world.structure import Structure, TabStructure

__all__ = ["EXTRA_TAB", "Difference", "differences", "guess", "markers"]


def differences(schema: Schema, found: Structure) -> list[Difference]:
    """Everything that differs, tab by tab in the schema's order; empty when the file fits."""
    made = [*_marks(schema, found)]
    for tab in schema.tabs:
        there = found.tabs.get(tab.sheet_id)
        made += _tab(schema, tab, there) if there else [_missing(tab, found)]
    return made + list(_extra(schema, found))


def guess(found: Structure, schemas: Collection[Schema]) -> Schema | None:
    """The schema that shares most tabs with a file, by id and by title; None when it shares none with any."""

    def shared(schema: Schema) -> int:
        tabs = [found.tabs[tab.sheet_id].title == tab.title for tab in schema.tabs if tab.sheet_id in found.tabs]
        return 2 * sum(tabs) + len(tabs) - abs(len(schema.tabs) - len(found.tabs))

    likely = [schema for schema in schemas if {tab.sheet_id for tab in schema.tabs} & found.tabs.keys()]
    return max(likely, key=shared, default=None)


def markers(document: Document, there: Collection[str]) -> list[Difference]:
    """How a document's sections differ: *there* are the names of those it has, as markers or already written."""
    missing = [
        Difference("section missing", f"The section {{{{{name}}}}} is missing: put that on a line of its own.", True)
        for name in document.sections
        if name not in there
    ]
    extra = sorted(set(there) - set(document.sections))
    return missing + [
        Difference("extra section", f"I know no section {{{{{name}}}}}; it stays as it is.") for name in extra
    ]


# ---------------------------------------------------------------------- the file


def _marks(schema: Schema, found: Structure) -> Iterator[Difference]:
    wanted = file_marks(schema)
    version = found.marks.get(VERSION_KEY)
    if version is None:
        yield Difference("metadata missing", "The file does not say which version of the template it was made from.")
    elif version != wanted[VERSION_KEY]:
        yield Difference("version", f"It was made from version {version}; the newest is {wanted[VERSION_KEY]}.")
    lost = [key for key in wanted if key.startswith(HIGHEST_KEY) and key not in found.marks]
    if lost:
        names = ", ".join(schema.tab(key.removeprefix(HIGHEST_KEY)).title for key in lost)
        yield Difference("metadata missing", f"The highest ID number is not kept for {names}: an old ID may come back.")


def _missing(tab: Tab, found: Structure) -> Difference:
    twin = next((one for one in found.tabs.values() if one.title.casefold() == tab.title.casefold()), None)
    if twin is None:
        return Difference("tab missing", f"The tab {tab.title} is missing.", True)
    words = f"The tab {tab.title} was made anew (its id is {twin.sheet_id}, not {tab.sheet_id}); copy the original tab."
    return Difference("tab missing", words, True)


def _extra(schema: Schema, found: Structure) -> Iterator[Difference]:
    ours = {tab.sheet_id for tab in schema.tabs}
    for sheet_id, tab in found.tabs.items():
        if sheet_id not in ours:
            yield Difference(EXTRA_TAB, f"The tab {tab.title} is your own; I leave it alone.")


# ---------------------------------------------------------------------- a tab


def _tab(schema: Schema, tab: Tab, there: TabStructure) -> Iterator[Difference]:
    if there.title != tab.title:
        yield Difference("tab renamed", f"The tab {tab.title} is called {there.title}; I know it by its id.")
    if there.grid.get("frozenRowCount", 0) < 1:
        yield Difference("header not frozen", f"The header of {tab.title} is not frozen.")
    lacking = len(tab.highlights) - len(there.found("conditionalFormats"))
    if lacking > 0:
        count = f"{lacking} of its {len(tab.highlights)} conditional formats"
        yield Difference("highlights missing", f"{tab.title} lacks {count}.")
    compare = check_form.differences if tab.layout == "form" else check_table.differences
    yield from compare(schema, tab, there)
