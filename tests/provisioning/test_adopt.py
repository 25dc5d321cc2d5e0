"""Sheets that people keep already: taken for a request, and not filled, copied or spoken of before somebody looked."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import app, rebuild
from bot.errors import UserError
from bot.provisioning import repair
from bot.templates.adopt import adopt
from tests.provisioning.conftest import Site


def by_hand(site: Site, schema: str, title: str) -> str:
    """A sheet that a lead made of a template, in the shared drive; gives its id."""
    drive, source = site.rooms.world.drive, site.rooms.world.template(schema)
    body = {"name": title, "parents": [drive.root().id]}
    made = drive.google.drive.files().copy(fileId=source, body=body, supportsAllDrives=True).execute()
    return str(made["id"])


@pytest.fixture
def kept(site: Site) -> dict[str, str]:
    """A playbook and a plan of somebody's own, with a milestone in it, and a request that waits."""
    site.request(status="New")
    files = {"playbook": by_hand(site, "playbook", "Our notes"), "plan": by_hand(site, "standard_plan", "Our plan")}
    site.rooms.paste(files["plan"], "Milestones!A2", ["M77", "Sign the lease"])
    return files


def test_what_people_wrote_stays_and_the_project_begins_in_silence(site: Site, kept: dict[str, str]) -> None:
    """The very files move into the project's folder, tagged and not filled; reminders begin as a dry run."""
    lines = adopt(
        site.rooms.world, "R1", kept["playbook"], f"https://docs.google.com/spreadsheets/d/{kept['plan']}/edit"
    )
    assert "R1 will go on with Our notes" in lines[0]

    outcome = site.set_up()

    assert outcome["failures"] == {}
    row = site.project()
    assert (row["playbook_id"], row["plan_id"], row["is_made"]) == (kept["playbook"], kept["plan"], False)
    assert "M77" in [one.id for one in site.records("R1", "plan", "milestones")]
    assert {row["folder_id"]} == set(site.rooms.world.drive.get(kept["plan"]).parents)
    assert site.made()["plan"] == 1
    assert "failed" not in repair.preview(site.rooms.world, "R1")


def test_a_rebuild_knows_that_people_made_them(site: Site, kept: dict[str, str], tmp_path: Path) -> None:
    """The marks on the files tell it to a store that knows nothing."""
    adopt(site.rooms.world, "R1", kept["playbook"], kept["plan"])
    site.set_up()
    elsewhere = site.rooms.world.settings.model_copy(update={"state_dir": tmp_path / "another"})

    with app.connected(elsewhere) as world:
        rebuild.rebuild(world)
        row = world.store.project("R1")

    assert row is not None
    assert (row["plan_id"], row["is_made"]) == (kept["plan"], False)


def test_what_cannot_be_adopted_is_said_and_nothing_is_changed(site: Site, kept: dict[str, str]) -> None:
    """Another kind of file, one file for both, a file that is a template, a request that is set up or unknown."""
    world = site.rooms.world
    template = world.template("standard_plan")
    for request, playbook, plan, why in (
        ("R9", kept["playbook"], kept["plan"], "no request 'R9'"),
        ("R1", kept["playbook"], kept["playbook"], "cannot be adopted as standard_plan"),
        ("R1", kept["playbook"], world.backlog(), "cannot be adopted as standard_plan"),
        ("R1", kept["playbook"], template, "belongs to the templates"),
        ("R1", kept["playbook"], "nowhere-at-all", "I cannot open"),
        ("R1", world.drive.root().id, kept["plan"], "not a Google spreadsheet"),
    ):
        with pytest.raises(UserError, match=why):
            adopt(world, request, playbook, plan)
    assert world.drive.get(kept["playbook"]).properties.get("project") is None

    site.set_up()
    with pytest.raises(UserError, match="set up already"):
        adopt(world, "R1", kept["playbook"], kept["plan"])
