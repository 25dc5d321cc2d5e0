"""Every block and element that slack_sdk has a class for, through the front door: messages, modals, home tabs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from acting import INES, Control
from slack_asking import error, person, refusal
from slack_sdk import WebClient
from slack_sdk.models import blocks as models
from slack_sdk.models.blocks import Block, PlainTextObject
from slack_sdk.models.blocks.block_elements import FileInputElement, InputInteractiveElement, WorkflowButtonElement
from slack_sdk.models.views import View

from bot.emulator.slack import triggers
from bot.emulator.workspace import Workspace

OPTIONS = [models.Option(value="s", label="Small"), models.Option(value="l", label="Large")]
PICTURE = models.ImageElement(image_url="https://fernhill.example/i.png", alt_text="chart")
BUTTON = models.ButtonElement(text="Select", action_id="select", value="r1", style="primary")
RICH = models.RichTextBlock(
    elements=[
        models.RichTextSectionElement(
            elements=[
                models.RichTextElementParts.Text(text="Plan", style=models.RichTextElementParts.TextStyle(bold=True)),
                models.RichTextElementParts.Link(url="https://fernhill.example", text="here"),
                models.RichTextElementParts.Emoji(name="wave"),
                models.RichTextElementParts.User(user_id="U1"),
                models.RichTextElementParts.Channel(channel_id="C1"),
                models.RichTextElementParts.UserGroup(usergroup_id="S1"),
                models.RichTextElementParts.Team(team_id="T1"),
                models.RichTextElementParts.Broadcast(range="here"),
                models.RichTextElementParts.Date(timestamp=1_800_000_000, format="{date}"),
                models.RichTextElementParts.Color(value="#ff0000"),
            ]
        ),
        models.RichTextListElement(
            style="ordered",
            elements=[models.RichTextSectionElement(elements=[models.RichTextElementParts.Text(text="one")])],
        ),
        models.RichTextQuoteElement(elements=[models.RichTextElementParts.Text(text="quoted")]),
        models.RichTextPreformattedElement(elements=[models.RichTextElementParts.Text(text="code")]),
    ]
)
CARD = models.CardBlock(title="Harborpine", subtitle="Trial", body="*Due* tomorrow", icon=PICTURE, actions=[BUTTON])
TASK = models.TaskCardBlock(
    task_id="t1",
    title="Copy the plan",
    status="complete",
    details=RICH,
    sources=[models.UrlSourceElement(url="https://fernhill.example", text="Template")],
)
TABLE = [
    [models.RawTextObject(text="Task"), models.RawTextObject(text="Days")],
    [RICH, models.RawNumberObject(value=2, text="2")],
]

SHOWN: list[Block] = [  # what messages show
    models.HeaderBlock(text="Harborpine"),
    models.DividerBlock(),
    models.SectionBlock(text="*Due*", fields=["*PM*", "Priya"], accessory=BUTTON, expand=True),
    models.ContextBlock(elements=[models.MarkdownTextObject(text="Fernhill"), PICTURE]),
    models.ImageBlock(image_url="https://fernhill.example/i.png", alt_text="chart", title="Progress"),
    RICH,
    models.VideoBlock(
        alt_text="walk",
        title="Walk",
        video_url="https://fernhill.example/v",
        thumbnail_url="https://fernhill.example/t",
    ),
    models.AlertBlock(text="Late", level="warning"),
    CARD,
    models.CarouselBlock(elements=[CARD]),
    models.ContainerBlock(title="Plan", child_blocks=[models.SectionBlock(text="Inside")], is_collapsible=True),
]
MESSAGES_ONLY: list[Block] = [
    models.MarkdownBlock(text="**Due** tomorrow"),
    models.TableBlock(
        rows=[[models.RawTextObject(text="a"), RICH]], column_settings=[models.TableBlockColumnSettings(align="right")]
    ),
    models.ContextActionsBlock(
        elements=[
            models.FeedbackButtonsElement(
                action_id="good",
                positive_button=models.FeedbackButtonObject(text="Good", value="yes"),
                negative_button=models.FeedbackButtonObject(text="Bad", value="no"),
            ),
            models.IconButtonElement(icon="trash", text="Delete", action_id="bin"),
        ]
    ),
    TASK,
    models.PlanBlock(title="Set-up", tasks=[TASK]),
]
REFUSED = {"file", "call", "auth_provider"}  # remote files, calls and account linking, which the emulator has not

INPUTS: list[InputInteractiveElement] = [
    models.PlainTextInputElement(action_id="a", multiline=True, min_length=1, max_length=80, placeholder="Name"),
    models.EmailInputElement(action_id="a", placeholder="Address"),
    models.UrlInputElement(action_id="a"),
    models.NumberInputElement(action_id="a", is_decimal_allowed=False, min_value="1", max_value="9"),
    models.RichTextInputElement(action_id="a", initial_value=RICH),
    FileInputElement(action_id="a", filetypes=["pdf"], max_files=2),
    models.CheckboxesElement(action_id="a", options=OPTIONS, initial_options=OPTIONS[:1]),
    models.RadioButtonsElement(action_id="a", options=OPTIONS, initial_option=OPTIONS[0]),
    models.DatePickerElement(action_id="a", initial_date="2026-12-01"),
    models.TimePickerElement(action_id="a", initial_time="09:30", timezone="Europe/Berlin"),
    models.DateTimePickerElement(action_id="a", initial_date_time=1_800_000_000),
    models.StaticSelectElement(action_id="a", options=OPTIONS, initial_option=OPTIONS[1], placeholder="Size"),
    models.StaticMultiSelectElement(action_id="a", option_groups=[models.OptionGroup(label="Sizes", options=OPTIONS)]),
    models.ExternalDataSelectElement(action_id="a", min_query_length=1, initial_option=OPTIONS[0]),
    models.ExternalDataMultiSelectElement(action_id="a", max_selected_items=2),
    models.UserSelectElement(action_id="a"),
    models.UserMultiSelectElement(action_id="a"),
    models.ConversationSelectElement(
        action_id="a", filter=models.ConversationFilter(include=["public"]), response_url_enabled=True
    ),
    models.ConversationMultiSelectElement(action_id="a", default_to_current_conversation=True),
    models.ChannelSelectElement(action_id="a"),
    models.ChannelMultiSelectElement(action_id="a"),
]
MODALS_ONLY = {"file_input", "conversations_select"}  # the latter for its response_url_enabled
PRESSED: list[Any] = [
    models.LinkButtonElement(text="Open", url="https://fernhill.example"),
    models.OverflowMenuElement(action_id="more", options=OPTIONS),
    WorkflowButtonElement(text="Run", action_id="run", workflow={"trigger": {"url": "https://fernhill.example/t"}}),
    models.ConfirmObject(title="Sure?", text="It sets up a project.", confirm="Yes", deny="No"),
]


def name_of(model: Any) -> str:
    return str(getattr(model, "type", None) or type(model).__name__)


def modal(*blocks: Block) -> View:
    """A modal with these blocks."""
    words = {name: PlainTextObject(text=name.title()) for name in ("title", "submit", "close")}
    return View(type="modal", callback_id="c", blocks=list(blocks), **words)


@pytest.fixture
def show(client: WebClient, workspace: Workspace, act: Callable[..., Any]) -> Callable[[Any], Any]:
    """Open a modal for Ines."""
    ines = person(workspace, "ines.duarte")
    return lambda view: client.views_open(trigger_id=act(triggers.issue, ines), view=view)["view"]


@pytest.mark.parametrize("block", [*SHOWN, *MESSAGES_ONLY], ids=name_of)
def test_a_block_is_posted_and_read(client: WebClient, workspace: Workspace, general: str, block: Block) -> None:
    """A valid model passes its own validation and ours, comes back whole, and a person reads it."""
    block.validate_json()
    posted = client.chat_postMessage(channel=general, text="fallback", blocks=[block])["message"]
    (kept,) = posted["blocks"]
    assert kept["block_id"]
    assert set(block.to_dict()) <= set(kept)
    assert Control(workspace).texts(INES, "general")[-1]


@pytest.mark.parametrize("block", SHOWN, ids=name_of)
def test_a_block_is_shown_in_modals_and_homes(
    client: WebClient, workspace: Workspace, show: Callable[[Any], Any], block: Block
) -> None:
    """What messages show, modals and home tabs show too."""
    assert len(show(modal(block))["blocks"]) == 1
    home = View(type="home", blocks=[block])
    assert client.views_publish(user_id=person(workspace, "ines.duarte"), view=home)["view"]["type"] == "home"


@pytest.mark.parametrize("block", MESSAGES_ONLY, ids=name_of)
def test_what_only_messages_have_is_refused_elsewhere(show: Callable[[Any], Any], block: Block) -> None:
    """The refusal names the block's type."""
    said = refusal(show, view=modal(block))
    assert said["error"] == "invalid_arguments"
    assert f"unsupported type: {block.type}" in said["response_metadata"]["messages"][0]


@pytest.mark.parametrize("element", INPUTS, ids=name_of)
def test_an_input_is_opened_in_a_modal(show: Callable[[Any], Any], element: InputInteractiveElement) -> None:
    """Every element that may stand in an input block opens, with its action_id."""
    element.validate_json()
    (block,) = show(modal(models.InputBlock(label="What", element=element, hint="h", optional=True)))["blocks"]
    assert (block["element"]["type"], block["element"]["action_id"]) == (element.type, "a")


@pytest.mark.parametrize("element", [*INPUTS[6:], *PRESSED[:3]], ids=name_of)
def test_a_control_is_posted_in_a_message(client: WebClient, general: str, element: Any) -> None:
    """Menus, pickers and buttons stand in an actions block; what only modals have is refused there."""
    blocks = [models.ActionsBlock(elements=[element])]
    if element.type in MODALS_ONLY:
        assert error(client.chat_postMessage, channel=general, text="x", blocks=blocks) == "invalid_blocks"
        return
    assert client.chat_postMessage(channel=general, text="x", blocks=blocks)["ok"] is True


def test_a_confirmation_is_kept(client: WebClient, general: str) -> None:
    """A button may ask before it acts."""
    button = models.ButtonElement(text="Go", action_id="go", confirm=PRESSED[3], style="danger")
    posted = client.chat_postMessage(channel=general, text="x", blocks=[models.ActionsBlock(elements=[button])])
    assert posted["message"]["blocks"][0]["elements"][0]["confirm"]["deny"]["text"] == "No"


def test_no_block_of_the_sdk_is_left_out() -> None:
    """Every class of a block is above, or is one that the emulator refuses by name."""
    tried = {block.type for block in (*SHOWN, *MESSAGES_ONLY)} | {"input", "actions"}
    assert {model.type for model in Block.__subclasses__()} - tried == REFUSED


def test_no_element_of_the_sdk_is_left_out() -> None:
    """Every class of an input element is above."""
    pending, found = [InputInteractiveElement], set()
    while pending:
        for model in pending.pop().__subclasses__():
            pending.append(model)
            found.add(model.type)
    assert found <= {element.type for element in INPUTS}


def test_a_data_table(client: WebClient, workspace: Workspace, general: str) -> None:
    """A data table has a caption, a header without rich text, and rows of one length."""
    rows = [[cell.to_dict() for cell in row] for row in TABLE[:1]]
    body = [{"type": "raw_text", "text": "Copy"}, {"type": "raw_number", "value": 2, "text": "2"}]
    table = {"type": "data_table", "caption": "Tasks", "rows": [*rows, body], "page_size": 10}
    client.chat_postMessage(channel=general, text="x", blocks=[table])
    assert Control(workspace).texts(INES, "general")[-1] == "Tasks\nTask | Days\nCopy | 2"
    wrong = [
        ({**table, "rows": rows}, "at least 2 items"),
        ({**table, "rows": [*rows, body[:1]]}, "must have 2 items"),
        ({**table, "rows": [[RICH.to_dict()], body[:1]]}, "unsupported type: rich_text"),
        ({**table, "page_size": 101}, "less than 101"),
        ({**table, "row_header_column_index": 2}, "less than 2"),
        ({key: value for key, value in table.items() if key != "caption"}, "missing required field: caption"),
        ({**table, "rows": [*rows, *([body] * 101)]}, "no more than 101 items"),
    ]
    for block, word in wrong:
        said = refusal(client.chat_postMessage, channel=general, text="x", blocks=[block])
        assert word in "; ".join(said["response_metadata"]["messages"])


@pytest.mark.parametrize(
    ("block", "word"),
    [
        ({"type": "alert", "text": {"type": "plain_text", "text": "x"}, "level": "loud"}, "must be one of"),
        ({"type": "card", "subtitle": {"type": "plain_text", "text": "x"}}, "must define either"),
        ({"type": "carousel", "elements": []}, "at least 1"),
        ({"type": "carousel", "elements": [{"type": "divider"}]}, "unsupported type: divider"),
        ({"type": "container", "child_blocks": [{"type": "divider"}]}, "must define either"),
        ({"type": "plan", "title": "x", "tasks": [{"type": "task_card", "task_id": "1", "title": "x"}]}, "status"),
    ],
)
def test_bad_recent_blocks_are_refused(client: WebClient, general: str, block: dict[str, Any], word: str) -> None:
    """The rules of the blocks of 2026 are checked like all others."""
    said = refusal(client.chat_postMessage, channel=general, text="x", blocks=[block])
    assert said["error"] == "invalid_blocks"
    assert word in "; ".join(said["response_metadata"]["messages"])
