"""Batch endpoints: multipart/mixed of HTTP requests, answered in one multipart/mixed reply."""

from __future__ import annotations

import secrets
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.responses import Response

from bot.emulator.google.documents import FAMILIES, document, find
from bot.emulator.google.errors import GoogleError
from bot.emulator.google.wire import Incoming, Outgoing

if TYPE_CHECKING:
    from bot.emulator.google.exchange import Door

LIMIT = 100


async def answer(door: Door, incoming: Incoming) -> Outgoing | Response:
    """Runs every inner call in turn (each counted, logged and fault-ruled by itself) and packs the answers.

    A fault that cuts the connection on an inner call cuts the whole batch.
    """
    from bot.emulator.google.exchange import NOT_FOUND_PAGE, html, refusal

    if incoming.path.strip("/") not in {document(family).raw["batchPath"].strip("/") for family in FAMILIES}:
        return html(404, NOT_FOUND_PAGE)
    parts = _parts(incoming)
    if not parts:
        return refusal(GoogleError(400, "Failed to parse batch request, no parts found.", "badRequest"), "drive")
    if len(parts) > LIMIT:
        text = f"The batch request contains too many calls; at most {LIMIT} are allowed."
        return refusal(GoogleError(400, text, "batchSizeTooLarge"), "drive")
    boundary = f"batch_{secrets.token_urlsafe(24)}"
    chunks = []
    for part in parts:
        one = await _inner(door, incoming, part)
        if isinstance(one, Response):
            return one
        chunks.append(_packed(part, one, boundary))
    body = b"".join(chunks) + f"--{boundary}--\r\n".encode()
    return Outgoing(200, body, f"multipart/mixed; boundary={boundary}")


def _parts(incoming: Incoming) -> list[Message]:
    head = b"Content-Type: " + incoming.headers.get("content-type", "").encode("latin-1") + b"\r\n\r\n"
    message = BytesParser(policy=HTTP).parsebytes(head + incoming.body)
    return list(message.iter_parts()) if message.is_multipart() else []


async def _inner(door: Door, outer: Incoming, part: Message) -> Outgoing | Response:
    from bot.emulator.google.exchange import NOT_FOUND_PAGE, exchange, html, observed

    request = _request(outer, part)
    found = find(request.verb, request.path) if request else None
    if request is None or found is None or found.upload:
        return html(404, NOT_FOUND_PAGE)
    done = await observed(door, request, found.method.id, lambda: exchange(door, request, found))
    if isinstance(done, Response) and done.status_code:
        return Outgoing(done.status_code, bytes(done.body), done.media_type or "text/html", dict(done.headers))
    return done


def _request(outer: Incoming, part: Message) -> Incoming | None:
    """The inner request; without an Authorization of its own it takes the outer one."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return None
    line, _, rest = payload.lstrip().replace(b"\r\n", b"\n").partition(b"\n")
    head, _, body = rest.partition(b"\n\n")
    words = line.decode("latin-1").split(" ")
    if len(words) < 2:
        return None
    headers = {}
    for entry in head.decode("latin-1").splitlines():
        name, _, value = entry.partition(":")
        headers[name.strip().lower()] = value.strip()
    headers.setdefault("authorization", outer.headers.get("authorization", ""))
    path, _, query = words[1].partition("?")
    path = "/" + path.split("://", 1)[-1].split("/", 1)[-1].lstrip("/") if "://" in path else path
    return Incoming(words[0], path, parse_qsl(query, keep_blank_values=True), headers, body.rstrip(b"\n"), len(payload))


def _packed(part: Message, answer: Outgoing, boundary: str) -> bytes:
    identity = str(part.get("Content-ID", "")).strip()
    reply = f"<response-{identity[1:-1]}>" if identity.startswith("<") else f"response-{identity}"
    phrase = HTTPStatus(answer.status).phrase
    head = f"--{boundary}\r\nContent-Type: application/http\r\n"
    head += f"Content-ID: {reply}\r\n\r\n" if identity else "\r\n"
    head += f"HTTP/1.1 {answer.status} {phrase}\r\n"
    for name, value in answer.headers.items():
        head += f"{name}: {value}\r\n"
    head += f"Content-Type: {answer.media_type}\r\nContent-Length: {len(answer.body)}\r\n\r\n"
    return head.encode() + answer.body + b"\r\n"
