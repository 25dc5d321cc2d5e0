"""Carries out what the PM answered about edits in the plan: take them into the playbook, or put the plan back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.project import troubles, wall
from bot.project.picture import Picture
from bot.project.rows import Row
from bot.project.schema import Schema, Tab, load
from bot.project.words import VisibleKind
from bot.watch import messages, projection
from bot.watch.mirror import SHOWN, found_troubles, last_written, memory_of, read_plan, take_away
from bot.watch.projection import What
from bot.watch.proposals import as_ours, typed_value
from bot.world import World, logbook
from bot.world.logbook import Line
from bot.world.sheets import UNSEEN, Change, Outcome

Json = Any


def settle(world: World, body: Json, about: Json, answer: Json, by: str) -> str:
    """Carry an answer out, on the sheets as they are at this moment; gives the words for the question's line."""
    picture = world.picture(body["project"])
    if picture is None:
        return messages.NOT_SHOWN
    plan = load(picture.plan_schema)
    acts = {
        (What.CELL, "take"): _take_cell,
        (What.CELL, "back"): _put_cell_back,
        (What.ROW_GONE, "take"): _hide_row,
        (What.ROW_GONE, "back"): _show_row_again,
        (What.ROW_ADDED, "take"): _take_row,
        (What.ROW_ADDED, "back"): _remove_row,
    }
    return acts[What(about["what"]), str(answer)](world, picture, plan, about, by)


def _take_cell(world: World, picture: Picture, plan: Schema, about: Json, by: str) -> str:
    del plan
    found = projection.source(about["tab"], about["row"], picture.playbook)
    if found is None:
        return messages.NOT_SHOWN
    tab, row = found
    column = wall.SOURCES[about["tab"]][tab][about["column"]]
    value = typed_value(picture, tab, column, about["theirs"])
    change = Change(tab, row.id, column, value, getattr(row.record, column), by_person=True)
    return _told(logbook.write(world, picture.key, "playbook", [change], actor=by, reason="taken from the plan"))


def _hide_row(world: World, picture: Picture, plan: Schema, about: Json, by: str) -> str:
    del plan
    found = projection.source(about["tab"], about["row"], picture.playbook)
    if found is None:
        return messages.NOT_SHOWN
    tab, row = found
    column, hidden = wall.HIDING[tab]
    change = Change(tab, row.id, column, hidden, getattr(row.record, column), by_person=True)
    return _told(logbook.write(world, picture.key, "playbook", [change], actor=by, reason="removed from the plan"))


def _told(outcomes: Sequence[Outcome], good: str = messages.TAKEN) -> str:
    outcome = outcomes[0]
    if outcome.done:
        return good
    if outcome.result == "person_won":
        return messages.CHANGED.format(found=messages.quoted(troubles.plain(outcome.found)))
    return messages.CANNOT.format(result=outcome.result.replace("_", " "))


def _put_cell_back(world: World, picture: Picture, plan: Schema, about: Json, by: str) -> str:
    tab, column = about["tab"], about["column"]
    wanted = next((r for r in wall.plan_tab(tab, picture.playbook) if r.id == about["row"]), None)
    book = read_plan(world, picture, plan, [tab])
    row = book.row(tab, about["row"])
    if wanted is None or row is None:
        return messages.NOT_SHOWN
    unread = found_troubles(book).cells(tab)
    found = projection.text(row, column, unread)
    if found != about["theirs"]:
        return messages.CHANGED.format(found=messages.quoted(found))
    seen = UNSEEN if (row.number, column) in unread else getattr(row.record, column)
    change = Change(tab, row.id, column, getattr(wanted, column), seen)
    outcomes = logbook.write(world, picture.key, "plan", [change], actor=by, reason=f"put back: {SHOWN}")
    return _told(outcomes, messages.IS_BACK)


def _show_row_again(world: World, picture: Picture, plan: Schema, about: Json, by: str) -> str:
    """Forget that it stood there: the look at both files that follows an answer adds it again."""
    del plan, by
    last = last_written(world, picture.plan_id)
    kept = {key: words for key, words in last.get(about["tab"], {}).items() if key != about["row"]}
    world.store.remember(memory_of(picture.plan_id), last | {about["tab"]: kept})
    return messages.IS_BACK


def _take_row(world: World, picture: Picture, plan: Schema, about: Json, by: str) -> str:
    """Add what the row says to the playbook, marked to be shown; the plan gets it from there, under its ID."""
    row = _stranger(world, picture, plan, about)
    if row is None:
        return messages.NOT_SHOWN
    name = "risks" if getattr(row.record, "kind", None) is VisibleKind.RISK else next(iter(wall.SOURCES[about["tab"]]))
    tab = load(picture.playbook_schema).tab(name)
    row_id = _added(world, picture, tab, as_ours(picture, tab, wall.SOURCES[about["tab"]][name], row.record))
    line = Line(f"{tab.title} {row_id}", "", about["theirs"], "taken from the plan")
    logbook.say(world, picture.key, "wrote", [line], actor=by)
    _remove_row(world, picture, plan, about, by)
    return messages.TAKEN


def _added(world: World, picture: Picture, tab: Tab, values: Mapping[str, Any]) -> str:
    """Add a row to the playbook unless it is there already, because an earlier try was interrupted; gives its ID."""
    book, layout = load(picture.playbook_schema), world.layout(picture.playbook_id)
    for row in world.sheets.read(picture.playbook_id, book, [tab.name], layout=layout).rows(tab.name):
        if all(getattr(row.record, name) == value for name, value in values.items() if value is not None):
            return row.id
    return world.sheets.append(picture.playbook_id, book, tab.name, tab.record(**values), layout=layout)


def _remove_row(world: World, picture: Picture, plan: Schema, about: Json, by: str) -> str:
    row = _stranger(world, picture, plan, about)
    if row is None:
        return messages.NOT_SHOWN
    tab = plan.tab(about["tab"])
    take_away(world, picture, plan, tab, lambda one: (one.id, one.record) == (row.id, row.record), most=1)
    line = Line(f"{tab.title} {row.id}".strip(), about["theirs"], "", f"removed: {SHOWN}")
    logbook.say(world, picture.key, "removed", [line], actor=by)
    return messages.IS_BACK


def _stranger(world: World, picture: Picture, plan: Schema, about: Json) -> Row[Any] | None:
    """The last row that says what the question said: of twins the copy, not the one it was copied from."""
    book = read_plan(world, picture, plan, [about["tab"]])
    tab, unread = plan.tab(about["tab"]), found_troubles(book).cells(about["tab"])
    columns = [column.name for column in tab.columns if column.name != "id"]
    rows = [row for row in book.rows(tab.name) if row.id == about["row"]]
    return next((row for row in reversed(rows) if projection.told(columns, row, unread) == about["theirs"]), None)
