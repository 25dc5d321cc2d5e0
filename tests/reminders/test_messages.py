"""Each kind of message as people get it, beside golden files; and Slack's own limits on all of them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.reminders import messages, views
from tests import golden

GOLDEN = Path(__file__).parent / "golden"
ROW = "https://docs.google.com/spreadsheets/d/plan/edit#gid=2002&range=A5"
MEMO = {"ref": "R1|standard_plan|milestones|M4", "what": "done", "channel": "D1", "ts": "1.0"}
DRAFT = messages.draft("Ruth", "Customer prerequisites complete", date(2026, 11, 16), "Priya Nair")


def item(tab: str, subject: str, title: str, kind: str, **other: Any) -> dict[str, Any]:
    ref = f"R1|standard_plan|{tab}|{subject}"
    about = {"ref": ref, "url": ROW, "tab": tab, "subject": subject, "title": title, "kind": kind}
    return {**about, "customer": "Quillstone Bank", "detail": "", "section": "own", "draft": "", **other}


GATE = item("milestones", "M4", "Kickoff; scope and timeline sign-off", "overdue gate",
            detail=messages.detail(1, "16 Nov", "", ["Customer asked for a week"]))  # fmt: skip
TASK = item("tasks", "T7", "Open the firewall", "due today",
            detail=messages.detail(0, "17 Nov", "for Lena Fischer, away until 3 Dec", []))  # fmt: skip
RISK = item("risks", "RK1", "Prerequisites late", "high risk without live mitigation", section="lead",
            detail=messages.detail(0, "", "for Tom Brandt", ["score 20", "no mitigation"]))  # fmt: skip
THEIRS = item("milestones", "M5", "Customer prerequisites complete", "overdue milestone", section="lead", draft=DRAFT,
              detail=messages.detail(3, "12 Nov", "for Ruth Osei, of the customer", []))  # fmt: skip
DRY = {"project": "R1", "customer": "Quillstone Bank", "more": 2, "heard": [],
       "lines": [messages.rehearsed_line("Lena Fischer", "overdue gate", "M4", "Kickoff"),
                 messages.rehearsed_line("Tom Brandt", "due today", "T7", "Open the firewall")]}  # fmt: skip
FIRST = {"project": "R1", "customer": "Quillstone Bank", "counts": [["overdue gate", 2], ["overdue task", 11]]}
TICKED = {GATE["ref"]: {"words": messages.done_words(), "undo": True},
          TASK["ref"]: {"words": messages.snooze_words(date(2026, 11, 20)), "undo": False}}  # fmt: skip

KINDS = {
    "bundle": messages.bundle([GATE, TASK, RISK, THEIRS], 3, {}),
    "answered": messages.bundle([GATE, TASK], 0, TICKED),
    "dry_run": messages.bundle([], 0, {}, rehearsed=[DRY]),
    "dry_run_over": messages.bundle([], 0, {"R1": {"words": messages.LIVE_NOW}}, rehearsed=[DRY]),
    "first_look": messages.bundle([], 0, {}, counted=[FIRST]),
    "alert": messages.alert(GATE, {}),
}
FORMS = {
    "form_evidence": views.evidence("M4 Kickoff", "Customer acknowledgement", MEMO),
    "form_new_date": views.new_date("M4 Kickoff", date(2026, 11, 16), MEMO, has_cause=True),
    "form_blocked": views.blocked("T7 Open the firewall", MEMO),
    "form_not_me": views.not_me("T7 Open the firewall", MEMO),
    "form_snooze": views.snooze("T7 Open the firewall", MEMO),
    "form_draft": views.draft(DRAFT),
}
SNAPSHOTS = {name: golden.shown(one) for name, one in KINDS.items()} | FORMS


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_every_message_is_as_it_was_read_aloud(name: str) -> None:
    """A changed word or button shows here first."""
    golden.same(GOLDEN / f"{name}.json", SNAPSHOTS[name])


def test_a_full_bundle_of_hostile_rows_stays_inside_slacks_limits() -> None:
    """Five items of endless words, dry runs and first looks of ten projects: blocks, buttons and texts fit."""
    long = "<!channel> \n" * 900
    items = [
        {**THEIRS, "ref": f"R{n}|standard_plan|milestones|{'M' * 60}", "title": long, "detail": long, "customer": long}
        for n in range(5)
    ]
    message = messages.bundle(items, 99, {}, [{**DRY, "project": f"R{n}"} for n in range(3)], [FIRST] * 3)

    assert len(message.blocks) <= 50
    for block in message.blocks:
        assert "<!channel" not in json.dumps(block)
        for element in block.get("elements", ()):
            assert all(len(option["value"]) <= 150 for option in element.get("options", ()))
            assert len(element.get("options", ())) <= 5
    assert all(len(block["text"]["text"]) <= 3000 for block in message.blocks if block["type"] == "section")


def test_a_row_that_nobody_can_tick_has_no_done_button() -> None:
    """Risks and issues are reviewed, not done: their line offers a snooze and another owner only."""
    (line,) = [b for b in messages.bundle([RISK], 0, {}).blocks if b["type"] == "section"]

    labels = [option["text"]["text"] for option in line["accessory"]["options"]]
    assert labels == ["Snooze 1 working day", "Snooze 3 working days", "Snooze 7 working days", "Not me"]


def test_an_answered_item_changes_no_other_block() -> None:
    """Whoever still sees the message of before can press on: all that is not answered keeps its block and its ID."""
    twice = item("risks", "RK1", "Prerequisites late", "risk past review", section="lead")
    items = [GATE, TASK, RISK, twice, THEIRS]
    before, after = (messages.bundle(items, 0, answered, rehearsed=[DRY]).blocks for answered in ({}, TICKED))
    pressable = [block["block_id"] for block in before if "accessory" in block or block["type"] == "actions"]
    ticked = {f"{part}|{one['kind']}|{one['ref']}" for one in (GATE, TASK) for part in ("item", "more")}

    assert len(set(pressable)) == len(pressable) == 9
    for block in before:
        assert block in after or block.get("block_id") in ticked
    assert {f"item|{one['kind']}|{one['ref']}" for one in items} <= {block.get("block_id") for block in after}
    assert all(len(block_id) <= 255 for block_id in pressable)
