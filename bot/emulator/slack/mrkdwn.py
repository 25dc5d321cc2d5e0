"""Slack's message markup: parsed once, then read as plain text or safe HTML, or asked whom it pings.

On the wire only ``&``, ``<`` and ``>`` are escaped, and everything in ``<…>`` is control syntax, whoever typed it:
unescaped text of a user that holds ``<!channel>`` pings the channel. Control syntax is read first, also inside code,
then emphasis.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape as html_escape
from zoneinfo import ZoneInfo

from bot.emulator.slack.dates import format_date
from bot.emulator.slack.emoji import with_emoji

BROADCASTS = ("here", "channel", "everyone")


@dataclass(frozen=True)
class Names:
    """Who is behind the ids, as shown: user id → display name, channel id → name, user group id → handle."""

    users: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)


NOBODY = Names()
UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Reader:
    """For whom a text is read: the names they see, their zone, and their present moment (for "today" in dates)."""

    names: Names = NOBODY
    zone: ZoneInfo = UTC
    now: datetime | None = None


# ---------------------------------------------------------------------------------------------------------- the tree


@dataclass(frozen=True)
class Plain:
    text: str


@dataclass(frozen=True)
class Styled:
    """``style`` is one of bold, italic, strike, code, pre, quote."""

    style: str
    children: tuple["Node", ...]


@dataclass(frozen=True)
class Mention:
    """``kind`` is user, channel or group; ``label`` is the fallback written in the text, if any."""

    kind: str
    id: str
    label: str = ""


@dataclass(frozen=True)
class Broadcast:
    range: str


@dataclass(frozen=True)
class Moment:
    timestamp: int
    format: str
    link: str
    fallback: str


@dataclass(frozen=True)
class Link:
    url: str
    label: str


Node = Plain | Styled | Mention | Broadcast | Moment | Link


@dataclass(frozen=True)
class Mentions:
    """Whom a text pings. ``broadcast`` holds here, channel or everyone."""

    users: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    broadcast: frozenset[str] = frozenset()

    def __or__(self, other: "Mentions") -> "Mentions":
        return Mentions(self.users | other.users, self.groups | other.groups, self.broadcast | other.broadcast)

    def __bool__(self) -> bool:
        return bool(self.users or self.groups or self.broadcast)


# ------------------------------------------------------------------------------------------------------------ parsing

_CONTROL = re.compile(r"<([^<>\n]+)>")
_LINK = re.compile(r"[a-z][a-z0-9+.-]*:\S", re.IGNORECASE)
_HELD = re.compile("\x00(\\d+)\x01")
_FENCE = re.compile(r"```(.+?)```", re.DOTALL)
_QUOTE = re.compile(r"(?:&gt;|>)(?!(?:&gt;|>){2})[ ]?(.*)")
_EMPHASIS = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|(?<!\w)\*(?![\s*])(?P<bold>[^*\n]+)(?<!\s)\*(?!\w)"
    r"|(?<!\w)_(?![\s_])(?P<italic>[^_\n]+)(?<!\s)_(?!\w)"
    r"|(?<!\w)~(?![\s~])(?P<strike>[^~\n]+)(?<!\s)~(?!\w)"
)
_URL = r"(?P<url>https?://[^\s<>|\x00\x01]*[^\s<>|\x00\x01.,;:!?)\]}'\"*_~`])"
_AUTO = re.compile(
    _URL + r"|(?<![\w@])@(?P<everyone>here|channel|everyone)\b|(?<![\w#&])#(?P<channel>[a-z0-9_-]{1,80})"
)
_BARE_URL = re.compile(_URL)


def escape(text: str) -> str:
    """Text of a person made safe for ``mrkdwn``: Slack's three characters."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def parse(text: str, *, verbatim: bool = True, names: Names = NOBODY) -> tuple[Node, ...]:
    """The tree of a wire text. Not ``verbatim``, as in blocks: ``#channel`` names and ``@here`` are found as well."""
    held: list[Node] = []

    def hold(node: Node) -> str:
        held.append(node)
        return f"\x00{len(held) - 1}\x01"

    channels = {name: channel_id for channel_id, name in names.channels.items()}
    clean = text.replace("\x00", "").replace("\x01", "")
    marked = _CONTROL.sub(lambda match: hold(_control(match[1])), clean)
    marked = (_BARE_URL if verbatim else _AUTO).sub(lambda match: _automatic(match, channels, hold), marked)
    return _Parser(held).blocks(marked)


def _automatic(match: re.Match[str], channels: Mapping[str, str], hold: Callable[[Node], str]) -> str:
    found = match.groupdict()
    if found["url"]:
        return hold(Link(unescape(found["url"]), ""))
    if found.get("everyone"):
        return hold(Broadcast(found["everyone"]))
    channel_id = channels.get(found.get("channel") or "")
    return hold(Mention("channel", channel_id)) if channel_id else match[0]


def _control(inside: str) -> Node:
    """What stands between ``<`` and ``>``: a mention, a broadcast, a date, or a link."""
    body, _, label = inside.partition("|")
    label = unescape(label)
    match body[0] if body else "", body[1:]:
        case "@", name:
            return Mention("user", name, label)
        case "#", name:
            return Mention("channel", name, label)
        case "!", special:
            return _special(special, label, inside)
        case _:
            return Link(unescape(body), label) if _LINK.match(body) else Plain(unescape(f"<{inside}>"))


def _special(special: str, label: str, inside: str) -> Node:
    name, *rest = special.split("^")
    if name in BROADCASTS:
        return Broadcast(name)
    if name == "subteam" and rest:
        return Mention("group", rest[0], label)
    if name == "date" and len(rest) >= 2 and rest[0].isdecimal():
        return Moment(int(rest[0]), unescape(rest[1]), unescape(rest[2]) if len(rest) > 2 else "", label)
    return Plain(label or unescape(f"<{inside}>"))


@dataclass
class _Parser:
    held: list[Node]

    def blocks(self, text: str) -> tuple[Node, ...]:
        nodes: list[Node] = []
        for index, part in enumerate(_FENCE.split(text)):
            if index % 2:
                nodes.append(Styled("pre", self.plain(part.removeprefix("\n").removesuffix("\n"))))
            else:
                nodes += self.lines(part)
        return tuple(nodes)

    def lines(self, text: str) -> list[Node]:
        """Lines of text; neighbouring quoted lines become one quote, and ``>>>`` quotes all that follows."""
        nodes: list[Node] = []
        lines, quoted = text.split("\n"), list[str]()
        for index, line in enumerate(lines):
            rest = re.match(r"(?:&gt;|>){3}[ ]?", line)
            if rest:
                quoted += [line[rest.end() :], *lines[index + 1 :]]
                break
            if found := _QUOTE.match(line):
                quoted.append(found[1])
                continue
            nodes += self.quote(quoted)
            after_quote = bool(quoted)
            quoted = []
            nodes += ([Plain("\n")] if index and not after_quote else []) + self.inline(line)
        return nodes + self.quote(quoted)

    def quote(self, lines: list[str]) -> list[Node]:
        if not lines:
            return []
        inner: list[Node] = []
        for index, line in enumerate(lines):
            inner += ([Plain("\n")] if index else []) + self.inline(line)
        return [Styled("quote", tuple(inner))]

    def inline(self, text: str) -> list[Node]:
        nodes: list[Node] = []
        at = 0
        for match in _EMPHASIS.finditer(text):
            nodes += self.plain(text[at : match.start()])
            style = match.lastgroup or "code"
            inside = match[style]
            nodes.append(Styled(style, self.plain(inside) if style == "code" else tuple(self.inline(inside))))
            at = match.end()
        return [*nodes, *self.plain(text[at:])]

    def plain(self, text: str) -> tuple[Node, ...]:
        parts = _HELD.split(text)
        nodes: list[Node] = []
        for index, part in enumerate(parts):
            if index % 2:
                nodes.append(self.held[int(part)])
            elif part:
                nodes.append(Plain(unescape(part)))
        return tuple(nodes)


# ------------------------------------------------------------------------------------------------------------ reading


def mention_name(node: Mention, names: Names) -> str:
    """``@Name``, ``#channel`` or ``@handle`` as Slack shows it; else its label, else the id."""
    table = {"user": names.users, "channel": names.channels, "group": names.groups}[node.kind]
    sign = "#" if node.kind == "channel" else "@"
    shown = table.get(node.id) or node.label or ("private channel" if node.kind == "channel" else node.id)
    return sign + shown.removeprefix(sign)


def _moment(node: Moment, reader: Reader) -> str:
    return format_date(node.timestamp, node.format, reader.zone, reader.now) or node.fallback


def _plain(node: Node, reader: Reader) -> str:
    match node:
        case Plain(text):
            return text
        case Styled("quote", children):
            return "".join(f"> {line}\n" for line in _all_plain(children, reader).split("\n"))
        case Styled("pre", children):
            return f"\n{_all_plain(children, reader)}\n"
        case Styled(_, children):
            return _all_plain(children, reader)
        case Mention():
            return mention_name(node, reader.names)
        case Broadcast(range):
            return f"@{range}"
        case Moment():
            return _moment(node, reader)
        case Link(url, label):
            return label or url.removeprefix("mailto:")


def _all_plain(nodes: tuple[Node, ...], reader: Reader) -> str:
    return "".join(_plain(node, reader) for node in nodes)


def render_plain(
    text: str,
    names: Names = NOBODY,
    zone: ZoneInfo = UTC,
    *,
    now: datetime | None = None,
    verbatim: bool = True,
) -> str:
    """A wire text as a person in ``zone`` reads it, without markup."""
    return _all_plain(parse(text, verbatim=verbatim, names=names), Reader(names, zone, now)).strip("\n")


TAGS = {"bold": "strong", "italic": "em", "strike": "s", "code": "code", "pre": "pre", "quote": "blockquote"}
SAFE_SCHEMES = ("http://", "https://", "mailto:")


def link_html(url: str, label: str) -> str:
    """A link that cannot run a script: other schemes than http(s) and mailto are shown, not linked."""
    shown = html_escape(label or url)
    if not url.lower().startswith(SAFE_SCHEMES):
        return shown
    return f'<a href="{html_escape(url)}" target="_blank" rel="noopener noreferrer">{shown}</a>'


def _html(node: Node, reader: Reader) -> str:
    match node:
        case Plain(text):
            return html_escape(with_emoji(text)).replace("\n", "<br>")
        case Styled("pre", children):
            return f"<pre>{_all_html(children, reader).replace('<br>', chr(10))}</pre>"
        case Styled(style, children):
            return f"<{TAGS[style]}>{_all_html(children, reader)}</{TAGS[style]}>"
        case Mention(kind, _, _):
            return f'<span class="mention {kind}">{html_escape(mention_name(node, reader.names))}</span>'
        case Broadcast(range):
            return f'<span class="mention broadcast">@{range}</span>'
        case Moment(link=link):
            shown = _moment(node, reader)
            return link_html(link, shown) if link else f"<time>{html_escape(shown)}</time>"
        case Link(url, label):
            return link_html(url, label)


def _all_html(nodes: tuple[Node, ...], reader: Reader) -> str:
    return "".join(_html(node, reader) for node in nodes)


def render_html(
    text: str,
    names: Names = NOBODY,
    zone: ZoneInfo = UTC,
    *,
    now: datetime | None = None,
    verbatim: bool = True,
) -> str:
    """A wire text as HTML; everything a person wrote is escaped."""
    return _all_html(parse(text, verbatim=verbatim, names=names), Reader(names, zone, now))


# ----------------------------------------------------------------------------------------------------------- mentions


def mentions(text: str, *, verbatim: bool = True, names: Names = NOBODY) -> Mentions:
    """Whom a wire text pings. Slack pings from code as well, so a person's text has to be escaped everywhere."""
    return _pinged(parse(text, verbatim=verbatim, names=names))


def _pinged(nodes: tuple[Node, ...]) -> Mentions:
    total = Mentions()
    for node in nodes:
        match node:
            case Styled(_, children):
                total |= _pinged(children)
            case Mention("user", id, _):
                total |= Mentions(users=frozenset([id]))
            case Mention("group", id, _):
                total |= Mentions(groups=frozenset([id]))
            case Broadcast(range):
                total |= Mentions(broadcast=frozenset([range]))
    return total
