"""What was asked of the workspace: one row per call, bounded, with counts that are never dropped."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from typing import Any

KEPT = 5000

Exchange = Callable[[str, str, bytes, int, bytes], None]


class Log:
    """The request log.

    `exchanges`, when set, receives every exchange whole: method id, request URL, request body, status, response body
    (no headers, so no credentials).
    """

    def __init__(self) -> None:
        self._rows: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._counts: Counter[str] = Counter()
        self._n = 0
        self.exchanges: Exchange | None = None

    def record(self, family: str, method: str, who: str, status: int, ms: float, bytes_in: int, bytes_out: int) -> None:
        """Note one call; `status` 0 means that the connection was cut without an answer."""
        self._n += 1
        self._counts[method] += 1
        self._rows.append(
            {
                "n": self._n,
                "family": family,
                "method": method,
                "who": who,
                "status": status,
                "ms": round(ms, 2),
                "bytes_in": bytes_in,
                "bytes_out": bytes_out,
            }
        )

    def exchange(self, method: str, url: str, body: bytes, status: int, answer: bytes) -> None:
        """Hand one whole exchange to whoever validates them."""
        if self.exchanges is not None:
            self.exchanges(method, url, body, status, answer)

    def since(self, n: int = 0) -> dict[str, Any]:
        """Calls after number `n`, and the counts per method since the last reset."""
        return {"calls": [row for row in self._rows if row["n"] > n], "counts": dict(sorted(self._counts.items()))}

    def forget(self) -> None:
        """Start afresh; numbers go on rising so that a reader's `since` stays true."""
        self._rows.clear()
        self._counts.clear()
