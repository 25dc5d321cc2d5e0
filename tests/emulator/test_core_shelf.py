"""The shelf keeps rows and large values, in memory or in a file, and brings snapshots back."""

from __future__ import annotations

import stat
import time
from pathlib import Path

import pytest

from bot.emulator.shelf import Shelf


@pytest.fixture(params=["memory", "file"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    """A shelf of either kind."""
    return Shelf(tmp_path / "workspace.sqlite" if request.param == "file" else None)


def test_rows_are_live_and_saved_when_told(tmp_path: Path) -> None:
    """A row changed in place and saved is there after a restart; a deleted one is not."""
    shelf = Shelf(tmp_path / "workspace.sqlite")
    files = shelf.collection("files")
    files["b"], files["a"], files["c"] = {"n": 1}, {"n": 2}, {"n": 3}
    shelf.flush()
    files["b"]["n"] = 9
    files.save("b")
    del files["c"]
    shelf.close()
    again = Shelf(tmp_path / "workspace.sqlite").collection("files")
    assert dict(again) == {"b": {"n": 9}, "a": {"n": 2}}
    assert list(again) == ["b", "a"]


def test_what_was_not_flushed_is_lost_with_the_process(tmp_path: Path) -> None:
    """Rows reach the file in one transaction per flush; what came after the last one does not."""
    shelf = Shelf(tmp_path / "workspace.sqlite")
    shelf.collection("files")["a"] = {}
    shelf.flush()
    shelf.collection("files")["b"] = {}
    assert list(Shelf(tmp_path / "workspace.sqlite").collection("files")) == ["a"]


def test_blobs(shelf: Shelf) -> None:
    """Large values come back as they were, and a missing one is a KeyError."""
    blobs = shelf.blobs("documents")
    blobs["a"] = b"x" * 100_000
    blobs["b"] = b""
    assert (blobs["a"], blobs["b"], list(blobs), len(blobs)) == (b"x" * 100_000, b"", ["a", "b"], 2)
    assert list(shelf.blobs("others")) == []
    del blobs["a"]
    with pytest.raises(KeyError):
        blobs["a"]
    with pytest.raises(KeyError):
        del blobs["a"]


def test_what_is_owed_is_made_once_when_it_is_needed(shelf: Shelf) -> None:
    """Read, listed or kept, it is there as if it had been written; what was replaced or forgotten is never made."""
    made: list[str] = []
    blobs = shelf.blobs("documents")

    def owe(name: str) -> None:
        blobs.owe(name, lambda: (made.append(name), name.encode())[1])

    owe("a")
    assert made == []
    assert (blobs["a"], blobs["a"], made) == (b"a", b"a", ["a"])
    owe("b")
    assert (list(blobs), len(blobs), made) == (["a", "b"], 2, ["a", "b"])
    owe("c")
    kept = shelf.snapshot()
    blobs["c"] = b"later"
    owe("d")
    shelf.restore(kept)
    assert ({key: blobs[key] for key in blobs}, made) == ({"a": b"a", "b": b"b", "c": b"c"}, ["a", "b", "c"])
    owe("e")
    del blobs["e"]
    shelf.clear()
    assert (list(blobs), made) == ([], ["a", "b", "c"])


def test_counters_rise(shelf: Shelf) -> None:
    """Each series counts for itself, from 1."""
    assert [shelf.counter("a"), shelf.counter("a"), shelf.counter("b")] == [1, 2, 1]


def test_a_snapshot_brings_everything_back(shelf: Shelf) -> None:
    """Rows, blobs and counters are as they were; collections that somebody holds show it; the epoch rises."""
    held = shelf.collection("files")
    held["a"] = {"list": [1]}
    shelf.blobs("documents")["a"] = b"one"
    shelf.counter("n")
    kept, epoch = shelf.snapshot(), shelf.epoch
    held["a"]["list"].append(2)
    held["b"] = {}
    shelf.blobs("documents")["a"] = b"two"
    shelf.counter("n")
    shelf.restore(kept)
    assert dict(held) == {"a": {"list": [1]}}
    assert shelf.blobs("documents")["a"] == b"one"
    assert shelf.counter("n") == 2
    assert shelf.epoch > epoch


def test_a_restored_file_survives_a_restart(tmp_path: Path) -> None:
    """What was restored is what the file holds."""
    shelf = Shelf(tmp_path / "workspace.sqlite")
    shelf.collection("files")["a"] = {}
    kept = shelf.snapshot()
    shelf.collection("files")["b"] = {}
    shelf.flush()
    shelf.restore(kept)
    shelf.close()
    assert list(Shelf(tmp_path / "workspace.sqlite").collection("files")) == ["a"]


def test_clear_forgets_everything(shelf: Shelf) -> None:
    """Rows, blobs and counters are gone."""
    held = shelf.collection("files")
    held["a"] = {}
    shelf.blobs("documents")["a"] = b"x"
    shelf.counter("n")
    shelf.clear()
    assert (dict(held), list(shelf.blobs("documents")), shelf.counter("n")) == ({}, [], 1)


def test_the_file_is_private(tmp_path: Path) -> None:
    """Only its owner may read the workspace's file."""
    Shelf(tmp_path / "state" / "workspace.sqlite").flush()
    assert stat.S_IMODE((tmp_path / "state" / "workspace.sqlite").stat().st_mode) == 0o600


def test_restoring_a_small_state_takes_milliseconds() -> None:
    """A hundred rows and a few documents come back well under a tenth of a second."""
    shelf = Shelf()
    for n in range(100):
        shelf.collection("files")[str(n)] = {"name": "x" * 200}
    shelf.blobs("documents")["a"] = b"x" * 30_000
    kept = shelf.snapshot()
    began = time.perf_counter()
    shelf.restore(kept)
    assert time.perf_counter() - began < 0.1
