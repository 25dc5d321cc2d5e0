"""The stage of the demo: act as people of the embedded workspace, and look at what each of them sees."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

import requests

from bot.embedded import Workspace
from bot.errors import UserError

T = TypeVar("T")
PATIENCE_SECONDS = 60.0


class NotFoundInWorkspace(UserError):
    """Something the story expects did not appear."""


@dataclass
class Stage:
    """One workspace with its people, and the checks made so far."""

    workspace: Workspace
    say: Callable[[str], None]
    checks: list[tuple[str, bool]] = field(default_factory=list)

    # Acting

    def act(self, person: str, verb: str, **body: Any) -> dict[str, Any]:
        """Do one thing as a person; the answer tells what they were shown at once."""
        answer: dict[str, Any] = self.workspace.control("POST", f"people/{person}/{verb}", body)
        if answer.get("ack", "ok") != "ok":
            raise NotFoundInWorkspace(f"{person} did {verb}, and the bot did not answer: {answer}")
        return answer

    def type_cell(self, person: str, file: str, tab: str, cell: str, value: str) -> None:
        """Type into a cell as a person."""
        self.act(person, "edit", file=file, tab=tab, cell=cell, value=value)

    def now(self) -> datetime:
        """The workspace's time, aware, UTC."""
        return datetime.fromisoformat(self.workspace.control("GET", "clock")["now"])

    def go_to(self, moment: datetime) -> None:
        """Let time pass, hour by hour, until a moment; what is due on the way happens."""
        self.workspace.control("POST", "clock", {"to": moment.isoformat()})

    # Looking

    def messages(self, person: str, channel: str = "") -> list[dict[str, Any]]:
        """What a person sees in a channel by name, or in the direct conversation with the bot when no name is given."""
        seen = self.workspace.control("GET", f"people/{person}/sees")
        wanted = [row for row in seen["channels"] if row["name"] == channel or (not channel and row["is_im"])]
        return [message for row in wanted for message in row["messages"] if not message.get("deleted")]

    def raw(self) -> dict[str, Any]:
        """Everything the workspace holds."""
        answer: dict[str, Any] = self.workspace.control("GET", "workspace")
        return answer

    def google(self, person: str, path: str, **params: str) -> requests.Response:
        """Ask a Google API as a person."""
        token = self.workspace.control("POST", f"people/{person}/google_token")["token"]
        with requests.Session() as session:
            session.trust_env = False
            headers = {"Authorization": f"Bearer {token}"}
            answer = session.get(f"{self.workspace.url}{path}", params=params, headers=headers, timeout=60)
        answer.raise_for_status()
        return answer

    def rows(self, person: str, file: str, tab: str) -> list[list[str]]:
        """The cells of a tab as a person reads them, header first."""
        answer = self.google(person, f"/v4/spreadsheets/{file}/values/{quote(tab)}").json()
        values: list[list[str]] = answer.get("values", [])
        return values

    def export(self, person: str, file: str, mime: str) -> bytes:
        """A file in another format, downloaded as a person."""
        return self.google(person, f"/drive/v3/files/{file}/export", mimeType=mime).content

    # Checking

    def wait_for(self, what: str, look: Callable[[], T | None]) -> T:
        """Look until it is there; the bot works in its own time."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            if found := look():
                self.check(what, True)
                return found
            if time.monotonic() > deadline:
                self.check(what, False)
                raise NotFoundInWorkspace(f"Expected, and not found in the workspace: {what}")
            time.sleep(0.05)

    def check(self, what: str, holds: bool) -> None:
        """Note and show one expectation."""
        self.checks.append((what, holds))
        self.say(f"  {'✓' if holds else '✗'} {what}")
