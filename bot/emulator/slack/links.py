"""link_shared: tells the app that a person of the company posted a link of a domain it asked for."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.emulator.slack import app, bus
from bot.emulator.slack.ids import next_ts

if TYPE_CHECKING:
    from bot.emulator.workspace import Workspace

Row = dict[str, Any]

SOURCE = "conversations_history"
LINK = re.compile(r"<(https?://[^<>|\s]+)(?:\|[^<>]*)?>")


def of(row: Row) -> list[str]:
    """The links in a message's text, each once."""
    return list(dict.fromkeys(url.replace("&amp;", "&") for url in LINK.findall(row["text"])))


def unfurl_id(row: Row) -> str:
    """The id by which chat.unfurl may name a message; it begins with its channel and ts."""
    digest = hashlib.sha256(f"{row['channel']}:{row['ts']}".encode()).hexdigest()
    return f"{row['channel']}.{row['ts']}.{digest}"


def tell(workspace: Workspace, channel: Row, row: Row) -> None:
    """Emit link_shared for a message just posted, unless an app or somebody of another organisation wrote it."""
    writer = workspace.people().get(row["user"])
    if row.get("bot_id") or writer is None or writer["bot"] or writer["org"] != "home":
        return
    asked = app.plan(workspace).unfurl_domains
    shared = [{"domain": domain, "url": url} for url in of(row) if (domain := _domain(url, asked))]
    if not shared:
        return
    member = app.installed(workspace)["bot_user"] in channel["members"]
    event = {"type": "link_shared", "channel": channel["id"], "is_bot_user_member": member, "user": row["user"]}
    event |= {"message_ts": row["ts"], "unfurl_id": unfurl_id(row), "source": SOURCE, "links": shared}
    event |= {"thread_ts": row["thread_ts"]} if row.get("thread_ts") else {}
    bus.emit(workspace, event | {"event_ts": next_ts(workspace)})


def _domain(url: str, asked: tuple[str, ...]) -> str:
    """The domain asked for that a link belongs to, itself or a part of it."""
    host = urlsplit(url).hostname or ""
    return next((domain for domain in asked if host == domain or host.endswith(f".{domain}")), "")
