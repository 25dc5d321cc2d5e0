"""Repair: looks at the real workspace, makes only what is missing, and says of each thing what became of it."""

from __future__ import annotations

from typing import Any

import pytest

from bot import ledger
from bot.errors import UserError
from bot.project.schema import load
from bot.provisioning import repair, tags
from bot.world import structure
from bot.world.sheets import COLUMN_KEY
from tests.provisioning.conftest import CE, LEAD, ONE, PEOPLE, Site


@pytest.fixture
def done(site: Site) -> Site:
    """A site with a complete project."""
    site.request()
    assert site.set_up()["failures"] == {}
    return site


def repaired(site: Site, number: int = 1) -> dict[str, tuple[str, str]]:
    """One repair; result and words by title."""
    report = str(site.rooms.run("repair", f"asked:repair:{number}", subject="R1", slot=""))
    lines = [line for line in report.splitlines() if ": " in line]
    return {line[9:].partition(": ")[0]: (line[:8].strip(), line.partition(": ")[2]) for line in lines}


def results(found: dict[str, tuple[str, str]], *results: str) -> set[str]:
    """The titles with one of these results."""
    return {title for title, (result, _) in found.items() if result in results}


def slack(site: Site, method: str, **arguments: Any) -> Any:
    """A call that the bot itself never makes."""
    return site.rooms.world.slack._api.repeat(method, **arguments)


def test_a_whole_project_is_left_alone(done: Site) -> None:
    """Every item is there and skipped; nothing is written anywhere."""
    before = done.rooms.stage.workspace.control("GET", "log")["counts"]

    found = repaired(done)

    assert results(found, "done", "failed", "missing") == set()
    assert len(found) == len(repair.ITEMS)
    after = done.rooms.stage.workspace.control("GET", "log")["counts"]
    written = {name for name in after if after[name] != before.get(name)}
    assert not any(word in name for name in written for word in ("create", "copy", "update", "Update", "post", "add"))


def test_the_last_line_counts_what_became_of_each() -> None:
    """Done, skipped, failed; a person's own words make no failure of a report that has none."""
    lines = [
        repair.Line("done", "Plan", "it was in the trash"),
        repair.Line("skipped", "Card", "it is there"),
        repair.Line("failed", "Channel", "it is archived"),
    ]

    assert repair.report(lines).endswith("\n1 done; 1 skipped; 1 failed")
    assert repair.failed(repair.report(lines))
    assert repair.report(lines[1:2]).endswith("\nEverything is there.")
    assert not repair.failed(repair.report([repair.Line("done", "Plan", "failed to be found"), lines[1]]))


def test_files_in_the_trash_or_elsewhere_come_back_as_they_were(done: Site) -> None:
    """What people wrote in them is still there; nothing is copied."""
    drive, row = done.rooms.world.drive, done.project()
    done.rooms.type(row["playbook_id"], "Notes", 2, {"Text": "kept"})
    drive.update(row["playbook_id"], trashed=True)
    drive.update(row["plan_id"], move=(row["folder_id"], drive.root().id))

    found = repaired(done)

    assert results(found, "done") == {"Playbook", "Project plan"}
    assert found["Playbook"][1] == "it was in the trash"
    assert found["Project plan"][1] == "it was moved elsewhere"
    for name in ("playbook_id", "plan_id"):
        file = drive.get(row[name])
        assert (file.trashed, file.parents) == (False, (row["folder_id"],))
    assert done.made() == ONE
    assert any("kept" in cells for cells in done.rooms.stage.rows(LEAD, row["playbook_id"], "Notes"))


def test_trashed_folders_come_back_with_all_in_them(done: Site) -> None:
    """The customer's folder first, then the project's; the files in them are there again with it."""
    drive, row = done.rooms.world.drive, done.project()
    top = drive.get(row["folder_id"]).parents[0]
    drive.update(row["folder_id"], trashed=True)
    drive.update(top, trashed=True)

    found = repaired(done)

    assert {"Customer's folder", "Project's folder"} <= results(found, "done")
    assert results(found, "failed") == set()
    assert not any(drive.get(row[f"{name}_id"]).trashed for name in ("folder", "playbook", "plan"))
    assert done.made() == ONE


def test_a_plan_that_is_gone_for_good_is_made_anew_and_filled(done: Site) -> None:
    """It stands in its folder, dated again; links, row and store lead to it; the lost one leaves no trace."""
    world, row = done.rooms.world, done.project()
    world.drive.google.drive.files().delete(fileId=row["plan_id"], supportsAllDrives=True).execute()

    found = repaired(done)

    assert {"Project plan", "Plan's contents", "Sheets watched", "Links in the channel"} <= results(found, "done")
    assert results(found, "failed") == set()
    plan_id = done.project()["plan_id"]
    assert plan_id != row["plan_id"]
    assert done.records("R1", "plan", "summary")[0].customer == "Quillstone Bank"
    assert any(plan_id in url for url in world.slack.bookmarks(row["channel_id"]))
    assert done.made()["welcome"] == 1


def test_an_archived_channel_is_opened_and_its_people_and_links_come_back(done: Site) -> None:
    """Also who was removed from it; nobody is welcomed twice."""
    row = done.project()
    place = row["channel_id"]
    slack(done, "conversations.kick", channel=place, user=done.rooms.ids[CE])
    mark = done.rooms.world.slack._api.read("bookmarks.list", channel_id=place)["bookmarks"][0]
    slack(done, "bookmarks.remove", channel_id=place, bookmark_id=mark["id"])
    slack(done, "conversations.archive", channel=place)

    found = repaired(done)

    assert results(found, "done") == {"Channel", "People in the channel", "Links in the channel"}
    assert "Ines Duarte" in found["People in the channel"][1]
    assert mark["title"] in found["Links in the channel"][1]
    assert done.made() == ONE


def test_a_channel_that_lost_the_bot_is_not_made_twice(done: Site) -> None:
    """It is said what a person has to do; what does not need the channel is looked at all the same."""
    slack(done, "conversations.leave", channel=done.project()["channel_id"])
    done.rooms.world.drive.update(done.project()["plan_id"], trashed=True)

    found = repaired(done)

    assert found["Channel"][0] == "failed"
    assert "invite me there again" in found["Channel"][1]
    assert found["Project plan"][0] == "done"
    assert found["Links in the channel"] == ("failed", "it waits for: channel")
    assert repair.failed(repair.report(repair.repaired(done.rooms.world, "R1")))
    assert done.made() == ONE


def test_access_portfolio_line_tags_and_card_come_back(done: Site) -> None:
    """Each only where it is missing; and it is kept in the audit who did it."""
    world, row = done.rooms.world, done.project()
    gone = next(one for one in world.drive.permissions(row["folder_id"]) if one.email == PEOPLE["ie"])
    ways = world.drive.google.drive.permissions()
    ways.delete(fileId=row["folder_id"], permissionId=gone.id, supportsAllDrives=True).execute()
    done.rooms.stage.act(LEAD, "delete_row", file=world.backlog(), tab="Portfolio", row=2)
    lookup = {"developerMetadataLookup": {"metadataKey": COLUMN_KEY}}
    world.sheets.batch_update(row["plan_id"], [{"deleteDeveloperMetadata": {"dataFilter": lookup}}])
    card = world.store.sending("setup:R1")
    assert card is not None
    slack(done, "chat.delete", channel=card.channel, ts=card.ts)

    found = repaired(done)

    assert results(found, "done") == {
        "Access to the folder", "Line in the portfolio", "Plan's tags and warnings", "Set-up card",
    }  # fmt: skip
    assert results(found, "failed") == set()
    assert PEOPLE["ie"] in {one.email for one in world.drive.permissions(row["folder_id"])}
    assert tags.missing(load("standard_plan"), structure.read(world.sheets.google, row["plan_id"])) == []
    told = "\n".join(ledger.lines(world, "R1"))
    assert "repair: Access to the folder" in told
    assert results(repaired(done, 2), "done", "failed") == set()


def test_a_dry_run_says_what_is_missing_and_makes_nothing(done: Site) -> None:
    """The same words, and the workspace as it was."""
    done.rooms.world.drive.update(done.project()["plan_id"], trashed=True)

    told = repair.preview(done.rooms.world, "R1")

    assert "missing  Project plan: it was in the trash" in told
    assert done.rooms.world.drive.get(done.project()["plan_id"]).trashed


def test_a_deleted_tab_is_left_to_a_person(done: Site) -> None:
    """Half a file is not filled over; the words say where to get the tab back."""
    plan = load("standard_plan")
    request = {"deleteSheet": {"sheetId": plan.tab("tasks").sheet_id}}
    done.rooms.world.sheets.batch_update(done.project()["plan_id"], [request])

    found = repaired(done)

    assert found["Plan's contents"][0] == "failed"
    assert "Version history" in found["Plan's contents"][1]


def test_who_joined_since_counts_and_who_left_does_not(done: Site) -> None:
    """The playbook says who runs the project now; repair goes by it."""
    world, row = done.rooms.world, done.project()
    people = done.rooms.stage.rows(LEAD, row["playbook_id"], "Stakeholders")
    assert people[0][0] == "ID"
    new = {"Name": "Yuki Tanaka", "E-mail": "yuki.tanaka@fernhill.example"}
    done.rooms.type(row["playbook_id"], "Stakeholders", 3, new)
    overview = done.rooms.stage.rows(LEAD, row["playbook_id"], "Overview")
    number = next(n for n, cells in enumerate(overview, 1) if cells[0] == "ie")
    done.rooms.stage.type_cell(LEAD, row["playbook_id"], "Overview", f"C{number}", "Yuki Tanaka")
    done.rooms.sweep("1")

    found = repaired(done)

    assert "yuki.tanaka@fernhill.example" in found["Access to the folder"][1]
    assert done.rooms.ids["yuki.tanaka@fernhill.example"] in world.slack.members(row["channel_id"])


def test_an_unknown_project_is_said_so(site: Site) -> None:
    """With the way to find the right key."""
    with pytest.raises(UserError, match="implbot projects"):
        repair.preview(site.rooms.world, "R77")


def test_the_audit_is_told_oldest_first_with_names_and_local_time(done: Site) -> None:
    """People by name and address, the bot by its own; times in the project's zone."""
    world = done.rooms.world
    world.audit(done.rooms.ids[LEAD], "Selected", "R1", reason="strategic\naccount")

    told = list(ledger.lines(world, "R1"))

    times = [line.partition("\t")[0] for line in told]
    assert times == sorted(times)
    assert "\timplbot\tset-up: " in told[0]
    assert told[-1].endswith("\tGrace Liu <grace.liu@fernhill.example>\tSelected\tR1\tstrategic account")
    assert all(" IST\t" in line for line in told)
