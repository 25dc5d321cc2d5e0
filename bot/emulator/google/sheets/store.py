"""Where spreadsheets are kept: bytes on the shelf, a few live ones in memory, every change all or nothing."""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from bot.emulator.google import access
from bot.emulator.google.sheets import edits
from bot.emulator.google.sheets.book import Book
from bot.emulator.google.sheets.engine import Calculator
from bot.emulator.google.sheets.packing import pack, unpack

if TYPE_CHECKING:
    from bot.emulator.google.gateway import Call
    from bot.emulator.shelf import Shelf
    from bot.emulator.workspace import Workspace

MOST_LIVE = 48
BLOBS = "spreadsheets"


@dataclass
class Live:
    """A book in memory with its calculator."""

    book: Book
    calculator: Calculator


@dataclass
class _Cache:
    epoch: int = -1
    live: OrderedDict[str, Live] = field(default_factory=OrderedDict)


_caches: WeakKeyDictionary[Shelf, _Cache] = WeakKeyDictionary()


def _cache(workspace: Workspace) -> _Cache:
    cache = _caches.setdefault(workspace.shelf, _Cache())
    if cache.epoch != workspace.shelf.epoch:
        cache.epoch = workspace.shelf.epoch
        cache.live.clear()
    return cache


def live(workspace: Workspace, file_id: str) -> Live:
    """The live spreadsheet; KeyError when the shelf has none of that id."""
    cache = _cache(workspace).live
    found = cache.get(file_id)
    if found is None:
        book = _unpacked(workspace.shelf.blobs(BLOBS)[file_id])
        found = _enlivened(workspace, file_id, book)
    cache.move_to_end(file_id)
    return found


def _enlivened(workspace: Workspace, file_id: str, book: Book) -> Live:
    """The book with a calculator, in memory from now on; whoever was there longest without a use goes."""
    cache = _cache(workspace).live
    found = cache[file_id] = Live(book, Calculator(book))
    while len(cache) > MOST_LIVE:
        oldest, _ = cache.popitem(last=False)
        workspace.shelf.blobs(BLOBS).pay(oldest)
    return found


def _unpacked(data: bytes) -> Book:
    """Thousands of small objects and no rubbish: the collector would only get in the way."""
    was = gc.isenabled()
    gc.disable()
    try:
        return unpack(data)
    finally:
        if was:
            gc.enable()


def save(workspace: Workspace, file_id: str, book: Book) -> None:
    """Keeps the book under that id; its bytes are made when they are needed."""
    workspace.shelf.blobs(BLOBS).owe(file_id, lambda: pack(book))
    known = _cache(workspace).live.get(file_id)
    if known is not None and known.book is not book:
        forget(workspace, file_id)


def forget(workspace: Workspace, file_id: str) -> None:
    """Drops the live book: the next reader gets what was last saved."""
    _cache(workspace).live.pop(file_id, None)


def reading(call: Call, file_id: str) -> Live:
    """The spreadsheet for a caller who may read it. Raises the service's 403, 404 or 400."""
    access.open_file(call, file_id, access.SHEET, "reader")
    return live(call.workspace, file_id)


@contextmanager
def changing(call: Call, file_id: str) -> Iterator[Live]:
    """The spreadsheet for a caller who may edit it; kept and marked modified at the end, untouched after an error."""
    access.open_file(call, file_id, access.SHEET, "writer")
    found = live(call.workspace, file_id)
    with atomic(call.workspace, file_id) as book:
        assert book is found.book
        yield found
        edits.record(call.workspace, call.caller, file_id, book)
    access.touch(call, file_id)


@contextmanager
def atomic(workspace: Workspace, file_id: str) -> Iterator[Book]:
    """The live book, saved at the end; an error leaves the saved state as it was."""
    book = live(workspace, file_id).book
    before = book.twin()
    book.journal.clear()
    try:
        yield book
        save(workspace, file_id, book)
    except BaseException:
        save(workspace, file_id, before)
        raise


def copy(workspace: Workspace, source_id: str, target_id: str) -> None:
    """The same spreadsheet under another id. KeyError when the shelf has none under the first."""
    book = live(workspace, source_id).book.twin()
    save(workspace, target_id, book)
    _enlivened(workspace, target_id, book)
