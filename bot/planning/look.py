"""Looks at a project's dates once its plan was read: keeps what moved, freezes at sign-off, proposes what follows."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.planning import messages, questions, record
from bot.planning.record import Confirmed
from bot.project import baseline, dates, wall
from bot.project.model import ChangeLine, Milestone
from bot.project.picture import Picture
from bot.project.rows import Row
from bot.project.words import Anchor
from bot.world import World, asking, logbook
from bot.world.asking import Question
from bot.world.blocks import Message
from bot.world.logbook import Line
from bot.world.sheets import Change

Json = Any
NEEDED = {"id", "baseline", "forecast", "actual", "status", "phase", "gate"}

_TURN = threading.Lock()  # a sweep and an answer may look at once: what moved is recorded once


def look(world: World, key: str) -> None:
    """Everything that follows from a project's dates as last read; nothing while they are unreadable. Repeatable."""
    with _TURN:
        picture, project = world.picture(key), world.store.project(key)
        rows = _readable(world, picture) if picture else None
        if picture is None or project is None or rows is None:
            return
        milestones = [row.record for row in rows]
        _keep_history(world, picture, milestones)
        _freeze(world, picture, milestones)
        if project["state"] == "Active":
            _show_kickoff(world, picture)
            _ask(world, picture, project, milestones)
            _set_advisor(world, picture, project, milestones)


def _readable(world: World, picture: Picture) -> list[Row[Milestone]] | None:
    """The milestones whose dates can be read; None while the tab or one of its dates' columns is lost."""
    known = world.troubles(picture.plan_id)
    if known.is_unreadable("milestones") or known.lost_columns("milestones") & NEEDED:
        return None
    unread = {row for row, column in known.cells("milestones") if column in NEEDED}
    return [row for row in picture.plan.get("milestones", ()) if row.number not in unread]


# ---------------------------------------------------------------------- what moved


def _keep_history(world: World, picture: Picture, milestones: Sequence[Milestone]) -> None:
    """Forecasts that changed since the last look, in the Change log and in the ledger of slips.

    A sheet names no author: who changed one is told only where somebody asked for it in Slack.
    """
    before = record.forecasts(world, picture.key) or {}
    moves = baseline.moved_forecasts(before, baseline.signed(record.frozen(world, picture.key), milestones))
    if moves:
        asked = record.confirmed(world, picture.key, moves)
        record.tell(world, picture, "Forecast", moves, by={key: one.by for key, one in asked.items()})
        record.keep_slips(world, picture, moves, asked)
        record.forget_confirmed(world, picture.key, [move.milestone.id for move in moves])
    record.keep_forecasts(world, picture.key, {**before, **baseline.forecasts(milestones)})
    record.keep_causes(world, picture.key, {m.id: str(m.slip_reason or "") for m in milestones})
    if not world.troubles(picture.plan_id).is_unreadable("tasks"):
        record.keep_waits(world, picture)


def _freeze(world: World, picture: Picture, milestones: Sequence[Milestone]) -> None:
    """At sign-off the baselines as they stand become the ones that count."""
    if record.frozen(world, picture.key) is not None or not baseline.is_signed_off(milestones):
        return
    by = _signed_by(world, picture.key, milestones)
    tasks = [row.record for row in picture.plan.get("tasks", ())]
    days = baseline.freeze(milestones, tasks, world.clock.now().isoformat(timespec="seconds"), by)
    line = ChangeLine(date=picture.today, subject="Baseline", new=messages.FROZEN, changed_by=by)
    if line not in {row.record for row in picture.plan.get("change_log", ())}:
        logbook.changed(world, picture.key, [line])
    record.freeze(world, picture.key, days)
    told = Line("Milestones · Baseline", "", f"{len(days.milestones)} dates", messages.FROZEN)
    logbook.say(world, picture.key, "froze the baseline", [told])


def _signed_by(world: World, project: str, milestones: Sequence[Milestone]) -> str:
    """Who said in Slack that the plan is signed off, by name; "" when it was typed into the sheet."""
    gate = baseline.sign_off(milestones)
    said = [e for e in world.store.audit(project) if gate and (e.act, e.subject) == ("Done", gate.id)]
    user = world.store.recall(f"signed:{project}") or next((e.actor for e in reversed(said)), "")
    person = world.slack.person(user) if user else None
    return person.name if person else ""


def _show_kickoff(world: World, picture: Picture) -> None:
    """The plan's summary shows the kickoff of the playbook."""
    summary, kickoff = picture.plan.get("summary", ()), picture.overview.kickoff
    if summary and kickoff and summary[0].record.kickoff != kickoff:
        change = Change("summary", "", "kickoff", kickoff, summary[0].record.kickoff)
        logbook.write(world, picture.key, "plan", [change], reason=messages.KICKOFF)


# ---------------------------------------------------------------------- what is asked


def _ask(world: World, picture: Picture, project: Json, milestones: Sequence[Milestone]) -> None:
    """Everything that a person has to decide, each once; what has settled itself is ticked."""
    key, frozen = picture.key, record.frozen(world, picture.key)
    ids = [row.id for row in picture.plan.get("milestones", ())]
    sign_off = [] if frozen else questions.sign_off(milestones)
    pushes = questions.pushes(picture, baseline.signed(frozen, milestones), frozen)
    left = record.left(world, key, [*(one.key for one in sign_off), *(one.key for one in pushes)])
    pushes = [one for one in pushes if one.key not in left]
    several = record.several(world, key, [one.key for one in pushes], questions.several_key(pushes)) if pushes else ""
    changed = questions.baselines(frozen, milestones, ids) if frozen else []
    recounts = [] if frozen else _recounts(world, picture, milestones)
    asking.ask(world, project, messages.SIGN_OFF, key, [one for one in sign_off if one.key not in left])
    asking.ask(world, project, messages.BASELINE, key, changed)
    asking.ask(world, project, messages.RECOUNT, key, recounts)
    asking.ask(world, project, messages.SHIFTS, key, questions.shifts(pushes, several))


def _recounts(world: World, picture: Picture, milestones: Sequence[Milestone]) -> list[Question]:
    """Until sign-off, a moved kickoff, another day off or another offset moves the baselines, if the PM says so."""
    days, kickoff = questions.counted(picture, milestones), picture.overview.kickoff
    if kickoff is None:
        return []
    before, known = record.counted(world, picture.key) or ({}, None)
    is_dated = known is None and any(m.baseline for m in milestones)  # a plan that was dated before the first look
    moves = [] if is_dated else baseline.recounted(milestones, before, days, picture.calendar)
    if not moves:
        if (days, kickoff.isoformat()) != (before, known):
            record.keep_counted(world, picture.key, days, kickoff.isoformat())
        return []
    return questions.recount(picture, moves, [row.record for row in picture.tasks], days, known)


# ---------------------------------------------------------------------- the advisor's clock


def _set_advisor(world: World, picture: Picture, project: Json, rows: Sequence[Milestone]) -> None:
    """The day of the technical advisor follows the forecast end; PM and advisor hear once when it moves."""
    milestones = baseline.signed(record.frozen(world, picture.key), rows)
    clock = next((m for m in milestones if m.anchor is Anchor.TA_CLOCK), None)
    if clock is None:
        return
    found = dates.ta_move(milestones, picture.calendar)
    if found and not _is_written(world, picture, *found):
        return
    day, told = found[1] if found else clock.due, world.store.recall(f"advisor:{picture.key}")
    was = date.fromisoformat(told) if told else clock.due
    if day and was and day != was:
        _tell(world, picture, project, f"{was}:{day}", messages.advisor(picture.customer, was, day, _url(picture)))
    elif found and day == was and clock.forecast:
        words = messages.advisor_back(picture.customer, clock.forecast, found[1], _url(picture))
        _tell(world, picture, project, f"back:{clock.forecast}:{day}", words, with_advisor=False)
    if day and day.isoformat() != told:
        world.store.remember(f"advisor:{picture.key}", day.isoformat())


def _is_written(world: World, picture: Picture, clock: Milestone, day: date) -> bool:
    """The clock's forecast is the bot's by the rule, whoever typed there."""
    record.confirm(world, picture.key, {clock.id: Confirmed(day, logbook.BOT)})
    change = Change("milestones", clock.id, "forecast", day, clock.forecast, by_person=True)
    return logbook.write(world, picture.key, "plan", [change], reason=messages.ADVISOR)[0].done


def _tell(
    world: World, picture: Picture, project: Json, what: str, words: Message, *, with_advisor: bool = True
) -> None:
    """The PM, and the advisor where one is named, in person."""
    advisor = picture.email_of(picture.overview.ta) if with_advisor else ""
    for email in dict.fromkeys((project["pm"], advisor)):
        person = world.slack.person_by_email(email) if email else None
        if person and person.is_staff:
            key = f"advisor:{picture.key}:{what}:{picture.today}:{person.id}"
            world.slack.post_once(key, world.slack.direct(person.id), words, wall.internal(), project=picture.key)


def _url(picture: Picture) -> str:
    return picture.url("plan", "milestones", 1)
