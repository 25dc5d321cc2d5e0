"""Who may do what with a file, and the doors through which Sheets and Docs handlers reach Drive's file rows.

A file row (collection "files", key = id): id, name, mimeType, parents (one id or none), driveId (shared drive items
only), owner (e-mail; "" in shared drives), createdTime, modifiedTime (RFC 3339, ms), lastModifyingUser (e-mail),
trashed, properties, appProperties (of the company app's project), otherAppProperties {project: {…}}, version (int),
permissions [direct grants: {id, type, role, emailAddress…}], starredBy [e-mails], viewedByMe and modifiedByMe
{email: time}, sharedWith {email: {time, by}}, apps [projects that made or opened it].
"""

from __future__ import annotations

import copy
import hashlib
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from bot.emulator.google import errors
from bot.emulator.google.documents import all_methods

if TYPE_CHECKING:
    from bot.emulator.google.gateway import Call
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]
FOLDER = "application/vnd.google-apps.folder"
SHEET = "application/vnd.google-apps.spreadsheet"
DOC = "application/vnd.google-apps.document"
SHORTCUT = "application/vnd.google-apps.shortcut"
OFFICE = {
    SHEET: (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel",
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    DOC: (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/msword",
        "application/vnd.oasis.opendocument.text",
    ),
}
METHODS = all_methods()
APP_SCOPE = "https://www.googleapis.com/auth/drive.file"
RANKS = {"": 0, "reader": 1, "commenter": 2, "writer": 3, "fileOrganizer": 4, "organizer": 5, "owner": 6}


class Content(Protocol):
    """What a native type (spreadsheet, document) does for Drive; registered with `@content(mime_type)`."""

    export_formats: Any  # the media types that `export` gives
    import_formats: Any  # the media types that `import_` takes

    def create(self, workspace: Workspace, file_id: str, title: str) -> None: ...
    def copy(self, workspace: Workspace, source_id: str, target_id: str) -> None: ...
    def export(self, workspace: Workspace, file_id: str, mime: str) -> bytes: ...
    def import_(self, workspace: Workspace, file_id: str, title: str, media: bytes, media_type: str) -> None: ...
    def delete(self, workspace: Workspace, file_id: str) -> None: ...


CONTENT: dict[str, Any] = {}


def content(mime_type: str) -> Any:
    """Class decorator: the class (or an instance of it) holds the content of files of `mime_type`."""

    def register(holder: Any) -> Any:
        CONTENT[mime_type] = holder() if isinstance(holder, type) else holder
        return holder

    return register


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds, as Drive prints times."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def now(workspace: Workspace) -> str:
    """Workspace time as a Drive stamp."""
    return stamp(workspace.clock.now())


def new_id(folder: bool = False) -> str:
    """A file id of the real shape: 33 characters for folders and uploads, 44 for native files, starting with 1."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return "1" + "".join(secrets.choice(alphabet) for _ in range(32 if folder else 43))


def permission_id(email: str) -> str:
    """The stable id of a grantee, the same on every file."""
    return str(int.from_bytes(hashlib.sha256(email.lower().encode()).digest()[:8], "big") % 10**20).zfill(20)


def is_service_account(email: str) -> bool:
    """Whether the identity is a service account."""
    return email.endswith(".gserviceaccount.com")


def files(workspace: Workspace) -> Any:
    """The collection of file rows."""
    return workspace.shelf.collection("files")


def root_id(workspace: Workspace, email: str) -> str:
    """The id of a person's My Drive root folder, made when first asked for."""
    digest = hashlib.sha256(f"root:{email}".encode()).hexdigest()
    key = f"0A{digest[:11].upper()}Uk9PVA"
    rows = files(workspace)
    if key not in rows:
        at = now(workspace)
        rows[key] = {
            "id": key,
            "name": "My Drive",
            "mimeType": FOLDER,
            "parents": [],
            "owner": email,
            "root": True,
            "createdTime": at,
            "modifiedTime": at,
            "lastModifyingUser": email,
            "trashed": False,
            "properties": {},
            "appProperties": {},
            "version": 1,
            "permissions": [grant(email, "owner")],
        }
    return key


def grant(email: str, role: str, kind: str = "user") -> Row:
    """A direct permission row of a person or group."""
    return {"id": permission_id(email), "type": kind, "role": role, "emailAddress": email}


def effective(workspace: Workspace, row: Row) -> list[Row]:
    """Direct and inherited permissions, strongest per grantee; inherited ones carry `inheritedFrom`.

    Below a folder with limited access only the managers of the shared drive are inherited.
    """
    found: dict[str, Row] = {}
    rows = files(workspace)
    here: Row | None = row
    seen: set[str] = set()
    limited = False
    while here is not None and here["id"] not in seen:
        seen.add(here["id"])
        for one in here.get("permissions", ()):
            if not limited or one["role"] == "organizer":
                _merge(found, one if here is row else {**one, "inheritedFrom": here["id"]}, workspace)
        limited = limited or bool(here.get("inheritedPermissionsDisabled"))
        parent = here["parents"][0] if here.get("parents") else None
        here = rows.get(parent) if parent else None
    return list(found.values())


def _merge(found: dict[str, Row], one: Row, workspace: Workspace) -> None:
    expires = one.get("expirationTime")
    if expires and expires <= now(workspace):
        return
    role = "writer" if one["role"] == "owner" and "inheritedFrom" in one else one["role"]
    if "inheritedFrom" in one and one["role"] == "owner":
        one = {**one, "role": role}
    known = found.get(one["id"])
    if known is None or RANKS[known["role"]] < RANKS[role]:
        found[one["id"]] = one


def role(workspace: Workspace, email: str, row: Row) -> str:
    """The caller's strongest role on a file, "" for none. Link shares count: whoever knows the id knows the link."""
    best = "owner" if row.get("owner") == email and not row.get("driveId") else ""
    for one in effective(workspace, row):
        if _covers(workspace, one, email) and RANKS[one["role"]] > RANKS[best]:
            best = one["role"]
    return best


def _covers(workspace: Workspace, one: Row, email: str) -> bool:
    if one["type"] == "anyone":
        return True
    if one["type"] == "domain":
        return email.endswith("@" + one["domain"]) and not is_service_account(email)
    if one["type"] == "group":
        group = workspace.shelf.collection("google_groups").get(one["emailAddress"], {})
        return email in group.get("members", ())
    return bool(one["emailAddress"].lower() == email.lower())


def discovers(workspace: Workspace, email: str, row: Row) -> bool:
    """Whether the file shows up in the caller's lists: granted by name, not by a link."""
    if row.get("owner") == email and not row.get("driveId"):
        return True
    named = (one for one in effective(workspace, row) if one["type"] != "anyone" or one.get("allowFileDiscovery"))
    return any(_covers(workspace, one, email) for one in named)


def has(held: str, wanted: str) -> bool:
    """Whether role `held` includes role `wanted`."""
    return RANKS[held] >= RANKS[wanted]


def authorised(call: Call, row: Row) -> bool:
    """Whether the caller's app may touch the file: with no wider scope than drive.file only what it made itself."""
    if not call.scopes or "*" in call.scopes:
        return True
    granted = call.scopes & METHODS[call.method].scopes
    return granted != {APP_SCOPE} or call.project in row.get("apps", ())


def visible(call: Call, file_id: str) -> tuple[Row, str]:
    """The row and the caller's role, or Drive's 404 (also for no access), or 403 for an app that was not let in."""
    rows = files(call.workspace)
    key = root_id(call.workspace, call.caller) if file_id == "root" else file_id
    row = rows.get(key)
    held = role(call.workspace, call.caller, row) if row else ""
    if row is None or not held:
        raise errors.drive_file_not_found(file_id)
    if not authorised(call, row) and not row.get("root"):
        text = f"The user has not granted the app {call.project} read access to the file {file_id}."
        raise errors.drive_forbidden("appNotAuthorizedToFile", text)
    return row, held


def open_file(call: Call, file_id: str, mime_type: str, role: str = "reader") -> Row:
    """The row of a spreadsheet or document, for Sheets and Docs handlers.

    Raises 404 for an unknown id or another native type, 403 without the role, 400 for Office files and other binaries.
    """
    row = files(call.workspace).get(file_id)
    if row is None:
        raise errors.not_found()
    _same_type(row, mime_type)
    held = globals()["role"](call.workspace, call.caller, row)
    if not has(held, role) or not authorised(call, row):
        raise errors.permission_denied()
    return row  # type: ignore[no-any-return]


def _same_type(row: Row, mime_type: str) -> None:
    actual = row["mimeType"]
    if actual == mime_type:
        return
    if actual in OFFICE[mime_type]:
        raise errors.failed_precondition(
            "This operation is not supported for this document. The document must not be an Office file."
        )
    if actual in CONTENT or actual in (SHEET, DOC):
        raise errors.not_found()
    raise errors.bad_request()


def touch(call: Call, file_id: str) -> None:
    """Marks a file as modified now by the caller: modifiedTime, version, change log."""
    row = files(call.workspace)[file_id]
    row["modifiedTime"] = now(call.workspace)
    row["lastModifyingUser"] = call.caller
    row.setdefault("modifiedByMe", {})[call.caller] = row["modifiedTime"]
    changed(call.workspace, row)


def changed(workspace: Workspace, row: Row) -> None:
    """A new version of the row and the newest entry for it in the change log; saves the row."""
    row["version"] = int(row.get("version", 0)) + 1
    _keep_past(workspace, row)
    files(workspace)[row["id"]] = row
    log_change(workspace, row["id"], {"driveId": row.get("driveId", "")})


def _keep_past(workspace: Workspace, row: Row) -> None:
    """While listings are told to lag, keeps the row's last states for them to show."""
    if any(rule.do == "lag_listings" for rule in workspace.faults.rules):
        state = copy.deepcopy({name: value for name, value in row.items() if name != "past"})
        row["past"] = [*row.get("past", []), {"at": now(workspace), "row": state}][-20:]


def log_change(workspace: Workspace, file_id: str, entry: Row) -> None:
    """Appends to the change log; one entry per file (and per person who lost access): the newest replaces the older."""
    number = workspace.shelf.counter("changes")
    key = f"{file_id}:{entry['lost']}" if "lost" in entry else file_id
    log = workspace.shelf.collection("changes")
    log[key] = {"seq": number, "fileId": file_id, "time": now(workspace), **entry}


def create_native(call: Call, name: str, mime_type: str) -> Row:
    """A new file row of a native type in the caller's My Drive root, without content (the caller makes that).

    Raises 403 for a service account: it has no storage of its own.
    """
    if is_service_account(call.caller):
        raise errors.permission_denied()
    row = new_row(call, name, mime_type, root_id(call.workspace, call.caller), new_id())
    changed(call.workspace, row)
    return row


def new_row(call: Call, name: str, mime_type: str, parent: str, file_id: str) -> Row:
    """A row (not yet stored) in folder `parent`, owned by the caller or by the parent's shared drive."""
    at = now(call.workspace)
    drive_id = files(call.workspace)[parent].get("driveId", "")
    row: Row = {
        "id": file_id,
        "name": name,
        "mimeType": mime_type,
        "parents": [parent],
        "owner": "" if drive_id else call.caller,
        "createdTime": at,
        "modifiedTime": at,
        "lastModifyingUser": call.caller,
        "trashed": False,
        "properties": {},
        "appProperties": {},
        "apps": [call.project],
        "version": 0,
        "permissions": [] if drive_id else [grant(call.caller, "owner")],
    }
    if drive_id:
        row["driveId"] = drive_id
    return row


def rename(call: Call, file_id: str, title: str) -> None:
    """Gives a file a new name on behalf of Sheets or Docs; the handler calls `touch` for the edit itself."""
    row = files(call.workspace)[file_id]
    row["name"] = title
    files(call.workspace).save(file_id)
