"""For the whole suite: every successful exchange with the emulated Google APIs is judged, and counted by method."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from bot.emulator.log import Log
from tests.judge import discovery

JUDGED: Counter[str] = Counter()
VIOLATIONS: Counter[str] = Counter()
GOOGLE = ("drive.", "sheets.", "docs.")

_exchange = Log.exchange


def _judging(log: Log, method: str, url: str, body: bytes, status: int, answer: bytes) -> None:
    """Stands before the log's own handing over: the workspace in this process is watched whoever made it."""
    if method.startswith(GOOGLE) and 200 <= status < 300:
        JUDGED[method] += 1
        VIOLATIONS.update(discovery.violations(method, url, body, answer))
    _exchange(log, method, url, body, status, answer)


def pytest_configure() -> None:
    """Watch every workspace that this process serves."""
    Log.exchange = _judging  # type: ignore[method-assign]  # the one seam that sees all traffic


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
