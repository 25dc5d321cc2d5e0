"""drive.files.list: corpora, `q`, order, pages, and the lag of listings behind writes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from bot.emulator.google import access, errors
from bot.emulator.google.access import FOLDER, Row
from bot.emulator.google.drive import content, tree
from bot.emulator.google.drive.query import BadQueryError, Predicate, Subject, compile_query, uses_full_text
from bot.emulator.google.drive.resource import View, app_properties, is_trashed
from bot.emulator.google.gateway import Call, method

ORDER_KEYS = (
    "createdTime",
    "folder",
    "modifiedByMeTime",
    "modifiedTime",
    "name",
    "name_natural",
    "quotaBytesUsed",
    "recency",
    "sharedWithMeTime",
    "starred",
    "viewedByMeTime",
)
DRIVES_FLAG = (
    "The includeItemsFromAllDrives parameter must be set to true when driveId is specified or corpora contains "
    "drive or allDrives."
)
DRIVE_ID = "The driveId parameter must be specified if and only if corpora is set to drive."


@method(
    "drive.files.list",
    notes="corpora user, drive, allDrives; domain is refused. Unset pageSize: everything for user, 100 otherwise.",
)
def list_files(call: Call) -> Row:
    """The files that the caller finds: own and shared by name, and shared drives' when asked for."""
    tree.empty_trash_that_is_due(call.workspace)
    if call.params.get("spaces", "drive") != "drive":
        raise errors.unimplemented(call.method, f"spaces={call.params['spaces']}")
    corpora = _corpora(call)
    order = _order_keys(call.params.get("orderBy", ""))
    text = call.params.get("q", "")
    test = predicate(call, text) if text.strip() else None
    if order and test is not None and uses_full_text(text):
        sentence = "Sorting is not supported for queries with fullText terms. "
        sentence += "Results are always in descending relevance order."
        raise errors.drive_forbidden("forbidden", sentence, "orderBy")
    found = [row for row in _candidates(call) if test is None or test(row)]
    found = _sorted(call, found, order)
    page, token = paged(call, found, 100 if corpora in ("drive", "allDrives") else len(found) or 1)
    mask = call.mask.get("files", {}) if "*" not in call.mask else {}
    answer: Row = {"kind": "drive#fileList", "incompleteSearch": False}
    if token:
        answer["nextPageToken"] = token
    return answer | {"files": [View(call, row).resource(mask) for row in page]}


def _corpora(call: Call) -> str:
    """The corpora asked for, checked against the shared-drive parameters."""
    params = call.params
    corpora = str(params.get("corpora") or ("domain" if params.get("corpus") == "domain" else "user"))
    drive_id = params.get("driveId") or params.get("teamDriveId")
    corpora = {"teamDrive": "drive", "user,allTeamDrives": "allDrives", "allTeamDrives": "allDrives"}.get(
        corpora, corpora
    )
    if corpora == "domain":
        raise errors.unimplemented(call.method, "corpora=domain")
    if corpora not in ("user", "drive", "allDrives", "user,allDrives"):
        raise errors.drive_invalid("Invalid Value", "corpora")
    if bool(drive_id) != (corpora == "drive"):
        raise errors.drive_forbidden("teamDriveIdRequiresTeamDriveCorpora", DRIVE_ID)
    includes = params.get("includeItemsFromAllDrives") or params.get("includeTeamDriveItems")
    if corpora != "user" and not includes:
        raise errors.drive_forbidden("includeTeamDriveItemsRequired", DRIVES_FLAG)
    if includes and not tree.supports_drives(params):
        raise errors.drive_forbidden(
            "supportsTeamDrivesRequired", "The supportsAllDrives parameter was not set to true."
        )
    return "allDrives" if corpora == "user,allDrives" else corpora


def _candidates(call: Call) -> Iterable[Row]:
    """Rows that the corpora covers and the caller may find, as old as a lag rule makes them."""
    params = call.params
    includes = params.get("includeItemsFromAllDrives") or params.get("includeTeamDriveItems")
    drive_id = params.get("driveId") or params.get("teamDriveId")
    rows = access.files(call.workspace)
    if drive_id and (drive_id not in rows or not access.role(call.workspace, call.caller, rows[drive_id])):
        raise errors.GoogleError(404, f"Shared drive not found: {drive_id}", "notFound", "teamDriveId")
    lag = call.workspace.faults.lagging(call.method)
    kept = []
    for row in rows.values():
        if row.get("root") or row["id"] == row.get("driveId"):
            continue
        if drive_id and row.get("driveId") != drive_id:
            continue
        if (row.get("driveId") and not includes) or not access.authorised(call, row):
            continue
        if lag:
            old = _as_of(call, row, lag)
            if old is None:
                continue
            row = old
        kept.append(row)
    return kept


def _as_of(call: Call, row: Row, lag: float) -> Row | None:
    """The row as it was `lag` seconds of workspace time ago; None when it was not there yet."""
    limit = access.stamp(call.workspace.clock.now() - timedelta(seconds=lag))
    past: list[Row] = row.get("past", [])
    known = [entry for entry in past if entry["at"] <= limit]
    if known:
        return dict(known[-1]["row"])
    born = past[0]["row"]["version"] == 1 if past else False
    return None if born or row.get("born", "") > limit else row


def predicate(call: Call, text: str) -> Predicate:
    """The `q` of a call as a test of rows, seen by its caller. Raises 400."""
    workspace = call.workspace
    root = access.root_id(workspace, call.caller)
    subject = Subject(
        value=partial(_value, call),
        people=partial(_people, call),
        text=partial(content.text_of, workspace),
        properties=lambda row, field: (
            app_properties(call, row) if field == "appProperties" else row.get("properties", {})
        ),
        parent=lambda one: root if one == "root" else one,
    )
    try:
        return compile_query(text, subject)
    except BadQueryError as bad:
        raise errors.drive_invalid("Invalid Value", "q") from bad


def _value(call: Call, row: Row, field: str) -> Any:
    me = call.caller
    special: dict[str, Any] = {
        "trashed": lambda: is_trashed(call.workspace, row),
        "starred": lambda: me in row.get("starredBy", ()),
        "sharedWithMe": lambda: me in row.get("sharedWith", {}) and row.get("owner") != me,
        "sharedWithMeTime": lambda: row.get("sharedWith", {}).get(me, {}).get("time"),
        "viewedByMeTime": lambda: row.get("viewedByMe", {}).get(me),
        "visibility": lambda: _visibility(call, row),
        "shortcutDetails.targetId": lambda: row.get("shortcutDetails", {}).get("targetId"),
    }
    return special[field]() if field in special else row.get(field, "")


def _people(call: Call, row: Row, field: str) -> set[str]:
    """E-mails in a role; the caller also stands as "me"."""
    roles = {
        "owners": ("owner",),
        "writers": ("writer", "fileOrganizer", "organizer"),
        "readers": ("reader", "commenter"),
    }
    grants = access.effective(call.workspace, row)
    found = {str(one.get("emailAddress", "")).lower() for one in grants if one["role"] in roles[field]}
    return found | ({"me"} if call.caller.lower() in found else set())


def _visibility(call: Call, row: Row) -> str:
    grants = access.effective(call.workspace, row)
    for one in grants:
        if one["type"] in ("anyone", "domain"):
            word = "anyone" if one["type"] == "anyone" else "domain"
            return f"{word}{'CanFind' if one.get('allowFileDiscovery') else 'WithLink'}"
    return "limited"


def _order_keys(text: str) -> list[tuple[str, bool]]:
    """`orderBy` as (key, descending). An unknown key is a 400, one named twice a 403; name_natural counts as name."""
    found: list[tuple[str, bool]] = []
    seen: set[str] = set()
    for part in (one for one in text.split(",") if one.strip()):
        words = part.split()
        if words[0] not in ORDER_KEYS or len(words) > 2 or (len(words) == 2 and words[1] != "desc"):
            raise errors.drive_invalid(f"Invalid sort key: {part.strip()}", "orderBy")
        name = "name" if words[0] == "name_natural" else words[0]
        if name in seen:
            sentence = "The orderBy parameter cannot contain duplicate sort keys."
            raise errors.drive_forbidden("orderByContainsDuplicateSortKeys", sentence, "orderBy")
        seen.add(name)
        found.append((words[0], len(words) == 2))
    return found


def _sorted(call: Call, found: list[Row], keys: list[tuple[str, bool]]) -> list[Row]:
    """What the caller may find, by `orderBy`; without it newest first, which the real service does not promise."""
    found = [row for row in found if access.discovers(call.workspace, call.caller, row)]
    for name, descending in reversed(keys or [("modifiedTime", True)]):
        found.sort(key=partial(_order, call, name), reverse=descending)
    return found


def _order(call: Call, key: str, row: Row) -> Any:
    if key in ("name", "name_natural"):
        folded = str(row["name"]).casefold()
        return _natural(folded) if key == "name_natural" else folded
    if key == "folder":
        return 0 if row["mimeType"] == FOLDER else 1
    if key == "starred":
        return 0 if call.caller in row.get("starredBy", ()) else 1
    if key == "quotaBytesUsed":
        return row.get("size", 0)
    if key == "sharedWithMeTime":
        return row.get("sharedWith", {}).get(call.caller, {}).get("time", "")
    if key == "modifiedByMeTime":
        return row.get("modifiedByMe", {}).get(call.caller, "")
    if key == "viewedByMeTime":
        return row.get("viewedByMe", {}).get(call.caller, "")
    return row["modifiedTime"] if key == "recency" else row[key]


def _natural(text: str) -> list[tuple[int, int, str]]:
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", text) if part]


# -- pages


def paged(call: Call, found: list[Any], default: int) -> tuple[list[Any], str]:
    """One page and the token of the next ("" at the end). A token belongs to its query; another's is refused."""
    size = int(call.params.get("pageSize") or default)
    query = {name: value for name, value in call.params.items() if name not in ("pageToken", "pageSize", "alt")}
    print_ = hashlib.sha256(json.dumps([call.method, query, call.caller], sort_keys=True).encode()).hexdigest()[:12]
    start = _start(call, print_)
    token = f"{print_}:{start + size}"
    more = start + size < len(found)
    return found[start : start + size], "~!!~" + base64.urlsafe_b64encode(token.encode()).decode() if more else ""


def _start(call: Call, print_: str) -> int:
    token = str(call.params.get("pageToken") or "")
    if not token:
        return 0
    try:
        text = base64.urlsafe_b64decode(token.removeprefix("~!!~").encode()).decode()
        owner, _, start = text.partition(":")
        known = int(start) if owner == print_ and start.isdecimal() and len(start) < 10 else None
    except ValueError:
        known = None
    if known is None:
        raise errors.drive_invalid("Invalid Value", "pageToken")
    return known
