"""Modals over Socket Mode with slack_bolt: opened, filled in, answered, updated, pushed, closed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import requests
from acting import (
    CARD,
    FORM,
    INES,
    PRIYA,
    Control,
    opened,
    until,
)
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.emulator.workspace import Workspace

pytestmark = pytest.mark.usefixtures("nobody_left")


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


def test_a_field_with_dispatch_action(online: App, control: Control) -> None:
    """An input block that asks for it tells the app of its field before the form is submitted."""
    got: list[Any] = []
    online.action("customer")(lambda ack, body: (got.append(body), ack()))
    view = json.loads(json.dumps(FORM))
    view["blocks"][0]["dispatch_action"] = True
    view_id = opened(control, online, view)
    answer = control.act(INES, "press", view_id=view_id, action_id="customer", value="Harborpine")
    assert answer["ack"] == "ok"
    assert got[0]["actions"][0]["value"] == "Harborpine"
    assert got[0]["view"]["state"]["values"]["customer"]["customer"]["value"] == "Harborpine"


def test_another_block_id_empties_a_field(online: App, control: Control, client: WebClient) -> None:
    """views.update keeps what was typed under the same block_id and action_id, and nothing of what changed names."""
    view_id = opened(control, online)
    control.act(INES, "submit", view_id=view_id, values={"customer": "Harborpine", "link": "nonsense"})
    changed = json.loads(json.dumps(FORM))
    changed["blocks"][0]["block_id"] = "who"
    client.views_update(view_id=view_id, view=changed)
    (view,) = control.sees(INES)["views"]
    assert "customer" not in view["state"]["values"]
    assert "who" not in view["state"]["values"]


def test_an_external_select_asks_the_app(online: App, control: Control) -> None:
    """Typing into an external select sends block_suggestion, and the app's options come back."""
    option = {"text": {"type": "plain_text", "text": "Harborpine"}, "value": "h"}
    online.options("customers")(lambda ack: ack(options=[option]))
    select = {"type": "external_select", "action_id": "customers", "min_query_length": 0}
    block = {"type": "input", "block_id": "who", "label": {"type": "plain_text", "text": "Who"}, "element": select}
    view_id = opened(control, online, {**FORM, "blocks": [block]})
    submit = f"people/{INES}/submit"
    assert "type first" in control.refused(submit, {"view_id": view_id, "values": {"who": "h"}})
    answer = control.act(INES, "suggest", view_id=view_id, action_id="customers", text="Har")
    assert answer["options"] == [option]
    got: list[Any] = []
    online.view("request")(lambda ack, view: (got.append(view), ack()))
    assert control.act(INES, "submit", view_id=view_id, values={"who": "Harborpine"})["response"] == "closed"
    assert got[0]["state"]["values"]["who"]["customers"]["selected_option"] == option


def test_suggestions_that_are_none(online: App, control: Control) -> None:
    """Options that Slack would not show are an error, and none of them can be chosen."""
    online.options("customers")(lambda ack: ack(options=[{"text": "no text object", "value": "h"}]))
    select = {"type": "external_select", "action_id": "customers"}
    block = {"type": "input", "block_id": "who", "label": {"type": "plain_text", "text": "Who"}, "element": select}
    view_id = opened(control, online, {**FORM, "blocks": [block]})
    answer = control.act(INES, "suggest", view_id=view_id, action_id="customers", text="Har")
    assert (answer["ack"], answer["options"]) == ("error", [])


def test_a_file_of_a_form_can_be_read_by_the_app(online: App, control: Control, workspace: Workspace) -> None:
    """A file handed in with a form comes as a file object, whose bytes a token with files:read gets."""
    got: list[Any] = []
    online.view("request")(lambda ack, view: (got.append(view), ack()))
    block = {"type": "input", "block_id": "plan", "label": {"type": "plain_text", "text": "Plan"}}
    view_id = opened(control, online, {**FORM, "blocks": [{**block, "element": {"type": "file_input"}}]})
    control.act(INES, "submit", view_id=view_id, values={"plan": {"name": "plan.txt", "content": "SGVsbG8="}})
    (file,) = next(iter(got[0]["state"]["values"]["plan"].values()))["files"]
    token = {"Authorization": f"Bearer {workspace.secrets.slack_bot_token}"}
    assert requests.get(file["url_private_download"], headers=token, timeout=10).content == b"Hello"
    assert requests.get(file["url_private_download"], timeout=10).status_code == 403


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
