"""Forms and cards on the page that need more than a click: selects the app fills, files, invitations, recent blocks."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from page_visit import COMMAND, Visitor, app_of, installed
from slack_sdk import WebClient
from waiting import until

from bot.emulator.server import Running
from bot.emulator.workspace import Workspace

Row = dict[str, Any]
OPTION = {"text": {"type": "plain_text", "text": "Harborpine"}, "value": "h"}


@pytest.fixture
def workspace(running: Running) -> Iterator[Workspace]:
    """A workspace whose app has a slash command."""
    with installed(running) as found:
        yield found


@pytest.fixture
def ines(workspace: Workspace) -> Visitor:
    return Visitor(workspace, "ines.duarte")


@pytest.fixture
def client(workspace: Workspace) -> WebClient:
    """The app's own client, in #general."""
    made = WebClient(token=workspace.secrets.slack_bot_token, base_url=f"{workspace.url}/api/")
    made.conversations_join(channel=general_of(made))
    return made


def general_of(client: WebClient) -> str:
    """The id of #general."""
    return str(next(row["id"] for row in client.conversations_list()["channels"] if row["name"] == "general"))


def field(name: str, element: Row) -> Row:
    """An input block."""
    return {
        "type": "input",
        "block_id": name,
        "label": {"type": "plain_text", "text": name.title()},
        "element": element,
    }


def test_a_select_that_the_app_fills_and_a_file(workspace: Workspace, ines: Visitor, client: WebClient) -> None:
    """What is typed asks the app; its options are then in the menu; a file goes with the form."""
    view = {
        "type": "modal",
        "callback_id": "request",
        "title": {"type": "plain_text", "text": "Request"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            field("customer", {"type": "external_select", "action_id": "customers", "min_query_length": 1}),
            field("plan", {"type": "file_input", "action_id": "plan", "filetypes": ["txt"]}),
        ],
    }
    got: list[Row] = []

    def listen(app: Any) -> None:
        @app.command(COMMAND["command"])
        def show(ack: Any, body: Row, client: WebClient) -> None:
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=view)

        app.options("customers")(lambda ack: ack(options=[OPTION]))
        app.view("request")(lambda ack, view: (got.append(view["state"]["values"]), ack()))

    with app_of(workspace, listen):
        ines.does("command", channel=general_of(client), text=COMMAND["command"])
        seen = until(lambda: page if "data-suggest" in (page := ines.sees()) else "")
        assert 'data-least="1"' in seen
        assert 'type="file"' in seen
        assert 'accept=".txt"' in seen
        assert 'value="h"' not in seen
        opened = seen.split('data-view="', 1)[1].split('"', 1)[0]
        ines.does("suggest", view_id=opened, action_id="customers", block_id="customer", text="Har")
        assert '<option value="h" >Harborpine</option>' in ines.sees()
        file = {"name": "plan.txt", "content": base64.b64encode(b"Hello").decode()}
        assert ines.does("submit", view_id=opened, values={"customer": "h", "plan": [file]})["response"] == "closed"
    assert got[0]["customer"]["customers"]["selected_option"] == OPTION
    assert got[0]["plan"]["plan"]["files"][0]["size"] == 5


def test_an_invitation_is_accepted_on_the_page(workspace: Workspace, ines: Visitor, client: WebClient) -> None:
    """Whom the app invites by Slack Connect sees the invitation in the sidebar, and after accepting the channel."""
    ruth = Visitor(workspace, "ruth.osei@harborpine.example")
    channel = client.conversations_create(name="ext-harborpine")["channel"]["id"]
    assert "invites you" not in ruth.reads()
    invite = client.conversations_inviteShared(channel=channel, emails=[ruth_of(workspace)])["invite_id"]
    assert "implbot invites you to #ext-harborpine" in ruth.reads()
    assert "invites you" not in ines.reads()
    assert "no" in ines.cannot("accept_invitation", invite_id=invite).lower()
    assert f"channel={channel}" in ruth.does("accept_invitation", invite_id=invite)["go"]
    assert "#ext-harborpine" in ruth.reads(channel=channel)


def ruth_of(workspace: Workspace) -> str:
    """The address of the customer's sponsor."""
    return str(next(row["email"] for row in workspace.people().values() if row["org"] == "harborpine"))


TEXT = {"type": "plain_text", "text": "<b>Late</b>"}
RICH = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "rich"}]}],
}
CARD = {"type": "card", "title": TEXT, "actions": [{"type": "button", "action_id": "go", "text": TEXT}]}
TASK = {"type": "task_card", "task_id": "1", "title": "Copy", "status": "complete", "details": RICH}
CELL = {"type": "raw_text", "text": "cell"}


@pytest.mark.parametrize(
    ("block", "html"),
    [
        ({"type": "alert", "text": TEXT, "level": "error"}, 'class="b alert error"'),
        (CARD, 'data-press="go"'),
        ({"type": "carousel", "elements": [CARD]}, 'class="b carousel"'),
        ({"type": "container", "title": TEXT, "child_blocks": [CARD], "is_collapsible": True}, "<details"),
        ({"type": "plan", "title": "Set-up", "tasks": [TASK]}, "✓ Copy"),
        (TASK, "rich"),
        ({"type": "data_table", "caption": "Tasks", "rows": [[CELL], [CELL]]}, "<caption>Tasks</caption>"),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else "",
)
def test_recent_blocks_are_drawn(ines: Visitor, client: WebClient, block: Row, html: str) -> None:
    """Each becomes what a person can read and press, and its text stays text."""
    client.chat_postMessage(channel=general_of(client), text="card", blocks=[block])
    seen = ines.sees()
    assert html in seen
    assert "<b>Late</b>" not in seen
