"""What is on an agenda, what a risk becomes, and how a message is read: tables without a workspace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.project.finding import Finding, Kind
from bot.project.model import Issue, Risk
from bot.project.slips import Slip
from bot.project.words import IssueStatus, RiskStatus, Severity, SlipCause
from bot.reviews import agenda, answer, views
from tests.pictures import MONDAY, picture

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("given", "is_due"),
    [
        ({"opened": MONDAY - 7 * DAY, "probability": 5, "impact": 5}, True),  # high: every seven days
        ({"opened": MONDAY, "probability": 5, "impact": 5}, False),  # next Monday, on its agenda
        ({"opened": MONDAY - 9 * DAY, "probability": 3, "impact": 3}, True),  # medium: on Friday of this week
        ({"opened": MONDAY - 9 * DAY, "probability": 1, "impact": 3}, False),
        ({"opened": MONDAY, "next_review": MONDAY + 2 * DAY}, True),
        ({"opened": MONDAY, "next_review": MONDAY + 7 * DAY}, False),
        ({"opened": MONDAY - 90 * DAY, "last_reviewed": MONDAY - DAY, "next_review": MONDAY - 9 * DAY}, False),
        ({}, True),  # never looked at, and no day to count from
        ({"status": None}, True),
        ({"status": RiskStatus.ACCEPTED}, False),
        ({"status": RiskStatus.CLOSED, "next_review": MONDAY}, False),
    ],
)
def test_risks_are_listed_in_the_week_of_their_review(given: dict[str, Any], is_due: bool) -> None:
    """Due before the next Monday, so that a review on a Monday is never late."""
    one = Risk(**{"id": "RK1", "risk": "Peril", "status": RiskStatus.OPEN, **given})

    assert agenda.is_due(one, MONDAY) is is_due


def test_the_agenda_is_ranked_by_score_and_age_and_empty_without_anything_open() -> None:
    """An issue ranks by its severity; rows without an ID have no address to write to."""
    risks = [Risk(id="RK1", risk="a", probability=4, impact=4, status=RiskStatus.OPEN)]
    risks.append(Risk(risk="no ID", probability=5, impact=5, status=RiskStatus.OPEN))
    issues = [
        Issue(id="I1", title="b", severity=Severity.HIGH, opened=MONDAY - DAY, status=IssueStatus.WAITING),
        Issue(id="I2", title="c", severity=Severity.CRITICAL, opened=MONDAY, status=IssueStatus.OPEN),
        Issue(id="I3", title="d", severity=Severity.HIGH, opened=MONDAY - 9 * DAY, status=IssueStatus.OPEN),
        Issue(id="I4", title="e", severity=Severity.CRITICAL, opened=MONDAY, status=IssueStatus.RESOLVED),
    ]

    assert [one.id for one in agenda.agenda(picture(risks=risks, issues=issues)).items] == ["I2", "I3", "I1", "RK1"]
    assert agenda.agenda(picture(issues=issues[3:])).is_empty


def test_only_slips_without_a_cause_are_asked_for_and_each_once() -> None:
    """What was pushed, what moved forward, what has a cause or was asked before is not."""
    on = date(2026, 11, 10)
    slip = Slip("M8", MONDAY, MONDAY + DAY, 1, on=on)
    others = [
        Slip("M9", MONDAY, MONDAY + DAY, 1, on=on, because=("M8",)),
        Slip("M10", MONDAY, MONDAY - DAY, -1, on=on),
        Slip("M11", MONDAY, MONDAY + DAY, 1, SlipCause.US, on=on),
        Slip("M13", MONDAY, MONDAY + DAY, 1, on=on, by="implbot"),
    ]

    assert agenda.agenda(picture(), [slip, *others]).causes == (slip,)
    assert agenda.agenda(picture(), [slip, *others], {slip.key}).is_empty


def a_check(check: str, subject: str, tab: str = "milestones", **more: Any) -> Finding:
    return Finding(
        project="R1", kind=Kind.FORECAST_LATE, subject=subject, title="", schema="standard_plan", tab=tab, number=4,
        address="Milestones!K4", check=check, severity="low", reason=f"{subject} is late.", clears="Mend it.",
        quiet_days=10, **more,
    )  # fmt: skip


def test_what_no_morning_speaks_of_is_named_by_check() -> None:
    """One finding in its own words, several counted with the first places; a morning's own are left to it."""
    late = [a_check("FORECAST-LATE", f"M{number}") for number in range(1, 6)]
    exit_ = replace(a_check("EXIT-EVIDENCE", "E1", tab="exit_criteria"), severity="medium")
    spoken = replace(a_check("MILESTONE-OVERDUE", "M9"), severity="medium")

    several, one = agenda.agenda(picture(), checks=[*late, exit_, spoken]).mends

    assert several.words == "The forecast of an open milestone is after its baseline (5)"
    assert [name for name, _ in several.places] == ["M1", "M2", "M3"]
    assert several.keys == tuple(finding.key for finding in late)
    assert (one.words, one.clears, len(one.places)) == ("E1 is late.", "Mend it.", 1)


@pytest.mark.parametrize(("weeks", "is_named"), [(0, False), (1, False), (2, True)])
def test_a_check_is_quiet_for_its_time(weeks: int, is_named: bool) -> None:
    """Ten working days after it was named it is named again, not before."""
    late = a_check("FORECAST-LATE", "M1")
    told = {late.key: MONDAY - timedelta(weeks=weeks)}

    assert bool(agenda.agenda(picture(), checks=[late], told=told).mends) is is_named


def test_what_is_internal_in_a_risk_stays_out_of_its_issue() -> None:
    """The trigger is not for the customer: no column of the issue holds it, whoever may see the row."""
    one = Risk(id="RK1", risk="Peril", trigger="They may not renew", probability=2, impact=2, customer_visible=True)

    issue = answer.as_issue(one, MONDAY, "https://sheet")

    assert "renew" not in str(issue)
    assert (issue.severity, issue.opened, issue.customer_visible) == (Severity.LOW, MONDAY, True)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("plain   words\nover lines", "plain words over lines"),
        ("<@U1> says &lt;b&gt; &amp; more", "@Ruth Osei says <b> & more"),
        ("see <https://x.example/a|the ticket> in <#C1|general> <!here>", "see the ticket in #general here"),
        ("<https://x.example/a>", "https://x.example/a"),
        ("", ""),
    ],
)
def test_a_message_is_read_as_people_read_it(sent: str, read: str) -> None:
    """Names for mentions, words for links, on one line."""
    assert views.readable(sent, lambda _user: "Ruth Osei") == read


def test_a_long_message_is_cut_at_a_word() -> None:
    """It fits the field, and says that there is more."""
    text = views.readable("word " * 300, str)

    assert len(text) <= views.LONGEST
    assert text.endswith("word …")
    assert len(views.readable("x" * 900, str)) <= views.LONGEST
