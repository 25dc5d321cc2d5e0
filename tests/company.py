"""What a company prepares once before its bot starts: drive, channels and templates, as a snapshot to begin from."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import app, embedded
from bot.emulator.__main__ import announcement
from bot.emulator.google.auth import key_file
from bot.emulator.server import serve
from bot.emulator.workspace import EmulatorSettings, Secrets
from bot.emulator.workspace import Workspace as Emulated
from bot.manifest import manifest
from bot.settings import Settings

SETTINGS = EmulatorSettings(limits=False, manifest=manifest(app.LISTENERS))


@dataclass(frozen=True)
class Prepared:
    """A workspace with drive, channels and templates, as bytes, the secrets it opens with, and an idle bot's state."""

    snapshot: bytes
    secrets: Secrets
    state: Path

    def settings(self, folder: Path, workspace: embedded.Workspace) -> Settings:
        """A bot in this workspace, with its state in `folder`: its databases are there, and nothing is in them."""
        shutil.copytree(self.state, folder / "state")
        return embedded.pointed_at(Settings(state_dir=folder / "state", _env_file=None), workspace.line)


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """What a company prepares once before its bot starts."""
    folder = tmp_path_factory.mktemp("company")
    emulated = Emulated.open(SETTINGS)
    with serve(emulated):
        pointed = embedded.prepared(Settings(state_dir=folder, _env_file=None), announced(emulated, folder))
        with app.working(pointed.model_copy(update={"state_dir": folder / "state"})):
            return Prepared(emulated.snapshot(), emulated.secrets, folder / "state")


def announced(emulated: Emulated, folder: Path) -> embedded.Workspace:
    """The served workspace as the bot is told of it."""
    key = folder / "key.json"
    key.write_text(json.dumps(key_file(emulated)))
    return embedded.Workspace(announcement(emulated, key))
