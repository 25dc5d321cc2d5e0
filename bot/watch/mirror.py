"""Keeps the plan's projected tabs as the playbook shows them, one way; what people typed there goes to the PM."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog

from bot.project import troubles, wall
from bot.project.picture import Picture
from bot.project.rows import Row
from bot.project.schema import Schema, Tab, load
from bot.project.troubles import Troubles
from bot.project.upkeep import File
from bot.watch import messages, projection
from bot.watch.projection import Course
from bot.watch.proposals import question
from bot.world import World, asking, logbook
from bot.world.logbook import Line
from bot.world.sheets import Book, Change

log = structlog.get_logger(__name__)

Json = Any
Rows = Mapping[str, Sequence[Row[Any]]]

SHOWN = "as the playbook shows it"


def reflect(world: World, picture: Picture, sources: Mapping[File, Troubles]) -> None:
    """Bring the plan's projected tabs up to date, and ask about what people changed there.

    What was last read may be older than what the bot wrote since: before anything is done, the tabs are read again.
    """
    plan = load(picture.plan_schema)
    last = last_written(world, picture.plan_id)
    found = _courses(plan, picture, picture.plan, sources["plan"], sources["playbook"], last)
    if any(not course.is_idle or course.edits for course in found):
        book = read_plan(world, picture, plan, [tab.name for tab in projection.tabs(plan)])
        found = _courses(plan, picture, _rows(book), found_troubles(book), sources["playbook"], last)
        found = [_carried_out(world, picture, plan, book, course) for course in found]
    agreed = {course.tab: dict(course.agreed) for course in found}
    if last | agreed != last:
        world.store.remember(memory_of(picture.plan_id), last | agreed)
    project = world.store.project(picture.key)
    if project is not None:
        questions = [question(picture, plan, edit) for course in found for edit in course.edits]
        asking.ask(world, project, messages.MIRROR, picture.plan_id, questions)


def memory_of(plan_id: str) -> str:
    """Where it is remembered what the bot wrote in a plan's projected tabs."""
    return f"projected:{plan_id}"


def last_written(world: World, plan_id: str) -> dict[str, dict[str, dict[str, str]]]:
    """What the bot wrote last, by tab, row and column."""
    return dict(world.store.recall(memory_of(plan_id)) or {})


def read_plan(world: World, picture: Picture, plan: Schema, tabs: Sequence[str]) -> Book:
    """Some tabs of the plan as they are at this moment."""
    return world.sheets.read(picture.plan_id, plan, tabs, layout=world.layout(picture.plan_id))


def _rows(book: Book) -> Rows:
    return {name: reading.rows for name, reading in book.tables.items()}


def found_troubles(book: Book) -> Troubles:
    """What could not be read of the tabs."""
    return troubles.gathered(book.missing, {name: reading.problems for name, reading in book.tables.items()})


def _courses(
    plan: Schema, picture: Picture, standing: Rows, known: Troubles, playbook: Troubles, last: Mapping[str, Any]
) -> list[Course]:
    return [
        projection.course(
            tab,
            wanted := wall.plan_tab(tab.name, picture.playbook),
            standing.get(tab.name, ()),
            known,
            last.get(tab.name, {}),
            _hidden(tab, wanted, picture.playbook),
        )
        for tab in projection.tabs(plan)
        if projection.is_readable(tab, known, playbook)
    ]


def _hidden(tab: Tab, wanted: Sequence[Any], playbook: Rows) -> frozenset[str]:
    """The IDs of rows that the playbook has and does not show."""
    there = {row.id for name in wall.SOURCES[tab.name] for row in playbook.get(name, ())}
    return frozenset(there - {record.id for record in wanted} - {""})


# ---------------------------------------------------------------------- acting


def _carried_out(world: World, picture: Picture, plan: Schema, book: Book, course: Course) -> Course:
    """Do what a course says; gives it back with what the bot may take for its own words from now on."""
    tab = plan.tab(course.tab)
    agreed = {key: dict(words) for key, words in course.agreed.items()}
    if course.removed:
        take_away(world, picture, plan, tab, lambda row: row.id in course.removed)
        _say(world, picture, [Line(f"{tab.title} {key}", "", "", "not shown any more") for key in course.removed])
    if course.added:
        _add(world, picture, plan, book, course)
        agreed |= {record.id: projection.noted(record, tab) for record in course.added}
        _say(world, picture, [Line(f"{tab.title} {record.id}", "", "", "shown from now on") for record in course.added])
    changes = [Change(tab.name, cell.row_id, cell.column, cell.new, cell.seen) for cell in course.cells]
    for outcome in logbook.write(world, picture.key, "plan", changes, reason=SHOWN) if changes else ():
        if outcome.done:
            agreed[outcome.change.row_id][outcome.change.column] = troubles.plain(outcome.change.new)
    return Course(course.tab, edits=course.edits, agreed=agreed)


def _say(world: World, picture: Picture, lines: Sequence[Line]) -> None:
    logbook.say(world, picture.key, "projected", lines)


def _add(world: World, picture: Picture, plan: Schema, book: Book, course: Course) -> None:
    """The first rows of an empty tab in one call; later ones one by one, below the last."""
    layout = world.layout(picture.plan_id)
    if not book.rows(course.tab):
        world.sheets.fill(picture.plan_id, plan, {course.tab: list(course.added)}, layout=layout)
        return
    for record in course.added:
        world.sheets.append(picture.plan_id, plan, course.tab, record, layout=layout)


def take_away(
    world: World, picture: Picture, plan: Schema, tab: Tab, is_meant: Callable[[Row[Any]], bool], most: int = 1000
) -> None:
    """Delete rows by where they stand at this moment; one that was lost because rows moved meanwhile is put back."""
    before = read_plan(world, picture, plan, [tab.name])
    rows = [row for row in before.rows(tab.name) if is_meant(row)][:most]
    if not rows:
        return
    sheet_id = before.layout.tabs.get(tab.name, tab.sheet_id)
    spans = [
        {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": row.number - 1, "endIndex": row.number}
        for row in sorted(rows, key=lambda row: -row.number)
    ]
    world.sheets.batch_update(picture.plan_id, [{"deleteDimension": {"range": span}} for span in spans])
    after = read_plan(world, picture, plan, [tab.name])
    there = [row.record for row in after.rows(tab.name)]
    for row in before.rows(tab.name):
        if row not in rows and row.record not in there:
            log.warning("a row moved while another was deleted, and is put back", project=picture.key, row=row.id)
            world.sheets.append(picture.plan_id, plan, tab.name, row.record, layout=before.layout)
