"""Over signed HTTP: what Slack posts to an app's URLs, its three seconds, its retries, and what the app answers."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
from acting import INES, PRIYA, Control, until
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier
from slack_sdk.webhook import WebhookClient
from waiting import on_loop

from bot.emulator.server import Running
from bot.emulator.slack import delivery, http
from bot.emulator.workspace import EmulatorSettings, Workspace

COMMAND = "/implementation-request"
TYPED = {"channel": "general", "text": COMMAND}


@dataclass
class Front:
    """A web server of the app's: keeps what came, answers with `answers` in turn, else through slack_bolt."""

    url: str = ""
    app: App | None = None
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)
    holding: bool = False
    echo: bytes = b""

    def take(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        self.came.append((headers, body))
        if self.holding:
            self.hold.wait(20)
        if self.answers:
            return self.answers.pop(0)
        if self.echo:
            return 200, {}, self.echo.replace(b"{challenge}", json.loads(body)["challenge"].encode())
        if self.app is None:
            return 200, {}, b""
        done = self.app.dispatch(BoltRequest(body=body.decode(), headers={k: [v] for k, v in headers.items()}))
        return done.status, {k: v[0] for k, v in done.headers.items()}, done.body.encode()


@pytest.fixture
def front() -> Iterator[Front]:
    """The app's server, for one test."""
    made = Front()

    class Handler(BaseHTTPRequestHandler):
        wbufsize = -1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, answer = made.take(dict(self.headers.items()), body)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_address[1]}/slack/events"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    made.hold.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def control(running: Running, workspace: Workspace, front: Front) -> Control:
    """The control API of a workspace whose app listens over HTTP; retries of events follow at once."""
    raw = json.loads(json.dumps(workspace.settings.manifest))
    raw["settings"] |= {
        "socket_mode_enabled": False,
        "event_subscriptions": {**raw["settings"]["event_subscriptions"], "request_url": front.url},
        "interactivity": {"is_enabled": True, "request_url": front.url},
    }
    raw["features"]["slash_commands"][0]["url"] = front.url
    workspace.settings = replace(workspace.settings, manifest=raw)
    on_loop(running, workspace.install)
    delivery.of(workspace).retry_after = (0.05, 0.05, 0.05)
    return Control(workspace)


@pytest.fixture
def bolted(workspace: Workspace, front: Front, control: Control) -> App:
    """slack_bolt behind the app's server."""
    client = WebClient(token=workspace.secrets.slack_bot_token, base_url=f"{workspace.url}/api/")
    front.app = App(client=client, signing_secret=workspace.secrets.signing_secret)
    return front.app


def form(body: bytes) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(body.decode(), keep_blank_values=True).items()}


def test_bolt_accepts_what_is_sent(bolted: App, control: Control) -> None:
    """A command and an event pass slack_bolt's signature check and reach their listeners."""
    got: list[Any] = []
    bolted.command(COMMAND)(lambda ack, body: (got.append(body), ack("Noted")))
    bolted.event("app_home_opened")(lambda event: got.append(event))
    assert control.act(INES, "command", **TYPED)["told"] == "Noted"
    assert control.act(INES, "open_home")["ack"] == "ok"
    until(lambda: len(got) == 2)


def test_every_request_is_signed_in_real_time(workspace: Workspace, front: Front, control: Control) -> None:
    """The signature fits body and timestamp, which is the wire's time, also when the workspace is a month ahead."""
    control.post("clock", {"advance_seconds": 30 * 86400})
    control.act(INES, "command", **TYPED)
    headers, body = front.came[0]
    assert SignatureVerifier(workspace.secrets.signing_secret).is_valid_request(body, headers)
    assert abs(int(headers["X-Slack-Request-Timestamp"]) - time.time()) < 60
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert form(body)["command"] == COMMAND


@pytest.mark.parametrize("how", ["forged", "late", "changed", "missing"])
def test_forged_late_and_changed_requests_are_refused(
    workspace: Workspace, bolted: App, front: Front, how: str
) -> None:
    """What was not signed with the secret, or is replayed after five minutes, or altered, gets 401 from the app."""
    body = b"command=%2Fimplementation-request&text=x"
    stamp = str(int(time.time()) - (301 if how == "late" else 0))
    secret = "wrong" if how == "forged" else workspace.secrets.signing_secret
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": http.signature(secret, stamp, body)}
    if how == "missing":
        headers = {}
    sent = body + b"y" if how == "changed" else body
    form_type = {"Content-Type": "application/x-www-form-urlencoded"}
    assert requests.post(front.url, data=sent, headers={**headers, **form_type}, timeout=10).status_code == 401


def test_interactions_come_as_a_payload_field(front: Front, control: Control, client: WebClient, general: str) -> None:
    """Interactions are a form with one field, `payload`, holding JSON."""
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "elements": [button]}]
    ts = client.chat_postMessage(channel=general, text="Ready?", blocks=blocks)["ts"]
    assert control.act(PRIYA, "press", channel="general", ts=ts, action_id="go")["ack"] == "ok"
    payload = json.loads(next(form(body)["payload"] for _, body in front.came if body.startswith(b"payload=")))
    assert (payload["type"], payload["actions"][0]["action_id"]) == ("block_actions", "go")
    assert payload["actions"][0]["block_id"]


def test_events_come_as_json_and_are_retried(front: Front, control: Control) -> None:
    """A failed event comes again, at most three times, with number and reason in the headers and the same event_id."""
    front.answers = [(500, {}, b"")] * 5
    assert control.act(INES, "open_home")["ack"] == "error"
    until(lambda: len(front.came) == 4)
    numbers = [headers.get("X-Slack-Retry-Num") for headers, _ in front.came]
    reasons = [headers.get("X-Slack-Retry-Reason") for headers, _ in front.came]
    assert numbers == [None, "1", "2", "3"]
    assert reasons == [None, "http_error", "http_error", "http_error"]
    assert len({json.loads(body)["event_id"] for _, body in front.came}) == 1
    assert front.came[0][0]["Content-Type"] == "application/json"
    until(lambda: not delivery_tasks(control))
    assert len(front.came) == 4


def delivery_tasks(control: Control) -> int:
    """How many deliveries are still under way, as the log of calls cannot tell."""
    return len(delivery.of(WORKSPACES[control.url]).tasks)


WORKSPACES: dict[str, Workspace] = {}


@pytest.fixture(autouse=True)
def known(workspace: Workspace) -> None:
    """Lets a test find the workspace behind a control client."""
    WORKSPACES[f"{workspace.url}/_control/"] = workspace


def test_an_app_may_decline_retries(front: Front, control: Control) -> None:
    """With X-Slack-No-Retry: 1 a failed event does not come again."""
    front.answers = [(500, {"X-Slack-No-Retry": "1"}, b"")]
    control.act(INES, "open_home")
    until(lambda: not delivery_tasks(control))
    assert len(front.came) == 1


def test_a_late_event_is_retried_with_its_reason(front: Front, control: Control, brisk: None) -> None:
    """An event that was not answered in time comes again as http_timeout."""
    front.holding = True
    assert control.act(INES, "open_home")["ack"] == "timeout"
    front.holding = False
    front.hold.set()
    until(lambda: not delivery_tasks(control))
    assert front.came[1][0]["X-Slack-Retry-Reason"] == "http_timeout"


def test_socket_mode_stops_http(
    front: Front, control: Control, workspace: Workspace, running: Running, brisk: None
) -> None:
    """An app with Socket Mode on gets nothing at its URLs."""
    raw = json.loads(json.dumps(workspace.settings.manifest))
    raw["settings"]["socket_mode_enabled"] = True
    workspace.settings = replace(workspace.settings, manifest=raw)
    on_loop(running, workspace.install)
    assert control.act(INES, "command", **TYPED)["ack"] == "no_receiver"
    assert front.came == []


def test_a_retry_that_succeeds_is_the_last(front: Front, control: Control) -> None:
    """After an accepted retry the event is done."""
    front.answers = [(503, {}, b"")]
    control.act(INES, "open_home")
    until(lambda: not delivery_tasks(control))
    assert len(front.came) == 2


def test_a_slow_app_is_late(front: Front, control: Control, brisk: None) -> None:
    """When its time is up without an answer the person reads operation_timeout; Slack's three seconds are the rule."""
    assert EmulatorSettings().ack_seconds == 3.0
    front.holding = True
    began = time.monotonic()
    answer = control.act(INES, "command", **TYPED)
    assert answer["ack"] == "timeout"
    assert "operation_timeout" in answer["told"]
    assert 0.2 <= time.monotonic() - began < 3.0


@pytest.mark.parametrize(
    ("status", "kind", "body", "ack", "told"),
    [
        (200, "text/plain", b"Plain words", "ok", "Plain words"),
        (200, "application/json", b'{"text": "As JSON"}', "ok", "As JSON"),
        (200, "text/plain", b"", "ok", None),
        (500, "text/plain", b"oops", "error", "dispatch_failed"),
        (200, "application/json", b"{broken", "error", "dispatch_failed"),
        (200, "application/json", b"[1]", "error", "dispatch_failed"),
    ],
)
def test_answers_to_a_command(
    front: Front, control: Control, status: int, kind: str, body: bytes, ack: str, told: str | None
) -> None:
    """Text and JSON are shown; another status or broken JSON is a failed dispatch."""
    front.answers = [(status, {"Content-Type": kind}, body)]
    answer = control.act(INES, "command", **TYPED)
    assert answer["ack"] == ack
    assert (told or "") in (answer["told"] or "")


def test_an_answer_for_everybody(front: Front, control: Control) -> None:
    """response_type in_channel posts where all members read it."""
    front.answers = [(200, {"Content-Type": "application/json"}, b'{"response_type": "in_channel", "text": "For all"}')]
    control.act(INES, "command", **TYPED)
    assert "For all" in control.texts(PRIYA, "general")


@pytest.mark.parametrize(
    ("answer", "verified"),
    [("bolt", True), (b"{challenge}", True), (b'{"challenge": "{challenge}"}', True), (b"something else", False)],
)
def test_the_request_url_is_verified(
    bolted: App, front: Front, control: Control, answer: str | bytes, verified: bool
) -> None:
    """A signed url_verification asks for its challenge; text, form or JSON with it will do."""
    if isinstance(answer, bytes):
        front.app = None
        front.echo = answer
    assert control.post("slack/verify_url") == {"verified": verified}
    sent = json.loads(front.came[0][1])
    assert (sent["type"], set(sent)) == ("url_verification", {"type", "token", "challenge"})


def test_nobody_at_the_url(front: Front, control: Control, workspace: Workspace, running: Running) -> None:
    """A refused connection is told as a failed dispatch."""
    raw = json.loads(json.dumps(workspace.settings.manifest))
    raw["features"]["slash_commands"][0]["url"] = "http://127.0.0.1:9/"
    workspace.settings = replace(workspace.settings, manifest=raw)
    on_loop(running, workspace.install)
    answer = control.act(INES, "command", **TYPED)
    assert answer["ack"] == "no_receiver"
    assert "dispatch_failed" in answer["told"]


class TestResponseUrl:
    """A response_url takes five answers in half an hour."""

    @pytest.fixture
    def url(self, front: Front, control: Control) -> str:
        control.act(INES, "command", **TYPED)
        return form(front.came[-1][1])["response_url"]

    def test_five_uses(self, url: str, control: Control) -> None:
        """The sixth answer is refused; the first five are seen by that person only."""
        hook = WebhookClient(url)
        statuses = [hook.send(text=f"Answer {n}").status_code for n in range(6)]
        assert statuses == [200] * 5 + [404]
        assert control.texts(INES, "general")[-5:] == [f"Answer {n}" for n in range(5)]
        assert not any("Answer" in text for text in control.texts(PRIYA, "general"))

    def test_where_the_app_is_not(self, front: Front, control: Control) -> None:
        """An answer is posted also in a channel that the bot has not joined."""
        control.act(INES, "command", channel="random", text=COMMAND)
        hook = WebhookClient(form(front.came[-1][1])["response_url"])
        assert hook.send(text="Here too", response_type="in_channel").status_code == 200
        assert control.texts(PRIYA, "random")[-1] == "Here too"

    def test_expiry(self, url: str, control: Control) -> None:
        """After half an hour nothing is taken any more."""
        control.post("slack/expire")
        answer = WebhookClient(url).send(text="Too late")
        assert answer.status_code == 404
        assert "expired_url" in answer.body

    def test_blocks_are_checked(self, url: str) -> None:
        """A wrong block is refused as in chat.postMessage."""
        answer = requests.post(url, json={"blocks": [{"type": "nonsense"}]}, timeout=10)
        assert answer.status_code == 400
        assert answer.json()["error"] == "invalid_blocks"

    def test_garbage_and_strangers(self, url: str, control: Control) -> None:
        """No JSON, an empty answer, a made-up URL: errors by name."""
        assert requests.post(url, data=b"nonsense", timeout=10).json()["error"] == "invalid_payload"
        assert requests.post(url, json={}, timeout=10).json()["error"] == "no_text"
        assert requests.post(url + "x", json={"text": "?"}, timeout=10).status_code == 404

    def test_in_channel_thread_and_delete(
        self, front: Front, control: Control, client: WebClient, general: str
    ) -> None:
        """An answer to a button can post for all, answer in a thread, and delete the message it came from."""
        button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
        said = client.chat_postMessage(
            channel=general, text="Ready?", blocks=[{"type": "actions", "elements": [button]}]
        )
        control.act(PRIYA, "press", channel="general", ts=said["ts"], action_id="go")
        pressed = next(form(body)["payload"] for _, body in front.came if body.startswith(b"payload="))
        hook = WebhookClient(json.loads(pressed)["response_url"])
        assert hook.send(text="Public", response_type="in_channel").status_code == 200
        thread = {"text": "In a thread", "response_type": "in_channel", "thread_ts": said["ts"]}
        assert hook.send_dict(thread).body == '{"ok":true}'
        assert hook.send(delete_original=True, text="").status_code == 200
        shown = control.channel(INES, "general")["messages"]
        assert next(row for row in shown if row["text"] == "In a thread")["thread_ts"] == said["ts"]
        assert "Public" in control.texts(INES, "general")
        assert not any("Go" in row["text"] for row in shown)
