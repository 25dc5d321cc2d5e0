"""The forms of a decision: what leads fill in is checked field by field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bot.project.model import Request
from bot.project.words import RequestType, SizeClass
from bot.triage.forms import (
    Selection,
    ask_form,
    decline_form,
    defer_form,
    parse_deferral,
    parse_selection,
    select_form,
)

TODAY = date(2026, 11, 16)
KICKOFF = TODAY + timedelta(days=30)
GOOD = {"pm": "U1", "ie": "U2", "ta": "", "size": "M · about two months", "kickoff": KICKOFF.isoformat()}
ASKED = Request(id="R7", customer="Quillstone Bank", request_type=RequestType.PRODUCTION)


def test_a_complete_selection_is_read() -> None:
    """PM, size and kickoff are needed; engineer and advisor may follow later."""
    assert parse_selection(GOOD, TODAY) == Selection("U1", "U2", "", SizeClass.MEDIUM, KICKOFF)


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"pm": ""}, ["pm"]),
        ({"size": ""}, ["size"]),
        ({"size": "XXL"}, ["size"]),
        ({"kickoff": ""}, ["kickoff"]),
        ({"kickoff": "soon"}, ["kickoff"]),
        ({"kickoff": "2026-02-30"}, ["kickoff"]),
        ({"kickoff": (TODAY - timedelta(days=1)).isoformat()}, ["kickoff"]),
        ({"kickoff": (TODAY + timedelta(days=731)).isoformat()}, ["kickoff"]),
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
    ("until", "reason", "fields"),
    [
        ("2026-11-17", "Full until spring", []),
        ("2026-11-16", "Full", ["until"]),
        ("", "Full", ["until"]),
        ("2030-01-01", "Full", ["until"]),
        ("2026-12-01", "  ", ["reason"]),
        ("", "", ["until", "reason"]),
    ],
)
def test_a_deferral_has_a_later_day_and_a_reason(until: str, reason: str, fields: list[str]) -> None:
    """It comes back on a day from tomorrow on; the requester reads why."""
    parsed = parse_deferral({"until": until, "reason": reason}, TODAY)

    assert list(parsed) == fields if isinstance(parsed, dict) else not fields


@pytest.mark.parametrize("form", [lambda r: select_form(r, {}), decline_form, defer_form, ask_form])
def test_a_form_carries_the_key_of_its_request_only(form: Callable[[Request], dict[str, Any]]) -> None:
    """Who decides is read from the act; the form's memo can be read by the person."""
    assert form(ASKED)["private_metadata"] == "R7"


def test_the_second_lead_finds_what_the_first_one_chose() -> None:
    """A trial's second approval need not choose people, size and day again."""
    chosen = Selection("U1", "U2", "U3", SizeClass.LARGE, KICKOFF).packed()
    elements = {b["block_id"]: b["element"] for b in select_form(ASKED, chosen)["blocks"] if "element" in b}

    assert [elements[role]["initial_user"] for role in ("pm", "ie", "ta")] == ["U1", "U2", "U3"]
    assert elements["size"]["initial_option"]["value"] == "L · longer"
    assert elements["kickoff"]["initial_date"] == KICKOFF.isoformat()
