"""Per-minute quotas per project and per user at the published figures, and the bodies that exceeding them gets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.emulator.google.auth import Identity
from bot.emulator.google.errors import GoogleError

READS = frozenset(
    {
        "sheets.spreadsheets.get",
        "sheets.spreadsheets.getByDataFilter",
        "sheets.spreadsheets.values.get",
        "sheets.spreadsheets.values.batchGet",
        "sheets.spreadsheets.values.batchGetByDataFilter",
        "sheets.spreadsheets.developerMetadata.get",
        "sheets.spreadsheets.developerMetadata.search",
        "docs.documents.get",
    }
)
# (family, kind): (per minute per project, per minute per user)
LIMITS = {
    ("sheets", "Read"): (300, 60),
    ("sheets", "Write"): (300, 60),
    ("docs", "Read"): (3000, 300),
    ("docs", "Write"): (600, 60),
    ("drive", "Queries"): (12000, 12000),
}


@dataclass
class Quotas:
    """Counts of the workspace's current minute."""

    minute: int = 0
    counts: dict[tuple[str, ...], int] = field(default_factory=dict)

    def take(self, method: str, who: Identity, quota_user: str, at: datetime) -> None:
        """Counts one call. Raises the recorded 429 (Sheets, Docs) or 403 (Drive) when the minute is used up."""
        minute = int(at.timestamp() // 60)
        if minute != self.minute:
            self.minute, self.counts = minute, {}
        family = method.split(".", 1)[0]
        kind = "Queries" if family == "drive" else ("Read" if method in READS else "Write")
        project_limit, user_limit = LIMITS[family, kind]
        user = quota_user or who.email
        self._count((family, kind, who.project), project_limit, who, "")
        self._count((family, kind, who.project, user), user_limit, who, "PerUser")

    def _count(self, key: tuple[str, ...], limit: int, who: Identity, scope: str) -> None:
        used = self.counts.get(key, 0)
        if used >= limit:
            raise exceeded(key[0], key[1], limit, who.project, scope)
        self.counts[key] = used + 1

    def clear(self) -> None:
        """Forgets the minute (a reset of the workspace)."""
        self.counts = {}


def as_recorded(method: str, project: str = "100000000000") -> GoogleError:
    """The refusal that a used-up per-user quota gives to `method`, for fault rules."""
    family = method.split(".", 1)[0]
    kind = "Queries" if family == "drive" else ("Read" if method in READS else "Write")
    return exceeded(family, kind, LIMITS[family, kind][1], project, "PerUser")


def exceeded(family: str, kind: str, limit: int, project: str, scope: str) -> GoogleError:
    """The refusal of a used-up quota, as recorded for the family."""
    if family == "drive":
        return drive_rate_limit()
    service = f"{family}.googleapis.com"
    per = " per user" if scope else ""
    metric, name = f"{kind} requests", f"{kind} requests per minute{per}"
    consumer = f"project_number:{project}"
    message = f"Quota exceeded for quota metric '{metric}' and limit '{name}' of service '{service}'"
    message += f" for consumer '{consumer}'."
    metadata = {
        "quota_limit": f"{kind}RequestsPerMinutePer{'User' if scope else 'Project'}",
        "quota_limit_value": str(limit),
        "quota_metric": f"{service}/{kind.lower()}_requests",
        "quota_location": "global",
        "quota_unit": "1/min/{project}" + ("/{user}" if scope else ""),
        "consumer": f"projects/{project}",
        "service": service,
    }
    return GoogleError(429, message, "rateLimitExceeded", details=_details(metadata))


def _details(metadata: dict[str, str]) -> list[dict[str, Any]]:
    link = {
        "description": "Request a higher quota limit.",
        "url": "https://cloud.google.com/docs/quotas/help/request_increase",
    }
    return [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "RATE_LIMIT_EXCEEDED",
            "domain": "googleapis.com",
            "metadata": metadata,
        },
        {"@type": "type.googleapis.com/google.rpc.Help", "links": [link]},
    ]


def drive_rate_limit(reason: str = "userRateLimitExceeded") -> GoogleError:
    """Drive's 403 of the usageLimits domain; `rateLimitExceeded` is its project-wide form."""
    messages = {"userRateLimitExceeded": "User Rate Limit Exceeded", "rateLimitExceeded": "Rate Limit Exceeded"}
    return GoogleError(403, messages.get(reason, "User Rate Limit Exceeded"), reason, domain="usageLimits")
