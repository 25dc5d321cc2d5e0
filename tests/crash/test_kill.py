"""kill -9 in the middle of a set-up, and again from the start: one of everything."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from tests.crash.conftest import Bot
from tests.walks.conftest import CE_LEAD, Walk

APPLIED_AND_UNANSWERED = {"apply": "after", "do": "hang", "seconds": 600, "times": 1}


@pytest.mark.parametrize(
    "method",
    [
        "drive.files.copy",
        pytest.param("drive.files.create", marks=pytest.mark.slow),
        pytest.param("slack.conversations.create", marks=pytest.mark.slow),
        pytest.param("slack.chat.postMessage", marks=pytest.mark.slow),
        pytest.param("sheets.spreadsheets.values.batchUpdate", marks=pytest.mark.slow),
    ],
)
def test_a_killed_set_up_goes_on_and_makes_nothing_twice(stage: tuple[Bot, Walk], method: str) -> None:
    """The kill comes when a call was applied and its answer is still out: the worst moment there is."""
    bot, walk = stage
    bot.start()
    card = walk.request()
    workspace = walk.stage.workspace
    workspace.control("POST", "faults", {"rules": [{"method": method, **APPLIED_AND_UNANSWERED}]})

    walk.select(card, walk.today() + timedelta(days=30))
    walk.stage.wait_for("the fateful call", lambda: _struck(workspace))
    bot.kill()
    workspace.control("DELETE", "faults")
    bot.start()

    walk.stage.wait_for("finished card", lambda: walk.find(CE_LEAD, "✓  Welcome posted", "impl-triage"))
    assert _made(walk) == {"folder": 2, "playbook": 1, "plan": 1, "channel": 1, "welcome": 1, "status card": 1}


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
