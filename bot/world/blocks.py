"""Slack messages and forms as values; the one boundary where text is escaped for Slack.

Words of people enter through `md(template, name=value)`, which escapes every value that is not markup already, or
through plain_text places, which Slack never interprets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]

_TEXT_LIMIT, _FIELD_LIMIT = 3000, 2000
_CUT = "…"


class Markup(str):
    """Slack markup that may be sent as it stands."""


def escape(text: object) -> Markup:
    """Any words as markup: nothing in them can ping, link or format a channel."""
    return Markup(str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def md(template: str, /, **values: object) -> Markup:
    """Fill a template of ours; every value is escaped unless it is Markup."""
    safe = {name: value if isinstance(value, Markup) else escape(value) for name, value in values.items()}
    return Markup(template.format(**safe))


def one_line(text: object, limit: int = _TEXT_LIMIT) -> str:
    """Words of a cell on one line, cut to a length; not escaped yet."""
    return _cut(" ".join(str(text).split()), limit)


def lines(parts: Iterable[Markup]) -> Markup:
    """Join markup line by line."""
    return Markup("\n".join(parts))


def joined(parts: Iterable[Markup]) -> Markup:
    """Join markup on one line."""
    return Markup("  ·  ".join(parts))


def link(url: str, label: object) -> Markup:
    """A link with words; an address that could break out of the link is shown as words only."""
    words = Markup(escape(one_line(label)).replace("|", "¦"))
    return words if any(mark in url for mark in "<>| \n") else Markup(f"<{url}|{words}>")


def mention(user_id: str) -> Markup:
    """A person, notified."""
    return Markup(f"<@{user_id}>")


def channel_link(channel_id: str) -> Markup:
    """A channel's name, linked."""
    return Markup(f"<#{channel_id}>")


@dataclass(frozen=True)
class Message:
    """What is posted: `text` for notifications and screen readers, blocks for the eye."""

    text: str
    blocks: tuple[Block, ...] = ()


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + _CUT


def plain(text: object, limit: int = 75) -> dict[str, Any]:
    """A plain_text object; never interpreted."""
    return {"type": "plain_text", "text": _cut(str(text), limit), "emoji": True}


def _mrkdwn(text: Markup, limit: int = _TEXT_LIMIT) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": _cut(text, limit), "verbatim": True}


def header(text: object) -> Block:
    """A title line."""
    return {"type": "header", "text": plain(text, 150)}


def section(text: Markup, block_id: str | None = None, accessory: Block | None = None) -> Block:
    """A paragraph, perhaps with a button at its side."""
    block: Block = {"type": "section", "text": _mrkdwn(text)}
    return block | ({"block_id": block_id} if block_id else {}) | ({"accessory": accessory} if accessory else {})


def fields(pairs: Sequence[tuple[str, object]]) -> Block:
    """Up to ten label and value pairs in two columns."""
    texts = [_mrkdwn(md("*{label}*\n{value}", label=label, value=value), _FIELD_LIMIT) for label, value in pairs[:10]]
    return {"type": "section", "fields": texts}


def context(text: Markup) -> Block:
    """A small grey line."""
    return {"type": "context", "elements": [_mrkdwn(text)]}


def divider() -> Block:
    """A thin line."""
    return {"type": "divider"}


def button(label: str, action_id: str, value: str, style: str | None = None) -> Block:
    """A button; its value carries keys only, never a role or a right."""
    element: Block = {"type": "button", "text": plain(label), "action_id": action_id, "value": value}
    return element | ({"style": style} if style else {})


def actions(*elements: Block, block_id: str | None = None) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(elements)} | ({"block_id": block_id} if block_id else {})


def _input(block_id: str, label: str, element: Block, optional: bool, hint: str | None) -> Block:
    block: Block = {"type": "input", "block_id": block_id, "label": plain(label, 2000), "optional": optional}
    return block | {"element": {"action_id": "value", **element}} | ({"hint": plain(hint, 2000)} if hint else {})


def text_input(
    block_id: str,
    label: str,
    *,
    initial: str = "",
    optional: bool = False,
    hint: str | None = None,
    multiline: bool = False,
    max_length: int = 3000,
) -> Block:
    """A field for words."""
    element: Block = {"type": "plain_text_input", "multiline": multiline, "max_length": max_length}
    given = {"initial_value": _cut(initial, max_length)} if initial else {}
    return _input(block_id, label, element | given, optional, hint)


def menu(action_id: str, options: Sequence[tuple[str, str]], *, initial: str = "", placeholder: str = "") -> Block:
    """A menu beside words, of labels and values; what is chosen is told at once."""
    choices = [{"text": plain(label), "value": value} for label, value in options]
    chosen = [choice for choice in choices if choice["value"] == initial][:1]
    element: Block = {"type": "static_select", "action_id": action_id, "options": choices}
    element |= {"placeholder": plain(placeholder, 150)} if placeholder else {}
    return element | ({"initial_option": chosen[0]} if chosen else {})


def tick_input(block_id: str, label: str, words: str, *, is_ticked: bool = False, hint: str | None = None) -> Block:
    """One box to tick; its value is "yes"."""
    choice = {"text": plain(words), "value": "yes"}
    element: Block = {"type": "checkboxes", "options": [choice]}
    return _input(block_id, label, element | ({"initial_options": [choice]} if is_ticked else {}), True, hint)


def dispatching(block: Block, action_id: str) -> Block:
    """A form's field that tells at once what was chosen in it."""
    return block | {"dispatch_action": True, "element": {**block["element"], "action_id": action_id}}


def select_input(
    block_id: str,
    label: str,
    options: Sequence[str],
    *,
    initial: str | None = None,
    optional: bool = False,
    hint: str | None = None,
) -> Block:
    """A menu; the option's words are its value."""
    choices = [{"text": plain(option), "value": option} for option in options]
    element: Block = {"type": "static_select", "options": choices}
    if initial in options:
        element["initial_option"] = {"text": plain(initial), "value": initial}
    return _input(block_id, label, element, optional, hint)


def date_input(
    block_id: str, label: str, *, initial: str = "", optional: bool = False, hint: str | None = None
) -> Block:
    """A date picker; its value is an ISO date."""
    element: Block = {"type": "datepicker"}
    return _input(block_id, label, element | ({"initial_date": initial} if initial else {}), optional, hint)


def person_input(
    block_id: str, label: str, *, initial: str | None = None, optional: bool = False, hint: str | None = None
) -> Block:
    """A person picker; its value is a Slack user ID."""
    element: Block = {"type": "users_select"}
    return _input(block_id, label, element | ({"initial_user": initial} if initial else {}), optional, hint)


def modal(callback_id: str, title: str, submit: str | None, blocks: Sequence[Block], memo: str = "") -> dict[str, Any]:
    """A form. `memo` comes back with the submission; it is readable by the person and carries keys only."""
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "close": plain("Cancel" if submit else "Close", 24),
        "blocks": list(blocks),
        "private_metadata": memo,
    }
    return view | ({"submit": plain(submit, 24)} if submit else {})
