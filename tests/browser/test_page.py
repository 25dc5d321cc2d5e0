"""The page by itself, in a browser: hostile content is text, a keyboard is enough, people see each other at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Office, Seating

pytestmark = pytest.mark.slow
INES, GRACE, PRIYA = "Ines Duarte", "Grace Liu", "Priya Nair"
ATTACK = "<script>document.title='hit'</script><img src=x onerror=\"document.title='hit'\">"
LONG = "Ж" * 10_000


def test_hostile_messages_are_shown_as_text(office: Office, seating: Seating) -> None:
    """Markup, links that run script and endless words stay words: nothing runs, nothing widens the page."""
    with seating(office.url) as seat:
        seat.be(INES)
        for text in (ATTACK, "<javascript:document.title='hit'|press me>", LONG, '=HYPERLINK("x") {{ 7*7 }}'):
            seat.say(text)
        expect(seat.messages).to_have_count(4)
        expect(seat.messages.nth(0)).to_contain_text(ATTACK)
        expect(seat.messages.nth(2)).to_contain_text(LONG)
        expect(seat.messages.nth(3)).to_contain_text("{{ 7*7 }}")
        assert seat.page.locator("main script, main img, main a[href^=javascript]").count() == 0
        assert seat.page.title() != "hit"
        assert not seat.overflows()


def test_hostile_names_are_shown_as_text(office: Office, seating: Seating) -> None:
    """A person and a spreadsheet of 10,000 letters are cut short, wherever they are listed."""
    name = ATTACK + LONG
    office.control("seed", {"people": [{"email": "x@fernhill.example", "name": name, "title": name}]})
    office.google("x@fernhill.example", "POST", "/v4/spreadsheets", {"properties": {"title": name}})
    with seating(office.url) as seat:
        seat.page.goto(seat.url)
        card = seat.page.locator("main .cards a").filter(has_text="<script>")
        expect(card).to_be_visible()
        assert not seat.overflows()
        card.click()
        seat.say("good morning")
        expect(seat.messages.filter(has_text="good morning")).to_contain_text("<script>")
        seat.visit("Drive")
        expect(seat.page.locator("a.fname")).to_contain_text("<script>")
        assert not seat.overflows()
        seat.page.locator("a.fname").click()
        expect(seat.page.locator(".file-head h1")).to_contain_text("<script>")
        assert not seat.overflows()
        assert seat.page.title() != "hit"


def test_cells_compute_and_never_run(office: Office, seating: Seating) -> None:
    """A formula typed into the grid is computed, markup stays text, and a link in a cell cannot run script."""
    made = office.google("priya.nair@fernhill.example", "POST", "/v4/spreadsheets", {"properties": {"title": "Book"}})
    with seating(office.url) as seat:
        seat.be(PRIYA)
        seat.visit("Drive")
        seat.page.locator("a.fname", has_text="Book").click()
        cells = {
            "A1": "=6*7",
            "A2": ATTACK,
            "A3": "=1/0",
            "A4": "'=6*7",
            "A5": '=HYPERLINK("javascript:alert(1)","go")',
        }
        for name, typed in cells.items():
            seat.page.locator(f'[data-cell="{name}"]').click()
            seat.page.keyboard.type(typed)
            seat.page.keyboard.press("Enter")
        shown = {name: seat.page.locator(f'[data-cell="{name}"]') for name in cells}
        expect(shown["A1"]).to_have_text("42")
        expect(shown["A2"]).to_have_text(ATTACK)
        expect(shown["A3"]).to_have_text("#DIV/0!")
        expect(shown["A4"]).to_have_text("=6*7")
        expect(shown["A5"]).to_have_text("go")
        assert seat.page.locator(".grid a[href^=javascript], .grid script, .grid img").count() == 0
        expect(seat.page.locator(".history li")).to_have_count(5)
        values = office.google(
            "priya.nair@fernhill.example", "GET", f"/v4/spreadsheets/{made['spreadsheetId']}/values/A1:A1"
        )
        assert values["values"] == [["42"]]


def test_the_grid_works_by_keyboard(office: Office, seating: Seating) -> None:
    """Arrows move, typing begins, Enter and Tab save, Escape drops, F2 edits, Delete clears."""
    office.google("priya.nair@fernhill.example", "POST", "/v4/spreadsheets", {"properties": {"title": "Book"}})
    with seating(office.url) as seat:
        seat.be(PRIYA)
        seat.visit("Drive")
        seat.page.locator("a.fname", has_text="Book").press("Enter")
        seat.page.locator('[data-cell="A1"]').focus()
        keys = seat.page.keyboard
        keys.type("one")
        keys.press("Tab")
        keys.type("two")
        keys.press("Enter")
        keys.type("nothing")
        keys.press("Escape")
        keys.press("ArrowUp")
        keys.press("F2")
        keys.type(" and a half")
        keys.press("Enter")
        expect(seat.page.locator('[data-cell="B1"]')).to_have_text("two and a half")
        expect(seat.page.locator('[data-cell="B2"]')).to_have_text("")
        keys.press("ArrowUp")
        keys.press("ArrowLeft")
        expect(seat.page.locator('[data-cell="A1"]')).to_be_focused()
        expect(seat.page.locator("#fx")).to_have_value("one")
        keys.press("Delete")
        expect(seat.page.locator('[data-cell="A1"]')).to_have_text("")


def test_a_message_is_written_by_keyboard(office: Office, seating: Seating) -> None:
    """From the top of the page Tab leads to the message box; Shift+Enter is a new line, Enter sends."""
    with seating(office.url) as seat:
        seat.be(INES)
        seat.page.evaluate("document.activeElement.blur()")
        seat.page.locator(".brand").focus()
        for _ in range(40):
            if seat.box.evaluate("box => box === document.activeElement"):
                break
            seat.page.keyboard.press("Tab")
        expect(seat.box).to_be_focused()
        seat.page.keyboard.type("first")
        seat.page.keyboard.press("Shift+Enter")
        seat.page.keyboard.type("second")
        seat.page.keyboard.press("Enter")
        expect(seat.messages).to_have_count(1)
        expect(seat.messages.locator(".body")).to_contain_text(re.compile(r"first\s*second"))
        expect(seat.box).to_have_value("")
        expect(seat.box).to_be_focused()


def test_two_people_talk_and_each_sees_the_other_at_once(office: Office, seating: Seating) -> None:
    """A message, a reply in its thread and a reaction arrive without reloading; a private channel stays private."""
    office.control(
        "seed", {"channels": [{"name": "leads-only", "private": True, "members": ["grace.liu@fernhill.example"]}]}
    )
    with seating(office.url) as left, seating(office.url) as right:
        left.be(INES)
        right.be(GRACE)
        expect(right.page.locator(".side")).to_contain_text("leads-only")
        expect(left.page.locator(".side")).not_to_contain_text("leads-only")
        left.say("Is anybody here?")
        heard = right.messages.filter(has_text="Is anybody here?")
        expect(heard).to_contain_text(INES)
        heard.hover()
        heard.get_by_role("button", name="React with eyes").click()
        expect(left.messages.locator(".reactions")).to_contain_text("1")
        heard.get_by_role("link", name="Reply in thread").click()
        right.page.locator("aside .composer textarea").fill("I am")
        right.page.keyboard.press("Enter")
        left.page.get_by_role("link", name="1 reply").click()
        expect(left.page.locator("aside.thread")).to_contain_text("I am")


def test_what_one_may_not_see_is_not_there(office: Office, seating: Seating) -> None:
    """The address of a private channel or of a file that was not shared leads to a page that says so."""
    made = office.control(
        "seed", {"channels": [{"name": "leads-only", "private": True, "members": ["grace.liu@fernhill.example"]}]}
    )
    file = office.google("grace.liu@fernhill.example", "POST", "/v4/spreadsheets", {"properties": {"title": "Mine"}})
    with seating(office.url, forgiven="404") as seat:
        seat.be(INES)
        person = seat.page.url.split("as=")[1].split("&")[0]
        for place in (f"slack?channel={made['channels']['leads-only']}", f"sheet?file={file['spreadsheetId']}"):
            seat.page.goto(f"{office.url}/page/{place}&as={person}")
            expect(seat.page.get_by_role("heading", name="Not here")).to_be_visible()
            assert "leads-only" not in seat.page.content()
            assert "Mine" not in seat.page.content()


def test_rows_of_the_grid_come_and_go(office: Office, seating: Seating) -> None:
    """A row is inserted above the chosen cell and deleted again; formulas follow; without a cell one is told."""
    made = office.google("priya.nair@fernhill.example", "POST", "/v4/spreadsheets", {"properties": {"title": "Book"}})
    path = f"/v4/spreadsheets/{made['spreadsheetId']}/values/A1:A3?valueInputOption=USER_ENTERED"
    office.google("priya.nair@fernhill.example", "PUT", path, {"values": [["1"], ["2"], ["=A1+A2"]]})
    with seating(office.url) as seat:
        seat.be(PRIYA)
        seat.visit("Drive")
        seat.page.locator("a.fname", has_text="Book").click()
        seat.page.get_by_role("button", name="Row +").click()
        expect(seat.page.locator("#toasts")).to_contain_text("Choose a cell first")
        seat.page.locator('[data-cell="A2"]').click()
        seat.page.get_by_role("button", name="Row +").click()
        expect(seat.page.locator('[data-cell="A2"]')).to_have_text("")
        expect(seat.page.locator('[data-cell="A4"]')).to_have_attribute("data-typed", "=A1+A3")
        seat.page.locator('[data-cell="A1"]').click()
        seat.page.get_by_role("button", name="Row −").click()
        expect(seat.page.locator('[data-cell="A3"]')).to_contain_text("#REF!")


def test_a_paragraph_is_changed_by_mouse_and_by_keyboard(office: Office, seating: Seating) -> None:
    """A double click opens one paragraph as text, markup stays text, Escape leaves it as it was; others only look."""
    made = office.google("priya.nair@fernhill.example", "POST", "/v1/documents", {"title": "Report"})
    text = {"insertText": {"location": {"index": 1}, "text": "Amber\nAmber\nThe end\n"}}
    path = f"/v1/documents/{made['documentId']}:batchUpdate"
    office.google("priya.nair@fernhill.example", "POST", path, {"requests": [text]})
    share = {"type": "user", "role": "reader", "emailAddress": "ruth.osei@harborpine.example"}
    office.google("priya.nair@fernhill.example", "POST", f"/drive/v3/files/{made['documentId']}/permissions", share)
    with seating(office.url) as seat:
        seat.be(PRIYA)
        seat.visit("Drive")
        seat.page.locator("a.fname", has_text="Report").click()
        lines = seat.page.locator(".document p")
        lines.nth(1).dblclick()
        seat.page.get_by_label("Paragraph").fill(ATTACK)
        seat.page.keyboard.press("Enter")
        expect(lines.nth(1)).to_have_text(ATTACK)
        expect(lines.nth(0)).to_have_text("Amber")
        lines.nth(2).focus()
        seat.page.keyboard.press("Enter")
        seat.page.get_by_label("Paragraph").fill("never kept")
        seat.page.keyboard.press("Escape")
        expect(lines.nth(2)).to_have_text("The end")
        assert seat.page.title() != "hit"
        seat.be("Ruth Osei")
        seat.visit("Drive")
        seat.page.locator("a.fname", has_text="Report").click()
        expect(seat.page.locator(".file-head")).to_contain_text("view only")
        lines.nth(2).dblclick()
        expect(seat.page.locator("#toasts")).to_contain_text("not change it")
