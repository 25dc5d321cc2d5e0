"""Drawing: the templates, and how texts and blocks become HTML for one reader. Jinja or ``mrkdwn`` escapes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from bot.emulator.page import links
from bot.emulator.slack import dates, mrkdwn
from bot.emulator.slack.emoji import EMOJI
from bot.emulator.slack.mrkdwn import Mention, Names

HERE = Path(__file__).parent
LONGEST = 12_000  # characters of one text that are shown


@cache
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(address=links.address, hue=hue, initials=initials)
    made.filters["tojson_attr"] = lambda value: json.dumps(value, separators=(",", ":"))
    return made


def draw(template: str, **values: Any) -> Markup:
    """A template filled in; it escapes every value that is not markup of ours."""
    return Markup(environment().get_template(template).render(**values))  # noqa: S704  # Jinja has escaped it


@cache
def static(name: str) -> bytes:
    """The page's style or script."""
    return (HERE / "static" / name).read_bytes()


@cache
def stamp() -> str:
    """Changes with the style and script, so that a browser never mixes old and new."""
    return hashlib.sha256(static("page.css") + static("page.js")).hexdigest()[:8]


def hue(key: str) -> int:
    """A colour angle that always belongs to the same id."""
    return hashlib.md5(key.encode(), usedforsecurity=False).digest()[0] * 360 // 256


def initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper() or "?"


Group = tuple[str, list[tuple[str, str]]]


def _initial_options(element: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return element.get("initial_options") or ([element["initial_option"]] if "initial_option" in element else [])


@dataclass(frozen=True)
class Pen:
    """Draws what one person reads: with the names they see, in their zone, at the workspace's moment."""

    person: str
    names: Names
    zone: ZoneInfo
    now: datetime
    own: str = "/"  # addresses of pictures that begin with it may be loaded

    def wire(self, text: str, verbatim: bool = True) -> Markup:
        """Slack's markup as HTML."""
        return self.led_home(mrkdwn.render_html(text[:LONGEST], self.names, self.zone, now=self.now, verbatim=verbatim))

    def text(self, value: Mapping[str, Any] | None) -> Markup:
        """A text object as HTML."""
        if not value:
            return Markup()
        if value["type"] == "mrkdwn":
            return self.wire(value["text"], bool(value.get("verbatim")))
        return _lines(mrkdwn.unescape(value["text"][:LONGEST]))

    def label(self, value: Mapping[str, Any] | None) -> str:
        """A text object as plain text, for attributes and options."""
        if not value:
            return ""
        if value["type"] == "mrkdwn":
            return mrkdwn.render_plain(value["text"], self.names, self.zone, now=self.now)
        return mrkdwn.unescape(value["text"])

    def markdown(self, text: str) -> Markup:
        """A markdown block; raw HTML in it stays text, and images stay outside."""
        return self.led_home(MarkdownIt("js-default", {"html": False}).disable("image").render(text[:LONGEST]))

    def rich(self, item: Mapping[str, Any]) -> Markup:
        """An element of rich text with all it holds."""
        inner = Markup().join(self.rich(part) for part in item.get("elements", ()))
        match item["type"]:
            case "rich_text" | "rich_text_section":
                return inner if item["type"] == "rich_text" else Markup("<p>{}</p>").format(inner)
            case "rich_text_list":
                tag = "ol" if item["style"] == "ordered" else "ul"
                rows = Markup().join(Markup("<li>{}</li>").format(self.rich(part)) for part in item["elements"])
                indent = int(item.get("indent", 0)) * 1.4
                return Markup('<{0} style="margin-left:{1}em">{2}</{0}>').format(tag, indent, rows)
            case "rich_text_quote":
                return Markup("<blockquote>{}</blockquote>").format(inner)
            case "rich_text_preformatted":
                return Markup("<pre>{}</pre>").format(inner)
        return _styled(self._rich_leaf(item), item.get("style", {}))

    def _rich_leaf(self, item: Mapping[str, Any]) -> Markup:
        match item["type"]:
            case "text":
                return _lines(item["text"][:LONGEST])
            case "link":
                return self.led_home(mrkdwn.link_html(item["url"], item.get("text", "")))
            case "user" | "channel" | "usergroup":
                kind = item["type"].replace("usergroup", "group")
                shown = mrkdwn.mention_name(Mention(kind, item[f"{item['type']}_id"]), self.names)
                return Markup('<span class="mention {}">{}</span>').format(kind, shown)
            case "broadcast":
                return Markup('<span class="mention broadcast">@{}</span>').format(item["range"])
            case "emoji":
                return escape(EMOJI.get(item["name"], f":{item['name']}:"))
            case "date":
                shown = dates.format_date(item["timestamp"], item["format"], self.zone, self.now)
                return escape(shown or item.get("fallback", ""))
        return escape(item.get("value") or item.get("team_id") or "")

    def led_home(self, html: str) -> Markup:
        """Links to Google and Slack lead to the page's own screens; those open in the same window."""
        return Markup(links_in(html, self.person))  # noqa: S704  # callers hand in HTML of ours, all of it escaped

    def local(self, url: str) -> str:
        return links.local(url, self.person)

    def clock(self, ts: str | float) -> str:
        """The time of day of a message's ts (or of seconds since 1970)."""
        return self._at(ts).strftime("%H:%M")

    def day(self, ts: str | float) -> str:
        at = self._at(ts)
        days = (at.date() - self.now.astimezone(self.zone).date()).days
        near = {0: "Today", -1: "Yesterday"}.get(days)
        return near or f"{at:%A}, {at.day} {at:%B}" + (f" {at.year}" if at.year != self.now.year else "")

    def moment(self, iso: str) -> str:
        """An RFC 3339 stamp as a short date and time."""
        at = datetime.fromisoformat(iso).astimezone(self.zone)
        return f"{at.day} {at:%b %Y, %H:%M}"

    def local_time(self, seconds: int) -> str:
        """A moment as the value of a datetime-local field."""
        return self._at(seconds).strftime("%Y-%m-%dT%H:%M")

    def options(self, element: Mapping[str, Any], lists: Mapping[str, list[Group]]) -> list[Group]:
        """What a select menu offers: groups of (value, label); a group without a name has no heading."""
        if "option_groups" in element:
            return [(self.label(group["label"]), self._pairs(group["options"])) for group in element["option_groups"]]
        if "options" in element:
            return [("", self._pairs(element["options"]))]
        kind = element["type"].removeprefix("multi_").removesuffix("_select")
        return lists.get(kind) or [("", self._pairs(_initial_options(element)))]

    def _pairs(self, options: list[Mapping[str, Any]]) -> list[tuple[str, str]]:
        return [(option["value"], self.label(option["text"])) for option in options]

    def chosen(self, element: Mapping[str, Any]) -> list[str]:
        """The values a select menu starts with."""
        found = [option["value"] for option in _initial_options(element)]
        for name in ("user", "channel", "conversation"):
            found += element.get(f"initial_{name}s", [])
            found += [element[f"initial_{name}"]] if f"initial_{name}" in element else []
        return found

    def _at(self, ts: str | float) -> datetime:
        return datetime.fromtimestamp(float(ts), UTC).astimezone(self.zone)


HREF = 'href="'
NEW_WINDOW = ' target="_blank" rel="noopener noreferrer"'


def links_in(html: str, person: str) -> str:
    """HTML of ours with each link led home; every href in it was written by us and is escaped."""
    first, *rest = html.split(HREF)
    pieces = [first]
    for piece in rest:
        url, quote, after = piece.partition('"')
        plain = unescape(url)
        home = links.local(plain, person)
        if home != plain:
            after = after.removeprefix(NEW_WINDOW)
        pieces.append(f"{HREF}{escape(home)}{quote}{after}")
    return "".join(pieces)


def _lines(text: str) -> Markup:
    return escape(text).replace("\n", Markup("<br>"))


STYLES = {"bold": "strong", "italic": "em", "strike": "s", "code": "code", "underline": "u"}


def _styled(inner: Markup, style: Mapping[str, bool]) -> Markup:
    for name, tag in STYLES.items():
        if style.get(name):
            inner = Markup("<{0}>{1}</{0}>").format(tag, inner)
    return inner
