"""The bot as a process that can be killed, beside a workspace that stays."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import app, embedded
from bot.demo.stage import Stage
from bot.manifest import manifest
from bot.settings import Settings
from tests.company import company
from tests.walks.conftest import Walk

__all__ = ["company"]


class Bot:
    """`implbot run` against one workspace; every start is a new process on the same state folder."""

    def __init__(self, settings: Settings) -> None:
        self._environment = {**os.environ, **variables(settings)}
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start, and wait until it says that it is at work."""
        command = [sys.executable, "-m", "bot", "run"]
        self._process = subprocess.Popen(command, env=self._environment, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert "at work" in self._process.stdout.readline()

    def kill(self) -> None:
        """kill -9."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it, if it still runs."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.stdout is not None:
            self._process.send_signal(number)
            self._process.wait(timeout=30)
            self._process.stdout.close()


def variables(settings: Settings) -> dict[str, str]:
    """The settings as the environment of another process."""
    given = settings.model_dump(exclude_defaults=True)
    plain = {name: getattr(value, "get_secret_value", lambda value=value: value)() for name, value in given.items()}
    return {f"IMPLBOT_{name.upper()}": str(value) for name, value in plain.items()}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[tuple[Bot, Walk]]:
    """A workspace process of its own with everything prepared, and a bot that is not started yet."""
    described = tmp_path / "manifest.json"
    described.write_text(json.dumps(manifest(app.LISTENERS)))
    command = [sys.executable, "-m", "bot.emulator", "--manifest", str(described), "--limits", "off"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        workspace = embedded.Workspace(json.loads(process.stdout.readline()))
        settings = embedded.prepared(Settings(state_dir=tmp_path / "state", _env_file=None), workspace)
        people = workspace.control("GET", "people")["people"]
        ids = {row["email"]: row["id"] for row in people}
        bot = Bot(settings)
        try:
            yield bot, Walk(Stage(workspace, lambda _line: None), None, ids)  # type: ignore[arg-type]  # no world in this process
        finally:
            bot.stop()
            process.terminate()
