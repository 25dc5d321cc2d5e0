"""IDs given to rows: numbers that the file never forgets, written beside the rows that they are meant for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.project import identity
from bot.project.identity import Mend
from bot.project.rows import Problem, Row
from bot.project.schema import Tab
from bot.world import wire
from bot.world.spreadsheet import Spreadsheet
from bot.world.strays import Place
from bot.world.view import View

Rows = Sequence[Row[Any]]
Found = Mapping[str, list[Problem]]


def mend(file: Spreadsheet, tabs: Sequence[str], last: Mapping[str, Rows]) -> list[Problem]:
    """Mend the IDs of some tabs; *last* are the last known rows by tab. Returns what was mended.

    New numbers are reserved in the file first, and the rows are looked at again directly before the write: a crash in
    between skips numbers and does no other harm. Rows that appear meanwhile wait for the next scan.
    """
    now = file.look(tabs)
    wanted = _wanted(now, last)
    fresh = {name: sum(not mend.new for mend in mends) for name, mends in wanted.items()}
    needs = {name: (_highest(file, now, name, last), count) for name, count in fresh.items() if count}
    bases = wire.reserve(file.google, file.file_id, needs) if needs else {}
    if needs:
        now = file.look(tabs)
        wanted = _wanted(now, last)
    found = {
        name: identity.numbered(file.schema.tab(name), mends, bases.get(name, 0), fresh.get(name, 0))
        for name, mends in wanted.items()
    }
    return _written(file, now, found)


def _wanted(view: View, last: Mapping[str, Rows]) -> dict[str, list[Mend]]:
    found = {
        name: identity.mends(view.schema.tab(name), reading, last.get(name)) for name, reading in view.tables.items()
    }
    return {name: mends for name, mends in found.items() if mends}


def _highest(file: Spreadsheet, view: View, tab: str, last: Mapping[str, Rows]) -> int:
    """The highest number known without asking the file."""
    seen = view.tables[tab].highest_id
    return max(seen, file.layout.highest.get(tab, 0), identity.highest(view.schema.tab(tab), last.get(tab, ())), 0)


def _written(file: Spreadsheet, now: View, found: Found) -> list[Problem]:
    """Write the IDs; those that did not reach their rows are left out, and given at the next scan."""
    cells = {
        name: {_place(now, name, problem): str(problem.proposal) for problem in problems}
        for name, problems in found.items()
        if problems
    }
    if not cells:
        return []
    after = file.send(now, cells)
    return [problem for name, problems in found.items() for problem in problems if _is_there(after, name, problem)]


def _place(view: View, tab: str, problem: Problem) -> Place:
    return problem.row, view.tables[tab].columns["id"]


def _is_there(after: View, tab: str, problem: Problem) -> bool:
    return tab in after.tables and after.tables[tab].by_id(str(problem.proposal)) is not None


# ---------------------------------------------------------------------- one ID


def new_id(file: Spreadsheet, tab: Tab) -> str:
    """An ID that no row of the tab ever had."""
    view = file.look([tab.name])
    view.grid(tab.name, "sheets.next_id")
    return given_id(file, tab, view)


def given_id(file: Spreadsheet, tab: Tab, view: View) -> str:
    """An ID that no row of the tab ever had, by a look at it; the file remembers that it was given."""
    needs = {tab.name: (_highest(file, view, tab.name, {}), 1)}
    return f"{tab.id_prefix}{wire.reserve(file.google, file.file_id, needs)[tab.name] + 1}"
