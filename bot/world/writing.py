"""Cells written beside their IDs: never over what a person wrote, and read back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.project.cells import to_cell
from bot.project.schema import Schema
from bot.world.spreadsheet import Spreadsheet
from bot.world.strays import Place
from bot.world.view import Change, Outcome, View

ROUNDS = 3  # of writing to rows that move while we write


def write(file: Spreadsheet, changes: Sequence[Change]) -> list[Outcome]:
    """Write cells in one call, directly after the look that compares them; one outcome for each change, in order."""
    _check_owned(file.schema, changes)
    outcomes: dict[int, Outcome] = {}
    waiting = dict(enumerate(changes))
    tabs = list(dict.fromkeys(change.tab for change in changes))
    before = file.look(tabs)
    for _ in range(ROUNDS):
        outcomes |= {number: before.judge(change) for number, change in waiting.items()}
        waiting = {number: change for number, change in waiting.items() if outcomes[number].result == "written"}
        if not waiting:
            break
        after = file.send(before, cells(before, waiting.values()))
        moved = {number: _seen_again(outcomes[number], before, after) for number in waiting}
        outcomes |= {number: outcome for number, outcome in moved.items() if outcome}
        waiting = {number: change for number, change in waiting.items() if moved[number] is None}
        before = after
    outcomes |= {number: replace(before.judge(change), result="person_won") for number, change in waiting.items()}
    return [outcomes[number] for number in sorted(outcomes)]


def _check_owned(schema: Schema, changes: Iterable[Change]) -> None:
    for change in changes:
        column = schema.tab(change.tab).column(change.column)
        if column.formula:
            raise ValueError(f"{change.tab}.{change.column} is a formula, which nobody writes over")
        if column.owner != "bot" and not change.by_person:
            raise ValueError(f"{change.tab}.{change.column} belongs to people, and no person asked to change it")


def cells(view: View, changes: Iterable[Change]) -> dict[str, dict[Place, object]]:
    """What to send for changes that were judged writable, by tab and place."""
    found: dict[str, dict[Place, object]] = {}
    for change in changes:
        found.setdefault(change.tab, {})[view.known_place(change)] = to_cell(change.new)
    return found


def _seen_again(outcome: Outcome, before: View, after: View) -> Outcome | None:
    """What became of a change that was sent; None when its row moved meanwhile, so that it has to be sent again."""
    now = after.judge(outcome.change)
    if now.result == "already":
        return outcome
    stayed = after.place(outcome.change) == before.place(outcome.change)
    return replace(now, result="person_won") if stayed and now.result == "written" else None
