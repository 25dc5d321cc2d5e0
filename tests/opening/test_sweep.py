"""The permission sweep: what nobody intended is told within one sweep, removed at a press, and calm costs little."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.desk import PM
from tests.opening.conftest import RUTH, STRANGER, Opening
from tests.rooms import LEAD

ANYONE = {"type": "anyone", "role": "reader"}
OTHER, ENGINEER = "ben.carter@fernhill.example", "lena.fischer@fernhill.example"


def person(email: str, role: str = "reader") -> dict[str, str]:
    return {"type": "user", "role": role, "emailAddress": email}


def test_an_outsider_on_the_playbook_is_told_once_to_pm_and_leads_and_removed_at_a_press(project: Opening) -> None:
    """One sweep tells; the next says nothing new; the PM's press removes, verifies, ticks both messages, is kept."""
    playbook = project.desk.files["playbook"]
    project.sweep()
    project.share(playbook, person(RUTH))

    project.sweep()
    project.sweep()

    for reader in (PM, LEAD):
        (told,) = [text for text in project.rooms.told(reader) if "nobody intended" in text]
        assert f"{RUTH} can open" in told
        assert "a playbook stays inside the company" in told
    project.remove(PM, RUTH)
    assert project.outsiders() == {}
    assert all("Removed by Priya Nair" in project.rooms.told(reader)[-1] for reader in (PM, LEAD))
    (kept,) = [entry for entry in project.rooms.world.store.audit("R1") if entry.act == "removed access"]
    assert kept.actor == project.rooms.ids[PM]
    assert project.sweep().startswith("1 files looked at, 0 unintended")


def test_anyone_with_the_link_is_told_even_for_the_plan(project: Opening) -> None:
    """No opening makes a link public; a file nobody knows, in the project's folder, belongs to the project."""
    project.open()
    project.share(project.desk.files["plan"], ANYONE)

    project.sweep()

    assert "anyone with the link can open" in project.rooms.told(PM)[-1]
    project.remove(LEAD, "anyone with the link")
    assert project.outsiders() == {project.desk.files["plan"]: {RUTH}}


def test_whom_somebody_let_in_by_hand_is_told_until_the_plan_is_opened_to_them(project: Opening) -> None:
    """Ruth was given the plan in Drive; the PM opens the project to her, and the finding settles itself."""
    project.share(project.desk.files["plan"], person(RUTH, "commenter"))
    project.sweep()
    assert "nobody opened the plan to them" in project.rooms.told(PM)[-1]

    project.open()
    project.sweep()

    assert any("settled itself" in text for text in project.rooms.told(PM))
    assert project.outsiders() == {project.desk.files["plan"]: {RUTH}}


def test_who_is_not_named_any_more_or_of_a_removed_domain_is_told(project: Opening) -> None:
    """What was right at the opening is looked at again when the playbook says otherwise."""
    project.open()
    project.sweep()
    assert project.rooms.told(PM)[-1].startswith("Harborpine Logistics: opened")
    project.fill("Overview", Customer_domains="quillstone.example")
    project.desk.settled()

    project.sweep()

    assert "harborpine.example is not among the project's domains any more" in project.rooms.told(PM)[-1]


@pytest.mark.parametrize("who", [OTHER, ENGINEER])
def test_nobody_else_removes_access(project: Opening, who: str) -> None:
    """A colleague who is neither PM nor lead, handed the button's value, changes nothing; the refusal is kept."""
    project.share(project.desk.files["playbook"], person(STRANGER))
    project.sweep()

    project.remove(PM, STRANGER) if who == PM else _press(project, who)

    assert project.outsiders() == {project.desk.files["playbook"]: {STRANGER}}
    assert any(entry.act == "refused removing access" for entry in project.rooms.world.store.audit())


def _press(project: Opening, who: str) -> None:
    from bot.errors import Refused
    from bot.opening import listeners, strays
    from bot.world.listening import Act

    (key,) = strays.standing(project.rooms.world)
    act = Act("k:1.0", project.rooms.ids[who], project.rooms.world.slack.team_id, value=key)
    with pytest.raises(Refused):
        listeners.remove(project.rooms.world, act)


def test_a_guest_in_the_internal_channel_is_told_and_taken_out(project: Opening) -> None:
    """Guests and other organisations do not belong in `impl-…`; a press takes them out."""
    row = project.rooms.world.store.project("R1") or {}
    guest = "gus@partner.example"
    body = {"people": [{"email": guest, "name": "Gus Guest", "guest": True}]}
    project.rooms.stage.workspace.control("POST", "seed", body)
    found = project.rooms.stage.workspace.control("GET", "people")["people"]
    gus = next(one["id"] for one in found if one["email"] == guest)
    project.rooms.world.slack.invite(row["channel_id"], [gus])

    project.sweep()
    assert "Gus Guest can open the project's internal channel" in project.rooms.told(PM)[-1]
    project.remove(PM, "Gus Guest")

    assert gus not in project.rooms.world.slack.members(row["channel_id"])


def test_a_colleague_s_missing_share_is_mended_or_explained(project: Opening) -> None:
    """Lena is named engineer: her access to the folder comes back; somebody who left is explained to the PM."""
    world = project.rooms.world
    folder = world.drive.ensure_folder("R1", world.drive.root().id, "R1:folder").id
    world.store.put_project("R1", {**(world.store.project("R1") or {}), "folder_id": folder})
    project.fill("Overview", Implementation_engineer="lena.fischer@fernhill.example",
                 Technical_advisor="ada.novak@fernhill.example")  # fmt: skip
    project.desk.settled()

    report = project.sweep()

    assert report.endswith("1 shares mended")
    assert project.readers(folder)[ENGINEER] == "writer"
    assert (
        "ada.novak@fernhill.example is named in the playbook's Overview and has no access" in project.rooms.told(PM)[-1]
    )
    before = project.rooms.calls("drive.permissions.list")
    assert project.sweep().endswith("0 shares mended")
    assert project.rooms.calls("drive.permissions.list") - before <= 3


def test_a_calm_hour_costs_two_calls_whatever_the_number_of_projects(project: Opening) -> None:
    """One changes.list, one look at the drive's members; and one listing more where somebody has changed a file."""
    project.open()
    world = project.rooms.world
    row = world.store.project("R1") or {}
    for key in (f"R{number}" for number in range(2, 12)):
        files = {name: f"{key}-{name}" for name in ("folder_id", "playbook_id", "plan_id")}
        world.store.put_project(key, {**row, "key": key, **files})
    project.sweep(full=True)
    project.sweep()

    assert _calls_of_a_sweep(project) == {"drive.changes.list": 1, "drive.permissions.list": 1}
    project.fill("Overview", Sponsor="Ruth Osei")
    assert _calls_of_a_sweep(project) == {"drive.changes.list": 1, "drive.permissions.list": 1, "drive.files.list": 1}


def _calls_of_a_sweep(project: Opening) -> Counter[str]:
    before = Counter(project.rooms.stage.workspace.control("GET", "log")["counts"])
    project.sweep()
    return Counter(project.rooms.stage.workspace.control("GET", "log")["counts"]) - before


def test_a_full_sweep_looks_at_every_file_with_accesses_of_its_own(project: Opening) -> None:
    """The nightly one trusts nothing that was seen before."""
    project.open()
    project.sweep()

    assert project.sweep(full=True).startswith("2 files looked at")


def test_a_removal_that_google_refuses_stays_open(project: Opening) -> None:
    """The person reads why, the finding keeps its button, and a later press does it."""
    project.share(project.desk.files["playbook"], person(STRANGER))
    project.sweep()
    project.rooms.fault(
        "drive.permissions.delete", do="status", status=403, reason="insufficientFilePermissions", times=1
    )

    project.remove(PM, STRANGER)
    assert project.outsiders()
    assert any("I could not remove it" in text for text in project.rooms.told(PM))
    project.remove(PM, STRANGER)

    assert project.outsiders() == {}
