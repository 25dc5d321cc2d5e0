"""A file as Drive v2 prints it, for the one v2 call that there is: the media upload behind gspread's CSV import."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from bot.emulator.google import access
from bot.emulator.google.access import RANKS, Row
from bot.emulator.google.drive.resource import View

if TYPE_CHECKING:
    from bot.emulator.google.gateway import Call

BASE = "https://www.googleapis.com/drive/v2/files/"


def resource(call: Call, row: Row) -> Row:
    """The v2 File resource, with the fields that the recorded answer has."""
    view = View(call, row)
    found = view.resource({})
    here = BASE + row["id"]
    etag = base64.b64encode(str(found["version"]).encode()).decode()
    return {
        "kind": "drive#file",
        "userPermission": _permission(view, here, etag),
        "selfLink": here,
        "lastModifyingUserName": found["lastModifyingUser"]["displayName"],
        "editable": view.rank >= RANKS["writer"],
        "writersCanShare": found.get("writersCanShare", False),
        "mimeType": row["mimeType"],
        "exportLinks": found.get("exportLinks", {}),
        "parents": [_parent(call, here, one) for one in found.get("parents", ())],
        "appDataContents": False,
        "iconLink": found["iconLink"],
        "shared": found.get("shared", True),
        "lastModifyingUser": _user(found["lastModifyingUser"]),
        **_owned(found),
        "copyable": found["capabilities"]["canCopy"],
        "etag": f'"{etag}"',
        "alternateLink": found["webViewLink"],
        "fileSize": found.get("size", "0"),
        "copyRequiresWriterPermission": found["copyRequiresWriterPermission"],
        "spaces": ["drive"],
        "id": row["id"],
        "title": row["name"],
        "labels": _labels(found),
        "explicitlyTrashed": found["explicitlyTrashed"],
        "createdDate": found["createdTime"],
        "modifiedDate": found["modifiedTime"],
        "modifiedByMeDate": found["modifiedTime"],
        "lastViewedByMeDate": found["modifiedTime"],
        "markedViewedByMeDate": "1970-01-01T00:00:00.000Z",
        "quotaBytesUsed": found["quotaBytesUsed"],
        "version": found["version"],
        "capabilities": {name: found["capabilities"][name] for name in ("canEdit", "canCopy")},
    }


def _owned(found: Row) -> Row:
    """Owners in My Drive, the drive's id in a shared drive."""
    if "owners" in found:
        owners = found["owners"]
        return {"ownerNames": [one["displayName"] for one in owners], "owners": [_user(one) for one in owners]}
    return {"teamDriveId": found["driveId"], "driveId": found["driveId"]}


def _labels(found: Row) -> Row:
    kept = {name: found[name] for name in ("starred", "trashed")}
    return {"viewed": True, "restricted": found["copyRequiresWriterPermission"], "hidden": False, **kept}


def _user(person: Row) -> Row:
    kept = {name: person[name] for name in ("displayName", "kind", "permissionId", "emailAddress")}
    return kept | {"isAuthenticatedUser": person["me"]}


def _parent(call: Call, here: str, parent: str) -> Row:
    root = parent == access.root_id(call.workspace, call.caller)
    return {
        "kind": "drive#parentReference",
        "id": parent,
        "selfLink": f"{here}/parents/{parent}",
        "parentLink": BASE + parent,
        "isRoot": root,
    }


def _permission(view: View, here: str, etag: str) -> Row:
    roles = {"owner": "owner", "reader": "reader", "commenter": "reader"}
    return {
        "kind": "drive#permission",
        "id": "me",
        "type": "user",
        "role": roles.get(view.role, "writer"),
        "selfLink": f"{here}/permissions/me",
        "etag": f'"{etag}"',
        "pendingOwner": False,
    }
