"""insertInlineImage: pictures of the workspace's own files, since nothing else is in reach of it."""

from __future__ import annotations

from typing import Any

from bot.emulator.google.docs.defaults import points
from bot.emulator.google.docs.edit import Edit, Picture, Reply, kind
from bot.emulator.google.docs.places import insertion
from bot.emulator.google.docs.refusal import RefusalError
from bot.emulator.google.docs.styling import tidy

LONGEST_URI = 2048
_POINTS_PER_PIXEL = 0.75
UNREACHABLE = (
    "There was a problem retrieving the image. The provided image should be publicly accessible, "
    "within size limit, and in supported formats."
)


@kind("insertInlineImage")
def insert_inline_image(edit: Edit, request: dict[str, Any]) -> Reply:
    uri = request.get("uri", "")
    if not uri or len(uri.encode()) > LONGEST_URI:
        raise RefusalError("The image URI must be specified and be at most 2 kB in length.")
    segment_id, index = insertion(edit.document, request)
    if edit.document.segments[segment_id].kind == "footnote":
        raise RefusalError("Inline images cannot be inserted inside a footnote.")
    picture = edit.fetch(uri)
    if picture is None:
        raise RefusalError(UNREACHABLE)
    key = edit.document.new_id()
    edit.document.inline_objects[key] = _embedded(picture, request.get("objectSize", {}))
    edit.insert_element(segment_id, index, {"inlineObjectElement": {"inlineObjectId": key}})
    return {"objectId": key}


def _embedded(picture: Picture, wanted: dict[str, Any]) -> dict[str, Any]:
    width, height = _size(picture, tidy(wanted))
    margins = {f"margin{side}": points(9) for side in ("Top", "Bottom", "Right", "Left")}
    image = {"contentUri": picture.content_uri, "sourceUri": picture.uri, "cropProperties": {}}
    size = {"height": points(height), "width": points(width)}
    return {"inlineObjectProperties": {"embeddedObject": {"imageProperties": image, "size": size, **margins}}}


def _size(picture: Picture, wanted: dict[str, Any]) -> tuple[float, float]:
    """Width and height in points: natural, or scaled to what was asked while keeping the proportions."""
    width, height = picture.width * _POINTS_PER_PIXEL, picture.height * _POINTS_PER_PIXEL
    limits = [(wanted.get("width", {}).get("magnitude"), width), (wanted.get("height", {}).get("magnitude"), height)]
    scale = min((limit / natural for limit, natural in limits if limit), default=1.0)
    return width * scale, height * scale
