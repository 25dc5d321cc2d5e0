"""Files: making, reading, changing, copying, moving, trashing and deleting them, in My Drive and in shared drives."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from googleapiclient.errors import HttpError

FOLDER = "application/vnd.google-apps.folder"
SHORTCUT = "application/vnd.google-apps.shortcut"
DOC = "application/vnd.google-apps.document"
PRIYA = "priya.nair@fernhill.example"


def make(drive: Any, name: str, mime: str = FOLDER, parent: str = "", **more: Any) -> Any:
    """A new file's default fields."""
    body = {"name": name, "mimeType": mime} | ({"parents": [parent]} if parent else {}) | more
    return drive.files().create(body=body, supportsAllDrives=True).execute()


def refusal(request: Any) -> dict[str, Any]:
    """The error object that a request is refused with."""
    with pytest.raises(HttpError) as raised:
        request.execute()
    error: dict[str, Any] = json.loads(raised.value.content)["error"]
    return error


def names(found: dict[str, Any]) -> list[str]:
    """The names of a listing."""
    return [row["name"] for row in found["files"]]


def test_default_fields_are_few(ines: Any) -> None:
    """files.* answers kind, id, name, mimeType by default [DD; CAS]."""
    made = make(ines.drive, "Notes", "text/plain")
    assert made == {"kind": "drive#file", "id": made["id"], "name": "Notes", "mimeType": "text/plain"}
    assert ines.drive.files().get(fileId=made["id"]).execute() == made
    assert ines.drive.files().list().execute() == {
        "kind": "drive#fileList",
        "incompleteSearch": False,
        "files": [made],
    }


def test_shared_drive_items_also_show_their_drive_by_default(drive: Any, shared_drive: str) -> None:
    """Items of shared drives carry driveId and teamDriveId in the default fields."""
    made = make(drive, "F", parent=shared_drive)
    assert made["driveId"] == made["teamDriveId"] == shared_drive


def test_numbers_are_strings_and_times_have_milliseconds(ines: Any) -> None:
    """int64 fields (size, version, quotaBytesUsed) are strings; times are RFC 3339 UTC with milliseconds [DD]."""
    made = ines.drive.files().create(body={"name": "F", "mimeType": FOLDER}, fields="*").execute()
    assert made["version"] == "1"
    assert made["quotaBytesUsed"] == "0"
    sheet = {"name": "S", "mimeType": "application/vnd.google-apps.spreadsheet"}
    native = ines.drive.files().create(body=sheet, fields="size,quotaBytesUsed").execute()
    assert native == {"size": "1024", "quotaBytesUsed": "1024"}
    assert len(made["createdTime"]) == len("2026-01-02T03:04:05.678Z")
    assert made["createdTime"].endswith("Z")


def test_version_rises_with_every_change(ines: Any) -> None:
    """`version` increases monotonically with every change [DD]."""
    made = make(ines.drive, "F")
    versions = []
    for name in ("a", "b"):
        answer = ines.drive.files().update(fileId=made["id"], body={"name": name}, fields="version").execute()
        versions.append(int(answer["version"]))
    assert versions == [2, 3]


def test_names_are_not_unique(ines: Any) -> None:
    """Creating twice gives two files."""
    assert make(ines.drive, "Same")["id"] != make(ines.drive, "Same")["id"]


def test_without_a_parent_a_file_lands_in_the_caller_s_root(ines: Any) -> None:
    """`parents` absent: the root of the caller's My Drive, which also answers to the id "root" [DD]."""
    made = make(ines.drive, "F")
    root = ines.drive.files().get(fileId="root", fields="id,name").execute()
    assert root["name"] == "My Drive"
    assert ines.drive.files().get(fileId=made["id"], fields="parents").execute() == {"parents": [root["id"]]}
    assert names(ines.drive.files().list(q="'root' in parents").execute()) == ["F"]


def test_a_file_has_one_parent(ines: Any) -> None:
    """`parents` takes one only [DD]."""
    one, two = make(ines.drive, "one"), make(ines.drive, "two")
    body = {"name": "F", "parents": [one["id"], two["id"]]}
    assert refusal(ines.drive.files().create(body=body))["code"] == 403


def test_service_accounts_own_nothing(drive: Any) -> None:
    """A service account has no storage: 403 storageQuotaExceeded with the recorded sentence [measured]."""
    for mime in (DOC, "text/plain", FOLDER):
        error = refusal(drive.files().create(body={"name": "x", "mimeType": mime}))
        assert error["code"] == 403
        assert error["errors"][0]["reason"] == "storageQuotaExceeded"
        assert error["message"].startswith("Service Accounts do not have storage quota. Leverage shared drives")


def test_service_accounts_cannot_add_to_someone_s_my_drive(drive: Any, ines: Any) -> None:
    """Even with the right to write into a person's folder: 403 storageQuotaExceeded [measured]."""
    folder = make(ines.drive, "Ours")
    grant = {"type": "user", "role": "writer", "emailAddress": "implbot@fernhill-implbot.iam.gserviceaccount.com"}
    ines.drive.permissions().create(fileId=folder["id"], body=grant, sendNotificationEmail=False).execute()
    body = {"name": "x", "mimeType": DOC, "parents": [folder["id"]]}
    assert refusal(drive.files().create(body=body))["errors"][0]["reason"] == "storageQuotaExceeded"


def test_service_accounts_write_into_shared_drives(drive: Any, shared_drive: str) -> None:
    """In a shared drive the drive owns the file: no owners, no shared, no permissions, no writersCanShare fields."""
    made = make(drive, "F", parent=shared_drive)
    row = drive.files().get(fileId=made["id"], supportsAllDrives=True, fields="*").execute()
    assert not {"owners", "shared", "permissions", "writersCanShare", "ownedByMe"} & set(row)
    assert row["hasAugmentedPermissions"] is False


def test_shared_drive_items_hide_from_callers_that_do_not_know_them(drive: Any, shared_drive: str) -> None:
    """Without supportsAllDrives an item of a shared drive is 404, as if unknown [measured]."""
    made = make(drive, "F", parent=shared_drive)
    for request in (
        drive.files().get(fileId=made["id"]),
        drive.files().update(fileId=made["id"], body={}),
        drive.files().delete(fileId=made["id"]),
        drive.permissions().list(fileId=made["id"]),
        drive.files().create(body={"name": "x", "parents": [shared_drive]}),
    ):
        error = refusal(request)
        assert error["code"] == 404
        assert error["errors"][0]["reason"] == "notFound"


def test_no_access_looks_like_unknown(ines: Any, as_person: Any) -> None:
    """Drive answers the same 404 for no access and for an unknown id [measured]."""
    made = make(ines.drive, "F")
    assert refusal(as_person(PRIYA).drive.files().get(fileId=made["id"]))["message"] == f"File not found: {made['id']}."


def test_a_reader_may_not_change(ines: Any, as_person: Any) -> None:
    """Seen but not writable: 403 insufficientFilePermissions."""
    made = make(ines.drive, "F")
    grant = {"type": "user", "role": "reader", "emailAddress": PRIYA}
    ines.drive.permissions().create(fileId=made["id"], body=grant).execute()
    error = refusal(as_person(PRIYA).drive.files().update(fileId=made["id"], body={"name": "mine"}))
    assert error["errors"][0]["reason"] == "insufficientFilePermissions"


def test_capabilities_follow_the_role(ines: Any, as_person: Any) -> None:
    """`capabilities` tell what the caller may do: use them instead of roles."""
    made = make(ines.drive, "F", "text/plain")
    grant = {"type": "user", "role": "commenter", "emailAddress": PRIYA}
    ines.drive.permissions().create(fileId=made["id"], body=grant).execute()
    mine = ines.drive.files().get(fileId=made["id"], fields="capabilities").execute()["capabilities"]
    theirs = as_person(PRIYA).drive.files().get(fileId=made["id"], fields="capabilities").execute()["capabilities"]
    assert (mine["canEdit"], mine["canTrash"], mine["canShare"]) == (True, True, True)
    assert (theirs["canEdit"], theirs["canComment"], theirs["canTrash"]) == (False, True, False)


def test_moving_needs_both_parents_named(ines: Any) -> None:
    """Move = addParents + removeParents in one update; more parents than one are refused."""
    one, two = make(ines.drive, "one"), make(ines.drive, "two")
    made = make(ines.drive, "F", parent=one["id"])
    assert refusal(ines.drive.files().update(fileId=made["id"], addParents=two["id"]))["code"] == 403
    moved = (
        ines.drive.files()
        .update(fileId=made["id"], addParents=two["id"], removeParents=one["id"], fields="parents")
        .execute()
    )
    assert moved == {"parents": [two["id"]]}
    assert names(ines.drive.files().list(q=f"'{two['id']}' in parents").execute()) == ["F"]


def test_parents_cannot_be_written_in_an_update(ines: Any) -> None:
    """The body's `parents` is refused in update with fieldNotWritable."""
    made = make(ines.drive, "F")
    error = refusal(ines.drive.files().update(fileId=made["id"], body={"parents": ["root"]}))
    assert error["errors"][0]["reason"] == "fieldNotWritable"


def test_a_folder_cannot_go_into_itself(ines: Any) -> None:
    """A move that would make a circle is refused."""
    one = make(ines.drive, "one")
    two = make(ines.drive, "two", parent=one["id"])
    root = ines.drive.files().get(fileId="root", fields="id").execute()["id"]
    request = ines.drive.files().update(fileId=one["id"], addParents=two["id"], removeParents=root)
    assert refusal(request)["code"] == 403


def test_contributors_of_a_shared_drive_cannot_move_or_trash(drive: Any, ines: Any, shared_drive: str) -> None:
    """A writer adds files; trashing needs fileOrganizer, permanent delete organizer [G: about-shareddrives]."""
    made = make(ines.drive, "F", parent=shared_drive)
    other = make(ines.drive, "G", parent=shared_drive)
    update = ines.drive.files().update
    assert refusal(update(fileId=made["id"], body={"trashed": True}, supportsAllDrives=True))["code"] == 403
    move = {"addParents": other["id"], "removeParents": shared_drive}
    assert refusal(update(fileId=made["id"], supportsAllDrives=True, **move))["code"] == 403
    assert refusal(ines.drive.files().delete(fileId=made["id"], supportsAllDrives=True))["code"] == 403
    drive.files().update(fileId=made["id"], body={"trashed": True}, supportsAllDrives=True).execute()
    drive.files().delete(fileId=made["id"], supportsAllDrives=True).execute()


def test_app_properties_merge_and_null_deletes(drive: Any, shared_drive: str) -> None:
    """appProperties are patched key by key; null deletes a key [G: properties]."""
    made = make(drive, "F", parent=shared_drive, appProperties={"a": "1", "b": "2"})
    answer = (
        drive.files()
        .update(
            fileId=made["id"],
            body={"appProperties": {"a": None, "c": "3"}},
            supportsAllDrives=True,
            fields="appProperties",
        )
        .execute()
    )
    assert answer == {"appProperties": {"b": "2", "c": "3"}}


def test_app_properties_are_private_to_the_project(drive: Any, ines: Any, shared_drive: str) -> None:
    """appProperties belong to the OAuth client's project: another app sees only properties; `q` keeps to that too."""
    made = make(drive, "F", parent=shared_drive, appProperties={"key": "x"}, properties={"open": "y"})
    seen = (
        ines.drive.files().get(fileId=made["id"], supportsAllDrives=True, fields="properties,appProperties").execute()
    )
    assert seen == {"properties": {"open": "y"}}
    query = "appProperties has { key='key' and value='x' }"
    everywhere = {"supportsAllDrives": True, "includeItemsFromAllDrives": True}
    assert names(drive.files().list(q=query, **everywhere).execute()) == ["F"]
    assert names(ines.drive.files().list(q=query, **everywhere).execute()) == []


def test_properties_have_limits(ines: Any) -> None:
    """At most 124 bytes for key and value, 30 of a kind [G: properties]."""
    long = {"name": "F", "mimeType": FOLDER, "appProperties": {"key": "é" * 61}}
    assert refusal(ines.drive.files().create(body=long))["code"] == 400
    many = {"name": "F", "mimeType": FOLDER, "properties": {f"k{n}": "v" for n in range(31)}}
    assert refusal(ines.drive.files().create(body=many))["code"] == 403
    assert names(ines.drive.files().list().execute()) == []


def test_generated_ids_work_for_folders_and_not_for_native_files(ines: Any) -> None:
    """generateIds: 1-1000, default 10; not for Google-native types; reuse is 409 [G: create-file]."""
    assert len(ines.drive.files().generateIds().execute()["ids"]) == 10
    key = ines.drive.files().generateIds(count=1).execute()["ids"][0]
    assert refusal(ines.drive.files().generateIds(count=1001))["code"] == 400
    assert refusal(ines.drive.files().generateIds(count=0))["code"] == 400
    assert refusal(ines.drive.files().create(body={"id": key, "mimeType": DOC}))["code"] == 400
    assert make(ines.drive, "F", id=key)["id"] == key
    again = refusal(ines.drive.files().create(body={"id": key, "name": "F", "mimeType": FOLDER}))
    assert (again["code"], again["errors"][0]["reason"]) == (409, "fileIdInUse")


def test_trash_holds_children_too(ines: Any) -> None:
    """A trashed folder's children count as trashed, not explicitly; `trashed=false` leaves them out."""
    folder = make(ines.drive, "F")
    child = make(ines.drive, "child", parent=folder["id"])
    ines.drive.files().update(fileId=folder["id"], body={"trashed": True}).execute()
    row = ines.drive.files().get(fileId=child["id"], fields="trashed,explicitlyTrashed").execute()
    assert row == {"trashed": True, "explicitlyTrashed": False}
    assert names(ines.drive.files().list(q="trashed = false").execute()) == []
    assert sorted(names(ines.drive.files().list().execute())) == ["F", "child"]
    ines.drive.files().update(fileId=folder["id"], body={"trashed": False}).execute()
    assert sorted(names(ines.drive.files().list(q="trashed=false").execute())) == ["F", "child"]


def test_only_the_owner_trashes_in_my_drive(ines: Any, as_person: Any) -> None:
    """Only the owner may trash [DD], an editor may not."""
    made = make(ines.drive, "F")
    grant = {"type": "user", "role": "writer", "emailAddress": PRIYA}
    ines.drive.permissions().create(fileId=made["id"], body=grant).execute()
    assert refusal(as_person(PRIYA).drive.files().update(fileId=made["id"], body={"trashed": True}))["code"] == 403


def test_trash_empties_after_thirty_days(ines: Any, workspace: Any, running: Any) -> None:
    """Thirty days of workspace time after trashing a file is gone for good."""
    import asyncio

    made = make(ines.drive, "F")
    ines.drive.files().update(fileId=made["id"], body={"trashed": True}).execute()
    later = workspace.clock.now() + timedelta(days=31)
    asyncio.run_coroutine_threadsafe(workspace.clock.advance(later), running.loop).result(60)
    assert refusal(ines.drive.files().get(fileId=made["id"]))["code"] == 404


def test_delete_is_permanent_and_204(ines: Any, running: Any) -> None:
    """files.delete skips the trash and answers 204 with an empty body [CAS]; children go with their folder."""
    folder = make(ines.drive, "F")
    child = make(ines.drive, "child", parent=folder["id"])
    answer = ines.session.delete(running.url + f"/drive/v3/files/{folder['id']}", timeout=30)
    assert (answer.status_code, answer.content) == (204, b"")
    assert refusal(ines.drive.files().get(fileId=child["id"]))["code"] == 404


def test_emptying_the_trash_deletes_what_is_in_it(ines: Any) -> None:
    """files.emptyTrash deletes the caller's trashed files only."""
    made = make(ines.drive, "F")
    make(ines.drive, "kept")
    ines.drive.files().update(fileId=made["id"], body={"trashed": True}).execute()
    ines.drive.files().emptyTrash().execute()
    assert names(ines.drive.files().list().execute()) == ["kept"]


def test_a_shortcut_points_to_its_target(ines: Any) -> None:
    """Shortcut: shortcutDetails.targetId at create only; the target's type is a snapshot."""
    target = make(ines.drive, "F")
    body = {"name": "S", "mimeType": SHORTCUT, "shortcutDetails": {"targetId": target["id"]}}
    made = ines.drive.files().create(body=body, fields="id,shortcutDetails").execute()
    assert made["shortcutDetails"] == {"targetId": target["id"], "targetMimeType": FOLDER}
    assert names(ines.drive.files().list(q=f"shortcutDetails.targetId = '{target['id']}'").execute()) == ["S"]


def test_folders_cannot_be_copied(ines: Any) -> None:
    """files.copy of a folder is refused."""
    assert refusal(ines.drive.files().copy(fileId=make(ines.drive, "F")["id"]))["code"] == 403


def test_a_copy_is_named_after_its_source_and_belongs_to_the_copier(ines: Any, as_person: Any) -> None:
    """`name` absent → "Copy of <name>" [CAS]; permissions are not copied; the copier owns the copy."""
    source = make(ines.drive, "Plan", DOC)
    grant = {"type": "user", "role": "reader", "emailAddress": PRIYA}
    ines.drive.permissions().create(fileId=source["id"], body=grant).execute()
    priya = as_person(PRIYA)
    made = priya.drive.files().copy(fileId=source["id"], fields="name,owners/emailAddress,shared").execute()
    assert made == {"name": "Copy of Plan", "owners": [{"emailAddress": PRIYA}], "shared": False}


def test_a_copy_without_parents_stays_beside_its_source(ines: Any) -> None:
    """`parents` absent → the copy inherits a discoverable parent of the source [DD]."""
    folder = make(ines.drive, "F")
    source = make(ines.drive, "Plan", DOC, parent=folder["id"])
    made = ines.drive.files().copy(fileId=source["id"], fields="parents").execute()
    assert made == {"parents": [folder["id"]]}


def test_copies_inherit_properties_unless_the_body_sets_them(drive: Any, shared_drive: str) -> None:
    """The copy's body has patch semantics over the source's properties; null clears one."""
    source = make(drive, "T", DOC, parent=shared_drive, appProperties={"a": "1", "b": "2"}, description="words")
    body = {"name": "C", "parents": [shared_drive], "appProperties": {"a": None, "b": "3"}}
    made = (
        drive.files()
        .copy(fileId=source["id"], body=body, supportsAllDrives=True, fields="appProperties,description")
        .execute()
    )
    assert made == {"appProperties": {"b": "3"}, "description": "words"}


def test_copying_into_a_shared_drive_gives_the_file_to_the_drive(drive: Any, ines: Any, shared_drive: str) -> None:
    """A copy made into a shared drive has that drive's id and no owner."""
    source = make(ines.drive, "T", DOC)
    made = (
        ines.drive.files()
        .copy(fileId=source["id"], body={"parents": [shared_drive]}, supportsAllDrives=True, fields="id,driveId,owners")
        .execute()
    )
    assert made == {"id": made["id"], "driveId": shared_drive}
    assert drive.files().get(fileId=made["id"], supportsAllDrives=True).execute()["name"] == "Copy of T"


def test_only_open_comments_are_copied_and_only_when_asked(ines: Any) -> None:
    """Comments only with copyComments=true, and only open ones [DD]."""
    source = make(ines.drive, "T", DOC)
    for words in ("open", "done"):
        made = ines.drive.comments().create(fileId=source["id"], body={"content": words}, fields="id").execute()
    body = {"content": "", "action": "resolve"}
    ines.drive.replies().create(fileId=source["id"], commentId=made["id"], body=body, fields="id").execute()
    plain = ines.drive.files().copy(fileId=source["id"]).execute()
    asked = ines.drive.files().copy(fileId=source["id"], copyComments=True).execute()
    listed = [ines.drive.comments().list(fileId=one["id"], fields="*").execute() for one in (plain, asked)]
    assert [[one["content"] for one in found["comments"]] for found in listed] == [[], ["open"]]


def test_stars_are_each_person_s_own(ines: Any, as_person: Any) -> None:
    """`starred` concerns the caller only."""
    made = make(ines.drive, "F")
    ines.drive.permissions().create(
        fileId=made["id"], body={"type": "user", "role": "reader", "emailAddress": PRIYA}
    ).execute()
    ines.drive.files().update(fileId=made["id"], body={"starred": True}).execute()
    assert names(ines.drive.files().list(q="starred = true").execute()) == ["F"]
    assert names(as_person(PRIYA).drive.files().list(q="starred = true").execute()) == []


def test_links_lead_to_the_editors(ines: Any) -> None:
    """webViewLink is output only and leads to the type's editor."""
    made = ines.drive.files().create(body={"name": "D", "mimeType": DOC}, fields="id,webViewLink").execute()
    assert made["webViewLink"].startswith(f"https://docs.google.com/document/d/{made['id']}/edit")


def test_native_files_have_size_and_no_checksum(ines: Any) -> None:
    """Native Docs report `size` but no md5Checksum or webContentLink [BL]."""
    row = ines.drive.files().create(body={"name": "D", "mimeType": DOC}, fields="*").execute()
    assert "size" in row
    assert not {"md5Checksum", "webContentLink", "headRevisionId"} & set(row)


def test_a_shared_drive_item_moved_out_gets_an_owner(drive: Any, as_person: Any, inside: Any, workspace: Any) -> None:
    """Moving from a shared drive to My Drive makes the mover its owner; moving in takes the owner away."""
    from bot.emulator.google.drive import seed_drive

    priya = as_person(PRIYA)
    home = inside(lambda: seed_drive(workspace, "Home", [{"email": PRIYA, "role": "organizer"}]))
    root = priya.drive.files().get(fileId="root", fields="id").execute()["id"]
    made = make(priya.drive, "F")
    change = {"supportsAllDrives": True, "fields": "driveId,ownedByMe"}
    moved = priya.drive.files().update(fileId=made["id"], addParents=home, removeParents=root, **change).execute()
    assert moved == {"driveId": home}
    back = priya.drive.files().update(fileId=made["id"], addParents=root, removeParents=home, **change).execute()
    assert back == {"ownedByMe": True}


def test_a_refused_update_changes_nothing(ines: Any) -> None:
    """One wrong part of an update leaves name, place and trash as they were."""
    made = make(ines.drive, "F")
    other = make(ines.drive, "G")
    wrong = {"name": "new", "trashed": True, "properties": {"k": "x" * 200}}
    assert refusal(ines.drive.files().update(fileId=made["id"], body=wrong))["code"] == 400
    moving = ines.drive.files().update(fileId=made["id"], body={"name": "new"}, addParents=other["id"])
    assert refusal(moving)["code"] == 403
    row = ines.drive.files().get(fileId=made["id"], fields="name,trashed,version").execute()
    assert row == {"name": "F", "trashed": False, "version": "1"}


def test_shared_drives_nest_a_hundred_folders_deep(drive: Any, shared_drive: str) -> None:
    """Nesting depth 100 in a shared drive [G: about-shareddrives]: the next folder is refused."""
    parent = shared_drive
    for _ in range(100):
        parent = make(drive, "deeper", parent=parent)["id"]
    body = {"name": "too deep", "mimeType": FOLDER, "parents": [parent]}
    error = refusal(drive.files().create(body=body, supportsAllDrives=True))
    assert error["errors"][0]["reason"] == "teamDriveHierarchyTooDeep"


def test_what_is_not_done_is_refused_aloud(ines: Any) -> None:
    """Content restrictions and administrators' access are 501 with their names, not dropped in silence."""
    made = make(ines.drive, "F")
    body = {"contentRestrictions": [{"readOnly": True}]}
    assert refusal(ines.drive.files().update(fileId=made["id"], body=body))["code"] == 501
    assert refusal(ines.drive.permissions().list(fileId=made["id"], useDomainAdminAccess=True))["code"] == 501


def test_abuse_is_acknowledged_on_downloads_only(ines: Any) -> None:
    """acknowledgeAbuse on a metadata read is 403 [measured]."""
    error = refusal(ines.drive.files().get(fileId=make(ines.drive, "F")["id"], acknowledgeAbuse=True))
    assert error["errors"][0]["reason"] == "invalidAbuseAcknowledgment"


def test_native_files_are_modified_just_after_they_are_made(ines: Any) -> None:
    """modifiedTime after create differs by milliseconds from createdTime [CAS]."""
    row = ines.drive.files().create(body={"name": "D", "mimeType": DOC}, fields="createdTime,modifiedTime").execute()
    assert row["createdTime"] < row["modifiedTime"]
    assert row["createdTime"][:16] == row["modifiedTime"][:16]
