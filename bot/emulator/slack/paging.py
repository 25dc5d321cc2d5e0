"""Cursors: opaque to the caller, they name the first item of the next page."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.gateway import SlackCall

Item = TypeVar("Item")


def encode(kind: str, key: str) -> str:
    """The cursor that stands for an item, e.g. kind "user" and its id."""
    return base64.b64encode(f"{kind}:{key}".encode()).decode()


def decode(kind: str, cursor: str) -> str:
    """The item a cursor names; raises invalid_cursor for anything this method did not hand out."""
    try:
        found, _, key = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise SlackError("invalid_cursor") from None
    if found != kind or not key:
        raise SlackError("invalid_cursor")
    return key


def limit(call: SlackCall, default: int, most: int = 1000) -> int:
    """The argument `limit`; 0 means the default, more than `most` or less than nothing is invalid_limit."""
    asked = call.number("limit", default)
    if asked < 0 or asked > most:
        raise SlackError("invalid_limit")
    return asked or default


def page(
    call: SlackCall, kind: str, items: Sequence[Item], key: Callable[[Item], str], default: int = 100
) -> tuple[list[Item], str]:
    """The page the call asks for and the next cursor ("" at the end)."""
    size = limit(call, default)
    start = 0
    cursor = call.text("cursor")
    if cursor:
        wanted = decode(kind, cursor)
        start = next((index for index, item in enumerate(items) if key(item) == wanted), -1)
        if start < 0:
            raise SlackError("invalid_cursor")
    rest = items[start + size :]
    return list(items[start : start + size]), encode(kind, key(rest[0])) if rest else ""
