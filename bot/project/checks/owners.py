"""Owners: nobody named, a name that is nobody's, and somebody who is away, for what is open and comes near."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from bot.project import overdue, people, risk
from bot.project.checks.work import title_of
from bot.project.finding import Finding, Kind, Watched, about_row, day
from bot.project.rows import Row
from bot.project.words import OPEN_PREREQUISITE, Level


class _Open(NamedTuple):
    """An open row; *is_always_near* where no day says when it matters."""

    tab: str
    row: Row[Any]
    due: date | None
    is_always_near: bool = False


def found(watched: Watched) -> Iterator[Finding]:
    """Everything this family finds."""
    for one in _open(watched):
        if not one.row.record.owner.strip():
            yield from _missing(watched, one)
        elif email := people.email_of(one.row.record.owner, watched.stakeholders):
            yield from _away(watched, one, email)
        else:
            yield from _unknown(watched, one)


def _open(watched: Watched) -> Iterator[_Open]:
    work: dict[str, Sequence[Row[Any]]] = {"milestones": watched.milestones, "tasks": watched.tasks}
    for tab, rows in work.items():
        yield from (_Open(tab, row, row.record.due) for row in rows if overdue.is_open(row.record))
    asked: dict[str, Sequence[Row[Any]]] = {
        "prerequisites": watched.prerequisites,
        "internal_prerequisites": watched.internal_prerequisites,
    }
    for tab, listed in asked.items():
        yield from (_Open(tab, row, row.record.due) for row in listed if row.record.status in OPEN_PREREQUISITE)
    yield from (_Open("risks", row, None, True) for row in watched.risks if risk.is_open(row.record))
    yield from (_Open("issues", row, None, True) for row in watched.issues if risk.is_issue_open(row.record))


def _is_near(watched: Watched, one: _Open, check: str) -> bool:
    if one.due is None:
        return one.is_always_near
    return watched.calendar.between(watched.today, one.due) <= watched.days(check)


def _missing(watched: Watched, one: _Open) -> Iterator[Finding]:
    is_told = one.tab == "risks" and risk.level(one.row.record) is Level.HIGH  # as a risk without live mitigation
    if _is_near(watched, one, "OWNER-MISSING") and not is_told:
        when = f" and is due on {day(one.due)}" if one.due else ""
        yield _finding(watched, "OWNER-MISSING", Kind.NO_OWNER, one, f"{one.row.id} has no owner{when}.")


def _unknown(watched: Watched, one: _Open) -> Iterator[Finding]:
    cell = one.row.record.owner.strip()
    several = people.Names.of(watched.stakeholders).meant(cell)
    why = f"could be {' or '.join(several[:3])}." if len(several) > 1 else "is nobody in the Stakeholders tab."
    if len(several) == 1:
        why = f"is not a name in full; is {several[0]} meant?"
    reason = f"“{cell[:60]}”, the owner of {one.row.id}, {why}"
    yield _finding(watched, "OWNER-UNKNOWN", Kind.WHOSE, one, reason)


def _away(watched: Watched, one: _Open, email: str) -> Iterator[Finding]:
    if not _is_near(watched, one, "OWNER-AWAY"):
        return
    rows = people.listed(watched.stakeholders, email)
    away = next((person for person in rows if people.is_away(person, watched.today)), None)
    why = watched.known.absent.get(email, "")
    if away is not None:
        why = f"is away until {day(away.away_to)}" if away.away_to else "is away"
    if not why:
        return
    backup = next((person.backup for person in rows if person.backup.strip()), "")
    instead = f"{backup} hears of it instead" if backup else "there is no backup, so the project manager hears of it"
    reason = f"{one.row.record.owner.strip()}, the owner of {one.row.id}, {why}; {instead}."
    since = away.away_from if away else None
    yield _finding(watched, "OWNER-AWAY", Kind.AWAY, one, reason, since=since)


def _finding(watched: Watched, check: str, kind: Kind, one: _Open, reason: str, **more: Any) -> Finding:
    return about_row(watched, check, kind, one.tab, one.row, title_of(one.row.record), "owner", reason, **more)
