"""The triage card and its forms: what a lead sees, and what a lead may decide."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.project.model import Request
from bot.project.words import RequestStatus, RequestType
from bot.triage import messages
from bot.triage.card import (
    DECLINE,
    OPEN,
    SELECT,
    Selection,
    decline_form,
    message,
    missing_approval,
    parse_selection,
    select_form,
)

TODAY = date(2026, 11, 16)
KICKOFF = TODAY + timedelta(days=30)
GOOD = {"pm": "U1", "ie": "U2", "ta": "", "kickoff": KICKOFF.isoformat()}
ASKED = Request(
    id="R7",
    customer="Quillstone Bank",
    request_type=RequestType.PRODUCTION,
    opportunity_link="https://crm.fernhill.example/o/1",
    status=RequestStatus.NEW,
)


def test_a_complete_selection_is_read() -> None:
    """PM and kickoff are needed; engineer and advisor may follow later."""
    assert parse_selection(GOOD, TODAY) == Selection("U1", "U2", "", KICKOFF)


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"pm": ""}, ["pm"]),
        ({"kickoff": ""}, ["kickoff"]),
        ({"kickoff": "soon"}, ["kickoff"]),
        ({"kickoff": "2026-02-30"}, ["kickoff"]),
        ({"kickoff": (TODAY - timedelta(days=1)).isoformat()}, ["kickoff"]),
        ({"kickoff": (TODAY + timedelta(days=731)).isoformat()}, ["kickoff"]),
        ({"pm": "", "kickoff": ""}, ["pm", "kickoff"]),
        ({"pm": "", "kickoff": "1999-01-01"}, ["pm", "kickoff"]),
    ],
)
def test_each_wrong_field_of_a_selection_has_its_sentence(changed: dict[str, str], fields: list[str]) -> None:
    """All that is wrong is said at once, beside the field it is about."""
    errors = parse_selection(GOOD | changed, TODAY)

    assert isinstance(errors, dict)
    assert list(errors) == fields


@pytest.mark.parametrize("days", [0, 730])
def test_kickoff_may_be_today_and_two_years_from_now(days: int) -> None:
    """Both ends of what is allowed belong to it."""
    asked = GOOD | {"kickoff": (TODAY + timedelta(days=days)).isoformat()}

    assert isinstance(parse_selection(asked, TODAY), Selection)


@pytest.mark.parametrize(
    ("kind", "groups", "words"),
    [
        (RequestType.PRODUCTION, {"CE": False, "Sales": False}, ""),
        (RequestType.TRIAL, {"CE": False, "Sales": False}, "CE lead"),
        (RequestType.TRIAL, {"CE": True, "Sales": False}, "Sales lead"),
        (RequestType.TRIAL, {"CE": False, "Sales": True}, "CE lead"),
        (RequestType.TRIAL, {"CE": True, "Sales": True}, ""),
    ],
)
def test_only_a_trial_needs_a_lead_of_each_group(kind: RequestType, groups: dict[str, bool], words: str) -> None:
    """The sentence names the group that is still missing, and is empty when none is."""
    missing = missing_approval(Request(id="R1", request_type=kind), groups)

    assert words in missing
    assert bool(missing) == bool(words)


@pytest.mark.parametrize("status", list(RequestStatus))
def test_a_card_has_buttons_only_while_the_request_is_open(status: RequestStatus) -> None:
    """What is decided cannot be decided again from the card."""
    card = message(Request(id="R7", customer="Quillstone Bank", status=status), "https://docs.google.com/x")

    pressed = [e["action_id"] for b in card.blocks if b["type"] == "actions" for e in b["elements"]]
    assert pressed == ([SELECT, DECLINE] if status in OPEN else [])


def test_a_decided_card_says_by_whom_and_when() -> None:
    """The card stays as the record of the decision."""
    decided = Request(id="R7", status=RequestStatus.DECLINED, decided_by="Grace Liu", decided_on=TODAY)

    assert "Declined by Grace Liu on 2026-11-16" in str(message(decided, "https://docs.google.com/x").blocks)


def test_words_of_people_cannot_ping_nor_break_the_card() -> None:
    """A mention, a link and endless text from a cell are shown as text, inside Slack's limits."""
    hostile = "<!channel> <https://evil.example|click> & " + "x" * 9000
    request = Request(
        id="R7", customer=hostile, ce=hostile, opportunity_link=hostile, additional_information=hostile,
        deployment_method=hostile, status=RequestStatus.NEW,
    )  # fmt: skip

    blocks = message(request, "https://docs.google.com/x", note=hostile).blocks

    markup = [b["text"]["text"] for b in blocks if b["type"] == "section" and "text" in b]
    small = [f["text"] for b in blocks if "fields" in b for f in b["fields"]]
    assert not any("<!channel>" in text or "<https://evil" in text for text in [*markup, *small])
    assert max(map(len, markup)) <= 3000
    assert max(map(len, small)) <= 2000
    assert all(len(b["text"]["text"]) <= 150 for b in blocks if b["type"] == "header")


@pytest.mark.parametrize("form", [select_form, decline_form])
def test_a_form_carries_the_key_of_its_request_only(form: type) -> None:
    """Who decides is read from the act; the form's memo can be read by the person."""
    assert form(ASKED)["private_metadata"] == "R7"


def test_whose_decision_came_second_hears_whose_stands() -> None:
    """The late lead reads the status and the name, not an apology."""
    decided = Request(id="R7", customer="Quillstone Bank", status=RequestStatus.DECLINED, decided_by="Grace Liu")

    words = str(messages.late(decided).blocks)

    assert "Declined by Grace Liu" in words
    assert "changed nothing" in words
