"""Carries the answers to an agenda out: the row is written politely, the message ticked, or it is told why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import structlog

from bot.errors import UserError
from bot.project import risk
from bot.project.model import Issue, Risk
from bot.project.picture import Picture
from bot.project.rows import Row
from bot.project.schema import load
from bot.project.words import IssueKind, IssueStatus, Level, RiskStatus, Severity, SlipCause
from bot.reviews import buttons, messages, send
from bot.world import World, logbook, slipbook
from bot.world.answering import LOOK_AGAIN
from bot.world.engine import Run
from bot.world.google import GoogleError
from bot.world.logbook import Line
from bot.world.sheets import Change, Outcome

log = structlog.get_logger(__name__)

Json = Any

SEVERITIES = {Level.HIGH: Severity.HIGH, Level.MEDIUM: Severity.MEDIUM, Level.LOW: Severity.LOW}


def answer(
    world: World, run: Run, project: str, tab: str, row_id: str, by: str, channel: str, ts: str, ref: str,
    what: str, given: Json,
) -> str:  # fmt: skip
    """The flow of one answer; its result is that of the deciding cell, or `gone`, `closed`, `failed`."""
    told = run.step("write", lambda: _carried_out(world, project, tab, row_id, by, what, given))
    if told["result"] in ("written", "already"):
        run.step("tick", lambda: _tick(world, channel, ts, ref, f"{told['words']} · {_name(world, by)}"))
        run.start(LOOK_AGAIN, f"{run.key}:look", project=project)
    else:
        run.step("tell", lambda: world.slack.whisper(channel, by, told["words"]))
    return str(told["result"])


def _tick(world: World, channel: str, ts: str, ref: str, words: str) -> None:
    sending = world.store.sending_at(channel, ts)
    if sending is not None:
        send.settle(world, sending, ref, words)


def _name(world: World, user_id: str) -> str:
    person = world.slack.person(user_id)
    return person.name if person else "somebody"


def _told(result: str, words: str) -> Json:
    return {"result": result, "words": words}


def _carried_out(world: World, project: str, tab: str, row_id: str, by: str, what: str, given: Json) -> Json:
    """What became of an answer, and the words for the message or the person."""
    try:
        picture, row = buttons.standing(world, project, tab, row_id)
        if status := buttons.closed(tab, row):
            return _told("closed", messages.CLOSED.format(status=status))
        told = (
            _become(world, picture, row, by)
            if what == "occurred"
            else _written(world, picture, tab, row, by, what, given)
        )
    except UserError as gone:
        return _told("gone", str(gone))
    except GoogleError as error:
        log.warning("a review could not be written", project=project, row=row_id, cause=str(error))
        return _told("failed", messages.NOT_NOW)
    world.audit(by, f"review: {what}", row_id, project=project, reason=told["result"])
    return told


# ---------------------------------------------------------------------- one row


def _written(world: World, picture: Picture, tab: str, row: Row[Any], by: str, what: str, given: Json) -> Json:
    """The deciding cell first; where a person's value stays in it, the others stay as they are too."""
    words, reason, cells = _wanted(what, tab, row.record, given, picture.today)
    if not cells:  # an issue has no cell for a look that changed nothing
        place = f"{_title(picture, tab)} {row.id}"
        logbook.say(world, picture.key, "reviewed", [Line(place, "", words, reason)], actor=by)
        return _told("written", words)
    names = list(cells)
    first = _put(world, picture, tab, row, {names[0]: cells[names[0]]}, by, reason)[0]
    if not first.done:
        return _told(first.result, _refusal(first, picture.url("playbook", tab, row.number)))
    _put(world, picture, tab, row, {name: cells[name] for name in names[1:]}, by, reason)
    return _told(first.result, words)


def _wanted(what: str, tab: str, record: Any, given: Json, today: date) -> tuple[str, str, dict[str, Any]]:
    """The words for the message, the reason for the log, and the cells, the deciding one first."""
    if what == "keep":
        return "No change", "no change at the review", {"last_reviewed": today} if tab == "risks" else {}
    if what == "rescore":
        scores = {"probability": int(given["probability"]), "impact": int(given["impact"])}
        points = scores["probability"] * scores["impact"]
        words = f"Score {risk.score(record) or 'blank'} → {points}, {risk.level_of(points).lower()}"
        return (
            _with(words, given.get("words")),
            _with("rescored", given.get("words")),
            {**scores, "last_reviewed": today},
        )
    if what == "close":
        cells = {"status": RiskStatus.CLOSED, "last_reviewed": today}
        return _with("Closed", given["reason"]), _with("closed at the review", given["reason"]), cells
    if what == "resolved":
        cells = {"status": IssueStatus.RESOLVED, "resolution": given["resolution"], "closed": today}
        return _with("Resolved", given["resolution"]), "resolved at the review", cells
    due = date.fromisoformat(given["due"]) if given.get("due") else None
    words = _with("Next", given["next_action"]) + (f", until {messages.day(due)}" if due else "")
    return words, "next action at the review", {"next_action": given["next_action"], "due": due}


def _with(words: str, more: str | None) -> str:
    return f"{words}: {more}" if more else words


def _put(world: World, picture: Picture, tab: str, row: Row[Any], cells: Json, by: str, reason: str) -> list[Outcome]:
    """Cells of a row, in the name of who pressed; each is written only where it still says what was last read."""
    wanted = [Change(tab, row.id, name, new, getattr(row.record, name), by_person=True) for name, new in cells.items()]
    return logbook.write(world, picture.key, "playbook", wanted, actor=by, reason=reason) if wanted else []


def _refusal(outcome: Outcome, url: str) -> str:
    """Why nothing was written."""
    if outcome.result == "person_won":
        return messages.PERSON_WON.format(found=outcome.found or "nothing")
    return messages.GONE if outcome.result == "row_missing" else messages.NO_CELL.format(url=url)


def _title(picture: Picture, tab: str) -> str:
    return load(picture.playbook_schema).tab(tab).title


# ---------------------------------------------------------------------- a risk that has happened


def _become(world: World, picture: Picture, row: Row[Risk], by: str) -> Json:
    """A new row in Issues with what the risk says; the risk keeps its own, Occurred and linked to it.

    The link decides: it is written first, under an ID that is remembered, so that a repeat goes on with the same issue.
    """
    kept, one = f"becoming:{picture.key}:{row.id}", row.record
    issue_id = world.store.recall(kept) or ""
    if one.linked_issue and one.linked_issue != issue_id:
        return _told("closed", messages.ALREADY_ISSUE.format(issue=one.linked_issue))
    schema, layout = load(picture.playbook_schema), world.layout(picture.playbook_id)
    if not issue_id:
        issue_id = world.sheets.next_id(picture.playbook_id, schema, "issues", layout)
        world.store.remember(kept, issue_id)
    reason = f"became issue {issue_id}"
    link = _put(world, picture, "risks", row, {"linked_issue": issue_id}, by, reason)[0]
    if not link.done:
        return _told(link.result, _refusal(link, picture.url("playbook", "risks", row.number)))
    issue = replace(as_issue(one, picture.today, picture.url("playbook", "risks", row.number)), id=issue_id)
    world.sheets.append(picture.playbook_id, schema, "issues", issue, layout)
    _put(world, picture, "risks", row, {"status": RiskStatus.OCCURRED, "last_reviewed": picture.today}, by, reason)
    line = Line(f"{_title(picture, 'issues')} {issue_id}", "", one.risk, _with(f"was risk {row.id}", _history(one)))
    logbook.say(world, picture.key, "moved a risk", [line], actor=by)
    return _told("written", f"Became issue {issue_id}")


def as_issue(one: Risk, today: date, url: str) -> Issue:
    """The issue that a risk becomes: opened, text, owner and next step stay, and so does who may see it.

    What triggers a risk is for our eyes, so it stays in the risk's row, which *url* leads to.
    """
    level = risk.level(one)
    return Issue(
        kind=IssueKind.ISSUE,
        title=one.risk,
        opened=one.opened or today,
        severity=SEVERITIES[level] if level else Severity.MEDIUM,
        owner=one.owner,
        next_action=one.mitigation,
        due=one.mitigation_due,
        status=IssueStatus.OPEN,
        customer_visible=one.customer_visible,
        link=url,
    )


def _history(one: Risk) -> str:
    """What else the risk's row says, for the Bot log."""
    told = {"opened": one.opened, "score": risk.score(one), "trigger": one.trigger, "response": one.response}
    return "; ".join(f"{name} {value}" for name, value in told.items() if value)


# ---------------------------------------------------------------------- why a date moved


def cause(world: World, run: Run, project: str, slip: str, cause: str, by: str, message: str, ref: str) -> str:
    """The flow of one cause: kept in the ledger, and in the plan while the milestone names none."""
    words = str(run.step("keep", lambda: _named(world, project, slip, SlipCause(cause), by)))
    run.step("tick", lambda: _tick_message(world, message, ref, f"{words} · {_name(world, by)}"))
    return words


def _tick_message(world: World, message: str, ref: str, words: str) -> None:
    sending = world.store.sending(message)
    if sending is not None:
        send.settle(world, sending, ref, words)


def _named(world: World, project: str, key: str, cause: SlipCause, by: str) -> str:
    slips = slipbook.ledger(world, project).slips
    found = next((one for one in slips if one.key == key), None)
    if found is None or not slipbook.name_cause(world, project, found, cause):
        return messages.GONE
    if found.is_latest_of(slips) and _in_plan(world, project, found.milestone, cause, by):
        return str(cause)
    line = Line(f"Slip of {found.milestone} on {found.on}", "", str(cause), "cause named at the review")
    logbook.say(world, project, "named a cause", [line], actor=by)
    return str(cause)


def _in_plan(world: World, project: str, milestone: str, cause: SlipCause, by: str) -> bool:
    """The milestone's own column says it too, unless somebody filled it meanwhile."""
    change = Change("milestones", milestone, "slip_reason", cause, None, by_person=True)
    try:
        outcome = logbook.write(world, project, "plan", [change], actor=by, reason="cause named at the review")[0]
    except GoogleError as error:
        log.warning("a cause could not be written", project=project, milestone=milestone, cause=str(error))
        return False
    return outcome.done
