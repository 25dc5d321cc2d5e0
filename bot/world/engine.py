"""Durable work: a flow started under a key runs to its end once, across crashes. The only module that knows DBOS.

A flow is a function `(run, **args)` registered under a kind; its arguments and results are plain JSON. Steps are
at-least-once: each looks before it acts, or writes under a natural key. Flows must call their steps in the same order
each time.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID, WorkflowStatus

from bot.errors import OutsideError, SettingsError, UserError

log = structlog.get_logger(__name__)

Json = Any
Flow = Callable[..., Json]

APPLICATION_VERSION = "1"  # kept by hand: the default hash would strand pending work after every edit
_POLL_SECONDS, _LOOK_AGAIN_SECONDS = 0.02, 10.0
_MOST_DONE, _PAGE = 100_000, 500
_DONE = ("SUCCESS",)
_FAILED = ("ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")


class FlowFailed(OutsideError):
    """A flow ended with an error; the log holds its cause, under the flow's key."""

    def __init__(self, key: str, cause: str) -> None:
        super().__init__(cause)
        self.key = key


class Run:
    """What a flow may do durably: record steps, start and await child flows."""

    def __init__(self, engine: Engine, key: str) -> None:
        self._engine, self.key = engine, key

    def step(self, name: str, function: Callable[[], Json]) -> Json:
        """Run once and remember the JSON result; after a crash the remembered result is returned."""
        return DBOS.run_step({"name": name}, function)

    def start(self, kind: str, key: str, **args: Json) -> None:
        """Start a child flow; on a replay the one already started is found by its key."""
        self._engine.begin(kind, key, args)

    def ended(self, keys: Sequence[str]) -> list[str]:
        """Wait until one of these child flows at least has ended; which have. A replay is told the same."""
        told: list[str] = self.step("ended", lambda: self._engine.ended(keys))
        return told

    def results(self, keys: Iterable[str]) -> list[Json]:
        """Wait for child flows, in order; a failed one raises FlowFailed."""
        return [self._engine.result(key) for key in keys]


class Engine:
    """One per process. Register flows, launch, start them by key."""

    def __init__(self, state_dir: Path, database_url: str | None = None) -> None:
        self._flows: dict[str, Flow] = {}
        self._url = database_url or _sqlite_url(state_dir / "dbos.sqlite")
        self._launched = False
        self._running: dict[str, Future[Json]] = {}  # flows that this process started and is carrying out
        self._done: set[str] = set()  # keys whose end is final: the schedule asks for the same ones at each tick

    def register(self, kind: str, flow: Flow) -> None:
        """Name a flow; all flows are registered before launch, so that interrupted ones can go on."""
        self._flows[kind] = flow

    def launch(self) -> None:
        """Start working, beginning with whatever a crash interrupted."""
        global _current
        _check_sqlite()
        _current = self
        DBOS(config=self._config())
        logging.getLogger("dbos").addFilter(_is_not_told_already)
        DBOS.launch()
        self._launched = True

    def stop(self, patience_seconds: int = 10) -> None:
        """Let running flows finish for a moment, then stop; unfinished ones go on at the next launch."""
        global _current
        if self._launched:
            # the library's own patience sleeps a second before it looks, and lists nothing where an event loop runs
            with ThreadPoolExecutor(1) as beside:
                beside.submit(self.settle, patience_seconds).result()
            DBOS.destroy()
            self._launched, _current = False, None

    def start(self, kind: str, key: str, **args: Json) -> bool:
        """Start a flow unless its key is known already; tells whether this call started it."""
        if kind not in self._flows:
            raise KeyError(f"no flow is registered as {kind!r}")
        if DBOS.workflow_id is None and self.status(key) != "absent":
            return False  # inside a flow the start itself is recorded, and a known key is found again
        self.begin(kind, key, args)
        return True

    def begin(self, kind: str, key: str, args: dict[str, Json]) -> None:
        """Hand a flow to the library, and remember it while this process carries it out."""
        with SetWorkflowID(key):
            handle = DBOS.start_workflow(_perform, kind, key, args)
        future = getattr(handle, "future", None)  # there is none for a flow that is known already
        if future is not None:
            self._running[key] = future
            future.add_done_callback(lambda _ended: self._running.pop(key, None))

    def _pause(self, keys: Sequence[str], seconds: float) -> None:
        """Wait until one of these flows ends, at most so long; a moment where this process did not start them all."""
        running = [future for future in map(self._running.get, keys) if future is not None]
        if running and len(running) == len(keys):
            wait(running, max(seconds, 0), FIRST_COMPLETED)
        else:
            threading.Event().wait(_POLL_SECONDS)

    def status(self, key: str) -> str:
        """absent, running, done or failed."""
        if key in self._done and DBOS.workflow_id is None:  # a flow's own questions are recorded, and asked each time
            return "done"
        found = DBOS.list_workflows(workflow_ids=[key], load_input=False, load_output=False)
        if not found:
            return "absent"
        if found[0].status in _DONE:
            self._note_done(key)
            return "done"
        return "failed" if found[0].status in _FAILED else "running"

    def _note_done(self, key: str) -> None:
        if len(self._done) >= _MOST_DONE:
            self._done.clear()
        self._done.add(key)

    def result(self, key: str) -> Json:
        """Wait for a flow and return its JSON result; raises FlowFailed."""
        future = self._running.get(key)
        if future is not None:
            wait([future])
        try:
            return DBOS.retrieve_workflow(key, existing_workflow=False).get_result(polling_interval_sec=_POLL_SECONDS)
        except Exception as error:
            raise FlowFailed(key, str(error)) from error

    def wait(self, key: str, seconds: float) -> bool:
        """Wait until a flow has ended, well or not; False when the patience ended first."""
        deadline = time.monotonic() + seconds
        while self.status(key) == "running":
            if time.monotonic() > deadline:
                return False
            self._pause([key], deadline - time.monotonic())
        return True

    def ended(self, keys: Sequence[str]) -> list[str]:
        """Wait until one flow at least has ended, well or not; those that have, in the order asked."""
        while True:
            found = DBOS.list_workflows(workflow_ids=list(keys), load_input=False, load_output=False)
            over = {status.workflow_id for status in found if status.status in (*_DONE, *_FAILED)}
            if over:
                return [key for key in keys if key in over]
            self._pause(keys, _LOOK_AGAIN_SECONDS)

    def settle(self, seconds: float) -> bool:
        """Wait until nothing is running any more; False when the patience ended first."""
        deadline = time.monotonic() + seconds
        while DBOS.list_workflows(status=["PENDING", "ENQUEUED"], limit=1, load_input=False, load_output=False):
            if time.monotonic() > deadline:
                return False
            self._pause(list(self._running), deadline - time.monotonic())
        return True

    def forget(self, is_needed: Callable[[str, datetime], bool]) -> int:
        """Drop the records of ended flows that are not needed any more; asked with key and end, by the system's time.

        Returns how many were dropped. A flow that has not ended is never asked for, nor one that such a flow started.
        """
        dropped, place = 0, 0
        living = set(self._keys(("PENDING", "ENQUEUED")))
        while page := self._ended_ones(place):
            over = [key for key, parent, at in page if parent not in living and not is_needed(key, at)]
            if over:
                DBOS.delete_workflows(over)
                self._done.difference_update(over)
            dropped, place = dropped + len(over), place + len(page) - len(over)
        return dropped

    def _keys(self, states: Sequence[str]) -> list[str]:
        found = DBOS.list_workflows(status=list(states), load_input=False, load_output=False)
        return [one.workflow_id for one in found]

    def _ended_ones(self, place: int) -> list[tuple[str, str | None, datetime]]:
        """A page of ended flows, oldest first: key, who started it, and when it ended."""
        found = DBOS.list_workflows(
            status=[*_DONE, *_FAILED], offset=place, limit=_PAGE, load_input=False, load_output=False
        )
        return [(one.workflow_id, one.parent_workflow_id, _ended_at(one)) for one in found]

    def run(self, kind: str, key: str, args: dict[str, Json]) -> Json:
        """Carry a flow out; called by the durable workflow only."""
        try:
            return self._flows[kind](Run(self, key), **args)
        except UserError as refusal:
            log.warning("a flow was refused", kind=kind, key=key, why=str(refusal))
            raise
        except Exception:
            log.exception("a flow failed", kind=kind, key=key)
            raise

    def _config(self) -> DBOSConfig:
        return {
            "name": "implbot",
            "system_database_url": self._url,
            "application_version": APPLICATION_VERSION,
            "executor_id": "local",
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "ERROR",
            "notification_listener_polling_interval_sec": _POLL_SECONDS,
        }


def _ended_at(flow: WorkflowStatus) -> datetime:
    moment = flow.completed_at or flow.updated_at or flow.created_at or 0
    return datetime.fromtimestamp(moment / 1000, UTC)


def _is_not_told_already(record: logging.LogRecord) -> bool:
    """A flow's own error is logged here, with its key; the library would print it a second time."""
    return not str(record.msg).startswith("Exception encountered in background workflow")


_current: Engine | None = None


@DBOS.workflow(name="perform")
def _perform(kind: str, key: str, args: dict[str, Json]) -> Json:
    if _current is None:
        raise RuntimeError("the engine is not launched")
    return _current.run(kind, key, args)


def _sqlite_url(path: Path) -> str:
    """A file of its own, in WAL mode before its first use: sharing one file with the store stalls under load."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    os.chmod(path, 0o600)
    return f"sqlite:///{path}"


def _check_sqlite() -> None:
    if sys.version_info >= (3, 12) and sqlite3.sqlite_version_info < (3, 42):
        raise SettingsError(
            f"This Python brings SQLite {sqlite3.sqlite_version}; on Python 3.12 or newer implbot needs SQLite 3.42 "
            "or newer. Use another Python build, or set IMPLBOT_DATABASE_URL to a PostgreSQL database."
        )
