"""The one door of the Google side: finds the method, checks the request, calls its handler, prints the answer.

Handlers are plain sync functions registered with `@method("sheets.spreadsheets.values.get")` in any module of
`google/drive`, `google/sheets` or `google/docs`; those modules are imported when the routes are made.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.emulator.google.documents import FAMILIES, Method
from bot.emulator.google.errors import unimplemented

if TYPE_CHECKING:
    from starlette.routing import Route

    from bot.emulator.workspace import Workspace


@dataclass
class Call:
    """One checked call. `params` holds path and query parameters by their discovery names; `body` is {} when none.

    `project` is the OAuth project that the caller's token belongs to: Drive's `appProperties` are private to it. `mask`
    is the parsed `fields` ({}: everything), for handlers that save themselves work; the gateway applies it in any case.
    """

    workspace: Workspace
    caller: str
    method: str
    params: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    media: bytes | None = None
    media_type: str | None = None
    project: str = ""
    scopes: frozenset[str] = frozenset()
    mask: dict[str, Any] = field(default_factory=dict)

    @property
    def family(self) -> str:
        """ "drive", "sheets" or "docs"."""
        return self.method.split(".", 1)[0]


@dataclass(frozen=True)
class Download:
    """Bytes that a handler answers instead of JSON (`alt=media`, export)."""

    content: bytes
    media_type: str
    headers: dict[str, str] = field(default_factory=dict)


Answer = dict[str, Any] | Download | None
Handler = Callable[[Call], Answer]


@dataclass(frozen=True)
class Registered:
    """A handler with what the coverage table says of it."""

    handler: Handler
    state: str
    notes: str
    test: str


HANDLERS: dict[str, Registered] = {}


def method(name: str, *, notes: str = "", partial: bool = False, test: str = "") -> Callable[[Handler], Handler]:
    """Registers the handler of one discovery method. `notes`, `partial` and `test` go to the coverage table.

    A handler returns the full resource (the gateway applies `fields` and Drive's small default projections), a
    `Download`, or None for an empty 204.
    """

    def register(handler: Handler) -> Handler:
        HANDLERS[name] = Registered(handler, "partial" if partial else "supported", notes, test)
        return handler

    return register


@cache
def load_handlers() -> None:
    """Imports every module of the three family packages, so that their `@method` lines have run."""
    for family in FAMILIES:
        package = importlib.import_module(f"bot.emulator.google.{family}")
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")


def invoke(
    workspace: Workspace, caller: str, name: str, params: dict[str, Any], body: dict[str, Any] | None = None
) -> Any:
    """Calls a handler in process as `caller` (for the page and the control API). Raises GoogleError."""
    load_handlers()
    return HANDLERS[name].handler(Call(workspace, caller, name, params, body or {}))


def run(found: Method, call: Call) -> Answer:
    """Runs the handler of `found`; a method without one is refused by its name."""
    registered = HANDLERS.get(found.id)
    if registered is None:
        raise unimplemented(found.id)
    return registered.handler(call)


def routes(workspace: Workspace) -> list[Route]:
    """The Starlette routes of Google's paths; the server mounts them before its catch-all."""
    from bot.emulator.google.exchange import routes as made

    load_handlers()
    return made(workspace)
