"""The change feed: tokens, one entry per file, shared drives' own logs, lost access."""

from __future__ import annotations

import json
from typing import Any

import pytest
from googleapiclient.errors import HttpError

FOLDER = "application/vnd.google-apps.folder"
PRIYA = "priya.nair@fernhill.example"


def folder(drive: Any, name: str = "F", parent: str = "") -> str:
    """The id of a new folder."""
    body = {"name": name, "mimeType": FOLDER} | ({"parents": [parent]} if parent else {})
    made: str = drive.files().create(body=body, supportsAllDrives=True).execute()["id"]
    return made


def start(drive: Any, **more: Any) -> str:
    """The token for now."""
    token: str = drive.changes().getStartPageToken(**more).execute()["startPageToken"]
    return token


def test_a_fresh_token_has_nothing_to_tell(ines: Any) -> None:
    """Exactly one of nextPageToken and newStartPageToken is returned; at the end it is the latter [DD]."""
    token = start(ines.drive)
    assert ines.drive.changes().list(pageToken=token).execute() == {
        "kind": "drive#changeList",
        "newStartPageToken": token,
        "changes": [],
    }


def test_one_entry_per_file_with_its_present_state(ines: Any) -> None:
    """At most one entry per file, the newest; no delta, only the current file [G: change-overview]."""
    token = start(ines.drive)
    made = folder(ines.drive)
    ines.drive.files().update(fileId=made, body={"name": "two"}).execute()
    ines.drive.files().update(fileId=made, body={"name": "three"}).execute()
    answer = ines.drive.changes().list(pageToken=token).execute()
    (change,) = answer["changes"]
    assert (change["changeType"], change["removed"], change["fileId"]) == ("file", False, made)
    assert change["file"] == {"kind": "drive#file", "id": made, "name": "three", "mimeType": FOLDER}
    assert ines.drive.changes().list(pageToken=answer["newStartPageToken"]).execute()["changes"] == []


def test_an_old_token_stays_good(ines: Any) -> None:
    """startPageToken does not expire: an old one tells everything since."""
    token = start(ines.drive)
    made = [folder(ines.drive, f"f{n}") for n in range(3)]
    for _ in range(2):
        answer = ines.drive.changes().list(pageToken=token, fields="changes(fileId)").execute()
        assert [one["fileId"] for one in answer["changes"]] == made


def test_changes_come_in_pages(ines: Any) -> None:
    """pageSize default 100; nextPageToken leads on, newStartPageToken ends it."""
    token = start(ines.drive)
    for n in range(5):
        folder(ines.drive, f"f{n}")
    seen = []
    while token:
        answer = ines.drive.changes().list(pageToken=token, pageSize=2).execute()
        assert ("nextPageToken" in answer) != ("newStartPageToken" in answer)
        seen += [one["file"]["name"] for one in answer["changes"]]
        token = answer.get("nextPageToken", "")
    assert seen == ["f0", "f1", "f2", "f3", "f4"]


def test_deleted_files_are_told_as_removed(ines: Any) -> None:
    """removed:true for a deleted file; includeRemoved=false leaves it out."""
    made = folder(ines.drive)
    token = start(ines.drive)
    ines.drive.files().delete(fileId=made).execute()
    (change,) = ines.drive.changes().list(pageToken=token).execute()["changes"]
    assert (change["removed"], change["fileId"], "file" in change) == (True, made, False)
    assert ines.drive.changes().list(pageToken=token, includeRemoved=False).execute()["changes"] == []


def test_lost_access_is_told_as_removed(ines: Any, as_person: Any) -> None:
    """A file whose access was taken away is removed for the one who lost it, changed for the owner."""
    made = folder(ines.drive)
    body = {"type": "user", "role": "reader", "emailAddress": PRIYA}
    given = ines.drive.permissions().create(fileId=made, body=body).execute()
    priya = as_person(PRIYA)
    token = start(priya.drive)
    ines.drive.permissions().delete(fileId=made, permissionId=given["id"]).execute()
    (theirs,) = priya.drive.changes().list(pageToken=token).execute()["changes"]
    (mine,) = ines.drive.changes().list(pageToken=token).execute()["changes"]
    assert (theirs["removed"], mine["removed"]) == (True, False)


def test_other_people_s_files_are_not_told(ines: Any, as_person: Any) -> None:
    """The log of a person holds only what that person may find."""
    token = start(ines.drive)
    folder(ines.drive)
    assert as_person(PRIYA).drive.changes().list(pageToken=token).execute()["changes"] == []


def test_each_shared_drive_has_its_own_log(drive: Any, ines: Any, shared_drive: str) -> None:
    """driveId + supportsAllDrives + includeItemsFromAllDrives read one drive's log [G: about-changes]."""
    token = start(drive, driveId=shared_drive, supportsAllDrives=True)
    made = folder(ines.drive, "F", shared_drive)
    folder(ines.drive, "private")
    params = {"driveId": shared_drive, "supportsAllDrives": True, "includeItemsFromAllDrives": True}
    answer = drive.changes().list(pageToken=token, **params).execute()
    assert [one["fileId"] for one in answer["changes"]] == [made]
    assert drive.changes().list(pageToken=token).execute()["changes"] == []


def test_sharing_a_folder_tells_nothing_of_what_is_in_it(ines: Any) -> None:
    """A permission change on a folder produces no entries for its children [G: about-changes]."""
    top = folder(ines.drive)
    folder(ines.drive, "inner", top)
    token = start(ines.drive)
    body = {"type": "user", "role": "reader", "emailAddress": PRIYA}
    ines.drive.permissions().create(fileId=top, body=body).execute()
    assert [one["fileId"] for one in ines.drive.changes().list(pageToken=token).execute()["changes"]] == [top]


def test_the_page_token_is_needed_and_must_be_ours(ines: Any) -> None:
    """changes.list always needs pageToken; a wrong one is 400."""
    for query in ("", "?pageToken=nonsense", "?pageToken=999999"):
        answer = ines.session.get("https://www.googleapis.com/drive/v3/changes" + query, timeout=30)
        assert answer.status_code == 400
        assert answer.json()["error"]["errors"][0]["location"] == "pageToken"


def test_members_of_other_drives_get_nothing(drive: Any, as_person: Any, shared_drive: str) -> None:
    """A shared drive's log is for its members: 404 for others."""
    with pytest.raises(HttpError) as raised:
        start(as_person(PRIYA).drive, driveId=shared_drive, supportsAllDrives=True)
    assert json.loads(raised.value.content)["error"]["code"] == 404


def test_a_new_member_is_told_as_a_change_of_the_drive(drive: Any, shared_drive: str) -> None:
    """Changes of a shared drive itself have changeType drive."""
    token = start(drive, driveId=shared_drive, supportsAllDrives=True)
    body = {"type": "user", "role": "reader", "emailAddress": PRIYA}
    drive.permissions().create(fileId=shared_drive, body=body, supportsAllDrives=True).execute()
    params = {"driveId": shared_drive, "supportsAllDrives": True, "includeItemsFromAllDrives": True}
    (change,) = drive.changes().list(pageToken=token, **params).execute()["changes"]
    assert (change["changeType"], change["driveId"], change["drive"]["name"]) == (
        "drive",
        shared_drive,
        "Implementation",
    )


def test_the_feed_lags_when_told_to(workspace: Any, ines: Any) -> None:
    """A lag rule on changes.list holds new entries back; the token then returned does not pass over them."""
    token = start(ines.drive)
    workspace.faults.set([{"method": "drive.changes.list", "do": "lag_listings", "seconds": 60}])
    folder(ines.drive)
    early = ines.drive.changes().list(pageToken=token).execute()
    assert early["changes"] == []
    workspace.faults.clear()
    late = ines.drive.changes().list(pageToken=early["newStartPageToken"]).execute()
    assert len(late["changes"]) == 1
