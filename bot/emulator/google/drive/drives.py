"""drive.drives: shared drives; the row of a drive's root folder (same id) carries its name and members."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from bot.emulator.google import access, errors
from bot.emulator.google.access import FOLDER, RANKS, Row
from bot.emulator.google.auth import SERVICE_ACCOUNT
from bot.emulator.google.drive import tree
from bot.emulator.google.drive.listing import paged, predicate
from bot.emulator.google.gateway import Call, method

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

RESTRICTIONS = (
    "adminManagedRestrictions",
    "copyRequiresWriterPermission",
    "domainUsersOnly",
    "driveMembersOnly",
    "sharingFoldersRequiresOrganizerPermission",
)


def seed_drive(workspace: Workspace, name: str, members: Iterable[Mapping[str, str]]) -> str:
    """A shared drive with members [{"email", "role"}], found again by its name: members are then added. Returns its id.

    The e-mail "service_account" stands for the key file's account. Roles: organizer, fileOrganizer, writer, commenter,
    reader.
    """
    for row in access.files(workspace).values():
        if row["id"] == row.get("driveId") and row["name"] == name:
            break
    else:
        row = _make(workspace, name, "")
    for member in members:
        email = SERVICE_ACCOUNT if member["email"] == "service_account" else member["email"]
        one = access.grant(email, member.get("role", "writer"))
        row["permissions"] = [known for known in row["permissions"] if known["id"] != one["id"]] + [one]
    access.changed(workspace, row)
    return str(row["id"])


def _make(workspace: Workspace, name: str, creator: str) -> Row:
    key = "0A" + "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(11)) + "Uk9PVA"
    at = access.now(workspace)
    row: Row = {
        "id": key,
        "name": name,
        "mimeType": FOLDER,
        "parents": [],
        "driveId": key,
        "owner": "",
        "createdTime": at,
        "modifiedTime": at,
        "lastModifyingUser": creator or "admin@" + workspace.settings.domain,
        "trashed": False,
        "properties": {},
        "appProperties": {},
        "version": 0,
        "permissions": [access.grant(creator, "organizer")] if creator else [],
    }
    access.files(workspace)[key] = row
    return row


def resource(call: Call, row: Row) -> Row:
    """Drive's Drive resource."""
    rank = RANKS[access.role(call.workspace, call.caller, row)]
    return {
        "kind": "drive#drive",
        "id": row["id"],
        "name": row["name"],
        "createdTime": row["createdTime"],
        "hidden": call.caller in row.get("hiddenFor", ()),
        "colorRgb": row.get("colorRgb", "#8f8f8f"),
        "themeId": row.get("themeId", "abacus"),
        "restrictions": {name: bool(row.get("restrictions", {}).get(name, False)) for name in RESTRICTIONS},
        "capabilities": _capabilities(rank),
    }


def _capabilities(rank: int) -> dict[str, bool]:
    write, manage, organize = rank >= RANKS["writer"], rank >= RANKS["fileOrganizer"], rank >= RANKS["organizer"]
    return {
        "canAddChildren": write,
        "canChangeDriveMembersOnlyRestriction": organize,
        "canChangeDomainUsersOnlyRestriction": organize,
        "canComment": rank >= RANKS["commenter"],
        "canCopy": True,
        "canDeleteChildren": organize,
        "canDeleteDrive": organize,
        "canDownload": True,
        "canEdit": write,
        "canListChildren": True,
        "canManageMembers": organize,
        "canReadRevisions": True,
        "canRename": write,
        "canRenameDrive": organize,
        "canShare": write,
        "canTrashChildren": manage,
    }


def _drive(call: Call) -> Row:
    wanted = str(call.params["driveId"])
    row = access.files(call.workspace).get(wanted)
    if row is None or row.get("driveId") != wanted or not access.role(call.workspace, call.caller, row):
        raise errors.GoogleError(404, f"Shared drive not found: {wanted}", "notFound", "driveId")
    return row  # type: ignore[no-any-return]


@method("drive.drives.list")
def list_drives(call: Call) -> Row:
    """The shared drives that the caller is a member of, by name."""
    if call.params.get("useDomainAdminAccess"):
        sentence = (
            "The requesting user does not have the administrator privilege required to list or manage all shared "
        )
        raise errors.drive_forbidden("noListTeamDrivesAdministratorPrivilege", sentence + "drives.")
    rows = [row for row in access.files(call.workspace).values() if row["id"] == row.get("driveId")]
    found = [row for row in rows if access.role(call.workspace, call.caller, row)]
    if call.params.get("q"):
        test = predicate(call, call.params["q"])
        found = [row for row in found if test(row)]
    page, token = paged(call, sorted(found, key=lambda row: str(row["name"]).casefold()), 10)
    answer: Row = {"kind": "drive#driveList"}
    if token:
        answer["nextPageToken"] = token
    return answer | {"drives": [resource(call, row) for row in page]}


@method("drive.drives.get")
def get(call: Call) -> Row:
    """One shared drive of the caller's."""
    return resource(call, _drive(call))


@method("drive.drives.create", notes="A repeated requestId answers 409, as documented.")
def create(call: Call) -> Row:
    """A new shared drive with the caller as its manager; once per `requestId`."""
    requests = call.workspace.shelf.collection("drive_requests")
    key = f"{call.caller}:{call.params['requestId']}"
    if key in requests:
        raise errors.GoogleError(409, "A shared drive with this request ID already exists.", "duplicate")
    name = call.body.get("name")
    if not name:
        raise errors.GoogleError(
            400, "The drive name field is required.", "required", "drive.name", location_type="other"
        )
    row = _make(call.workspace, name, call.caller)
    requests[key] = {"id": row["id"]}
    access.changed(call.workspace, row)
    return resource(call, row)


@method(
    "drive.drives.update", notes="Name, colour and restrictions; restrictions are kept, not enforced.", partial=True
)
def update(call: Call) -> Row:
    """Renames or recolours a drive: its managers only."""
    row = _drive(call)
    _organizer(call, row)
    for name in ("name", "colorRgb", "themeId", "restrictions"):
        if name in call.body:
            row[name] = call.body[name]
    access.changed(call.workspace, row)
    return resource(call, row)


@method("drive.drives.delete")
def delete(call: Call) -> None:
    """Deletes an empty drive: its managers only."""
    row = _drive(call)
    _organizer(call, row)
    live = [one for one in tree.below(call.workspace, row["id"]) if not one.get("trashed")]
    if live:
        raise errors.drive_forbidden(
            "cannotDeleteResourceWithChildren", "A shared drive that is not empty cannot be deleted."
        )
    tree.delete(call.workspace, row)


def _organizer(call: Call, row: Row) -> None:
    if not access.has(access.role(call.workspace, call.caller, row), "organizer"):
        raise tree.insufficient()


def _hidden(call: Call, hidden: bool) -> Row:
    row = _drive(call)
    others = [email for email in row.get("hiddenFor", []) if email != call.caller]
    row["hiddenFor"] = others + ([call.caller] if hidden else [])
    access.files(call.workspace).save(row["id"])
    return resource(call, row)


@method("drive.drives.hide")
def hide(call: Call) -> Row:
    """Hides the drive from the caller's default view."""
    return _hidden(call, True)


@method("drive.drives.unhide")
def unhide(call: Call) -> Row:
    """Shows it again."""
    return _hidden(call, False)
