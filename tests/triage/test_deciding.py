"""Deciding on a request, as leads do it from its card, and what the people who asked hear and answer."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import Refused
from bot.intake import answers
from bot.project.model import Lesson
from bot.project.schema import load
from tests.walks.conftest import AE, CE, CE_LEAD, ENGINEER, IMPLEMENTATION_LEAD, PM, SALES_LEAD, Walk


def press(walk: Walk, person: str, card: dict[str, Any], act: str, **more: Any) -> dict[str, Any]:
    return walk.stage.act(person, "press", channel=card["channel"], ts=card["ts"], action_id=act, **more)


def fill(walk: Walk, person: str, card: dict[str, Any], act: str, **values: str) -> dict[str, Any]:
    """Press a button of the card, fill in its form and send it."""
    press(walk, person, card, act)
    view = walk.stage.wait_for("form", lambda: walk.view(person))
    return walk.stage.act(person, "submit", view_id=view["id"], values=values)


def score(walk: Walk, person: str, card: dict[str, Any], criterion: str, points: int) -> None:
    request_id = card["text"].split(" ")[0].rstrip(":")
    value = f"{request_id}|{criterion}|{points}"
    press(walk, person, card, "triage_score", block_id=criterion, value=value)


def row(walk: Walk, request_id: str = "R1") -> dict[str, str]:
    """A row of the backlog by column titles."""
    listed = walk.backlog()
    cells = next(line for line in listed if line and line[0] == request_id)
    return dict(zip(listed[0], [*cells, *[""] * len(listed[0])], strict=False))


def until(walk: Walk, request_id: str, **cells: str) -> dict[str, str]:
    """The row once it says so; titles with _ for blanks. The bot answers a press first, and works afterwards."""
    wanted = {title.replace("_", " "): value for title, value in cells.items()}

    def look() -> dict[str, str] | None:
        told = row(walk, request_id)
        return told if all(told[title] == value for title, value in wanted.items()) else None

    return walk.stage.wait_for(f"{wanted}", look)


def type_into(walk: Walk, cells: dict[str, str]) -> None:
    """Type into cells of R1 by column title, as a lead."""
    walk.type(str(walk.world.store.recall("backlog")), "Requests", "R1", cells, IMPLEMENTATION_LEAD)


def test_menus_of_the_card_score_and_rank_the_request(walk: Walk) -> None:
    """The row gets points, score, rank and reason, the card shows them in place, and a second request is overtaken."""
    first = walk.request(customer="Harborpine Logistics", request_type="Multi-version upgrade")
    second = walk.request(request_type="Multi-version upgrade")
    until(walk, "R2", Rank="2")

    for criterion in ("revenue_impact", "size_complexity", "account_market", "intangibles", "capacity_fit"):
        score(walk, SALES_LEAD, second, criterion, 4)

    told = until(walk, "R2", Score="20", Rank="1", Status="In review")
    assert told["Why this rank"].startswith("Class 2 (Multi-version upgrade), then score 20 of 25")
    until(walk, "R1", Rank="2")
    card = walk.stage.wait_for("card", lambda: walk.find(CE_LEAD, "Score 20 of 25", "impl-triage"))
    assert card["ts"] == second["ts"]
    assert "number 1 of 2" in card["text"]
    assert first["ts"] != second["ts"]


def test_a_deferred_request_leaves_the_queue_and_comes_back_on_its_day(walk: Walk) -> None:
    """CE and AE hear until when and why; on that day leads and they hear that it waits again."""
    card = walk.request()
    day = walk.today() + timedelta(days=2)

    assert fill(walk, CE_LEAD, card, "triage_defer", until=day.isoformat(), reason="Full")["response"] == "closed"
    for person in (CE, AE):
        told = walk.stage.wait_for("word", lambda person=person: walk.find(person, "was deferred until"))  # type: ignore[misc]
        assert "Full" in told["text"]
    told = until(walk, "R1", Status="Deferred", Rank="", Decided_by="Grace Liu")
    assert told["Deferred until"] == day.isoformat()

    walk.go(day, 12)
    walk.world.engine.start("follow", "follow:1")
    until(walk, "R1", Status="In review", Rank="1")
    for person in (CE, AE):
        walk.stage.wait_for("word", lambda person=person: walk.find(person, "in review again, number 1 of 1"))  # type: ignore[misc]
    walk.stage.wait_for("word", lambda: walk.find(SALES_LEAD, "is in review again", "impl-triage"))
    walk.world.engine.start("follow", "follow:2")
    assert walk.world.engine.settle(60)
    seen = walk.stage.messages(CE)
    assert len([one for one in seen if "in review again" in one["text"]]) == 1


def test_a_question_reaches_the_engineer_and_its_answer_the_card(walk: Walk) -> None:
    """The form opens filled in with the question on top; what was mended in it goes into the row with the answer."""
    card = walk.request()
    assert fill(walk, CE_LEAD, card, "triage_ask", question="Which <!here> region?")["response"] == "closed"
    asked = walk.stage.wait_for("question", lambda: walk.find(CE, "needs to know more"))
    walk.stage.wait_for("question", lambda: walk.find(AE, "needs to know more"))
    until(walk, "R1", Status="Needs information")
    walk.stage.wait_for("card", lambda: walk.find(CE_LEAD, "no answer yet", "impl-triage"))

    press(walk, CE, asked, "intake_answer")
    view = walk.stage.wait_for("form", lambda: walk.view(CE))
    assert "Which &lt;!here&gt; region?" in str(view["blocks"])
    values = {"answer": "Frankfurt.", "hosting_provider": "AWS", "opportunity_link": "https://evil.example/1"}
    refused = walk.stage.act(CE, "submit", view_id=view["id"], values=values)
    assert list(refused["errors"]) == ["opportunity_link"]
    values |= {"opportunity_link": "https://crm.fernhill.example/o/2"}
    assert walk.stage.act(CE, "submit", view_id=view["id"], values=values)["response"] == "closed"

    told = until(walk, "R1", Answer_to_it="Frankfurt.", Status="In review", Hosting_provider="AWS")
    assert told["Opportunity"] == "https://crm.fernhill.example/o/2"
    walk.stage.wait_for("card", lambda: walk.find(CE_LEAD, "Frankfurt.", "impl-triage"))
    walk.stage.wait_for("thanks", lambda: walk.find(CE, "is with the leads"))

    stale = press(walk, CE, asked, "intake_answer")
    assert stale["ack"] == "ok"
    walk.stage.wait_for("kind word", lambda: walk.find(CE, "waits for no answer any more"))
    assert walk.view(CE) is None


@pytest.mark.parametrize(
    ("person", "may"), [(PM, False), (ENGINEER, False), (CE, True), (AE, True), (SALES_LEAD, True)]
)
def test_only_those_who_asked_and_leads_answer(walk: Walk, person: str, may: bool) -> None:
    """The button stands in a direct message; forwarded elsewhere, it serves nobody else."""
    card = walk.request()
    fill(walk, CE_LEAD, card, "triage_ask", question="Which region?")
    walk.stage.wait_for("question", lambda: walk.find(CE, "needs to know more"))

    with nullcontext() if may else pytest.raises(Refused, match="or a lead, can answer"):
        assert answers.answerable(walk.world, walk.ids[person], "R1").id == "R1"


def test_what_somebody_changed_in_the_sheet_meanwhile_stays_and_is_told(walk: Walk) -> None:
    """An answered form never overwrites a person's newer cell."""
    card = walk.request()
    fill(walk, CE_LEAD, card, "triage_ask", question="Which region?")
    asked = walk.stage.wait_for("question", lambda: walk.find(CE, "needs to know more"))
    press(walk, CE, asked, "intake_answer")
    view = walk.stage.wait_for("form", lambda: walk.view(CE))
    type_into(walk, {"Hosting provider": "On premises"})

    values = {"answer": "Frankfurt", "hosting_provider": "AWS"}
    assert walk.stage.act(CE, "submit", view_id=view["id"], values=values)["response"] == "closed"

    told = walk.stage.wait_for("thanks", lambda: walk.find(CE, "is with the leads"))
    assert "hosting provider" in told["text"]
    until(walk, "R1", Hosting_provider="On premises", Answer_to_it="Frankfurt")


def test_a_trial_s_deciders_are_shown_and_recorded(walk: Walk) -> None:
    """The card names who pressed; the second lead finds the form filled; both stand in the row and the audit."""
    card = walk.request(request_type="Production-ready trial", proof_no_simpler="Air gap", proof_revenue="Half")
    walk.select(card, walk.today() + timedelta(days=30))
    waiting = walk.stage.wait_for("waiting", lambda: walk.find(SALES_LEAD, "also needs a Sales lead", "impl-triage"))
    assert "Grace Liu (CE lead)" in waiting["text"]

    press(walk, SALES_LEAD, card, "triage_select")
    view = walk.stage.wait_for("form", lambda: walk.view(SALES_LEAD))
    assert (
        walk.stage.act(SALES_LEAD, "submit", view_id=view["id"], values={"reason": "Good bet"})["response"] == "closed"
    )
    assert walk.stage.wait_for("decision", lambda: walk.find(CE, "was selected"))

    told = row(walk)
    assert told["Decided by"] == "Grace Liu, Daniel Reyes"
    assert told["Trial: reviewed by CE and Sales leads"] == "Grace Liu (CE lead), Daniel Reyes (Sales lead)"
    assert (told["Decision reason"], told["Size class"]) == ("Good bet", "S")
    assert [(e.actor, e.reason) for e in walk.world.store.audit() if e.act == "Selected"] == [
        (walk.ids[SALES_LEAD], "Good bet")
    ]


def test_a_trial_without_its_proofs_is_not_selected(walk: Walk) -> None:
    """Somebody emptied the cell: the card names what is missing, and Select says so."""
    card = walk.request(request_type="Production-ready trial", proof_no_simpler="Air gap", proof_revenue="Half")
    assert walk.world.engine.settle(60)
    type_into(walk, {"Trial: revenue of next fiscal year": ""})

    press(walk, CE_LEAD, card, "triage_select")

    walk.stage.wait_for("word", lambda: walk.find(CE_LEAD, "a trial needs both proofs", "impl-triage"))
    assert walk.view(CE_LEAD) is None


def test_a_stale_card_is_answered_kindly(walk: Walk) -> None:
    """Somebody else decided, the row went, or the form was open too long: one sentence, and nothing happens."""
    card = walk.request()
    press(walk, SALES_LEAD, card, "triage_select")
    view = walk.stage.wait_for("form", lambda: walk.view(SALES_LEAD))
    assert fill(walk, CE_LEAD, card, "triage_decline", reason="Not now")["response"] == "closed"
    until(walk, "R1", Decision_reason="Not now", Status="Declined")

    values = {"pm": walk.ids[PM], "size": "S · some weeks", "kickoff": (walk.today() + timedelta(days=9)).isoformat()}
    late = walk.stage.act(SALES_LEAD, "submit", view_id=view["id"], values=values)

    assert "Declined already" in str(late["errors"])
    assert row(walk)["Status"] == "Declined"
    assert walk.world.engine.status("provision:R1") == "absent"


def test_a_lead_who_is_none_any_more_decides_nothing(walk: Walk) -> None:
    """The role is read when the form is sent, not when it was opened."""
    card = walk.request()
    press(walk, CE_LEAD, card, "triage_decline")
    view = walk.stage.wait_for("form", lambda: walk.view(CE_LEAD))
    groups = [{"handle": "ce-leads", "name": "CE leads", "members": [SALES_LEAD]}]
    walk.stage.workspace.control("POST", "seed", {"groups": groups})

    answer = walk.stage.act(CE_LEAD, "submit", view_id=view["id"], values={"reason": "Bye"})

    assert "Only leads decide" in str(answer["errors"])
    assert row(walk)["Status"] == "New"
    assert "refused decision" in [entry.act for entry in walk.world.store.audit()]


def test_lessons_and_load_stand_on_the_card(walk: Walk) -> None:
    """What a similar project taught, and who runs how much, are in front of the leads."""
    backlog = walk.world.backlog()
    lesson = {"project": "Blue Harbour", "deployment_method": "Kubernetes with Helm", "hosting_provider": "Azure"}
    walk.world.sheets.append(backlog, load("backlog"), "lessons", Lesson(**lesson, recommendation="Size nodes first"))
    card = walk.request()

    assert "Size nodes first" in card["text"]
    assert "nobody has a running project" in card["text"]
    walk.select(card, walk.today() + timedelta(days=30))
    walk.stage.wait_for("project", lambda: walk.world.store.project("R1"))
    assert "Priya Nair 1" in walk.request(customer="Harborpine Logistics")["text"]
