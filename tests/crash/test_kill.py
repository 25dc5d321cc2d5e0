"""kill -9 in the middle of a set-up, and again from the start: one of everything."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests.crash.conftest import Bot
from tests.tiers import matrix
from tests.walks.conftest import CE_LEAD, Walk

WRITES = {  # every writing call from a lead's decision to the end of the set-up, and how often it comes at least
    "drive.files.copy": 2,
    "drive.files.create": 2,
    "drive.permissions.create": 5,
    "sheets.spreadsheets.batchUpdate": 1,
    "sheets.spreadsheets.values.batchUpdateByDataFilter": 4,
    "slack.bookmarks.add": 3,
    "slack.chat.postMessage": 4,
    "slack.chat.update": 2,  # a third comes when steps end far enough apart
    "slack.conversations.create": 1,
    "slack.conversations.invite": 1,
    "slack.conversations.open": 2,
    "slack.conversations.setTopic": 1,
}
BOT = ("implbot@", "U")  # how its two accounts begin
READS = ("get", "list", "info", "history", "replies", "test", "lookupByEmail", "members")


@dataclass(frozen=True)
class Point:
    """A moment to die at: the nth call of a method, applied already and not answered, or not even applied."""

    method: str
    nth: int
    apply: str

    def __str__(self) -> str:
        return f"{self.method}-{self.nth}-{self.apply}"

    @property
    def rule(self) -> dict[str, Any]:
        """The fault that holds the call there until the kill."""
        return {"method": self.method, "nth": self.nth, "apply": self.apply, "do": "hang", "seconds": 600, "times": 1}


POINTS = [
    Point(method, nth + 1, apply) for apply in ("after", "before") for method, n in WRITES.items() for nth in range(n)
]


@pytest.mark.parametrize("point", matrix(POINTS, test=1, test_all=6))
def test_a_killed_set_up_goes_on_and_makes_nothing_twice(stage: tuple[Bot, Walk], point: Point) -> None:
    """Wherever the kill comes, the worst being between a call and its answer, the next start finishes the set-up."""
    bot, walk = stage
    bot.start()
    card = walk.request()
    workspace = walk.stage.workspace
    workspace.control("POST", "faults", {"rules": [point.rule]})

    walk.select(card, walk.today() + timedelta(days=30))
    walk.stage.wait_for("the fateful call", lambda: _struck(workspace))
    bot.kill()
    workspace.control("DELETE", "faults")
    bot.start()

    walk.stage.wait_for("finished card", lambda: walk.find(CE_LEAD, "✓  Welcome posted", "impl-triage"))
    assert _made(walk) == {"folder": 2, "playbook": 1, "plan": 1, "channel": 1, "welcome": 1, "status card": 1}


@pytest.mark.soak
def test_every_writing_call_is_a_point(stage: tuple[Bot, Walk]) -> None:
    """The table of calls is what an undisturbed set-up makes: no new call goes without its kill."""
    bot, walk = stage
    bot.start()
    card = walk.request()
    control = walk.stage.workspace.control
    walk.select(card, walk.today() + timedelta(days=30))
    chosen = max(call["n"] for call in control("GET", "log")["calls"] if call["method"] == "slack.views.open")

    walk.stage.wait_for("finished card", lambda: walk.find(CE_LEAD, "✓  Welcome posted", "impl-triage"))
    bot.stop()

    later = [call["method"] for call in control("GET", f"log?since={chosen}")["calls"] if call["who"].startswith(BOT)]
    made = Counter(method for method in later if not _reads(method))
    assert set(made) == set(WRITES)
    assert all(made[method] >= count for method, count in WRITES.items()), made


def _reads(method: str) -> bool:
    """Whether a method changes nothing."""
    last = method.split(".")[-1]
    return last in READS or last.startswith(("batchGet", "getByDataFilter", "getStartPageToken"))


def _struck(workspace: Any) -> bool:
    """True while a call hangs that was applied already."""
    return any(rule["struck"] for rule in workspace.control("GET", "faults")["rules"])


def _made(walk: Walk) -> Counter[str]:
    """What there is of the project: trash, archive and deleted messages included."""
    raw = walk.stage.raw()
    ours = [row for row in raw["files"] if row.get("appProperties", {}).get("implbot") == "project"]
    made = Counter("folder" if row["mimeType"].endswith("folder") else row["appProperties"]["file"] for row in ours)
    made["channel"] = sum(row["name"].startswith("impl-quillstone") for row in raw["channels"])
    texts = [str(row.get("blocks")) for row in raw["messages"]]
    made["welcome"] = sum("Welcome to Quillstone Bank" in text for text in texts)
    made["status card"] = sum("Set-up of Quillstone Bank" in text for text in texts)
    return made
