"""Every kept message and form on the page, each room's on one sheet of pictures: would a busy person thank you?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect
from slack_bolt import App
from slack_sdk import WebClient

from bot.emulator.server import serve
from bot.emulator.workspace import EmulatorSettings, Workspace
from tests.browser.conftest import Seat, Seating, connected

pytestmark = pytest.mark.slow
TESTS = Path(__file__).parents[1]
ROOMS = sorted(folder.parent.name for folder in TESTS.glob("*/golden"))
PRIYA, WHO = "Priya Nair", "priya.nair@fernhill.example"
GAP, PAPER, TALL = 12, "#ffffff", 1600
Json = Any


def kept(room: str, me: str) -> dict[str, Json]:
    """The golden files of a room; where they name Priya she is who looks."""
    files = sorted((TESTS / room / "golden").glob("*.json"))
    return {file.stem: json.loads(file.read_text().replace("U0PRIYA", me)) for file in files}


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """A fresh one, with an app."""
    opened = Workspace.open(EmulatorSettings(limits=False))
    with serve(opened):
        yield opened


@pytest.fixture
def client(workspace: Workspace) -> WebClient:
    """The app's own."""
    return WebClient(token=workspace.secrets.slack_bot_token, base_url=f"{workspace.url}/api/")


@pytest.mark.parametrize("room", ROOMS)
def test_each_message_of_a_room(workspace: Workspace, client: WebClient, seating: Seating, room: str) -> None:
    """It is taken by Slack, fits the page, and every button of it can be seen."""
    me = client.users_lookupByEmail(email=WHO)["user"]["id"]
    messages = {name: one for name, one in kept(room, me).items() if one.get("type") != "modal"}
    channel = client.conversations_create(name=f"all-of-{room}")["channel"]["id"]
    client.conversations_invite(channel=channel, users=me)
    with seating(workspace.url) as seat:
        seat.be(PRIYA)
        seat.open(f"all-of-{room}")
        pictures = [posted(seat, client, channel, one) for one in messages.values()]
        assert not seat.overflows()
        seat.keep(f"messages-{room}", sheet(pictures))


def posted(seat: Seat, client: WebClient, channel: str, message: Json) -> Image.Image:
    """A message as it stands on the page."""
    ts = client.chat_postMessage(channel=channel, text=message["text"], blocks=message["blocks"])["ts"]
    shown = seat.page.locator(f'main .message[data-ts="{ts}"]')
    expect(shown).to_be_visible()
    for label in labels(message["blocks"]):
        expect(shown.get_by_role("button", name=label, exact=True).first).to_be_visible()
    return seat.cut_out(shown)


def labels(blocks: Sequence[Json]) -> list[str]:
    """What stands on the buttons."""
    elements = [one for block in blocks for one in (*block.get("elements", ()), block.get("accessory") or {})]
    return [one["text"]["text"] for one in elements if one.get("type") == "button"]


@pytest.mark.parametrize("room", ["reminders", "reviews"])
def test_each_form_of_a_room(workspace: Workspace, client: WebClient, seating: Seating, room: str) -> None:
    """It opens in front of the person, whole, with every field it asks for."""
    me = client.users_lookupByEmail(email=WHO)["user"]["id"]
    forms = {name: one for name, one in kept(room, me).items() if one.get("type") == "modal"}
    channel = client.conversations_create(name="forms")["channel"]["id"]
    client.conversations_invite(channel=channel, users=me)

    def listen(app: App) -> None:
        @app.action("show")
        def show(ack: Any, body: Json) -> None:
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=forms[body["actions"][0]["value"]])

    with connected(workspace, client, listen), seating(workspace.url, size=(1280, TALL)) as seat:
        seat.be(PRIYA)
        seat.open("forms")
        seat.keep(f"forms-{room}", sheet([opened(seat, client, channel, name, forms[name]) for name in forms]))


def opened(seat: Seat, client: WebClient, channel: str, name: str, form: Json) -> Image.Image:
    """A form as it opens when its button is pressed."""
    button = {"type": "button", "action_id": "show", "value": name, "text": {"type": "plain_text", "text": name}}
    client.chat_postMessage(channel=channel, text=name, blocks=[{"type": "actions", "elements": [button]}])
    seat.page.get_by_role("button", name=name, exact=True).click()
    expect(seat.form.get_by_role("heading", name=form["title"]["text"])).to_be_visible()
    for block in (one for one in form["blocks"] if one["type"] == "input"):
        expect(seat.form).to_contain_text(block["label"]["text"])
    picture = seat.cut_out(seat.form)
    seat.page.keyboard.press("Escape")
    expect(seat.form).to_have_count(0)
    return picture


def sheet(pictures: Sequence[Image.Image]) -> Image.Image:
    """Pictures below each other, in as many columns as keep the sheet about as high as a screen or two."""
    columns: list[list[Image.Image]] = [[]]
    for one in pictures:
        if columns[-1] and sum(each.height + GAP for each in columns[-1]) + one.height > TALL:
            columns.append([])
        columns[-1].append(one)
    width = sum(max(one.width for one in column) + GAP for column in columns) + GAP
    height = max(sum(one.height + GAP for one in column) for column in columns) + GAP
    paper, left = Image.new("RGB", (width, height), PAPER), GAP
    for column in columns:
        top = GAP
        for one in column:
            paper.paste(one, (left, top))
            top += one.height + GAP
        left += max(one.width for one in column) + GAP
    return paper
