"""Risks and issues: score, level, review and age (rule: risks and issues)."""

from collections.abc import Iterable
from datetime import date, timedelta

from bot.project.model import Issue, Risk
from bot.project.words import OPEN_ISSUE, OPEN_RISK, IssueStatus, Level

REVIEW_EVERY = {Level.HIGH: timedelta(days=7), Level.MEDIUM: timedelta(days=14), Level.LOW: timedelta(days=30)}
OLD_AFTER = timedelta(days=21)
WAITING_AFTER = timedelta(days=14)


def score(risk: Risk) -> int | None:
    """Probability times impact, 1 to 25; None while either is unknown."""
    return risk.probability * risk.impact if risk.probability and risk.impact else None


def level_of(points: int) -> Level:
    """Low to 6, medium to 12, high from 15; 13 and 14 cannot come from two numbers to 5."""
    if points <= 6:
        return Level.LOW
    return Level.MEDIUM if points < 15 else Level.HIGH


def level(risk: Risk) -> Level | None:
    """The level of a risk's score; None while it has none."""
    points = score(risk)
    return level_of(points) if points is not None else None


def is_open(risk: Risk) -> bool:
    return risk.status in OPEN_RISK


def review_due(risk: Risk) -> date | None:
    """The next review a person set, unless reviewed since; else the rule's, from last reviewed, else opened."""
    if risk.next_review and not (risk.last_reviewed and risk.last_reviewed >= risk.next_review):
        return risk.next_review
    start = risk.last_reviewed or risk.opened
    return start + REVIEW_EVERY[level(risk) or Level.LOW] if start else None


def is_past_review(risk: Risk, today: date) -> bool:
    due = review_due(risk)
    return is_open(risk) and due is not None and due < today


def lacking_mitigation(risk: Risk, today: date) -> tuple[str, ...]:
    """Why a high, open risk has no live mitigation; empty for every other risk."""
    if not is_open(risk) or level(risk) is not Level.HIGH:
        return ()
    reasons = {
        "no mitigation": not risk.mitigation,
        "no owner": not risk.owner,
        "mitigation is past its date": risk.mitigation_due is not None and risk.mitigation_due < today,
    }
    return tuple(text for text, holds in reasons.items() if holds)


def top(risks: Iterable[Risk], count: int = 5) -> list[Risk]:
    """The open risks with the highest scores; unscored ones last, then by ID."""
    return sorted((r for r in risks if is_open(r)), key=lambda r: (-(score(r) or 0), r.id))[:count]


def is_issue_open(issue: Issue) -> bool:
    return issue.status in OPEN_ISSUE


def days_open(issue: Issue, today: date) -> int | None:
    """Calendar days since it was opened, up to the day it was closed."""
    if issue.opened is None:
        return None
    return max(((issue.closed if issue.closed and not is_issue_open(issue) else today) - issue.opened).days, 0)


def is_old(issue: Issue, today: date) -> bool:
    """Open for more than 21 days."""
    return is_issue_open(issue) and issue.opened is not None and today - issue.opened > OLD_AFTER


def waits_too_long(issue: Issue, since: date | None, today: date) -> bool:
    """Waiting for more than 14 days; *since* is the day the status became Waiting."""
    return issue.status is IssueStatus.WAITING and since is not None and today - since > WAITING_AFTER
