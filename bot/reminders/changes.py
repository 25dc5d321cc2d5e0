"""What an answer to a reminder changes in its row: pure, the deciding cell first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.project.rows import Row
from bot.project.words import (
    OPEN_ISSUE,
    OPEN_PREREQUISITE,
    OPEN_RISK,
    OPEN_WORK,
    PrerequisiteStatus,
    SlipCause,
    WorkStatus,
)
from bot.world.sheets import Change

OPEN: Mapping[str, frozenset[Any]] = {
    "milestones": frozenset(OPEN_WORK),
    "tasks": frozenset(OPEN_WORK),
    "prerequisites": frozenset(OPEN_PREREQUISITE),
    "risks": frozenset(OPEN_RISK),
    "issues": frozenset(OPEN_ISSUE),
}
DATED = {"milestones": "forecast", "tasks": "due", "prerequisites": "due"}


def closed(tab: str, row: Row[Any]) -> str:
    """The status of a row that is not open any more, else ""; a blank status is open."""
    status = row.record.status
    return "" if status is None or status in OPEN[tab] else str(status)


def of(what: str, tab: str, row: Row[Any], given: Mapping[str, str], today: date) -> list[Change]:
    """The cells that an answer writes, each with what was last seen there; the first one decides about the others."""
    wanted = {"done": _done, "date": _date, "blocked": _blocked, "owner": _owner}[what](tab, row.record, given, today)
    return [
        Change(tab, row.id, column, new, getattr(row.record, column), by_person=True) for column, new in wanted.items()
    ]


def _done(tab: str, record: Any, given: Mapping[str, str], today: date) -> dict[str, Any]:
    if tab == "prerequisites":
        return {"status": PrerequisiteStatus.DONE}
    wanted: dict[str, Any] = {"status": WorkStatus.DONE}
    if tab == "milestones":
        wanted |= {"actual": today} if record.status in OPEN_WORK else {}
        wanted |= {"evidence": given["evidence"]} if given.get("evidence", record.evidence) != record.evidence else {}
    return wanted


def _date(tab: str, record: Any, given: Mapping[str, str], today: date) -> dict[str, Any]:
    del today
    wanted: dict[str, Any] = {DATED[tab]: date.fromisoformat(given["date"])}
    if tab == "milestones":
        wanted["slip_reason"] = SlipCause(given["cause"])
        wanted |= {"comment": _added(record.comment, given["words"])} if given.get("words") else {}
    return wanted


def _blocked(tab: str, record: Any, given: Mapping[str, str], today: date) -> dict[str, Any]:
    waiting = given.get("waiting_on", "")
    if tab == "milestones":
        reason = f"Blocked: {given['reason']}" + (f" (waiting on {waiting})" if waiting else "")
        return {"status": WorkStatus.BLOCKED, "comment": _added(record.comment, reason)}
    wanted: dict[str, Any] = {"status": WorkStatus.BLOCKED, "blocked_reason": given["reason"]}
    wanted |= {"waiting_on": waiting} if waiting else {}
    return wanted | ({} if record.waiting_since else {"waiting_since": today})


def _owner(tab: str, record: Any, given: Mapping[str, str], today: date) -> dict[str, Any]:
    del tab, record, today
    return {"owner": given["owner"]}


def _added(comment: str, words: str) -> str:
    """A person's comment stays, with more words after it."""
    return f"{comment} · {words}" if comment else words
