"""What people do with a reminder: *Done* writes the row, politely, and ticks the item in the message."""

from __future__ import annotations

from typing import Any

import structlog

from bot.errors import Refused, UserError
from bot.project.picture import Picture
from bot.project.rows import Row
from bot.project.words import OPEN_WORK, WorkStatus
from bot.reminders import messages
from bot.world import World, logbook
from bot.world.engine import Run
from bot.world.google import GoogleError
from bot.world.listening import Act, Listener, Reply
from bot.world.sheets import Change, Outcome
from bot.world.store import Sending

log = structlog.get_logger(__name__)


def done(world: World, act: Act) -> Reply | None:
    """*Done* on an item, by its owner, the project's PM or a lead; carried out as a durable answer."""
    project, tab, row_id = _parsed(act.value)
    _check_may_answer(world, act, project, tab, row_id)
    world.engine.start(
        "answer",
        f"answer:{act.key}",
        project=project,
        tab=tab,
        row_id=row_id,
        by=act.user_id,
        channel=act.channel_id,
        ts=act.message_ts,
        ref=act.value,
    )
    return None


def _parsed(value: str) -> tuple[str, str, str]:
    """Project, tab and row ID, in which people may write what they like."""
    parts = value.split("|", 3)
    if len(parts) != 4 or parts[2] not in messages.CLOSABLE:
        raise UserError(messages.GONE)
    return parts[0], parts[2], parts[3]


def _check_may_answer(world: World, act: Act, project: str, tab: str, row_id: str) -> None:
    """Role is read from the sheets and groups at this moment, never from the button (rule: who may)."""
    picture, email = world.picture(project), world.slack.email(act.user_id)
    if picture is None:
        raise UserError(messages.GONE)
    owners = {picture.email_of(row.record.owner) for row in picture.plan.get(tab, ()) if row.id == row_id}
    if email not in {*owners, picture.pm} - {""} and not world.lead_groups(act.user_id):
        world.audit(act.user_id, "refused answer", row_id, project=project, reason="neither owner, PM nor lead")
        raise Refused(messages.NOT_YOURS)


def answer(
    world: World, run: Run, project: str, tab: str, row_id: str, by: str, channel: str, ts: str, ref: str
) -> str:
    """The flow of one pressed *Done*: write, then tick the item, or tell why somebody else's value stays."""
    result, words = run.step("write", lambda: list(_write(world, project, tab, row_id, by)))
    if result in ("written", "already"):
        run.step("tick", lambda: _tick(world, channel, ts, ref))
    else:
        run.step("tell", lambda: world.slack.whisper(channel, by, words))
    return str(result)


def _write(world: World, project: str, tab: str, row_id: str, by: str) -> tuple[str, str]:
    """Status Done and, where the tab has it, the actual day; compared with what was last seen in the row."""
    picture = world.picture(project)
    seen = next((r for r in picture.plan.get(tab, ()) if r.id == row_id), None) if picture else None
    if picture is None or seen is None:
        return "row_missing", messages.GONE
    try:
        changes = _changes(picture, tab, seen)
        outcomes = logbook.write(world, project, "plan", changes, actor=by, reason="Done, on a reminder")
    except GoogleError as error:
        log.warning("a pressed Done could not be written", project=project, row=row_id, cause=str(error))
        return "failed", messages.NOT_NOW
    world.audit(by, "Done", row_id, project=project, reason=outcomes[0].result)
    return outcomes[0].result, _words(outcomes[0], picture.url("plan", tab, seen.number))


def _changes(picture: Picture, tab: str, seen: Row[Any]) -> list[Change]:
    changes = [Change(tab, seen.id, "status", WorkStatus.DONE, seen.record.status, by_person=True)]
    if tab == "milestones" and seen.record.status in OPEN_WORK:
        changes.append(Change(tab, seen.id, "actual", picture.today, seen.record.actual, by_person=True))
    return changes


def _words(outcome: Outcome, url: str) -> str:
    if outcome.result == "person_won":
        return messages.PERSON_WON.format(found=outcome.found or "nothing", url=url)
    if outcome.result == "id_twice":
        return messages.ID_TWICE.format(row_id=outcome.change.row_id, url=url)
    return messages.NO_COLUMN.format(url=url) if outcome.result == "column_missing" else messages.GONE


def _tick(world: World, channel: str, ts: str, ref: str) -> None:
    """Edit the message in place: the item keeps its line, ticked."""
    sending = world.store.sending_at(channel, ts)
    if sending is None:
        return
    world.store.remember(f"answered:{sending.key}:{ref}", True)
    shown: list[str] | None = None
    while shown != (answered := _answered(world, sending)):  # another press may end between our look and our edit
        world.slack.update(channel, ts, messages.bundle(sending.body["items"], sending.body["more"], answered))
        shown = answered


def _answered(world: World, sending: Sending) -> list[str]:
    refs = [item["ref"] for item in sending.body["items"]]
    return [ref for ref in refs if world.store.recall(f"answered:{sending.key}:{ref}")]


LISTENERS = (Listener("action", messages.DONE, done, "Mark an item of a reminder as done"),)
