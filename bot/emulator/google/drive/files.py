"""drive.files: create, get, list, copy, update, delete, export, generateIds, emptyTrash."""

from __future__ import annotations

from copy import deepcopy as copy_of
from datetime import datetime, timedelta
from typing import Any

from bot.emulator.google import access, errors
from bot.emulator.google.access import FOLDER, SHORTCUT, Row
from bot.emulator.google.drive import content, tree
from bot.emulator.google.drive.resource import NATIVE, View, app_properties
from bot.emulator.google.gateway import Call, Download, method

# What the real service lets a client set and the workspace does not do: refused rather than dropped in silence.
NOT_DONE = ("contentRestrictions", "downloadRestrictions")
SETTABLE = (
    "name",
    "description",
    "createdTime",
    "modifiedTime",
    "copyRequiresWriterPermission",
    "writersCanShare",
    "folderColorRgb",
    "originalFilename",
    "inheritedPermissionsDisabled",
)
MAX_PROPERTIES, MAX_OF_ONE_KIND, MAX_PROPERTY_BYTES = 100, 30, 124


def shown(call: Call, row: Row) -> Row:
    """The File resource that the caller asked for."""
    return View(call, row).resource(call.mask)


def set_properties(call: Call, row: Row) -> None:
    """Merges `properties` and `appProperties` of the body; null deletes. Raises 403 over the published limits."""
    mine = app_properties(call, row)
    for name, target in (("properties", row.setdefault("properties", {})), ("appProperties", mine)):
        for key, value in (call.body.get(name) or {}).items():
            if value is None:
                target.pop(key, None)
                continue
            if len(f"{key}{value}".encode()) > MAX_PROPERTY_BYTES:
                text = f"Property key and value must not exceed {MAX_PROPERTY_BYTES} bytes in UTF-8."
                raise errors.drive_invalid(text, name)
            target[key] = value
        if len(target) > MAX_OF_ONE_KIND:
            raise errors.drive_forbidden(
                "tooManyProperties", "The number of properties on this file exceeds the limit."
            )
    everything = len(row["properties"]) + len(row.get("appProperties", {}))
    everything += sum(len(one) for one in row.get("otherAppProperties", {}).values())
    if everything > MAX_PROPERTIES:
        raise errors.drive_forbidden("tooManyProperties", "The number of properties on this file exceeds the limit.")


def set_metadata(call: Call, row: Row) -> None:
    """Patches the row with the settable fields of the body, properties and the caller's star."""
    for name in NOT_DONE:
        if call.body.get(name):
            raise errors.unimplemented(call.method, name)
    for name in SETTABLE:
        value = call.body.get(name)
        if value is not None:
            row[name] = _time(name, value) if name.endswith("Time") else value
        elif name == "description" and name in call.body:
            row.pop(name, None)
    if call.body.get("viewedByMeTime"):
        row.setdefault("viewedByMe", {})[call.caller] = _time("viewedByMeTime", call.body["viewedByMeTime"])
    if call.body.get("starred") is not None:
        others = [email for email in row.get("starredBy", []) if email != call.caller]
        row["starredBy"] = others + ([call.caller] if call.body["starred"] else [])
    set_properties(call, row)


def _time(name: str, text: Any) -> str:
    try:
        return access.stamp(datetime.fromisoformat(str(text)))
    except ValueError as error:
        raise errors.drive_invalid("Invalid Value", f"file.{name}") from error


@method(
    "drive.files.create",
    notes="Metadata only, media, multipart and resumable; conversion of CSV, TSV and what the types import.",
)
def create(call: Call) -> Row:
    """A new folder, native file, shortcut or binary."""
    body = call.body
    mime = body.get("mimeType") or (
        content.guess_type(body.get("name", ""), call.media_type) if call.media is not None else ""
    )
    mime = mime or "application/octet-stream"
    parent = tree.parent_for(call, body.get("parents"))
    tree.needs_storage(call, parent)
    tree.check_depth(call.workspace, parent)
    row = access.new_row(call, body.get("name") or "Untitled", mime, parent["id"], _chosen_id(call, mime))
    set_metadata(call, row)
    if mime == SHORTCUT:
        row["shortcutDetails"] = _shortcut(call)
    access.files(call.workspace)[row["id"]] = row
    try:
        content.fill(call, row)
    except errors.GoogleError:
        del access.files(call.workspace)[row["id"]]
        raise
    _made(call, row)
    return shown(call, row)


def _made(call: Call, row: Row) -> None:
    """Stores a row whose content is there; a native file's modifiedTime is some milliseconds after its createdTime."""
    native = row["mimeType"].startswith(NATIVE) and row["mimeType"] not in (FOLDER, SHORTCUT)
    if native and row["modifiedTime"] == row["createdTime"]:
        row["modifiedTime"] = access.stamp(datetime.fromisoformat(row["createdTime"]) + timedelta(milliseconds=1))
    row["modifiedByMe"] = {call.caller: row["modifiedTime"]}
    row["viewedByMe"] = {call.caller: row["modifiedTime"]}
    access.changed(call.workspace, row)


def _chosen_id(call: Call, mime: str) -> str:
    """The id of a new file: pre-generated where that is allowed, else a fresh one."""
    given = call.body.get("id")
    if not given:
        return access.new_id(folder=not mime.startswith(NATIVE) or mime == FOLDER)
    if mime.startswith(NATIVE) and mime not in (FOLDER, SHORTCUT):
        text = "Generated IDs are not supported for Docs Editors formats."
        raise errors.GoogleError(400, text, "invalid", "file.id", location_type="other")
    if given in access.files(call.workspace) or given in call.workspace.shelf.collection("deleted_files"):
        raise errors.GoogleError(409, "A file already exists with the provided ID.", "fileIdInUse")
    if given not in call.workspace.shelf.collection("generated_ids"):
        raise errors.drive_invalid("The provided file ID is not usable.", "file.id")
    return str(given)


def _shortcut(call: Call) -> Row:
    target = (call.body.get("shortcutDetails") or {}).get("targetId")
    if not target:
        raise errors.GoogleError(
            400, "The shortcutDetails.targetId field is required.", "required", "file.shortcutDetails.targetId"
        )
    row, _ = access.visible(call, target)
    return {"targetId": row["id"], "targetMimeType": row["mimeType"]}


@method("drive.files.get")
def get(call: Call) -> Row | Download:
    """Metadata, or with `alt=media` the bytes of a binary."""
    row, role = tree.seen(call, call.params["fileId"])
    if call.params.get("alt") == "media":
        return content.download(call, row)
    if call.params.get("acknowledgeAbuse"):
        sentence = "The acknowledgeAbuse parameter is only applicable for download requests."
        raise errors.drive_forbidden("invalidAbuseAcknowledgment", sentence, "acknowledgeAbuse")
    return View(call, row, role).resource(call.mask)


@method(
    "drive.files.copy",
    notes="Own and other apps' appProperties are carried over (UNCONFIRMED for other apps: the cautious reading).",
)
def copy(call: Call) -> Row:
    """A copy owned by the caller (or the parent's shared drive); the body patches the source's metadata."""
    source, role = tree.seen(call, call.params["fileId"])
    if source["mimeType"] == FOLDER:
        raise errors.drive_forbidden("cannotCopyFile", "This file cannot be copied by the user.")
    if source.get("copyRequiresWriterPermission") and not access.has(role, "writer"):
        raise errors.drive_forbidden("cannotCopyFile", "This file cannot be copied by the user.")
    parent = _parent_of_copy(call, source)
    tree.needs_storage(call, parent)
    mime = call.body.get("mimeType") or source["mimeType"]
    if mime != source["mimeType"]:
        raise errors.unimplemented(call.method, "conversion while copying")
    row = access.new_row(
        call, call.body.get("name") or f"Copy of {source['name']}", mime, parent["id"], _chosen_id(call, mime)
    )
    for name in ("properties", "appProperties"):
        row[name] = dict(source.get(name, {}))
    row["otherAppProperties"] = {project: dict(kept) for project, kept in source.get("otherAppProperties", {}).items()}
    for name in (
        "description",
        "shortcutDetails",
        "folderColorRgb",
        "copyRequiresWriterPermission",
        "originalFilename",
    ):
        if name in source:
            row[name] = source[name]
    set_metadata(call, row)
    content.copy(call, source, row)
    _made(call, row)
    _copy_comments(call, source, row)
    return shown(call, row)


def _parent_of_copy(call: Call, source: Row) -> Row:
    """The given parent; else the source's where the caller may add to it; else the caller's root."""
    if call.body.get("parents"):
        return tree.parent_for(call, call.body["parents"])
    rows = access.files(call.workspace)
    for key in source.get("parents", ()):
        if key in rows and access.has(access.role(call.workspace, call.caller, rows[key]), "writer"):
            return rows[key]  # type: ignore[no-any-return]
    return tree.parent_for(call, None)


def _copy_comments(call: Call, source: Row, row: Row) -> None:
    """Open comments, when asked for."""
    if not call.params.get("copyComments"):
        return
    stored = call.workspace.shelf.collection("comments")
    found = stored.get(source["id"], {"comments": []})["comments"]
    kept = [dict(one) for one in found if not one.get("resolved") and not one.get("deleted")]
    if kept:
        stored[row["id"]] = {"comments": kept}


@method(
    "drive.files.update", notes="Metadata, moves, trash, star, and new content by media, multipart or resumable upload."
)
def update(call: Call) -> Row:
    """Patch semantics; every check is made before anything changes."""
    row, role = tree.seen(call, call.params["fileId"])
    changes = {key for key, value in call.body.items() if key not in ("trashed", "starred") and value is not None}
    changes |= {"description"} & set(call.body)
    trash = call.body.get("trashed")
    _check_update(call, row, role, changes)
    if trash is not None and bool(row.get("trashed")) != trash:
        tree.check_trash(row, role)
    target = tree.planned_move(call, row, role)
    _apply(call, row, changes)
    if target is not None:
        tree.place(call, row, target)
    if trash is not None:
        tree.set_trashed(call, row, trash)
    access.changed(call.workspace, row)
    return shown(call, row)


def _check_update(call: Call, row: Row, role: str, changes: set[str]) -> None:
    """Rights and fields, before anything changes."""
    if "parents" in call.body:
        text = "The parents field is not directly writable in update requests. "
        text += "Use the addParents and removeParents parameters instead."
        raise errors.drive_forbidden("fieldNotWritable", text)
    if changes or call.media is not None:
        tree.need(role, "writer")
    if row.get("root") and "name" in changes:
        raise tree.insufficient()
    if call.body.get("inheritedPermissionsDisabled") is not None:
        tree.need(role, "organizer" if row.get("driveId") else "owner")
        if row["mimeType"] != FOLDER:
            raise errors.drive_invalid("Only folders can have limited access.", "file.inheritedPermissionsDisabled")
    if call.body.get("mimeType", row["mimeType"]) != row["mimeType"] and call.media is None:
        raise errors.drive_invalid("The mimeType of a file cannot be changed without new content.", "file.mimeType")


def _apply(call: Call, row: Row, changes: set[str]) -> None:
    """Metadata and content; a refusal on the way leaves the row as it was."""
    before = copy_of(row)
    try:
        set_metadata(call, row)
        if call.media is not None:
            content.replace(call, row, call.media, call.media_type or "application/octet-stream")
    except errors.GoogleError:
        row.clear()
        row.update(before)
        raise
    if before["name"] != row["name"]:
        _retitle(call, row)
    if "modifiedTime" not in changes and changes:
        row["modifiedTime"] = access.now(call.workspace)
        row["lastModifyingUser"] = call.caller
        row.setdefault("modifiedByMe", {})[call.caller] = row["modifiedTime"]


def _retitle(call: Call, row: Row) -> None:
    """A native type that keeps its title inside is told of the new name."""
    holder = access.CONTENT.get(row["mimeType"])
    if holder is not None and hasattr(holder, "retitle"):
        holder.retitle(call.workspace, row["id"], row["name"])


@method("drive.files.delete")
def delete(call: Call) -> None:
    """For good, with everything below: the owner in My Drive, a manager (organizer) in a shared drive."""
    row, role = tree.seen(call, call.params["fileId"])
    if row.get("root") or row["id"] == row.get("driveId"):
        raise tree.insufficient()
    tree.need(role, "organizer" if row.get("driveId") else "owner")
    tree.delete(call.workspace, row)


@method("drive.files.emptyTrash")
def empty_trash(call: Call) -> None:
    """Deletes what the caller (or the given shared drive) has in the trash."""
    drive_id = call.params.get("driveId", "")
    rows = access.files(call.workspace)
    for key in list(call.workspace.shelf.collection("trash")):
        row = rows.get(key)
        if row is None or row.get("driveId", "") != drive_id:
            continue
        if access.has(access.role(call.workspace, call.caller, row), "organizer" if drive_id else "owner"):
            tree.delete(call.workspace, row)


@method("drive.files.generateIds")
def generate_ids(call: Call) -> Row:
    """Ids that files.create and files.copy accept for folders, shortcuts and uploads that are not converted."""
    known = call.workspace.shelf.collection("generated_ids")
    ids = [access.new_id(folder=True) for _ in range(call.params.get("count", 10))]
    for one in ids:
        known[one] = {"id": one}
    return {"kind": "drive#generatedIds", "space": call.params.get("space", "drive"), "ids": ids}


@method("drive.files.export")
def export(call: Call) -> Download:
    """A native file in another format."""
    row, role = access.visible(call, call.params["fileId"])
    if row.get("copyRequiresWriterPermission") and not access.has(role, "writer"):
        raise errors.drive_forbidden("cannotDownloadFile", "This file cannot be downloaded by the user.")
    return content.export(call, row, call.params["mimeType"])
