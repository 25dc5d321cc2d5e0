"""Over Socket Mode, with slack_bolt unmodified: everything a person does reaches the app, shaped as Slack shapes it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import pytest
from acting import INES, PRIYA, RUTH, Control, alone, bolt, connected, until
from slack_asking import on_loop
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient
from websockets.exceptions import InvalidStatus
from websockets.protocol import State
from websockets.sync.client import connect as websocket

from bot.emulator.server import Running
from bot.emulator.slack import delivery
from bot.emulator.workspace import Workspace

COMMAND = "/implementation-request"
TYPED = {"channel": "general", "text": COMMAND}
FORM = {
    "type": "modal",
    "callback_id": "request",
    "notify_on_close": True,
    "private_metadata": "opaque",
    "title": {"type": "plain_text", "text": "Request"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "customer",
            "label": {"type": "plain_text", "text": "Customer"},
            "element": {"type": "plain_text_input", "action_id": "customer", "max_length": 20},
        },
        {
            "type": "input",
            "block_id": "link",
            "optional": True,
            "label": {"type": "plain_text", "text": "Link"},
            "element": {"type": "url_text_input", "action_id": "link"},
        },
    ],
}
CARD = [
    {
        "type": "actions",
        "block_id": "decide",
        "elements": [
            {
                "type": "button",
                "action_id": "select",
                "text": {"type": "plain_text", "text": "Select"},
                "value": "request-1",
            },
            {"type": "users_select", "action_id": "pm", "placeholder": {"type": "plain_text", "text": "PM"}},
        ],
    }
]


@pytest.fixture
def control(workspace: Workspace) -> Control:
    """The control API."""
    return Control(workspace)


@pytest.fixture
def app(workspace: Workspace) -> App:
    """An app without listeners yet."""
    return bolt(workspace)


@pytest.fixture
def online(workspace: Workspace, app: App) -> Iterator[App]:
    """The app, connected."""
    with connected(workspace, app):
        yield app


def opened(control: Control, app: App, view: dict[str, Any] = FORM) -> str:
    """The id of a modal that the app opened for Ines after her command."""

    @app.command(COMMAND)
    def show(ack: Any, body: Any, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view)

    control.act(INES, "command", channel="general", text=COMMAND)
    return str(until(lambda: control.sees(INES)["views"])[0]["id"])


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


def test_a_wrong_field_is_refused_by_slack_before_the_app_is_asked(online: App, control: Control) -> None:
    """Required fields, lengths and addresses are checked in the form; the app hears nothing of it."""
    got: list[Any] = []
    online.view("request")(lambda ack, body: (got.append(body), ack()))
    view = opened(control, online)
    missing = control.act(INES, "submit", view_id=view, values={})
    assert (missing["ack"], missing["response"]) == ("not_sent", "errors")
    assert missing["errors"] == {"customer": "Please complete this required field."}
    wrong = control.act(INES, "submit", view_id=view, values={"customer": "x" * 21, "link": "not a link"})
    assert set(wrong["errors"]) == {"customer", "link"}
    assert got == []


def test_a_form_is_answered_inside_the_form_and_then_closes(online: App, control: Control) -> None:
    """Errors of the app stand under their fields and the form stays; a plain ack closes it."""
    got: list[Any] = []

    @online.view("request")
    def take(ack: Any, body: Any) -> None:
        got.append(body)
        if len(got) == 1:
            ack(response_action="errors", errors={"link": "Only our CRM, please."})
        else:
            ack()

    view = opened(control, online)
    first = control.act(
        INES, "submit", view_id=view, values={"customer": "Harborpine", "link": "https://crm.quillstone.example/1"}
    )
    assert (first["response"], first["errors"]) == ("errors", {"link": "Only our CRM, please."})
    assert [shown["id"] for shown in first["views"]] == [view]
    second = control.act(INES, "submit", view_id=view, values={"link": "https://crm.fernhill.example/1"})
    assert (second["response"], second["views"]) == ("closed", [])
    values = got[1]["view"]["state"]["values"]
    assert values["customer"]["customer"] == {"type": "plain_text_input", "value": "Harborpine"}
    assert values["link"]["link"] == {"type": "url_text_input", "value": "https://crm.fernhill.example/1"}
    assert got[1]["view"]["private_metadata"] == "opaque"
    assert got[1]["response_urls"] == []


@pytest.mark.parametrize(("action", "depth"), [("update", 1), ("push", 2), ("clear", 0)])
def test_a_submission_can_update_push_and_clear(online: App, control: Control, action: str, depth: int) -> None:
    """The ack's response_action changes the stack of modals."""
    other = {**FORM, "title": {"type": "plain_text", "text": "Next"}}

    @online.view("request")
    def take(ack: Any) -> None:
        ack(response_action=action, **({} if action == "clear" else {"view": other}))

    answer = control.act(INES, "submit", view_id=opened(control, online), values={"customer": "Harborpine"})
    assert answer["ack"] == "ok"
    assert len(answer["views"]) == depth
    assert all(view["title"]["text"] == "Next" for view in answer["views"][-1:])


def test_a_form_that_was_closed_meanwhile(online: App, control: Control) -> None:
    """When the person closes the form while the app is thinking, its answer changes nothing."""
    view = opened(control, online)

    @online.view("request")
    def take(ack: Any) -> None:
        control.act(INES, "close", view_id=view)
        ack(response_action="update", view=FORM)

    online.view_closed("request")(lambda ack: ack())
    answer = control.act(INES, "submit", view_id=view, values={"customer": "Harborpine"})
    assert (answer["ack"], answer["response"], answer["views"]) == ("ok", "closed", [])


def test_a_submission_that_is_never_acknowledged_leaves_the_form_open(
    workspace: Workspace, online: App, control: Control
) -> None:
    """The person reads that connecting failed, and nothing they typed is lost."""
    view = opened(control, online)
    workspace.settings = replace(workspace.settings, ack_seconds=0.2)
    answer = control.act(INES, "submit", view_id=view, values={"customer": "Harborpine"})
    assert (answer["ack"], answer["response"]) == ("timeout", "failed")
    assert "trouble connecting" in answer["told"]
    kept = answer["views"][0]["state"]["values"]["customer"]["customer"]["value"]
    assert kept == "Harborpine"


def test_errors_for_a_block_that_is_no_field_are_a_failure(online: App, control: Control) -> None:
    """An app that names something else than an input block gets Slack's connection trouble, not silence."""
    online.view("request")(lambda ack: ack(response_action="errors", errors={"nowhere": "?"}))
    answer = control.act(INES, "submit", view_id=opened(control, online), values={"customer": "Harborpine"})
    assert (answer["ack"], answer["response"]) == ("error", "failed")


def test_closing_tells_the_app_only_when_it_asked(online: App, control: Control) -> None:
    """view_closed comes for notify_on_close, with is_cleared for the X."""
    got: list[Any] = []
    online.view_closed("request")(lambda ack, body: (got.append(body), ack()))
    view = opened(control, online)
    answer = control.act(INES, "close", view_id=view, everything=True)
    assert (answer["ack"], answer["views"]) == ("ok", [])
    assert (got[0]["type"], got[0]["is_cleared"], got[0]["view"]["id"]) == ("view_closed", True, view)


def test_a_form_may_close_unnoticed(online: App, control: Control) -> None:
    """Without notify_on_close nothing is sent."""
    view = opened(control, online, {**FORM, "notify_on_close": False})
    assert control.act(INES, "close", view_id=view)["ack"] == "not_sent"


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


def test_a_button_in_a_modal_changes_the_modal(online: App, control: Control) -> None:
    """block_actions of a view carry the view with what was typed so far; views.update keeps what stays."""
    got: list[Any] = []
    view = json.loads(json.dumps(FORM))
    view["blocks"].append(CARD[0])

    @online.action("select")
    def take(ack: Any, body: Any, client: WebClient) -> None:
        ack()
        got.append(body)
        changed = {**view, "title": {"type": "plain_text", "text": "Changed"}}
        client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=changed)

    view_id = opened(control, online, view)
    control.act(INES, "press", view_id=view_id, action_id="select", values={"customer": "Harborpine"})
    shown = until(lambda: [v for v in control.sees(INES)["views"] if v["title"]["text"] == "Changed"])[0]
    assert shown["state"]["values"]["customer"]["customer"]["value"] == "Harborpine"
    assert got[0]["container"] == {"type": "view", "view_id": view_id}
    assert got[0]["view"]["state"]["values"]["customer"]["customer"]["value"] == "Harborpine"
    assert "is a field of a form" in control.refused(
        f"people/{INES}/press", {"view_id": view_id, "action_id": "customer"}
    )


def test_an_external_select_asks_the_app(online: App, control: Control) -> None:
    """Typing into an external select sends block_suggestion, and the app's options come back."""
    option = {"text": {"type": "plain_text", "text": "Harborpine"}, "value": "h"}
    online.options("customers")(lambda ack: ack(options=[option]))
    select = {"type": "external_select", "action_id": "customers", "min_query_length": 0}
    block = {"type": "input", "block_id": "who", "label": {"type": "plain_text", "text": "Who"}, "element": select}
    view_id = opened(control, online, {**FORM, "blocks": [block]})
    answer = control.act(INES, "suggest", view_id=view_id, action_id="customers", text="Har")
    assert answer["options"] == [option]


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


def reinstall(running: Running, workspace: Workspace, manifest: dict[str, Any]) -> None:
    """Install the app again from another manifest."""
    workspace.settings = replace(workspace.settings, manifest=manifest)
    on_loop(running, workspace.install)


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


def test_socket_mode_must_be_on(workspace: Workspace, running: Running) -> None:
    """An app whose manifest has Socket Mode off gets no connection."""
    manifest = json.loads(json.dumps(workspace.settings.manifest))
    manifest["settings"]["socket_mode_enabled"] = False
    reinstall(running, workspace, manifest)
    client = WebClient(base_url=f"{workspace.url}/api/")
    with pytest.raises(SlackApiError, match="socket_mode_not_enabled"):
        client.apps_connections_open(app_token=workspace.secrets.slack_app_token)


def test_a_form_can_answer_where_it_was_asked_to(online: App, control: Control) -> None:
    """A channel menu with response_url_enabled gives the submission a response_url for the chosen channel."""

    @online.view("request")
    def take(ack: Any, body: Any) -> None:
        ack()
        WebhookClient(body["response_urls"][0]["response_url"]).send(text="For all", response_type="in_channel")

    menu = {"type": "conversations_select", "action_id": "where", "response_url_enabled": True}
    block = {"type": "input", "block_id": "where", "label": {"type": "plain_text", "text": "Where"}, "element": menu}
    view_id = opened(control, online, {**FORM, "blocks": [block]})
    assert control.act(INES, "submit", view_id=view_id, values={"where": "general"})["response"] == "closed"
    until(lambda: "For all" in control.texts(PRIYA, "general"))


def test_a_button_of_the_home_tab(online: App, control: Control, client: WebClient) -> None:
    """block_actions of a home tab carry the view; nobody else's home can be pressed."""
    got: list[Any] = []
    online.action("select")(lambda ack, body: (got.append(body), ack()))
    ines = control.get("people")["people"][0]["id"]
    view = client.views_publish(user_id=ines, view={"type": "home", "blocks": CARD})["view"]
    assert control.act(INES, "press", view_id=view["id"], action_id="select")["ack"] == "ok"
    assert (got[0]["container"]["view_id"], got[0]["view"]["type"]) == (view["id"], "home")
    assert "no view" in control.refused(f"people/{PRIYA}/press", {"view_id": view["id"], "action_id": "select"})


def test_the_other_events(online: App, control: Control, other: WebClient, general: str) -> None:
    """What else the manifest subscribes to arrives: people, channels, edits, deletions, pins, reactions."""
    got: list[Any] = []
    online.event(re.compile(".+"))(lambda event: got.append(event))
    control.post("seed", {"people": [{"email": "nina.park@fernhill.example"}]})
    control.post("seed", {"people": [{"email": "nina.park@fernhill.example", "title": "Engineer"}]})
    other.conversations_join(channel=general)
    made = other.conversations_create(name="impl-quillstone")["channel"]["id"]
    other.conversations_rename(channel=made, name="impl-quillstone-2")
    other.conversations_archive(channel=made)
    said = control.act(INES, "post", channel="general", text="One")["ts"]
    other.pins_add(channel=general, timestamp=said)
    other.pins_remove(channel=general, timestamp=said)
    other.reactions_add(channel=general, timestamp=said, name="eyes")
    other.reactions_remove(channel=general, timestamp=said, name="eyes")
    control.act(INES, "edit_message", channel="general", ts=said, text="Two")
    control.act(INES, "delete_message", channel="general", ts=said)
    expected = {"team_join", "user_change", "channel_created", "channel_rename", "channel_archive", "message"}
    expected |= {"pin_added", "pin_removed", "reaction_added", "reaction_removed"}
    until(lambda: expected <= {event["type"] for event in got})
    until(lambda: {"message_changed", "message_deleted"} <= {event.get("subtype") for event in got})
    assert all(isinstance(event["user"], dict) for event in got if event["type"] == "team_join")


def test_the_home_tab(online: App, control: Control) -> None:
    """Opening the app's home sends app_home_opened; what the app publishes is what the person sees there."""
    got: list[Any] = []

    @online.event("app_home_opened")
    def show(event: Any, client: WebClient) -> None:
        got.append(event)
        block = {"type": "section", "text": {"type": "plain_text", "text": "Your week"}}
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [block]})

    assert control.act(PRIYA, "open_home")["ack"] == "ok"
    home = until(lambda: control.sees(PRIYA)["home"])
    assert home["blocks"][0]["text"]["text"] == "Your week"
    assert (got[0]["tab"], "view" in got[0]) == ("home", False)
    control.act(PRIYA, "open_home")
    until(lambda: len(got) == 2)
    assert got[1]["view"]["id"] == home["id"]
    assert control.sees(INES)["home"] is None


def test_events_of_a_channel(online: App, control: Control, client: WebClient, general: str) -> None:
    """Messages, mentions, reactions and joins reach the app, enveloped as the Events API envelopes them."""
    got: list[Any] = []
    for kind in ("message", "app_mention", "reaction_added", "member_joined_channel"):
        online.event(kind)(lambda body: got.append(body))
    bot = client.auth_test()["user_id"]
    ts = control.act(PRIYA, "post", channel="general", text=f"<@{bot}> how is it going?")["ts"]
    control.act(PRIYA, "react", channel="general", ts=ts, name="eyes")
    control.post("seed", {"people": [{"email": "new.one@fernhill.example"}]})
    kinds = {body["event"]["type"] for body in until(lambda: len(got) >= 3 and got)}
    assert {"message", "app_mention", "reaction_added"} <= kinds
    envelope = next(body for body in got if body["event"]["type"] == "message")
    assert envelope["type"] == "event_callback"
    assert envelope["event"]["channel_type"] == "channel"
    assert envelope["authorizations"][0]["user_id"] == bot
    assert envelope["is_ext_shared_channel"] is False
    assert len({body["event_id"] for body in got}) == len(got)
    reaction = next(body["event"] for body in got if body["event"]["type"] == "reaction_added")
    assert (reaction["reaction"], reaction["item"]["ts"]) == ("eyes", ts)


def test_somebody_joins(online: App, control: Control, client: WebClient, channel: str) -> None:
    """member_joined_channel reaches an app that is in the channel, with the inviter."""
    got: list[Any] = []
    online.event("member_joined_channel")(lambda event: got.append(event))
    ines = control.get("people")["people"][0]["id"]
    client.conversations_invite(channel=channel, users=ines)
    until(lambda: [event for event in got if event["user"] == ines and event["channel"] == channel])


def test_a_message_in_a_dm_and_a_thread(online: App, control: Control) -> None:
    """A DM to the app is message.im, and an answer in a thread names its root."""
    got: list[Any] = []
    online.event("message")(lambda event: got.append(event))
    first = control.act(INES, "post", channel="app", text="Hello")["ts"]
    control.act(INES, "post", channel="app", text="Again", thread_ts=first)
    until(lambda: len(got) == 2)
    assert {event["channel_type"] for event in got} == {"im"}
    assert {event.get("thread_ts") for event in got} == {None, first}


def test_the_app_hears_only_what_it_subscribed_to_and_sees(
    online: App, control: Control, install: Any, brisk: None
) -> None:
    """Without the scope of an event, or outside the channel, nothing is delivered."""
    got: list[Any] = []
    online.event("message")(lambda event: got.append(event))
    control.act(INES, "post", channel="random", text="The app is not in here")
    install("chat:write", "im:write")
    control.act(INES, "post", channel="app", text="It may not read this")
    control.act(INES, "open_home")
    assert got == []


def test_an_event_without_ack_is_sent_again(workspace: Workspace, control: Control, brisk: None) -> None:
    """An event that is not acknowledged comes again with retry_attempt and retry_reason, under the same event_id."""
    seen: list[Any] = []
    with raw_socket(workspace) as wire:
        bot_dm = control.act(INES, "post", channel="app", text="Hello")
        assert bot_dm["ack"] == "timeout"
        seen = [wire.next() for _ in range(2)]
    assert [envelope["retry_attempt"] for envelope in seen] == [0, 1]
    assert seen[1]["retry_reason"] == "timeout"
    assert seen[0]["payload"]["event_id"] == seen[1]["payload"]["event_id"]
    assert delivery.RETRY_AFTER[1:] == (60.0, 300.0)


@contextmanager
def raw_socket(workspace: Workspace) -> Iterator[Any]:
    """A Socket Mode connection without any library of Slack's; `greeting` is its hello."""
    client = WebClient(base_url=f"{workspace.url}/api/")
    url = str(client.apps_connections_open(app_token=workspace.secrets.slack_app_token)["url"])
    with websocket(url, proxy=None) as wire:
        yield Wire(wire)
    until(lambda: wire.state is State.CLOSED)


class Wire:
    """One raw connection and what came over it."""

    def __init__(self, wire: Any) -> None:
        self.wire = wire
        self.greeting = self.next()

    def next(self, seconds: float = 5.0) -> Any:
        return json.loads(self.wire.recv(timeout=seconds))

    def maybe(self) -> Any:
        """The next message if one is there."""
        try:
            return self.next(0.2)
        except TimeoutError:
            return None

    def send(self, text: str) -> None:
        self.wire.send(text)

    def close(self) -> None:
        self.wire.close()


@pytest.fixture(autouse=True)
def nobody_left(workspace: Workspace) -> Iterator[None]:
    """Each test ends with every connection noticed as gone."""
    yield
    alone(workspace)


def test_hello_and_tickets(workspace: Workspace) -> None:
    """A connection begins with hello; its address works once."""
    client = WebClient(base_url=f"{workspace.url}/api/")
    url = str(client.apps_connections_open(app_token=workspace.secrets.slack_app_token)["url"])
    with websocket(url, proxy=None) as wire:
        hello = json.loads(wire.recv(timeout=5))
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
        assert hello["connection_info"]["app_id"].startswith("A")
        assert hello["debug_info"]["approximate_connection_time"] == 3600
        with pytest.raises(InvalidStatus), websocket(url, proxy=None):
            pytest.fail("a ticket was taken twice")


def test_only_an_app_token_opens_connections(workspace: Workspace) -> None:
    """A bot token gets not_allowed_token_type."""
    client = WebClient(token=workspace.secrets.slack_bot_token, base_url=f"{workspace.url}/api/")
    answer = client.api_call("auth.test")
    assert answer["ok"]
    with pytest.raises(Exception, match="not_allowed_token_type"):
        client.apps_connections_open(app_token=workspace.secrets.slack_bot_token)


def test_each_envelope_has_exactly_one_receiver(workspace: Workspace, control: Control) -> None:
    """With several connections each envelope goes to one of them only, and all of them get some."""
    with ExitStack() as stack:
        wires = [stack.enter_context(raw_socket(workspace)) for _ in range(3)]
        assert [wire.greeting["num_connections"] for wire in wires] == [1, 2, 3]
        for _ in range(3):
            threading.Thread(target=control_of(workspace).act, args=(INES, "command"), kwargs=TYPED).start()
        envelopes = [wire.next() for wire in wires]
        for wire, envelope in zip(wires, envelopes, strict=True):
            assert wire.maybe() is None
            wire.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
        assert len({envelope["payload"]["trigger_id"] for envelope in envelopes}) == 3


def control_of(workspace: Workspace) -> Control:
    """A control client of its own, for another thread."""
    return Control(workspace)


def test_the_envelope_of_a_dead_connection_moves_on(workspace: Workspace, control: Control) -> None:
    """An envelope whose connection ended without an ack is sent on a standing one, whose ack counts."""
    with raw_socket(workspace) as first, raw_socket(workspace) as second, ThreadPoolExecutor(1) as pool:
        typing = pool.submit(control.act, INES, "command", **TYPED)
        got = first.maybe()
        holder, standing = (first, second) if got else (second, first)
        holder.close()
        envelope = standing.next()
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        standing.send(json.dumps({"envelope_id": envelope["envelope_id"], "payload": {"text": "Taken"}}))
        assert typing.result()["told"] == "Taken"


def test_a_retiring_connection_gets_nothing_new(workspace: Workspace, control: Control) -> None:
    """After disconnect the envelope waits for the next connection; the old one may still ack."""
    with raw_socket(workspace) as old, ThreadPoolExecutor(1) as pool:
        control.post("slack/refresh")
        assert old.next()["reason"] == "refresh_requested"
        typing = pool.submit(control.act, INES, "command", **TYPED)
        assert old.maybe() is None
        with raw_socket(workspace) as new:
            envelope = new.next()
            old.send(json.dumps({"envelope_id": envelope["envelope_id"], "payload": {"text": "By the old door"}}))
            assert typing.result()["told"] == "By the old door"


def test_an_eleventh_connection_is_sent_away(workspace: Workspace) -> None:
    """Ten connections at most; one more is disconnected with its reason."""
    with ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(raw_socket(workspace))
        with raw_socket(workspace) as more:
            assert (more.greeting["type"], more.greeting["reason"]) == ("disconnect", "too_many_websockets")


def test_a_refresh_loses_nothing(online: App, control: Control) -> None:
    """When Slack asks for a new connection, the app reconnects, and a command in between is still answered."""
    online.command(COMMAND)(lambda ack: ack("here"))
    assert control.post("slack/refresh")["connections"] == 1
    answer = control.act(INES, "command", channel="general", text=COMMAND)
    assert answer["ack"] == "ok"
    assert control.act(INES, "command", channel="general", text=COMMAND)["told"] == "here"


def test_a_cut_connection_comes_back(online: App, control: Control) -> None:
    """When connections end without a word, the app connects again and a command typed meanwhile is answered."""
    online.command(COMMAND)(lambda ack: ack("here"))
    assert control.post("slack/drop")["connections"] == 1
    assert control.act(INES, "command", channel="general", text=COMMAND)["told"] == "here"


def test_garbage_from_the_app_is_ignored(workspace: Workspace, control: Control, brisk: None) -> None:
    """What is no JSON, no object, or the ack of an unknown envelope changes nothing."""
    with raw_socket(workspace) as wire:
        for text in ("nonsense", "[]", '{"envelope_id": "unknown"}', "{}"):
            wire.send(text)
        assert control.act(INES, "open_home")["ack"] == "timeout"
        assert wire.next()["payload"]["event"]["type"] == "app_home_opened"
