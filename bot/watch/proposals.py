"""What people did in the plan's projected tabs, as questions to the PM; what they typed, as values of the playbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.project import cells, troubles, wall
from bot.project.cells import Bad
from bot.project.picture import Picture
from bot.project.schema import Column, Schema, Tab, load
from bot.watch import messages, projection
from bot.watch.projection import Edit, What
from bot.world.asking import Option, Question


def question(picture: Picture, plan: Schema, edit: Edit) -> Question:
    """One thing that somebody did, with the answers that make sense."""
    about = {"what": edit.what, "tab": edit.tab, "row": edit.row_id, "column": edit.column, "theirs": edit.theirs}
    take = (Option(_take_label(edit), "take"),) if _can_take(picture, edit) else ()
    back = Option(messages.REMOVE_ROW if edit.what is What.ROW_ADDED else messages.PUT_BACK, "back")
    return Question(edit.key[:500], _words(plan, edit), about, (*take, back))


def _take_label(edit: Edit) -> str:
    return {What.CELL: messages.TAKE_CELL, What.ROW_GONE: messages.HIDE_ROW, What.ROW_ADDED: messages.TAKE_ROW}[
        edit.what
    ]


def _words(plan: Schema, edit: Edit) -> str:
    tab = plan.tab(edit.tab)
    theirs, ours = messages.quoted(edit.theirs), messages.quoted(edit.ours)
    if edit.what is What.CELL:
        column = tab.column(edit.column).title
        return messages.PLAN_SAYS.format(tab=tab.title, row=edit.row_id, column=column, theirs=theirs, ours=ours)
    words = messages.ROW_GONE if edit.what is What.ROW_GONE else messages.ROW_ADDED
    return words.format(tab=tab.title, row=edit.row_id, theirs=theirs, ours=ours)


def _can_take(picture: Picture, edit: Edit) -> bool:
    """True when the playbook has a place for it, and what was typed is a value there."""
    if edit.what is What.ROW_ADDED:
        return bool(edit.theirs)
    found = projection.source(edit.tab, edit.row_id, picture.playbook)
    if found is None:
        return False
    if edit.what is What.ROW_GONE:
        return found[0] in wall.HIDING
    column = wall.SOURCES[edit.tab][found[0]].get(edit.column)
    return column is not None and not isinstance(typed_value(picture, found[0], column, edit.theirs), Bad)


def typed_value(picture: Picture, tab: str, column: str, text: str) -> Any:
    """What somebody typed in the plan as a value of the playbook, or why it is none."""
    return _read_as(load(picture.playbook_schema).tab(tab).column(column), text)


def _read_as(column: Column, text: str) -> Any:
    if not text:
        return None if column.vocabulary or column.type != "string" else ""
    value = cells.read(column, text, "en_US")
    return value.value if isinstance(value, Bad) and value.value is not None else value


def as_ours(picture: Picture, tab: Tab, columns: Mapping[str, str], shown: Any) -> dict[str, Any]:
    """What a row of the plan says, in the playbook's columns; what is no value there is left out."""
    typed = {ours: troubles.plain(getattr(shown, theirs)) for theirs, ours in columns.items()}
    values = {name: _read_as(tab.column(name), text) for name, text in typed.items()}
    values |= {wall.HIDING[tab.name][0]: wall.SHOWING[tab.name]} if tab.name in wall.HIDING else {}
    values |= {"opened": picture.today} if any(column.name == "opened" for column in tab.columns) else {}
    return {name: value for name, value in values.items() if not isinstance(value, Bad)}
