"""Failures on demand: each deed, before or after the call was applied, and which calls it strikes."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from bot.emulator.faults import FaultError, Faults
from bot.emulator.server import Running

Act = Callable[..., Any]
URL = "/api/conversations.create"


@pytest.fixture
def create(running: Running) -> Act:
    """Create a channel as the app, over plain HTTP and a connection of its own."""

    def call(name: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {running.workspace.secrets.slack_bot_token}"}
        return requests.post(running.url + URL, data={"name": name}, headers=headers, timeout=10)

    return call


@pytest.fixture
def faults(running: Running) -> Faults:
    """The rules of the served workspace."""
    return running.workspace.faults


def names(running: Running) -> list[str]:
    return [row["name"] for row in running.workspace.shelf.collection("channels").values()]


def strikes(faults: Faults, method: str, times: int) -> list[bool]:
    """Which of so many calls are struck."""

    async def run() -> list[bool]:
        return [await faults.before(method) is not None for _ in range(times)]

    return asyncio.run(run())


def test_a_status_before_leaves_nothing_behind(running: Running, create: Act, faults: Faults) -> None:
    """A 503 before the call was applied: no channel; the next call is well again."""
    faults.set([{"method": "slack.conversations.create", "nth": 1, "do": "status", "status": 503, "retry_after": 7}])
    failed = create("impl-a")
    assert (failed.status_code, failed.headers["Retry-After"], failed.json()["ok"]) == (503, "7", False)
    assert "impl-a" not in names(running)
    assert create("impl-a").json()["ok"]


def test_a_status_after_has_done_its_work(running: Running, create: Act, faults: Faults) -> None:
    """A 503 after the call was applied: the channel is there all the same."""
    rule = {"method": "slack.conversations.create", "apply": "after", "do": "status", "status": 503, "html": True}
    faults.set([rule])
    failed = create("impl-a")
    assert failed.status_code == 503
    assert failed.text.startswith("<html>")
    assert "impl-a" in names(running)


@pytest.mark.parametrize("deed", [{"do": "drop"}, {"do": "reset"}, {"do": "hang", "seconds": 0.2}])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_cut_connection(running: Running, create: Act, faults: Faults, deed: dict[str, Any], when: str) -> None:
    """Dropped, reset or hanging, the client gets no answer; the log has status 0."""
    faults.set([{"method": "slack.conversations.create", "apply": when, **deed}])
    with pytest.raises(requests.ConnectionError) as cut:
        create("impl-a")
    assert ("reset" in str(cut.value).lower()) == (deed["do"] == "reset")
    assert ("impl-a" in names(running)) == (when == "after")
    assert running.workspace.log.since()["calls"][-1]["status"] == 0


def test_latency(create: Act, faults: Faults) -> None:
    """A slow call is slow, and answers."""
    faults.set([{"method": "slack.*", "do": "latency", "ms": 200}])
    began = time.monotonic()
    assert create("impl-a").json()["ok"]
    assert time.monotonic() - began > 0.2


def test_google_errors_have_their_familys_envelope(running: Running, faults: Faults) -> None:
    """A 403 by quota on Drive has errors[] with the reason; one on Sheets has a status word."""
    faults.set(
        [
            {"method": "drive.*", "do": "status", "status": 403, "reason": "userRateLimitExceeded"},
            {"method": "sheets.*", "do": "status", "status": 429},
            {"method": "oauth.token", "do": "status", "status": 503},
        ]
    )
    headers = {"Authorization": "Bearer accepted-google-token"}
    drive = requests.get(f"{running.url}/drive/v3/files", headers=headers, timeout=10)
    assert drive.status_code == 403
    assert drive.json()["error"]["errors"][0]["reason"] == "userRateLimitExceeded"
    assert drive.json()["error"]["errors"][0]["domain"] == "usageLimits"
    sheets = requests.get(f"{running.url}/v4/spreadsheets/x", headers=headers, timeout=10)
    assert (sheets.status_code, sheets.json()["error"]["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert "Quota exceeded" in sheets.json()["error"]["message"]
    token = requests.post(f"{running.url}/token", data={}, timeout=10)
    assert (token.status_code, token.json()["error"]) == (503, "internal_failure")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"nth": 3}, [False, False, True, False, False, False]),
        ({"nth": 2, "times": 2}, [False, True, True, False, False, False]),
        ({"every": 2}, [False, True, False, True, False, True]),
        ({"every": 2, "times": 1}, [False, True, False, False, False, False]),
        ({"times": 2}, [True, True, False, False, False, False]),
        ({}, [True] * 6),
        ({"probability": 0}, [False] * 6),
    ],
)
def test_which_calls_are_struck(rule: dict[str, Any], expected: list[bool]) -> None:
    """nth, every and times count the calls of the method."""
    faults = Faults()
    faults.set([{"method": "drive.files.copy", "do": "drop", **rule}])
    assert strikes(faults, "drive.files.get", 3) == [False] * 3
    assert strikes(faults, "drive.files.copy", 6) == expected


def test_chance_is_seeded() -> None:
    """The same seed strikes the same calls."""
    runs = []
    for _ in range(2):
        faults = Faults()
        faults.set([{"method": "*", "do": "drop", "probability": 0.5, "seed": 7}])
        runs.append(strikes(faults, "drive.files.copy", 50))
    assert runs[0] == runs[1]
    assert 10 < sum(runs[0]) < 40


def test_lagging_listings() -> None:
    """lag_listings answers how far a listing is behind and strikes nothing else."""
    faults = Faults()
    faults.set([{"method": "drive.files.list", "do": "lag_listings", "seconds": 5, "times": 1}])
    assert strikes(faults, "drive.files.list", 1) == [False]
    assert [faults.lagging(name) for name in ("drive.files.get", "drive.files.list", "drive.files.list")] == [0, 5, 0]


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("x", r"rules\[0\]"),
        ({"do": "drop"}, "method"),
        ({"method": "m", "do": "explode"}, "do: expected one of status, drop"),
        ({"method": "m", "do": "status"}, "status: expected a number"),
        ({"method": "m", "do": "drop", "nth": 0}, "nth"),
        ({"method": "m", "do": "drop", "often": 1}, "unknown often"),
        ({"method": "m", "do": "drop", "apply": "during"}, "before or after"),
    ],
)
def test_a_wrong_rule_is_named(rule: Any, place: str) -> None:
    """A rule that cannot be says where and what was expected; the rules in force stay."""
    faults = Faults()
    faults.set([{"method": "m", "do": "drop"}])
    with pytest.raises(FaultError, match=place):
        faults.set([rule])
    assert len(faults.rules) == 1
    assert json.dumps(faults.rules[0].given)
