"""Links to the real services, led to the page's own screens instead: nothing here leaves this machine by accident."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode, urlsplit

SCREENS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"/spreadsheets/d/([\w-]+)"), "sheet", "file"),
    (re.compile(r"/document/d/([\w-]+)"), "doc", "file"),
    (re.compile(r"/drive/(?:u/\d+/)?folders/([\w-]+)"), "drive", "folder"),
    (re.compile(r"/file/d/([\w-]+)"), "drive", "folder"),
    (re.compile(r"/archives/([A-Z0-9]+)"), "slack", "channel"),
    (re.compile(r"/client/[A-Z0-9]+/([A-Z0-9]+)"), "slack", "channel"),
)
HOSTS = re.compile(r"(.+\.)?(google\.com|slack\.com)|127\.0\.0\.1|localhost", re.IGNORECASE)


def address(screen: str, person: str, **query: str) -> str:
    """The address of a screen as one person sees it; empty values are left out."""
    given = {"as": person} | {name: value for name, value in query.items() if value}
    return f"/page/{screen}?{urlencode(given)}"


def local(url: str, person: str) -> str:
    """Where a link leads from the page: a screen for what the workspace holds, else the address as it is."""
    parts = urlsplit(url)
    if not HOSTS.fullmatch(parts.hostname or ""):
        return url
    for pattern, screen, name in SCREENS:
        if match := pattern.search(parts.path):
            return address(screen, person, **{name: match[1]}, **_place(parts.fragment, parts.query, parts.path))
    return url


def _place(fragment: str, query: str, path: str) -> Mapping[str, str]:
    """What the address says beyond the thing itself: a tab and range of a sheet, a message of a channel."""
    given = {**parse_qs(query), **parse_qs(fragment)}
    found = {
        name: given[key][0]
        for key, name in (("gid", "tab"), ("range", "cell"), ("thread_ts", "thread"))
        if key in given
    }
    message = re.search(r"/p(\d{10})(\d{6})$", path)
    return found | ({"message": f"{message[1]}.{message[2]}"} if message else {})
