"""The customer channel: made once, its people invited by Slack Connect, the invitations followed until accepted."""

from __future__ import annotations

from functools import partial
from typing import Any

import structlog

from bot.errors import OutsideError, UserError
from bot.opening import apply, gather, messages, record
from bot.project import wall
from bot.project.names import customer_channel_name, customer_topic
from bot.world import World, logbook
from bot.world.engine import Run
from bot.world.logbook import Line

log = structlog.get_logger(__name__)

Json = Any

OFFERED, ACCEPTED, FAILED = "offered", "accepted", "failed"


def channel(world: World, run: Run, project: str, by: str, people: list[str]) -> Json:
    """The flow of one press: the channel, whoever asked for it in it, an invitation for each person."""
    made = run.step("channel", lambda: _made(world, project, by))
    outcomes = {email: run.step(f"invite {email}", partial(_offered, world, project, made, email)) for email in people}
    run.step("tell", lambda: _tell(world, run.key, project, by, made, outcomes))
    return outcomes


def _made(world: World, project: str, by: str) -> Json:
    """The channel as it is remembered, or a new one that is found again by its topic after a crash."""
    row, known = world.store.project(project), record.channel(world, project)
    if row is None:
        raise UserError(apply.GONE)
    if not known:
        topic = customer_topic(row["key"], row["customer"])
        made = world.slack.ensure_channel(customer_channel_name(row["customer"]), topic, look_first=True)
        known = {"id": made.id, "name": made.name, "invites": {}}
        record.keep_channel(world, project, known)
        logbook.say(world, project, "made the customer channel", [Line(f"#{made.name}")], actor=by)
    pm = world.slack.person_by_email(row["pm"])
    world.slack.invite(known["id"], [by, *([pm.id] if pm and pm.is_staff else [])])
    return {"id": known["id"], "name": known["name"]}


def _offered(world: World, project: str, made: Json, email: str) -> str:
    """Invite one person whom the plan was given to, of a domain that still counts; why not, or nothing."""
    row = world.store.project(project)
    if row is None:
        return apply.GONE
    try:
        admission = record.admission(world, row)
        if email not in admission.emails or not admission.domains:
            return "the plan is not open to them"
        audience = wall.customer(gather.project_of(row), admission.domains)
        world.slack.invite_shared(made["id"], email, audience)
    except (OutsideError, UserError) as error:
        log.warning("an invitation could not be sent", project=project, cause=str(error))
        return str(error) if isinstance(error, UserError) else "Slack did not take the invitation"
    _keep(world, project, email, OFFERED)
    world.audit("implbot", "invited by Slack Connect", email, project=project)
    return ""


def _keep(world: World, project: str, email: str, state: str) -> None:
    kept = record.channel(world, project)
    record.keep_channel(world, project, {**kept, "invites": {**kept.get("invites", {}), email: state}})


def _tell(world: World, key: str, project: str, by: str, made: Json, outcomes: dict[str, str]) -> None:
    row = world.store.project(project)
    if row is None:
        return
    sent = ", ".join(email for email, why in outcomes.items() if not why)
    failed = "; ".join(f"{email}: {why}" for email, why in outcomes.items() if why)
    parts = [f"#{made['name']} is there.", f"Slack invited {sent}; I tell you when they accept." if sent else ""]
    parts.append(f"Not invited: {failed}." if failed else "")
    apply.say(world, f"channel:{key}", by, messages.words(row, " ".join(filter(None, parts))), project)


def follow(world: World, row: Json) -> None:
    """Tell the PM of each invitation that was accepted since; one call, and only while some are open."""
    kept = record.channel(world, row["key"])
    open_ones = [email for email, state in kept.get("invites", {}).items() if state == OFFERED]
    if not open_ones:
        return
    waiting = world.slack.offers(kept["id"])
    people = [world.slack.person(user_id) for user_id in world.slack.members(kept["id"])]
    inside = {person.email for person in people if person}
    for email in open_ones:
        if email not in waiting and email in inside:
            _keep(world, row["key"], email, ACCEPTED)
            world.audit(email, "accepted the channel", f"#{kept['name']}", project=row["key"])
            _told_pm(world, row, f"channel:{row['key']}:{email}", f"{email} has joined #{kept['name']}.")


def _told_pm(world: World, row: Json, key: str, words: str) -> None:
    pm = world.slack.person_by_email(row["pm"])
    if pm and pm.is_staff:
        apply.say(world, key, pm.id, messages.words(row, words), row["key"])
