"""Commands, buttons, menus and shortcuts over Socket Mode with slack_bolt, shaped as Slack shapes them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from acting import (
    CARD,
    COMMAND,
    FORM,
    INES,
    PRIYA,
    RUTH,
    Control,
    reinstall,
    until,
)
from slack_bolt import App
from slack_sdk import WebClient

from bot.emulator.server import Running
from bot.emulator.workspace import Workspace

pytestmark = pytest.mark.usefixtures("nobody_left")


def test_a_command_arrives_with_everything_slack_sends(online: App, control: Control) -> None:
    """A slash command carries who, where and what, and its answer in the ack is shown to that person alone."""
    got: list[Any] = []

    @online.command(COMMAND)
    def take(ack: Any, body: Any) -> None:
        got.append(body)
        ack("Noted &amp; *done*")

    answer = control.act(INES, "command", channel="general", text=f"{COMMAND}  Harborpine Logistics")
    assert (answer["ack"], answer["views"]) == ("ok", [])
    assert got[0]["text"] == "Harborpine Logistics"
    assert got[0]["command"] == COMMAND
    assert got[0]["channel_name"] == "general"
    assert got[0]["user_name"] == "ines.duarte"
    assert got[0]["team_domain"] == "fernhill"
    assert got[0]["is_enterprise_install"] == "false"
    assert {"token", "team_id", "channel_id", "user_id", "api_app_id", "response_url", "trigger_id"} <= set(got[0])
    assert answer["told"] == "Noted & done"
    mine = control.channel(INES, "general")["messages"][-1]
    assert mine["ephemeral"] is True
    assert all(message["ts"] != mine["ts"] for message in control.channel(PRIYA, "general")["messages"])


def test_an_unknown_command_and_a_strangers_command_never_reach_the_app(online: App, control: Control) -> None:
    """Slack itself refuses a command that no app has, and any command of another organisation's people."""
    control.post("seed", {"channels": [{"name": "ext-harborpine", "members": [RUTH, INES]}]})
    unknown = control.act(INES, "command", channel="general", text="/nonsense")
    stranger = control.act(RUTH, "command", channel="ext-harborpine", text=COMMAND)
    assert [unknown["ack"], stranger["ack"]] == ["not_sent", "not_sent"]
    assert "not a valid command" in unknown["told"]


@pytest.mark.parametrize("escapes", [False, True])
def test_names_in_a_command(
    workspace: Workspace, running: Running, online: App, control: Control, client: WebClient, escapes: bool
) -> None:
    """With should_escape a command's people and channels come in Slack's notation, else as they were typed."""
    manifest = json.loads(json.dumps(workspace.settings.manifest))
    manifest["features"]["slash_commands"][0]["should_escape"] = escapes
    reinstall(running, workspace, manifest)
    got: list[str] = []
    online.command(COMMAND)(lambda ack, body: (got.append(body["text"]), ack()))
    control.act(INES, "command", channel="general", text=f"{COMMAND} @priya.nair in #random <@U0> & co")
    priya = next(row["id"] for row in control.get("people")["people"] if row["email"] == PRIYA)
    random = next(row["id"] for row in client.conversations_list()["channels"] if row["name"] == "random")
    escaped = f"<@{priya}|priya.nair> in <#{random}|random> <@U0> & co"
    assert got == [escaped if escapes else "@priya.nair in #random <@U0> & co"]


def test_late_and_missing_acks_are_told_to_the_person(online: App, control: Control, brisk: None) -> None:
    """A command that nobody acknowledges within three seconds ends in operation_timeout, shown in the channel."""
    answer = control.act(INES, "command", channel="general", text=COMMAND)
    assert answer["ack"] == "timeout"
    assert "operation_timeout" in answer["told"]
    assert control.texts(INES, "general")[-1] == answer["told"]


def test_without_any_connection_the_person_is_told_at_once(control: Control, brisk: None) -> None:
    """With no app connected a command fails with dispatch_failed."""
    answer = control.act(INES, "command", channel="general", text=COMMAND)
    assert answer["ack"] == "no_receiver"
    assert "dispatch_failed" in answer["told"]


def test_a_button_of_a_message(online: App, control: Control, client: WebClient, general: str) -> None:
    """block_actions of a message carry its container, the message, state, and a response_url that replaces it."""
    got: list[Any] = []

    @online.action("select")
    def take(ack: Any, body: Any, respond: Any) -> None:
        ack()
        got.append(body)
        respond(text="Selected", replace_original=True)

    ts = client.chat_postMessage(channel=general, text="A request", blocks=CARD)["ts"]
    answer = control.act(PRIYA, "press", channel="general", ts=ts, action_id="select")
    assert (answer["ack"], answer["told"]) == ("ok", None)
    until(lambda: "Selected" in control.texts(PRIYA, "general"))
    body = got[0]
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": general,
        "is_ephemeral": False,
    }
    assert body["channel"] == {"id": general, "name": "general"}
    assert (body["message"]["ts"], body["message"]["text"]) == (ts, "A request")
    assert body["user"]["username"] == "priya.nair"
    action = body["actions"][0]
    assert (action["type"], action["action_id"], action["block_id"]) == ("button", "select", "decide")
    assert (action["value"], action["text"]["text"]) == ("request-1", "Select")


def test_a_menu_of_a_message(online: App, control: Control, client: WebClient, general: str) -> None:
    """Choosing a person in a menu sends the user id, in `actions` and in `state`."""
    got: list[Any] = []
    online.action("pm")(lambda ack, body: (got.append(body), ack()))
    ts = client.chat_postMessage(channel=general, text="A request", blocks=CARD)["ts"]
    control.act(INES, "press", channel="general", ts=ts, action_id="pm", value=PRIYA)
    chosen = got[0]["actions"][0]["selected_user"]
    assert control.get("people")["people"][2]["id"] == chosen
    assert got[0]["state"]["values"] == {"decide": {"pm": {"type": "users_select", "selected_user": chosen}}}


def test_a_button_carries_what_was_chosen_beside_it(
    online: App, control: Control, client: WebClient, general: str
) -> None:
    """A press sends the state of all fields of its message, as that person chose them before, or as they began."""
    got: list[Any] = []
    for name in ("pm", "select"):
        online.action(name)(lambda ack, body: (got.append(body), ack()))
    blocks = json.loads(json.dumps(CARD))
    blocks[0]["elements"].append({"type": "datepicker", "action_id": "kickoff", "initial_date": "2026-12-01"})
    here = {"channel": "general", "ts": client.chat_postMessage(channel=general, text="A request", blocks=blocks)["ts"]}
    control.act(INES, "press", **here, action_id="pm", value=PRIYA)
    control.act(INES, "press", **here, action_id="select")
    control.act(PRIYA, "press", **here, action_id="select", values={"kickoff": "2026-12-07"})
    first, second = (body["state"]["values"]["decide"] for body in got[1:])
    assert first["pm"]["selected_user"] == got[0]["actions"][0]["selected_user"]
    assert first["kickoff"] == {"type": "datepicker", "selected_date": "2026-12-01"}
    assert second["pm"]["selected_user"] is None
    assert second["kickoff"]["selected_date"] == "2026-12-07"


def test_what_nobody_could_press_is_refused(control: Control, client: WebClient, general: str) -> None:
    """A button that is not there, another value, an unseen message: a sentence with 400, not a payload."""
    ts = client.chat_postMessage(channel=general, text="A request", blocks=CARD)["ts"]
    press = f"people/{INES}/press"
    here = {"channel": "general", "ts": ts}
    assert "decide/select" in control.refused(press, {**here, "action_id": "gone"})
    assert "request-1" in control.refused(press, {**here, "action_id": "select", "value": "other"})
    assert "no person" in control.refused(press, {**here, "action_id": "pm", "value": "nobody"})
    assert "sees no message" in control.refused(press, {**here, "ts": "1.1", "action_id": "pm"})
    assert "sees no channel" in control.refused(press, {**here, "channel": "secret", "action_id": "pm"})


def test_a_button_in_an_ephemeral_message(online: App, control: Control, client: WebClient, general: str) -> None:
    """An ephemeral message's press comes without the message, and its response_url replaces what that person sees."""
    got: list[Any] = []

    @online.action("select")
    def take(ack: Any, body: Any, respond: Any) -> None:
        ack()
        got.append(body)
        respond("Thank you")

    ines = control.get("people")["people"][0]["id"]
    client.chat_postEphemeral(channel=general, user=ines, text="Only you", blocks=CARD)
    ts = control.channel(INES, "general")["messages"][-1]["ts"]
    control.act(INES, "press", channel="general", ts=ts, action_id="select")
    until(lambda: control.texts(INES, "general")[-1] == "Thank you")
    assert got[0]["container"]["is_ephemeral"] is True
    assert "message" not in got[0]


def test_an_external_select_of_a_message(online: App, control: Control, client: WebClient, general: str) -> None:
    """In a message block_suggestion carries the message, groups are offered, and the choice is a block_actions."""
    option = {"text": {"type": "plain_text", "text": "Harborpine"}, "value": "h"}
    got: list[Any] = []
    groups = [{"label": {"type": "plain_text", "text": "Customers"}, "options": [option]}]
    online.options("customers")(lambda ack, body: (got.append(body), ack(option_groups=groups)))
    online.action("customers")(lambda ack, body: (got.append(body), ack()))
    select = {"type": "external_select", "action_id": "customers"}
    blocks = [{"type": "actions", "block_id": "who", "elements": [select]}]
    ts = client.chat_postMessage(channel=general, text="Whose?", blocks=blocks)["ts"]
    here = {"channel": "general", "ts": ts, "action_id": "customers"}
    assert control.act(PRIYA, "suggest", **here, text="Har")["options"] == [option]
    assert control.act(PRIYA, "press", **here, value="h")["ack"] == "ok"
    asked, chosen = got
    assert (asked["type"], asked["value"], asked["block_id"]) == ("block_suggestion", "Har", "who")
    assert (asked["container"]["message_ts"], asked["message"]["text"]) == (ts, "Whose?")
    assert chosen["actions"][0]["selected_option"] == option


def test_shortcuts(online: App, control: Control, client: WebClient, general: str) -> None:
    """A message shortcut carries the message it was chosen on; one the manifest lacks cannot be chosen."""
    got: list[Any] = []
    online.shortcut("note_risk")(lambda ack, body: (got.append(body), ack()))
    online.event("message")(lambda event: None)
    ts = control.act(PRIYA, "post", channel="general", text="The cluster is too small")["ts"]
    answer = control.act(PRIYA, "shortcut", callback_id="note_risk", channel="general", ts=ts)
    assert answer["ack"] == "ok"
    assert (got[0]["type"], got[0]["callback_id"], got[0]["message_ts"]) == ("message_action", "note_risk", ts)
    assert got[0]["message"]["text"] == "The cluster is too small"
    assert {"trigger_id", "response_url", "action_ts", "channel", "team", "user"} <= set(got[0])
    assert "note_risk" in control.refused(
        f"people/{PRIYA}/shortcut", {"callback_id": "x", "channel": "general", "ts": ts}
    )


def test_a_global_shortcut(workspace: Workspace, running: Running, online: App, control: Control) -> None:
    """A global shortcut comes without a channel, with a trigger that opens a modal."""
    manifest = json.loads(json.dumps(workspace.settings.manifest))
    manifest["features"]["shortcuts"].append(
        {"name": "Ask", "type": "global", "callback_id": "ask", "description": "Ask for an implementation"}
    )
    reinstall(running, workspace, manifest)

    @online.shortcut("ask")
    def ask(ack: Any, body: Any, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)
        assert (body["type"], "channel" in body) == ("shortcut", False)

    assert control.act(INES, "shortcut", callback_id="ask")["ack"] == "ok"
    until(lambda: control.sees(INES)["views"])


def test_an_app_without_interactivity(
    workspace: Workspace, running: Running, control: Control, client: WebClient, general: str
) -> None:
    """Where the manifest lacks interactivity, Slack says so instead of sending anything."""
    manifest = json.loads(json.dumps(workspace.settings.manifest))
    manifest["settings"]["interactivity"]["is_enabled"] = False
    reinstall(running, workspace, manifest)
    ts = client.chat_postMessage(channel=general, text="A request", blocks=CARD)["ts"]
    answer = control.act(INES, "press", channel="general", ts=ts, action_id="select")
    assert answer["ack"] == "error"
    assert "not configured" in answer["told"]


def test_a_button_of_the_home_tab(online: App, control: Control, client: WebClient) -> None:
    """block_actions of a home tab carry the view; nobody else's home can be pressed."""
    got: list[Any] = []
    online.action("select")(lambda ack, body: (got.append(body), ack()))
    ines = control.get("people")["people"][0]["id"]
    view = client.views_publish(user_id=ines, view={"type": "home", "blocks": CARD})["view"]
    assert control.act(INES, "press", view_id=view["id"], action_id="select")["ack"] == "ok"
    assert (got[0]["container"]["view_id"], got[0]["view"]["type"]) == (view["id"], "home")
    assert "no view" in control.refused(f"people/{PRIYA}/press", {"view_id": view["id"], "action_id": "select"})
