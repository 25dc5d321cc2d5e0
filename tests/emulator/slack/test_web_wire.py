"""How a call reaches the Web API: verbs, bodies, tokens, and the refusals that come before any method."""

from __future__ import annotations

import pytest
import requests
from slack_asking import error, refusal
from slack_sdk import WebClient

from bot.emulator.slack import app, gateway
from bot.emulator.workspace import Workspace


@pytest.fixture
def url(workspace: Workspace) -> str:
    """The address of the Web API."""
    return f"{workspace.url}/api"


@pytest.fixture
def token(workspace: Workspace) -> str:
    """The app's bot token."""
    return workspace.secrets.slack_bot_token


def test_api_test_needs_no_token_and_echoes_what_it_is_given(url: str) -> None:
    """Anybody can ask whether the API is there, and have a named error played back."""
    assert requests.post(f"{url}/api.test", data={"foo": "bar"}, timeout=5).json() == {
        "ok": True,
        "args": {"foo": "bar"},
    }
    assert requests.get(f"{url}/api.test", timeout=5).json() == {"ok": True}
    assert requests.post(f"{url}/api.test", data={"error": "boom"}, timeout=5).json()["error"] == "boom"


def test_the_same_method_answers_get_and_post_form_json_and_multipart(url: str, token: str, general: str) -> None:
    """Arguments may come in the query, a form, a multipart form or JSON; the answer is the same."""
    header = {"Authorization": f"Bearer {token}"}
    ask = {"channel": general, "text": "one"}
    get = requests.get(f"{url}/chat.postMessage", params=ask, headers=header, timeout=5)
    form = requests.post(f"{url}/chat.postMessage", data=ask, headers=header, timeout=5)
    body = requests.post(f"{url}/chat.postMessage", json=ask, headers=header, timeout=5)
    multi = requests.post(
        f"{url}/chat.postMessage", files={k: (None, v) for k, v in ask.items()}, headers=header, timeout=5
    )
    texts = [answer.json()["message"]["text"] for answer in (get, form, body, multi)]
    assert texts == ["one"] * 4
    assert get.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "not_authed"),
        ({"headers": {"Authorization": "Bearer"}}, "not_authed"),
        ({"headers": {"Authorization": "Basic abc"}}, "not_authed"),
        ({"headers": {"Authorization": "bearer xoxb-x"}}, "not_authed"),
        ({"headers": {"Authorization": "Bearer\txoxb-x"}}, "not_authed"),
        ({"headers": {"Authorization": "Bearer  xoxb-x"}}, "invalid_auth"),
        ({"data": {"token": ""}}, "not_authed"),
        ({"data": {"token": "xoxb-x"}}, "invalid_auth"),
        ({"params": {"token": "xoxb-x"}}, "invalid_auth"),
        ({"json": {"token": "xoxb-x"}}, "not_authed"),
    ],
)
def test_no_credential_and_a_wrong_one_are_told_apart(url: str, asked: dict[str, object], expected: str) -> None:
    """Only a Bearer header spelled exactly, and `token` in query or form, count as a credential."""
    assert requests.post(f"{url}/conversations.list", timeout=5, **asked).json()["error"] == expected


def test_a_token_in_a_form_field_is_accepted(url: str, token: str) -> None:
    """Clients that send the token as a form field are let in."""
    assert requests.post(f"{url}/auth.test", data={"token": token}, timeout=5).json()["ok"] is True


def test_a_token_is_never_printed(workspace: Workspace, token: str) -> None:
    """Neither the workspace nor a call shows a credential when a failing test prints it."""
    call = gateway.SlackCall(workspace, app.find_token(workspace, token) or {}, {"channel": "C1"}, "auth.test")
    secrets = [value for value in vars(workspace.secrets).values() if isinstance(value, str)]
    assert call.token["token"] == token
    assert not [value for value in secrets if value in repr(call) + repr(workspace)]


def test_an_unknown_method_is_named_loudly(client: WebClient) -> None:
    """What the emulator does not do it refuses by name, never with an empty success."""
    assert refusal(client.api_call, api_method="canvases.create") == {
        "ok": False,
        "error": "unknown_method",
        "req_method": "canvases.create",
    }


def test_an_app_level_token_cannot_post_and_a_bot_token_opens_no_socket(
    workspace: Workspace, client: WebClient
) -> None:
    """Each method takes its own kind of token."""
    its_app = WebClient(token=workspace.secrets.slack_app_token, base_url=client.base_url)
    assert error(its_app.chat_postMessage, channel="C1", text="x") == "not_allowed_token_type"
    assert error(client.api_call, api_method="apps.connections.open") == "not_allowed_token_type"


def test_a_missing_scope_says_what_is_needed_and_what_is_held(client: WebClient, install: object) -> None:
    """missing_scope carries `needed` and `provided`."""
    install("chat:write", "users:read")  # type: ignore[operator]
    said = refusal(client.pins_add, channel="C1", timestamp="1.0")
    assert said["error"] == "missing_scope"
    assert said["needed"] == "pins:write"
    assert said["provided"] == "chat:write,users:read"


def test_absent_arguments_are_named(client: WebClient) -> None:
    """A required argument that never came is invalid_arguments, and the message names it."""
    said = refusal(client.api_call, api_method="conversations.history")
    assert said["error"] == "invalid_arguments"
    assert said["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]


def test_a_number_that_is_none_is_refused(client: WebClient) -> None:
    """A limit that is no integer is invalid_arguments with its place."""
    said = refusal(client.conversations_list, limit="many")
    assert said["response_metadata"]["messages"] == ["[ERROR] must be an integer [json-pointer:/limit]"]


def test_broken_bodies_are_refused_by_kind(url: str, token: str) -> None:
    """Bad JSON, JSON that is no object and strange content types each have their error."""
    header = {"Authorization": f"Bearer {token}", "Content-Type": "application/json; charset=utf-8"}
    post = f"{url}/chat.postMessage"
    assert requests.post(post, data="{", headers=header, timeout=5).json()["error"] == "invalid_json"
    assert requests.post(post, data="[]", headers=header, timeout=5).json()["error"] == "json_not_object"
    strange = header | {"Content-Type": "text/xml"}
    assert requests.post(post, data="<a/>", headers=strange, timeout=5).json()["error"] == "invalid_post_type"


def test_json_without_a_charset_is_warned_of(url: str, token: str) -> None:
    """Slack answers such calls with the warning missing_charset."""
    header = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer = requests.post(f"{url}/auth.test", data="{}", headers=header, timeout=5).json()
    assert answer["ok"] is True
    assert answer["warning"] == "missing_charset"
    assert answer["response_metadata"]["warnings"] == ["missing_charset"]


def test_reading_methods_do_not_read_json(url: str, token: str, general: str) -> None:
    """Methods documented as form-only do not see the arguments of a JSON body."""
    header = {"Authorization": f"Bearer {token}"}
    answer = requests.post(f"{url}/conversations.info", json={"channel": general}, headers=header, timeout=5).json()
    assert answer["error"] == "invalid_arguments"


def test_answers_name_the_scopes_of_the_token(client: WebClient) -> None:
    """The headers list what the token may do and what the method asks for."""
    headers = client.users_list().headers
    assert "chat:write" in headers["x-oauth-scopes"].split(",")
    assert headers["x-accepted-oauth-scopes"] == "users:read"


def test_every_call_is_in_the_log_with_who_asked(workspace: Workspace, client: WebClient) -> None:
    """The request log names the method and the user of the token."""
    me = client.auth_test()["user_id"]
    row = workspace.log.since()["calls"][-1]
    assert (row["family"], row["method"], row["who"], row["status"]) == ("slack", "slack.auth.test", me, 200)


def test_a_fault_before_leaves_nothing_and_one_after_leaves_the_message(
    workspace: Workspace, client: WebClient, general: str
) -> None:
    """A call told to fail before it is applied posts nothing; told to fail after, it has posted."""
    rule = {"method": "slack.chat.postMessage", "nth": 1, "do": "status", "status": 503}
    for when, stands in (("before", 0), ("after", 1)):
        workspace.faults.set([rule | {"apply": when}])
        with pytest.raises(Exception, match=r"service_unavailable|503"):
            client.chat_postMessage(channel=general, text=f"said {when}")
        history = client.conversations_history(channel=general)["messages"]
        assert sum(message["text"] == f"said {when}" for message in history) == stands


def test_listings_can_be_told_to_lag(workspace: Workspace, client: WebClient, general: str) -> None:
    """With the fault lag_listings a message just posted is not in history yet."""
    workspace.faults.set([{"method": "slack.conversations.history", "do": "lag_listings", "seconds": 30, "times": 1}])
    client.chat_postMessage(channel=general, text="just now")
    first = [message["text"] for message in client.conversations_history(channel=general)["messages"]]
    assert "just now" not in first
    assert client.conversations_history(channel=general)["messages"][0]["text"] == "just now"
