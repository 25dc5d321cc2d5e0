"""The order of the backlog, its explanation, and who is eligible (rule: priority and score)."""

from collections.abc import Iterable, Mapping
from datetime import date

from bot.project.model import Request
from bot.project.words import RequestStatus, RequestType, Segment

SCALES: Mapping[str, tuple[str, tuple[str, str, str, str, str]]] = {
    "revenue_impact": (
        "Revenue impact",
        ("nothing next fiscal year", "little next fiscal year", "noticeable", "large", "decides the fiscal year"),
    ),
    "size_complexity": (
        "Size and complexity",
        ("one node would nearly do", "small and usual", "medium", "large or unusual", "very large and complex"),
    ),
    "account_market": (
        "Account and market",
        ("small account, small market", "some room to grow", "solid account", "large account", "strategic account"),
    ),
    "intangibles": (
        "Intangibles",
        ("high risk, no admins", "risky, new admins", "as usual", "able admins, low risk", "everything speaks for it"),
    ),
    "capacity_fit": (
        "Fit with capacity",
        ("nobody is free", "hardly anybody is free", "free in some weeks", "free soon", "the right people are free"),
    ),
}
"""The five criteria: their titles, and what 1 to 5 mean in words."""

CRITERIA = tuple(SCALES)
WAITING = frozenset({RequestStatus.NEW, RequestStatus.IN_REVIEW, RequestStatus.NEEDS_INFORMATION})
"""In the queue, with a rank."""
OPEN = WAITING | {RequestStatus.DEFERRED}
"""Not decided yet; deferred ones come back."""


def score(request: Request) -> int | None:
    """The sum of the five criteria, 5 to 25; None until all five are given."""
    return partial_score(request) if given(request) == len(CRITERIA) else None


def partial_score(request: Request) -> int:
    """The sum of the criteria given so far."""
    return sum(getattr(request, name) or 0 for name in CRITERIA)


def given(request: Request) -> int:
    """How many of the five criteria are given."""
    return sum(getattr(request, name) is not None for name in CRITERIA)


def not_eligible(request: Request) -> str:
    """Why a request can make no project, or "" when it can."""
    if request.segment is Segment.SMALL_BUSINESS:
        return "small-business accounts get no implementation services"
    if request.request_type in (None, RequestType.OTHER):
        return "the request names no kind of project"
    if missing_proofs(request):
        return "a trial needs both proofs: why no simpler environment will do, and its revenue in the next fiscal year"
    return ""


def missing_proofs(request: Request) -> list[str]:
    """What a trial's request does not prove yet; nothing is asked of other requests."""
    if request.request_type is not RequestType.TRIAL:
        return []
    proofs = {
        "why no simpler environment will do": request.proof_no_simpler,
        "its revenue in the next fiscal year": request.proof_revenue,
    }
    return [words for words, proof in proofs.items() if not proof.strip()]


def sort_key(request: Request) -> tuple[int, int, date, str]:
    """First is first: work class, then score, then age, then ID."""
    return _work_class(request), -partial_score(request), request.submitted or date.max, request.id


def ranked(requests: Iterable[Request]) -> list[Request]:
    """The requests that still wait for a decision, first one first; a request's rank is its place, from 1."""
    return sorted((r for r in requests if r.status in WAITING), key=sort_key)


def ranks(requests: Iterable[Request]) -> dict[str, int]:
    """The rank of every waiting request, by ID."""
    return {request.id: place for place, request in enumerate(ranked(requests), 1)}


def explanation(request: Request) -> str:
    """Why a request stands where it stands, in the order of what counts; "" once it is decided."""
    if request.status is RequestStatus.DEFERRED:
        until = f" until {_day(request.deferred_until)}" if request.deferred_until else ""
        return f"Deferred{until}: not in the queue meanwhile"
    if request.status not in WAITING:
        return ""
    kind = request.request_type or "no kind of project"
    words = [f"class {_work_class(request)} ({kind})", _score_words(request)]
    words += [f"asked on {_day(request.submitted)}"] if request.submitted else []
    text, reason = ", then ".join(words), not_eligible(request)
    return text[0].upper() + text[1:] + (f". Cannot be selected: {reason}" if reason else "")


def _score_words(request: Request) -> str:
    whole = score(request)
    return f"score {whole} of 25" if whole is not None else f"score {partial_score(request)} ({given(request)} of 5)"


def _work_class(request: Request) -> int:
    return (request.request_type or RequestType.OTHER).work_class


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""
