"""Block Kit checked as Slack checks it, and read as a person reads it.

``check_blocks``, ``check_view`` and ``check_metadata`` answer with problems in Slack's words, each with a JSON
pointer ("must be more than 0 characters [json-pointer:/blocks/0/text/text]"); an empty list means accepted.
Slack repeats them in ``errors`` as they are and in ``response_metadata.messages`` with "[ERROR] " before each.
"""

import json
from collections.abc import Iterator
from typing import Any, Literal

from bot.emulator.slack.blockkit.reading import blocks_mentions, blocks_plain
from bot.emulator.slack.blockkit.shapes import ListOf, Report, Typed
from bot.emulator.slack.blockkit.spec import BLOCKS, OPTION
from bot.emulator.slack.blockkit.surfaces import VIEWS

Surface = Literal["message", "modal", "home"]

VIEW_MAX_BYTES = 250_000  # more is `view_too_large`
METADATA_MAX_BYTES = 8_000  # more is `metadata_too_large`; Slack does not publish its limit, this is a cautious one
MARKDOWN_MAX = 12_000
HOLDS = {"container": "child_blocks", "carousel": "elements", "plan": "tasks"}  # blocks that hold blocks, and where
SECOND_TABLE = "only_one_table_allowed"

__all__ = [
    "HOLDS",
    "METADATA_MAX_BYTES",
    "SECOND_TABLE",
    "VIEW_MAX_BYTES",
    "Surface",
    "blocks_mentions",
    "blocks_plain",
    "check_blocks",
    "check_metadata",
    "check_options",
    "check_view",
    "flat",
    "size",
]


def check_blocks(blocks: Any, surface: Surface = "message") -> list[str]:
    """Problems of a list of blocks that is to be shown on ``surface``; paths start at ``/blocks``."""
    report = Report(surface)
    limit = 50 if surface == "message" else 100
    ListOf(Typed(BLOCKS, tuple(BLOCKS)), max=limit, min=0).check(blocks, "/blocks", report)
    _across(blocks, "/blocks", report)
    return report.problems


def check_view(view: Any) -> list[str]:
    """Problems of a modal or a home tab as given to ``views.*``; paths start at ``/view``."""
    surface = view.get("type") if isinstance(view, dict) else None
    report = Report(surface if surface in VIEWS else "modal")
    Typed(VIEWS, tuple(VIEWS)).check(view, "/view", report)
    if isinstance(view, dict):
        _across(view.get("blocks"), "/view/blocks", report)
        _needs_submit(view, report)
    return report.problems


def check_metadata(metadata: Any) -> list[str]:
    """Problems of message metadata, ``{"event_type": …, "event_payload": {…}}``; the caller compares its ``size``."""
    report = Report("message")
    if not isinstance(metadata, dict):
        report.say("/metadata", "must provide an object")
        return report.problems
    for name, kind, words in (("event_type", str, "a string"), ("event_payload", dict, "an object")):
        if name not in metadata:
            report.say("/metadata", f"missing required field: {name}")
        elif not isinstance(metadata[name], kind):
            report.say(f"/metadata/{name}", f"must provide {words}")
    for name in metadata.keys() - {"event_type", "event_payload", "entities"}:
        report.say("/metadata", f"invalid additional property: {name}")
    return report.problems


def check_options(options: Any) -> list[str]:
    """Problems of the options with which an app answers a block_suggestion."""
    report = Report("message")
    ListOf(OPTION, max=100, min=0).check(options, "/options", report)
    return report.problems


def flat(blocks: Any) -> Iterator[dict[str, Any]]:
    """Every block, those inside of containers, carousels and plans too."""
    for block in blocks if isinstance(blocks, list) else ():
        if isinstance(block, dict):
            yield block
            yield from flat(block.get(HOLDS.get(str(block.get("type")), "")))


def size(value: Any) -> int:
    """How many bytes a view or metadata takes on the wire."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _across(blocks: Any, path: str, report: Report) -> None:
    """What concerns several blocks at once: ids, focus, tables, the sum of Markdown."""
    if not isinstance(blocks, list):
        return
    _distinct_block_ids(blocks, path, report)
    for place in report.focused[1:]:
        report.say(place, "only one element can set `focus_on_load`")
    tables = [n for n, block in enumerate(blocks) if _kind(block) == "table"]
    for index in tables[1:]:
        report.say(f"{path}/{index}", SECOND_TABLE)
    lengths = [
        len(block["text"]) for block in blocks if _kind(block) == "markdown" and isinstance(block.get("text"), str)
    ]
    if len(lengths) > 1 and sum(lengths) > MARKDOWN_MAX:
        report.say(path, f"markdown text must be less than {MARKDOWN_MAX + 1} characters in total")


def _kind(block: Any) -> Any:
    return block.get("type") if isinstance(block, dict) else None


def _distinct_block_ids(blocks: list[Any], path: str, report: Report) -> None:
    seen: set[str] = set()
    for index, outer in enumerate(blocks):
        for block in flat([outer]):
            block_id = block.get("block_id")
            if not isinstance(block_id, str) or _kind(block) == "markdown":  # Slack ignores a markdown block's id
                continue
            if block_id in seen:
                report.say(f"{path}/{index}/block_id", f'`block_id` "{block_id}" already exists')
            seen.add(block_id)


def _needs_submit(view: dict[str, Any], report: Report) -> None:
    blocks = view.get("blocks")
    if view.get("type") != "modal" or "submit" in view or not isinstance(blocks, list):
        return
    for index, block in enumerate(blocks):
        if _kind(block) == "input":
            report.say(f"/view/blocks/{index}/input", "must define `submit` to use an `input` block in modals")
