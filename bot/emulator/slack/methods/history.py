"""conversations.history and conversations.replies: reading what was said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from bot.emulator.slack import messages, paging, reach, timeline
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.gateway import SlackCall, method
from bot.emulator.slack.timeline import FOR_EVER, micros

Row = dict[str, Any]

HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
MOST = 999


@method("conversations.history", any_scope=HISTORY, tier=3, required=("channel",), json=False)
def history(call: SlackCall) -> Row:
    """What stands in a channel, newest first; replies are read by thread. The last page has no response_metadata."""
    channel = reach.readable(call, "history")
    reach.inside(call, channel)
    rows, rest = _page(_standing(call, channel["id"]), _size(call))
    shown = [messages.shape(call.workspace, row, call.user, _metadata(call)) for row in rows]
    pins = call.workspace.shelf.collection("pins").get(channel["id"], {"items": []})["items"]
    answer = {"messages": shown, "has_more": bool(rest), "pin_count": len(pins)}
    return answer | {"channel_actions_ts": None, "channel_actions_count": 0} | _cursor(rest)


def _standing(call: SlackCall, channel_id: str) -> Iterator[Row]:
    """The messages between the call's bounds, newest first, from where its cursor points on."""
    oldest, latest, inclusive = _bounds(call)
    at = _position(call)
    found = timeline.roots(call.workspace, channel_id, oldest, latest, inclusive)
    return (row for row in _listed(call, found) if at is None or micros(row["ts"]) <= at)


@method("conversations.replies", any_scope=HISTORY, tier=3, required=("channel", "ts"), json=False)
def replies(call: SlackCall) -> Row:
    """A thread, oldest first, from the ts of any message in it. The root comes first on every page."""
    channel = reach.readable(call, "history")
    reach.inside(call, channel)
    known = reach.message(call, channel, "ts", missing="thread_not_found")
    root = messages.get(call.workspace, channel["id"], known.get("thread_ts") or known["ts"]) or known
    rows, rest = _page(_answers(call, channel["id"], root["ts"]), max(1, _size(call) - 1))
    shown = [messages.shape(call.workspace, row, call.user, _metadata(call)) for row in [root, *rows]]
    return {"messages": shown, "has_more": bool(rest)} | _cursor(rest)


def _answers(call: SlackCall, channel_id: str, root_ts: str) -> Iterator[Row]:
    """The replies between the call's bounds, oldest first, from where its cursor points on."""
    oldest, latest, inclusive = _bounds(call)
    at = _position(call) or 0
    low, high = (oldest, latest) if inclusive else (oldest + 1, latest - 1)
    found = timeline.thread(call.workspace, channel_id, root_ts)
    return (row for row in _listed(call, found) if max(low, at) <= micros(row["ts"]) <= high)


def _listed(call: SlackCall, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows that everybody sees and that listings know already: a fault may make them lag behind the truth."""
    lag = call.workspace.faults.lagging(f"slack.{call.method}")
    known_since = int((call.workspace.clock.now().timestamp() - lag) * 1_000_000) if lag else FOR_EVER
    return (row for row in rows if messages.stands(row) and micros(row["ts"]) <= known_since)


def _metadata(call: SlackCall) -> str:
    return "all" if call.flag("include_all_metadata") else "type"


def _bounds(call: SlackCall) -> tuple[int, int, bool]:
    """`oldest` and `latest` in microseconds, and whether messages of these very moments count."""
    return _ts(call, "oldest"), _ts(call, "latest") or FOR_EVER, call.flag("inclusive")


def _ts(call: SlackCall, argument: str) -> int:
    value = call.text(argument)
    if value in ("", "0", "now"):
        return 0
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]*)?", value):
        raise SlackError(f"invalid_ts_{argument}")
    return micros(value)


def _size(call: SlackCall) -> int:
    return max(1, min(paging.limit(call, 100, most=10_000), MOST))


def _page(rows: Iterator[Row], size: int) -> tuple[list[Row], list[Row]]:
    """One page, and the first message of the next."""
    return list(islice(rows, size)), list(islice(rows, 1))


def _position(call: SlackCall) -> int | None:
    """The moment that the call's cursor names, in microseconds; the message itself may be gone meanwhile."""
    cursor = call.text("cursor")
    if not cursor:
        return None
    moment = paging.decode("next_ts", cursor)
    if not re.fullmatch(r"[0-9]{1,18}", moment):
        raise SlackError("invalid_cursor")
    return int(moment)


def _cursor(rest: list[Row]) -> Row:
    if not rest:
        return {}
    return {"response_metadata": {"next_cursor": paging.encode("next_ts", str(micros(rest[0]["ts"])))}}
