"""A person who acts between two calls of the bot: at a chosen point, just before the wire carries a call."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import requests
from requests.adapters import HTTPAdapter

READ, WRITE = "read", "write"


class Between(HTTPAdapter):
    """Carries calls, and lets a deed happen before the `point`-th of them, counted from 1.

    `calls` tells of each whether it reads or writes; `windows` are the seconds between each write and the end of the
    last read before it.
    """

    def __init__(self, point: int, deed: Callable[[], None]) -> None:
        super().__init__()
        self.calls: list[str] = []
        self.windows: list[float] = []
        self.point, self._deed = point, deed
        self._read_at = 0.0

    @property
    def was_before_a_write(self) -> bool:
        """True when nothing that the bot could read lay between the deed and a write of the bot."""
        return len(self.calls) >= self.point and self.calls[self.point - 1] == WRITE

    @property
    def was_after_a_write(self) -> bool:
        """True when the bot had written something before the deed."""
        return WRITE in self.calls[: self.point - 1]

    @property
    def is_past_the_end(self) -> bool:
        """True when the bot had done its work before the deed's point came."""
        return len(self.calls) < self.point

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """One call of the bot."""
        self.calls.append(WRITE if _writes(request) else READ)
        if len(self.calls) == self.point:
            self._deed()
        if self.calls[-1] == WRITE:
            self.windows.append(time.perf_counter() - self._read_at)
        answer = super().send(request, *args, **kwargs)
        if self.calls[-1] == READ:
            self._read_at = time.perf_counter()
        return answer


def _writes(request: requests.PreparedRequest) -> bool:
    path = (request.url or "").partition("?")[0]
    return (
        request.method not in ("GET", "HEAD") and not path.endswith(("DataFilter", "Metadata:search", "/token"))
    ) or (path.endswith("batchUpdateByDataFilter"))


class Blinding(Between):
    """A wire that plants a fault: it shows the bot its first look again and again, so that it sees no change."""

    def __init__(self, point: int, deed: Callable[[], None]) -> None:
        super().__init__(point, deed)
        self._first: dict[tuple[str, Any], requests.Response] = {}

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """One call of the bot, or the answer that the same question had before."""
        answer, question = super().send(request, *args, **kwargs), (request.url or "", request.body)
        return answer if _writes(request) else self._first.setdefault(question, answer)


@contextmanager
def between(
    session: requests.Session, point: int, deed: Callable[[], None], kind: type[Between] = Between
) -> Iterator[Between]:
    """Put the person between a session's calls for a while."""
    usual = session.get_adapter("http://")
    adapter = kind(point, deed)
    session.mount("http://", adapter)
    try:
        yield adapter
    finally:
        session.mount("http://", usual)
        adapter.close()
