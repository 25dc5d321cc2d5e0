"""What is inside files: bytes of binaries, and the native types through the registry of `access.content`."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Any

from bot.emulator.google import access, errors
from bot.emulator.google.access import FOLDER, SHORTCUT, Row
from bot.emulator.google.drive.resource import NATIVE, checksums, is_native
from bot.emulator.google.gateway import Call, Download

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

EXPORT_LIMIT = 10 * 1024 * 1024


def imports() -> dict[str, str]:
    """Media types that can be converted, with the native type that each becomes. The real list is longer."""
    return {form: mime for mime, held in access.CONTENT.items() for form in held.import_formats}


def holder(mime_type: str) -> Any:
    """The content module of a native type. Raises 501 for one that the workspace does not hold."""
    found = access.CONTENT.get(mime_type)
    if found is None:
        raise errors.unimplemented("drive.files", f"content of {mime_type}")
    return found


def guess_type(name: str, media_type: str | None) -> str:
    """The type of an upload without a declared one."""
    if media_type and media_type not in ("application/octet-stream", "*/*"):
        return media_type
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def fill(call: Call, row: Row) -> None:
    """Gives a new row its content: an upload converted or kept, or an empty native file."""
    mime = row["mimeType"]
    if call.media is not None and mime.startswith(NATIVE):
        _import(call, row, call.media, call.media_type or "application/octet-stream")
    elif mime in (FOLDER, SHORTCUT):
        return
    elif mime.startswith(NATIVE):
        holder(mime).create(call.workspace, row["id"], row["name"])
    else:
        _keep(call.workspace, row, call.media or b"")


def replace(call: Call, row: Row, media: bytes, media_type: str) -> None:
    """New content for an existing file; a native file's is converted and replaced whole."""
    if is_native(row):
        _import(call, row, media, media_type)
    else:
        row["mimeType"] = guess_type(
            row["name"], media_type if media_type != "application/octet-stream" else row["mimeType"]
        )
        _keep(call.workspace, row, media)
    access.touch(call, row["id"])


def _import(call: Call, row: Row, media: bytes, media_type: str) -> None:
    if row["mimeType"] in (FOLDER, SHORTCUT):
        raise errors.GoogleError(400, "Bad Request", "badRequest")
    if imports().get(media_type) != row["mimeType"]:
        raise errors.GoogleError(400, "Bad Request", "badRequest")
    holder(row["mimeType"]).import_(call.workspace, row["id"], row["name"], media, media_type)


def _keep(workspace: Workspace, row: Row, media: bytes) -> None:
    workspace.shelf.blobs("media")[row["id"]] = media
    row |= checksums(media)
    row["headRevisionId"] = access.new_id()[:33]
    row.setdefault("originalFilename", row["name"])


def copy(call: Call, source: Row, target: Row) -> None:
    """The content of `source` under the id of `target`."""
    if is_native(source):
        if source["mimeType"] != SHORTCUT:
            holder(source["mimeType"]).copy(call.workspace, source["id"], target["id"])
        return
    _keep(call.workspace, target, call.workspace.shelf.blobs("media")[source["id"]])


def drop(workspace: Workspace, row: Row) -> None:
    """Forgets a deleted file's content."""
    if row["mimeType"] in access.CONTENT:
        access.CONTENT[row["mimeType"]].delete(workspace, row["id"])
    elif not is_native(row):
        workspace.shelf.blobs("media").pop(row["id"], None)


def download(call: Call, row: Row) -> Download:
    """`alt=media`: a binary's bytes. Raises 403 for native files."""
    if is_native(row):
        raise errors.drive_forbidden(
            "fileNotDownloadable",
            "Only files with binary content can be downloaded. Use Export with Docs Editors files.",
            "alt",
        )
    return Download(call.workspace.shelf.blobs("media")[row["id"]], row["mimeType"])


def export(call: Call, row: Row, mime: str) -> Download:
    """A native file in another format; the content type is the asked one, as sent.

    Raises 403 for binaries and what is too large, 400 for a format that the type does not have.
    """
    if not is_native(row) or row["mimeType"] in (FOLDER, SHORTCUT):
        raise errors.drive_forbidden("fileNotExportable", "Export only supports Docs Editors files.")
    found = holder(row["mimeType"])
    if mime.lower() not in found.export_formats:
        raise errors.drive_invalid("The requested conversion is not supported.", "convertTo", "badRequest")
    data = found.export(call.workspace, row["id"], mime.lower())
    if len(data) > EXPORT_LIMIT:
        raise errors.drive_forbidden("exportSizeLimitExceeded", "This file is too large to be exported.")
    return Download(data, mime)


def text_of(workspace: Workspace, row: Row) -> str:
    """The words that a full-text search sees."""
    words = f"{row['name']} {row.get('description', '')} "
    found: Any = access.CONTENT.get(row["mimeType"])
    for mime in ("text/plain", "text/csv") if found else ():
        if mime in found.export_formats:
            return words + str(found.export(workspace, row["id"], mime).decode("utf-8", "replace"))
    if not is_native(row) and row["mimeType"].startswith("text/"):
        return words + workspace.shelf.blobs("media")[row["id"]].decode("utf-8", "replace")
    return words
