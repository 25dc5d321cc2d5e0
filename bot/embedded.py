"""The embedded workspace beside the bot: started, prepared as a company does once, and found by other verbs."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from pydantic import SecretStr

from bot.app import LISTENERS, AlreadyAtWork, connected, only_one
from bot.errors import SettingsError, UserError
from bot.manifest import manifest
from bot.settings import Settings
from bot.templates import push

ANNOUNCEMENT = "announcement.json"


@dataclass(frozen=True)
class Workspace:
    """An embedded workspace: the line it announced itself with, and the control API to act as its people."""

    line: dict[str, str]

    @property
    def url(self) -> str:
        """The one origin of all its APIs."""
        return self.line["url"]

    @property
    def page(self) -> str:
        """Where people look at it."""
        return self.line["page"]

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the control API; a refusal becomes a UserError with its sentence."""
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(
                method,
                f"{self.url}/_control/{path}",
                json=body,
                headers={"Authorization": f"Bearer {self.line['control_token']}"},
                timeout=180,
            )
        if not answer.ok:
            raise UserError(f"The embedded workspace refused {path}: {answer.text[:300]}")
        return answer.json()


LEADS = ("grace.liu@fernhill.example", "daniel.reyes@fernhill.example", "sofia.rossi@fernhill.example")
COMPANY = {  # what a company prepares before its bot starts; people and groups are the workspace's own
    "drives": [
        {
            "name": "Implementations",
            "members": [
                {"email": "service_account", "role": "organizer"},
                *({"email": lead, "role": "fileOrganizer"} for lead in LEADS),
            ],
        }
    ],
    "channels": [
        {
            "name": "impl-triage",
            "private": True,
            "topic": "Implementation requests, decided by leads",
            "members": ["app", *LEADS],
        },
        {
            "name": "impl-ops",
            "private": True,
            "topic": "How the implementation bot is doing",
            "members": ["app", "sofia.rossi@fernhill.example"],
        },
        {"name": "impl-help", "private": False, "topic": "Questions about implementations", "members": ["app"]},
    ],
}


@contextmanager
def embedded(settings: Settings, state: Path | None = None, port: int = 0) -> Iterator[tuple[Settings, Workspace]]:
    """Start the embedded workspace and point the settings at it; it ends with this process."""
    with tempfile.TemporaryDirectory(prefix="implbot-") as scratch:
        if state is not None:
            (state / ANNOUNCEMENT).unlink(missing_ok=True)  # one of an earlier life leads nowhere
        described = Path(scratch) / "manifest.json"
        described.write_text(json.dumps(manifest(LISTENERS)))
        command = [sys.executable, "-m", "bot.emulator", "--port", str(port), "--manifest", str(described)]
        command += ["--state", str(state or Path(scratch) / "workspace"), "--until-stdin-closes"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # our own module
            try:
                workspace = _announced(process)
                if state is not None:
                    _keep_line(state / ANNOUNCEMENT, workspace.line)
                yield prepared(settings, workspace), workspace
            finally:
                process.terminate()


def _announced(process: subprocess.Popen[str]) -> Workspace:
    assert process.stdout is not None
    first = process.stdout.readline()
    if not first:
        raise SettingsError("The embedded workspace did not start; its own message is above.")
    return Workspace(json.loads(first))


def prepared(settings: Settings, workspace: Workspace) -> Settings:
    """What a company prepares once: drive, channels, templates. Returns the settings that lead there."""
    workspace.control("POST", "seed", COMPANY)
    pointed = pointed_at(settings, workspace.line)
    with connected(pointed) as world:
        push.push(world)
    return pointed


def pointed_at(settings: Settings, line: dict[str, str]) -> Settings:
    """The settings that lead into the workspace which announced itself with this line."""
    return settings.model_copy(
        update={
            "slack_bot_token": SecretStr(line["slack_bot_token"]),
            "slack_app_token": SecretStr(line["slack_app_token"]),
            "slack_api_url": f"{line['url']}/api/",
            "google_key_file": Path(line["google_key_file"]),
            "google_api_url": line["url"],
            "google_limits": line["limits"] == "on",
            "shared_drive": "Implementations",
            "clock_url": f"{line['url']}/_control/clock",
            "clock_token": SecretStr(line["control_token"]),
        }
    )


@contextmanager
def reachable(settings: Settings) -> Iterator[Settings]:
    """Settings that lead somewhere: as they are when something is configured, else into the embedded workspace."""
    if not settings.is_embedded:
        yield settings
        return
    state = settings.state_dir / "workspace"
    with ExitStack() as stack:
        try:  # two embedded workspaces over one file would undo each other's work
            stack.enter_context(only_one(settings.state_dir, "workspace.lock"))
        except AlreadyAtWork:
            pointed = _pointed_at_running(settings, state / ANNOUNCEMENT)
        else:
            pointed = stack.enter_context(embedded(settings, state))[0]
        yield pointed


def _pointed_at_running(settings: Settings, announcement: Path) -> Settings:
    """Into the workspace that another process of ours has started."""
    try:
        return pointed_at(settings, json.loads(announcement.read_text()))
    except FileNotFoundError:
        raise AlreadyAtWork("implbot is just starting here. Please try again in a few seconds.") from None


def _keep_line(path: Path, line: dict[str, str]) -> None:
    """Let this owner's other commands find the workspace while it runs; the line holds keys."""
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(line))
    draft.replace(path)
