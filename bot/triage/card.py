"""The triage card and its forms: what leads see of a request, and the pure check of what they decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.project.model import Request
from bot.project.words import RequestStatus, RequestType
from bot.world.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    date_input,
    fields,
    header,
    link,
    md,
    modal,
    person_input,
    section,
    text_input,
)

SELECT, DECLINE = "triage_select", "triage_decline"
SELECT_FORM, DECLINE_FORM = "select_form", "decline_form"
OPEN = (RequestStatus.NEW, RequestStatus.IN_REVIEW, RequestStatus.NEEDS_INFORMATION, RequestStatus.DEFERRED)


@dataclass(frozen=True)
class Selection:
    """Who runs the project, and from when."""

    pm_id: str
    ie_id: str
    ta_id: str
    kickoff: date


def message(request: Request, row_url: str, note: str = "") -> Message:
    """The card of a request; buttons only while it is open. `note` says what is awaited."""
    blocks: list[Block] = [
        header(f"{request.id} · {request.customer}"),
        fields(_facts(request)),
        section(md("*Opportunity*  {link}", link=link(request.opportunity_link, request.opportunity_link))),
    ]
    if request.additional_information:
        blocks.append(section(md("{text}", text=request.additional_information[:1500])))
    blocks.append(context(md("{status} · {row}", status=_standing(request), row=link(row_url, "Row in the backlog"))))
    if note:
        blocks.append(section(md("{note}", note=note)))
    if request.status in OPEN:
        blocks.append(
            actions(button("Select", SELECT, request.id, "primary"), button("Decline", DECLINE, request.id, "danger"))
        )
    return Message(f"{request.id}: {request.customer} asks for {request.request_type or 'help'}", tuple(blocks))


def _facts(request: Request) -> list[tuple[str, object]]:
    return [
        ("Needs", request.request_type or "–"),
        ("Deployment", request.deployment_method or "–"),
        ("Hosting", request.hosting_provider or "–"),
        ("Asked on", request.submitted or "–"),
        ("Customer engineer", request.ce or "–"),
        ("Account executive", request.ae or "–"),
    ]


def _standing(request: Request) -> str:
    if request.status in OPEN or request.status is None:
        return str(request.status or RequestStatus.NEW)
    return f"{request.status} by {request.decided_by or 'somebody'} on {request.decided_on or 'an unknown day'}"


def select_form(request: Request) -> dict[str, Any]:
    """Who runs the project, and when it kicks off."""
    blocks = [
        section(md("*{customer}* becomes a project. Set-up begins when you press Select.", customer=request.customer)),
        person_input("pm", "Project manager"),
        person_input("ie", "Implementation engineer", optional=True),
        person_input("ta", "Technical advisor", optional=True),
        date_input("kickoff", "Kickoff", hint="The plan's dates are counted from this day."),
    ]
    return modal(SELECT_FORM, "Select request", "Select", blocks, memo=request.id)


def decline_form(request: Request) -> dict[str, Any]:
    """Why the request is declined; the requester reads it."""
    blocks = [text_input("reason", "Reason", multiline=True, hint="The requester and the account executive read this.")]
    return modal(DECLINE_FORM, "Decline request", "Decline", blocks, memo=request.id)


def parse_selection(values: Mapping[str, str], today: date) -> Selection | dict[str, str]:
    """The selection, or a sentence per field that needs another look."""
    errors: dict[str, str] = {}
    if not values.get("pm"):
        errors["pm"] = "Please choose the project manager."
    try:
        kickoff = date.fromisoformat(values.get("kickoff", ""))
    except ValueError:
        return errors | {"kickoff": "Please choose the kickoff day."}
    if not today <= kickoff <= today + timedelta(days=730):
        errors["kickoff"] = "Kickoff is a day from today on, within the next two years."
    if errors:
        return errors
    return Selection(values["pm"], values.get("ie", ""), values.get("ta", ""), kickoff)


def missing_approval(request: Request, groups: Mapping[str, bool]) -> str:
    """Which approval a trial still lacks, in words; empty when it may go on (rule: priority and score).

    `groups` tells for "CE" and "Sales" whether a lead of theirs has pressed Select.
    """
    if request.request_type is not RequestType.TRIAL:
        return ""
    return next((f"A trial also needs a {name} lead's Select." for name, given in groups.items() if not given), "")
