"""For the whole suite: every successful exchange with the emulated Google APIs is judged, and counted by method."""

from __future__ import annotations

import gc
import os
import shutil
from collections import Counter
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest
import structlog
from google.auth.crypt import RSASigner
from hypothesis import settings

from bot.emulator.google.sheets import store as spreadsheets
from bot.emulator.log import Log
from tests import tiers
from tests.judge import discovery

JUDGED: Counter[str] = Counter()
VIOLATIONS: Counter[str] = Counter()
GOOGLE = ("drive.", "sheets.", "docs.")
MEMORY, ENOUGH = Path("/dev/shm"), 2**30  # a folder in memory, used where it has room for a GiB

_exchange = Log.exchange
settings.register_profile("patient", deadline=None)  # the time of an example is the machine's, not the rule's
settings.load_profile("patient")


def _judging(log: Log, method: str, url: str, body: bytes, status: int, answer: bytes) -> None:
    """Stands before the log's own handing over: the workspace in this process is watched whoever made it."""
    if method.startswith(GOOGLE) and 200 <= status < 300:
        JUDGED[method] += 1
        VIOLATIONS.update(discovery.violations(method, url, body, answer))
    _exchange(log, method, url, body, status, answer)


def pytest_configure(config: pytest.Config) -> None:
    """Watch every workspace that this process serves, log plainly, and keep the tests' databases in memory."""
    config.option.loadscopereorder = False  # files with most tests first would begin the longest ones last
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each of a hundred processes compiles half the bot anew
    Log.exchange = _judging  # type: ignore[method-assign]  # the one seam that sees all traffic
    # Checking a key takes 40 ms, and every world of a run has the same.
    RSASigner.from_string = cache(RSASigner.from_string)  # type: ignore[method-assign]
    # Reading a template takes 80 ms, and the workspaces of a run have the same.
    read = lru_cache(8)(spreadsheets.unpack)
    spreadsheets.unpack = lambda data: read(data).twin()
    gc.set_threshold(100_000, 20, 20)  # a book is thousands of small things, and all of them stay
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], plain])  # a drawn one takes seconds
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))  # where pytest makes its folders


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long, so that all cores end at about the same time."""
    items.sort(key=lambda item: tiers.turn(item.nodeid))


def pytest_collection_finish() -> None:
    """Modules and collected tests stay to the end: the garbage collector need not look at them again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands its counts to the main process; a violation anywhere fails the run."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["judged"], output["violations"] = dict(JUDGED), dict(VIOLATIONS)
    if VIOLATIONS and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Gather what a worker counted."""
    JUDGED.update(node.workeroutput.get("judged", {}))
    VIOLATIONS.update(node.workeroutput.get("violations", {}))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print exchanges per method, and each kind of violation."""
    if JUDGED:
        total = sum(JUDGED.values())
        terminalreporter.section("exchanges judged by the discovery documents")
        terminalreporter.write_line(", ".join(f"{name} {count}" for name, count in sorted(JUDGED.items())))
        terminalreporter.write_line(f"{total} exchanges, {sum(VIOLATIONS.values())} violations")
    for sentence, count in VIOLATIONS.most_common(20):
        terminalreporter.write_line(f"violation ({count}): {sentence}", red=True)
    if figures := _figures(terminalreporter):
        terminalreporter.section("what the large tests came to")
        for line in figures:
            terminalreporter.write_line(line)


def _figures(terminalreporter: Any) -> list[str]:
    """What tests told with `record_property("figure", …)`, in their order."""
    reports = [*terminalreporter.stats.get("passed", ()), *terminalreporter.stats.get("failed", ())]
    told = [(report.nodeid, value) for report in reports for name, value in report.user_properties if name == "figure"]
    return [f"{nodeid.split('::')[-1]}: {value}" for nodeid, value in sorted(told)]
