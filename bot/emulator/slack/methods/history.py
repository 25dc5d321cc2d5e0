"""conversations.history and conversations.replies: reading what was said."""

from __future__ import annotations

import re
from typing import Any

from bot.emulator.slack import messages, paging, reach
from bot.emulator.slack.errors import SlackError
from bot.emulator.slack.gateway import SlackCall, method

Row = dict[str, Any]

HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
MOST = 999


@method("conversations.history", any_scope=HISTORY, tier=3, required=("channel",), json=False)
def history(call: SlackCall) -> Row:
    """What stands in a channel, newest first; replies are read by thread. The last page has no response_metadata."""
    channel = reach.readable(call, "history")
    reach.inside(call, channel)
    known = _listed(call, messages.of_channel(call.workspace, channel["id"]))
    found = _between(call, [row for row in known if messages.is_root(row)])[::-1]
    rows, rest = _page(call, found)
    shown = [messages.shape(call.workspace, row, call.user, _metadata(call)) for row in rows]
    pins = call.workspace.shelf.collection("pins").get(channel["id"], {"items": []})["items"]
    answer = {"messages": shown, "has_more": bool(rest), "pin_count": len(pins)}
    return answer | {"channel_actions_ts": None, "channel_actions_count": 0} | _cursor(rest)


@method("conversations.replies", any_scope=HISTORY, tier=3, required=("channel", "ts"), json=False)
def replies(call: SlackCall) -> Row:
    """A thread, oldest first, from the ts of any message in it. The root comes first on every page."""
    channel = reach.readable(call, "history")
    reach.inside(call, channel)
    known = reach.message(call, channel, "ts", missing="thread_not_found")
    root = messages.get(call.workspace, channel["id"], known.get("thread_ts") or known["ts"]) or known
    found = _between(call, _listed(call, messages.replies(call.workspace, channel["id"], root["ts"])))
    rows, rest = _page(call, found, room=1)
    shown = [messages.shape(call.workspace, row, call.user, _metadata(call)) for row in [root, *rows]]
    return {"messages": shown, "has_more": bool(rest)} | _cursor(rest)


def _listed(call: SlackCall, rows: list[Row]) -> list[Row]:
    """The rows that listings know already: a fault may make them lag behind the truth."""
    lag = call.workspace.faults.lagging(f"slack.{call.method}")
    if not lag:
        return rows
    known_since = int((call.workspace.clock.now().timestamp() - lag) * 1_000_000)
    return [row for row in rows if micros(row["ts"]) <= known_since]


def _metadata(call: SlackCall) -> str:
    return "all" if call.flag("include_all_metadata") else "type"


def _between(call: SlackCall, rows: list[Row]) -> list[Row]:
    """The rows between `oldest` and `latest`, exclusive unless `inclusive`."""
    oldest, latest = _ts(call, "oldest"), _ts(call, "latest")
    if call.flag("inclusive"):
        return [row for row in rows if oldest <= micros(row["ts"]) <= (latest or MICROS_FOR_EVER)]
    return [row for row in rows if oldest < micros(row["ts"]) < (latest or MICROS_FOR_EVER)]


MICROS_FOR_EVER = 10**18


def micros(ts: str) -> int:
    """A ts as whole microseconds, so that comparing is exact."""
    whole, _, rest = ts.partition(".")
    return int(whole) * 1_000_000 + int((rest + "000000")[:6])


def _ts(call: SlackCall, argument: str) -> int:
    value = call.text(argument)
    if value in ("", "0", "now"):
        return 0
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]*)?", value):
        raise SlackError(f"invalid_ts_{argument}")
    return micros(value)


def _page(call: SlackCall, rows: list[Row], room: int = 0) -> tuple[list[Row], list[Row]]:
    """One page and what is left; the cursor names the ts of the next message."""
    size = max(1, min(paging.limit(call, 100, most=10_000), MOST) - room)
    cursor = call.text("cursor")
    if cursor:
        wanted = paging.decode("next_ts", cursor)
        start = next((index for index, row in enumerate(rows) if row["ts"].replace(".", "") == wanted), -1)
        if start < 0:
            raise SlackError("invalid_cursor")
        rows = rows[start:]
    return rows[:size], rows[size:]


def _cursor(rest: list[Row]) -> Row:
    if not rest:
        return {}
    return {"response_metadata": {"next_cursor": paging.encode("next_ts", rest[0]["ts"].replace(".", ""))}}
