"""Carries the answer to a reminder out: the row is written politely, the message ticked, or it is told why not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import structlog

from bot.project.ladder import AFTER_RESET
from bot.project.picture import Picture
from bot.reminders import changes, items, messages, rules, send, snoozing
from bot.reminders.items import Place
from bot.world import World, confirming, logbook
from bot.world.answering import LOOK_AGAIN
from bot.world.confirming import Confirmed
from bot.world.engine import Run
from bot.world.google import GoogleError
from bot.world.sheets import Change, Outcome
from bot.world.view import Result

log = structlog.get_logger(__name__)

Json = Any


def answer(
    world: World,
    run: Run,
    project: str,
    tab: str,
    row_id: str,
    by: str,
    channel: str,
    ts: str,
    ref: str,
    what: str = "done",
    given: Json = None,
) -> str:
    """The flow of one answer; its result is that of the deciding cell, or `closed`, `row_missing`, `failed`."""
    run.step("remember", lambda: _remembered(world, channel, ts))
    told = run.step("write", lambda: _carried_out(world, project, tab, row_id, by, what, given or {}))
    if told["result"] in ("written", "already"):
        run.step("tick", lambda: _tick(world, channel, ts, ref, told, by))
    else:
        run.step("tell", lambda: world.slack.whisper(channel, by, told["words"]))
    if told["result"] in ("written", "person_won") and what != "snooze":
        run.start(LOOK_AGAIN, f"{run.key}:look", project=project)
    return str(told["result"])


def _remembered(world: World, channel: str, ts: str) -> None:
    """What the pressed message said is known to the ladder, though the morning that sent it may not be done yet."""
    sending = world.store.sending_at(channel, ts)
    if sending is not None and sending.key.startswith(send.BUNDLE):
        send.remember(world, sending.key)


def _carried_out(world: World, project: str, tab: str, row_id: str, by: str, what: str, given: Json) -> Json:
    """What became of an answer: the result, the words for the message or the person, and what an undo needs."""
    picture = world.picture(project)
    seen = items.standing(picture, tab, row_id) if picture else None
    if picture is None or seen is None:
        return _told("row_missing", messages.GONE)
    at, status = Place(picture, tab, seen), changes.closed(tab, seen)
    if status and what != "done":
        return _told("closed", messages.CLOSED.format(status=status))
    try:
        return _snoozed(world, at, by, given) if what == "snooze" else _written(world, at, by, what, given)
    except GoogleError as error:
        log.warning("an answer could not be written", project=project, row=row_id, cause=str(error))
        return _told("failed", messages.NOT_NOW.format(press=messages.PRESSES[what]))


def _told(result: str, words: str, undo: Json = None) -> Json:
    return {"result": result, "words": words, "undo": undo}


def _snoozed(world: World, at: Place, by: str, given: Json) -> Json:
    until, before = snoozing.snooze(world, at.picture, at.tab, at.row.id, int(given["days"]))
    if not before:
        return _told("closed", messages.SETTLED)
    reason = given.get("reason", "")
    world.audit(by, "Snooze", at.row.id, project=at.picture.key, reason=f"until {until}: {reason}".removesuffix(": "))
    return _told("written", messages.snooze_words(until), {"memories": before})


# ---------------------------------------------------------------------- writing


def _written(world: World, at: Place, by: str, what: str, given: Json) -> Json:
    """The deciding cell first; where a person's value stays in it, the others stay as they are too."""
    wanted = changes.of(what, at.tab, at.row, given, at.picture.today)
    if at.tab == "milestones" and what == "date":
        _confirm(world, at, wanted[0].new, by)
    outcomes = write(world, at.picture, at.tab, wanted[:1], by, _reason(what, given))
    first = outcomes[0]
    world.audit(by, messages.PRESSES[what], at.row.id, project=at.picture.key, reason=first.result)
    if not first.done:
        confirming.forget_confirmed(world, at.picture.key, [at.row.id] if what == "date" else [])
        return _told(first.result, refusal(first, at.url))
    outcomes += write(world, at.picture, at.tab, wanted[1:], by, _reason(what, given)) if wanted[1:] else []
    return _told(first.result, _words(at, what, given), {"cells": cells(outcomes)} if cells(outcomes) else None)


def write(world: World, picture: Picture, tab: str, wanted: Sequence[Change], by: str, reason: str) -> list[Outcome]:
    """Cells of one tab, in the name of who pressed."""
    return logbook.write(world, picture.key, rules.file_of(picture, tab), wanted, actor=by, reason=reason)


def cells(outcomes: Sequence[Outcome]) -> list[Json]:
    """What was written, as plain JSON, for an undo."""
    return [
        [one.change.column, _plain(one.change.new), _plain(one.found)] for one in outcomes if one.result == "written"
    ]


def _plain(value: Any) -> Json:
    return {"day": value.isoformat()} if isinstance(value, date) else value if value is None else str(value)


def _confirm(world: World, at: Place, day: date, by: str) -> None:
    """The ledger of slips and the Change log name who moved the forecast."""
    person = world.slack.person(by)
    name = person.name if person else ""
    confirming.confirm(world, at.picture.key, {at.row.id: Confirmed(day, name)})


def _reason(what: str, given: Json) -> str:
    words = "; ".join(
        part for part in (given.get("cause", ""), given.get("words", ""), given.get("reason", "")) if part
    )
    return f"{messages.PRESSES[what]}, on a reminder" + (f": {words}" if words else "")


def _words(at: Place, what: str, given: Json) -> str:
    if what == "date":
        return messages.date_words(given["date"])
    if what == "blocked":
        return messages.blocked_words(given["reason"])
    if what == "owner":
        return messages.owner_words(given["name"], at.picture.calendar.add(at.picture.today, AFTER_RESET))
    return messages.done_words()


def refusal(outcome: Outcome, url: str) -> str:
    """Why nothing was written."""
    result: Result = outcome.result
    if result == "person_won":
        return messages.PERSON_WON.format(found=outcome.found or "nothing", url=url)
    if result == "id_twice":
        return messages.ID_TWICE.format(row_id=outcome.change.row_id, url=url)
    return messages.NO_COLUMN.format(url=url) if result == "column_missing" else messages.GONE


def _tick(world: World, channel: str, ts: str, ref: str, told: Json, by: str) -> None:
    """The item keeps its line, ticked; an answer that changed nothing leaves an earlier one's *Undo* alone."""
    sending = world.store.sending_at(channel, ts)
    if sending is None:
        return
    if told["undo"] is None and ref in items.answered(world, sending):
        return
    items.settle(world, sending, ref, told["words"], told["undo"], by)
