"""The form of the sheets: what readings could not take, mapped to checks; and settings that nobody can understand."""

from __future__ import annotations

from collections.abc import Iterator

from bot.project import troubles
from bot.project.cells import Trouble, clean
from bot.project.checks.table import CHECKS
from bot.project.finding import Finding, Kind, Watched
from bot.project.rows import Problem, address
from bot.project.schema import Schema, Tab, load

CHECK_OF = {
    Trouble.TEXT_DATE: "DATE-UNREADABLE",
    Trouble.IMPOSSIBLE_DATE: "DATE-UNREADABLE",
    Trouble.UNKNOWN_WORD: "STATUS-UNKNOWN",
    Trouble.NOT_A_NUMBER: "CELL-UNREADABLE",
    Trouble.OUT_OF_RANGE: "CELL-UNREADABLE",
    Trouble.NOT_A_TICK: "CELL-UNREADABLE",
    Trouble.BAD_PATTERN: "CELL-UNREADABLE",
    Trouble.CELL_ERROR: "CELL-UNREADABLE",
    Trouble.BLANK: "CELL-UNREADABLE",
    Trouble.NO_ID: "ID-MISSING",
    Trouble.DUPLICATE_ID: "ID-TWICE",
    Trouble.EDITED_ID: "ID-TWICE",
    Trouble.UNKNOWN_NAME: "OWNER-UNKNOWN",
    Trouble.NO_HEADER: "HEADER-DRIFT",
    Trouble.NO_COLUMN: "HEADER-DRIFT",
    Trouble.DUPLICATE_COLUMN: "HEADER-DRIFT",
}
"""Which check each trouble of a reading belongs to."""
KINDS = {
    "DATE-UNREADABLE": Kind.DATE,
    "STATUS-UNKNOWN": Kind.WORD,
    "CELL-UNREADABLE": Kind.CELL,
    "ID-MISSING": Kind.ID_MISSING,
    "ID-TWICE": Kind.ID_TWICE,
    "OWNER-UNKNOWN": Kind.WHOSE,
    "HEADER-DRIFT": Kind.HEADER,
}


def found(watched: Watched) -> Iterator[Finding]:
    """Everything this family finds."""
    for file, schema in (("playbook", load("playbook")), ("plan", load(watched.plan))):
        known = watched.known.troubles.get(file)
        if known is not None:
            tabs = {tab.name: tab for tab in schema.tabs}
            yield from (_tab_missing(watched, schema, tabs[name]) for name in known.missing if name in tabs)
            for name, problems in known.problems.items():
                if name in tabs:
                    yield from (_problem(watched, schema, tabs[name], problem) for problem in problems)
    yield from _settings(watched)


def _tab_missing(watched: Watched, schema: Schema, tab: Tab) -> Finding:
    return Finding(
        project=watched.project, kind=Kind.TAB, subject=tab.name, title=tab.title, schema=schema.name, tab=tab.name,
        number=0, address=tab.title, owner=watched.pm, check="TAB-MISSING",
        reason=f"The tab {tab.title} is gone; until it is back I go by what it said last.",
    )  # fmt: skip


def _problem(watched: Watched, schema: Schema, tab: Tab, problem: Problem) -> Finding:
    check = CHECK_OF[problem.trouble]
    return Finding(
        project=watched.project, kind=KINDS[check], subject=problem.row_id or clean(problem.address),
        title=_title(tab, problem), schema=schema.name, tab=tab.name, number=problem.row,
        address=clean(problem.address), owner=watched.pm, check=check, column=problem.column,
        reason=_sentence(tab, problem),
    )  # fmt: skip


def _title(tab: Tab, problem: Problem) -> str:
    return next((column.title for column in tab.columns if column.name == problem.column), tab.title)


def _sentence(tab: Tab, problem: Problem) -> str:
    """What is wrong, in a sentence; the likely value is a question."""
    title, found = _title(tab, problem), clean(problem.found)[: troubles.LONGEST]
    said = {
        Trouble.NO_ID: "This row has no ID.",
        Trouble.DUPLICATE_ID: f"Another row above has the ID {found} already.",
        Trouble.EDITED_ID: f"The ID of this row was changed to {found}.",
        Trouble.NO_HEADER: f"I cannot find the header of {tab.title}.",
        Trouble.NO_COLUMN: f"I cannot find the {'field' if tab.layout == 'form' else 'column'} {title} in {tab.title}.",
        Trouble.DUPLICATE_COLUMN: f"{tab.title} has two columns called {title}.",
        Trouble.UNKNOWN_NAME: f"{title}: “{found}” is not a full name of the Stakeholders tab.",
    }
    if problem.trouble in said:
        return said[problem.trouble]
    column = next((one for one in tab.columns if one.name == problem.column), None)
    words = troubles.words(problem, column) if column else f"{title}: {found} is not {problem.expected}"
    words = f"{title}: {words}" if problem.trouble is Trouble.TEXT_DATE else words
    return words if words.endswith("?") else f"{words}."


def _settings(watched: Watched) -> Iterator[Finding]:
    tab = load("playbook").tab("settings")
    for one in watched.tuning.misread:
        check = CHECKS[one.check]
        number = tab.index(check.setting) + 2
        yield Finding(
            project=watched.project, kind=Kind.SETTING, subject=one.check, title=f"Check {one.check}",
            schema="playbook", tab="settings", number=number, address=address(tab, number, 2), owner=watched.pm,
            check="SETTING-UNREADABLE", column=check.setting,
            reason=f"“{one.found}” beside {one.check} cannot be understood. {one.reason} Until then: {check.usual}.",
        )  # fmt: skip
