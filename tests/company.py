"""What a company prepares once before its bot starts: drive, channels and templates, as a snapshot to begin from."""

from __future__ import annotations

import json
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
    """A workspace with drive, channels and templates, as bytes, and the secrets it opens with."""

    snapshot: bytes
    secrets: Secrets


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """What a company prepares once before its bot starts."""
    folder = tmp_path_factory.mktemp("company")
    emulated = Emulated.open(SETTINGS)
    with serve(emulated):
        embedded.prepared(Settings(state_dir=folder, _env_file=None), announced(emulated, folder))
        return Prepared(emulated.snapshot(), emulated.secrets)


def announced(emulated: Emulated, folder: Path) -> embedded.Workspace:
    """The served workspace as the bot is told of it."""
    key = folder / "key.json"
    key.write_text(json.dumps(key_file(emulated)))
    return embedded.Workspace(announcement(emulated, key))
