"""One call to Google: how often it is made, when it is not made again, and what a failure says."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SettingsError
from bot.world.clock import Clock
from bot.world.drive import FOLDER, Drive
from bot.world.google import Google, GoogleError, connect
from bot.world.limits import Limits, Quotas, bucket
from bot.world.retry import Mark, Patience, persist


def create(google: Google, name: str) -> Any:
    body = {"name": name, "mimeType": FOLDER, "parents": [Drive(google, "Implementations").root().id]}
    request = google.drive.files().create(body=body, supportsAllDrives=True)
    return google.call("drive.files.create", request.execute, Mark.LOOK_FIRST)


def me(google: Google) -> str:
    request = google.drive.about().get(fields="user(emailAddress)")
    return str(google.call("drive.about.get", request.execute)["user"]["emailAddress"])


def test_one_token_serves_all_calls(google: Google) -> None:
    """The account is the key file's, and the second call needs no second token."""
    assert me(google) == google.account
    assert me(google) == google.account
    assert google.counts == {"drive.about.get": 2}


def test_many_threads_share_one_token(google: Google, control: Any) -> None:
    """Eight threads that start together fetch one token between them, and each gets its answer."""
    since = len(control("GET", "log")["calls"])
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: me(google), range(32)))
    assert answers == [google.account] * 32
    families = [call["family"] for call in control("GET", "log")["calls"][since:]]
    assert families.count("oauth") == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"do": "status", "status": 503},
        {"do": "status", "status": 500, "html": True},
        {"do": "status", "status": 429},
        {"do": "status", "status": 403, "reason": "userRateLimitExceeded"},
        {"do": "drop"},
        {"do": "reset"},
    ],
)
def test_a_reading_call_is_repeated(google: Google, control: Any, fault: dict[str, Any]) -> None:
    """A look that failed for a passing reason is made again, and its caller never notices."""
    control.fault("drive.about.get", nth=1, **fault)
    assert me(google) == google.account
    assert google.counts["drive.about.get"] == 2


def test_patience_ends(google: Google, control: Any) -> None:
    """A service that stays away is given up after so many attempts, with the last answer in the error."""
    control.fault("drive.about.get", every=1, do="status", status=503)
    with pytest.raises(GoogleError) as caught:
        me(google)
    assert (caught.value.kind, caught.value.status, caught.value.method) == ("unavailable", 503, "drive.about.get")
    assert google.counts["drive.about.get"] == 4


@pytest.mark.parametrize("fault", [{"do": "status", "status": 503}, {"do": "drop"}, {"do": "reset"}])
def test_a_creating_call_is_never_repeated_blindly(google: Google, control: Any, fault: dict[str, Any]) -> None:
    """The folder was made and the answer lost: the call ends as ambiguous, and one folder is there, not two."""
    control.fault("drive.files.create", nth=1, apply="after", **fault)
    with pytest.raises(GoogleError) as caught:
        create(google, "Once")
    assert caught.value.kind == "ambiguous"
    assert len(control.files("Once")) == 1


def test_a_refused_creation_is_repeated(google: Google, control: Any) -> None:
    """A quota refusal did nothing, so that even a creation may be made again."""
    control.fault("drive.files.create", nth=1, do="status", status=429)
    create(google, "Later")
    assert len(control.files("Later")) == 1


def test_the_service_says_when_to_come_back(google: Google, control: Any) -> None:
    """Retry-After is heard: the second attempt is not made before."""
    control.fault("drive.about.get", nth=1, do="status", status=429, retry_after=1)
    assert me(google) == google.account
    assert google.counts["drive.about.get"] == 2


def test_html_is_an_answer_too(google: Google, control: Any) -> None:
    """A proxy's HTML page in place of JSON becomes the same error, without a message of Google's."""
    control.fault("drive.files.create", nth=1, do="status", status=400, html=True)
    with pytest.raises(GoogleError) as caught:
        create(google, "Never")
    assert (caught.value.kind, caught.value.reason) == ("invalid", "")


def test_what_is_not_there_is_missing(google: Google) -> None:
    """An unknown file is *missing* through Drive, Sheets and Docs alike."""
    kinds = []
    for act in (
        google.drive.files().get(fileId="nobody", supportsAllDrives=True).execute,
        google.docs.documents().get(documentId="nobody").execute,
        lambda: google.sheets.spreadsheets_get("nobody"),
    ):
        with pytest.raises(GoogleError) as caught:
            google.call("x", act)
        kinds.append(caught.value.kind)
    assert kinds == ["missing"] * 3


def test_a_dead_host_is_unreachable(key_path: Path) -> None:
    """Nobody listens: the call was never sent, and the error says so."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        google = connect(key_path, url, patience=Patience(attempts=2, first_wait=0.01, jitter=0.01))
        with pytest.raises(GoogleError) as caught:
            me(google)
        google.close()
    assert caught.value.kind == "unreachable"


def test_a_bad_key_file_is_a_setting_to_mend(tmp_path: Path) -> None:
    """A missing or wrong key file names the setting, not a stack trace."""
    for path in (tmp_path / "none.json", tmp_path / "empty.json"):
        (tmp_path / "empty.json").write_text("{}")
        with pytest.raises(SettingsError, match="IMPLBOT_GOOGLE_KEY_FILE"):
            connect(path)


def test_an_unknown_drive_is_a_setting_to_mend(google: Google) -> None:
    """A drive the bot does not belong to names the setting and whom to make a member."""
    with pytest.raises(SettingsError, match=google.account):
        Drive(google, "Somewhere else").root()


def test_our_own_mistakes_are_not_retried() -> None:
    """An error in our own code goes through at once: it is no failure of the outside."""
    calls = []

    def broken() -> None:
        calls.append(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        persist(broken, Mark.IDEMPOTENT, Patience())
    assert calls == [1]


@pytest.mark.parametrize(
    ("verb", "path", "name"),
    [
        ("GET", "/v4/spreadsheets/x", "sheets:read"),
        ("POST", "/v4/spreadsheets/x/values:batchGetByDataFilter", "sheets:read"),
        ("POST", "/v4/spreadsheets/x:batchUpdate", "sheets:write"),
        ("PUT", "/v4/spreadsheets/x/values/A1", "sheets:write"),
        ("GET", "/v1/documents/x", "docs:read"),
        ("POST", "/v1/documents/x:batchUpdate", "docs:write"),
        ("GET", "/drive/v3/files", "drive"),
        ("POST", "/upload/drive/v3/files", "drive"),
        ("POST", "/token", ""),
    ],
)
def test_each_call_counts_against_its_quota(verb: str, path: str, name: str) -> None:
    """Reads and writes of Sheets and Docs have quotas of their own; a read by POST is a read."""
    assert bucket(verb, "https://any.example" + path) == name


def test_a_full_minute_waits() -> None:
    """With the minute's calls used up there is no room within a short wait; others and later minutes have."""
    clock = Clock()
    limits = Limits(Quotas(sheets_reads=2, burst=50), clock)
    read, write = "https://x.example/v4/spreadsheets/a", "https://x.example/v4/spreadsheets/a:batchUpdate"
    assert [limits.wait("GET", read, 0.05) for _ in range(3)] == [True, True, False]
    assert limits.wait("POST", write, 0.05)
    clock.offset = timedelta(minutes=2)
    assert limits.wait("GET", read, 0.05)
