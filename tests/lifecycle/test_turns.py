"""A project's turns: held, resumed, cancelled, re-opened, renamed, handed over; the sheets and the team follow."""

from __future__ import annotations

from datetime import timedelta

from bot.project import names
from tests.lifecycle.conftest import OTHER_ENGINEER, OTHER_PM, Turning
from tests.walks.conftest import ADVISOR, ENGINEER, PM


def test_held_asked_about_on_its_day_and_resumed(project: Turning) -> None:
    """State in store, Overview and portfolio; the reason in the channel; on the day the PM is asked, once."""
    until = (project.walk.today() + timedelta(days=2)).isoformat()
    view = project.press("lifecycle_hold", "Reminders and digests stop")
    assert project.submit(view, reason=" ", until="")["errors"]
    assert project.submit(view, reason="Contract is late", until="2020-01-01")["errors"]
    project.submit(view, reason="Contract is late", until=until)

    assert project.row()["state"] == project.overview("State") == project.line("Portfolio")["State"] == "On hold"
    assert any("put Harborpine Logistics on hold" in said and "Contract is late" in said for said in project.said())
    for hour in ("1", "2"):
        project.walk.world.engine.start("lifecycle", f"hour:{hour}", subject="all", slot=hour)
    assert project.walk.world.engine.settle(60)
    assert not project.walk.find(PM, "was on hold until today")

    project.walk.go(project.walk.today() + timedelta(days=2), 9)
    for hour in ("3", "4"):
        project.walk.world.engine.start("lifecycle", f"hour:{hour}", subject="all", slot=hour)
    assert project.walk.world.engine.settle(60)
    asked = project.walk.find(PM, "was on hold until today")
    assert asked
    project.walk.stage.act(PM, "press", channel=asked["channel"], ts=asked["ts"], action_id="lifecycle_resume")
    view = project.form("begin again")
    project.submit(view)

    assert project.row()["state"] == project.overview("State") == "Active"
    assert project.walk.world.engine.status(f"turn:{view['id']}:look") == "done", "its sheets were not read anew"
    assert len([m for m in project.walk.stage.messages(PM) if "was on hold until today" in m["text"]]) == 1


def test_cancelled_deletes_nothing_and_can_be_reopened(project: Turning) -> None:
    """Every file, channel and person stays; the second of two forms comes too late; who can still look is named."""
    before = {row["id"] for row in project.walk.stage.raw()["files"] if not row.get("trashed")}
    view = project.press("lifecycle_cancel", "it can be re-opened")
    project.submit(view, reason="Lost to another plan")

    assert project.row()["state"] == project.overview("State") == project.line("Portfolio")["State"] == "Cancelled"
    after = {row["id"] for row in project.walk.stage.raw()["files"] if not row.get("trashed")}
    assert before <= after
    assert not next(c for c in project.walk.stage.raw()["channels"] if c["id"] == project.row()["channel_id"])[
        "is_archived"
    ]
    view = project.press("lifecycle_reopen", "with the sheets as they stand")
    project.submit(view, reason="They came back")

    assert project.row()["state"] == project.overview("State") == "Active"
    told = [entry.act for entry in project.walk.world.store.audit("R1")]
    assert "Cancel project" in told
    assert "Re-open" in told


def test_a_part_that_fails_is_told_and_done_within_the_hour(project: Turning) -> None:
    """Google does not take the Overview: the state counts at once, and the next hour writes what is left."""
    method = "sheets.spreadsheets.values.batchUpdateByDataFilter"
    rule = {"method": method, "do": "status", "status": 403, "times": 1}
    view = project.press("lifecycle_hold", "Reminders and digests stop")
    project.walk.stage.workspace.control("POST", "faults", {"rules": [rule]})
    project.submit(view, reason="Waiting", until="")

    assert project.row()["state"] == "On hold"
    assert project.walk.find(PM, "this could not be done yet")
    project.walk.world.engine.start("lifecycle", "hour:1", subject="all", slot="h1")
    assert project.walk.world.engine.settle(60)

    assert project.overview("State") == project.line("Portfolio")["State"] == "On hold"
    assert len([said for said in project.said() if "on hold" in said]) == 1
    project.walk.world.engine.start("lifecycle", "hour:2", subject="all", slot="h2")
    assert project.walk.world.engine.result("hour:2") == 0


def test_a_customer_is_renamed_everywhere(project: Turning) -> None:
    """Folder with its key, files, topic, playbook, plan, backlog, portfolio and what the bot knows."""
    folder, slack = project.file(project.row()["folder_id"]), project.walk.world.slack
    shared = slack.ensure_channel("ext-harborpine-logistics", names.customer_topic("R1", "Harborpine Logistics"), False)
    kept = {"id": shared.id, "name": shared.name, "invites": {}}
    project.walk.world.store.remember(names.customer_channel_key("R1"), kept)
    view = project.press("lifecycle_rename", "Folder, files, topic")
    project.submit(view, name="Harborpine Shipping", reason="They merged")

    row, world = project.row(), project.walk.world
    assert row["customer"] == "Harborpine Shipping"
    assert project.file(folder["parents"][0])["name"] == "Harborpine Shipping"
    assert project.file(row["plan_id"])["name"].startswith("Harborpine Shipping · ")
    assert project.file(row["playbook_id"])["name"].startswith("Harborpine Shipping · ")
    assert project.overview("Customer") == "Harborpine Shipping"
    assert project.field(row["plan_id"], "Summary", "Customer") == "Harborpine Shipping"
    assert project.line("Portfolio")["Customer"] == project.line("Requests")["Customer"] == "Harborpine Shipping"
    channel = next(one for one in project.walk.stage.raw()["channels"] if one["id"] == row["channel_id"])
    assert "Harborpine Shipping" in str(channel["topic"])
    seen = next(one for one in project.walk.stage.raw()["channels"] if one["id"] == shared.id)
    assert seen["name"] == "ext-harborpine-shipping"
    assert "R1 · Harborpine Shipping · shared with the customer" in str(seen["topic"])
    assert world.store.recall(names.customer_channel_key("R1")) == {**kept, "name": "ext-harborpine-shipping"}
    again = world.drive.get(folder["parents"][0])
    assert again.key == names.customer_key("Harborpine Shipping")
    assert world.store.recall(names.customer_key("Harborpine Logistics")) is None
    assert any("renamed Harborpine Logistics to Harborpine Shipping" in said for said in project.said())


def test_people_change_and_everything_follows(project: Turning) -> None:
    """Marcus takes over from Priya and Yuki from Lena; folder, channel, sheets follow; owner cells are only listed."""
    row, ids = project.row(), project.walk.ids
    view = project.press("lifecycle_people", "whoever comes in gets files")
    project.submit(
        view, pm=ids[OTHER_PM], ie=ids[OTHER_ENGINEER], ta=ids[ADVISOR], former="keeps reading", reason="New team"
    )

    assert project.row()["pm"] == OTHER_PM
    assert project.overview("Project manager") == "Marcus Webb"
    assert project.overview("Implementation engineer") == "Yuki Tanaka"
    assert project.line("Portfolio")["PM"] == OTHER_PM
    access = project.access(row["folder_id"])
    assert access[OTHER_PM] == access[OTHER_ENGINEER] == access[ADVISOR] == "writer"
    assert access[PM] == access[ENGINEER] == "reader"
    members = project.walk.world.slack.members(row["channel_id"])
    assert {ids[OTHER_PM], ids[OTHER_ENGINEER]} <= members
    named = project.walk.find(PM, "these still name who went")
    assert named
    assert "Owner: Priya Nair" in named["text"]
    rows = project.walk.stage.rows(PM, row["playbook_id"], "Stakeholders")
    assert len([one for one in rows if "Marcus Webb" in one]) == 1
    picture = project.walk.world.picture("R1")
    assert picture
    assert picture.email_of(picture.overview.pm) == OTHER_PM


def test_who_goes_can_lose_the_folder(project: Turning) -> None:
    """The direct share is taken away when the form says so, unless another role of theirs needs it."""
    view = project.press("lifecycle_people", "whoever comes in gets files")
    ids = project.walk.ids
    project.submit(view, pm=ids[PM], ie=ids[PM], ta=ids[ADVISOR], former="loses the folder", reason="")

    access = project.access(project.row()["folder_id"])
    assert ENGINEER not in access
    assert access[PM] == "writer"
