"""Files that people delete, trash, move or take away: named to the PM once with who can mend it, and ticked after."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests

from bot.watch import told
from bot.world import lacks
from tests import golden
from tests.desk import PM, Desk
from tests.rooms import LEAD

NIGHT, MORNING = "2026-12-08T03:00:00+05:30", "2026-12-08T10:00:00+05:30"  # a Tuesday where Priya is
READS = "sheets.spreadsheets.values.batchGetByDataFilter"
GOLDEN = Path(__file__).parent / "golden"


def drive(desk: Desk, verb: str, path: str, body: dict[str, Any] | None = None, person: str = LEAD) -> Any:
    """Do something in Drive as a person."""
    stage = desk.rooms.stage
    token = stage.workspace.control("POST", f"people/{person}/google_token")["token"]
    with requests.Session() as session:
        session.trust_env = False
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{stage.workspace.url}/drive/v3/{path}{'&' if '?' in path else '?'}supportsAllDrives=true"
        answer = session.request(verb, url, json=body, headers=headers, timeout=60)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def trash(desk: Desk, file: str, trashed: bool) -> None:
    drive(desk, "PATCH", f"files/{desk.files[file]}", {"trashed": trashed})


def asked(desk: Desk) -> dict[str, Any]:
    """The latest question as it was sent; Slack names the blocks."""
    message = desk.questions()[-1]
    blocks = [{name: value for name, value in block.items() if name != "block_id"} for block in message["blocks"]]
    return {"text": message["text"], "blocks": blocks}


def said(desk: Desk) -> str:
    return json.dumps(desk.questions()[-1]["blocks"], ensure_ascii=False)


def test_a_trashed_file_is_named_once_and_ticked_when_it_is_restored(desk: Desk) -> None:
    """In the PM's hours, with who did it and who can restore it; everything else goes on; then it is read again."""
    other = desk.rooms.project("R2")
    desk.rooms.at(NIGHT)
    desk.settled()
    trash(desk, "plan", trashed=True)
    desk.rooms.type(other["plan"], "Milestones", 2, {"Comment": "Meanwhile"})
    desk.type("playbook", "Risks", "RK1", {"Mitigation": "Two nodes more"})

    assert desk.sweep() == "2 files read, 0 unreadable, 1 gone"
    assert desk.questions() == []
    desk.rooms.at(MORNING)
    desk.sweep()
    desk.sweep()

    assert len(desk.questions()) == 1
    golden.same(GOLDEN / "file_in_trash.json", asked(desk))
    assert "The plan lies in the trash (Sofia Rossi put it there)" in said(desk)
    assert "Sofia Rossi can restore it" in said(desk)
    lack = lacks.standing(desk.rooms.world)[0]
    assert (lack.project, lack.file, lack.kind) == ("R1", "plan", lacks.Kind.TRASHED)
    assert desk.rooms.world.picture("R1") is not None

    trash(desk, "plan", trashed=False)
    desk.type("plan", "Milestones", "M5", {"Comment": "Back again"})
    desk.settled()

    assert len(desk.questions()) == 1
    assert "in order again" in said(desk)
    assert lacks.known(desk.rooms.world) == {}
    picture = desk.rooms.world.picture("R1")
    assert picture is not None
    assert "Back again" in [row.record.comment for row in picture.milestones]
    told = [entry.reason for entry in desk.rooms.world.store.audit("R1") if entry.act == "noticed"]
    assert told == ["in the trash", "in order again"]


def test_what_slack_did_not_take_is_told_by_the_next_sweep(desk: Desk) -> None:
    """A deleted file is told of as out of reach; nothing asks for it again and again; a refusal loses no message."""
    desk.rooms.at(MORNING)
    desk.settled()
    desk.rooms.world.drive.google.drive.files().delete(fileId=desk.files["playbook"], supportsAllDrives=True).execute()
    desk.rooms.fault("slack.chat.postMessage", do="status", status=429, retry_after=1000, times=1)

    assert desk.sweep() == "0 files read, 0 unreadable, 1 gone"
    assert desk.questions() == []
    desk.sweep()
    reads = desk.rooms.calls(READS)
    desk.sweep()

    assert "I cannot reach the playbook any more" in said(desk)
    assert len(desk.questions()) == 1
    assert desk.rooms.calls(READS) == reads


def test_a_moved_file_is_read_on_and_the_pm_may_leave_it_there(desk: Desk) -> None:
    """Its new place is named once; back in its folder it is ticked; where the PM says so, the new place is its own."""
    root = desk.rooms.world.drive.root().id
    folder = drive(desk, "POST", "files", {"name": "Old plans", "mimeType": "application/vnd.google-apps.folder",
                                           "parents": [root]})["id"]  # fmt: skip
    desk.rooms.at(MORNING)
    move = f"files/{desk.files['plan']}?addParents={{0}}&removeParents={{1}}"
    desk.settled()

    drive(desk, "PATCH", move.format(folder, root), {})
    assert desk.sweep() == "1 files read, 0 unreadable, 0 gone"
    assert "moved out of the project's folder" in said(desk)
    drive(desk, "PATCH", move.format(root, folder), {})
    desk.settled()
    assert "in order again" in said(desk)

    drive(desk, "PATCH", move.format(folder, root), {})
    desk.settled()
    desk.press("It belongs there")
    desk.type("plan", "Milestones", "M5", {"Comment": "Read on"})
    desk.settled()

    assert len(desk.questions()) == 2
    assert lacks.known(desk.rooms.world) == {}


def test_files_that_take_no_writing_any_more_are_found_at_night(desk: Desk) -> None:
    """No change tells that the bot lost its role on the drive: the full compare once a night does, and the return."""
    desk.rooms.at(MORNING)
    world = desk.rooms.world
    account, root = world.drive.google.account, world.drive.root().id
    desk.settled()
    world.drive.google.drive.permissions().create(
        fileId=root, supportsAllDrives=True, body={"type": "user", "role": "organizer", "emailAddress": PM}
    ).execute()
    own = next(one.id for one in world.drive.permissions(root) if one.email == account)
    drive(desk, "PATCH", f"files/{root}/permissions/{own}", {"role": "reader"}, PM)
    listings = desk.rooms.calls("drive.files.list")
    desk.sweep()
    assert desk.rooms.calls("drive.files.list") == listings
    assert lacks.known(world) == {}

    tomorrow(desk)
    desk.sweep()
    desk.sweep()

    assert {(lack.file, lack.kind) for lack in lacks.standing(world)} == {
        ("plan", lacks.Kind.READ_ONLY),
        ("playbook", lacks.Kind.READ_ONLY),
    }
    assert len(desk.questions()) == 1
    assert "not write in it any more" in said(desk)
    assert "Priya Nair" in said(desk)
    assert desk.rooms.calls("drive.files.list") == listings + 1

    drive(desk, "PATCH", f"files/{root}/permissions/{own}", {"role": "organizer"}, PM)
    tomorrow(desk)
    desk.sweep()

    assert lacks.known(world) == {}
    assert said(desk).count("in order again") == 2


def tomorrow(desk: Desk) -> None:
    desk.rooms.world.clock.offset += timedelta(days=1)


def test_a_change_that_the_log_did_not_tell_is_found_at_night(desk: Desk) -> None:
    """The token was moved past an edit, as if the change log had lost it: the nightly compare reads the file."""
    world = desk.rooms.world
    desk.settled()
    desk.type("plan", "Milestones", "M5", {"Comment": "Lost on the way"})
    world.store.remember(told.PLACE, world.drive.start_token())
    assert desk.sweep() == "0 files read, 0 unreadable, 0 gone"

    tomorrow(desk)

    assert desk.sweep().startswith("1 files read")
    picture = world.picture("R1")
    assert picture is not None
    assert "Lost on the way" in [row.record.comment for row in picture.milestones]


def test_an_edit_before_the_bot_s_own_write_is_read_although_the_bot_wrote_last(desk: Desk) -> None:
    """The drive names only the last who wrote: no change is passed over because that was the bot."""
    desk.settled()
    desk.type("plan", "Milestones", "M5", {"Comment": "Typed before"})
    desk.rooms.paste(desk.files["plan"], "Milestones!S2", ["written by the bot's account"])
    assert desk.rooms.world.drive.get(desk.files["plan"]).touched_by_us

    assert desk.sweep() == "1 files read, 0 unreadable, 0 gone"

    picture = desk.rooms.world.picture("R1")
    assert picture is not None
    assert "Typed before" in [row.record.comment for row in picture.milestones]


def test_a_file_taken_out_of_the_drive_is_out_of_reach_until_it_is_back(desk: Desk) -> None:
    """Somebody moves it to their own Drive, where it is not shared with the bot; back again it is read and ticked."""
    desk.rooms.at(MORNING)
    desk.settled()
    root, plan = desk.rooms.world.drive.root().id, desk.files["plan"]
    own = drive(desk, "GET", "files/root", person=LEAD)["id"]

    drive(desk, "PATCH", f"files/{plan}?addParents={own}&removeParents={root}", {})
    assert desk.sweep() == "0 files read, 0 unreadable, 1 gone"
    assert "I cannot reach the plan any more" in said(desk)

    drive(desk, "PATCH", f"files/{plan}?addParents={root}&removeParents={own}", {})
    assert desk.sweep() == "1 files read, 0 unreadable, 0 gone"
    assert "in order again" in said(desk)


def test_a_file_that_google_refuses_twice_is_named_until_it_reads_again(desk: Desk) -> None:
    """Once may be an accident, and Drive says that all is well: the second time the PM hears of it."""
    desk.rooms.at(MORNING)
    desk.settled()
    desk.type("plan", "Milestones", "M5", {"Comment": "Unread so far"})
    desk.rooms.fault(READS, do="status", status=403, times=2)

    assert desk.sweep() == "0 files read, 1 unreadable, 0 gone"
    assert lacks.standing(desk.rooms.world) == []
    desk.sweep()
    assert "Google does not let me read the plan" in said(desk)

    assert desk.sweep() == "1 files read, 0 unreadable, 0 gone"
    assert "in order again" in said(desk)
    assert lacks.known(desk.rooms.world) == {}
