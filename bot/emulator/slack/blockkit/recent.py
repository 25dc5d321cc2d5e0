"""The blocks that Slack added in 2026: alerts, cards, containers, plans with their tasks, and data tables.

Sources: Slack's Block Kit reference and the models of slack_sdk 3.47. Importing this module adds them to ``BLOCKS``.
"""

from collections.abc import Mapping
from typing import Any

from bot.emulator.slack.blockkit.shapes import Bool, Int, ListOf, Report, Rule, Shape, Str, Text, Typed
from bot.emulator.slack.blockkit.spec import (
    BLOCK,
    BLOCKS,
    BUTTONS,
    CELLS,
    ELEMENTS,
    LINK,
    RICH_TEXT_VALUE,
    Fields,
    one_of_fields,
)

PICTURE = Typed(ELEMENTS, ("image",))
HEADER_CELLS = ("raw_text", "raw_number")
MOST_ROWS = 101  # with the header
INSIDE = tuple(BLOCKS)  # what a container may hold besides the blocks below


def same_lengths(value: Mapping[str, Any], path: str, report: Report) -> None:
    """Every row of a data table has as many cells as its header, and the header holds no rich text."""
    header = value["rows"][0]
    for index, cell in enumerate(header):
        if cell["type"] not in HEADER_CELLS:
            report.say(f"{path}/rows/0/{index}/type", f"unsupported type: {cell['type']}")
    for number, row in enumerate(value["rows"][1:], 1):
        if len(row) != len(header):
            report.say(f"{path}/rows/{number}", f"must have {len(header)} items")


def header_column(value: Mapping[str, Any], path: str, report: Report) -> None:
    index = value.get("row_header_column_index", 0)
    if index >= len(value["rows"][0]):
        report.say(f"{path}/row_header_column_index", f"must be less than {len(value['rows'][0])}")


def needs(name: str, other: str, expected: bool) -> Rule:
    """`name` may only be true where `other` is `expected`."""

    def rule(value: Mapping[str, Any], path: str, report: Report) -> None:
        if value.get(name) is True and value.get(other, False) is not expected:
            report.say(f"{path}/{name}", f"cannot be set when `{other}` is {str(not expected).lower()}")

    return rule


TASK: Fields = {
    **BLOCK,
    "task_id!": Str(),
    "title!": Str(),
    "status!": Str(one_of=("pending", "in_progress", "complete", "error")),
    "details": RICH_TEXT_VALUE,
    "output": RICH_TEXT_VALUE,
    "sources": ListOf(Typed({"url": Shape({"url!": LINK, "text!": Str()})}, ("url",)), min=0),
}

BLOCKS.update(
    {
        "alert": Shape(
            {
                **BLOCK,
                "text!": Text(3000, mrkdwn=True),
                "level": Str(one_of=("default", "info", "warning", "error", "success")),
            }
        ),
        "card": Shape(
            {
                **BLOCK,
                "hero_image": PICTURE,
                "icon": PICTURE,
                "title": Text(150, mrkdwn=True),
                "subtitle": Text(150, mrkdwn=True),
                "body": Text(200, mrkdwn=True),
                "actions": ListOf(Typed(ELEMENTS, BUTTONS), max=25),
            },
            rules=(one_of_fields("hero_image", "title", "actions", "body"),),
        ),
        "carousel": Shape({**BLOCK, "elements!": ListOf(Typed(BLOCKS, ("card",)), max=10)}),
        "container": Shape(
            {
                **BLOCK,
                "title": Text(150),
                "rich_text_title": RICH_TEXT_VALUE,
                "subtitle": Text(150, mrkdwn=True),
                "child_blocks!": ListOf(Typed(BLOCKS, (*INSIDE, "alert", "card", "carousel", "data_table")), max=10),
                "width": Str(one_of=("narrow", "standard", "wide", "full")),
                "icon": PICTURE,
                "is_collapsible": Bool(),
                "default_collapsed": Bool(),
                "has_header_divider": Bool(),
            },
            rules=(
                one_of_fields("title", "rich_text_title"),
                needs("default_collapsed", "is_collapsible", expected=True),
                needs("has_header_divider", "is_collapsible", expected=False),
            ),
        ),
        "task_card": Shape(TASK, surfaces=("message",)),
        "plan": Shape(
            {**BLOCK, "title!": Str(), "tasks": ListOf(Typed(BLOCKS, ("task_card",)), min=0)}, surfaces=("message",)
        ),
        "data_table": Shape(
            {
                **BLOCK,
                "caption!": Str(),
                "rows!": ListOf(ListOf(Typed(CELLS, tuple(CELLS)), max=20), max=MOST_ROWS, min=2),
                "page_size": Int(1, 100),
                "row_header_column_index": Int(0, 19),
            },
            rules=(same_lengths, header_column),
            surfaces=("message",),
        ),
    }
)
