"""What an app shows on the page and hears from it: home, message shortcuts, confirmations, files, silence, threads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Locator, expect
from slack_bolt import App
from slack_sdk import WebClient

from bot.emulator.server import serve
from bot.emulator.slack import manifest
from bot.emulator.workspace import EmulatorSettings, Workspace
from tests.browser.conftest import PHONE, Seat, Seating, connected

pytestmark = pytest.mark.slow
INES, GRACE, RUTH = "Ines Duarte", "Grace Liu", "Ruth Osei"
Row = dict[str, Any]


def plain(text: str) -> Row:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


SURE = {
    "title": plain("Delete the plan?"),
    "text": plain("It cannot be had back."),
    "confirm": plain("Delete it"),
    "deny": plain("Keep it"),
    "style": "danger",
}
CHOICES = [{"text": plain(word), "value": word} for word in ("low", "high")]
CARD = [
    {"type": "section", "text": plain("The plan of Quillstone Bank")},
    {
        "type": "actions",
        "block_id": "card",
        "elements": [
            {"type": "button", "text": plain("Delete"), "action_id": "delete", "style": "danger", "confirm": SURE},
            {"type": "static_select", "action_id": "weigh", "options": CHOICES, "confirm": SURE},
            {"type": "button", "text": plain("Unheard"), "action_id": "unheard"},
        ],
    },
]
ASKED = {
    "type": "modal",
    "callback_id": "risk",
    "title": plain("Note a risk"),
    "submit": plain("Note it"),
    "blocks": [
        {
            "type": "input",
            "block_id": "words",
            "label": plain("What may go wrong?"),
            "element": {"type": "plain_text_input", "action_id": "v"},
        }
    ],
}


def home(count: int) -> Row:
    """A home with a counter and a button that counts."""
    button = {"type": "button", "text": plain("Count"), "action_id": "count", "value": str(count + 1)}
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain(f"Counted to {count}")},
            {"type": "actions", "elements": [button]},
        ],
    }


@dataclass
class Wall:
    """A workspace with a small app in it, and what the app heard."""

    workspace: Workspace
    client: WebClient
    heard: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the page is."""
        return self.workspace.url

    def says(self, text: str, **more: Any) -> Row:
        """The app posts into #general."""
        answer: Row = self.client.chat_postMessage(channel=self.general, text=text, **more).data  # type: ignore[assignment]  # JSON answers are dicts
        return answer

    @property
    def general(self) -> str:
        """The id of #general."""
        rows = self.client.conversations_list()["channels"]
        return str(next(row["id"] for row in rows if row["name"] == "general"))

    def of(self, kind: str) -> list[Any]:
        """What was heard of one kind."""
        return [told for what, told in self.heard if what == kind]


def listen(app: App, wall: Wall) -> None:
    """Everything the app listens to."""
    heard = wall.heard

    @app.event("app_home_opened")
    def opened(event: Row, client: WebClient) -> None:
        heard.append(("opened", event["tab"]))
        if event["tab"] == "home" and "view" not in event:
            client.views_publish(user_id=event["user"], view=home(0))

    @app.action("count")
    def count(ack: Any, body: Row, client: WebClient) -> None:
        ack()
        client.views_publish(user_id=body["user"]["id"], view=home(int(body["actions"][0]["value"])))

    @app.action("delete")
    def delete(ack: Any, body: Row, respond: Any) -> None:
        ack()
        heard.append(("delete", body["message"]["ts"]))
        respond("Deleted.", replace_original=True)

    @app.action("weigh")
    def weigh(ack: Any, action: Row) -> None:
        ack()
        heard.append(("weigh", action["selected_option"]["value"]))

    @app.shortcut("note_risk")
    def note(ack: Any, body: Row, client: WebClient) -> None:
        ack()
        heard.append(("shortcut", body["message"]["text"]))
        client.views_open(trigger_id=body["trigger_id"], view=ASKED)

    @app.view("risk")
    def noted(ack: Any, view: Row) -> None:
        ack()
        heard.append(("risk", view["state"]["values"]["words"]["v"]["value"]))


@pytest.fixture
def wall() -> Iterator[Wall]:
    """A fresh workspace whose app is connected over Socket Mode."""
    raw = manifest.everything("wallflower")
    shortcut = {"name": "Note a risk", "type": "message", "callback_id": "note_risk", "description": "Note it"}
    raw["features"] |= {"shortcuts": [shortcut]}
    workspace = Workspace.open(EmulatorSettings(limits=False, manifest=raw))
    with serve(workspace):
        client = WebClient(token=workspace.secrets.slack_bot_token, base_url=f"{workspace.url}/api/")
        made = Wall(workspace, client)
        with connected(workspace, client, partial(listen, wall=made)):
            yield made


def tools(seat: Seat, message: Locator) -> Locator:
    """The open menu of a message."""
    message.hover()
    message.locator(".tools summary").click()
    return message.locator(".tools .menu")


def test_the_apps_home_is_drawn_and_its_button_works(wall: Wall, seating: Seating) -> None:
    """Opening the home tells the app, which publishes one; its button publishes the next; each person has their own."""
    with seating(wall.url) as seat:
        seat.be(INES)
        seat.open("wallflower")
        expect(seat.page.get_by_role("heading", name="Counted to 0")).to_be_visible()
        seat.page.get_by_role("button", name="Count").click()
        seat.page.get_by_role("heading", name="Counted to 1").wait_for()
        seat.page.get_by_role("button", name="Count").press("Enter")
        expect(seat.page.get_by_role("heading", name="Counted to 2")).to_be_visible()
        seat.be(GRACE)
        seat.open("wallflower")
        expect(seat.page.get_by_role("heading", name="Counted to 0")).to_be_visible()
    assert set(wall.of("opened")) == {"home"}


def test_the_apps_messages_tab_is_told_too(wall: Wall, seating: Seating) -> None:
    """Looking at the direct conversation with the app sends app_home_opened with the tab "messages", as in Slack."""
    with seating(wall.url) as seat:
        seat.be(INES)
        seat.open("wallflower")
        expect(seat.page.get_by_role("heading", name="Counted to 0")).to_be_visible()
        with seat.page.expect_response(re.compile("/page/act/open_home")) as told:
            seat.page.locator(".subtabs").get_by_text("Messages").click()
            expect(seat.page.locator(".subtabs [aria-current=page]")).to_have_text("Messages")
        assert told.value.json()["ack"] == "ok"
        seat.say("hello")
        expect(seat.messages).to_contain_text("hello")
    assert wall.of("opened")[-1] == "messages"
    assert "home" in wall.of("opened")


def test_a_shortcut_of_a_message_opens_its_form(wall: Wall, seating: Seating) -> None:
    """The menu of a message offers the app's shortcut to colleagues; the app gets the message and asks in a form."""
    wall.says("The cluster is late")
    with seating(wall.url) as seat:
        seat.be(INES)
        tools(seat, seat.messages.filter(has_text="cluster")).get_by_role("button", name="Note a risk").click()
        seat.form.get_by_label("What may go wrong?").fill("No cluster in time")
        seat.form.get_by_role("button", name="Note it").click()
        expect(seat.form).to_have_count(0)
    assert wall.of("shortcut") == ["The cluster is late"]
    assert wall.of("risk") == ["No cluster in time"]


def test_a_shortcut_is_chosen_by_keyboard(wall: Wall, seating: Seating) -> None:
    """The menu of a message opens with Enter, and Enter chooses from it."""
    wall.says("The cluster is late")
    with seating(wall.url) as seat:
        seat.be(INES)
        message = seat.messages.filter(has_text="cluster")
        message.locator(".tools summary").focus()
        expect(message.locator(".tools")).to_have_css("opacity", "1")
        seat.page.keyboard.press("Enter")
        seat.page.keyboard.press("Tab")
        expect(message.get_by_role("button", name="Note a risk")).to_be_focused()
        seat.page.keyboard.press("Enter")
        expect(seat.form).to_be_visible()
        seat.page.keyboard.press("Escape")
        expect(seat.form).to_have_count(0)


def test_a_confirmation_is_asked_and_obeyed(wall: Wall, seating: Seating) -> None:
    """Before the app hears of a press the person is asked, in the app's words; No, Escape and Yes are obeyed."""
    wall.says("card", blocks=CARD)
    with seating(wall.url) as seat:
        seat.be(INES)
        button, question = seat.messages.get_by_role("button", name="Delete"), seat.page.locator("#confirm")
        button.click()
        expect(question).to_contain_text("Delete the plan?")
        expect(question).to_contain_text("It cannot be had back.")
        question.get_by_role("button", name="Keep it").click()
        button.click()
        seat.page.keyboard.press("Escape")
        expect(question).to_be_hidden()
        weigh = seat.messages.locator("select")
        weigh.select_option("high")
        question.get_by_role("button", name="Keep it").click()
        expect(weigh).to_have_value("")
        assert wall.heard == []
        weigh.select_option("high")
        question.get_by_role("button", name="Delete it").click()
        expect(question).to_be_hidden()
        button.click()
        question.get_by_role("button", name="Delete it").click()
        expect(seat.messages.filter(has_text="Deleted.")).to_be_visible()
    assert wall.of("weigh") == ["high"]
    assert len(wall.of("delete")) == 1


def test_silence_is_told(wall: Wall, seating: Seating) -> None:
    """An app that does not ack in three seconds: the button turns, then the person reads operation_timeout."""
    wall.says("card", blocks=CARD)
    with seating(wall.url) as seat:
        seat.be(INES)
        button = seat.messages.get_by_role("button", name="Unheard")
        button.click()
        expect(button).to_have_attribute("aria-busy", "true")
        expect(seat.page.locator("#toasts")).to_contain_text("operation_timeout")
        expect(button).not_to_have_attribute("aria-busy", "true")


def test_a_file_is_had_by_who_may(wall: Wall, seating: Seating) -> None:
    """A file that the app uploads is a link in its message; its bytes come as a download, and not to outsiders."""
    name = '<script>document.title="hit"</script>.html'
    wall.client.conversations_join(channel=wall.general)
    wall.client.files_upload_v2(content="<script>1</script>", filename=name, channel=wall.general)
    with seating(wall.url) as seat:
        seat.be(INES)
        link = seat.messages.get_by_role("link", name=name)
        with seat.page.expect_download() as done:
            link.click()
        assert done.value.path().read_bytes() == b"<script>1</script>"
        address = f"{wall.url}{link.get_attribute('href')}"
    ruth = next(row["id"] for row in wall.workspace.people().values() if row["name"] == RUTH)
    with seating(wall.url, forgiven="404") as seat:
        answer = seat.page.request.get(re.sub("as=[^&]*", f"as={ruth}", address))
        assert answer.status == 404
        assert "attachment" not in answer.headers.get("content-disposition", "")


def test_a_thread_of_the_app_is_answered_beside(wall: Wall, seating: Seating) -> None:
    """A person answers in the thread, on a phone too: the thread takes the place of the channel and is closed again."""
    root = wall.says("Who checks the cluster?")
    wall.says("It is for tomorrow.", thread_ts=root["ts"])
    with seating(wall.url, PHONE) as seat:
        seat.be(INES)
        if seat.page.locator(".drawer[open]").count():
            seat.page.locator(".drawer > summary").tap()
        seat.page.get_by_role("link", name="1 reply").tap()
        thread = seat.page.locator("aside.thread")
        expect(thread).to_contain_text("It is for tomorrow.")
        thread.locator("textarea").fill("I do")
        thread.get_by_role("button", name="Send").tap()
        expect(thread.locator(".message")).to_have_count(3)
        assert not seat.overflows()
        thread.get_by_role("link", name="Close thread").tap()
        expect(seat.page.get_by_role("link", name="2 replies")).to_be_visible()
