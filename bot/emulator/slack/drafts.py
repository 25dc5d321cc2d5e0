"""What an app may say: reads text, blocks, attachments and metadata of a call and refuses what Slack refuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.emulator.slack import blockkit, rewriting
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.gateway import SlackCall

Row = dict[str, Any]

MOST_TEXT = 40_000
MOST_MARKDOWN = 12_000
MOST_ATTACHMENTS = 100


@dataclass
class Draft:
    """The content of a message, checked and as Slack stores it; None means the argument was not given."""

    text: str | None = None
    blocks: list[Row] | None = None
    attachments: list[Row] | None = None
    metadata: Row | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.blocks or self.attachments)

    def shown_blocks(self) -> list[Row]:
        """The blocks given, or the rich text Slack makes of the text."""
        return self.blocks if self.blocks is not None else rewriting.rich_text(self.text or "")


def read(call: SlackCall, most_text: int | None = None) -> Draft:
    """The draft of a call. Text longer than `most_text` is msg_too_long; without that limit it is cut at 40,000."""
    draft = Draft(metadata=_metadata(call))
    if call.given("markdown_text"):
        return _markdown(call, draft)
    if call.given("text"):
        draft.text = _text(call, draft, most_text)
    draft.blocks = _blocks(call)
    draft.attachments = _attachments(call)
    return draft


def _text(call: SlackCall, draft: Draft, most: int | None) -> str:
    text = call.text("text")
    if most is not None and len(text) > most:
        raise SlackError("msg_too_long")
    if len(text) > MOST_TEXT:
        draft.warnings.append("message_truncated")
        text = text[:MOST_TEXT]
    return rewriting.stored_text(call.workspace, text, call.flag("link_names"), call.text("parse"))


def _markdown(call: SlackCall, draft: Draft) -> Draft:
    if call.given("text") or call.given("blocks"):
        raise SlackError("markdown_text_conflict")
    text = call.text("markdown_text")
    if len(text) > MOST_MARKDOWN:
        raise SlackError("msg_too_long")
    draft.text = rewriting.escape(text)
    draft.blocks = [{"type": "markdown", "block_id": rewriting.block_id(), "text": text}] if text else None
    return draft


def _blocks(call: SlackCall) -> list[Row] | None:
    if not call.given("blocks"):
        return None
    blocks = call.structure("blocks", "invalid_blocks_format")
    if blocks is None:
        return []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    problems = blockkit.check_blocks(blocks, "message")
    refuse(problems, "invalid_attachments" if _only_tables(problems) else "invalid_blocks")
    return rewriting.filled(blocks)


def _only_tables(problems: list[str]) -> bool:
    """Whether nothing is wrong but a second table, which Slack calls a wrong attachment."""
    return bool(problems) and all(line.startswith(blockkit.SECOND_TABLE) for line in problems)


def refuse(problems: list[str], error: str) -> None:
    """Raise a Block Kit refusal with its messages, if there are any."""
    if problems:
        said = {"messages": [f"[ERROR] {line}" for line in problems]}
        raise SlackError(error, errors=problems, response_metadata=said)


def _attachments(call: SlackCall) -> list[Row] | None:
    if not call.given("attachments"):
        return None
    given = call.structure("attachments", "invalid_attachments")
    if not isinstance(given or [], list) or not all(isinstance(item, dict) for item in given or []):
        raise SlackError("invalid_attachments")
    if len(given or []) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    return [attachment(number, item) for number, item in enumerate(given or [], 1)]


def attachment(number: int, item: Row) -> Row:
    """An attachment as Slack keeps it, its blocks checked."""
    answer = {**item, "id": number, "fallback": item.get("fallback") or item.get("text") or "[no preview available]"}
    if "blocks" in item:
        refuse(blockkit.check_blocks(item["blocks"], "message"), "invalid_attachments")
        answer["blocks"] = rewriting.filled(item["blocks"])
    return answer


def _metadata(call: SlackCall) -> Row | None:
    """None when not given, {} when given empty (which removes it on an update)."""
    if not call.given("metadata"):
        return None
    metadata = call.structure("metadata", "invalid_metadata_format")
    if not metadata:
        return {}
    problems = [] if _is_entities(metadata) else blockkit.check_metadata(metadata)
    if problems:
        error = "invalid_metadata_schema" if isinstance(metadata, dict) else "invalid_metadata_format"
        raise SlackError(error, response_metadata={"messages": [f"[ERROR] {line}" for line in problems]})
    if blockkit.size(metadata) > blockkit.METADATA_MAX_BYTES:
        raise SlackError("metadata_too_large")
    return dict(metadata)


def _is_entities(metadata: Any) -> bool:
    """Metadata that only describes Work Objects needs no event_type; the emulator keeps it as it is."""
    return isinstance(metadata, dict) and bool(metadata.get("entities")) and not metadata.get("event_type")
