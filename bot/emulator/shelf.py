"""Where the workspace keeps what it holds: JSON rows in memory and large values in SQLite, in a file or without one."""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS rows (collection TEXT, key TEXT, value TEXT, place INTEGER, PRIMARY KEY (collection, key));
CREATE TABLE IF NOT EXISTS blobs (name TEXT, key TEXT, value BLOB, PRIMARY KEY (name, key));
"""
COUNTERS = "_counters"


class Collection(MutableMapping[str, dict[str, Any]]):
    """Rows by key, in the order they came. Rows are live: after changing one in place call `save(key)`."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Any]] = {}
        self.changed: dict[str, None] = {}

    def __getitem__(self, key: str) -> dict[str, Any]:
        return self._rows[key]

    def __setitem__(self, key: str, row: dict[str, Any]) -> None:
        self._rows[key] = row
        self.changed[key] = None

    def __delitem__(self, key: str) -> None:
        del self._rows[key]
        self.changed[key] = None

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def save(self, key: str) -> None:
        """Keep a row that was changed in place; KeyError when there is none."""
        self[key] = self._rows[key]

    def load(self, rows: dict[str, dict[str, Any]]) -> None:
        """Take over stored rows; whoever holds this collection sees them."""
        self._rows = rows
        self.changed = {}


Owed = dict[tuple[str, str], Callable[[], bytes]]


class Blobs(MutableMapping[str, bytes]):
    """Large values, compressed, kept in SQLite only; one that is owed is made when somebody needs it."""

    def __init__(self, connection: sqlite3.Connection, name: str, owed: Owed) -> None:
        self._connection, self._name, self._owed = connection, name, owed

    def owe(self, key: str, make: Callable[[], bytes]) -> None:
        """Keep what `make` gives. It is asked once: when the value is read, or written to a file or a snapshot."""
        self._owed[self._name, key] = make

    def pay(self, key: str) -> None:
        """Make a value that is owed."""
        make = self._owed.pop((self._name, key), None)
        if make is not None:
            self[key] = make()

    def _pay_all(self) -> None:
        for key in [key for name, key in self._owed if name == self._name]:
            self.pay(key)

    def __getitem__(self, key: str) -> bytes:
        self.pay(key)
        found = self._connection.execute(
            "SELECT value FROM blobs WHERE name = ? AND key = ?", (self._name, key)
        ).fetchone()
        if found is None:
            raise KeyError(key)
        return zlib.decompress(found[0])

    def __setitem__(self, key: str, value: bytes) -> None:
        self._owed.pop((self._name, key), None)
        row = (self._name, key, zlib.compress(value, 1))
        self._connection.execute("INSERT OR REPLACE INTO blobs VALUES (?, ?, ?)", row)

    def __delitem__(self, key: str) -> None:
        was_owed = self._owed.pop((self._name, key), None) is not None
        done = self._connection.execute("DELETE FROM blobs WHERE name = ? AND key = ?", (self._name, key))
        if not done.rowcount and not was_owed:
            raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        self._pay_all()
        found = self._connection.execute("SELECT key FROM blobs WHERE name = ? ORDER BY key", (self._name,))
        return iter([key for (key,) in found.fetchall()])

    def __len__(self) -> int:
        self._pay_all()
        found = self._connection.execute("SELECT count(*) FROM blobs WHERE name = ?", (self._name,)).fetchone()
        return int(found[0])


class Shelf:
    """All collections, blobs and counters of one workspace.

    `epoch` rises whenever everything was replaced at once (clear, restore), so that a cache of live models knows that
    it is stale.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._durable = path is not None
        if path is not None:
            _make_private(path)
        self._connection = sqlite3.connect(str(path) if path else ":memory:", check_same_thread=False)
        if path is not None:
            self._connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
        self._connection.executescript(TABLES)
        self._collections: dict[str, Collection] = {}
        self._owed: Owed = {}
        self._place = 0
        self.epoch = 0
        self._load()

    def collection(self, name: str) -> Collection:
        """The collection of that name, always the same object."""
        return self._collections.setdefault(name, Collection())

    def blobs(self, name: str) -> Blobs:
        """The large values of that name."""
        return Blobs(self._connection, name, self._owed)

    def counter(self, name: str) -> int:
        """The next number of a series: 1, 2, 3 …"""
        counters = self.collection(COUNTERS)
        row = counters.setdefault(name, {"value": 0})
        row["value"] += 1
        counters.save(name)
        return int(row["value"])

    def flush(self) -> None:
        """Write every changed row in one transaction; cheap when nothing changed or nothing is to be kept."""
        if self._durable:
            self._write()

    def clear(self) -> None:
        """Forget everything."""
        self._owed.clear()
        self._connection.executescript("DELETE FROM rows; DELETE FROM blobs;")
        self._load()
        self.epoch += 1

    def snapshot(self) -> bytes:
        """Everything as bytes that `restore` reads."""
        self._write()
        data = bytearray(self._connection.serialize())
        data[18:20] = b"\x01\x01"  # a write-ahead log cannot be opened in memory: mark it as a plain database
        return bytes(data)

    def restore(self, data: bytes) -> None:
        """Bring back a snapshot in place of everything."""
        self._owed.clear()
        self._connection.commit()
        source = sqlite3.connect(":memory:")
        try:
            source.deserialize(data)
            source.backup(self._connection)
        finally:
            source.close()
        self._load()
        self.epoch += 1

    def close(self) -> None:
        """Write what is left and let go of the file."""
        self.flush()
        self._connection.close()

    def _write(self) -> None:
        for name, key in list(self._owed):
            self.blobs(name).pay(key)
        for name, collection in list(self._collections.items()):
            for key in collection.changed:
                self._write_row(name, key, collection)
            collection.changed = {}
        self._connection.commit()

    def _write_row(self, name: str, key: str, collection: Collection) -> None:
        if key not in collection:
            self._connection.execute("DELETE FROM rows WHERE collection = ? AND key = ?", (name, key))
            return
        self._place += 1
        self._connection.execute(
            "INSERT INTO rows VALUES (?, ?, ?, ?) ON CONFLICT (collection, key) DO UPDATE SET value = excluded.value",
            (name, key, json.dumps(collection[key]), self._place),
        )

    def _load(self) -> None:
        rows: dict[str, dict[str, dict[str, Any]]] = {}
        stored = self._connection.execute("SELECT collection, key, value, place FROM rows ORDER BY place")
        for name, key, value, self._place in stored:
            rows.setdefault(name, {})[key] = json.loads(value)
        for name in {*rows, *self._collections}:
            self.collection(name).load(rows.get(name, {}))


def _make_private(path: Path) -> None:
    """Create the file readable by its owner only, before SQLite would make it readable by everybody."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)
