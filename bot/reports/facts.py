"""What a monthly report says: pure facts from the project's picture now and at the last report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from bot.project import dates, overdue, risk, slips
from bot.project.picture import Picture
from bot.project.slips import Ledger
from bot.project.words import OPEN_ISSUE, OPEN_WORK, NoteKind, Rag, Side, WorkStatus

NEXT = timedelta(days=30)
TOP_RISKS, ASKS = 5, 3

Facts = dict[str, Any]

_NO_LEDGER = Ledger()


def facts(now: Picture, before: Picture | None, company: str, pm: str, ledger: Ledger = _NO_LEDGER) -> Facts:
    """Everything the prose of the report needs; every item carries the address of the row it came from.

    *ledger* is what is kept of the project's slips, and of what waited for its customer.
    """
    milestones = [row.record for row in now.milestones]
    return {
        "customer": now.customer,
        "period": f"{now.today:%B %Y}",
        "company": company,
        "pm": pm,
        "edition": "internal",
        "baseline_end": dates.baseline_end(milestones),
        "forecast_end": dates.forecast_end(milestones),
        "day": _elapsed(now),
        "rag": _rag(now, before),
        "asks": _asks(now),
        "changes": _changes(now, before),
        "achieved": _achieved(now, before),
        "milestones": [_milestone(now, before, row) for row in now.milestones],
        "next": _next(now),
        "risks": _risks(now),
        "issues": _issues(now),
        "scope": _scope(now, before),
        "exit": _exit(now),
        "figures": [*_figures(now), *_times(now, ledger)],
        "internal": _internal(now),
    }


def _rag(now: Picture, before: Picture | None) -> Facts:
    overall = now.overview.declared_rag or now.rating.rag
    trend = ""
    if before is not None:
        order = list(Rag)
        step = order.index(now.rating.rag) - order.index(before.rating.rag)
        trend = "steady" if step == 0 else "worse" if step > 0 else "better"
    reason = now.overview.declared_rag_reason or "; ".join(now.rating.reasons)
    if now.overview.declared_rag and now.overview.declared_rag is not now.rating.rag:
        reason = f"{reason} (computed: {now.rating.rag})".strip()
    unrated = dict.fromkeys(("scope", "resources", "quality"), "")
    return {"overall": overall, "schedule": now.schedule_rag, **unrated, "trend": trend, "reason": reason}


def _asks(now: Picture) -> list[Facts]:
    """What blocks us and whom we wait for, soonest first."""
    blocked = [row for row in now.tasks if row.record.status is WorkStatus.BLOCKED]
    found = [
        {
            "text": row.record.blocked_reason or row.record.task,
            "owner": row.record.waiting_on or row.record.owner,
            "due": row.record.due,
            "url": now.url("plan", "tasks", row.number),
        }
        for row in blocked
    ]
    return sorted(found, key=lambda ask: ask["due"] or date.max)[:ASKS]


def _changes(now: Picture, before: Picture | None) -> list[str]:
    """Forecast dates that moved since the last report, each with its reason."""
    if before is None:
        return []
    earlier = {row.id: row.record for row in before.milestones}
    moved = [(row.record, earlier[row.id]) for row in now.milestones if row.id and row.id in earlier]
    return [
        f"{new.id} {new.milestone}: {old.due:%-d %b} → {new.due:%-d %b}"
        + (f" ({new.slip_reason})" if new.slip_reason else "")
        for new, old in moved
        if new.due and old.due and new.due != old.due
    ]


def _achieved(now: Picture, before: Picture | None) -> list[Facts]:
    earlier = {row.id for row in before.milestones if row.record.status is WorkStatus.DONE} if before else set()
    return [
        {
            "id": row.id,
            "title": row.record.milestone,
            "on": row.record.actual,
            "url": now.url("plan", "milestones", row.number),
        }
        for row in now.milestones
        if row.record.status is WorkStatus.DONE and row.id not in earlier
    ]


def _milestone(now: Picture, before: Picture | None, row: Any) -> Facts:
    earlier = before.milestones if before and row.id else []
    last = next((old.record.due for old in earlier if old.id == row.id), None)
    return {
        "id": row.id,
        "title": row.record.milestone,
        "url": now.url("plan", "milestones", row.number),
        "plan": row.record.baseline,
        "last": last,
        "now": row.record.due,
        "actual": row.record.actual,
        "status": row.record.status or "",
    }


def _next(now: Picture) -> list[tuple[str, list[Facts]]]:
    """Open milestones of the next thirty days by side, overdue ones first."""
    sides: list[tuple[str, list[Facts]]] = []
    for side in Side:
        items: list[Facts] = [
            {
                "title": row.record.milestone,
                "owner": row.record.owner,
                "due": row.record.due,
                "url": now.url("plan", "milestones", row.number),
            }
            for row in now.milestones
            if (row.record.side or Side.US) is side
            and row.record.status in OPEN_WORK
            and row.record.due
            and row.record.due <= now.today + NEXT
        ]
        if items:
            sides.append((str(side), sorted(items, key=lambda item: item["due"])))
    return sides


def _risks(now: Picture) -> list[Facts]:
    numbers = {row.id: row.number for row in now.risks}
    return [
        {
            "id": one.id,
            "title": one.risk,
            "score": risk.score(one) or "",
            "response": one.response or "",
            "mitigation": one.mitigation,
            "owner": one.owner,
            "review": risk.review_due(one),
            "url": now.url("playbook", "risks", numbers[one.id]),
        }
        for one in risk.top([row.record for row in now.risks], TOP_RISKS)
    ]


def _issues(now: Picture) -> list[Facts]:
    return [
        {
            "id": row.id,
            "title": row.record.title,
            "severity": row.record.severity or "",
            "owner": row.record.owner,
            "next_action": row.record.next_action,
            "due": row.record.due,
            "url": now.url("playbook", "issues", row.number),
        }
        for row in now.issues
        if row.record.status in OPEN_ISSUE
    ]


def _scope(now: Picture, before: Picture | None) -> list[Facts]:
    known = {row.id for row in before.playbook.get("decisions", ())} if before else set()
    return [
        {
            "date": row.record.date,
            "decision": row.record.decision,
            "impact_days": row.record.impact_days,
            "decided_by": row.record.decided_by,
            "url": row.record.link,
        }
        for row in now.playbook.get("decisions", ())
        if row.id not in known
    ]


def _exit(now: Picture) -> Facts:
    met = [row for row in now.criteria if row.record.verified_on]
    waived = [row for row in now.criteria if not row.record.verified_on and row.record.waiver_by]
    rest = [row for row in now.criteria if row not in met and row not in waived]
    shown = [
        {
            "title": row.record.criterion,
            "owner": row.record.owner,
            "url": now.url("playbook", "exit_criteria", row.number),
        }
        for row in rest
    ]
    return {"met": len(met), "waived": len(waived), "total": len(now.criteria), "open": shown}


def _figures(now: Picture) -> list[Facts]:
    milestones = [row.record for row in now.milestones]
    finished = sum(one.status is WorkStatus.DONE for one in milestones)
    open_issues = sum(row.record.status in OPEN_ISSUE for row in now.issues)
    plan_url, issue_url = now.url("plan", "milestones", 1), now.url("playbook", "issues", 1)
    return [
        {"label": "Milestones done", "value": f"{finished} of {len(milestones)}", "url": plan_url},
        {"label": "Issues open", "value": open_issues, "url": issue_url},
        {"label": "Issues closed", "value": len(now.issues) - open_issues, "url": issue_url},
    ]


def _elapsed(now: Picture) -> int | None:
    """Working days since kickoff; None before it."""
    kickoff = now.overview.kickoff
    return now.calendar.between(kickoff, now.today) if kickoff and kickoff <= now.today else None


def _times(now: Picture, ledger: Ledger) -> list[Facts]:
    """Figures in working days: elapsed, waited for the customer, slip of the end, and what moved dates by cause."""
    milestones = [row.record for row in now.milestones]
    planned, expected = dates.baseline_end(milestones), dates.forecast_end(milestones)
    slip = overdue.slip(planned, expected, now.calendar)
    found = slips.sums(ledger.slips)
    parts = " · ".join(f"{part} {days}" for part, days in found.parts)
    plan_url, task_url = now.url("plan", "milestones", 1), now.url("plan", "tasks", 1)
    told: list[tuple[str, Any, str]] = [
        ("Elapsed working days", _elapsed(now), plan_url),
        ("Working days waited for the customer", slips.waited(ledger.waits, now.calendar, now.today), task_url),
        ("Slip of the end, working days", slip, plan_url),
        ("Dates moved by cause, working days", f"{parts} = {found.total}" if parts else None, plan_url),
    ]
    return [{"label": label, "value": value, "url": url} for label, value, url in told if value is not None]


def _internal(now: Picture) -> Facts:
    notes = [row.record for row in now.playbook.get("notes", ())]
    return {
        "expansion": _texts(notes, NoteKind.EXPANSION),
        "lessons": _texts(notes, NoteKind.LESSON),
        "staffing": [],
        "commercial": [],
    }


def _texts(notes: Sequence[Any], kind: NoteKind) -> list[str]:
    return [note.text for note in notes if note.kind is kind]
