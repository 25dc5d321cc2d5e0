"""A set-up from the inside: every kind of project, failures that stay alone, two at once, a team's own template."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.project.schema import load, parts
from bot.project.starting_rows import template_rows
from bot.project.words import RequestType
from bot.provisioning import tags
from bot.provisioning.plan import STEPS
from bot.world import structure
from tests.provisioning.conftest import AE, CE, LEAD, ONE, PEOPLE, Site

KINDS = [kind for kind in RequestType if kind is not RequestType.OTHER]
PROOFS = {"proof_no_simpler": "They are air-gapped.", "proof_revenue": "Half of it.", "proof_reviewed": "Grace, Daniel"}


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_each_kind_of_project_gets_its_own_rows(site: Site, kind: RequestType) -> None:
    """Every tab that starts with rows holds those of the project's kind, in playbook and plan alike."""
    site.request(kind=kind, **(PROOFS if kind is RequestType.TRIAL else {}))

    outcome = site.set_up()

    assert outcome["failures"] == {}
    part = parts(kind)
    for file, name in (("playbook", part.playbook), ("plan", part.plan)):
        for tab in load(name).tabs:
            if tab.rows:
                wanted = [_first(row) for row in template_rows(tab, part.variant)]
                assert [_first(row) for row in site.records("R1", file, tab.name)][: len(wanted)] == wanted, tab.name


def _first(record: Any) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name in list(type(record).__dataclass_fields__)[:2])


def test_a_trial_plan_shows_its_proofs_but_not_the_revenue(site: Site) -> None:
    """The customer may read why it is a trial, and that the rest was confirmed; not what it is worth."""
    site.request(kind=RequestType.TRIAL, **PROOFS)

    site.set_up()

    summary = site.records("R1", "plan", "summary")[0]
    assert summary.proof_no_simpler == "They are air-gapped."
    assert (summary.proof_commercial, summary.proof_reviewed) == (True, True)
    assert "Half of it" not in str(site.rooms.stage.rows(PEOPLE["pm"], site.project()["plan_id"], "Summary"))


def test_the_size_class_stretches_the_plan(site: Site) -> None:
    """A large project's rollout is due three times as far from kickoff as a small one's."""
    site.request("R1")
    site.request("R2", customer="Harborpine Logistics")

    site.set_up("R1", size="S")
    site.set_up("R2", size="L")

    due = {key: {m.id: m.baseline for m in site.records(key, "plan", "milestones")} for key in ("R1", "R2")}
    assert due["R1"]["M8"] < due["R2"]["M8"]
    assert due["R1"]["M4"] == due["R2"]["M4"] == date(2027, 3, 2)
    assert site.records("R2", "playbook", "overview")[0].size_class == "L"


def test_everything_of_a_project_is_there_once_and_internal(site: Site) -> None:
    """Topic, links, people, the portfolio's line, the link in the backlog, a first snapshot; and no customer."""
    site.request()

    site.set_up()

    world, row = site.rooms.world, site.project()
    assert site.made() == ONE
    raw = site.rooms.stage.raw()
    channel = next(one for one in raw["channels"] if one["id"] == row["channel_id"])
    assert channel["topic"]["value"] == "R1 · Quillstone Bank · internal"
    assert channel["is_private"]
    ours = {site.rooms.ids[email] for email in (*PEOPLE.values(), CE, AE, LEAD)}
    assert world.slack.members(row["channel_id"]) == ours | {world.slack.user_id}
    assert len(world.slack.bookmarks(row["channel_id"])) == 3
    book = world.sheets.read(world.backlog(), load("backlog"), ("requests", "portfolio"))
    assert [line.id for line in book.records("portfolio")] == ["R1"]
    assert row["playbook_id"] in book.row("requests", "R1").record.project_link  # type: ignore[union-attr]  # it is there
    assert world.store.snapshot(row["playbook_id"])
    assert world.store.snapshot(row["plan_id"])
    domains = {
        str(one.get("emailAddress", "")).partition("@")[2] for file in raw["files"] for one in file["permissions"]
    }
    assert not any(domain.startswith(("harborpine", "quillstone")) for domain in domains)
    for file in ("playbook", "plan"):
        found = structure.read(world.sheets.google, row[f"{file}_id"])
        assert tags.missing(load(row["schemas"][file]), found) == []


def test_two_set_ups_of_one_customer_at_once_share_its_folder_and_nothing_else(site: Site) -> None:
    """One customer's folder; each project has its own folder in it, its own files and its own channel."""
    site.request("R1")
    site.request("R2", kind=RequestType.UPGRADE)

    flows = [site.start("R1"), site.start("R2")]
    outcomes = [site.rooms.world.engine.result(flow) for flow in flows]

    assert [outcome["failures"] for outcome in outcomes] == [{}, {}]
    one, two = site.project("R1"), site.project("R2")
    assert site.made("R1")["customer folder"] == 1
    assert one["channel_id"] != two["channel_id"]
    folders = [site.rooms.world.drive.get(row["folder_id"]) for row in (one, two)]
    assert folders[0].parents == folders[1].parents
    assert folders[0].id != folders[1].id
    names = sorted(row["name"] for row in site.rooms.stage.raw()["channels"] if "quillstone" in row["name"])
    assert names == ["impl-quillstone-bank", "impl-quillstone-bank-2"]
    shown = {site.records(key, "playbook", "overview")[0].channel for key in ("R1", "R2")}
    assert shown == {f"#{name}" for name in names}


def test_a_failed_step_leaves_the_others_and_retry_makes_what_is_missing(site: Site) -> None:
    """A refused share stands on the card with who can mend it; Retry does that and what waited for it, no more."""
    site.request()
    site.rooms.fault("drive.permissions.create", do="status", status=403, reason="insufficientFilePermissions")

    outcome = site.set_up()

    assert set(outcome["failures"]) == {"share"}
    assert set(outcome["done"]) == {step.name for step in STEPS} - {"share", "welcome"}
    card = _card(site)
    assert "✗  Folder shared with the team" in card["text"]
    assert "manager of the shared drive" in card["text"]
    site.rooms.stage.workspace.control("DELETE", "faults")
    kept = site.rooms.world.store.recall("selection:R1")
    again = site.rooms.run("provision", "provision:R1:2", request_id="R1", attempt=2, **kept)
    assert again["failures"] == {}
    assert site.made() == ONE
    assert "✓  Welcome posted" in _card(site)["text"]


def _card(site: Site) -> dict[str, Any]:
    shown = site.rooms.stage.messages(LEAD, "impl-triage")
    return next(message for message in reversed(shown) if "Set-up of" in message["text"])


def test_a_request_that_left_the_backlog_is_said_on_a_card(site: Site) -> None:
    """Nothing is made, and a card with Retry tells why."""
    outcome = site.set_up("R9")

    assert "facts" in outcome["failures"]
    assert "not in the backlog any more" in _card(site)["text"]
    assert site.made("R9")["folder"] == 0


def test_a_colleague_who_left_is_named_on_the_card_and_the_project_is_made(site: Site) -> None:
    """A Customer Engineer who is no active colleague cannot be invited: that keeps nobody waiting."""
    site.request(ce="ada.novak@fernhill.example")

    outcome = site.set_up()

    assert outcome["failures"] == {}
    assert "left out: Customer engineer" in _card(site)["text"]


def test_a_placeholder_that_nobody_fills_fails_that_file_alone(site: Site) -> None:
    """The card names the placeholder; the playbook, the channel and the shares are made all the same."""
    world = site.rooms.world
    site.rooms.type(world.template("standard_plan"), "Meetings and actions", 2, {"Topic": "Ask {account_owner} first"})
    site.request()

    outcome = site.set_up()

    assert set(outcome["failures"]) == {"fill_plan"}
    assert "{account_owner}" in outcome["failures"]["fill_plan"]
    assert {"fill_playbook", "channel", "share", "bookmarks"} <= set(outcome["done"])


def test_a_team_s_own_template_gets_its_tags_and_warnings(site: Site) -> None:
    """Copies of a file that was typed together by hand can be read after a rename all the same."""
    world = site.rooms.world
    own = world.drive.ensure_copy(world.template("playbook"), "Our playbook", world.drive.root().id, "own").id
    world.sheets.batch_update(own, [_untag()])
    template = world.drive.find({"implbot": "template", "template": "playbook"})[0]
    world.drive.update(template.id, properties={"use": own})
    site.request()

    assert site.set_up()["failures"] == {}

    found = structure.read(world.sheets.google, site.project()["playbook_id"])
    assert tags.missing(load("playbook"), found) == []
    assert found.tabs[load("playbook").tab("risks").sheet_id].column_marks["risk"]


def _untag() -> dict[str, Any]:
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataKey": "implbot.column"}}}}
