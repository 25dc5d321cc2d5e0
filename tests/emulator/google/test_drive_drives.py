"""Shared drives and comments."""

from __future__ import annotations

import json
from typing import Any

import pytest
from googleapiclient.errors import HttpError

FOLDER = "application/vnd.google-apps.folder"
PRIYA = "priya.nair@fernhill.example"


def refusal(request: Any) -> dict[str, Any]:
    """The error object that a request is refused with."""
    with pytest.raises(HttpError) as raised:
        request.execute()
    error: dict[str, Any] = json.loads(raised.value.content)["error"]
    return error


def test_a_drive_is_made_once_per_request_id(as_person: Any) -> None:
    """drives.create is idempotent by requestId; a repeat gives 409 [DD]."""
    priya = as_person(PRIYA)
    made = priya.drive.drives().create(requestId="r1", body={"name": "Projects"}).execute()
    assert made == {"kind": "drive#drive", "id": made["id"], "name": "Projects"}
    assert refusal(priya.drive.drives().create(requestId="r1", body={"name": "Projects"}))["code"] == 409
    listed = priya.drive.drives().list().execute()
    assert listed == {"kind": "drive#driveList", "drives": [made]}
    assert priya.drive.drives().get(driveId=made["id"], fields="capabilities(canManageMembers)").execute() == {
        "capabilities": {"canManageMembers": True}
    }


def test_drives_show_to_their_members_only(drive: Any, as_person: Any, shared_drive: str) -> None:
    """A shared drive is 404 to everyone else."""
    assert [row["id"] for row in drive.drives().list().execute()["drives"]] == [shared_drive]
    assert as_person(PRIYA).drive.drives().list().execute()["drives"] == []
    error = refusal(as_person(PRIYA).drive.drives().get(driveId=shared_drive))
    assert error["message"] == f"Shared drive not found: {shared_drive}"


def test_drives_are_found_by_name(drive: Any, shared_drive: str) -> None:
    """drives.list takes a query."""
    assert drive.drives().list(q="name contains 'Impl'").execute()["drives"][0]["id"] == shared_drive
    assert drive.drives().list(q="name = 'Other'").execute()["drives"] == []


def test_managers_rename_and_delete_an_empty_drive(drive: Any, ines: Any, shared_drive: str) -> None:
    """drives.update and delete are for organizers; a drive with files in it is not deleted."""
    assert refusal(ines.drive.drives().update(driveId=shared_drive, body={"name": "x"}))["code"] == 403
    assert drive.drives().update(driveId=shared_drive, body={"name": "Renamed"}).execute()["name"] == "Renamed"
    body = {"name": "F", "mimeType": FOLDER, "parents": [shared_drive]}
    made = drive.files().create(body=body, supportsAllDrives=True).execute()["id"]
    assert refusal(drive.drives().delete(driveId=shared_drive))["code"] == 403
    drive.files().delete(fileId=made, supportsAllDrives=True).execute()
    drive.drives().delete(driveId=shared_drive).execute()
    assert drive.drives().list().execute()["drives"] == []


def test_a_drive_can_be_hidden(drive: Any, shared_drive: str) -> None:
    """hide and unhide are the caller's own view."""
    assert drive.drives().hide(driveId=shared_drive).execute()["id"] == shared_drive
    assert drive.drives().get(driveId=shared_drive, fields="hidden").execute() == {"hidden": True}
    drive.drives().unhide(driveId=shared_drive).execute()
    assert drive.drives().get(driveId=shared_drive, fields="hidden").execute() == {"hidden": False}


def test_a_thread_of_comments(ines: Any, as_person: Any) -> None:
    """Comments need `fields`, hide the author's e-mail, and are resolved by a reply with an action."""
    made = ines.drive.files().create(body={"name": "x", "mimeType": "text/plain"}).execute()["id"]
    grant = {"type": "user", "role": "commenter", "emailAddress": PRIYA}
    ines.drive.permissions().create(fileId=made, body=grant).execute()
    assert refusal(ines.drive.comments().list(fileId=made))["errors"][0]["reason"] == "required"
    priya = as_person(PRIYA)
    one = priya.drive.comments().create(fileId=made, body={"content": "why?"}, fields="*").execute()
    assert one["author"] == {"kind": "drive#user", "displayName": "Priya Nair", "me": True}
    body = {"content": "because", "action": "resolve"}
    ines.drive.replies().create(fileId=made, commentId=one["id"], body=body, fields="id").execute()
    (found,) = (
        ines.drive.comments()
        .list(fileId=made, fields="comments(content,resolved,replies(content,action))")
        .execute()["comments"]
    )
    assert found == {"content": "why?", "resolved": True, "replies": [{"content": "because", "action": "resolve"}]}


def test_a_deleted_comment_leaves_a_stub(ines: Any) -> None:
    """Deleted comments keep a stub, shown with includeDeleted; a page is 20, more than 100 are coerced."""
    made = ines.drive.files().create(body={"name": "x", "mimeType": "text/plain"}).execute()["id"]
    keys = [
        ines.drive.comments().create(fileId=made, body={"content": f"c{n}"}, fields="id").execute()["id"]
        for n in range(21)
    ]
    first = ines.drive.comments().list(fileId=made, fields="nextPageToken,comments(id)").execute()
    assert len(first["comments"]) == 20
    assert "nextPageToken" in first
    assert len(ines.drive.comments().list(fileId=made, fields="*", pageSize=101).execute()["comments"]) == 21
    ines.drive.comments().delete(fileId=made, commentId=keys[0]).execute()
    fields = "comments(id,deleted,content)"
    stubs = ines.drive.comments().list(fileId=made, includeDeleted=True, pageSize=100, fields=fields).execute()
    assert {"id": keys[0], "deleted": True} in stubs["comments"]
    assert refusal(ines.drive.comments().get(fileId=made, commentId=keys[0], fields="*"))["code"] == 404


def test_readers_may_read_comments_but_not_write_them(ines: Any, as_person: Any) -> None:
    """Commenting needs the commenter role."""
    made = ines.drive.files().create(body={"name": "x", "mimeType": "text/plain"}).execute()["id"]
    body = {"type": "user", "role": "reader", "emailAddress": PRIYA}
    ines.drive.permissions().create(fileId=made, body=body).execute()
    priya = as_person(PRIYA)
    assert priya.drive.comments().list(fileId=made, fields="comments").execute() == {"comments": []}
    assert refusal(priya.drive.comments().create(fileId=made, body={"content": "x"}, fields="id"))["code"] == 403


def test_comments_and_replies_are_read_and_rewritten_by_their_author(ines: Any, as_person: Any) -> None:
    """comments.update is for the author; replies are listed and fetched by id."""
    made = ines.drive.files().create(body={"name": "x", "mimeType": "text/plain"}).execute()["id"]
    grant = {"type": "user", "role": "commenter", "emailAddress": PRIYA}
    ines.drive.permissions().create(fileId=made, body=grant).execute()
    one = ines.drive.comments().create(fileId=made, body={"content": "a"}, fields="id").execute()["id"]
    where = {"fileId": made, "commentId": one}
    changed = ines.drive.comments().update(**where, body={"content": "b"}, fields="content").execute()
    assert changed == {"content": "b"}
    theirs = as_person(PRIYA).drive.comments().update(**where, body={"content": "c"}, fields="content")
    assert refusal(theirs)["code"] == 403
    reply = ines.drive.replies().create(**where, body={"content": "r"}, fields="id").execute()["id"]
    assert ines.drive.replies().list(**where, fields="replies(id,content)").execute() == {
        "replies": [{"id": reply, "content": "r"}]
    }
    assert ines.drive.replies().get(**where, replyId=reply, fields="content").execute() == {"content": "r"}
    assert refusal(ines.drive.replies().get(**where, replyId="none", fields="content"))["code"] == 404
