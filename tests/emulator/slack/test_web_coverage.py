"""The coverage table says what is there, and the manifest is read as Slack reads it."""

from __future__ import annotations

import re

import pytest

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
    coverage.every_method()
    assert set(PROMISED) <= set(gateway.METHODS)


def test_the_table_names_every_method_of_the_official_client() -> None:
    """Every method has one row, in the order of names: supported, partial, or refused with the reason."""
    rows = coverage.rows()
    assert [row.method for row in rows] == sorted({row.method for row in rows})
    assert len(rows) > 300
    assert {row.state for row in rows} == {"supported", "partial", "refused"}
    assert [row.method for row in rows if row.state != "supported" and not row.notes] == []


def test_what_is_supported_has_a_test() -> None:
    """No method is called supported without a test that calls it, and each named test is there."""
    done = [row for row in coverage.rows() if row.state != "refused"]
    assert [row.method for row in done if not row.test] == []
    for row in done:
        name, _, function = row.test.partition("::")
        assert f"def {function}(" in (coverage.TESTS / name).read_text("utf-8"), row


def test_the_written_table_is_up_to_date() -> None:
    """COVERAGE.md says what the methods say, and names tests that are there."""
    lines = [line for line in coverage.PLACE.read_text("utf-8").splitlines() if re.match(r"\| \w+\.", line)]
    written = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [cells[:3] for cells in written] == [[row.method, row.state, row.notes] for row in coverage.rows()]
    for *_, test in written:
        name, _, function = test.partition("::")
        assert not name or f"def {function}(" in (coverage.TESTS / name).read_text("utf-8"), test


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
        ({"display_information": {"name": "x", "long_description": "short"}}, "174 to 4000 characters"),
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
