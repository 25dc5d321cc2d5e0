"""The triage card: what a lead sees of a request and of what is around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.project.model import Lesson, PortfolioLine, Request
from bot.project.priority import CRITERIA, OPEN
from bot.project.words import RequestStatus, RequestType
from bot.triage import messages
from bot.triage.card import (
    ASK,
    DECLINE,
    DEFER,
    PUT_BACK,
    SELECT,
    Around,
    load_lines,
    message,
    missing_approval,
    similar,
)
from bot.world.blocks import Message

TODAY = date(2026, 11, 16)
BARE = Around("https://docs.google.com/x")
ASKED = Request(
    id="R7",
    customer="Quillstone Bank",
    request_type=RequestType.PRODUCTION,
    opportunity_link="https://crm.fernhill.example/o/1",
    status=RequestStatus.NEW,
)


def pressed(card: Message) -> list[str]:
    return [e["action_id"] for b in card.blocks if b["type"] == "actions" for e in b["elements"]]


@pytest.mark.parametrize(
    ("kind", "approvals", "words"),
    [
        (RequestType.PRODUCTION, {}, ""),
        (RequestType.TRIAL, {}, "CE lead"),
        (RequestType.TRIAL, {"U1": ["CE"]}, "Sales lead"),
        (RequestType.TRIAL, {"U2": ["Sales"]}, "CE lead"),
        (RequestType.TRIAL, {"U3": ["Implementation"]}, "CE lead"),
        (RequestType.TRIAL, {"U1": ["CE", "Sales"]}, "second lead"),
        (RequestType.TRIAL, {"U1": ["CE", "Sales"], "U2": ["Sales"]}, ""),
        (RequestType.TRIAL, {"U1": ["CE"], "U2": ["Sales"]}, ""),
    ],
)
def test_only_a_trial_needs_a_lead_of_each_group(
    kind: RequestType, approvals: dict[str, list[str]], words: str
) -> None:
    """The sentence names the group that is still missing, and is empty when none is; one person is not two."""
    missing = missing_approval(Request(id="R1", request_type=kind), approvals)

    assert words in missing
    assert bool(missing) == bool(words)


@pytest.mark.parametrize("status", list(RequestStatus))
def test_a_card_has_buttons_only_while_the_request_is_open(status: RequestStatus) -> None:
    """What is decided can neither be decided nor scored again from the card."""
    card = message(Request(id="R7", customer="Quillstone Bank", status=status), BARE)

    assert pressed(card) == ([SELECT, DECLINE, DEFER, ASK] if status in OPEN else [])
    assert ("1 to 5" in str(card.blocks)) == (status in OPEN)


@pytest.mark.parametrize(("status", "act"), [(RequestStatus.SELECTED, SELECT), (RequestStatus.DECLINED, DECLINE)])
def test_a_typed_decision_offers_to_confirm_it_or_to_put_it_back(status: RequestStatus, act: str) -> None:
    """Nothing else can be pressed meanwhile, and the card says that nothing has happened yet."""
    card = message(replace(ASKED, status=status), replace(BARE, is_typed=True))

    assert pressed(card) == [act, PUT_BACK]
    assert "Nothing happens before a lead confirms" in str(card.blocks)


def test_every_criterion_has_its_scale_in_words_and_shows_what_is_chosen() -> None:
    """Five menus of five options; the one that the row says is chosen."""
    card = message(replace(ASKED, revenue_impact=4), replace(BARE, rank=2, waiting=5))
    menus = [block["accessory"] for block in card.blocks if "accessory" in block]

    assert [block["block_id"] for block in card.blocks if "accessory" in block] == list(CRITERIA)
    assert all(len(menu["options"]) == 5 for menu in menus)
    assert menus[0]["initial_option"]["text"]["text"] == "4 · large"
    assert "initial_option" not in menus[1]
    assert "Score 4 of 25" in str(card.blocks)
    assert "number 2 of 5" in str(card.blocks)


def test_a_trial_s_missing_proof_stands_out() -> None:
    """What is there is shown, what is missing is named."""
    trial = replace(ASKED, request_type=RequestType.TRIAL, proof_revenue="Half of next year")
    words = str(message(trial, BARE).blocks)

    assert "Half of next year" in words
    assert "Missing proof:* why no simpler environment will do" in words


def test_load_counts_running_projects_by_person_the_busiest_first() -> None:
    """By name where Slack knows one, else by address."""
    lines = [
        PortfolioLine(id="R1", pm="a@x.example", ie="c@x.example"),
        PortfolioLine(id="R2", pm="b@x.example"),
        PortfolioLine(id="R3", pm="b@x.example"),
    ]

    assert load_lines(lines, {"b@x.example": "Bea"}) == ["PM: Bea 2, a@x.example 1", "IE: c@x.example 1"]
    assert load_lines([], {}) == ["PM: nobody has a running project", "IE: nobody has a running project"]


def test_similar_projects_are_of_the_same_kind_at_most_three_and_teach_something() -> None:
    """Both method and hosting first, then the newest; lessons of other kinds or without a recommendation never."""
    asked = replace(ASKED, deployment_method="Kubernetes with Helm", hosting_provider="AWS")

    def lesson(number: int, method: str, host: str, day: int, words: str = "Do so") -> Lesson:
        return Lesson(
            id=f"L{number}",
            date=date(2026, 1, day),
            deployment_method=method,
            hosting_provider=host,
            recommendation=words,
        )

    lessons = [
        lesson(1, "kubernetes with helm", "Azure", 1),
        lesson(2, "Cloud", "AWS", 9),
        lesson(3, "Kubernetes with Helm", "AWS ", 2),
        lesson(4, "Cloud", "Azure", 30),
        lesson(5, "Kubernetes with Helm", "AWS", 3, ""),
        lesson(6, "Single node", "AWS", 5),
    ]

    assert [one.id for one in similar(asked, lessons)] == ["L3", "L2", "L6"]
    undecided = replace(ASKED, deployment_method="Not decided", hosting_provider="")
    assert similar(undecided, [lesson(7, "Not decided", "", 1)]) == []


def test_a_decided_card_says_by_whom_when_and_why() -> None:
    """The card stays as the record of the decision."""
    decided = Request(
        id="R7", status=RequestStatus.DECLINED, decided_by="Grace Liu", decided_on=TODAY, decision_reason="Full"
    )

    assert "Declined by Grace Liu on 2026-11-16: Full" in str(message(decided, BARE).blocks)


def test_words_of_people_cannot_ping_nor_break_the_card() -> None:
    """A mention, a link and endless text from a cell are shown as text, inside Slack's limits."""
    hostile = "<!channel> <https://evil.example|click> & " + "x" * 9000
    names = ("customer", "ce", "opportunity_link", "design_links", "additional_information", "deployment_method",
             "question", "answer", "proof_revenue", "migration_source", "rank_reason")  # fmt: skip
    words = dict.fromkeys(names, hostile)
    request = Request(id="R7", status=RequestStatus.NEW, request_type=RequestType.TRIAL, **words)  # type: ignore[arg-type]  # all are text
    around = replace(
        BARE, names={hostile: hostile}, load=[hostile], lessons=[Lesson(id="L1", recommendation=hostile)],
        awaited=hostile, approved_by=[hostile],
    )  # fmt: skip

    blocks = message(request, around).blocks

    markup = [b["text"]["text"] for b in blocks if b["type"] == "section" and "text" in b]
    small = [f["text"] for b in blocks if "fields" in b for f in b["fields"]]
    grey = [e["text"] for b in blocks if b["type"] == "context" for e in b["elements"]]
    assert not any("<!channel>" in text or "<https://evil" in text for text in [*markup, *small, *grey])
    assert max(map(len, [*markup, *grey])) <= 3000
    assert max(map(len, small)) <= 2000
    assert all(len(b["text"]["text"]) <= 150 for b in blocks if b["type"] == "header")
    assert len(blocks) <= 50


def test_whose_decision_came_second_hears_whose_stands() -> None:
    """The late lead reads the status and the name, not an apology."""
    decided = Request(id="R7", customer="Quillstone Bank", status=RequestStatus.DECLINED, decided_by="Grace Liu")

    words = str(messages.late(decided).blocks)

    assert "Declined by Grace Liu" in words
    assert "changed nothing" in words
