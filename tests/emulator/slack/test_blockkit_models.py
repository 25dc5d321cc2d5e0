"""What slack_sdk's own models build is accepted, and the limits agree with those models."""

from typing import Any

import pytest
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    CheckboxesElement,
    ConfirmObject,
    ContextBlock,
    DatePickerElement,
    DateTimePickerElement,
    DividerBlock,
    HeaderBlock,
    ImageBlock,
    ImageElement,
    InputBlock,
    MarkdownTextObject,
    NumberInputElement,
    Option,
    OptionGroup,
    OverflowMenuElement,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    SectionBlock,
    StaticMultiSelectElement,
    StaticSelectElement,
    TimePickerElement,
    UserSelectElement,
)
from slack_sdk.models.blocks.block_elements import InteractiveElement
from slack_sdk.models.views import View

from bot.emulator.slack.blockkit import check_blocks, check_view
from bot.emulator.slack.blockkit.shapes import Shape
from bot.emulator.slack.blockkit.spec import BLOCKS, ELEMENTS

OPTIONS = [Option(value="s", label="Small"), Option(value="l", label="Large")]

BUILT: list[Block] = [
    HeaderBlock(text="Harborpine Logistics"),
    SectionBlock(
        text="*Due* tomorrow", accessory=ButtonElement(text="Done", action_id="done", value="t1", style="primary")
    ),
    SectionBlock(fields=["*PM*", "Priya"], accessory=OverflowMenuElement(action_id="more", options=OPTIONS)),
    ContextBlock(
        elements=[
            MarkdownTextObject(text="Fernhill"),
            ImageElement(image_url="https://fernhill.example/i.png", alt_text="logo"),
        ]
    ),
    DividerBlock(),
    ImageBlock(image_url="https://fernhill.example/i.png", alt_text="chart", title="Progress"),
    ActionsBlock(
        elements=[
            ButtonElement(
                text="Select",
                action_id="select",
                confirm=ConfirmObject(title="Select?", text="This sets up a project.", confirm="Yes", deny="No"),
            ),
            DatePickerElement(action_id="due", initial_date="2026-12-01", placeholder="Due"),
            TimePickerElement(action_id="at", initial_time="09:30"),
            DateTimePickerElement(action_id="when", initial_date_time=1_800_000_000),
            UserSelectElement(action_id="who", placeholder="Owner", initial_user="U1"),
            StaticSelectElement(action_id="size", options=OPTIONS, initial_option=OPTIONS[0]),
            StaticMultiSelectElement(
                action_id="many", option_groups=[OptionGroup(label="Sizes", options=OPTIONS)], max_selected_items=2
            ),
            RadioButtonsElement(action_id="one", options=OPTIONS),
            CheckboxesElement(action_id="some", options=OPTIONS, initial_options=[OPTIONS[1]]),
        ]
    ),
    InputBlock(
        label="Customer", element=PlainTextInputElement(action_id="name", max_length=80), hint="As in the contract"
    ),
    InputBlock(
        label="Seats", element=NumberInputElement(action_id="n", is_decimal_allowed=False, min_value="1"), optional=True
    ),
]


@pytest.mark.parametrize("block", BUILT, ids=lambda block: str(block.type))
def test_blocks_built_by_the_sdk_are_accepted(block: Block) -> None:
    """What the official models serialise passes the check."""
    assert check_blocks([block.to_dict()], "modal") == []


def test_a_modal_built_by_the_sdk_is_accepted() -> None:
    """A whole View of slack_sdk passes the check."""
    view = View(
        type="modal",
        title=PlainTextObject(text="New request"),
        submit=PlainTextObject(text="Send"),
        close=PlainTextObject(text="Cancel"),
        callback_id="request",
        private_metadata="{}",
        blocks=BUILT,
    )
    assert check_view(view.to_dict()) == []


def fields(shape: Shape) -> set[str]:
    return {name.removesuffix("!") for name in shape.fields}


NOT_DOCUMENTED = {"block_id", "alt_text", "type"}  # attributes that the SDK gives to every element or block


def sdk_elements() -> list[Any]:
    found: list[Any] = []
    pending = [InteractiveElement]
    while pending:
        for sub in pending.pop().__subclasses__():
            pending.append(sub)
            if getattr(sub, "type", None) in ELEMENTS and sub.type != "url":
                found.append(sub)
    return found


@pytest.mark.parametrize("model", sdk_elements(), ids=lambda model: str(model.__name__))
def test_every_field_of_the_sdks_elements_is_known(model: Any) -> None:
    """No attribute that an SDK element can send is refused as unknown."""
    instance = object.__new__(model)
    attributes = set(instance.attributes) - NOT_DOCUMENTED - {"confirm", "placeholder", "focus_on_load"}
    assert attributes <= fields(ELEMENTS[model.type])


@pytest.mark.parametrize(
    ("model", "name", "ours"),
    [
        (SectionBlock, "text_max_length", 3000),
        (HeaderBlock, "text_max_length", 150),
        (ButtonElement, "text_max_length", 75),
    ],
)
def test_limits_agree_with_the_sdk(model: Any, name: str, ours: int) -> None:
    """The limit that the SDK enforces is the limit that we enforce: the longest text passes, one more does not."""
    limit = getattr(model, name)
    kind = {"type": "plain_text"}

    def block(length: int) -> dict[str, Any]:
        text = {**kind, "text": "x" * length}
        if model is ButtonElement:
            return {"type": "actions", "elements": [{"type": "button", "text": text}]}
        return {"type": model.type, "text": text}

    assert limit == ours
    assert check_blocks([block(limit)]) == []
    assert check_blocks([block(limit + 1)]) != []


def test_every_block_of_the_sdk_is_known_or_refused_by_name() -> None:
    """A block of the SDK that the emulator does not show is refused as an unsupported type, never taken silently."""
    types = {sub.type for sub in Block.__subclasses__()}
    for name in types - set(BLOCKS):
        assert check_blocks([{"type": name}]) == [f"unsupported type: {name} [json-pointer:/blocks/0/type]"]
    assert {"section", "actions", "input", "table", "markdown", "rich_text"} <= types & set(BLOCKS)
