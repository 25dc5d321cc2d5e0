"""The coverage table: every method of Slack's official client, what the workspace does of it, and the test of it.

`python -m bot.emulator.slack.coverage` writes it anew to COVERAGE.md beside this module; a test holds it there.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from pathlib import Path

from slack_sdk.web import client as official

from bot.emulator.proof import find_test
from bot.emulator.slack import methods
from bot.emulator.slack.gateway import METHODS

PLACE = Path(__file__).with_name("COVERAGE.md")
TESTS = Path(__file__).parents[3] / "tests" / "emulator" / "slack"
HEAD = """# What the embedded workspace does of Slack's Web API

Written by `python -m bot.emulator.slack.coverage` from the registered methods. *refused* methods answer
`{"ok": false, "error": "unknown_method", "req_method": …}`.

| method | state | notes | test |
|---|---|---|---|
"""

REFUSED = {  # what Slack has and the workspace has not, by family
    "admin": "administration of Enterprise organisations",
    "agents": "agents",
    "apps": "manifests, approvals and uninstalling by API",
    "assistant": "assistant threads and search",
    "auth": "revoking and listing authorisations",
    "calls": "calls",
    "canvases": "canvases",
    "channels": "replaced by conversations.*",
    "chat": "streamed messages",
    "conversations": "canvases, and answering Slack Connect invitations by API",
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
    "reactions": "the reactions of one person",
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
class Row:
    """One method of the table. `state`: supported, partial or refused; `test`: file::function, "" for none."""

    method: str
    state: str
    notes: str
    test: str


def every_method() -> list[str]:
    """The methods that the official client can call, and those that only the workspace knows, by name."""
    methods.load()
    called = re.findall(r'api_call\(\s*"([\w.]+)"', inspect.getsource(official))
    return sorted({*called, *METHODS})


def rows() -> list[Row]:
    """The table by name."""
    sources = {path.name: path.read_text("utf-8") for path in sorted(TESTS.glob("test_*.py"))}
    return [_row(name, sources) for name in every_method()]


def _row(name: str, sources: dict[str, str]) -> Row:
    known = METHODS.get(name)
    if known is None:
        return Row(name, "refused", REFUSED[name.split(".", maxsplit=1)[0]], "")
    return Row(name, "partial" if known.notes else "supported", known.notes, _shown_by(name, sources))


def _shown_by(method: str, sources: dict[str, str]) -> str:
    """The first test that calls the method: by the official client's function, else by its name."""
    family = method.split(".", maxsplit=1)[0]
    patterns = (rf"\b{method.replace('.', '_')}\b", re.escape(f'"{method}"'), re.escape(f"/{method}"))
    return find_test(patterns, sources, lambda name: _distance(family, name))


def _distance(family: str, name: str) -> int:
    """Files of the method's own family first, then those of the Web API, then the rest."""
    return 0 if family in name else 1 if name.startswith("test_web") else 2


def table() -> str:
    """The Markdown of COVERAGE.md."""
    lines = [f"| {row.method} | {row.state} | {row.notes} | {row.test} |" for row in rows()]
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PLACE.write_text(table(), "utf-8")
