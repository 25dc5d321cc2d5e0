"""The Monday agenda and its forms as people get them, beside golden files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.project.model import Issue, Risk
from bot.project.slips import Slip
from bot.project.words import IssueStatus, RiskStatus, Severity
from bot.reviews import messages, views
from bot.reviews.agenda import Agenda, Mend, agenda
from tests import golden
from tests.pictures import LENA, MONDAY, TOM, picture

GOLDEN = Path(__file__).parent / "golden"
SHEET = "https://docs.google.com/spreadsheets/d/playbook/edit#gid=1004"
RISK = Risk(id="RK1", risk="Their security review may take until January", probability=4, impact=4,
            owner=TOM, status=RiskStatus.OPEN, opened=date(2026, 10, 26), mitigation="Ask for an interim")  # fmt: skip
ISSUE = Issue(id="I2", title="SAML log-in fails for contractors", severity=Severity.CRITICAL, owner=LENA,
              status=IssueStatus.OPEN, opened=date(2026, 11, 9), next_action="Ruth sends the metadata")  # fmt: skip
SLIP = Slip("M8", date(2026, 11, 20), date(2026, 11, 27), 5, on=date(2026, 11, 11))
MEND = Mend("Two tasks have no owner", "It ends when somebody is named.",
            (("T4", f"{SHEET}&range=A5"), ("T9", f"{SHEET}&range=A10")), ("a", "b"))  # fmt: skip
MEMO = {"ref": "R1|risks|RK1", "channel": "C1", "ts": "1.0"}


def body() -> dict[str, Any]:
    """A Monday with one of everything."""
    found = agenda(picture(MONDAY, risks=[RISK], issues=[ISSUE]), [SLIP])
    assert len(found.items) == 2
    whole = Agenda(found.items, 3, found.causes, (MEND,), 0)
    return dict(messages.body("R1", whole, SHEET, "U0PRIYA"))


BODY = body()
ANSWERS = {
    BODY["items"][0]["ref"]: "Next action: Lena calls their identity team, until 18 Nov · Lena Fischer",
    BODY["items"][1]["ref"]: "Rescored from 16 to 12 · Tom Brandt",
    BODY["causes"][0]["ref"]: "Cause: customer · Priya Nair",
}
SNAPSHOTS = {
    "line": golden.shown(messages.top(BODY, 0)),
    "line_answered": golden.shown(messages.top(BODY, 3)),
    "thread": golden.shown(messages.details(BODY, {})),
    "thread_answered": golden.shown(messages.details(BODY, ANSWERS)),
    "form_rescore": views.rescore(RISK, MEMO),
    "form_close": views.close(RISK, MEMO),
    "form_resolved": views.resolved(ISSUE, MEMO),
    "form_next_action": views.next_action(ISSUE, MEMO),
    "form_log_risk": views.log_form(MEMO, (), {"text": "Their firewall team is on leave until Christmas"}),
    "form_log_issue": views.log_form(MEMO, ("R1 Quillstone Bank", "R2 Tidewell"), {"kind": views.ISSUE}),
}


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_every_message_is_as_it_was_read_aloud(name: str) -> None:
    """A changed word or button shows here first."""
    golden.same(GOLDEN / f"{name}.json", SNAPSHOTS[name])
