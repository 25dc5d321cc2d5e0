"""A real browser at the page: one Chromium for all of them, and seats in which one person at a time looks and acts."""

from __future__ import annotations

import io
import os
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect, sync_playwright
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.emulator.server import serve
from bot.emulator.workspace import EmulatorSettings, Workspace
from tests.walks.conftest import company, walk

__all__ = ["company", "walk"]  # fixtures: a bot at work in a workspace of this process

NAMES = ("chromium", "chromium-browser")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
WIDE, PHONE = (1280, 800), (390, 780)
PATIENCE_MS = 30_000
MONTH_MS = 240_000  # a month is some 700 hours, each with all that is due in it
PICTURES = Path(__file__).parents[2] / ".github" / "pictures"

expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Seat:
    """One tab of a browser, the person who sits at it, and what the browser complained about."""

    page: Page
    url: str
    pictures: Path
    complaints: list[str] = field(default_factory=list)
    clicks: list[int] = field(default_factory=list)  # one entry each, where a test counts them

    # Who, and where

    def be(self, name: str) -> None:
        """Become somebody through the menu with the own name, or on the first page when nobody was chosen yet."""
        if self.page.url == "about:blank":
            self.page.goto(self.url)
            self.page.locator("main .cards").get_by_role("link", name=name).click()
        else:
            self.page.locator(".who > summary").click()
            self.page.locator(".who .menu").get_by_role("link", name=name).click()
        expect(self.page.locator(".who > summary")).to_have_attribute("aria-label", re.compile(re.escape(name)))

    def visit(self, place: str) -> None:
        """Go to Slack, Drive, Mail or the API log by the bar at the top."""
        self.page.get_by_role("navigation", name="Places").get_by_role("link", name=place).click()

    def open(self, conversation: str) -> None:
        """Open a conversation by its name in the list at the side."""
        drawer = self.page.locator(".drawer > summary")
        if drawer.is_visible() and self.page.locator(".drawer[open]").count() == 0:
            drawer.click()
        name = re.compile(f"^{re.escape(conversation)}$")
        self.page.locator(".side li a", has=self.page.locator(".label", has_text=name)).click()
        expect(self.heading).to_contain_text(conversation)

    def open_file(self, *path: str) -> None:
        """Walk through Drive: shared drive, folders, file."""
        self.visit("Drive")
        for name in path:
            self.page.locator("a.fname", has_text=name).first.click()
            expect(self.page.get_by_role("heading", name=re.compile(re.escape(name))).first).to_be_visible()

    @property
    def heading(self) -> Locator:
        """The heading of the conversation."""
        return self.page.locator("main .heading h1")

    # Slack

    @property
    def box(self) -> Locator:
        """Where messages are typed."""
        return self.page.locator("main .composer textarea")

    @property
    def messages(self) -> Locator:
        """Everything in the conversation."""
        return self.page.locator("main .message")

    @property
    def form(self) -> Locator:
        """The modal in front of the person."""
        return self.page.get_by_role("dialog").locator("visible=true")

    def say(self, text: str) -> None:
        """Type a message or command, and press Enter."""
        self.box.fill(text)
        self.box.press("Enter")

    def pass_time(self, button: str) -> None:
        """Press a button of the clock, wait until all that is due on the way has happened, and shut the menu."""
        clock = self.page.locator(".clock summary")
        clock.click()
        pressed = self.page.locator(".clock .menu").get_by_role("button", name=button)
        day, month, hour = re.findall(r"(\d+) (\w{3}), (\d\d):", pressed.inner_text())[0]
        with self.page.expect_response(re.compile("/page/act/clock"), timeout=MONTH_MS) as answer:
            pressed.click()
        assert answer.value.ok, answer.value.text()
        expect(clock).to_contain_text(re.compile(rf"\b{day} {month}\w* .*\b{hour}:", re.DOTALL))
        clock.click()
        expect(self.page.locator(".clock .menu")).to_be_hidden()

    def overflows(self) -> bool:
        """Whether the page is wider than the screen, so that one would have to scroll sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))

    # Sheets

    def tab(self, title: str) -> None:
        """Open a tab of the spreadsheet."""
        self.page.get_by_role("navigation", name="Tabs").get_by_role("link", name=title, exact=True).click()
        expect(self.page.locator(".tabs [aria-current=page]")).to_have_text(title)

    def cell(self, row_id: str, title: str) -> Locator:
        """The cell of a table's row (found by the ID in its first column) under a column title."""
        head = self.page.locator(".grid thead tr").nth(1).locator("td")
        expect(head.first).to_be_visible()
        column = head.all_inner_texts().index(title)
        row = self.page.locator(".grid tbody tr", has=self.page.locator(f'td[data-column="0"]:text-is("{row_id}")'))
        return row.locator(f'td[data-column="{column}"]')

    def type_cell(self, row_id: str, title: str, text: str) -> None:
        """Click a cell and type into it, as people do."""
        self.cell(row_id, title).click()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    # Pictures

    def picture(self, name: str, top: Locator | None = None) -> None:
        """Keep a picture of the screen; `top` is scrolled into view first."""
        if top:
            top.scroll_into_view_if_needed()
        self.keep(name, _image(self.page.screenshot(animations="disabled", caret="hide")))

    def cut_out(self, what: Locator) -> Image.Image:
        """A picture of one thing on the screen."""
        return _image(what.screenshot(animations="disabled", caret="hide"))

    def keep(self, name: str, image: Image.Image) -> None:
        """Keep a picture as a small file."""
        small = image.quantize(256, kmeans=1, dither=Image.Dither.NONE)
        self.pictures.mkdir(parents=True, exist_ok=True)
        small.save(self.pictures / f"{name}.png", optimize=True)


def _image(raw: bytes) -> Image.Image:
    return Image.open(io.BytesIO(raw)).convert("RGB")


def chromium_path() -> str:
    """Where Debian's Chromium is; without one the test is skipped with a reason, or fails where CI is true."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return found
    why = "chromium is not installed, and these tests click in a browser: apt-get install chromium"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(why, pytrace=False)
    pytest.skip(why)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for this folder's tests. Others must not run beside it: its event loop stays in their thread."""
    path = chromium_path()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield launched
        launched.close()


def _watch(seat: Seat) -> None:
    """Note what must not happen: errors in the console or script, and requests that leave this machine."""

    def requested(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname != "127.0.0.1":
            seat.complaints.append(f"a request left this machine: {request.url}")

    page = seat.page
    page.on("request", requested)
    page.on("console", lambda line: seat.complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: seat.complaints.append(f"script error: {error}"))
    page.on("dialog", lambda dialog: (seat.complaints.append(f"a dialog: {dialog.message}"), dialog.dismiss()))


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures go: the repository's with PICTURES=1, else a folder of the run."""
    return PICTURES if os.environ.get("PICTURES") else tmp_path_factory.mktemp("pictures")


Seating = Callable[..., AbstractContextManager[Seat]]


@pytest.fixture
def seating(browser: Browser, pictures: Path) -> Seating:
    """Opens a seat at a workspace's address; on leaving, complaints of the browser fail the test.

    `forgiven` is a part of complaints that the test provokes itself.
    """

    @contextmanager
    def seat_at(url: str, size: tuple[int, int] = WIDE, forgiven: str | None = None) -> Iterator[Seat]:
        context = _context(browser, size)
        seat = Seat(context.new_page(), url, pictures)
        _watch(seat)
        try:
            yield seat
        finally:
            context.close()
        assert [line for line in seat.complaints if not (forgiven and forgiven in line)] == []

    return seat_at


def _context(browser: Browser, size: tuple[int, int]) -> BrowserContext:
    width, height = size
    is_phone = size == PHONE
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=is_phone, is_mobile=is_phone, locale="en-GB"
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


@dataclass(frozen=True)
class Office:
    """A workspace with its sample people and no bot, for what the page does by itself."""

    url: str
    control_token: str

    def control(self, path: str, body: object = None) -> Any:
        """Ask the control API."""
        return self._ask("POST", f"/_control/{path}", self.control_token, body)

    def google(self, person: str, method: str, path: str, body: object = None) -> Any:
        """Ask a Google API as a person."""
        token = self.control(f"people/{person}/google_token")["token"]
        return self._ask(method, path, token, body)

    def _ask(self, method: str, path: str, token: str, body: object) -> Any:
        with requests.Session() as session:
            session.trust_env = False
            headers = {"Authorization": f"Bearer {token}"}
            answer = session.request(method, self.url + path, json=body, headers=headers, timeout=60)
        assert answer.ok, answer.text
        return answer.json()


@pytest.fixture
def office() -> Iterator[Office]:
    """A fresh one for each test."""
    workspace = Workspace.open(EmulatorSettings(limits=False))
    with serve(workspace) as running:
        yield Office(running.url, workspace.secrets.control_token)


# ---------------------------------------------------------------------- an app of the test's own


@contextmanager
def connected(workspace: Workspace, client: WebClient, listen: Callable[[App], None]) -> Iterator[None]:
    """A real app over Socket Mode, with the listeners that *listen* adds."""
    app = App(client=client, listener_executor=ThreadPoolExecutor(4), raise_error_for_unhandled_request=False)
    listen(app)
    handler = SocketModeHandler(app, workspace.secrets.slack_app_token, ping_interval=1)
    handler.client.proxy = None
    handler.connect()
    try:
        yield
    finally:
        _hang_up(handler)


def _hang_up(handler: SocketModeHandler) -> None:
    """End the app, whose threads sit in waits of seconds otherwise."""
    handler.client.auto_reconnect_enabled = False
    handler.client.closed = True
    handler.client.message_queue.put(None)
    session = handler.client.current_session
    if session is not None and session.sock is not None:
        session.sock.shutdown(socket.SHUT_RDWR)
    handler.close()
