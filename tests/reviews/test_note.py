"""Logging a message as a risk or an issue: one row that leads back to the message, and a word in its thread."""

from __future__ import annotations

from typing import Any

from bot.reviews import note, views
from bot.world.listening import Act
from tests.desk import PM
from tests.pictures import LENA, TOM
from tests.reviews.conftest import CHANNEL, Monday

GUEST = "gus@partner.example"


def posted(monday: Monday, person: str, text: str, channel: str = CHANNEL) -> dict[str, Any]:
    """A message of somebody's, with where it stands."""
    stage = monday.desk.rooms.stage
    stage.act(person, "post", channel=channel, text=text)
    seen = stage.workspace.control("GET", f"people/{person}/sees")["channels"]
    place = next(row for row in seen if row["name"] == channel)
    return {**place["messages"][-1], "channel": place["id"]}


def log_it(monday: Monday, person: str, message: dict[str, Any]) -> dict[str, Any]:
    """Choose the shortcut of a message; the form it opened, or what was told."""
    stage = monday.desk.rooms.stage
    stage.act(person, "shortcut", callback_id="reviews_log", channel=message["channel"], ts=message["ts"])
    return dict(stage.wait_for("the form of the shortcut", lambda: next(iter(views_of(monday, person)[::-1]), None)))


def views_of(monday: Monday, person: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = monday.desk.rooms.stage.workspace.control("GET", f"people/{person}/sees")["views"]
    return found


def initial(view: dict[str, Any], block_id: str) -> Any:
    element = next(block["element"] for block in view["blocks"] if block.get("block_id") == block_id)
    return next((value for name, value in element.items() if name.startswith("initial_")), None)


def test_a_message_of_the_channel_becomes_a_risk(monday: Monday) -> None:
    """The form has the message's words and the presser as owner; the row leads back, and the thread says who."""
    message = posted(monday, TOM, "The supplier <may> be late & silent")
    view = log_it(monday, LENA, message)
    assert initial(view, "text") == "The supplier <may> be late & silent"
    assert initial(view, "owner") == monday.desk.rooms.ids[LENA]
    refused = monday.submit(view, LENA, text=" ", due="2026-11-20")
    monday.submit(view, LENA, text="=Supplier late", probability="3", impact="5", due="2026-11-20")

    row = monday.desk.rows("playbook", "Risks")[-1]
    assert "text" in refused["errors"]
    assert (row["Risk (cause, event, effect)"], row["Owner"], row["Status"]) == (
        "=Supplier late",
        "Lena Fischer",
        "Open",
    )
    assert (row["Score"], row["Opened"], row["Mitigation due"]) == ("15", "2026-11-16", "2026-11-20")
    assert message["ts"].replace(".", "") in row["Trigger"]
    (told,) = [one for one in monday.messages() if one.get("thread_ts") == message["ts"] and one["ts"] != message["ts"]]
    assert f"Lena Fischer logged this as risk {row['ID']} of Quillstone Bank: =Supplier late" in told["text"]
    assert "gid=1007" in str(told["blocks"])


def test_a_message_of_another_channel_asks_for_the_project(monday: Monday) -> None:
    """An issue asks for its severity; a thread that is not the project's hears no more than that it was logged."""
    message = posted(monday, PM, "Disk is full", channel="general")
    view = log_it(monday, PM, message)
    kind = next(block for block in view["blocks"] if block.get("block_id") == "kind")
    choice = {"view_id": view["id"], "block_id": "kind", "action_id": kind["element"]["action_id"]}
    stage = monday.desk.rooms.stage
    stage.act(PM, "press", value=views.ISSUE, **choice)
    stage.wait_for("the form of an issue", lambda: initial_or_none(monday, "severity"))
    monday.submit(view, project="R1 · Quillstone Bank", severity="High", text="Disk is full")

    row = monday.desk.rows("playbook", "Issues")[-1]
    assert (row["Title"], row["Severity"], row["Owner"], row["Kind"]) == ("Disk is full", "High", "Priya Nair", "Issue")
    assert message["ts"].replace(".", "") in row["Tracker link"] or not row["Tracker link"]
    told = [one["text"] for one in [*stage.messages(PM, "general"), *stage.messages(PM)]]
    assert any(f"Priya Nair logged this as issue {row['ID']}" in text for text in told)
    assert not any("Quillstone" in text for text in (one["text"] for one in stage.messages(PM, "general")))


def initial_or_none(monday: Monday, block_id: str) -> Any:
    view = views_of(monday, PM)[-1]
    return initial(view, block_id) if any(block.get("block_id") == block_id for block in view["blocks"]) else None


def test_a_form_sent_twice_makes_one_row(monday: Monday) -> None:
    """The key is the form's: a second delivery finds the first one's work."""
    rooms = monday.desk.rooms
    memo = f'{{"project": "R1", "channel": "{monday.channel}", "ts": "1.0", "thread": "1.0"}}'
    values = {"kind": views.ISSUE, "text": "Twice sent", "owner": rooms.ids[TOM], "severity": "Low", "due": ""}
    act = Act("V1", rooms.ids[TOM], rooms.world.slack.team_id, memo=memo, view_id="V1", values=values)

    for _ in range(2):
        assert note.told(rooms.world, act) is None
    monday.done()

    rows = [row for row in monday.desk.rows("playbook", "Issues") if row["Title"] == "Twice sent"]
    assert [row["Tracker link"] for row in rows] == [""]  # there is no such message to lead back to
    assert any("logged this as issue" in text for text in rooms.told(TOM))


def test_a_guest_is_refused(monday: Monday) -> None:
    """Who is not of our staff is told whom to ask, and no form opens."""
    rooms = monday.desk.rooms
    partners = {"name": "partners", "private": False, "members": ["app", PM, GUEST]}
    people = [{"email": GUEST, "name": "Gus Guest", "guest": True}]
    rooms.stage.workspace.control("POST", "seed", {"people": people, "channels": [partners]})
    message = posted(monday, GUEST, "Please note", channel="partners")

    rooms.stage.act(GUEST, "shortcut", callback_id="reviews_log", channel=message["channel"], ts=message["ts"])
    rooms.stage.wait_for("a refusal", lambda: any("our own staff" in one["text"] for one in said(monday)))

    assert views_of(monday, GUEST) == []


def said(monday: Monday) -> list[dict[str, Any]]:
    return [*monday.desk.rooms.stage.messages(GUEST, "partners"), *monday.desk.rooms.stage.messages(GUEST)]
