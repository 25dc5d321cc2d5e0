"""Permissions: who may be let in by whom, inheritance, mails, expiry and ownership."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from googleapiclient.errors import HttpError

FOLDER = "application/vnd.google-apps.folder"
PRIYA = "priya.nair@fernhill.example"
MARCUS = "marcus.webb@fernhill.example"
RUTH = "ruth.osei@harborpine.example"


def folder(drive: Any, name: str = "F", parent: str = "") -> str:
    """The id of a new folder."""
    body = {"name": name, "mimeType": FOLDER} | ({"parents": [parent]} if parent else {})
    made: str = drive.files().create(body=body, supportsAllDrives=True).execute()["id"]
    return made


def share(drive: Any, file_id: str, email: str, role: str = "reader", **more: Any) -> Any:
    """A request that shares with a person."""
    body = {"type": "user", "role": role, "emailAddress": email}
    return drive.permissions().create(fileId=file_id, body=body, supportsAllDrives=True, **more)


def refusal(request: Any) -> dict[str, Any]:
    """The error object that a request is refused with."""
    with pytest.raises(HttpError) as raised:
        request.execute()
    error: dict[str, Any] = json.loads(raised.value.content)["error"]
    return error


def test_sharing_answers_id_type_and_role(ines: Any) -> None:
    """permissions.create → kind, id, type, role by default [DD]; the id is the grantee's, the same on every file."""
    one = share(ines.drive, folder(ines.drive), PRIYA).execute()
    two = share(ines.drive, folder(ines.drive), PRIYA, "writer").execute()
    assert one == {"kind": "drive#permission", "id": two["id"], "type": "user", "role": "reader"}


def test_the_owner_s_permission_is_listed_first(ines: Any) -> None:
    """permissions.list shows the owner and everyone let in, with address and name when asked."""
    made = folder(ines.drive)
    share(ines.drive, made, PRIYA, "commenter").execute()
    found = ines.drive.permissions().list(fileId=made, fields="permissions(role,emailAddress,displayName)").execute()
    assert found["permissions"] == [
        {"role": "owner", "emailAddress": ines.email, "displayName": "Ines Duarte"},
        {"role": "commenter", "emailAddress": PRIYA, "displayName": "Priya Nair"},
    ]


@pytest.mark.parametrize(
    ("body", "location"),
    [
        ({"role": "reader", "emailAddress": PRIYA}, "permission.type"),
        ({"type": "user", "emailAddress": PRIYA}, "permission.role"),
        ({"type": "user", "role": "reader"}, "permission.emailAddress"),
        ({"type": "user", "role": "king", "emailAddress": PRIYA}, "permission.role"),
        ({"type": "domain", "role": "reader"}, "permission.domain"),
    ],
)
def test_type_role_and_grantee_are_required(ines: Any, body: dict[str, str], location: str) -> None:
    """`type` + `role` are required, emailAddress for a user, domain for a domain [DD]."""
    error = refusal(ines.drive.permissions().create(fileId=folder(ines.drive), body=body))
    assert (error["code"], error["errors"][0]["location"]) == (400, location)


def test_a_share_is_mailed_unless_told_otherwise(ines: Any, workspace: Any) -> None:
    """sendNotificationEmail defaults to true; emailMessage is plain text; the mail is kept for reading."""
    made = folder(ines.drive, "Plan")
    share(ines.drive, made, PRIYA, emailMessage="Please look.").execute()
    share(ines.drive, made, MARCUS, sendNotificationEmail=False).execute()
    (mail,) = workspace.shelf.collection("mail").values()
    assert (mail["to"], mail["from"], mail["file_id"]) == (PRIYA, ines.email, made)
    assert "Plan" in mail["subject"]
    assert "Please look." in mail["body"]


def test_an_address_without_an_account_needs_the_mail(ines: Any) -> None:
    """Without notification an address that has no Google account is 400 invalidSharingRequest."""
    made = folder(ines.drive)
    error = refusal(share(ines.drive, made, "nobody@harborpine.example", sendNotificationEmail=False))
    assert (error["code"], error["errors"][0]["reason"]) == (400, "invalidSharingRequest")
    assert "Since there is no Google account associated with this email address" in error["message"]
    assert share(ines.drive, made, "nobody@harborpine.example").execute()["role"] == "reader"


def test_sharing_outside_goes_to_trusted_domains_only(ines: Any) -> None:
    """The company shares with allow-listed domains; others are refused with invalidSharingRequest."""
    made = folder(ines.drive)
    assert share(ines.drive, made, RUTH).execute()["role"] == "reader"
    error = refusal(share(ines.drive, made, "someone@elsewhere.example"))
    assert error["errors"][0]["reason"] == "invalidSharingRequest"


def test_a_link_opens_a_file_to_anyone(ines: Any, as_person: Any) -> None:
    """type anyone: whoever has the id reads; its permission id is anyoneWithLink."""
    made = folder(ines.drive)
    body = {"type": "anyone", "role": "reader"}
    assert ines.drive.permissions().create(fileId=made, body=body).execute()["id"] == "anyoneWithLink"
    assert as_person(RUTH).drive.files().get(fileId=made).execute()["id"] == made
    ines.drive.permissions().delete(fileId=made, permissionId="anyoneWithLink").execute()
    assert refusal(as_person(RUTH).drive.files().get(fileId=made))["code"] == 404


def test_a_domain_share_does_not_reach_service_accounts(ines: Any, as_person: Any, drive: Any) -> None:
    """A service account is not in the domain: "anyone in domain" does not reach it [G: manage-shareddrives]."""
    made = folder(ines.drive)
    body = {"type": "domain", "role": "reader", "domain": "fernhill.example"}
    ines.drive.permissions().create(fileId=made, body=body).execute()
    assert as_person(PRIYA).drive.files().get(fileId=made).execute()["id"] == made
    assert refusal(drive.files().get(fileId=made))["code"] == 404


def test_folders_hand_their_permissions_down(ines: Any, as_person: Any) -> None:
    """What is shared on a folder reaches everything in it, and cannot be taken away below."""
    top = folder(ines.drive)
    inner = folder(ines.drive, "inner", top)
    given = share(ines.drive, top, PRIYA, "writer").execute()
    assert as_person(PRIYA).drive.files().get(fileId=inner).execute()["id"] == inner
    error = refusal(ines.drive.permissions().delete(fileId=inner, permissionId=given["id"]))
    assert error["code"] == 403


def test_sharing_again_changes_the_role_in_place(ines: Any) -> None:
    """Re-creating a grantee gives no second permission (update in place, UNCONFIRMED)."""
    made = folder(ines.drive)
    share(ines.drive, made, PRIYA).execute()
    share(ines.drive, made, PRIYA, "writer").execute()
    found = ines.drive.permissions().list(fileId=made, fields="permissions(role,emailAddress)").execute()["permissions"]
    assert [one["role"] for one in found if one["emailAddress"] == PRIYA] == ["writer"]


def test_a_role_is_changed_by_update_and_taken_by_delete(ines: Any, as_person: Any) -> None:
    """permissions.update sets the role; delete answers empty, and access is gone at once."""
    made = folder(ines.drive)
    given = share(ines.drive, made, PRIYA).execute()
    changed = ines.drive.permissions().update(fileId=made, permissionId=given["id"], body={"role": "writer"}).execute()
    assert changed["role"] == "writer"
    assert as_person(PRIYA).drive.files().update(fileId=made, body={"name": "G"}).execute()["name"] == "G"
    assert ines.drive.permissions().delete(fileId=made, permissionId=given["id"]).execute() == ""
    assert refusal(as_person(PRIYA).drive.files().get(fileId=made))["code"] == 404
    missing = refusal(ines.drive.permissions().get(fileId=made, permissionId=given["id"]))
    assert missing["message"] == f"Permission not found: {given['id']}."


def test_anyone_may_leave(ines: Any, as_person: Any) -> None:
    """A reader may delete the own permission, nobody else's."""
    made = folder(ines.drive)
    given = share(ines.drive, made, PRIYA).execute()
    other = share(ines.drive, made, MARCUS).execute()
    priya = as_person(PRIYA)
    assert refusal(priya.drive.permissions().delete(fileId=made, permissionId=other["id"]))["code"] == 403
    priya.drive.permissions().delete(fileId=made, permissionId=given["id"]).execute()
    assert refusal(priya.drive.files().get(fileId=made))["code"] == 404


def test_readers_may_not_share_and_writers_may_unless_switched_off(ines: Any, as_person: Any) -> None:
    """An editor may share while writersCanShare holds."""
    made = folder(ines.drive)
    share(ines.drive, made, PRIYA, "writer").execute()
    share(ines.drive, made, MARCUS, "reader").execute()
    assert share(as_person(PRIYA).drive, made, RUTH).execute()["role"] == "reader"
    assert refusal(share(as_person(MARCUS).drive, made, RUTH))["code"] == 403
    ines.drive.files().update(fileId=made, body={"writersCanShare": False}).execute()
    assert refusal(share(as_person(PRIYA).drive, made, "grace.liu@fernhill.example"))["code"] == 403


def test_ownership_passes_on_with_its_flag_only(ines: Any, as_person: Any, workspace: Any) -> None:
    """role owner needs transferOwnership=true; the former owner stays an editor; the mail cannot be switched off."""
    made = folder(ines.drive)
    assert refusal(share(ines.drive, made, PRIYA, "owner"))["code"] == 403
    share(ines.drive, made, PRIYA, "owner", transferOwnership=True, sendNotificationEmail=False).execute()
    assert len(workspace.shelf.collection("mail")) == 1
    row = as_person(PRIYA).drive.files().get(fileId=made, fields="ownedByMe").execute()
    assert row == {"ownedByMe": True}
    assert ines.drive.files().get(fileId=made, fields="capabilities(canEdit,canTrash)").execute() == {
        "capabilities": {"canEdit": True, "canTrash": False}
    }


def test_a_share_may_end_by_itself(ines: Any, as_person: Any, workspace: Any, running: Any) -> None:
    """expirationTime: user or group only, at most a year ahead, on folders reader only; then access ends."""
    import asyncio

    made = folder(ines.drive)
    end = workspace.clock.now() + timedelta(hours=2)
    body = {"type": "user", "role": "reader", "emailAddress": PRIYA, "expirationTime": end.isoformat()}
    ines.drive.permissions().create(fileId=made, body=body).execute()
    far = body | {"expirationTime": (end + timedelta(days=400)).isoformat()}
    assert refusal(ines.drive.permissions().create(fileId=made, body=far))["code"] == 403
    assert refusal(ines.drive.permissions().create(fileId=made, body=body | {"role": "writer"}))["code"] == 403
    assert as_person(PRIYA).drive.files().get(fileId=made).execute()["id"] == made
    later = end + timedelta(minutes=1)
    asyncio.run_coroutine_threadsafe(workspace.clock.advance(later), running.loop).result(30)
    assert refusal(as_person(PRIYA).drive.files().get(fileId=made))["code"] == 404


def test_members_of_a_shared_drive_reach_everything_in_it(
    drive: Any, ines: Any, as_person: Any, shared_drive: str
) -> None:
    """Members come from the drive's own permissions; items tell member and file permissions apart."""
    made = folder(drive, "F", shared_drive)
    share(drive, made, RUTH, "commenter").execute()
    fields = "permissions(emailAddress,role,permissionDetails(permissionType,inherited))"
    found = drive.permissions().list(fileId=made, supportsAllDrives=True, fields=fields).execute()["permissions"]
    kinds = {one["emailAddress"]: one["permissionDetails"][0] for one in found}
    assert kinds[RUTH] == {"permissionType": "file", "inherited": False}
    assert kinds[ines.email] == {"permissionType": "member", "inherited": True}
    assert drive.files().get(fileId=made, supportsAllDrives=True, fields="hasAugmentedPermissions").execute() == {
        "hasAugmentedPermissions": True
    }
    assert as_person(RUTH).drive.files().get(fileId=made, supportsAllDrives=True).execute()["name"] == "F"
    assert refusal(as_person(RUTH).drive.files().get(fileId=shared_drive, supportsAllDrives=True))["code"] == 404


def test_only_managers_add_members(drive: Any, ines: Any, as_person: Any, shared_drive: str) -> None:
    """Adding a member to the drive itself needs the organizer role; nobody gives more than they have."""
    assert refusal(share(ines.drive, shared_drive, PRIYA, "writer"))["code"] == 403
    assert share(drive, shared_drive, PRIYA, "fileOrganizer").execute()["role"] == "fileOrganizer"
    made = folder(as_person(PRIYA).drive, "F", shared_drive)
    assert refusal(share(ines.drive, made, MARCUS, "fileOrganizer"))["code"] == 403


def test_inherited_membership_cannot_be_cut_below(drive: Any, ines: Any, shared_drive: str) -> None:
    """cannotModifyInheritedTeamDrivePermission for taking or lowering an inherited permission."""
    made = folder(drive, "F", shared_drive)
    fields = "permissions(id,emailAddress)"
    found = drive.permissions().list(fileId=made, supportsAllDrives=True, fields=fields).execute()["permissions"]
    key = next(one["id"] for one in found if one["emailAddress"] == ines.email)
    for request in (
        drive.permissions().delete(fileId=made, permissionId=key, supportsAllDrives=True),
        drive.permissions().update(fileId=made, permissionId=key, body={"role": "reader"}, supportsAllDrives=True),
    ):
        assert refusal(request)["errors"][0]["reason"] == "cannotModifyInheritedTeamDrivePermission"


def test_shared_drives_have_no_owner_role(drive: Any, shared_drive: str) -> None:
    """The owner role is not for items of shared drives."""
    made = folder(drive, "F", shared_drive)
    assert refusal(share(drive, made, PRIYA, "owner", transferOwnership=True))["code"] == 403


def test_permissions_of_shared_drive_items_come_in_pages(drive: Any, shared_drive: str) -> None:
    """permissions.list pages for shared-drive items; pageSize is at least 1."""
    made = folder(drive, "F", shared_drive)
    first = drive.permissions().list(fileId=made, supportsAllDrives=True, pageSize=1).execute()
    token = first["nextPageToken"]
    second = drive.permissions().list(fileId=made, supportsAllDrives=True, pageSize=1, pageToken=token).execute()
    assert "nextPageToken" not in second
    assert first["permissions"] != second["permissions"]
    assert refusal(drive.permissions().list(fileId=made, supportsAllDrives=True, pageSize=0))["code"] == 400


def test_restricted_files_cannot_be_copied_or_taken_by_readers(ines: Any, as_person: Any) -> None:
    """copyRequiresWriterPermission keeps readers from copying; the capability says so."""
    made = ines.drive.files().create(body={"name": "x", "mimeType": "text/plain", "copyRequiresWriterPermission": True})
    key = made.execute()["id"]
    share(ines.drive, key, PRIYA).execute()
    priya = as_person(PRIYA)
    assert priya.drive.files().get(fileId=key, fields="capabilities(canCopy)").execute() == {
        "capabilities": {"canCopy": False}
    }
    assert refusal(priya.drive.files().copy(fileId=key))["code"] == 403


def test_a_folder_with_limited_access_keeps_members_out(drive: Any, ines: Any, shared_drive: str) -> None:
    """inheritedPermissionsDisabled cuts inheritance for all but the drive's managers [G: limited-expansive-access]."""
    made = folder(drive, "F", shared_drive)
    inner = folder(drive, "inner", made)
    body = {"inheritedPermissionsDisabled": True}
    update = ines.drive.files().update(fileId=made, body=body, supportsAllDrives=True)
    assert refusal(update)["code"] == 403
    drive.files().update(fileId=made, body=body, supportsAllDrives=True).execute()
    for hidden in (made, inner):
        assert refusal(ines.drive.files().get(fileId=hidden, supportsAllDrives=True))["code"] == 404
        assert drive.files().get(fileId=hidden, supportsAllDrives=True).execute()["id"] == hidden
    share(drive, made, ines.email).execute()
    assert ines.drive.files().get(fileId=inner, supportsAllDrives=True).execute()["name"] == "inner"


def test_groups_let_their_members_in(ines: Any, as_person: Any, inside: Any, workspace: Any) -> None:
    """A permission of type group reaches the group's members."""
    address = "team@fernhill.example"
    row = {"email": address, "members": [PRIYA]}
    inside(lambda: workspace.shelf.collection("google_groups").update({address: row}))
    made = folder(ines.drive)
    body = {"type": "group", "role": "reader", "emailAddress": address}
    ines.drive.permissions().create(fileId=made, body=body).execute()
    assert as_person(PRIYA).drive.files().get(fileId=made).execute()["id"] == made
    assert refusal(as_person(MARCUS).drive.files().get(fileId=made))["code"] == 404
