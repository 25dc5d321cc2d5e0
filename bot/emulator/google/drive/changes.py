"""drive.changes: the start token and the log of a person or of one shared drive."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.emulator.google import access, errors
from bot.emulator.google.access import Row
from bot.emulator.google.drive import tree
from bot.emulator.google.drive.listing import DRIVES_FLAG
from bot.emulator.google.drive.resource import View
from bot.emulator.google.gateway import Call, method

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace


def _drive_id(call: Call) -> str:
    """The shared drive asked for ("" for the user's log). 404 unless the caller is a member."""
    drive_id = str(call.params.get("driveId") or call.params.get("teamDriveId") or "")
    if not drive_id:
        return ""
    row = access.files(call.workspace).get(drive_id)
    if row is None or not access.role(call.workspace, call.caller, row):
        raise errors.GoogleError(404, f"Shared drive not found: {drive_id}", "notFound", "teamDriveId")
    if not tree.supports_drives(call.params):
        raise errors.drive_forbidden(
            "supportsTeamDrivesRequired", "The supportsAllDrives parameter was not set to true."
        )
    return drive_id


def _latest(workspace: Workspace) -> int:
    counters = workspace.shelf.collection("_counters").get("changes")
    return int(counters["value"]) if counters else 0


@method("drive.changes.getStartPageToken")
def start_token(call: Call) -> Row:
    """The token that stands for now; it never expires."""
    _drive_id(call)
    return {"kind": "drive#startPageToken", "startPageToken": str(_latest(call.workspace) + 1)}


@method("drive.changes.list", notes="At most one entry per file; exactly one of nextPageToken and newStartPageToken.")
def list_changes(call: Call) -> Row:
    """Entries from `pageToken` on, oldest first."""
    drive_id = _drive_id(call)
    token = str(call.params["pageToken"])
    latest = _latest(call.workspace)
    if not re.fullmatch(r"[0-9]{1,18}", token) or not 1 <= int(token) <= latest + 1:
        raise errors.drive_invalid("Invalid Value", "pageToken")
    includes = call.params.get("includeItemsFromAllDrives") or call.params.get("includeTeamDriveItems")
    if drive_id and not includes:
        raise errors.drive_forbidden("includeTeamDriveItemsRequired", DRIVES_FLAG)
    entries, end = _entries(call, int(token), drive_id, bool(includes))
    size = int(call.params.get("pageSize") or 100)
    page = entries[:size]
    answer: Row = {"kind": "drive#changeList"}
    if len(entries) > size:
        answer["nextPageToken"] = str(page[-1]["seq"] + 1)
    else:
        answer["newStartPageToken"] = str(end)
    return answer | {"changes": [_change(call, one) for one in page]}


def _entries(call: Call, start: int, drive_id: str, includes: bool) -> tuple[list[Row], int]:
    """The log's entries from `start` on, and the number at which the next reading begins.

    Entries that a lag rule holds back are not passed over: the next reading begins at the first of them.
    """
    log = call.workspace.shelf.collection("changes")
    lag = call.workspace.faults.lagging(call.method)
    limit = access.stamp(call.workspace.clock.now() - timedelta(seconds=lag))
    fresh = [one for one in log.values() if one["seq"] >= start]
    held = [one["seq"] for one in fresh if lag and one["time"] > limit]
    end = min(held, default=_latest(call.workspace) + 1)
    found = [one for one in fresh if one["seq"] < end and _concerns(call, one, drive_id, includes)]
    return sorted(found, key=lambda one: int(one["seq"])), end


def _concerns(call: Call, one: Row, drive_id: str, includes: bool) -> bool:
    """Whether an entry belongs to the log that the caller reads."""
    if drive_id and one.get("driveId") != drive_id:
        return False
    if not drive_id and one.get("driveId") and not includes:
        return False
    if "lost" in one:
        return bool(one["lost"] == call.caller) and call.params.get("includeRemoved", True)
    row = access.files(call.workspace).get(one["fileId"])
    if row is None or one.get("removed"):
        return bool(call.params.get("includeRemoved", True) and call.caller in one.get("seenBy", ()))
    if one["fileId"] == row.get("driveId"):
        return bool(access.role(call.workspace, call.caller, row))
    if call.params.get("restrictToMyDrive") and row.get("owner") != call.caller:
        return False
    return not row.get("root") and access.discovers(call.workspace, call.caller, row)


def _change(call: Call, one: Row) -> Row:
    row = access.files(call.workspace).get(one["fileId"])
    gone = row is None or bool(one.get("removed"))
    if row is not None and one["fileId"] == row.get("driveId") and not gone:
        return _drive_change(call, one, row)
    change: Row = {
        "kind": "drive#change",
        "type": "file",
        "changeType": "file",
        "time": one["time"],
        "removed": gone,
        "fileId": one["fileId"],
    }
    if row is not None and not gone:
        mask = call.mask.get("changes", {}).get("file", {}) if "*" not in call.mask else {}
        change["file"] = View(call, row).resource(mask)
    return change


def _drive_change(call: Call, one: Row, row: Row) -> Row:
    from bot.emulator.google.drive.drives import resource

    change: Row = {
        "kind": "drive#change",
        "type": "drive",
        "changeType": "drive",
        "time": one["time"],
        "removed": False,
    }
    return change | {"driveId": row["id"], "teamDriveId": row["id"], "drive": resource(call, row)}
