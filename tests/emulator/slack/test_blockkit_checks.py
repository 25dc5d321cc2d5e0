"""Block Kit is refused and accepted as Slack does it, told by tables of good and bad examples."""

from typing import Any

import pytest

from bot.emulator.slack.blockkit import check_blocks, check_metadata, check_view

JSON = dict[str, Any]


def plain(text: str = "Go", **more: Any) -> JSON:
    return {"type": "plain_text", "text": text, **more}


def mrkdwn(text: str = "*Go*", **more: Any) -> JSON:
    return {"type": "mrkdwn", "text": text, **more}


def option(value: str = "a", **more: Any) -> JSON:
    return {"text": plain(value.upper() or "-"), "value": value, **more}


def button(**more: Any) -> JSON:
    return {"type": "button", "text": plain(), **more}


def section(**more: Any) -> JSON:
    return {"type": "section", "text": mrkdwn(), **more}


def actions(*elements: JSON) -> JSON:
    return {"type": "actions", "elements": list(elements)}


def entry(element: JSON, **more: Any) -> JSON:
    return {"type": "input", "label": plain("Customer"), "element": element, **more}


def rich(*elements: JSON) -> JSON:
    return {"type": "rich_text", "elements": list(elements)}


def cell(text: str = "1") -> JSON:
    return {"type": "raw_text", "text": text}


CONFIRM = {"title": plain("Sure?"), "text": mrkdwn("It is *final*."), "confirm": plain("Yes"), "deny": plain("No")}
IMAGE = {"type": "image", "image_url": "https://fernhill.example/a.png", "alt_text": "A chart"}
TEXT_INPUT = {"type": "plain_text_input", "action_id": "a"}

GOOD: dict[str, JSON] = {
    "section with text": section(),
    "section with fields only": {"type": "section", "fields": [mrkdwn(), plain()]},
    "section of 3000 characters": section(text=mrkdwn("x" * 3000)),
    "section, expanded": section(expand=True),
    "button beside a section": section(accessory=button(action_id="open", value="1", style="primary", confirm=CONFIRM)),
    "link button": section(accessory=button(url="https://fernhill.example")),
    "image beside a section": section(accessory=IMAGE),
    "overflow": section(
        accessory={"type": "overflow", "options": [option(url="https://fernhill.example"), option("b")]}
    ),
    "header": {"type": "header", "text": plain("x" * 150, emoji=True)},
    "divider": {"type": "divider", "block_id": "d"},
    "context": {"type": "context", "elements": [mrkdwn(), plain(), IMAGE]},
    "image by address": {**IMAGE, "title": plain("Chart")},
    "image by file": {"type": "image", "alt_text": "A chart", "slack_file": {"id": "F1"}},
    "25 buttons": actions(*[button(action_id=str(n)) for n in range(25)]),
    "actions of every kind": actions(
        {"type": "datepicker", "initial_date": "2028-02-29", "placeholder": plain()},
        {"type": "timepicker", "initial_time": "23:59", "timezone": "Europe/Lisbon"},
        {"type": "datetimepicker", "initial_date_time": 1_800_000_000},
        {"type": "static_select", "options": [option()], "initial_option": option()},
        {
            "type": "static_select",
            "option_groups": [{"label": plain(), "options": [option()]}],
            "initial_option": option(),
        },
        {"type": "multi_static_select", "options": [option(), option("b")], "initial_options": [option("b")]},
        {"type": "external_select", "min_query_length": 0},
        {"type": "users_select", "initial_user": "U1"},
        {"type": "multi_users_select", "initial_users": ["U1"], "max_selected_items": 1},
        {"type": "conversations_select", "filter": {"include": ["im", "public"], "exclude_bot_users": True}},
        {"type": "channels_select", "initial_channel": "C1"},
        {"type": "radio_buttons", "options": [{"text": mrkdwn(), "value": "a", "description": mrkdwn()}]},
        {"type": "checkboxes", "options": [option()], "initial_options": [option()]},
    ),
    "input": entry(TEXT_INPUT, hint=plain("as in the contract"), optional=True, dispatch_action=False),
    "long text input": entry(
        {**TEXT_INPUT, "multiline": True, "min_length": 1, "max_length": 3000, "initial_value": "hi"}
    ),
    "number input": entry({"type": "number_input", "is_decimal_allowed": True, "min_value": "-1.5", "max_value": "10"}),
    "email and url inputs": entry({"type": "email_text_input", "placeholder": plain("name@harborpine.example")}),
    "rich text input": entry(
        {
            "type": "rich_text_input",
            "initial_value": rich({"type": "rich_text_section", "elements": [{"type": "text", "text": "hi"}]}),
        }
    ),
    "rich text": rich(
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Hello ", "style": {"bold": True}},
                {"type": "user", "user_id": "U1"},
                {"type": "link", "url": "https://fernhill.example", "text": "plan"},
                {"type": "emoji", "name": "wave"},
                {"type": "broadcast", "range": "here"},
                {"type": "date", "timestamp": 1_800_000_000, "format": "{date}", "fallback": "then"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "indent": 1,
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}],
        },
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "code"}], "border": 0},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "quoted"}]},
    ),
    "markdown": {"type": "markdown", "text": "# Title"},
    "table": {
        "type": "table",
        "rows": [[cell(), cell()], [cell(), {"type": "raw_number", "value": 2.5, "text": "2.5"}]],
        "column_settings": [{"align": "right", "is_wrapped": True}, None],
    },
    "video": {
        "type": "video",
        "alt_text": "Tour",
        "title": plain("Tour"),
        "video_url": "https://fernhill.example/v",
        "thumbnail_url": "https://fernhill.example/t.png",
    },
    "feedback": {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "positive_button": {"text": plain("Good"), "value": "1"},
                "negative_button": {"text": plain("Bad"), "value": "0"},
            }
        ],
    },
}


@pytest.mark.parametrize("block", GOOD.values(), ids=GOOD)
def test_what_slack_accepts_is_accepted(block: JSON) -> None:
    """A block within Slack's documented limits has no problems in a message."""
    assert check_blocks([block], "message") == []


def at(path: str) -> str:
    return f"[json-pointer:/blocks/0{path}]"


TOO_LONG_OPTION = {"text": plain("x" * 76), "value": "a"}

BAD: dict[str, tuple[Any, str]] = {
    "not an object": ("text", f"must provide an object {at('')}"),
    "no type": ({"text": plain()}, f"missing required field: type {at('')}"),
    "unknown type": ({"type": "banner"}, f"unsupported type: banner {at('/type')}"),
    "a file": ({"type": "file", "external_id": "x", "source": "remote"}, f"unsupported type: file {at('/type')}"),
    "type is a number": ({"type": 1}, f"must provide a string {at('/type')}"),
    "unknown field": ({"type": "divider", "text": "x"}, f"invalid additional property: text {at('')}"),
    "null field": (section(accessory=None), f"must provide an object {at('/accessory')}"),
    "null block id": (section(block_id=None), f"must provide a string {at('/block_id')}"),
    "long block id": (section(block_id="x" * 256), f"must be less than 256 characters {at('/block_id')}"),
    "section without content": ({"type": "section"}, f"must define either `text` or `fields` {at('/type')}"),
    "empty text": (section(text=mrkdwn("")), f"must be more than 0 characters {at('/text/text')}"),
    "3001 characters": (section(text=mrkdwn("x" * 3001)), f"must be less than 3001 characters {at('/text/text')}"),
    "text as a string": (section(text="hello"), f"must provide an object {at('/text')}"),
    "emoji on mrkdwn": (section(text=mrkdwn(emoji=True)), f"invalid additional property: emoji {at('/text')}"),
    "verbatim on plain": (section(text=plain(verbatim=True)), f"invalid additional property: verbatim {at('/text')}"),
    "11 fields": ({"type": "section", "fields": [plain()] * 11}, f"no more than 10 items allowed {at('/fields')}"),
    "no fields": ({"type": "section", "fields": []}, f"must provide at least 1 items {at('/fields')}"),
    "long field": (
        {"type": "section", "fields": [plain("x" * 2001)]},
        f"must be less than 2001 characters {at('/fields/0/text')}",
    ),
    "mrkdwn header": ({"type": "header", "text": mrkdwn()}, f"unsupported type: mrkdwn {at('/text/type')}"),
    "long header": (
        {"type": "header", "text": plain("x" * 151)},
        f"must be less than 151 characters {at('/text/text')}",
    ),
    "header without text": ({"type": "header"}, f"missing required field: text {at('')}"),
    "mrkdwn on a button": (
        section(accessory=button(text=mrkdwn())),
        f"unsupported type: mrkdwn {at('/accessory/text/type')}",
    ),
    "long button": (
        actions(button(text=plain("x" * 76))),
        f"must be less than 76 characters {at('/elements/0/text/text')}",
    ),
    "long button value": (
        actions(button(value="x" * 2001)),
        f"must be less than 2001 characters {at('/elements/0/value')}",
    ),
    "button style": (actions(button(style="green")), f"must be one of: primary, danger {at('/elements/0/style')}"),
    "button url": (actions(button(url="javascript:alert(1)")), f"must be a valid URL {at('/elements/0/url')}"),
    "empty action id": (
        actions(button(action_id="")),
        f"must be more than 0 characters {at('/elements/0/action_id')}",
    ),
    "26 buttons": (
        actions(*[button(action_id=str(n)) for n in range(26)]),
        f"no more than 25 items allowed {at('/elements')}",
    ),
    "no buttons": (actions(), f"must provide at least 1 items {at('/elements')}"),
    "same action id twice": (
        actions(button(action_id="x"), button(action_id="x")),
        f'`action_id` "x" already exists {at("/elements/1/action_id")}',
    ),
    "text input among actions": (
        actions(TEXT_INPUT),
        f"unsupported type: plain_text_input {at('/elements/0/type')}",
    ),
    "11 context elements": (
        {"type": "context", "elements": [plain()] * 11},
        f"no more than 10 items allowed {at('/elements')}",
    ),
    "button in a context": (
        {"type": "context", "elements": [button()]},
        f"unsupported type: button {at('/elements/0/type')}",
    ),
    "image without alt": (
        {"type": "image", "image_url": IMAGE["image_url"]},
        f"missing required field: alt_text {at('')}",
    ),
    "image from nowhere": (
        {"type": "image", "alt_text": "x"},
        f"must define exactly one of `image_url` or `slack_file` {at('')}",
    ),
    "image, not a URL": ({**IMAGE, "image_url": "chart.png"}, f"must be a valid URL {at('/image_url')}"),
    "confirm without text": (
        actions(button(confirm={k: v for k, v in CONFIRM.items() if k != "text"})),
        f"missing required field: text {at('/elements/0/confirm')}",
    ),
    "long confirm title": (
        actions(button(confirm={**CONFIRM, "title": plain("x" * 101)})),
        f"must be less than 101 characters {at('/elements/0/confirm/title/text')}",
    ),
    "long confirm button": (
        actions(button(confirm={**CONFIRM, "confirm": plain("x" * 31)})),
        f"must be less than 31 characters {at('/elements/0/confirm/confirm/text')}",
    ),
    "six overflow options": (
        section(accessory={"type": "overflow", "options": [option(str(n)) for n in range(6)]}),
        f"no more than 5 items allowed {at('/accessory/options')}",
    ),
    "101 options": (
        actions({"type": "static_select", "options": [option(str(n)) for n in range(101)]}),
        f"no more than 100 items allowed {at('/elements/0/options')}",
    ),
    "no options": (
        actions({"type": "static_select", "options": []}),
        f"must provide at least 1 items {at('/elements/0/options')}",
    ),
    "options and groups": (
        actions({"type": "static_select"}),
        f"must define exactly one of `options` or `option_groups` {at('/elements/0')}",
    ),
    "option url in a select": (
        actions({"type": "static_select", "options": [option(url="https://fernhill.example")]}),
        f"invalid additional property: url {at('/elements/0/options/0')}",
    ),
    "long option": (
        actions({"type": "static_select", "options": [TOO_LONG_OPTION]}),
        f"must be less than 76 characters {at('/elements/0/options/0/text/text')}",
    ),
    "long option value": (
        actions({"type": "static_select", "options": [{"text": plain(), "value": "y" * 151}]}),
        f"must be less than 151 characters {at('/elements/0/options/0/value')}",
    ),
    "initial option from elsewhere": (
        actions({"type": "static_select", "options": [option("a")], "initial_option": option("b")}),
        f"must be one of the provided options {at('/elements/0/initial_option')}",
    ),
    "initial option with another text": (
        actions(
            {"type": "static_select", "options": [option()], "initial_option": {"text": plain("Other"), "value": "a"}}
        ),
        f"must be one of the provided options {at('/elements/0/initial_option')}",
    ),
    "empty initial options": (
        actions({"type": "multi_static_select", "options": [option()], "initial_options": []}),
        f"must provide at least 1 items {at('/elements/0/initial_options')}",
    ),
    "more chosen than may be": (
        actions({"type": "multi_users_select", "initial_users": ["U1", "U2"], "max_selected_items": 1}),
        f"no more than 1 items allowed {at('/elements/0/initial_users')}",
    ),
    "11 checkboxes": (
        actions({"type": "checkboxes", "options": [option(str(n)) for n in range(11)]}),
        f"no more than 10 items allowed {at('/elements/0/options')}",
    ),
    "long placeholder": (
        actions({"type": "datepicker", "placeholder": plain("x" * 151)}),
        f"must be less than 151 characters {at('/elements/0/placeholder/text')}",
    ),
    "30 February": (
        actions({"type": "datepicker", "initial_date": "2027-02-30"}),
        f"must be a valid date in the form YYYY-MM-DD {at('/elements/0/initial_date')}",
    ),
    "date the other way round": (
        actions({"type": "datepicker", "initial_date": "30/11/2026"}),
        f"must be a valid date in the form YYYY-MM-DD {at('/elements/0/initial_date')}",
    ),
    "25 o'clock": (
        actions({"type": "timepicker", "initial_time": "25:00"}),
        f"must be a valid time in the form HH:mm {at('/elements/0/initial_time')}",
    ),
    "zone of nowhere": (
        actions({"type": "timepicker", "timezone": "Mars/Olympus"}),
        f"must be a valid IANA timezone {at('/elements/0/timezone')}",
    ),
    "moment as text": (
        actions({"type": "datetimepicker", "initial_date_time": "soon"}),
        f"must provide an integer {at('/elements/0/initial_date_time')}",
    ),
    "input without label": (
        {"type": "input", "element": TEXT_INPUT},
        f"missing required field: label {at('')}",
    ),
    "input with a button": (entry(button()), f"unsupported type: button {at('/element/type')}"),
    "mrkdwn label": (entry(TEXT_INPUT, label=mrkdwn()), f"unsupported type: mrkdwn {at('/label/type')}"),
    "shortest above longest": (
        entry({**TEXT_INPUT, "min_length": 5, "max_length": 4}),
        f"must not be greater than `max_length` {at('/element/min_length')}",
    ),
    "3001 to type": (entry({**TEXT_INPUT, "max_length": 3001}), f"must be less than 3001 {at('/element/max_length')}"),
    "number without decimals said": (
        entry({"type": "number_input"}),
        f"missing required field: is_decimal_allowed {at('/element')}",
    ),
    "number as a word": (
        entry({"type": "number_input", "is_decimal_allowed": False, "min_value": "one"}),
        f"must be a number in a string {at('/element/min_value')}",
    ),
    "file input in a message": (entry({"type": "file_input"}), f"unsupported type: file_input {at('/element/type')}"),
    "answer address outside modals": (
        actions({"type": "channels_select", "response_url_enabled": True}),
        f"invalid additional property: response_url_enabled {at('/elements/0')}",
    ),
    "rich text of unknown parts": (
        rich({"type": "rich_text_section", "elements": [{"type": "marquee"}]}),
        f"unsupported type: marquee {at('/elements/0/elements/0/type')}",
    ),
    "style on a nested part": (
        rich(
            {"type": "rich_text_list", "style": "dashed", "elements": [{"type": "rich_text_section", "elements": []}]}
        ),
        f"must be one of: bullet, ordered {at('/elements/0/style')}",
    ),
    "101 rows": (
        {"type": "table", "rows": [[cell()]] * 101},
        f"no more than 100 items allowed {at('/rows')}",
    ),
    "21 columns": ({"type": "table", "rows": [[cell()] * 21]}, f"no more than 20 items allowed {at('/rows/0')}"),
    "long markdown": ({"type": "markdown", "text": "x" * 12_001}, f"must be less than 12001 characters {at('/text')}"),
    "video title": (
        {**GOOD["video"], "title": plain("x" * 200)},
        f"must be less than 200 characters {at('/title/text')}",
    ),
}


@pytest.mark.parametrize(("block", "problem"), BAD.values(), ids=BAD)
def test_what_slack_refuses_is_refused_with_its_place(block: Any, problem: str) -> None:
    """A bad block is refused with the reason and the JSON pointer of the very field."""
    assert problem in check_blocks([block], "message")


def test_a_text_that_may_be_of_two_kinds_is_named_before_its_reason() -> None:
    """Slack first says that no schema matched the text object, then why."""
    assert check_blocks([section(text=mrkdwn("x" * 3001))]) == [
        "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ]


def test_all_problems_of_a_message_are_told_at_once() -> None:
    """Two bad blocks give two problems, each with the index of its block."""
    found = check_blocks([{"type": "divider"}, {"type": "header"}, {"type": "banner"}])
    assert [problem.rsplit(":", 1)[1] for problem in found] == ["/blocks/1]", "/blocks/2/type]"]


@pytest.mark.parametrize(("surface", "limit"), [("message", 50), ("modal", 100), ("home", 100)])
def test_number_of_blocks(surface: Any, limit: int) -> None:
    """A message holds 50 blocks, a modal or home tab 100; one more is refused."""
    divider = {"type": "divider"}
    assert check_blocks([divider] * limit, surface) == []
    assert check_blocks([divider] * (limit + 1), surface) == [
        f"no more than {limit} items allowed [json-pointer:/blocks]"
    ]


@pytest.mark.parametrize("kind", ["markdown", "table", "feedback"])
def test_blocks_that_only_messages_have(kind: str) -> None:
    """Markdown, tables and feedback buttons are refused outside of messages."""
    for surface in ("modal", "home"):
        assert check_blocks([GOOD[kind]], surface)[0].startswith("unsupported type: ")  # type: ignore[arg-type]


def test_the_same_block_id_twice() -> None:
    """Block ids are unique in a message, empty ones as well."""
    for block_id in ("a", ""):
        found = check_blocks([section(block_id=block_id), section(), section(block_id=block_id)])
        assert found == [f'`block_id` "{block_id}" already exists [json-pointer:/blocks/2/block_id]']


def test_the_same_action_id_in_two_blocks_is_fine() -> None:
    """Action ids only need to differ inside one block."""
    assert check_blocks([actions(button(action_id="x")), actions(button(action_id="x"))]) == []


def test_one_table_and_one_focus() -> None:
    """A message has at most one table, and at most one element asks for the focus."""
    assert check_blocks([GOOD["table"]] * 2) == ["only_one_table_allowed [json-pointer:/blocks/1]"]
    focused = entry({**TEXT_INPUT, "focus_on_load": True})
    assert check_blocks([focused, focused], "modal") == [
        "only one element can set `focus_on_load` [json-pointer:/blocks/1/element/focus_on_load]"
    ]


def test_markdown_is_counted_over_the_whole_message() -> None:
    """Two Markdown blocks of 7,000 characters together exceed Slack's 12,000."""
    assert len(check_blocks([{"type": "markdown", "text": "x" * 7000}] * 2)) == 1


@pytest.mark.parametrize("blocks", [None, {}, "x", 3, [None], [[]]])
def test_what_is_not_a_list_of_blocks_is_a_problem(blocks: Any) -> None:
    """Nonsense in place of blocks is answered, never an exception."""
    assert check_blocks(blocks) != []


# -------------------------------------------------------------------------------------------------------------- views


def modal(**more: Any) -> JSON:
    return {"type": "modal", "title": plain("New request"), "blocks": [section()], **more}


def test_a_full_modal_is_accepted() -> None:
    """A modal with everything Slack documents has no problems."""
    view = modal(
        submit=plain("Send"),
        close=plain("Cancel"),
        blocks=[entry(TEXT_INPUT), entry({"type": "file_input", "filetypes": ["pdf"], "max_files": 3})],
        private_metadata="x" * 3000,
        callback_id="request",
        external_id="e",
        clear_on_close=True,
        notify_on_close=True,
    )
    assert check_view(view) == []


VIEWS: dict[str, tuple[Any, str]] = {
    "not an object": ("modal", "must provide an object [json-pointer:/view]"),
    "empty": ({}, "missing required field: type [json-pointer:/view]"),
    "unknown type": ({"type": "popup"}, "unsupported type: popup [json-pointer:/view/type]"),
    "no title": ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
    "no blocks": ({"type": "modal", "title": plain()}, "missing required field: blocks [json-pointer:/view]"),
    "long title": (modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
    "mrkdwn title": (modal(title=mrkdwn()), "unsupported type: mrkdwn [json-pointer:/view/title/type]"),
    "long submit": (modal(submit=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
    "input without submit": (
        modal(blocks=[section(), entry(TEXT_INPUT)]),
        "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]",
    ),
    "private metadata": (
        modal(private_metadata="x" * 3001),
        "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ),
    "callback id": (
        modal(callback_id="x" * 256),
        "must be less than 256 characters [json-pointer:/view/callback_id]",
    ),
    "read-only field": (modal(hash="1.a"), "invalid additional property: hash [json-pointer:/view]"),
    "bad block": (modal(blocks=[{"type": "header"}]), "missing required field: text [json-pointer:/view/blocks/0]"),
    "title on a home tab": (
        {"type": "home", "title": plain(), "blocks": []},
        "invalid additional property: title [json-pointer:/view]",
    ),
    "101 blocks": (
        modal(blocks=[{"type": "divider"}] * 101),
        "no more than 100 items allowed [json-pointer:/view/blocks]",
    ),
}


@pytest.mark.parametrize(("view", "problem"), VIEWS.values(), ids=VIEWS)
def test_bad_views_are_refused_with_their_place(view: Any, problem: str) -> None:
    """A bad view is refused with the reason and a pointer that starts at the view."""
    assert problem in check_view(view)


def test_a_home_tab_may_hold_inputs_without_submit() -> None:
    """Only modals have a submit button; a home tab takes inputs without one."""
    assert check_view({"type": "home", "blocks": [entry(TEXT_INPUT)], "private_metadata": ""}) == []


def test_metadata() -> None:
    """Metadata has a type and an object; anything else is named."""
    assert check_metadata({"event_type": "reminder", "event_payload": {"key": "r1"}}) == []
    assert check_metadata({"event_type": 1, "more": 1}) == [
        "must provide a string [json-pointer:/metadata/event_type]",
        "missing required field: event_payload [json-pointer:/metadata]",
        "invalid additional property: more [json-pointer:/metadata]",
    ]
    assert check_metadata([]) == ["must provide an object [json-pointer:/metadata]"]
