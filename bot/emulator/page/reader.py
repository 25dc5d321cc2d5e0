"""The person at the page: who they are, whom they know by name, and the pen that draws for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from bot.emulator import people as directory
from bot.emulator.google import access
from bot.emulator.page.drawing import Pen
from bot.emulator.slack import channels, persons
from bot.emulator.slack.mrkdwn import Names
from bot.emulator.workspace import Workspace

Row = dict[str, Any]


class Gone(LookupError):
    """There is nothing to show; the message says what was looked for. `person` is who looked, if known."""

    def __init__(self, why: str, person: Row | None = None) -> None:
        super().__init__(why)
        self.person = person


@dataclass(frozen=True)
class Reader:
    """One person looking at the workspace."""

    workspace: Workspace
    me: Row

    @classmethod
    def of(cls, workspace: Workspace, who: str) -> Reader:
        """The reader of an id or e-mail; raises Gone for nobody, bots and the deactivated."""
        row = directory.find(workspace, who) if who else None
        if row is None or row["bot"] or row["deleted"]:
            raise Gone("There is nobody of that name to be.")
        return cls(workspace, row)

    @property
    def id(self) -> str:
        return str(self.me["id"])

    @cached_property
    def names(self) -> Names:
        """Everybody's name, the channels this person may see, and the groups' handles."""
        users = {row["id"]: row["name"] for row in self.workspace.people().values()}
        seen = {row["id"]: row["name"] for row in channels.visible(self.workspace, self.id) if row["name"]}
        groups = {row["id"]: row["handle"] for row in self.workspace.shelf.collection("groups").values()}
        return Names(users, seen, groups)

    @cached_property
    def pen(self) -> Pen:
        zone = ZoneInfo(self.me["tz"])
        return Pen(self.id, self.names, zone, self.workspace.clock.now(), self.workspace.url + "/")

    def name_of(self, email: str) -> str:
        """The name behind a Google identity; service accounts are the bot's."""
        people = self.workspace.people().values()
        found = next((str(row["name"]) for row in people if row["email"] == email), None)
        return found or ("the bot" if access.is_service_account(email) else email)

    def author(self, user: str) -> Row:
        """Who wrote something, as a row with name and title; strangers and Slackbot too."""
        if user == persons.SLACKBOT["id"]:
            return persons.SLACKBOT | {"bot": True}
        return self.workspace.people().get(user) or {"id": user or "?", "name": "Somebody", "bot": False, "title": ""}
