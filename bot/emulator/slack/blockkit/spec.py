"""What Slack accepts in blocks, elements and composition objects: fields, types and limits, as tables.

Sources: Slack's Block Kit reference and the models of slack_sdk. A field name that ends in ``!`` is required.
A block that is not in ``BLOCKS`` is refused as an unsupported type: the emulator shows everything it accepts.
"""

from collections.abc import Mapping
from typing import Any

from bot.emulator.slack.blockkit.shapes import (
    Bool,
    Int,
    ListOf,
    Nullable,
    Number,
    Report,
    Rule,
    Shape,
    Spec,
    Str,
    Text,
    Typed,
    is_date,
    is_link,
    is_number,
    is_time,
    is_url,
    is_zone,
)

Fields = dict[str, Spec]

URL = Str(3000, test=is_url, wording="must be a valid URL")
LINK = Str(3000, test=is_link, wording="must be a valid URL")
NUMBER = Str(test=is_number, wording="must be a number in a string")
ACTION_ID = Str(255)

# ------------------------------------------------------------------------------------------------ composition objects

CONFIRM = Shape(
    {
        "title!": Text(100),
        "text!": Text(300, mrkdwn=True),
        "confirm!": Text(30),
        "deny!": Text(30),
        "style": Str(one_of=("primary", "danger")),
    }
)


def option(*, mrkdwn: bool = False, url: bool = False) -> Shape:
    fields: Fields = {
        "text!": Text(75, mrkdwn=mrkdwn),
        "value!": Str(150),
        "description": Text(75, mrkdwn=mrkdwn),
    }
    return Shape(fields | {"url": LINK} if url else fields)


OPTION = option()
OPTION_GROUP = Shape({"label!": Text(75), "options!": ListOf(OPTION, max=100)})
FILTER = Shape(
    {
        "include": ListOf(Str(one_of=("im", "mpim", "private", "public"))),
        "exclude_external_shared_channels": Bool(),
        "exclude_bot_users": Bool(),
    }
)
DISPATCH = Shape(
    {"trigger_actions_on!": ListOf(Str(one_of=("on_enter_pressed", "on_character_entered")), max=2)},
)
SLACK_FILE = Shape({"id": Str(255), "url": URL})
WORKFLOW = Shape(
    {
        "trigger!": Shape(
            {
                "url!": URL,
                "customizable_input_parameters": ListOf(Shape({"name!": Str(), "value!": Str(min=0)}), min=0),
            }
        )
    }
)

# -------------------------------------------------------------------------------------------------------------- rules


def one_of_fields(*names: str) -> Rule:
    """At least one of the fields is given."""

    def rule(value: Mapping[str, Any], path: str, report: Report) -> None:
        if not any(name in value for name in names):
            report.say(f"{path}/type", f"must define either {' or '.join(f'`{name}`' for name in names)}")

    return rule


def exactly_one(first: str, second: str) -> Rule:
    def rule(value: Mapping[str, Any], path: str, report: Report) -> None:
        if (first in value) == (second in value):
            report.say(path, f"must define exactly one of `{first}` or `{second}`")

    return rule


def _same_option(one: Any) -> tuple[Any, ...]:
    text, description = one["text"], one.get("description") or {}
    return text["type"], text["text"], one["value"], description.get("text")


def initial_among_options(value: Mapping[str, Any], path: str, report: Report) -> None:
    """Slack compares the whole option, not only its value."""
    groups = value.get("option_groups")
    offered = [item for group in groups for item in group["options"]] if groups else value.get("options", [])
    known = {_same_option(item) for item in offered}
    for name in ("initial_option", "initial_options"):
        chosen = value.get(name, [])
        if any(_same_option(item) not in known for item in (chosen if isinstance(chosen, list) else [chosen])):
            report.say(f"{path}/{name}", "must be one of the provided options")


def not_more_than_selected(value: Mapping[str, Any], path: str, report: Report) -> None:
    limit = value.get("max_selected_items")
    for name in ("initial_options", "initial_users", "initial_conversations", "initial_channels"):
        if limit is not None and len(value.get(name, [])) > limit:
            report.say(f"{path}/{name}", f"no more than {limit} items allowed")


def length_range(value: Mapping[str, Any], path: str, report: Report) -> None:
    low, high, initial = value.get("min_length", 0), value.get("max_length", 3000), value.get("initial_value", "")
    if low > high:
        report.say(f"{path}/min_length", "must not be greater than `max_length`")
    elif len(initial) > high:
        report.say(f"{path}/initial_value", f"must be less than {high + 1} characters")


def number_range(value: Mapping[str, Any], path: str, report: Report) -> None:
    low, high = value.get("min_value"), value.get("max_value")
    if low is not None and high is not None and float(low) > float(high):
        report.say(f"{path}/min_value", "must not be greater than `max_value`")
    if not value["is_decimal_allowed"]:
        for name in ("min_value", "max_value", "initial_value"):
            if "." in value.get(name, ""):
                report.say(f"{path}/{name}", "must be an integer when `is_decimal_allowed` is false")


def only_in_modals(name: str) -> Rule:
    def rule(value: Mapping[str, Any], path: str, report: Report) -> None:
        if name in value and report.surface != "modal":
            report.say(path, f"invalid additional property: {name}")

    return rule


def distinct_action_ids(value: Mapping[str, Any], path: str, report: Report) -> None:
    seen: set[str] = set()
    for index, element in enumerate(value["elements"]):
        action_id = element.get("action_id")
        if action_id is not None and action_id in seen:
            report.say(f"{path}/elements/{index}/action_id", f'`action_id` "{action_id}" already exists')
        seen.add(action_id)


# ----------------------------------------------------------------------------------------------- interactive elements

INTERACTIVE: Fields = {"action_id": ACTION_ID}
FOCUS: Fields = {**INTERACTIVE, "focus_on_load": Bool()}
CONFIRMED: Fields = {**FOCUS, "confirm": CONFIRM}
MENU: Fields = {**CONFIRMED, "placeholder": Text(150)}
MULTI: Fields = {**MENU, "max_selected_items": Int(1, 100)}
TYPED_INPUT: Fields = {**FOCUS, "placeholder": Text(150), "dispatch_action_config": DISPATCH}
OPTIONS: Fields = {"options": ListOf(OPTION, max=100), "option_groups": ListOf(OPTION_GROUP, max=100)}
BUTTON_LOOKS: Fields = {
    "text!": Text(75),
    "style": Str(one_of=("primary", "danger")),
    "accessibility_label": Str(75),
}
FEEDBACK = Shape({"text!": Text(75), "value!": Str(2000), "accessibility_label": Str(75)})
CHOICES = ListOf(option(mrkdwn=True), max=10)
CONVERSATIONS: Fields = {"default_to_current_conversation": Bool(), "filter": FILTER}
IN_MODAL_ONLY = (only_in_modals("response_url_enabled"),)
MANY = (not_more_than_selected,)

RICH: dict[str, Shape] = {}  # filled below; named here because an input may hold rich text
RICH_TEXT: Fields = {
    "elements!": ListOf(
        Typed(RICH, ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")), min=1
    )
}
RICH_TEXT_VALUE = Typed({"rich_text": Shape({**RICH_TEXT, "block_id": Str(255, min=0)})}, ("rich_text",))

ELEMENTS: dict[str, Shape] = {
    "button": Shape(
        {
            **INTERACTIVE,
            **BUTTON_LOOKS,
            "url": LINK,
            "value": Str(2000),
            "confirm": CONFIRM,
            "agent_prompt": Str(4000),
            "agent_prompt_display": Str(4000),
            "visible_to_user_ids": ListOf(Str()),
        }
    ),
    "workflow_button": Shape({**INTERACTIVE, **BUTTON_LOOKS, "workflow!": WORKFLOW}),
    "overflow": Shape({**INTERACTIVE, "options!": ListOf(option(url=True), max=5), "confirm": CONFIRM}),
    "icon_button": Shape(
        {
            **INTERACTIVE,
            "icon!": Str(one_of=("trash",)),
            "text!": Text(75),
            "value": Str(2000),
            "accessibility_label": Str(75),
            "visible_to_user_ids": ListOf(Str()),
            "confirm": CONFIRM,
        },
        surfaces=("message",),
    ),
    "feedback_buttons": Shape(
        {**INTERACTIVE, "positive_button!": FEEDBACK, "negative_button!": FEEDBACK}, surfaces=("message",)
    ),
    "image": Shape(
        {"alt_text!": Str(2000, min=0), "image_url": URL, "slack_file": SLACK_FILE},
        rules=(exactly_one("image_url", "slack_file"),),
    ),
    "checkboxes": Shape({**CONFIRMED, "options!": CHOICES, "initial_options": CHOICES}, rules=(initial_among_options,)),
    "radio_buttons": Shape(
        {**CONFIRMED, "options!": CHOICES, "initial_option": option(mrkdwn=True)}, rules=(initial_among_options,)
    ),
    "datepicker": Shape(
        {**MENU, "initial_date": Str(test=is_date, wording="must be a valid date in the form YYYY-MM-DD")}
    ),
    "timepicker": Shape(
        {
            **MENU,
            "initial_time": Str(test=is_time, wording="must be a valid time in the form HH:mm"),
            "timezone": Str(test=is_zone, wording="must be a valid IANA timezone"),
        }
    ),
    "datetimepicker": Shape({**CONFIRMED, "initial_date_time": Int(0, 9_999_999_999)}),
    "static_select": Shape(
        {**MENU, **OPTIONS, "initial_option": OPTION},
        rules=(exactly_one("options", "option_groups"), initial_among_options),
    ),
    "multi_static_select": Shape(
        {**MULTI, **OPTIONS, "initial_options": ListOf(OPTION, max=100)},
        rules=(exactly_one("options", "option_groups"), initial_among_options, *MANY),
    ),
    "external_select": Shape({**MENU, "min_query_length": Int(0, 75), "initial_option": OPTION}),
    "multi_external_select": Shape(
        {**MULTI, "min_query_length": Int(0, 75), "initial_options": ListOf(OPTION, max=100)}, rules=MANY
    ),
    "users_select": Shape({**MENU, "initial_user": Str()}),
    "multi_users_select": Shape({**MULTI, "initial_users": ListOf(Str(), min=0)}, rules=MANY),
    "conversations_select": Shape(
        {**MENU, **CONVERSATIONS, "initial_conversation": Str(), "response_url_enabled": Bool()}, rules=IN_MODAL_ONLY
    ),
    "multi_conversations_select": Shape(
        {**MULTI, **CONVERSATIONS, "initial_conversations": ListOf(Str(), min=0)}, rules=MANY
    ),
    "channels_select": Shape({**MENU, "initial_channel": Str(), "response_url_enabled": Bool()}, rules=IN_MODAL_ONLY),
    "multi_channels_select": Shape({**MULTI, "initial_channels": ListOf(Str(), min=0)}, rules=MANY),
    "plain_text_input": Shape(
        {
            **TYPED_INPUT,
            "initial_value": Str(3000, min=0),
            "multiline": Bool(),
            "min_length": Int(0, 3000),
            "max_length": Int(1, 3000),
        },
        rules=(length_range,),
    ),
    "email_text_input": Shape({**TYPED_INPUT, "initial_value": Str(3000)}),
    "url_text_input": Shape({**TYPED_INPUT, "initial_value": Str(3000)}),
    "number_input": Shape(
        {
            **TYPED_INPUT,
            "is_decimal_allowed!": Bool(),
            "initial_value": NUMBER,
            "min_value": NUMBER,
            "max_value": NUMBER,
        },
        rules=(number_range,),
    ),
    "rich_text_input": Shape(
        {**TYPED_INPUT, "initial_value": RICH_TEXT_VALUE, "min_lines": Int(1, 100), "max_lines": Int(1, 100)}
    ),
    "file_input": Shape({**INTERACTIVE, "filetypes": ListOf(Str()), "max_files": Int(1, 10)}, surfaces=("modal",)),
    "plain_text": Shape({"text!": Str(3000), "emoji": Bool()}),  # these two only stand in a context block
    "mrkdwn": Shape({"text!": Str(3000), "verbatim": Bool()}),
}

SELECTS = tuple(
    f"{many}{kind}_select"
    for many in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
)
PICKERS = ("datepicker", "timepicker", "checkboxes", "radio_buttons", *SELECTS)
BUTTONS = ("button", "workflow_button", "overflow")
TYPED = ("plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input")
IN_SECTION = (*BUTTONS, *PICKERS, "image")
IN_ACTIONS = (*BUTTONS, *PICKERS, "datetimepicker")
IN_INPUT = (*TYPED, *PICKERS, "datetimepicker")

# ---------------------------------------------------------------------------------------------------------- rich text

LOOKS = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
STYLE = Shape({name: Bool() for name in LOOKS})
STYLED: Fields = {"style": STYLE}
INLINE = ("text", "link", "user", "usergroup", "channel", "team", "emoji", "broadcast", "date", "color")
BORDER: Fields = {"border": Int(0, 1)}
RICH.update(
    {
        "text": Shape({"text!": Str(), **STYLED}),
        "link": Shape({"url!": LINK, "text": Str(), "unsafe": Bool(), **STYLED}),
        "user": Shape({"user_id!": Str(), **STYLED}),
        "usergroup": Shape({"usergroup_id!": Str(), **STYLED}),
        "channel": Shape({"channel_id!": Str(), **STYLED}),
        "team": Shape({"team_id!": Str(), **STYLED}),
        "emoji": Shape({"name!": Str(), "unicode": Str(), "skin_tone": Int(1, 6), **STYLED}),
        "broadcast": Shape({"range!": Str(one_of=("here", "channel", "everyone")), **STYLED}),
        "date": Shape(
            {"timestamp!": Int(0, 9_999_999_999), "format!": Str(), "url": LINK, "fallback": Str(), **STYLED}
        ),
        "color": Shape({"value!": Str(), **STYLED}),
        "rich_text_section": Shape({"elements!": ListOf(Typed(RICH, INLINE), min=0)}),
        "rich_text_quote": Shape({"elements!": ListOf(Typed(RICH, INLINE), min=0), **BORDER}),
        "rich_text_preformatted": Shape(
            {
                "elements!": ListOf(Typed(RICH, ("text", "link", "emoji", "user", "channel")), min=0),
                "language": Str(),
                **BORDER,
            }
        ),
        "rich_text_list": Shape(
            {
                "elements!": ListOf(Typed(RICH, ("rich_text_section",))),
                "style!": Str(one_of=("bullet", "ordered")),
                "indent": Int(0, 8),
                "offset": Int(0, 1_000_000),
                **BORDER,
            }
        ),
    }
)

# ------------------------------------------------------------------------------------------------------------- blocks

CELLS = {
    "raw_text": Shape({"text!": Str()}),
    "raw_number": Shape({"value!": Number(), "text!": Str()}),
    "rich_text": Shape({**RICH_TEXT, "block_id": Str(255, min=0)}),
}
COLUMN = Nullable(Shape({"align": Str(one_of=("left", "center", "right")), "is_wrapped": Bool()}))
BLOCK: Fields = {"block_id": Str(255, min=0)}

BLOCKS: dict[str, Shape] = {
    "section": Shape(
        {
            **BLOCK,
            "text": Text(3000, mrkdwn=True),
            "fields": ListOf(Text(2000, mrkdwn=True), max=10),
            "accessory": Typed(ELEMENTS, IN_SECTION),
            "expand": Bool(),
        },
        rules=(one_of_fields("text", "fields"),),
    ),
    "header": Shape({**BLOCK, "text!": Text(150)}),
    "divider": Shape(BLOCK),
    "context": Shape({**BLOCK, "elements!": ListOf(Typed(ELEMENTS, ("plain_text", "mrkdwn", "image")), max=10)}),
    "actions": Shape({**BLOCK, "elements!": ListOf(Typed(ELEMENTS, IN_ACTIONS), max=25)}, rules=(distinct_action_ids,)),
    "context_actions": Shape(
        {**BLOCK, "elements!": ListOf(Typed(ELEMENTS, ("feedback_buttons", "icon_button")), max=5)},
        rules=(distinct_action_ids,),
        surfaces=("message",),
    ),
    "input": Shape(
        {
            **BLOCK,
            "label!": Text(2000),
            "element!": Typed(ELEMENTS, IN_INPUT),
            "hint": Text(2000),
            "optional": Bool(),
            "dispatch_action": Bool(),
        }
    ),
    "image": Shape(
        {
            **BLOCK,
            "alt_text!": Str(2000, min=0),
            "title": Text(2000),
            "image_url": URL,
            "slack_file": SLACK_FILE,
        },
        rules=(exactly_one("image_url", "slack_file"),),
    ),
    "rich_text": Shape({**BLOCK, **RICH_TEXT}),
    "markdown": Shape({**BLOCK, "text!": Str(12_000)}, surfaces=("message",)),
    "table": Shape(
        {
            **BLOCK,
            "rows!": ListOf(ListOf(Typed(CELLS, tuple(CELLS)), max=20), max=100),
            "column_settings": ListOf(COLUMN, max=20, min=0),
        },
        surfaces=("message",),
    ),
    "video": Shape(
        {
            **BLOCK,
            "alt_text!": Str(2000),
            "title!": Text(199),
            "video_url!": URL,
            "thumbnail_url!": URL,
            "title_url": URL,
            "description": Text(200),
            "author_name": Str(49),
            "provider_name": Str(255),
            "provider_icon_url": URL,
        }
    ),
}
