"""Risks and issues: high ones without live mitigation, those past their review, and issues that grow old."""

from __future__ import annotations

from collections.abc import Iterator

from bot.project import risk
from bot.project.finding import Finding, Kind, Watched, about_row, day
from bot.project.ladder import reached
from bot.project.model import Issue, Risk
from bot.project.rows import Row


def found(watched: Watched) -> Iterator[Finding]:
    """Everything this family finds."""
    for row in watched.risks:
        yield from _unmitigated(watched, row)
        yield from _stale(watched, row)
    for issue in watched.issues:
        yield from _old(watched, issue)


def _unmitigated(watched: Watched, row: Row[Risk]) -> Iterator[Finding]:
    item, points = row.record, risk.score(row.record)
    lacking = risk.lacking_mitigation(item, watched.today)
    if lacking:
        column = "mitigation" if not item.mitigation else "owner" if not item.owner else "mitigation_due"
        reason = f"{row.id} scores {points}, which is high: {', '.join(lacking)}."
        yield about_row(
            watched, "RISK-UNMITIGATED", Kind.UNMITIGATED_RISK, "risks", row, item.risk, column, reason,
            since=item.opened, facts=(f"score {points}", *lacking),
        )  # fmt: skip


def _stale(watched: Watched, row: Row[Risk]) -> Iterator[Finding]:
    item, today, due = row.record, watched.today, risk.review_due(row.record)
    if due is None or not risk.is_past_review(item, today) or (today - due).days <= watched.days("RISK-STALE"):
        return
    points, days = risk.score(item), watched.calendar.between(due, today)
    last = f"last reviewed on {day(item.last_reviewed)}" if item.last_reviewed else "never reviewed"
    yield about_row(
        watched, "RISK-STALE", Kind.PAST_REVIEW, "risks", row, item.risk, "next_review",
        f"The review of {row.id} was due on {day(due)}; it was {last}.",
        due=due, since=due, days=days, facts=(f"score {points}",) if points else (),
        rung=reached(days, watched.lead_days),
    )  # fmt: skip


def _old(watched: Watched, row: Row[Issue]) -> Iterator[Finding]:
    item = row.record
    age = risk.days_open(item, watched.today)
    if item.opened is None or age is None or not risk.is_issue_open(item) or age <= watched.days("ISSUE-OLD"):
        return
    facts = tuple(text for text in (f"open {age} days", item.next_action) if text)
    reason = f"{row.id} has been open for {age} days, since {day(item.opened)}."
    yield about_row(
        watched, "ISSUE-OLD", Kind.ISSUE_OLD, "issues", row, item.title, "status", reason,
        since=item.opened, days=watched.calendar.between(item.opened, watched.today), facts=facts,
    )  # fmt: skip
