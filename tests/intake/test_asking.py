"""Asking for an implementation as people do it: the form follows them, refuses kindly, and makes one of one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.emulator.people import user_id
from tests.walks.conftest import AE, CE, CE_LEAD, PM, Walk

SPONSOR, FORMER = "ruth.osei@harborpine.example", "ada.novak@fernhill.example"
TRIAL, HOME, CLOUD = (
    "Production-ready trial",
    "Self-hosted to self-hosted migration",
    "Self-hosted to cloud migration",
)


def opened(walk: Walk, text: str = "", person: str = CE) -> dict[str, Any]:
    """A fresh form in front of a person."""
    before = {view["id"] for view in views(walk, person)}
    walk.stage.act(person, "command", channel="general", text=f"/implementation-request {text}".strip())
    return walk.stage.wait_for("form", lambda: next((v for v in views(walk, person) if v["id"] not in before), None))


def views(walk: Walk, person: str = CE) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = walk.stage.workspace.control("GET", f"people/{person}/sees")["views"]
    return found


def blocks(walk: Walk, view_id: str, person: str = CE) -> dict[str, Any]:
    view = next((view for view in views(walk, person) if view["id"] == view_id), {"blocks": []})
    return {block["block_id"]: block for block in view["blocks"]}


def choose(walk: Walk, view_id: str, name: str, value: str, **typed: str) -> None:
    """Choose in a menu of the form, with other fields filled in meanwhile."""
    pressed = {"action_id": "request_changed", "block_id": name, "value": value, "values": typed}
    walk.stage.act(CE, "press", view_id=view_id, **pressed)


def rows(walk: Walk) -> list[str]:
    """The customers of the backlog's rows, once nothing is going on."""
    assert walk.world.engine.settle(60)
    if not any(row.get("appProperties", {}).get("file") == "backlog" for row in walk.stage.raw()["files"]):
        return []
    listed = walk.backlog()
    place = listed[0].index("Customer")
    return [row[place] for row in listed[1:] if len(row) > place and row[place]]


def test_the_form_follows_the_type_and_keeps_what_was_typed(walk: Walk) -> None:
    """Trial asks for proofs, a migration for its ends, and going back shows the proofs again as they were typed."""
    view_id = opened(walk)["id"]
    choose(walk, view_id, "request_type", TRIAL, customer="Quillstone Bank", design_links="https://docs.google.com/d")
    walk.stage.wait_for("proofs", lambda: "proof_revenue" in blocks(walk, view_id))
    choose(walk, view_id, "request_type", HOME, proof_revenue="Half of next year")
    walk.stage.wait_for("ends", lambda: "migration_target" in blocks(walk, view_id))
    assert "proof_revenue" not in blocks(walk, view_id)
    choose(walk, view_id, "request_type", CLOUD, migration_source="One VM")
    walk.stage.wait_for("cloud", lambda: "cloud_instance" in blocks(walk, view_id))
    choose(walk, view_id, "request_type", TRIAL)
    walk.stage.wait_for("proofs again", lambda: "proof_revenue" in blocks(walk, view_id))

    answer = walk.stage.act(
        CE,
        "submit",
        view_id=view_id,
        values={name: value for name, value in walk.form().items() if name not in ("customer", "request_type")}
        | {"proof_no_simpler": "They are air-gapped"},
    )

    assert answer["response"] == "closed", answer
    assert rows(walk) == ["Quillstone Bank"]
    header, row = walk.backlog()[:2]
    told = dict(zip(header, row, strict=False))
    assert told["Trial: revenue of next fiscal year"] == "Half of next year"
    assert told["Trial: no simpler environment"] == "They are air-gapped"
    assert told["Design links"] == "https://docs.google.com/d"
    assert told["Migration: from"] == ""


def test_other_help_leads_elsewhere_and_back(walk: Walk) -> None:
    """The form says where help is, has nothing to send, is logged, and comes back whole with another answer."""
    view_id = opened(walk)["id"]
    choose(walk, view_id, "request_type", "Other help", customer="Quillstone Bank")
    walk.stage.wait_for("pointer", lambda: "#impl-help" in str(blocks(walk, view_id)))
    assert set(blocks(walk, view_id)) >= {"request_type"}
    assert "customer" not in blocks(walk, view_id)
    assert ("asked for other help", "Quillstone Bank") in [(e.act, e.subject) for e in walk.world.store.audit()]

    choose(walk, view_id, "request_type", "Feature expansion")
    walk.stage.wait_for("fields", lambda: "customer" in blocks(walk, view_id))
    assert blocks(walk, view_id)["customer"]["element"]["initial_value"] == "Quillstone Bank"
    assert rows(walk) == []


def test_the_cheaper_route_is_shown_and_stops_nobody(walk: Walk) -> None:
    """A single node is pointed to the guide, with the reason; who still asks is heard."""
    view_id = opened(walk)["id"]
    choose(walk, view_id, "deployment_method", "Single node")
    walk.stage.wait_for("advice", lambda: "about a day" in str(blocks(walk, view_id)))
    choose(walk, view_id, "deployment_method", "Cloud")
    walk.stage.wait_for("advice", lambda: "needs no implementation project" in str(blocks(walk, view_id)))
    values = walk.form(deployment_method="Cloud")

    assert walk.stage.act(CE, "submit", view_id=view_id, values=values)["response"] == "closed"
    assert rows(walk) == ["Quillstone Bank"]


def test_two_choices_at_one_moment_are_both_seen(walk: Walk) -> None:
    """The later choice wins, whichever of the two changes arrives first, and the earlier one is not lost."""
    view_id = opened(walk)["id"]
    slow = {"method": "slack.views.update", "nth": 1, "do": "latency", "ms": 400}
    walk.stage.workspace.control("POST", "faults", {"rules": [slow]})
    choose(walk, view_id, "request_type", TRIAL)
    choose(walk, view_id, "deployment_method", "Cloud")

    def both() -> bool:
        shown = blocks(walk, view_id)
        return "proof_revenue" in shown and "needs no implementation project" in str(shown)

    walk.stage.wait_for("both", both)
    assert walk.stage.act(CE, "press", view_id=view_id, action_id="request_changed", block_id="customer", value="Q")
    assert both()


def test_a_form_sent_before_it_had_changed_asks_for_the_rest(walk: Walk) -> None:
    """Nothing is recorded and nothing lost: the form comes back with the fields that belong to the choice."""
    view_id = opened(walk)["id"]
    answer = walk.stage.act(CE, "submit", view_id=view_id, values=walk.form(request_type=TRIAL))
    assert answer["response"] == "updated"
    assert "proof_revenue" in blocks(walk, view_id)
    proofs = {"proof_no_simpler": "Air gap", "proof_revenue": "Half"}

    assert walk.stage.act(CE, "submit", view_id=view_id, values=proofs)["response"] == "closed"
    assert rows(walk) == ["Quillstone Bank"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("ae", SPONSOR, "own staff"),
        ("ae", FORMER, "own staff"),
        ("segment", "Small business", "Cloud or a single-node"),
        ("opportunity_link", "https://evil.example/1", "evil.example"),
        ("customer_domains", "fernhill.example", "our own domain"),
        ("go_live_wish", "2001-01-01", "between"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(walk: Walk, field: str, value: str, words: str) -> None:
    """Outsiders, leavers, small business, foreign links, our own domain and days gone by."""
    view_id = opened(walk)["id"]
    typed = {**walk.form(), field: user_id(value) if field == "ae" else value}
    answer = walk.stage.act(CE, "submit", view_id=view_id, values=typed)

    assert answer["response"] == "errors"
    assert list(answer["errors"]) == [field]
    assert words in answer["errors"][field]
    assert rows(walk) == []


def test_a_double_press_makes_one_request(walk: Walk) -> None:
    """The same form sent four times at one moment is one request, and every press is answered well."""
    view_id, values = opened(walk)["id"], walk.form()

    def press() -> dict[str, Any]:
        path = f"people/{CE}/submit"
        answer: dict[str, Any] = walk.stage.workspace.control("POST", path, {"view_id": view_id, "values": values})
        return answer

    with ThreadPoolExecutor(4) as pool:
        presses = [pool.submit(press) for _ in range(4)]
    answers = [one.result() for one in presses if one.exception() is None]

    assert {answer["response"] for answer in answers} == {"closed"}
    assert rows(walk) == ["Quillstone Bank"]


def test_an_open_request_of_the_same_customer_is_shown_first(walk: Walk) -> None:
    """At the command, and at the latest when the form is sent; a tick makes the second one."""
    walk.request()
    assert rows(walk) == ["Quillstone Bank"]

    view_id = opened(walk, "quillstone bank ag", PM)["id"]
    walk.stage.wait_for("notice", lambda: "another" in blocks(walk, view_id, PM))
    shown = blocks(walk, view_id, PM)
    assert "R1: Production deployment" in str(shown)
    assert "Ines Duarte" in str(shown)
    other = walk.form(customer="Quillstone-Bank", request_type="Feature expansion")
    refused = walk.stage.act(PM, "submit", view_id=view_id, values=other)
    assert refused["response"] == "updated"
    assert rows(walk) == ["Quillstone Bank"]
    assert walk.stage.act(PM, "submit", view_id=view_id, values={"another": "yes"})["response"] == "closed"

    assert rows(walk) == ["Quillstone Bank", "Quillstone-Bank"]


def test_the_very_same_request_in_two_forms_is_made_once(walk: Walk) -> None:
    """The second form is told at once; even a tick makes no twin within the minute."""
    first, second = opened(walk)["id"], opened(walk)["id"]
    assert walk.stage.act(CE, "submit", view_id=first, values=walk.form())["response"] == "closed"
    assert walk.stage.act(CE, "submit", view_id=second, values=walk.form())["response"] == "updated"
    again = walk.stage.act(CE, "submit", view_id=second, values={"another": "yes"})

    assert again["response"] == "updated"
    assert "nothing was made twice" in str(blocks(walk, second))
    assert rows(walk) == ["Quillstone Bank"]


@pytest.mark.parametrize(
    ("person", "words"), [(SPONSOR, "not a valid command"), ("guest@partner.example", "Only our own staff")]
)
def test_an_outsider_s_command_is_refused(walk: Walk, person: str, words: str) -> None:
    """Slack itself knows no command for another organisation; a guest of ours hears it from the bot. No form opens."""
    people = [{"email": "guest@partner.example", "name": "Gus Guest", "guest": True}]
    channels = [{"name": "general", "members": [SPONSOR, "guest@partner.example"]}]
    walk.stage.workspace.control("POST", "seed", {"people": people, "channels": channels})
    walk.stage.workspace.control(
        "POST", f"people/{person}/command", {"channel": "general", "text": "/implementation-request Acme"}
    )

    walk.stage.wait_for("refusal", lambda: walk.find(person, words, "general"))
    assert views(walk, person) == []


def test_the_thanks_say_where_it_stands(walk: Walk) -> None:
    """ID, place in the queue with its reason, and the way to ask again."""
    walk.request()
    thanks = walk.stage.wait_for("thanks", lambda: walk.find(CE, "is in the backlog"))

    assert "number 1 of 1" in thanks["text"]
    assert "Class 1 (Production deployment)" in thanks["text"]
    assert walk.find(CE_LEAD, "R1", "impl-triage")
    assert not walk.find(AE, "is in the backlog")
