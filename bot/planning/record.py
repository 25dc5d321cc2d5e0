"""What is remembered of a project's dates: the frozen baseline, the forecasts last seen, slips, what was counted."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from bot.planning import messages
from bot.project import slips as slips_
from bot.project.baseline import Frozen, Move, slipped
from bot.project.model import ChangeLine
from bot.project.picture import Picture
from bot.world import World, logbook, slipbook
from bot.world.confirming import Confirmed, confirm, forget_confirmed, standing

__all__ = ["Confirmed", "confirm", "forget_confirmed"]

Json = Any

_TURN = threading.Lock()  # an answer may come while a look is going on


# ---------------------------------------------------------------------- the baseline


def frozen(world: World, project: str) -> Frozen | None:
    """What was signed off; None before sign-off."""
    kept = world.store.recall(f"baseline:{project}")
    if kept is None:
        return None
    return Frozen(_days(kept["milestones"]), _days(kept["tasks"]), kept["since"], kept["by"])


def freeze(world: World, project: str, days: Frozen) -> None:
    """From now on these are the baselines."""
    kept = {"milestones": _packed(days.milestones), "tasks": _packed(days.tasks), "since": days.since, "by": days.by}
    world.store.remember(f"baseline:{project}", kept)


# ---------------------------------------------------------------------- forecasts


def forecasts(world: World, project: str) -> dict[str, date | None] | None:
    """The forecasts as they were last seen; None before the first look."""
    kept = world.store.recall(f"forecasts:{project}")
    return None if kept is None else {key: date.fromisoformat(day) if day else None for key, day in kept.items()}


def keep_forecasts(world: World, project: str, days: Mapping[str, date | None]) -> None:
    """Remember the forecasts as they are now."""
    packed = {key: day.isoformat() if day else "" for key, day in days.items()}
    if packed != world.store.recall(f"forecasts:{project}"):
        world.store.remember(f"forecasts:{project}", packed)


def confirmed(world: World, project: str, moves: Iterable[Move]) -> dict[str, Confirmed]:
    """Those of some moves that somebody asked for, by milestone ID."""
    known = standing(world, project)
    asked = {move.milestone.id: known[move.milestone.id] for move in moves if _is_asked(known, move)}
    return {key: Confirmed(date.fromisoformat(c["to"]), c["by"], tuple(c["because"])) for key, c in asked.items()}


def _is_asked(known: Json, move: Move) -> bool:
    return move.now is not None and known.get(move.milestone.id, {}).get("to") == move.now.isoformat()


def slips(world: World, project: str) -> list[Json]:
    """Every forecast change, oldest first: milestone, from, to, days, cause, on, by, because, waits.

    *days* are working days, None where either date is unknown. *by* is "" where nobody confirmed it in Slack; *because*
    are the milestones that pushed this one, so that a sum over causes need not count a delay twice. *waits* tells who
    waited for whom then.
    """
    return slipbook.entries(world, project)


def keep_slips(world: World, picture: Picture, moves: Iterable[Move], asked: Mapping[str, Confirmed]) -> None:
    """Add forecast changes to the ledger; one that stands there as the latest of its milestone is not added again."""
    added = [_slip(picture, move, asked.get(move.milestone.id)) for move in moves]

    def with_them(known: list[Json]) -> list[Json]:
        latest = {entry["milestone"]: (entry["from"], entry["to"]) for entry in known}
        fresh = [entry for entry in added if latest.get(entry["milestone"]) != (entry["from"], entry["to"])]
        return [*known, *fresh]

    slipbook.change(world, picture.key, with_them)


def put_slips(world: World, project: str, entries: Sequence[Json]) -> None:
    """The ledger as it was read elsewhere, oldest first."""
    slipbook.change(world, project, lambda _known: list(entries))


def _slip(picture: Picture, move: Move, asked: Confirmed | None) -> Json:
    return {
        "milestone": move.milestone.id,
        "from": _text(move.was),
        "to": _text(move.now),
        "days": slipped(move, picture.calendar),
        "cause": str(move.milestone.slip_reason or ""),
        "on": picture.today.isoformat(),
        "by": asked.by if asked else "",
        "because": list(asked.because) if asked else [],
        "waits": slips_.who_waits(move.milestone.id, [row.record for row in picture.tasks]),
    }


def keep_causes(world: World, project: str, causes: Mapping[str, str]) -> None:
    """A reason given after the change belongs to the latest change of its milestone."""

    def told(known: list[Json]) -> list[Json]:
        latest = {entry["milestone"]: number for number, entry in enumerate(known)}
        named = {latest[key]: cause for key, cause in causes.items() if cause and key in latest}
        return [{**entry, "cause": named.get(number, entry["cause"])} for number, entry in enumerate(known)]

    slipbook.change(world, project, told)


def keep_waits(world: World, picture: Picture) -> None:
    """What waits for the customer as the sheets stand, and what waited before."""
    now = slips_.customer_waits(
        [row.record for row in picture.tasks],
        [row.record for row in picture.milestones],
        [row.record for row in picture.plan.get("prerequisites", ())],
        picture.stakeholders,
        picture.customer,
        picture.today,
    )
    before = slipbook.ledger(world, picture.key).waits
    slipbook.keep_waits(world, picture.key, slips_.followed(before, now, picture.today))


# ---------------------------------------------------------------------- the Change log


def tell(
    world: World,
    picture: Picture,
    column: str,
    moves: Sequence[Move],
    reason: str = "",
    by: Mapping[str, str] | None = None,
) -> None:
    """The plan's Change log says what moved; who is named, by milestone ID, only where somebody confirmed it in Slack.

    A line that stands there already is not added again, so that this may be repeated.
    """
    lines = [_line(picture, column, move, reason, (by or {}).get(move.milestone.id, "")) for move in moves]
    there = {row.record for row in picture.plan.get("change_log", ())}
    logbook.changed(world, picture.key, [line for line in lines if line not in there])


def _line(picture: Picture, column: str, move: Move, reason: str, by: str) -> ChangeLine:
    return ChangeLine(
        date=picture.today,
        subject=f"{messages.named(move.milestone)} · {column}",
        old=_text(move.was),
        new=_text(move.now),
        reason=reason or str(move.milestone.slip_reason or ""),
        changed_by=by,
    )


# ---------------------------------------------------------------------- what was counted, and what was left


def counted(world: World, project: str) -> tuple[dict[str, date], str] | None:
    """The baselines as they were counted last, by milestone ID, and from which kickoff (ISO); None before the first."""
    kept = world.store.recall(f"counted:{project}")
    return None if kept is None else (_days(kept["days"]), kept["kickoff"])


def keep_counted(world: World, project: str, days: Mapping[str, date], kickoff: str) -> None:
    """From now on what differs from these days is new."""
    world.store.remember(f"counted:{project}", {"days": _packed(days), "kickoff": kickoff})


def left(world: World, project: str, standing: Iterable[str]) -> set[str]:
    """Those proposals of the *standing* ones that a person wants left alone; the others' answers are forgotten."""
    with _TURN:
        known = set(world.store.recall(f"left:{project}") or ())
        still = known & set(standing)
        if still != known:
            world.store.remember(f"left:{project}", sorted(still))
        return still


def is_left(world: World, project: str, key: str) -> bool:
    """True when a person wants this proposal left alone."""
    return key in (world.store.recall(f"left:{project}") or ())


def leave(world: World, project: str, keys: Iterable[str]) -> None:
    """Do not propose these again, until something about them changes."""
    with _TURN:
        known = set(world.store.recall(f"left:{project}") or ())
        world.store.remember(f"left:{project}", sorted(known | set(keys)))


def several(world: World, project: str, keys: Sequence[str], fresh: str) -> str:
    """The key under which all of some proposals are asked at once: the one asked last, while nothing is new to it."""
    kept = world.store.recall(f"several:{project}")
    if kept is not None and set(keys) <= set(kept["of"]):
        return str(kept["key"])
    world.store.remember(f"several:{project}", {"key": fresh, "of": list(keys)})
    return fresh


def _days(kept: Mapping[str, str]) -> dict[str, date]:
    return {key: date.fromisoformat(day) for key, day in kept.items()}


def _packed(days: Mapping[str, date]) -> dict[str, str]:
    return {key: day.isoformat() for key, day in days.items()}


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
