"""Carries out what a project manager answered about dates: written politely, recorded with name and reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.planning import messages, record
from bot.planning.record import Confirmed
from bot.project import baseline
from bot.project.baseline import Frozen, Move, TaskMove
from bot.project.model import Milestone, Task
from bot.project.picture import Picture
from bot.world import World, logbook
from bot.world.logbook import Line
from bot.world.sheets import Change, Outcome

Json = Any
Done = tuple[list[str], list[str], list[str]]
"""IDs that hold what was wanted, those that somebody changed meanwhile, and those whose cell was not found."""


# ---------------------------------------------------------------------- shifts


def shifts(world: World, body: Json, about: Json, answer: Json, by: str) -> str:
    """Move the proposed dates, or leave them alone until something changes."""
    picture = world.picture(body["project"])
    if answer["do"] == "leave" or picture is None:
        record.leave(world, body["project"], about["keys"])
        return messages.LEFT
    wanted = [one for one in about["moves"] if not record.is_left(world, picture.key, one["key"])]
    tasks = [one for one in about["tasks"] if not record.is_left(world, picture.key, one["key"])]
    milestones_done = _forecasts(world, picture, wanted, by)
    tasks_done = _dues(world, picture, tasks, by)
    return _said(milestones_done, tasks_done)


def _forecasts(world: World, picture: Picture, wanted: Sequence[Json], by: str) -> Done:
    """Write the forecasts of the rows that are still as they were proposed for; the next look records them."""
    frozen = record.frozen(world, picture.key)
    rows = {m.id: m for m in baseline.signed(frozen, [row.record for row in picture.milestones])}
    changes, there, changed = _sorted(wanted, {key: m.due for key, m in rows.items()}, "milestones", "forecast")
    changes = [_seen(change, rows[change.row_id].forecast) for change in changes]
    because = {one["id"]: tuple(one["because"]) for one in wanted}
    name = _name(world, by)
    record.confirm(world, picture.key, {c.row_id: Confirmed(c.new, name, because[c.row_id]) for c in changes})
    outcomes = _written(world, picture, changes, by, "moved with what it waits for")
    record.forget_confirmed(world, picture.key, [one.change.row_id for one in outcomes if not one.done])
    return _sum(outcomes, there, changed)


def _dues(world: World, picture: Picture, wanted: Sequence[Json], by: str) -> Done:
    """Write the due days of tasks, then the starts of those whose due day moved."""
    rows = {row.id: row.record for row in picture.tasks}
    changes, there, changed = _sorted(wanted, {key: task.due for key, task in rows.items()}, "tasks", "due")
    outcomes = _written(world, picture, changes, by, "moved with what it waits for")
    moved = {one.change.row_id for one in outcomes if one.done}
    starts = {one["id"]: _day(one["start"]) for one in wanted if one["id"] in moved}
    _starts(world, picture, {key: rows[key] for key in starts}, starts, by)
    return _sum(outcomes, there, changed)


def _starts(world: World, picture: Picture, rows: dict[str, Task], starts: dict[str, date | None], by: str) -> None:
    changes = [
        Change("tasks", key, "start", starts[key], task.start, by_person=True)
        for key, task in rows.items()
        if starts[key] != task.start
    ]
    _written(world, picture, changes, by, "moved with its due day")


def _sorted(
    wanted: Sequence[Json], due: dict[str, date | None], tab: str, column: str
) -> tuple[list[Change], list[str], list[str]]:
    """What to write; the IDs that stand there already; those that are not as they were when it was proposed."""
    changes, there, changed = list[Change](), list[str](), list[str]()
    for one in wanted:
        key, now, to = one["id"], date.fromisoformat(one["now"]), date.fromisoformat(one["to"])
        if key in due and due[key] == to:
            there.append(key)
        elif key in due and due[key] == now:
            changes.append(Change(tab, key, column, to, now, by_person=True))
        else:
            changed.append(key)
    return changes, there, changed


def _seen(change: Change, seen: date | None) -> Change:
    """A forecast that is still blank was not seen with its due day."""
    return Change(change.tab, change.row_id, change.column, change.new, seen, by_person=True)


def _sum(outcomes: Sequence[Outcome], there: Sequence[str], changed: Sequence[str]) -> Done:
    done = [one.change.row_id for one in outcomes if one.done]
    met = [one.change.row_id for one in outcomes if one.result in ("person_won", "row_missing", "id_twice")]
    lost = [one.change.row_id for one in outcomes if one.result == "column_missing"]
    return [*there, *done], [*changed, *met], lost


def _said(milestones: Done, tasks: Done) -> str:
    moved = messages.counts(len(milestones[0]), len(tasks[0]))
    changed, lost = [*milestones[1], *tasks[1]], [*milestones[2], *tasks[2]]
    words = messages.MOVED.format(count=moved) if moved else ""
    words += messages.STAYED.format(ids=", ".join(changed)) if changed else ""
    words += messages.UNREACHED.format(ids=", ".join(lost)) if lost else ""
    return words.strip() or messages.LEFT


# ---------------------------------------------------------------------- counted anew


def recount(world: World, body: Json, about: Json, answer: Json, by: str) -> str:
    """Move the baselines that were shown, and the dates of open tasks with them, or leave them."""
    picture, days = world.picture(body["project"]), {key: _known(day) for key, day in about["days"].items()}
    if answer["do"] == "leave" or picture is None:
        record.keep_counted(world, body["project"], days, about["kickoff"])
        return messages.LEFT
    rows = {row.id: row.record for row in picture.milestones}
    moves = [Move(rows[one["id"]], _day(one["was"]), _day(one["now"])) for one in about["moves"] if one["id"] in rows]
    missing = [one["id"] for one in about["moves"] if one["id"] not in rows]
    outcomes = _baselines(world, picture, moves, by, f"counted from the kickoff on {about['kickoff']}")
    done = [move for move, outcome in zip(moves, outcomes, strict=True) if outcome.done]
    name = _name(world, by)
    named = {move.milestone.id: name for move in done}
    record.tell(world, picture, "Baseline", done, reason="counted anew", by=named)
    tasks = _move_tasks(world, picture, done, by)
    record.keep_counted(world, picture.key, days, about["kickoff"])
    return _said(_sum(outcomes, [], missing), (tasks, [], []))


def _move_tasks(world: World, picture: Picture, moves: Sequence[Move], by: str) -> list[str]:
    """Open tasks keep their place before their milestone; gives the IDs of those that moved."""
    moved = baseline.recounted_tasks([row.record for row in picture.tasks], moves, picture.calendar)
    outcomes = _written(world, picture, [_due(one) for one in moved], by, "moved with its milestone")
    done = {outcome.change.row_id for outcome in outcomes if outcome.done}
    _starts(
        world,
        picture,
        {one.task.id: one.task for one in moved if one.task.id in done},
        {one.task.id: one.start for one in moved},
        by,
    )
    return sorted(done)


def _due(move: TaskMove) -> Change:
    return Change("tasks", move.task.id, "due", move.due, move.task.due, by_person=True)


# ---------------------------------------------------------------------- sign-off and baseline


def sign_off(world: World, body: Json, about: Json, answer: Json, by: str) -> str:
    """Write the acknowledgement beside the sign-off: the next look freezes the baseline. Or wait."""
    picture = world.picture(body["project"])
    if answer["do"] == "leave" or picture is None:
        record.leave(world, body["project"], about["keys"])
        return messages.NOT_SIGNED
    change = Change("milestones", about["id"], "evidence", answer["reason"], "", by_person=True)
    outcome = _written(world, picture, [change], by, "signed off")[0]
    if not outcome.done:
        return messages.CHANGED_MEANWHILE
    world.store.remember(f"signed:{picture.key}", by)
    return messages.IS_SIGNED.format(reason=answer["reason"])


def re_baseline(world: World, body: Json, about: Json, answer: Json, by: str) -> str:
    """Take a changed baseline as the new one, with name and reason, or put the signed-off day back."""
    picture, frozen = world.picture(body["project"]), record.frozen(world, body["project"])
    if picture is None or frozen is None:
        return messages.NOT_THERE
    row = next((row.record for row in picture.plan.get("milestones", ()) if row.id == about["id"]), None)
    was, now = _day(about["was"]), _day(about["now"])
    if row is not None and row.baseline != now:
        return messages.CHANGED_MEANWHILE
    if answer["do"] == "back":
        return _put_back(world, picture, row, was, by)
    _take(world, picture, frozen, Move(row or Milestone(id=about["id"]), was, now), answer["reason"], by)
    return messages.IS_NEW_BASELINE.format(reason=answer["reason"])


def _put_back(world: World, picture: Picture, row: Milestone | None, was: date | None, by: str) -> str:
    if row is None:
        return messages.NOT_THERE
    outcome = _baselines(world, picture, [Move(row, row.baseline, was)], by, "the signed-off day")[0]
    return messages.IS_BACK if outcome.done else messages.CHANGED_MEANWHILE


def _take(world: World, picture: Picture, frozen: Frozen, move: Move, reason: str, by: str) -> None:
    """The new baseline counts from now on; Change log, Bot log and audit keep who took it and why."""
    key, name = move.milestone.id, _name(world, by)
    tasks = [row.record for row in picture.plan.get("tasks", ())]
    record.tell(world, picture, "Baseline", [move], reason=reason, by={key: name})
    since = world.clock.now().isoformat(timespec="seconds")
    record.freeze(world, picture.key, baseline.re_baselined(frozen, key, move.now, tasks, since, name))
    line = Line(f"Milestones {key} · Baseline", messages.day(move.was), messages.day(move.now), reason)
    logbook.say(world, picture.key, messages.RE_BASELINED, [line], actor=by)


# ---------------------------------------------------------------------- writing


def _baselines(world: World, picture: Picture, moves: Sequence[Move], by: str, reason: str) -> list[Outcome]:
    changes = [Change("milestones", m.milestone.id, "baseline", m.now, m.was, by_person=True) for m in moves]
    return _written(world, picture, changes, by, reason)


def _written(world: World, picture: Picture, changes: Sequence[Change], by: str, reason: str) -> list[Outcome]:
    """Write some cells in one batch; what a person changed meanwhile stays."""
    return logbook.write(world, picture.key, "plan", changes, actor=by, reason=reason) if changes else []


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _known(text: str) -> date:
    return date.fromisoformat(text)


def _name(world: World, user_id: str) -> str:
    person = world.slack.person(user_id)
    return person.name if person else ""
