"""Fills the workspace from plain descriptions, edits its sheets as people do, and counts everything in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from bot.emulator import people
from bot.emulator.slack.errors import SlackError

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]

PARTS = ("people", "channels", "groups", "drives")


class SeedError(ValueError):
    """The description cannot be followed; the message names its place and what was expected."""


def seed(workspace: Workspace, wanted: Mapping[str, Any]) -> Row:
    """Make what is not there yet, by name: people, channels, groups, drives. Answers the ids by name.

    Members are e-mails, user ids, "app" (the app's bot) or, of drives, "service_account". Twice is as once.
    """
    if unknown := sorted(set(wanted) - set(PARTS)):
        raise SeedError(f"Unknown: {', '.join(unknown)}; expected {', '.join(PARTS)}.")
    made: dict[str, Callable[[Workspace, Row], str]] = {
        "people": _person,
        "channels": _channel,
        "groups": _group,
        "drives": _drive,
    }
    answer: Row = {}
    for part in PARTS:
        rows = wanted.get(part, [])
        if not isinstance(rows, list):
            raise SeedError(f"{part}: expected a list.")
        answer[part] = dict(_made(workspace, f"{part}[{n}]", row, made[part]) for n, row in enumerate(rows))
    return answer


def _made(workspace: Workspace, place: str, row: Any, make: Callable[[Workspace, Row], str]) -> tuple[str, str]:
    if not isinstance(row, dict):
        raise SeedError(f"{place}: expected an object.")
    name = next((str(row[key]) for key in ("email", "handle", "name") if row.get(key)), "")
    if not name:
        raise SeedError(f"{place}: a name is missing.")
    try:
        return name, make(workspace, row)
    except SlackError as error:
        raise SeedError(f"{place}: Slack refuses it: {error.code}.") from None
    except ValueError as error:
        raise SeedError(f"{place}: {error}") from None


def _person(workspace: Workspace, row: Row) -> str:
    from bot.emulator.slack import bus, ids, persons
    from bot.emulator.slack import seed as slack

    is_new = people.find(workspace, str(row.get("email"))) is None
    person = people.add(workspace, row)
    slack.welcome(workspace, person)
    shown = persons.shape(workspace, person, with_email=True)
    bus.emit(
        workspace, {"type": "team_join" if is_new else "user_change", "user": shown, "event_ts": ids.next_ts(workspace)}
    )
    return str(person["id"])


def _channel(workspace: Workspace, row: Row) -> str:
    from bot.emulator.slack import seed as slack

    return str(slack.channel(workspace, row)["id"])


def _group(workspace: Workspace, row: Row) -> str:
    from bot.emulator.slack import seed as slack

    return str(slack.group(workspace, row)["id"])


def _drive(workspace: Workspace, row: Row) -> str:
    from bot.emulator.google.auth import SERVICE_ACCOUNT
    from bot.emulator.google.drive import seed_drive

    members = []
    for member in row.get("members", ()):
        given = member if isinstance(member, dict) else {"email": member, "role": "writer"}
        email = given.get("email", "")
        if email == "service_account":
            email = SERVICE_ACCOUNT
        elif people.find(workspace, email) is None:
            raise ValueError(f"there is no person {email!r}")
        members.append({"email": email, "role": given.get("role", "writer")})
    return seed_drive(workspace, str(row["name"]), members)


def everything(workspace: Workspace) -> Row:
    """All there is, trash, archive and deleted messages included, for counting."""
    from bot.emulator.google import access

    collection = workspace.shelf.collection
    rows = [{**row, "permissions": access.effective(workspace, row)} for row in collection("files").values()]
    return {
        "workspace": workspace.id,
        "files": [row for row in rows if not row.get("root") and row["id"] != row.get("driveId")],
        "deleted_files": list(collection("deleted_files").values()),
        "drives": [row for row in rows if row["id"] == row.get("driveId")],
        "channels": list(collection("channels").values()),
        "messages": list(collection("messages").values()),
        "bookmarks": list(collection("bookmarks").values()),
        "mail": list(collection("mail").values()),
        "views": list(collection("views").values()),
    }
