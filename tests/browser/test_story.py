"""The story of the page: one implementation, every step clicked and typed by the right person, with pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, expect

from bot.project.calendar import country_calendar
from tests.browser.conftest import Office, Seat, Seating
from tests.walks.conftest import CE, CE_LEAD, PM, Walk

pytestmark = pytest.mark.slow
INES, GRACE, PRIYA, LENA, RUTH = "Ines Duarte", "Grace Liu", "Priya Nair", "Lena Fischer", "Ruth Osei"
WEEK = country_calendar(("DE",))
HERS = country_calendar(("DE", "IN"))  # the company's days, and the project manager's own
CHANNEL = "impl-quillstone-bank"


@pytest.fixture
def seat(walk: Walk, seating: Seating) -> Iterator[Seat]:
    """A browser in front of a workspace whose bot is at work."""
    with seating(walk.stage.workspace.page) as taken:
        yield taken


def fill_request(form: Locator, link: str) -> None:
    """Answer every question of the request form."""
    form.get_by_label("Customer", exact=True).fill("Quillstone Bank")
    form.get_by_label("What do they need?").select_option("Production deployment")
    form.get_by_label("Expected deployment method").select_option("Kubernetes with Helm")
    form.get_by_label("Expected hosting provider").select_option("Azure")
    form.get_by_label("Customer segment").select_option("Enterprise")
    form.get_by_label("CRM opportunity").fill(link)
    form.get_by_label("Anything else").fill("Two regions; <!channel> <script>alert(1)</script> & more.")
    form.get_by_label("Account executive").select_option(label="Tom Brandt")


def ask(seat: Seat) -> None:
    """Ines asks; a bad link is refused beside its field, nothing typed is lost, the mended form goes through."""
    seat.be(INES)
    seat.picture("slack-general")
    seat.say("/implementation-request Quillstone Bank")
    form = seat.form
    expect(form.get_by_label("Customer", exact=True)).to_have_value("Quillstone Bank")
    fill_request(form, "https://evil.example/o/1")
    form.get_by_role("button", name="Send request").click()
    error = form.locator(".field", has_text="CRM opportunity").get_by_role("alert")
    expect(error).to_contain_text("evil.example")
    expect(form.get_by_label("Expected hosting provider")).to_have_value("Azure")
    seat.picture("request-form-error", error)
    form.get_by_label("CRM opportunity").fill("https://crm.fernhill.example/o/1")
    form.get_by_role("button", name="Send request").click()
    expect(form).to_have_count(0)


def select(seat: Seat, kickoff: date) -> None:
    """Grace presses Select on the card and names the people; the set-up card counts to the end."""
    seat.be(GRACE)
    seat.open("impl-triage")
    card = seat.messages.filter(has_text="Quillstone Bank")
    expect(card.get_by_role("button", name="Select")).to_be_visible()
    expect(card).to_contain_text("<script>alert(1)</script>")
    seat.picture("triage-card")
    card.get_by_role("button", name="Select").click()
    form = seat.form
    form.get_by_label("Project manager").select_option(label=PRIYA)
    form.get_by_label("Implementation engineer").select_option(label=LENA)
    form.get_by_label("Technical advisor").select_option(label="Omar Haddad")
    form.get_by_label("Size class").select_option("S · some weeks")
    form.get_by_label("Kickoff").fill(kickoff.isoformat())
    form.get_by_role("button", name="Select").click()
    expect(form).to_have_count(0)
    done = seat.messages.filter(has_text="Set-up of Quillstone Bank")
    expect(done).to_contain_text("✓ Welcome posted", timeout=60_000)
    seat.picture("set-up-card", done)


def open_plan(seat: Seat) -> None:
    """Priya opens the plan by the link in the channel's welcome."""
    seat.be(PRIYA)
    seat.open(CHANNEL)
    seat.messages.get_by_role("link", name=re.compile("plan", re.IGNORECASE)).first.click()
    seat.tab("Milestones")


def wait_until_morning(seat: Seat, walk: Walk) -> None:
    """Press "Next morning", over days on which people hear nothing."""
    seat.pass_time("Next morning")
    while not HERS.is_working(walk.today()):
        seat.pass_time("Next morning")


def test_a_request_becomes_a_reminder_and_done_becomes_a_cell(seat: Seat, walk: Walk) -> None:
    """Request, form error, select, set-up card, plan, a due date edited, next morning, reminder, Done, the cell."""
    seat.page.goto(seat.url)
    expect(seat.page.locator(".tries li")).to_have_count(3)
    seat.picture("welcome")
    seat.page.locator("main .cards").get_by_role("link", name=INES).click()
    seat.pass_time("Next Monday")
    ask(seat)
    select(seat, WEEK.add(walk.today(), 25))
    open_plan(seat)
    seat.type_cell("M1", "Forecast", walk.today().isoformat())
    expect(seat.cell("M1", "Forecast")).to_have_text(walk.today().isoformat())
    expect(seat.page.locator(".history")).to_contain_text(PRIYA)
    seat.picture("plan")
    wait_until_morning(seat, walk)
    seat.visit("Slack")
    seat.open("implbot")
    reminder = seat.messages.filter(has_text="Discovery complete")
    expect(reminder).to_contain_text(re.compile(r"\d working days? ago"))
    seat.picture("reminder")
    reminder.locator(".b.section", has_text="Discovery complete").get_by_role("button", name="Done").click()
    seat.form.get_by_label("What shows that it is done?").fill("Minutes of the discovery call")
    seat.form.get_by_role("button", name="Done").click()
    expect(reminder).to_contain_text("✓ Discovery complete Done, thank you")
    open_plan(seat)
    expect(seat.cell("M1", "Status")).to_have_text("Done")
    expect(seat.cell("M1", "Actual")).to_have_text(walk.today().isoformat())


@pytest.fixture
def project(walk: Walk) -> dict[str, str]:
    """A project set up without a browser: its first milestone done, one risk visible to the customer."""
    walk.select(walk.request(), WEEK.add(walk.today(), 13))
    walk.stage.wait_for("finished card", lambda: walk.find(CE_LEAD, "✓  Welcome posted", "impl-triage"))
    files = walk.files()
    walk.type(files["plan"], "Milestones", "M0", {"Status": "Done", "Actual": walk.today().isoformat()})
    risk = {"Customer visible": "TRUE", "Owner": "Priya Nair", "Mitigation": "Weekly call with their platform team"}
    walk.type(files["playbook"], "Risks", "RK1", risk)
    return files


def first_monday(today: date) -> date:
    """The first Monday of the next month, so that the story never runs across a month's end before its own."""
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first + timedelta(days=-first.weekday() % 7)


@pytest.mark.parametrize("walk", [first_monday], indirect=True)
def test_a_month_passes_and_is_read_in_the_page(seat: Seat, walk: Walk, project: dict[str, str]) -> None:
    """Friday's digest in the channel, the report as a document, mail, the playbook's risks and the calls behind it."""
    seat.be(PRIYA)
    seat.pass_time("Next Monday")
    seat.pass_time("Next Monday")
    seat.open(CHANNEL)
    digest = seat.messages.filter(has_text="week of").first  # tells of what was done at the start
    expect(digest).to_contain_text("Done since last")
    seat.picture("digest")
    seat.pass_time("Month end")
    seat.open("implbot")
    drafted = seat.messages.filter(has_text="is drafted")
    drafted.get_by_role("link").first.click()
    paper = seat.page.locator(".desk")
    expect(paper).to_contain_text("Discovery complete")
    expect(paper).not_to_contain_text("{{")
    seat.picture("report")
    seat.visit("Drive")
    seat.page.get_by_role("link", name="Production deployment").click()
    expect(seat.page.locator("a.fname")).to_have_count(3)
    seat.picture("drive")
    seat.page.get_by_role("link", name="Playbook").click()
    seat.tab("Risks")
    expect(seat.cell("RK1", "Mitigation")).to_contain_text("Weekly call")
    seat.picture("playbook-risks")
    seat.visit("API log")
    expect(seat.page.locator("table.rows tbody tr")).not_to_have_count(0)
    seat.picture("api-log")


def test_each_person_sees_only_what_they_may(seat: Seat, walk: Walk, project: dict[str, str]) -> None:
    """A refusal is seen by who is refused; a customer has the plan that was shared, by mail, and nothing else."""
    share = {"type": "user", "role": "commenter", "emailAddress": "ruth.osei@harborpine.example"}
    office = Office(walk.stage.workspace.url, walk.stage.workspace.line["control_token"])
    office.google(PM, "POST", f"/drive/v3/files/{project['plan']}/permissions?supportsAllDrives=true", share)
    walk.stage.workspace.control("POST", "seed", {"channels": [{"name": "impl-triage", "members": [CE]}]})
    walk.request(customer="Harborpine Logistics")

    seat.be(INES)
    seat.open("impl-triage")
    seat.messages.get_by_role("button", name="Select").click()
    refusal = seat.messages.filter(has_text="Only leads decide")
    expect(refusal).to_contain_text("Only visible to you")
    seat.be(GRACE)
    seat.open("impl-triage")
    expect(seat.messages.filter(has_text="Harborpine")).to_be_visible()
    expect(refusal).to_have_count(0)

    seat.be(RUTH)
    expect(seat.page.locator(".stream")).to_contain_text("no conversation yet")
    expect(seat.page.locator(".side")).not_to_contain_text("impl")
    expect(seat.page.locator(".side")).not_to_contain_text("general")
    seat.visit("Drive")
    expect(seat.page.locator("a.fname")).to_have_text(["Quillstone Bank · Project plan"])
    seat.visit("Mail")
    expect(seat.page.locator(".mailitem")).to_have_count(1)
    seat.picture("mail")
    seat.page.get_by_role("link", name="Open").click()
    seat.tab("Milestones")
    seat.type_cell("M1", "Forecast", "2030-01-01")
    expect(seat.page.locator("#toasts").last).to_contain_text("not change it")
    expect(seat.cell("M1", "Forecast")).to_have_text("")
