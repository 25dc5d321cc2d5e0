"""What an answer writes: cells of the row, the deciding one first, and never over a comment."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.project.model import Milestone, Prerequisite, Risk, Task
from bot.project.rows import Row
from bot.project.words import PrerequisiteStatus, RiskStatus, SlipCause, WorkStatus
from bot.reminders import changes, views

TODAY = date(2026, 11, 16)
LATER = {"date": "2026-11-30", "cause": "Customer"}
DONE, BLOCKED = WorkStatus.DONE, WorkStatus.BLOCKED
OPEN = Milestone(id="M1", status=WorkStatus.IN_PROGRESS, comment="Two answers missing", evidence="Checklist")
TASK = Task(id="T1", status=WorkStatus.IN_PROGRESS)
WAITING = Task(id="T1", status=BLOCKED, waiting_since=date(2026, 11, 2))
NEEDED = Prerequisite(id="P1", status=PrerequisiteStatus.OPEN)

WRITES = [
    ("done", "milestones", OPEN, {}, [("status", DONE), ("actual", TODAY)]),
    ("done", "milestones", OPEN, {"evidence": "Checklist"}, [("status", DONE), ("actual", TODAY)]),
    ("done", "milestones", OPEN, {"evidence": "Mail"}, [("status", DONE), ("actual", TODAY), ("evidence", "Mail")]),
    ("done", "milestones", Milestone(id="M1", status=DONE), {}, [("status", DONE)]),
    ("done", "tasks", TASK, {}, [("status", DONE)]),
    ("done", "prerequisites", NEEDED, {}, [("status", PrerequisiteStatus.DONE)]),
    ("date", "milestones", OPEN, LATER, [("forecast", date(2026, 11, 30)), ("slip_reason", SlipCause.CUSTOMER)]),
    (
        "date", "milestones", OPEN, {**LATER, "words": "no VPN"},
        [("forecast", date(2026, 11, 30)), ("slip_reason", SlipCause.CUSTOMER),
         ("comment", "Two answers missing · no VPN")],
    ),
    ("date", "tasks", TASK, LATER, [("due", date(2026, 11, 30))]),
    ("date", "prerequisites", NEEDED, LATER, [("due", date(2026, 11, 30))]),
    (
        "blocked", "milestones", OPEN, {"reason": "no VPN", "waiting_on": "Ruth"},
        [("status", BLOCKED), ("comment", "Two answers missing · Blocked: no VPN (waiting on Ruth)")],
    ),
    (
        "blocked", "tasks", TASK, {"reason": "no VPN", "waiting_on": "Ruth"},
        [("status", BLOCKED), ("blocked_reason", "no VPN"), ("waiting_on", "Ruth"), ("waiting_since", TODAY)],
    ),
    ("blocked", "tasks", WAITING, {"reason": "no VPN"}, [("status", BLOCKED), ("blocked_reason", "no VPN")]),
    ("owner", "tasks", TASK, {"owner": "Tom Brandt"}, [("owner", "Tom Brandt")]),
    ("owner", "risks", Risk(id="RK1"), {"owner": "Tom Brandt"}, [("owner", "Tom Brandt")]),
]  # fmt: skip


@pytest.mark.parametrize(("what", "tab", "record", "given", "wanted"), WRITES)
def test_what_an_answer_writes(
    what: str, tab: str, record: Any, given: dict[str, str], wanted: list[tuple[str, Any]]
) -> None:
    """Each cell with what was last seen there, as a person asked for it."""
    found = changes.of(what, tab, Row(record.id, 5, record), given, TODAY)

    assert [(one.column, one.new) for one in found] == wanted
    assert all(one.by_person and one.seen == getattr(record, one.column) for one in found)


@pytest.mark.parametrize(
    ("tab", "record", "status"),
    [
        ("milestones", OPEN, ""),
        ("milestones", Milestone(), ""),
        ("tasks", WAITING, ""),
        ("tasks", Task(status=DONE), "Done"),
        ("tasks", Task(status=WorkStatus.NOT_APPLICABLE), "N/A"),
        ("prerequisites", Prerequisite(status=PrerequisiteStatus.NOT_NEEDED), "Not needed"),
        ("risks", Risk(status=RiskStatus.CLOSED), "Closed"),
    ],
)
def test_a_row_that_is_over(tab: str, record: Any, status: str) -> None:
    """There is nothing to snooze, move or block in a row that is done; a blank status is open."""
    assert changes.closed(tab, Row("X", 5, record)) == status


ERRORS = [
    ("done", {"evidence": " "}, {"evidence"}),
    ("done", {"evidence": "a mail"}, set()),
    ("date", {}, {"date"}),
    ("date", {"date": "2026-11-15", "cause": "Us"}, {"date"}),
    ("date", {"date": "2026-11-16", "cause": ""}, {"cause"}),
    ("date", {"date": "2026-11-16", "cause": "Third party"}, set()),
    ("blocked", {"reason": ""}, {"reason"}),
    ("snooze", {"reason": "  "}, {"reason"}),
    ("owner", {"person": ""}, {"person"}),
    ("owner", {"person": "U1"}, set()),
]


@pytest.mark.parametrize(("what", "values", "fields"), ERRORS)
def test_what_is_missing_is_said_beside_its_field(what: str, values: dict[str, str], fields: set[str]) -> None:
    """No date in the past, no move without a cause, no second snooze without a reason."""
    assert set(views.errors(what, values, TODAY)) == fields
