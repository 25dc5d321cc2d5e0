"""One spreadsheet while the bot works in it: looked at, written to, and looked at again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.project import drift
from bot.project.drift import Stranger, Survey
from bot.project.layout import Drift, Layout
from bot.project.schema import Schema
from bot.world import wire
from bot.world.google import Google, GoogleError
from bot.world.grid import Grid
from bot.world.strays import Place, restored
from bot.world.view import View

HEAD = 40  # rows of a strange tab by which it may be known

Sent = Mapping[str, Mapping[Place, object]]  # what is written, by tab and place


@dataclass
class Spreadsheet:
    """A file; *layout* is what is known of it, and grows with every look."""

    google: Google
    file_id: str
    schema: Schema
    layout: Layout = field(default_factory=Layout)
    _others: dict[int, str] = field(default_factory=dict, init=False)
    _strangers: list[Stranger] = field(default_factory=list, init=False)

    # ------------------------------------------------------------------ looking

    def look(self, tabs: Sequence[str]) -> View:
        """The tabs as they are now, but those that somebody deleted: one values call when all is well.

        The structure is looked at as well where a tab is gone, or a header or a date looks wrong in a way that no look
        before has explained.
        """
        survey = self._survey() if self.layout.missing & set(tabs) else None
        try:
            grids = self._grids(tabs)
        except GoogleError as error:
            if error.kind != "invalid" or survey is not None:
                raise
            survey = self._survey()
            grids = self._grids(tabs)
        view = View(self.schema, grids, self.layout)
        if survey is None and view.is_odd:
            survey = self._survey()
        view = view.surveyed(survey) if survey else view
        self.layout = _with_highest(view)
        return view

    def _survey(self) -> Survey:
        survey = wire.survey(self.google, self.file_id)
        self.layout = drift.placed(self.schema, self.layout, survey)
        self._others = drift.strangers(self.schema, self.layout, survey)
        return survey

    def _grids(self, tabs: Sequence[str]) -> dict[str, Grid]:
        """The tabs' cells by tab name; where one is missing, the first rows of those that it may be come along."""
        there = {
            drift.sheet_id(self.schema.tab(name), self.layout): name for name in tabs if name not in self.layout.missing
        }
        is_missing = len(there) < len(tabs)
        heads = dict.fromkeys(self._others, HEAD) if is_missing else {}
        found = wire.fetch(self.google, self.file_id, {**heads, **dict.fromkeys(there)})
        self._strangers = [Stranger(at, found[at].title, found[at].cells) for at in heads if at in found]
        return {name: found[sheet_id] for sheet_id, name in there.items() if sheet_id in found}

    def drift(self, view: View, missing: Sequence[str]) -> Iterator[Drift]:
        """How the tabs of the latest look differ from their schema."""
        yield from view.drift()
        yield from drift.copies(self.schema, self.layout, self._others)
        for name in missing:
            yield drift.missing_tab(self.schema.tab(name), self._strangers)

    # ------------------------------------------------------------------ writing

    def send(self, before: View, sent: Sent) -> View:
        """Write cells (values as they go over the wire) in one call, and see what stands there now.

        What landed in other cells, because rows or columns moved since *before*, is taken back. A place that is gone by
        now refuses the call: then nothing was written.
        """
        data = [
            before.grids[tab].datum(*place, [[value]]) for tab, cells in sent.items() for place, value in cells.items()
        ]
        try:
            wire.put(self.google, self.file_id, data)
        except GoogleError as error:
            after = self.look(list(before.grids))
            if error.kind != "invalid" or _shape(after) == _shape(before):
                raise
            return after
        return self.taken_back(before, self.look(list(before.grids)), sent)

    def taken_back(self, before: View, after: View, sent: Sent) -> View:
        """Take back what landed in other cells than was meant, because rows or columns moved between two looks."""
        wrong = [
            datum
            for tab, cells in sent.items()
            if tab in after.grids
            for datum in restored(before.grids[tab], after.grids[tab], cells, _id_columns(tab, before, after)).values()
        ]
        wire.put(self.google, self.file_id, wrong)
        return self.look(list(before.grids)) if wrong else after


def _id_columns(tab: str, before: View, after: View) -> tuple[int | None, int | None]:
    if tab not in before.tables or tab not in after.tables:
        return None, None
    return before.tables[tab].columns.get("id"), after.tables[tab].columns.get("id")


def _shape(view: View) -> dict[str, tuple[int, int, int]]:
    widths = {name: max((len(line) for line in grid.cells), default=0) for name, grid in view.grids.items()}
    return {name: (grid.sheet_id, grid.rows, widths[name]) for name, grid in view.grids.items()}


def _with_highest(view: View) -> Layout:
    """The layout with the highest numbers that were ever seen among the tabs' IDs."""
    seen = {name: reading.highest_id for name, reading in view.tables.items() if reading.highest_id > 0}
    known = view.layout.highest
    fresh = {name: number for name, number in seen.items() if number > known.get(name, 0)}
    return replace(view.layout, highest={**known, **fresh}) if fresh else view.layout
