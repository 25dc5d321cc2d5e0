"""The pictures that profile objects point to: plain colour squares, drawn here, so that nothing comes from outside."""

from __future__ import annotations

import hashlib
import re
import struct
import zlib

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

NAME = re.compile(r"(?P<who>\w+)_(?P<size>\d{1,4})\.png")
LARGEST = 512


def routes() -> list[Route]:
    """`GET /avatars/{id}_{size}.png` of people and `GET /icons/{name}_{size}.png` of bots and teams."""
    return [Route("/avatars/{name}", _picture), Route("/icons/{name}", _picture)]


async def _picture(request: Request) -> Response:
    found = NAME.fullmatch(request.path_params["name"])
    if found is None or not 0 < int(found["size"]) <= LARGEST:
        return PlainTextResponse("not found", 404)
    color = hashlib.sha256(found["who"].encode()).digest()[:3]
    return Response(square(int(found["size"]), color), media_type="image/png")


def square(size: int, color: bytes) -> bytes:
    """A PNG of one colour (three bytes: red, green, blue)."""
    lines = (b"\0" + color * size) * size
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(lines, 9)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
