"""/_control: who may use it, what it makes, how it reads back, and that every mistake is a sentence."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from waiting import until

from bot.emulator.server import Running

INES = "ines.duarte@fernhill.example"
PRIYA = "priya.nair@fernhill.example"


class Control:
    """The control API, raw."""

    def __init__(self, running: Running) -> None:
        self.url = f"{running.url}/_control/"
        self.headers = {"Authorization": f"Bearer {running.workspace.secrets.control_token}"}

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        headers = {**self.headers, **more.pop("headers", {})}
        return requests.request(method, self.url + path, json=body, headers=headers, timeout=30, **more)

    def get(self, path: str) -> Any:
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any = None) -> Any:
        answer = self.call("POST", path, body or {})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, path: str, body: Any = None, status: int = 400) -> str:
        answer = self.call("POST", path, body)
        assert answer.status_code == status, answer.text
        return str(answer.json()["error"])


@pytest.fixture
def control(running: Running) -> Control:
    """The control API of the served workspace."""
    return Control(running)


@pytest.mark.parametrize("path", ["people", "nowhere", "log", "workspace"])
@pytest.mark.parametrize("token", [None, "Bearer wrong", "Bearer ", "Basic x", "bearer"])
def test_without_its_token_nothing_is_answered(control: Control, path: str, token: str | None) -> None:
    """A missing or wrong token is 401, also for paths that do not exist."""
    headers = {"Authorization": token} if token else {}
    assert requests.get(control.url + path, headers=headers, timeout=10).status_code == 401


FOREIGN = ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil", "", "[::1"]


@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_host_name_is_refused(control: Control, host: str) -> None:
    """A page of another site that points its own name to loopback gets 403, even with the token."""
    assert control.call("GET", "people", headers={"Host": host}).status_code in (400, 403)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:99", "[::1]:80", "LOCALHOST"])
def test_loopback_names_are_welcome(control: Control, host: str) -> None:
    """Every name of loopback is accepted, with any port."""
    assert control.call("GET", "people", headers={"Host": host}).status_code == 200


def test_an_unknown_verb_is_named(control: Control) -> None:
    """404 with the path."""
    assert "/_control/explode" in control.refused("explode", {}, 404)
    assert control.call("DELETE", "people").status_code in (404, 405)


@pytest.mark.parametrize("body", ["nonsense", "[]", '"x"', "1"])
def test_a_body_must_be_an_object(control: Control, body: str) -> None:
    """Anything else is a sentence with 400."""
    answer = requests.post(control.url + "seed", data=body, headers=control.headers, timeout=10)
    assert answer.status_code == 400
    assert "JSON" in answer.json()["error"]


def test_seeding_is_idempotent(control: Control) -> None:
    """Channels, groups, drives and people are made once and found again by name; ids are answered."""
    wanted = {
        "people": [{"email": "nina.park@fernhill.example", "tz": "Asia/Seoul"}],
        "channels": [
            {"name": "impl-triage", "private": True, "members": ["app", INES, "nina.park@fernhill.example"]},
            {"name": "impl-ops", "members": ["app"], "topic": "Health"},
        ],
        "groups": [{"handle": "ce-leads", "name": "CE leads", "members": [INES]}],
        "drives": [
            {"name": "Implementation", "members": [{"email": "service_account", "role": "organizer"}, {"email": PRIYA}]}
        ],
    }
    first, second = control.post("seed", wanted), control.post("seed", wanted)
    assert first == second
    assert set(first["channels"]) == {"impl-triage", "impl-ops"}
    sees = {row["name"]: row for row in control.get(f"people/{INES}/sees")["channels"]}
    assert sees["impl-triage"]["is_private"]
    assert sees["impl-triage"]["is_member"]
    assert not sees["impl-ops"]["is_member"]
    assert "impl-triage" not in {row["name"] for row in control.get(f"people/{PRIYA}/sees")["channels"]}
    drives = control.get("workspace")["drives"]
    assert [row["id"] for row in drives] == [first["drives"]["Implementation"]]
    members = {one["emailAddress"]: one["role"] for one in drives[0]["permissions"]}
    assert members[PRIYA] == "writer"
    assert len(members) == 2


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"rooms": []}, "expected people, channels"),
        ({"channels": {}}, "expected a list"),
        ({"channels": ["x"]}, "expected an object"),
        ({"channels": [{}]}, "name is missing"),
        ({"channels": [{"name": "Upper"}]}, "invalid_name_specials"),
        ({"channels": [{"name": "a", "members": ["nobody@x.example"]}]}, "no person"),
        ({"people": [{"email": "nobody"}]}, "e-mail"),
        ({"people": [{"email": "a@b.example", "shoe": 42}]}, "shoe"),
        ({"drives": [{"name": "D", "members": ["nobody@x.example"]}]}, "no person"),
    ],
)
def test_wrong_seeds_are_sentences(control: Control, body: dict[str, Any], words: str) -> None:
    """What cannot be made names its place."""
    assert words in control.refused("seed", body)


def test_reset_snapshot_and_restore(control: Control) -> None:
    """A snapshot brings the workspace back to its state, a reset to the sample; the clock goes with them."""
    control.post("seed", {"channels": [{"name": "kept"}]})
    control.post("clock", {"advance_seconds": 7200})
    name = control.post("snapshot")["snapshot"]
    control.post("seed", {"channels": [{"name": "lost"}]})
    control.post("clock", {"advance_seconds": 7200})
    before = control.get("clock")
    control.post("restore", {"snapshot": name})
    names = {row["name"] for row in control.get("workspace")["channels"]}
    assert "kept" in names
    assert "lost" not in names
    after = control.get("clock")
    assert after["offset_seconds"] == pytest.approx(7200, abs=5)
    assert after["generation"] > before["generation"]
    control.post("reset")
    assert {row["name"] for row in control.get("workspace")["channels"]} == {"general", "random"}
    assert control.get("clock")["offset_seconds"] == 0
    assert "no snapshot" in control.refused("restore", {"snapshot": "x"}, 404)


def test_the_clock(control: Control) -> None:
    """It goes to a time with its zone or forward by seconds, never back, and refuses what is no time."""
    target = datetime.now(UTC) + timedelta(days=2)
    moved = control.post("clock", {"to": target.isoformat()})
    assert abs(datetime.fromisoformat(moved["now"]) - target) < timedelta(seconds=5)
    assert "forward" in control.refused("clock", {"to": "2020-01-01T00:00:00Z"})
    assert "forward" in control.refused("clock", {"advance_seconds": -1})
    assert "zone" in control.refused("clock", {"to": "2030-01-01T00:00:00"})
    for body in ({}, {"to": "tomorrow"}, {"advance_seconds": "many"}, {"advance_seconds": 1, "to": "x"}):
        assert control.refused("clock", body)


def test_a_follower_over_http(control: Control, running: Running) -> None:
    """A follower that polls keeps step: the move ends once it has polled with the last generation."""
    state = control.get("clock")
    seen: list[int] = []
    stop = threading.Event()

    def follow() -> None:
        session, after = requests.Session(), state["generation"]
        while not stop.is_set():
            query = f"clock?follower=test&after={after}&timeout=1"
            after = session.get(control.url + query, headers=control.headers, timeout=10).json()["generation"]
            seen.append(after)
        session.close()

    following = threading.Thread(target=follow)
    following.start()
    until(lambda: "test" in running.workspace.clock._followers)
    moved = control.post("clock", {"advance_seconds": 5 * 3600})
    assert moved["generation"] in seen
    assert len([n for n in seen if n > state["generation"]]) >= 5
    stop.set()
    following.join(timeout=10)


def test_a_follower_that_dies_does_not_hold_the_clock(control: Control) -> None:
    """When a follower's connection ends, the clock goes on after a few seconds."""
    state = control.get("clock")
    session = requests.Session()
    query = f"clock?follower=dying&after={state['generation'] - 1}&timeout=1"
    session.get(control.url + query, headers=control.headers, timeout=10)
    session.close()
    control.post("clock", {"advance_seconds": 60})


def test_a_google_token_acts_as_that_person(control: Control, running: Running) -> None:
    """The token opens the real Google paths as the person; who left gets none."""
    token = control.post(f"people/{PRIYA}/google_token")["token"]
    headers = {"Authorization": f"Bearer {token}"}
    about = requests.get(f"{running.url}/drive/v3/about?fields=user", headers=headers, timeout=10).json()
    assert about["user"]["emailAddress"] == PRIYA
    assert "no Google account" in control.refused("people/ada.novak@fernhill.example/google_token")
    assert "no person" in control.refused("people/nobody/google_token", {}, 404)


def test_the_log_counts_calls(control: Control, running: Running) -> None:
    """Each call is a row with method, caller, status and sizes; counts per method; `since` gives what is new."""
    bearer = running.workspace.secrets.slack_bot_token
    headers = {"Authorization": f"Bearer {bearer}"}
    for _ in range(2):
        requests.post(f"{running.url}/api/auth.test", headers=headers, timeout=10)
    log = control.get("log")
    row = log["calls"][-1]
    assert (row["family"], row["method"], row["status"]) == ("slack", "slack.auth.test", 200)
    assert row["bytes_out"] > 0
    assert log["counts"]["slack.auth.test"] == 2
    assert [call["n"] for call in control.get(f"log?since={row['n'] - 1}")["calls"]] == [row["n"]]
    assert control.call("GET", "log?since=x").status_code == 400
    assert bearer not in str(log)


def test_faults_are_set_and_taken_away(control: Control, running: Running) -> None:
    """Rules work until they are deleted; a wrong one is a sentence."""
    control.post("faults", {"rules": [{"method": "slack.api.test", "do": "status", "status": 503}]})
    assert requests.get(f"{running.url}/api/api.test", timeout=10).status_code == 503
    assert control.call("DELETE", "faults").json() == {"rules": 0}
    assert requests.get(f"{running.url}/api/api.test", timeout=10).status_code == 200
    assert "do" in control.refused("faults", {"rules": [{"method": "x"}]})
    assert "list" in control.refused("faults", {})


def test_acts_check_their_arguments(control: Control) -> None:
    """Missing and unknown arguments, people who left, strangers: each is a sentence."""
    assert "Missing: text" in control.refused(f"people/{INES}/post", {"channel": "general"})
    extra = {"channel": "general", "text": "x", "loud": True}
    assert "Unknown: loud" in control.refused(f"people/{INES}/post", extra)
    gone = control.refused("people/ada.novak@fernhill.example/post", {"channel": "general", "text": "x"})
    assert "deactivated" in gone
    assert "no person" in control.refused("people/nobody/post", {"channel": "general", "text": "x"}, 404)
    assert "sees no channel" in control.refused(f"people/{INES}/post", {"channel": "nowhere", "text": "x"})


@pytest.mark.parametrize(
    ("verb", "body", "words"),
    [
        ("post", {"channel": 5, "text": "x"}, "channel"),
        ("post", {"channel": "general", "text": None}, "text"),
        ("submit", {"view_id": "V1", "values": []}, "values"),
        ("submit", {"view_id": "V1"}, "no modal"),
        ("press", {"action_id": "a"}, "view_id"),
        ("press", {"action_id": "a", "view_id": "V1"}, "no view"),
        ("close", {"view_id": "V1", "everything": "yes"}, "everything"),
        ("insert_row", {"file": "f", "tab": "t", "row": "2"}, "row"),
        ("insert_row", {"file": "f", "tab": "t", "row": 2, "values": {}}, "values"),
        ("edit", {"file": "nowhere", "tab": "Plan", "cell": "B7", "value": "x"}, "spreadsheet refused"),
    ],
)
def test_wrong_arguments_never_break_it(control: Control, verb: str, body: dict[str, Any], words: str) -> None:
    """Wrong types and things that are not there are sentences that name them."""
    assert words in control.refused(f"people/{INES}/{verb}", body)


def test_people_edit_sheets(control: Control, running: Running) -> None:
    """Typing, inserting and deleting rows are done as that person, and read back through the API as typed values."""
    token = control.post(f"people/{PRIYA}/google_token")["token"]
    headers = {"Authorization": f"Bearer {token}"}
    body = {"properties": {"title": "Plan"}, "sheets": [{"properties": {"title": "Milestones"}}]}
    made = requests.post(f"{running.url}/v4/spreadsheets", json=body, headers=headers, timeout=10).json()
    here = {"file": made["spreadsheetId"], "tab": "Milestones"}
    assert control.post(f"people/{PRIYA}/edit", {**here, "cell": "A1", "value": "50%"})["text"] == "50%"
    control.post(f"people/{PRIYA}/edit", {**here, "cell": "A2", "value": 7})
    control.post(f"people/{PRIYA}/insert_row", {**here, "row": 2, "values": ["new", 3]})
    control.post(f"people/{PRIYA}/delete_row", {**here, "row": 1})
    url = f"{running.url}/v4/spreadsheets/{here['file']}/values/Milestones!A1:B9?valueRenderOption=UNFORMATTED_VALUE"
    assert requests.get(url, headers=headers, timeout=10).json()["values"] == [["new", 3], [7]]
    assert "refused" in control.refused(f"people/{INES}/edit", {**here, "cell": "A1", "value": "x"})


def test_people_talk(control: Control) -> None:
    """A post, an answer in a thread, a reaction, an edit and a deletion, as another person reads them."""
    said = control.post(f"people/{PRIYA}/post", {"channel": "general", "text": "Hello <b> & all"})
    assert said["ack"] == "ok"
    reply = {"channel": "general", "text": "Hi", "thread_ts": said["ts"]}
    answered = control.post(f"people/{INES}/post", reply)
    control.post(f"people/{INES}/react", {"channel": "general", "ts": said["ts"], "name": "wave"})
    rows = next(row for row in control.get(f"people/{INES}/sees")["channels"] if row["name"] == "general")["messages"]
    assert [row["text"] for row in rows[-2:]] == ["Hello <b> & all", "Hi"]
    assert rows[-2]["user_name"] == "Priya Nair"
    assert rows[-2]["reactions"][0]["name"] == "wave"
    assert rows[-1]["thread_ts"] == said["ts"]
    control.post(f"people/{INES}/edit_message", {"channel": "general", "ts": answered["ts"], "text": "Hi there"})
    not_mine = {"channel": "general", "ts": said["ts"], "text": "mine now"}
    assert "no message" in control.refused(f"people/{INES}/edit_message", not_mine)
    control.post(f"people/{PRIYA}/delete_message", {"channel": "general", "ts": said["ts"]})
    everything = control.get("workspace")["messages"]
    assert any(row["text"] == "Hi there" and row["edited"] for row in everything)


def test_a_guest_and_a_stranger_see_only_their_channels(control: Control) -> None:
    """A guest and another organisation's person see the channels they are in, and no other."""
    control.post(
        "seed",
        {
            "people": [{"email": "guest@contractor.example", "guest": True}],
            "channels": [{"name": "ext-a", "members": ["guest@contractor.example", "ruth.osei@harborpine.example"]}],
        },
    )
    for who in ("guest@contractor.example", "ruth.osei@harborpine.example"):
        assert [row["name"] for row in control.get(f"people/{who}/sees")["channels"]] == ["ext-a"]


def test_a_reader_asks_only_for_what_is_new(control: Control) -> None:
    """`channel` and `after` narrow what somebody sees to one channel's later messages."""
    first = control.post(f"people/{PRIYA}/post", {"channel": "general", "text": "One"})["ts"]
    control.post(f"people/{PRIYA}/post", {"channel": "random", "text": "Elsewhere"})
    control.post(f"people/{PRIYA}/post", {"channel": "general", "text": "Two"})
    seen = control.get(f"people/{INES}/sees?channel=general&after={first}")["channels"]
    assert [(row["name"], [message["text"] for message in row["messages"]]) for row in seen] == [("general", ["Two"])]
    assert control.call("GET", f"people/{INES}/sees?after=yesterday").status_code == 400


def test_what_is_read_is_rendered(control: Control, running: Running) -> None:
    """Text is read as people read it: names for ids, what was escaped as it was typed, and controls as labels."""
    ines = next(row["id"] for row in control.get("people")["people"] if row["email"] == INES)
    control.post(f"people/{PRIYA}/post", {"channel": "general", "text": "a < b & *c*"})
    headers = {"Authorization": f"Bearer {running.workspace.secrets.slack_bot_token}"}
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": f"For <@{ines}>: <https://x.example|the plan>"}},
        {"type": "actions", "elements": [button]},
    ]
    channel = next(row["id"] for row in control.get("workspace")["channels"] if row["name"] == "general")
    requests.post(f"{running.url}/api/conversations.join", json={"channel": channel}, headers=headers, timeout=10)
    said = {"channel": channel, "text": "fallback", "blocks": blocks}
    assert requests.post(f"{running.url}/api/chat.postMessage", json=said, headers=headers, timeout=10).json()["ok"]
    texts = [row["text"] for row in control.get(f"people/{INES}/sees?channel=general")["channels"][0]["messages"]]
    assert "a < b & *c*" in texts or "a < b & c" in texts
    assert "For @Ines Duarte: the plan" in texts[-1]
    assert "[Go]" in texts[-1]


def test_everything_can_be_counted(control: Control) -> None:
    """The raw view has every kind of thing, archived and deleted ones included."""
    everything = control.get("workspace")
    expected = {"files", "deleted_files", "drives", "channels", "messages", "mail", "bookmarks", "views", "workspace"}
    assert set(everything) == expected
    said = control.post(f"people/{PRIYA}/post", {"channel": "general", "text": "Gone soon"})
    control.post(f"people/{PRIYA}/delete_message", {"channel": "general", "ts": said["ts"]})
    rows = [row for row in control.get("workspace")["messages"] if row["ts"] == said["ts"]]
    assert [row["deleted"] for row in rows] == [True]
