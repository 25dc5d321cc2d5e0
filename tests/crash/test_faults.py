"""Every call of a set-up against every fault: it heals alone, or says who can mend it, and makes nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.provisioning import apply, steps
from bot.world import google, web_api
from bot.world.drive import Drive
from bot.world.web_api import WebApi
from tests import tiers
from tests.company import Prepared
from tests.crash import judge
from tests.crash.workshop import PAUSE, TIMEOUT, Call, Workshop, workshop

CALLS: dict[
    str, int
] = {  # every call of one set-up, by how often it is made; the card is edited as often as there is news
    "drive.files.list": 3,
    "drive.files.create": 2,
    "drive.files.copy": 2,
    "drive.permissions.create": 5,
    "sheets.spreadsheets.values.batchGetByDataFilter": 5,
    "sheets.spreadsheets.values.batchUpdateByDataFilter": 2,
    "sheets.spreadsheets.batchUpdate": 1,
    "slack.users.info": 3,
    "slack.users.lookupByEmail": 2,
    "slack.users.conversations": 1,
    "slack.conversations.info": 2,
    "slack.conversations.create": 1,
    "slack.conversations.setTopic": 1,
    "slack.conversations.invite": 1,
    "slack.bookmarks.add": 3,
    "slack.chat.postMessage": 2,
    "slack.chat.update": 1,
}
UNSTEADY = ("slack.chat.update",)  # at least so many

LAG = PAUSE / 2
APPLIED = {"apply": "after", "times": 1}
FAULTS: dict[str, dict[str, Any]] = {
    "applied, then 503": {**APPLIED, "do": "status", "status": 503},
    "applied, then reset": {**APPLIED, "do": "reset"},
    "429": {"do": "status", "status": 429, "times": 1},
    "403 rate limit": {"do": "status", "status": 403, "reason": "userRateLimitExceeded", "times": 1},
    "HTML 502": {**APPLIED, "do": "status", "status": 502, "html": True},
    "timeout": {**APPLIED, "do": "hang", "seconds": 2 * TIMEOUT},
    "lagging listings": {**APPLIED, "do": "status", "status": 503},
    "refused, then 503": {"do": "status", "status": 503, "times": 1},
}
LAGS = tuple({"method": method, "do": "lag_listings", "seconds": LAG} for method in ("drive.files.list", "slack.*"))

SITES = [(method, number) for method, count in CALLS.items() for number in range(1, count + 1)]
DRIVE_ONLY = "403 rate limit"  # Sheets and Slack say 429 only


def cases() -> Iterator[Any]:
    """Every call with every fault; of each call one in `make test-all`, of two calls already in `make test`."""
    for at, (method, number) in enumerate(SITES):
        kinds = [kind for kind in FAULTS if kind != DRIVE_ONLY or method.startswith("drive.")]
        for kind in kinds:
            tier = tiers.SOAK if kind != kinds[at % len(kinds)] else tiers.TEST if at in (3, 4) else tiers.ALL
            yield pytest.param((method, number), kind, marks=tier, id=f"{method} {number} / {kind}")


@pytest.fixture(scope="module")
def shop(company: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """One workshop for all cases: starting an engine for each would take longer than the set-ups themselves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(google, "TIMEOUT", (TIMEOUT, TIMEOUT))
        patch.setattr(web_api, "TIMEOUT_SECONDS", TIMEOUT)
        with workshop(company, tmp_path_factory.mktemp("workshop")) as made:
            yield made


def tried(shop: Workshop, call: Call, kind: str) -> tuple[str, list[str]]:
    """One set-up with one fault: how it ended, in a word, and the complaints."""
    method, number = call
    shop.prepare()
    rule = {"method": method, "nth": number, **FAULTS[kind]}
    shop.fault(rule, *(LAGS if kind == "lagging listings" else ()))
    outcome = shop.run()
    met = shop.struck()
    shop.stage.workspace.control("DELETE", "faults")
    failures = outcome["failures"]
    found = judge.complaints(shop.world, shop.stage.raw(), shop.key, shop.customer)
    word = "failed" if failures else "made wrong" if found else "healed" if met else "not met"
    return word, [*(f"{name} failed: {why}" for name, why in failures.items()), *found]


def test_the_table_names_every_call_of_a_set_up(shop: Workshop) -> None:
    """A call that is not in the table would be tried against nothing."""
    shop.prepare()

    outcome = shop.run()

    made = shop.calls()
    assert outcome["failures"] == {}
    assert judge.complaints(shop.world, shop.stage.raw(), shop.key, shop.customer) == []
    assert {name: count for name, count in made.items() if name not in UNSTEADY} == {
        name: count for name, count in CALLS.items() if name not in UNSTEADY
    }
    assert all(made[name] >= CALLS[name] for name in UNSTEADY)


@pytest.mark.parametrize(("call", "kind"), list(cases()))
def test_a_call_that_fails_once_heals_alone(
    shop: Workshop, call: Call, kind: str, record_property: Callable[[str, object], None]
) -> None:
    """Exactly one of everything, nothing missing, one welcome, and nobody has to press Retry."""
    word, found = tried(shop, call, kind)

    record_property("figure", word)
    assert found == []
    assert word == "healed"


# ---------------------------------------------------------------------- the judge, judged

PLANTED = ("drive.files.copy", 1), ("drive.permissions.create", 2), ("slack.chat.postMessage", 2)


def test_a_copy_that_is_not_looked_for_is_caught(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: after a copy whose outcome is unknown nobody looks before making another."""
    monkeypatch.setattr(Drive, "_look", lambda _self, _key: None)

    _, found = tried(shop, PLANTED[0], "applied, then 503")

    assert "playbook: 2 instead of 1" in found or "plan: 2 instead of 1" in found


def test_a_step_recorded_before_it_acted_is_caught(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: the result is kept first, so that another attempt takes a share that failed half-way for done."""
    honest = apply.attempted

    def hasty(world: Any, key: str, name: str, facts: Any, done: Any) -> Any:
        if name == "share":
            world.store.remember(apply.result_key(facts["request_id"], name), len(steps.ACTS))
        return honest(world, key, name, facts, done)

    monkeypatch.setattr(apply, "attempted", hasty)
    shop.prepare()
    shop.fault({"method": PLANTED[1][0], "nth": PLANTED[1][1], "do": "status", "status": 400, "times": 99})
    assert "share" in shop.run()["failures"]
    shop.stage.workspace.control("DELETE", "faults")

    assert shop.run(attempt=2)["failures"] == {}

    found = judge.complaints(shop.world, shop.stage.raw(), shop.key, shop.customer)
    assert any("access of" in words for words in found)


def test_a_post_that_is_repeated_blindly_is_caught(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a message whose sending had no answer is sent again like a call that changes nothing."""
    monkeypatch.setattr(WebApi, "once", WebApi.repeat)

    _, found = tried(shop, PLANTED[2], "applied, then 503")

    assert "welcome: 2 instead of 1" in found
