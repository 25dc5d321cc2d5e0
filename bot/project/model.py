"""The things a project is made of, as frozen values whose field names are the schemas' column names.

Text fields are "" when blank; every other field is None (booleans False) when its cell is blank or could not be read.
Dates are wall-clock days in the project's zone. E-mail addresses and names are kept as people typed them.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from bot.project.words import (
    Anchor,
    AnswerStatus,
    DayKind,
    DigestPreference,
    IssueKind,
    IssueStatus,
    Level,
    MaySee,
    MeetingKind,
    NoteKind,
    Phase,
    PrerequisiteStatus,
    ProjectState,
    Raci,
    Rag,
    RequestStatus,
    RequestType,
    RiskCategory,
    RiskResponse,
    RiskStatus,
    Segment,
    Severity,
    Side,
    SizeClass,
    SlipCause,
    TrialOutcome,
    VisibleKind,
    Weekday,
    WorkStatus,
)

Day = dt.date
"""A second name, for records whose own field is called ``date``."""


@dataclass(frozen=True, kw_only=True)
class Project:
    """What the store knows of a project: where its things are. The sheets hold all the rest."""

    key: str
    customer: str
    request_id: str
    kind: RequestType
    folder_id: str = ""
    playbook_id: str = ""
    plan_id: str = ""
    channel_id: str = ""
    pm: str = ""
    zone: str = "UTC"
    state: ProjectState = ProjectState.ACTIVE


@dataclass(frozen=True, kw_only=True)
class Request:
    id: str = ""
    submitted: Day | None = None
    customer: str = ""
    request_type: RequestType | None = None
    deployment_method: str = ""
    hosting_provider: str = ""
    opportunity_link: str = ""
    design_links: str = ""
    additional_information: str = ""
    segment: Segment | None = None
    ce: str = ""
    ae: str = ""
    customer_domains: str = ""
    contract_close: Day | None = None
    go_live_wish: Day | None = None
    proof_no_simpler: str = ""
    proof_revenue: str = ""
    proof_reviewed: str = ""
    migration_source: str = ""
    migration_target: str = ""
    cloud_instance: str = ""
    revenue_impact: int | None = None
    size_complexity: int | None = None
    account_market: int | None = None
    intangibles: int | None = None
    capacity_fit: int | None = None
    score: int | None = None
    rank: int | None = None
    rank_reason: str = ""
    status: RequestStatus | None = None
    question: str = ""
    answer: str = ""
    decision_reason: str = ""
    deferred_until: Day | None = None
    size_class: SizeClass | None = None
    decided_by: str = ""
    decided_on: Day | None = None
    project_link: str = ""


@dataclass(frozen=True, kw_only=True)
class PortfolioLine:
    id: str = ""
    customer: str = ""
    phase: Phase | None = None
    state: ProjectState | None = None
    pm: str = ""
    ie: str = ""
    ta: str = ""
    kickoff: Day | None = None
    baseline_end: Day | None = None
    forecast_end: Day | None = None
    actual_end: Day | None = None
    day: int | None = None
    declared_rag: Rag | None = None
    computed_rag: Rag | None = None
    top_risk: str = ""
    ask: str = ""
    links: str = ""


@dataclass(frozen=True, kw_only=True)
class Lesson:
    id: str = ""
    date: Day | None = None
    project: str = ""
    deployment_method: str = ""
    hosting_provider: str = ""
    code_hosts: str = ""
    cause: str = ""
    effect: str = ""
    recommendation: str = ""
    tags: str = ""


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The form on the playbook's first tab."""

    customer: str = ""
    request_id: str = ""
    work_class: RequestType | None = None
    phase: Phase | None = None
    state: ProjectState | None = None
    size_class: SizeClass | None = None
    segment: Segment | None = None
    opportunity_link: str = ""
    deployment_method: str = ""
    hosting_provider: str = ""
    pm: str = ""
    ie: str = ""
    ce: str = ""
    ae: str = ""
    ta: str = ""
    sponsor: str = ""
    customer_domains: str = ""
    time_zone: str = ""
    our_calendar: str = ""
    customer_calendar: str = ""
    approved: Day | None = None
    kickoff: Day | None = None
    baseline_end: Day | None = None
    forecast_end: Day | None = None
    plan_link: str = ""
    channel: str = ""
    template_version: str = ""
    declared_rag: Rag | None = None
    declared_rag_reason: str = ""
    computed_rag: Rag | None = None
    computed_rag_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The form on the playbook's Settings tab; ``digest_time`` is "HH:MM" in the project's zone.

    The fields of checks hold what a person wrote beside each (`bot.project.checks.tuning`); blank leaves the default.
    """

    reminder_lead_days: int | None = None
    digest_day: Weekday | None = None
    digest_time: str = ""
    escalation_contact: str = ""
    mute_until: Day | None = None
    dry_run: bool = False
    report_audience: MaySee | None = None
    check_gate_overdue: str = ""
    check_risk_unmitigated: str = ""
    check_milestone_overdue: str = ""
    check_task_overdue: str = ""
    check_risk_stale: str = ""
    check_due_today: str = ""
    check_due_soon: str = ""
    check_prerequisite_late: str = ""
    check_no_date: str = ""
    check_issue_old: str = ""
    check_blocked_long: str = ""
    check_gate_predecessor: str = ""
    check_forecast_late: str = ""
    check_completion_early: str = ""
    check_outsider: str = ""
    check_file_unreadable: str = ""
    check_file_read_only: str = ""
    check_file_moved: str = ""
    check_tab_missing: str = ""
    check_header_drift: str = ""
    check_date_unreadable: str = ""
    check_status_unknown: str = ""
    check_cell_unreadable: str = ""
    check_id_twice: str = ""
    check_id_missing: str = ""
    check_owner_missing: str = ""
    check_owner_unknown: str = ""
    check_owner_away: str = ""
    check_plan_untouched: str = ""
    check_discovery_blank: str = ""
    check_exit_evidence: str = ""
    check_handoff_blank: str = ""
    check_report_overdue: str = ""
    check_setting_unreadable: str = ""


@dataclass(frozen=True, kw_only=True)
class DiscoveryAnswer:
    id: str = ""
    section: str = ""
    question: str = ""
    answer: str = ""
    answered_by: str = ""
    date: Day | None = None
    source: str = ""
    confidence: Level | None = None
    needed_for: str = ""
    status: AnswerStatus | None = None


@dataclass(frozen=True, kw_only=True)
class DesignArtifact:
    id: str = ""
    artifact: str = ""
    link: str = ""
    version: str = ""
    reviewer: str = ""
    reviewed_on: Day | None = None
    deviation: str = ""
    accepted_by: str = ""


@dataclass(frozen=True, kw_only=True)
class InternalPrerequisite:
    id: str = ""
    item: str = ""
    owner: str = ""
    due: Day | None = None
    status: PrerequisiteStatus | None = None
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class EnvironmentFact:
    id: str = ""
    fact: str = ""
    dev: str = ""
    staging: str = ""
    prod: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Issue:
    id: str = ""
    kind: IssueKind | None = None
    title: str = ""
    opened: Day | None = None
    severity: Severity | None = None
    blocks_milestone: str = ""
    owner: str = ""
    next_action: str = ""
    due: Day | None = None
    status: IssueStatus | None = None
    customer_visible: bool = False
    link: str = ""
    resolution: str = ""
    closed: Day | None = None
    days_open: int | None = None


@dataclass(frozen=True, kw_only=True)
class Risk:
    id: str = ""
    risk: str = ""
    category: RiskCategory | None = None
    opened: Day | None = None
    probability: int | None = None
    impact: int | None = None
    score: int | None = None
    response: RiskResponse | None = None
    mitigation: str = ""
    owner: str = ""
    mitigation_due: Day | None = None
    trigger: str = ""
    next_review: Day | None = None
    status: RiskStatus | None = None
    residual_probability: int | None = None
    residual_impact: int | None = None
    linked_issue: str = ""
    customer_visible: bool = False
    last_reviewed: Day | None = None


@dataclass(frozen=True, kw_only=True)
class Decision:
    id: str = ""
    date: Day | None = None
    decision: str = ""
    options: str = ""
    decided_by: str = ""
    impact_days: int | None = None
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Stakeholder:
    id: str = ""
    name: str = ""
    organisation: str = ""
    side: Side | None = None
    role: str = ""
    raci: Raci | None = None
    email: str = ""
    time_zone: str = ""
    work_week: str = ""
    away_from: Day | None = None
    away_to: Day | None = None
    backup: str = ""
    digest: DigestPreference | None = None
    may_see: MaySee | None = None
    slack_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Note:
    id: str = ""
    date: Day | None = None
    kind: NoteKind | None = None
    text: str = ""
    tags: str = ""


@dataclass(frozen=True, kw_only=True)
class ExitCriterion:
    id: str = ""
    criterion: str = ""
    owner: str = ""
    evidence_link: str = ""
    verified_by: str = ""
    verified_on: Day | None = None
    customer_acknowledgement: str = ""
    waiver_by: str = ""
    waiver_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class HandoffField:
    id: str = ""
    field: str = ""
    value: str = ""
    source: str = ""
    confirmed: bool = False


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """A line of the Bot log; ``time`` is ISO 8601 text with its zone."""

    time: str = ""
    actor: str = ""
    object: str = ""
    old: str = ""
    new: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The form on the plan's first tab; mostly formulas."""

    customer: str = ""
    kickoff: Day | None = None
    progress: float | None = None
    task_progress: float | None = None
    overdue_milestones: int | None = None
    overdue_tasks: int | None = None
    next_milestone_date: Day | None = None
    next_milestone: str = ""
    baseline_end: Day | None = None
    open_prerequisites: int | None = None


@dataclass(frozen=True, kw_only=True)
class TrialSummary:
    """The form on the trial plan's first tab."""

    customer: str = ""
    kickoff: Day | None = None
    trial_end: Day | None = None
    proof_no_simpler: str = ""
    proof_commercial: bool = False
    proof_reviewed: bool = False
    success_criteria: str = ""
    outcome: TrialOutcome | None = None
    progress: float | None = None
    overdue_milestones: int | None = None
    overdue_tasks: int | None = None
    next_milestone_date: Day | None = None
    next_milestone: str = ""


@dataclass(frozen=True, kw_only=True)
class Milestone:
    id: str = ""
    milestone: str = ""
    phase: Phase | None = None
    gate: bool = False
    owner: str = ""
    side: Side | None = None
    predecessor: str = ""
    anchor: Anchor | None = None
    offset: int | None = None
    baseline: Day | None = None
    forecast: Day | None = None
    actual: Day | None = None
    status: WorkStatus | None = None
    slip_reason: SlipCause | None = None
    evidence: str = ""
    comment: str = ""
    variance: int | None = None
    last_nudge: Day | None = None
    check: str = ""

    @property
    def due(self) -> Day | None:
        """The forecast, else the baseline (rule: dates)."""
        return self.forecast or self.baseline


@dataclass(frozen=True, kw_only=True)
class Task:
    id: str = ""
    milestone_id: str = ""
    task: str = ""
    owner: str = ""
    side: Side | None = None
    start: Day | None = None
    due: Day | None = None
    duration: int | None = None
    predecessor: str = ""
    status: WorkStatus | None = None
    blocked_reason: str = ""
    waiting_on: str = ""
    waiting_since: Day | None = None
    link: str = ""
    customer_visible: bool = False
    check: str = ""


@dataclass(frozen=True, kw_only=True)
class Prerequisite:
    id: str = ""
    item: str = ""
    side: Side | None = None
    owner: str = ""
    due: Day | None = None
    status: PrerequisiteStatus | None = None
    reason: str = ""
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class VisibleItem:
    """An issue or a risk as the customer's plan shows it."""

    id: str = ""
    kind: VisibleKind | None = None
    title: str = ""
    level: str = ""
    owner: str = ""
    next_step: str = ""
    due: Day | None = None
    status: str = ""


@dataclass(frozen=True, kw_only=True)
class VisibleStakeholder:
    id: str = ""
    name: str = ""
    role: str = ""
    side: Side | None = None
    contact: str = ""


@dataclass(frozen=True, kw_only=True)
class VisibleCriterion:
    id: str = ""
    criterion: str = ""
    owner: str = ""
    verified_by: str = ""
    verified_on: Day | None = None
    customer_acknowledgement: str = ""


@dataclass(frozen=True, kw_only=True)
class Meeting:
    id: str = ""
    date: Day | None = None
    kind: MeetingKind | None = None
    topic: str = ""
    notes: str = ""
    owner: str = ""
    side: Side | None = None
    due: Day | None = None
    status: WorkStatus | None = None


@dataclass(frozen=True, kw_only=True)
class CalendarDay:
    """A holiday or a change freeze, both ends included; without ``ends`` it is one day."""

    kind: DayKind | None = None
    starts: Day | None = None
    ends: Day | None = None
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    date: Day | None = None
    subject: str = ""
    old: str = ""
    new: str = ""
    reason: str = ""
    changed_by: str = ""


RECORDS: dict[str, type[Any]] = {
    record.__name__: record
    for record in (
        Request, PortfolioLine, Lesson, Overview, Settings, DiscoveryAnswer, DesignArtifact, InternalPrerequisite,
        EnvironmentFact, Issue, Risk, Decision, Stakeholder, Note, ExitCriterion, HandoffField, LogLine, Summary,
        TrialSummary, Milestone, Task, Prerequisite, VisibleItem, VisibleStakeholder, VisibleCriterion,
        Meeting, CalendarDay, ChangeLine,
    )
}  # fmt: skip
"""Every record class by the name that the schemas use."""
