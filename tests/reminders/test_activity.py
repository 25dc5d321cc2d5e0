"""What counts as something that a person did in a row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.project.model import Issue, Milestone, Risk, Task
from bot.project.words import RiskStatus, WorkStatus
from bot.reminders.activity import changed
from tests.pictures import MONDAY, picture

RECORDS: dict[str, Any] = {
    "milestones": Milestone(id="M1", milestone="One", baseline=MONDAY, status=WorkStatus.IN_PROGRESS),
    "tasks": Task(id="T1", task="One", due=MONDAY, status=WorkStatus.IN_PROGRESS),
    "risks": Risk(id="RK1", risk="One", status=RiskStatus.OPEN),
    "issues": Issue(id="I1", title="One"),
}

EDITS = [
    ("milestones", {"forecast": date(2026, 12, 1)}, True),
    ("milestones", {"baseline": date(2026, 12, 1)}, True),
    ("milestones", {"status": WorkStatus.BLOCKED}, True),
    ("milestones", {"owner": "Lena"}, True),
    ("milestones", {"comment": "soon"}, True),
    ("milestones", {"last_nudge": MONDAY, "check": "overdue", "variance": 3}, False),
    ("milestones", {"milestone": "Another title", "evidence": "a mail"}, False),
    ("milestones", {"id": "M2"}, False),
    ("tasks", {"due": None}, True),
    ("tasks", {"blocked_reason": "no VPN"}, True),
    ("tasks", {"check": "overdue"}, False),
    ("risks", {"status": RiskStatus.MITIGATING}, True),
    ("risks", {"next_review": MONDAY}, True),
    ("risks", {"last_reviewed": MONDAY, "score": 20}, False),
    ("issues", {"next_action": "call them"}, True),
]


@pytest.mark.parametrize(("tab", "edit", "counts"), EDITS)
def test_an_edit_that_resets_the_ladder(tab: str, edit: dict[str, Any], counts: bool) -> None:
    """Date, status, owner, blocked reason and comment count; the bot's columns, other words and new rows do not."""
    before = picture(**{tab: [RECORDS[tab]]})
    after = picture(**{tab: [replace(RECORDS[tab], **edit)]})

    assert changed(before, after) == ([(tab, RECORDS[tab].id, next(iter(edit)))] if counts else [])
