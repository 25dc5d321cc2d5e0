"""People work in the backlog sheet: the bot follows, and asks before it acts on a decision that was typed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rooms import Rooms
from tests.triage.test_decide import AE, CE, FIRST, SECOND, asked

LEAD = "sofia.rossi@fernhill.example"


def recorded(rooms: Rooms, *customers: str) -> str:
    """Requests R1, R2 … of these customers; returns the backlog's file ID."""
    for customer in customers or ("Quillstone Bank",):
        rooms.run("request", f"request:{customer}", asked=asked(rooms, customer), ce_id=rooms.ids[CE])
    assert rooms.world.engine.settle(60)
    return rooms.world.backlog()


def letters(index: int) -> str:
    """A column's letters by its place, from 0."""
    return chr(ord("A") + index) if index < 26 else letters(index // 26 - 1) + letters(index % 26)


def typed(rooms: Rooms, file_id: str, number: int, **cells: str) -> None:
    """Type into cells of a sheet row, by column title with _ for blanks, as a lead."""
    titles = rooms.stage.rows(LEAD, file_id, "Requests")[0]
    for title, value in cells.items():
        place = f"{letters(titles.index(title.replace('_', ' ')))}{number}"
        rooms.stage.type_cell(LEAD, file_id, "Requests", place, value)


def row(rooms: Rooms, file_id: str, request_id: str = "R1") -> dict[str, str]:
    listed = rooms.stage.rows(LEAD, file_id, "Requests")
    cells = next(line for line in listed if line and line[0] == request_id)
    return dict(zip(listed[0], [*cells, *[""] * len(listed[0])], strict=False))


def posts(rooms: Rooms, words: str) -> list[dict[str, Any]]:
    """What stands in the triage channel with these words."""
    return [one for one in rooms.stage.messages(LEAD, "impl-triage") if words in one["text"]]


def followed(rooms: Rooms, key: str) -> str:
    report = str(rooms.run("follow", f"follow:{key}"))
    assert rooms.world.engine.settle(60)
    return report


def test_criteria_typed_in_the_sheet_change_score_rank_and_card(rooms: Rooms) -> None:
    """One look later the order is right in both rows and on both cards, each edited in place."""
    file_id = recorded(rooms, "Harborpine Logistics", "Quillstone Bank")
    before = {one["ts"] for one in posts(rooms, "Score")}
    criteria = dict.fromkeys(
        ("Revenue_impact", "Size_and_complexity", "Account_and_market", "Intangibles", "Fit_with_capacity"), "3"
    )
    typed(rooms, file_id, 3, **criteria)
    followed(rooms, "1")

    assert (row(rooms, file_id, "R2")["Score"], row(rooms, file_id, "R2")["Rank"]) == ("15", "1")
    assert row(rooms, file_id, "R1")["Rank"] == "2"
    assert "score 15 of 25" in row(rooms, file_id, "R2")["Why this rank"]
    assert {one["ts"] for one in posts(rooms, "Score")} == before
    assert len(posts(rooms, "Score 15 of 25")) == 1
    assert len(posts(rooms, "number 2 of 2")) == 1


def test_a_quiet_backlog_needs_no_write_and_no_post(rooms: Rooms) -> None:
    """A second look over the same rows reads, and that is all."""
    recorded(rooms)
    followed(rooms, "1")
    names = ("sheets.spreadsheets.values.batchUpdate", "slack.chat.update", "slack.chat.postMessage")
    before = [rooms.calls(name) for name in names]

    assert followed(rooms, "2") == "0 cells of the order written, 0 requests back, 0 cards shown"
    assert [rooms.calls(name) for name in names] == before


@pytest.mark.parametrize("status", ["Selected", "Declined"])
def test_a_typed_decision_asks_and_does_nothing(rooms: Rooms, status: str) -> None:
    """Leads are asked once in their channel; nobody is told, nothing is set up, however often it is seen."""
    file_id = recorded(rooms)
    typed(rooms, file_id, 2, Status=status)
    for key in ("1", "2"):
        followed(rooms, key)

    assert len(posts(rooms, f"{status} into the row of R1")) == 1
    assert "Nothing happens before a lead confirms it here" in posts(rooms, "R1 · Quillstone")[0]["text"]
    assert rooms.world.engine.status("provision:R1") == "absent"
    for person in (CE, AE):
        assert not [text for text in rooms.told(person) if "was selected" in text or "was declined" in text]
    assert "asked to confirm" in [entry.act for entry in rooms.world.store.audit()]


def test_a_typed_selection_is_confirmed_by_a_lead_s_decision(rooms: Rooms) -> None:
    """From then on it is a decision like any other, and the question says that it is settled."""
    file_id = recorded(rooms)
    typed(rooms, file_id, 2, Status="Selected")
    followed(rooms, "1")
    people = {"pm": rooms.ids[LEAD], "ie": "", "ta": "", "size": "L", "kickoff": "2027-01-11"}
    rooms.run("decision", "decision:1", request_id="R1", by=rooms.ids[FIRST], selection=people, verdict="Selected")
    assert rooms.world.engine.settle(90)

    told = row(rooms, file_id)
    assert (told["Status"], told["Decided by"], told["Size class"]) == ("Selected", "Grace Liu", "L")
    project = rooms.world.store.project("R1")
    assert project
    overview = {line[0]: line[2] for line in rooms.stage.rows(LEAD, project["playbook_id"], "Overview") if line[2:]}
    assert overview["size_class"] == "L"
    assert posts(rooms, "That is settled: its status is Selected now")
    assert any("was selected" in text for text in rooms.told(CE))
    followed(rooms, "2")
    assert not posts(rooms, "Nothing happens before")


def test_a_typed_selection_is_put_back(rooms: Rooms) -> None:
    """The row has the status it had; typed again, it is asked again."""
    file_id = recorded(rooms)
    typed(rooms, file_id, 2, Status="In review")
    followed(rooms, "1")
    typed(rooms, file_id, 2, Status="Selected")
    followed(rooms, "2")
    rooms.run("put-back", "put-back:1", request_id="R1", by=rooms.ids[SECOND])

    assert row(rooms, file_id)["Status"] == "In review"
    assert row(rooms, file_id)["Rank"] == "1"
    assert posts(rooms, "That is settled: its status is In review now")
    typed(rooms, file_id, 2, Status="Selected")
    followed(rooms, "3")
    assert len(posts(rooms, "Selected into the row of")) == 1


def test_selected_typed_after_a_deferral_still_asks(rooms: Rooms) -> None:
    """An earlier decision of another kind confirms nothing."""
    file_id = recorded(rooms)
    told = {"verdict": "Deferred", "until": "2030-01-07", "reason": "Full"}
    rooms.run("decision", "decision:1", request_id="R1", by=rooms.ids[FIRST], **told)
    typed(rooms, file_id, 2, Status="Selected")
    followed(rooms, "1")

    assert len(posts(rooms, "Selected into the row of")) == 1


def test_withdrawn_in_the_sheet_closes_the_card_and_is_told_once(rooms: Rooms) -> None:
    """A status that decides nothing is followed; CE and AE hear of it with the reason that was typed."""
    file_id = recorded(rooms)
    typed(rooms, file_id, 2, Decision_reason="They chose Cloud", Status="Withdrawn")
    for key in ("1", "2"):
        followed(rooms, key)

    for person in (CE, AE):
        heard = [text for text in rooms.told(person) if "now Withdrawn" in text]
        assert len(heard) == 1
        assert "They chose Cloud" in heard[0]
    card = posts(rooms, "R1 · Quillstone")[0]
    assert "triage_select" not in str(card["blocks"])


def test_a_row_that_somebody_typed_gets_its_id_and_its_card(rooms: Rooms) -> None:
    """Whoever writes a request into the sheet has asked as well."""
    file_id = recorded(rooms)
    typed(rooms, file_id, 3, Customer="Harborpine Logistics", Request_type="Feature expansion", Status="New")
    followed(rooms, "1")

    assert row(rooms, file_id, "R2")["Customer"] == "Harborpine Logistics"
    assert row(rooms, file_id, "R2")["Rank"] == "2"
    assert len(posts(rooms, "R2 · Harborpine")) == 1


def test_a_deleted_card_is_shown_again(rooms: Rooms) -> None:
    """Found by the next look; and by the next decision, when that comes first."""
    recorded(rooms, "Quillstone Bank", "Harborpine Logistics")
    channel = rooms.world.slack.channel_id("impl-triage")
    for one in posts(rooms, "Score"):
        rooms.world.slack._api.repeat("chat.delete", channel=channel, ts=one["ts"])  # as a person with rights does
    assert posts(rooms, "Score") == []

    rooms.run("decision", "decision:1", request_id="R2", by=rooms.ids[FIRST], reason="No capacity")
    assert len(posts(rooms, "R2 · Harborpine")) == 1
    followed(rooms, "1")
    assert len(posts(rooms, "R1 · Quillstone")) == 1
    assert followed(rooms, "2").endswith("0 cards shown")


def test_one_request_s_trouble_is_not_the_others(rooms: Rooms) -> None:
    """A card that cannot be shown keeps no other one from being shown, and comes with the next look."""
    file_id = recorded(rooms, "Harborpine Logistics", "Quillstone Bank")
    typed(rooms, file_id, 2, Hosting_provider="Azure")
    typed(rooms, file_id, 3, Hosting_provider="Azure")
    rooms.fault("slack.chat.update", do="status", status=429, retry_after=1000, times=1)

    assert followed(rooms, "1").endswith("1 cards shown")
    assert followed(rooms, "2").endswith("1 cards shown")
    assert len(posts(rooms, "Azure")) == 2
