"""The one door by which a project's cells are written: politely, and with who and why kept beside it.

What is written stands twice: in the audit table, and in the Bot log tab of the project's playbook, where people look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

import structlog

from bot.errors import OutsideError
from bot.project.model import ChangeLine
from bot.project.rows import Cell, to_cells
from bot.project.schema import Schema, load
from bot.world.google import GoogleError
from bot.world.retry import Mark
from bot.world.sheets import Change, Outcome

if TYPE_CHECKING:
    from bot.world import World

log = structlog.get_logger(__name__)

File = Literal["playbook", "plan"]
Reason = str | Callable[[Change], str]
BOT = "implbot"
TAB, CHANGES = "bot_log", "change_log"
APPEND = "sheets.spreadsheets.values.append"
LONGEST = 500  # letters of a cell that the log repeats


@dataclass(frozen=True)
class Line:
    """One line of the Bot log: what it is about, what it said before and says now, and why."""

    object: str
    old: str = ""
    new: str = ""
    reason: str = ""


def write(
    world: World, project: str, file: File, changes: Sequence[Change], *, actor: str = BOT, reason: Reason
) -> list[Outcome]:
    """Write cells beside their IDs; every cell that was written lands in the audit table and in the Bot log tab.

    *actor* is a person's e-mail or user id, or the bot. A cell that somebody changed meanwhile is left alone (see
    `Outcome`). LookupError when there is no such project; GoogleError when the file does not take the write. That the
    Bot log could not be written is logged, no more: what was written stays written.
    """
    row = _project(world, project)
    file_id, schema = row[f"{file}_id"], load(row["schemas"][file])
    outcomes = world.sheets.write(file_id, schema, changes, layout=world.layout(file_id))
    written = [outcome for outcome in outcomes if outcome.result == "written"]
    for outcome in written:
        words = f"{outcome.change.column}: {outcome.found} → {outcome.change.new} ({_why(reason, outcome.change)})"
        subject = f"{outcome.change.tab} {outcome.change.row_id}".strip()
        world.audit(actor, "wrote", subject, project=project, reason=words)
    _append(world, row, actor, lines(schema, written, reason))
    return outcomes


def say(world: World, project: str, act: str, told: Sequence[Line], *, actor: str = BOT) -> None:
    """Keep events without a cell of their own, such as a column found again, in the audit table and the Bot log."""
    row = _project(world, project)
    for line in told:
        words = " ".join(part for part in (line.old, "→" if line.old else "", line.new, line.reason) if part)
        world.audit(actor, act, line.object, project=project, reason=words)
    _append(world, row, actor, told)


def lines(schema: Schema, written: Sequence[Outcome], reason: Reason) -> list[Line]:
    """A line for every cell of a person; the bot's own cells take one line a row."""
    owners = {id(one): schema.tab(one.change.tab).column(one.change.column).owner for one in written}
    told = [_cells(schema, [one], reason) for one in written if owners[id(one)] == "person"]
    own = sorted((one for one in written if owners[id(one)] == "bot"), key=_row)
    return told + [_cells(schema, list(listed), reason) for _, listed in groupby(own, key=_row)]


def _row(outcome: Outcome) -> tuple[str, str]:
    return outcome.change.tab, outcome.change.row_id


def _cells(schema: Schema, written: Sequence[Outcome], reason: Reason) -> Line:
    """Some cells of one row on one line."""
    change = written[0].change
    tab = schema.tab(change.tab)
    titles = [tab.column(one.change.column).title for one in written]
    place = f"{tab.title} {change.row_id}".strip()
    old, new = [one.found for one in written], [one.change.new for one in written]
    why = "; ".join(dict.fromkeys(_why(reason, one.change) for one in written))
    if len(written) == 1:
        return Line(f"{place} · {titles[0]}", _text(old[0]), _text(new[0]), why)
    return Line(place, _named(titles, old), _named(titles, new), why)


def _named(titles: Sequence[str], values: Sequence[Any]) -> str:
    return "; ".join(f"{title}: {_text(value) or '–'}" for title, value in zip(titles, values, strict=True))


def _text(value: Any) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _why(reason: Reason, change: Change) -> str:
    return reason if isinstance(reason, str) else reason(change)


def _project(world: World, key: str) -> dict[str, Any]:
    row = world.store.project(key)
    if row is None:
        raise LookupError(f"no project {key}")
    return row


# ---------------------------------------------------------------------- the Bot log and the Change log


def changed(world: World, project: str, told: Sequence[ChangeLine]) -> None:
    """Add lines to the plan's Change log, which a customer may read; a plan without that tab keeps none."""
    row = _project(world, project)
    schema = load(row["schemas"]["plan"])
    if told and any(tab.name == CHANGES for tab in schema.tabs):
        try:
            _put(world, row["plan_id"], schema, CHANGES, [to_cells(schema.tab(CHANGES), line) for line in told])
        except OutsideError as error:
            log.warning("the Change log could not be written", project=project, lines=len(told), cause=str(error))


def _append(world: World, row: dict[str, Any], actor: str, told: Sequence[Line]) -> None:
    """Add lines below the last one, in one call; a failure costs the lines, not the work they tell of."""
    if not told:
        return
    try:
        now = world.clock.now().astimezone(ZoneInfo(row["zone"])).isoformat(timespec="seconds")
        values = [[now, _name(world, actor), *_shown(line)] for line in told]
        _put(world, row["playbook_id"], load(row["schemas"]["playbook"]), TAB, values)
    except OutsideError as error:
        log.warning("the Bot log could not be written", project=row["key"], lines=len(told), cause=str(error))


def _shown(line: Line) -> list[str]:
    return [text[:LONGEST] for text in (line.object, line.old, line.new, line.reason)]


def _name(world: World, actor: str) -> str:
    """A person's address rather than their Slack ID."""
    return actor if actor == BOT or "@" in actor else world.slack.email(actor) or actor


def _put(world: World, file_id: str, schema: Schema, name: str, values: Sequence[Sequence[Cell]]) -> None:
    """By the tab's title in the schema; where people renamed the tab, by that of its sheet id."""
    tab = schema.tab(name)
    try:
        _send(world, file_id, tab.title, values)
    except GoogleError as error:
        found = world.sheets.tabs(file_id).get(world.layout(file_id).tabs.get(name, tab.sheet_id))
        if error.kind != "invalid" or found is None or found.title == tab.title:
            raise
        _send(world, file_id, found.title, values)


def _send(world: World, file_id: str, title: str, values: Sequence[Sequence[Cell]]) -> None:
    """RAW: no text of anybody is ever taken for a formula. Never repeated blindly, lest a line stands twice."""
    place = "'" + title.replace("'", "''") + "'!A1"
    params = {"valueInputOption": "RAW", "insertDataOption": "INSERT_ROWS"}
    google = world.sheets.google
    google.call(
        APPEND,
        lambda: google.sheets.values_append(
            file_id, place, params=dict(params), body={"values": [list(line) for line in values]}
        ),
        Mark.LOOK_FIRST,
    )
