"""A whole `batchUpdate` on a copy of the document: all requests in order, or none."""

from __future__ import annotations

from typing import Any

from bot.emulator.google import errors
from bot.emulator.google.docs import kinds
from bot.emulator.google.docs.edit import KINDS, Edit, Fetch
from bot.emulator.google.docs.model import Document
from bot.emulator.google.docs.refusal import NotBuiltError, RefusalError

assert kinds  # importing the package registers the kinds
METHOD = "docs.documents.batchUpdate"


def apply(document: Document, requests: list[dict[str, Any]], fetch: Fetch) -> tuple[Document, list[dict[str, Any]]]:
    """The document after the requests, and their replies, one for each.

    Raises GoogleError 400 with the index and kind of the first bad request, 501 for a kind that is not supported; the
    document given stays as it was.
    """
    if not requests:
        raise errors.bad_request("Must specify at least one request.")
    edit = Edit(document.copy(), fetch)
    replies = [_apply_one(edit, number, request) for number, request in enumerate(requests)]
    edit.document.revision += 1
    return edit.document, replies


def _apply_one(edit: Edit, number: int, request: dict[str, Any]) -> dict[str, Any]:
    name = _kind_of(number, request)
    handler = KINDS.get(name)
    if handler is None:
        raise errors.unimplemented(METHOD, name)
    try:
        reply = handler(edit, request[name])
    except RefusalError as refusal:
        raise errors.bad_request(f"Invalid requests[{number}].{name}: {refusal}") from refusal
    except NotBuiltError as missing:
        raise errors.unimplemented(METHOD, str(missing)) from missing
    return {} if reply is None else {name: reply}


def _kind_of(number: int, request: dict[str, Any]) -> str:
    if not request:
        raise errors.bad_request(f"Invalid requests[{number}]: No request set.")
    first, *others = request
    if others:
        place = f"Invalid value at 'requests[{number}]' (oneof)"
        raise errors.bad_request(f"{place}, oneof field 'request' is already set. Cannot set '{others[0]}'")
    return first
