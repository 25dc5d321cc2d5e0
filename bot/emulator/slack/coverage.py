"""The table of what the emulator does of Slack's Web API, made from the registered methods."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.emulator.slack import methods
from bot.emulator.slack.gateway import METHODS, Method

TESTS = {  # family → the test file that drives it; the longest name that fits counts
    "api": "test_web_wire.py",
    "apps": "test_delivery_socket.py",
    "auth": "test_web_identity.py",
    "bookmarks": "test_web_marks.py",
    "bots": "test_web_identity.py",
    "chat": "test_web_chat.py",
    "chat.deleteScheduledMessage": "test_web_schedule.py",
    "chat.scheduleMessage": "test_web_schedule.py",
    "chat.scheduledMessages": "test_web_schedule.py",
    "conversations": "test_web_conversations.py",
    "conversations.history": "test_web_history.py",
    "conversations.inviteShared": "test_web_connect.py",
    "conversations.listConnectInvites": "test_web_connect.py",
    "conversations.replies": "test_web_history.py",
    "files": "test_web_files.py",
    "pins": "test_web_marks.py",
    "reactions": "test_web_marks.py",
    "team": "test_web_identity.py",
    "usergroups": "test_web_identity.py",
    "users": "test_web_identity.py",
    "views": "test_views_modals.py",
}

REFUSED = {  # what Slack has and the emulator answers with unknown_method; a family stands for all its other methods
    "admin": "administration of Enterprise organisations",
    "agents": "agents",
    "apps": "manifests, approvals and uninstalling by API",
    "assistant": "assistant threads and search",
    "auth": "revoking and listing authorisations",
    "calls": "calls",
    "canvases": "canvases",
    "channels": "replaced by conversations.*",
    "chat": "unfurling and streamed messages",
    "conversations": "canvases, and answering Slack Connect invitations from the inviting side",
    "dialog": "replaced by views.*",
    "dnd": "do not disturb",
    "emoji": "custom emoji",
    "entity": "work objects",
    "files": "remote files, public links and the retired files.upload",
    "functions": "workflow steps",
    "groups": "replaced by conversations.*",
    "im": "replaced by conversations.*",
    "migration": "Enterprise migration",
    "mpim": "replaced by conversations.*",
    "oauth": "installing: the app is installed from its manifest at start",
    "openid": "sign in with Slack",
    "reactions": "reactions.list",
    "reminders": "reminders",
    "rtm": "replaced by Socket Mode",
    "search": "search, which bots cannot use",
    "slackLists": "lists",
    "slackbot": "Slackbot's responses",
    "stars": "retired",
    "team": "logs, billing, preferences and profile fields",
    "tooling": "tokens for configuration",
    "usergroups": "changing groups: seed them instead",
    "users": "changing people: seed them instead",
    "workflows": "workflows",
}


@dataclass(frozen=True)
class Line:
    """One line of the table: a method (or "family.*"), supported, partial or refused, notes, and where it is tested."""

    method: str
    state: str
    notes: str
    test: str


def lines() -> list[Line]:
    """The whole table, by name; refused families stand for all methods that have no line of their own."""
    methods.load()
    known = [_known(METHODS[name]) for name in METHODS]
    refused = [Line(f"{family}.*", "refused", notes, "test_web_wire.py") for family, notes in REFUSED.items() if notes]
    return sorted([*known, *refused], key=lambda line: line.method)


def _known(found: Method) -> Line:
    return Line(found.name, "partial" if found.notes else "supported", found.notes, tested_in(found.name))


def tested_in(name: str) -> str:
    """The test file for a method; "" when none is named."""
    fitting = [family for family in TESTS if name == family or name.startswith(f"{family}.")]
    return TESTS[max(fitting, key=len)] if fitting else ""


def table(rows: Iterable[Line] | None = None) -> str:
    """The table in Markdown."""
    head = "| method | state | notes | tested in |\n| --- | --- | --- | --- |\n"
    return head + "".join(f"| {r.method} | {r.state} | {r.notes} | {r.test} |\n" for r in rows or lines())
