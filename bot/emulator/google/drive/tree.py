"""Where files live: choosing and checking a parent, moving, trashing and deleting with everything below."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.emulator.google import access, errors
from bot.emulator.google.access import FOLDER, Row
from bot.emulator.google.drive import content

if TYPE_CHECKING:
    from bot.emulator.google.gateway import Call
    from bot.emulator.workspace import Workspace

TRASH_DAYS = 30
MAX_DEPTH = 100
NO_STORAGE = (
    "Service Accounts do not have storage quota. Leverage shared drives "
    "(https://developers.google.com/workspace/drive/api/guides/about-shareddrives), or use OAuth delegation "
    "(http://support.google.com/a/answer/7281227) instead."
)


def seen(call: Call, file_id: str) -> tuple[Row, str]:
    """The row and the caller's role.

    404 for what the caller may not see, and for a shared-drive item unless the call says that it supports them.
    """
    empty_trash_that_is_due(call.workspace)
    if call.params.get("useDomainAdminAccess"):
        raise errors.unimplemented(call.method, "useDomainAdminAccess")
    row, role = access.visible(call, file_id)
    asks = "supportsAllDrives" in access.METHODS[call.method].parameters
    if row.get("driveId") and asks and not supports_drives(call.params):
        raise errors.drive_file_not_found(file_id)
    return row, role


def supports_drives(params: dict[str, Any]) -> bool:
    """Whether the caller knows of shared drives."""
    return bool(params.get("supportsAllDrives") or params.get("supportsTeamDrives"))


def need(role: str, wanted: str) -> None:
    """403 unless `role` includes `wanted`."""
    if not access.has(role, wanted):
        raise insufficient()


def insufficient() -> errors.GoogleError:
    """Drive's 403 for a file one can see but not change."""
    message = "The user does not have sufficient permissions for this file."
    return errors.drive_forbidden("insufficientFilePermissions", message)


def parent_for(call: Call, given: list[str] | None) -> Row:
    """The folder that a new item goes to; the caller's My Drive root by default. Checks role and storage."""
    if given and len(given) > 1:
        text = "A file cannot have multiple parents. Specify a single parent."
        raise errors.drive_forbidden("cannotAddParent", text)
    if not given:
        if access.is_service_account(call.caller):
            raise errors.drive_forbidden("storageQuotaExceeded", NO_STORAGE)
        return access.files(call.workspace)[access.root_id(call.workspace, call.caller)]  # type: ignore[no-any-return]
    row, role = seen(call, given[0])
    if row["mimeType"] != FOLDER:
        raise errors.drive_forbidden("parentNotAFolder", "The specified parent is not a folder.", "")
    if not access.has(role, "writer"):
        raise errors.drive_forbidden(
            "insufficientParentPermissions", "Insufficient permissions for the specified parent."
        )
    return row


def needs_storage(call: Call, parent: Row) -> None:
    """403 when a service account would own the new item: it may add to shared drives only."""
    if access.is_service_account(call.caller) and not parent.get("driveId"):
        raise errors.drive_forbidden("storageQuotaExceeded", NO_STORAGE)


def check_depth(workspace: Workspace, parent: Row) -> None:
    """403 when something below `parent` would lie deeper than a shared drive allows."""
    rows = access.files(workspace)
    depth = 0
    here: Row | None = parent if parent.get("driveId") else None
    while here is not None and here.get("parents"):
        depth += 1
        here = rows.get(here["parents"][0])
    if depth >= MAX_DEPTH:
        text = "The shared drive hierarchy depth will exceed the limit."
        raise errors.drive_forbidden("teamDriveHierarchyTooDeep", text)


def below(workspace: Workspace, folder_id: str) -> Iterator[Row]:
    """Every descendant of a folder, parents before children."""
    children: dict[str, list[Row]] = {}
    for row in access.files(workspace).values():
        for parent in row.get("parents", ()):
            children.setdefault(parent, []).append(row)
    todo = list(children.get(folder_id, ()))
    while todo:
        row = todo.pop(0)
        yield row
        todo += children.get(row["id"], ())


def planned_move(call: Call, row: Row, role: str) -> Row | None:
    """The folder that `addParents` and `removeParents` move the row to, None when it stays. Changes nothing.

    Raises for a second parent, for none at all, for a circle and for missing rights.
    """
    added = [one for one in str(call.params.get("addParents", "")).split(",") if one]
    removed = [one for one in str(call.params.get("removeParents", "")).split(",") if one]
    if not added and not removed:
        return None
    if len(added) > 1:
        raise errors.drive_forbidden("cannotAddParent", "Increasing the number of parents is not allowed")
    root = access.root_id(call.workspace, call.caller) if "root" in removed else ""
    gone = {root if one == "root" else one for one in removed}
    current = row.get("parents", [])
    if not added:
        if gone & set(current):
            raise errors.drive_forbidden("teamDrivesParentLimit", "A file must have exactly one parent.")
        return None
    target = parent_for(call, added)
    if target["id"] in current:
        return None
    if current and not gone & set(current):
        raise errors.drive_forbidden("cannotAddParent", "Increasing the number of parents is not allowed")
    _check_move(call, row, role, target)
    return target


def _check_move(call: Call, row: Row, role: str, target: Row) -> None:
    if row.get("root") or row["id"] == row.get("driveId"):
        raise insufficient()
    need(role, "fileOrganizer" if row.get("driveId") else "writer")
    if target["id"] == row["id"] or any(one["id"] == target["id"] for one in below(call.workspace, row["id"])):
        text = "The operation would create a cycle in the folder hierarchy."
        raise errors.drive_forbidden("cannotAddParent", text)
    if row.get("driveId", "") != target.get("driveId", "") and not row.get("driveId"):
        need(role, "owner")
    if not target.get("driveId") and row.get("driveId") and access.is_service_account(call.caller):
        raise errors.drive_forbidden("storageQuotaExceeded", NO_STORAGE)
    check_depth(call.workspace, target)


def place(call: Call, row: Row, target: Row) -> None:
    """Puts the row below `target`; crossing a drive's border changes who owns it and everything below it.

    Whoever loses it from sight by that reads in the log of the drive that it is gone.
    """
    drive_id = target.get("driveId", "")
    if drive_id == row.get("driveId", ""):
        row["parents"] = [target["id"]]
        return
    moved = [row, *below(call.workspace, row["id"])]
    watched = [(one["id"], one.get("driveId", ""), _watchers(call.workspace, one)) for one in moved]
    row["parents"] = [target["id"]]
    for one in moved:
        if drive_id:
            one["driveId"], one["owner"] = drive_id, ""
            one["permissions"] = [grant for grant in one["permissions"] if grant["role"] != "owner"]
        else:
            one.pop("driveId", None)
            one["owner"] = call.caller
            one["permissions"] = [access.grant(call.caller, "owner")]
        access.files(call.workspace).save(one["id"])
    for one, (file_id, left, emails) in zip(moved, watched, strict=True):
        for email in emails:
            if left and not access.role(call.workspace, email, one):
                access.log_change(call.workspace, file_id, {"driveId": left, "removed": True, "lost": email})


def _watchers(workspace: Workspace, row: Row) -> list[str]:
    """Everybody who has access to a file by name."""
    granted = {grant.get("emailAddress", "") for grant in access.effective(workspace, row)}
    return sorted((granted | {row.get("owner", "")}) - {""})


def check_trash(row: Row, role: str) -> None:
    """Trashing and taking out of the trash is for the owner in My Drive, for content managers in a shared drive."""
    if row.get("root") or row["id"] == row.get("driveId"):
        raise insufficient()
    need(role, "fileOrganizer" if row.get("driveId") else "owner")


def set_trashed(call: Call, row: Row, wanted: bool) -> None:
    """Puts the row, with what is below it, into the trash or takes it out."""
    if bool(row.get("trashed")) == wanted:
        return
    row["trashed"] = wanted
    bin_ = call.workspace.shelf.collection("trash")
    if wanted:
        row["trashedTime"], row["trashingUser"] = access.now(call.workspace), call.caller
        bin_[row["id"]] = {"id": row["id"], "time": row["trashedTime"]}
    else:
        row.pop("trashedTime", None)
        row.pop("trashingUser", None)
        bin_.pop(row["id"], None)
    for one in below(call.workspace, row["id"]):
        access.changed(call.workspace, one)


def delete(workspace: Workspace, row: Row) -> None:
    """Deletes a file and everything below it for good."""
    doomed = [row, *below(workspace, row["id"])]
    for one in reversed(doomed):
        content.drop(workspace, one)
        entry = {"driveId": one.get("driveId", ""), "removed": True, "seenBy": _watchers(workspace, one)}
        access.log_change(workspace, one["id"], entry)
        workspace.shelf.collection("trash").pop(one["id"], None)
        workspace.shelf.collection("deleted_files")[one["id"]] = one | {"deletedTime": access.now(workspace)}
    for one in doomed:
        del access.files(workspace)[one["id"]]


def empty_trash_that_is_due(workspace: Workspace) -> None:
    """Deletes what has been in the trash for thirty days of workspace time."""
    bin_ = workspace.shelf.collection("trash")
    if not bin_:
        return
    limit = workspace.clock.now() - timedelta(days=TRASH_DAYS)
    for key, entry in list(bin_.items()):
        if datetime.fromisoformat(entry["time"]) < limit and key in access.files(workspace):
            delete(workspace, access.files(workspace)[key])
