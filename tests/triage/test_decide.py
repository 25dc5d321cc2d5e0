"""Requests and decisions that meet: each request has its row, and one decision stands."""

from __future__ import annotations

from typing import Any

from tests.rooms import LEAD, Rooms

CE, AE = "ines.duarte@fernhill.example", "tom.brandt@fernhill.example"
FIRST, SECOND = "grace.liu@fernhill.example", "daniel.reyes@fernhill.example"


def asked(rooms: Rooms, customer: str = "Quillstone Bank") -> dict[str, Any]:
    return {"customer": customer, "request_type": "Production deployment", "deployment_method": "Cloud",
            "hosting_provider": "AWS", "opportunity_link": "https://crm.fernhill.example/o/1", "design_links": "",
            "additional_information": "", "ae_id": rooms.ids[AE]}  # fmt: skip


def test_two_first_requests_at_one_moment_make_one_backlog_with_two_rows(rooms: Rooms) -> None:
    """Neither the spreadsheet nor a row is made twice, and none is written over the other."""
    for number in range(4):
        rooms.world.engine.start(
            "request", f"request:{number}", asked=asked(rooms, f"Customer {number}"), ce_id=rooms.ids[CE]
        )
    assert rooms.world.engine.settle(60)

    files = [row for row in rooms.stage.raw()["files"] if row.get("appProperties", {}).get("file") == "backlog"]
    rows = rooms.stage.rows(LEAD, files[0]["id"], "Requests")
    customer = rows[0].index("Customer")
    assert len(files) == 1
    assert sorted(row[customer] for row in rows[1:] if row[customer]) == [f"Customer {n}" for n in range(4)]
    assert sorted(row[0] for row in rows[1:] if row[0]) == ["R1", "R2", "R3", "R4"]


def test_a_request_reaches_triage_even_if_its_sender_cannot_be_thanked(rooms: Rooms) -> None:
    """A missing word of thanks never hides a request from the leads."""
    rooms.fault("slack.conversations.open", do="status", status=429, retry_after=1000, times=1)
    rooms.world.engine.start("request", "request:1", asked=asked(rooms), ce_id=rooms.ids[CE])
    assert rooms.world.engine.settle(60)

    assert any("R1: Quillstone Bank" in row["text"] for row in rooms.stage.raw()["messages"])


def test_the_second_decision_changes_nothing_and_its_lead_hears_so(rooms: Rooms) -> None:
    """The first one stands, the requester hears it alone, and no project begins."""
    rooms.run("request", "request:1", asked=asked(rooms), ce_id=rooms.ids[CE])
    people = {"pm": rooms.ids[LEAD], "ie": "", "ta": "", "kickoff": "2027-01-11"}

    rooms.run("decision", "decision:1", request_id="R1", by=rooms.ids[FIRST], reason="No capacity")
    rooms.run("decision", "decision:2", request_id="R1", by=rooms.ids[SECOND], selection=people)
    assert rooms.world.engine.settle(60)

    assert any("Declined by Grace Liu" in text for text in rooms.told(SECOND))
    for person in (CE, AE):
        assert len([text for text in rooms.told(person) if "declined" in text]) == 1
        assert not any("selected" in text for text in rooms.told(person))
    assert rooms.world.engine.status("provision:R1") == "absent"


def test_the_account_executive_is_told_even_if_the_engineer_cannot_be(rooms: Rooms) -> None:
    """One person's closed door is not the other's silence."""
    rooms.run("request", "request:1", asked=asked(rooms), ce_id=rooms.ids[CE])
    assert rooms.world.engine.settle(60)
    rooms.fault("slack.conversations.open", do="status", status=429, retry_after=1000, times=1)

    rooms.run("decision", "decision:1", request_id="R1", by=rooms.ids[FIRST], reason="No capacity")

    assert any("No capacity" in text for text in rooms.told(AE))
