"""The screens: which template draws which, and what every one of them shows around its content."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.emulator import people as directory
from bot.emulator.page import calendar, files, mail, messenger
from bot.emulator.page.drawing import stamp
from bot.emulator.page.links import address
from bot.emulator.page.reader import Gone, Reader, Row
from bot.emulator.slack import channels
from bot.emulator.workspace import Workspace

COMPANY = "Fernhill Software"
Query = Mapping[str, str]
Gather = Callable[[Reader, Query], dict[str, Any]]

# name → (place in the navigation, template, what gathers its values)
SCREENS: dict[str, tuple[str, str, Gather]] = {
    "slack": ("slack", "slack.html", messenger.gather),
    "drive": ("drive", "drive.html", files.drive),
    "sheet": ("drive", "sheet.html", files.sheet),
    "doc": ("drive", "doc.html", files.document),
    "mail": ("mail", "mail.html", mail.inbox),
    "log": ("log", "log.html", mail.log),
}


def gather(workspace: Workspace, name: str, query: Query) -> tuple[str, dict[str, Any]]:
    """The template of a screen and its values; raises Gone when there is no such screen, person or thing."""
    if name == "start":
        return "start.html", start(workspace)
    if name not in SCREENS:
        raise Gone("There is no such screen.")
    place, template, fill = SCREENS[name]
    reader = Reader.of(workspace, query.get("as", ""))
    values = fill(reader, query)
    return template, frame(workspace, reader.me, place, str(values.pop("title"))) | {"screen": name} | values


def frame(workspace: Workspace, me: Row | None, place: str, title: str) -> dict[str, Any]:
    """What stands around every screen: who one is, who one may become, the clock."""
    return {
        "company": COMPANY,
        "stamp": stamp(),
        "title": title,
        "screen": place,
        "place": place,
        "me": me,
        "people": choosable(workspace),
        "clock": calendar.face(workspace.clock.now(), me["tz"]) if me else None,
    }


def choosable(workspace: Workspace) -> list[Row]:
    """Everybody one may be: people, not bots, not the deactivated."""
    return [row for row in workspace.people().values() if not row["bot"] and not row["deleted"]]


def start(workspace: Workspace) -> dict[str, Any]:
    """The first page: three things to try, and everybody one may be."""
    everybody = choosable(workspace)
    own = [row for row in everybody if row["org"] == "home"]
    others = [row for row in everybody if row["org"] != "home"]
    values = frame(workspace, None, "start", "Start")
    groups = [("Your company", own), ("Outside the company", others)]
    return values | {"groups": groups, "tries": _tries(workspace)}


# who, where (a channel's beginning, or what is typed into #general already), title, and what to do there
TRIES = (
    (
        "ines.duarte",
        {"typed": "/implementation-request Quillstone Bank"},
        "Ask for an implementation",
        (
            ", a Customer Engineer: the command is typed already, press Enter and fill in the form. "
            "For the CRM opportunity take any link at https://crm.fernhill.example/"
        ),
    ),
    (
        "sofia.rossi",
        {"channel": "impl-triage"},
        "Select the request",
        (
            ", a lead: press “Select” on its card, choose Priya Nair as project manager and a kickoff in about four "
            "weeks, and watch the set-up."
        ),
    ),
    (
        "priya.nair",
        {"channel": "impl-"},
        "Be reminded",
        (
            ", the project manager: open the project plan, type a date of last week as M1’s Forecast on the tab "
            "Milestones. Then “Let time pass” to the next morning, and read what implbot writes to you."
        ),
    ),
)


def _tries(workspace: Workspace) -> list[dict[str, str]]:
    """The first steps, each with a link to the person and place where it begins, as far as they are there yet."""
    steps = []
    for name, where, title, after in TRIES:
        row = directory.find(workspace, f"{name}@{workspace.settings.domain}")
        if row is not None:
            query = where | {"channel": _newest(workspace, row["id"], where.get("channel", ""))}
            href = address("slack", row["id"], **query)
            steps.append({"title": title, "before": "Be", "who": row["name"], "href": href, "after": after})
    return steps


def _newest(workspace: Workspace, person: str, begins: str) -> str:
    """The newest of a person's channels whose name begins so; empty for none."""
    seen = [row for row in channels.visible(workspace, person) if person in row["members"] and not row["is_archived"]]
    fitting = [row for row in seen if begins and row["name"].startswith(begins)]
    return str(max(fitting, key=lambda row: row["created"])["id"]) if fitting else ""
