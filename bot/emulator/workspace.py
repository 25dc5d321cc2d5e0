"""One emulated workspace: its shelf, clock, faults, log, settings and secrets, and how it starts afresh."""

from __future__ import annotations

import json
import os
import secrets as random_secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bot.emulator import people as directory
from bot.emulator.clock import Clock
from bot.emulator.faults import Faults
from bot.emulator.log import Log
from bot.emulator.shelf import Collection, Shelf


@dataclass(frozen=True)
class EmulatorSettings:
    """What the workspace is to be. `google_tokens` and `slack_tokens` are further bearer tokens to accept.

    `ack_seconds` is how long Slack waits for the app to take a command, an interaction or an event.
    """

    domain: str = "fernhill.example"
    allowed_domains: tuple[str, ...] = ("harborpine.example", "quillstone.example")
    limits: bool = True
    ack_seconds: float = 3.0
    google_tokens: tuple[str, ...] = field(default=(), repr=False)
    slack_tokens: tuple[str, ...] = field(default=(), repr=False)
    manifest: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Secrets:
    """The keys of one workspace; a reset keeps them. `google_key` is the service account's private key, PEM."""

    control_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    verification_token: str = field(repr=False)
    slack_bot_token: str = field(repr=False)
    slack_app_token: str = field(repr=False)
    google_key: str = field(repr=False)

    @classmethod
    def fresh(cls) -> Secrets:
        """New random secrets, shaped as the services shape theirs."""
        from bot.emulator.google.auth import new_key

        number = random_secrets.randbelow
        team, bot = 10**12 + number(9 * 10**12), 10**12 + number(9 * 10**12)
        return cls(
            control_token=random_secrets.token_urlsafe(24),
            signing_secret=random_secrets.token_hex(16),
            verification_token=random_secrets.token_urlsafe(18),
            slack_bot_token=f"xoxb-{team}-{bot}-{random_secrets.token_hex(12)}",
            slack_app_token=f"xapp-1-A0{random_secrets.token_hex(4).upper()}-{bot}-{random_secrets.token_hex(32)}",
            google_key=new_key(),
        )

    @classmethod
    def kept(cls, path: Path) -> Secrets:
        """The secrets of a state folder, made on first use; the file is for its owner's eyes only."""
        if path.exists():
            return cls(**json.loads(path.read_text()))
        fresh = cls.fresh()
        write_private(path, json.dumps(asdict(fresh), indent=2))
        return fresh


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(path.name + ".new")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


@dataclass(eq=False)
class Workspace:
    """Everything of one workspace. Handlers run on the server's loop, one at a time.

    `url` is set once the port is known. `live` holds what is not worth keeping, such as triggers; a reset empties it.
    `connected` holds what is plugged in from outside, such as sockets; it outlives a reset.
    """

    shelf: Shelf
    clock: Clock
    faults: Faults
    log: Log
    settings: EmulatorSettings
    secrets: Secrets
    url: str = "http://127.0.0.1"
    state: Path | None = None
    live: dict[str, Any] = field(default_factory=dict, repr=False)
    connected: dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def open(
        cls, settings: EmulatorSettings | None = None, state: Path | None = None, secrets: Secrets | None = None
    ) -> Workspace:
        """A workspace: the sample afresh in memory, or the one that the folder `state` keeps (made if it is empty)."""
        from bot.emulator.slack import scheduled

        shelf = Shelf(state / "workspace.sqlite" if state else None)
        keys = secrets or (Secrets.kept(state / "secrets.json") if state else Secrets.fresh())
        made = cls(shelf, Clock(shelf), Faults(), Log(), settings or EmulatorSettings(), keys, state=state)
        made.clock.on_step.append(lambda: scheduled.deliver(made))
        if made.people():
            made.install()
        else:
            made.reset()
        return made

    def people(self) -> Collection:
        """The directory, by Slack user id: people and bots."""
        return self.shelf.collection("people")

    @property
    def id(self) -> str:
        """An id of this workspace's life: another after each reset, so that no key of the old one fits the new."""
        return str(self.shelf.collection("workspace")["workspace"]["id"])

    def reset(self) -> None:
        """Start afresh with the sample: people, groups, #general and #random, the app; real time again."""
        from bot.emulator.slack import seed

        self.shelf.clear()
        self.live.clear()
        self.shelf.collection("workspace")["workspace"] = {"id": random_secrets.token_hex(6)}
        self.clock.reload()
        self.faults.clear()
        self.log.forget()
        for row in directory.sample(self.settings.domain):
            self.people()[row["id"]] = row
        self.install()
        seed.begin(self)
        self.shelf.flush()

    def install(self) -> None:
        """Install the app of the manifest, and let the accepted tokens in."""
        from bot.emulator.slack import app, limits

        limits.forget(self)
        app.install(self, self.settings.manifest)
        for token in self.settings.slack_tokens:
            app.accept(self, token)

    def snapshot(self) -> bytes:
        """Everything that the workspace holds, as bytes."""
        return self.shelf.snapshot()

    def restore(self, data: bytes) -> None:
        """Bring back a snapshot; time goes back with it, the clock's generation does not."""
        self.shelf.restore(data)
        self.live.clear()
        self.clock.reload()
        self.shelf.flush()
