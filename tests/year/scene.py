"""The workspace of a simulated year: its people, their sheets, and short ways to type, press and read as them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from bot import app
from bot.embedded import Workspace
from bot.settings import Settings
from bot.world import World
from tests.crash.conftest import variables
from tests.year.truth import Closure, Project, Row, Truth

ROOT = Path(__file__).parents[2]
TABS = {"Tasks": ("Task", "Due"), "Milestones": ("Milestone", "Baseline")}
CELLS: dict[str, Any] = {"due": {"Tasks": "Due", "Milestones": "Forecast"}, "status": "Status", "owner": "Owner"}
EMPTIED = {"plan": ("Tasks", "Milestones", "Prerequisites"), "playbook": ("Risks",)}
WEEKS = {frozenset(range(5)): "Mon-Fri", frozenset({6, 0, 1, 2, 3}): "Sun-Thu"}
Json = Any


@dataclass
class Door:
    """The workspace over HTTP: its control API, and Google's APIs as a person."""

    workspace: Workspace
    session: requests.Session = field(default_factory=requests.Session)
    tokens: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.session.trust_env = False

    def control(self, method: str, path: str, body: Json = None, **query: str) -> Json:
        """Ask the control API; a refusal is an error with its sentence."""
        headers = {"Authorization": f"Bearer {self.workspace.line['control_token']}"}
        url = f"{self.workspace.url}/_control/{path}"
        answer = self.session.request(method, url, json=body, params=query, headers=headers, timeout=300)
        assert answer.ok, f"{path}: {answer.text[:300]}"
        return answer.json()

    def now(self) -> datetime:
        """The workspace's time."""
        return datetime.fromisoformat(self.control("GET", "clock")["now"])

    def google(self, person: str, method: str, path: str, body: Json = None) -> Json:
        """Ask a Google API as a person; a fault that strikes is tried again, as a browser does."""
        if person not in self.tokens:
            self.tokens[person] = self.control("POST", f"people/{person}/google_token")["token"]
        headers = {"Authorization": f"Bearer {self.tokens[person]}"}
        for _ in range(20):
            try:
                url = f"{self.workspace.url}/v4/spreadsheets/{path}"
                answer = self.session.request(method, url, json=body, headers=headers, timeout=60)
            except requests.ConnectionError:
                continue
            if answer.ok:
                return answer.json()
            assert answer.status_code in (429, 500, 503), f"{person} {path}: {answer.text[:300]}"
        raise AssertionError(f"{path} failed again and again")

    def type(self, person: str, file: str, places: dict[str, list[list[Json]]]) -> None:
        """Type into ranges of a sheet as a person."""
        data = [{"range": place, "values": values} for place, values in places.items()]
        self.google(person, "POST", f"{file}/values:batchUpdate", {"valueInputOption": "USER_ENTERED", "data": data})

    def read(self, person: str, file: str, place: str) -> list[list[Json]]:
        """The cells of a range as a person reads them."""
        answer = self.google(person, "GET", f"{file}/values/{quote(place)}")
        return list(answer.get("values", []))


@dataclass
class Sheets:
    """The files of the projects, and where each row stands in them."""

    door: Door
    files: dict[str, dict[str, str]] = field(default_factory=dict)
    lines: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    titles: dict[str, list[str]] = field(default_factory=dict)

    def place(self, row: Row, title: str) -> str:
        """Where a cell of a row stands."""
        number = self.lines[row.project, row.tab].index(row.token) + 2
        return f"{row.tab}!{_letter(self.titles[row.tab].index(title))}{number}"

    def change(self, person: str, row: Row, cells: Mapping[str, Json]) -> None:
        """Type what changes in a row."""
        places = {}
        for name, value in cells.items():
            title = CELLS[name]
            places[self.place(row, title[row.tab] if isinstance(title, dict) else title)] = [[_typed(value)]]
        self.door.type(person, self.files[row.project]["plan"], places)

    def delete(self, person: str, row: Row) -> None:
        """Delete a row, so that those below move up."""
        lines = self.lines[row.project, row.tab]
        at = lines.index(row.token) + 1
        sheet = {"Tasks": 2003, "Milestones": 2002}[row.tab]
        gone = {"range": {"sheetId": sheet, "dimension": "ROWS", "startIndex": at, "endIndex": at + 1}}
        file = self.files[row.project]["plan"]
        self.door.google(person, "POST", f"{file}:batchUpdate", {"requests": [{"deleteDimension": gone}]})
        lines.remove(row.token)

    def close(self, project: Project, number: int, closure: Closure) -> None:
        """A line in the Calendar tab, so many lines below its header."""
        words = "Change freeze" if closure.is_freeze else "Customer holiday"
        line = [words, closure.first.isoformat(), closure.last.isoformat(), "Closed"]
        self.door.type(project.pm, self.files[project.key]["plan"], {f"Calendar!A{number + 1}": [line]})

    # ------------------------------------------------------------------ filling

    def fill(self, truth: Truth) -> None:
        """Type everything that stands in the sheets at first."""
        for project in truth.projects.values():
            files = self.files[project.key]
            for name, tabs in EMPTIED.items():
                for tab in tabs:
                    self.door.google(project.pm, "POST", f"{files[name]}/values/{tab}!A2:Z200:clear", {})
            rows = [row for row in truth.rows.values() if row.project == project.key]
            for tab in TABS:
                self._fill_tab(project, tab, [row for row in rows if row.tab == tab])
            self._fill_people(truth, project)
            self._fill_forms(project)

    def _fill_tab(self, project: Project, tab: str, rows: list[Row]) -> None:
        file = self.files[project.key]["plan"]
        if tab not in self.titles:
            self.titles[tab] = self.door.read(project.pm, file, f"{tab}!1:1")[0]
        self.lines[project.key, tab] = [row.token for row in rows]
        name, due = TABS[tab]
        values = []
        for number, row in enumerate(rows, 1):
            held = row.held[0]
            cells = {"ID": f"{tab[0]}{number}", name: row.title, due: _typed(held.due), "Status": held.status}
            cells |= {"Owner": held.owner, "Side": "Customer" if row.is_customers else "Us"}
            cells |= {"Gate": row.is_gate} if tab == "Milestones" else {}
            values.append([cells.get(title, "") for title in self.titles[tab]])
        if values:
            self.door.type(project.pm, file, {f"{tab}!A2": values})

    def _fill_people(self, truth: Truth, project: Project) -> None:
        file = self.files[project.key]["playbook"]
        if "Stakeholders" not in self.titles:
            self.titles["Stakeholders"] = self.door.read(project.pm, file, "Stakeholders!1:1")[0]
        values = []
        for number, email in enumerate({*project.team, project.escalation}, 1):
            one = truth.people[email]
            first, last = one.away[0] if one.away else ("", "")
            cells = {"ID": f"S{number}", "Name": one.name, "Side": "Us", "E-mail": email, "Time zone": one.zone}
            cells |= {"Work week": WEEKS[one.week], "Away from": _typed(first), "Away to": _typed(last)}
            cells |= {"Backup": one.backup}
            values.append([cells.get(title, "") for title in self.titles["Stakeholders"]])
        self.door.type(project.pm, file, {"Stakeholders!A2": values})

    def _fill_forms(self, project: Project) -> None:
        known = {
            "Overview": {
                "Customer": project.customer,
                "Project manager": project.pm,
                "Our country calendars": ", ".join(project.countries),
            },
            "Settings": {"Escalation contact": project.escalation},
        }
        file = self.files[project.key]["playbook"]
        for tab, values in known.items():
            labels = [line[0] if line else "" for line in self.door.read(project.pm, file, f"{tab}!B1:B60")]
            places = {f"{tab}!C{labels.index(label) + 1}": [[value]] for label, value in values.items()}
            self.door.type(project.pm, file, places)


def register(settings: Settings, truth: Truth, sheets: Sheets) -> None:
    """Give every project its files, as a set-up does, and make it known to the bot, which has not started yet."""
    with app.connected(settings) as world:
        for project in truth.projects.values():
            sheets.files[project.key] = _copies(world, project)
        sheets.fill(truth)
        for project in truth.projects.values():
            _known(world, project, truth, sheets.files[project.key])


SCHEMAS = {"playbook": "playbook", "plan": "standard_plan"}


def _copies(world: World, project: Project) -> dict[str, str]:
    root, key = world.drive.root().id, project.key
    return {
        name: world.drive.ensure_copy(world.template(schema), f"{key} {name}", root, f"{key}:{name}").id
        for name, schema in SCHEMAS.items()
    }


def _known(world: World, project: Project, truth: Truth, files: dict[str, str]) -> None:
    name = f"impl-{project.customer.lower().replace(' ', '-')}"
    row = {
        "key": project.key, "customer": project.customer, "zone": project.zone, "pm": project.pm,
        "kind": "Production deployment", "state": "Active", "folder_id": world.drive.root().id, "schemas": SCHEMAS,
        "channel_id": world.slack.ensure_channel(name, project.key, look_first=True).id,
        "playbook_id": files["playbook"], "plan_id": files["plan"],
    }  # fmt: skip
    world.store.put_project(project.key, row)
    for email in project.team:
        world.remember_zone(truth.people[email].zone)


class Bot:
    """The bot as a process on one state folder, with or without a planted fault."""

    def __init__(self, settings: Settings, variant: str, diary: Path) -> None:
        self._environment = {**os.environ, **variables(settings), "IMPLBOT_LOG_LEVEL": "WARNING"}
        self._command = [sys.executable, "-m", "tests.year.variant", variant]
        self._diary = diary.open("a")
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start, and wait until it says that it is at work."""
        self._process = subprocess.Popen(
            self._command, cwd=ROOT, env=self._environment, stdout=subprocess.PIPE, stderr=self._diary, text=True
        )
        assert self._process.stdout is not None
        assert "at work" in self._process.stdout.readline()

    def end(self, *, is_killed: bool = False) -> None:
        """Stop it or kill it, if it runs."""
        if self._process is None or self._process.stdout is None:
            return
        (self._process.kill if is_killed else self._process.terminate)()
        self._process.wait(timeout=60)
        self._process.stdout.close()
        self._process = None

    def close(self) -> None:
        """For good."""
        self.end()
        self._diary.close()


def _typed(value: Json) -> Json:
    return value.isoformat() if isinstance(value, date) else value


def _letter(number: int) -> str:
    return chr(ord("A") + number)
