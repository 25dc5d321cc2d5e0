"""The third walk: Friday's digest, and at month end a draft whose tables match the sheets."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.project.calendar import country_calendar
from tests.walks.conftest import CE_LEAD, ENGINEER, PM, Walk

WEEK = country_calendar(())


def next_thursday(today: date) -> date:
    """The first Thursday after today."""
    return today + timedelta(days=(2 - today.weekday()) % 7 + 1)


def day_before_month_end(today: date) -> date:
    """The day before a month's last working day, the first such after today."""
    day = today + timedelta(days=2)
    while not is_month_end(day):
        day += timedelta(days=1)
    return day - timedelta(days=1)


def is_month_end(day: date) -> bool:
    """Whether a day is its month's last working day."""
    return WEEK.is_working(day) and WEEK.add(day, 1).month != day.month


def set_up(walk: Walk) -> dict[str, str]:
    card = walk.request()
    walk.select(card, country_calendar(("DE",)).add(walk.today(), 13))
    walk.stage.wait_for("finished card", lambda: walk.find(CE_LEAD, "✓  Welcome posted", "impl-triage"))
    files = walk.files()
    walk.type(files["playbook"], "Risks", "RK1", {"Customer visible": "TRUE", "Mitigation": "Weekly call"})
    return files


def next_friday(walk: Walk) -> None:
    """Half past two on a Friday that has not been there yet."""
    friday = walk.today() + timedelta(days=(4 - walk.today().weekday()) % 7 or 7)
    walk.go(friday, 14)


@pytest.mark.parametrize("walk", [next_thursday], indirect=True)
def test_friday_brings_one_digest_from_the_cells(walk: Walk) -> None:
    """Done, ahead, waiting and risks come from the rows; only visible risks are named; once a week."""
    set_up(walk)

    next_friday(walk)

    digest = walk.stage.wait_for("digest", lambda: walk.find(ENGINEER, "week of", "impl-quillstone-bank"))
    for words in ("Done since last", "Request approved", "Next two weeks", "Waiting on you", "Prerequisites late"):
        assert words in digest["text"]
    assert "Resource estimate too low" not in digest["text"]
    assert len(digest["text"].splitlines()) <= 20
    walk.stage.go_to(walk.stage.now() + timedelta(hours=5))
    posts = [m for m in walk.stage.messages(ENGINEER, "impl-quillstone-bank") if "week of" in m["text"]]
    assert len(posts) == 1


@pytest.mark.parametrize("walk", [day_before_month_end], indirect=True)
def test_the_months_last_working_day_brings_a_draft_that_matches_the_sheets(walk: Walk) -> None:
    """Every milestone and every open risk of the sheets is in the document, with its dates; no placeholder is left."""
    files = set_up(walk)
    day = walk.today() + timedelta(days=1)
    while not is_month_end(day):
        day += timedelta(days=1)

    walk.go(day, 9)

    told = walk.stage.wait_for("ready", lambda: walk.find(PM, "is ready for review") or walk.find(PM, "is drafted"))
    report = walk.files()["report"]
    assert report in str(told["blocks"])
    text = walk.stage.export(PM, report, "text/plain").decode()
    milestones = walk.stage.rows(PM, files["plan"], "Milestones")
    title, status = milestones[0].index("Milestone"), milestones[0].index("Status")
    for row in milestones[1:]:
        if row and row[0] and row[status] != "N/A":
            assert row[title] in text
    risks = walk.stage.rows(PM, files["playbook"], "Risks")
    for row in risks[1:]:
        if row and row[0]:
            assert row[1] in text
    assert "{{" not in text
    copies = [f for f in walk.stage.raw()["files"] if f.get("appProperties", {}).get("file") == "report"]
    assert len(copies) == 1
