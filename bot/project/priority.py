"""The order of the backlog and who is eligible (rule: priority and score)."""

from collections.abc import Iterable
from datetime import date

from bot.project.model import Request
from bot.project.words import RequestStatus, RequestType, Segment

CRITERIA = ("revenue_impact", "size_complexity", "account_market", "intangibles", "capacity_fit")
WAITING = frozenset(
    {RequestStatus.NEW, RequestStatus.IN_REVIEW, RequestStatus.NEEDS_INFORMATION, RequestStatus.DEFERRED}
)


def score(request: Request) -> int | None:
    """The sum of the five criteria, 5 to 25; None until all five are given."""
    points = [getattr(request, name) for name in CRITERIA]
    return sum(points) if all(point is not None for point in points) else None


def partial_score(request: Request) -> int:
    """The sum of the criteria given so far."""
    return sum(getattr(request, name) or 0 for name in CRITERIA)


def not_eligible(request: Request) -> str:
    """Why a request can make no project, or "" when it can."""
    if request.segment is Segment.SMALL_BUSINESS:
        return "small-business accounts get no implementation services"
    if request.request_type in (None, RequestType.OTHER):
        return "the request names no kind of project"
    if request.request_type is RequestType.TRIAL and not (request.proof_no_simpler and request.proof_revenue):
        return "a trial needs both proofs: why no simpler environment will do, and its revenue in the next fiscal year"
    return ""


def sort_key(request: Request) -> tuple[int, int, date, str]:
    """First is first: work class, then score, then age, then ID."""
    work_class = (request.request_type or RequestType.OTHER).work_class
    return work_class, -partial_score(request), request.submitted or date.max, request.id


def ranked(requests: Iterable[Request]) -> list[Request]:
    """The requests that still wait for a decision, first one first; a request's rank is its place, from 1."""
    return sorted((r for r in requests if r.status in WAITING), key=sort_key)
