"""A person's mailbox, and the developer's view of every API call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.emulator.page.reader import Reader

SHOWN = 300


def inbox(reader: Reader, _: Mapping[str, str]) -> dict[str, Any]:
    """The values of mail.html: what was sent to this person, newest first."""
    rows = reader.workspace.shelf.collection("mail").values()
    mine = [row for row in rows if str(row["to"]).lower() == reader.me["email"].lower()]
    return {"title": "Mail", "pen": reader.pen, "mails": sorted(mine, key=lambda row: row["time"], reverse=True)}


def log(reader: Reader, query: Mapping[str, str]) -> dict[str, Any]:
    """The values of log.html: the latest calls, newest first, and counts per method."""
    told = reader.workspace.log.since(0)
    family = query.get("family", "")
    calls = [row for row in told["calls"] if family in ("", row["family"])]
    shown = [row | {"name": _caller(reader, str(row["who"]))} for row in calls[-SHOWN:][::-1]]
    counts = sorted(told["counts"].items(), key=lambda item: (-item[1], item[0]))
    return {
        "title": "API log",
        "calls": shown,
        "total": len(calls),
        "counts": counts,
        "family": family,
        "families": sorted({row["family"] for row in told["calls"]}),
    }


def _caller(reader: Reader, who: str) -> str:
    """Who called, by name where there is one: the log itself keeps ids and e-mails."""
    if "@" in who:
        return reader.name_of(who)
    return reader.names.users.get(who, who)
