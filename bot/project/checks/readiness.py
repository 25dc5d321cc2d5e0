"""Readiness: discovery before kickoff, evidence and hand-off before completion, and completion claimed too early."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.project import dates
from bot.project.dependencies import predecessors
from bot.project.finding import Finding, Kind, Watched, about_row, day
from bot.project.model import DiscoveryAnswer, ExitCriterion, Milestone
from bot.project.rows import Row, address
from bot.project.schema import load
from bot.project.words import AnswerStatus, Phase, WorkStatus


def found(watched: Watched) -> Iterator[Finding]:
    """Everything this family finds."""
    yield from _discovery(watched)
    end = dates.forecast_end(row.record for row in watched.milestones)
    gate = end_gate(watched)
    if end is not None and not (gate and gate.record.status is WorkStatus.DONE):
        yield from _evidence(watched, end)
        yield from _handoff(watched, end)
    if gate is not None:
        yield from _completion(watched, gate)


def is_met(criterion: ExitCriterion) -> bool:
    """With evidence, or waived by somebody with a reason."""
    return bool(criterion.evidence_link.strip() or (criterion.waiver_by.strip() and criterion.waiver_reason.strip()))


def end_gate(watched: Watched) -> Row[Milestone] | None:
    """The gate that completion hangs on: the last one of the hand-off."""
    gates = [row for row in watched.milestones if row.record.gate and row.record.phase is Phase.HANDOFF]
    return gates[-1] if gates else None


# ---------------------------------------------------------------------- before kickoff


def _discovery(watched: Watched) -> Iterator[Finding]:
    kickoff, limit = watched.overview.kickoff, watched.days("DISCOVERY-BLANK")
    if kickoff is None or not watched.is_active or watched.calendar.between(watched.today, kickoff) > limit:
        return
    milestones = {row.id: row.record for row in watched.milestones}
    last = watched.calendar.add(kickoff, 1)  # the sign-off may come the day after
    for row in watched.discovery:
        needed = [milestones[key] for key in predecessors(row.record.needed_for) if key in milestones]
        if _is_blank(row.record) and any(_is_before(one, last) for one in needed):
            reason = (
                f"{row.id} is needed for {row.record.needed_for}, kickoff is on {day(kickoff)}, and it has no answer."
            )
            since = watched.calendar.add(kickoff, -limit) if limit else kickoff
            yield about_row(
                watched, "DISCOVERY-BLANK", Kind.DISCOVERY, "discovery", row, row.record.question, "answer", reason,
                since=since, owner=watched.pm,
            )  # fmt: skip


def _is_blank(answer: DiscoveryAnswer) -> bool:
    return not answer.answer.strip() and answer.status is not AnswerStatus.NOT_NEEDED


def _is_before(milestone: Milestone, last: date) -> bool:
    if milestone.due is not None:
        return milestone.due <= last
    return milestone.phase is not None and Phase.KICKOFF.reached(milestone.phase)


# ---------------------------------------------------------------------- before completion


def _starts(watched: Watched, end: date, check: str) -> date | None:
    """The day from which a check before completion counts; None before it."""
    limit = watched.days(check)
    start = watched.calendar.add(end, -limit) if limit else end
    return start if start <= watched.today else None


def _evidence(watched: Watched, end: date) -> Iterator[Finding]:
    since = _starts(watched, end, "EXIT-EVIDENCE")
    for row in watched.criteria if since else ():
        if not is_met(row.record):
            reason = f"Completion is expected on {day(end)}, and {row.id} has neither evidence nor a waiver."
            yield about_row(
                watched, "EXIT-EVIDENCE", Kind.EVIDENCE, "exit_criteria", row, row.record.criterion, "evidence_link",
                reason, since=since, due=None, owner=row.record.owner or watched.pm,
            )  # fmt: skip


def _handoff(watched: Watched, end: date) -> Iterator[Finding]:
    since = _starts(watched, end, "HANDOFF-BLANK")
    for row in watched.handoff if since else ():
        if not row.record.value.strip():
            reason = f"Completion is expected on {day(end)}, and {row.id} of the hand-off is blank."
            yield about_row(
                watched, "HANDOFF-BLANK", Kind.HANDOFF, "handoff", row, row.record.field, "value", reason,
                since=since, owner=watched.pm,
            )  # fmt: skip


# ---------------------------------------------------------------------- completion


def _completion(watched: Watched, gate: Row[Milestone]) -> Iterator[Finding]:
    unmet = [row.id for row in watched.criteria if not is_met(row.record)]
    if gate.record.status is WorkStatus.DONE and unmet:
        shown = ", ".join(unmet[:5]) + (f" and {len(unmet) - 5} more" if len(unmet) > 5 else "")
        reason = f"{gate.id} is Done, and these exit criteria have neither evidence nor a waiver: {shown}."
        yield about_row(
            watched, "COMPLETION-EARLY", Kind.COMPLETION, "milestones", gate, gate.record.milestone, "status", reason,
            since=gate.record.actual,
        )  # fmt: skip
    if watched.overview.phase is Phase.CLOSED and gate.record.status is not WorkStatus.DONE:
        yield _closed_early(watched, gate)


def _closed_early(watched: Watched, gate: Row[Milestone]) -> Finding:
    tab = load("playbook").tab("overview")
    number = tab.index("phase") + 2
    return Finding(
        project=watched.project, kind=Kind.COMPLETION, subject="phase", title="Phase", schema="playbook",
        tab="overview", number=number, address=address(tab, number, 2), owner=watched.pm, column="phase",
        check="COMPLETION-EARLY",
        reason=f"The phase is Closed, and the gate {gate.id} is {gate.record.status or 'without a status'}.",
    )  # fmt: skip
