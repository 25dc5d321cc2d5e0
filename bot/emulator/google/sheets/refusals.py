"""Where in a batch a refusal belongs: `Invalid requests[2].addTable: …`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.emulator.google.errors import GoogleError


@contextmanager
def numbered(name: str, number: int, kind: str = "") -> Iterator[None]:
    """Puts `Invalid data[2]: ` in front of a 400 or 404 raised inside."""
    try:
        yield
    except GoogleError as error:
        if error.status in (400, 404):
            error.message = f"Invalid {name}[{number}]{'.' + kind if kind else ''}: {error.message}"
            error.args = (error.message,)
        raise
