"""What there is to ask about a project's dates, as values: sign-off, a plan counted anew, changed baselines, shifts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.planning import messages
from bot.project import baseline, dates, forecast
from bot.project.baseline import Frozen, Move
from bot.project.forecast import Shift, TaskShift
from bot.project.model import Milestone, Task
from bot.project.picture import Picture
from bot.project.words import Anchor, SizeClass
from bot.world.asking import Option, Question

Json = Any


@dataclass(frozen=True)
class Push:
    """What would move together: a milestone, if it does, and tasks of it. *key* is the same from look to look."""

    milestone: Milestone | None
    shift: Shift | None
    tasks: tuple[TaskShift, ...]

    @property
    def key(self) -> str:
        """What was answered to it counts until the milestone's dates, or the tasks' last day, are others."""
        if self.shift:
            return f"{self.shift.milestone.id}:{self.shift.now}:{self.shift.proposed}"
        return f"{self.milestone.id if self.milestone else ''}:tasks:{max(one.proposed for one in self.tasks)}"


# ---------------------------------------------------------------------- sign-off and baseline


def sign_off(milestones: Sequence[Milestone]) -> list[Question]:
    """A sign-off that is said to be done, but not by whom."""
    gate = baseline.lacks_acknowledgement(milestones)
    if gate is None:
        return []
    key = f"signoff:{gate.id}:{gate.actual or ''}"
    signed = Option(messages.FREEZE, {"do": "freeze"}, asks=messages.WHO)
    words = messages.NO_EVIDENCE.format(id=messages.named(gate))
    buttons = (signed, Option(messages.NOT_YET, {"do": "leave"}))
    return [Question(key=key, words=words, about={"id": gate.id, "keys": [key]}, buttons=buttons)]


def baselines(frozen: Frozen, milestones: Sequence[Milestone], ids: Sequence[str]) -> list[Question]:
    """Baselines that differ from the signed-off ones; *ids* are those of all rows, read or not."""
    return [
        *(_baseline(move) for move in baseline.changed(frozen, milestones)),
        *(_gone(move) for move in baseline.gone(frozen, ids)),
    ]


def _baseline(move: Move) -> Question:
    words = messages.BASELINE_MOVED.format(
        id=messages.named(move.milestone), was=messages.day(move.was), now=messages.day(move.now)
    )
    about = _about_baseline(move)
    accept = Option(messages.RE_BASELINE, {"do": "accept"}, asks=messages.WHY)
    buttons = (accept, Option(messages.PUT_BACK, {"do": "back"}))
    return Question(key=f"{about['id']}:{about['was']}:{about['now']}", words=words, about=about, buttons=buttons)


def _gone(move: Move) -> Question:
    words = messages.BASELINE_GONE.format(id=move.milestone.id, was=messages.day(move.was))
    about = _about_baseline(move)
    accept = Option(messages.RE_BASELINE, {"do": "accept"}, asks=messages.WHY)
    return Question(key=f"{about['id']}:{about['was']}:gone", words=words, about=about, buttons=(accept,))


def _about_baseline(move: Move) -> Json:
    was, now = move.was.isoformat() if move.was else "", move.now.isoformat() if move.now else ""
    return {"id": move.milestone.id, "was": was, "now": now}


# ---------------------------------------------------------------------- counted anew


def counted(picture: Picture, milestones: Sequence[Milestone]) -> dict[str, date]:
    """The baselines as they are counted from the kickoff in the playbook; none without one."""
    overview, summary = picture.overview, picture.plan.get("summary", ())
    if overview.kickoff is None:
        return {}
    return dates.milestone_dates(
        milestones,
        picture.calendar,
        kickoff=overview.kickoff,
        approval=overview.approved,
        completion=getattr(summary[0].record, "trial_end", None) if summary else None,
        size=overview.size_class or SizeClass.SMALL,
    )


def recount(
    picture: Picture, moves: Sequence[Move], tasks: Sequence[Task], days: Mapping[str, date], before: str | None
) -> list[Question]:
    """Until sign-off, what moves when the plan is counted anew; *before* is the kickoff it was counted from."""
    kickoff = picture.overview.kickoff
    if not moves or kickoff is None:
        return []
    movable = len(baseline.recounted_tasks(tasks, moves, picture.calendar))
    words = _recount_words(before, kickoff).format(
        now=messages.day(kickoff),
        was=messages.day(date.fromisoformat(before)) if before else "",
        count=messages.count(len(moves), "milestone"),
        tasks=f", and {messages.count(movable, 'open task')} with them" if movable else "",
    )
    shown = [_about_baseline(move) for move in moves]
    about = {
        "kickoff": kickoff.isoformat(),
        "moves": shown,
        "days": {key: day.isoformat() for key, day in days.items()},
    }
    buttons = (Option(messages.MOVE_THEM, {"do": "move"}), Option(messages.LEAVE_THEM, {"do": "leave"}))
    key = f"recount:{_digest([kickoff.isoformat(), *map(str, shown)])}"
    return [Question(key=key, words=words, about=about, buttons=buttons, lines=messages.lines(moves))]


def _recount_words(before: str | None, kickoff: date) -> str:
    if before is None:
        return messages.KICKOFF_SET
    return messages.COUNTED_ANEW if before == kickoff.isoformat() else messages.KICKOFF_MOVED


# ---------------------------------------------------------------------- shifts


def pushes(picture: Picture, milestones: Sequence[Milestone], frozen: Frozen | None) -> list[Push]:
    """What late milestones push, in the sheet's order, without the advisor's clock, which the bot keeps itself.

    *milestones* with the baselines that count; tasks move with their milestones once there is something signed off.
    """
    clock = {m.id for m in milestones if m.anchor is Anchor.TA_CLOCK}
    shifts = {s.milestone.id: s for s in forecast.shifts(milestones, picture.calendar) if s.milestone.id not in clock}
    tasks = [row.record for row in picture.plan.get("tasks", ())]
    moved = forecast.task_shifts(tasks, frozen.tasks, milestones, picture.calendar) if frozen else []
    known = {m.id for m in milestones if m.id}
    found = [
        Push(m, shifts.get(m.id), tuple(one for one in moved if one.task.milestone_id == m.id)) for m in milestones
    ]
    strays = Push(None, None, tuple(one for one in moved if one.task.milestone_id not in known))
    return [one for one in (*found, strays) if one.shift or one.tasks]


def shifts(found: Sequence[Push], several: str) -> list[Question]:
    """Each push on its own, and all at once, under the key *several*, where there is more than one."""
    return [*([_all(found, several)] if len(found) > 1 else ()), *(_shift(one) for one in found)]


def _shift(push: Push) -> Question:
    words = messages.shift(push.shift, push.tasks) if push.shift else messages.tasks_move(push.milestone, push.tasks)
    buttons = (Option(messages.MOVE, {"do": "move"}), Option(messages.LEAVE, {"do": "leave"}))
    lines = messages.task_lines(push.tasks)
    return Question(key=push.key, words=words, about=_about([push]), buttons=buttons, lines=lines)


def _all(found: Sequence[Push], key: str) -> Question:
    buttons = (Option(messages.MOVE_ALL, {"do": "move"}), Option(messages.LEAVE_ALL, {"do": "leave"}))
    count = messages.counts(sum(one.shift is not None for one in found), sum(len(one.tasks) for one in found))
    return Question(key=key, words=messages.ALL_SHIFTS.format(count=count), about=_about(found), buttons=buttons)


def several_key(found: Sequence[Push]) -> str:
    """A key for all of some pushes at once."""
    return f"all:{_digest([one.key for one in found])}"


def _about(found: Sequence[Push]) -> Json:
    moves = [
        {
            "key": push.key,
            "id": push.shift.milestone.id,
            "now": push.shift.now.isoformat(),
            "to": push.shift.proposed.isoformat(),
            "because": list(push.shift.pushed_by),
        }
        for push in found
        if push.shift
    ]
    tasks = [{"key": push.key, **_about_task(one)} for push in found for one in push.tasks]
    return {"keys": [one.key for one in found], "moves": moves, "tasks": tasks}


def _about_task(one: TaskShift) -> Json:
    start = one.start.isoformat() if one.start else ""
    return {"id": one.task.id, "now": one.now.isoformat(), "to": one.proposed.isoformat(), "start": start}


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]
