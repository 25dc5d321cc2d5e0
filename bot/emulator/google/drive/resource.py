"""File rows as Drive's File resource, seen by one caller; built field by field so that a mask costs what it names."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.emulator import people
from bot.emulator.google import access
from bot.emulator.google.access import DOC, FOLDER, RANKS, SHEET, SHORTCUT, Row
from bot.emulator.google.auth import company_project

if TYPE_CHECKING:
    from bot.emulator.google.gateway import Call
    from bot.emulator.workspace import Workspace

NATIVE = "application/vnd.google-apps."
FORMAT_WORDS = {
    "application/pdf": "pdf",
    "application/rtf": "rtf",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/zip": "zip",
    "text/csv": "csv",
    "text/html": "html",
    "text/markdown": "md",
    "text/plain": "txt",
    "text/tab-separated-values": "tsv",
}
DOWNLOADS = "https://docs.google.com"


def is_native(row: Row) -> bool:
    """Whether Google's own editors (or folders, shortcuts) hold the file: no bytes of its own to download."""
    return bool(row["mimeType"].startswith(NATIVE))


def user(workspace: Workspace, email: str, me: str) -> Row:
    """Drive's User resource of an identity."""
    row = people.find(workspace, email)
    return {
        "kind": "drive#user",
        "displayName": row["name"] if row else email,
        "me": email == me,
        "permissionId": access.permission_id(email),
        "emailAddress": email,
    }


def app_properties(call: Call, row: Row) -> dict[str, str]:
    """The private properties that the caller's project put on the file (the row's own dict, to be changed in place)."""
    if not call.project or call.project == company_project():
        return row.setdefault("appProperties", {})  # type: ignore[no-any-return]
    others: dict[str, dict[str, str]] = row.setdefault("otherAppProperties", {})
    return others.setdefault(call.project, {})


class View:
    """One file as `call`'s caller sees it."""

    def __init__(self, call: Call, row: Row, role: str | None = None) -> None:
        self.call = call
        self.row = row
        self.workspace = call.workspace
        self.role = role if role is not None else access.role(call.workspace, call.caller, row)
        self.rank = RANKS[self.role]
        self.shared_drive = bool(row.get("driveId"))
        self.folder = row["mimeType"] == FOLDER
        self.native = is_native(row)

    def resource(self, mask: dict[str, Any]) -> Row:
        """The fields that the mask names (all for {}), absent ones left out."""
        names = mask if mask and "*" not in mask else BUILDERS
        found: Row = {}
        for name in names:
            build = BUILDERS.get(name)
            value = build(self) if build else None
            if value is not None:
                found[name] = value
        return found

    def person(self, email: str) -> Row:
        return user(self.workspace, email, self.call.caller)

    def parents(self) -> list[str] | None:
        """The parent, unless the caller may not see it."""
        rows = access.files(self.workspace)
        kept = [
            one
            for one in self.row.get("parents", ())
            if one in rows and access.role(self.workspace, self.call.caller, rows[one])
        ]
        return kept or None

    def trashed(self) -> bool:
        return is_trashed(self.workspace, self.row)

    def capabilities(self) -> Row:
        return capabilities(self)

    def owners(self) -> list[Row] | None:
        return None if self.shared_drive else [self.person(self.row["owner"])]

    def shared(self) -> bool | None:
        if self.shared_drive:
            return None
        return any(one["role"] != "owner" for one in access.effective(self.workspace, self.row))

    def permissions(self) -> list[Row] | None:
        if self.shared_drive or not _can_share(self):
            return None
        from bot.emulator.google.drive.permissions import resource

        return [resource(self.call, self.row, one) for one in access.effective(self.workspace, self.row)]

    def link(self) -> str:
        kinds = {DOC: "document/d/{}/edit?usp=drivesdk", SHEET: "spreadsheets/d/{}/edit?usp=drivesdk"}
        if self.row["mimeType"] in kinds:
            return f"{DOWNLOADS}/" + kinds[self.row["mimeType"]].format(self.row["id"])
        if self.folder:
            return f"https://drive.google.com/drive/folders/{self.row['id']}"
        return f"https://drive.google.com/file/d/{self.row['id']}/view?usp=drivesdk"

    def size(self) -> str | None:
        if self.row["mimeType"] in (FOLDER, SHORTCUT):
            return None
        return str(self.row.get("size", 1024))

    def binary(self, name: str) -> Any:
        return None if self.native else self.row.get(name)

    def export_links(self) -> Row | None:
        holder = access.CONTENT.get(self.row["mimeType"])
        if holder is None:
            return None
        kind = "spreadsheets" if self.row["mimeType"] == SHEET else "document"
        base = f"{DOWNLOADS}/{kind}/export?id={self.row['id']}&exportFormat="
        return {mime: base + FORMAT_WORDS[mime] for mime in holder.export_formats if mime in FORMAT_WORDS}


def is_trashed(workspace: Workspace, row: Row) -> bool:
    """Trashed itself or with one of its parents."""
    rows = access.files(workspace)
    here: Row | None = row
    for _ in range(101):
        if here is None:
            return False
        if here.get("trashed"):
            return True
        parents = here.get("parents")
        here = rows.get(parents[0]) if parents else None
    return False


def _can_share(view: View) -> bool:
    if view.shared_drive:
        return view.rank >= RANKS["writer"]
    return view.rank >= RANKS["writer"] and (view.rank == RANKS["owner"] or view.row.get("writersCanShare", True))


def may_move_out(view: View) -> bool:
    """Taking an item out of its folder: any editor in My Drive, content managers in a shared drive."""
    return view.rank >= RANKS["fileOrganizer" if view.shared_drive else "writer"]


def capabilities(view: View) -> Row:
    """What the caller may do, as booleans."""
    write = view.rank >= RANKS["writer"]
    manage = view.rank >= RANKS["fileOrganizer"]
    organize = view.rank >= RANKS["organizer"]
    owner = view.rank == RANKS["owner"]
    top = view.row.get("root") or view.row["id"] == view.row.get("driveId")
    restricted = view.row.get("copyRequiresWriterPermission", False) and not write
    found = {
        "canAcceptOwnership": False,
        "canAddChildren": view.folder and write,
        "canChangeCopyRequiresWriterPermission": (manage if view.shared_drive else write) and not view.folder,
        "canChangeViewersCanCopyContent": (manage if view.shared_drive else write) and not view.folder,
        "canComment": view.rank >= RANKS["commenter"] and not view.folder,
        "canCopy": not view.folder and not restricted,
        "canDelete": (organize if view.shared_drive else owner) and not top,
        "canDisableInheritedPermissions": view.folder and (organize if view.shared_drive else owner) and not top,
        "canEnableInheritedPermissions": view.folder and (organize if view.shared_drive else owner) and not top,
        "canDownload": not view.folder and not restricted,
        "canEdit": write,
        "canListChildren": view.folder,
        "canModifyContent": write,
        "canModifyContentRestriction": write and not view.folder,
        "canModifyLabels": False,
        "canMoveItemWithinDrive": (manage if view.shared_drive else write) and not top,
        "canReadLabels": False,
        "canReadRevisions": not view.folder,
        "canRemoveChildren": view.folder and (manage if view.shared_drive else write),
        "canRename": write and not top,
        "canShare": _can_share(view) and not (view.row.get("root")),
        "canTrash": (manage if view.shared_drive else owner) and not top,
        "canUntrash": (manage if view.shared_drive else owner) and not top,
    }
    if view.shared_drive:
        found |= {
            "canAddFolderFromAnotherDrive": view.folder and manage,
            "canDeleteChildren": view.folder and organize,
            "canMoveChildrenOutOfDrive": view.folder and organize,
            "canMoveChildrenWithinDrive": view.folder and manage,
            "canMoveItemOutOfDrive": manage and not top,
            "canReadDrive": True,
            "canTrashChildren": view.folder and manage,
        }
    else:
        found |= {
            "canAddMyDriveParent": False,
            "canMoveItemOutOfDrive": owner and not top,
            "canRemoveMyDriveParent": write,
        }
    return found


def _extension(view: View) -> str | None:
    if view.native or "." not in view.row["name"]:
        return None
    return str(view.row["name"].rsplit(".", 1)[1])


def _download_link(view: View) -> str | None:
    return None if view.native else f"https://drive.google.com/uc?id={view.row['id']}&export=download"


BUILDERS: dict[str, Callable[[View], Any]] = {
    "kind": lambda _: "drive#file",
    "id": lambda view: view.row["id"],
    "name": lambda view: view.row["name"],
    "mimeType": lambda view: view.row["mimeType"],
    "description": lambda view: view.row.get("description") or None,
    "starred": lambda view: view.call.caller in view.row.get("starredBy", ()),
    "trashed": View.trashed,
    "explicitlyTrashed": lambda view: bool(view.row.get("trashed")),
    "trashedTime": lambda view: view.row.get("trashedTime") if view.shared_drive else None,
    "trashingUser": lambda view: (
        view.person(view.row["trashingUser"]) if view.shared_drive and view.row.get("trashingUser") else None
    ),
    "parents": View.parents,
    "properties": lambda view: view.row.get("properties") or None,
    "appProperties": lambda view: dict(app_properties(view.call, view.row)) or None,
    "spaces": lambda _: ["drive"],
    "version": lambda view: str(view.row["version"]),
    "webContentLink": _download_link,
    "webViewLink": View.link,
    "iconLink": lambda view: f"https://drive-thirdparty.googleusercontent.com/16/type/{view.row['mimeType']}",
    "hasThumbnail": lambda _: False,
    "thumbnailVersion": lambda _: "0",
    "viewedByMe": lambda view: view.call.caller in view.row.get("viewedByMe", {}),
    "viewedByMeTime": lambda view: view.row.get("viewedByMe", {}).get(view.call.caller),
    "createdTime": lambda view: view.row["createdTime"],
    "modifiedTime": lambda view: view.row["modifiedTime"],
    "modifiedByMe": lambda view: view.call.caller in view.row.get("modifiedByMe", {}),
    "modifiedByMeTime": lambda view: view.row.get("modifiedByMe", {}).get(view.call.caller),
    "sharedWithMeTime": lambda view: view.row.get("sharedWith", {}).get(view.call.caller, {}).get("time"),
    "sharingUser": lambda view: (
        view.person(view.row["sharedWith"][view.call.caller]["by"])
        if view.call.caller in view.row.get("sharedWith", {})
        else None
    ),
    "owners": View.owners,
    "teamDriveId": lambda view: view.row.get("driveId") or None,
    "driveId": lambda view: view.row.get("driveId") or None,
    "lastModifyingUser": lambda view: view.person(view.row["lastModifyingUser"]),
    "shared": View.shared,
    "ownedByMe": lambda view: None if view.shared_drive else view.row["owner"] == view.call.caller,
    "capabilities": View.capabilities,
    "viewersCanCopyContent": lambda view: not view.row.get("copyRequiresWriterPermission", False),
    "copyRequiresWriterPermission": lambda view: bool(view.row.get("copyRequiresWriterPermission", False)),
    "writersCanShare": lambda view: None if view.shared_drive else bool(view.row.get("writersCanShare", True)),
    "permissions": View.permissions,
    "permissionIds": lambda view: [one["id"] for one in access.effective(view.workspace, view.row)],
    "hasAugmentedPermissions": lambda view: bool(view.row.get("permissions")) if view.shared_drive else None,
    "folderColorRgb": lambda view: view.row.get("folderColorRgb") or ("#8f8f8f" if view.folder else None),
    "originalFilename": lambda view: view.binary("originalFilename"),
    "fullFileExtension": _extension,
    "fileExtension": _extension,
    "md5Checksum": lambda view: view.binary("md5Checksum"),
    "sha1Checksum": lambda view: view.binary("sha1Checksum"),
    "sha256Checksum": lambda view: view.binary("sha256Checksum"),
    "size": View.size,
    "quotaBytesUsed": lambda view: view.size() or "0",
    "headRevisionId": lambda view: view.binary("headRevisionId"),
    "isAppAuthorized": lambda view: access.authorised(view.call, view.row),
    "exportLinks": View.export_links,
    "shortcutDetails": lambda view: view.row.get("shortcutDetails"),
    "inheritedPermissionsDisabled": lambda view: bool(view.row.get("inheritedPermissionsDisabled", False)),
    "linkShareMetadata": lambda _: {"securityUpdateEligible": False, "securityUpdateEnabled": True},
    "downloadRestrictions": lambda _: None,
}


def checksums(data: bytes) -> Row:
    """Size and checksums that Drive prints for a binary file."""
    return {
        "size": len(data),
        "md5Checksum": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        "sha1Checksum": hashlib.sha1(data, usedforsecurity=False).hexdigest(),
        "sha256Checksum": hashlib.sha256(data).hexdigest(),
    }
