"""The coverage table says what is there, and the manifest is read as Slack reads it."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from slack_sdk.web import client as official

from bot.emulator.slack import coverage, gateway, manifest

PROMISED = [
    "auth.test",
    "api.test",
    "apps.connections.open",
    "team.info",
    "bots.info",
    "chat.postMessage",
    "chat.update",
    "chat.delete",
    "chat.postEphemeral",
    "chat.getPermalink",
    "chat.scheduleMessage",
    "chat.scheduledMessages.list",
    "chat.deleteScheduledMessage",
    "conversations.create",
    "conversations.info",
    "conversations.list",
    "conversations.history",
    "conversations.replies",
    "conversations.members",
    "conversations.invite",
    "conversations.kick",
    "conversations.join",
    "conversations.leave",
    "conversations.open",
    "conversations.archive",
    "conversations.unarchive",
    "conversations.rename",
    "conversations.setTopic",
    "conversations.setPurpose",
    "conversations.inviteShared",
    "users.info",
    "users.list",
    "users.lookupByEmail",
    "users.conversations",
    "users.profile.get",
    "usergroups.list",
    "usergroups.users.list",
    "views.open",
    "views.push",
    "views.update",
    "views.publish",
    "bookmarks.add",
    "bookmarks.list",
    "bookmarks.edit",
    "bookmarks.remove",
    "reactions.add",
    "reactions.get",
    "reactions.remove",
    "pins.add",
    "files.getUploadURLExternal",
    "files.completeUploadExternal",
    "files.info",
]


def test_every_promised_method_is_there() -> None:
    """Nothing of the promise is missing."""
    coverage.lines()
    assert set(PROMISED) <= set(gateway.METHODS)


def test_every_method_of_the_official_client_has_a_line() -> None:
    """A method is either registered or belongs to a family that the table names as refused."""
    every = set(re.findall(r'api_call\(\s*"([\w.]+)"', inspect.getsource(official)))
    named = {line.method for line in coverage.lines()}
    lost = {name for name in every if name not in named and f"{name.split('.')[0]}.*" not in named}
    assert len(every) > 300
    assert lost <= {"blocks.validate"}


def test_each_line_names_a_test_that_calls_the_method() -> None:
    """The file in the last column mentions the method, by its name or by the client's."""
    here = Path(__file__).parent
    for line in coverage.lines():
        if line.state == "refused" or not (here / line.test).exists():
            continue
        words = (here / line.test).read_text()
        assert line.method in words or line.method.replace(".", "_") in words, line.method


def test_the_table_is_markdown() -> None:
    """One row per line, four columns."""
    rows = coverage.table().strip().splitlines()
    assert len(rows) == len(coverage.lines()) + 2
    assert all(row.count("|") == 5 for row in rows)


def test_a_manifest_is_read() -> None:
    """Scopes, events, commands and switches come out of the manifest."""
    plan = manifest.parse(manifest.everything("Implementation Bot"))
    assert plan.bot_name == "Implementation Bot"
    assert "chat:write" in plan.scopes
    assert "app_mention" in plan.events
    assert plan.home_tab
    assert plan.socket_mode


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"display_information": {"name": "x" * 36}}, "display_information.name is longer than 35"),
        ({"display_information": {}}, "display_information.name is required"),
        ({"features": {"slash_commands": [{"command": "ask", "description": "x"}]}}, "must begin with a slash"),
        ({"features": {"slash_commands": [{"command": "/ask"}]}}, "slash_commands[0].description is required"),
        ({"features": {"shortcuts": [{"name": "n", "callback_id": "c", "type": "odd"}]}}, "message or global"),
        ({"oauth_config": {"scopes": {"bot": ["no scope!"]}}}, "is no scope"),
    ],
)
def test_a_manifest_slack_would_refuse_is_refused_with_the_place(change: dict[str, object], fault: str) -> None:
    """Every fault is named."""
    with pytest.raises(manifest.ManifestError, match=re.escape(fault)):
        manifest.parse(manifest.everything() | change)
