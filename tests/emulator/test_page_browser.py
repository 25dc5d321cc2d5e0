"""The page in a real browser: Debian's Chromium, driven as a person would, with a real app behind it.

`PICTURES=<folder>` keeps a picture of each main screen there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from page_visit import COMMAND, Visitor, app_of
from playwright.sync_api import Browser, Page, expect, sync_playwright
from waiting import on_loop

from bot.emulator.google.access import DOC
from bot.emulator.google.gateway import invoke
from bot.emulator.server import Running
from bot.emulator.slack import app as apps
from bot.emulator.slack import manifest, views
from bot.emulator.workspace import Workspace

pytestmark = pytest.mark.slow

Row = dict[str, Any]
Open = Callable[..., Page]
PRIYA = "priya.nair@fernhill.example"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]


def plain(text: str) -> Row:
    return {"type": "plain_text", "text": text}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; without it the browser tests are skipped by name, and fail in CI."""
    path = shutil.which("chromium")
    if path is None:
        reason = "chromium is not installed (apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def open_page(browser: Browser, running: Running) -> Iterator[Open]:
    """Opens screens as a person; at the end nothing was asked from outside and nothing went wrong in a console."""
    contexts: list[Any] = []
    wrong: list[str] = []

    def opened(who: str = "ines.duarte", screen: str = "slack", width: int = 1280, **query: str) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 844 if width < 500 else 900}, locale="en-GB")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("request", lambda asked: wrong.append(asked.url) if not _ours(asked.url, running.url) else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(f"a dialog: {dialog.message}"))
        visitor = Visitor(running.workspace, who)
        given = "&".join(f"{name}={value}" for name, value in {"as": visitor.id, **query}.items())
        page.goto(f"{running.url}/page/{screen}?{given}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def _ours(url: str, own: str) -> bool:
    return url.startswith((own, "data:"))


def picture(page: Page, name: str) -> None:
    """Keep a picture of the screen when pictures are wanted."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.wait_for_timeout(300)  # fonts and scrolling come to rest; only for the picture
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


@pytest.fixture
def workspace(running: Running) -> Workspace:
    """The workspace, with an app that has a command."""
    from dataclasses import replace

    raw = manifest.everything("implbot")
    raw["features"] |= {"slash_commands": [COMMAND]}
    running.workspace.settings = replace(running.workspace.settings, manifest=raw)
    on_loop(running, running.workspace.install)
    return running.workspace


def modal() -> Row:
    kinds = [{"text": plain("Production"), "value": "production"}, {"text": plain("Trial"), "value": "trial"}]
    return {
        "type": "modal",
        "callback_id": "request",
        "title": plain("New implementation"),
        "submit": plain("Send request"),
        "blocks": [
            _field("customer", "Customer", {"type": "plain_text_input", "action_id": "v"}),
            _field("kind", "Kind", {"type": "static_select", "action_id": "v", "options": kinds}),
            _field("why", "Why now?", {"type": "plain_text_input", "action_id": "v", "multiline": True}, optional=True),
        ],
    }


def _field(block_id: str, label: str, element: Row, **more: Any) -> Row:
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}


def listen(app: Any) -> None:
    """An app with a form that knows one customer, a card with buttons, and one button that is too slow."""

    @app.command("/implementation-request")
    def asked(ack: Any, body: Row, client: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal())
        ack()

    @app.view("request")
    def sent(ack: Any, view: Row, client: Any) -> None:
        customer = view["state"]["values"]["customer"]["v"]["value"]
        if customer != "Quillstone Bank":
            ack(response_action="errors", errors={"customer": "There is no customer of that name."})
            return
        ack()
        client.chat_postMessage(channel="general", text="New request", blocks=card(customer))

    @app.action("select")
    def selected(ack: Any, body: Row, client: Any) -> None:
        ack()
        text = {"type": "mrkdwn", "text": f"Selected by <@{body['user']['id']}>"}
        where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        client.chat_update(**where, text="Selected", blocks=[{"type": "section", "text": text}])


def card(customer: str) -> list[Row]:
    sure = {
        "title": plain("Select?"),
        "text": plain("This sets up a project."),
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }
    buttons = [
        {"type": "button", "text": plain("Select"), "action_id": "select", "style": "primary", "confirm": sure},
        {"type": "button", "text": plain("Unheard"), "action_id": "unheard"},
    ]
    return [{"type": "header", "text": plain(customer)}, {"type": "actions", "elements": buttons}]


def test_a_request_by_keyboard_and_mouse(workspace: Workspace, open_page: Open) -> None:
    """The command is completed with Tab, the form shows errors and keeps what was typed, the card works."""
    with app_of(workspace, listen):
        page = open_page()
        page.keyboard.type("/impl")
        expect(page.get_by_role("listbox", name="Commands")).to_be_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        form = page.get_by_role("dialog", name="New implementation")
        expect(page.get_by_label("Customer")).to_be_focused()
        page.keyboard.type("Harborpine")
        form.get_by_role("button", name="Send request").click()
        expect(form).to_contain_text("Please complete this required field.")
        form.get_by_label("Kind").select_option("trial")
        form.get_by_role("button", name="Send request").click()
        expect(form).to_contain_text("There is no customer of that name.")
        expect(form.get_by_label("Kind")).to_have_value("trial")
        expect(form.get_by_label("Customer")).to_have_value("Harborpine")
        picture(page, "form")
        form.get_by_label("Customer").fill("Quillstone Bank")
        form.get_by_role("button", name="Send request").click()
        expect(form).to_be_hidden()
        expect(page.get_by_role("heading", name="Quillstone Bank")).to_be_visible()
        picture(page, "slack")
        page.get_by_role("button", name="Select", exact=True).click()
        page.get_by_role("button", name="Yes", exact=True).click()
        expect(page.get_by_text("Selected by")).to_be_visible()


def searching() -> Row:
    """A form with a select that the app fills, and a file."""
    return modal() | {
        "blocks": [
            _field("customer", "Customer", {"type": "external_select", "action_id": "customers"}),
            _field("plan", "Plan", {"type": "file_input", "action_id": "plan"}),
        ]
    }


def test_a_searched_select_and_a_file(workspace: Workspace, open_page: Open) -> None:
    """What is typed is searched for by the app, the found is chosen, a file is attached and survives an error."""
    got: list[Row] = []
    found = {"text": plain("Quillstone Bank"), "value": "q1"}

    def listens(app: Any) -> None:
        @app.command("/implementation-request")
        def asked(ack: Any, body: Row, client: Any) -> None:
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=searching())

        @app.options("customers")
        def search(ack: Any, body: Row) -> None:
            ack(options=[found] if "quill" in body["value"].lower() else [])

        @app.view("request")
        def sent(ack: Any, view: Row) -> None:
            got.append(view["state"]["values"])
            ack(**({"response_action": "errors", "errors": {"plan": "Not yet."}} if len(got) == 1 else {}))

    with app_of(workspace, listens):
        page = open_page()
        page.keyboard.type("/implementation-request")
        page.keyboard.press("Enter")
        form = page.get_by_role("dialog", name="New implementation")
        form.get_by_label("Search").press_sequentially("Quill")
        form.get_by_label("Customer", exact=True).select_option("q1")
        form.get_by_label("Plan").set_input_files({"name": "plan.txt", "mimeType": "text/plain", "buffer": b"Hello"})
        form.get_by_role("button", name="Send request").click()
        expect(form).to_contain_text("Not yet.")
        picture(page, "search")
        form.get_by_role("button", name="Send request").click()
        expect(form).to_be_hidden()
    assert [values["customer"]["customers"]["selected_option"] for values in got] == [found, found]
    assert [values["plan"]["plan"]["files"][0]["name"] for values in got] == ["plan.txt", "plan.txt"]


def test_a_late_app_is_told_to_the_person(workspace: Workspace, open_page: Open) -> None:
    """While the app keeps silent the button turns; after three seconds the person reads operation_timeout."""
    with app_of(workspace, listen) as app:
        app.client.chat_postMessage(channel="general", text="card", blocks=card("Harborpine"))
        page = open_page()
        button = page.get_by_role("button", name="Unheard")
        button.click()
        expect(button).to_have_attribute("aria-busy", "true")
        expect(page.get_by_role("status")).to_contain_text("operation_timeout")
        expect(button).not_to_have_attribute("aria-busy", "true")


def test_the_screen_lives(running: Running, open_page: Open) -> None:
    """What others write appears by itself, and does not disturb what one is typing."""
    page = open_page()
    page.keyboard.type("I am still wri")
    Visitor(running.workspace, "tom.brandt").does("post", channel="general", text="Breaking news")
    expect(page.get_by_text("Breaking news")).to_be_visible()
    page.keyboard.type("ting")
    expect(page.get_by_label("Message #general")).to_have_value("I am still writing")
    page.keyboard.press("Enter")
    expect(page.locator(".stream")).to_contain_text("I am still writing")


def test_a_form_is_left_by_keyboard(running: Running, workspace: Workspace, open_page: Open) -> None:
    """Tab stays inside an open form, Escape closes it."""
    ines = Visitor(workspace, "ines.duarte")
    bot = apps.installed(workspace)
    owner = {"app_id": bot["id"], "bot_id": bot["bot_id"]}
    on_loop(running, lambda: views.add(workspace, owner, ines.id, views.checked(modal(), "modal")))
    page = open_page()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('.modal').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="New implementation")).to_be_hidden()


def test_hostile_words_run_nothing(running: Running, open_page: Open) -> None:
    """Scripts that people write stay words; the fixture fails on any dialog they would open."""
    nasty = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))"
    Visitor(running.workspace, "tom.brandt").does("post", channel="general", text=nasty)
    page = open_page()
    expect(page.locator(".stream")).to_contain_text("<script>alert(1)</script>")
    assert page.locator(".stream img, .stream script").count() == 0


@pytest.mark.parametrize("screen", ["slack", "drive", "mail", "log"])
def test_a_telephone_is_wide_enough(running: Running, open_page: Open, screen: str) -> None:
    """At 390 pixels nothing sticks out sideways, even with a very long word; conversations are behind a drawer."""
    Visitor(running.workspace, "tom.brandt").does("post", channel="general", text="x" * 2000)
    page = open_page(screen=screen, width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    if screen == "slack":
        picture(page, "telephone")
        expect(page.get_by_role("link", name="random")).to_be_hidden()
        page.locator(".drawer > summary").click()
        page.get_by_role("link", name="random").click()
        expect(page.get_by_role("heading", name="#random")).to_be_visible()


def google(running: Running, name: str, body: Row, **params: Any) -> Any:
    return on_loop(running, lambda: invoke(running.workspace, PRIYA, name, params, body))


@pytest.fixture
def plan(running: Running) -> str:
    """A plan of Priya's: two milestones with dates, a formula and a dropdown."""
    made = google(running, "sheets.spreadsheets.create", {"properties": {"title": "Plan"}})["spreadsheetId"]
    rows = [
        ["Milestone", "Due", "Days", "Status"],
        ["Kickoff", "2026-12-01", "=B3-B2", "Open"],
        ["Go-live", "2026-12-21"],
    ]
    where = {"spreadsheetId": made, "range": "A1", "valueInputOption": "USER_ENTERED"}
    google(running, "sheets.spreadsheets.values.update", {"values": rows}, **where)
    area = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 9, "startColumnIndex": 3, "endColumnIndex": 4}
    choice = {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": one} for one in ("Open", "Done")]}
    rule = {"setDataValidation": {"range": area, "rule": {"condition": choice, "strict": True, "showCustomUi": True}}}
    dates = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 9, "startColumnIndex": 1, "endColumnIndex": 2}
    look = {"userEnteredFormat": {"numberFormat": {"type": "DATE", "pattern": "d mmm yyyy"}}}
    shown = {"repeatCell": {"range": dates, "cell": look, "fields": "userEnteredFormat.numberFormat"}}
    google(running, "sheets.spreadsheets.batchUpdate", {"requests": [rule, shown]}, spreadsheetId=made)
    return str(made)


def test_a_plan_is_edited_in_the_grid(open_page: Open, plan: str) -> None:
    """A date is typed, formulas follow, Enter goes down, a dropdown offers its words, the history names who."""
    page = open_page(PRIYA, "sheet", file=plan)

    def cell(name: str) -> Any:
        return page.locator(f'td[data-cell="{name}"]')

    cell("B2").click()
    page.keyboard.type("2026-12-11")
    page.keyboard.press("Enter")
    expect(cell("B2")).to_have_text("11 Dec 2026")
    expect(cell("C2")).to_have_text("10")
    expect(cell("B3")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(cell("D3")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_label("Cell D3").select_option("Done")
    expect(cell("D3")).to_have_text("Done")
    expect(page.locator(".history")).to_contain_text("1 Dec 2026 → 11 Dec 2026")
    expect(page.locator(".history")).to_contain_text("Priya Nair")
    picture(page, "sheet")


def test_a_document_is_edited_on_paper(running: Running, open_page: Open) -> None:
    """A paragraph is changed with the keyboard alone, and words are added at the end."""
    file_id = google(running, "drive.files.create", {"name": "Report", "mimeType": DOC})["id"]
    text = {"insertText": {"location": {"index": 1}, "text": "Status: amber\nTwo milestones slipped.\n"}}
    google(running, "docs.documents.batchUpdate", {"requests": [text]}, documentId=file_id)
    page = open_page(PRIYA, "doc", file=file_id)
    page.get_by_text("Two milestones slipped.").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Paragraph").fill("Everything is back on track.")
    page.keyboard.press("Enter")
    expect(page.locator(".document")).to_contain_text("Everything is back on track.")
    page.get_by_label("Write at the end").fill("Signed: Priya")
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".document")).to_contain_text("Signed: Priya")
    picture(page, "document")


def test_the_clock_is_moved(running: Running, open_page: Open) -> None:
    """The clock's menu says where each button leads, and the whole screen follows."""
    page = open_page()
    page.locator(".clock summary").click()
    page.get_by_role("button", name="Next Monday").click()
    expect(page.locator(".clock summary")).to_contain_text("Monday")
    expect(page.locator(".clock summary")).to_contain_text("09:0")


def test_the_front_page(running: Running, open_page: Open) -> None:
    """A newcomer is shown three things to try, and chooses who to be."""
    page = open_page()
    page.goto(running.url)
    picture(page, "start")
    expect(page.locator(".tries li")).to_have_count(3)
    page.locator(".cards").get_by_role("link", name="Sofia Rossi").click()
    expect(page.get_by_label("You are Sofia Rossi. Change person")).to_be_visible()
