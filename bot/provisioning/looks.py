"""Looks at the real workspace for what a project should have: each look says in words what is missing, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.errors import OutsideError
from bot.project.schema import load
from bot.provisioning import plan, steps, tags
from bot.provisioning.facts import Setup
from bot.world import structure
from bot.world.drive import File
from bot.world.google import GoogleError

Json = Any

GONE = "it is gone for good; a new one is made"
NOT_SEEN = "I cannot see it: it was deleted, or I was removed from it"


def file_of(setup: Setup, file_id: str) -> File | None:
    """A file, trashed or not; None when it is gone from our sight."""
    try:
        return setup.world.drive.get(file_id) if file_id else None
    except GoogleError as error:
        if error.kind != "missing":
            raise
        return None


def _state(file: File | None, parent: str) -> str:
    if file is None:
        return GONE
    if file.trashed:
        return "it was in the trash"
    return "it was moved elsewhere" if parent and parent not in file.parents else ""


def top(setup: Setup) -> str:
    """The folder that all projects of the customer share."""
    key = plan.customer_key(setup.customer)
    known = setup.world.store.recall(key)
    file = file_of(setup, str(known)) if known else setup.world.drive.standing(key)
    return _state(file, "")


def folder(setup: Setup) -> str:
    """The request's folder, in the customer's."""
    parent = setup.world.store.recall(plan.customer_key(setup.customer)) or ""
    return _state(file_of(setup, setup.done["folder"]["id"]), parent)


def playbook(setup: Setup) -> str:
    """The playbook, in the project's folder."""
    return _state(file_of(setup, setup.done["playbook"]["id"]), setup.done["folder"]["id"])


def project_plan(setup: Setup) -> str:
    """The plan, in the project's folder."""
    return _state(file_of(setup, setup.done["plan"]["id"]), setup.done["folder"]["id"])


def fill_playbook(setup: Setup) -> str:
    """What the set-up fills in; a copy that nobody filled has no request's ID."""
    return _contents(setup, "playbook", "overview", "request_id")


def fill_plan(setup: Setup) -> str:
    """What the set-up fills in; a copy that nobody filled has no customer."""
    return _contents(setup, "plan", "summary", "customer")


def _contents(setup: Setup, name: str, form: str, field: str) -> str:
    file_id = setup.done["files"][name]["id"]
    if name in setup.own:
        return ""  # people filled it
    read = setup.world.sheets.read(file_id, setup.schema(name), layout=setup.world.layout(file_id))
    if read.missing:
        titles = ", ".join(setup.schema(name).tab(tab).title for tab in read.missing)
        raise OutsideError(
            f"the tab {titles} was deleted. Please restore it in the sheet (File, Version history); "
            "I leave the rest as it is"
        )
    return "" if getattr(read.form(form), field) else "it was never filled in"


def tags_of(name: str) -> Callable[[Setup], str]:
    """The marks of columns, and the warnings on the bot's own."""

    def look(setup: Setup) -> str:
        found = structure.read(setup.world.sheets.google, setup.done["files"][name]["id"])
        lacking = len(tags.missing(setup.schema(name), found))
        return f"{lacking} {'was' if lacking == 1 else 'were'} missing" if lacking else ""

    return look


def channel(setup: Setup) -> str:
    """The project's channel, open."""
    found = setup.world.slack.channel(setup.done["channel"]["id"]) if setup.done["channel"]["id"] else None
    return NOT_SEEN if found is None else "it was archived" if found.is_archived else ""


def invite(setup: Setup) -> str:
    """Everyone of ours in the channel; whoever selected the request may leave it."""
    there = setup.world.slack.members(setup.done["channel"]["id"])
    return _not_there([who["name"] for who in setup.facts["people"] if who["id"] not in there])


def share(setup: Setup) -> str:
    """Everyone of ours has access to the project's folder."""
    there = {one.email.casefold() for one in setup.world.drive.permissions(setup.done["folder"]["id"])}
    return _not_there([email for email in steps.access(setup) if email.casefold() not in there])


def _not_there(names: list[str]) -> str:
    return f"missing: {', '.join(dict.fromkeys(names))}" if names else ""


def bookmarks(setup: Setup) -> str:
    """The links at the channel's top."""
    there = setup.world.slack.bookmarks(setup.done["channel"]["id"])
    return _not_there([title for title, url in steps.links(setup).items() if url not in there])


def portfolio(setup: Setup) -> str:
    """The project's line, and the link in the request's row as long as that row stands."""
    book = setup.world.sheets.read(setup.world.backlog(), load("backlog"), ("requests", "portfolio"))
    row = book.row("requests", setup.request_id)
    lacking = [] if book.row("portfolio", setup.request_id) else ["the line"]
    return _not_there([*lacking, *(["the link"] if row and not row.record.project_link else [])])


def register(setup: Setup) -> str:
    """That the sweeps know the project, and its files as they are now."""
    row = setup.world.store.project(setup.request_id)
    wanted = {
        "folder_id": setup.done["folder"]["id"],
        "channel_id": setup.done["channel"]["id"],
        **{f"{name}_id": setup.done["files"][name]["id"] for name in steps.LINKS},
    }
    return "" if row and wanted.items() <= row.items() else "it pointed elsewhere"


def welcome(setup: Setup) -> str:
    """That it was said; a welcome that people deleted is not said again."""
    sending = setup.world.store.sending(f"welcome:{setup.request_id}")
    return "" if sending and sending.channel == setup.done["channel"]["id"] else "it was not said here"


def card(setup: Setup) -> str:
    """The card in the triage channel."""
    sending = setup.world.store.sending(f"setup:{setup.request_id}")
    if sending is None or not sending.channel or not sending.ts:
        return "it was never shown"
    return "" if sending.ts in setup.world.slack.standing(sending.channel, sending.ts) else "somebody deleted it"
