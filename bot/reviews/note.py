"""Logs a message as a risk or an issue of a project: a row in its playbook, and a word in the message's thread."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import structlog

from bot.errors import UserError
from bot.project import wall
from bot.project.model import Issue, Risk
from bot.project.names import customer_channel_key
from bot.project.picture import Picture
from bot.project.schema import load
from bot.project.words import IssueKind, IssueStatus, RiskStatus, Severity
from bot.reviews import views
from bot.world import World, charge, logbook
from bot.world.answering import LOOK_AGAIN
from bot.world.blocks import Markup, Message, link, md, one_line, section
from bot.world.engine import Run
from bot.world.google import GoogleError
from bot.world.listening import Act, Reply
from bot.world.logbook import Line
from bot.world.slack import Opened, Person
from bot.world.web_api import SlackFailure

log = structlog.get_logger(__name__)

Json = Any

MOST = 100  # options of a menu
NO_PROJECT = "There is no project under way to log this in."
UNREAD = "I have not read this project's sheets yet. Please try again in a few minutes."
WHICH = "Please choose the project."
STAFF_ONLY = "Please choose somebody who works with us."
FAILED = "Google did not take the row. Please log the message again in a few minutes."


# ---------------------------------------------------------------------- listening


def asked(world: World, act: Act) -> Reply | None:
    """The shortcut on a message: the form, with the message's words, by any of our staff."""
    charge.staff(world, act, "logging")
    here = _project_of(world, act.channel_id)
    projects = [] if here else _choices(world, act.user_id)
    if not here and not projects:
        raise UserError(NO_PROJECT)
    memo = {"project": here, "channel": act.channel_id, "ts": act.message_ts, "thread": act.thread_ts}
    values = {"text": views.readable(act.text, lambda user: _name(world, user)), "owner": act.user_id}
    world.slack.open_form(act.trigger_id, views.log_form(memo, projects, values))
    return None


def kind_chosen(world: World, act: Act) -> Reply | None:
    """Risk or issue: the form asks for what that kind needs; what was typed stays."""
    charge.staff(world, act, "logging")
    memo = json.loads(act.memo)
    projects = [] if memo["project"] else _choices(world, act.user_id)
    world.slack.change_form(Opened(act.view_id, act.view_hash), views.log_form(memo, projects, act.values))
    return None


def told(world: World, act: Act) -> Reply | None:
    """The form: what is wrong stands beside its field; sent twice, it makes one row."""
    charge.staff(world, act, "logging")
    memo = json.loads(act.memo)
    key = memo["project"] or act.values.get("project", "").split(" ")[0]
    row = world.store.project(key) if key else None
    if row is None or row["state"] != "Active":
        return Reply(errors={"text": NO_PROJECT} if memo["project"] else {"project": WHICH})
    errors = views.log_errors(act.values, world.clock.today(row["zone"]))
    if not errors and not _is_staff(world, act.values["owner"]):
        errors = {"owner": STAFF_ONLY}
    if errors:
        return Reply(errors=errors)
    given = {name: one_line(value, views.LONGEST) for name, value in act.values.items()}
    place = {name: memo[name] for name in ("channel", "ts", "thread")}
    world.engine.start("log-message", f"log:{act.key}", project=key, given=given, by=act.user_id, place=place)
    return None


def _project_of(world: World, channel: str) -> str:
    """The active project that speaks in a channel, internal or the customer's; "" for none, or for several."""
    rows = [row for row in world.store.all_projects() if row["state"] == "Active"]
    found = [row["key"] for row in rows if channel in (row["channel_id"], _customer_channel(world, row["key"]))]
    return found[0] if channel and len(found) == 1 else ""


def _customer_channel(world: World, project: str) -> str:
    return str((world.store.recall(customer_channel_key(project)) or {}).get("id", ""))


def _choices(world: World, user_id: str) -> list[str]:
    """The projects under way, those that the person runs first, as the menu shows them."""
    email = world.slack.email(user_id)
    rows = [row for row in world.store.all_projects() if row["state"] == "Active"]
    ranked = sorted(rows, key=lambda row: (str(row["pm"]).strip().lower() != email, row["customer"].casefold()))
    return [f"{row['key']} · {one_line(row['customer'], 50)}" for row in ranked[:MOST]]


def _is_staff(world: World, user_id: str) -> bool:
    person = world.slack.person(user_id)
    return person is not None and person.is_staff


def _name(world: World, user_id: str) -> str:
    person = world.slack.person(user_id)
    return person.name if person else "somebody"


# ---------------------------------------------------------------------- carrying out


def log_message(world: World, run: Run, project: str, given: Mapping[str, str], by: str, place: Json) -> str:
    """The flow of one message: an ID, its row, and a word in its thread; gives the row's ID, or failed."""
    tab = "risks" if given.get("kind", views.RISK) == views.RISK else "issues"
    source = str(run.step("source", lambda: _permalink(world, place)))
    row_id = str(run.step("id", lambda: _next_id(world, project, tab)))
    number = int(run.step("row", lambda: _added(world, project, tab, row_id, given, source, by))) if row_id else -1
    if number < 0:
        run.step("tell", lambda: _direct(world, run.key, project, by, Message(FAILED)))
        return "failed"
    run.step("reply", lambda: _reply(world, run.key, project, tab, row_id, number, given["text"], by, place))
    run.start(LOOK_AGAIN, f"{run.key}:look", project=project)
    return row_id


def _permalink(world: World, place: Json) -> str:
    """The message's address; "" where the bot is not in the conversation."""
    try:
        return world.slack.permalink(place["channel"], place["ts"])
    except SlackFailure as failure:
        if not failure.is_answer:
            raise
        return ""


def _next_id(world: World, project: str, tab: str) -> str:
    picture = _picture(world, project)
    try:
        schema, layout = load(picture.playbook_schema), world.layout(picture.playbook_id)
        return world.sheets.next_id(picture.playbook_id, schema, tab, layout)
    except GoogleError as error:
        log.warning("a message could not be logged", project=project, cause=str(error))
        return ""


def _added(world: World, project: str, tab: str, row_id: str, given: Mapping[str, str], source: str, by: str) -> int:
    """The row under its ID, once; its number, 0 where it cannot be told, -1 where Google did not take it."""
    picture, person = _picture(world, project), world.slack.person(given["owner"])
    record = record_of(tab, row_id, given, source, _owner(picture, person), picture.today)
    schema, layout = load(picture.playbook_schema), world.layout(picture.playbook_id)
    try:
        world.sheets.append(picture.playbook_id, schema, tab, record, layout)
        row = world.sheets.read(picture.playbook_id, schema, [tab], layout).row(tab, row_id)
    except GoogleError as error:
        log.warning("a message could not be logged", project=project, cause=str(error))
        return -1
    line = Line(f"{schema.tab(tab).title} {row_id}", "", given["text"], f"logged from {source or 'a message'}")
    logbook.say(world, project, "logged a message", [line], actor=by)
    return row.number if row else 0


def record_of(tab: str, row_id: str, given: Mapping[str, str], source: str, owner: str, today: date) -> Risk | Issue:
    """The row that a form says. The link back is for our eyes: it stands in columns that no customer gets."""
    due = date.fromisoformat(given["due"]) if given.get("due") else None
    if tab == "risks":
        probability, impact = (int(given[name]) if given.get(name) else None for name in ("probability", "impact"))
        return Risk(
            id=row_id, risk=given["text"], opened=today, owner=owner, mitigation_due=due, status=RiskStatus.OPEN,
            probability=probability, impact=impact, trigger=f"Said in {source}" if source else "",
        )  # fmt: skip
    return Issue(
        id=row_id, kind=IssueKind.ISSUE, title=given["text"], opened=today, owner=owner, due=due, link=source,
        severity=Severity(given.get("severity") or Severity.MEDIUM), status=IssueStatus.OPEN,
    )  # fmt: skip


def _owner(picture: Picture, person: Person | None) -> str:
    """Somebody as the owner's cell names them: by the name of the Stakeholders tab, else by address."""
    if person is None:
        return ""
    names = [one.name for one in picture.stakeholders if one.email.strip().lower() == person.email]
    return next((name for name in names if picture.email_of(name) == person.email), person.email)


def _picture(world: World, project: str) -> Picture:
    picture = world.picture(project)
    if picture is None:
        raise UserError(UNREAD)
    return picture


# ---------------------------------------------------------------------- speaking


def _reply(
    world: World, key: str, project: str, tab: str, row_id: str, number: int, text: str, by: str, place: Json
) -> str:
    """A word in the thread; in person where the thread is not ours alone, or the bot is not in it.

    Outside of the project's own channel it says neither what the row says nor whose project it is.
    """
    picture, channel = _picture(world, project), place["channel"]
    full = _logged(picture, tab, row_id, number, _name(world, by), text)
    said = full if channel == picture.channel_id else _logged(picture, tab, row_id, number, _name(world, by))
    if channel == _customer_channel(world, project):
        return _direct(world, key, project, by, full)
    try:
        return world.slack.post_once(
            f"logged:{key}", channel, said, wall.internal(), project=project, thread=place["thread"]
        ).ts
    except SlackFailure as failure:
        if not failure.is_answer:
            raise
        return _direct(world, key, project, by, full)


def _direct(world: World, key: str, project: str, by: str, message: Message) -> str:
    conversation = world.slack.direct(by)
    return world.slack.post_once(f"logged:{key}:{by}", conversation, message, wall.internal(), project=project).ts


def _logged(picture: Picture, tab: str, row_id: str, number: int, name: str, text: str = "") -> Message:
    kind = "risk" if tab == "risks" else "issue"
    place = link(picture.url("playbook", tab, number), row_id)
    words = md("{name} logged this as {kind} {place}", name=name, kind=kind, place=place)
    more = md(" of *{customer}*: {text}", customer=picture.customer, text=one_line(text, 200)) if text else md(".")
    return Message(f"Logged as {kind} {row_id}", (section(Markup(words + more)),))
