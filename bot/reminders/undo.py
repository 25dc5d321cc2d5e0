"""Takes an answer back within five minutes: cells that still hold what the press wrote, and memories of a snooze."""

from __future__ import annotations

from datetime import date
from typing import Any

import structlog

from bot.project.model import Settings
from bot.project.names import live_key
from bot.reminders import answer, items, messages, snoozing
from bot.reminders.items import Place
from bot.world import World, logbook
from bot.world.answering import LOOK_AGAIN
from bot.world.engine import Run
from bot.world.google import GoogleError
from bot.world.sheets import Change

log = structlog.get_logger(__name__)

Json = Any
UNDONE = "Undo, on a reminder"


def undo(world: World, run: Run, message: str, ref: str, by: str, channel: str) -> str:
    """The flow of one *Undo*; a cell that somebody changed since stays theirs, and who pressed is told."""
    told = run.step("undo", lambda: _undone(world, message, ref, by))
    if told["words"]:
        run.step("tell", lambda: world.slack.whisper(channel, by, told["words"]))
    if told["result"] != "failed":
        run.step("show", lambda: _reopened(world, message, ref))
    project, _tab, _row = items.parsed(ref)
    run.start(LOOK_AGAIN, f"{run.key}:look", project=project)
    return str(told["result"])


def _undone(world: World, message: str, ref: str, by: str) -> Json:
    kept = world.store.recall(f"answered:{message}:{ref}")
    if not kept or not kept.get("undo"):
        return {"result": "gone", "words": messages.NOTHING_TO_UNDO}
    if "memories" in kept["undo"]:
        snoozing.put_back(world, kept["undo"]["memories"])
        return {"result": "undone", "words": ""}
    at = items.place(world, ref)
    try:
        return _cells(world, at, kept["undo"]["cells"], by)
    except GoogleError as error:
        log.warning("an undo could not be written", project=at.picture.key, row=at.row.id, cause=str(error))
        return {"result": "failed", "words": messages.NOT_NOW.format(press="Undo")}


def _cells(world: World, at: Place, cells: Json, by: str) -> Json:
    wanted = [
        Change(at.tab, at.row.id, column, _value(was), _value(wrote), by_person=True) for column, wrote, was in cells
    ]
    outcomes = answer.write(world, at.picture, at.tab, wanted, by, UNDONE)
    world.audit(by, "Undo", at.row.id, project=at.picture.key, reason=", ".join(one.result for one in outcomes))
    left = [one for one in outcomes if not one.done]
    return {"result": left[0].result if left else "undone", "words": answer.refusal(left[0], at.url) if left else ""}


def _value(kept: Json) -> Any:
    return date.fromisoformat(kept["day"]) if isinstance(kept, dict) else kept


def _reopened(world: World, message: str, ref: str) -> None:
    sending = world.store.sending(message)
    if sending is not None:
        items.reopen(world, sending, ref)


# ---------------------------------------------------------------------- the end of a dry run


def live(world: World, run: Run, project: str, by: str, message: str, channel: str) -> str:
    """The flow of *Switch reminders on*: the Settings tab says so, and what is late by now counts as due today."""
    result = str(run.step("write", lambda: _switched(world, project, by)))
    if result in ("failed", "person_won", "row_missing", "column_missing"):
        words = messages.NOT_NOW.format(press="Switch reminders on")
        run.step("tell", lambda: world.slack.whisper(channel, by, words))
        return result
    run.step("tick", lambda: _ticked(world, message, project, by))
    run.start(LOOK_AGAIN, f"{run.key}:look", project=project)
    return result


def _switched(world: World, project: str, by: str) -> str:
    picture = world.picture(project)
    settings: Settings = picture.settings if picture else Settings()
    result = "already"
    if settings.dry_run:
        change = Change("settings", "", "dry_run", False, True, by_person=True)
        try:
            result = logbook.write(world, project, "playbook", [change], actor=by, reason="Switch reminders on")[
                0
            ].result
        except GoogleError as error:
            log.warning("reminders could not be switched on", project=project, cause=str(error))
            return "failed"
    if result in ("written", "already"):
        world.store.remember(live_key(project), True)
        world.audit(by, "Switch reminders on", project, project=project)
    return result


def _ticked(world: World, message: str, project: str, by: str) -> None:
    sending = world.store.sending(message)
    if sending is not None:
        items.settle(world, sending, project, messages.LIVE_NOW, None, by)
