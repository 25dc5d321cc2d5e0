"""A simulated year: everybody hears the right thing once, at the right time, whatever happens to the bot meanwhile."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dateutil.easter import easter  # type: ignore[import-untyped]  # ships no types

from tests.company import Prepared
from tests.year.driver import Life, lived
from tests.year.generator import Scale, made
from tests.year.judge import Judge, report
from tests.year.truth import DAY

YEAR = Scale(projects=60, days=365, rows=32, restarts=30, outage_hours=(24,) * 5)
SIX_WEEKS = Scale(projects=3, days=42, people=16, rows=16, restarts=4, outage_hours=(30,))
WEEK = Scale(projects=2, days=9, people=10, rows=10, restarts=2, outage_hours=())
ANSWERS = Scale(projects=4, days=26, people=12, rows=14, restarts=4, outage_hours=(24,), story=1)
FORGOTTEN, SNOOZED = 0.97, 0.6
FAULTS = [
    {"method": "sheets.*", "probability": 0.005, "seed": 1, "do": "status", "status": 503},
    {"method": "drive.*", "probability": 0.005, "seed": 2, "do": "status", "status": 500},
    {"method": "drive.changes.list", "probability": 0.005, "seed": 3, "do": "reset"},
    {"method": "slack.chat.*", "probability": 0.01, "seed": 4, "do": "status", "status": 429, "retry_after": 1},
    {"method": "slack.users.*", "probability": 0.005, "seed": 5, "do": "drop"},
]


def spring() -> date:
    """A first Monday of March: clocks change in America, Europe and Australia in the weeks after it."""
    return _coming(lambda year: date(year, 3, 1) + DAY * (-date(year, 3, 1).weekday() % 7))


def easter_week() -> date:
    """A Monday before Easter: two holidays of many countries follow."""
    return _coming(lambda year: easter(year) - DAY * 6)


def _coming(day_of: Callable[[int], date]) -> date:
    today = datetime.now(UTC).date()
    return next(day for year in range(today.year, today.year + 2) if (day := day_of(year)) > today + timedelta(days=2))


def found(life: Life) -> list[Any]:
    """What the judge has to complain about; what it cost is printed."""
    print(f"{len(life.told)} messages, {sum(life.calls.values())} calls, milliseconds: {dict(life.costs)}")
    print(life.calls.most_common(12))
    return Judge(life.truth, life.told, life.year.first, life.year.last).complaints()


@pytest.mark.slow
def test_six_weeks(company: Prepared, tmp_path: Path) -> None:
    """Three projects, clocks that change, a day's outage and kills: the judge has nothing to say."""
    with lived(company, tmp_path, made(1, spring(), SIX_WEEKS), is_hourly=False) as life:
        assert not (complaints := found(life)), report(complaints)
        assert not life.troubles
        assert len(life.told) > 50


@pytest.mark.soak
@pytest.mark.parametrize("seed", [2, 3, 4])
def test_every_answer_is_heeded(company: Prepared, tmp_path: Path, seed: int) -> None:
    """A new date, a reason, another owner, a second snooze, what shows that a gate is passed: each gives its peace."""
    with lived(company, tmp_path, made(seed, spring(), ANSWERS), faults=FAULTS, is_hourly=False) as life:
        assert not (complaints := found(life)), report(complaints)
        assert not life.troubles

    rows = life.truth.rows.values()
    assert {"Blocked", "Done"} <= {held.status for row in rows for held in row.held}
    assert any(row.is_gate and row.held[-1].status == "Done" for row in rows)
    for cell in ("due", "owner"):
        assert any(getattr(row.held[0], cell) != getattr(row.held[-1], cell) for row in rows), cell
    assert any(len(row.snoozes) == 2 for row in rows)


@pytest.mark.parametrize(
    ("variant", "story", "expected"),
    [
        pytest.param("rung repeated", FORGOTTEN, "said twice", marks=pytest.mark.slow),
        pytest.param("holiday ignored", FORGOTTEN, "outside working days", marks=pytest.mark.soak),
        pytest.param("snooze lost", SNOOZED, "snooze lost", marks=pytest.mark.soak),
    ],
)
def test_a_planted_bug_is_caught(company: Prepared, tmp_path: Path, variant: str, story: float, expected: str) -> None:
    """A bot with one fault in it is found out within days."""
    year = made(1, easter_week(), Scale(**{**vars(WEEK), "story": story}))
    with lived(company, tmp_path, year, variant, is_hourly=False) as life:
        complaints = found(life)

    assert expected in {one.what for one in complaints}, report(complaints)


@pytest.mark.soak
@pytest.mark.parametrize("story", [FORGOTTEN, SNOOZED])
def test_the_same_days_pass_without_a_planted_bug(company: Prepared, tmp_path: Path, story: float) -> None:
    """The bot as it is passes the very days in which each planted bug is found out, nights and every hour looked at."""
    year = made(1, easter_week(), Scale(**{**vars(WEEK), "story": story}))
    with lived(company, tmp_path, year) as life:
        assert not (complaints := found(life)), report(complaints)
        assert not life.troubles


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1])
def test_a_year(company: Prepared, tmp_path: Path, seed: int) -> None:
    """Sixty projects through a year of faults, restarts and outages: the judge has nothing to say."""
    with lived(company, tmp_path, made(seed, spring(), YEAR), faults=FAULTS, is_hourly=False) as life:
        assert not (complaints := found(life)), report(complaints)
        if life.troubles:
            warnings.warn("\n".join(life.troubles[:20]), stacklevel=1)
