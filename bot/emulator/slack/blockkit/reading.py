"""Blocks as a person reads them: as plain text, and whom they ping."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.emulator.slack.dates import format_date
from bot.emulator.slack.mrkdwn import (
    NOBODY,
    UTC,
    Mention,
    Mentions,
    Names,
    Reader,
    mention_name,
    mentions,
    render_plain,
    unescape,
)

Block = Mapping[str, Any]


def blocks_plain(
    blocks: list[dict[str, Any]],
    names: Names = NOBODY,
    zone: ZoneInfo = UTC,
    *,
    now: datetime | None = None,
) -> str:
    """Accepted blocks as lines of text; controls appear as ``[label]``, so that a test sees what can be pressed."""
    reader = Reader(names, zone, now)
    lines = (line for block in blocks for line in _block(block, reader))
    return "\n".join(line for line in lines if line)


def text_plain(text: Mapping[str, Any] | None, reader: Reader) -> str:
    """A text object (``plain_text`` or ``mrkdwn``) as read."""
    if text is None:
        return ""
    if text["type"] == "mrkdwn":
        verbatim = bool(text.get("verbatim"))
        return render_plain(text["text"], reader.names, reader.zone, now=reader.now, verbatim=verbatim)
    return unescape(str(text["text"]))


def _block(block: Block, reader: Reader) -> Iterator[str]:
    reads = READS.get(block["type"])
    return reads(block, reader) if reads else iter(())


def _header(block: Block, reader: Reader) -> Iterator[str]:
    yield text_plain(block["text"], reader)


def _row(block: Block, reader: Reader) -> Iterator[str]:
    yield " ".join(_element(item, reader) for item in block["elements"])


def _input(block: Block, reader: Reader) -> Iterator[str]:
    yield f"{text_plain(block['label'], reader)}: {_element(block['element'], reader)}"
    yield text_plain(block.get("hint"), reader)


def _picture(block: Block, reader: Reader) -> Iterator[str]:
    yield " ".join(part for part in (text_plain(block.get("title"), reader), f"[{block['alt_text']}]") if part)


def _markdown(block: Block, _reader: Reader) -> Iterator[str]:
    yield str(block["text"])


def _rich(block: Block, reader: Reader) -> Iterator[str]:
    yield rich_plain(block, reader)


def _divider(_block: Block, _reader: Reader) -> Iterator[str]:
    yield "———"


def _section(block: Block, reader: Reader) -> Iterator[str]:
    yield text_plain(block.get("text"), reader)
    yield from (text_plain(item, reader) for item in block.get("fields", []))
    if "accessory" in block:
        yield _element(block["accessory"], reader)


def _card(block: Block, reader: Reader) -> Iterator[str]:
    if "hero_image" in block:
        yield f"[{block['hero_image']['alt_text']}]"
    yield from (text_plain(block.get(name), reader) for name in ("title", "subtitle", "body"))
    yield " ".join(_element(item, reader) for item in block.get("actions", ()))


def _holder(block: Block, reader: Reader) -> Iterator[str]:
    """A container with its title, a carousel's cards, a plan's tasks."""
    title = block.get("title")
    if "rich_text_title" in block:
        yield rich_plain(block["rich_text_title"], reader)
    elif title:
        yield title if isinstance(title, str) else text_plain(title, reader)
    yield text_plain(block.get("subtitle"), reader)
    for name in ("child_blocks", "elements", "tasks"):
        for inner in block.get(name, ()):
            yield from _block(inner, reader)


def _task(block: Block, reader: Reader) -> Iterator[str]:
    yield f"[{block['status']}] {block['title']}"
    yield from (rich_plain(block[name], reader) for name in ("details", "output") if name in block)
    yield from (str(source["text"]) for source in block.get("sources", ()))


def _table(block: Block, reader: Reader) -> Iterator[str]:
    yield str(block.get("caption", ""))
    yield from (" | ".join(_cell(cell, reader) for cell in row) for row in block["rows"])


def _cell(cell: Block, reader: Reader) -> str:
    if cell["type"] == "rich_text":
        return rich_plain(cell, reader).replace("\n", " ")
    return str(cell["text"])


READS: dict[str, Callable[[Block, Reader], Iterator[str]]] = {
    "section": _section,
    "header": _header,
    "alert": _header,
    "context": _row,
    "actions": _row,
    "context_actions": _row,
    "input": _input,
    "image": _picture,
    "video": _picture,
    "markdown": _markdown,
    "rich_text": _rich,
    "divider": _divider,
    "table": _table,
    "data_table": _table,
    "card": _card,
    "container": _holder,
    "carousel": _holder,
    "plan": _holder,
    "task_card": _task,
}


def _element(element: Block, reader: Reader) -> str:
    match element["type"]:
        case "plain_text" | "mrkdwn":
            return text_plain(element, reader)
        case "image":
            return f"[{element['alt_text']}]"
        case "feedback_buttons":
            pair = (element["positive_button"], element["negative_button"])
            return " ".join(f"[{text_plain(one['text'], reader)}]" for one in pair)
        case _:
            return f"[{_label(element, reader)}]"


def _label(element: Block, reader: Reader) -> str:
    """What a control shows: its text, else what is chosen already, else its options, else its placeholder."""
    if "text" in element:
        return text_plain(element["text"], reader)
    chosen = element.get("initial_options") or ([element["initial_option"]] if "initial_option" in element else [])
    options = chosen or element.get("options", [])
    if options:
        return " / ".join(text_plain(item["text"], reader) for item in options)
    for name in ("initial_value", "initial_date", "initial_time"):
        if element.get(name):
            return str(element[name])
    return text_plain(element.get("placeholder"), reader) or str(element["type"])


def rich_plain(item: Block, reader: Reader) -> str:
    """A rich text block or element and all it holds as text."""
    parts = [rich_plain(part, reader) for part in item.get("elements", ())]
    match item["type"]:
        case "rich_text":
            return "\n".join(parts)
        case "rich_text_list":
            marks = [f"{n}." if item["style"] == "ordered" else "•" for n in range(1, len(parts) + 1)]
            indent = "  " * item.get("indent", 0)
            return "\n".join(f"{indent}{mark} {line}" for mark, line in zip(marks, parts, strict=True))
        case "rich_text_quote":
            return "> " + "".join(parts)
        case "rich_text_section" | "rich_text_preformatted":
            return "".join(parts)
        case _:
            return _rich_leaf(item, reader)


def _rich_leaf(item: Block, reader: Reader) -> str:
    match item["type"]:
        case "link":
            return str(item.get("text") or item["url"])
        case "user" | "channel" | "usergroup":
            kind = str(item["type"]).replace("usergroup", "group")
            return mention_name(Mention(kind, item[f"{item['type']}_id"]), reader.names)
        case "broadcast":
            return f"@{item['range']}"
        case "emoji":
            return f":{item['name']}:"
        case "date":
            shown = format_date(item["timestamp"], item["format"], reader.zone, reader.now)
            return shown or str(item.get("fallback", ""))
        case _:
            return str(item.get("text") or item.get("team_id") or item.get("value") or "")


def blocks_mentions(value: Any, names: Names = NOBODY) -> Mentions:
    """Whom blocks (or any part of them) ping: ``mrkdwn`` texts and rich text do, ``plain_text`` never does."""
    total = Mentions()
    if isinstance(value, list):
        for item in value:
            total |= blocks_mentions(item, names)
    elif isinstance(value, dict):
        match value:
            case {"type": "mrkdwn", "text": str(text)}:
                return mentions(text, verbatim=bool(value.get("verbatim")), names=names)
            case {"type": "markdown", "text": str(text)}:
                return mentions(text)
            case {"type": "user", "user_id": str(user)}:
                return Mentions(users=frozenset([user]))
            case {"type": "usergroup", "usergroup_id": str(group)}:
                return Mentions(groups=frozenset([group]))
            case {"type": "broadcast", "range": str(who)}:
                return Mentions(broadcast=frozenset([who]))
        for item in value.values():
            total |= blocks_mentions(item, names)
    return total
