"""The first walk: a slash command becomes a project."""

from __future__ import annotations

from datetime import timedelta

from tests.walks.conftest import ADVISOR, AE, CE, CE_LEAD, ENGINEER, PM, SALES_LEAD, Walk

COPIED = {"playbook", "plan"}


def test_a_bad_link_is_refused_inside_the_form_and_nothing_is_lost(walk: Walk) -> None:
    """The person reads one sentence beside the field, mends it and sends the same form."""
    walk.stage.act(CE, "command", channel="general", text="/implementation-request Quillstone Bank")
    view = walk.stage.wait_for("form", lambda: walk.view(CE))
    assert "Quillstone Bank" in str(view["blocks"])

    refused = walk.stage.act(
        CE, "submit", view_id=view["id"], values=walk.form(opportunity_link="https://evil.example/o/1")
    )
    accepted = walk.stage.act(CE, "submit", view_id=view["id"], values=walk.form())

    assert refused["response"] == "errors"
    assert "evil.example" in refused["errors"]["opportunity_link"]
    assert accepted["response"] == "closed"
    assert walk.stage.wait_for("thanks", lambda: walk.find(CE, "is in the backlog"))


def test_a_selected_request_becomes_a_complete_project(walk: Walk) -> None:
    """Files filled from the request, a channel with its people, everyone told: once, and internal."""
    card = walk.request(additional_information="<!channel> =1+1 & more")
    kickoff = walk.today() + timedelta(days=30)

    walk.select(card, kickoff)

    welcome = walk.stage.wait_for(
        "welcome", lambda: walk.find(ENGINEER, "Welcome to Quillstone", "impl-quillstone-bank")
    )
    assert welcome["text"].count("Welcome to") == 1
    walk.stage.wait_for("finished card", lambda: walk.find(CE_LEAD, "✓  Welcome posted", "impl-triage"))
    for person in (CE, AE):
        assert walk.stage.wait_for("decision", lambda person=person: walk.find(person, "was selected"))  # type: ignore[misc]  # a default keeps the loop's value
    files = walk.files()
    assert set(files) == COPIED
    overview = {row[0]: row[2] for row in walk.stage.rows(PM, files["playbook"], "Overview") if len(row) > 2}
    assert overview["customer"] == "Quillstone Bank"
    assert overview["kickoff"] == kickoff.isoformat()
    milestones = walk.stage.rows(PM, files["plan"], "Milestones")
    assert [row[0] for row in milestones[1:17]] == [f"M{number}" for number in range(16)]
    assert walk.backlog()[1][walk.backlog()[0].index("Status")] == "Selected"


def test_only_leads_decide(walk: Walk) -> None:
    """A Customer Engineer who finds the card and presses Select is told why nothing happens."""
    card = walk.request()
    walk.stage.workspace.control("POST", "seed", {"channels": [{"name": "impl-triage", "members": [CE]}]})

    walk.stage.act(CE, "press", channel=card["channel"], ts=card["ts"], action_id="triage_select")

    walk.stage.wait_for("refusal", lambda: walk.find(CE, "Only leads decide", "impl-triage"))
    assert walk.view(CE) is None


def test_a_trial_needs_a_lead_of_each_group(walk: Walk) -> None:
    """The first yes is kept and the card says whose is missing; the second one starts the set-up."""
    card = walk.request(
        request_type="Production-ready trial", proof_no_simpler="They are air-gapped.", proof_revenue="Half of it."
    )
    kickoff = walk.today() + timedelta(days=30)

    walk.select(card, kickoff)
    walk.stage.wait_for("waiting", lambda: walk.find(CE_LEAD, "also needs a Sales lead", "impl-triage"))
    assert walk.files() == {}
    walk.select(card, kickoff, lead=SALES_LEAD)

    walk.stage.wait_for("finished card", lambda: walk.find(CE_LEAD, "✓  Welcome posted", "impl-triage"))
    assert set(walk.files()) == COPIED
    assert walk.find(ADVISOR, "Welcome to", "impl-quillstone-bank")
