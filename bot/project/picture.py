"""A project at one moment, as its two sheets said it: what findings, digests and reports are thought from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

from bot.project import findings, people, rag
from bot.project.calendar import WorkCalendar, project_calendar, split_codes
from bot.project.checks.tuning import Tuning, tuning
from bot.project.finding import Finding, Known, Watched
from bot.project.ladder import LEAD
from bot.project.model import ExitCriterion, Issue, Milestone, Overview, Risk, Settings, Stakeholder, Task
from bot.project.rows import Row
from bot.project.schema import letter, load
from bot.project.words import Rag, WorkStatus

EDIT = "https://docs.google.com/spreadsheets/d"
VALUES = 2  # the place of a form's values
Rows = Mapping[str, Sequence[Row[Any]]]


@dataclass(frozen=True)
class Picture:
    """`today` is the date in the project's zone at the moment of the picture.

    *check_defaults* is what the deployment says of its checks (setting `checks`).
    """

    key: str
    customer: str
    zone: str
    pm: str
    channel_id: str
    playbook_id: str
    plan_id: str
    playbook_schema: str
    plan_schema: str
    today: date
    playbook: Rows = field(repr=False)
    plan: Rows = field(repr=False)
    check_defaults: str = ""

    @property
    def overview(self) -> Overview:
        """The playbook's first tab."""
        rows = self.playbook.get("overview", ())
        return rows[0].record if rows else Overview()

    @property
    def settings(self) -> Settings:
        """The playbook's Settings tab."""
        rows = self.playbook.get("settings", ())
        return rows[0].record if rows else Settings()

    @property
    def milestones(self) -> list[Row[Milestone]]:
        """Milestones that apply, in the sheet's order."""
        return [row for row in self.plan.get("milestones", ()) if row.record.status is not WorkStatus.NOT_APPLICABLE]

    @property
    def tasks(self) -> list[Row[Task]]:
        """Tasks that apply, in the sheet's order."""
        return [row for row in self.plan.get("tasks", ()) if row.record.status is not WorkStatus.NOT_APPLICABLE]

    @property
    def risks(self) -> list[Row[Risk]]:
        """The internal risk log."""
        return list(self.playbook.get("risks", ()))

    @property
    def issues(self) -> list[Row[Issue]]:
        """The internal issue log."""
        return list(self.playbook.get("issues", ()))

    @property
    def criteria(self) -> list[Row[ExitCriterion]]:
        """The exit criteria."""
        return list(self.playbook.get("exit_criteria", ()))

    @property
    def stakeholders(self) -> list[Stakeholder]:
        """Everyone named in the playbook."""
        return [row.record for row in self.playbook.get("stakeholders", ())]

    @cached_property
    def calendar(self) -> WorkCalendar:
        """Both sides' holidays, and the plan's Calendar tab."""
        countries = split_codes(f"{self.overview.our_calendar},{self.overview.customer_calendar}")
        return project_calendar(countries, [row.record for row in self.plan.get("calendar", ())])

    @cached_property
    def rating(self) -> rag.Computed:
        """The computed colour on this day, with its reasons."""
        return self._rated([row.record for row in self.risks])

    @cached_property
    def visible_rating(self) -> rag.Computed:
        """The same without the risks that are not marked customer-visible: for words that a customer may read."""
        return self._rated([row.record for row in self.risks if row.record.customer_visible])

    @property
    def schedule_rag(self) -> Rag:
        """The colour of the schedule alone."""
        facts = self._rag_facts([])
        return rag.schedule(facts.duration, facts.slip)

    def _rated(self, risks: Sequence[Risk]) -> rag.Computed:
        return rag.compute(self._rag_facts(risks))

    def _rag_facts(self, risks: Sequence[Risk]) -> rag.Facts:
        return rag.gather(
            [row.record for row in self.milestones],
            [row.record for row in self.tasks],
            risks,
            kickoff=self.overview.kickoff,
            today=self.today,
            calendar=self.calendar,
        )

    def findings(self) -> list[Finding]:
        """Everything in the two sheets that deserves a word on this day, ranked."""
        return list(self._findings)

    @cached_property
    def _findings(self) -> list[Finding]:
        return findings.find(self._watched(Known()))

    def checks(self, known: Known, is_active: bool = True) -> list[Finding]:
        """Every finding of every check, the low ones too, ranked; *known* is what is no row (`bot.world.evidence`)."""
        return findings.every(self._watched(known, is_active))

    @cached_property
    def tuning(self) -> Tuning:
        """How loud each check is in this project."""
        return tuning(self.check_defaults, self.settings)

    def _watched(self, known: Known, is_active: bool = True) -> Watched:
        lead = self.settings.reminder_lead_days
        return Watched(
            project=self.key,
            today=self.today,
            calendar=self.calendar,
            plan=self.plan_schema,
            milestones=self.milestones,
            tasks=self.tasks,
            prerequisites=self.plan.get("prerequisites", ()),
            risks=self.risks,
            issues=self.issues,
            internal_prerequisites=self.playbook.get("internal_prerequisites", ()),
            discovery=self.playbook.get("discovery", ()),
            criteria=self.criteria,
            handoff=self.playbook.get("handoff", ()),
            stakeholders=self.stakeholders,
            overview=self.overview,
            pm=self.pm,
            is_active=is_active,
            lead_days=LEAD if lead is None else lead,
            tuning=self.tuning,
            known=known,
        )

    def url(self, file: Literal["playbook", "plan"], tab: str, number: int, column: str = "") -> str:
        """The address of a cell (by the column's place in a new sheet), or of the row's first cell.

        Without a row it is the tab's. A field of a form stands in its column of values.
        """
        schema = load(self.plan_schema if file == "plan" else self.playbook_schema)
        book, file_id = schema.tab(tab), self.plan_id if file == "plan" else self.playbook_id
        at = VALUES if book.layout == "form" else book.index(column) if column else 0
        place = f"&range={letter(at if column else 0)}{number}" if number else ""
        return f"{EDIT}/{file_id}/edit#gid={book.sheet_id}{place}"

    def url_of(self, finding: Finding) -> str:
        """The address of the very cell of a finding; its tab's, or its file's, where it has none."""
        if finding.url:
            return finding.url
        file: Literal["playbook", "plan"] = "playbook" if finding.schema in ("", self.playbook_schema) else "plan"
        if finding.tab:
            return self.url(file, finding.tab, finding.number, finding.column)
        return f"{EDIT}/{self.plan_id if file == 'plan' else self.playbook_id}/edit"

    def email_of(self, owner: str) -> str:
        """The e-mail address an owner cell means: itself, or that of the one stakeholder so named; else ""."""
        return people.email_of(owner, self.stakeholders)
