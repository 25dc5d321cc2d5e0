"""The computed RAG: schedule, tasks, gates and risks, and the worst of them with its reasons (rule: RAG)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.project import dates, overdue, risk
from bot.project.calendar import WorkCalendar
from bot.project.model import Milestone, Risk, Task
from bot.project.words import Rag, WorkStatus

RED_SLIP = 3
RED_SHARE_OF_DURATION = 0.10
AMBER_TASKS, RED_TASKS = 0.20, 0.60
GATE_DAYS = 5

_ORDER = list(Rag)


@dataclass(frozen=True)
class Facts:
    """What the colour is made of; all days are working days. *duration* and *slip* are None while a date is missing."""

    duration: int | None = None
    slip: int | None = None
    overdue_tasks: int = 0
    due_tasks: int = 0
    gate_overdue: int = 0
    unmitigated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Computed:
    """The colour with the sentence parts that explain it (empty when green)."""

    rag: Rag
    reasons: tuple[str, ...]


def schedule(duration: int | None, slip: int | None) -> Rag:
    """Green without slip; red from 3 working days that are also 10 % of the baseline duration; else amber."""
    if slip is None or slip <= 0:
        return Rag.GREEN
    is_red = slip >= RED_SLIP and slip >= RED_SHARE_OF_DURATION * (duration or 0)
    return Rag.RED if is_red else Rag.AMBER


def tasks(overdue_tasks: int, due_tasks: int) -> Rag:
    """By the share of overdue tasks among those due to date: amber from 20 %, red from 60 %."""
    share = overdue_tasks / due_tasks if due_tasks else 0.0
    return Rag.RED if share >= RED_TASKS else Rag.AMBER if share >= AMBER_TASKS else Rag.GREEN


def worst(colours: Sequence[Rag]) -> Rag:
    """The worst of some colours; green for none."""
    return max(colours, key=_ORDER.index, default=Rag.GREEN)


def compute(facts: Facts) -> Computed:
    """The worst of schedule, tasks, gates and risks; the reasons of every part that is not green, worst first."""
    parts = [
        (schedule(facts.duration, facts.slip), f"end slips by {_days(facts.slip or 0)}"),
        (
            tasks(facts.overdue_tasks, facts.due_tasks),
            f"{facts.overdue_tasks} of {facts.due_tasks} tasks due are overdue",
        ),
        (Rag.RED if facts.gate_overdue > GATE_DAYS else Rag.GREEN, f"a gate is overdue by {_days(facts.gate_overdue)}"),
        (
            Rag.RED if facts.unmitigated else Rag.GREEN,
            f"high risk without live mitigation: {', '.join(facts.unmitigated)}",
        ),
    ]
    telling = sorted((p for p in parts if p[0] is not Rag.GREEN), key=lambda p: -_ORDER.index(p[0]))
    return Computed(worst([colour for colour, _ in parts]), tuple(text for _, text in telling))


def _days(count: int) -> str:
    return f"{count} working day{'' if count == 1 else 's'}"


def gather(
    milestones: Sequence[Milestone],
    all_tasks: Sequence[Task],
    risks: Sequence[Risk],
    *,
    kickoff: date | None,
    today: date,
    calendar: WorkCalendar,
) -> Facts:
    """The facts of a project on *today* (its own day)."""
    planned, expected = dates.baseline_end(milestones), dates.forecast_end(milestones)
    due = [t for t in all_tasks if t.due and t.due <= today and t.status not in (WorkStatus.NOT_APPLICABLE, None)]
    gates = [overdue.overdue_days(m, today, calendar) or 0 for m in milestones if m.gate]
    return Facts(
        duration=calendar.between(kickoff, planned) if kickoff and planned else None,
        slip=overdue.slip(planned, expected, calendar),
        overdue_tasks=sum(overdue.is_overdue(t, today) for t in due),
        due_tasks=len(due),
        gate_overdue=max(gates, default=0),
        unmitigated=tuple(r.id or r.risk[:40] for r in risks if risk.lacking_mitigation(r, today)),
    )
