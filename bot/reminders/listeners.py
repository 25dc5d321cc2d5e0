"""What people do with a reminder: *Done* writes the row, politely, and ticks the item in the message."""

from __future__ import annotations

from typing import Any

from bot.errors import Refused, UserError
from bot.project.schema import load
from bot.project.words import OPEN_WORK, WorkStatus
from bot.reminders import messages
from bot.world import World
from bot.world.engine import Run
from bot.world.listening import Act, Listener, Reply
from bot.world.sheets import Change, Outcome


def done(world: World, act: Act) -> Reply | None:
    """*Done* on an item, by its owner, the project's PM or a lead; carried out as a durable answer."""
    project, schema, tab, row_id = _parsed(act.value)
    _check_may_answer(world, act, project, tab, row_id)
    pressed = {"project": project, "schema": schema, "tab": tab, "row_id": row_id}
    world.engine.start(
        "answer",
        f"answer:{act.key}",
        **pressed,
        by=act.user_id,
        channel=act.channel_id,
        ts=act.message_ts,
        ref=act.value,
    )
    return None


def _parsed(value: str) -> tuple[str, str, str, str]:
    parts = value.split("|")
    if len(parts) != 4 or parts[2] not in messages.CLOSABLE:
        raise UserError(messages.GONE)
    return parts[0], parts[1], parts[2], parts[3]


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
    world: World, run: Run, project: str, schema: str, tab: str, row_id: str, by: str, channel: str, ts: str, ref: str
) -> str:
    """The flow of one pressed *Done*: write, then tick the item, or tell why somebody else's value stays."""
    result, words = run.step("write", lambda: list(_write(world, project, schema, tab, row_id, by)))
    if result in ("written", "already"):
        run.step("tick", lambda: _tick(world, channel, ts, ref))
    else:
        run.step("tell", lambda: world.slack.whisper(channel, by, words))
    return str(result)


def _write(world: World, project: str, schema: str, tab: str, row_id: str, by: str) -> tuple[str, str]:
    """Status Done and, where the tab has it, the actual day; compared with what was last seen in the row."""
    row, picture = world.store.project(project), world.picture(project)
    seen = next((r for r in picture.plan.get(tab, ()) if r.id == row_id), None) if picture else None
    if row is None or picture is None or seen is None:
        return "row_missing", messages.GONE
    changes = [Change(tab, row_id, "status", WorkStatus.DONE, seen.record.status)]
    if tab == "milestones" and seen.record.status in OPEN_WORK:
        changes.append(Change(tab, row_id, "actual", picture.today, seen.record.actual))
    outcomes = world.sheets.write(row["plan_id"], load(schema), changes)
    world.audit(by, "Done", row_id, project=project, reason=outcomes[0].result)
    url = picture.url("plan", tab, seen.number)
    return outcomes[0].result, _words(outcomes[0], url)


def _words(outcome: Outcome, url: str) -> str:
    if outcome.result == "person_won":
        return messages.PERSON_WON.format(found=outcome.found or "nothing", url=url)
    return messages.GONE


def _tick(world: World, channel: str, ts: str, ref: str) -> None:
    """Edit the message in place: the item keeps its line, ticked."""
    sending = world.store.sending_at(channel, ts)
    if sending is None:
        return
    name = f"answered:{sending.key}"
    answered: list[Any] = sorted({*(world.store.recall(name) or ()), ref})
    world.store.remember(name, answered)
    world.slack.update(channel, ts, messages.bundle(sending.body["items"], sending.body["more"], answered))


LISTENERS = (Listener("action", messages.DONE, done, "Mark an item of a reminder as done"),)
