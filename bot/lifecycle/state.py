"""Holds, resumes, cancels and re-opens projects: the state first, then the sheets, then the team's words."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

from bot.lifecycle import messages, parts
from bot.lifecycle.rules import TURNS, Turn
from bot.project.words import ProjectState
from bot.world import World
from bot.world.answering import LOOK_AGAIN
from bot.world.blocks import mention
from bot.world.engine import Run
from bot.world.sheets import UNSEEN, Change

Json = Any

_TURN = threading.Lock()  # of two presses at one moment the second sees what the first did


def turn(world: World, run: Run, project: str, turn: str, by: str, reason: str, until: str = "") -> str:
    """The flow of one turn; a repeat of an unfinished one does only what is left."""
    wanted = Turn[turn]
    if not run.step("state", lambda: _took(world, run.key, project, wanted, by, reason, until)):
        run.step("late", lambda: _late(world, run, project, by))
        return "late"
    row = world.store.project(project) or {}
    state = TURNS[wanted][1]
    failures = parts.carry_out(
        run,
        {
            "Playbook's Overview": partial(_overview, world, row, state, by, _why(wanted, reason, until)),
            "Portfolio": partial(parts.portfolio, world, project, state=state),
            "Word in the channel": partial(_tell, world, run.key, row, wanted, by, reason, until),
            "Who can still open the plan": partial(_still_open, world, run.key, row, wanted, by),
        },
    )
    args = {"project": project, "turn": turn, "by": by, "reason": reason, "until": until}
    run.step("close", lambda: parts.close(world, run, "turn", args, by, row["customer"], failures))
    if wanted in (Turn.RESUME, Turn.REOPEN):
        run.start(LOOK_AGAIN, f"{run.key}:look", project=project)  # what people wrote meanwhile was not acted on
    return "unfinished" if failures else "done"


def _took(world: World, key: str, project: str, wanted: Turn, by: str, reason: str, until: str) -> bool:
    """Take the turn if the project's state still lets it; True again for the very press that took it."""
    base = key.split("~")[0]
    with _TURN:
        row, kept = world.store.project(project), world.store.recall(held_key(project)) or {}
        if row is None:
            return False
        if kept.get("key") == base:
            return True
        before, after = TURNS[wanted]
        if row["state"] not in before:
            return False
        at = world.clock.now().isoformat()
        told = {"key": base, "turn": wanted.name, "reason": reason, "until": until, "by": by, "at": at}
        world.store.remember(held_key(project), told)
        parts.put(world, project, state=str(after))
    world.audit(by, str(wanted), project, project=project, reason=_why(wanted, reason, until) if reason else "")
    return True


def _why(wanted: Turn, reason: str, until: str) -> str:
    """The reason with the day, as the Bot log keeps it."""
    return f"{reason or wanted} until {until}" if until else reason or str(wanted)


def held_key(project: str) -> str:
    """Where the latest turn is remembered."""
    return f"lifecycle:{project}"


def _late(world: World, run: Run, project: str, by: str) -> None:
    """Say so to whoever pressed; what an earlier turn left undone is overtaken by a later one."""
    row, is_first = world.store.project(project), "~" not in run.key
    parts.close(world, run, "turn", {}, by, "", {})
    if row is not None and is_first:
        world.slack.whisper(world.slack.direct(by), by, messages.LATE.format(state=row["state"]))


def _overview(world: World, row: Json, state: ProjectState, by: str, reason: str) -> None:
    parts.cells(world, row, "playbook", [Change("overview", "", "state", state, UNSEEN, by_person=True)], by, reason)


def _tell(world: World, key: str, row: Json, wanted: Turn, by: str, reason: str, until: str) -> None:
    message = messages.turned(row, wanted, mention(by), reason, until)
    parts.tell_channel(world, row, f"turn:{key.split('~')[0]}", message)


def _still_open(world: World, key: str, row: Json, wanted: Turn, by: str) -> None:
    """Whoever cancels hears of the customer's people who can open the plan."""
    if wanted is not Turn.CANCEL:
        return
    company = world.settings.company_domains
    held = [one.email for one in world.drive.permissions(row["plan_id"]) if one.email]
    others = [email for email in held if not email.endswith(tuple(f"@{one}" for one in company))]
    others = [email for email in others if email != world.drive.google.account]
    if others:
        parts.tell(world, f"open:{key.split('~')[0]}", by, messages.still_open(row["customer"], others), row["key"])


def hourly(world: World, run: Run, subject: str, slot: str) -> int:
    """The flow that looks after turns: finishes what was left, and asks about holds whose day has come."""
    del subject
    left = run.step("left", lambda: parts.left(world))
    for base, one in left.items():
        run.start(one["kind"], f"{base}~{slot}", **one["args"])
    run.step("holds", lambda: _ask_about_holds(world))
    return len(left)


def has_work(world: World) -> bool:
    """Whether an hour has anything to do: the store alone is asked."""
    return bool(parts.left(world) or _over(world))


def _ask_about_holds(world: World) -> None:
    for row, kept in _over(world):
        pm = world.slack.person_by_email(row["pm"])
        who = pm.id if pm and pm.is_staff else kept["by"]
        parts.tell(world, _hold_key(kept), who, messages.hold_over(row, kept["reason"]), row["key"])


def _over(world: World) -> list[tuple[Json, Json]]:
    """Holds to ask about: once each, on its day in the project's zone or as soon after as the bot is there."""
    on_hold = [row for row in world.store.all_projects() if row["state"] == ProjectState.ON_HOLD]
    held = [(row, world.store.recall(held_key(row["key"])) or {}) for row in on_hold]
    return [(row, kept) for row, kept in held if _is_over(world, row, kept) and not _is_asked(world, kept)]


def _is_over(world: World, row: Json, kept: Json) -> bool:
    return bool(kept.get("until")) and world.clock.today(row["zone"]).isoformat() >= str(kept["until"])


def _is_asked(world: World, kept: Json) -> bool:
    sending = world.store.sending(_hold_key(kept))
    return sending is not None and sending.state == "sent"


def _hold_key(kept: Json) -> str:
    return f"hold:{kept['key']}"
