"""The first minutes of somebody who has only the README: from `implbot run` in an empty folder to a first reminder."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot.project.calendar import country_calendar
from tests.browser.conftest import Seat, Seating

pytestmark = pytest.mark.slow
WEEK = country_calendar(("DE",))
HERS = country_calendar(("DE", "IN"))  # the company's days, and the project manager's own
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S*?(?=[\s.]|$)")
MOST_SECONDS = 120  # of a machine that reads nothing; a person has three minutes
MOST_CLICKS = 40


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where the page is, as the command prints it."""
    command = [sys.executable, "-m", "bot", "run"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:  # our own
        try:
            assert process.stdout is not None
            yield next(found[0] for line in process.stdout if (found := ADDRESS.search(line)))
        finally:
            process.terminate()


def count_clicks(seat: Seat) -> None:
    """Let the browser count what the newcomer clicks, over all pages."""
    count = "addEventListener('click', (e) => { if (e.isTrusted) window.clicked(); }, true)"
    seat.page.expose_function("clicked", lambda: seat.clicks.append(1))
    seat.page.add_init_script(count)


def choose(seat: Seat, label: str, option: str) -> None:
    """Choose from a menu of the form in front: a click to open it and one to choose."""
    seat.form.get_by_label(label).select_option(label=option)
    seat.clicks += [1, 1]


def try_(seat: Seat, name: str) -> None:
    """Go on with the next of the three things to try."""
    seat.page.get_by_role("link", name="Three things to try").click()
    seat.page.locator(".tries").get_by_role("link", name=name).click()


def asks(seat: Seat) -> None:
    """Steps 1 and 2 of the README."""
    seat.page.locator(".tries").get_by_role("link", name="Ines Duarte").click()
    expect(seat.box).to_be_focused()
    seat.page.keyboard.press("Enter")
    choose(seat, "What do they need?", "Production deployment")
    choose(seat, "Expected deployment method", "Kubernetes with Helm")
    choose(seat, "Expected hosting provider", "Azure")
    choose(seat, "Customer segment", "Enterprise")
    seat.form.get_by_label("CRM opportunity").fill("https://crm.fernhill.example/o/1")
    choose(seat, "Account executive", "Tom Brandt")
    seat.form.get_by_role("button", name="Send request").click()
    expect(seat.form).to_have_count(0)


def selects(seat: Seat, kickoff: date) -> None:
    """Steps 3 and 4."""
    try_(seat, "Sofia Rossi")
    seat.messages.get_by_role("button", name="Select", exact=True).click()
    choose(seat, "Project manager", "Priya Nair")
    choose(seat, "Size class", "S · some weeks")
    seat.form.get_by_label("Kickoff").fill(kickoff.isoformat())
    seat.form.get_by_role("button", name="Select").click()
    expect(seat.page.locator(".stream")).to_contain_text("✓ Welcome posted", timeout=60_000)


def is_late(seat: Seat, late: date) -> None:
    """Steps 5 and 6."""
    try_(seat, "Priya Nair")
    seat.page.get_by_role("link", name="Project plan").first.click()
    seat.tab("Milestones")
    seat.type_cell("M1", "Forecast", late.isoformat())
    expect(seat.cell("M1", "Forecast")).to_have_text(late.isoformat())


def shown_day(seat: Seat) -> date:
    """The day on the page's clock."""
    told = seat.page.locator(".clock summary").inner_text()
    words = re.findall(r"\d+ \w+ \d{4}", told)[0]
    return datetime.strptime(words, "%d %B %Y").date()  # noqa: DTZ007  # a day needs no zone


def is_reminded(seat: Seat) -> None:
    """Steps 7 and 8."""
    seat.pass_time("Next morning")
    while not HERS.is_working(shown_day(seat)):
        seat.pass_time("Next morning")
    seat.visit("Slack")
    seat.open("implbot")
    expect(seat.messages.filter(has_text="Discovery complete")).to_contain_text("working days ago")


def test_a_newcomer_is_reminded_within_minutes(
    address: str, seating: Seating, record_testsuite_property: Callable[[str, object], None]
) -> None:
    """Following the README by its eight steps leads to a reminder, with few clicks and far below three minutes."""
    with seating(address) as seat:
        count_clicks(seat)
        begun = time.monotonic()
        seat.page.goto(seat.url)
        asks(seat)
        today = shown_day(seat)
        selects(seat, WEEK.add(today, 20))
        is_late(seat, today - timedelta(days=7))
        is_reminded(seat)
        seconds = time.monotonic() - begun
        record_testsuite_property("seconds to the first reminder", round(seconds))
        record_testsuite_property("clicks to the first reminder", len(seat.clicks))
        assert seconds < MOST_SECONDS
        assert len(seat.clicks) <= MOST_CLICKS
