"""Slack on the page: each person sees what is theirs, and what they do reaches a real app."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from page_visit import Visitor, app_of, installed
from waiting import on_loop, until

from bot.emulator.page import calendar
from bot.emulator.server import Running
from bot.emulator.slack import app as apps
from bot.emulator.slack import channels, messages, rewriting, views
from bot.emulator.workspace import Workspace

Row = dict[str, Any]


@pytest.fixture
def workspace(running: Running) -> Iterator[Workspace]:
    """A workspace whose app has a slash command and a shortcut."""
    shortcut = {"name": "Note a risk", "type": "message", "callback_id": "note_risk", "description": "Note it"}
    with installed(running, shortcuts=[shortcut]) as found:
        yield found


@pytest.fixture
def ines(workspace: Workspace) -> Visitor:
    return Visitor(workspace, "ines.duarte")


@pytest.fixture
def tom(workspace: Workspace) -> Visitor:
    return Visitor(workspace, "tom.brandt")


@pytest.fixture
def ruth(workspace: Workspace) -> Visitor:
    return Visitor(workspace, "ruth.osei@harborpine.example")


def plain(text: str) -> Row:
    return {"type": "plain_text", "text": text}


def bot_says(running: Running, channel: Row, text: str = "", blocks: list[Row] | None = None, **more: Any) -> Row:
    """The app posts; on the server's loop, as its handlers do."""
    bot = apps.installed(running.workspace)
    made = {"blocks": rewriting.filled(blocks or []), "bot_id": bot["bot_id"], **more}
    found: Row = on_loop(running, lambda: messages.post(running.workspace, channel, bot["bot_user"], text, **made))
    return found


def private(running: Running, name: str, *who: Visitor) -> Row:
    made: Row = on_loop(
        running,
        lambda: channels.create_channel(
            running.workspace, name, creator=who[0].id, private=True, members=[one.id for one in who]
        ),
    )
    return made


# --------------------------------------------------------------------------------------------------- who sees what


def test_a_message_is_read_by_who_is_there(ines: Visitor, tom: Visitor) -> None:
    """What one person writes in #general another one reads, with the writer's name."""
    ines.does("post", channel="general", text="Good *morning* @tom.brandt")
    seen = tom.sees()
    assert "<strong>morning</strong>" in seen
    assert "pinged" in seen
    assert "Ines Duarte" in tom.reads()
    assert "@Tom Brandt" in tom.reads()


def test_a_private_channel_is_for_its_members(running: Running, ines: Visitor, tom: Visitor) -> None:
    """Who is not in a private channel sees neither it nor its name, not even by its address."""
    room = private(running, "impl-harborpine", ines)
    ines.does("post", channel=room["id"], text="secret")
    assert "impl-harborpine" in ines.sees()
    assert "secret" in ines.sees(channel=room["id"])
    assert "impl-harborpine" not in tom.sees()
    assert tom.get(channel=room["id"]).status_code == 404
    assert "no channel" in tom.cannot("post", channel=room["id"], text="hello?")


def test_an_outsider_sees_only_what_they_are_in(running: Running, ruth: Visitor, ines: Visitor) -> None:
    """A customer's sponsor sees the shared channel, not the company's own."""
    assert "no conversation yet" in ruth.reads()
    assert "general" not in ruth.reads()
    room = private(running, "ext-harborpine", ines, ruth)
    assert "ext-harborpine" in ruth.sees()
    assert "general" not in ruth.reads(channel=room["id"])


def test_an_ephemeral_message_is_for_one(running: Running, ines: Visitor, tom: Visitor) -> None:
    """What only Ines is shown says so, and Tom never sees it."""
    general = channels.by_name(running.workspace, "general")
    assert general is not None
    bot_says(running, general, "psst", ephemeral_to=ines.id)
    assert "psst" in ines.sees()
    assert "Only visible to you" in ines.sees()
    assert "psst" not in tom.sees()


def test_a_thread_opens_beside(running: Running, ines: Visitor, tom: Visitor) -> None:
    """A reply stands in the thread; the channel shows how many there are."""
    root = ines.does("post", channel="general", text="Who takes it?")
    tom.does("post", channel="general", text="I do", thread_ts=root["ts"])
    channel = root["channel"]
    assert "1 reply" in ines.reads(channel=channel)
    assert "I do" not in ines.reads(channel=channel)
    assert "I do" in ines.reads(channel=channel, thread=root["ts"])


def test_a_direct_message_is_between_two(ines: Visitor, tom: Visitor) -> None:
    """A new direct message opens, and only the two read it."""
    there = ines.does("direct", user=tom.id)["go"]
    channel = there.split("channel=")[1]
    ines.does("post", channel=channel, text="between us")
    assert "between us" in tom.sees(channel=channel)
    grace = Visitor(ines.workspace, "grace.liu")
    assert grace.get(channel=channel).status_code == 404


def test_looking_into_a_channel_and_joining_it(running: Running, ines: Visitor, tom: Visitor) -> None:
    """A public channel can be read before one joins it; then one may write."""
    room = on_loop(running, lambda: channels.create_channel(running.workspace, "sales-chat", creator=tom.id))
    assert "Join channel" in ines.reads(channel=room["id"])
    ines.does("join", channel=room["id"])
    assert "Join channel" not in ines.reads(channel=room["id"])
    hidden = private(running, "leads-only", tom)
    assert ines.cannot("join", channel=hidden["id"])


def test_reactions_come_and_go(ines: Visitor, tom: Visitor) -> None:
    """A reaction is counted for all, and its owner may take it back."""
    sent = ines.does("post", channel="general", text="Go-live done")
    for one in (ines, tom):
        one.does("react", channel=sent["channel"], ts=sent["ts"], name="tada", on=True)
    assert "🎉 2" in ines.reads()
    assert 'class="mine"' in tom.sees()
    tom.does("react", channel=sent["channel"], ts=sent["ts"], name="tada", on=False)
    assert "🎉 1" in ines.reads()


def test_a_message_is_edited_and_deleted_by_its_writer(ines: Visitor, tom: Visitor) -> None:
    """Who wrote a message may change or remove it; nobody else is offered that, or can."""
    sent = ines.does("post", channel="general", text="Kickoff on Monday")
    where = {"channel": sent["channel"], "ts": sent["ts"]}
    assert "Edit message" in ines.reads()
    assert "Edit message" not in tom.reads()
    ines.does("edit_message", **where, text="Kickoff on Tuesday")
    assert "Kickoff on Tuesday" in tom.reads()
    assert "(edited)" in tom.reads()
    assert tom.cannot("delete_message", **where)
    ines.does("delete_message", **where)
    assert "Kickoff" not in tom.reads()


# ------------------------------------------------------------------------------------------------- hostile content

NASTY = "<script>alert(1)</script><img src=x onerror=alert(1)> \"'><b>&amp;</b> {{7*7}} javascript:alert(1)"


def test_hostile_texts_stay_texts(running: Running, ines: Visitor) -> None:
    """Markup that people type, or an app sends as blocks, is shown as it was written."""
    ines.does("post", channel="general", text=NASTY)
    general = channels.by_name(running.workspace, "general")
    assert general is not None
    parts = [
        {"type": "header", "text": plain(NASTY)},
        {"type": "section", "text": {"type": "mrkdwn", "text": NASTY}, "fields": [plain(NASTY)]},
        {"type": "markdown", "text": NASTY + " [x](javascript:alert(1)) ![p](https://evil.example/p.png)"},
        {"type": "image", "alt_text": NASTY, "image_url": "https://evil.example/p.png"},
        {
            "type": "actions",
            "elements": [{"type": "button", "text": plain(NASTY[:70]), "value": NASTY, "action_id": "x"}],
        },
        {"type": "table", "rows": [[{"type": "raw_text", "text": NASTY}]]},
    ]
    bot_says(running, general, NASTY, parts, username=NASTY)
    seen = ines.sees()
    assert "<script>" not in seen
    assert "<img" not in seen
    assert 'href="javascript' not in seen
    assert "{{7*7}}" in seen
    assert "49" not in ines.reads().split("{{7*7}}")[1][:5]


def test_ten_thousand_characters_of_name(running: Running, ines: Visitor) -> None:
    """A person with an endless name full of markup breaks no screen and no menu."""
    name = "<i>" + "N" * 10_000
    row = running.workspace.people()[Visitor(running.workspace, "tom.brandt").id]
    row["name"] = name
    Visitor(running.workspace, row["id"]).does("post", channel="general", text="hi")
    for screen in ("slack", "drive", "mail", "log"):
        seen = ines.sees(screen)
        assert "<i>" not in seen
        assert seen.count("N" * 100) == 0


@pytest.mark.parametrize("channel", ["C0NOTTHERE", "../../etc/passwd", "'; DROP TABLE rows; --"])
def test_addresses_that_lead_nowhere(ines: Visitor, channel: str) -> None:
    """An address typed by hand is answered with a page that says so."""
    answer = ines.get(channel=channel)
    assert answer.status_code == 404
    assert "Not here" in answer.text


# ---------------------------------------------------------------------------------------------------------- a real app


MODAL: Row = {
    "type": "modal",
    "callback_id": "request",
    "title": plain("New request"),
    "submit": plain("Send"),
    "close": plain("Cancel"),
    "blocks": [
        {
            "type": "input",
            "block_id": "customer",
            "label": plain("Customer"),
            "element": {"type": "plain_text_input", "action_id": "v"},
        },
        {
            "type": "input",
            "block_id": "when",
            "label": plain("Kickoff"),
            "optional": True,
            "element": {"type": "datetimepicker", "action_id": "v"},
        },
    ],
}


def test_a_request_from_command_to_card(workspace: Workspace, ines: Visitor) -> None:
    """The command opens the form, a wrong field is answered in it, a right one closes it, the card's button works."""
    heard: list[Any] = []

    def listen(app: Any) -> None:
        @app.command("/implementation-request")
        def asked(ack: Any, body: Row, client: Any) -> None:
            client.views_open(trigger_id=body["trigger_id"], view=MODAL)
            ack()

        @app.view("request")
        def sent(ack: Any, view: Row, client: Any) -> None:
            values = view["state"]["values"]
            if len(values["customer"]["v"]["value"]) < 3:
                ack(response_action="errors", errors={"customer": "The name is too short."})
                return
            heard.append(values["when"]["v"]["selected_date_time"])
            ack()
            button = {"type": "button", "text": plain("Select"), "action_id": "select", "value": "r1"}
            actions = {"type": "actions", "block_id": "card", "elements": [button]}
            client.chat_postMessage(channel="general", text="New request", blocks=[actions])

        @app.action("select")
        def selected(ack: Any, body: Row) -> None:
            heard.append((body["user"]["id"], body["actions"][0]["value"]))
            ack()

    with app_of(workspace, listen):
        told = ines.does("command", channel="general", text="/implementation-request Harborpine")
        view = told["views"][0]["id"]
        assert "New request" in ines.reads()
        assert 'name="customer"' in ines.sees()
        first = ines.does("submit", view_id=view, values={"customer": None, "when": None}, kinds={})
        assert "customer" in first["errors"], "Slack itself asks for a required field"
        second = ines.does("submit", view_id=view, values={"customer": "Ha", "when": None}, kinds={})
        assert second["errors"] == {"customer": "The name is too short."}
        filled = {"customer": "Harborpine", "when": "2026-12-01T10:00"}
        third = ines.does("submit", view_id=view, values=filled, kinds={"when": "datetimepicker"})
        assert third["response"] == "closed"
        assert "data-view=" not in ines.sees()
        card = until(lambda: [m for m in of_general(workspace) if m.get("blocks")])[-1]
        assert "Select" in ines.reads()
        where = {"channel": card["channel"], "ts": card["ts"], "action_id": "select", "block_id": "card"}
        assert ines.does("press", **where, value="r1", kind="button")["ack"] == "ok"
    assert heard == [int(datetime(2026, 12, 1, 10, tzinfo=UTC).timestamp()), (ines.id, "r1")]


def of_general(workspace: Workspace) -> list[Row]:
    general = channels.by_name(workspace, "general")
    assert general is not None
    bot = apps.installed(workspace)["bot_user"]
    return [row for row in messages.visible_to(workspace, general, bot) if row["user"] == bot]


def test_nobody_there_is_said(ines: Visitor) -> None:
    """Without a connected app the person is told that the command failed, as Slack does."""
    told = ines.does("command", channel="general", text="/implementation-request x")
    assert told["ack"] == "no_receiver"
    assert "dispatch_failed" in told["told"]
    assert "dispatch_failed" in ines.reads(), "and it stands in the channel, for them only"


def test_closing_a_form_by_the_page(running: Running, ines: Visitor) -> None:
    """The form stands in front of the person it was opened for until they close it."""
    bot = apps.installed(running.workspace)
    owner = {"app_id": bot["id"], "bot_id": bot["bot_id"]}
    row = on_loop(running, lambda: views.add(running.workspace, owner, ines.id, views.checked(MODAL, "modal")))
    seen = ines.sees()
    assert f'data-view="{row["id"]}"' in seen
    assert 'aria-modal="true"' in seen
    assert "New request" not in Visitor(running.workspace, "tom.brandt").reads()
    ines.does("close", view_id=row["id"])
    assert f'data-view="{row["id"]}"' not in ines.sees()
    assert "no modal" in ines.cannot("close", view_id=row["id"])


ELEMENTS: list[tuple[Row, str]] = [
    (
        {"type": "static_select", "options": [{"text": plain("Small"), "value": "s"}]},
        '<option value="s" >Small</option>',
    ),
    (
        {
            "type": "static_select",
            "option_groups": [{"label": plain("Sizes"), "options": [{"text": plain("L"), "value": "l"}]}],
        },
        '<optgroup label="Sizes">',
    ),
    ({"type": "users_select"}, ">Tom Brandt</option>"),
    ({"type": "channels_select"}, ">#general</option>"),
    ({"type": "conversations_select"}, ">#random</option>"),
    ({"type": "multi_users_select"}, "multiple"),
    ({"type": "datepicker", "initial_date": "2026-12-01"}, 'type="date"'),
    ({"type": "timepicker", "initial_time": "09:30"}, 'value="09:30"'),
    ({"type": "datetimepicker", "initial_date_time": 1796119200}, 'value="2026-12-01T10:00"'),
    ({"type": "radio_buttons", "options": [{"text": plain("One"), "value": "1"}]}, 'type="radio"'),
    ({"type": "checkboxes", "options": [{"text": plain("One"), "value": "1"}]}, 'type="checkbox"'),
    ({"type": "overflow", "options": [{"text": plain("Withdraw"), "value": "w"}]}, "Withdraw"),
]


@pytest.mark.parametrize(("element", "html"), ELEMENTS, ids=[f"{n}-{e['type']}" for n, (e, _) in enumerate(ELEMENTS)])
def test_every_control_is_drawn(running: Running, ines: Visitor, element: Row, html: str) -> None:
    """Each interactive element of a message becomes a control that knows what it presses."""
    general = channels.by_name(running.workspace, "general")
    assert general is not None
    block = {"type": "actions", "block_id": "b", "elements": [{"action_id": "act", **element}]}
    bot_says(running, general, "card", [block])
    seen = ines.sees()
    assert html in seen
    assert 'data-press="act"' in seen
    assert 'data-block="b"' in seen


def test_app_home(running: Running, ines: Visitor, tom: Visitor) -> None:
    """The app's home shows what the app published for this person, and opening it tells the app."""
    bot = apps.installed(running.workspace)
    owner = {"app_id": bot["id"], "bot_id": bot["bot_id"]}
    home = {"type": "home", "blocks": [{"type": "header", "text": plain("Your projects")}]}
    on_loop(running, lambda: views.add(running.workspace, owner, ines.id, views.checked(home, "home")))
    assert "Your projects" in ines.reads(app="home")
    assert "has not published" in tom.reads(app="home")
    heard: list[str] = []

    def listen(app: Any) -> None:
        @app.event("app_home_opened")
        def opened(event: Row) -> None:
            heard.append(event["user"])

    with app_of(running.workspace, listen):
        assert ines.does("open_home")["ack"] == "ok"
        until(lambda: heard == [ines.id])


# -------------------------------------------------------------------------------------------------------------- clock


MOMENTS = [
    ("hour", "2026-11-22T10:30+00:00", "UTC", "2026-11-22T11:30+00:00"),
    ("morning", "2026-11-22T10:30+00:00", "UTC", "2026-11-23T09:00+00:00"),
    ("morning", "2026-11-23T03:00+00:00", "Europe/Berlin", "2026-11-23T08:00+00:00"),
    ("morning", "2026-03-28T12:00+00:00", "Europe/Berlin", "2026-03-29T07:00+00:00"),  # summer time begins that night
    ("monday", "2026-11-22T10:30+00:00", "UTC", "2026-11-23T09:00+00:00"),
    ("monday", "2026-11-23T10:30+00:00", "UTC", "2026-11-30T09:00+00:00"),
    ("monday", "2026-11-22T20:00+00:00", "Asia/Tokyo", "2026-11-23T00:00+00:00"),
    ("month_end", "2026-11-22T10:30+00:00", "UTC", "2026-11-30T17:00+00:00"),
    ("month_end", "2026-11-30T18:00+00:00", "UTC", "2026-12-31T17:00+00:00"),
    ("month_end", "2026-01-31T18:00+00:00", "UTC", "2026-02-28T17:00+00:00"),
]


@pytest.mark.parametrize(("name", "now", "zone", "then"), MOMENTS)
def test_where_the_clocks_buttons_lead(name: str, now: str, zone: str, then: str) -> None:
    """Each button leads forward, in the person's own zone, over changes of summer time."""
    assert calendar.target(name, datetime.fromisoformat(now), zone) == datetime.fromisoformat(then)


def test_the_clock_moves_for_everybody(running: Running, ines: Visitor, tom: Visitor) -> None:
    """A press on the clock moves the workspace's time, which every screen then shows."""
    before = running.workspace.clock.now()
    told = ines.does("clock", to="morning")
    assert told["told"].startswith("It is ")
    assert running.workspace.clock.now() > before
    assert "09:0" in ines.reads()
    assert "10:0" in tom.reads()
    assert ines.cannot("clock", to="yesterday")


def test_people_in_menus_stand_by_what_they_do(running: Running, ines: Visitor) -> None:
    """A menu of people has a heading for each title, so that a newcomer finds the project managers; apps come last."""
    menu = {"type": "users_select", "action_id": "who", "placeholder": plain("Who?")}
    bot_says(
        running, channels.by_name(running.workspace, "general") or {}, "x", [{"type": "actions", "elements": [menu]}]
    )
    seen = ines.sees()
    first, last = seen.index('<optgroup label="Account Executive">'), seen.index('<optgroup label="Apps">')
    assert first < seen.index('<optgroup label="Outside the company">') < last
    assert "Priya Nair" in seen.split('label="Implementation Project Manager">', 1)[1].split("</optgroup>", 1)[0]


def test_the_first_steps_lead_to_where_they_begin(running: Running, ines: Visitor, tom: Visitor) -> None:
    """The start page's links open the command already typed, the leads' channel, and the manager's newest one."""
    sofia, priya = Visitor(running.workspace, "sofia.rossi"), Visitor(running.workspace, "priya.nair")
    triage, project = private(running, "impl-triage", sofia), private(running, "impl-quillstone", priya)
    start = tom.session.get(f"{running.url}/page", timeout=30).text
    assert f"as={ines.id}&amp;typed=%2Fimplementation-request" in start
    assert f"as={sofia.id}&amp;channel={triage['id']}" in start
    assert f"as={priya.id}&amp;channel={project['id']}" in start
    assert "/implementation-request Quillstone Bank</textarea>" in ines.sees(
        typed="/implementation-request Quillstone Bank"
    )


def test_the_app_hears_which_tab_was_opened(ines: Visitor) -> None:
    """The home and the messages of the app are told apart; another tab is refused with a sentence."""
    assert "tabs" in ines.cannot("open_home", tab="about")
