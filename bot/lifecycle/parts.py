"""The parts of a change that reach outside: each tried by itself, remembered while it failed, and tried again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog

from bot.errors import OutsideError, UserError
from bot.lifecycle import messages
from bot.project import wall
from bot.project.schema import load
from bot.world import World, logbook
from bot.world.blocks import Message
from bot.world.engine import Run
from bot.world.sheets import UNSEEN, Change, Outcome

log = structlog.get_logger(__name__)

Json = Any
Part = Callable[[], Any]

LEFT = "lifecycle:left"
_TURN = threading.Lock()  # two runs that end at one moment are both remembered


def carry_out(run: Run, parts: Mapping[str, Part]) -> dict[str, str]:
    """Every part once; why each of those failed that did, by its name. One failure does not keep the others back."""
    failures = {name: run.step(name, lambda part=part, name=name: _tried(name, part)) for name, part in parts.items()}  # type: ignore[misc]  # defaults keep the loop's values
    return {name: why for name, why in failures.items() if why}


def _tried(name: str, part: Part) -> str:
    try:
        part()
    except UserError as refusal:
        return str(refusal)
    except OutsideError as failure:
        log.warning("a part of a change could not be done", part=name, cause=str(failure))
        return f"the service did not take it ({type(failure).__name__})"
    return ""


def close(world: World, run: Run, kind: str, args: Json, by: str, customer: str, failures: Mapping[str, str]) -> None:
    """Remember what is left, and tell whoever pressed the first time; a run that leaves nothing forgets it."""
    base = run.key.split("~")[0]
    with _TURN:
        kept = left(world)
        kept.pop(base, None)
        world.store.remember(LEFT, kept | ({base: {"kind": kind, "args": args}} if failures else {}))
    if failures:
        key, place = f"unfinished:{base}", world.slack.direct(by)
        world.slack.post_once(key, place, messages.unfinished(customer, failures), wall.internal())


def cells(world: World, row: Json, file: logbook.File, changes: Sequence[Change], by: str, reason: str) -> None:
    """Write cells of a project's file for a person; what somebody else changed meanwhile stays theirs."""
    outcomes = logbook.write(world, row["key"], file, changes, actor=by, reason=reason)
    _check(outcomes)


def portfolio(world: World, key: str, **values: Any) -> None:
    """Write the project's line of the portfolio; one that is missing is no trouble of this change."""
    changes = [Change("portfolio", key, column, value, UNSEEN, by_person=True) for column, value in values.items()]
    _check(world.sheets.write(world.backlog(), load("backlog"), changes))


def _check(outcomes: Sequence[Outcome]) -> None:
    lost = [one.change.column for one in outcomes if one.result in ("column_missing", "id_twice")]
    if lost:
        raise UserError(f"I cannot find where to write {', '.join(lost)}; please look at the sheet")


def tell_channel(world: World, row: Json, key: str, message: Message) -> None:
    """Say something in the project's own channel, once."""
    world.slack.post_once(key, row["channel_id"], message, wall.internal(), project=row["key"])


def tell(world: World, key: str, user_id: str, message: Message, project: str) -> None:
    """Tell one colleague something in person, once."""
    world.slack.post_once(key, world.slack.direct(user_id), message, wall.internal(), project=project)


def put(world: World, key: str, **values: Any) -> Json:
    """Change a project's row in the store; gives the row as it is now."""
    row = {**(world.store.project(key) or {}), **values}
    world.store.put_project(key, row)
    return row


def left(world: World) -> Json:
    """What is still to be done: the flow's kind and arguments, by the key of its first run."""
    return dict(world.store.recall(LEFT) or {})
