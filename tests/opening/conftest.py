"""A project on Priya's desk whose playbook names two people of its customer; ways to share by hand and to look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import requests

from bot.opening import sweep
from tests.company import company
from tests.desk import PM, Desk, desk
from tests.rooms import LEAD, Rooms, rooms

__all__ = ["Opening", "company", "desk", "project", "rooms"]

RUTH, STRANGER = "ruth.osei@harborpine.example", "sam.quill@quillstone.example"


@dataclass
class Opening:
    """One project, and short ways to open it, to share by hand, and to see who can open what."""

    desk: Desk

    @property
    def rooms(self) -> Rooms:
        return self.desk.rooms

    def fill(self, form: str, **cells: str) -> None:
        """Type into the playbook's Overview, by the words of its first column."""
        for title, value in cells.items():
            self.answer(self.desk.files["playbook"], form, title.replace("_", " "), value)

    def answer(self, file_id: str, form: str, title: str, value: str) -> None:
        """Type beside a title of a form."""
        rows = self.rooms.stage.rows(LEAD, file_id, form)
        places = [(n, row.index(title)) for n, row in enumerate(rows, 1) if title in row]
        number, column = places[0]
        self.rooms.stage.type_cell(LEAD, file_id, form, f"{chr(ord('A') + column + 1)}{number}", value)

    def name(self, name: str, email: str, may_see: str = "Customer") -> None:
        """Name somebody of the customer in the playbook."""
        cells = {"Name": name, "Side": "Customer", "E-mail": email, "May see": may_see}
        self.desk.add("playbook", "Stakeholders", cells)

    def form(self, words: str, person: str = PM) -> dict[str, Any]:
        """The form in front of somebody, once it holds these words."""

        def shown() -> dict[str, Any] | None:
            views = self.rooms.stage.workspace.control("GET", f"people/{person}/sees")["views"]
            return next((view for view in views if words in str(view["blocks"])), None)

        return self.rooms.stage.wait_for(f"a form with {words!r}", shown)

    def ask(self, words: str, person: str = PM, text: str = "/implementation open R1") -> dict[str, Any]:
        """Type the command and wait for the form."""
        self.rooms.stage.act(person, "command", channel="general", text=text)
        return self.form(words, person)

    def submit(self, view: dict[str, Any], person: str = PM, **values: str) -> dict[str, Any]:
        """Send a form, and wait until the work is done."""
        answer = self.rooms.stage.act(person, "submit", view_id=view["id"], values=values)
        assert self.rooms.world.engine.settle(60)
        return answer

    def open(self, *people: str, **values: str) -> dict[str, Any]:
        """Open the project to these people, as Priya."""
        view = self.ask("Who gets the plan now")
        wanted = {"people": ",".join(people or [RUTH]), "role": "Comment", "reason": "Kickoff needs it"}
        fields = {block.get("block_id") for block in view["blocks"]}
        return self.submit(view, **{k: v for k, v in (wanted | values).items() if k in fields})

    def sweep(self, full: bool = False) -> str:
        """One permission sweep."""
        return sweep.swept(self.rooms.world, full)

    def share(self, file: str, body: dict[str, str], person: str = LEAD) -> None:
        """Share by hand, as Drive's own dialog does."""
        self._drive(person, "POST", f"/drive/v3/files/{file}/permissions?supportsAllDrives=true", body)

    def _drive(self, person: str, verb: str, path: str, body: dict[str, str] | None = None) -> None:
        token = self.rooms.stage.workspace.control("POST", f"people/{person}/google_token")["token"]
        with requests.Session() as session:
            session.trust_env = False
            url = f"{self.rooms.stage.workspace.url}{path}"
            answer = session.request(verb, url, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=60)
        answer.raise_for_status()

    def readers(self, file_id: str) -> dict[str, str]:
        """Who has direct access to a file, with the role of each."""
        row = next(row for row in self.rooms.stage.raw()["files"] if row["id"] == file_id)
        return {one.get("emailAddress", one["type"]): one["role"] for one in row.get("permissions", ())}

    def outsiders(self) -> dict[str, set[str]]:
        """By file, whoever is let in that is none of ours."""
        rows = self.rooms.stage.raw()["files"]
        found = {
            row["id"]: {
                one.get("emailAddress", one["type"])
                for one in row.get("permissions", ())
                if not str(one.get("emailAddress", "")).endswith(("@fernhill.example", "gserviceaccount.com"))
            }
            for row in rows
        }
        return {key: who for key, who in found.items() if who}

    def remove(self, person: str, key: str) -> None:
        """Press Remove access under the latest finding with these words, and wait until the bot has answered."""
        message = [m for m in self.desk.questions(person) if key in str(m["blocks"])][-1]
        places = [number for number, block in enumerate(message["blocks"]) if key in str(block)]
        block = message["blocks"][places[-1] + 1]
        act = {"channel": message["channel"], "ts": message["ts"], "action_id": "opening_remove"}
        self.desk._pressed(person, block_id=block["block_id"], **act)


@pytest.fixture
def project(desk: Desk) -> Opening:
    """R1 is Harborpine's; Ruth may see what a customer sees, and her company's domain is the project's."""
    world = desk.rooms.world
    row = {**(world.store.project("R1") or {}), "customer": "Harborpine Logistics", "request_id": "R1"}
    world.store.put_project("R1", row)
    opening = Opening(desk)
    opening.fill("Overview", Customer_domains="harborpine.example")
    opening.name("Ruth Osei", RUTH)
    desk.settled()
    return opening
