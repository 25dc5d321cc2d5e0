"""Finds the image behind a URI: a picture file of this workspace that anyone may read. Nothing outside is in reach."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

from bot.emulator.google import access
from bot.emulator.google.docs.edit import Fetch, Picture

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

_DRIVE = re.compile(r"https://(?:drive|docs)\.google\.com/(?:uc\?(?:[^#]*&)?id=|open\?id=|file/d/)([\w-]+)")
_FORMATS = ("image/png", "image/jpeg", "image/gif")
MOST_PIXELS = 25_000_000
MOST_BYTES = 50 * 1024 * 1024


def finder(workspace: Workspace) -> Fetch:
    """The `fetch` of an edit in this workspace."""

    def find(uri: str) -> Picture | None:
        row = _row(workspace, uri)
        if row is None or row["mimeType"] not in _FORMATS or not _is_public(workspace, row):
            return None
        return _measured(uri, workspace.shelf.blobs("media").get(row["id"], b""))

    return find


def reader(workspace: Workspace) -> Callable[[str], bytes | None]:
    """Gives the bytes of an image that a document shows, None when its file is gone."""

    def read(uri: str) -> bytes | None:
        row = _row(workspace, uri)
        return workspace.shelf.blobs("media").get(row["id"]) if row else None

    return read


def _row(workspace: Workspace, uri: str) -> access.Row | None:
    found = _DRIVE.match(uri)
    row: access.Row | None = access.files(workspace).get(found[1]) if found else None
    return row


def _is_public(workspace: Workspace, row: access.Row) -> bool:
    return any(grant["type"] == "anyone" for grant in access.effective(workspace, row))


def _measured(uri: str, data: bytes) -> Picture | None:
    """The picture if the bytes are one that the service takes."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG", "GIF")) as image:
            width, height = image.size
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError):
        return None
    if not 0 < width * height <= MOST_PIXELS or len(data) >= MOST_BYTES:
        return None
    return Picture(uri, uri, width, height)
