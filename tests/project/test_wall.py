"""The wall: what a customer may see, and who may be given a file."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.project import schema, wall
from bot.project.model import ExitCriterion, Issue, Note, Project, Risk, Stakeholder
from bot.project.rows import Row
from bot.project.wall import Audience, FileKind, Shown
from bot.project.words import IssueStatus, MaySee, NoteKind, RequestType, RiskStatus, Side

BOOK = schema.load("playbook")
PROJECT = Project(key="R1", customer="Harborpine Logistics", request_id="R1", kind=RequestType.PRODUCTION)
SECRET = "expansion revenue 4 million"


def test_only_the_wall_makes_an_audience() -> None:
    """Neither a constructor nor a copy with other domains gives a customer audience."""
    made = wall.customer(PROJECT, ["harborpine.example"])

    with pytest.raises(TypeError, match="wall"):
        Audience("R1", frozenset({"harborpine.example"}), True)
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(made, domains=frozenset({"evil.example"}))
    with pytest.raises(TypeError, match="wall"):
        Shown("issues", "I1", {})
    assert made.is_customer
    assert wall.internal().is_internal


def test_a_customer_audience_needs_a_domain() -> None:
    """Without an allow-listed domain nothing can be addressed to a customer."""
    with pytest.raises(ValueError, match="no allowed"):
        wall.customer(PROJECT, ["*", ""])


def test_an_audience_admits_its_own() -> None:
    """A share reaches only people of the audience's domains; an internal one without domains nobody."""
    wall.customer(PROJECT, ["harborpine.example"]).admit("ruth.osei@harborpine.example")
    wall.internal(["fernhill.example"]).admit("ines.duarte@FERNHILL.example")

    for audience in (
        wall.internal(),
        wall.internal(["fernhill.example"]),
        wall.customer(PROJECT, ["quillstone.example"]),
    ):
        with pytest.raises(wall.NotAdmitted):
            audience.admit("ruth.osei@harborpine.example")


SHARES = [
    (FileKind.PLAYBOOK, "ines.duarte@fernhill.example", True),
    (FileKind.PLAYBOOK, "ruth.osei@harborpine.example", False),
    (FileKind.PLAN, "ruth.osei@harborpine.example", True),
    (FileKind.PLAN, "ruth.osei@sub.harborpine.example", False),
    (FileKind.PLAN, "ruth.osei@harborpine.example.evil.example", False),
    (FileKind.PLAN, "x@evil.example", False),
    (FileKind.FOLDER, "ruth.osei@harborpine.example", False),
    (FileKind.INTERNAL_REPORT, "ruth.osei@harborpine.example", False),
    (FileKind.CUSTOMER_REPORT, "Ruth.Osei@HARBORPINE.EXAMPLE", True),
    (FileKind.HANDOFF, "ruth.osei@harborpine.example", False),
    (FileKind.PLAN, "ines@fernhill.example@harborpine.example", False),
    (FileKind.PLAN, "Ruth <ruth.osei@harborpine.example>", False),
    (FileKind.PLAN, " ruth.osei@harborpine.example", False),
    (FileKind.PLAN, "ruth@harborpіne.example", False),
    (FileKind.PLAN, "", False),
]


@pytest.mark.parametrize(("kind", "email", "allowed"), SHARES)
def test_may_share(kind: FileKind, email: str, allowed: bool) -> None:
    """Colleagues may see every file, the customer's people plan and report, all others nothing; with a reason."""
    verdict = wall.may_share(kind, email, ["fernhill.example"], ["harborpine.example"])

    assert verdict.allowed is allowed
    assert verdict.reason


@given(st.text(max_size=40), st.sampled_from(FileKind))
def test_no_odd_address_gets_in(text: str, kind: FileKind) -> None:
    """Whatever text stands for an address: only one plain address of a listed domain, and only where it may go."""
    verdict = wall.may_share(kind, text + "@harborpine.example", ["fernhill.example"], ["harborpine.example"])

    assert not verdict.allowed or (kind in wall.CUSTOMER_FILES and "@" not in text and text.strip() == text)


def test_rows_leave_only_with_listed_columns() -> None:
    """Of a visible issue the listed columns leave; its kind, tracker link, resolution and every unticked row stay."""
    listed = [
        Row(
            "I1",
            2,
            Issue(
                id="I1", title="Slow", customer_visible=True, link=SECRET, resolution=SECRET, status=IssueStatus.OPEN
            ),
        ),
        Row("I2", 3, Issue(id="I2", title=SECRET, status=IssueStatus.OPEN)),
    ]
    shown = wall.project_rows(BOOK.tab("issues"), listed)

    assert [s.id for s in shown] == ["I1"]
    assert "link" not in shown[0].fields
    assert SECRET not in repr(shown)


def test_a_tab_without_listed_columns_shows_nothing() -> None:
    """Notes are internal for ever: not one of their rows leaves."""
    notes = [Row("N1", 2, Note(id="N1", kind=NoteKind.EXPANSION, text=SECRET))]

    assert wall.project_rows(BOOK.tab("notes"), notes) == []


def test_the_plans_projected_tabs() -> None:
    """The plan shows visible, open issues and risks, people marked for it, criteria without internal evidence."""
    risks = [
        Row(
            "RK1",
            2,
            Risk(
                id="RK1",
                risk="Late cluster",
                customer_visible=True,
                status=RiskStatus.OPEN,
                trigger=SECRET,
                probability=5,
            ),
        ),
        Row("RK2", 3, Risk(id="RK2", risk="Over", customer_visible=True, status=RiskStatus.CLOSED)),
        Row("RK3", 4, Risk(id="RK3", risk=SECRET, status=RiskStatus.OPEN)),
    ]
    issues = [Row("I1", 2, Issue(id="I1", title="Slow", customer_visible=True, status=IssueStatus.OPEN, due=None))]
    people = [
        Row(
            "S1", 2, Stakeholder(id="S1", name="Ruth Osei", side=Side.CUSTOMER, may_see=MaySee.CUSTOMER, backup=SECRET)
        ),
        Row("S2", 3, Stakeholder(id="S2", name="Daniel Reyes", may_see=MaySee.INTERNAL)),
        Row("S3", 4, Stakeholder(id="S3", name="Nobody knows")),
    ]
    criteria = [Row("X1", 2, ExitCriterion(id="X1", criterion="Live", evidence_link=SECRET, waiver_reason=SECRET))]

    shown: list[Any] = [*wall.plan_items(risks, issues), *wall.plan_stakeholders(people), *wall.plan_criteria(criteria)]
    assert [s.id for s in shown] == ["I1", "RK1", "S1", "X1"]
    assert SECRET not in repr(shown)


def test_what_is_about_money_is_never_listed() -> None:
    """Segment, opportunity, scores of the request, notes, discovery and settings have no customer column."""
    for name in ("notes", "discovery", "settings", "handoff", "decisions", "bot_log"):
        assert wall.allowed_columns(BOOK.tab(name)) == ()
    overview = wall.allowed_columns(BOOK.tab("overview"))
    assert not {"segment", "opportunity_link", "ae", "ce", "computed_rag_reason"} & set(overview)
    assert all(not wall.allowed_columns(tab) for tab in schema.load("backlog").tabs)


def test_a_playbook_tab_in_a_plan_is_a_leak() -> None:
    """A copied playbook tab in the customer's file is named before it is shared; an own tab of a person is not."""
    plan = schema.load("standard_plan")
    tabs = [(t.sheet_id, t.title) for t in plan.tabs]

    assert wall.leaks(plan, tabs) == ()
    assert wall.leaks(plan, [*tabs, (77, "Our notes"), (78, "Discovery"), (79, "risks ")]) == ("Discovery", "risks ")
    assert wall.leaks(BOOK, [(1001, "Overview")]) == ("Overview",)
