"""The triage card: what leads see of a request, and what they can press."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.project.model import Lesson, PortfolioLine, Request
from bot.project.priority import CRITERIA, OPEN, SCALES, WAITING, given, missing_proofs, partial_score
from bot.project.words import RequestStatus, RequestType
from bot.world.blocks import (
    Block,
    Markup,
    Message,
    actions,
    button,
    context,
    fields,
    header,
    lines,
    link,
    md,
    menu,
    one_line,
    section,
)

SELECT, DECLINE, DEFER, ASK = "triage_select", "triage_decline", "triage_defer", "triage_ask"
PUT_BACK, SCORE = "triage_put_back", "triage_score"
MOST_LESSONS = 3


@dataclass(frozen=True)
class Around:
    """What a card shows beside the request's own row."""

    row_url: str
    rank: int | None = None
    waiting: int = 0
    names: Mapping[str, str] = field(default_factory=dict)  # people's names by e-mail
    load: Sequence[str] = ()
    lessons: Sequence[Lesson] = ()
    approved_by: Sequence[str] = ()  # names with their groups; trials only
    awaited: str = ""
    is_typed: bool = False  # somebody typed the decision into the sheet: a lead confirms it or puts it back


def message(request: Request, around: Around) -> Message:
    """The card of a request; menus and buttons only while there is something to decide."""
    is_open = request.status in OPEN or request.status is None
    blocks: list[Block] = [
        header(f"{request.id} · {request.customer}"),
        fields(_facts(request, around.names)),
        *_told(request),
        *_proofs(request),
        *_conversation(request),
        *(_judgement(request, around) if is_open or around.is_typed else ()),
        context(md("{standing} · {row}", standing=_standing(request), row=link(around.row_url, "Row in the backlog"))),
        *_approvals(around),
        *_buttons(request, around, is_open),
    ]
    return Message(f"{request.id}: {request.customer} asks for {request.request_type or 'help'}", tuple(blocks))


def missing_approval(request: Request, approvals: Mapping[str, Collection[str]]) -> str:
    """Which approval a trial still lacks, in words; empty when it may go on (rule: priority and score).

    `approvals` has the groups of everyone who pressed Select. One person stands for one group only.
    """
    if request.request_type is not RequestType.TRIAL:
        return ""
    voices = {name: {who for who, groups in approvals.items() if name in groups} for name in ("CE", "Sales")}
    for name, people in voices.items():
        if not people:
            return f"A trial also needs a {name} lead's Select."
    if len(voices["CE"] | voices["Sales"]) < 2:
        return "A trial also needs a second lead's Select: one CE lead and one Sales lead, not one for both."
    return ""


def load_lines(portfolio: Iterable[PortfolioLine], names: Mapping[str, str]) -> list[str]:
    """How many running projects each project manager and engineer has, the busiest first."""
    lines_, projects = [], list(portfolio)
    for title, role in (("PM", "pm"), ("IE", "ie")):
        people = [getattr(line, role) for line in projects if getattr(line, role)]
        counts = sorted({email: people.count(email) for email in people}.items(), key=lambda pair: (-pair[1], pair[0]))
        told = ", ".join(f"{names.get(email, email)} {count}" for email, count in counts)
        lines_.append(f"{title}: {told or 'nobody has a running project'}")
    return lines_


def similar(request: Request, lessons: Iterable[Lesson]) -> list[Lesson]:
    """Up to three lessons of projects with the same deployment method or hosting; both first, then the newest."""
    wanted = {"deployment_method": request.deployment_method, "hosting_provider": request.hosting_provider}
    scored = [(sum(_same(getattr(lesson, name), word) for name, word in wanted.items()), lesson) for lesson in lessons]
    fitting = [(score, lesson) for score, lesson in scored if score and lesson.recommendation]
    fitting.sort(key=lambda pair: (pair[0], str(pair[1].date or "")), reverse=True)
    return [lesson for _, lesson in fitting[:MOST_LESSONS]]


def _same(one: str, other: str) -> bool:
    return bool(one.strip()) and one.strip().casefold() == other.strip().casefold() != "not decided"


def _facts(request: Request, names: Mapping[str, str]) -> list[tuple[str, object]]:
    days = [("Contract close", request.contract_close), ("Wished go-live", request.go_live_wish)]
    ends = [("From", request.migration_source), ("To", request.migration_target)]
    told: list[tuple[str, object]] = [
        ("Needs", request.request_type or "–"),
        ("Segment", request.segment or "–"),
        ("Deployment", request.deployment_method or "–"),
        ("Hosting", request.hosting_provider or "–"),
        ("Customer engineer", names.get(request.ce, request.ce) or "–"),
        ("Account executive", names.get(request.ae, request.ae) or "–"),
        *((title, f"{day:%-d %B %Y}") for title, day in days if day),
        *((title, one_line(text, 300)) for title, text in ends if text),
    ]
    return told


def _told(request: Request) -> list[Block]:
    """Links and words of the request."""
    designs = [one for one in request.design_links.split() if one]
    links = [md("*Opportunity*  {link}", link=link(request.opportunity_link, request.opportunity_link or "–"))]
    links += [md("*Design*  {link}", link=link(one, one)) for one in designs[:10]]
    blocks = [section(lines(links))]
    if request.additional_information:
        blocks.append(section(md("{text}", text=request.additional_information[:1500])))
    if request.cloud_instance:
        blocks.append(context(md("Cloud instance: {state}", state=request.cloud_instance)))
    return blocks


def _proofs(request: Request) -> list[Block]:
    if request.request_type is not RequestType.TRIAL:
        return []
    given_ = [("No simpler environment", request.proof_no_simpler), ("Revenue next fiscal year", request.proof_revenue)]
    told = [md("*{title}*  {proof}", title=title, proof=one_line(proof, 700)) for title, proof in given_ if proof]
    missing = missing_proofs(request)
    if missing:
        told.append(md(":warning: *Missing proof:* {missing}", missing="; ".join(missing)))
    return [section(lines(told))]


def _conversation(request: Request) -> list[Block]:
    if not request.question:
        return []
    answer = one_line(request.answer, 1200) or "no answer yet"
    return [section(md("*Asked:* {q}\n*Answer:* {a}", q=one_line(request.question, 1200), a=answer))]


def _judgement(request: Request, around: Around) -> list[Block]:
    """Criteria, score, rank, load, and what similar projects taught."""
    told = md("*Score {score} of 25* ({given} of 5 given)", score=partial_score(request), given=given(request))
    if request.status in WAITING and around.rank:
        told = md("{told}  ·  *number {rank} of {of}* in the queue", told=told, rank=around.rank, of=around.waiting)
    blocks: list[Block] = [*(_criterion(request, name) for name in CRITERIA), section(told)]
    if request.rank_reason:
        blocks.append(context(md("{why}", why=request.rank_reason)))
    if around.load:
        blocks.append(context(md("*Running projects*  {load}", load=" · ".join(around.load))))
    if around.lessons:
        listed = lines(_lesson(lesson) for lesson in around.lessons)
        blocks.append(section(md("*Similar projects taught us*\n{listed}", listed=listed)))
    return blocks


def _criterion(request: Request, name: str) -> Block:
    title, scale = SCALES[name]
    options = [(f"{points} · {words}", f"{request.id}|{name}|{points}") for points, words in enumerate(scale, 1)]
    chosen = f"{request.id}|{name}|{getattr(request, name)}"
    beside = menu(SCORE, options, initial=chosen, placeholder="1 to 5")
    return section(md("{title}", title=title), block_id=name, accessory=beside)


def _lesson(lesson: Lesson) -> Markup:
    where = " on ".join(part for part in (lesson.deployment_method, lesson.hosting_provider) if part)
    return md("• {project} ({where}): {recommendation}", project=lesson.project or lesson.id, where=where,
              recommendation=one_line(lesson.recommendation, 300))  # fmt: skip


def _standing(request: Request) -> str:
    status = request.status or RequestStatus.NEW
    until = f" until {request.deferred_until:%-d %B %Y}" if request.deferred_until else ""
    if status is RequestStatus.DEFERRED:
        return f"{status}{until}: {one_line(request.decision_reason, 300) or 'no reason given'}"
    if status in OPEN:
        return str(status)
    who = f"{status} by {request.decided_by or 'somebody'} on {request.decided_on or 'an unknown day'}"
    return f"{who}: {one_line(request.decision_reason, 300)}" if request.decision_reason else who


def _approvals(around: Around) -> list[Block]:
    told = [md("Select pressed by {names}.", names=", ".join(around.approved_by))] if around.approved_by else []
    told += [md("{awaited}", awaited=around.awaited)] if around.awaited else []
    return [section(lines(told))] if told else []


def _buttons(request: Request, around: Around, is_open: bool) -> list[Block]:
    if around.is_typed:
        words = md(
            "Somebody typed *{status}* into the sheet. Nothing happens before a lead confirms it here.",
            status=request.status or "",
        )
        return [section(words), confirm_buttons(request)]
    if not is_open:
        return []
    return [
        actions(
            button("Select", SELECT, request.id, "primary"),
            button("Decline", DECLINE, request.id, "danger"),
            button("Defer", DEFER, request.id),
            button("Ask for information", ASK, request.id),
        )
    ]


def confirm_buttons(request: Request) -> Block:
    """To confirm what was typed into the sheet, or to put the row back."""
    act = SELECT if request.status is RequestStatus.SELECTED else DECLINE
    return actions(
        button(f"Confirm: {request.status}", act, request.id, "primary"), button("Put back", PUT_BACK, request.id)
    )
