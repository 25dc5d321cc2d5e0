"""Files on the shared drive: made once whatever happens, found by their keys, shared on purpose."""

from __future__ import annotations

from typing import Any

import pytest

from bot.project import wall
from bot.world.drive import DOCUMENT, FOLDER, Drive, File
from bot.world.google import Google

COMPANY = wall.internal(["fernhill.example"])


def template(drive: Drive) -> File:
    marks = {"implbot": "template", "template": "standard_plan", "version": "v1"}
    return drive.ensure_file("Project plan", DOCUMENT, drive.root().id, "template:standard_plan:v1", marks)


def test_a_folder_is_made_once(drive: Drive) -> None:
    """Asked twice for one key, with a look, there is one folder, and it lies where it was asked for."""
    first = drive.ensure_folder("Harborpine", drive.root().id, "customer:harborpine")
    second = drive.ensure_folder("Harborpine", drive.root().id, "customer:harborpine", look_first=True)
    assert (first.id, first.mime_type, first.parents) == (second.id, FOLDER, (drive.root().id,))


def test_a_copy_carries_our_marks_and_none_of_its_source(drive: Drive) -> None:
    """A copied template is no template any more: every mark is set or cleared by the copy itself."""
    source = template(drive)
    copy = drive.ensure_copy(source.id, "Harborpine plan", drive.root().id, "R1:plan", {"project": "R1"})
    assert dict(drive.get(copy.id).properties) == {"implbot": "project", "project": "R1", "key": "R1:plan"}
    assert drive.get(copy.id).name == "Harborpine plan"
    assert [file.id for file in drive.find({"implbot": "template"})] == [source.id]


@pytest.mark.parametrize(
    "fault",
    [{"do": "status", "status": 503}, {"do": "drop"}, {"do": "reset"}, {"do": "status", "status": 502, "html": True}],
)
@pytest.mark.parametrize("apply", ["before", "after"])
def test_a_lost_answer_makes_no_second_copy(drive: Drive, control: Any, fault: dict[str, Any], apply: str) -> None:
    """Whether the copy was made before the answer was lost or not: in the end there is exactly one."""
    source = template(drive)
    control.fault("drive.files.copy", nth=1, apply=apply, **fault)
    copy = drive.ensure_copy(source.id, "Plan of R1", drive.root().id, "R1:plan", {"project": "R1"})
    assert [row["id"] for row in control.files("Plan of R1")] == [copy.id]


def test_a_lagging_listing_is_looked_at_twice(drive: Drive, control: Any) -> None:
    """The copy was made, the answer lost, and listings lag: the second look, after a pause, finds it."""
    source = template(drive)
    control(
        "POST",
        "faults",
        {
            "rules": [
                {"method": "drive.files.copy", "nth": 1, "apply": "after", "do": "status", "status": 503},
                {"method": "drive.files.list", "do": "lag_listings", "seconds": 0.3},
            ]
        },
    )
    drive.pause = 0.6
    copy = drive.ensure_copy(source.id, "Plan of R1", drive.root().id, "R1:plan", {"project": "R1"})
    assert [row["id"] for row in control.files("Plan of R1")] == [copy.id]


def test_of_twins_the_oldest_stays(drive: Drive) -> None:
    """Two files of one key, both ours: the younger one goes to the trash, other files stay."""
    marks = {"project": "R1"}
    first = drive.ensure_folder("Twin", drive.root().id, "R1:folder", marks)
    second = drive.ensure_folder("Twin", drive.root().id, "R1:folder", marks)
    other = drive.ensure_folder("Other", drive.root().id, "R1:other", marks)
    assert first.id != second.id
    kept = drive.settle({"project": "R1"})
    assert {key: file.id for key, file in kept.items()} == {"R1:folder": first.id, "R1:other": other.id}
    assert [drive.get(file.id).trashed for file in (first, second, other)] == [False, True, False]


def test_a_copy_by_a_person_is_left_alone(drive: Drive, control: Any, running: Any) -> None:
    """A person's own copy carries the key too, but it is neither taken for ours nor thrown away."""
    ours = drive.ensure_file("Plan", DOCUMENT, drive.root().id, "R1:plan", {"project": "R1"})
    token = control("POST", "people/priya.nair@fernhill.example/google_token", {})["token"]
    url = f"{running.url}/drive/v3/files/{ours.id}/copy?supportsAllDrives=true"
    answer = control.session.post(url, json={"name": "Plan"}, headers={"Authorization": f"Bearer {token}"}, timeout=30)
    assert answer.ok, answer.text
    assert drive.settle({"project": "R1"})["R1:plan"].id == ours.id
    assert not drive.get(answer.json()["id"]).trashed


def test_changes_name_each_file_once(drive: Drive) -> None:
    """After the start only what changed is named, and the next look starts where this one ended."""
    before = drive.start_token()
    folder = drive.ensure_folder("New", drive.root().id, "new")
    drive.update(folder.id, name="Newer")
    changes, token = drive.changes(before)
    assert [(change.file_id, change.file.name if change.file else None) for change in changes] == [(folder.id, "Newer")]
    assert drive.changes(token)[0] == []


def test_marks_can_be_added_and_cleared(drive: Drive) -> None:
    """Marks that are not named stay; None clears one; trash is told apart."""
    file = drive.ensure_file("Report", DOCUMENT, drive.root().id, "R1:report", {"project": "R1"})
    updated = drive.update(file.id, properties={"file": "report", "project": None}, trashed=True)
    assert dict(updated.properties) == {"implbot": "project", "key": "R1:report", "file": "report"}
    assert [found.trashed for found in drive.find({"key": "R1:report"})] == [True]


def test_a_share_is_given_once(drive: Drive) -> None:
    """A colleague gets access; asked again with a check, nothing is called but the list."""
    folder = drive.ensure_folder("Shared", drive.root().id, "shared")
    drive.share(folder.id, "yuki.tanaka@fernhill.example", "writer", COMPANY)
    drive.share(folder.id, "yuki.tanaka@fernhill.example", "writer", COMPANY, check=True)
    mine = [p for p in drive.permissions(folder.id) if p.email == "yuki.tanaka@fernhill.example"]
    assert [(p.role, p.inherited) for p in mine] == [("writer", False)]
    assert drive.google.counts["drive.permissions.create"] == 1


def test_nobody_outside_the_audience_gets_access(drive: Drive, google: Google) -> None:
    """An outsider is refused before anything is sent to Google."""
    folder = drive.ensure_folder("Inside", drive.root().id, "inside")
    with pytest.raises(wall.NotAdmitted):
        drive.share(folder.id, "ruth.osei@harborpine.example", "reader", COMPANY)
    assert google.counts["drive.permissions.create"] == 0


def test_a_lost_share_is_looked_up(drive: Drive, control: Any) -> None:
    """The share was made and the answer lost: it is found in the list, and no second one is sent."""
    folder = drive.ensure_folder("Shared", drive.root().id, "shared")
    control.fault("drive.permissions.create", nth=1, apply="after", do="status", status=503)
    given = drive.share(folder.id, "yuki.tanaka@fernhill.example", "reader", COMPANY)
    assert (given.email, given.role) == ("yuki.tanaka@fernhill.example", "reader")
    assert drive.google.counts["drive.permissions.create"] == 1


def test_quotes_in_keys_are_harmless(drive: Drive) -> None:
    """A customer's name with a quote or a backslash is found again by its key."""
    key = "customer:o'neill \\ sons"
    made = drive.ensure_folder("O'Neill", drive.root().id, key)
    assert [file.id for file in drive.find({"key": key})] == [made.id]


def test_overlong_marks_are_refused(drive: Drive) -> None:
    """Google keeps 124 bytes a mark; a longer one is refused here, by its name."""
    with pytest.raises(ValueError, match="key: at most 124 bytes"):
        drive.ensure_folder("Long", drive.root().id, "k" * 130)
