"""What the files of a new project are filled with: pure, from the facts of the set-up and the template's rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from bot.project import dates
from bot.project.model import Milestone, Overview, Stakeholder, Task
from bot.project.rows import Row
from bot.project.schema import FIRST_ROW, Schema, Tab
from bot.project.starting_rows import template_rows
from bot.project.words import Anchor, MaySee, Phase, ProjectState, RequestType, Segment, Side, WorkStatus
from bot.provisioning.facts import ROLES, Setup
from bot.world.sheets import Book

PREREQUISITES_BY = "M5"  # the milestone by which every customer prerequisite is needed
BUILDING = (Phase.BUILD, Phase.VALIDATE)

Contents = dict[str, Any]


def playbook(setup: Setup, book: Schema) -> Contents:
    """Overview and people; risks since today; and every other tab whose rows differ for this kind of project."""
    risks = [replace(risk, opened=setup.approved) for risk in template_rows(book.tab("risks"), setup.facts["variant"])]
    return {
        **_rows_of_variant(setup, book),
        "overview": _overview(setup),
        "stakeholders": _stakeholders(setup),
        "risks": risks,
    }


def plan(setup: Setup, book: Schema) -> Contents:
    """The plan's summary, milestones, tasks and prerequisites, dated from kickoff."""
    rows = {tab: template_rows(book.tab(tab), setup.facts["variant"]) for tab in ("milestones", "tasks")}
    milestones = dates.plan(
        rows["milestones"], setup.calendar, kickoff=setup.kickoff, approval=setup.approved, size=setup.size
    )
    days = {milestone.id: milestone.baseline for milestone in milestones if milestone.baseline}
    tasks = dates.task_dates(rows["tasks"], days, setup.calendar)
    contents: Contents = {
        **_rows_of_variant(setup, book),
        "summary": {"customer": setup.customer, "kickoff": setup.kickoff},
        "milestones": [_owned_milestone(setup, milestone) for milestone in milestones],
        "tasks": [_owned_task(setup, task) for task in tasks],
    }
    if book.name == "trial_plan":
        contents["summary"] |= _trial(setup, dates.baseline_end(milestones))
    if book.name == "standard_plan":
        prerequisites = template_rows(book.tab("prerequisites"), setup.facts["variant"])
        contents["prerequisites"] = [replace(row, due=days.get(PREREQUISITES_BY)) for row in prerequisites]
    return contents


def filled(before: Book, tab: Tab, what: Any) -> list[Row[Any]]:
    """What a tab holds once *what* was written over what stood there; formulas as the next reading finds them."""
    if what is None:
        return before.rows(tab.name)
    if tab.name in before.forms:
        values = what if isinstance(what, dict) else vars(what)
        given = {name: value for name, value in values.items() if value not in (None, "")}
        return [Row("", 1, replace(before.form(tab.name), **given))]
    first = (before.tables[tab.name].header or FIRST_ROW - 1) + 1
    return [Row(getattr(record, "id", ""), first + at, record) for at, record in enumerate(what)]


def _rows_of_variant(setup: Setup, book: Schema) -> Contents:
    """The tabs whose rows are not those that every copy has from its template."""
    found = {tab.name: template_rows(tab, setup.facts["variant"]) for tab in book.tabs if tab.rows}
    return {name: rows for name, rows in found.items() if rows != template_rows(book.tab(name))}


def _trial(setup: Setup, end: date | None) -> Contents:
    """The three proofs of a trial; what the commercial one says stays in the backlog."""
    request = setup.facts["request"]
    return {
        "trial_end": end,
        "proof_no_simpler": request["proof_no_simpler"],
        "proof_commercial": bool(request["proof_revenue"]),
        "proof_reviewed": bool(request["proof_reviewed"]),
    }


def _overview(setup: Setup) -> Overview:
    request = setup.facts["request"]
    return Overview(
        customer=setup.customer,
        request_id=setup.request_id,
        work_class=RequestType(setup.facts["kind"]),
        phase=Phase.PLANNING,
        state=ProjectState.ACTIVE,
        size_class=setup.size,
        segment=Segment(request["segment"]) if request["segment"] else None,
        opportunity_link=request["opportunity_link"],
        deployment_method=request["deployment_method"],
        hosting_provider=request["hosting_provider"],
        pm=setup.person("pm")["name"],
        ie=setup.person("ie")["name"],
        ta=setup.person("ta")["name"],
        ce=setup.person("ce")["name"],
        ae=setup.person("ae")["name"],
        customer_domains=request["customer_domains"],
        time_zone=setup.zone,
        our_calendar=", ".join(setup.world.settings.countries),
        approved=setup.approved,
        kickoff=setup.kickoff,
        plan_link=setup.done["files"]["plan"]["url"],
        channel="#" + setup.done["channel"]["name"],
        template_version=setup.done["templates"]["playbook"]["version"],
    )


def _stakeholders(setup: Setup) -> list[Stakeholder]:
    return [
        Stakeholder(
            id=f"S{number}",
            name=who["name"],
            organisation=setup.world.settings.company_name,
            side=Side.US,
            role=ROLES[who["role"]],
            email=who["email"],
            time_zone=who["zone"],
            may_see=MaySee.INTERNAL,
            slack_id=who["id"],
        )
        for number, who in enumerate(setup.facts["people"], 1)
    ]


def _owned_milestone(setup: Setup, milestone: Milestone) -> Milestone:
    """The approval is behind us when its plan is made; every other milestone of ours gets an owner."""
    if milestone.anchor is Anchor.APPROVAL:
        milestone = replace(milestone, status=WorkStatus.DONE, actual=setup.approved)
    if milestone.owner or milestone.side is not Side.US:
        return milestone
    return replace(milestone, owner=_owner(setup, milestone.phase))


def _owned_task(setup: Setup, task: Task) -> Task:
    return task if task.owner or task.side is not Side.US else replace(task, owner=_owner(setup, None))


def _owner(setup: Setup, phase: Phase | None) -> str:
    """Building is the engineer's, all else the project manager's, until they share it out themselves."""
    engineer = setup.person("ie")["name"]
    return engineer if engineer and phase in BUILDING else setup.person("pm")["name"]
