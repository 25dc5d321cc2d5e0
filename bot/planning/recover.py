"""What the sheets still tell of a project's dates to a bot that lost its memory: sign-off, forecasts, slips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.planning import messages, record
from bot.project import baseline
from bot.project.baseline import Move, slipped
from bot.project.model import ChangeLine, LogLine, Milestone
from bot.project.picture import Picture
from bot.world import World

Json = Any

FORECAST = " · Forecast"


def recover(world: World, key: str, log: Sequence[LogLine]) -> None:
    """Remember a project's dates as its plan, its Change log and its Bot log tell them; known ones stay as they are.

    The baselines are those that stand in the plan: an edit that nobody confirmed before the loss counts as confirmed.
    """
    picture = world.picture(key)
    if picture is None or record.forecasts(world, key) is not None:
        return
    milestones = {row.id: row.record for row in picture.plan.get("milestones", ())}
    changes: list[ChangeLine] = [row.record for row in picture.plan.get("change_log", ())]
    record.keep_forecasts(world, key, baseline.forecasts(list(milestones.values())))
    record.put_slips(world, key, [_slip(picture, milestones[key], line) for key, line in _moves(changes, milestones)])
    if since := _signed_off(log):
        tasks = [row.record for row in picture.plan.get("tasks", ())]
        by = next((line.changed_by for line in reversed(changes) if _is_baseline(line)), "")
        record.freeze(world, key, baseline.freeze(list(milestones.values()), tasks, since, by))


def _signed_off(log: Sequence[LogLine]) -> str:
    """When the baseline was frozen, or last taken anew; "" before sign-off."""
    lines = [line for line in log if line.object.startswith("Milestones") and line.object.endswith("· Baseline")]
    frozen = any(line.reason == messages.FROZEN for line in lines)
    return lines[-1].time if frozen else ""


def _is_baseline(line: ChangeLine) -> bool:
    return line.subject == "Baseline" or line.subject.endswith(" · Baseline")


def _moves(changes: Sequence[ChangeLine], milestones: Mapping[str, Milestone]) -> list[tuple[str, ChangeLine]]:
    told = [(line.subject.partition(" ")[0], line) for line in changes if line.subject.endswith(FORECAST)]
    return [(key, line) for key, line in told if key in milestones]


def _slip(picture: Picture, milestone: Milestone, line: ChangeLine) -> Json:
    move = Move(milestone, _day(line.old), _day(line.new))
    return {
        "milestone": milestone.id,
        "from": line.old,
        "to": line.new,
        "days": slipped(move, picture.calendar),
        "cause": line.reason,
        "on": line.date.isoformat() if line.date else "",
        "by": line.changed_by,
        "because": [],
        "waits": [],
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
