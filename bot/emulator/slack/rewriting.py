"""What Slack does to text on its way in: escapes, links, names, and the rich text it makes of what people type."""

from __future__ import annotations

import re
import secrets
import string
from typing import TYPE_CHECKING, Any

from bot.emulator.slack import persons
from bot.emulator.slack.blockkit import HOLDS
from bot.emulator.slack.emoji import EMOJI

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

CONTROL = re.compile(r"<(?:[@#!][^<>\n]+|(?:https?|mailto|tel|ftp|slack)[:/][^<>\n]+)>")
PERSON = re.compile(r"<@([UW][A-Z0-9]+)>")
BARE_URL = re.compile(r"(?<![\w/@|<])https?://[^\s<>|]+")
TRAILING = ".,;:!?)]}'\""
CODES = {picture: code for code, picture in reversed(EMOJI.items())}
PICTURES = re.compile("|".join(re.escape(picture) for picture in sorted(CODES, key=len, reverse=True)))
BROADCASTS = ("here", "channel", "everyone")
STYLES = {"*": "bold", "_": "italic", "~": "strike", "`": "code"}
STYLED = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)(.+?)(?<=\S)\1(?![\w*_~`])")
TOKEN = re.compile(rf"<([^<>\n]+)>|:({'|'.join(re.escape(code) for code in EMOJI)}):")


def block_id() -> str:
    """Five random characters, as Slack names a block nobody named."""
    return "".join(secrets.choice(string.ascii_letters + string.digits + "+/") for _ in range(5))


def stored_text(workspace: Workspace, text: str, link_names: bool = False, parse: str = "") -> str:
    """Text sent by an app as Slack keeps it: stray `&<>` escaped, bare URLs in brackets, names only when asked."""

    def plain(piece: str) -> str:
        piece = escape(piece)
        if link_names or parse == "full":
            piece = _link_names(workspace, piece, everything=parse == "full")
        return coded(piece) if parse == "none" else _link_urls(coded(piece))

    return _outside_control(text, plain)


def typed_text(workspace: Workspace, text: str) -> str:
    """Text a person types: nothing of it is control syntax but what names a person or a channel by id."""
    known = re.compile(r"<(?:@[UW]|#C)[A-Z0-9]+(?:\|[^<>\n]*)?>")
    pieces, at = [], 0
    for found in known.finditer(text):
        pieces.append(_typed_piece(workspace, text[at : found.start()]) + found.group())
        at = found.end()
    return "".join(pieces) + _typed_piece(workspace, text[at:])


def _typed_piece(workspace: Workspace, text: str) -> str:
    return _link_urls(_link_names(workspace, coded(escape(text)), everything=True))


def named(workspace: Workspace, text: str) -> str:
    """Text of a slash command whose manifest asks to escape it: people and channels in Slack's notation, with names."""
    linked = _link_people_and_channels(workspace, text)
    people = workspace.people()

    def shown(found: re.Match[str]) -> str:
        person = people.get(found[1])
        return f"<@{found[1]}|{persons.handle(person)}>" if person else found[0]

    return PERSON.sub(shown, linked)


def coded(text: str) -> str:
    """Emoji written as `:codes:`, as Slack keeps them; those without a code known here stay as they are."""
    return PICTURES.sub(lambda found: f":{CODES[found.group()]}:", text)


def escape(text: str) -> str:
    """Escape `&`, `<` and `>`; entities already written stay."""
    text = re.sub(r"&(?!amp;|lt;|gt;)", "&amp;", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")


def _outside_control(text: str, change: Any) -> str:
    pieces, at = [], 0
    for found in CONTROL.finditer(text):
        pieces.append(change(text[at : found.start()]) + found.group())
        at = found.end()
    return "".join(pieces) + str(change(text[at:]))


def _link_urls(text: str) -> str:
    def link(found: re.Match[str]) -> str:
        url = found.group()
        end = url.rstrip(TRAILING)
        return f"<{end}>{url[len(end) :]}"

    return BARE_URL.sub(link, text)


def _link_names(workspace: Workspace, text: str, everything: bool) -> str:
    """`@here`, `@group-handle`, and with `everything` `@person` and `#channel`, in Slack's notation."""
    text = re.sub(r"(?<![\w@])@(here|channel|everyone)\b", r"<!\1>", text)
    for group in workspace.shelf.collection("groups").values():
        text = re.sub(rf"(?<![\w@])@{re.escape(group['handle'])}(?![\w-])", f"<!subteam^{group['id']}>", text)
    return _link_people_and_channels(workspace, text) if everything else text


def _link_people_and_channels(workspace: Workspace, text: str) -> str:
    if "@" in text:
        for person in workspace.people().values():
            for name in {person["email"].split("@")[0], person["name"]} - {""}:
                text = re.sub(rf"(?<![\w@])@{re.escape(name)}(?![\w.-]*\w)", f"<@{person['id']}>", text)
    if "#" in text:
        for channel in workspace.shelf.collection("channels").values():
            if channel["name"] and not channel["is_private"] and not channel["is_mpim"]:
                target = f"<#{channel['id']}|{channel['name']}>"
                text = re.sub(rf"(?<![\w#&])#{re.escape(channel['name'])}(?![\w-])", target, text)
    return text


def rich_text(stored: str) -> list[dict[str, Any]]:
    """The rich_text block Slack keeps beside typed text; nothing for blank text."""
    if not stored.strip():
        return []
    pieces = stored.split("```")
    elements: list[dict[str, Any]] = []
    for index, piece in enumerate(pieces):
        if index % 2 and index < len(pieces) - 1:
            code = [{"type": "text", "text": unescape(piece.strip("\n"))}]
            elements.append({"type": "rich_text_preformatted", "elements": code, "border": 0})
        elif piece.strip():
            elements.extend(_lines(piece))
    return [{"type": "rich_text", "block_id": block_id(), "elements": elements}]


def _lines(text: str) -> list[dict[str, Any]]:
    """Sections, with runs of bullet lines and of quoted lines kept apart."""
    groups: list[tuple[str, list[str]]] = []
    for line in text.strip("\n").split("\n"):
        kind = "list" if line.startswith("• ") else "quote" if line.startswith("&gt; ") else "section"
        body = line[2:] if kind == "list" else line[5:] if kind == "quote" else line
        if groups and groups[-1][0] == kind:
            groups[-1][1].append(body)
        else:
            groups.append((kind, [body]))
    return [_group(kind, lines) for kind, lines in groups]


def _group(kind: str, lines: list[str]) -> dict[str, Any]:
    if kind == "list":
        items = [{"type": "rich_text_section", "elements": _inline(line)} for line in lines]
        return {"type": "rich_text_list", "style": "bullet", "indent": 0, "border": 0, "elements": items}
    return {"type": f"rich_text_{kind}", "elements": _inline("\n".join(lines))}


def _inline(text: str, style: dict[str, bool] | None = None) -> list[dict[str, Any]]:
    """Styled runs, then mentions, links and emoji inside them."""
    found: list[dict[str, Any]] = []
    at = 0
    for match in STYLED.finditer(text):
        found += _tokens(text[at : match.start()], style)
        inner = {**(style or {}), STYLES[match.group(1)]: True}
        found += _tokens(match.group(2), inner) if match.group(1) == "`" else _inline(match.group(2), inner)
        at = match.end()
    return found + _tokens(text[at:], style)


def _tokens(text: str, style: dict[str, bool] | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    at = 0
    for match in TOKEN.finditer(text):
        if match.start() > at:
            found.append({"type": "text", "text": unescape(text[at : match.start()])})
        found.append(_control(match.group(1)) if match.group(1) else {"type": "emoji", "name": match.group(2)})
        at = match.end()
    if at < len(text):
        found.append({"type": "text", "text": unescape(text[at:])})
    return [{**item, "style": style} for item in found] if style else found


def _control(inside: str) -> dict[str, Any]:
    body, _, label = inside.partition("|")
    if body.startswith("@"):
        return {"type": "user", "user_id": body[1:]}
    if body.startswith("#"):
        return {"type": "channel", "channel_id": body[1:]}
    if body.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": body.removeprefix("!subteam^")}
    if body[1:] in BROADCASTS and body.startswith("!"):
        return {"type": "broadcast", "range": body[1:]}
    if body.startswith("!date^"):
        stamp, _, shape = body.removeprefix("!date^").partition("^")
        moment = int(stamp) if re.fullmatch(r"[0-9]{1,12}", stamp) else 0
        return {"type": "date", "timestamp": moment, "format": shape, "fallback": unescape(label)}
    return {"type": "link", "url": unescape(body), **({"text": unescape(label)} if label else {})}


def unescape(text: str) -> str:
    """The three entities back to the characters they stand for."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def filled(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Blocks as Slack gives them back: every block and element named, `emoji` and `verbatim` written out.

    Used for messages and for views alike; the caller has had them checked.
    """
    return [_filled(block, top=True) for block in blocks]


def _filled(value: Any, top: bool = False) -> Any:
    if isinstance(value, list):
        return [_filled(item) for item in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("type")
    inner = HOLDS.get(str(kind)) if top else None
    answer = {key: filled(item) if key == inner else _filled(item) for key, item in value.items()}
    if kind == "plain_text" and isinstance(answer.get("text"), str):
        answer.setdefault("emoji", True)
    elif kind == "mrkdwn" and isinstance(answer.get("text"), str):
        answer.setdefault("verbatim", False)
    elif kind in ACTIVE and not top:
        answer.setdefault("action_id", block_id())
    if top and kind == "markdown":  # Slack ignores the id that such a block came with
        answer["block_id"] = block_id()
    elif top:
        answer.setdefault("block_id", block_id())
    return answer


ACTIVE = frozenset(
    {
        "button", "checkboxes", "radio_buttons", "overflow", "datepicker", "datetimepicker", "timepicker",
        "plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input",
        "static_select", "external_select", "users_select", "conversations_select", "channels_select",
        "multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select",
        "multi_channels_select", "workflow_button",
    }
)  # fmt: skip
