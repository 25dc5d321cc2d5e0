"""drive.permissions: who is let in, by whom, with which mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.emulator import people
from bot.emulator.google import access, auth, errors
from bot.emulator.google.access import FOLDER, RANKS, Row
from bot.emulator.google.drive import mail, tree
from bot.emulator.google.drive.listing import paged
from bot.emulator.google.gateway import Call, method

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

TYPES = ("user", "group", "domain", "anyone")
ROLES = ("owner", "organizer", "fileOrganizer", "writer", "commenter", "reader")


def resource(call: Call, row: Row, one: Row) -> Row:
    """Drive's Permission resource of a direct or inherited grant on `row`."""
    found: Row = {"kind": "drive#permission", "id": one["id"], "type": one["type"], "role": one["role"]}
    if one["type"] in ("user", "group"):
        person = people.find(call.workspace, one["emailAddress"])
        found |= {"emailAddress": one["emailAddress"], "displayName": person["name"] if person else one["emailAddress"]}
        found |= {"deleted": bool(person and person["deleted"]), "pendingOwner": bool(one.get("pendingOwner"))}
    if one["type"] == "domain":
        found |= {"domain": one["domain"], "displayName": one["domain"]}
    if one["type"] in ("domain", "anyone"):
        found["allowFileDiscovery"] = bool(one.get("allowFileDiscovery"))
    if one.get("expirationTime"):
        found["expirationTime"] = one["expirationTime"]
    if row.get("driveId"):
        found |= _details(row, one)
    return found


def _details(row: Row, one: Row) -> Row:
    inherited = "inheritedFrom" in one
    member = one.get("inheritedFrom") == row["driveId"] or row["id"] == row["driveId"]
    kind = "member" if member else "file"
    detail = {"permissionType": kind, "role": one["role"], "inherited": inherited}
    old = {"teamDrivePermissionType": kind, "role": one["role"], "inherited": inherited}
    if inherited:
        detail["inheritedFrom"] = old["inheritedFrom"] = one["inheritedFrom"]
    return {"permissionDetails": [detail], "teamDrivePermissionDetails": [old]}


def _sharer(call: Call) -> tuple[Row, str]:
    """The file and the caller's role, which must allow sharing."""
    row, role = tree.seen(call, call.params["fileId"])
    wanted = "organizer" if row["id"] == row.get("driveId") else "writer"
    blocked = not row.get("driveId") and role == "writer" and not row.get("writersCanShare", True)
    if blocked or not access.has(role, wanted):
        raise tree.insufficient()
    if row.get("root"):
        raise errors.drive_forbidden("forbidden", "The root folder cannot be shared.")
    return row, role


@method(
    "drive.permissions.create",
    notes="An address without an account is refused when no mail is sent; outside domains must be allow-listed; "
    "re-creating a grantee changes the role in place (UNCONFIRMED).",
)
def create(call: Call) -> Row:
    """Shares a file, folder or shared drive."""
    row, role = _sharer(call)
    body = call.body
    if call.params.get("moveToNewOwnersRoot"):
        raise errors.unimplemented(call.method, "moveToNewOwnersRoot")
    if body.get("role") == "owner" and row.get("owner") == body.get("emailAddress", ""):
        return resource(call, row, access.grant(row["owner"], "owner"))  # gspread's copy shares with the owner anew
    _check_body(call, row, role, body)
    one = _grant(body)
    _check_grantee(call, one)
    if body["role"] == "owner":
        _transfer(row, one)
    else:
        row["permissions"] = [known for known in row["permissions"] if known["id"] != one["id"]] + [one]
    _after(call, row, one)
    return resource(call, row, one)


def _required(name: str) -> errors.GoogleError:
    text = f"The permission {name} field is required."
    return errors.GoogleError(400, text, "required", f"permission.{name}", location_type="other")


def _check_body(call: Call, row: Row, role: str, body: Row) -> None:
    for name, allowed in (("type", TYPES), ("role", ROLES)):
        if not body.get(name):
            raise _required(name)
        if body[name] not in allowed:
            raise errors.GoogleError(400, "Invalid Value", "invalid", f"permission.{name}", location_type="other")
    if body["type"] in ("user", "group") and not body.get("emailAddress"):
        text = "The specified emailAddress is invalid or not applicable for the given permission type."
        raise errors.GoogleError(400, text, "invalid", "permission.emailAddress", location_type="other")
    if body["type"] == "domain" and not body.get("domain"):
        text = "The specified domain is invalid or not applicable for the given permission type."
        raise errors.GoogleError(400, text, "invalid", "permission.domain", location_type="other")
    _check_role(call, row, role, body["type"], body["role"])
    _check_expiry(call, row, body)


def _check_role(call: Call, row: Row, role: str, kind: str, wanted: str) -> None:
    if wanted == "owner":
        if row.get("driveId"):
            raise errors.drive_forbidden("invalidSharingRequest", "Items in shared drives have no owner.")
        if not call.params.get("transferOwnership"):
            text = "The transferOwnership parameter must be enabled when the permission role is 'owner'."
            raise errors.drive_forbidden("forbidden", text, "transferOwnership")
        if role != "owner":
            raise tree.insufficient()
    if wanted == "organizer" and row["id"] != row.get("driveId"):
        raise errors.drive_forbidden(
            "invalidSharingRequest", "The organizer role is for members of a shared drive only."
        )
    if wanted == "fileOrganizer" and not (row.get("driveId") and row["mimeType"] == FOLDER):
        raise errors.drive_forbidden("invalidSharingRequest", "The fileOrganizer role is for shared drives only.")
    if kind == "anyone" and RANKS[wanted] > RANKS["writer"]:
        raise errors.GoogleError(400, "Invalid Value", "invalid", "permission.role", location_type="other")
    if row.get("driveId") and RANKS[wanted] > RANKS[role]:
        raise tree.insufficient()


def _check_expiry(call: Call, row: Row, body: Row) -> None:
    text = body.get("expirationTime")
    if not text:
        return
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise errors.GoogleError(
            400, "Invalid Value", "invalid", "permission.expirationTime", location_type="other"
        ) from error
    now = call.workspace.clock.now()
    folder_rule = row["mimeType"] == FOLDER and body["role"] != "reader"
    if not now < moment <= now + timedelta(days=366) or body["type"] not in ("user", "group") or folder_rule:
        why = "Expiration dates can only be set on user and group permissions, in the future and at most a year ahead."
        raise errors.drive_forbidden("expirationDatesMustBeInTheFuture" if moment <= now else "forbidden", why)


def _grant(body: Row) -> Row:
    kind = body["type"]
    if kind == "anyone":
        discover = bool(body.get("allowFileDiscovery"))
        one: Row = {"id": "anyone" if discover else "anyoneWithLink", "type": kind, "role": body["role"]}
        return one | {"allowFileDiscovery": discover}
    if kind == "domain":
        one = {
            "id": access.permission_id("domain:" + body["domain"]),
            "type": kind,
            "role": body["role"],
            "domain": body["domain"],
        }
        return one | {"allowFileDiscovery": bool(body.get("allowFileDiscovery"))}
    one = access.grant(body["emailAddress"], body["role"], kind)
    if body.get("expirationTime"):
        one["expirationTime"] = body["expirationTime"]
    return one


def refused(message: str) -> errors.GoogleError:
    """400 invalidSharingRequest with the sentence that a person would read."""
    return errors.GoogleError(400, f'Bad Request. User message: "{message}"', "invalidSharingRequest")


def _check_grantee(call: Call, one: Row) -> None:
    settings = call.workspace.settings
    if one["type"] == "domain" and one["domain"] != settings.domain:
        raise refused(f"You can't share with {one['domain']}. Your organization's policy does not allow it.")
    if one["type"] not in ("user", "group"):
        return
    email = one["emailAddress"]
    domain = email.rpartition("@")[2].lower()
    if "@" not in email or not domain:
        raise refused(f"There was a problem with this email or domain. Please check {email} and try again.")
    if not access.is_service_account(email) and domain not in (settings.domain, *settings.allowed_domains):
        raise refused(
            f"You can't share with {email}. Your organization's policy does not allow sharing outside of its "
            "trusted domains."
        )
    if not exists(call.workspace, email) and not _notifies(call):
        raise refused(
            f"You are trying to invite {email}. Since there is no Google account associated with this email address, "
            'you must check the "Notify people" box to invite this recipient.'
        )


def exists(workspace: Workspace, email: str) -> bool:
    """Whether the address has a Google account (a person, group or service account of the workspace)."""
    if access.is_service_account(email):
        return auth.service_account(workspace, email) is not None
    if email in workspace.shelf.collection("google_groups"):
        return True
    guests = {auth.guest(workspace, place) for place in range(len(workspace.settings.google_tokens))}
    row = people.find(workspace, email)
    return email in guests or (row is not None and not row["deleted"])


def _notifies(call: Call) -> bool:
    return bool(call.params.get("sendNotificationEmail", call.params.get("sendNotificationEmails", True)))


def _transfer(row: Row, one: Row) -> None:
    """Ownership passes on; the former owner stays as a writer."""
    former = access.grant(row["owner"], "writer")
    kept = [known for known in row["permissions"] if known["id"] not in (one["id"], former["id"])]
    row["permissions"] = [one, former, *kept]
    row["owner"] = one["emailAddress"]


def _after(call: Call, row: Row, one: Row) -> None:
    """Remembers the share for the grantee, mails it, logs the change (for the file alone, not for what is below it)."""
    if one["type"] in ("user", "group") and not row.get("driveId"):
        row.setdefault("sharedWith", {}).setdefault(
            one["emailAddress"], {"time": access.now(call.workspace), "by": call.caller}
        )
    if one["type"] in ("user", "group") and (_notifies(call) or one["role"] == "owner"):
        mail.shared(call, row, one)
    access.changed(call.workspace, row)


@method("drive.permissions.list")
def list_permissions(call: Call) -> Row:
    """Direct and inherited permissions; at most 100 a page on shared-drive items, all at once otherwise."""
    row, role = tree.seen(call, call.params["fileId"])
    if not row.get("driveId"):
        tree.need(role, "writer")
    found = access.effective(call.workspace, row)
    page, token = paged(call, found, 100 if row.get("driveId") else len(found) or 1)
    answer: Row = {"kind": "drive#permissionList"}
    if token:
        answer["nextPageToken"] = token
    return answer | {"permissions": [resource(call, row, one) for one in page]}


def _one(call: Call, row: Row) -> Row:
    wanted = call.params["permissionId"]
    for one in access.effective(call.workspace, row):
        if one["id"] == wanted:
            return one
    raise errors.GoogleError(404, f"Permission not found: {wanted}.", "notFound", "permissionId")


@method("drive.permissions.get")
def get(call: Call) -> Row:
    """One permission by its id."""
    row, role = tree.seen(call, call.params["fileId"])
    if not access.has(role, "writer") and call.params["permissionId"] != access.permission_id(call.caller):
        raise tree.insufficient()
    return resource(call, row, _one(call, row))


@method("drive.permissions.update")
def update(call: Call) -> Row:
    """Another role or expiry for a direct grant; inherited ones may only be raised, which makes a direct one."""
    row, role = tree.seen(call, call.params["fileId"])
    one = _one(call, row)
    if one.get("pendingOwner") and one["id"] == access.permission_id(call.caller) and call.body.get("role") == "owner":
        return _accept(call, row, one)
    row, role = _sharer(call)
    new = _changed(call, row, role, one)
    if new["role"] == "owner":
        _transfer(row, new)
    else:
        row["permissions"] = [new if known["id"] == one["id"] else known for known in row["permissions"]]
        if "inheritedFrom" in one:
            row["permissions"].append(new)
    access.changed(call.workspace, row)
    return resource(call, row, new)


def _changed(call: Call, row: Row, role: str, one: Row) -> Row:
    """The grant as the body wants it, checked."""
    body = call.body
    new = {name: value for name, value in one.items() if name != "inheritedFrom"} | {
        "role": body.get("role") or one["role"]
    }
    if body.get("type", one["type"]) != one["type"]:
        text = "The resource body includes fields which are not directly writable."
        raise errors.drive_forbidden("fieldNotWritable", text)
    if new["role"] not in ROLES:
        raise errors.GoogleError(400, "Invalid Value", "invalid", "permission.role", location_type="other")
    _check_role(call, row, role, one["type"], new["role"])
    if "inheritedFrom" in one and RANKS[new["role"]] < RANKS[one["role"]]:
        raise _inherited()
    if one["role"] == "owner" and new["role"] != "owner":
        raise tree.insufficient()
    if body.get("pendingOwner") is not None:
        _offer(row, role, one, new, bool(body["pendingOwner"]))
    if body.get("expirationTime"):
        _check_expiry(call, row, {**new, "expirationTime": body["expirationTime"]})
        new["expirationTime"] = body["expirationTime"]
    elif call.params.get("removeExpiration"):
        new.pop("expirationTime", None)
    return new


def _offer(row: Row, role: str, one: Row, new: Row, wanted: bool) -> None:
    """The owner offers the file to an editor, who may then accept it."""
    if row.get("driveId") or role != "owner" or one["type"] != "user":
        raise tree.insufficient()
    new["pendingOwner"] = wanted


def _accept(call: Call, row: Row, one: Row) -> Row:
    """The one who was offered the file takes it; needs `transferOwnership`."""
    _check_role(call, row, "owner", one["type"], "owner")
    new = {**one, "role": "owner"}
    del new["pendingOwner"]
    _transfer(row, new)
    access.changed(call.workspace, row)
    return resource(call, row, new)


def _inherited() -> errors.GoogleError:
    text = "Cannot remove or reduce a permission that is inherited from a parent."
    return errors.drive_forbidden("cannotModifyInheritedTeamDrivePermission", text)


@method("drive.permissions.delete")
def delete(call: Call) -> None:
    """Takes a direct grant away; anyone may take away their own."""
    row, _ = tree.seen(call, call.params["fileId"])
    one = _one(call, row)
    if call.params["permissionId"] != access.permission_id(call.caller):
        row, _ = _sharer(call)
    if "inheritedFrom" in one:
        raise _inherited()
    if one["role"] == "owner":
        raise tree.insufficient()
    row["permissions"] = [known for known in row["permissions"] if known["id"] != one["id"]]
    email = one.get("emailAddress", "")
    row.get("sharedWith", {}).pop(email, None)
    access.changed(call.workspace, row)
    if email and not access.role(call.workspace, email, row):
        access.log_change(
            call.workspace, row["id"], {"driveId": row.get("driveId", ""), "removed": True, "lost": email}
        )
